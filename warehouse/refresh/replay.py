"""Replay: the ledger into a new warehouse, refresh by refresh, each by the definitions of its day. Migrations are this."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from warehouse.catalogue.bundle import Catalogue, unpack
from warehouse.intake.chronicle import Publication, read_chronicle
from warehouse.intake.ledger import Ledger
from warehouse.refresh.run import run_steps
from warehouse.refresh.work import Refreshing
from warehouse.store.place import Place
from warehouse.store.swap import clear_work, sha256_of, swap


@contextmanager
def catalogue_of(place: Place, bundle: str) -> Iterator[Catalogue]:
    """The catalogue that a bundle of landing holds, unpacked for as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        yield unpack((place.landing / "blobs" / bundle).read_bytes(), Path(folder))


def replay(place: Place, program: str, tell: Callable[[str], None]) -> int:
    """Makes the warehouse anew from ledger and landing and swaps it in; how many refreshes were replayed.

    The lock must be held. The new file's hash goes on the ledger as `rebuilt`.
    """
    ledger = Ledger(place.landing)
    chronicle = read_chronicle(ledger.events())
    if chronicle.last is None:
        return 0
    kept = place.warehouse.with_suffix(".before")
    if place.warehouse.exists():
        os.replace(place.warehouse, kept)
    try:
        for publication in chronicle.publications:
            tell(f"replaying {publication.id}")
            _replay_one(place, publication, program)
    except BaseException:
        place.warehouse.unlink(missing_ok=True)
        if kept.exists():
            os.replace(kept, place.warehouse)
        raise
    kept.unlink(missing_ok=True)
    ledger.add("rebuilt", refresh_id=chronicle.last.id, warehouse=sha256_of(place.warehouse))
    return len(chronicle.publications)


def _replay_one(place: Place, publication: Publication, program: str) -> None:
    with catalogue_of(place, publication.bundle) as catalogue:
        deliveries = read_chronicle(Ledger(place.landing).events()).deliveries
        work = Refreshing(place, catalogue, datetime.fromisoformat(publication.at), program, number=publication.number)
        work.replayed = tuple(deliveries[taken.delivery_no] for taken in publication.taken)
        work.__dict__["bundle"] = publication.bundle
        try:
            run_steps(work)
            swap(place)
        finally:
            if work._store is not None:
                work._store.abandon()
            clear_work(place)
