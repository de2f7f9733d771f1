"""Verify: that nothing was changed. Ledger, every stored byte, the publication; in full also everything counted again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from warehouse.intake.chronicle import Chronicle, read_chronicle
from warehouse.intake.ledger import Ledger
from warehouse.intake.tombstones import Tombstone, tombstones
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


def verify(place: Place, program: str, full: bool, tell: Callable[[str], None]) -> Verified:
    """Checks what is there against what the ledger says; `full` also replays everything and compares every cell."""
    ledger = Ledger(place.landing)
    broken = [Fault("ledger.jsonl", fault) for fault in ledger.faults()]
    if broken:
        # Nothing can be told from a ledger that does not hold, but the blobs still name their own content.
        blobs = sorted((place.landing / "blobs").glob("[0-9a-f]*"))
        wrong = [_wrong_blob(path.name) for path in blobs if sha256_of(path) != path.name]
        return Verified(0, len(blobs), 0, "", (*broken, *wrong))
    events = ledger.events()
    chronicle = read_chronicle(events)
    named = {d.blob for d in chronicle.deliveries.values()} | {p.bundle for p in chronicle.publications}
    faults = [*_blobs(place, named), *_erased(place, tombstones(events)), *_publication(place, chronicle)]
    if full and not faults and chronicle.last:
        faults += _replayed(place, program, tell)
    return Verified(len(events), len(named), len(chronicle.publications), ledger.head(), tuple(faults))


def _wrong_blob(name: str) -> Fault:
    return Fault(name, "its bytes are not those that its name is the hash of")


def _blobs(place: Place, named: set[str]) -> Iterator[Fault]:
    for sha256 in sorted(named):
        path = place.landing / "blobs" / sha256
        if not path.exists():
            yield Fault(sha256, "the ledger names this original, and it is missing")
        elif sha256_of(path) != sha256:
            yield _wrong_blob(sha256)


def _erased(place: Place, stones: Mapping[str, Tombstone]) -> Iterator[Fault]:
    for sha256, stone in sorted(stones.items()):
        if (place.landing / "blobs" / sha256).exists():
            yield Fault(sha256, f"a person was erased from this original on {stone.erased_on}, and it is there. "
                        "`caseload refresh` deletes it")  # fmt: skip


def _publication(place: Place, chronicle: Chronicle) -> Iterator[Fault]:
    if chronicle.last is None:
        if place.warehouse.exists():
            yield Fault("warehouse.duckdb", "the ledger knows of no publication")
    elif not place.warehouse.exists():
        yield Fault("warehouse.duckdb", f"it is missing; the ledger says that {chronicle.last.id} published it")
    elif sha256_of(place.warehouse) != chronicle.last.warehouse:
        yield Fault("warehouse.duckdb", f"its bytes are not those that {chronicle.last.id} published")


def _replayed(place: Place, program: str, tell: Callable[[str], None]) -> list[Fault]:
    with replayed(place, program, tell) as side:
        return [Fault("warehouse.duckdb", f"a cell differs: {cell}") for cell in differences(place.warehouse, side.warehouse)]
