"""The documentation is executed: commands run, output is what is printed, examples work, and nothing is left out.

Fences of README.md and docs/: in `console`, lines after `$ ` are commands and the others stand in their output, in this
order (`…` skips lines, times and hashes may differ); in `sh`, every line is a command. A fence whose head names a path
(`yaml court/profile.yml`) is that file. Each page runs in a folder like a checkout, with the sample published.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipelines.cli import LATER, main, parser
from pipelines.reports.dictionary import pages
from warehouse.catalogue import contract, profile
from warehouse.catalogue.contract import Contract, FileFormat, KeyRule, SourceColumn
from warehouse.catalogue.documents import Document
from warehouse.catalogue.events import Events
from warehouse.catalogue.metric import DIMENSIONS
from warehouse.catalogue.profile import Break, Calendar, Sample, SetAside
from warehouse.catalogue.query import HOUSE
from warehouse.catalogue.totals import LongTable, Measure, PeriodRule, TotalsContract
from warehouse.intake.land import _Declared

DOCS = HOUSE / "docs"
PAGES = {str(path.relative_to(HOUSE)): path.read_text("utf-8") for path in (HOUSE / "README.md", *sorted(DOCS.rglob("*.md")))}
NOT_RUN = {
    "make test": "this is it",
    "make ui": "it serves a page until it is stopped",
    "make serve": "it serves pages until it is stopped",
    "caseload verify --full": "a replay of the whole sample; tests of audit do it on a small one",
    "caseload rebuild": "a replay of the whole sample; tests of audit do it on a small one",
}
MEANS = {"make refresh": "caseload refresh --sample"}
"""What a target of the Makefile comes to, once the environment stands."""
IN_A_COPY = "docs/adding.md"
"""Its commands run in a copy of the project, into which its examples are written."""
VARIES = re.compile(r"\d{4}-\d{2}-\d{2}T[\d:]{5,8}[+-]\d{2}:\d{2}|\b[0-9a-f]{12,64}\b")


@dataclass
class Fence:
    """A fenced block: its language, the path it stands for, its text, its first line."""

    language: str
    path: str
    text: str
    line: int

    @property
    def commands(self) -> list[tuple[str, list[str]]]:
        """Each command with the output shown under it."""
        if self.language == "sh" or (not self.language and self.text.startswith(("caseload ", "make "))):
            return [(line, []) for line in self.text.splitlines() if line]
        found: list[tuple[str, list[str]]] = []
        for line in self.text.splitlines() if self.language == "console" else []:
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif line.strip():
                found[-1][1].append(line)
        return found


def fences(page: str) -> Iterator[Fence]:
    """The fenced blocks of a page."""
    text = PAGES[page]
    for found in re.finditer(r"^```(\w*)(?: (\S+))?\n(.*?)^```$", text, re.DOTALL | re.MULTILINE):
        yield Fence(found[1], found[2] or "", found[3], text.count("\n", 0, found.start()) + 1)


@dataclass
class Desk:
    """A folder like a checkout, in which commands run; `said` keeps what those that were run before it answered."""

    folder: Path
    said: dict[str, str] = field(default_factory=dict)

    def run(self, command: str) -> str:
        """Runs a command, in this process where it is a plain one of ours; what it printed. It must end with 0."""
        command = MEANS.get(command, command)
        if command in self.said:
            return self.said.pop(command)
        is_ours = command.startswith("caseload ") and not re.search(r"[|<>&;$]", command)
        code, out, err = self._ours(shlex.split(command)[1:]) if is_ours else self._shell(command)
        assert code == 0, f"`{command}` ended with {code}: {err[-600:]}"
        return out

    def _ours(self, words: list[str]) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(words)
        return code, out.getvalue(), err.getvalue()

    def _shell(self, command: str) -> tuple[int, str, str]:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(["bash", "-c", command], cwd=self.folder, env=os.environ | {"PATH": path}, capture_output=True,
                              text=True, timeout=120)  # fmt: skip
        return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module", autouse=True)
def no_settings_from_outside() -> Iterator[None]:
    """The pages are read by somebody who has set no variable."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CASELOAD_HOME", "CASELOAD_PROFILE", "CASELOAD_LANG"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A checkout after the README's two refreshes, with what they printed."""
    desk = Desk(tmp_path_factory.mktemp("checkout"))
    shutil.copy(HOUSE / "caseload.toml", desk.folder)
    commands = ("caseload refresh --sample", "caseload refresh --profile fjc_ch12 --sample")
    desk.said = {command: desk.run(command) for command in commands}
    return desk


@pytest.fixture
def desk(prepared: Desk, tmp_path: Path) -> Desk:
    """A copy of it, for one page."""
    shutil.copytree(prepared.folder, tmp_path, dirs_exist_ok=True)
    return Desk(tmp_path, dict(prepared.said))


def lay_out(page: str, folder: Path) -> None:
    """Writes the files that a page shows."""
    for fence in fences(page):
        if fence.path:
            target = folder / fence.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(fence.text, "utf-8")


