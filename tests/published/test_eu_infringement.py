"""The profile eu_infringement: real cases made of 50,960 decisions, held against the source's own totals.

The numbers expected come from eu_infringement_reference.csv (plain queries over the delivered files, and the source's own
aggregates), from the file itself read with `csv` and `gzip` alone, and from docs/eu_infringement.md.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from warehouse.catalogue.bundle import find_profile, read_catalogue
from warehouse.catalogue.query import HOUSE
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import snapshot
from warehouse.refresh.begin import refreshing
from warehouse.refresh.run import run_steps
from warehouse.store.place import Place

Row = dict[str, str]
Values = dict[tuple[str, str], int]

PROFILE = HOUSE / "warehouse/profiles/eu_infringement"
SHIPPED = PROFILE / "deliveries/cases"
PAGE = (HOUSE / "docs/eu_infringement.md").read_text("utf-8")
LAST_DAY = "2020-04-29"


@cache
def decisions() -> tuple[Row, ...]:
    with gzip.open(SHIPPED / "decisions.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def reference() -> dict[str, Values]:
    """By measure: values by period and dimension."""
    found: dict[str, Values] = defaultdict(dict)
    with (Path(__file__).parent / "eu_infringement_reference.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["measure"]][row["period"], row["dimension"]] = int(row["value"])
    return found


def only(measure: str) -> int:
    """The value of a measure that has one line."""
    (value,) = reference()[measure].values()
    return value


def by_period(measure: str) -> dict[str, int]:
    """Of a measure with one line a period."""
    values = reference()[measure]
    found = {period: value for (period, _), value in values.items()}
    assert len(found) == len(values)
    return found


# ---- the refresh


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    found = Place(tmp_path_factory.mktemp("home") / "eu_infringement")
    found.make()
    shutil.copytree(SHIPPED, found.inbox / "cases")
    now = datetime(2024, 1, 1, 2, tzinfo=ZoneInfo("Europe/Brussels"))
    with refreshing(found, read_catalogue(find_profile("eu_infringement")), now, "test") as work:
        assert work.land().refused == []
        run_steps(work)
    return found


@pytest.fixture(scope="module")
def reader(place: Place) -> Iterator[Reader]:
    with snapshot(place.warehouse) as snap:
        yield Reader(snap, read_catalogue(find_profile("eu_infringement")).profile.settings.calendars)


@pytest.fixture(scope="module")
def published(reader: Reader) -> duckdb.DuckDBPyConnection:
    found: duckdb.DuckDBPyConnection = reader.snapshot.connection
    return found


def yearly(reader: Reader, metric: str, by: tuple[str, ...] = ()) -> Counter[tuple[str, ...]]:
    """The public figures of 2002 to 2020 by year and dimensions."""
    figures = reader.ask(metric, first="2002-01", last="2020-04", kind="year", by=by)
    assert all(figure.status == "published" for figure in figures)
    return Counter({(figure.period.id[:4], *(figure.dims[name] for name in by)): int(figure.value or 0) for figure in figures})


def words(published: duckdb.DuckDBPyConnection, what: str, more: str = "", by: str = "1, 2") -> dict[tuple[str, str], int]:
    """A count of delivered decisions (equal rows too), with the stages in the words of the source."""
    profile = read_catalogue(find_profile("eu_infringement")).profile
    stages = {row["code"]: row["word"] for row in profile.code_rows("stages")}
    rows = published.execute(f"""
        select {what}, count(*)
        from model.case_events as events
        inner join model.cases as cases on events.case_key = cases.case_key
        {more}
        group by {by}
    """).fetchall()
    return {(str(first), stages.get(second, second)): count for first, second, count in rows}


# ---- what is shipped


def test_the_shipped_file_is_the_one_that_the_readme_names() -> None:
    text = (PROFILE / "README.md").read_text("utf-8")
    named = re.findall(r"`(\S+\.csv\.gz)` \| (\d+) \| `([0-9a-f]{64})`", text)
    shipped = [(p.name, p.read_bytes()) for p in sorted(SHIPPED.glob("*.gz"))]
    assert [(name, str(len(data)), hashlib.sha256(data).hexdigest()) for name, data in shipped] == named


def test_every_stage_and_kind_of_case_is_in_the_code_lists_and_none_is_there_in_vain() -> None:
    profile = read_catalogue(find_profile("eu_infringement")).profile
    for name, column, key in (("stages", "decision_stage", "word"), ("case_types", "case_type", "code")):
        assert {row[key] for row in profile.code_rows(name)} == {row[column] for row in decisions()}


def test_what_is_taken_from_the_deciding_event_is_the_same_in_every_event_of_a_case() -> None:
    said = defaultdict(set)
    for row in decisions():
        said[row["case_id"]].add((row["case_type"], row["member_state_code"]))
    assert {len(values) for values in said.values()} == {1}


# ---- the reference, measure by measure


def test_cases_decisions_and_duplicates_are_those_of_the_reference(published: duckdb.DuckDBPyConnection) -> None:
    assert published.execute("select count(*) from published.cases").fetchall() == [(only("cases"),)]
    accounts = published.execute(
        "select rows_delivered, rows_accepted, rows_quarantined, rows_duplicate from published.deliveries"
    ).fetchall()
    twice = only("duplicate_decisions")
    assert accounts == [(only("decisions"), only("decisions") - twice, 0, twice)]


@pytest.mark.parametrize(("measure", "metric"), [("cases_filed", "filed"), ("cases_closed", "closed")])
def test_filings_and_closings_of_each_year_are_those_of_the_reference(reader: Reader, measure: str, metric: str) -> None:
    ours = {year: value for (year,), value in yearly(reader, metric).items()}
    assert ours == by_period(measure) and len(ours) == 19


def test_cases_pending_at_each_years_end_and_on_the_last_day_are_those_of_the_reference(reader: Reader) -> None:
    expected = by_period("cases_pending")
    assert sorted(expected)[-1] == LAST_DAY and len(expected) == 19
    ours = {year: value for (year,), value in yearly(reader, "pending_end").items()}
    assert ours == {day[:4]: value for day, value in expected.items()}


def test_decisions_by_stage_are_those_of_the_reference(published: duckdb.DuckDBPyConnection) -> None:
    ours = words(published, "'all', events.event_kind")
    assert ours == reference()["decisions_by_stage"] and len(ours) == 8


def test_decisions_of_each_year_and_stage_are_those_that_the_source_publishes(published: duckdb.DuckDBPyConnection) -> None:
    steps = "where events.event_kind not in ('closing', 'withdrawal')"
    ours = words(published, "year(events.event_on), events.event_kind", steps)
    told = reference()["published_decisions"]
    assert len(told) == 114
    assert ours == {cell: value for cell, value in told.items() if value}


def test_decisions_of_each_year_and_member_state_are_those_that_the_source_publishes(
    published: duckdb.DuckDBPyConnection,
) -> None:
    steps = "where events.event_kind not in ('closing', 'withdrawal')"
    ours = words(published, "year(events.event_on), cases.bench_code", steps)
    told = reference()["published_decisions_by_member_state"]
    assert len(told) == 491
    assert ours == {cell: value for cell, value in told.items() if value}


def test_first_letters_of_formal_notice_of_each_year_are_those_of_the_reference(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute("""
        select year(first_on), count(*) from (
            select min(events.event_on) as first_on
            from model.case_events as events
            where events.event_kind = 'letter_258'
            group by events.case_key
        ) group by 1
    """).fetchall()
    assert {str(year): count for year, count in rows} == by_period("cases_letter_of_formal_notice")


def test_thirteen_cases_have_two_endings_and_none_goes_on_after_its_last(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.execute("""
        select
            count(*) filter (ends > 1),
            count(*) filter (ended_on < last_on)
        from (
            select
                count(*) filter (events.event_kind in ('closing', 'withdrawal')) as ends,
                max(events.event_on) filter (events.event_kind in ('closing', 'withdrawal')) as ended_on,
                max(events.event_on) as last_on
            from model.case_events as events
            where not events.is_duplicate
            group by events.case_key
        )
    """).fetchall()
    assert rows == [(only("cases_closed_twice"), only("cases_with_step_after_closing"))] == [(13, 0)]


# ---- beyond the reference: by dimension, from the file itself


def made() -> dict[str, tuple[Row, Row | None]]:
    """Each case as its first decision, and as the ending that closed it."""
    steps: dict[str, list[Row]] = defaultdict(list)
    for row in decisions():
        steps[row["case_id"]].append(row)
    found = {}
    for key, rows in steps.items():
        first = min(rows, key=lambda row: row["decision_date"])
        last = max(row["decision_date"] for row in rows)
        ends = [r for r in rows if r["decision_date"] == last and r["decision_stage"] in ("Closing", "Withdrawal")]
        found[key] = first, ends[-1] if ends else None
    return found


def test_filings_and_closings_by_member_state_kind_and_manner_are_those_of_a_plain_recount(reader: Reader) -> None:
    filed: Counter[tuple[str, ...]] = Counter()
    closed: Counter[tuple[str, ...]] = Counter()
    for first, end in made().values():
        filed[first["decision_date"][:4], first["member_state_code"], first["case_type"]] += 1
        if end is not None:
            closed[end["decision_date"][:4], end["member_state_code"], end["decision_stage"].lower()] += 1
    assert +yearly(reader, "filed", ("bench", "case_type")) == filed
    assert +yearly(reader, "closed", ("bench", "closing_manner")) == closed


def test_each_case_names_the_line_of_the_decision_that_closed_it_or_else_of_its_last(
    published: duckdb.DuckDBPyConnection,
) -> None:
    rows = published.execute("select case_key, registered_on, closed_on, line from published.cases").fetchall()
    assert len(rows) == 21183
    cases, lines = made(), decisions()
    for key, filed, closed, line in rows:
        first, end = cases[key]
        decided = lines[line - 2]  # line 1 is the header
        assert decided["case_id"] == key
        assert str(filed) == first["decision_date"]
        assert closed == (date.fromisoformat(end["decision_date"]) if end else None)
        assert end is None or (decided["decision_date"], decided["decision_stage"]) == (str(closed), end["decision_stage"])


def test_nothing_is_set_aside_nor_withheld_and_only_months_without_a_decision_are_warned_of(
    published: duckdb.DuckDBPyConnection,
) -> None:
    assert published.execute("select * from quality.set_aside").fetchall() == []
    decided = {row["decision_date"][:7] for row in decisions()}
    months = [f"{year}-{month:02}" for year in range(2002, 2021) for month in range(1, 13)]
    silent = [f"cases {month}" for month in months if min(decided) < month < max(decided) and month not in decided]
    assert len(silent) == 24 and sum(item.endswith("-08") for item in silent) == 12  # in August the Commission rests
    broken = "select rule_id, severity, failing from quality.verdicts where not holds"
    assert published.execute(broken).fetchall() == [("DQ42", "warns", 24)]
    assert [item for (item,) in published.execute("select item from quality.failures order by item").fetchall()] == silent
    assert published.execute("select * from quality.gates").fetchall() == []
    assert published.execute("select distinct is_synthetic from published.refreshes").fetchall() == [(False,)]


# ---- the page


def test_the_page_tells_of_every_measure_of_the_reference_with_its_number_of_lines() -> None:
    section = PAGE.split("## Agreement\n")[1].split("\n## ")[0]
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")]
    told = {measure: (int(lines), result) for measure, lines, _, result in rows[2:]}
    expected = {measure: (len(v), f"{len(v)} of {len(v)} equal") for measure, v in reference().items()}
    expected["cases_complete_flag_0"] = (1, "not reproduced, see below")
    assert told == expected
    assert sum(lines for lines, _ in told.values()) == 695
    assert "694 of its 695 lines" in PAGE


def test_the_query_of_the_page_counts_every_decision(published: duckdb.DuckDBPyConnection) -> None:
    (query,) = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    counted: Counter[tuple[str, str]] = Counter()
    for year, kind, state, count in published.execute(query).fetchall():
        if kind not in ("closing", "withdrawal"):
            counted[str(year), state] += count
    assert counted == {cell: n for cell, n in reference()["published_decisions_by_member_state"].items() if n}


def test_the_second_engine_counts_the_same_at_every_refresh(published: duckdb.DuckDBPyConnection) -> None:
    found = published.execute("select cells > 1000, figures, not_recounted, error from quality.recounts").fetchall()
    assert found and set(found) == {(True, 0, None, None)}


def test_the_scope_of_the_profile_is_said_in_both_languages(reader):
    told = {name: reader.ask(name)[0] for name in ("filed", "filed.without_resumed")}
    assert told["filed"].scope.startswith("cases with a decision since 2002-01-01")
    assert {name: one.scope_zh for name, one in told.items()} == {
        "filed": "2002年1月1日起作出过决定的案件，以首个决定为新收",
        "filed.without_resumed": "2002年1月1日起作出过决定的案件，以首个决定为新收；新收（不含执恢）",
    }
