"""Staging: text to typed rows by the source's contract; what cannot be typed is set aside with its reason.

Belongs here: types, codes, keys, duplicates within one delivery. Does not belong here: whether a typed row makes sense.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from warehouse.catalogue.contract import Contract, SourceColumn
from warehouse.catalogue.profile import Profile
from warehouse.catalogue.table import Table
from warehouse.intake.case_number import PARTS, Numbering, take_apart
from warehouse.intake.frames import write_frames
from warehouse.intake.quarantine import SetAside
from warehouse.intake.readers.rows import Read
from warehouse.intake.refused import shown
from warehouse.intake.values import dates, numbers, odd_numbers, shown_forms

KEYS = {
    "cases": "case_key", "registrations": "application_key", "case_events": "case_key", "corrections": "case_key",
    "clock_events": "event_key", "enforcement_results": "result_key",
}  # fmt: skip
SLICE = 400_000
"""Rows typed at a time; 400,000 rows of 12 columns take about 300 MB."""

TYPES: dict[str, Any] = {
    "BIGINT": pl.Int64, "INTEGER": pl.Int32, "VARCHAR": pl.String, "DATE": pl.Date, "BOOLEAN": pl.Boolean,
    "DECIMAL(18,2)": pl.Decimal(18, 2),
}  # fmt: skip
BLANKS = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff\u00ad"
"""Characters that nobody sees: taken off the ends of a value, as blanks are."""
LOST = r"[\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff\u00ad\ufffd\u0080-\u0084\u0086-\u009f]"
"""Characters that no text of a court holds: unseen ones within it, those that stand for lost ones, controls that Latin-1
makes of UTF-8. Their row is set aside."""
WRONG = {
    "text": "holds a character that nobody sees, or that stands for a lost one",
    "case_number": "holds a character that nobody sees, or that stands for a lost one",
    "date": "is no date of the form {formats}",
    "decimal": "is no amount with at most two decimals",
    "integer": "is no whole number",
    "flag": "is none of [{words}]",
    "code": "is not in the code list [{codes}]",
}


@dataclass(frozen=True)
class Staged:
    """What staging one delivery gave: typed rows in the file, duplicates among them, rows set aside."""

    rows: int
    duplicates: int
    set_aside: tuple[SetAside, ...]


@dataclass(frozen=True)
class Stager:
    """Types the rows of one source of one profile."""

    contract: Contract
    profile: Profile
    table: Table

    @property
    def key(self) -> str:
        """The column that makes a row's key."""
        return KEYS[self.contract.feeds]

    def stage(self, raw: Path, into: Path, delivery_no: int, placeholders: dict[str, str], found: Read | None = None) -> Staged:
        """Types the raw file of one delivery into one Parquet file with the columns of the staged table.

        `placeholders` are this delivery's own words for "none", by our column name; `found` is what its reading found.
        """
        how = found or Read("utf-8", 0, 0, (), (), ())
        aside: list[SetAside] = []
        into.parent.mkdir(parents=True, exist_ok=True)
        part = into.with_name(f".{into.name}.part")
        plain = self._plain_keys(raw)

        def typed() -> Iterator[pl.DataFrame]:
            for frame in _slices(raw):
                rows, broken = self._typed(frame, delivery_no, placeholders, plain, how)
                aside.extend(broken)
                yield rows

        # Streamed slice by slice: parts that are written, read and written again took a quarter more (measured).
        schema = {name: TYPES[column.type] for name, column in self.table.columns.items()}
        write_frames(typed(), schema, part)
        rows, duplicates = self._mark_duplicates(part)
        part.replace(into)
        return Staged(rows, duplicates, tuple(aside))

    def _typed(
        self, frame: pl.DataFrame, delivery_no: int, placeholders: dict[str, str], plain: pl.Series | None, how: Read
    ) -> tuple[pl.DataFrame, list[SetAside]]:
        typed = self.values(texts_of(frame, self.contract.columns, placeholders), how)
        columns = {name: typed[name] for name in typed.columns if not name.startswith("?")}
        is_broken = typed.select(pl.any_horizontal(pl.col("^\\?.*$"))).to_series() if self._checked else None
        columns |= self._numbers(columns)
        columns |= {name: pl.Series(name, [value]).new_from_index(0, frame.height)
                    for name, value in self.contract.constants.items()}  # fmt: skip
        if self.profile.settings.case_numbers == "none" and self.key == "case_key":
            columns["case_key"] = columns[self.contract.key.column]
        columns |= {"delivery_no": pl.Series([delivery_no]).new_from_index(0, frame.height)}
        staged = pl.DataFrame(
            [self._column(name, columns.get(name), frame.height) for name in self.table.columns]
        ).with_columns(record=frame["record"], line=frame["line"], is_duplicate=self._loses(frame, plain))
        aside: list[SetAside] = []
        if is_broken is not None and is_broken.any():
            aside += self._broken(frame, typed, staged, delivery_no)
        keyless = staged[self.key].is_null() if self._needs_key else pl.Series([False]).new_from_index(0, frame.height)
        if keyless.any():
            aside += self._keyless(frame, staged, keyless, delivery_no)
        if not aside:
            return staged, []
        return staged.filter(~(keyless if is_broken is None else keyless | is_broken)), aside

    @property
    def _needs_key(self) -> bool:
        """Whether a row without a key must be set aside here: rules on cases see to missing and unreadable case numbers."""
        return self.contract.feeds != "cases" or self.contract.key.column != "case_number"

    def _keyless(self, frame: pl.DataFrame, staged: pl.DataFrame, keyless: pl.Series, delivery_no: int) -> Iterator[SetAside]:
        """Rows without a key: history could not hold them, and they would be lost without a word."""
        headers, header = [*self.contract.required_headers, *self.contract.optional_headers], self.contract.key_header
        for index in keyless.arg_true():
            fields = frame.row(index, named=True)
            yield SetAside(
                delivery_no, fields["record"], fields["line"], self.contract.source, "KEY",
                f"{self.contract.key.column} is missing: the row has no key", None, staged["court_code"][index],
                self.contract.key.column, fields[header], {name: fields[name] for name in headers},
            )  # fmt: skip

    def _plain_keys(self, raw: Path) -> pl.Series | None:
        """Where the key rule prefers keys without their prefix: all keys of the file that came without it."""
        rule = self.contract.columns[self.contract.key.column]
        if self.contract.key.stands != "without_prefix" or not rule.strip_prefix:
            return None
        keys = pl.col(rule.header).str.strip_chars()
        return pl.scan_parquet(raw).filter(~keys.str.starts_with(rule.strip_prefix)).select(keys).collect().to_series()

    def _loses(self, frame: pl.DataFrame, plain: pl.Series | None) -> pl.Series:
        """Which rows came with the prefix while the file holds the same key without it: these count as duplicates."""
        rule = self.contract.columns[self.contract.key.column]
        if plain is None or not rule.strip_prefix:
            return pl.Series([False]).new_from_index(0, frame.height)
        keys = frame[rule.header].str.strip_chars()
        return keys.str.starts_with(rule.strip_prefix) & keys.str.strip_prefix(rule.strip_prefix).is_in(plain.implode())

    @property
    def _checked(self) -> list[str]:
        return [name for name, column in self.contract.columns.items() if column.type in WRONG]

    def values(self, texts: pl.DataFrame, how: Read) -> pl.DataFrame:
        """Each contracted column typed, and under `?name` whether its value could not be."""
        columns = self.contract.columns.items()
        made = texts.select(self._made(column, pl.col(name), how).alias(name) for name, column in columns)
        is_wrong = {name: self._is_wrong(column, texts[name], made[name]) for name, column in columns}
        for name, column in columns:
            if column.type in ("decimal", "integer") and is_wrong[name].any():
                # Numbers that are not written plainly are few, so they are read one by one.
                read = odd_numbers(texts[name].filter(is_wrong[name]), column)
                at = is_wrong[name].arg_true()
                made = made.with_columns(made[name].scatter(at, read).alias(name))
                is_wrong[name] = is_wrong[name].scatter(at, read.is_null())
        return made.with_columns(series.alias(f"?{name}") for name, series in is_wrong.items())

    @staticmethod
    def _is_wrong(column: SourceColumn, text: pl.Series, made: pl.Series) -> pl.Series:
        if column.type in ("text", "case_number"):
            return text.str.contains(LOST).fill_null(False)
        return text.is_not_null() & made.is_null()

    def _made(self, column: SourceColumn, value: pl.Expr, how: Read) -> pl.Expr:
        if column.type == "date":
            return dates(value, column, self.profile.settings.time_zone, how.format, how.epoch)
        if column.type in ("decimal", "integer"):
            return numbers(value, column)
        if column.type == "flag":
            return value.replace_strict(column.words, default=None, return_dtype=pl.Boolean)
        if column.type == "code":
            rows = self.profile.code_rows(column.codes or "")
            words = {row["word"]: row["code"] for row in rows}
            return value.replace_strict(words, default=None, return_dtype=pl.String)
        return value

    def _numbers(self, columns: dict[str, pl.Series]) -> dict[str, pl.Series]:
        """What case numbers say: the parts of the row's own number, the key of the one that it comes from."""
        made: dict[str, pl.Series] = {}
        for name, column in self.contract.columns.items():
            if column.type != "case_number":
                continue
            parts = take_apart(columns[name], numbering_of(self.profile))
            if name == "origin_case_number":
                made["origin_case_key"] = parts["case_key"]
            elif self.contract.feeds == "cases":
                made |= {part: parts[part] for part in PARTS}
                made["case_number"] = columns[name].to_frame("n").select(pl.coalesce(parts["case_number"], "n")).to_series()
            else:
                made["case_key"] = parts["case_key"]
        return made

    def _column(self, name: str, series: pl.Series | None, height: int) -> pl.Series:
        dtype = TYPES[self.table.columns[name].type]
        if series is None:
            return pl.Series(name, [None], dtype=dtype).new_from_index(0, height)
        return series.cast(dtype).alias(name)

    def _broken(self, frame: pl.DataFrame, typed: pl.DataFrame, staged: pl.DataFrame, delivery_no: int) -> Iterator[SetAside]:
        """One reason for each value that could not be typed, in the order of the file."""
        any_broken = typed.select(pl.any_horizontal(pl.col("^\\?.*$"))).to_series()
        headers = [*self.contract.required_headers, *self.contract.optional_headers]
        for index in any_broken.arg_true():
            fields = frame.row(index, named=True)
            for name in self._checked:
                if typed[f"?{name}"][index]:
                    column = self.contract.columns[name]
                    value = fields[column.header]
                    why = WRONG[column.type].format(
                        formats=", ".join(shown_forms(column)), words=", ".join(column.words), codes=column.codes
                    )
                    message = f"{name} {shown(value or '', 200)} {why}"
                    yield SetAside(
                        delivery_no, fields["record"], fields["line"], self.contract.source, "TYPE", message,
                        staged[self.key][index], staged["court_code"][index], name, value,
                        {header: fields[header] for header in headers},
                    )  # fmt: skip

    def _mark_duplicates(self, path: Path) -> tuple[int, int]:
        """Marks all but the first of equal rows of one key; the rows of the file and the duplicates among them."""
        keys = pl.read_parquet(path, columns=[self.key, "record", "is_duplicate"])
        again = keys.filter(pl.col(self.key).is_not_null() & ~pl.col("is_duplicate") & pl.col(self.key).is_duplicated())
        if again.height:
            rows = pl.scan_parquet(path).join(again.lazy().select("record"), on="record", how="semi").collect()
            content = [name for name in rows.columns if name not in ("record", "line", "is_duplicate")]
            later = rows.filter(~_first(rows, content))["record"]
            whole = pl.read_parquet(path)
            whole.with_columns(is_duplicate=pl.col("is_duplicate") | pl.col("record").is_in(later.implode())).write_parquet(
                path, compression="zstd", compression_level=1
            )
            return whole.height, later.len() + int(keys["is_duplicate"].sum())
        return keys.height, int(keys["is_duplicate"].sum())


