"""The way to ask what clears a backlog: by when so many closings a month do, or how many a month are needed by then.

Belongs here: the pending cases of now and the filings to expect. Does not belong here: the arithmetic
(warehouse.methods.forecast), nor whether a court can close so many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from warehouse.catalogue.calendars import month_id, parse_period
from warehouse.methods.forecast import YEAR, cleared_in, closings_needed, seasonal
from warehouse.methods.rates import Z_TWO_SIDED
from warehouse.reading.forecast import Forecast, actuals, histories
from warehouse.reading.scope import Scope
from warehouse.reading.snapshot import Unknown

FARTHEST = 60
"""Months ahead that a plan may reach."""


@dataclass(frozen=True)
class Plan:
    """What clears the backlog; without numbers where `status` is not `published`."""

    scope: Scope
    status: str
    reason: str | None
    origin: int = 0
    """The last whole month: at its end so many are pending."""
    pending: int = 0
    left: int = 0
    """How many may stay pending."""
    closings: int | None = None
    """A month, where that was asked."""
    cleared: tuple[int | None, int | None, int | None] = (None, None, None)
    """The months after the origin in which few, as many as expected, and many filings let the backlog be cleared."""
    until: int | None = None
    """The month by which it is to be cleared, where that was asked."""
    needed: tuple[int, int, int] = (0, 0, 0)
    """Closings a month, if few, as many as expected, and many come in."""
    incoming: tuple[float, ...] = ()
    """Expected filings of the next twelve months."""
    recent: Sequence[int] = ()
    """Closings of the last twelve whole months."""

    def month(self, ahead: int | None) -> str | None:
        """The id of a month so many after the origin."""
        return None if ahead is None else month_id(self.origin + ahead)

    def as_json(self) -> dict[str, Any]:
        """One object; months by their ids, null where the backlog is not cleared within five years."""
        early, expected, late = map(self.month, self.cleared)
        low, needed, high = self.needed if self.until is not None else (None, None, None)
        is_told = self.status == "published"
        return {
            "status": self.status, "reason": self.reason, "pending": self.pending if is_told else None,
            "pending_at": month_id(self.origin) if is_told else None, "left": self.left, "closings": self.closings,
            "cleared_by": expected, "cleared_early": early, "cleared_late": late,
            "by": None if self.until is None else month_id(self.until),
            "needed": needed, "needed_low": low, "needed_high": high,
            "incoming": list(self.incoming), "recent_closings": list(self.recent), **self.scope.as_json(),
        }  # fmt: skip


def plan(of: Scope, *, closings: int | None = None, until: str | None = None, left: int = 0) -> Plan:
    """With `closings` a month: in which month no more than `left` are pending. With `until`: the closings that takes.

    Raises:
        Unknown: neither or both are asked, a number is below its least, or the month is not one of the next five years.
        PeriodError: `until` is no month.
    """
    if (closings is None) == (until is None):
        raise Unknown("a plan is asked either by closings a month or by a month. Give one: `--closings N` or `--by YYYY-MM`")
    if left < 0 or (closings is not None and closings < 1):
        raise Unknown(f"[{closings if left >= 0 else left}] is no number of cases to plan with. Give one above 0")
    found = histories(of)
    if isinstance(found, Forecast):
        return Plan(of, found.status, found.reason, left=left, closings=closings)
    families = list(found.values())
    origin = families[0].last
    known = actuals(families, origin)
    expected = [sum(month) for month in zip(*(seasonal(one.incoming(origin), FARTHEST) for one in families), strict=True)]
    pending, recent, coming = known["pending"][-1], known["closed"][-YEAR:], tuple(expected[:YEAR])
    if closings is not None:
        early, at, late = (cleared_in(pending, expected, closings, left, z) for z in (-Z_TWO_SIDED, 0.0, Z_TWO_SIDED))
        return Plan(of, "published", None, origin, pending, left, closings, (early, at, late), incoming=coming, recent=recent)
    month = _ahead(until or "", origin)
    low, needed, high = (closings_needed(pending, expected[:month], left, z) for z in (-Z_TWO_SIDED, 0.0, Z_TWO_SIDED))
    return Plan(of, "published", None, origin, pending, left, until=origin + month, needed=(low, needed, high),
                incoming=coming, recent=recent)  # fmt: skip


def _ahead(text: str, origin: int) -> int:
    ahead = parse_period(text).last - origin
    if not 1 <= ahead <= FARTHEST:
        raise Unknown(f"[{text}] is not one of the {FARTHEST} months to plan for, {month_id(origin + 1)} to "
                      f"{month_id(origin + FARTHEST)}. Name one of these")  # fmt: skip
    return ahead
