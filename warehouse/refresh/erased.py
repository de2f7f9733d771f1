"""The end of an erasure: what held the person is taken away. Done again at every start, until nothing is left.

Belongs here: what is deleted once the ledger has the tombstone. Does not belong here: what comes before (erase.py).
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from warehouse.intake.chronicle import read_chronicle
from warehouse.intake.ledger import Event
from warehouse.intake.tombstones import ERASED, Tombstone, tombstones
from warehouse.store.place import Place

TRIAL = ".erase-"
"""How the folders begin in which files are redacted for a trial."""


def clear_erased(place: Place, events: Sequence[Event]) -> None:
    """Deletes the originals that have a tombstone, and what was read and typed from them. For the lock's holder.

    The original goes last: as long as it stands there, a crash before the end shows.
    """
    for folder in (*place.root.glob(f"{TRIAL}*"), *place.raw.glob(".parquet-*")):  # what a crash left of a trial or a reading
        shutil.rmtree(folder, ignore_errors=True)
    stones = tombstones(events)
    left = [sha256 for sha256 in stones if (place.landing / "blobs" / sha256).exists()]
    if stones:
        for part in (place.landing / "blobs").glob(".*.part"):  # a copy that a crash cut short may be of an original
            part.unlink()
    if not left:
        return
    for number in _deliveries_of(events, stones, left):
        for file in place.staged.glob(f"*{number:06}_*"):
            file.unlink()
    for sha256 in left:
        for file in place.raw.glob(f"*{sha256}_*"):
            file.unlink()
        (place.landing / "blobs" / sha256).unlink()


def _deliveries_of(events: Sequence[Event], stones: dict[str, Tombstone], gone: Sequence[str]) -> list[int]:
    """The deliveries whose bytes were once these."""
    numbers = []
    for delivery in read_chronicle(events).deliveries.values():
        sha256, chain = delivery.sha256, {delivery.sha256}
        while sha256 in stones:
            sha256 = stones[sha256].redacted
            chain.add(sha256)
        if chain & set(gone):
            numbers.append(delivery.delivery_no)
    return numbers


def is_before_erasure(events: Sequence[Event], warehouse: str) -> bool:
    """Whether this warehouse is the one that the last erasure was to replace: it holds the person, and must go."""
    at = max((number for number, event in enumerate(events) if event["event"] == ERASED), default=None)
    if at is None:
        return False
    last = read_chronicle(events[:at]).last
    return last is not None and last.warehouse == warehouse
