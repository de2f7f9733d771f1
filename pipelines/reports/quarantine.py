"""Rows set aside, for the clerk who mends them: how many of each cause, then each row with its place."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from pipelines.reports.words import columns
from warehouse.intake.chronicle import Delivery
from warehouse.intake.quarantine import place_of
from warehouse.reading.snapshot import Snapshot

REMEDIES = {
    "open": "Mend it at the source and deliver it again",
    "rectified": "A later delivery has it right",
    "sent_again": "Its file was sent or read again",
    "no_case": "Nothing is to be done",
}
"""What is to be done about a row, by its status."""


def quarantine_rows(
    snap: Snapshot, source: str | None, reason: str | None, status: str | None, deliveries: Mapping[int, Delivery]
) -> list[dict[str, Any]]:
    """Each reason why a row is set aside, as known at the snapshot, in the order of file and line.

    `deliveries` are those of the ledger: of an erased person neither fields nor value are shown.
    """
    rows = []
    for row in snap.ask("published/quarantine", {}):
        wanted = ((source, row["source"]), (reason, row["reason_code"]), (status, row["status"]))
        if all(asked is None or asked == found for asked, found in wanted):
            row["fields"] = json.loads(row["fields"]) if row["fields"] else None
            row["place"] = place_of(row.pop("places"), row["line"], row["record"])
            row["reason"] = row["message"]
            row["sha256"] = deliveries[row["delivery_no"]].blob
            row["erased_on"] = deliveries[row["delivery_no"]].erased.get(row["record"])
            row |= {"fields": None, "value": None} if row["erased_on"] else {}
            rows.append(row)
    return rows


def quarantine_lines(rows: list[dict[str, Any]], with_fields: bool) -> list[str]:
    """The same for a person."""
    if not rows:
        return ["no row is set aside"]
    lines = [*_causes(rows), ""]
    for row in rows:
        lines.append(f"{row['file']}, {row['place']}: {row['message']} ({row['reason_code']}). {REMEDIES[row['status']]}")
        if with_fields:
            erased = f"erased on {row['erased_on']}" if row["erased_on"] else ""
            lines.append(f"    {erased or json.dumps(row['fields'], ensure_ascii=False)}")
    return lines


def _causes(rows: list[dict[str, Any]]) -> list[str]:
    counted = Counter((row["source"], row["reason_code"], row["column_name"] or "", row["status"]) for row in rows)
    causes = sorted({(source, code, column) for source, code, column, _ in counted})
    table = [["source", "cause", "column", "rows", *REMEDIES]]
    for cause in causes:
        by_status = [counted[*cause, status] for status in REMEDIES]
        table.append([*cause, f"{sum(by_status):,}", *(f"{n:,}" if n else "–" for n in by_status)])
    return columns(table, frozenset(range(3, 4 + len(REMEDIES))))
