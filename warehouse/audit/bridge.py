"""The bridge between two figures that people confuse: their difference, taken apart into terms that add up exactly.

A figure is a sum of pieces (the filed, the opening stock, the resumed among the closed, …) or one such sum over another. What
the two sums do not share are the terms. Of rates each term is exchanged after the other in a fixed order, in exact fractions:
above the line before below it, on each side first what comes in and then what goes out, in the order of `ORDER`. So no
line is zero on the way, and the steps add up to the difference.

Belongs here: which figures can be bridged, the terms, the steps. Does not belong here: how they are printed.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from typing import Any

from warehouse.audit.explain import knowledge, members_in
from warehouse.audit.making import parameters
from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.metric import DAYS, Metric, Variant
from warehouse.catalogue.query import HOUSE, read_query
from warehouse.reading.figure import Asked, Figure
from warehouse.reading.figures import BY, Reader, fraction_of
from warehouse.reading.snapshot import Unknown
from warehouse.refresh.bundles import catalogue_of
from warehouse.store.place import Place

ORDER = (
    "pending_start", "filed", "reopened", "reactivated", "closed", "placed_inactive", "pending_end", "mediations_pending_start",
    "mediations_filed", "mediations_closed", "mediations_pending_end",
)  # fmt: skip
"""The pieces that figures are made of, in the order in which terms stand and are exchanged."""
FLOWS_OF = {
    "pending_start": {"filed": 1, "reopened": 1, "closed": -1}, "pending_end": {"filed": 1, "reopened": 1, "closed": -1},
    "mediations_pending_start": {"mediations_filed": 1, "mediations_closed": -1},
    "mediations_pending_end": {"mediations_filed": 1, "mediations_closed": -1},
}  # fmt: skip
"""By what a stock moves from one day to another: the identity of the balance (dictionary, section 9)."""
CONFUSED = "受理 in both readings, 结案率, 结收比 and the clearance rates, counts in several scopes, one count by two calendars"


@dataclass(frozen=True)
class Piece:
    """A part of a sum: a metric, whole or one class of its cases (`only`) or all but some (`without`), perhaps on some days."""

    metric: str
    only: str = ""
    without: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None

    @property
    def place(self) -> tuple[int, bool, str, date]:
        """Where it stands among the terms."""
        return ORDER.index(self.metric), bool(self.only), self.only, self.first_day or date.min


Sum = dict[Piece, int]
"""Pieces with how often each counts."""
Count = Callable[[Piece], int]
"""How many cases a piece holds."""
ByDay = Callable[[Asked], AbstractContextManager[Count]]


@dataclass(frozen=True)
class Term:
    """What one side has more of the other: a piece, how often it counts, how many cases it holds."""

    piece: Piece
    times: int
    count: int
    name_zh: str
    name_en: str

    @property
    def amount(self) -> int:
        """What it adds to the sum."""
        return self.times * self.count


@dataclass(frozen=True)
class Step:
    """One term exchanged: above or below the line, and the rate that comes of it."""

    term: Term
    is_above: bool
    numerator: int
    denominator: int
    change: Fraction

    @property
    def value(self) -> Fraction:
        """The rate once it is exchanged."""
        return Fraction(self.numerator, self.denominator)


@dataclass(frozen=True)
class Bridge:
    """Two figures and what lies between them. `below` and `steps` are empty for counts."""

    before: Figure
    after: Figure
    above: tuple[Term, ...]
    below: tuple[Term, ...]
    steps: tuple[Step, ...]

    @property
    def is_rate(self) -> bool:
        """Whether it leads between rates."""
        return self.before.denominator is not None

    @property
    def change(self) -> Fraction:
        """By how much the figures differ, exactly."""
        return _exact(self.after) - _exact(self.before)

    @property
    def adds_up(self) -> bool:
        """Whether the terms lead from one figure to the other: above the line, below it, and in the rate."""
        above = (self.before.numerator or 0) + sum(term.amount for term in self.above) == self.after.numerator
        below = (self.before.denominator or 0) + sum(term.amount for term in self.below) == (self.after.denominator or 0)
        return above and below and (not self.is_rate or sum((s.change for s in self.steps), Fraction()) == self.change)


def bridge(reader: Reader, before: Asked, after: Asked, by_day: ByDay) -> Bridge:
    """The difference of two figures of one publication as terms; `by_day` counts members, where calendars differ.

    Raises:
        Unknown: they cannot be bridged; the message says why, and what can.
    """
    _require_one_thing_at_a_time(before, after)
    left, right = (reader.answer(asked)[0] for asked in (before, after))
    for figure in (left, right):
        if figure.status != "published":
            raise Unknown(f"{figure.figure_id} has no number ({figure.reason or figure.status}), so there is nothing to bridge")
    sums = [_sums(reader, asked, figure, _classes(reader, before, after)) for asked, figure in ((before, left), (after, right))]
    _require_alike(left, right, *sums)
    if before.calendar == after.calendar:
        above, below = (_whole(minus(two, one)) for one, two in zip(*sums, strict=True))
        terms = [_terms(reader, pieces, _in_cells(reader, before)) for pieces in (above, below)]
    else:
        if sums[0] != sums[1]:
            raise Unknown(f"{before.name} counts the days of its span, which differ by calendar. Bridge what it is made of")
        above, below = (_moved(one, left, right) for one in sums[0])
        with by_day(before) as count:
            terms = [_terms(reader, pieces, count) for pieces in (above, below)]
    steps = _steps(left, *terms) if left.denominator is not None else ()
    return Bridge(left, right, tuple(terms[0]), tuple(terms[1]), tuple(steps))


# --- which figures can be bridged


def _require_one_thing_at_a_time(before: Asked, after: Asked) -> None:
    """Refuses two figures of different cases or spans, and of two differences at once."""
    one, two = (f"{asked.calendar}:{asked.periods[0].id}" for asked in (before, after))
    if before.where != after.where:
        raise Unknown(
            "the two figures count different cases (their dimensions differ). A bridge leads between two readings of one count"
        )
    if before.periods[0].id != after.periods[0].id:
        raise Unknown(
            f"the two figures are of different periods ({one} and {two}). How a figure moved in time is told by "
            "`caseload figures --compare`"
        )
    if before.calendar != after.calendar and before.name != after.name:
        raise Unknown(
            f"the two figures differ in reading and in calendar ({one} and {two}). Bridge one difference at a time: first the "
            "reading, then the calendar"
        )
    if before == after:
        raise Unknown(f"both are the same figure, {before.name} of {one}. Name two")


def _require_alike(left: Figure, right: Figure, first: tuple[Sum, Sum], second: tuple[Sum, Sum]) -> None:
    """Refuses a count and a rate, other units, and sums that share nothing: they are not two readings of one thing."""
    names = f"{left.name} and {right.name}"
    if (left.denominator is None) != (right.denominator is None) or left.metric.unit != right.metric.unit:
        raise Unknown(
            f"{names} are no two readings of one thing: one is in {left.metric.unit}, the other in {right.metric.unit}"
        )
    for side, one, two in zip(("numerators", "denominators"), first, second, strict=True):
        if (one or two) and not {p.metric for p in one} & {p.metric for p in two}:
            raise Unknown(f"the {side} of {names} have no term in common, so there is no bridge. It knows {CONFUSED}")


# --- figures as sums of pieces


def _classes(reader: Reader, *asked: Asked) -> tuple[str, ...]:
    """The classes of cases that one of the figures leaves out, so that pieces are told apart by them."""
    readings = [Asked(*reader.snapshot.metric(name), "", ()) for one in asked for name in _read(one)]
    return tuple(sorted({code for one in readings for code in one.leaves_out}))


def _read(asked: Asked) -> tuple[str, ...]:
    return asked.metric.parts_of(asked.variant) or (asked.name,)


def _sums(reader: Reader, asked: Asked, figure: Figure, classes: tuple[str, ...]) -> tuple[Sum, Sum]:
    """Above and below the line; below nothing of a count."""
    if asked.metric.kind != "ratio":
        return _pieces(reader, {asked.name: 1}, classes), {}
    formula = asked.metric.formula_of(asked.variant)
    above, below = (_pieces(reader, linear(side, figure.days), classes) for side in fraction_of(formula))
    return above, below


def linear(tree: ast.expr, days: int) -> dict[str, int]:
    """A formula without a fraction as how often each reading counts in it; a plain number stands under the empty name.

    Raises:
        Unknown: readings are multiplied with each other.
    """
    if isinstance(tree, ast.Constant) and isinstance(tree.value, int):
        return {"": tree.value}
    if isinstance(tree, ast.Name | ast.Attribute):
        return {"": days} if ast.unparse(tree) == DAYS else {ast.unparse(tree): 1}
    if isinstance(tree, ast.BinOp):
        left, right = linear(tree.left, days), linear(tree.right, days)
        if isinstance(tree.op, ast.Add | ast.Sub):
            sign = 1 if isinstance(tree.op, ast.Add) else -1
            return {name: left.get(name, 0) + sign * right.get(name, 0) for name in dict.fromkeys((*left, *right))}
        number, other = (left, right) if set(left) == {""} else (right, left)
        if isinstance(tree.op, ast.Mult) and set(number) == {""}:
            return {name: number[""] * times for name, times in other.items()}
    raise Unknown(f"[{ast.unparse(tree)}] is no sum, so that it cannot be taken apart")


def _pieces(reader: Reader, times: Mapping[str, int], classes: tuple[str, ...]) -> Sum:
    """Readings as pieces, told apart by the classes of cases in question; nothing of the 0 below the line of a sum."""
    found: dict[Piece, int] = defaultdict(int)
    for name, often in times.items():
        if not often:
            continue
        asked = Asked(*reader.snapshot.metric(name), "", ())
        if asked.metric.id not in ORDER or asked.stored:
            raise Unknown(f"{name} is no sum of flows and stocks, so there is no bridge to it. It knows {CONFUSED}")
        found[Piece(asked.metric.id, without=classes)] += often
        for code in set(classes) - set(asked.leaves_out):
            found[Piece(asked.metric.id, only=code)] += often
        if asked.reading and asked.reading.adds:
            found[Piece(asked.reading.adds)] += often
    return {piece: often for piece, often in found.items() if often}


def minus(two: Mapping[Piece, int], one: Mapping[Piece, int]) -> Sum:
    """What has to come to `one` to make it `two`."""
    every = {piece: two.get(piece, 0) - one.get(piece, 0) for piece in dict.fromkeys((*two, *one))}
    return {piece: often for piece, often in every.items() if often}


def _whole(pieces: Sum) -> Sum:
    """Classes of one metric that all move alike as one piece: the metric."""
    by_metric: dict[str, Sum] = defaultdict(dict)
    for piece, often in pieces.items():
        by_metric[piece.metric][piece] = often
    found: Sum = {}
    for metric, mine in by_metric.items():
        rest = next((piece for piece in mine if not piece.only), None)
        is_all = rest is not None and set(rest.without) == {piece.only for piece in mine if piece.only}
        found |= {Piece(metric): mine[rest]} if rest and is_all and len(set(mine.values())) == 1 else mine
    return found


def _moved(pieces: Sum, left: Figure, right: Figure) -> Sum:
    """What has to come to a sum over the days of one figure to make it that over the days of the other."""
    found: dict[Piece, int] = defaultdict(int)
    (a_first, a_last), (b_first, b_last) = left.covered, right.covered
    for piece, often in pieces.items():
        if piece.metric not in FLOWS_OF:
            for days, sign in (*_between(b_first, a_first), *_between(a_last + DAY, b_last + DAY)):
                found[replace(piece, first_day=days[0], last_day=days[1])] += often * sign
            continue
        then, now = (a_first, b_first) if piece.metric.endswith("start") else (a_last + DAY, b_last + DAY)
        for days, sign in _between(then, now):
            for flow, direction in FLOWS_OF[piece.metric].items():
                found[replace(piece, metric=flow, first_day=days[0], last_day=days[1])] += often * sign * direction
    return {piece: often for piece, often in found.items() if often}


DAY = timedelta(days=1)


def _between(then: date, now: date) -> Iterator[tuple[tuple[date, date], int]]:
    """The days from one day up to before another, and 1; -1 where the second comes first; nothing where they are one."""
    if then < now:
        yield (then, now - DAY), 1
    elif now < then:
        yield (now, then - DAY), -1


# --- terms and steps


def _in_cells(reader: Reader, asked: Asked) -> Count:
    """Counts a piece by the cells of the publication."""

    def count(piece: Piece) -> int:
        if piece.only:
            return _cells(reader, asked, piece.metric, ()) - _cells(reader, asked, piece.metric, (piece.only,))
        return _cells(reader, asked, piece.metric, piece.without)

    return count


@contextmanager
def in_days(place: Place, reader: Reader, asked: Asked) -> Iterator[Count]:
    """Counts a piece on some days, by the members and the knowledge of the publication."""
    with catalogue_of(place, reader.snapshot.refresh.bundle) as catalogue, knowledge(reader, catalogue) as connection:
        yield partial(days_of, connection, catalogue, parameters(catalogue, reader.snapshot.refresh), asked)


def days_of(connection: Any, catalogue: Catalogue, values: Mapping[str, Any], asked: Asked, piece: Piece) -> int:
    """How many members of a flow count on the days of a piece."""
    metric = catalogue.metrics[piece.metric]
    counted = members_in(catalogue, metric, "audit/flow_counted", "audit/stock_counted")
    query = read_query(HOUSE / "sql", "audit/members_summed").over(counted=counted)
    bound = {
        **values, **metric.parameters, "metric": metric.id, "variant": None, "leaves_out": list(piece.without),
        **{f"is_{d}": asked.where.get(d) for d in BY}, "first_day": piece.first_day, "last_day": piece.last_day,
    }  # fmt: skip
    return int(connection.execute(query.text, query.bind(bound)).fetchall()[0][0])


def _cells(reader: Reader, asked: Asked, name: str, without: tuple[str, ...]) -> int:
    metric = reader.snapshot.metrics[name]
    reading = Variant(name_zh="", name_en="", of_scope="bridge", leaves_out=without)
    one = replace(asked, metric=metric.model_copy(update={"variants": {"bridge": reading}}), variant="bridge", by=())
    return sum(numerator for numerator, _ in reader.counted(one).values())


def _terms(reader: Reader, pieces: Sum, count: Count) -> list[Term]:
    """What comes in, then what goes out, in the order of the pieces."""
    ordered = sorted(pieces.items(), key=lambda item: (item[1] < 0, item[0].place))
    return [Term(piece, often, count(piece), *_names(reader, piece)) for piece, often in ordered]


def _names(reader: Reader, piece: Piece) -> tuple[str, str]:
    """What a piece is called: the metric, then which of its cases, then which days."""
    metric = reader.snapshot.metrics[piece.metric]
    what_zh = [_called(metric, code)[0] for code in (piece.only, *piece.without) if code]
    what_en = [_called(metric, code)[1] for code in (piece.only, *piece.without) if code]
    zh, en = metric.name_zh, metric.name_en
    if what_zh:
        zh += f"：{'' if piece.only else '不含'}{'、'.join(what_zh)}"
        en += f": {'' if piece.only else 'without '}{', '.join(what_en)}"
    if piece.first_day:
        zh, en = (f"{name}, {piece.first_day}..{piece.last_day}" for name in (zh, en))
    return zh, en


def _called(metric: Metric, code: str) -> tuple[str, str]:
    named: Iterable[Variant] = (v for v in metric.variants.values() if v.leaves_out == (code,))
    return next(((v.what_zh, v.what_en) for v in named), (code, code))


def _steps(left: Figure, above: Iterable[Term], below: Iterable[Term]) -> Iterator[Step]:
    """One term exchanged after another: above the line first."""
    numerator, denominator = left.numerator or 0, left.denominator or 0
    before = Fraction(numerator, denominator)
    for is_above, terms in ((True, above), (False, below)):
        for term in terms:
            numerator += term.amount if is_above else 0
            denominator += 0 if is_above else term.amount
            now = Fraction(numerator, denominator)
            yield Step(term, is_above, numerator, denominator, now - before)
            before = now


def _exact(figure: Figure) -> Fraction:
    return Fraction(figure.numerator or 0, figure.denominator or 1)
