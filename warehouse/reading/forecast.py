"""The way to ask what the coming months bring, with the errors of the forecasts that the same method would have made before.

Belongs here: from the rows of cases to months of history by family, forecasts and their past. Does not belong here: how one
is computed (warehouse.methods.forecast).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from warehouse.catalogue.calendars import base_periods, month_id, parse_period
from warehouse.methods.forecast import (
    AGES,
    YEAR,
    Errors,
    Expected,
    Month,
    Past,
    bucket_of,
    closings,
    errors,
    hazards,
    in_season,
    project,
    seasonal,
    seasonal_naive,
)
from warehouse.reading.scope import Scope
from warehouse.reading.snapshot import Unknown

SERIES = ("incoming", "closed", "pending")
FARTHEST = 12
"""Months ahead that a forecast may look."""


@dataclass(frozen=True)
class History:
    """The cases of one family: how many were opened in one month and closed in another (None: still open)."""

    rows: tuple[tuple[int, int | None, int], ...]
    first: int
    last: int
    """The whole months inside the data; what comes after is not looked at."""
    at_risk: Mapping[int, list[int]] = field(default_factory=dict)
    gone: Mapping[int, list[int]] = field(default_factory=dict)
    """By month and bucket of age: who could close in it, and who did."""

    def stock(self, month: int) -> list[int]:
        """Pending at the end of a month, by age in the month after it (from 1 on)."""
        found: dict[int, int] = {}
        for opened, closed, cases in self.rows:
            if opened <= month and (closed is None or closed > month):
                found[month + 1 - opened] = found.get(month + 1 - opened, 0) + cases
        return [found.get(age, 0) for age in range(1, max(found, default=0) + 1)]

    def incoming(self, until: int) -> list[int]:
        """Cases that came in, by month, to the end of a month."""
        return [self.at_risk[month][0] for month in range(self.first, until + 1)]

    def closings(self, until: int) -> list[int]:
        """Cases closed, by month."""
        return [sum(self.gone[month]) for month in range(self.first, until + 1)]

    def pending(self, until: int) -> list[int]:
        """Cases pending at the end, by month: those who could close in it and did not."""
        return [sum(self.at_risk[month]) - sum(self.gone[month]) for month in range(self.first, until + 1)]

    def chances(self, origin: int) -> list[float]:
        """The monthly probability of closing by bucket, of the twelve months up to `origin`."""
        window = range(origin - YEAR + 1, origin + 1)
        exposed = [sum(self.at_risk[month][bucket] for month in window) for bucket in range(len(AGES))]
        closed = [sum(self.gone[month][bucket] for month in window) for bucket in range(len(AGES))]
        return hazards(exposed, closed)


@dataclass(frozen=True)
class Forecast:
    """The months to come, and how such forecasts went; without months where `status` is not `published`."""

    scope: Scope
    status: str
    reason: str | None
    families: tuple[str, ...] = ()
    first: int = 0
    origin: int = 0
    """The last whole month: what is known up to its end is what the forecast rests on."""
    months: tuple[Month, ...] = ()
    past: Mapping[str, Sequence[Errors]] = field(default_factory=dict)
    """By series and months ahead, from 1 on: all forecasts that could have been made; fewer, or none, where none could."""
    recent: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """By series: the last twelve whole months."""

    def as_json(self) -> dict[str, Any]:
        """One object; a mean with its 95 % interval of process variation for each month and series."""
        return {
            "status": self.status, "reason": self.reason, "families": list(self.families),
            "history": {"from": month_id(self.first), "to": month_id(self.origin)} if self.months else None,
            "months": [
                {"period": month_id(self.origin + ahead), **{name: _expected(getattr(month, name)) for name in SERIES}}
                for ahead, month in enumerate(self.months, 1)
            ],
            "recent": {name: list(values) for name, values in self.recent.items()},
            "past": {name: [one.__dict__ for one in found] for name, found in self.past.items()}, **self.scope.as_json(),
        }  # fmt: skip


def forecast(of: Scope, months: int = 6) -> Forecast:
    """So many months after the last whole one, each family by its own chances, added up.

    Raises:
        Unknown: more months than may be looked ahead, or none.
    """
    if not 1 <= months <= FARTHEST:
        raise Unknown(f"a forecast looks 1 to {FARTHEST} months ahead, not [{months}]. Ask for fewer")
    found = histories(of)
    if isinstance(found, Forecast):
        return found
    families = list(found.values())
    first, origin = families[0].first, families[0].last
    ahead = _ahead(families, origin, months)
    recent = {name: values[-YEAR:] for name, values in actuals(families, origin).items()}
    past = _past(families, months)
    return Forecast(of, "published", None, tuple(found), first, origin, tuple(ahead), past, recent)


def histories(of: Scope) -> dict[str, History] | Forecast:
    """The history of each family in the scope; a forecast that says why there is none, where there is none."""
    reader, refresh = of.reader, of.reader.snapshot.refresh
    calendar = reader.calendars[reader.default_calendar]
    whole = [period for period in base_periods(calendar, refresh.data_from, refresh.counting_day) if not period[4]]
    status, reason = of.status(refresh.data_from, refresh.counting_day)
    if status != "published":
        return Forecast(of, status, reason)
    if len(whole) < YEAR:
        return Forecast(of, "undefined", "too_short")
    rows = of.ask("spell_months", {"month_closes_on": calendar.month_closes_on, "counting_day": refresh.counting_day})
    by_family: dict[str, list[tuple[int, int | None, int]]] = {}
    for row in rows:
        by_family.setdefault(row["family"], []).append((row["opened_in"], row["closed_in"], row["cases"]))
    if not by_family:
        return Forecast(of, "undefined", "no_cases")
    first, last = (parse_period(period[1]).first for period in (whole[0], whole[-1]))
    return {family: _history(by_family[family], first, last) for family in sorted(by_family)}


def actuals(families: Sequence[History], until: int) -> dict[str, list[int]]:
    """What came in, was closed and was pending by month, of all families together."""
    return {
        "incoming": [sum(values) for values in zip(*(one.incoming(until) for one in families), strict=True)],
        "closed": [sum(values) for values in zip(*(one.closings(until) for one in families), strict=True)],
        "pending": [sum(values) for values in zip(*(one.pending(until) for one in families), strict=True)],
    }


def _ahead(families: Sequence[History], origin: int, months: int) -> list[Month]:
    """The months after `origin`, by what was so up to its end: each family by its own chances, then added up."""
    chances = [one.chances(origin) for one in families]
    factors = _season(families, chances, origin, months)
    made = [
        project(one.stock(origin), [in_season(own, factor) for factor in factors], seasonal(one.incoming(origin), months))
        for one, own in zip(families, chances, strict=True)
    ]
    return [_added([one[step] for one in made]) for step in range(months)]


def _season(families: Sequence[History], chances: Sequence[Sequence[float]], origin: int, months: int) -> list[float]:
    """How many times more close in each coming month than its cases' ages say: courts close more towards the year's end.

    Taken of all families together, since small ones show no season of their own.
    """
    ratios = []
    for month in range(families[0].first, origin + 1):
        usual = sum(closings(one.at_risk[month], own).mean for one, own in zip(families, chances, strict=True))
        ratios.append(sum(sum(one.gone[month]) for one in families) / usual if usual else 0.0)
    return seasonal(ratios, months)


def _history(rows: Sequence[tuple[int, int | None, int]], first: int, last: int) -> History:
    at_risk = {month: [0] * len(AGES) for month in range(first, last + 1)}
    gone = {month: [0] * len(AGES) for month in range(first, last + 1)}
    for opened, closed, cases in rows:
        until = last if closed is None else min(closed, last)
        for month in range(max(opened, first), until + 1):
            at_risk[month][bucket_of(month - opened)] += cases
        if closed is not None and first <= closed <= last:
            gone[closed][bucket_of(closed - opened)] += cases
    return History(tuple(rows), first, last, at_risk, gone)


def _past(families: Sequence[History], months: int) -> dict[str, list[Errors]]:
    """How forecasts from each earlier month went, by months ahead, beside the seasonal naive ones."""
    first, last = families[0].first, families[0].last
    known = actuals(families, last)
    found: dict[str, list[list[Past]]] = {name: [[] for _ in range(months)] for name in SERIES}
    for origin in range(first + YEAR - 1, last):
        made = _ahead(families, origin, min(months, last - origin))
        for name in SERIES:
            naive = seasonal_naive(known[name][: origin - first + 1], months)
            for step, month in enumerate(made):
                found[name][step].append(Past(known[name][origin - first + 1 + step], getattr(month, name), naive[step]))
    return {name: [errors(past) for past in steps if past] for name, steps in found.items() if steps[0]}


def _added(months: Sequence[Month]) -> Month:
    total, *others = months
    for one in others:
        total += one
    return total


def _expected(found: Expected) -> dict[str, float]:
    low, high = found.interval()
    return {"mean": found.mean, "lower": low, "upper": high}
