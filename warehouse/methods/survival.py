"""How long cases last, pending ones among them: Kaplan and Meier's estimate, numbers in and out.

A case that is still pending has lasted at least so long: it is censored, neither left out nor taken as closed. Who counts as
closed and who as censored is the caller's to say.

Sources: Kaplan and Meier, Nonparametric Estimation from Incomplete Observations, JASA 53 (1958); Greenwood's standard error
(1926); Brookmeyer and Crowley, A Confidence Interval for the Median Survival Time, Biometrics 38 (1982), on the scale of
log(−log S); dictionary, section 10.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log, sqrt

from warehouse.methods.rates import Z_TWO_SIDED


@dataclass(frozen=True)
class Step:
    """The curve from one day on which cases closed until the next: after it, the share `survival` is still open."""

    days: int
    at_risk: int
    closed: int
    survival: float
    error: float | None
    """Greenwood's standard error; none where nothing is left open."""


@dataclass(frozen=True)
class Curve:
    """The share still open, by days; it is 1 before the first step, and known up to `last_days`."""

    steps: tuple[Step, ...]
    cases: int
    closed: int
    last_days: int
    closed_days: int
    """The days of all closed cases together."""

    @property
    def censored(self) -> int:
        """Cases that had not closed when they were last seen."""
        return self.cases - self.closed

    @property
    def mean_of_closed(self) -> float | None:
        """The mean of the closed cases alone, which says too little: the long ones are still pending."""
        return self.closed_days / self.closed if self.closed else None

    @property
    def median(self) -> int | None:
        """The first day on which no more than half are open; none where the curve never comes down to a half."""
        return self.quantile(0.5)

    def quantile(self, share: float) -> int | None:
        """The first day on which at least so large a share is closed; none where that was not seen."""
        # 0.7 × … may come out a hair above the half that it is
        return next((step.days for step in self.steps if step.survival <= 1 - share + 1e-12), None)

    def open_at(self, days: int) -> float:
        """The share still open at the end of so many days.

        Raises:
            ValueError: nobody was followed so long.
        """
        self._require(days)
        return next((step.survival for step in reversed(self.steps) if step.days <= days), 1.0)

    def median_interval(self, z: float = Z_TWO_SIDED) -> tuple[int | None, int | None]:
        """The two-sided 95 % interval of the median: the days whose own interval on the curve holds a half.

        None for an end that was not seen.
        """
        inside = [step.days for step in self.steps if _holds_half(step, z)]
        below = [step.days for step in self.steps if step.survival <= 0.5 and not _holds_half(step, z)]
        upper = next((days for days in below if not inside or days > inside[-1]), None)
        return (inside[0] if inside else upper), upper

    def restricted_mean(self, days: int) -> float:
        """The mean of the days that a case is open, each counted up to so many: the area under the curve.

        Raises:
            ValueError: nobody was followed so long.
        """
        self._require(days)
        area, since, level = 0.0, 0, 1.0
        for step in self.steps:
            if step.days >= days:
                break
            area += level * (step.days - since)
            since, level = step.days, step.survival
        return area + level * (days - since)

    def knows(self, days: int) -> bool:
        """Whether somebody was followed so long, or nothing was left open before."""
        return 0 <= days <= self.last_days or (days > 0 and bool(self.steps) and self.steps[-1].survival == 0)

    def _require(self, days: int) -> None:
        if not self.knows(days):
            raise ValueError(f"no case was followed for [{days}] days. Ask for at most {self.last_days}")


def kaplan_meier(durations: Iterable[tuple[int, bool, int]]) -> Curve:
    """The curve of cases given as (days, whether closed then, how many). Of one day, closings come before censorings.

    Raises:
        ValueError: a duration or a number is negative.
    """
    closed: dict[int, int] = {}
    gone: dict[int, int] = {}
    for days, is_closed, cases in durations:
        if days < 0 or cases < 0:
            raise ValueError(f"[{cases}] cases cannot last [{days}] days. Give numbers from 0 on")
        gone[days] = gone.get(days, 0) + cases
        if is_closed and cases:
            closed[days] = closed.get(days, 0) + cases
    steps, at_risk, survival, hazard = [], sum(gone.values()), 1.0, 0.0
    for days in sorted(gone):
        if days in closed:
            left = at_risk - closed[days]
            survival *= left / at_risk
            hazard += closed[days] / (at_risk * left) if left else 0.0
            steps.append(Step(days, at_risk, closed[days], survival, survival * sqrt(hazard) if left else None))
        at_risk -= gone[days]
    total = sum(days * cases for days, cases in closed.items())
    return Curve(tuple(steps), sum(gone.values()), sum(closed.values()), max(gone, default=0), total)


def _holds_half(step: Step, z: float) -> bool:
    if not step.error:
        return False  # nothing is left open: the curve is certain to lie below a half
    half = z * step.error / (step.survival * abs(log(step.survival)))
    low, high = (exp(log(step.survival) * exp(sign * half)) for sign in (1, -1))
    return low <= 0.5 <= high
