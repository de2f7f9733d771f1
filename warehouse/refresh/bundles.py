"""The bundles that landing keeps: what a refresh of the past counted by, as a catalogue again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from warehouse.catalogue.bundle import Catalogue, unpack
from warehouse.store.place import Place


@dataclass
class _Unpacked:
    catalogue: Catalogue
    folder: tempfile.TemporaryDirectory[str]
    readers: int = 0


_unpacked: dict[Path, _Unpacked] = {}
_lock = Lock()


@contextmanager
def catalogue_of(place: Place, bundle: str) -> Iterator[Catalogue]:
    """The catalogue that a bundle of landing holds, unpacked for as long as somebody needs it.

    Who asks while another has it open, as one step of an answer inside of another, is given the same: to write its 300 files
    takes longer than to find the rows of a figure.
    """
    path = place.landing / "blobs" / bundle
    with _lock:
        if path not in _unpacked:
            folder = tempfile.TemporaryDirectory()
            try:
                _unpacked[path] = _Unpacked(unpack(path.read_bytes(), Path(folder.name)), folder)
            except BaseException:
                folder.cleanup()
                raise
        held = _unpacked[path]
        held.readers += 1
    try:
        yield held.catalogue
    finally:
        with _lock:
            held.readers -= 1
            if not held.readers:
                del _unpacked[path]
                held.folder.cleanup()
