"""What an erasure changed, or would change, and what it cannot reach."""

from __future__ import annotations

from typing import Any

from warehouse.refresh.erase import Erasure


def erasure_json(found: Erasure, is_preview: bool) -> dict[str, Any]:
    """One object."""
    return {
        "is_preview": is_preview,
        "rows": found.rows,
        "aliases": list(found.aliases),
        "files": [
            {"file": one.file, "sha256": one.sha256, "redacted": one.redacted, "rows": one.found.rows,
             "places": one.found.places, "columns": list(one.found.columns)}
            for one in found.files
        ],
        "related": list(found.related),
        "inbox": list(found.inbox),
        "waiting": list(found.waiting),
        "unread": list(found.unread),
        "ledger_lines": list(found.ledger_lines),
    }  # fmt: skip


def erasure_lines(found: Erasure, is_preview: bool) -> list[str]:
    """The same for a person."""
    does = "would be erased" if is_preview else "erased"
    lines = [f"{found.rows} rows in {len(found.files)} files {does}; in their place stands {', '.join(found.aliases)}"]
    for one in found.files:
        places = ", ".join(one.found.places) or "a mention alone"
        lines.append(f"  {one.file}: {places}")
        lines += [f"    columns {', '.join(one.found.columns)}"] if one.found.columns else []
    lines += _section("Still in the inbox, which is never changed; remove these files:", found.inbox)
    lines += _section("In the inbox and not taken yet; with them the person would come back:", found.waiting)
    lines += _section("These files were refused and cannot be looked into; remove what names the person:", found.unread)
    lines += _section("The case refers to these, or they to it; erase them too if they are the person's:", found.related)
    numbers = tuple(f"ledger.jsonl:{line}" for line in found.ledger_lines)
    lines += _section("The ledger names the person in words of its own, which stay:", numbers)
    return lines


def _section(head: str, names: tuple[str, ...]) -> list[str]:
    return [head, *(f"  {name}" for name in names)] if names else []
