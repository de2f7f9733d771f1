"""A dry run of one file: what a refresh would make of it, in a place of its own that is gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.documents import DefinitionError, nearest
from warehouse.catalogue.query import read_query
from warehouse.intake.chronicle import Delivery
from warehouse.intake.land import ORDER_FILE
from warehouse.intake.quarantine import SetAside, rows_of
from warehouse.intake.readers.rows import Read
from warehouse.refresh.begin import refreshing
from warehouse.refresh.count import load_reference, set_aside
from warehouse.refresh.work import Refreshing
from warehouse.store.place import Place


@dataclass(frozen=True)
class Checked:
    """The verdict on one file. `refused` says why it cannot be taken at all; then there is nothing else.

    `rows` are delivered; of these `duplicates` and `aside` are not accepted. `open_rows` are those set aside that are cases;
    `unasked` are blocking rules on rows that could not be asked, with the reason.
    """

    refused: str | None
    delivery: Delivery | None = None
    read: Read | None = None
    duplicates: int = 0
    aside: tuple[SetAside, ...] = ()
    warnings: tuple[tuple[str, int], ...] = ()
    unasked: tuple[str, ...] = ()
    is_withheld: bool = False
    """Whether so many rows would be set aside that the figures of the source wait."""

    @property
    def rows(self) -> int:
        """Rows delivered."""
        return self.read.rows if self.read else 0

    @property
    def quarantined(self) -> int:
        """Rows set aside."""
        return rows_of(self.aside)

    @property
    def accepted(self) -> int:
        """Rows that would go into history."""
        return self.rows - self.quarantined - self.duplicates

    @property
    def passes(self) -> bool:
        """Whether it may be delivered as it is: taken, every rule asked, and not so bad that figures would wait for it."""
        return self.refused is None and not self.is_withheld and not self.unasked


def check(catalogue: Catalogue, source: str, file: Path, program: str) -> Checked:
    """What a refresh would make of `file` as a delivery of `source`, alone and with nothing known before.

    Raises:
        DefinitionError: the profile has no such source.
    """
    if source not in catalogue.profile.contracts:
        known = nearest(source, list(catalogue.profile.contracts))
        raise DefinitionError(f"there is no source [{source}] in the profile {catalogue.profile.id}. {known}")
    with _elsewhere(catalogue, source, file) as place:
        now = datetime.now(ZoneInfo(catalogue.profile.settings.time_zone))
        with refreshing(place, catalogue, now, program) as work:
            work.land()
            mine = next((one for one in work.waiting if one.source == source), None)
            read = work.read(source).get(mine.delivery_no) if mine else None
            if mine is None or read is None:
                return Checked(next((one.reason for one in work.landed.refused), f"{file.name}: it was not taken"))
            return _verdict(work, mine, read)


def _verdict(work: Refreshing, mine: Delivery, read: Read) -> Checked:
    staged = work.stage(mine.source)[mine.delivery_no]
    load_reference(work)
    outcomes = set_aside(work)
    query = read_query(work.catalogue.house / "sql", "quality/set_aside_of")
    aside = tuple(
        SetAside(number, record, line, source, code, message, key, court, column, value)
        for number, record, line, source, key, court, code, column, value, message
        in work.store.rows(query, {"delivery_no": mine.delivery_no})
    )  # fmt: skip
    rules, limit = work.rules, work.catalogue.profile.settings.set_aside
    cases = rows_of(one for one in aside if one.reason_code != "NO_CASE")
    return Checked(
        refused=None,
        delivery=mine,
        read=read,
        duplicates=staged.duplicates,
        aside=aside,
        warnings=tuple((one.rule_id, one.unexpected) for one in outcomes
                       if one.unexpected and rules[one.rule_id].severity != "blocks"),
        unasked=tuple(f"{one.rule_id}: {one.error}" for one in outcomes if one.error),
        is_withheld=cases > limit.rows and cases > limit.share * read.rows,
    )  # fmt: skip


@contextmanager
def _elsewhere(catalogue: Catalogue, source: str, file: Path) -> Iterator[Place]:
    """A place with nothing but this file in its inbox, and the order of deliveries that stands beside it."""
    with tempfile.TemporaryDirectory(prefix="caseload-") as folder:
        place = Place(Path(folder) / catalogue.profile.id)
        place.make()
        inbox = place.inbox / source
        inbox.mkdir()
        for path in (file, file.with_name(ORDER_FILE)):
            if path.is_file():
                shutil.copy2(path, inbox)
        yield place
