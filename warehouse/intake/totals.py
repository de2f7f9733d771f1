"""Staging published totals: each source row becomes one or several numbers with period and dimensions.

Belongs here: periods, dimensions, measures, wide and long tables. Does not belong here: how a number may be written
(warehouse.intake.values), nor which of two numbers is the later one (sql/model/total_history.sql).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from warehouse.catalogue.profile import Profile
from warehouse.catalogue.table import Table
from warehouse.catalogue.totals import ENCODED, MEASURE, NOTE, PERIOD, UNIT, Measure, TotalsContract
from warehouse.intake.frames import write_frames
from warehouse.intake.quarantine import SetAside
from warehouse.intake.readers.rows import Read
from warehouse.intake.spans import NO_PERIOD, Span, span_of, years_before
from warehouse.intake.stage import TYPES, Staged, _slices, texts_of
from warehouse.intake.values import PRECISE, odd_numbers, precise_numbers

PLACES = 20
WRONG = {"integer": "is no whole number", "decimal": f"is no number with at most {PLACES} decimals"}
FIELD, ROW = chr(31), chr(30)


@dataclass(frozen=True)
class TotalsStager:
    """Types the rows of one source of published totals."""

    contract: TotalsContract
    profile: Profile
    table: Table
    data_until: date | None = None
    """Of the delivery at hand: the period of files that name none."""

    def stage(self, raw: Path, into: Path, delivery_no: int, placeholders: dict[str, str], found: Read | None = None) -> Staged:
        """Types the raw file of one delivery into one Parquet file with the columns of staged.totals, one row a number.

        The counts of what it gives are source rows. A row one of whose values cannot be typed is set aside whole.
        """
        aside: list[SetAside] = []
        into.parent.mkdir(parents=True, exist_ok=True)
        part = into.with_name(f".{into.name}.part")

        def typed() -> Iterator[pl.DataFrame]:
            for frame in _slices(raw):
                rows, broken = self._typed(frame, delivery_no, placeholders)
                aside.extend(broken)
                yield rows

        write_frames(typed(), self._schema, part)
        rows, duplicates = _mark_duplicates(part)
        part.replace(into)
        return Staged(rows, duplicates, tuple(aside))

    @property
    def _schema(self) -> dict[str, Any]:
        kinds = TYPES | {"DECIMAL(38,20)": PRECISE}
        return {name: kinds[column.type] for name, column in self.table.columns.items()}

    def _typed(
        self, frame: pl.DataFrame, delivery_no: int, placeholders: dict[str, str]
    ) -> tuple[pl.DataFrame, list[SetAside]]:
        texts = frame.select("record", "line").hstack(texts_of(frame, self.contract.columns, placeholders))
        spans, wrong_span = self._spans(texts)
        rows = texts.with_columns(dims=self._dims(), **{f"?{PERIOD}": wrong_span})
        numbers = {name: self._numbers(name, texts) for name in self.contract.measures}
        wrong = {name: wrong for name, (_, wrong) in numbers.items()}
        if self.contract.long is not None:
            words = [measure.word for measure in self.contract.measures.values()]
            wrong[MEASURE] = (~texts[MEASURE].is_in(words)).fill_null(True)
        rows = rows.with_columns(**{f"?{name}": series for name, series in wrong.items()})
        is_broken = rows.select(pl.any_horizontal(pl.col("^\\?.*$"))).to_series()
        parts = [self._totals(name, measure, rows, spans, numbers[name][0], delivery_no).filter(keep)
                 for name, measure in self.contract.measures.items()
                 for keep in [~is_broken & self._is_of(measure, texts)]]  # fmt: skip
        aside = list(self._broken(frame, rows, spans, is_broken, delivery_no)) if is_broken.any() else []
        return pl.concat(parts), aside

    def _is_of(self, measure: Measure, texts: pl.DataFrame) -> pl.Series:
        """Which rows hold a number of the measure: in a wide table all, in a long one those that name it."""
        if self.contract.long is None:
            return pl.Series([True]).new_from_index(0, texts.height)
        return (texts[MEASURE] == measure.word).fill_null(False)

    def _numbers(self, name: str, texts: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
        """The numbers of one measure, and which of them could not be typed; in a long table those of its own rows."""
        measure = self.contract.measures[name]
        column = measure.column("")
        text = texts[name if self.contract.long is None else "value"]
        if self.contract.long is not None:
            own = self._is_of(measure, texts) & ~text.is_in(list(measure.nulls)).fill_null(True)
            text = texts.select(pl.when(own).then(pl.col("value"))).to_series()
        made = text.to_frame("text").select(precise_numbers(pl.col("text"), column)).to_series()
        odd = text.is_not_null() & made.is_null()
        if odd.any():
            read = odd_numbers(text.filter(odd), column, PLACES)
            at = odd.arg_true()
            made, odd = made.scatter(at, read), odd.scatter(at, read.is_null())
        return made, odd

    def _dims(self) -> pl.Expr:
        """Dimensions as `area=Dallas,area_kind=County`, by name; what has no value is `none`."""
        texts = {name: _encoded(pl.col(name).fill_null("none")) for name in self.contract.dimensions}
        texts |= {name: _encoded(pl.lit(value)) for name, value in self.contract.constants.items()}
        if not texts:
            return pl.lit("")
        return pl.concat_str([pl.format(f"{name}={{}}", texts[name]) for name in sorted(texts)], separator=",")

    def _spans(self, texts: pl.DataFrame) -> tuple[list[Span], pl.Series]:
        """Each row's period, and which rows name none that there is. Few periods stand in many rows."""
        parts = list(self.contract.period.headers)
        known: dict[tuple[str | None, ...], Span | None] = {}
        found = []
        for words in texts.select(PERIOD + part for part in parts).iter_rows() if parts else [()] * texts.height:
            if words not in known:
                named = dict(zip(parts, words, strict=True))
                known[words] = span_of(named, self.contract.period, self.data_until, self.profile.settings.time_zone)
            found.append(known[words])
        wrong = pl.Series([span is None for span in found], dtype=pl.Boolean)
        return [span or NO_PERIOD for span in found], wrong

    def _totals(
        self, name: str, measure: Measure, rows: pl.DataFrame, spans: list[Span], values: pl.Series, delivery_no: int
    ) -> pl.DataFrame:
        """One number a source row, with all that says which number it is."""
        source, kept = self.contract.source, self.contract.keys[name]
        own = [years_before(span, measure.years_before) for span in spans]
        unit = pl.col(UNIT) if self.contract.long and self.contract.long.unit else pl.lit(measure.unit or None, pl.String)
        note = pl.col(NOTE) if self.contract.long and self.contract.long.note else pl.lit(None, pl.String)
        place = pl.when(pl.col("dims") == "").then(pl.lit("")).otherwise(pl.concat_str(pl.lit("/"), "dims"))
        made = rows.with_columns(
            delivery_no=pl.lit(delivery_no, pl.Int64), is_duplicate=pl.lit(False), measure=pl.lit(kept), unit=unit, note=note,
            measure_kind=pl.lit(measure.kind), value=values, row_period=pl.Series([span.id for span in spans], dtype=pl.String),
            period=pl.Series([span.id for span in own], dtype=pl.String),
            period_kind=pl.Series([span.kind for span in own], dtype=pl.String),
            first_day=pl.Series([span.first_day for span in own], dtype=pl.Date),
            last_day=pl.Series([span.last_day for span in own], dtype=pl.Date),
        )  # fmt: skip
        return made.with_columns(
            total_key=pl.concat_str(pl.lit(f"{source}/{kept}/"), "period", place),
            row_key=pl.concat_str(pl.lit(f"{source}/"), "row_period", place),
        ).select(list(self._schema))

    def _broken(
        self, frame: pl.DataFrame, rows: pl.DataFrame, spans: list[Span], is_broken: pl.Series, delivery_no: int
    ) -> Iterator[SetAside]:
        """One reason for each value that could not be typed, in the order of the file."""
        headers = list(dict.fromkeys(column.header for column in self.contract.columns.values()))
        for index in is_broken.arg_true():
            fields = frame.row(index, named=True)
            row = rows.row(index, named=True)
            key = None
            if not row[f"?{PERIOD}"]:
                key = f"{self.contract.source}/{spans[index].id}" + (f"/{row['dims']}" if row["dims"] else "")
            for name, value, why in self._reasons(row):
                yield SetAside(
                    delivery_no, fields["record"], fields["line"], self.contract.source, "TYPE", f"{name} [{value}] {why}",
                    key, None, name, value, {header: fields[header] for header in headers},
                )  # fmt: skip

    def _reasons(self, row: dict[str, Any]) -> Iterator[tuple[str, str | None, str]]:
        if row[f"?{PERIOD}"]:
            said = " ".join(row[PERIOD + part] or "" for part in self.contract.period.headers)
            yield "period", said, f"is no period as {' and '.join(self.contract.period.headers)} should say it"
        if row.get(f"?{MEASURE}"):
            words = ", ".join(str(measure.word) for measure in self.contract.measures.values())
            yield "measure", row[MEASURE], f"is none of [{words}]"
        for name, measure in self.contract.measures.items():
            if row[f"?{name}"]:
                yield name, row[name if self.contract.long is None else "value"], WRONG[measure.type]


def _encoded(text: pl.Expr) -> pl.Expr:
    for character, code in ENCODED.items():
        text = text.str.replace_all(character, code, literal=True)
    return text


def _mark_duplicates(path: Path) -> tuple[int, int]:
    """Marks the numbers of all but the first of equal source rows; how many source rows there are, and such duplicates."""
    whole = pl.read_parquet(path)
    rows = whole["record"].n_unique()
    again = whole.filter(pl.col("total_key").is_duplicated())["record"].unique()
    if not again.len():
        return rows, 0
    content = [pl.col(name).cast(pl.String).fill_null("") for name in ("total_key", "value", "unit", "note")]
    said = (
        whole.filter(pl.col("record").is_in(again.implode())).sort("record", "total_key")
        .group_by("record", maintain_order=True)
        .agg(pl.concat_str(content, separator=FIELD).str.join(ROW).alias("said"))
    )  # fmt: skip
    later = said.filter(~pl.col("said").is_first_distinct())["record"]
    whole.with_columns(is_duplicate=pl.col("record").is_in(later.implode())).write_parquet(
        path, compression="zstd", compression_level=1
    )
    return rows, later.len()
