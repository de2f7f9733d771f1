"""What the driver makes of PostgreSQL's types: which values arrive as the database writes them, and which do not.

Belongs here: the types of a result and their frames. Does not belong here: asking for them (warehouse.intake.postgres).
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any, NamedTuple

import polars as pl

from warehouse.intake.refused import FileRefused

CARRIED: dict[tuple[str, str], pl.DataType] = {
    ("b", "bool"): pl.Boolean(),
    ("s", "int2"): pl.Int16(),
    ("i", "int4"): pl.Int32(),
    ("l", "int8"): pl.Int64(),
    ("f", "float4"): pl.Float32(),
    ("g", "float8"): pl.Float64(),
    ("tdD", "date"): pl.Date(),
    ("tsu:", "timestamp"): pl.Datetime("us"),
    ("tsu:UTC", "timestamptz"): pl.Datetime("us", "UTC"),
}
"""By Arrow's format and PostgreSQL's name. Every other pair would say something else without a word: `money` comes in
hundredths, `oid` with a sign, `24:00` of a `time` as null, arrays without their bounds, `uuid` and most others as bytes."""
TEXT = "u"
NOT_TEXT = frozenset({"char", "xml"})
"""One byte of no encoding; and a type that writes the encoding of the connection into its text."""
EPOCH = datetime(1970, 1, 1)
DAYS = ((date.min - EPOCH.date()).days, (date.max - EPOCH.date()).days)
MICROSECONDS = (DAYS[0] * 86_400_000_000, (DAYS[1] + 1) * 86_400_000_000 - 1)


class Column(NamedTuple):
    """One column of a result: its name, PostgreSQL's name of its type, the type in the file, and the query's file."""

    name: str
    type_name: str
    dtype: pl.DataType
    query: str


def columns(schema: Any, query: str) -> list[Column]:
    """The columns of a result (an Arrow schema) in their order.

    Raises:
        FileRefused: there is none, one whose values would not arrive exactly, or two of one name.
    """
    fields = [schema.child(number) for number in range(schema.n_children)]
    if not fields:
        raise FileRefused(
            f"the query [{query}] gives no columns", "It is no select of any", "Make it one select with named columns"
        )
    found = [_column(field.name, field.format, dict((field.metadata or {}).items()), query) for field in fields]
    twice = [name for name, times in Counter(column.name for column in found).items() if times > 1]
    if twice:
        raise FileRefused(
            f"the query [{query}] gives [{len([c for c in found if c.name == twice[0]])}] columns named [{twice[0]}]",
            "Nobody could tell which one is meant",
            "Give each a name of its own with `as`",
        )
    return found


def _column(name: str, arrow: str, said: dict[bytes, bytes], query: str) -> Column:
    type_name = said.get(b"POSTGRESQL:type", b"?").decode()
    is_text = arrow == TEXT and type_name not in NOT_TEXT
    dtype = pl.String() if is_text else CARRIED.get((arrow, type_name))
    if dtype is None:
        plain = f"{type_name[1:]}[]" if type_name.startswith("_") else type_name
        raise FileRefused(
            f"the column [{name}] of the query [{query}] is of type [{plain}]",
            "Its values would not arrive as the database writes them",
            f'Cast it to text in the query: "{name}"::text as "{name}"',
        )
    return Column(name, type_name, dtype, query)


def frame(batch: Any, found: list[Column]) -> pl.DataFrame:
    """One batch of a result as a frame of just these columns and types; `numeric` is text with all its digits.

    Raises:
        FileRefused: a date or timestamp lies outside the years 1 to 9999.
    """
    series = pl.DataFrame(batch).get_columns()
    return pl.DataFrame([_plain(one, column) for one, column in zip(series, found, strict=True)])


def _plain(series: pl.Series, column: Column) -> pl.Series:
    if isinstance(series.dtype, pl.BaseExtension):  # numeric and json: text that says what it came from
        series = series.ext.storage()
    if column.type_name == "bpchar":  # char(3) is padded; PostgreSQL takes that away itself where it makes a text of it
        series = series.str.strip_chars_end(" ")
    if column.dtype.is_temporal():
        _require_years_of_four_digits(series, column)
    return series


def _require_years_of_four_digits(series: pl.Series, column: Column) -> None:
    """The driver lets infinity and the far ends of a timestamp run over, into the year -290277; nothing is between."""
    least, most = DAYS if column.type_name == "date" else MICROSECONDS
    numbers = series.to_physical().cast(pl.Int64)
    if (~numbers.is_between(least, most)).any():
        raise FileRefused(
            f"the column [{column.name}] of the query [{column.query}] holds a {column.type_name} outside the years 1 to 9999",
            "It may be infinity, which the file cannot hold",
            f'Cast it to text in the query: "{column.name}"::text as "{column.name}"',
        )
