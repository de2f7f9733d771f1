"""The files that the made-up court sends: one a year for 2012–2015, one a month from January to October 2016.

A period's last day is the extract date of its files. What stands in them belongs to `deliveries`.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.workdays import day


class Period(NamedTuple):
    """A span of days covered by one file of each source, and how that file is written if it holds separated values."""

    first: str
    last: str
    encoding: str
    newline: str


def _month(number: int) -> Period:
    """A month of 2016, in UTF-8 with a byte order mark."""
    first = np.datetime64(f"2016-{number:02d}", "M")
    last = (first + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    return Period(f"{first}-01", str(last), "utf-8-sig", "\n")


PERIODS = (
    *(Period(f"{year}-01-01", f"{year}-12-31", "gb18030", "\r\n") for year in range(2012, 2016)),
    *(_month(number) for number in range(1, 11)),
)
RESENT = "2016-05-31"  # delivered a second time, under another name
WORKBOOK = ("cases", "2016-02-29")  # source and last day of the file that comes as XLSX: the quietest month
JSON_LINES = ("registrations", "2016-06-30")
FIRST_OF_2016 = day("2016-01-01")  # case numbers have the new form since
NO_PERIOD = 99
LASTS = np.array([day(period.last) for period in PERIODS])


def period_of(days: NDArray[Any]) -> NDArray[np.int8]:
    """The place of each day's period in PERIODS: 0 for all days before the first, NO_PERIOD after the last."""
    place = np.searchsorted(LASTS, days, side="left")
    return np.where(place < len(PERIODS), place, NO_PERIOD).astype(np.int8)
