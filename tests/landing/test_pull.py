"""Pulling from a real PostgreSQL server: what arrives, from where the next pull goes on, and what is refused and how."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from adbc_driver_postgresql import dbapi

from warehouse.catalogue.database import DatabaseSource
from warehouse.catalogue.documents import DefinitionError, load
from warehouse.intake.postgres import PullLimits
from warehouse.intake.pull import pull, since_of
from warehouse.intake.refused import FileRefused

KEEPER = Path(__file__).with_name("postgres.py")
SECRET, AS_WRITTEN = "Quelle:7@/Ä", "Quelle:7%40%2F%C3%84"
"""The password of the user that pulls, and how it stands in an address."""
NAME = "cases_2016-11-01.parquet"
ALL = DatabaseSource(kind="postgresql", connection="COURT_DB", query="cases.sql")
CHANGED = ALL.model_copy(update={"change_column": "updated_at", "change_from": "1900-01-01"})
CASES = """
create table cases (case_number text, closed_on date, amount numeric(12,2), is_public boolean, updated_at timestamptz);
insert into cases values
    ('（2016）浙0683民初1号', '2016-03-20', 1234.50, true, '2016-10-31 23:59:59.000001+08'),
    ('（2016）浙0683民初2号', null, 0.00, false, '2016-11-01 00:00:00+08');
