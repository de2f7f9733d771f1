"""Values of Parquet columns as text, exactly, and which of them have none.

Belongs here: one column of one batch. Does not belong here: files, rows, headers.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

import polars as pl

EPOCH = date(1970, 1, 1).toordinal()
DAYS = (1 - EPOCH, date(9999, 12, 31).toordinal() - EPOCH)
"""The days that a date of four digits can name, counted from 1970-01-01."""
UNITS = {"ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
MOST = 2**63 - 1
DAY_NS = 86_400 * UNITS["ns"]
STAMP, CLOCK = "%Y-%m-%dT%H:%M:%S%.f", "%H:%M:%S%.f"


class Text(NamedTuple):
    """A column as text; `is_bad` tells which values have none, `why` says what is wrong with those."""

    values: pl.Series
    is_bad: pl.Series
    why: str


def is_text(dtype: pl.DataType) -> bool:
    """Whether values of this type can be text at all."""
    plain = (pl.String, pl.Categorical, pl.Enum, pl.Boolean, pl.Date, pl.Datetime, pl.Time, pl.Decimal, pl.Null)
    return dtype.is_integer() or dtype.is_float() or isinstance(dtype, plain)


def as_text(values: pl.Series, coarse: pl.Series | None = None) -> Text:
    """One column as text. `coarse`: the same in microseconds, of a column in nanoseconds."""
    dtype = values.dtype
    if dtype.is_float():
        return _float(values)
    if isinstance(dtype, pl.Date):
        days = values.cast(pl.Int32)
        return _between(values, days, *DAYS, "a date outside the years 1 to 9999", "%Y-%m-%d")
    if isinstance(dtype, pl.Datetime):
        return _nanoseconds(values, coarse) if coarse is not None else _stamp(values)
    if isinstance(dtype, pl.Time):
        return _between(values, values.cast(pl.Int64), 0, DAY_NS - 1, "a time that no day has", CLOCK)
    text = values.cast(pl.String)
    return Text(text, text.str.contains("\0", literal=True).fill_null(False), "a NUL character")


def _float(values: pl.Series) -> Text:
    is_bad = (~values.is_finite()).fill_null(False)
    text = values.cast(pl.String).str.strip_suffix(".0")
    is_long = (text.str.contains("e", literal=True) & ~is_bad).fill_null(False)
    if is_long.any():  # 1e+16: the exponent is written out
        text = text.scatter(is_long.arg_true(), [format(Decimal(long), "f") for long in text.filter(is_long)])
    return Text(text, is_bad, "a number that is none (NaN or infinite)")


def _stamp(values: pl.Series) -> Text:
    """Local where it has no zone, in UTC where it has one: the zone's name is not asked, the moment is stored in UTC."""
    dtype = values.dtype
    unit = dtype.time_unit if isinstance(dtype, pl.Datetime) and dtype.time_unit else "us"
    zone = "+00:00" if isinstance(dtype, pl.Datetime) and dtype.time_zone else ""
    moments = values.cast(pl.Int64)
    a_day = 86_400 * UNITS[unit]
    first, last = max(DAYS[0] * a_day, -MOST), min((DAYS[1] + 1) * a_day - 1, MOST)
    bare = moments.cast(pl.Datetime(unit))
    return _between(bare, moments, first, last, "a time outside the years 1 to 9999", STAMP + zone)


def _nanoseconds(values: pl.Series, coarse: pl.Series) -> Text:
    """Times in nanoseconds reach from 1677 to 2262; Polars makes 2262-04-11 of an INT96 outside of that (9999-12-31).

    The same column read in microseconds holds those right. Where both agree the finer one is taken.
    """
    fine, rough = _stamp(values), _stamp(coarse)
    micro = coarse.cast(pl.Int64)
    apart = (values.cast(pl.Int64) - micro * 1_000).abs()
    agree, outside = apart < 1_000, (micro >= MOST // 1_000) | (micro <= -MOST // 1_000)
    text = fine.values.zip_with((~outside).fill_null(True), rough.values)
    return Text(text, rough.is_bad | ~(agree | outside).fill_null(True), rough.why)


def _between(values: pl.Series, numbers: pl.Series, first: int, last: int, why: str, form: str) -> Text:
    """Formatted where its number is within bounds; the number itself elsewhere, for whoever looks at the row."""
    is_bad = ((numbers < first) | (numbers > last)).fill_null(False)
    good = values.set(is_bad, None) if is_bad.any() else values
    return Text(good.dt.strftime(form).zip_with(~is_bad, numbers.cast(pl.String)), is_bad, why)
