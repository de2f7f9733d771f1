"""An explained figure as lines for a person."""

from __future__ import annotations

import json
from typing import Any

from pipelines.reports.words import SYNTHETIC, say, shown

BESIDE = {
    "clock_event": ("event of its clock", "审限事项"),
    "enforcement_result": ("result of enforcement", "执行结果"),
    "result_of_chain": ("result of enforcement of a linked case", "关联执行案件的执行结果"),
    "case_of_chain": ("linked case of enforcement", "关联执行案件"),
    "earlier_closing": ("its first closing, as delivered then", "首次结案（当时报送）"),
    "case_event": ("event of the case", "案件事件"),
    "correction": ("correction by hand", "人工更正"),
}
"""What a line beside a counted row tells of, as `warehouse.audit.beside` names it."""


def explained_lines(found: dict[str, Any], lang: str) -> list[str]:
    """Definition, numbers, rules, SQL as run, rows with their places."""
    definition = found["definition"]
    lines = [found["figure_id"], f"  {definition['name_zh']} · {definition['name_en']} = {shown(found, lang)}"]
    if found["is_synthetic"]:
        lines.append(f"  {say(SYNTHETIC, lang)}")
    if found["denominator"] is not None:
        lines.append(f"  {found['numerator']:,} / {found['denominator']:,}")
    scope, source = found["scope"], definition["source"]
    if lang == "zh":  # English where the definition of its day has no Chinese
        reading = definition["variants"].get(found["variant"], {})
        scope = (reading if reading.get("scope") else definition).get("scope_zh") or scope
        source = definition.get("source_zh") or source
    lines += [f"  {definition['definition_zh' if lang == 'zh' else 'definition_en']}",
              f"  {say(('formula: ', '公式：'), lang)}{definition['formula']}",
              f"  {say(('scope: ', '统计口径：'), lang)}{scope}",
              f"  {say(('source: ', '依据：'), lang)}{source}", ""]  # fmt: skip
    words = {True: "holds", False: "broken", None: "not asked"}
    rules = ", ".join(f"{rule['id']} {words[rule['holds']]}" for rule in found["rules"])
    lines.append(f"  rules: {rules}")
    for name, text in found["sql"].items():
        lines += ["", f"  sql as run ({name}):", *[f"    {line}" for line in text.splitlines()]]
    lines += ["", f"  {found['rows_total']:,} rows, {len(found['rows'])} shown"]
    for row in found["rows"]:
        part = f" [{row['part']}]" if row["part"] else ""
        lines.append(f"  {row['counted_on']}  {row['case_number']}{part}  {_where(row)}  sha256 {row['sha256'][:12]}…")
        lines.append(f"      {_told(row)}")
        lines += [f"      corrected: {correction_line(one)}" for one in row["corrections"]]
        for line in row["beside"]:
            if line["kind"] != "correction":
                lines += [f"      {say(BESIDE[line['kind']], lang)}: {_where(line)}  sha256 {line['sha256'][:12]}…",
                          f"          {_told(line)}"]  # fmt: skip
    return lines


def _told(row: dict[str, Any]) -> str:
    return f"erased on {row['erased_on']}" if row["erased_on"] else json.dumps(row["raw"], ensure_ascii=False)


def why_lines(found: dict[str, Any], lang: str) -> list[str]:
    """Whether a case is counted, each of its memberships with what of the question it does not meet, and rows set aside."""
    number = found["case"]["case_number"] or found["case"]["case_key"]
    verdict = ("is counted", "计入") if found["is_counted"] else ("is not counted", "不计入")
    lines = [f"{found['figure_id']}: {number} {say(verdict, lang)}"]
    if found["is_synthetic"]:
        lines.append(f"  {say(SYNTHETIC, lang)}")
    if found["status"] != "published":
        lines.append(f"  {shown(found, lang)}")
    lines += [f"  {say(reason, lang)}" for reason in found["reasons"]]
    for one in found["memberships"]:
        days = one["in_from"] + (f" – {one['in_until']}" if one["in_until"] else "")
        part = f" [{one['part']}]" if one["part"] else ""
        lacks = "; ".join(say(pair, lang) for pair in one["lacks"]) or say(("counted", "计入"), lang)
        lines.append(f"  {days}{part}: {lacks}")
    for row in found["set_aside"]:
        where = f"{row['file']}:{row['line']}"
        lines.append(f"  {say(('set aside', '曾搁置'), lang)}: {where} {row['reason_code']} {row['message']}")
    return lines


def correction_line(one: dict[str, Any]) -> str:
    """A correction by hand: the field, from, to, where it stands, who and why."""
    return (f"{one['column_name']} {one['old_value'] or '–'} → {one['new_value'] or '–'}  "
            f"{one['file']}:{one['line']}  {one['made_by'] or ''}: {one['reason'] or ''}")  # fmt: skip


def _where(row: dict[str, Any]) -> str:
    """`cases.csv:318`, or `cases.xlsx, 案件!A7` where a row stands on no line."""
    place = str(row["place"])
    return f"{row['file']}:{row['line']}" if place.startswith("line ") else f"{row['file']}, {place}"
