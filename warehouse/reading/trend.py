"""The way to ask whether a figure moved by itself or changed: its months on a control chart, with the rules that fired.

Belongs here: which months count, where a series breaks, which chart it is. Does not belong here: limits and rules
(warehouse.methods.control_chart), nor how a chart is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from warehouse.catalogue.calendars import month_id, month_number, parse_period
from warehouse.catalogue.metric import RATES
from warehouse.methods.control_chart import Band, Chart, Rule, p_chart, xmr
from warehouse.methods.rates import evenness
from warehouse.reading.figure import Asked, Dims, Figure
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import Unknown

PEOPLE = ("bench", "judge")
"""Dimensions of workload: counts may be asked by them, rates may not (dictionary, section 8: no league table)."""
YEAR = 12


@dataclass(frozen=True)
class Point:
    """One month: its figure, why it is left out of the limits (None: it counts), and what was expected of it."""

    figure: Figure
    left_out: str | None
    band: Band | None


@dataclass(frozen=True)
class Fired:
    """A rule that fired, from one month to another."""

    rule: Rule
    first: str
    last: str


@dataclass(frozen=True)
class Segment:
    """The months between two breaks, with limits of their own; `reason` says why they have none."""

    first: str
    last: str
    points: int
    """Those that count."""
    centre: float | None
    range_limit: float | None
    reason: str | None


@dataclass(frozen=True)
class Trend:
    """One series: the months of a metric for one value of the asked dimensions."""

    points: tuple[Point, ...]
    segments: tuple[Segment, ...]
    fired: tuple[Fired, ...]
    breaks: tuple[str, ...]
    """Months at which the series begins anew; nothing is computed across them."""
    evenness: Mapping[str, float | None]
    """Of `closed` alone: M34 of each whole year, [operational]."""

    @property
    def figure(self) -> Figure:
        """Any of its figures: metric, dimensions, publication are those of all of them."""
        return self.points[0].figure

    @property
    def chart(self) -> str:
        """`p_prime` for shares, `xmr` for everything else."""
        return _chart(self.figure)

    def as_json(self) -> dict[str, Any]:
        """One object; months by their ids, limits null where there are none."""
        of = self.figure
        return {
            "metric": of.metric.id, "variant": of.variant, "kind": of.metric.kind, "unit": of.metric.unit,
            "chart": self.chart, "calendar": of.calendar, "dims": of.dims,
            "target": of.metric.target.value if of.metric.target and of.variant is None else None,
            "points": [_point_json(point) for point in self.points],
            "signals": [{"rule": one.rule, "from": one.first, "to": one.last} for one in self.fired],
            "segments": [{"from": one.first, "to": one.last, "points": one.points, "centre": one.centre,
                          "range_limit": one.range_limit, "reason": one.reason} for one in self.segments],
            "breaks": list(self.breaks), "evenness": dict(self.evenness), "scope": of.metric.scope,
            "definition_version": of.metric.version, "is_synthetic": of.is_synthetic, "refresh_id": of.refresh_id,
            "head": of.head,
        }  # fmt: skip


def trend(
    reader: Reader,
    name: str,
    *,
    first: str | None = None,
    last: str | None = None,
    calendar: str | None = None,
    by: tuple[str, ...] = (),
    where: Dims | None = None,
    breaks: Sequence[str] = (),
) -> list[Trend]:
    """The months of `metric[.variant]` with limits: p′ for shares, XmR for everything else; a series a value of `by`.

    Months that the data's ends cut, that lie before the metric is in force, or that are not published are shown and do not
    enter the limits. `breaks` are months at which the series is to begin anew.

    Raises:
        Unknown: metric, dimension or break is not there, or a rate is asked by bench or judge.
        PeriodError: a period cannot be asked for.
    """
    metric, _ = reader.snapshot.metric(name)
    asked = next((dimension for dimension in (*by, *(where or {})) if dimension in PEOPLE), None)
    if metric.kind in RATES and asked:
        raise Unknown(f"{metric.id} is a rate, and has no chart by [{asked}]. By bench and judge ask for workload, as filed")
    figures = reader.ask(name, first=first, last=last, kind="month", calendar=calendar, by=by, where=where)
    series: dict[tuple[str, ...], list[Figure]] = {}
    for figure in figures:
        series.setdefault(tuple(figure.dims.values()), []).append(figure)
    return [_trend(reader, found, breaks) for found in series.values()]


def _trend(reader: Reader, figures: Sequence[Figure], asked: Sequence[str]) -> Trend:
    at = _breaks(reader, figures, asked)
    edges = [0, *at, len(figures)]
    points: list[Point] = []
    segments: list[Segment] = []
    fired: list[Fired] = []
    for begin, end in pairwise(edges):
        part = figures[begin:end]
        chart = _charted(part)
        points += [Point(f, _left_out(f), band) for f, band in zip(part, chart.bands, strict=True)]
        counting = sum(_left_out(figure) is None for figure in part)
        centre = next((band.centre for band in chart.bands if band), None)
        ends = part[0].period.id, part[-1].period.id
        segments.append(Segment(*ends, counting, centre, chart.range_limit, chart.reason))
        fired += [Fired(s.rule, part[s.first].period.id, part[s.last].period.id) for s in chart.signals]
    return Trend(tuple(points), tuple(segments), tuple(fired), tuple(figures[n].period.id for n in at), _evenness(figures))


def _breaks(reader: Reader, figures: Sequence[Figure], asked: Sequence[str]) -> list[int]:
    """The places at which the series begins anew: where the metric comes into force, by the profile, and as asked for."""
    of = figures[0]
    since = of.metric.variants[of.variant].in_force_from if of.variant else of.metric.in_force_from
    months = {parse_period(text).first for text in asked}
    known = {figure.period.first: place for place, figure in enumerate(figures)}
    for number in months:
        if number not in known:
            raise Unknown(f"the series has no month [{month_id(number)}] to break at. It runs from {figures[0].period.id} "
                          f"to {figures[-1].period.id}")  # fmt: skip
    question = Asked(of.metric, of.variant, of.calendar, (of.period,))
    days = [one.day for one in reader.breaks_of(question, of.first_day, figures[-1].last_day)]
    months |= {month_number(day, reader.calendars[of.calendar]) for day in [*days, *([since] if since else [])]}
    return sorted(known[number] for number in months if known.get(number))


def _charted(figures: Sequence[Figure]) -> Chart:
    counting = [figure if _left_out(figure) is None else None for figure in figures]
    if _chart(figures[0]) == "p_prime":
        return p_chart([None if f is None else (f.numerator or 0, f.denominator or 0) for f in counting])
    return xmr([None if f is None else f.value for f in counting])


def _chart(figure: Figure) -> str:
    return "p_prime" if figure.metric.kind == "share" else "xmr"


def _left_out(figure: Figure) -> str | None:
    """Why a month does not enter the limits: what is said in place of its number, or that it is not whole."""
    if figure.status != "published":
        return figure.reason or figure.status
    if figure.is_partial:
        return "partial"
    return "partly_in_force" if figure.reason else None


def _evenness(figures: Sequence[Figure]) -> dict[str, float | None]:
    """M34 of each year of which every month is whole and published."""
    if figures[0].name != "closed":
        return {}
    years: dict[int, list[int]] = {}
    for figure in figures:
        if _left_out(figure) is None:
            years.setdefault(figure.period.first // YEAR, []).append(figure.numerator or 0)
    return {str(year): evenness(counts) for year, counts in years.items() if len(counts) == YEAR}


def _point_json(point: Point) -> dict[str, Any]:
    figure, band = point.figure, point.band
    return {
        "period": figure.period.id, "figure_id": figure.figure_id, "value": figure.value, "numerator": figure.numerator,
        "denominator": figure.denominator, "status": figure.status, "reason": figure.reason,
        "is_partial": figure.is_partial, "left_out": point.left_out,
        "centre": band.centre if band else None, "lower_limit": band.lower if band else None,
        "upper_limit": band.upper if band else None,
    }  # fmt: skip
