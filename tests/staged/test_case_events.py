"""Events into cases: what opens and closes one, which row stands for it, and which cases wait. One case a letter."""

# The drawings keep their form.
# fmt: off

import dataclasses
import datetime as dt

import polars as pl
import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from warehouse.catalogue.contract import Contract
from warehouse.catalogue.events import Events
from warehouse.intake.events import EventStager, events_file, made_of, waiting_with
from warehouse.intake.quarantine import SetAside
from warehouse.intake.readers.rows import Read, Torn

CLOSES = {"judgment": "judgment", "withdrawn": "withdrawal"}
COLUMNS = {
    "case_number": {"header": "case", "required": True},
    "event_on": {"header": "day", "type": "date", "required": True},
    "event_kind": {"header": "step"},
    "bench_code": {"header": "bench"},
}


def events(text):
    """`case | day of March 2016 | kind`, a line an event, in the order of the file."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return pl.DataFrame(
        [(case, dt.date(2016, 3, int(day)), kind or None, n) for n, (case, day, kind) in enumerate(rows, 1)],
        schema={"case_key": pl.String, "event_on": pl.Date, "event_kind": pl.String, "record": pl.Int64}, orient="row",
    )


def cases(text, **rule):
    """Filed, closed (as days of March), how, and the deciding record, of each case in the order of keys."""
    made = made_of(events(text), Events.model_validate({"closes": CLOSES} | rule)).sort("case_key")
    names = [name for name in ("registered_on", "closed_on", "closing_manner", "record") if name in made.columns]
    return [tuple(v.day if isinstance(v, dt.date) else v for v in row) for row in made.select(names).rows()]


# --- from events to days


def test_a_case_is_filed_with_its_first_event_and_closed_with_its_last_where_that_closes():
    assert cases("""
        a | 5 | hearing
        a | 9 | judgment
        a | 2 | claim
        b | 3 | claim
        b | 7 | hearing
    """) == [(2, 9, "judgment", 2), (3, None, None, 5)]


def test_a_closing_after_which_the_case_goes_on_closes_nothing():
    assert cases("""
        a | 1 | claim
        a | 4 | judgment
        a | 8 | hearing
        b | 1 | claim
        b | 4 | withdrawn
        b | 8 | hearing
        b | 9 | judgment
    """) == [(1, None, None, 3), (1, 9, "judgment", 7)]


def test_of_two_closings_the_later_one_counts_and_of_one_day_the_one_further_down():
    assert cases("""
        a | 1 | claim
        a | 9 | judgment
        a | 4 | withdrawn
        b | 1 | claim
        b | 4 | withdrawn
        b | 4 | judgment
    """) == [(1, 9, "judgment", 2), (1, 4, "judgment", 6)]


def test_an_event_of_the_day_of_closing_does_not_open_the_case_again_wherever_it_stands():
    assert cases("""
        a | 1 | claim
        a | 4 | judgment
        a | 4 | hearing
        b | 1 | claim
        b | 4 | hearing
        b | 4 | judgment
    """) == [(1, 4, "judgment", 2), (1, 4, "judgment", 6)]


def test_where_the_kinds_that_reopen_are_named_others_after_a_closing_change_nothing():
    text = """
        a | 1 | claim
        a | 4 | judgment
        a | 8 | costs
        b | 1 | claim
        b | 4 | judgment
        b | 8 | retrial
        b | 9 | costs
    """
    assert cases(text, reopens=["retrial"]) == [(1, 4, "judgment", 2), (1, None, None, 7)]
    assert cases(text, reopens=[]) == [(1, 4, "judgment", 2), (1, 4, "judgment", 5)]


def test_where_kinds_file_a_case_the_first_of_these_does_and_a_case_without_one_lacks_its_day():
    assert cases("""
        a | 1 | letter
        a | 3 | claim
        a | 5 | claim
        b | 2 | letter
    """, filed=["claim"]) == [(3, None, None, 3), (None, None, None, 4)]


def test_a_case_of_one_closing_is_filed_and_closed_on_that_day():
    assert cases("a | 6 | withdrawn") == [(6, 6, "withdrawal", 1)]


def test_without_kinds_whatever_comes_last_closes_the_case():
    assert cases("""
        a | 6 |
        a | 2 |
        b | 3 |
    """, closes="last") == [(2, 6, 1), (3, 3, 3)]


@settings(max_examples=60, deadline=None)
@generated(steps=st.lists(st.tuples(st.integers(1, 6), st.sampled_from(["claim", "hearing", "judgment"])), min_size=1,
                          max_size=6), later=st.integers(7, 9))
def test_what_a_case_is_follows_from_its_days_alone(steps, later):
    def one(rows, **rule):
        (case,) = cases("\n".join(f"a | {day} | {kind}" for day, kind in rows), **rule)
        return case

    filed, closed, how, _ = one(steps)
    assert filed == min(day for day, _ in steps)
    last = max(day for day, _ in steps)
    assert (closed, how) == ((last, "judgment") if (last, "judgment") in steps else (None, None))
    assert one(steps[::-1])[:3] == (filed, closed, how)  # the order of the file says nothing
    assert one([*steps, (later, "judgment")])[:3] == (filed, later, "judgment")
    assert one([*steps, (later, "hearing")])[:3] == (filed, None, None)


# --- from rows of a file to cases


def staging(catalogue, folder):
    """`stage(drawing, torn=…)`: the report, staged cases and events of a file drawn as text, in `folder`."""

    def type_rows(drawing, torn=(), numbers="none", **changes):
        document = catalogue.profile.contracts["cases"].model_dump() | {
            "columns": COLUMNS, "constants": {"court_code": "浙0683"}, "kind": "snapshot", "key": {"column": "case_number"},
            "events": {"closes": CLOSES}, **changes,
        }
        contract = Contract.model_validate(document)
        plain = catalogue.profile.settings.model_copy(update={"case_numbers": numbers})
        profile = dataclasses.replace(catalogue.profile, settings=plain)
        tables = catalogue.tables
        one = EventStager(contract, profile, tables["staged.cases"], tables["staged.case_events"])
        header, *lines = [[cell.strip() for cell in x.split("|")] for x in drawing.splitlines() if x.strip()]
        wanted = (*contract.required_headers, *contract.optional_headers)
        rows = [{"record": n, "line": n + 1, **dict(zip(header, line, strict=True))} for n, line in enumerate(lines, 1)]
        schema = {"record": pl.Int64, "line": pl.Int64, **dict.fromkeys(wanted, pl.String)}
        pl.DataFrame(rows, schema=schema).write_parquet(folder / "raw.parquet")
        found = Read("utf-8", len(rows) + len(torn), 0, tuple(torn), (), ())
        report = one.stage(folder / "raw.parquet", folder / "staged.parquet", 7, {}, found)
        return report, pl.read_parquet(folder / "staged.parquet"), pl.read_parquet(events_file(folder / "staged.parquet"))

    return type_rows


@pytest.fixture
def stage(catalogue, tmp_path):
    """For one file."""
    return staging(catalogue, tmp_path)


@pytest.fixture(scope="session")
def stage_many(catalogue, tmp_path_factory):
    """For many, one after another."""
    return staging(catalogue, tmp_path_factory.mktemp("events"))


def aside(report):
    return [(one.record, one.reason_code, one.column_name) for one in report.set_aside]


def test_a_case_is_one_row_with_the_other_columns_of_the_event_that_decides(stage, catalogue):
    report, staged, told = stage("""
        case | day        | step     | bench
        A1   | 2016-03-01 | claim    | first
        A1   | 2016-03-20 | judgment | third
        A1   | 2016-03-10 | hearing  | second
        A2   | 2016-03-02 | claim    | second
        A2   | 2016-03-09 | hearing  |
    """)
    columns = ("case_key", "case_number", "record", "line", "registered_on", "closed_on", "closing_manner", "bench_code")
    assert staged.select(columns).rows() == [
        ("A1", "A1", 2, 3, dt.date(2016, 3, 1), dt.date(2016, 3, 20), "judgment", "third"),
        ("A2", "A2", 5, 6, dt.date(2016, 3, 2), None, None, None),
    ]
    assert (report.rows, report.duplicates, report.set_aside) == (5, 0, ())
    assert told.select("record", "case_key", "event_kind", "court_code").rows()[1] == (2, "A1", "judgment", "浙0683")
    assert staged.columns == list(catalogue.tables["staged.cases"].columns)
    assert told.columns == list(catalogue.tables["staged.case_events"].columns)


def test_chinese_case_numbers_are_taken_apart_and_written_alike_or_not_they_are_one_case(stage):
    report, staged, _ = stage("""
        case                  | day        | step     | bench
        （2016）浙0683民初1号 | 2016-03-01 | claim    |
        (2016)浙0683民初1号   | 2016-03-20 | judgment |
    """, numbers="chinese", columns=COLUMNS | {"case_number": {"header": "case", "type": "case_number"}}, constants={})
    columns = ("case_key", "case_number", "court_code", "type_code", "serial", "closed_on", "record")
    assert staged.select(columns).rows() == [
        ("浙0683-2016-民初-1", "（2016）浙0683民初1号", "浙0683", "民初", 1, dt.date(2016, 3, 20), 2)
    ]
    assert not report.set_aside


def test_equal_events_of_a_case_are_duplicates_and_those_that_differ_are_not(stage):
    report, staged, told = stage("""
        case | day        | step  | bench
        A1   | 2016-03-01 | claim | first
        A1   | 2016-03-01 | claim | first
        A1   | 2016-03-01 | claim | second
        A2   | 2016-03-01 | claim | first
    """)
    assert told.select("record", "is_duplicate").rows() == [(1, False), (2, True), (3, False), (4, False)]
    assert (report.rows, report.duplicates) == (4, 1)
    assert staged.select("case_key", "record", "is_duplicate").rows() == [("A1", 3, False), ("A2", 4, False)]


def test_an_event_that_cannot_be_typed_sets_its_whole_case_aside_and_no_other(stage):
    report, staged, told = stage("""
        case | day        | step     | bench
        A1   | 2016-03-01 | claim    |
        A1   | 2016-02-30 | judgment |
        A1   | 2016-03-01 | claim    |
        A2   | 2016-03-01 | claim    |
    """)
    assert aside(report) == [(2, "TYPE", "event_on"), (1, "EVENT", None), (3, "EVENT", None)]
    one = report.set_aside[1]
    assert one.message == "the event on line 3 of the case [A1] cannot be read: all of it waits"
    assert (one.case_key, one.court_code, one.line, one.fields["day"]) == ("A1", "浙0683", 2, "2016-03-01")
    assert staged["case_key"].to_list() == ["A2"] and told["record"].to_list() == [4]
    assert (report.rows, report.duplicates) == (1, 0)


@pytest.mark.parametrize(("case", "day", "step", "column"), [
    ("A1", "", "hearing", "event_on"), ("A1", "2016-03-05", "", "event_kind"),
])
def test_an_event_without_its_day_or_kind_sets_its_whole_case_aside(stage, case, day, step, column):
    report, staged, _ = stage(f"""
        case   | day        | step   | bench
        A1     | 2016-03-01 | claim  |
        {case} | {day}      | {step} |
        A2     | 2016-03-01 | claim  |
    """)
    assert aside(report) == [(2, "EVENT", column), (1, "EVENT", None)]
    assert report.set_aside[0].message.startswith(f"{column} is missing: an event without it ")
    assert staged["case_key"].to_list() == ["A2"]


def test_an_event_without_a_case_is_set_aside_alone(stage):
    report, staged, _ = stage("""
        case | day        | step  | bench
             | 2016-03-01 | claim |
        A2   | 2016-03-01 | claim |
    """)
    assert aside(report) == [(1, "EVENT", "case_number")]
    assert staged["case_key"].to_list() == ["A2"]


def test_where_the_contract_has_no_kinds_none_is_missed(stage):
    columns = {name: column for name, column in COLUMNS.items() if name != "event_kind"}
    columns["closing_manner"] = {"header": "how"}
    report, staged, _ = stage("""
        case | day        | bench | how
        A1   | 2016-03-01 |       |
        A1   | 2016-03-05 |       | judgment
    """, columns=columns, events={"closes": "last"})
    assert staged.select("registered_on", "closed_on", "closing_manner").rows() == [
        (dt.date(2016, 3, 1), dt.date(2016, 3, 5), "judgment")
    ]
    assert not report.set_aside


@pytest.mark.parametrize("text", [
    'A1,2016-03-20,judgment,"x', "A1\t2016-03-20\tjudgment", "<case>A1</case><day>20", '{"case": "A1", "day": ',
])
def test_a_torn_record_that_holds_the_key_of_a_case_sets_that_case_aside(stage, text):
    report, staged, _ = stage("""
        case | day        | step    | bench
        A1   | 2016-03-01 | claim   |
        A10  | 2016-03-01 | claim   |
    """, torn=[Torn(3, 4, text, "it does not fit")])
    assert aside(report) == [(1, "EVENT", None)]
    assert "line 4" in report.set_aside[0].message
    assert staged["case_key"].to_list() == ["A10"]


def test_a_torn_record_without_a_known_key_and_a_total_set_no_case_aside(stage):
    report, staged, _ = stage("""
        case | day        | step  | bench
        A1   | 2016-03-01 | claim |
    """, torn=[Torn(2, 3, "A2,x,y", "it does not fit"), Torn(3, 4, "A1 in all", "a total", "NO_CASE")])
    assert not report.set_aside and staged["case_key"].to_list() == ["A1"]


def test_a_file_without_rows_gives_files_without_rows(stage):
    report, staged, told = stage("case | day | step | bench")
    assert (report.rows, staged.height, told.height) == (0, 0, 0)


def test_with_a_case_that_a_rule_set_aside_all_its_other_events_wait_but_for_duplicates(stage, tmp_path):
    report, _, _ = stage("""
        case | day        | step     | bench
        A1   | 2016-03-01 | claim    |
        A1   | 2016-03-20 | judgment |
        A1   | 2016-03-01 | claim    |
        A2   | 2016-03-01 | claim    |
    """)
    assert not report.set_aside
    broken = SetAside(7, 2, 3, "cases", "DQ16", "closed before filed", "A1", "浙0683")
    found = waiting_with(tmp_path / "staged.parquet", [broken], lambda records: {n: {"case": "A1"} for n in records})
    assert [(one.record, one.reason_code, one.source, one.message) for one in found] == [
        (1, "EVENT", "cases", "the case [A1] is set aside, see line 3")
    ]


# --- properties

FIELD = {
    "case": st.sampled_from(["A1", "A2", "A3", ""]),
    "day": st.sampled_from(["2016-03-01", "2016-03-02", "2016-02-30", ""]),
    "step": st.sampled_from(["claim", "judgment", "hearing", ""]),
    "bench": st.sampled_from(["x", ""]),
}


@settings(max_examples=40, deadline=None)
@generated(rows=st.lists(st.fixed_dictionaries(FIELD), max_size=8))
def test_every_event_is_accepted_or_set_aside_and_no_case_is_made_of_a_part(stage_many, rows):
    drawn = "\n".join(["case | day | step | bench", *(" | ".join(row[name] for name in FIELD) for row in rows)])
    report, staged, told = stage_many(drawn)
    gone = {one.record for one in report.set_aside}
    assert sorted([*told["record"], *gone]) == list(range(1, len(rows) + 1))
    assert report.rows == told.height and report.duplicates == told["is_duplicate"].sum()
    whole = {row["case"] for row in rows if row["case"]}
    whole -= {row["case"] for row in rows if row["day"] in ("", "2016-02-30") or not row["step"]}
    assert set(staged["case_key"]) == set(told["case_key"]) == whole
    assert staged["case_key"].n_unique() == staged.height
    assert set(staged["record"]) <= set(told.filter(~pl.col("is_duplicate"))["record"])
