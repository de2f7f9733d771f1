"""Which figures differ between two publications, and by how much: the question, its figures on both sides, their causes.

Belongs here: what is compared with what. Does not belong here: where the causes come from (compare).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from warehouse.audit.causes import Change
from warehouse.audit.states import Count
from warehouse.catalogue.calendars import Period
from warehouse.catalogue.metric import Metric
from warehouse.intake.chronicle import Delivery
from warehouse.reading.figure import Asked, Dims, Figure
from warehouse.reading.figures import BY, Reader, combined
from warehouse.reading.snapshot import Unknown

SOUND = ("published", "undefined", "not_applicable")
"""A figure of such a status is a number, or none because there is nothing to count: 0 in a sum."""


@dataclass(frozen=True)
class Cause:
    """What moved a figure, and by how much. `changes` are the cases behind it, each with its own share."""

    kind: str
    what: str
    refresh_no: int
    delivery: Delivery | None
    numerator: int
    denominator: int
    changes: tuple[tuple[Change, int, int], ...] = ()


@dataclass(frozen=True)
class Changed:
    """One figure before and after. Null where that publication has no such metric."""

    name: str
    metric: Metric
    period: Period
    dims: Dims
    before: Figure | None
    after: Figure | None
    counted_before: Count = (0, 0)
    """Numerator and denominator of that side; of a ratio also where it is undefined, as 3 closed of 0 filed."""
    counted_after: Count = (0, 0)
    causes: tuple[Cause, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """Of a ratio: the readings that it is made of."""
        return self.metric.parts_of(self.name.partition(".")[2] or None)

    @property
    def is_counted(self) -> bool:
        """Whether both sides may be shown, so that the change is a number."""
        return all(side is None or side.status in SOUND for side in (self.before, self.after))

    @property
    def numerator(self) -> int:
        """By how much the numerator moved."""
        return self.counted_after[0] - self.counted_before[0]

    @property
    def denominator(self) -> int:
        """By how much the denominator moved; 0 where there is none."""
        return self.counted_after[1] - self.counted_before[1]

    @property
    def adds_up(self) -> bool:
        """Whether the causes add up to the change, numerator and denominator apart."""
        sums = sum(c.numerator for c in self.causes), sum(c.denominator for c in self.causes)
        return not self.is_counted or sums == (self.numerator, self.denominator)


@dataclass(frozen=True)
class Question:
    """Which figures to look at: as in `caseload figures`; without a name all of them, but for those of scopes."""

    name: str | None = None
    first: str | None = None
    last: str | None = None
    kind: str = "month"
    calendar: str | None = None
    by: tuple[str, ...] = ()
    where: Dims = field(default_factory=dict)

    def dims_of(self, dims: Dims) -> tuple[str, ...]:
        """The values of the dimensions that cells are kept apart by, in their order."""
        return tuple(dims[name] for name in BY if name in self.by)


def changed_figures(old: Reader, new: Reader, question: Question) -> Iterator[Changed]:
    """The figures asked for that differ, without causes yet.

    Raises:
        Unknown: the metric, a dimension or a period is not there.
    """
    before, after = _figures(old, new, question, old), _figures(old, new, question, new)
    for at, one in {**before, **after}.items():
        then, now = before.get(at), after.get(at)
        if (then and _shown(then)) != (now and _shown(now)):
            counts = _count(old, then), _count(new, now)
            yield Changed(one.name, one.metric, one.period, one.dims, then, now, *counts)


def _figures(old: Reader, new: Reader, question: Question, side: Reader) -> dict[tuple[str, str, tuple[str, ...]], Figure]:
    """Every figure asked for, as one side has it; for the values of the dimensions that either side has."""
    found = {}
    for asked in _asked(side, question, _months(old, new, question)):
        for figure in side.answer(asked):
            found[figure.name, figure.period.id, tuple(figure.dims.values())] = figure
    return found


def _asked(side: Reader, question: Question, periods: tuple[Period, ...]) -> Iterator[Asked]:
    calendar = question.calendar or side.default_calendar
    for name in _names(side, question):
        metric, variant = side.snapshot.metric(name)
        if question.name is None and not {*question.by, *question.where} <= set(metric.dimensions):
            continue  # of all metrics, those that can be cut this way
        yield side.asked(metric, variant, calendar, periods, question.by, question.where)


def _names(side: Reader, question: Question) -> list[str]:
    metrics = side.snapshot.metrics.values()
    if question.name is None:  # a scope moves with the metric that it is read from: it is told when it is asked for
        return [name for m in metrics for name in (m.id, *(f"{m.id}.{v}" for v in m.counted_variants))]
    every = {name for m in metrics for name in (m.id, *(f"{m.id}.{v}" for v in m.variants))}
    return [question.name] if question.name in every else []


def _months(old: Reader, new: Reader, question: Question) -> tuple[Period, ...]:
    calendar = question.calendar or new.default_calendar
    if calendar not in new.calendars:
        raise Unknown(f"there is no calendar [{calendar}]. There are: {', '.join(new.calendars)}")
    first, last = new.span(calendar, question.first, question.last)
    if question.first is None and question.last is None:
        first, last = min(first, old.data_months(calendar)[0]), max(last, old.data_months(calendar)[1])
    return new.periods(calendar, first, last, question.kind)


def _shown(figure: Figure) -> tuple[Any, ...]:
    return figure.status, figure.numerator, figure.denominator, figure.reason if figure.status == "withheld" else None


def _count(side: Reader, figure: Figure | None) -> Count:
    if figure is None:
        return 0, 0
    if figure.reason != "no_cases" or figure.metric.kind != "ratio":
        return figure.numerator or 0, figure.denominator or 0
    return counted_by(figure.metric, side, figure)


def counted_by(metric: Metric, side: Reader, figure: Figure) -> Count:
    """What a ratio would be by the numbers of its parts on one side; a part that is not known there counts as nothing."""
    values = dict.fromkeys(metric.parts_of(figure.variant), 0)
    for part in values:
        name, _, variant = part.partition(".")
        known = side.snapshot.metrics.get(name)
        if known and (not variant or variant in known.variants):
            asked = Asked(known, variant or None, figure.calendar, (figure.period,), (), figure.dims)
            values[part] = side.answer(asked)[0].numerator or 0
    return combined(metric.formula_of(figure.variant), values, figure.days)
