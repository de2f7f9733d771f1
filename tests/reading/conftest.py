"""Homes of the made-up court, and a reader over small dockets drawn by hand."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipelines.sample.deliveries import write
from warehouse.catalogue.bundle import Catalogue
from warehouse.reading.figures import Reader
from warehouse.reading.scope import Scope, scope
from warehouse.reading.snapshot import snapshot
from warehouse.refresh.begin import refreshing
from warehouse.refresh.run import run_steps
from warehouse.refresh.shrink import Acceptance
from warehouse.store.place import Place

FIRST_NIGHT = datetime(2016, 11, 1, 2, tzinfo=ZoneInfo("Asia/Shanghai"))


class Home:
    """The data of one profile: deliver files, let nights pass, ask."""

    def __init__(self, root: Path, catalogue: Catalogue) -> None:
        self.place, self.catalogue = Place(root / "shengzhou"), catalogue
        self.place.make()

    def deliver(self, files: Iterable[Path]) -> None:
        """Puts files into the inbox, each into the folder of its name; untouched since they were written."""
        for file in files:
            folder = self.place.inbox / file.parent.name
            folder.mkdir(exist_ok=True)
            shutil.copy2(file, folder)

    def refresh(self, night: int = 0, catalogue: Catalogue | None = None) -> str | None:
        """One refresh, so many days after the first night; the refresh id, None where there was nothing to publish.

        Closed years may move as far as late files move them.
        """
        now, late = FIRST_NIGHT + timedelta(days=night), Acceptance("tests", "late files", revision=True)
        with refreshing(self.place, catalogue or self.catalogue, now, "tests", accepts=late) as work:
            work.land()
            assert work.landed.refused == []
            return run_steps(work) if work.has_news else None

    @contextmanager
    def reader(self, as_of: str | None = None) -> Iterator[Reader]:
        """What is published, as of now or then."""
        with snapshot(self.place.warehouse, as_of) as snap:
            yield Reader(snap, self.catalogue.profile.settings.calendars)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a query on the published warehouse gives."""
        with snapshot(self.place.warehouse) as snap:
            return snap.rows(sql)


@pytest.fixture(scope="session")
def new_home(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Home]:
    """Makes empty homes."""
    return lambda: Home(tmp_path_factory.mktemp("home"), catalogue)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[Path]]:
    """`sample(500)`: the files of a docket of 500 cases, in the order of their names."""
    made: dict[int, Path] = {}

    def files(cases: int) -> list[Path]:
        if cases not in made:
            made[cases] = tmp_path_factory.mktemp(f"sample{cases}")
            write(made[cases], cases=cases, seed=683)
        return sorted(made[cases].glob("*/*"))

    return files


@pytest.fixture
def reader(bench: Any) -> Callable[..., Reader]:
    """`reader("filed", "closed", counting_day=…)`: a reader of these metrics, counted from what was `given`."""

    def open_at(*names: str, counting_day: str = "2012-12-31", data_from: str = "2012-01-01") -> Reader:
        bench.reckon(counting_day, data_from, names)
        return Reader(bench.count(list(names)), bench.catalogue.profile.settings.calendars)

    return open_at


@pytest.fixture
def spells(bench: Any) -> Callable[..., Scope]:
    """`spells(where, counting_day=…)`: what estimates are made from, by what was `given`; no metric is counted."""

    def open_at(where: dict[str, str] | None = None, counting_day: str = "2012-12-31") -> Scope:
        bench.reckon(counting_day, "2012-01-01", ["model.case_spells"])
        found = Reader(bench.count([]), bench.catalogue.profile.settings.calendars)
        return scope(found, bench.store.connection, where or {})

    return open_at