grant select on cases to reader
"""
SINCE = "select case_number, updated_at from cases where updated_at >= current_setting('caseload.since')::timestamptz"
FIRST, SECOND = "（2016）浙0683民初1号", "（2016）浙0683民初2号"


def run(address: str, script: str) -> None:
    """A script of the administrator; statements end in `;` at the end of a line."""
    with dbapi.connect(address, autocommit=True) as connection, connection.cursor() as cursor:
        for statement in script.split(";\n"):
            cursor.execute(statement)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The administrator's address of a server that ends with the tests, however they end."""
    with subprocess.Popen([sys.executable, KEEPER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                          start_new_session=True) as process:  # fmt: skip
        assert process.stdout
        address = process.stdout.readline().strip()
        assert address, "the server did not start; its log stands above"
        run(address, f"create role reader login password '{SECRET}'")
        yield address


@dataclass
class Court:
    """A database of its own, and an inbox folder to pull into."""

    admin: str
    folder: Path
    limits: PullLimits = field(default_factory=PullLimits)

    @property
    def address(self) -> str:
        """That of the user that may only read."""
        return self.admin.replace(self.admin[len("postgresql://") : self.admin.index("@")], f"reader:{AS_WRITTEN}")

    def run(self, script: str) -> None:
        run(self.admin, script)

    def pull(self, query: str, source: DatabaseSource = ALL, earlier: Path | None = None, name: str = NAME) -> Path | None:
        return pull(source, query, name, self.folder, {"COURT_DB": self.address}, earlier, self.limits)

    def rows(self, query: str) -> pl.DataFrame:
        pulled = self.pull(query)
        assert pulled is not None
        return pl.read_parquet(pulled)

    def refused(self, query: str, source: DatabaseSource = ALL, **how: Any) -> str:
        """What is said; nothing may be left behind, and nothing of the password be told."""
        with pytest.raises(FileRefused) as caught:
            self.pull(query, source, **how)
        return said(caught.value, self.folder)


def said(error: FileRefused, folder: Path) -> str:
    told = str(error)
    assert told.startswith(f"{NAME}: ") and "\n" not in told and told.endswith(".")
    for secret in (SECRET, AS_WRITTEN, "Quelle"):
        assert secret not in told and secret not in repr(error)
        assert secret not in "".join(traceback.format_exception(error))
    assert not folder.exists() or list(folder.iterdir()) == []
    return told


@pytest.fixture
def court(server: str, tmp_path: Path) -> Iterator[Court]:
    """An empty court, in the time zone of Shanghai."""
    name = f"court_{uuid.uuid4().hex}"
    run(server, f"create database {name} strategy file_copy")
    yield Court(server.replace("/postgres?", f"/{name}?"), tmp_path / "inbox/cases")
    run(server, f"drop database {name} with (force)")


@pytest.fixture(scope="session")
def common(server: str) -> str:
    """The administrator's address of a database for tests that change nothing in it."""
    run(server, "create database common")
    address = server.replace("/postgres?", "/common?")
    run(
        address,
        CASES
        + """;
create type state as enum ('open', 'closed');
create domain positive as int check (value > 0);
create domain state_of_case as state;
create type pair as (a int, b text);
create table secrets (x text);
create sequence numbers;
grant all on cases, numbers to reader""",
    )
    return address


@pytest.fixture
def reading(common: str, tmp_path: Path) -> Court:
    """A court with two cases, types of its own, a table that is closed to the user and two that are open to writing."""
    return Court(common, tmp_path / "inbox/cases")


# What arrives


def test_a_full_extract_keeps_values_and_types(court):
    court.run(CASES)
    pulled = court.pull("select case_number, closed_on, amount, is_public, updated_at from cases order by 1 -- all of them")
    assert pulled == court.folder / NAME and list(court.folder.iterdir()) == [pulled]
    found = pl.read_parquet(pulled)
    assert found.rows() == [
        (FIRST, date(2016, 3, 20), "1234.50", True, datetime(2016, 10, 31, 15, 59, 59, 1, tzinfo=UTC)),
        (SECOND, None, "0.00", False, datetime(2016, 10, 31, 16, tzinfo=UTC)),
    ]
    assert found.dtypes == [pl.String, pl.Date, pl.String, pl.Boolean, pl.Datetime("us", "UTC")]


def test_a_later_full_extract_holds_all_rows_again(court):
    court.run(CASES)
    first = court.pull("select case_number from cases", name="cases_2016-10-31.parquet")
    second = court.pull("select case_number from cases", earlier=first)
    assert pl.read_parquet(second).height == 2


def test_a_full_extract_without_rows_is_an_empty_file_with_its_columns(court):
    court.run(CASES)
    assert court.rows("select case_number, closed_on from cases where false;\n").schema == {
        "case_number": pl.String, "closed_on": pl.Date,
    }  # fmt: skip


@pytest.mark.parametrize("value, expected", [
    ("12345678901234567890.123456789000::numeric", "12345678901234567890.123456789000"),
    ("'-1e-20'::numeric", "-0.00000000000000000001"),
    ("'NaN'::numeric", "nan"), ("'-Infinity'::numeric", "-inf"),
    ("9223372036854775807::int8", 9223372036854775807), ("(-2147483648)::int4", -2147483648), ("(-32768)::int2", -32768),
    ("0.1::float8", 0.1), ("0.5::float4", 0.5), ("false", False),
    ("date '0001-01-01'", date(1, 1, 1)), ("date '9999-12-31'", date(9999, 12, 31)), ("null::date", None),
    ("timestamp '9999-12-31 23:59:59.999999'", datetime(9999, 12, 31, 23, 59, 59, 999999)),
    ("timestamp '0001-01-01 00:00:00'", datetime(1, 1, 1)), ("null::timestamp", None),
    ("timestamptz '2016-03-01 00:30:00+08'", datetime(2016, 2, 29, 16, 30, tzinfo=UTC)),
    ("'甲'::text", "甲"), ("' a '::varchar(3)", " a "), ("'a'::char(3)", "a"), ("''::text", ""), ("null::text", None),
    ("'a'::name", "a"), ("'x'", "x"), ("null", None),
    ("'{\"b\" : 1}'::json", '{"b" : 1}'), ("'{\"b\":  1}'::jsonb", '{"b": 1}'),
    ("'closed'::state", "closed"), ("5::positive", 5), ("'closed'::state_of_case", "closed"),
    ("'{1,2}'::int[]::text", "{1,2}"), ("'infinity'::date::text", "infinity"), ("'0044-03-15 BC'::date::text", "0044-03-15 BC"),
    ("time '24:00'::text", "24:00:00"),
])  # fmt: skip
def test_a_value_arrives_as_the_database_has_it(reading, value, expected):
    found = reading.rows(f"select {value} as x")
    assert found.rows() == [(expected,)] and type(found.item()) is type(expected)


@pytest.mark.parametrize("value, plain", [
    ("'12.50'::money", "money"), ("1::oid", "oid"), ("time '24:00'", "time"), ("timetz '23:59:59+08'", "timetz"),
    ("interval '1 year 2 days'", "interval"), ("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", "uuid"),
    ("'\\x00ff'::bytea", "bytea"), ("array[[1,2],[3,4]]", "int4[]"), ("array['a',null]", "text[]"),
    ("array[1.5]", "numeric[]"), ("row(1, 'a')::pair", "pair"), ("row(1, 2)", "record"), ("'10.0.0.1'::inet", "inet"),
    ("b'101'", "bit"), ("'a'::\"char\"", "char"), ("pg_sleep(0)", "void"), ("point(1, 2)", "point"),
    ("'a b'::tsvector", "tsvector"),
])  # fmt: skip
def test_a_type_that_would_say_something_else_is_refused_by_its_column(reading, value, plain):
    told = reading.refused(f"select 1 as a, {value} as x")
    assert f"the column [x] of the query [cases.sql] is of type [{plain}]" in told and '"x"::text as "x"' in told


@pytest.mark.parametrize("value", [
    "date 'infinity'", "date '-infinity'", "date '0001-12-31 BC'", "date '10000-01-01'", "date '5874897-12-31'",
    "timestamp 'infinity'", "timestamp '-infinity'", "timestamp '0001-12-31 23:59:59 BC'", "timestamp '10000-01-01'",
    "timestamp '294276-12-31 23:59:59'", "timestamptz 'infinity'", "timestamptz '-infinity'", "timestamptz '4713-01-01 BC'",
])  # fmt: skip
def test_a_day_that_the_file_cannot_hold_is_refused_by_its_column(reading, value):
    told = reading.refused(f"select x from (values (null), ({value})) as t (x)")
    assert f"the column [x] of the query [cases.sql] holds a {value.split()[0]} outside the years 1 to 9999" in told


def test_text_of_a_database_in_another_encoding_is_the_same_text(server, court):
    other = f"euc_{uuid.uuid4().hex}"
    run(server, f"create database {other} encoding 'EUC_CN' locale 'C' template template0")
    euc = Court(server.replace("/postgres?", f"/{other}?"), court.folder)
    assert euc.rows(r"select convert_from('\xc3f1', 'EUC_CN') as x").item() == "民"
    run(server, f"drop database {other} with (force)")


def test_a_local_midnight_stays_the_same_instant_and_a_day_in_the_query_is_that_of_the_database(court):
    found = court.rows("select t, t::date as day from (select timestamptz '2016-03-01 00:00:00+08' as t) as x")
    assert found.rows() == [(datetime(2016, 2, 29, 16, tzinfo=UTC), date(2016, 3, 1))]


# From where the next pull goes on


def test_a_second_pull_brings_what_changed_between_and_a_third_nothing(court):
    court.run(CASES)
    first = court.pull(SINCE, CHANGED, name="cases_2016-10-31.parquet")
    assert sorted(pl.read_parquet(first)["case_number"]) == [FIRST, SECOND]
    court.run(f"update cases set updated_at = '2016-11-01 09:00+08' where case_number = '{FIRST}'")
    second = court.pull(SINCE, CHANGED, earlier=first)
    assert sorted(pl.read_parquet(second).rows()) == [
        (FIRST, datetime(2016, 11, 1, 1, tzinfo=UTC)), (SECOND, datetime(2016, 10, 31, 16, tzinfo=UTC)),
    ]  # fmt: skip
    assert court.pull(SINCE, CHANGED, earlier=second, name="cases_2016-11-02.parquet") is None
    assert set(court.folder.iterdir()) == {first, second}


def test_only_rows_since_the_last_change_are_asked_for(court):
    court.run(CASES)
    first = court.pull(SINCE, CHANGED, name="cases_2016-10-31.parquet")
    court.run("insert into cases values ('new', null, null, null, '2016-11-02 00:00+08')")
    second = court.pull(SINCE, CHANGED, earlier=first)
    assert sorted(pl.read_parquet(second)["case_number"]) == ["new", SECOND]


def test_a_row_of_the_same_instant_that_was_committed_later_is_not_lost(court):
    court.run(CASES)
    first = court.pull(SINCE, CHANGED, name="cases_2016-10-31.parquet")
    court.run("insert into cases values ('late', null, null, null, '2016-11-01 00:00:00+08')")
    second = court.pull(SINCE, CHANGED, earlier=first)
    assert sorted(pl.read_parquet(second)["case_number"]) == ["late", SECOND]


def test_a_row_that_changed_while_its_change_value_stood_still_is_news(court):
    court.run(CASES)
    query = SINCE.replace("select ", "select amount, ")
    first = court.pull(query, CHANGED, name="cases_2016-10-31.parquet")
    court.run(f"update cases set amount = 7 where case_number = '{SECOND}'")
    second = court.pull(query, CHANGED, earlier=first)
    assert pl.read_parquet(second)["amount"].to_list() == ["7.00"]


def test_a_query_that_looks_back_by_a_margin_is_silent_too_when_nothing_changed(court):
    court.run(CASES)
    query = SINCE + " - interval '1 day'"
    first = court.pull(query, CHANGED, name="cases_2016-10-31.parquet")
    assert court.pull(query, CHANGED, earlier=first) is None
    court.run("insert into cases values ('slow', null, null, null, '2016-10-31 12:00+08')")
    assert pl.read_parquet(court.pull(query, CHANGED, earlier=first)).height == 3


def test_another_name_of_a_column_is_news(court):
    court.run(CASES)
    first = court.pull(SINCE, CHANGED, name="cases_2016-10-31.parquet")
    second = court.pull(SINCE.replace("select case_number", "select case_number as number"), CHANGED, earlier=first)
    assert pl.read_parquet(second).columns == ["number", "updated_at"]


def test_a_pull_by_change_column_without_rows_writes_nothing(court):
    court.run(CASES)
    assert court.pull(SINCE, CHANGED.model_copy(update={"change_from": "2017-01-01"})) is None
    assert list(court.folder.iterdir()) == []


@pytest.mark.parametrize("kind, values, greatest", [
    ("timestamptz", ["2016-10-31 23:59:59.000001+08", "2016-10-31 15:59:59+00"], "2016-10-31 15:59:59.000001+00:00"),
    ("timestamp", ["2016-02-29 12:00:00.5", "2016-02-28 23:00:00"], "2016-02-29 12:00:00.500000"),
    ("date", ["0999-12-31", "0998-01-01"], "0999-12-31"),
    ("int8", ["9007199254740993", "9"], "9007199254740993"),
    ("int2", ["-1", "-2"], "-1"),
])  # fmt: skip
def test_the_greatest_change_value_is_a_text_that_the_database_reads_back_exactly(court, kind, values, greatest):
    court.run(f"""create table t (x {kind});
insert into t values (null), ('{values[1]}'), ('{values[0]}');
grant select on t to reader""")
    source = CHANGED.model_copy(update={"change_column": "x", "change_from": "-5" if "int" in kind else "0001-01-01"})
    earlier = court.pull("select x from t where x is null or current_setting('caseload.since') <> ''", source)
    assert since_of(earlier, "x") == greatest
    again = court.pull(f"select x from t where x = current_setting('caseload.since')::{kind}"
                       " union all select null", source, earlier.rename(earlier.with_name("hash")))  # fmt: skip
    assert again is None, "both rows stand in the earlier file"
    court.run("delete from t where x is null; ")
    more = court.pull(f"select x, 'more' as y from t where x = current_setting('caseload.since')::{kind}", source,
                      court.folder / "hash")  # fmt: skip
    assert pl.read_parquet(more).height == 1


def test_a_file_without_a_change_value_tells_none_and_the_pull_begins_anew(court, tmp_path):
    court.run(CASES)
    pl.DataFrame({"updated_at": [None]}, {"updated_at": pl.Datetime("us", "UTC")}).write_parquet(tmp_path / "old")
    assert since_of(tmp_path / "old", "updated_at") is None
    assert pl.read_parquet(court.pull(SINCE, CHANGED, earlier=tmp_path / "old")).height == 2


def test_an_earlier_file_that_tells_nothing_is_refused(court, tmp_path):
    pl.DataFrame({"updated_at": ["9", "10"]}).write_parquet(tmp_path / "texts")
    (tmp_path / "broken").write_bytes(b"PAR1")
    assert "has no column [updated_at] to go on from" in court.refused(SINCE, CHANGED, earlier=tmp_path / "texts")
    assert "the file of the last pull cannot be read" in court.refused(SINCE, CHANGED, earlier=tmp_path / "broken")
    assert "the file of the last pull cannot be read" in court.refused(SINCE, CHANGED, earlier=tmp_path / "nothing")


# What is refused


@pytest.mark.parametrize("query, words", [
    ("select * from nothing", "relation [nothing] does not exist | Mend the query"),
    ("select nothing from cases", "column [nothing] does not exist | Mend the query"),
    ("selec 1", "syntax error at or near [selec] | Mend the query"),
    ("select * from secrets", "permission denied for table secrets | Let the user of [COURT_DB] select from it"),
    ("insert into cases (case_number) values ('x') returning case_number", "cannot execute INSERT in a read-only transaction"),
    ("delete from cases", "cannot execute DELETE in a read-only transaction | make the query one select"),
    ("select nextval('numbers')", "cannot execute nextval() in a read-only transaction"),
    ("select set_config('transaction_read_only', 'off', true)", "transaction read-write mode must be set before any query"),
    ("do $$ begin delete from cases; end $$", "cannot execute DELETE in a read-only transaction"),
    ("select 1; delete from cases", "cannot insert multiple commands into a prepared statement"),
    ("select 1) to stdout; commit; delete from cases; copy (select 1", "syntax error at or near [)]"),
    ("commit", "gives no columns"), ("select", "gives no columns"),
    ("", "the query [cases.sql] is empty"), (" ;\n", "the query [cases.sql] is empty"), ("select 1\0", "is empty"),
    ("-- nothing", "came to no result"),
    ("select 1 as a, 2 as b, 3 as a", "gives [2] columns named [a]"),
    ("select 'a'::int", "invalid input syntax for type integer: [a]"),
    ("select 1 / (2000 - g) from generate_series(1, 3000) as g", "came to no result | division by zero"),
    ("select $1::text as a", "came to no result"),
    (SINCE, "the contract names no change_column"),
    (f"select '{SECRET}'::int", "invalid input syntax for type integer: [***]"),
])  # fmt: skip
def test_a_query_that_does_not_do_is_refused_in_one_line(reading, query, words):
    told = reading.refused(query).replace('"', "[", 1).replace('"', "]", 1)
    for word in words.split(" | "):
        assert word in told
    assert reading.rows("select count(*) as n from cases").item() == 2


@pytest.mark.parametrize("change, query, words", [
    ({}, "select case_number, updated_at from cases", "does not ask for [current_setting('caseload.since')]"),
    ({"change_column": "changed_at"}, SINCE, "gives no change_column [changed_at]. Its columns are [case_number, updated_at]"),
    ({"change_column": "case_number"}, SINCE, "the change_column [case_number] of the query [cases.sql] is a [String]"),
    ({"change_column": "amount"}, SINCE.replace("select ", "select amount, "), "the change_column [amount]"),
    ({"change_from": "once"}, SINCE, "invalid input syntax for type timestamp with time zone"),
])  # fmt: skip
def test_a_change_column_that_does_not_do_is_refused(reading, change, query, words):
    assert words in reading.refused(query, CHANGED.model_copy(update=change))


def told_of(address: str | None, folder: Path, query: str = "select 1 as a") -> str:
    environment = {} if address is None else {"COURT_DB": address}
    with pytest.raises(FileRefused) as caught:
        pull(ALL, query, NAME, folder, environment, None, PullLimits(connect_seconds=2))
    return said(caught.value, folder)


def test_a_variable_that_is_not_set_is_named(tmp_path):
    for address in (None, "", "  "):
        assert "the environment variable [COURT_DB] is not set" in told_of(address, tmp_path / "in")


@pytest.mark.parametrize("address", [
    "mysql://u:Quelle@h/db", "host=h password=Quelle", "postgresql://u:Quel/Quelle@h/db", "postgresql://u:Quelle%zz@h/db",
    "postgresql://u:1@Quelle@h/db", "postgresql://u:12/Quelle@h", "postgresql://u:12?Quelle@h/db", "postgresql://u:12#Quelle@h",
    "postgresql://u:Quelle@h:port/db", "postgresql://u:Quelle@h/db?password", "postgresql://u:Quel%00le@h/db",
    "postgresql://u:Quelle @h/db", "Quelle",
])  # fmt: skip
def test_an_address_that_could_be_read_in_two_ways_is_refused_and_not_shown(address, tmp_path):
    told = told_of(address, tmp_path / "in")
    assert "[COURT_DB] holds no PostgreSQL address" in told and "%40 (@)" in told and "Quel" not in told


@pytest.mark.parametrize("change, words", [
    (lambda a: a.replace("Quelle", "Falsch"), 'password authentication failed for user "reader"'),
    (lambda a: a.replace("reader", "nobody"), 'password authentication failed for user "nobody"'),
    (lambda a: a.replace("/court_", "/no_court_"), 'database "no_court_'),
    (lambda a: a.replace("host=", "host=/nowhere"), "No such file or directory"),
    (lambda a: f"postgresql://reader:{AS_WRITTEN}@127.0.0.1:1/db", "Connection refused"),
    (lambda a: f"postgresql://reader:{AS_WRITTEN}@[::1]:1,127.0.0.1:1/db?sslmode=require", "failed"),
    (lambda a: a + f"&sslpassword={AS_WRITTEN}&Quelle=1", "invalid URI query parameter"),
])  # fmt: skip
def test_a_server_that_cannot_be_reached_is_said_with_its_own_words(court, tmp_path, change, words):
    told = told_of(change(court.address).replace("Quelle=1", "quelle=1"), tmp_path / "in")
    assert "the database cannot be reached" in told and words in told and "[COURT_DB]" in told


def test_a_server_that_does_not_answer_is_not_waited_for_without_end(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        at_last = threading.Timer(20, silent.close)  # so that the test ends where the limit does not hold
        at_last.start()
        told = told_of(f"postgresql://reader:{AS_WRITTEN}@127.0.0.1:{silent.getsockname()[1]}/db", tmp_path / "in")
    at_last.cancel()
    assert "the database cannot be reached" in told and "timeout expired" in told


@pytest.mark.parametrize("query", ["select pg_sleep(20)::text as a",
                                   "select g, pg_sleep(0.001)::text as a from generate_series(1, 20000) as g"])  # fmt: skip
def test_a_query_that_takes_too_long_is_stopped(court, query):
    court.limits = PullLimits(statement_seconds=1, batch_bytes=1000)
    told = court.refused(query)
    assert "canceling statement due to statement timeout" in told and "allow it more than [1] seconds" in told


def test_a_table_that_somebody_has_locked_is_not_waited_for_without_end(court):
    court.run(CASES)
    court.limits = PullLimits(statement_seconds=1)
    with dbapi.connect(court.admin) as connection, connection.cursor() as cursor:
        cursor.execute("set idle_in_transaction_session_timeout = '20s'")  # so that the test ends in any case
        cursor.execute("lock table cases in access exclusive mode")
        told = court.refused("select * from cases")
    assert "canceling statement due to statement timeout" in told and "allow it more than [1] seconds" in told


def test_a_connection_lost_midway_leaves_nothing(court):
    court.run(CASES)
    court.limits = PullLimits(batch_bytes=1000)
    old = court.pull("select case_number from cases", name="cases_2016-10-31.parquet")
    run(court.admin, "alter role reader superuser")  # it may then end its own connection
    with pytest.raises(FileRefused) as caught:
        court.pull("select g, case when g = 500000 then pg_terminate_backend(pg_backend_pid()) end as a"
                   " from generate_series(1, 1000000) as g")  # fmt: skip
    run(court.admin, "alter role reader nosuperuser")
    assert "terminating connection due to administrator command" in str(caught.value)
    assert list(court.folder.iterdir()) == [old]


def test_a_pull_abandoned_over_a_value_does_not_read_on_to_the_end(court):
    court.limits = PullLimits(batch_bytes=1000)
    began = time.monotonic()
    court.refused("select 'infinity'::date as x, generate_series(1, 1000000000) as g")
    assert time.monotonic() - began < 60  # reading on would take ten minutes


def test_a_folder_that_cannot_be_written_is_refused(court, tmp_path):
    (tmp_path / "inbox").write_text("a file where the folder should be")
    with pytest.raises(FileRefused) as caught:
        court.pull("select 1 as a")
    assert "cases_2016-11-01.parquet: it cannot be written. The system says [" in str(caught.value)


PULL_ALONE = """
import os, resource, sys
from pathlib import Path
from warehouse.catalogue.database import DatabaseSource
from warehouse.intake.pull import pull
import adbc_driver_postgresql.dbapi, nanoarrow
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
pull(DatabaseSource(kind="postgresql", connection="COURT_DB", query="cases.sql"), sys.argv[1], sys.argv[2], Path(sys.argv[3]),
     os.environ)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.fixture
def alone(court: Court) -> Callable[[str], subprocess.Popen[str]]:
    """Starts a pull in a process of its own, which prints by how many KiB its memory grew."""
    return lambda query: subprocess.Popen(
        [sys.executable, "-c", PULL_ALONE, query, NAME, str(court.folder)],
        env=os.environ | {"COURT_DB": court.address}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_a_pull_killed_midway_leaves_nothing_under_its_name_and_the_next_one_clears_up(court, alone):
    process = alone("select repeat('x', 100) as x, generate_series(1, 1000000000) as g")
    until = time.monotonic() + 60
    while not any(path.stat().st_size for path in court.folder.glob("*")) and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    left = list(court.folder.iterdir())
    assert left and all(path.name.startswith(".") and path.name.endswith(".part") for path in left)
    pulled = court.pull("select 1 as a", name="cases_2016-11-02.parquet")
    assert list(court.folder.iterdir()) == [pulled]


def test_memory_does_not_grow_with_the_rows(alone):
    row = ", ".join([f"repeat('{c}', 60) as {c}" for c in "abcdefghijk"])

    def grown(rows: int) -> int:
        told, _ = alone(f"select generate_series(1, {rows}) as number, {row}").communicate()
        return int(told)

    small, large = grown(100_000), grown(500_000)
    assert large < small + 150 * 1024, f"{small // 1024} MiB, then {large // 1024} MiB"  # the rows more are 260 MiB


# The contract


@pytest.mark.parametrize("text, words", [
    ("connection: postgresql://reader:Quelle@h/db\nquery: cases.sql", "source.yml:2: connection: this is no name of an environment variable"),
    ("connection: Quelle\nquery: cases.sql", "put that into a variable such as CASELOAD_DB"),
    ("connection: COURT_DB\nquery: ../cases.sql", "source.yml:3: query: [../cases.sql] is no name of a file beside the contract"),
    ("connection: COURT_DB\nquery: select 1", "[select 1] is no name of a file"),
    ("connection: COURT_DB\nquery: cases.sql\nchange_column: updated_at", "source.yml:4: the change_column [updated_at] needs a change_from"),
    ("connection: COURT_DB\nquery: cases.sql\nchange_from: '1900'", "source.yml:4: the change_from [1900] needs a change_column"),
    ("connection: COURT_DB\nquery: cases.sql\npassword: Quelle", "source.yml:4: there is no key [password]"),
])  # fmt: skip
def test_a_contract_that_does_not_do_is_refused_without_showing_a_password(tmp_path, text, words):
    (tmp_path / "source.yml").write_text(f"kind: postgresql\n{text}\n")
    with pytest.raises(DefinitionError) as caught:
        load(tmp_path / "source.yml", DatabaseSource)
    assert words in str(caught.value) and "Quelle" not in str(caught.value)


def test_a_contract_that_does_is_taken(tmp_path):
    (tmp_path / "source.yml").write_text("kind: postgresql\nconnection: CASELOAD_DB_2\nquery: cases.sql\n"
                                         "change_column: updated_at\nchange_from: '1900-01-01'\n")  # fmt: skip
    found = load(tmp_path / "source.yml", DatabaseSource)
    assert (found.connection, found.query, found.change_from) == ("CASELOAD_DB_2", "cases.sql", "1900-01-01")
