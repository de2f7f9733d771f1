"""Rates and how sure they are: numbers in, numbers out (dictionary, section 10)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, sqrt
from statistics import fmean, pstdev

Z_TWO_SIDED = 1.959963984540054
"""z(0.975): the two-sided 95 % interval."""
Z_ONE_SIDED = 1.6448536269514722
"""z(0.95): the one-sided lower 95 % bound."""


def wilson(successes: int, trials: int, z: float = Z_TWO_SIDED) -> tuple[float, float]:
    """The Wilson score interval of a share, both ends between 0 and 1 (Wilson 1927; dictionary, section 10).

    Registrations are a census: the interval describes the process that made them, not a sample of them.

    Raises:
        ValueError: no trials, or more successes than trials.
    """
    if trials <= 0 or not 0 <= successes <= trials:
        raise ValueError(f"[{successes}] of [{trials}] is no share. Give 0 <= successes <= trials and trials > 0")
    share = successes / trials
    weight = 1 + z * z / trials
    centre = (share + z * z / (2 * trials)) / weight
    half = z / weight * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    lower = centre - half if successes else 0.0
    upper = centre + half if successes < trials else 1.0
    return max(0.0, lower), min(1.0, upper)


def is_shown(successes: int, trials: int, target: float) -> bool:
    """Whether a floor is shown to be reached: the one-sided lower 95 % bound is not below it."""
    return wilson(successes, trials, Z_ONE_SIDED)[0] >= target


def short_by(successes: int, trials: int, target: float) -> int:
    """How many of the trials already decided are missing to the target; 0 when it is met. Exact, without binary rounding."""
    return max(0, ceil(Fraction(str(target)) * trials - successes))


def need_in_a_row(successes: int, trials: int, target: float) -> int:
    """How many successes in a row would bring the share to the target; 0 when it is met. Exact, without binary rounding.

    Raises:
        ValueError: the target is not below 1: after one failure no number of successes reaches it.
    """
    goal = Fraction(str(target))
    if goal >= 1:
        raise ValueError(f"a target of [{target}] is never reached after a failure. Give one below 1")
    return max(0, ceil((goal * trials - successes) / (1 - goal)))


def evenness(counts: Sequence[int]) -> float | None:
    """1 less the coefficient of variation: 1 when all counts are equal; none where nothing was counted (M34, [operational]).

    The deviation is that of the counts themselves, divided by their number: twelve months are the whole of a year.
    """
    mean = fmean(counts) if counts else 0.0
    return 1 - pstdev(counts) / mean if mean else None
