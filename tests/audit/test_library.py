"""Each audit query: a docket with a row in it by a hair, and one that is not; days worked out beside it. Each look is on record."""

import json
import re
from datetime import date

import openpyxl
import pytest

from pipelines.cli import main
from warehouse.catalogue.audit_query import read_audit_queries
from warehouse.catalogue.query import HOUSE, read_query
from warehouse.intake.access import access_log
from warehouse.intake.ledger import Ledger

COURT = "浙0683"
# The drawings keep their form. The counting day is 31 December 2016.
# fmt: off
DOCKETS = {
    # six months from 5 July end on Thursday, 5 January 2017, five days later; from 6 July on the Friday
    "near_limit": (
        {"days": "5"},
        {"model.cases": """
            case_key | case_number | registered_on | procedure
            a        | A           | 2016-07-05    | ordinary
            b        | B           | 2016-07-06    | ordinary
            """},
        [(COURT, "A", None, date(2016, 7, 5), "CIV-ORD-12", date(2017, 1, 5), 5)],
    ),
    # the extract up to 31 March had covered 24 March by seven days, 25 March by six; C was in it
    "registered_before_known": (
        {},
        {"model.cases": """
            case_key | case_number | registered_on
            a        | A           | 2016-03-24
            b        | B           | 2016-03-25
            c        | C           | 2016-03-01
            """,
         "model.case_history": """
            case_key | delivery_no | known_from | presence
            a        | 2           | 1          | seen
            b        | 2           | 1          | seen
            c        | 1           | 1          | seen
            c        | 2           | 1          | seen
            """,
         "model.deliveries": """
            delivery_no | source | feeds | file     | data_until | world_rank
            1           | cases  | cases | one.csv  | 2016-03-31 | 1
            2           | cases  | cases | two.csv  | 2016-04-30 | 2
            """},
        [(COURT, "A", None, date(2016, 3, 24), date(2016, 3, 31), "two.csv", 7)],
    ),
    # 18 months from 30 June 2015 were over on 30 December 2016, from 1 July on the day after the counting day;
    # 366 days to 30 June 2016 and 184 to 31 December
    "long_pending": (
        {},
        {"model.cases": """
            case_key | case_number | registered_on | closed_on
            a        | A           | 2015-06-30    |
            b        | B           | 2015-07-01    |
            c        | C           | 2015-06-30    | 2016-12-31
            """},
        [(COURT, "A", None, date(2015, 6, 30), 550)],
    ),
    # found on the day after 终本, and on its day; from 2 March 304 days to 31 December
    "zhongben_property_found": (
        {},
        {"model.cases": """
            case_key | case_number | type_code | registered_on | closed_on  | closing_manner
            a        | A           | 执        | 2016-01-04    | 2016-03-01 | zhongben
            b        | B           | 执        | 2016-01-04    | 2016-03-01 | zhongben
            """,
         "model.enforcement_results": """
            result_key | case_key | result_on  | property_found | outcome
            1          | a        | 2016-03-02 | true           | property_inquiry
            2          | b        | 2016-03-01 | true           | property_inquiry
            3          | b        | 2016-03-09 | false          | property_inquiry
            """},
        [(COURT, "A", None, date(2016, 3, 1), date(2016, 3, 2), 304)],
    ),
    # the last three days of April begin on the 28th
    "closings_on_last_days": (
        {},
        {"model.cases": """
            case_key | case_number | registered_on | closed_on  | closing_manner
            a        | A           | 2016-03-01    | 2016-04-28 | judgment
            b        | B           | 2016-03-01    | 2016-04-27 | judgment
            """},
        [(COURT, "A", None, date(2016, 4, 28), "judgment", 2)],
    ),
    "corrections_by_person": (
        {},
        {"model.corrections": """
            case_key | column_name | status         | made_by | made_on
            a        | closed_on   | applied        | X       | 2016-05-03
            b        | closed_on   | applied        | X       | 2016-05-01
            c        | closed_on   | does_not_match | X       | 2016-05-02
            """},
        [("X", "closed_on", "applied", 2, date(2016, 5, 1), date(2016, 5, 3)),
         ("X", "closed_on", "does_not_match", 1, date(2016, 5, 2), date(2016, 5, 2))],
    ),
    # A is new in the second extract, B was closed in it, C is gone, D is as it was
    "delivery_differences": (
        {"delivery": "2"},
        {"model.case_history": """
            case_key | case_number | delivery_no | known_from | presence | line | closed_on  | closing_manner
            a        | A           | 2           | 1          | seen     | 2    |            |
            b        | B           | 1           | 1          | seen     | 2    |            |
            b        | B           | 2           | 1          | seen     | 3    | 2016-04-01 | judgment
            c        | C           | 1           | 1          | seen     | 3    |            |
            c        | C           | 2           | 1          | absent   |      |            |
            d        | D           | 1           | 1          | seen     | 4    |            |
            """,
         "model.deliveries": """
            delivery_no | source | feeds | data_until | world_rank
            1           | cases  | cases | 2016-03-31 | 1
            2           | cases  | cases | 2016-04-30 | 2
            """},
        [("B", "changed", "closed_on", None, "2016-04-01", 3), ("B", "changed", "closing_manner", None, "judgment", 3),
         ("C", "gone", None, None, None, None), ("A", "new", None, None, None, 2)],
    ),
    # from 3 July to 31 December are 181 days, from 4 July 180; something was told of C in September
    "without_events": (
        {},
        {"model.cases": """
            case_key | case_number | registered_on
            a        | A           | 2016-07-03
            b        | B           | 2016-07-04
            c        | C           | 2016-01-04
            """,
         "model.clock_events": """
            event_key | case_key | kind      | reason        | from_on
            1         | c        | deduction | public_notice | 2016-09-01
            """},
        [(COURT, "A", None, date(2016, 7, 3), date(2016, 7, 3), 181)],
    ),
}
# fmt: on
OF_LOGS = {"released_by_hand", "who_looked"}
"""They ask the ledger and the access log, see below."""


