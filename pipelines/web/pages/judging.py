"""Whether a month is as usual: what its control chart says, in a word. No target is judged here, and no colour."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.catalogue.calendars import Period
from warehouse.reading.trend import Point, Trend


@dataclass(frozen=True)
class Judged:
    """`word` is `usual`, `high`, `low` or `none`; `reason` why there is no range; `rule` what fired in the month."""

    word: str
    lower: float | None
    upper: float | None
    rule: str | None = None
    reason: str | None = None


def judge(trend: Trend, period: Period) -> Judged | None:
    """What the chart says of one month; None where the month is not on it."""
    point = next((one for one in trend.points if one.figure.period.id == period.id), None)
    if point is None:
        return None
    if point.band is None or point.figure.value is None or point.left_out:
        return Judged("none", None, None, reason=point.left_out or _reason(trend, period))
    fired = [one.rule for one in trend.fired if one.first <= period.id <= one.last]
    word = "usual" if not fired else "high" if _is_above(point) else "low"
    rule = "beyond_limit" if "beyond_limit" in fired else fired[0] if fired else None
    return Judged(word, point.band.lower, point.band.upper, rule)


def _is_above(point: Point) -> bool:
    band, value = point.band, point.figure.value
    return band is not None and value is not None and value >= band.centre


def _reason(trend: Trend, period: Period) -> str | None:
    return next((one.reason for one in trend.segments if one.first <= period.id <= one.last), None)
