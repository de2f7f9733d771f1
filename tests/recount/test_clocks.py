"""The second engine's clocks beside the slow ones (tests/model/slow_clocks.py), which read docs/clocks.md day by day.

The same random cases are drawn as for the SQL. `CASELOAD_CLOCKS` gives their number (500 by default; the SQL is held to 2,000 others).
"""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import date, timedelta
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest

from tests.model.random_clocks import COUNTING_DAY, draw_cases
from tests.model.slow_clocks import DAY, days_of, is_working, notices, spans_of, spell_of
from warehouse.recount.calendar_days import WorkingDays, add
from warehouse.recount.clocks import Reckoning, events_of
from warehouse.recount.docket import Docket
from warehouse.recount.flows import Spells
from warehouse.recount.limits import stopped_days
from warehouse.recount.registrations import decisions_of
from warehouse.recount.tally import EPOCH, NEVER, number_of
from warehouse.refresh.agreement import lists_of

CASES = int(os.environ.get("CASELOAD_CLOCKS", "500"))
SEED = int(os.environ.get("CASELOAD_CLOCKS_SEED", "20160316"))
Row = dict[str, Any]


def frame_of(rows: list[Row], table: Any) -> pl.DataFrame:
    """Rows with the columns and types of a staged table."""
    kinds = {"DATE": pl.Date, "VARCHAR": pl.String, "BOOLEAN": pl.Boolean, "INTEGER": pl.Int32, "BIGINT": pl.Int64}
    schema = {name: kinds.get(spec.type, pl.Decimal(18, 2)) for name, spec in table.columns.items()}
    sound = {"delivery_no": 1, "is_duplicate": False}
    numbered = [sound | row | {"record": at} for at, row in enumerate(rows, 1)]
    return pl.DataFrame([tuple(row.get(name) for name in schema) for row in numbered], schema=schema, orient="row")


@pytest.fixture(scope="module")
def reckoned(bench_of_lists: Any) -> tuple[list[tuple[Row, list[Row]]], Any, Any]:
    """Each spell with its events, and the second engine's spans of all of them."""
    lists, tables = bench_of_lists
    cases, spells, events = draw_cases(Random(SEED), CASES)
    of = {case["case_key"]: case for case in cases}
    drawn = [of[spell["case_key"]] | spell for spell in spells]
    received = [{"application_key": s["case_key"], **s} for s in spells if s["opened_as"] == "filed" and s["received_on"]]
    feeds = {
        "clock_events": events,
        "registrations": [
            {k: v for k, v in row.items() if k in ("application_key", "case_key", "received_on")} for row in received
        ],
    }
    deliveries = pl.DataFrame(
        [(1, name, False, COUNTING_DAY, 0, 0, "") for name in feeds],
        schema={"delivery_no": pl.Int64, "feeds": pl.String, "is_snapshot": pl.Boolean, "extract_on": pl.Date, "rank": pl.Int64,
                "resent": pl.Int64, "sha256": pl.String}, orient="row",
    )  # fmt: skip
    docket = Docket(
        rows={name: frame_of(rows, tables[f"staged.{name}"]).lazy() for name, rows in feeds.items()},
        deliveries=deliveries,
        set_aside=pl.DataFrame(schema={"delivery_no": pl.Int64, "record": pl.Int64, "key": pl.String}),
        lists=lists, data_from=date(2012, 1, 1), counting_day=COUNTING_DAY, calendars={"cal_month": 31},
    )  # fmt: skip
    columns = ("case_key", "type_code", "family", "counts_as", "procedure", "opened_on", "closed_on", "is_private_prosecution")
    schema = {name: pl.String for name in columns} | {
        "opened_on": pl.Date,
        "closed_on": pl.Date,
        "is_private_prosecution": pl.Boolean,
    }
    frame = pl.DataFrame([tuple(row.get(name) for name in columns) for row in drawn], schema=schema, orient="row")
    empty = ("court_code", "bench_code", "judge_code", "closing_manner", "effect")
    frame = frame.with_columns(
        *(pl.lit(None, dtype=pl.String).alias(name) for name in empty),
        is_reopening=pl.Series([row["opened_as"] == "reopened" for row in drawn]),
    )
    counted = Spells(frame)
    reckoning = Reckoning(docket, counted, events_of(docket, counted), decisions_of(docket))
    by_case = defaultdict(list)
    for event in events:
        by_case[event["case_key"]].append(event)
    return [(row, by_case[row["case_key"]]) for row in drawn], reckoning, reckoning.spans()


@pytest.fixture(scope="module")
def bench_of_lists(new_bench: Any) -> Any:
    """The lists of the court, and the contracts of its tables."""
    bench = new_bench()
    yield lists_of(bench.work), bench.catalogue.tables
    bench.store.abandon()


def day(number: int) -> date | None:
    """The day of a number."""
    return None if number >= NEVER else EPOCH + timedelta(int(number))


def test_random_cases_have_the_spans_and_due_dates_of_the_slow_reading(reckoned):
    drawn, _, spans = reckoned
    made: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for at in np.lexsort((spans.governs_from, spans.of)):
        days = (spans.governs_from, spans.governs_until, spans.base_due, spans.lawful_due)
        made[int(spans.of[at])].append((*(day(values[at]) for values in days), bool(spans.is_last[at])))
    names = ("governs_from", "governs_until", "base_due_on", "lawful_due_on", "is_last")
    dues = 0
    for at, (case, events) in enumerate(drawn):
        slow = [tuple(row[name] for name in names) for row in spans_of(case, events, COUNTING_DAY)]
        told = "\n".join(str(event) for event in sorted(events, key=lambda event: event["event_key"]))
        assert made[at] == slow, f"seed {SEED}: {case}\n{told}"
        dues += sum(row[3] is not None for row in slow)
    assert dues > len(drawn)


def test_days_stopped_are_those_of_the_slow_reading(reckoned):
    drawn, reckoning, _ = reckoned
    stopped = stopped_days(reckoning)
    for at, (case, events) in enumerate(drawn):
        spell = spell_of(case, events, COUNTING_DAY)
        runs_from_notice = bool(reckoning.is_by_notice[at])
        days: set[date] = set()
        for event in spell.events:
            if event["kind"] in ("deduction", "suspension") and not (runs_from_notice and event in notices(spell)):
                days |= days_of(event, spell.opened_on + DAY, spell.until)
        assert stopped[at] == len(days), (case, events)


@pytest.mark.parametrize(("day", "months", "then"), [
    ("2016-08-31", 6, "2017-02-28"), ("2015-08-31", 6, "2016-02-29"), ("2016-01-31", 1, "2016-02-29"), ("2016-12-15", 1, "2017-01-15"),
    ("2016-03-31", 0, "2016-03-31"), ("2012-02-29", 12, "2013-02-28"),
])  # fmt: skip
def test_months_are_added_to_the_same_day_or_the_last(day, months, then):
    assert add(np.array([number_of(date.fromisoformat(day))]), months).tolist() == [number_of(date.fromisoformat(then))]


def test_working_days_are_those_of_the_list(bench_of_lists):
    lists, _ = bench_of_lists
    first, last = date(2011, 12, 20), date(2018, 1, 10)
    numbers = np.arange(number_of(first), number_of(last))
    working = WorkingDays(lists.holidays, numbers).are(numbers)
    assert working.tolist() == [is_working(EPOCH + timedelta(int(number))) for number in numbers]
