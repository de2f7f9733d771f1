"""Control charts: within which limits a process moves by itself, and which points say that it changed.

Belongs here: limits and signals of one unbroken series, numbers in and out. Does not belong here: where a series breaks.
Limits are computed once for all points of a series and are never set anew by what they show.

Sources: dictionary, section 10; Wheeler, Understanding Variation (1993), for XmR and its rules; Laney, Improved Control Charts
for Attributes, Quality Engineering 14 (2002), for p′.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean
from typing import Literal

Rule = Literal["beyond_limit", "wide_range", "near_limit", "long_run"]

MINIMUM = 12
"""Points that limits need."""
BIAS = 1.128
"""d2 of ranges of two: what the mean range of two values is to their standard deviation."""
TO_LIMITS, TO_RANGE_LIMIT = 2.66, 3.268
"""3 / 1.128, and D4 of ranges of two."""
RUN = 8
"""Points in a row on one side of the centre that make a signal."""
NEAR, OF = 3, 4
"""Points out of so many in a row that make a signal when they are nearer to one limit than to the centre."""


@dataclass(frozen=True)
class Band:
    """What is expected of one point."""

    centre: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Signal:
    """A rule that fired, and the points that it stands on, by their places from `first` to `last`, both counted."""

    rule: Rule
    first: int
    last: int


@dataclass(frozen=True)
class Chart:
    """A series with its limits, a band a point (none where a point does not count); without limits the reason."""

    bands: tuple[Band | None, ...]
    signals: tuple[Signal, ...] = ()
    range_limit: float | None = None
    reason: Literal["too_few_points", "no_variation"] | None = None


def xmr(values: Sequence[float | None], at_least: int = MINIMUM) -> Chart:
    """The chart of individual values: mean ± 2.66 × mean moving range; ranges up to 3.268 × their mean.

    None is a gap: no range is taken over it, no rule looks across it.
    """
    known = [value for value in values if value is not None]
    if len(known) < at_least:
        return _without(values, "too_few_points")
    ranges = _ranges(values)
    mean_range = _mean(ranges)
    if not mean_range:
        return _without(values, "no_variation")
    centre, half, range_limit = fmean(known), TO_LIMITS * mean_range, TO_RANGE_LIMIT * mean_range
    bands = tuple(None if value is None else Band(centre, centre - half, centre + half) for value in values)
    scores = [None if value is None else (value - centre) / half for value in values]
    wide = [Signal("wide_range", place - 1, place) for place, found in enumerate(ranges) if found and found > range_limit]
    return Chart(bands, _ordered([*signals(scores), *wide]), range_limit)


def p_chart(counts: Sequence[tuple[int, int] | None], *, laney: bool = True, at_least: int = MINIMUM) -> Chart:
    """The chart of shares (successes, trials): p′ by Laney, with limits as wide as the shares really scatter; or plain p.

    Each point has its own limits, clipped to between 0 and 1. None, or a point without trials, is a gap.
    """
    known = [count for count in counts if count and count[1]]
    if len(known) < at_least:
        return _without(counts, "too_few_points")
    centre = sum(x for x, _ in known) / sum(n for _, n in known)
    if centre in (0, 1):
        return _without(counts, "no_variation")
    sigmas = [sqrt(centre * (1 - centre) / count[1]) if count and count[1] else None for count in counts]
    scores = [None if not count or not sigma else (count[0] / count[1] - centre) / sigma
              for count, sigma in zip(counts, sigmas, strict=True)]  # fmt: skip
    spread = _mean(_ranges(scores)) / BIAS if laney else 1.0
    if not spread:
        return _without(counts, "no_variation")
    halves = [None if sigma is None else 3 * sigma * spread for sigma in sigmas]
    bands = tuple(None if half is None else Band(centre, max(0.0, centre - half), min(1.0, centre + half)) for half in halves)
    return Chart(bands, _ordered(signals([None if score is None else score / (3 * spread) for score in scores])))


def signals(scores: Sequence[float | None]) -> list[Signal]:
    """The rules that fire, by each point's place between centre (0) and limits (−1, 1).

    `beyond_limit`: one point outside; `near_limit`: three of four in a row nearer to one and the same limit than to the
    centre; `long_run`: eight or more in a row on one side of it (Wheeler 1993, rules 1 to 3).
    """
    found = [Signal("beyond_limit", place, place) for place, score in enumerate(scores) if score is not None and abs(score) > 1]
    for side in (1, -1):
        on_side = [None if score is None else score * side for score in scores]
        found += _stretches("near_limit", on_side, OF, NEAR, 0.5)
        found += _stretches("long_run", on_side, RUN, RUN, 0.0)
    return found


def _stretches(rule: Rule, scores: Sequence[float | None], length: int, least: int, above: float) -> list[Signal]:
    """A signal for each stretch of windows of which at least so many lie above; it begins and ends with one that does.

    Windows that overlap are one stretch; one with a gap in it is none.
    """
    found: list[Signal] = []
    for first in range(len(scores) - length + 1):
        window = scores[first : first + length]
        high = [first + place for place, score in enumerate(window) if score is not None and score > above]
        if None in window or len(high) < least:
            continue
        begin = found.pop().first if found and found[-1].last >= first else high[0]
        found.append(Signal(rule, begin, high[-1]))
    return found


def _ranges(values: Sequence[float | None]) -> list[float | None]:
    """How far each value lies from the one before it; none at the first and at gaps."""
    pairs = zip([None, *values], values, strict=False)
    return [None if before is None or value is None else abs(value - before) for before, value in pairs]


def _mean(ranges: Sequence[float | None]) -> float:
    known = [found for found in ranges if found is not None]
    return fmean(known) if known else 0.0


def _ordered(found: Sequence[Signal]) -> tuple[Signal, ...]:
    return tuple(sorted(found, key=lambda signal: (signal.first, signal.last, signal.rule)))


def _without(points: Sequence[object], reason: Literal["too_few_points", "no_variation"]) -> Chart:
    return Chart(tuple(None for _ in points), reason=reason)
