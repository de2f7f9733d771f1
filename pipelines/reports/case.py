"""A case as lines for a person: what it is, its clocks as sentences, its history with places."""

from __future__ import annotations

from typing import Any

from pipelines.reports.explained import correction_line
from pipelines.reports.words import SYNTHETIC, say

Row = dict[str, Any]
NOT_COUNTED = ("not counted: void, or of a class that is no case in the statistics", "不计入统计：作废，或不属统计的案件")


def case_lines(found: Row, lang: str) -> list[str]:
    """Case, clocks, events, history, corrections, results."""
    case = found["case"]
    words = [case["case_number"], case["case_key"], case["type_code"], case["procedure"]]
    lines = ["  ".join(str(word) for word in words if word), f"  {_life(case, lang)}"]
    if found["is_synthetic"]:
        lines.append(f"  {say(SYNTHETIC, lang)}")
    if not case["is_counted"]:
        lines.append(f"  {say(NOT_COUNTED, lang)}")
    said = "sentence_zh" if lang == "zh" else "sentence_en"
    lines += _part(("clocks", "审限"), [clock[said] for clock in found["clocks"]], lang)
    lines += _part(("clock events", "审限变动"), [_event(one) for one in found["clock_events"]], lang)
    lines += _part(("application", "立案申请"), [_application(one) for one in found["applications"]], lang)
    lines += _part(("results", "执行结果"), [_result(one) for one in found["results"]], lang)
    lines += _part(("history", "历史"), [_version(one) for one in found["versions"]], lang)
    lines += _part(("corrections", "更正"), [correction_line(one) for one in found["corrections"]], lang)
    return lines


def _life(case: Row, lang: str) -> str:
    """From registration to closing."""
    registered = f"{say(('registered', '立案'), lang)} {case['registered_on']}"
    if not case["closed_on"]:
        return f"{registered}, {say(('pending', '未结'), lang)}"
    return f"{registered}, {say(('closed', '结案'), lang)} {case['closed_on']} {case['closing_manner'] or ''}".rstrip()


def _part(title: tuple[str, str], told: list[str], lang: str) -> list[str]:
    return ["", f"  {say(title, lang)}:", *[f"    {line}" for line in told]] if told else []


def _place(row: Row) -> str:
    return f"{row['file']}:{row['line']}" if row["line"] else str(row["file"])


def _event(row: Row) -> str:
    days = " – ".join(day for day in (row["from_on"], row["to_on"]) if day) if not row["approved_on"] else ""
    days += " – …" if row["kind"] in ("deduction", "suspension") and not row["to_on"] else ""
    granted = f"approved {row['approved_on']}: +{row['extended_months'] or 0} months {row['extended_days'] or 0} days" \
        if row["approved_on"] else ""  # fmt: skip
    return "  ".join(part for part in (row["kind"], row["reason"], days, granted, _place(row)) if part)


def _application(row: Row) -> str:
    return (
        f"{row['application_key']}  received {row['received_on']}  {row['first_decision']} {row['decided_on']}  {_place(row)}"
    )


def _result(row: Row) -> str:
    amount = "" if row["amount_realised"] is None else f"{row['amount_realised']:,.2f}"
    found = {True: "property found", False: "no property", None: ""}[row["property_found"]]
    return "  ".join(part for part in (row["result_on"], row["outcome"], amount, found, _place(row)) if part)


def _version(row: Row) -> str:
    changed = ", ".join(f"{name} {one['from'] or '–'} → {one['to'] if one['to'] is not None else '–'}"
                        for name, one in row["changed"].items())  # fmt: skip
    return f"{row['extract_on']}  {row['presence']}  {_place(row)}  known since r{row['known_from']:06}  {changed}".rstrip()