def test_every_query_has_a_docket_and_a_page_that_tells_of_it():
    page = (HOUSE / "docs/audit.md").read_text("utf-8")
    assert set(DOCKETS) | OF_LOGS == set(read_audit_queries()) == set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))


@pytest.mark.parametrize("name", sorted(DOCKETS))
def test_a_row_is_in_a_list_by_a_hair_and_the_next_is_not(bench, given, name):
    asked, docket, expected = DOCKETS[name]
    for table, drawing in docket.items():
        given(table, drawing)
    query, one = read_query(HOUSE / "sql", f"audit/library/{name}"), read_audit_queries()[name]
    bench.reckon("2016-12-31", "2012-01-01", [table for table in query.tables if table not in bench.drawn])
    found = bench.store.connection.execute(query.text, query.bind({**bench.work.parameters(), **one.values(asked)}))
    assert tuple(column[0] for column in found.description) == tuple(one.columns)
    assert found.fetchall() == expected


def test_a_query_says_what_it_wants():
    queries = read_audit_queries()
    with pytest.raises(ValueError, match=r"has no parameter \[day\]. It has: days"):
        queries["near_limit"].values({"day": "7"})
    with pytest.raises(ValueError, match=r"days=\[a week\]: a whole number is wanted"):
        queries["near_limit"].values({"days": "a week"})
    with pytest.raises(ValueError, match=r"since=\[2016-13-01\]: a day as 2016-03-31 is wanted"):
        queries["closings_on_last_days"].values({"since": "2016-13-01"})
    with pytest.raises(ValueError, match="needs --param delivery="):
        queries["delivery_differences"].values({})


@pytest.fixture
def ask(home, capsys):
    """Runs a command on a copy of the home of two nights; its exit code and what it said."""

    def run(*words):
        code = main([*words, "--home", str(home.place.root.parent), "--lang", "en"])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_the_list_is_asked_by_name_as_of_a_publication_and_goes_into_a_workbook(ask, tmp_path):
    code, out, _ = ask("audit", "list")
    assert code == 0 and "near_limit: Pending cases near or past their limit" in out and "--param days = 7" in out
    code, out, _ = ask("audit", "long_pendin")
    assert code == 2
    now = json.loads(ask("audit", "closings_on_last_days", "--json")[1])
    then = json.loads(ask("audit", "closings_on_last_days", "--as-of", "r000001", "--json")[1])
    assert (now["refresh_id"], then["refresh_id"]) == ("r000002", "r000001")
    days = {row["closed_on"] for row in now["rows"]}, {row["closed_on"] for row in then["rows"]}
    assert max(days[0]) > "2015" > max(days[1])
    target = tmp_path / "last_days.xlsx"
    assert ask("audit", "closings_on_last_days", "--output", str(target))[0] == 0
    head, *rows = openpyxl.load_workbook(target)["synthetic"].iter_rows(values_only=True)
    assert head[1] == "case number" and [row[1] for row in rows] == [row["case_number"] for row in now["rows"]]
    assert ask("audit", "closings_on_last_days", "--output", str(tmp_path / "x.csv"))[0] == 2


