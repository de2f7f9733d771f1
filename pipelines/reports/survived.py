"""How long cases last, as lines for a person, in both languages."""

from __future__ import annotations

from pipelines.reports.words import REASONS, columns, said, say
from warehouse.methods.survival import Curve
from warehouse.reading.survival import MARKS, SHARES, Survival

TITLE = ("Median days to closing (Kaplan–Meier)", "中位审理天数（Kaplan–Meier）")
CAVEATS = (
    ("A pending case has lasted at least until the counting day, a transferred one until its transfer: neither is left out.",
     "未结案件计至统计截止日，移送案件计至移送日，均作删失处理，不予剔除。"),
    ("Days run from registration to the first closing, nothing deducted; 终本 is a closing. All are counted, none is sampled.",
     "自立案日至首次结案日，不扣除；终本计为结案。数据为全数统计而非抽样。"),
)  # fmt: skip


def survival_lines(found: Survival, lang: str) -> list[str]:
    """Median and its interval, shares closed by days, the mean beside that of closed cases alone."""
    of = found.scope.as_json()
    scope = said(found.scope.filed, "scope", lang) if found.scope.filed else ""
    dims = ", ".join(f"{key}={value}" for key, value in of["dims"].items())
    span = f"{say(('registered', '立案'), lang)} {found.first_day}..{found.last_day}"
    lines = [" · ".join(part for part in (say(TITLE, lang), span, dims, scope, of["refresh_id"]) if part)]
    if found.curve is None:
        reason = found.reason or ""
        return [*lines, f"  {found.status}: {say(REASONS[reason], lang) if reason in REASONS else reason}"]
    lines += [_counts(found, found.curve, lang), _median(found.curve, lang), *_shares(found.curve, lang)]
    return [*lines, *_means(found, found.curve, lang), *(f"  {say(pair, lang)}" for pair in CAVEATS)]


def _counts(found: Survival, curve: Curve, lang: str) -> str:
    pending = curve.censored - found.transferred
    told = (
        f"{curve.cases:,} cases: {curve.closed:,} closed, {pending:,} pending, {found.transferred:,} transferred",
        f"{curve.cases:,}件：已结{curve.closed:,}，未结{pending:,}，移送{found.transferred:,}",
    )
    return f"  {say(told, lang)}"


def _median(curve: Curve, lang: str) -> str:
    if curve.median is None:
        never = ("median: not reached, more than half of them are not seen to close", "中位数：尚未达到，过半案件未见结案")
        return f"  {say(never, lang)}"
    low, high = (say(("beyond", "以上"), lang) if end is None else end for end in curve.median_interval())
    told = (
        f"median: {curve.median} days (95 % interval {low} to {high})",
        f"中位数：{curve.median}天（95%区间 {low} 至 {high}）",
    )
    return f"  {say(told, lang)}"


def _shares(curve: Curve, lang: str) -> list[str]:
    rows = [[say(pair, lang) for pair in (("after days", "天数"), ("still open", "仍未结"))]]
    rows += [[str(days), f"{curve.open_at(days):.2%}"] for days in MARKS if curve.knows(days)]
    by = [(share, curve.quantile(share)) for share in SHARES]
    told = [
        (f"{share:.0%} closed within {days} days", f"{share:.0%}在{days}天内结案") for share, days in by if days is not None
    ]
    return [f"  {line}" for line in (*columns(rows, frozenset({0, 1})), "; ".join(say(pair, lang) for pair in told)) if line]


def _means(found: Survival, curve: Curve, lang: str) -> list[str]:
    if curve.mean_of_closed is None:
        return []
    days, mean = found.restricted_days, curve.restricted_mean(found.restricted_days)
    told = (
        f"mean, each case counted up to {days} days: {mean:.1f} days; mean of the closed ones alone, whatever their days: "
        f"{curve.mean_of_closed:.1f}",
        f"平均（每案至多计{days}天）：{mean:.1f}天；仅已结案件的平均：{curve.mean_of_closed:.1f}天",
    )
    return [f"  {say(told, lang)}"]
