"""A plan as lines for a person, in both languages."""

from __future__ import annotations

from statistics import fmean

from pipelines.reports.forecasts import WHY
from pipelines.reports.words import said, say
from warehouse.catalogue.calendars import month_id
from warehouse.reading.plan import FARTHEST, Plan

CAVEATS = (
    ("Filings are expected as forecasts expect them; the range is chance in them alone. Whether cases are ripe no number says.",
     "新收按预测方法估计，区间仅含新收的过程波动。案件能否审结，数字无从得知。"),
)  # fmt: skip


def plan_lines(found: Plan, lang: str) -> list[str]:
    """What is pending and comes in, the answer, and what was closed of late to hold it against."""
    of = found.scope.as_json()
    scope = said(found.scope.filed, "scope", lang) if found.scope.filed else ""
    dims = ", ".join(f"{key}={value}" for key, value in of["dims"].items())
    title = say(("Plan", "清案测算"), lang)
    if found.status != "published":
        reason = found.reason or ""
        return [" · ".join(part for part in (title, dims, of["refresh_id"]) if part),
                f"  {found.status}: {say(WHY[reason], lang) if reason in WHY else reason}"]  # fmt: skip
    come, gone = fmean(found.incoming), fmean(found.recent)
    stands = (f"{found.pending:,} pending at the end of {month_id(found.origin)}, {come:,.0f} a month expected to come in",
              f"{month_id(found.origin)}末未结{found.pending:,}件，预计月均新收{come:,.0f}件")  # fmt: skip
    late = (f"closed in the last 12 whole months: {gone:,.0f} a month, {min(found.recent):,} to {max(found.recent):,}",
            f"近12个完整月份月均结案{gone:,.0f}件（{min(found.recent):,}至{max(found.recent):,}）")  # fmt: skip
    lines = [" · ".join(part for part in (title, dims, scope, of["refresh_id"]) if part)]
    return [*lines, *(f"  {say(pair, lang)}" for pair in (stands, _answer(found), late, *CAVEATS))]


def _answer(found: Plan) -> tuple[str, str]:
    """The answer in both languages."""
    if found.until is not None:
        return _needed(found, month_id(found.until))
    early, by_then, late = map(found.month, found.cleared)
    gone = f"{found.closings:,}"
    if found.pending <= found.left:
        return f"no more than {found.left:,} are pending already", f"未结已不超过{found.left:,}件"
    if by_then is None:
        grows = (found.closings or 0) <= fmean(found.incoming)
        more, more_zh = (": no fewer come in", "：新收不少于此数") if grows else ("", "")
        return (f"{gone} closings a month do not clear {_backlog(found)} within {FARTHEST} months{more}",
                f"每月结案{gone}件，{FARTHEST}个月内不能{_backlog_zh(found)}{more_zh}")  # fmt: skip
    end = late or f"after {month_id(found.origin + FARTHEST)}"
    end_zh = late or f"{month_id(found.origin + FARTHEST)}以后"
    return (f"{gone} closings a month clear {_backlog(found)} by {by_then} (by chance alone {early} to {end})",
            f"每月结案{gone}件，至{by_then}{_backlog_zh(found)}（过程波动 {early} 至 {end_zh}）")  # fmt: skip


def _needed(found: Plan, by: str) -> tuple[str, str]:
    low, needed, high = found.needed
    return (f"{needed:,} closings a month clear {_backlog(found)} by {by} (by chance alone {low:,} to {high:,})",
            f"至{by}{_backlog_zh(found)}，每月需结案{needed:,}件（过程波动 {low:,} 至 {high:,}）")  # fmt: skip


def _backlog(found: Plan) -> str:
    return f"the backlog down to {found.left:,}" if found.left else "the backlog"


def _backlog_zh(found: Plan) -> str:
    return f"将未结降至{found.left:,}件" if found.left else "清结存案"