def test_each_look_is_on_record_and_the_lists_of_the_logs_show_it(ask, home):
    assert ask("audit", "long_pending", "--param", "months=3")[0] == 0
    assert ask("sql", "select 1 as one", "--save", "a one")[0] == 0
    kinds = [(row["kind"], row["what"]) for row in json.loads(ask("audit", "who_looked", "--json")[1])["rows"]]
    assert kinds == [("audit", "long_pending"), ("sql", "select 1 as one"), ("audit", "who_looked")]
    assert json.loads(ask("audit", "who_looked", "--param", "who=nobody", "--json")[1])["rows"] == []
    assert json.loads(ask("audit", "released_by_hand", "--json")[1])["rows"] == []
    assert [one["seq"] for one in access_log(home.place.landing).events()] == [1, 2, 3, 4, 5]


def test_a_question_can_be_asked_again_by_its_address(ask):
    _, out, err = ask("sql", "select count(*) as cases from published.cases", "--save", "all cases")
    assert "Q000001 · r000002" in err
    assert ask("sql", "Q000001")[1] == out
    assert "all cases: select count(*) as cases from published.cases" in ask("sql", "--list")[1]
    code, _, err = ask("sql", "Q000099")
    assert code == 2 and "there is no question [Q000099]" in err


def test_an_original_comes_back_byte_for_byte_and_who_took_it_is_on_record(home, capfdbinary):
    words = ["--home", str(home.place.root.parent)]
    assert main(["landing", "list", "--json", *words]) == 0
    first = json.loads(capfdbinary.readouterr().out)[0]
    assert main(["landing", "cat", first["sha256"][:12], *words]) == 0
    assert capfdbinary.readouterr().out == (home.place.landing / "blobs" / first["sha256"]).read_bytes()
    log = access_log(home.place.landing).events()
    assert [(one["event"], one["what"]) for one in log] == [("landing", "list"), ("landing", first["sha256"])]
    assert main(["landing", "cat", "0" * 64, *words]) == 2
    blob = home.place.landing / "blobs" / first["sha256"]
    blob.write_bytes(blob.read_bytes()[:-1])
    assert main(["landing", "cat", first["sha256"], *words]) == 2
    assert b"are not those that were delivered" in capfdbinary.readouterr().err


def once_more(home, tmp_path):
    """A night on which one row comes again, in a file of its own."""
    first = min(path for path in (home.place.inbox / "cases").glob("*.csv"))
    told = first.read_bytes().split(b"\n")
    file = tmp_path / "cases" / first.name.replace(first.stem[-10:], "2016-11-05")
    file.parent.mkdir()
    file.write_bytes(b"\n".join([*told[:2], b""]))
    home.deliver([file])
    assert home.refresh(night=2)


def test_the_access_log_is_verified_and_its_head_is_on_the_ledger(ask, home, tmp_path):
    assert ask("sql", "select 1 as one")[0] == ask("sql", "select 2 as two")[0] == 0
    log = access_log(home.place.landing)
    once_more(home, tmp_path)
    (named,) = [
        event["access"] for event in Ledger(home.place.landing).events() if event["event"] == "refresh" and "access" in event
    ]
    assert named == log.read().head and ask("verify")[0] == 0
    whole = log.path.read_bytes()
    log.path.write_bytes(whole.replace(b"select 2", b"select 3"))
    code, out, _ = ask("verify")
    assert code == 1 and "access.jsonl:2: the line was changed" in out
    # written anew in full, seal and all: it follows from itself, and the ledger knows better
    log.path.unlink()
    (home.place.landing / "access.head").unlink()
    log.add("sql", at="2016-11-01T00:00:00", who="root", what="select 3 as three")
    code, out, _ = ask("verify")
    assert code == 1 and "access.jsonl: it does not extend the head 2:" in out
    assert ask("sql", "select 4 as four")[0] == 0


@pytest.mark.parametrize("query", read_audit_queries().values(), ids=lambda one: one.id)
def test_what_a_query_asks_is_told_with_the_values_it_is_asked_with(query):
    for lang in ("en", "zh"):
        assert "$" not in query.asks(lang) and "$" not in query.asks(lang, dict.fromkeys(query.parameters, 37))
        assert query.asks(lang, dict.fromkeys(query.parameters, 37)).count("37") == (query.asks_en, query.asks_zh)[
            lang == "zh"
        ].count("$")
