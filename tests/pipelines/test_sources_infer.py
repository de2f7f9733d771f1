"""`caseload sources infer FILE`: a draft that loads, with the answers of the contracts that people wrote."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.desk import Desk
from pipelines.sources import infer
from warehouse.catalogue.bundle import PROFILES, read_catalogue
from warehouse.catalogue.contract import Contract, read_contract
from warehouse.catalogue.documents import DefinitionError, load
from warehouse.catalogue.query import HOUSE
from warehouse.catalogue.table import read_tables
from warehouse.reading.snapshot import Unknown

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def run(file: Path | None, source: str | None = None, is_json: bool = False) -> tuple[int, str, str]:
        options = argparse.Namespace(
            file=file and str(file), source=source, json=is_json, home=None, profile=None, lang=None, debug=False
        )
        capsys.readouterr()
        code = infer(Desk(options), options)
        return code, *capsys.readouterr()

    return run


def written(text: str, folder: Path, source: str = "cases") -> Path:
    path = folder / f"{source}.yml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(
    ("source", "open_values"), [("cases", {}), ("registrations", {"{court_code: }": "{court_code: 浙0683}"})]
)
def test_the_draft_for_the_sample_is_the_contract_that_was_written_for_it(call, deliveries, tmp_path, source, open_values):
    file = next((deliveries / source).glob("*_2014-12-31.csv"))  # in GB18030
    code, text, said = call(file)
    assert code == 0 and "questions" in said
    for empty, answer in open_values.items():
        assert empty in text
        text = text.replace(empty, answer)
    drafted, wanted = (
        load(written(text, tmp_path, source), Contract),
        load(PROFILES / f"shengzhou/contracts/{source}.yml", Contract),
    )
    assert (drafted.source, drafted.feeds, drafted.key, drafted.constants) == (
        source,
        wanted.feeds,
        wanted.key,
        wanted.constants,
    )
    assert (drafted.extract_date, drafted.file.separator, drafted.file.encodings) == ("file_name", ",", ("gb18030",))
    assert re.fullmatch(drafted.file.names, file.name)["extract_on"] == "2014-12-31"
    for name, column in wanted.columns.items():
        assert drafted.columns[name] == column, name
    assert set(drafted.columns) == set(wanted.columns)


def test_the_draft_for_the_sample_holds_together_with_the_profile(call, deliveries, tmp_path):
    file = next((deliveries / "cases").glob("*_2016-10-31.csv"))
    _, text, _ = call(file)
    profile = read_catalogue(PROFILES / "shengzhou").profile
    contract = read_contract(written(text, tmp_path), read_tables(HOUSE / "warehouse/tables"), profile.codes)
    assert contract.columns["closing_manner"].codes == "closing_words"


def test_the_draft_for_real_chapter_12_cases_asks_for_what_its_contract_had_to_decide(call, tmp_path):
    file = next((PROFILES / "fjc_ch12/deliveries/cases").glob("*2019-02-28*"))
    code, text, _ = call(file)
    drafted, wanted = load(written(text, tmp_path), Contract), load(PROFILES / "fjc_ch12/contracts/cases.yml", Contract)
    assert code == 0 and "6,953 rows looked at, all there are" in text
    for name in ("case_number", "court_code", "registered_on", "closed_on", "closing_manner"):
        column, theirs = drafted.columns[name], wanted.columns[name]
        assert (column.header, column.type, column.codes, column.required) == (theirs.header, theirs.type, theirs.codes, True)
    assert drafted.key.column == "case_number" and drafted.file.separator == "," and drafted.file.encodings == ("utf-8",)
    assert "# ? court_code: the header is nearly the known word [district]" in text
    assert (
        "# ? closed_on: [2018-09-30] stands in 1617 of 6953 rows: does it mean none?" in text
    )  # the placeholder of that extract
    assert "[closed] may mean closed_on too" in text and "# [org_chap] [12] [13] [7]" in text
    assert "# discharge,,," in text and "# AK,,," in text


GERMAN = "Geschäftszeichen;Eingangsdatum;Erledigungsdatum;Erledigungsart;Streitwert;Kläger\n" + "".join(
    f"{n} C {n}0/16;7.{n}.2016;{'' if n == 9 else f'17.{n}.2017'};{'' if n == 9 else 'Urteil'};1.{n}00,50;Max Müller\n"
    for n in range(1, 10)
)


def test_a_german_file_in_cp1252_loads_once_its_questions_are_answered(call, tmp_path):
    file = tmp_path / "faelle_2017-12-31.csv"
    file.write_bytes(GERMAN.encode("cp1252"))
    code, text, _ = call(file)
    assert code == 0 and "Müller" not in text
    with pytest.raises(DefinitionError, match=r"constants\.court_code"):
        load(written(text, tmp_path), Contract)
    contract = load(written(text.replace("{court_code: }", "{court_code: AG1}"), tmp_path), Contract)
    assert (contract.file.encodings, contract.file.separator) == (("cp1252",), ";")
    assert contract.columns["registered_on"].header == "Eingangsdatum"
    assert contract.columns["registered_on"].formats == contract.columns["closed_on"].formats == ("%d.%m.%Y",)
    amount = contract.columns["amount_applied"]
    assert (amount.header, amount.decimal, amount.thousands) == ("Streitwert", ",", ".")


def test_a_draft_with_nothing_left_open_loads_as_it_stands(call, tmp_path):
    file = tmp_path / "2016-03-31.csv"
    file.write_text(
        "case number,court,case type,date filed,date closed,outcome\nA1,X,civil,2016-03-01,2016-03-02,won\n", "utf-8"
    )
    _, text, said = call(file)
    contract = load(written(text, tmp_path), Contract)
    assert (contract.kind, contract.on_missing, contract.constants) == ("snapshot", "keep", {})
    assert said.startswith("5 questions")  # kind, on_missing, and three code lists: closing words, courts, case types


def test_a_value_that_must_not_be_guessed_keeps_the_draft_from_loading(call, tmp_path):
    file = tmp_path / "2016-03-31.csv"
    file.write_text("case number,date filed\nA1,01/02/2016\nA2,03/04/2016\n", "utf-8")
    _, text, _ = call(file)
    text = text.replace("{court_code: }", "{court_code: X}")
    with pytest.raises(DefinitionError, match=r"columns\.registered_on\.formats"):
        load(written(text, tmp_path), Contract)
    answered = text.replace("formats: }", 'formats: ["%m/%d/%Y"]}')
    assert load(written(answered, tmp_path), Contract).columns["registered_on"].formats == ("%m/%d/%Y",)


def test_the_source_is_named_as_asked(call, tmp_path):
    file = tmp_path / "2016-03-31.csv"
    file.write_text("case number,date filed\nA1,2016-03-01\n", "utf-8")
    text = call(file, "civil_cases")[1]
    assert "\nsource: civil_cases\n" in text and "\nfeeds: cases\n" in text


def test_as_json_it_is_one_object(call, tmp_path):
    file = tmp_path / "2016-03-31.csv"
    file.write_text("case number,date filed\nA1,2016-03-01\n", "utf-8")
    code, text, said = call(file, is_json=True)
    found = json.loads(text)
    assert (code, said, found["file"]) == (0, "", "2016-03-31.csv")
    assert found["questions"] == sum(line.lstrip().startswith("# ?") for line in found["draft"].splitlines()) > 0


def test_a_file_that_cannot_be_read_is_one_line_and_1(call, tmp_path):
    (tmp_path / "cases.pdf").write_bytes(b"%PDF-1.7\n")
    code, text, said = call(tmp_path / "cases.pdf")
    assert (code, text) == (1, "") and re.fullmatch(r"caseload: cases\.pdf, line 1: the file is binary[^\n]+\n", said)


@pytest.mark.parametrize(("file", "said"), [(None, "which file"), (Path("nowhere.csv"), "there is no file")])
def test_without_a_file_it_is_wrong_usage(call, file, said):
    with pytest.raises(Unknown, match=said):
        call(file)
