"""The command line in this process, and a home that it published."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli import main
from pipelines.sample.deliveries import write
from warehouse.store.place import Place


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which must be JSON and nothing else."""
        return json.loads(self.out)


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings come from the test alone."""
    for key in ("CASELOAD_HOME", "CASELOAD_PROFILE", "CASELOAD_LANG", "DAGSTER_HOME"):
        monkeypatch.delenv(key, raising=False)


@pytest.fixture
def caseload(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """`caseload("status", home=…)`: one command in this process. A traceback is never right."""

    def call(*words: str, home: Path | None = None) -> Said:
        capsys.readouterr()
        code = main([*words, *(["--home", str(home)] if home else [])])
        said = Said(code, *capsys.readouterr())
        assert "Traceback" not in said.out + said.err, said.out + said.err
        return said

    return call


@pytest.fixture(scope="session")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The deliveries of 500 cases, by source."""
    folder = tmp_path_factory.mktemp("sample")
    write(folder, cases=500, seed=683)
    return folder


@pytest.fixture(scope="session")
def published(deliveries: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that the command line published. To be read, not changed."""
    home = tmp_path_factory.mktemp("published")
    Place(home / "shengzhou").make()
    shutil.copytree(deliveries, home / "shengzhou/inbox", dirs_exist_ok=True)
    assert main(["refresh", "--home", str(home)]) == 0
    return home


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copytree(published, tmp_path / "home"))


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A home without anything."""
    (tmp_path / "empty").mkdir()
    return tmp_path / "empty"
