"""The access log: `landing/access.jsonl`, who looked at what beyond figures, one entry a line, only ever added to.

It has the form of the ledger (heads of a Merkle tree, RFC 9162), and each refresh puts its head on the ledger: what was taken
away or changed before that shows. Figures and their explanations are not on it; originals, statements and lists of cases are.
"""

from __future__ import annotations

import fcntl
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from warehouse.intake.ledger import Event, Ledger

NAME = "access"


def access_log(landing: Path) -> Ledger:
    """The log, for reading."""
    return Ledger(landing, NAME)


def note_access(landing: Path, kind: str, who: str, at: str, **fields: Any) -> Event:
    """Puts one entry on the log, on disk when this returns; `kind` is sql, audit, landing or bundle.

    It waits for others who note at the same moment.

    Raises:
        LedgerBroken: the log does not follow from itself; nothing is added, and nothing may be shown.
    """
    landing.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (landing / f"{NAME}.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return access_log(landing).add(kind, at=at, who=who, **fields)


def head_now(landing: Path) -> str | None:
    """SIZE:HEX of the log as it stands; None where nobody looked at anything yet."""
    found = access_log(landing).read()
    return None if found.is_missing else found.head


def question_address(entry: Event) -> str:
    """The address of a statement that was asked: Q000012, by the number of its entry."""
    return f"Q{entry['seq']:06}"


def questions(landing: Path) -> list[Event]:
    """The statements that were ever asked."""
    return [entry for entry in access_log(landing).events() if entry["event"] == "sql"]


def question_at(address: str, asked: Sequence[Event]) -> str | None:
    """The statement that was asked under an address; None where there is none."""
    found = re.fullmatch(r"Q(\d{6,12})", address)
    return next((str(entry["what"]) for entry in asked if found and entry["seq"] == int(found[1])), None)
