"""Verify: that nothing was changed. Ledger, every stored byte, the publication; in full also everything counted again, by
the SQL and by the second engine.

It takes no lock, and a refresh at work beside it gives no fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from warehouse.audit.heads import Head, does_not_extend, read_head
from warehouse.audit.publication import publication_faults
from warehouse.audit.sampled import Sampled, sampled
from warehouse.audit.settled import STILL, settled
from warehouse.intake.access import access_log
from warehouse.intake.chronicle import Chronicle, read_chronicle
from warehouse.intake.ledger import Event, Ledger
from warehouse.intake.merkle import merkle_head
from warehouse.intake.tombstones import Tombstone, stands, tombstones
from warehouse.refresh.agreement import disagreements
from warehouse.refresh.replay import differences, replayed
from warehouse.store.place import Place
from warehouse.store.swap import sha256_of


@dataclass(frozen=True)
class Fault:
    """One thing that does not hold: its name (a file, a hash), and what is wrong."""

    name: str
    what: str


@dataclass(frozen=True)
class Verified:
    """What was looked at, and what does not hold."""

    events: int
    blobs: int
    refreshes: int
    head: str
    faults: tuple[Fault, ...]
    figures: int = 0
    """So many figures, drawn at random, were taken back to the lines of the stored files, with so many rows."""
    rows: int = 0


def verify(
    place: Place, program: str, full: bool, tell: Callable[[str], None], heads: Sequence[Head] = (), still: float = STILL,
    figures: int = 0, seed: int = 0,
) -> Verified:  # fmt: skip
    """Checks what is there against what the ledger says; `full` also replays everything and compares every cell, and
    has the second engine count the last publication, all periods of it.

    `heads` are heads of earlier days, kept elsewhere: the ledger of today has to extend each of them. So many `figures`,
    drawn by `seed`, are taken back to the lines of the stored files.
    """
    ledger = Ledger(place.landing)
    evidence = settled(place, still, ledger.read, lambda found: found.fault() is not None)
    faults = [Fault("ledger.jsonl", what) for head in heads if (what := does_not_extend(head, evidence.lines))]
    broken = evidence.fault()
    if broken:
        # Nothing can be told from a ledger that does not hold, but the blobs still name their own content.
        faults = [Fault(broken.partition(":")[0], broken), *faults]
        stored = _stored(place)
        return Verified(0, len(stored), 0, "", (*faults, *(_wrong_blob(n) for n in stored if not _is_whole(place, n))))
    events = [event for event in evidence.events if event is not None]
    stones = tombstones(events)
    named = _named_blobs(events, stones)
    faults += [*_blobs(place, named, stones), *_erased(place, stones), *_access(place, events)]
    chronicle, wrong = settled(place, still, lambda: _publication(place, ledger), lambda found: bool(found[1]))
    faults += wrong
    if full and not faults and chronicle.last:
        faults += settled(place, still, lambda: _replayed(place, program, tell), bool)
    drawn = Sampled(0, 0, ())
    if figures and not faults and chronicle.last:
        drawn = sampled(place, figures, seed)
        faults += [Fault(name, what) for name, what in drawn.faults]
    head = merkle_head(evidence.lines)
    return Verified(
        len(events), len(named), len(chronicle.publications), head, tuple(faults), drawn.figures, drawn.rows
    )  # fmt: skip


def _named_blobs(events: Sequence[Event], stones: Mapping[str, Tombstone]) -> set[str]:
    """Every original and every bundle that an event names, those of refused files and abandoned refreshes among them.

    Where a person was erased from an original, what stands in its place.
    """
    return {stands(str(event[key]), stones) for event in events for key in ("sha256", "bundle") if key in event}


def _stored(place: Place) -> list[str]:
    """The names of all stored originals; what a crash left half-written has another name."""
    folder = place.landing / "blobs"
    return sorted(path.name for path in folder.glob("*") if re.fullmatch("[0-9a-f]{64}", path.name))


def _is_whole(place: Place, name: str) -> bool:
    path = place.landing / "blobs" / name
    return path.is_file() and sha256_of(path) == name


def _wrong_blob(name: str) -> Fault:
    return Fault(name, "its bytes are not those that its name is the hash of")


def _blobs(place: Place, named: set[str], stones: Mapping[str, Tombstone]) -> Iterator[Fault]:
    """Those that the ledger names, and those stored besides, as by a refresh that a crash ended before its event."""
    for sha256 in sorted((named | set(_stored(place))) - stones.keys()):
        if not (place.landing / "blobs" / sha256).exists():
            yield Fault(sha256, "the ledger names this original, and it is missing")
        elif not _is_whole(place, sha256):
            yield _wrong_blob(sha256)


def _erased(place: Place, stones: Mapping[str, Tombstone]) -> Iterator[Fault]:
    for sha256, stone in sorted(stones.items()):
        if (place.landing / "blobs" / sha256).exists():
            yield Fault(sha256, f"a person was erased from this original on {stone.erased_on}, and it is there. "
                        "`caseload refresh` deletes it")  # fmt: skip


def _access(place: Place, events: Sequence[Event]) -> Iterator[Fault]:
    """The access log, by itself and against the head that the last refresh put on the ledger."""
    log = access_log(place.landing)
    evidence = settled(place, STILL, log.read, lambda found: found.fault() is not None)
    if broken := evidence.fault():
        yield Fault(log.path.name, broken)
    heads = [event["access"] for event in events if event["event"] == "refresh" and "access" in event]
    if heads and (what := does_not_extend(read_head(heads[-1]), evidence.lines, log.path.name)):
        yield Fault(log.path.name, what)


def _publication(place: Place, ledger: Ledger) -> tuple[Chronicle, list[Fault]]:
    """What was published, and how it differs from what the ledger says now."""
    chronicle = read_chronicle(ledger.events())
    return chronicle, [Fault(name, what) for name, what in publication_faults(place, chronicle)]


def _replayed(place: Place, program: str, tell: Callable[[str], None]) -> list[Fault]:
    with replayed(place, program, tell) as side:
        cells = [Fault("warehouse.duckdb", f"a cell differs: {cell}") for cell in differences(place.warehouse, side.warehouse)]
        return cells + [Fault("warehouse.duckdb", told) for told in disagreements(side, program, tell)]
