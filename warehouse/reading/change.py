"""A figure beside the period before, or beside the same period a year before: part of a year with the same part of the other.

A comparison gives a number only where both sides count the same over spans cut alike. Across a break of the series, into days
before the data or before a law was in force, or where a month is cut in the middle, it gives the reason instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

from warehouse.catalogue.calendars import MONTHS, Period, month_end, month_start
from warehouse.catalogue.profile import Break
from warehouse.reading.figure import Asked, Dims, Figure
from warehouse.reading.figures import Reader

Against = Literal["previous", "year"]


@dataclass(frozen=True)
class Change:
    """A figure and the one that it is compared with. `reason` stands where there is no number."""

    figure: Figure
    against: Against
    own: Period
    """The months of its period that are counted: fewer than the period where the data end in it."""
    base: Figure | None
    reason: str | None
    crossed: Break | None = None

    @property
    def is_cut(self) -> bool:
        """Whether parts of periods are compared."""
        return (self.own.first, self.own.last) != (self.figure.period.first, self.figure.period.last)

    @property
    def change(self) -> Fraction | None:
        """By how much the figure is greater than the other."""
        if self.reason or self.base is None:
            return None
        return _exact(self.figure) - _exact(self.base)

    @property
    def growth(self) -> Fraction | None:
        """The change as a share of the other figure; of rates none, and none from 0."""
        if self.change is None or self.base is None or self.figure.denominator is not None or not self.base.numerator:
            return None
        return self.change / self.base.numerator

    def as_json(self) -> dict[str, Any]:
        """The keys that stand under `compared` beside a figure."""
        base = self.base
        is_told = self.reason is None and base is not None
        crossed = self.crossed
        return {
            "against": self.against, "figure_id": base.figure_id if base else None,
            "first_day": str(base.first_day) if base else None, "last_day": str(base.last_day) if base else None,
            "own_period": self.own.id, "is_cut": self.is_cut,
            "numerator": base.numerator if is_told and base else None,
            "denominator": base.denominator if is_told and base else None, "value": base.value if is_told and base else None,
            "change": _plain(self.change), "growth": None if self.growth is None else float(self.growth),
            "reason": self.reason,
            "break": crossed.model_dump(mode="json", exclude={"metrics"}) if crossed else None,
        }  # fmt: skip


def changes(reader: Reader, asked: Asked, against: Against) -> list[Change]:
    """Each figure asked for, in the order of `Reader.answer`, beside the one that it is compared with."""
    spans = {period.id: _spans(reader, asked, period, against) for period in asked.periods}
    wanted = tuple(dict.fromkeys(base for _, base, reason in spans.values() if base and not reason))
    bases = {(one.period.id, _key(one.dims)): one for one in reader.answer(replace(asked, periods=wanted))} if wanted else {}
    return [_change(reader, asked, figure, against, spans[figure.period.id], bases) for figure in reader.answer(asked)]


Place = tuple[str, tuple[str, ...]]
"""The id of a period and the values of dimensions."""
Spans = tuple[Period, Period | None, str | None]
"""The months that a figure counts, those that it is compared with, and why there are none."""


def _spans(reader: Reader, asked: Asked, period: Period, against: Against) -> Spans:
    begin, end = reader.data_months(asked.calendar)
    first, last = max(period.first, begin), min(period.last, end)
    if last < first:
        return period, None, "beyond_data"
    own = period if (first, last) == (period.first, period.last) else Period("range", first, last)
    back = MONTHS["year"] if against == "year" else period.last - period.first + 1
    if own == period:
        base = Period(period.kind, first - back, last - back, period.lead)
    else:
        base = Period("range", first - back, last - back)
    return own, base, _cut(reader, asked.calendar, own, base)


def _cut(reader: Reader, calendar: str, own: Period, base: Period) -> str | None:
    """Why two spans are not cut alike, so that they cannot be compared; None where they are."""
    begin, _ = reader.data_months(calendar)
    months, refresh = reader.calendars[calendar], reader.snapshot.refresh
    if base.last < begin:
        return "beyond_data"
    if month_start(base.first, months) < refresh.data_from:
        return "base_begins_before_the_data"
    is_cut_inside = month_end(own.last, months) > refresh.counting_day
    return "month_not_over" if is_cut_inside else None


def _change(reader: Reader, asked: Asked, figure: Figure, against: Against, spans: Spans, bases: dict[Place, Figure]) -> Change:
    own, base_period, reason = spans
    base = bases.get((base_period.id, _key(figure.dims))) if base_period and not reason else None
    if base is None:
        return Change(figure, against, own, None, reason or "beyond_data")
    crossed = reader.breaks_of(asked, base.first_day, min(figure.last_day, reader.snapshot.refresh.counting_day))
    if crossed:
        return Change(figure, against, own, base, "series_break", crossed[-1])
    return Change(figure, against, own, base, _unsound((figure, base)))


def _unsound(sides: Iterable[Figure]) -> str | None:
    """Why one side has no number, or counts only a part of its span."""
    return next((side.reason or side.status for side in sides if side.status != "published" or side.reason), None)


def _key(dims: Dims) -> tuple[str, ...]:
    return tuple(dims.values())


def _exact(figure: Figure) -> Fraction:
    return Fraction(figure.numerator or 0, figure.denominator if figure.denominator is not None else 1)


def _plain(number: Fraction | None) -> int | float | None:
    if number is None:
        return None
    return int(number) if number.denominator == 1 else float(number)
