"""Patterns for a person: what each shows, how many in which month, and the cases."""

from __future__ import annotations

from collections.abc import Sequence
from string import Template

from pipelines.reports.words import columns, say
from warehouse.audit.patterns import Seen

CASES = 20
"""So many cases of a pattern are named on the screen; `--json` has all of them."""


def patterns_lines(found: Sequence[Seen], lang: str, with_cases: bool) -> list[str]:
    """Name, meaning, what may lie behind it, and the months; with the cases where one pattern is asked for."""
    lines = [
        say(
            ("Patterns, not findings: each may have a good reason.", "以下为数据形态提示，并非问题认定，均可能有正当原因。"),
            lang,
        )
    ]
    for seen in found:
        one = seen.pattern
        name, shows, may_be, among, measure = (
            (one.name_zh, one.shows_zh, one.may_be_zh, one.among_zh, one.measure_zh) if lang == "zh"
            else (one.name_en, one.shows_en, one.may_be_en, one.among_en, one.measure_en)
        )  # fmt: skip
        told = Template(shows).safe_substitute({key: str(value) for key, value in one.parameters.items()})
        lines += ["", f"{one.id} · {name}", f"  {told}", f"  {say(('it may be', '可能原因'), lang)}: {may_be}"]
        if not seen.months:
            lines.append(f"  {say(('none', '无'), lang)}")
            continue
        heads = [say(pair, lang) for pair in (("court", "法院"), ("month", "月份"), ("found", "数量"))]
        table = [[*heads, among, say(("share", "占比"), lang)]]
        table += [[m.court, m.month, f"{m.found:,}", f"{m.among:,}", f"{m.found / m.among:.1%}"] for m in seen.months]
        lines += [f"  {line}" for line in columns(table, frozenset({2, 3, 4}))]
        if with_cases:
            rows = [[c.case_number, str(c.happened_on), f"{c.measure:,}"] for c in seen.cases[:CASES]]
            lines += ["", *(f"  {line}" for line in columns([["", "", measure], *rows], frozenset({2})))]
            left = len(seen.cases) - CASES
            lines += [say((f"  and {left:,} more: --json", f"  另有 {left:,} 件：--json"), lang)] if left > 0 else []
    return lines