def texts_of(frame: pl.DataFrame, columns: Mapping[str, SourceColumn], placeholders: Mapping[str, str]) -> pl.DataFrame:
    """The texts of a file's columns under our names, without blanks around them and without prefix; null where one stands
    for none.

    In steps, each on what the one before made: Polars would work out an expression that stands in another anew each time
    (measured: twice the time).
    """
    unseen = BLANKS + INVISIBLE
    texts = frame.select(pl.col(column.header).str.strip_chars(unseen).alias(name) for name, column in columns.items())
    # ="007" is how a spreadsheet is told that digits are text; what stands between is meant.
    signs = texts.select(pl.all().str.starts_with('="') & pl.all().str.ends_with('"') & (pl.all().str.len_bytes() > 2))
    for name in [name for name in texts.columns if signs[name].any()]:
        text = pl.col(name)
        texts = texts.with_columns(pl.when(signs[name]).then(text.str.slice(2, text.str.len_chars() - 3)).otherwise(text))
    nulls = {name: [*column.nulls, *([placeholders[name]] if name in placeholders else [])] for name, column in columns.items()}
    return texts.select(
        pl.when(~pl.col(name).is_in(nulls[name])).then(pl.col(name).str.strip_prefix(column.strip_prefix or "")).alias(name)
        for name, column in columns.items()
    )


def _first(rows: pl.DataFrame, content: list[str]) -> pl.Series:
    return rows.select(pl.struct(content).is_first_distinct()).to_series()


def _slices(raw: Path) -> Iterator[pl.DataFrame]:
    """The raw file in slices of rows; one empty slice for a file without rows."""
    lazy = pl.scan_parquet(raw)
    height = lazy.select(pl.len()).collect().item()
    for offset in range(0, max(height, 1), SLICE):
        yield lazy.slice(offset, SLICE).collect()


def numbering_of(profile: Profile) -> Numbering:
    """What a profile knows of its case numbers."""
    types = {row["code"]: row["code"] for row in profile.code_rows("case_types")}
    courts = {row["old_abbreviation"]: row["code"] for row in profile.code_rows("courts") if row["old_abbreviation"]}
    written = {row["characters"]: row["type_code"] for row in profile.code_rows("type_characters")}
    return Numbering(courts, types | written)
