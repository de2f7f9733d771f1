"""`caseload explain case:KEY`: a case with its clocks as sentences, its history with places, in both languages."""

from __future__ import annotations

import pytest

from warehouse.reading.snapshot import snapshot
from warehouse.store.place import Place

EXTENDED = """
    select cases.case_key, cases.case_number from model.case_clocks as clocks
    inner join model.cases as cases on clocks.case_key = cases.case_key
    where clocks.is_last and clocks.extended_months > 0 order by cases.case_key limit 1"""


@pytest.fixture(scope="module")
def case(published):
    with snapshot(Place(published / "shengzhou").warehouse) as snap:
        return snap.rows(EXTENDED)[0]


def test_by_key_by_number_and_by_a_number_written_otherwise(caseload, published, case):
    key, number = case
    told = caseload("explain", f"case:{key}", "--json", home=published).json
    assert told["case"]["case_key"] == key and told["refresh_id"] == "r000001" and told["is_synthetic"] is True
    for name in (number, number.replace("（", "(").replace("）", ") ")):
        assert caseload("explain", f"case:{name}", "--json", home=published).json == told


def test_each_version_names_its_file_and_what_it_changed(caseload, published, case):
    told = caseload("explain", f"case:{case[0]}", "--json", home=published).json
    first = told["versions"][0]
    assert first["file"].startswith("cases_synthetic") and first["line"] > 1
    assert first["changed"]["registered_on"] == {"from": None, "to": told["case"]["registered_on"]}
    inbox = published / "shengzhou/inbox/clock_events"
    for event in told["clock_events"]:
        line = (inbox / event["file"]).read_bytes().splitlines()[event["line"] - 1]
        assert event["event_key"].encode() in line


def test_its_clock_is_a_sentence_in_both_languages(caseload, published, case):
    clock = caseload("explain", f"case:{case[0]}", "--json", home=published).json["clocks"][-1]
    english, chinese = (caseload("explain", f"case:{case[0]}", "--lang", lang, home=published).out for lang in ("en", "zh"))
    assert clock["sentence_en"] in english and clock["sentence_zh"] in chinese
    assert clock["limit_id"] in clock["sentence_en"] and clock["article"] in clock["sentence_en"]
    assert "条：自" in clock["sentence_zh"] and "art." not in clock["sentence_zh"]
    assert f"ends on {clock['lawful_due_on']}" in clock["sentence_en"] or f"to {clock['lawful_due_on']}" in clock["sentence_en"] \
        or f"deducted {clock['lawful_due_on']}" in clock["sentence_en"]  # fmt: skip


def test_a_case_that_is_not_there_is_said_in_one_line(caseload, published):
    said = caseload("explain", "case:浙0683-2016-民初-99999", home=published)
    assert said.code == 2 and said.out == ""
    assert said.err.startswith("caseload: there is no case [浙0683-2016-民初-99999].") and len(said.err.splitlines()) == 1
