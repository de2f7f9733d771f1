"""Control charts as lines for a person, in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.reports.words import REASONS, columns, said, say
from warehouse.reading.trend import Point, Trend

RULES = {
    "beyond_limit": ("beyond a limit", "超出控制限"),
    "wide_range": ("a step too wide from one month to the next", "相邻两月变动过大"),
    "near_limit": ("three of four months nearer to one limit than to the centre", "连续四月中有三月接近同一控制限"),
    "long_run": ("eight or more months in a row on one side of the centre", "连续八月以上在中心线同侧"),
}
LEFT_OUT = {
    **REASONS,
    "partial": ("a part of a month", "不足整月"),
    "partly_in_force": ("in force for a part of the month", "当月部分时间施行"),
}
WITHOUT = {
    "too_few_points": ("no limits: fewer than 12 months that count", "无控制限：可计月份不足12个"),
    "no_variation": ("no limits: nothing varies", "无控制限：无变动"),
}
CHARTS = {"p_prime": ("p′ chart", "p′图"), "xmr": ("XmR chart", "XmR图")}
CAVEATS = {
    "flow": (
        "Limits say how the process moves by itself. They know no season: read a month beside the same month of other years.",
        "控制限说明过程自身的波动，不含季节因素：请与往年同月对照。",
    ),
    "stock": (
        "A stock goes on from month to month, so limits are too narrow and runs are common: look at its flows.",
        "存量逐月延续，控制限偏窄、同侧连续常见：请同时看新收与结案。",
    ),
    "share": (
        "All cases are counted, none is sampled: the limits describe the process.",
        "数据为全数统计而非抽样：控制限描述过程。",
    ),
}


def trend_lines(found: Trend, lang: str) -> list[str]:
    """Months with limits and what fired, then each signal with its months, then what limits there are and what they say."""
    of = found.figure
    metric = of.metric
    dims = ", ".join(f"{key}={value}" for key, value in of.dims.items())
    name = metric.name_zh if lang == "zh" else metric.name_en
    lines = [
        " · ".join(part for part in (name, of.name, dims, say(CHARTS[found.chart], lang), said(metric, "scope", lang)) if part)
    ]
    rows = [[say(pair, lang) for pair in (("month", "月份"), ("value", "数值"), ("lower", "下限"), ("centre", "中心"),
                                          ("upper", "上限"), ("", ""))]]  # fmt: skip
    rows += [_row(found, point, lang) for point in found.points]
    lines += [f"  {line}" for line in columns(rows, frozenset({1, 2, 3, 4}))]
    lines += [f"  {one.first}..{one.last}: {say(RULES[one.rule], lang)}" if one.first != one.last
              else f"  {one.first}: {say(RULES[one.rule], lang)}" for one in found.fired]  # fmt: skip
    for one in found.segments:
        if one.reason and (one.points or not found.breaks):
            lines.append(f"  {one.first}..{one.last}: {say(WITHOUT[one.reason], lang)}")
    if found.breaks:
        lines.append(f"  {say(('the series begins anew at', '序列中断，重新起算于'), lang)} {', '.join(found.breaks)}")
    lines += [f"  {say(('evenness of closings [operational]', '结案均衡度［操作定义］'), lang)} {year}: {value:.4f}"
              for year, value in found.evenness.items() if value is not None]  # fmt: skip
    return [*lines, f"  {say(CAVEATS.get(metric.kind, CAVEATS['flow']), lang)}"]


def trends_lines(found: Sequence[Trend], lang: str) -> list[str]:
    """All of them, in the order of their dimensions' values, never of a rate."""
    return [line for one in found for line in (*trend_lines(one, lang), "")][:-1]


def _row(found: Trend, point: Point, lang: str) -> list[str]:
    figure, band = point.figure, point.band
    value = "" if figure.value is None else _number(found, figure.value)
    limits = [_number(found, number) for number in (band.lower, band.centre, band.upper)] if band else [""] * 3
    why = point.left_out
    is_marked = any(one.first <= figure.period.id <= one.last for one in found.fired)
    told = say(LEFT_OUT[why], lang) if why in LEFT_OUT else why or ("*" if is_marked else "")
    return [figure.period.id, value, *limits, told]


def _number(found: Trend, value: float) -> str:
    kind, unit = found.figure.metric.kind, found.figure.metric.unit
    if unit == "share":
        return f"{value:.2%}"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}" if kind in ("flow", "stock") else f"{value:,.2f}"
