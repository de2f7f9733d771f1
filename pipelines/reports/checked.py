"""The verdict of `caseload sources check` on one file, as an object and as lines."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pipelines.reports.words import columns
from warehouse.intake.quarantine import place_of
from warehouse.refresh.check import Checked

MOST_ROWS = 50
"""Rows set aside that are shown to a person; JSON has all of them."""


def checked_json(found: Checked, file: str) -> dict[str, Any]:
    """The verdict, complete."""
    read, delivery = found.read, found.delivery
    return {
        "file": file, "passes": found.passes, "refused": found.refused, "format": read.format if read else None,
        "encoding": read.encoding if read else None, "extract_on": str(delivery.extract_on) if delivery else None,
        "data_until": str(delivery.data_until) if delivery else None, "rows_delivered": found.rows,
        "rows_accepted": found.accepted, "rows_quarantined": found.quarantined, "rows_duplicate": found.duplicates,
        "extra_columns": list(read.extra_columns) if read else [],
        "missing_columns": list(read.missing_columns) if read else [],
        "warnings": dict(found.warnings), "unasked": list(found.unasked), "is_withheld": found.is_withheld,
        "quarantine": [
            {"reason_code": one.reason_code, "reason": one.message, "place": place_of(read.places, one.line, one.record),
             "line": one.line, "column_name": one.column_name, "value": one.value, "case_key": one.case_key}
            for one in found.aside if read
        ],
    }  # fmt: skip


def checked_lines(found: Checked, file: str) -> list[str]:
    """The same for a person; the last line is the verdict."""
    read, delivery = found.read, found.delivery
    if found.refused is not None or read is None or delivery is None:
        return [f"{found.refused}", "verdict: it would be refused"]
    lines = [
        f"{file}: {read.format}, {read.encoding}, extract of {delivery.extract_on}, data until {delivery.data_until}",
        f"  delivered {found.rows:,} = accepted {found.accepted:,} + quarantined {found.quarantined:,} "
        f"+ duplicates {found.duplicates:,}; blank lines {read.blank:,}",
    ]
    if read.extra_columns:
        lines.append(f"  columns that the contract does not know, not stored: {', '.join(map(repr, read.extra_columns))}")
    if read.missing_columns:
        lines.append(f"  columns that it lacks and may lack: {', '.join(read.missing_columns)}")
    causes = Counter((one.reason_code, one.column_name or "") for one in found.aside)
    lines += [f"  {line}" for line in columns([[*cause, f"{n:,}"] for cause, n in sorted(causes.items())], frozenset({2}))]
    for one in found.aside[:MOST_ROWS]:
        lines.append(f"    {place_of(read.places, one.line, one.record)}: {one.message} ({one.reason_code})")
    if len(found.aside) > MOST_ROWS:
        lines.append(f"    and {len(found.aside) - MOST_ROWS:,} more: `--json` has all")
    lines += [f"  warning {rule}: {rows:,} rows" for rule, rows in found.warnings]
    lines += [f"  not asked: {rule}" for rule in found.unasked]
    return [*lines, f"verdict: {_verdict(found)}"]


def _verdict(found: Checked) -> str:
    if found.unasked:
        return "it cannot be judged: a rule could not be asked"
    if found.is_withheld:
        return "it would be taken, and so many rows set aside that figures would be withheld"
    return "it would be taken"
