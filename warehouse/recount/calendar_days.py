"""Days as numbers: months added to them (TL-R2), and the days on which courts work (TL-R3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from warehouse.recount.tally import EPOCH, NEVER, Numbers

YEARS = 12
"""Working days are known for so many years past the last day that is asked for: no limit, however long extended, ends later."""


def add(days: Numbers, months: Numbers | int, more: Numbers | int = 0) -> Numbers:
    """The same day-number so many months later, the last day of that month where there is none, and days more."""
    whole = days.astype(np.int64).astype("datetime64[D]")
    month = whole.astype("datetime64[M]")
    in_month = (whole - month.astype("datetime64[D]")).astype(np.int64)
    then = month + np.asarray(months, dtype="timedelta64[M]")
    first = then.astype("datetime64[D]").astype(np.int64)
    length = (then + np.timedelta64(1, "M")).astype("datetime64[D]").astype(np.int64) - first
    added: Numbers = first + np.minimum(in_month, length - 1) + more
    return np.where(days >= NEVER, NEVER, added)


class WorkingDays:
    """On which days courts work: as listed, else from Monday to Friday; around the days that are asked for."""

    def __init__(self, holidays: Mapping[date, bool], asked: Numbers) -> None:
        known = asked[asked < NEVER]
        self.first = int(known.min()) - 1 if len(known) else 0
        self.count = int(known.max(initial=self.first)) - self.first + YEARS * 366
        self._works = (np.arange(self.first, self.first + self.count) + 3) % 7 < 5  # 1970-01-01 was a Thursday
        for day, works in holidays.items():
            place = (day - EPOCH) // timedelta(1) - self.first
            if 0 <= place < self.count:
                self._works[place] = works
        at = np.where(self._works, np.arange(self.count), self.count)
        self._next = np.minimum.accumulate(at[::-1])[::-1] + self.first

    def are(self, days: Numbers) -> Numbers:
        """Whether courts work on each of the days."""
        known = self._is_known(days)
        working: Numbers = known & self._works[np.where(known, days - self.first, 0)]
        return working

    def next(self, days: Numbers) -> Numbers:
        """Of each day itself, or where courts do not work on it the next on which they do."""
        known = self._is_known(days)
        return np.where(known, self._next[np.where(known, days - self.first, 0)], days)

    def _is_known(self, days: Numbers) -> Numbers:
        known: Numbers = (days >= self.first) & (days < self.first + self.count)
        return known
