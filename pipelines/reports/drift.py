"""Drift for a person: which deliveries are unlike those before them, in what, since when, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from pipelines.reports.words import columns, say
from warehouse.audit.drift import Measured, Series
from warehouse.catalogue.drift import Measure

SERIES = 12
"""So many series of numbers are named on the screen; `--json` has all of them."""


def drift_lines(alarms: Sequence[Measured], series: Sequence[Series], lang: str) -> list[str]:
    """The alarms that stand, by measure, and the series of numbers with gaps."""
    lines = [say(("Alarms inform, they withhold nothing: a delivery is unlike those before it.",
                  "以下为提示，不扣留任何数字：该批报送与以往不同。"), lang)]  # fmt: skip
    if not alarms:
        lines += ["", say(("none", "无"), lang)]
    for _, group in groupby(
        sorted(alarms, key=lambda one: (one.measure.id, one.source, one.series)), key=lambda one: one.measure.id
    ):
        mine = list(group)
        one = mine[0].measure
        lines += ["", f"{one.id} · {_name(one, lang)} ({one.unit})"]
        heads = (
            ("source", "来源"),
            ("series", "系列"),
            ("delivery", "文件"),
            ("value", "数值"),
            ("expected", "预期区间"),
            ("since", "自"),
        )
        table = [[say(pair, lang) for pair in heads]]
        table += [
            [m.source, m.series, m.file, _told(m.value), _interval(m), str(m.since_extract_on or m.extract_on)] for m in mine
        ]
        lines += [f"  {line}" for line in columns(table, frozenset({3}))]
        lines.append(f"  {say(('to do', '处理'), lang)}: {one.remedy_zh if lang == 'zh' else one.remedy_en}")
    return lines + _serial_lines(series, lang)


def measure_lines(measures: Sequence[Measure], found: Sequence[Measured], lang: str) -> list[str]:
    """Every measure with what it says, what it needs and why, and how its series stand."""
    lines = []
    for one in measures:
        mine = [m for m in found if m.measure.id == one.id]
        counts = {name: sum(m.verdict == name for m in mine) for name in ("learning", "held", "alarm", "standing", "accepted")}
        stand = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or say(("not measured", "未测量"), lang)
        lines += [f"{one.id} · {_name(one, lang)} ({one.unit})", f"  {one.measures_zh if lang == 'zh' else one.measures_en}",
                  f"  {say(('series', '系列'), lang)}: {stand}; {say(('history needed', '所需历史'), lang)}: {one.needs}; "
                  f"{say(('limit', '界限'), lang)}: {one.limit:g} σ",
                  f"  {one.reason}", ""]  # fmt: skip
    return lines


def _serial_lines(series: Sequence[Series], lang: str) -> list[str]:
    if not series:
        return []
    worst = sorted(series, key=lambda one: (-one.missing.within, one.court, one.year, one.characters))
    lines = [
        "",
        say(("Case numbers missing: known below the greatest, and estimated in all", "案号缺号：已知数与估计总数"), lang),
    ]
    heads = (("court", "法院"), ("year", "年份"), ("type", "代字"), ("seen", "已报"), ("greatest", "最大编号"),
             ("missing", "缺号"), ("estimated", "估计"), ("at most, 95 %", "至多（95%）"))  # fmt: skip
    table = [[say(pair, lang) for pair in heads]]
    for one in worst[:SERIES]:
        found = one.missing
        table.append([one.court, str(one.year), one.characters, f"{found.seen:,}", f"{found.greatest:,}", f"{found.within:,}",
                      f"{found.estimate:,.1f}", f"{found.most:,}"])  # fmt: skip
    lines += [f"  {line}" for line in columns(table, frozenset({3, 4, 5, 6, 7}))]
    left = len(worst) - SERIES
    return lines + ([say((f"  and {left:,} more: --json", f"  另有 {left:,} 个：--json"), lang)] if left > 0 else [])


def _name(one: Measure, lang: str) -> str:
    return one.name_zh if lang == "zh" else one.name_en


def _told(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) and abs(value) >= 2 else f"{value:.4g}"


def _interval(one: Measured) -> str:
    lower = "" if one.lower is None else _told(one.lower)
    return f"{lower}..{'' if one.upper is None else _told(one.upper)}"
