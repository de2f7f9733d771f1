"""The made-up court's year: its span, which days it works, when it files much and when it rushes to close.

Days are whole numbers since 1970-01-01 (`int32`), as numpy counts them. What happens on them does not belong here.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int32]


def day(iso: str) -> int:
    """The day's number since 1970-01-01."""
    return int(np.datetime64(iso, "D").astype(np.int64))


FIRST, LAST = day("2012-01-01"), day("2016-10-31")
REGISTRATION_LAW = day("2015-05-01")  # registration instead of examination: filings step up
_START, _END = day("2008-01-01"), day("2019-12-31")
_DAYS = np.arange(_START, _END + 1, dtype=np.int32)
_SPRING = (
    "2009-01-26",
    "2010-02-14",
    "2011-02-03",
    "2012-01-23",
    "2013-02-10",
    "2014-01-31",
    "2015-02-19",
    "2016-02-08",
)


def year_of(days: NDArray[Any]) -> NDArray[np.int16]:
    """The calendar years of days."""
    return (days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970).astype(np.int16)


def _day_of_year(days: NDArray[Any]) -> NDArray[Any]:
    """Days since 1 January of the same year, which is 0."""
    dates = days.astype("datetime64[D]")
    return np.asarray((dates - dates.astype("datetime64[Y]").astype("datetime64[D]")).astype(np.int32))


def _holidays() -> NDArray[np.bool_]:
    """Spring Festival (a day before to six days after), Labour Day and National Day weeks, New Year."""
    dates = _DAYS.astype("datetime64[D]")
    month = dates.astype("datetime64[M]").astype(np.int64) % 12 + 1
    of_month = (dates - dates.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int64) + 1
    off = (month == 10) & (of_month <= 7) | (month == 5) & (of_month == 1) | (month == 1) & (of_month == 1)
    for spring in _SPRING:
        since = _DAYS - day(spring)
        off |= (since >= -1) & (since <= 6)
    return np.asarray(off)


_WEEKEND = (_DAYS + 3) % 7 >= 5  # 1970-01-01 was a Thursday
_HOLIDAY = _holidays()
_OPEN = ~_WEEKEND & ~_HOLIDAY
_PREVIOUS = np.maximum.accumulate(np.where(_OPEN, _DAYS, _START)).astype(np.int32)
_NEXT = np.minimum.accumulate(np.where(_OPEN, _DAYS, _END)[::-1])[::-1].astype(np.int32)


def filing_weights(growth: float, step: float, first: int) -> NDArray[np.float64]:
    """How likely a filing falls on each day FIRST..LAST; shape (1766,), sum 1; none before `first`."""
    span = slice(FIRST - _START, LAST + 1 - _START)
    days = _DAYS[span]
    weights = growth ** ((days - FIRST) / 365.25) * np.where(days >= REGISTRATION_LAW, step, 1.0)
    weights *= np.where(_HOLIDAY[span], 0.01, np.where(_WEEKEND[span], 0.015, 1.0))
    for spring in _SPRING:
        weights *= np.where(np.abs(days - day(spring) - 2) <= 14, 0.55, 1.0)
    weights *= 1 + 0.06 * np.sin(2 * np.pi * (_day_of_year(days) - 60) / 365.25)
    weights[days < first] = 0.0
    return np.asarray(weights / weights.sum())


def rush(days: Days, earliest: Days, luck: NDArray[Any]) -> Days:
    """Closings that would fall early in a half-year, some of them brought forward to December or June."""
    known = np.clip(days, _START, _END).astype(np.int32)
    since = _day_of_year(known)
    december = (since < 50) & (luck < 0.38)
    june = (since >= 181) & (since < 200) & (luck < 0.25)
    target = np.where(december, known - since - 1 - (luck * 63).astype(np.int32), known)
    target = np.where(june, known - (since - 181) - 2 - (luck * 60).astype(np.int32), target)
    return np.where(target >= earliest + 3, target, known).astype(np.int32)


def settle(days: Days, earliest: Days, luck: NDArray[Any]) -> Days:
    """Moves days to days the court works, never before `earliest`; about 3 % of weekend days stay."""
    known = np.clip(days, _START, _END).astype(np.int32)
    holiday = _HOLIDAY[known - _START]
    known = np.where(holiday, known + 8 + (luck * 8).astype(np.int32), known).clip(_START, _END)
    place = known - _START
    moved = np.where((luck * 977 % 1 < 0.6) & (_PREVIOUS[place] >= earliest), _PREVIOUS[place], _NEXT[place])
    stays = _OPEN[place] | (luck * 131 % 1 < 0.03)
    return np.maximum(np.where(stays, known, moved), earliest).astype(np.int32)


def work_day_before(days: NDArray[Any]) -> Days:
    """The last working day not after each day."""
    return np.asarray(_PREVIOUS[np.clip(days, _START, _END).astype(np.int32) - _START])
