"""What to expect of the coming months: closings from the ages of the pending cases, filings from their own past.

Each month a case closes with a probability that depends on how many months ago it was filed, more in some months of the
year than in others; who stays is a month older.
Intervals are process variation alone: chance in which cases close (binomial) and how many come in (Poisson), with the
probabilities taken as known and staying as they are. Numbers in and out; what a family is, is the caller's to say.

Source: dictionary, section 10. The seasonal naive forecast that it is held against is that of Hyndman and Athanasopoulos,
Forecasting: Principles and Practice (3rd edition, 2021), section 5.2.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import fmean

from warehouse.methods.rates import Z_TWO_SIDED

YEAR = 12
"""Months of history that a forecast needs, over which probabilities are taken, and after which a season returns."""
AGES = (0, 1, 3, 6, 12, 18, 36)
"""The first month of age of each bucket; 0 is the month of filing. Close to the buckets of `pending_age_buckets`."""


@dataclass(frozen=True)
class Expected:
    """A number that is not known yet: its mean and its variance."""

    mean: float
    variance: float

    def __add__(self, other: Expected) -> Expected:
        """Of two that have nothing to do with each other."""
        return Expected(self.mean + other.mean, self.variance + other.variance)

    def interval(self, z: float = Z_TWO_SIDED) -> tuple[float, float]:
        """The two-sided 95 % interval of process variation; never below 0."""
        half = z * sqrt(self.variance)
        return max(0.0, self.mean - half), self.mean + half


@dataclass(frozen=True)
class Month:
    """One month to come."""

    incoming: Expected
    closed: Expected
    pending: Expected

    def __add__(self, other: Month) -> Month:
        """Of two families."""
        return Month(self.incoming + other.incoming, self.closed + other.closed, self.pending + other.pending)


@dataclass(frozen=True)
class Errors:
    """How forecasts went, once the month was known: mean absolute errors, the mean of actual − forecast, and which share of
    the actual numbers lay inside the interval."""

    forecasts: int
    mean_absolute: float
    naive_mean_absolute: float
    bias: float
    inside: float


@dataclass(frozen=True)
class Past:
    """One forecast of a month that is known by now, beside the seasonal naive one."""

    actual: int
    expected: Expected
    naive: int


def bucket_of(age: int) -> int:
    """The bucket of an age in months."""
    return bisect_right(AGES, age) - 1


def hazards(at_risk: Sequence[int], closed: Sequence[int]) -> list[float]:
    """The monthly probability of closing by bucket, from those at risk and those closed by bucket.

    A bucket in which nobody was takes that of the bucket before it.
    """
    found: list[float] = []
    for exposed, closings in zip(at_risk, closed, strict=True):
        found.append(closings / exposed if exposed else found[-1] if found else 0.0)
    return found


def closings(stock: Sequence[float], chances: Sequence[float]) -> Expected:
    """How many of a stock by bucket close in one month, by the chances of the buckets."""
    pairs = list(zip(stock, chances, strict=True))
    return Expected(sum(n * h for n, h in pairs), sum(n * h * (1 - h) for n, h in pairs))


def in_season(chances: Sequence[float], factor: float) -> list[float]:
    """The chances of a month in which so many times more close than usual; none above 1."""
    return [min(1.0, chance * factor) for chance in chances]


def project(stock: Sequence[int], chances: Sequence[Sequence[float]], incoming: Sequence[float]) -> list[Month]:
    """The months to come: of each its chances by bucket, and its expected filings.

    `stock` is what is pending by age in months at the begin of the first of them (the ages from 1 on, so `stock[0]` was
    filed in the month before). Pending cases close or stay independently of each other; of cases
    that come in by Poisson's law, those closed in a month and those pending are Poisson again, so variances are exact.
    """
    held = [(age, float(cases), 1.0) for age, cases in enumerate(stock, 1) if cases]
    came: list[tuple[int, float]] = []
    months = []
    for chance, arriving in zip(chances, incoming, strict=True):
        came.append((0, arriving))
        gone, left = Expected(0.0, 0.0), Expected(0.0, 0.0)
        for place, (age, cases, open_still) in enumerate(held):
            going = open_still * chance[bucket_of(age)]
            staying = open_still - going
            gone += Expected(cases * going, cases * going * (1 - going))
            left += Expected(cases * staying, cases * staying * (1 - staying))
            held[place] = (age + 1, cases, staying)
        for place, (age, cases) in enumerate(came):
            going = cases * chance[bucket_of(age)]
            gone += Expected(going, going)
            left += Expected(cases - going, cases - going)
            came[place] = (age + 1, cases - going)
        months.append(Month(Expected(arriving, arriving), gone, left))
    return months


def seasonal(history: Sequence[float], months: int) -> list[float]:
    """What to expect of the coming months: the mean of the last twelve, times how the month usually stands to its year.

    "Usually" is the mean over the years of twelve months that end with the history; of one year it is that year itself.

    Raises:
        ValueError: the history is shorter than twelve months.
    """
    _require(history)
    years = [history[end - YEAR : end] for end in range(len(history), YEAR - 1, -YEAR)]
    means = [fmean(year) for year in years]
    level = means[0]
    usual = [fmean([year[place] / mean for year, mean in zip(years, means, strict=True) if mean] or [0.0])
             for place in range(YEAR)]  # fmt: skip
    return [level * usual[month % YEAR] for month in range(months)]


def seasonal_naive(history: Sequence[int], months: int) -> list[int]:
    """The forecast that a better one must beat: each month as the same month a year before.

    Raises:
        ValueError: the history is shorter than twelve months.
    """
    _require(history)
    return [history[len(history) - YEAR + month % YEAR] for month in range(months)]


def errors(past: Sequence[Past]) -> Errors:
    """How past forecasts went.

    Raises:
        ValueError: there are none.
    """
    if not past:
        raise ValueError("there is no past forecast to judge by. Give at least one")
    inside = [low <= one.actual <= high for one in past for low, high in [one.expected.interval()]]
    return Errors(
        len(past), fmean(abs(one.actual - one.expected.mean) for one in past),
        fmean(abs(one.actual - one.naive) for one in past), fmean(one.actual - one.expected.mean for one in past),
        fmean(inside),
    )  # fmt: skip


def cleared_in(pending: int, incoming: Sequence[float], closings: int, left: int = 0, z: float = 0.0) -> int | None:
    """After how many months no more than `left` are pending, with so many closings a month; None where not in these months.

    `incoming` are the filings expected of each month; with `z` as many more came in as happens by chance alone.
    """
    came = 0.0
    if pending <= left:
        return 0
    for months, arriving in enumerate(incoming, 1):
        came += arriving
        if pending + came + z * sqrt(came) - closings * months <= left:
            return months
    return None


def closings_needed(pending: int, incoming: Sequence[float], left: int = 0, z: float = 0.0) -> int:
    """How many closings a month leave no more than `left` pending at the end of these months.

    Raises:
        ValueError: there is no month to close in.
    """
    if not incoming:
        raise ValueError("there is no month to close in. Give at least one")
    came = sum(incoming)
    return max(0, ceil((pending + came + z * sqrt(came) - left) / len(incoming) - 1e-9))


def _require(history: Sequence[float]) -> None:
    if len(history) < YEAR:
        raise ValueError(f"[{len(history)}] months are too short a history. Give at least {YEAR}")
