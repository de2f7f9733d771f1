"""The law on limits as arrays: which proceeding a clock is under, which row governs it on a day (docs/clocks.md, 4 to 8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from warehouse.recount.docket import Lists, Row
from warehouse.recount.tally import NEVER, Numbers, number_of

NONE = -1
"""No proceeding, no limit."""


class Law:
    """The rows of the law, each by its number; NONE stands for no row."""

    def __init__(self, lists: Lists) -> None:
        self.rows = lists.statutory_limits
        self.proceedings = sorted({row["proceeding"] for row in lists.proceedings} | {row["proceeding"] for row in self.rows})
        self._told: Sequence[Row] = lists.proceedings
        self._by_proceeding = {
            at: [number for number, row in enumerate(self.rows) if row["proceeding"] == name]
            for at, name in enumerate(self.proceedings)
        }
        self.months, self.days = self._numbers("base_months", 0), self._numbers("base_days", 0)
        self.longest_months, self.longest_days = self._numbers("longest_months", 0), self._numbers("longest_days", 0)
        self.has_longest = self._are(lambda row: row["longest_months"] is not None or row["longest_days"] is not None)
        self.has_base = self._are(lambda row: row["base_months"] is not None or row["base_days"] is not None)
        self.moves = self._are(lambda row: row["moves_off_holidays"])
        self.is_received = self._are(lambda row: row["day_zero"] == "received")
        self.is_notice = self._are(lambda row: row["day_zero"] == "notice")
        self.is_in_time = self._are(lambda row: row["conversion"] == "in_time")
        self.restarts = self._are(lambda row: row["conversion"] == "restarts")

    def _numbers(self, name: str, otherwise: int) -> Numbers:
        """A column by row number; that of NONE, the last, is `otherwise`."""
        return np.array([otherwise if row[name] is None else row[name] for row in self.rows] + [otherwise], dtype=np.int64)

    def _are(self, holds: Any) -> Numbers:
        return np.array([bool(holds(row)) for row in self.rows] + [False], dtype=bool)

    @cached_property
    def _spans(self) -> list[tuple[int, int, bool]]:
        """Of each row: its first day, its last, and whether the day of opening decides instead of the day that is asked."""
        return [
            (
                number_of(row["effective_from"]),
                number_of(row["effective_to"]) if row["effective_to"] else NEVER,
                row["selector"] == "F",
            )
            for row in self.rows
        ]

    def proceeding(self, kind: Mapping[str, Any], procedure: str | None, circumstances: frozenset[str]) -> int:
        """Rule 4: the matching row that names most cells, of equals the first by name."""
        has = {**kind, "procedure": procedure}
        found = []
        for row in self._told:
            named = [
                cell for cell in ("counts_as", "type_code", "procedure", "is_private_prosecution") if row[cell] is not None
            ]
            fits = all(row[cell] == has[cell] for cell in named)
            if fits and (row["circumstance"] is None or row["circumstance"] in circumstances):
                found.append((-len(named) - (row["circumstance"] is not None), row["proceeding"]))
        return self.proceedings.index(min(found)[1]) if found else NONE

    def on(self, proceedings: Numbers, opened: Numbers, days: Numbers) -> Numbers:
        """Rule 6: the row that governs each clock on a day; P goes by that day, F by the day of opening."""
        found = np.full(len(proceedings), NONE, dtype=np.int64)
        for proceeding in np.unique(proceedings):
            at = np.flatnonzero(proceedings == proceeding)
            for number in reversed(self._by_proceeding.get(int(proceeding), [])):
                first, last, by_opening = self._spans[number]
                decides = opened[at] if by_opening else days[at]
                found[at[(decides >= first) & (decides <= last)]] = number
        return found

    def new_days(self) -> dict[int, list[int]]:
        """By proceeding the days on which its law may be another than the day before."""
        return {
            proceeding: sorted(
                {self._spans[n][0] for n in mine} | {self._spans[n][1] + 1 for n in mine if self._spans[n][1] < NEVER}
            )
            for proceeding, mine in self._by_proceeding.items()
        }

    def hard(self, limits: Numbers, circumstance_sets: Sequence[frozenset[str]], of: Numbers) -> tuple[Numbers, Numbers]:
        """Rule 8: months and days of the lawful limit, the hard one where it holds for the circumstances `of` each clock."""
        months, days = self.months[limits], self.days[limits]
        for number, row in enumerate(self.rows):
            if row["hard_months"] is None and row["hard_days"] is None:
                continue
            when = row["hard_when"]
            holds = np.array([when is None or when in one for one in circumstance_sets], dtype=bool)
            at = np.flatnonzero(limits == number)
            at = at[holds[of[at]]]
            months[at], days[at] = row["hard_months"] or 0, row["hard_days"] or 0
        return months, days
