"""Contracts of published totals: a source whose rows are numbers that somebody counted, by period and place.

Belongs here: the promise (which column is the period, a dimension, a measure) and its validation. Does not belong here:
typing rows by it (warehouse.intake.totals).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from warehouse.catalogue.contract import Contract, KeyRule, SourceColumn
from warehouse.catalogue.documents import Document, load

NAME = re.compile(r"[a-z][a-z0-9_]*")
RESERVED = ("source", "measure", "period", "value", "unit", "note", "kind", "dims", "record", "line")
"""Words that a total has for itself: no dimension and no measure is called so, nor begins with `PERIOD`."""
PERIOD = "period_"
UNIT, NOTE, MEASURE = "unit_text", "note_text", "measure_word"
"""Columns of a contract of totals that are neither dimensions nor measures; the period's begin with `PERIOD`."""
ENCODED = {"%": "%25", ",": "%2C", "=": "%3D", "/": "%2F", "@": "%40"}
"""What would end a part of a total's id, in the order in which it is replaced."""
Grain = Literal["day", "month", "quarter", "half", "year"]


class PeriodRule(Document):
    """Which columns say of which calendar period a total is. Empty cells mean a total of no period."""

    year: str | None = None
    """The column of the year, alone or with one of the next three."""
    month: str | None = None
    quarter: str | None = None
    """Values as Q1 or 1."""
    half: str | None = None
    """Values as H1 or 1."""
    day: str | None = None
    """A day, for stocks that are no period's end."""
    month_end: str | None = None
    quarter_end: str | None = None
    year_end: str | None = None
    """The last day of the period."""
    label: str | None = None
    """The period in words: 2023, 2023H1, 2023Q1, 2023-03, 2023-03-31."""
    data_until: Grain | None = None
    """No column says it: the period in which the data of the delivery end."""
    formats: tuple[str, ...] = ("%Y-%m-%d",)
    """Of days, in the order in which they are tried."""
    zone: str | None = None
    """For days given as times: the time zone they are written in; the day is that of the profile's zone."""
    nulls: tuple[str, ...] = ("",)

    @property
    def headers(self) -> dict[str, str]:
        """The columns that say it, by what they say."""
        parts = ("year", "month", "quarter", "half", "day", "month_end", "quarter_end", "year_end", "label")
        return {part: getattr(self, part) for part in parts if getattr(self, part) is not None}

    @property
    def day_column(self) -> SourceColumn:
        """How its days are written."""
        return SourceColumn(header="", type="date", formats=self.formats, zone=self.zone)

    @model_validator(mode="after")
    def _says_it_in_one_way(self) -> PeriodRule:
        ways = [{"year"}, {"year", "month"}, {"year", "quarter"}, {"year", "half"}]
        ways += [{"day"}, {"month_end"}, {"quarter_end"}, {"year_end"}, {"label"}]
        found = set(self.headers)
        if (self.data_until is None and found not in ways) or (self.data_until is not None and found):
            raise ValueError("a period is said in one way: `year` alone or with `month`, `quarter` or `half`; `day`; "
                             "`month_end`, `quarter_end` or `year_end`; `label`; or `data_until`")  # fmt: skip
        return self


class Measure(Document):
    """One published number: where it stands, its type, its unit, what kind of number it is."""

    header: str | None = None
    """Its column, in a wide table."""
    word: str | None = None
    """What stands for it in the column of measures, in a long table."""
    type: Literal["integer", "decimal"]
    kind: Literal["flow", "stock", "statistic"] = "statistic"
    """A flow is of the period, a stock at its last day; a statistic (share, mean, median) is never added up."""
    unit: str = ""
    measure: str | None = None
    """The name under which it is kept, where it is not the key: two columns of one measure."""
    years_before: int = Field(default=0, ge=0)
    """How many years before the row's period its own lies, as of a column `a year ago`."""
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = ""
    full_width: bool = False
    nulls: tuple[str, ...] = ("",)
    """What stands for "not published" or "none": the total is kept, without a value."""

    def column(self, header: str) -> SourceColumn:
        """How its values are written."""
        return SourceColumn(header=header, type=self.type, required=True, decimal=self.decimal, thousands=self.thousands,
                            full_width=self.full_width, nulls=self.nulls)  # fmt: skip


