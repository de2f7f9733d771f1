"""One read-only statement of a stranger: what is answered, and what is refused in one line, whatever it tries."""

import contextlib
import json
import re
from pathlib import Path

import duckdb
import pytest

from pipelines.cli import main
from warehouse.store.sandbox import Bounds, Refused, ask, check, connected

SECRET = "/etc/hostname"
WRITES = (
    "insert into published.cases select * from published.cases",
    "update published.cases set closed_on = null",
    "delete from published.cases",
    "merge into published.cases using published.cases as o on false when not matched then insert",
    "truncate published.cases",
    "drop table published.cases",
    "drop view published.cases",
    "drop schema published cascade",
    "alter table published.refreshes add column x int",
    "create table published.x as select 1",
    "create temp table x as select 1",
    "create or replace view published.cases as select 1",
    "create macro f(a) as a",
    "create schema x",
    "create type x as enum ('a')",
    "create sequence x",
    "create index x on published.refreshes (refresh_no)",
    "create secret x (type s3)",
    "comment on table published.cases is 'x'",
    "begin",
    "commit",
    "vacuum",
    "checkpoint",
    "analyze",
)
REACHES_OUT = (
    "attach '/tmp/x.duckdb' as x",
    "detach warehouse",
    "use memory",
    "copy published.cases to '/tmp/x.csv'",
    f"copy published.cases from '{SECRET}'",
    "export database '/tmp/x'",
    "import database '/tmp/x'",
    "install httpfs",
    "load httpfs",
    "call pragma_version()",
    "pragma database_list",
    f"select * from read_text('{SECRET}')",
    f"select * from read_csv('{SECRET}')",
    f"select * from read_csv_auto('{SECRET}')",
    f"select * from read_json('{SECRET}')",
    f"select * from read_blob('{SECRET}')",
    "select * from read_parquet('/tmp/*.parquet')",
    f"select * from '{SECRET}'",
    f'select * from "{SECRET}"',
    "select * from 'https://localhost/x.csv'",
    "select * from glob('/*')",
    "select * from sniff_csv('/etc/passwd')",
    "select content from read_text('/etc/passwd') as x",
    "select getenv('HOME')",
    "select * from sqlite_scan('/tmp/x', 'y')",
    "select * from postgres_scan('', 'a', 'b')",
    "select write_log('x')",
    f"select (select content from read_text('{SECRET}'))",
    f"with x as (from read_text('{SECRET}')) select * from x",
    "select * from query('select 1')",
    "select * from query_table('model.cases')",
)
LOOKS_ELSEWHERE = (
    "select * from model.cases",
    "select judge_code from model.cases",
    "select * from warehouse.model.cases",
    "select * from metrics.cells",
    "select * from quality.findings",
    "select * from published.cases where case_key in (select case_key from model.cases)",
    "select exists (select 1 from model.case_history)",
    "select * from published.cases union all select * from model.cases",
    "select * from published.cases, lateral (select * from model.cases) as x",
    "with published as (select 1) select * from model.cases",
    "with duckdb_settings as (select 1) select * from duckdb_settings",
    "select * from duckdb_settings()",
    "select * from duckdb_tables",
    "select * from duckdb_secrets()",
    "select * from information_schema.tables",
    "select * from pg_catalog.pg_class",
    "select * from pragma_table_info('model.cases')",
    "select * from sqlite_master",
    "describe model.cases",
    "show all tables",
    "summarize published.cases",
    "pivot published.cases on family using count(*)",
    "select current_setting('memory_limit')",
    "select getvariable('x')",
    "select nextval('x')",
    "select * from cases",
)
SETS = (
    "set memory_limit = '64GB'",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "reset all",
    "set threads = 64",
    "pragma memory_limit = '64GB'",
    "prepare x as select 1",
    "execute x",
    "deallocate x",
    "explain analyze select 1",
    "set variable x = 1",
)
MANY = ("select 1; select 2", "select 1; drop table published.cases", "", ";", "-- nothing", "select", "selec 1", "select 1 /*")
LOOPS = (
    "with recursive t as (select 1 as a union all select a + 1 from t) select * from t",
    "with recursive t as (select 1 as a union all select a from t) select count(*) from t",
)
TAKES_MUCH = (
    "select count(*) from range(1000000000000)",
    "select count(*) from published.cases a, published.cases b, published.cases c, published.cases d",
    "select list(a) from range(10000000000) as t(a)",
    "select string_agg(lpad('x', 100000, 'y'), '') from range(1000000)",
    "select lpad('x', 2000000000, 'y')",
    "select a from range(100000000) as t(a) order by a % 7, a desc",
    "select " + "(" * 5000 + "1" + ")" * 5000,
    "select " + " + ".join("1" for _ in range(20000)),
    "select lpad('x', 60000000, 'y')",
)
HOSTILE = (*WRITES, *REACHES_OUT, *LOOKS_ELSEWHERE, *SETS, *MANY, *LOOPS)


def test_there_are_many_of_them():
    assert len(set(HOSTILE + TAKES_MUCH)) == len(HOSTILE + TAKES_MUCH) > 60


@pytest.fixture(scope="module")
def locked(two_nights, tmp_path_factory):
    """A connection as a statement gets it, in this process, to a copy that stays as it was, byte for byte."""
    before = two_nights.place.warehouse.read_bytes()
    copy = tmp_path_factory.mktemp("locked") / "warehouse.duckdb"
    copy.write_bytes(before)
    with connected(copy, Bounds()) as connection:
        yield connection
    assert copy.read_bytes() == before


@pytest.mark.parametrize("statement", HOSTILE)
def test_what_is_not_one_select_on_the_published_schema_is_not_run(locked, statement):
    with pytest.raises((Refused, duckdb.Error)) as caught:
        check(locked, statement)
    assert str(caught.value)


