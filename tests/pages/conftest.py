"""The pages in this process, on homes of the made-up court: nothing published, one publication, two."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from pipelines.cli import main
from pipelines.sample.deliveries import write
from pipelines.settings import Settings
from pipelines.web.app import build
from pipelines.web.court import Court
from warehouse.catalogue.bundle import Catalogue
from warehouse.refresh.begin import refreshing
from warehouse.refresh.last_run import LastRun, write_last_run
from warehouse.refresh.run import run_steps
from warehouse.refresh.shrink import Acceptance
from warehouse.store.place import Place

FIRST_NIGHT = datetime(2016, 11, 1, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
LATE = "2016-10"
"""Files of this month are delivered in the second night."""


@dataclass
class Page(HTMLParser):
    """What a page links to, loads, says; its numbers as (where it stands, value)."""

    text: str
    lang: str = ""
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    words: str = ""
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    numbers: list[tuple[str, str]] = field(default_factory=list)
    """The numbers that lead to their explanation: id of the figure, and value."""
    _figure: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        self.tags.append((tag, found))
        if tag == "html":
            self.lang = found.get("lang", "")
        if tag == "data" and self._figure:
            self.numbers.append((self._figure, found["value"]))
        if tag == "a":
            self.links.append(found.get("href", ""))
            self._figure = unquote(found.get("href", "").partition("/explain/")[2])
        else:
            self.loads += [found[key] for key in ("src", "href", "action", "xlink:href", "srcset") if key in found]

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._figure = ""

    def handle_data(self, data: str) -> None:
        self.words += data

    def values(self, key: str, name: str) -> list[str]:
        """The values of all `data` elements inside the elements that carry this attribute."""
        found, inside = [], False
        for tag, attrs in self.tags:
            if key in attrs:
                inside = attrs[key] == name
            if inside and tag == "data":
                found.append(attrs["value"])
        return found


@dataclass(frozen=True)
class Site:
    """The pages of one home."""

    home: Path
    court: Court
    client: TestClient

    def page(self, address: str, status: int = 200) -> Page:
        """A page, which must be HTML and answer with this status."""
        answer = self.client.get(address)
        assert answer.status_code == status, f"{address}: {answer.status_code}"
        assert answer.headers["content-type"].startswith("text/html")
        assert "Traceback" not in answer.text
        return Page(answer.text)


def site(home: Path) -> Site:
    """The pages of a home, as a browser on this machine asks for them."""
    court = Court(Settings(home, "shengzhou", "en"))
    return Site(home, court, TestClient(build(court), base_url="http://127.0.0.1:8000", raise_server_exceptions=False))


@pytest.fixture(scope="session")
def open_site() -> Callable[[Path], Site]:
    """The pages of a home of one's own."""
    return site


@pytest.fixture(scope="session")
def night(catalogue: Catalogue) -> Callable[[Path, int], str | None]:
    """`night(home, 1)`: one refresh, so many days after the first night, with a last run beside it."""

    def run(home: Path, days: int) -> str | None:
        place, now = Place(home / "shengzhou"), FIRST_NIGHT + timedelta(days=days)
        with refreshing(place, catalogue, now, "tests", accepts=Acceptance("tests", "late files", revision=True)) as work:
            work.land()
            made = run_steps(work) if work.has_news else None
        write_last_run(place, LastRun(now.isoformat(), "done", made))
        return made

    return run


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The files of a docket of 500 cases."""
    folder = tmp_path_factory.mktemp("sample")
    write(folder, cases=500, seed=683)
    return sorted(folder.glob("*/*"))


def deliver(home: Path, files: list[Path]) -> None:
    """Puts files into the inbox, each into the folder of its source."""
    place = Place(home / "shengzhou")
    place.make()
    for file in files:
        (place.inbox / file.parent.name).mkdir(exist_ok=True)
        shutil.copy2(file, place.inbox / file.parent.name)


@pytest.fixture(scope="session")
def one_night(files: list[Path], night: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one publication, without the files of the last month of cases. To be read, or copied."""
    home = tmp_path_factory.mktemp("one")
    deliver(home, [file for file in files if not (file.parent.name == "registrations" and LATE in file.name)])
    night(home, 0)
    return home


@pytest.fixture(scope="session")
def two_nights(one_night: Path, files: list[Path], night: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same home a night later, when the rest has come. To be read, or copied."""
    home = Path(shutil.copytree(one_night, tmp_path_factory.mktemp("two") / "home"))
    deliver(home, files)
    assert night(home, 1) == "r000002"
    return home


@pytest.fixture(scope="session")
def pages(two_nights: Path) -> Site:
    """The pages of the two publications."""
    return site(two_nights)


@pytest.fixture
def asked(two_nights: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """`asked("figures", "filed")`: what the command line answers for the same home, as JSON or, with `text`, as it is."""

    def ask(*words: str, text: bool = False) -> Any:
        capsys.readouterr()
        assert main([*words, "--home", str(two_nights), "--profile", "shengzhou"]) == 0
        out = capsys.readouterr().out
        return out if text else json.loads(out)

    return ask
