"""Staging corrections: one field of one case each, whose old and new values are typed as the contract of cases says.

Belongs here: which field, and its two values. Does not belong here: what a correction does (sql/model/case_versions.sql).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from warehouse.catalogue.contract import Contract
from warehouse.intake.case_number import PARTS, take_apart
from warehouse.intake.quarantine import SetAside
from warehouse.intake.readers.rows import Read
from warehouse.intake.refused import shown
from warehouse.intake.stage import Stager, numbering_of, texts_of

CORRECTABLE = (
    "procedure", "bench_code", "judge_code", "registered_on", "closed_on", "reopened_on", "closing_manner",
    "is_private_prosecution", "transferred_in", "is_void", "amount_applied", "amount_realised", "type_code",
)  # fmt: skip
"""The fields that sql/model/case_versions.sql corrects; the key's own column besides, which is a change of number."""


@dataclass(frozen=True)
class CorrectionsStager(Stager):
    """Types the rows of a source of corrections. `cases` is the contract of what is corrected."""

    cases: Contract

    def _typed(
        self, frame: pl.DataFrame, delivery_no: int, placeholders: dict[str, str], plain: pl.Series | None, how: Read
    ) -> tuple[pl.DataFrame, list[SetAside]]:
        staged, aside = super()._typed(frame, delivery_no, placeholders, plain, how)
        wrong = {}
        for name in staged["column_name"].unique().drop_nulls():
            at = (staged["column_name"] == name).arg_true()
            values = {end: staged[end].gather(at) for end in ("old_value", "new_value")}
            for end, texts in values.items():
                typed, is_broken = self._values(name, texts)
                staged = staged.with_columns(staged[end].scatter(at, typed))
                for place in is_broken.arg_true():
                    wrong[int(at[place])] = (end, texts[place])
            if name == self.cases.key.column:
                staged = self._numbered(staged, at)
        wrong |= {int(at): ("column_name", None) for at in staged["column_name"].is_null().arg_true()}
        aside += [self._refusal(frame, staged, index, *found, delivery_no) for index, found in sorted(wrong.items())]
        gone = {one.record for one in aside}
        return staged.filter(~pl.col("record").is_in(list(gone))), aside

    def _values(self, name: str, texts: pl.Series) -> tuple[pl.Series, pl.Series]:
        """The values as text in one form for each type, and which of them are none of the field."""
        column = self.cases.columns.get(name)
        is_key = name == self.cases.key.column
        if column is None or not (is_key or name in CORRECTABLE):
            return texts, pl.Series([True]).new_from_index(0, len(texts))
        of_cases = Stager(self.cases.model_copy(update={"columns": {name: column}}), self.profile, self.table)
        raw = pl.DataFrame({column.header: texts.fill_null("")})
        typed = of_cases.values(texts_of(raw, of_cases.contract.columns, {}), Read("utf-8", 0, 0, (), (), ()))
        made, broken = typed[name], typed[f"?{name}"]
        if column.type == "decimal":
            made = made.cast(pl.Decimal(18, 2))
        if is_key and column.type == "case_number":
            parts = take_apart(made, numbering_of(self.profile))
            made = typed.select(pl.coalesce(parts["case_number"], pl.col(name))).to_series()
            broken = broken | parts["case_key"].is_null()
        return made.cast(pl.String), broken | (made.is_null() if is_key else False)

    def _numbered(self, staged: pl.DataFrame, at: pl.Series) -> pl.DataFrame:
        """The parts of the new numbers."""
        numbers = staged["new_value"].gather(at)
        if self.cases.columns[self.cases.key.column].type != "case_number":
            keys = {"new_case_key": numbers, "new_case_number": numbers}
        else:
            parts = take_apart(numbers, numbering_of(self.profile))
            keys = {f"new_{part}": parts[part] for part in PARTS}
        return staged.with_columns(staged[name].scatter(at, found.cast(staged[name].dtype)) for name, found in keys.items())

    def _refusal(
        self, frame: pl.DataFrame, staged: pl.DataFrame, index: int, column: str, value: str | None, delivery_no: int
    ) -> SetAside:
        record, name = staged["record"][index], staged["column_name"][index]
        fields = frame.row(by_predicate=pl.col("record") == record, named=True)
        what = "names no field" if name is None else f"{column} {shown(value or '', 200)} is no value of the field [{name}]"
        if name is not None and name != self.cases.key.column and (name not in CORRECTABLE or name not in self.cases.columns):
            what = f"the field [{name}] cannot be corrected: it is none that the contract of cases fills"
        headers = [*self.contract.required_headers, *self.contract.optional_headers]
        return SetAside(
            delivery_no, record, staged["line"][index], self.contract.source, "TYPE", f"the correction {what}"
            if name is None else what, staged["case_key"][index], staged["court_code"][index], column, value,
            {header: fields[header] for header in headers},
        )  # fmt: skip
