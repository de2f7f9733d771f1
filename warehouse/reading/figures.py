"""The one way to ask for figures: command line, pages and reports all come through here.

Belongs here: from cells to figures with status, reason and interval. Does not belong here: how a figure is shown.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import unquote

from warehouse.catalogue.calendars import (
    MONTHS,
    Period,
    cut,
    lead_of,
    month_end,
    month_id,
    month_number,
    month_start,
    parse_period,
    sharing_months,
)
from warehouse.catalogue.documents import nearest
from warehouse.catalogue.metric import DAYS, DIMENSIONS, RATES, Metric, parse_formula
from warehouse.catalogue.profile import Break, Calendar
from warehouse.intake.released import Released
from warehouse.reading.figure import Asked, Dims, Figure
from warehouse.reading.snapshot import NONE, Gated, Snapshot, Unknown

Sums = dict[tuple[str, ...], tuple[int, int | None]]
"""Numerator and denominator by period and values of the asked dimensions."""
Kept = dict[tuple[Any, ...], Any]
"""What a publication answered: sums by base period, and combinations of dimensions, each by its question."""
BY = DIMENSIONS
KIND = ("family", "counts_as", "case_type")
"""The dimensions that say of what kind a case is."""
DAYS_OF_A_YEAR = 365
"""Of a whole one, also of a leap year: the convention of CEPEJ."""
OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


class Reader:
    """Answers for one snapshot, the calendars of its profile (the first is the default one) and the breaks of its series.

    `releases` are withheld figures that a person lets be shown, by their ids; `kept` what readers of the same publication
    were told before, to be added to.
    """

    def __init__(
        self, snapshot: Snapshot, calendars: Mapping[str, Calendar], breaks: Iterable[Break] = (),
        releases: Mapping[str, Released] | None = None, kept: Kept | None = None,
    ) -> None:  # fmt: skip
        self.snapshot = snapshot
        self.releases = dict(releases or {})
        self.breaks = tuple(sorted(breaks, key=lambda one: one.day))
        self.calendars = dict(calendars)
        self.default_calendar = next(iter(self.calendars))
        self.months_of = sharing_months(self.calendars)
        self._kept: Kept = {} if kept is None else kept
        """A publication stays as it is, and its figures are made of the same few sums."""

    def once(self, question: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """What a question to this publication gives, reckoned once for all its readers; a release makes it another question."""
        key = ("once", *question, *sorted(self.releases))
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def ask(
        self,
        name: str,
        *,
        first: str | None = None,
        last: str | None = None,
        kind: str = "range",
        calendar: str | None = None,
        by: tuple[str, ...] = (),
        where: Dims | None = None,
    ) -> list[Figure]:
        """Figures of `metric[.variant]` for each period between `first` and `last`, by dimensions.

        Raises:
            Unknown: metric, variant, calendar or dimension is not there; the nearest names are given.
            PeriodError: a period cannot be asked for.
        """
        return self.answer(self.question(name, first=first, last=last, kind=kind, calendar=calendar, by=by, where=where))

    def question(
        self,
        name: str,
        *,
        first: str | None = None,
        last: str | None = None,
        kind: str = "range",
        calendar: str | None = None,
        by: tuple[str, ...] = (),
        where: Dims | None = None,
    ) -> Asked:
        """What `ask` answers; raises the same."""
        metric, variant = self.snapshot.metric(name)
        chosen = calendar or self.default_calendar
        if chosen not in self.calendars:
            raise Unknown(f"there is no calendar [{chosen}]. {nearest(chosen, list(self.calendars))}")
        from_month, to_month = self.span(chosen, first, last)
        return self.asked(metric, variant, chosen, self.periods(chosen, from_month, to_month, kind), by, where or {})

    def asked(
        self,
        metric: Metric,
        variant: str | None,
        calendar: str,
        periods: tuple[Period, ...],
        by: tuple[str, ...],
        where: Dims,
    ) -> Asked:
        """The question, its dimensions checked against the definition.

        Raises:
            Unknown: the definition does not list a dimension.
        """
        for dimension in (*by, *where):
            if dimension not in metric.dimensions:
                known = nearest(dimension, list(metric.dimensions))
                raise Unknown(f"{metric.id} is not counted by [{dimension}]. {known}")
        ordered = tuple(d for d in BY if d in by)
        return Asked(metric, variant, calendar, periods, ordered, {d: where[d] for d in BY if d in where})

    def parse(self, figure_id: str) -> Asked:
        """The question that a figure's id asks; the refresh in it is the caller's to open.

        Raises:
            Unknown: it is no id of a figure, or names what is not there.
        """
        parts = figure_id.partition("@")[0].split("/")
        if len(parts) not in (2, 3):
            raise Unknown(
                f"[{figure_id}] is no figure. Ids are metric[.variant]/period[/dim=value,…][@refresh], as filed/2016-03"
            )
        metric, variant = self.snapshot.metric(parts[0])
        calendar, _, period = parts[1].rpartition(":")
        pairs = [pair.partition("=") for pair in parts[2].split(",")] if len(parts) == 3 else []
        chosen = calendar or self.default_calendar
        if chosen not in self.calendars:
            raise Unknown(f"there is no calendar [{chosen}]. {nearest(chosen, list(self.calendars))}")
        if not all(key and found and value for key, found, value in pairs):
            raise Unknown(
                f"[{parts[2]}] in [{figure_id}] names no values. Dimensions are written family=civil,procedure=ordinary"
            )
        where = {key: unquote(value) for key, _, value in pairs}
        return self.asked(metric, variant, chosen, (parse_period(period, lead_of(self.calendars[chosen])),), (), where)

    def answer(self, asked: Asked, is_open: bool = False) -> list[Figure]:
        """One figure a period and combination of the asked dimensions, in this order; zeros included.

        `is_open`: for a part of a ratio that was released, whatever withholds the part.
        """
        combinations = self._combinations(asked)
        if not self.applies(asked):
            combinations = combinations or [dict(asked.where)]  # nothing is counted, so no value of a dimension occurs
            return [self._figure(asked, p, c, "not_applicable", "not_applicable") for p in asked.periods for c in combinations]
        if asked.metric.kind == "ratio":
            return self._ratios(asked)
        counted = self.counted(asked)
        return [self._settled(asked, p, c, counted, is_open) for p in asked.periods for c in combinations]

    def applies(self, asked: Asked) -> bool:
        """Whether the profile has such cases, those that a scope adds among them."""
        readings = [Asked(*self.snapshot.metric(name), asked.calendar, ()) for name in asked.metric.parts_of(asked.variant)]
        added = [one for one in (self.added_to(reading) for reading in (asked, *readings)) if one]
        return self.snapshot.applies(asked.metric) and all(self.snapshot.applies(one.metric) for one in added)

    def added_to(self, asked: Asked) -> Asked | None:
        """The question whose count comes on top of a reading; None where there is none."""
        if asked.reading is None or not asked.reading.adds:
            return None
        return replace(asked, metric=self.snapshot.metrics[asked.reading.adds], variant=None)

    def breaks_of(self, asked: Asked, first_day: date, last_day: date) -> tuple[Break, ...]:
        """The breaks of a series after `first_day` and up to `last_day`."""
        return tuple(one for one in self.breaks if first_day < one.day <= last_day and one.concerns(asked.readings))

    def data_months(self, calendar: str) -> tuple[int, int]:
        """First and last month of a calendar that hold data."""
        own, refresh = self.calendars[calendar], self.snapshot.refresh
        return month_number(refresh.data_from, own), month_number(refresh.counting_day, own)

    def base_periods(self, asked: Asked, period: Period) -> list[str]:
        """The ids of the base periods that make up a period of the metric; none where it lies beyond the data."""
        begin, end = self.data_months(asked.calendar)
        first, last = max(period.first, begin), min(period.last, end)
        if asked.metric.kind == "stock" and first <= last:
            first = last = first if asked.metric.at == "start" else last
        return [month_id(number) for number in range(first, last + 1)]

    def periods(self, calendar: str, first: int, last: int, kind: str) -> tuple[Period, ...]:
        """The periods of one kind of a calendar that touch the months `first` to `last`."""
        return tuple(cut(first, last, kind, lead_of(self.calendars[calendar])))

    def span(self, calendar: str, first: str | None, last: str | None) -> tuple[int, int]:
        """The first and last month asked for; without a name those that hold data."""
        begin, end = self.data_months(calendar)
        lead = lead_of(self.calendars[calendar])
        start = parse_period(first, lead).first if first else begin
        stop = parse_period(last, lead).last if last else end
        if stop < start:
            raise Unknown(f"the span from [{first}] to [{last}] ends before it begins. Swap its ends")
        return start, stop

    def _combinations(self, asked: Asked) -> list[Dims]:
        if not asked.by:
            return [dict(asked.where)]
        is_outside = asked.metric.is_outside or (asked.reading is not None and asked.reading.widens)
        own = {"metric": asked.metric.id, "with_outside": is_outside}
        question = ("values", asked.metric.id if "part" in asked.by else "", is_outside, asked.by, *sorted(asked.where.items()))
        if question not in self._kept:
            self._kept[question] = self.snapshot.ask("published/dimension_values", self._filters(asked) | own)
        rows = [row for row in self._kept[question] if row["counts_as"] not in asked.leaves_out]
        found = [{d: row[d] for d in BY if d in asked.by} | asked.where for row in rows]
        return [{d: c[d] for d in BY if d in c} for c in sorted(found, key=lambda c: [c[d] for d in asked.by])]

    def _filters(self, asked: Asked) -> dict[str, Any]:
        return {f"by_{d}": d in asked.by for d in BY} | {f"is_{d}": asked.where.get(d) for d in BY}

    def counted(self, asked: Asked) -> Sums:
        """The sums of the cells by asked period and dimensions, whether or not they may be shown."""
        found, added = dict(self._cells(asked)), self.added_to(asked)
        for key, (numerator, _) in (self._cells(added) if added else {}).items():
            found[key] = (found.get(key, (0, None))[0] + numerator, None)
        return found

    def _cells(self, asked: Asked) -> Sums:
        """The sums by asked period: of the base periods that make it up, whose sums are asked for once and kept."""
        held, found = self._by_base(asked), Sums()
        for period in asked.periods:
            for base in self.base_periods(asked, period):
                for dims, (numerator, denominator) in held.get(base, {}).items():
                    above, below = found.get((period.id, *dims), (0, None))
                    found[period.id, *dims] = above + numerator, denominator if below is None else below + (denominator or 0)
        return found

    def _by_base(self, asked: Asked) -> dict[str, Sums]:
        """Of each base period of the data the sums by values of the asked dimensions."""
        scope = asked.metric.id, asked.stored, tuple(asked.leaves_out), asked.by, *sorted(asked.where.items())
        question = ("sums", self.months_of[asked.calendar], *scope)
        found: dict[str, Sums] | None = self._kept.get(question)
        if found is None:
            begin, end = self.data_months(asked.calendar)
            bases = [month_id(number) for number in range(begin, end + 1)]
            rows = self.snapshot.ask("published/figures", {
                **self._filters(asked), "metric": asked.metric.id, "variant": asked.stored, "leaves_out": asked.leaves_out,
                "calendar": self.months_of[asked.calendar], "asked_ids": bases, "base_ids": bases,
            })  # fmt: skip
            found = {}
            for row in rows:
                found.setdefault(row["asked_id"], {})[tuple(row[d] for d in asked.by)] = row["numerator"], row["denominator"]
            self._kept[question] = found  # only when it is whole: others may read it at once
        return found

    def _settled(self, asked: Asked, period: Period, dims: Dims, counted: Sums, is_open: bool) -> Figure:
        """Status and numbers of one figure; a reason stands where a number would be."""
        first_day, last_day = self._days(asked, period)
        in_force = asked.reading.in_force_from if asked.reading else asked.metric.in_force_from
        if not self.base_periods(asked, period):
            return self._figure(asked, period, dims, "undefined", "beyond_data")
        if in_force and last_day < in_force:
            return self._figure(asked, period, dims, "undefined", "not_in_force")
        added = self.added_to(asked)
        withheld = self.withheld(asked.metric, first_day, last_day, dims)
        withheld = withheld or (self.withheld(added.metric, first_day, last_day, dims) if added else None)
        released = self._released(asked, period, dims, withheld)
        if withheld and not released and not is_open:
            return self._figure(asked, period, dims, "withheld", withheld)
        numerator, denominator = counted.get((period.id, *(dims[d] for d in asked.by)), (0, 0))
        is_rate = asked.metric.kind in RATES
        if is_rate and not denominator:
            return self._figure(asked, period, dims, "undefined", "no_cases")
        reason = f"in force from {in_force}" if in_force and first_day < in_force else None
        counts = (numerator, denominator if is_rate else None)
        return self._figure(asked, period, dims, "published", released or reason, *counts)

    def _released(self, asked: Asked, period: Period, dims: Dims, withheld: str | None) -> str | None:
        """What stands beside a figure that is withheld and was released; None where nobody did that."""
        if not withheld or not self.releases:
            return None
        one = self.releases.get(self._figure(asked, period, dims, "withheld", withheld).figure_id)
        return f"released by {one.who}: {one.why} ({withheld})" if one else None

    def withheld(self, metric: Metric, first_day: date, last_day: date, dims: Dims) -> str | None:
        """Why a metric is not shown in a span and court; None where it is."""
        for gate in self.snapshot.gates:
            here = (gate.court_code is None or dims.get("court", gate.court_code) == gate.court_code) and self._has_kind(
                gate, dims
            )
            now = (gate.first_day is None or gate.first_day <= last_day) and (
                gate.last_day is None or gate.last_day >= first_day
            )
            if gate.metric == metric.id and here and now:
                return gate.reason
        return None

    def _has_kind(self, gate: Gated, dims: Dims) -> bool:
        """Whether a figure holds cases of the family and type that a gate is for."""
        if gate.family is None and gate.case_type is None:
            return True
        held = {
            kind for kind in self.snapshot.kinds if gate.family in (None, kind[0]) and gate.case_type in (None, kind[2])
        } or {(gate.family or NONE, dims.get("counts_as", NONE), gate.case_type or NONE)}  # a type that the list does not know
        return any(all(dims.get(name, own) == own for name, own in zip(KIND, kind, strict=True)) for kind in held)

    def _ratios(self, asked: Asked) -> list[Figure]:
        """A formula over base figures of the same period and scope, divided last."""
        parts = {
            name: self.answer(Asked(*self.snapshot.metric(name), asked.calendar, asked.periods, asked.by, asked.where))
            for name in asked.metric.parts_of(asked.variant)
        }
        ratios = []
        for row in zip(*parts.values(), strict=True):
            first = row[0]
            faulty = _faulty(row)
            held = faulty.reason if faulty and faulty.status == "withheld" else None
            withheld = held or self.withheld(asked.metric, first.first_day, first.last_day, first.dims)
            released = self._released(asked, first.period, first.dims, withheld)
            if released:
                row = tuple(self.answer(replace(one, periods=(first.period,), by=(), where=first.dims), is_open=True)[0]
                            for one in (Asked(*self.snapshot.metric(name), asked.calendar, ()) for name in parts))  # fmt: skip
                faulty, withheld = _faulty(row), None
            if faulty:
                ratios.append(self._figure(asked, first.period, first.dims, faulty.status, faulty.reason))
                continue
            values = {name: figure.numerator or 0 for name, figure in zip(parts, row, strict=True)}
            formula = asked.metric.formula_of(asked.variant)
            numerator, denominator = combined(formula, values, first.days)
            below = denominator if divides(formula) else None
            if withheld:
                ratios.append(self._figure(asked, first.period, first.dims, "withheld", withheld))
            elif below == 0:
                ratios.append(self._figure(asked, first.period, first.dims, "undefined", "no_cases"))
            else:
                ratios.append(self._figure(asked, first.period, first.dims, "published", released, numerator, below))
        return ratios

    def _days(self, asked: Asked, period: Period) -> tuple[date, date]:
        calendar = self.calendars[asked.calendar]
        return month_start(period.first, calendar), month_end(period.last, calendar)

    def _figure(
        self, asked: Asked, period: Period, dims: Dims, status: str, reason: str | None,
        numerator: int | None = None, denominator: int | None = None,
    ) -> Figure:  # fmt: skip
        first_day, last_day = self._days(asked, period)
        refresh = self.snapshot.refresh
        breaks = self.breaks_of(asked, first_day, last_day)
        is_partial = first_day < refresh.data_from or last_day > refresh.counting_day
        is_year = not is_partial and period.last - period.first == MONTHS["year"] - 1
        covered = max(first_day, refresh.data_from), min(last_day, refresh.counting_day)
        days = DAYS_OF_A_YEAR if is_year else (covered[1] - covered[0]).days + 1
        return Figure(
            asked.name, asked.metric, asked.variant, asked.calendar, period, first_day, last_day, is_partial, dims, status,
            reason, numerator, denominator, refresh.is_synthetic, refresh.id, refresh.head,
            asked.calendar == self.default_calendar, covered, breaks, days,
        )  # fmt: skip


def _faulty(parts: Iterable[Figure]) -> Figure | None:
    """The first part that has no number."""
    return next((figure for figure in parts if figure.status not in ("published", "not_applicable")), None)


def headline(snapshot: Snapshot) -> list[str]:
    """The metrics shown first, in their order."""
    shown = [m for m in snapshot.metrics.values() if m.headline is not None]
    return [m.id for m in sorted(shown, key=lambda m: m.headline or 0)]


def combined(formula: str, values: Mapping[str, int], days: int) -> tuple[int, int]:
    """Numerator and denominator of a ratio from the numbers of its parts and the days of its span; of a sum 0 below."""
    above, below = fraction_of(formula)
    known = {**values, DAYS: days}
    return int(evaluate(above, known)), int(evaluate(below, known))


@cache
def _tree(formula: str) -> ast.expr:
    """A formula parsed once; it is read and never changed."""
    return parse_formula(formula)


def divides(formula: str) -> bool:
    """Whether a formula is a fraction; else it is a sum, as 旧存 and 新收 are 受理."""
    tree = _tree(formula)
    return isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Div)


def fraction_of(formula: str) -> tuple[ast.expr, ast.expr]:
    """What stands above and below the line of a ratio; below the line of a sum 0."""
    tree = _tree(formula)
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Div):
        return tree.left, tree.right
    return tree, ast.Constant(0)


def evaluate(tree: ast.expr, values: Mapping[str, Any]) -> Any:
    """What a formula comes to with these numbers, whole, decimal or fractions."""
    if isinstance(tree, ast.Name | ast.Attribute):
        return values[ast.unparse(tree)]
    if isinstance(tree, ast.BinOp):
        return OPERATORS[type(tree.op)](evaluate(tree.left, values), evaluate(tree.right, values))
    if isinstance(tree, ast.Constant) and isinstance(tree.value, int):
        return tree.value
    raise ValueError(f"[{ast.unparse(tree)}] is no arithmetic of metrics")
