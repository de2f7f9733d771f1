"""A docket that was published on two nights, and homes that are copies of it."""

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
from warehouse.audit.explain import explain
from warehouse.audit.verify import verify
from warehouse.catalogue.bundle import Catalogue
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import snapshot
from warehouse.refresh.begin import refreshing
from warehouse.refresh.run import run_steps
from warehouse.store.place import Place

FIRST_NIGHT = datetime(2016, 11, 1, 2, tzinfo=ZoneInfo("Asia/Shanghai"))


class Home:
    """The data of one profile."""

    def __init__(self, root: Path, catalogue: Catalogue) -> None:
        self.place, self.catalogue = Place(root / "shengzhou"), catalogue
        self.place.make()

    def deliver(self, files: Iterable[Path]) -> None:
        """Puts files into the inbox, each into the folder of its name."""
        for file in files:
            folder = self.place.inbox / file.parent.name
            folder.mkdir(exist_ok=True)
            shutil.copy2(file, folder)

    def refresh(self, night: int = 0, catalogue: Catalogue | None = None) -> str | None:
        """One refresh, so many days after the first night."""
        now = FIRST_NIGHT + timedelta(days=night)
        with refreshing(self.place, catalogue or self.catalogue, now, "tests") as work:
            work.land()
            return run_steps(work) if work.has_news else None

    def copy(self, root: Path) -> Home:
        """The same data elsewhere."""
        other = Home(root, self.catalogue)
        shutil.rmtree(other.place.root)
        shutil.copytree(self.place.root, other.place.root)
        return other

    @contextmanager
    def reader(self, as_of: str | None = None) -> Iterator[Reader]:
        """What is published, as of now or then."""
        with snapshot(self.place.warehouse, as_of) as snap:
            yield Reader(snap, self.catalogue.profile.settings.calendars)

    def explain(self, figure_id: str, rows: int = 100_000) -> dict[str, Any]:
        """What `caseload explain` answers."""
        with self.reader(figure_id.partition("@")[2] or None) as reader:
            return explain(self.place, reader, reader.parse(figure_id), rows)

    def faults(self, full: bool = False) -> list[tuple[str, str]]:
        """Name and fault of all that `caseload verify` finds."""
        return [(fault.name, fault.what) for fault in verify(self.place, "tests", full, lambda text: None, still=0.02).faults]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a query on the published warehouse gives."""
        with snapshot(self.place.warehouse) as snap:
            return snap.rows(sql)

    def cells(self) -> list[tuple[Any, ...]]:
        """All cells of all refreshes."""
        with snapshot(self.place.warehouse) as snap:
            return snap.rows("select * from metrics.cells order by all")


@pytest.fixture(scope="session")
def two_nights(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """500 cases: the files up to 2014 on the first night, the others on the second. To be read, not changed."""
    folder, home = tmp_path_factory.mktemp("sample"), Home(tmp_path_factory.mktemp("two_nights"), catalogue)
    write(folder, cases=500, seed=683)
    files = sorted(folder.glob("*/*"))
    home.deliver(file for file in files if file.stem.split("_")[-1] < "2015")
    home.refresh()
    home.deliver(files)
    home.refresh(night=1)
    return home


@pytest.fixture(scope="session")
def new_home(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Home]:
    """Makes empty homes."""
    return lambda: Home(tmp_path_factory.mktemp("home"), catalogue)


@pytest.fixture
def home(two_nights: Home, tmp_path: Path) -> Home:
    """A copy of the home of two nights, to be changed."""
    return two_nights.copy(tmp_path)


@pytest.fixture(scope="session")
def line_of() -> Callable[[Home, dict[str, Any]], str]:
    """`line_of(home, row)`: the line of the stored original that an explained row names, read without our readers."""

    def find(home: Home, row: dict[str, Any]) -> str:
        content = (home.place.landing / "blobs" / row["sha256"]).read_bytes()
        text = content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "gb18030")
        return text.split("\n")[row["line"] - 1]

    return find


@pytest.fixture(scope="session")
def change() -> Callable[[Path, str, str], None]:
    """`change(file, old, new)` puts one text for another that must be there."""

    def put(file: Path, old: str, new: str) -> None:
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")

    return put
