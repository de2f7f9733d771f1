"""Forecasts as lines for a person, in both languages: the months to come, and how far such forecasts were off."""

from __future__ import annotations

from pipelines.reports.words import REASONS, columns, said, say
from warehouse.catalogue.calendars import month_id
from warehouse.methods.forecast import Errors, Expected
from warehouse.reading.forecast import SERIES, Forecast

WORDS = {"incoming": ("filed", "新收"), "closed": ("closed", "结案"), "pending": ("pending", "未结")}
WHY = {**REASONS, "too_short": ("fewer than 12 whole months of history", "完整历史月份不足12个")}
ENOUGH = 0.9
"""Of numbers inside an interval of 95 %: below this it is said that intervals were too narrow."""
CAVEATS = (
    ("Intervals (95 %) are chance alone, which cases close and how many come in; all else stays as in the last 12 months.",
     "区间（95%）仅含过程波动：哪些案件结案、多少案件新收；以法院保持近12个月的状态为前提。"),
    ("Past forecasts: what the same method would have said at the end of each earlier month, from what is known today.",
     "历史预测为同一方法在以往各月末依今日所知数据所作的预测。"),
)  # fmt: skip


def forecast_lines(found: Forecast, lang: str) -> list[str]:
    """A line a month, then the past errors of each series beside those of the seasonal naive forecast."""
    of = found.scope.as_json()
    scope = said(found.scope.filed, "scope", lang) if found.scope.filed else ""
    dims = ", ".join(f"{key}={value}" for key, value in of["dims"].items())
    title = say(("Forecast", "预测"), lang)
    if not found.months:
        reason = found.reason or ""
        return [" · ".join(part for part in (title, dims, of["refresh_id"]) if part),
                f"  {found.status}: {say(WHY[reason], lang) if reason in WHY else reason}"]  # fmt: skip
    rests = say(("from whole months {} to {}", "依据完整月份 {} 至 {}"), lang).format(
        month_id(found.first), month_id(found.origin)
    )
    lines = [" · ".join(part for part in (title, rests, dims, scope, of["refresh_id"]) if part)]
    head = [say(("month", "月份"), lang), *(say(WORDS[name], lang) for name in SERIES)]
    rows = [[month_id(found.origin + ahead), *(_shown(getattr(month, name)) for name in SERIES)]
            for ahead, month in enumerate(found.months, 1)]  # fmt: skip
    lines += [f"  {line}" for line in columns([head, *rows], frozenset({1, 2, 3}))]
    return [*lines, *(f"  {line}" for line in _past(found, lang)), *(f"  {say(pair, lang)}" for pair in CAVEATS)]


def _shown(found: Expected) -> str:
    low, high = found.interval()
    return f"{found.mean:,.0f} ({low:,.0f}–{high:,.0f})"


def _past(found: Forecast, lang: str) -> list[str]:
    """How far such forecasts were off, by series and months ahead, beside the same month of the year before."""
    if not found.past:
        none = ("no past forecast to judge by: the history is too short for one", "历史过短，尚无可供检验的历史预测")
        return [say(none, lang)]
    pairs = (
        ("past forecasts of", "历史预测"), ("months ahead", "提前月数"), ("number", "次数"), ("off by", "平均绝对误差"),
        ("a year before off by", "上年同月法误差"), ("actual − forecast", "实际−预测"), ("inside interval", "落在区间内"),
    )  # fmt: skip
    rows = [[say(pair, lang) for pair in pairs]]
    for name in SERIES:
        steps = found.past[name]
        rows += [
            _errors(say(WORDS[name], lang), ahead, steps[ahead - 1]) for ahead in sorted({1, (len(steps) + 1) // 2, len(steps)})
        ]
    held = min(one.inside for steps in found.past.values() for one in steps)
    narrow = (f"intervals were too narrow, as few as {held:.0%} of the numbers lay inside: count on the errors above",
              f"区间偏窄，最少时仅{held:.0%}落在区间内：请以上列误差为准")  # fmt: skip
    return [*columns(rows, frozenset(range(1, 7))), *([say(narrow, lang)] if held < ENOUGH else [])]


def _errors(name: str, ahead: int, found: Errors) -> list[str]:
    return [name, str(ahead), str(found.forecasts), f"{found.mean_absolute:,.0f}", f"{found.naive_mean_absolute:,.0f}",
            f"{found.bias:+,.0f}", f"{found.inside:.0%}"]  # fmt: skip
