"""What the pages are served from: one profile's publications, one at a time, and the words of its code lists.

Belongs here: which publication a request reads, and when what was rendered may be shown again. Does not belong here: pages.
"""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from getpass import getuser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.reports.status import run_of
from pipelines.settings import Settings
from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.documents import load
from warehouse.catalogue.law import law_zh
from warehouse.catalogue.lists import read_rows
from warehouse.catalogue.profile import Settings as ProfileSettings
from warehouse.catalogue.query import HOUSE
from warehouse.intake.access import note_access
from warehouse.intake.chronicle import Delivery, read_chronicle
from warehouse.intake.ledger import Event, Ledger
from warehouse.intake.released import released
from warehouse.quality.rule import Rule, written_rules
from warehouse.reading.figures import Kept, Reader
from warehouse.reading.snapshot import Refresh, Snapshot, snapshot
from warehouse.refresh.bundles import catalogue_of
from warehouse.store.place import Place

KEPT = 400
"""So many rendered pages are kept: 400 of 40 kB are 16 MB."""
ANSWERS = 4000
"""So many questions of one publication are kept answered; the pages ask some five hundred, filters add to them."""
LISTS = {"case_type": "case_types", "procedure": "procedures", "population": "populations", "channel": "channels",
         "court": "courts", "closing_manner": "closing_words"}  # fmt: skip
"""The code list that names the values of a dimension."""

Identity = tuple[int, int, int] | None


@dataclass(frozen=True)
class State:
    """All that a page can depend on beside its address: the files, and what the clock says of the last run."""

    warehouse: Identity
    last_run: Identity
    ledger: Identity
    run: str
    """What `caseload status` says of the last run, as JSON."""


