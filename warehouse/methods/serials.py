"""How many numbers of a series are missing, from those that were seen: k of 1 … N, the greatest of them m.

Belongs here: the estimate and its interval. Does not belong here: which numbers were seen (sql/audit/serials_seen.sql).

Up to m the missing ones are known: m − k. How many were given beyond m is estimated as if the k seen were drawn from 1 … N
without order and without replacement: N̂ = m + m/k − 1, the unbiased estimate of least variance (Goodman, Serial number
analysis, Journal of the American Statistical Association 47, 1952; it is the "German tank" estimate). The interval is exact:
P(greatest ≤ m | N) = C(m, k) / C(N, k), and the upper end is the largest N for which that is at least 1 − confidence; the lower
end is m, for no fewer numbers can have been given.
"""

from __future__ import annotations

from dataclasses import dataclass

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Missing:
    """Numbers missing in one series: those below the greatest seen, and those beyond it as estimated."""

    seen: int
    greatest: int
    within: int
    given: float
    """N̂: how many numbers were given in all."""
    most_given: int
    """The upper end of the interval of N; its lower end is `greatest`."""

    @property
    def estimate(self) -> float:
        """Numbers missing in all: N̂ − k."""
        return self.given - self.seen

    @property
    def most(self) -> int:
        """The most that can be missing, with the confidence asked for."""
        return self.most_given - self.seen


def missing(seen: int, greatest: int, confidence: float = CONFIDENCE) -> Missing:
    """What is missing of a series of which `seen` different numbers are known, the greatest of them `greatest`.

    Raises:
        ValueError: nothing was seen, more numbers than the greatest, or a confidence that is no share between 0 and 1.
    """
    if not 1 <= seen <= greatest:
        raise ValueError(f"[{seen}] different numbers from 1 cannot have [{greatest}] as the greatest")
    if not 0 < confidence < 1:
        raise ValueError(f"[{confidence}] is no confidence between 0 and 1")
    return Missing(
        seen, greatest, greatest - seen, greatest + greatest / seen - 1, _most(seen, greatest, (1 - confidence) * (1 - 1e-9))
    )


def _most(seen: int, greatest: int, least: float) -> int:
    """The largest N with C(m, k) / C(N, k) ≥ `least`; the ratio falls by (N + 1 − k) / (N + 1) with each further number."""
    ratio, given = 1.0, greatest
    while True:
        further = ratio * (given + 1 - seen) / (given + 1)
        if further < least:
            return given
        ratio, given = further, given + 1
        if given > 1000 * greatest:  # one number seen: with 95 % no more than 20 times the greatest
            return given
