"""What every command sits at: the settings of one call and what they lead to, how it says things, how it fails."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.settings import BadSetting, Settings, read_settings
from warehouse.catalogue.calendars import PeriodError
from warehouse.catalogue.documents import DefinitionError, load
from warehouse.catalogue.profile import Settings as ProfileSettings
from warehouse.intake.chronicle import Delivery, read_chronicle
from warehouse.intake.ledger import Ledger, LedgerBroken
from warehouse.intake.released import released
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import NothingPublished, Refresh, Unknown, snapshot
from warehouse.store.form import is_outdated
from warehouse.store.place import Place
from warehouse.store.swap import AnotherRefreshRuns, NotPublished

EXPECTED = (
    BadSetting, DefinitionError, PeriodError, NothingPublished, Unknown, AnotherRefreshRuns, NotPublished, LedgerBroken,
    ValueError,
)  # fmt: skip


def exit_of(error: Exception) -> int:
    """2 wrong usage, 3 another refresh runs, 1 anything else that is no fault of the asking."""
    if isinstance(error, AnotherRefreshRuns):
        return 3
    return 1 if isinstance(error, NotPublished | NothingPublished | LedgerBroken) else 2


@dataclass(frozen=True)
class Desk:
    """The settings of one call, and what they lead to."""

    options: argparse.Namespace

    @cached_property
    def settings(self) -> Settings:
        """Where, whose, which language."""
        return read_settings({"home": self.options.home, "profile": self.options.profile, "lang": self.options.lang})

    @cached_property
    def profile(self) -> ProfileSettings:
        """`profile.yml` alone: reading figures needs no more."""
        return load(self.settings.profile_folder / "profile.yml", ProfileSettings)

    @property
    def place(self) -> Place:
        """Where the profile's data live."""
        return self.settings.place(self.profile.id)

    @property
    def lang(self) -> str:
        """zh or en."""
        return self.settings.lang

    def bring_up_to_date(self) -> None:
        """A publication of an older form is rebuilt before it is read, and that is said."""
        if is_outdated(self.place.warehouse):
            from pipelines.settings import program_version
            from warehouse.refresh.begin import bring_up_to_date

            bring_up_to_date(self.place, program_version(), note)

    def now(self) -> datetime:
        """The time of day where the profile's court is."""
        return datetime.now(ZoneInfo(self.profile.time_zone))

    @contextmanager
    def reader(self, as_of: str | None = None) -> Iterator[Reader]:
        """The published figures."""
        self.bring_up_to_date()
        with snapshot(self.place.warehouse, as_of) as snap:
            releases = released(Ledger(self.place.landing).events()) if snap.gates else {}
            yield Reader(snap, self.profile.calendars, self.profile.breaks, releases)

    def deliveries(self) -> dict[int, Delivery]:
        """The deliveries of the ledger, by number."""
        return read_chronicle(Ledger(self.place.landing).events()).deliveries


def note(text: str) -> None:
    """Progress and notes: standard error, so that an answer on standard output stays clean."""
    print(text, file=sys.stderr, flush=True)


def note_synthetic(refresh: Refresh) -> None:
    """Says that made-up rows are among what was counted, where they are."""
    if refresh.is_synthetic:
        note("synthetic data: made up, not the court's records")


def print_json(answer: Any) -> None:
    """The answer and nothing else."""
    print(json.dumps(answer, ensure_ascii=False, default=str))


def where_of(options: argparse.Namespace, remedy: str) -> dict[str, str]:
    """What the options `--where` ask for, by dimension."""
    where: dict[str, str] = {}
    for key, value in map(_pair, options.where):
        if key in where:
            raise Unknown(f"--where names [{key}] twice. {remedy.format(key)}")
        where[key] = value
    return where


def _pair(text: str) -> tuple[str, str]:
    key, found, value = text.partition("=")
    if not found or not key:
        raise Unknown(f"--where [{text}] is not of the form dimension=value, as family=civil")
    return key, value
