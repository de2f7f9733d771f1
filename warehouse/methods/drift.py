"""Is a delivery unlike those before it? One new value of a series against its own history, numbers in and out.

Belongs here: the limits, and when an alarm is raised, stands, or has become the new level. Does not belong here: what is
measured (sql/drift), nor where history is kept (warehouse.refresh.drift).

The chart is that of individual values, with limits from the *median* moving range, which single faulty deliveries do not widen:
σ = median range / 0.954, so that 3 σ is 3.14 × it (Wheeler and Chambers, Understanding Statistical Process Control, 1992, table
A.1). Values are put on a scale on which chance alone has a known spread, and σ is never taken to be less than that: counts as
2√x, shares of n as 2√n·arcsin√p (Anscombe, The transformation of Poisson, binomial and negative-binomial data, Biometrika 35,
1948), so a share is judged by p′ (Laney, Quality Engineering 14, 2002): as wide as shares of this series really scatter. Only a
point beyond a limit is an alarm: the rules on runs would raise one wherever a court grows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asin, pi, sin, sqrt
from statistics import median
from typing import Literal

Kind = Literal["count", "share", "level"]
Verdict = Literal["learning", "held", "alarm", "standing", "accepted"]
"""Too little history; within the limits; beyond them for the first time; still there; so often that it is the new level."""

TO_SIGMA = 0.954
"""d4 of ranges of two: what their median is to the standard deviation."""
WINDOW = 60
"""The last deliveries that count as history."""
ACCEPTED_AFTER = 6
"""Deliveries in a row beyond one and the same limit after which it is the new level."""
RETURNED_AFTER = 6
"""Deliveries in a row within the limits after which a series has returned: before that no alarm is raised again. With a history
of fewer than `MANY` deliveries one is enough: of a weekly or yearly file each fault is another one."""
MANY = 30


@dataclass(frozen=True)
class Point:
    """One delivery in a series: what was measured, of how many, and what became of it then."""

    value: float
    n: int = 1
    verdict: Verdict = "held"


@dataclass(frozen=True)
class Judged:
    """What was expected of a delivery, in the unit of its value, and the verdict; no limits while too little is known."""

    verdict: Verdict
    centre: float | None = None
    lower: float | None = None
    upper: float | None = None


def judge(
    kind: Kind, history: Sequence[Point], new: Point, *, needs: int, limit: float = 3.0, floor: float = 1.0,
    one_sided: bool = False, rows: int = 1,
) -> Judged:  # fmt: skip
    """The verdict on a new value, its history in order; of it at most the last 60 count.

    Limits: centre ± `limit` × σ × (1 + 4/k), with k values in the history: 1 + 4/k is about the quantile of Student's t at
    three σ over 3 (k = 8: 4.5/3, 12: 3.9/3, 30: 3.3/3).

    Raises:
        ValueError: a count below 0, or a share outside 0 to 1.
    """
    _scaled(kind, new.value)
    base, beyond = _baseline(history[-WINDOW:])
    if len(base) < needs:
        return Judged("learning")
    centre = _centre(kind, base)
    scores = [_weight(kind, point.n) * (_scaled(kind, point.value) - centre) for point in base]
    ranges = [abs(after - before) for before, after in pairwise(scores)]
    sigma = max(floor, median(ranges) / TO_SIGMA) if ranges else floor
    reach = limit * sigma * (1 + 4 / len(base)) / _weight(kind, new.n)
    lower, upper = _unscaled(kind, centre - reach), _unscaled(kind, centre + reach)
    side = _side(new.value, lower, upper, one_sided)
    told = (_unscaled(kind, centre), None if one_sided else lower, upper)
    if side == 0 or new.n < min(rows, median(point.n for point in base) / 2):
        return Judged("held", *told)
    same = 0
    for point in reversed(beyond):
        if (point.value - told[0] > 0) != (side > 0):
            break
        same += 1
    if same == 0:
        lately = (
            point
            for point in history[-RETURNED_AFTER if len(base) >= MANY else len(history) :]
            if point.verdict in ("alarm", "standing")
        )
        is_known = any((point.value - told[0] > 0) == (side > 0) for point in lately)
        return Judged("standing" if is_known else "alarm", *told)
    return Judged("accepted" if same + 1 >= ACCEPTED_AFTER else "standing", *told)


def _baseline(history: Sequence[Point]) -> tuple[list[Point], list[Point]]:
    """What counts as history, and the points beyond the limits since the last one within them."""
    base: list[Point] = []
    beyond: list[Point] = []
    for point in history:
        if point.verdict == "accepted":
            base, beyond = [*beyond, point], []
        elif point.verdict in ("alarm", "standing"):
            beyond = [*beyond, point] if beyond and point.verdict == "standing" else [point]
        else:
            base.append(point)
            beyond = []
    return base, beyond


def _centre(kind: Kind, base: Sequence[Point]) -> float:
    """On the scale of the chart: of counts the median, of shares that of all rows together, of levels the median by rows."""
    if kind == "share":
        trials = sum(point.n for point in base)
        # half a success more: a code that was never seen is not impossible
        return asin(sqrt((sum(point.value * point.n for point in base) + 0.5) / (trials + 1)))
    if kind == "count":
        return median(_scaled(kind, point.value) for point in base)
    ordered = sorted(base, key=lambda point: point.value)
    half, so_far = sum(point.n for point in base) / 2, 0
    for point in ordered:
        so_far += point.n
        if so_far >= half:
            return point.value
    return ordered[-1].value


def _scaled(kind: Kind, value: float) -> float:
    if kind == "level":
        return value
    if value < 0 or (kind == "share" and value > 1):
        raise ValueError(f"[{value}] is no {kind}")
    return asin(sqrt(value)) if kind == "share" else sqrt(value)


def _unscaled(kind: Kind, place: float) -> float:
    if kind == "level":
        return place
    return float(sin(min(pi / 2, max(0.0, place))) ** 2) if kind == "share" else max(0.0, place) ** 2


def _weight(kind: Kind, n: int) -> float:
    return 2.0 if kind == "count" else (2.0 if kind == "share" else 1.0) * sqrt(max(n, 1))


def _side(value: float, lower: float, upper: float, one_sided: bool) -> int:
    """1 above, −1 below, 0 within; what differs in the last digits only is within."""
    slack = 1e-9 * max(1.0, abs(value))
    if value > upper + slack:
        return 1
    return -1 if value < lower - slack and not one_sided else 0
