"""The canary of the adapter: an upgrade of Great Expectations, SQLAlchemy, duckdb-engine or DuckDB that breaks it."""

import datetime as dt
import socket
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from warehouse.quality.expectations import Expected, Outcome, validate

ROOT = Path(__file__).parents[2]

IN_ANOTHER_PROCESS = """
import sys
import duckdb
from warehouse.quality.expectations import Expected, load, validate
load()
connection = duckdb.connect()
connection.execute("create table cases as select 1 as case_key")
rules = [
    Expected("DQ1", "cases", "select cases.case_key from cases where cases.case_key > 1", None, {}),
    Expected("DQ2", "cases", None, "expect_column_values_to_not_be_null", {"column": "case_key"}),
    Expected("DQ3", "cases", "select nothing from cases", None, {}),
]
outcomes = [outcome.success for outcome in validate(connection, rules, {})]
unused = {"altair", "scipy.stats"} & set(sys.modules)
from great_expectations.expectations.core import expect_column_kl_divergence_to_be_less_than as divergence
used = round(float(divergence.stats.entropy([0.5, 0.5])), 4), divergence.alt.Chart.__name__
expected = ([True, True, False], set(), (0.6931, "Chart"))
sys.exit(0 if (outcomes, unused, used) == expected else repr((outcomes, unused, used)))
"""


def query(rule_id: str, sql: str, table: str = "staged.cases") -> Expected:
    return Expected(rule_id, table, sql, None, {})


def not_null(rule_id: str, column: str, table: str = "staged.cases") -> Expected:
    return Expected(rule_id, table, None, "expect_column_values_to_not_be_null", {"column": column})


@pytest.fixture
def connection(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    """1000 cases in a file, registered on 1000 days from 2016-01-01; every fourth (250) has no judge."""
    opened = duckdb.connect(tmp_path / "court.duckdb")
    opened.execute("create schema staged")
    opened.execute("""
        create table staged.cases as
        select
            number as case_key,
            date '2016-01-01' + number::integer as registered_on,
            case when number % 4 > 0 then 'judge' end as judge_code,
        from range(1000) as numbers (number)
    """)
    return opened


def test_the_library_runs_beside_our_writer_and_leaves_the_connection_as_it_was(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("the library asks the network"))
    rules = [
        query("DQ1", "select cases.case_key from staged.cases where cases.registered_on > $counting_day"),
        query("DQ2", "select cases.case_key from staged.cases where cases.registered_on > $data_to;"),
        query("DQ3", "select 1 from staged.cases where judge_code in ('{x}', ':y', '%s', '$z') -- none"),
        not_null("DQ4", "case_key"),
        not_null("DQ5", "judge_code"),
    ]
    # 2016-01-01 + 699 days is 2017-11-30: the cases 700 to 999 are later; 2016-01-01 + 999 days is 2018-09-26: none is
    days = {"counting_day": dt.date(2017, 11, 30), "data_to": dt.date(2018, 9, 26), "data_from": dt.date(2016, 1, 1)}
    outcomes = validate(connection, rules, days)
    assert outcomes == [
        Outcome("DQ1", False, 1000, 300, None),
        Outcome("DQ2", True, 1000, 0, None),
        Outcome("DQ3", True, 1000, 0, None),
        Outcome("DQ4", True, 1000, 0, None),
        Outcome("DQ5", False, 1000, 250, None),
    ]
    assert capfd.readouterr() == ("", "")
    connection.execute("delete from staged.cases where case_key >= 990")
    assert connection.execute("select count(*) from staged.cases").fetchall() == [(990,)]
    connection.close()
    asked = "import duckdb, sys; print(duckdb.connect(sys.argv[1], read_only=True).sql('from staged.cases').shape[0])"
    elsewhere = subprocess.run(
        [sys.executable, "-c", asked, tmp_path / "court.duckdb"], capture_output=True, text=True, check=True
    )
    assert elsewhere.stdout == "990\n"


def test_an_open_transaction_stays_open_and_its_rows_are_seen(connection: duckdb.DuckDBPyConnection) -> None:
    connection.begin()
    connection.execute("insert into staged.cases values (1000, null, null)")
    assert validate(connection, [not_null("DQ1", "registered_on")], {}) == [Outcome("DQ1", False, 1001, 1, None)]
    connection.rollback()  # raises where no transaction is open
    assert validate(connection, [not_null("DQ1", "registered_on")], {}) == [Outcome("DQ1", True, 1000, 0, None)]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (
            query("DQ2", "select cases.verdict from staged.cases"),
            'Table "cases" does not have a column named "verdict"',
        ),
        (query("DQ2", "selec"), "syntax error"),
        (query("DQ2", "select 1; select 2"), "is not one query"),
        (query("DQ2", "select 1 from staged.cases where judge_code::integer = 1"), "Could not convert string 'judge'"),
        (query("DQ2", "select 1 where $counting_day is null"), "names [$counting_day], which was not passed"),
        (query("DQ2", "select 1", table="staged.nothing"), "staged.nothing"),
        (not_null("DQ2", "verdict"), 'The column "verdict" in BatchData does not exist'),
        (Expected("DQ2", "staged.cases", None, "expect_justice", {}), "expect_justice not found"),
    ],
)
def test_a_rule_that_cannot_be_run_says_why_and_does_not_silence_the_others(
    connection: duckdb.DuckDBPyConnection, broken: Expected, reason: str
) -> None:
    before, found, after = validate(connection, [not_null("DQ1", "judge_code"), broken, query("DQ3", "select 1")], {})
    assert before == Outcome("DQ1", False, 1000, 250, None)
    assert (found.rule_id, found.success, found.unexpected) == ("DQ2", False, 0)
    assert reason in (found.error or "")
    assert after == Outcome("DQ3", False, 1000, 1, None)


def test_views_of_an_attached_catalogue_in_memory_are_found(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("attach ':memory:' as delivered")
    connection.execute("create view delivered.main.cases as select * from court.staged.cases where case_key < 10")
    rules = [
        not_null("DQ1", "judge_code", table="delivered.cases"),  # 0, 4 and 8 have no judge
        not_null("DQ2", "judge_code", table="delivered.main.cases"),
        query("DQ3", "select 1 from delivered.cases where case_key > 7", table="delivered.cases"),
    ]
    assert validate(connection, rules, {}) == [
        Outcome("DQ1", False, 10, 3, None),
        Outcome("DQ2", False, 10, 3, None),
        Outcome("DQ3", False, 10, 2, None),
    ]


def test_a_table_without_rows_has_been_looked_at_in_zero_rows(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("delete from staged.cases")
    rules = [not_null("DQ1", "judge_code"), query("DQ2", "select 1 from staged.cases")]
    assert validate(connection, rules, {}) == [Outcome("DQ1", True, 0, 0, None), Outcome("DQ2", True, 0, 0, None)]


def test_a_process_of_its_own_prints_nothing_and_loads_charts_only_where_they_are_used() -> None:
    ran = subprocess.run([sys.executable, "-c", IN_ANOTHER_PROCESS], capture_output=True, text=True, cwd=ROOT)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
