"""Heads of the ledger and proofs with them, for people: what is proven, with all that is needed to check it elsewhere."""

from __future__ import annotations

import re
from typing import Any

from warehouse.audit.heads import present_head, proof_of_event, proof_of_growth, read_head
from warehouse.intake.ledger import Ledger
from warehouse.store.place import Place


def ledger_sizes(place: Place) -> dict[str, int]:
    """By refresh: how many events the head has that it was built on. Empty for who may not read landing, or cannot."""
    try:
        events = Ledger(place.landing).events()
    except (OSError, ValueError):  # figures are read without it; `caseload verify` says what is wrong with it
        return {}
    return {event["refresh_id"]: event["seq"] - 1 for event in events if event["event"] == "refresh"}


def asked(place: Place, action: str, which: str | None) -> tuple[dict[str, Any], list[str]]:
    """What `caseload ledger ACTION WHICH` answers, as JSON and as lines.

    Raises:
        LedgerBroken: the ledger does not follow from itself.
        ValueError: there is no such event, or what was asked with is no head.
    """
    if action == "head":
        found = present_head(place)
        return found, [found["head"], f"latest publication {found['refresh_id'] or 'none'}"]
    if which is None:
        raise ValueError(
            "prove what? Name an event, `caseload ledger prove SEQ`, or a head, `caseload ledger consistent SIZE:HEX`"
        )
    if action == "consistent":
        found = proof_of_growth(place, read_head(which))
        return found, _growth_lines(found)
    if not re.fullmatch("[0-9]{1,12}", which):
        raise ValueError(f"[{which}] is no number of an event. They count from 1, as `seq` in ledger.jsonl")
    found = proof_of_event(place, int(which))
    return found, _inclusion_lines(found)


def _inclusion_lines(found: dict[str, Any]) -> list[str]:
    """An event, and the hashes that lead from it to the head."""
    return [f"event {found['seq']} is in the ledger of {found['head']}", f"  line  {found['line']}", f"  leaf  {found['leaf']}",
            *(f"  path  {node}" for node in found["path"]), f"  root  {found['root']}"]  # fmt: skip


def _growth_lines(found: dict[str, Any]) -> list[str]:
    """Whether the ledger extends an old head, and the hashes that show it."""
    if not found["extends"]:
        return [found["why"]]
    return [f"the ledger of {found['head']} extends {found['old_size']}:{found['old_root']}",
            *(f"  path  {node}" for node in found["path"])]  # fmt: skip
