"""The bundles that landing keeps: what a refresh of the past counted by, as a catalogue again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.catalogue.bundle import Catalogue, unpack
from warehouse.store.place import Place


@contextmanager
def catalogue_of(place: Place, bundle: str) -> Iterator[Catalogue]:
    """The catalogue that a bundle of landing holds, unpacked for as long as it is needed."""
    with tempfile.TemporaryDirectory() as folder:
        yield unpack((place.landing / "blobs" / bundle).read_bytes(), Path(folder))
