"""The bridge between two figures, as JSON and as lines."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from pipelines.reports.words import columns, say, shown
from warehouse.audit.bridge import Bridge, Step, Term

ORDER = (
    "terms above the line before those below it, on each side first what comes in, then what goes out",
    "先分子后分母，各自先加后减",
)  # fmt: skip
"""In which order terms are exchanged."""


def bridged_json(found: Bridge) -> dict[str, Any]:
    """The bridge as one object. Fractions are exact: numerator and denominator, reduced."""
    before, after = found.before, found.after
    return {
        "from": before.as_json(), "to": after.as_json(), "kind": "rate" if found.is_rate else "count",
        "change": _fraction(found.change), "change_value": float(found.change),
        "numerator": {"from": before.numerator, "to": after.numerator, "terms": [_term(t) for t in found.above]},
        "denominator": {"from": before.denominator, "to": after.denominator, "terms": [_term(t) for t in found.below]}
        if found.is_rate else None,
        "order": ORDER[0], "steps": [_step(step) for step in found.steps], "adds_up": found.adds_up,
    }  # fmt: skip


def _term(term: Term) -> dict[str, Any]:
    piece = term.piece
    return {
        "metric": piece.metric, "only": piece.only or None, "without": list(piece.without),
        "first_day": str(piece.first_day) if piece.first_day else None,
        "last_day": str(piece.last_day) if piece.last_day else None,
        "times": term.times, "count": term.count, "amount": term.amount, "name_zh": term.name_zh, "name_en": term.name_en,
    }  # fmt: skip


def _step(step: Step) -> dict[str, Any]:
    return {
        "part": "numerator" if step.is_above else "denominator", **_term(step.term),
        "numerator": step.numerator, "denominator": step.denominator, "value": float(step.value),
        "change": _fraction(step.change), "change_value": float(step.change),
    }  # fmt: skip


def _fraction(number: Fraction) -> dict[str, int]:
    return {"numerator": number.numerator, "denominator": number.denominator}


def bridged_lines(found: Bridge, lang: str) -> list[str]:
    """Both figures, the terms between them, and of rates the steps."""
    rows = []
    for figure in (found.before, found.after):
        name = figure.metric.variants[figure.variant] if figure.variant else figure.metric
        counts = f"{figure.numerator:,}" + (f" / {figure.denominator:,}" if figure.denominator is not None else "")
        rows.append([figure.figure_id, name.name_zh if lang == "zh" else name.name_en, counts, shown(figure.as_json(), lang)])
    lines = columns(rows, frozenset({2, 3}))
    sides = [(("above the line", "分子"), found.before.numerator, found.after.numerator, found.above),
             (("below the line", "分母"), found.before.denominator, found.after.denominator, found.below)]  # fmt: skip
    for title, before, after, terms in sides[: 2 if found.is_rate else 1]:
        heading = f"{say(title, lang)}: " if found.is_rate else ""
        lines += ["", f"{heading}{before:,} → {after:,}" if terms else f"{heading}{say(('the same', '相同'), lang)}"]
        lines += [f"  {line}" for line in columns([_told(term, lang) for term in terms], frozenset({0}))]
    if found.is_rate:
        lines += ["", f"{say(('one after another', '逐项替换'), lang)} ({say(ORDER, lang)})"]
        unit = found.before.metric.unit
        rows = [[_rate(found.before.value or 0, unit), "", "", ""]]
        for step in found.steps:
            side = say(sides[0 if step.is_above else 1][0], lang)
            rows.append([_rate(float(step.value), unit), _move(step, unit, lang), side, _told(step.term, lang)[1]])
        lines += [f"  {line}" for line in columns(rows, frozenset({0, 1}))]
    sound = say(("the terms add up exactly", "各项相加等于差额"), lang)
    return [*lines, "", sound if found.adds_up else say(("THE TERMS DO NOT ADD UP", "各项不等于差额"), lang)]


def _told(term: Term, lang: str) -> list[str]:
    name = term.name_zh if lang == "zh" else term.name_en
    return [f"{term.amount:+,}", f"{name} ({term.times:+d} × {term.count:,})" if abs(term.times) != 1 else name]


def _rate(value: float, unit: str) -> str:
    return f"{value:.4%}" if unit == "share" else f"{value:,.4f}"


def _move(step: Step, unit: str, lang: str) -> str:
    points = say(("points", "个百分点"), lang)
    return f"{float(step.change) * 100:+.4f} {points}" if unit == "share" else f"{float(step.change):+,.4f}"
