"""What a bundle of definitions changes, in stages: the profile's lists, then queries and definitions, then the days counted."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from warehouse.catalogue.bundle import Catalogue, read_catalogue
from warehouse.catalogue.documents import DefinitionError
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import Refresh
from warehouse.refresh.bundles import catalogue_of
from warehouse.store.place import Place

COUNTS = ("sql/model/", "sql/metrics/", "warehouse/definitions/", "profile/codes/", "profile/profile.yml")
"""What of a bundle says how that which is known is counted. Contracts and rules speak of deliveries yet to be read."""


OF_ONE = ("sql/metrics/", "warehouse/definitions/")
"""Folders whose files are called by the metric, or by the query that several share."""


@dataclass(frozen=True)
class Stage:
    """One way to count what was known at the earlier publication, and how it differs from the way before it."""

    kind: str
    what: str
    catalogue: Catalogue
    reader: Reader
    """Says up to which day is counted."""
    data_from: date
    files: tuple[str, ...] = ()
    """What changed, by name; none where only time went on."""

    def what_of(self, name: str) -> str:
        """What a figure of one metric may have moved by: files of other metrics say nothing of it."""
        own = name.partition(".")[0]
        stems = {metric: {metric, found.members.rpartition("/")[2]} for metric, found in self.catalogue.metrics.items()}
        others = {stem for found in stems.values() for stem in found} - stems.get(own, {own})
        mine = [f for f in self.files if not (f.startswith(OF_ONE) and f.rpartition("/")[2].partition(".")[0] in others)]
        return ", ".join(mine or self.files) or self.what


def stages(place: Place, old: Reader, new: Reader, catalogue: Catalogue) -> Iterator[Stage]:
    """The ways to count between the two publications, in order; `catalogue` is that of the later one."""
    then, now = old.snapshot.refresh, new.snapshot.refresh
    files = changed_files(place, then.bundle, now.bundle)
    lists = [name for name in files if name.startswith("profile/")]
    others = [name for name in files if not name.startswith("profile/")]
    if lists and others:
        with catalogue_of(place, then.bundle) as earlier:
            try:
                mixed = read_catalogue(catalogue.profile.folder, earlier.house)
            except DefinitionError:  # the profile of now does not go with the queries of then
                lists, others = [], files
            else:
                yield Stage("code_list", "", mixed, old, now.data_from, tuple(lists))
    if others or lists:
        yield Stage("definition" if others else "code_list", "", catalogue, old, now.data_from, tuple(others or lists))
    if then.counting_day != now.counting_day:
        yield Stage("time", went_on(then, now), catalogue, new, now.data_from)


def went_on(then: Refresh, now: Refresh) -> str:
    """How far time went on between two publications, in words."""
    return f"counted to {now.counting_day} instead of {then.counting_day}"


def changed_files(place: Place, one: str, other: str) -> list[str]:
    """The files that say how to count and differ between two bundles, by name."""
    if one == other:
        return []
    contents = []
    for bundle in (one, other):
        with zipfile.ZipFile(place.landing / "blobs" / bundle) as archive:
            contents.append({info.filename: info.CRC for info in archive.infolist() if info.filename.startswith(COUNTS)})
    before, after = contents
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
