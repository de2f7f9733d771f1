"""A refresh to look at: everything that a real one does, beside the profile's data, which stay as they are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.store.place import Place
from warehouse.store.swap import clear_sides, locked

KEPT = ("landing", "raw", "staged")


@contextmanager
def aside(place: Place) -> Iterator[Place]:
    """A place with the same inbox and the same past, gone afterwards. The files are linked, so that it costs no space.

    What is linked is only ever replaced, never written to; the ledger, which is written to, is copied.

    Raises:
        AnotherRefreshRuns: the lock is held; it is needed for the moment of linking alone.
    """
    clear_sides(place)
    side = Place(place.root / f"preview-{os.getpid()}")
    try:
        with locked(place):
            side.root.mkdir(parents=True)
            side.inbox.symlink_to(place.inbox.resolve(), target_is_directory=True)
            for name in KEPT:
                if (place.root / name).exists():
                    shutil.copytree(place.root / name, side.root / name, copy_function=_link)
            if place.warehouse.exists():
                os.link(place.warehouse, side.warehouse)
        yield side
    finally:
        shutil.rmtree(side.root, ignore_errors=True)


def _link(source: str, target: str) -> None:
    if Path(source).name.startswith("ledger."):
        shutil.copy2(source, target)
    else:
        os.link(source, target)