@pytest.mark.parametrize("statement", REACHES_OUT + LOOKS_ELSEWHERE + SETS)
def test_even_unchecked_it_gets_at_no_file_and_at_no_setting(locked, statement):
    # what runs all the same reads the warehouse itself, or says what DuckDB is: no file, no setting is changed
    before = locked.execute("select * from duckdb_settings() order by name").fetchall()
    with contextlib.suppress(duckdb.Error):
        found = str(locked.execute(statement).fetchmany(1000))
        assert not any(secret in found for secret in ("root:x", Path(SECRET).read_text().strip()))
    assert locked.execute("select * from duckdb_settings() order by name").fetchall() == before


@pytest.fixture(scope="module")
def refused(two_nights):
    """Asks a statement in its process, that must be refused; why it is, in one line."""

    def why(statement):
        with pytest.raises(Refused) as caught:
            ask(two_nights.place.warehouse, statement, Bounds(seconds=2, memory=128))
        assert "\n" not in str(caught.value) and len(str(caught.value)) < 400
        return str(caught.value)

    return why


@pytest.mark.parametrize("statement", TAKES_MUCH, ids=lambda text: text[:40])
def test_what_takes_too_much_is_stopped(refused, statement):
    assert re.search("longer than 2 s|128 MB|nested|depth|larger than 32 MB|Out of Range", refused(statement))


def test_what_does_not_fit_into_memory_is_not_put_on_the_disk(locked, refused):
    assert locked.execute("select current_setting('temp_directory')").fetchall() == [("",)]
    assert "more than 128 MB" in refused("select a from range(100000000) as t(a) order by a % 7, a desc")


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("drop table published.cases", "a statement of the kind DROP"),
        ("select * from model.cases", r"it reads \[model.cases\]"),
        ("select getenv('HOME')", r"the function \[getenv\] is not on the list"),
        (LOOPS[0], "may not loop"),
        ("select count(*) from range(1000000000000)", "longer than 2 s"),
        ("select list(a) from range(10000000000) as t(a)", "more than 128 MB"),
        ("select no_such from published.cases", "no_such"),
        ("describe published.cases", "caseload sql --tables"),
    ],
)
def test_a_refusal_names_what_stands_in_the_way(refused, statement, why):
    assert re.search(why, refused(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "select family, count(*) as n from published.cases group by family order by n desc, family",
        "with own as (select * from published.cases where closed_on is null) select count(*) from own",
        "from published.refreshes select refresh_no",
        "select case_key, row_number() over (partition by family order by registered_on, case_key) from published.cases limit 5",
        "select date_trunc('month', registered_on) as month, count(*) from published.cases group by all order by 1",
        "select r.refresh_no, d.file from published.refreshes r, published.deliveries d where d.taken_in = r.refresh_no limit 3",
        "select x from (values (1), (2)) as t(x) where x between 1 and 2 and x::varchar like '%2'",
        "select n from range(5) as t(n) where n % 2 = 0",
        "select case_number from published.cases where type_characters in ('民初', '执') order by case_key limit 3;",
    ],
)
def test_plain_questions_are_answered_as_duckdb_answers_them(two_nights, statement):
    found = ask(two_nights.place.warehouse, statement, Bounds())
    plain = [[value if isinstance(value, int | str | float | None) else str(value) for value in row]
             for row in two_nights.rows(statement)]  # fmt: skip
    assert [list(row) for row in found.rows] == plain and not found.has_more


def test_the_rows_are_bounded_and_that_is_said(two_nights):
    asked = "select case_key from published.cases order by case_key"
    found = ask(two_nights.place.warehouse, asked, Bounds(rows=3))
    assert [row[0] for row in found.rows] == [row[0] for row in two_nights.rows(f"{asked} limit 3")] and found.has_more


def test_counts_of_the_published_layer_add_up_to_the_figures_and_hold_no_judge(two_nights):
    sums = dict(two_nights.rows("select metric, sum(numerator) from published.counts where variant is null "
                                "and calendar_id = 'cal_month' and metric in ('filed', 'closed') group by metric"))  # fmt: skip
    with two_nights.reader() as reader:
        for metric, total in sums.items():
            assert reader.answer(reader.question(metric))[0].value == total
    columns = {name for (name,) in two_nights.rows(
        "select column_name from information_schema.columns where table_schema = 'published'")}  # fmt: skip
    assert not {"judge", "judge_code"} & columns


def test_the_command_shows_every_table_and_column_that_can_be_asked_and_no_other(home, capsys):
    words = ["--home", str(home.place.root.parent)]
    assert main(["sql", "--tables", *words]) == 0
    said = capsys.readouterr().out
    there = home.rows("select table_name, column_name from information_schema.columns where table_schema = 'published'")
    shown = re.findall(r"^published\.(\w+): ", said, re.MULTILINE)
    assert sorted(shown) == sorted({table for table, _ in there})
    assert len(re.findall(r"^  \w+ +[A-Z]", said, re.MULTILINE)) == len(there)


def test_the_command_answers_in_json_and_refuses_with_two(home, capsys):
    words = ["--home", str(home.place.root.parent)]
    assert main(["sql", "select count(*) as cases from published.cases", "--json", *words]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == [[home.rows("select count(*) from published.cases")[0][0]]]
    assert (told["columns"], told["refresh_id"], told["is_synthetic"], told["question"]) == (
        ["cases"],
        "r000002",
        True,
        "Q000001",
    )
    assert main(["sql", "delete from published.cases", *words]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith("caseload: the statement is refused: ") and said.err.count("\n") == 1
    assert main(["sql", "select 1", "--rows", "0", *words]) == 2
    assert main(["sql", *words]) == 2