def read_out(page: str, desk: Desk, fence: Fence) -> None:
    """Runs a fence's commands; what the page shows must be what they print."""
    for command, shown in fence.commands:
        if command not in NOT_RUN:
            printed = [_plain(line) for line in desk.run(command).splitlines()]
            for line in shown:
                if line.strip() != "…":
                    assert any(_plain(line) in one for one in printed), f"{page}:{fence.line}: `{command}` prints no [{line}]"
                    printed = printed[next(n for n, one in enumerate(printed) if _plain(line) in one) + 1 :]


def _plain(line: str) -> str:
    return " ".join(VARIES.sub("~", line).split())


# --- what is written is true


@pytest.mark.parametrize("page", [page for page in PAGES if page != IN_A_COPY and any(f.commands for f in fences(page))])
def test_the_commands_of_a_page_print_what_it_shows(page, desk):
    lay_out(page, desk.folder)
    for fence in fences(page):
        read_out(page, desk, fence)


def test_what_is_not_run_stands_somewhere_and_the_makefile_does_what_is_run_in_its_place():
    named = {command for page in PAGES for fence in fences(page) for command, _ in fence.commands}
    assert set(NOT_RUN) | set(MEANS) <= named
    recipes = (HOUSE / "Makefile").read_text("utf-8")
    for target, command in MEANS.items():
        assert re.search(rf"^{target.removeprefix('make ')}:.*\n\t\$\(BIN\)/{command}$", recipes, re.MULTILINE)
    assert all(re.search(rf"^{name.removeprefix('make ')}:", recipes, re.MULTILINE) for name in NOT_RUN if "make" in name)


