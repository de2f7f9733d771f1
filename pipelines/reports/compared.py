"""What changed between two publications, as JSON and as lines for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipelines.reports.words import REASONS, say
from warehouse.audit.causes import Change
from warehouse.audit.changed import Cause, Changed
from warehouse.catalogue.metric import RATES
from warehouse.intake.chronicle import refresh_id
from warehouse.reading.figure import Figure

KINDS = {
    "code_list": ("other code lists or settings", "代码表或设置有变"),
    "definition": ("other definitions or queries", "口径或查询有变"),
    "time": ("time went on", "统计截止日推后"),
    "late": ("delivered late", "迟报"),
    "new": ("new", "新报"),
    "released": ("came right after it was set aside", "隔离后更正"),
    "corrected": ("corrected", "更正"),
    "completed": ("completed", "补充"),
    "emptied": ("taken back", "撤回"),
    "correction": ("corrected by hand", "人工更正"),
    "key_change": ("another number by hand", "人工更正案号"),
    "vanished": ("vanished from the extract", "从抽取中消失"),
    "returned": ("back in the extract", "重新出现"),
    "linked": ("a linked case changed", "关联案件有变"),
    "clock_event": ("clock events told", "审限变动"),
    "result": ("results of enforcement told", "执行结果"),
    "withheld": ("withheld", "暂不发布"),
    "shown_again": ("no longer withheld", "恢复发布"),
}


def compared_json(earlier: str, later: str, found: Sequence[Changed], rows: int) -> dict[str, Any]:
    """The whole answer; at most `rows` cases of each cause, `cases` says how many there are."""
    return {
        "from": earlier,
        "to": later,
        "adds_up": all(one.adds_up for one in found),
        "figures": [
            {
                "figure": f"{one.name}/{one.period.id}",
                "metric": one.metric.id,
                "variant": one.name.partition(".")[2] or None,
                "period": one.period.id,
                "dims": one.dims,
                "before": _side(one.before, one.counted_before),
                "after": _side(one.after, one.counted_after),
                "numerator": one.numerator if one.is_counted else None,
                "denominator": one.denominator if one.is_counted and one.metric.kind in RATES else None,
                "adds_up": one.adds_up,
                "causes": [_cause(cause, rows) for cause in one.causes],
            }
            for one in found
        ],
    }


def _side(figure: Figure | None, counted: tuple[int, int]) -> dict[str, Any] | None:
    """`counted` differs from the figure's own numbers only where a ratio is undefined: 3 closed of 0 filed."""
    if figure is None:
        return None
    may_show = figure.status != "withheld"
    return {"figure_id": figure.figure_id, "status": figure.status, "reason": figure.reason, "numerator": figure.numerator,
            "denominator": figure.denominator, "value": figure.value,
            "counted": list(counted) if may_show else None}  # fmt: skip


def _cause(cause: Cause, rows: int) -> dict[str, Any]:
    delivery = cause.delivery
    return {
        "kind": cause.kind,
        "what": cause.what,
        "refresh_id": refresh_id(cause.refresh_no),
        "delivery_no": delivery.delivery_no if delivery else None,
        "source": delivery.source if delivery else None,
        "file": delivery.file if delivery else None,
        "sha256": delivery.sha256 if delivery else None,
        "numerator": cause.numerator,
        "denominator": cause.denominator,
        "cases": len(cause.changes),
        "rows": [_row(*change) for change in cause.changes[:rows]],
    }


def _row(change: Change, numerator: int, denominator: int) -> dict[str, Any]:
    return {
        "case_number": change.number,
        "line": change.line,
        "changes": [{"column": column, "from": old, "to": new} for column, old, new in change.fields],
        "because_of": list(change.because_of),
        "set_aside_for": list(change.rules),
        "by_hand": change.by_hand or None,
        "numerator": numerator,
        "denominator": denominator,
    }


def compared_lines(earlier: str, later: str, found: Sequence[Changed], rows: int, lang: str) -> list[str]:
    """Each changed figure with its causes, in the order of the deliveries."""
    lines = [
        say((f"{earlier} → {later}: {len(found):,} figures differ", f"{earlier} → {later}：{len(found):,} 项指标有变"), lang)
    ]
    for one in found:
        dims = "".join(f" {key}={value}" for key, value in one.dims.items())
        lines += ["", f"{one.name}/{one.period.id}{dims}  {_text(one.before, lang)} → {_text(one.after, lang)}{_moved(one)}"]
        for cause in one.causes:
            lines += _cause_lines(cause, one.metric.kind in RATES, rows, lang)
        if not one.adds_up:
            lines.append(say(("  THE CAUSES DO NOT ADD UP: tell the maintainers", "  各项原因之和不符：请联系维护人员"), lang))
    return lines


def _text(figure: Figure | None, lang: str) -> str:
    if figure is None:
        return say(("no such metric", "无此指标"), lang)
    if figure.numerator is None:
        return say(REASONS[figure.reason], lang) if figure.reason in REASONS else f"{figure.status}: {figure.reason}"
    return f"{figure.numerator:,}" + (f"/{figure.denominator:,}" if figure.denominator is not None else "")


def _moved(one: Changed) -> str:
    if not one.is_counted:
        return ""
    below = f" / {one.denominator:+,}" if one.metric.kind in RATES else ""
    return f"  ({one.numerator:+,}{below})"


def _cause_lines(cause: Cause, is_fraction: bool, rows: int, lang: str) -> list[str]:
    below = f" / {cause.denominator:+,}" if is_fraction else ""
    moved = f"{cause.numerator:+,}{below}" if cause.kind not in ("withheld", "shown_again") else ""
    what = f": {cause.what}" if cause.what else ""
    where = f"  {cause.delivery.file}" if cause.delivery else ""
    cases = f"  [{len(cause.changes):,}]" if cause.changes else ""
    lines = [f"  {moved:>10}  {say(KINDS[cause.kind], lang)}{what}{cases}{where}  {refresh_id(cause.refresh_no)}"]
    for change, numerator, denominator in cause.changes[:rows]:
        fields = ", ".join(f"{column} {old or '–'} → {new or '–'}" for column, old, new in change.fields)
        because = f" ({', '.join(change.because_of) or change.by_hand})" if change.because_of or change.by_hand else ""
        line = f":{change.line}" if change.line else ""
        own = f"{numerator:+,} / {denominator:+,}" if is_fraction else f"{numerator:+,}"
        lines.append(f"                {change.number}{line} {fields}{because} {own}")
    return lines
