"""Numbers and words as people read them, in both languages. Figures themselves come from warehouse.reading."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

REASONS = {
    "no_cases": ("no cases", "无案件"),
    "not_in_force": ("not in force yet", "尚未施行"),
    "beyond_data": ("beyond the data", "超出数据范围"),
    "not_applicable": ("not applicable here", "不适用"),
    "series_break": ("the series breaks between them", "数列在其间中断"),
    "month_not_over": ("the month is not over, and months are not cut", "该月未满，不作截断比较"),
    "base_begins_before_the_data": ("the other period begins before the data", "对比期早于数据起点"),
}
SYNTHETIC = ("SYNTHETIC DATA: made up, not the court's records", "合成数据：虚构，非法院记录")


def say(pair: tuple[str, str], lang: str) -> str:
    """The English or the Chinese of a pair."""
    return pair[1] if lang == "zh" else pair[0]


def said(of: Any, key: str, lang: str) -> str:
    """A text of a definition (`scope`, `source`); English where a definition of its day has no Chinese for it."""
    return str((getattr(of, f"{key}_zh") if lang == "zh" else "") or getattr(of, key))


def shown(figure: dict[str, Any], lang: str) -> str:
    """A figure's value, or the reason that stands where it would be."""
    if figure["status"] == "not_applicable":
        return say(REASONS["not_applicable"], lang)
    if figure["status"] != "published":
        reason = figure["reason"] or ""
        return f"{figure['status']}: {say(REASONS[reason], lang) if reason in REASONS else reason}"
    if figure["denominator"] is None:
        return f"{figure['value']:,}"
    if figure["unit"] != "share":
        return f"{figure['value']:,.2f}"
    return f"{figure['value']:.2%}"


def compared_cells(row: dict[str, Any], lang: str) -> list[str]:
    """What a figure is compared with, what that was, and by how much it differs, or why that is not told."""
    compared = row["compared"]
    name = (compared["figure_id"] or "").partition("@")[0]
    if compared["reason"]:
        reason = compared["reason"]
        told = say(REASONS[reason], lang) if reason in REASONS else reason
        broken = compared["break"]
        return [name, "", f"{told}: {broken['day']} {broken[f'name_{lang}']}" if broken else told]
    was = shown(
        {**row, "value": compared["value"], "numerator": compared["numerator"], "denominator": compared["denominator"]}, lang
    )
    if row["denominator"] is None:
        growth = "" if compared["growth"] is None else f" ({compared['growth']:+.1%})"
        return [name, was, f"{compared['change']:+,}{growth}"]
    if row["unit"] == "share":
        return [name, was, f"{100 * compared['change']:+.2f} {say(('points', '个百分点'), lang)}"]
    return [name, was, f"{compared['change']:+,.2f}"]


def breaks_in(rows: Iterable[dict[str, Any]], lang: str) -> list[str]:
    """A line for each break of a series inside a figure's span."""
    marks = {(mark["day"], row["metric"], mark[f"name_{lang}"]) for row in rows for mark in row["breaks"]}
    title = say(("the series breaks", "数列中断"), lang)
    return [f"{title}: {metric}, {day}: {name}" for day, metric, name in sorted(marks)]


def withheld_lines(reasons: Iterable[tuple[str, str]]) -> list[str]:
    """Metric and reason of what is withheld as lines: one a metric and rule, with how many more reasons there are."""
    by_rule: dict[tuple[str, str], list[str]] = {}
    for metric, reason in sorted(set(reasons)):
        by_rule.setdefault((metric, reason.partition(":")[0]), []).append(reason)
    more = {key: f" (and {len(found) - 1} more)" if len(found) > 1 else "" for key, found in by_rule.items()}
    return [f"withheld: {metric}: {found[0]}{more[metric, rule]}" for (metric, rule), found in by_rule.items()]


def columns(rows: list[list[str]], right: frozenset[int] = frozenset()) -> list[str]:
    """Rows of text as lines with aligned columns; the columns in `right` are set to the right."""
    widths = [max(width(row[i]) for row in rows) for i in range(len(rows[0]))] if rows else []
    lines = []
    for row in rows:
        cells = [
            " " * (widths[i] - width(cell)) + cell if i in right else cell + " " * (widths[i] - width(cell))
            for i, cell in enumerate(row)
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def width(text: str) -> int:
    """Columns that a text takes on a terminal: Chinese characters take two."""
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