def test_what_is_added_by_the_book_works(tmp_path):
    """docs/adding.md, in a copy of the project with a small docket, whose last file comes after the metric was added."""
    for name in ("pipelines", "assets", "warehouse", "sql"):
        shutil.copytree(HOUSE / name, tmp_path / name, ignore=shutil.ignore_patterns("data", "__pycache__", "*.csv.gz"))
    for name in ("tests/conftest.py", "pyproject.toml", "caseload.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(HOUSE / name, tmp_path / name)
    lay_out("docs/profiles.md", tmp_path)
    with copied(tmp_path) as desk:
        inbox = tmp_path / "warehouse/data/shengzhou/inbox"
        desk.run(f"caseload sample {inbox} --cases 500")  # so few that no extension came too late: no rule is broken
        (last,) = inbox.glob("cases/*2016-10-31.csv")
        last.rename(tmp_path / last.name)
        desk.run("caseload refresh")
        desk.run("caseload refresh --profile court --sample")
        lay_out(IN_A_COPY, tmp_path)
        for fence in fences(IN_A_COPY):
            if fence.path.startswith("warehouse/rules/"):
                counted = desk.run("caseload figures withdrawn --to 2016-09")
                assert re.search(r"withdrawn/2012-01..2016-09@r000002 +[1-9]", counted)
                (tmp_path / last.name).rename(last)
            read_out(IN_A_COPY, desk, fence)
        verdicts = desk.run("caseload quality")
        for name in ("OWN01", "OWN02"):
            assert re.search(rf"{name} +warns +[1-9]\d* +0 +holds", verdicts)
    for page, name in (("metrics/withdrawn", "withdrawn"), ("quality", "OWN01")):
        assert f"`{name}`" in (tmp_path / f"docs/{page}.md").read_text("utf-8")


DRIVER = """
import contextlib, io, json, sys
from pipelines.cli import main
for line in sys.stdin:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(json.loads(line))
    print(json.dumps([code, out.getvalue(), err.getvalue()]), flush=True)
"""


@dataclass
class Copy(Desk):
    """Commands run by the modules of a copied project, ours in one process that stays."""

    process: subprocess.Popen[str] | None = None

    def _ours(self, words: list[str]) -> tuple[int, str, str]:
        assert self.process and self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        code, out, err = json.loads(self.process.stdout.readline())
        return code, out, err

    def _shell(self, command: str) -> tuple[int, str, str]:
        return super()._shell(f"unset ${{!COV@}}; export PYTHONPATH={shlex.quote(str(self.folder))}; {command}")


@contextlib.contextmanager
def copied(folder: Path) -> Iterator[Copy]:
    """The desk of a copy, whose modules come before those of the checkout."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("COV")} | {"PYTHONPATH": str(folder)}
    with subprocess.Popen([sys.executable, "-c", DRIVER], cwd=folder, env=environment, text=True, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # fmt: skip
        yield Copy(folder, process=process)
        assert process.stdin
        process.stdin.close()


@pytest.fixture(scope="module")
def generated():
    """The pages that are made from definitions, by path below docs/."""
    return pages()


def test_the_generated_pages_are_up_to_date_and_no_other_stands_among_them(generated):
    for page, text in generated.items():
        assert PAGES.get(f"docs/{page}") == text, f"docs/{page}: run `python -m pipelines.reports.dictionary`"
    metrics = {page for page in PAGES if page.startswith("docs/metrics/")}
    assert metrics == {f"docs/{page}" for page in generated if page.startswith("metrics/")}


@pytest.mark.parametrize("page", sorted(PAGES))
def test_links_lead_somewhere(page):
    folder = (HOUSE / page).parent
    for target in re.findall(r"\]\(([^)\s]+)\)", PAGES[page]):
        place, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", place):
            continue
        path = (folder / place) if place else HOUSE / page
        assert path.exists(), f"{page} links to {target}"
        if anchor:
            assert anchor in anchors(path.read_text("utf-8")), f"{page} links to {target}"


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


# --- nothing is left out


def commands() -> dict[str, argparse.ArgumentParser]:
    """Every command with its parser."""
    found = next(action for action in parser()._actions if isinstance(action, argparse._SubParsersAction))
    return dict(found.choices)


def test_every_command_and_option_is_documented():
    page = PAGES["docs/cli.md"]
    sections = dict(re.findall(r"^## (\w[^\n]*)\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE))
    common = page.partition("\n## ")[0]
    assert "`caseload --version`" in common
    for name, command in commands().items():
        if name in LATER:
            assert f"`{name}`" in sections["Not built yet"]
            continue
        for action in command._actions:
            words = action.option_strings[-1:] or list(action.choices or [action.metavar or action.dest])
            for word in words:
                assert f"`{word}`" in sections[name] or f"`{word}`" in common, f"docs/cli.md says nothing of {name} {word}"
            for value in action.choices or () if action.option_strings else ():
                assert f"`{value}`" in sections[name] + common, f"docs/cli.md says nothing of {name} {words} {value}"
    assert set(sections) == set(commands()) - set(LATER) | {"Not built yet"}, "docs/cli.md tells of what is not there"


@pytest.mark.parametrize(
    "model",
    [
        profile.Settings,
        Sample,
        SetAside,
        profile.Tolerance,
        Calendar,
        Break,
        Contract,
        FileFormat,
        KeyRule,
        SourceColumn,
        Events,
        TotalsContract,
        PeriodRule,
        Measure,
        LongTable,
    ],
)
def test_every_key_of_a_profile_is_documented(model: type[Document]):
    told = PAGES["docs/profiles.md"]
    keys = set(model.model_fields) - {"version"}
    assert {key for key in keys if f"`{key}`" not in told and f"`{key}:" not in told} == set()


def test_every_kind_that_a_contract_knows_is_documented():
    told = PAGES["docs/profiles.md"]
    for literal in (
        contract.Kind,
        contract.ColumnType,
        *(Contract.model_fields[k].annotation for k in ("on_missing", "extract_date")),
    ):
        assert {word for word in literal.__args__ if f"`{word}`" not in told} == set()


def test_every_column_of_the_small_files_of_a_profile_is_documented(catalogue):
    told = PAGES["docs/profiles.md"] + PAGES["docs/operations.md"]
    columns = {"file", "order", *_Declared.__dataclass_fields__} - {"rank"} | set(catalogue.profile.control_totals()[0])
    assert {column for column in columns if f"`{column}`" not in told} == set()


def test_every_metric_dimension_rule_and_table_is_documented(catalogue, generated):
    told = "".join(PAGES[f"docs/{page}"] for page in generated)
    names = {*catalogue.metrics, *catalogue.tables, *(path.stem for path in (HOUSE / "warehouse/rules").glob("*.yml"))}
    names |= {f"{metric.id}.{variant}" for metric in catalogue.metrics.values() for variant in metric.variants}
    names |= set(DIMENSIONS)
    assert {name for name in names if f"`{name}`" not in told} == set()


def test_every_page_is_linked_from_the_readme_or_from_its_index():
    linked = {(HOUSE / page).parent.joinpath(target.partition("#")[0]).resolve()
              for page in PAGES for target in re.findall(r"\]\(([^)\s]+)\)", PAGES[page])}  # fmt: skip
    assert {page for page in PAGES if (HOUSE / page).resolve() not in linked} <= {"README.md", "docs/decisions/README.md"}


# --- nothing of the machine


def kept_files() -> list[Path]:
    """The files of the project as they would be committed."""
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=HOUSE,
                            capture_output=True, text=True)  # fmt: skip
    if listed.returncode == 0 and listed.stdout:
        return [HOUSE / name for name in listed.stdout.splitlines()]
    return [path for name in ("pipelines", "assets", "warehouse", "sql", "docs", "tests") for path in (HOUSE / name).rglob("*")]


def test_no_file_names_a_registry_or_a_path_of_a_machine():
    registry = r"pypi\.org|pythonhosted|(?:--|PIP_|UV_)(?:extra-)?index-url[ =]|(?:artifactory|nexus|jfrog|devpi)[.\w]*/"
    machine = r"(?<![\w.>])/(?:home|Users|root|work|mnt|var/folders)/\w+"
    odd = re.compile(f"{registry}|{machine}")
    for path in kept_files():
        if path.is_file() and path.suffix in (
            ".py",
            ".md",
            ".toml",
            ".yml",
            ".yaml",
            ".txt",
            ".in",
            ".sql",
            ".csv",
            ".svg",
            "",
        ):
            if path == Path(__file__):
                continue
            found = odd.search(path.read_text("utf-8", errors="replace"))  # a delivery may be in another encoding
            assert not found, f"{path.relative_to(HOUSE)} holds [{found[0]}]"
