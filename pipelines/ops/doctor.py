"""The set-up examined: what is well, what is ill, and what to do about it."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.settings import Settings
from warehouse.catalogue.bundle import read_catalogue
from warehouse.catalogue.documents import DefinitionError
from warehouse.quality.rule import read_rules
from warehouse.store.place import Place

MEASURED = {"duckdb": "2.0", "great-expectations": "1.24", "polars": "2.", "dagster": "1.13", "sqlglot": "30."}
"""The versions with which the design's measurements hold."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    is_well: bool
    remedy: str


def examine(place: Place, settings: Settings) -> list[Finding]:
    """Everything that can be told without changing anything."""
    return [*_program(), *_definitions(settings), *_home(place)]


def _program() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(f"Python {version}", sys.version_info[:2] == (3, 11), "Use Python 3.11")
    for package, measured in MEASURED.items():
        found = importlib.metadata.version(package)
        yield Finding(
            f"{package} {found}",
            found.startswith(measured),
            f"Install {package} {measured}* from the lock: make refresh",
        )


def _definitions(settings: Settings) -> Iterator[Finding]:
    try:
        catalogue = read_catalogue(settings.profile_folder)
        rules = read_rules(catalogue)
        counts = f"{len(catalogue.profile.contracts)} sources, {len(catalogue.metrics)} metrics, {len(rules)} rules"
        text = f"profile {catalogue.profile.id}: {counts}"
        yield Finding(text, True, "")
    except DefinitionError as error:
        yield Finding(f"profile {settings.profile}", False, str(error))


def _home(place: Place) -> Iterator[Finding]:
    root = next(p for p in (place.root, *place.root.parents) if p.exists())
    yield Finding(f"home {place.root}", os.access(root, os.W_OK), f"Make {root} writable for this user")
    free = shutil.disk_usage(root).free
    size = place.warehouse.stat().st_size if place.warehouse.exists() else 0
    yield Finding(f"{free >> 20:,} MB free", free > 3 * size + (256 << 20), "Free some space: a refresh works on a copy")
    if place.landing.exists():
        mode = place.landing.stat().st_mode & 0o777
        yield Finding(f"landing is for its owner alone ({mode:o})", mode == 0o700, f"chmod 700 {place.landing}")
    yield Finding(f"inbox {'is there' if place.inbox.exists() else 'not made yet'}", True, "")
