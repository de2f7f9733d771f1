"""docs/onboarding.md, beyond its commands (test_docs.py runs those): the draft and its answers give the contract shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from warehouse.catalogue.contract import Contract
from warehouse.catalogue.documents import DefinitionError, load
from warehouse.catalogue.lists import read_rows
from warehouse.catalogue.query import HOUSE
from warehouse.catalogue.table import read_tables
from warehouse.intake.draft import draft
from warehouse.intake.infer import infer

PAGE = (HOUSE / "docs/onboarding.md").read_text("utf-8")
ANSWERS = {"on_missing: keep": "on_missing: drop", "constants: {court_code: }": "constants: {court_code: ZAL}"}
"""What the court says to the questions; to all others the draft is right."""


@pytest.fixture
def court(tmp_path: Path) -> Path:
    """The files that the page shows, and the delivery that it makes."""
    for path, text in re.findall(r"^```\w+ (\S+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    received = tmp_path / "zalesie/received"
    (received / "sprawy_2016-06-30.csv").write_bytes((received / "page.txt").read_text("utf-8").encode("cp1250"))
    return tmp_path / "zalesie"


@pytest.fixture
def text(court: Path) -> str:
    """The draft."""
    return draft(infer(court / "received/sprawy_2016-06-30.csv", read_tables(HOUSE / "warehouse/tables")))


def test_the_draft_with_its_answers_is_the_contract_of_the_page(court, text, tmp_path):
    for left, answer in ANSWERS.items():
        assert text.count(left) == 1
        text = text.replace(left, answer)
    (tmp_path / "cases.yml").write_text(text, "utf-8")
    assert load(tmp_path / "cases.yml", Contract) == load(court / "contracts/cases.yml", Contract)


def test_before_it_is_answered_the_draft_does_not_load(text, tmp_path):
    (tmp_path / "cases.yml").write_text(text, "utf-8")
    with pytest.raises(DefinitionError, match=r"cases\.yml:\d+: constants\.court_code is \[None\]"):
        load(tmp_path / "cases.yml", Contract)


@pytest.mark.parametrize(("name", "column"), [("closing_words", "word"), ("case_types", "code")])
def test_the_lists_of_the_page_have_the_words_that_the_draft_lists(court, text, name, column):
    listed = re.search(rf"codes/{name}\.csv(?:.|\n)*?\n# {column},.*\n((?:# .+,\n)+)", text)
    words = {line.removeprefix("# ").partition(",")[0] for line in listed[1].splitlines()}
    assert words == {row[column] for row in read_rows(court / f"codes/{name}.csv")}


def test_no_person_of_the_file_stands_in_the_draft(text):
    assert "[Powód] is left out" in text and not re.search(r"\b[A-Z]\. [A-Z]\.", text)


def test_the_data_are_used_nowhere_else():
    mine = {HOUSE / "docs/onboarding.md", Path(__file__)}
    files = [path for name in ("docs", "tests", "warehouse/profiles") for path in (HOUSE / name).rglob("*") if path.suffix in (".md", ".py", ".yml", ".csv")]  # fmt: skip
    assert {path for path in files if "Zalesiu" in path.read_text("utf-8", errors="replace")} <= mine
