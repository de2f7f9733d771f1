"""Replay: the ledger into a new warehouse, refresh by refresh, each by the definitions of its day. Migrations are this."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.query import HOUSE, read_query
from warehouse.catalogue.table import read_tables
from warehouse.intake.chronicle import Publication, read_chronicle
from warehouse.intake.ledger import Ledger
from warehouse.refresh.bundles import catalogue_of
from warehouse.refresh.run import run_steps
from warehouse.refresh.work import Refreshing
from warehouse.store.duck import DuckStore, compare_files
from warehouse.store.place import Place
from warehouse.store.swap import clear_sides, seal_work, swap

SHARED = ("landing", "raw", "staged")


@dataclass(frozen=True)
class Rebuilt:
    """What a replay came to: how many refreshes, and the cells in which the new warehouse differs from the old one."""

    refreshes: int
    differences: tuple[str, ...]


def shared(place: Place, side: Place) -> None:
    """Lays a side place out on the landing, the raw and the staged files of the profile's own."""
    for name in SHARED:
        (place.root / name).mkdir(exist_ok=True)
        (side.root / name).symlink_to(place.root / name, target_is_directory=True)


@contextmanager
def replayed(
    place: Place, program: str, tell: Callable[[str], None], lay_out: Callable[[Place, Place], None] = shared
) -> Iterator[Place]:
    """A place beside the profile's own, on the same landing, with the warehouse that the ledger gives; gone afterwards.

    `lay_out` puts another landing there, for a replay of what is not on the ledger yet.
    """
    clear_sides(place)
    side = Place(place.root / f"replay-{os.getpid()}")
    side.root.mkdir(parents=True)
    try:
        lay_out(place, side)
        publications = read_chronicle(Ledger(side.landing).events()).publications
        for bundle, following in groupby(publications, key=lambda publication: publication.bundle):
            with catalogue_of(side, bundle) as catalogue:  # many nights have one bundle: unpacked once for all of them
                for publication in following:
                    tell(f"replaying {publication.id}")
                    _replay_one(side, catalogue, publication, program)
        _complete(side)
        yield side
    finally:
        shutil.rmtree(side.root, ignore_errors=True)


def differences(old: Path, new: Path) -> tuple[str, ...]:
    """Cells of all refreshes, and versions of published totals, that stand in one warehouse file alone; at most 20 of each."""
    cells = compare_files(old, new, read_query(HOUSE / "sql", "audit/cells_that_differ"))
    totals = read_query(HOUSE / "sql", "audit/totals_that_differ")
    return cells + compare_files(old, new, totals, "model.total_history")


def rebuild(place: Place, program: str, tell: Callable[[str], None]) -> Rebuilt:
    """Replays, compares with the warehouse that stands (if one does), and swaps. The lock must be held.

    The new file's hash goes on the ledger as `rebuilt`, before the swap, so that a crash between them is finished.
    """
    ledger = Ledger(place.landing)
    chronicle = read_chronicle(ledger.events())
    if chronicle.last is None:
        return Rebuilt(0, ())
    with replayed(place, program, tell) as side:
        found = differences(place.warehouse, side.warehouse) if place.warehouse.exists() else ()
        side.warehouse.replace(place.work)
    ledger.add("rebuilt", refresh_id=chronicle.last.id, warehouse=seal_work(place))
    swap(place)
    return Rebuilt(len(chronicle.publications), found)


def _complete(side: Place) -> None:
    """Adds to a replayed warehouse what the tables of today have and the bundles of the past did not know."""
    if not side.warehouse.exists():
        return
    store = DuckStore.open(side.warehouse, side.root / "scratch")
    for name, table in read_tables(HOUSE / "warehouse/tables").items():
        if table.kept in ("append", "spans"):
            store.ensure(name, table)
    store.close()


def _replay_one(side: Place, catalogue: Catalogue, publication: Publication, program: str) -> None:
    deliveries = read_chronicle(Ledger(side.landing).events()).deliveries
    work = Refreshing(side, catalogue, datetime.fromisoformat(publication.at), program, number=publication.number)
    work.replayed = tuple(deliveries[taken.delivery_no] for taken in publication.taken)
    work.replayed_bundle = publication.bundle
    try:
        run_steps(work)
        swap(side)
    finally:
        work.let_go()