@dataclass
class Court:
    """One profile, its place, and its publications. Safe for several threads."""

    settings: Settings
    pages: OrderedDict[tuple[State, str], tuple[int, str]] = field(default_factory=OrderedDict)
    _guard: threading.Condition = field(default_factory=threading.Condition)
    _catalogues: dict[str, Catalogue] = field(default_factory=dict)
    _unpacked: ExitStack = field(default_factory=ExitStack)
    _rules: dict[str, Rule] | None = None
    _sums: dict[int, Kept] = field(default_factory=dict)
    """By publication what its readers were told: the same few sums make most pages."""
    _summed: Identity = None
    _open: int = 0
    _opened: Identity = None

    @cached_property
    def profile(self) -> ProfileSettings:
        """`profile.yml`: names, calendars, breaks. Raises DefinitionError where it is wrong."""
        return load(self.settings.profile_folder / "profile.yml", ProfileSettings)

    @cached_property
    def place(self) -> Place:
        """Where the profile's data live."""
        return self.settings.place(self.profile.id)

    @cached_property
    def labels(self) -> dict[str, dict[str, tuple[str, str]]]:
        """By dimension the English and the Chinese name of each code that a list of the profile names."""
        found: dict[str, dict[str, tuple[str, str]]] = {}
        for dimension, name in LISTS.items():
            path = self.settings.profile_folder / "codes" / f"{name}.csv"
            rows = read_rows(path) if path.is_file() else []
            found[dimension] = {row["code"]: (row["name_en"], row["name_zh"]) for row in rows if row.get("name_en")}
        return found

    @cached_property
    def law_zh(self) -> dict[str, str]:
        """What the profile's limits say in English of articles and extensions, to their Chinese."""
        paths = [self.settings.profile_folder / f"codes/{name}.csv" for name in ("statutory_limits", "registration_limits")]
        return law_zh(row for path in paths if path.is_file() for row in read_rows(path))

    def rules(self) -> dict[str, Rule]:
        """The rules as they are written today, the house's and the profile's own: they say in Chinese what was noted."""
        with self._guard:
            if self._rules is None:
                folders = (HOUSE / "warehouse/rules", self.settings.profile_folder / "rules")
                self._rules = written_rules(folders)
            return self._rules

    def state(self) -> State:
        """What is there now; cheap enough to be asked for each request."""
        places = (self.place.warehouse, self.place.root / "last_run.json", self.place.landing / "ledger.jsonl")
        warehouse, run, ledger = (_identity(path) for path in places)
        return State(warehouse, run, ledger, json.dumps(run_of(self.place, self.profile), ensure_ascii=False))

    def rendered(self, address: str, render: Callable[[], tuple[int, str]]) -> tuple[int, str]:
        """Status and text of a page: kept from before where nothing has changed since, else rendered now."""
        key = self.state(), address
        with self._guard:
            if key in self.pages:
                self.pages.move_to_end(key)
                return self.pages[key]
        answer = render()
        with self._guard:
            self.pages[key] = answer
            while len(self.pages) > KEPT:
                self.pages.popitem(last=False)
        return answer

    @contextmanager
    def reader(self, as_of: str | None = None) -> Iterator[Reader]:
        """The figures of one publication, for one request.

        DuckDB hands out what it has open under a path, also when another file stands there by now. So a request that finds a
        new publication waits until those that read the old one are done: no two are ever open at once, and none is missed.

        Raises:
            NothingPublished: there is none yet.
            Unknown: `as_of` names none.
        """
        self._enter()
        try:
            with snapshot(self.place.warehouse, as_of) as snap:
                yield self._reader(snap)
        finally:
            with self._guard:
                self._open -= 1
                self._guard.notify_all()

    def _enter(self) -> None:
        with self._guard:
            while self._open and self._opened != _identity(self.place.warehouse):
                self._guard.wait(0.5)
            self._opened = _identity(self.place.warehouse)
            self._open += 1

    def earlier(self, reader: Reader) -> Reader | None:
        """The publication before that of a reader, on the same connection; None of the first."""
        snap = reader.snapshot
        before = [one for one in snap.all_refreshes if one.number < snap.refresh.number]
        return self.at(reader, before[-1]) if before else None

    def at(self, reader: Reader, refresh: Refresh) -> Reader:
        """What a publication said, read through the connection of another."""
        snap = reader.snapshot
        then = Snapshot(snap.connection, refresh, snap.all_refreshes)
        return self._reader(then)

    def _reader(self, snap: Snapshot) -> Reader:
        releases = released(Ledger(self.place.landing).events()) if snap.gates else {}
        with self._guard:
            if self._summed != self._opened:
                self._summed, self._sums = self._opened, {}
            kept = self._sums.setdefault(snap.refresh.number, {})
            if len(kept) > ANSWERS:  # whoever reads it goes on with what it held
                kept = self._sums[snap.refresh.number] = {}
        return Reader(snap, self.profile.calendars, self.profile.breaks, releases, kept)

    @contextmanager
    def catalogue_of(self, place: Place, bundle: str) -> Iterator[Catalogue]:
        """What a publication counted by. A bundle never changes, and reading one takes a second: it is kept once read."""
        with self._guard:
            if bundle not in self._catalogues:
                self._catalogues[bundle] = self._unpacked.enter_context(catalogue_of(place, bundle))
        yield self._catalogues[bundle]

    def close(self) -> None:
        """Lets go of what was unpacked."""
        self._unpacked.close()

    def note(self, kind: str, what: str, **said: Any) -> Event:
        """Puts what is looked at on the access log, before it is shown.

        Raises:
            LedgerBroken: the log does not follow from itself, and nothing may be shown.
        """
        at = datetime.now(ZoneInfo(self.profile.time_zone)).isoformat(timespec="seconds")
        return note_access(self.place.landing, kind, getuser(), at, what=what, **said, through="pages")

    def events(self) -> list[Event]:
        """What the ledger says, in order."""
        return Ledger(self.place.landing).events()

    def deliveries(self) -> dict[int, Delivery]:
        """The deliveries of the ledger, by number."""
        return read_chronicle(Ledger(self.place.landing).events()).deliveries


def _identity(path: Path) -> Identity:
    """Which file stands at a path: another one after each swap."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
