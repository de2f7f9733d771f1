"""A question and its answer: what is asked of a metric, and one figure with all that belongs to it.

Belongs here: identity, value, interval, the keys that others rely on. Does not belong here: where the numbers come from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote

from warehouse.catalogue.calendars import Period
from warehouse.catalogue.metric import Metric, Variant
from warehouse.catalogue.profile import Break
from warehouse.methods.rates import is_shown, need_in_a_row, short_by, wilson

Dims = dict[str, str]


@dataclass(frozen=True)
class Asked:
    """What is asked of one metric. `periods` are of `calendar`; `by` and `where` name dimensions."""

    metric: Metric
    variant: str | None
    calendar: str
    periods: tuple[Period, ...]
    by: tuple[str, ...] = ()
    where: Dims = field(default_factory=dict)

    @property
    def name(self) -> str:
        """`metric[.variant]`."""
        return f"{self.metric.id}.{self.variant}" if self.variant else self.metric.id

    @property
    def reading(self) -> Variant | None:
        """The variant asked for; None for the metric as it is defined."""
        return self.metric.variants[self.variant] if self.variant else None

    @property
    def readings(self) -> tuple[str, ...]:
        """Its own name and, of a ratio, the readings that it is made of."""
        return (self.name, *self.metric.parts_of(self.variant))

    @property
    def stored(self) -> str | None:
        """The variant under which its cells stand: of a reading of a scope those of the metric itself."""
        return None if self.reading and self.reading.of_scope else self.variant

    @property
    def leaves_out(self) -> list[str]:
        """The values of `counts_as` that do not count."""
        return list(self.reading.leaves_out) if self.reading else []


@dataclass(frozen=True)
class Figure:
    """One figure with all that belongs to it; `as_json` gives the keys that others rely on."""

    name: str
    metric: Metric
    variant: str | None
    calendar: str
    period: Period
    first_day: date
    last_day: date
    is_partial: bool
    dims: Dims
    status: str
    reason: str | None
    numerator: int | None
    denominator: int | None
    is_synthetic: bool
    refresh_id: str
    head: str
    """Of the ledger that the publication was built on: it pins every event, and so every file, counted here."""
    is_default_calendar: bool = True
    covered: tuple[date, date] = (date.min, date.max)
    """The first and the last day of its span that hold data."""
    breaks: tuple[Break, ...] = ()
    """Of its series, inside its span: after its first day, up to its last."""
    days: int = 0
    """What a formula takes for the days of the span: of a whole year 365, else those that hold data."""

    @property
    def value(self) -> float | int | None:
        """A count; a rate, between 0 and 1 for shares; a mean."""
        if self.numerator is None or self.denominator is None:
            return self.numerator
        return self.numerator / self.denominator if self.denominator else None

    @property
    def figure_id(self) -> str:
        """The permanent address."""
        calendar = "" if self.is_default_calendar else f"{self.calendar}:"
        dims = ",".join(f"{key}={quote(value, safe='')}" for key, value in self.dims.items())
        return f"{self.name}/{calendar}{self.period.id}{'/' + dims if dims else ''}@{self.refresh_id}"

    @property
    def scope(self) -> str:
        """What is counted, in words: of its reading, where that says so."""
        return (self.metric.variants[self.variant].scope if self.variant else "") or self.metric.scope

    @property
    def scope_zh(self) -> str:
        """The same in Chinese; empty where the definition of its day has none."""
        reading = self.metric.variants[self.variant] if self.variant else None
        return reading.scope_zh if reading and reading.scope else self.metric.scope_zh

    def as_json(self) -> dict[str, Any]:
        """The object of interface.md; keys in its order."""
        is_share = self.metric.kind == "share" and self.numerator is not None and bool(self.denominator)
        interval = wilson(self.numerator or 0, self.denominator or 0) if is_share else (None, None)
        target = self.metric.target.value if self.metric.target and self.variant is None else None
        is_judged = target is not None and self.numerator is not None and bool(self.denominator)
        x, n = self.numerator or 0, self.denominator or 0
        return {
            "figure_id": self.figure_id, "metric": self.metric.id, "variant": self.variant, "kind": self.metric.kind,
            "unit": self.metric.unit,
            "period": {"calendar": self.calendar, "kind": self.period.kind, "first_day": str(self.first_day),
                       "last_day": str(self.last_day), "is_partial": self.is_partial},
            "dims": self.dims, "numerator": self.numerator, "denominator": self.denominator, "value": self.value,
            "lower": interval[0], "upper": interval[1], "target": target,
            "target_met": short_by(x, n, target) == 0 if is_judged and target else None,
            "target_shown": is_shown(x, n, target) if is_share and target else None,
            "short_by": short_by(x, n, target) if is_judged and target else None,
            "need_in_a_row": need_in_a_row(x, n, target) if is_share and target else None,
            "status": self.status, "reason": self.reason, "scope": self.scope,
            "definition_version": self.metric.version, "is_synthetic": self.is_synthetic, "refresh_id": self.refresh_id,
            "head": self.head,
            "breaks": [one.model_dump(mode="json", exclude={"metrics"}) for one in self.breaks],
        }  # fmt: skip
