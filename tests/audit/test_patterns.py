"""Each pattern: a docket in which a case is in it by a hair, and one that is not; days worked out beside it."""

import re
from datetime import date

import pytest

from warehouse.catalogue.pattern import read_patterns
from warehouse.catalogue.query import HOUSE, read_query

# The drawings keep their form.
# fmt: off
DOCKETS = {
    # April has 30 days: two of three closings on its last five are more than twice the even share (5/30), in June one of three
    # is just twice it
    "closings_at_month_end": (
        {"model.cases": """
            case_key | case_number | registered_on | closed_on  | closing_manner
            a        | A           | 2016-03-01    | 2016-04-25 | judgment
            b        | B           | 2016-03-01    | 2016-04-26 | judgment
            c        | C           | 2016-03-01    | 2016-04-30 | judgment
            d        | D           | 2016-03-01    | 2016-06-01 | judgment
            e        | E           | 2016-03-01    | 2016-06-02 | judgment
            f        | F           | 2016-03-01    | 2016-06-30 | judgment
            """},
        [("B", date(2016, 4, 26), 4, 3), ("C", date(2016, 4, 30), 0, 3)],
    ),
    # 29 days after the withdrawal, and 30; another amount, another type; closed by a judgment
    "closed_and_filed_again": (
        {"model.cases": """
            case_key | case_number | registered_on | closed_on  | closing_manner | amount_applied | type_code
            a        | A           | 2016-03-01    | 2016-04-01 | withdrawal     | 1000.00        | 民初
            b        | B           | 2016-04-30    |            |                | 1000.00        | 民初
            c        | C           | 2016-05-01    |            |                | 1000.00        | 民初
            d        | D           | 2016-04-20    |            |                | 1000.01        | 民初
            e        | E           | 2016-04-20    |            |                | 1000.00        | 民终
            f        | F           | 2016-03-01    | 2016-04-01 | judgment       | 2000.00        | 民初
            g        | G           | 2016-04-20    |            |                | 2000.00        | 民初
            """},
        [("B", date(2016, 4, 30), 29, 4)],
    ),
    # three months from 1 March end on 1 June; changed 6 and 7 days before
    "conversions_near_limit": (
        {"model.cases": """
            case_key | case_number | registered_on | procedure
            a        | A           | 2016-03-01    | ordinary
            b        | B           | 2016-03-01    | ordinary
            """,
         "model.clock_events": """
            event_key | case_key | kind             | reason   | from_on    | former_procedure
            1         | a        | procedure_change | ordinary | 2016-05-26 | simplified
            2         | b        | procedure_change | ordinary | 2016-05-25 | simplified
            """},
        [("A", date(2016, 5, 26), 6, 2)],
    ),
    # number 2 was registered two days before number 1; number 3 on the day of number 1
    "receipts_dated_back": (
        {"model.cases": """
            case_key | case_number | registered_on | number_form | number_year | type_characters | serial
            a        | A           | 2016-03-05    | new         | 2016        | 民初            | 1
            b        | B           | 2016-03-03    | new         | 2016        | 民初            | 2
            c        | C           | 2016-03-05    | new         | 2016        | 民初            | 3
            d        | D           | 2016-03-03    | new         | 2016        | 民初            | 4
            """,
         "model.registration_decisions": """
            application_key | case_key | received_on | registered_on
            1               | a        | 2016-03-05  | 2016-03-05
            2               | b        | 2016-03-03  | 2016-03-03
            3               | c        | 2016-03-05  | 2016-03-05
            4               | d        | 2016-03-01  | 2016-03-03
            """},
        [("B", date(2016, 3, 3), 2, 3)],
    ),
    # six months from 4 January end on 4 July; approved on the day after, and on that day
    "extensions_after_expiry": (
        {"model.cases": """
            case_key | case_number | registered_on | procedure
            a        | A           | 2016-01-04    | ordinary
            b        | B           | 2016-01-04    | ordinary
            """,
         "model.clock_events": """
            event_key | case_key | kind      | reason    | from_on    | approved_on | extended_months
            1         | a        | extension | president | 2016-07-05 | 2016-07-05  | 6
            2         | b        | extension | president | 2016-07-04 | 2016-07-04  | 6
            """},
        [("A", date(2016, 7, 4), 1, 1)],
    ),
    # six months from 4 January end on 4 July; closed 9 and 10 days before
    "zhongben_near_limit": (
        {"model.cases": """
            case_key | case_number | type_code | registered_on | closed_on  | closing_manner
            a        | A           | 执        | 2016-01-04    | 2016-06-25 | zhongben
            b        | B           | 执        | 2016-01-04    | 2016-06-24 | zhongben
            """},
        [("A", date(2016, 6, 25), 9, 2)],
    ),
}
# fmt: on


def test_every_pattern_has_a_docket_and_a_page_that_tells_of_it():
    page = (HOUSE / "docs/patterns.md").read_text("utf-8")
    assert set(DOCKETS) == set(read_patterns()) == set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))


@pytest.mark.parametrize("name", sorted(DOCKETS))
def test_a_case_is_in_a_pattern_by_a_hair_and_the_next_is_not(bench, given, name):
    docket, expected = DOCKETS[name]
    for table, drawing in docket.items():
        given(table, drawing)
    query, pattern = read_query(HOUSE / "sql", f"patterns/{name}"), read_patterns()[name]
    bench.reckon("2016-12-31", "2012-01-01", [table for table in query.tables if table not in bench.drawn])
    found = bench.store.rows(query, {**bench.work.parameters(), **pattern.parameters})
    assert [row[2:] for row in found] == expected
    assert {row[:2] for row in found} == {("浙0683", str(day)[:7]) for _, day, _, _ in expected}


def test_a_pattern_accuses_nobody():
    for pattern in read_patterns().values():
        words = pattern.model_dump_json().lower()
        assert not re.search(r"造假|舞弊|违规|fraud|manipulat|cheat|gaming|abuse|fals", words)
        assert pattern.may_be_zh and pattern.may_be_en


def test_it_is_asked_as_of_a_publication_and_says_what_it_lacks(two_nights, capsys):
    from pipelines.cli import main

    home = ["--home", str(two_nights.place.root.parent)]
    assert main(["patterns", "--lang", "en", *home]) == 0
    now = capsys.readouterr().out
    assert main(["patterns", "--lang", "en", "--as-of", "r000001", *home]) == 0
    then = capsys.readouterr().out
    assert "Patterns, not findings" in now and "2016-" in now and "2016-" not in then
    assert main(["patterns", "zhongben", *home]) == 2
    assert "Nearest: zhongben_near_limit" in capsys.readouterr().err
