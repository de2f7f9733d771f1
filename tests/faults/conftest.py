"""A court whose sample arrives on two nights, asked and refreshed by the command line alone."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipelines.cli import main
from pipelines.sample.deliveries import write
from warehouse.catalogue.bundle import Catalogue
from warehouse.reading.snapshot import snapshot
from warehouse.refresh.begin import refreshing
from warehouse.refresh.run import run_steps
from warehouse.store.place import Place


def day_of(file: Path) -> str:
    """The extract date in the name of a file of the sample."""
    found = re.search(r"_(\d{4}-\d\d-\d\d)", file.stem)
    assert found, file
    return found[1]


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        """Both streams."""
        return self.out + self.err


class Home:
    """The data of one profile, and the command line on them."""

    def __init__(self, root: Path) -> None:
        self.place = Place(root / "shengzhou")
        self.place.make()

    @property
    def environment(self) -> dict[str, str]:
        """For processes of their own."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("CASELOAD_")}
        return {**kept, "CASELOAD_HOME": str(self.place.root.parent)}

    @property
    def command(self) -> str:
        """Where the installed command stands."""
        return str(Path(sys.executable).with_name("caseload"))

    def put(self, name: str, content: bytes | str) -> Path:
        """Writes a file of the inbox, last touched an hour ago."""
        path = self.place.inbox / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        then = path.stat().st_mtime - 3600
        os.utime(path, (then, then))
        return path

    def deliver(self, files: Iterable[Path]) -> None:
        """Puts files into the inbox, each into the folder of its name."""
        for file in files:
            folder = self.place.inbox / file.parent.name
            folder.mkdir(exist_ok=True)
            shutil.copy2(file, folder)

    def copy(self, root: Path) -> Home:
        """The same data elsewhere."""
        other = Home(root)
        shutil.rmtree(other.place.root)
        shutil.copytree(self.place.root, other.place.root)
        return other

    def cells(self) -> list[tuple[Any, ...]]:
        """All cells that hold now, without the refreshes that they are known from."""
        with snapshot(self.place.warehouse) as snap:
            return snap.rows(
                "select * exclude (from_refresh, to_refresh) from metrics.cells where to_refresh is null order by all"
            )


@pytest.fixture
def caseload(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """`caseload(home, "status")` in this process. A traceback is never right."""

    def call(home: Home, *words: str) -> Said:
        capsys.readouterr()
        code = main([*words, "--home", str(home.place.root.parent)])
        said = Said(code, *capsys.readouterr())
        assert "Traceback" not in said.all, said.all
        return said

    return call


@pytest.fixture
def ask(caseload: Callable[..., Said]) -> Callable[..., list[dict[str, Any]]]:
    """`ask(home, "filed")`: figures as JSON."""
    return lambda home, *words: json.loads(caseload(home, "figures", *words, "--format", "json").out)


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The deliveries of a docket of 500 cases until January 2016. The months after it would bring more files and nothing else."""
    folder = tmp_path_factory.mktemp("sample")
    write(folder, cases=500, seed=683)
    return [file for file in sorted(folder.glob("*/*")) if day_of(file) < "2016-02"]


@pytest.fixture(scope="session")
def until(files: list[Path]) -> Callable[[str], list[Path]]:
    """`until("2015")`: the files of the days before."""
    return lambda day: [file for file in files if day_of(file) < day]


@pytest.fixture(scope="session")
def refreshed(catalogue: Catalogue) -> Callable[[Home], Home]:
    """Refreshes a home, step by step and without Dagster."""

    def refresh(home: Home) -> Home:
        with refreshing(home.place, catalogue, datetime.now(ZoneInfo("Asia/Shanghai")), "tests") as work:
            work.land()
            run_steps(work)
        return home

    return refresh


@pytest.fixture(scope="session")
def one_night(refreshed: Callable[[Home], Home], files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The files up to 2014, published. To be copied, not changed."""
    home = Home(tmp_path_factory.mktemp("one_night"))
    home.deliver(file for file in files if day_of(file) < "2015")
    return refreshed(home)


@pytest.fixture(scope="session")
def undisturbed(refreshed: Callable[[Home], Home], files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Home:
    """All files in one night. To be copied, not changed."""
    home = Home(tmp_path_factory.mktemp("undisturbed"))
    home.deliver(files)
    return refreshed(home)


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Home], Home]:
    """`copy_of(home)`: the same data elsewhere, to be changed."""
    return lambda home: home.copy(tmp_path / "copy")


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Home]:
    """Makes empty homes."""
    return lambda: Home(tmp_path_factory.mktemp("home"))


@pytest.fixture
def empty(new_home: Callable[[], Home]) -> Home:
    """A home without anything."""
    return new_home()
