"""Heads of the ledger that somebody kept elsewhere, and what can be proven with them.

A head is written `SIZE:HEX`, so many events and the root of the tree over them; of one without its size (as `refreshes` and
exported figures carry it) the size is looked for, since each event names the head of all before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from warehouse.audit.settled import STILL, settled
from warehouse.intake.ledger import Ledger, LedgerBroken
from warehouse.intake.merkle import MerkleTree, consistency_proof, inclusion_proof, leaf_hash
from warehouse.store.place import Place


@dataclass(frozen=True)
class Head:
    """A head as somebody kept it; `size` None where he kept the hash alone."""

    size: int | None
    root: str

    def __str__(self) -> str:
        """As it is written."""
        return self.root if self.size is None else f"{self.size}:{self.root}"


def read_head(text: str) -> Head:
    """The head that a text names.

    Raises:
        ValueError: it is neither SIZE:HEX nor HEX.
    """
    found = re.fullmatch(r"(?:(\d{1,12}):)?([0-9a-f]{64})", text.strip().lower())
    if found is None:
        raise ValueError(f"[{text}] is no head of a ledger. A head is SIZE:HEX or HEX, as `caseload ledger head` prints it")
    return Head(int(found[1]) if found[1] else None, found[2])


def size_of(head: Head, lines: Sequence[bytes]) -> int | None:
    """How many of the first lines have this head; None where not so many stand there, or none have."""
    tree, found = MerkleTree(), None
    for size in range(len(lines) + 1):
        if head.size in (None, size) and tree.head() == head.root:
            found = size
        if size < len(lines):
            tree.add(lines[size])
    return found


def does_not_extend(head: Head, lines: Sequence[bytes], file: str = "ledger.jsonl") -> str | None:
    """Why a ledger of these lines does not extend a head of an earlier day, as `file: what`; None where it does."""
    if size_of(head, lines) is not None:
        return None
    if head.size is None:
        return f"{file}: it does not extend the head {head}: no first part of its {len(lines)} events has it"
    if head.size > len(lines):
        return f"{file}: it does not extend the head {head}: {len(lines)} events stand there, some were taken away"
    return f"{file}: it does not extend the head {head}: something in its first {head.size} events is not as it was then"


def present_head(place: Place) -> dict[str, Any]:
    """Size and head of the ledger as it stands, and the latest publication.

    Raises:
        LedgerBroken: the ledger does not follow from itself.
    """
    lines, events = _sound(place)
    published = [event["refresh_id"] for event in events if event["event"] == "refresh"]
    gone = {event["refresh_id"] for event in events if event["event"] == "abandoned"}
    last = next((name for name in reversed(published) if name not in gone), None)
    tree = _tree(lines)
    return {"head": f"{tree.size}:{tree.head()}", "size": tree.size, "root": tree.head(), "refresh_id": last}


def proof_of_event(place: Place, seq: int) -> dict[str, Any]:
    """The proof of RFC 9162, 2.1.3, that an event is in the ledger as it stands. Hashes are in hex; `index` counts from 0.

    Raises:
        LedgerBroken: the ledger does not follow from itself.
        ValueError: there is no such event.
    """
    lines, _ = _sound(place)
    if not 0 < seq <= len(lines):
        raise ValueError(f"there is no event [{seq}]. The ledger has the events 1 to {len(lines)}")
    leaves = [leaf_hash(line) for line in lines]
    path = [node.hex() for node in inclusion_proof(seq - 1, leaves)]
    tree = _tree(lines)
    return {"seq": seq, "leaf": leaves[seq - 1].hex(), "index": seq - 1, "size": len(lines), "path": path,
            "root": tree.head(), "head": f"{tree.size}:{tree.head()}", "line": lines[seq - 1].decode()}  # fmt: skip


def proof_of_growth(place: Place, head: Head) -> dict[str, Any]:
    """The proof of RFC 9162, 2.1.4, that the ledger as it stands extends an earlier head. `why` says why it does not.

    Raises:
        LedgerBroken: the ledger does not follow from itself.
    """
    lines, _ = _sound(place)
    size, tree = size_of(head, lines), _tree(lines)
    path = [] if size is None else consistency_proof(size, [leaf_hash(line) for line in lines])
    return {"extends": size is not None, "why": does_not_extend(head, lines),
            "old_size": head.size if size is None else size, "old_root": head.root, "size": len(lines), "root": tree.head(),
            "head": f"{tree.size}:{tree.head()}", "path": [node.hex() for node in path]}  # fmt: skip


def _sound(place: Place) -> tuple[list[bytes], list[dict[str, Any]]]:
    evidence = settled(place, STILL, Ledger(place.landing).read, lambda found: found.fault() is not None)
    if fault := evidence.fault():
        raise LedgerBroken(f"{fault}. Nothing can be proven with it. See `caseload verify`")
    return evidence.lines, [event for event in evidence.events if event is not None]


def _tree(lines: Sequence[bytes]) -> MerkleTree:
    tree = MerkleTree()
    for line in lines:
        tree.add(line)
    return tree
