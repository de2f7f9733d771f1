"""Homes of the made-up court on two nights: the first alone, both undisturbed, and copies to crash in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipelines.sample.deliveries import write
from warehouse.audit.verify import verify
from warehouse.catalogue.bundle import Catalogue
from warehouse.intake.chronicle import read_chronicle
from warehouse.intake.ledger import Ledger
from warehouse.reading.snapshot import snapshot
from warehouse.refresh.begin import refreshing
from warehouse.refresh.run import run_steps
from warehouse.store.place import Place

FIRST_NIGHT = datetime(2016, 11, 1, 2, tzinfo=ZoneInfo("Asia/Shanghai"))


class Home:
    """The data of one profile."""

    def __init__(self, root: Path, catalogue: Catalogue) -> None:
        self.place, self.catalogue = Place(root / "shengzhou"), catalogue
        self.told: list[str] = []
        self.place.make()

    def deliver(self, files: Iterable[Path]) -> None:
        """Puts files into the inbox, each into the folder of its name."""
        for file in files:
            folder = self.place.inbox / file.parent.name
            folder.mkdir(exist_ok=True)
            shutil.copy2(file, folder)

    def refresh(self, night: int = 0) -> str | None:
        """One refresh, so many days after the first night; what it told is kept."""
        with refreshing(self.place, self.catalogue, FIRST_NIGHT + timedelta(days=night), "tests", self.told.append) as work:
            work.land()
            return run_steps(work) if work.has_news else None

    def copy(self, root: Path) -> Home:
        """The same data elsewhere."""
        other = Home(root, self.catalogue)
        shutil.rmtree(other.place.root)
        shutil.copytree(self.place.root, other.place.root)
        return other

    def figures(self) -> list[tuple[Any, ...]]:
        """All cells that hold now, without the refreshes that they are known from."""
        with snapshot(self.place.warehouse) as snap:
            return snap.rows(
                "select * exclude (from_refresh, to_refresh) from metrics.cells where to_refresh is null order by all"
            )

    def refreshes(self) -> list[str]:
        """The publications that the warehouse knows of."""
        with snapshot(self.place.warehouse) as snap:
            return [refresh.id for refresh in snap.all_refreshes]

    def faults(self) -> list[tuple[str, str]]:
        """Name and fault of all that `caseload verify` finds."""
        return [(fault.name, fault.what) for fault in verify(self.place, "tests", False, lambda text: None, still=0.02).faults]

    def leftovers(self) -> list[str]:
        """What a refresh must not leave behind."""
        return sorted(
            p.name for p in self.place.root.iterdir() if p.name.startswith(("work", "scratch", "replay")) or ".wal" in p.name
        )

    def events(self) -> list[dict[str, Any]]:
        """The ledger."""
        return Ledger(self.place.landing).events()

    def taken(self) -> dict[int, str]:
        """By delivery: the refresh that took it."""
        return {number: publication.id for number, (publication, _) in read_chronicle(self.events()).taken.items()}


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The deliveries of 500 cases."""
    folder = tmp_path_factory.mktemp("sample")
    write(folder, cases=500, seed=683)
    return sorted(folder.glob("*/*"))


@pytest.fixture(scope="session")
def one_night(catalogue: Catalogue, files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The files up to 2014, published. To be copied, not changed."""
    home = Home(tmp_path_factory.mktemp("one_night"), catalogue)
    home.deliver(file for file in files if file.stem.split("_")[-1] < "2015")
    home.refresh()
    return home


@pytest.fixture(scope="session")
def both_nights(one_night: Home, files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The other files as well, published on the second night, undisturbed. To be copied, not changed."""
    home = one_night.copy(tmp_path_factory.mktemp("both_nights"))
    home.deliver(files)
    home.refresh(night=1)
    return home


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Home], Home]:
    """`copy_of(home)`: the same data elsewhere, to be changed."""
    return lambda home: home.copy(tmp_path / "copy")
