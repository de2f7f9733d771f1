"""The wheel, built without a network and installed apart from the checkout, refreshes both courts with the right figures.

The environment is new; it sees the libraries that are installed beside the tests, but the project comes from the wheel.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from warehouse.catalogue.query import HOUSE

KEPT = ("pipelines", "assets", "warehouse", "sql")
SHIPPED = (".py", ".sql", ".yml", ".csv", ".csv.gz", ".md", ".json", ".html", ".css", ".svg", ".po", ".txt")
Caseload = Callable[..., str]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of a copy of the checkout in which somebody has worked: there are data, caches and a home in it."""
    copy = tmp_path_factory.mktemp("source")
    for name in KEPT:
        shutil.copytree(HOUSE / name, copy / name, ignore=shutil.ignore_patterns("data", "__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(HOUSE / name, copy / name)
    landing = copy / "warehouse/data/shengzhou/landing"
    landing.mkdir(parents=True)
    (landing / "ledger.jsonl").write_text("{}\n", "utf-8")
    (copy / "warehouse/__pycache__").mkdir()
    (copy / "warehouse/__pycache__/old.cpython-311.pyc").write_bytes(b"")
    environment = os.environ | {"PIP_NO_INDEX": "1", "UV_OFFLINE": "1"}
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel"], cwd=copy, env=environment, check=True,
                   capture_output=True)  # fmt: skip
    (built,) = (copy / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of a new environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    venv.create(folder, with_pip=False, symlinks=True)
    programs, python = folder / "bin", folder / "bin/python"
    subprocess.run([sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index", "--no-deps",
                    "--no-compile", "--disable-pip-version-check", str(wheel)], check=True, capture_output=True)  # fmt: skip
    # A line in a .pth adds the folder without obeying the .pth files in it, so not the checkout that one of them names.
    mine = folder / f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    (mine / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return programs


@pytest.fixture(scope="module")
def caseload(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Caseload:
    """Runs the installed command far from the checkout, with a home of its own; what it printed. It must end with 0."""
    folder = tmp_path_factory.mktemp("elsewhere")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "CASELOAD", "COVERAGE", "COV_"))}
    environment = kept | {"CASELOAD_HOME": str(folder / "home")}

    def run(*words: str, program: str = "caseload") -> str:
        done = subprocess.run([installed / program, *words], cwd=folder, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, f"caseload {' '.join(words)} ended with {done.returncode}: {done.stderr[-800:]}"
        return done.stdout

    return run


def test_the_wheel_holds_every_kind_of_file_and_nothing_of_the_workshop(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    ours = {name for name in names if ".dist-info/" not in name}
    assert {name.partition("/")[0] for name in ours} == set(KEPT)
    assert [name for name in ours if name.startswith("warehouse/data/") or "__pycache__" in name] == []
    assert [name for name in ours if not name.endswith(SHIPPED)] == []
    for kind in SHIPPED:
        wanted = {str(path.relative_to(HOUSE)) for name in KEPT for path in (HOUSE / name).rglob(f"*{kind}")}
        wanted = {name for name in wanted if not name.startswith("warehouse/data/")}
        assert wanted and wanted <= names, f"without {sorted(wanted - names)[:3]}"
    assert "sql/__init__.py" not in names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_what_runs_is_the_wheel_and_not_the_checkout(caseload, installed):
    code = (
        "import pipelines.cli, assets, warehouse.catalogue.query as q; print(pipelines.cli.__file__, assets.__file__, q.HOUSE)"
    )
    for path in caseload("-c", code, program="python").split():
        assert path.startswith(str(installed.parent)) and not path.startswith(str(HOUSE))
    assert caseload("--version").startswith("caseload ")


def test_the_sample_is_refreshed_from_the_wheel(caseload):
    screen = caseload("refresh", "--sample")
    assert "SYNTHETIC DATA" in screen
    figures = {one["metric"]: one for one in json.loads(caseload("figures", "--format", "json"))}
    assert (figures["filed"]["value"], figures["closed"]["value"]) == (54_456, 52_921)
    assert figures["same_day_registration_rate"]["value"] >= 0.95
    assert all(one["is_synthetic"] and one["status"] == "published" for one in figures.values())
    assert "all hold" in caseload("verify")


def test_the_real_court_is_refreshed_from_the_wheel(caseload):
    caseload("refresh", "--profile", "fjc_ch12", "--sample")
    (pending,) = json.loads(caseload("figures", "pending_end", "--profile", "fjc_ch12", "--format", "json"))
    assert (pending["value"], pending["is_synthetic"]) == (1_337, False)
