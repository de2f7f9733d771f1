"""How case numbers are given out: serials by year and characters as written, old form to 2015, new since 2016.

Within the span serials run from 1 without gaps in the order of registration; of earlier years only pending cases are
known, so their serials rise with gaps. Numbers of cases outside the data take serials that those leave free.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.sample import kinds
from pipelines.sample.cases import Cases
from pipelines.sample.choices import pick_by_kind
from pipelines.sample.workdays import FIRST, Days, year_of

CHARS = tuple(dict.fromkeys(spelling.chars for spelling in kinds.SPELLINGS))
_NEW_FORM = 2016
_CHARS_OF = np.array([CHARS.index(spelling.chars) for spelling in kinds.SPELLINGS], dtype=np.int16)


@dataclass(frozen=True)
class Numbers:
    """Case numbers as columns, one row a case: year, characters (a place in CHARS), serial, number as written."""

    year: NDArray[np.int16]
    chars: NDArray[np.int16]
    serial: NDArray[np.int32]
    written: pl.Series


def write_numbers(year: NDArray[Any], chars: NDArray[Any], serial: NDArray[Any]) -> pl.Series:
    """（2014）绍嵊民初字第12号 up to 2015, （2016）浙0683民初12号 from 2016."""
    parts = pl.DataFrame(
        {"year": year, "serial": serial, "chars": pl.Series(CHARS, dtype=pl.String).gather(chars.astype(np.uint32))}
    )
    old = pl.format("（{}）绍嵊{}字第{}号", "year", "chars", "serial")
    new = pl.format("（{}）浙0683{}{}号", "year", "chars", "serial")
    return parts.select(pl.when(pl.col("year") >= _NEW_FORM).then(new).otherwise(old).alias("number")).to_series()


def series_order(year: NDArray[Any], chars: NDArray[Any], *within: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Row places series by series in the order of `within`, and the place in its series of each, from 0."""
    order = np.lexsort((*reversed(within), chars, year))
    series = year[order].astype(np.int64) * len(CHARS) + chars[order]
    starts = np.flatnonzero(np.diff(series, prepend=-1))
    lengths = np.diff(np.append(starts, len(order)))
    return order, np.arange(len(order)) - np.repeat(starts, lengths)


def yearly_serials(days: Days) -> NDArray[np.int32]:
    """1, 2, 3 … by year, in the order of the days."""
    order = np.argsort(days, kind="stable")
    year = year_of(days)[order]
    serial = np.empty(len(days), dtype=np.int32)
    serial[order] = np.arange(len(days)) - np.searchsorted(year, year, side="left") + 1
    return serial


def _spread(registered: NDArray[Any], volume: int) -> NDArray[np.int64]:
    """Rising serials with gaps: as far into the year's `volume` as the day of registration."""
    dates = registered.astype("datetime64[D]")
    share = (dates - dates.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int64) / 366
    rank = np.arange(len(registered))
    return np.asarray(np.maximum.accumulate((share * volume).astype(np.int64) - rank) + rank + 1)


def _serials(cases: Cases, year: NDArray[Any], chars: NDArray[Any], luck: NDArray[Any]) -> NDArray[np.int32]:
    """One serial a row; equal days are ordered by `luck`."""
    order, place = series_order(year, chars, cases.registered, luck)
    serial = np.empty(len(cases), dtype=np.int32)
    serial[order] = place + 1
    for old_year in np.unique(year[cases.registered < FIRST]):
        for char in np.unique(chars[year == old_year]):
            rows = order[(year[order] == old_year) & (chars[order] == char)]
            volume = int(((year == 2012) & (chars == char)).sum())
            serial[rows] = _spread(cases.registered[rows], volume)
    return serial


def number(rng: np.random.Generator, cases: Cases) -> Numbers:
    """The number of every case, in row order."""
    spelled = pick_by_kind(kinds.SPELLINGS, kinds.ALL, cases.kind, rng.random(len(cases)), cases.registered)
    year, chars = year_of(cases.registered), _CHARS_OF[spelled]
    serial = _serials(cases, year, chars, rng.random(len(cases)))
    return Numbers(year, chars, serial, write_numbers(year, chars, serial))


def _outside(rng: np.random.Generator, cases: Cases, numbers: Numbers) -> tuple[NDArray[Any], pl.Series]:
    """Rows that resume a case outside the data, and the number of that case: 2011 or 2010, of no pending case."""
    rows = np.flatnonzero(cases.origin == -2)
    year = np.where(cases.registered[rows] < FIRST, 2010, rng.integers(2010, 2012, len(rows))).astype(np.int16)
    char = CHARS.index("执民")
    volume = int(((numbers.year == 2012) & (numbers.chars == char)).sum())
    serial = np.zeros(len(rows), dtype=np.int32)
    for one in (2010, 2011):
        taken = numbers.serial[(numbers.year == one) & (numbers.chars == char)]
        free = np.setdiff1d(np.arange(1, volume + len(rows) + len(taken) + 1), taken)
        which = np.flatnonzero(year == one)
        serial[which] = rng.choice(free, len(which), replace=False)
    return rows, write_numbers(year, np.full(len(rows), char), serial)


def origins(rng: np.random.Generator, cases: Cases, numbers: Numbers) -> pl.Series:
    """The number that each case resumes, null where none."""
    source = pl.Series(np.where(cases.origin >= 0, cases.origin, 0).astype(np.uint32))
    known = numbers.written.gather(source)
    inside = pl.select(pl.when(pl.Series(cases.origin >= 0)).then(known)).to_series()
    rows, outside = _outside(rng, cases, numbers)
    return inside.scatter(rows, outside)
