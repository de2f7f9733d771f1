"""The way to ask how long cases last: the cases registered in a span, from registration to closing, pending ones among them.

Belongs here: which cases, what ends them, what is told of the curve. Does not belong here: the estimate
(warehouse.methods.survival), nor the medians of closed cases alone, which leave the long ones out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from warehouse.catalogue.calendars import month_end, month_start
from warehouse.methods.survival import Curve, kaplan_meier
from warehouse.reading.scope import Scope

METRIC = "km_median_days"
"""M19 of the dictionary; `warehouse/not_counted.yml` says where it is asked."""
MARKS = (30, 90, 180, 365, 540, 1095)
"""Days at which the share still open is told: the upper ends of `pending_age_buckets`."""
SHARES = (0.25, 0.5, 0.75, 0.9)
A_YEAR = 365


@dataclass(frozen=True)
class Survival:
    """How long the cases of a cohort last; without a curve where `status` is not `published`, and `reason` says why."""

    scope: Scope
    first_day: date
    last_day: date
    status: str
    reason: str | None
    curve: Curve | None = None
    transferred: int = 0

    @property
    def restricted_days(self) -> int:
        """Up to how many days each case is counted in the restricted mean: a year, or as long as anybody was followed."""
        return min(A_YEAR, self.curve.last_days) if self.curve else 0

    def as_json(self) -> dict[str, Any]:
        """One object; `value`, `lower` and `upper` are the median and its 95 % interval, null where they were not reached."""
        curve = self.curve
        low, high = curve.median_interval() if curve else (None, None)
        return {
            "metric": METRIC, "unit": "days", "first_day": str(self.first_day), "last_day": str(self.last_day),
            "status": self.status, "reason": self.reason, "value": curve.median if curve else None, "lower": low, "upper": high,
            "cases": curve.cases if curve else None, "closed": curve.closed if curve else None,
            "censored": curve.censored if curve else None, "transferred": self.transferred if curve else None,
            "quantiles": {str(share): curve.quantile(share) for share in SHARES} if curve else {},
            "open_at": {str(days): curve.open_at(days) for days in MARKS if curve.knows(days)} if curve else {},
            "restricted_mean": curve.restricted_mean(self.restricted_days) if curve else None,
            "restricted_to_days": self.restricted_days if curve else None,
            "mean_of_closed": curve.mean_of_closed if curve else None,
            "steps": [step.__dict__ for step in curve.steps] if curve else [], **self.scope.as_json(),
        }  # fmt: skip


def survival(of: Scope, first: str | None = None, last: str | None = None) -> Survival:
    """The cases registered from one period to another (default: all since the data begin).

    Cases registered before the data begin are left out: of those only the ones that were still pending are known, which
    would make every case look slow.

    Raises:
        Unknown: the span ends before it begins.
        PeriodError: a period cannot be asked for.
    """
    reader, refresh = of.reader, of.reader.snapshot.refresh
    calendar = reader.calendars[reader.default_calendar]
    begin, end = reader.span(reader.default_calendar, first, last)
    first_day, last_day = (
        max(month_start(begin, calendar), refresh.data_from),
        min(month_end(end, calendar), refresh.counting_day),
    )
    if last_day < first_day:
        return Survival(of, month_start(begin, calendar), month_end(end, calendar), "undefined", "beyond_data")
    status, reason = of.status(first_day, refresh.counting_day)
    if status != "published":
        return Survival(of, first_day, last_day, status, reason)
    rows = of.ask("durations", {"first_day": first_day, "last_day": last_day, "counting_day": refresh.counting_day})
    if not rows:
        return Survival(of, first_day, last_day, "undefined", "no_cases")
    curve = kaplan_meier((row["days"], row["ended_as"] == "closed", row["cases"]) for row in rows)
    transferred = sum(row["cases"] for row in rows if row["ended_as"] == "transferred")
    return Survival(of, first_day, last_day, "published", None, curve, transferred)