class LongTable(Document):
    """A table with one number a row: which column names the measure, which holds the number, which its unit and its source."""

    measure: str
    value: str
    unit: str | None = None
    """Kept as text: `万` multiplies nothing."""
    note: str | None = None
    """What the table says of one number, as where it was published."""


class TotalsContract(Contract):
    """A source that `feeds: totals`. Its `columns` are made of period, dimensions and measures when it is loaded."""

    feeds: Literal["totals"]
    key: KeyRule = KeyRule(column="")
    columns: dict[str, SourceColumn] = Field(default_factory=dict)
    period: PeriodRule
    dimensions: dict[str, str] = Field(default_factory=dict)
    """Our name of each → the header of its column. `constants` are dimensions with one value for all rows."""
    measures: dict[str, Measure]
    long: LongTable | None = None
    shown: dict[str, str] = Field(default_factory=dict)
    """The totals that the screen shows, by dimension: of parallel breakdowns, the one to look at."""

    @property
    def key_header(self) -> str:
        """Empty: no column makes a total's key, so that a row of 合计 is a total and no note below the table."""
        return ""

    @property
    def keys(self) -> dict[str, str]:
        """The name under which each measure is kept."""
        return {name: measure.measure or name for name, measure in self.measures.items()}

    @model_validator(mode="after")
    def _has_no_cases(self) -> TotalsContract:
        for name in ("key", "columns", "on_missing", "events"):
            if name in self.model_fields_set:  # schemas.OF_CASES are the same
                raise ValueError(f"[{name}] is for cases: a total is known by measure, period and dimensions, and one that "
                                 "a snapshot no longer names is gone")  # fmt: skip
        return self

    @model_validator(mode="after")
    def _names_are_plain(self) -> TotalsContract:
        named = [*self.dimensions, *self.constants]
        for name in [*named, *self.measures, *self.keys.values()]:
            if not NAME.fullmatch(name):
                raise ValueError(f"[{name}] is no plain name: a small letter, then small letters, digits or _")
        for name in (every := [*named, *self.measures]):
            if name in RESERVED or name.startswith(PERIOD) or every.count(name) > 1:
                raise ValueError(f"[{name}] is called as something else of a total is. Take another name")
        for name in self.shown:
            if name not in named:
                raise ValueError(f"`shown` names [{name}], which is no dimension")
        return self

    @model_validator(mode="after")
    def _measures_have_their_place(self) -> TotalsContract:
        if not self.measures:
            raise ValueError("[measures] names none")
        for name, measure in self.measures.items():
            if self.long is None and (measure.header is None or measure.word is not None):
                raise ValueError(f"[{name}] needs `header: …`, its column; `word` is for a table with `long`")
            if self.long is not None and (measure.word is None or measure.header is not None):
                raise ValueError(f"[{name}] needs `word: …`, what stands for it in [{self.long.measure}]; it has no `header`")
        if self.long is not None and len({m.word for m in self.measures.values()}) < len(self.measures):
            raise ValueError("two [measures] have the same word")
        return self

    def with_columns(self) -> TotalsContract:
        """With `columns`, by which files are read: what intake needs to know of any contract."""
        made = {PERIOD + part: SourceColumn(header=header, required=True, nulls=self.period.nulls)
                for part, header in self.period.headers.items()}  # fmt: skip
        made |= {name: SourceColumn(header=header, required=True) for name, header in self.dimensions.items()}
        if self.long is None:
            made |= {name: measure.column(measure.header or "") for name, measure in self.measures.items()}
        else:
            made[MEASURE] = SourceColumn(header=self.long.measure, required=True)
            made["value"] = SourceColumn(header=self.long.value, required=True)
            made |= {
                name: SourceColumn(header=header, required=True)
                for name, header in ((UNIT, self.long.unit), (NOTE, self.long.note))
                if header is not None
            }
        return self.model_copy(update={"columns": made})


def encoded(value: str) -> str:
    """A value of a dimension as it stands in a total's id."""
    for character, code in ENCODED.items():
        value = value.replace(character, code)
    return value


class _Fed(Document):
    """What a contract feeds, whatever else it says."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    feeds: Any = None


def contract_of(path: Path) -> Contract:
    """The contract in a file: one of totals where it says `feeds: totals`.

    Raises:
        DefinitionError: with file, line and mend.
    """
    if load(path, _Fed).feeds == "totals":
        return load(path, TotalsContract).with_columns()
    return load(path, Contract)
