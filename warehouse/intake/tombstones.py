"""Tombstones: which stored bytes stand for those from which a person was erased, and which of their rows were the person's.

Belongs here: what the events `erased` of the ledger say of blobs. Does not belong here: erasing (warehouse.refresh.erase).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from warehouse.intake.ledger import Event

ERASED = "erased"


@dataclass(frozen=True)
class Tombstone:
    """One blob that is gone, what stands in its place, when, and by source the records that were erased in it."""

    sha256: str
    redacted: str
    erased_on: str
    rows: dict[str, list[int]]


def tombstones(events: Iterable[Event]) -> dict[str, Tombstone]:
    """All tombstones, by the sha256 of what is gone."""
    return {
        blob["sha256"]: Tombstone(blob["sha256"], blob["redacted"], event["at"][:10], blob["rows"])
        for event in events
        if event["event"] == ERASED
        for blob in event["blobs"]
    }


def stands(sha256: str, stones: Mapping[str, Tombstone]) -> str:
    """The sha256 of the bytes that stand for these: a second person may have been erased from the redacted ones."""
    while sha256 in stones:
        sha256 = stones[sha256].redacted
    return sha256


def erased_rows(sha256: str, source: str, stones: Mapping[str, Tombstone]) -> dict[int, str]:
    """The records of one source in these bytes that were erased, with the day."""
    found: dict[int, str] = {}
    while sha256 in stones:
        stone = stones[sha256]
        found |= {record: stone.erased_on for record in stone.rows.get(source, ()) if record not in found}
        sha256 = stone.redacted
    return found


def blob_of(landing: Path, sha256: str, events: Iterable[Event]) -> Path:
    """Where the bytes stand that were delivered with this sha256: the one way from a hash to a file."""
    return landing / "blobs" / stands(sha256, tombstones(events))
