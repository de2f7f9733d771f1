"""Random cases with random events: the queries and the slow clocks (slow_clocks.py) say the same in every column.

`CASELOAD_CLOCKS` gives the number of cases (2,000 by default; 10,000 take about a minute), `CASELOAD_CLOCKS_SEED` the seed.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from tests.model.random_clocks import COUNTING_DAY, draw_cases
from tests.model.slow_clocks import is_overdue, spans_of

CASES = int(os.environ.get("CASELOAD_CLOCKS", "2000"))
SEED = int(os.environ.get("CASELOAD_CLOCKS_SEED", "20160315"))

Row = dict[str, Any]


def load(bench: Any, cases: list[Row], spells: list[Row], events: list[Row]) -> None:
    """Puts them into the tables that the clocks read, all at once; drawings of so many rows would take longer than the clocks."""
    received = [{"application_key": s["case_key"], **s} for s in spells if s["opened_as"] == "filed" and s["received_on"]]
    for case in cases:
        case |= {"is_counted": True, "court_code": "浙0683"}
    rows = {"model.cases": cases, "model.case_spells": spells, "model.clock_events": events,
            "model.registration_decisions": received}  # fmt: skip
    for name, those in rows.items():
        table = bench.catalogue.tables[name]
        bench.store.append(name, table, [tuple(row.get(column) for column in table.columns) for row in those])
        bench.drawn.add(name)


@pytest.fixture(scope="module")
def told(new_bench: Any) -> Iterator[tuple[Any, list[tuple[Row, list[Row], list[Row]]]]]:
    """The bench with the clocks of random cases, and each spell with its events and its slow spans."""
    bench = new_bench()
    cases, spells, events = draw_cases(Random(SEED), CASES)
    load(bench, cases, spells, events)
    bench.reckon(str(COUNTING_DAY), "2012-01-01")
    by_case = defaultdict(list)
    for event in events:
        by_case[event["case_key"]].append(event)
    of = {case["case_key"]: case for case in cases}
    whole = [(of[spell["case_key"]] | spell, by_case[spell["case_key"]]) for spell in spells]
    yield bench, [(spell, mine, spans_of(spell, mine, COUNTING_DAY)) for spell, mine in whole]
    bench.store.abandon()


def spans_made(bench: Any) -> dict[tuple[str, date], list[Row]]:
    """The rows of model.case_clocks by spell, in the order of their first days."""
    columns = list(bench.catalogue.tables["model.case_clocks"].columns)
    made = defaultdict(list)
    for row in sorted(bench.rows("model.case_clocks", columns), key=lambda row: row["governs_from"]):
        made[row["case_key"], row["opened_on"]].append(row)
    return made


def differences(made: list[Row], slow: list[Row]) -> list[str]:
    """What the spans of one spell say otherwise, span by span."""
    if len(made) != len(slow):
        return [f"{len(made)} spans, the slow clocks have {len(slow)}"]
    pairs = list(zip(made, slow, strict=True))
    return [f"{s['governs_from']} {name}: [{m[name]}], slow [{s[name]}]" for m, s in pairs for name in m if m[name] != s[name]]


def described(spell: Row, events: list[Row], made: list[Row], slow: list[Row]) -> str:
    """A spell, its events, and both readings of it, for a person to reckon after."""
    lines = [" ".join(f"{name}={value}" for name, value in spell.items() if value is not None)]
    for event in sorted(events, key=lambda event: str(event["from_on"] or event["approved_on"])):
        lines.append("  event " + " ".join(f"{name}={value}" for name, value in event.items() if value is not None))
    for title, spans in (("made", made), ("slow", slow)):
        for row in spans:
            lines.append(f"  {title} " + " ".join(f"{name}={value}" for name, value in row.items() if value is not None))
    return "\n".join(lines)


def test_random_cases_have_the_clocks_that_the_slow_reading_gives_them(told):
    bench, spells = told
    made, wrong = spans_made(bench), []
    for spell, events, slow in spells:
        mine = made.pop((spell["case_key"], spell["opened_on"]), [])
        found = differences(mine, slow)
        if found:
            wrong.append((len(events), "\n".join([*found, described(spell, events, mine, slow)])))
    assert not made, f"{len(made)} spells that there are not, as {next(iter(made))}"
    if wrong:
        # The one with the fewest events is the easiest to reckon after.
        pytest.fail(f"{len(wrong)} of {len(spells)} spells differ (seed {SEED}), as\n{min(wrong)[1]}")


def test_random_cases_are_overdue_on_the_days_that_the_slow_reading_says(told):
    bench, spells = told
    made, random, overdue = spans_made(bench), Random(SEED), 0
    for spell, events, slow in spells:
        mine = made[spell["case_key"], spell["opened_on"]]
        days = {
            row[name] + timedelta(off)
            for row in slow
            for name in ("governs_from", "lawful_due_on")
            if row[name]
            for off in (0, 1)
        }
        days |= {spell["opened_on"] + timedelta(random.randrange(400)) for _ in range(3)} | {COUNTING_DAY}
        for day in sorted(days):
            readings = [is_overdue(spell, events, spans, COUNTING_DAY, day) for spans in (mine, slow)]
            assert readings[0] == readings[1], f"{day}: [{readings[0]}]\n{described(spell, events, mine, slow)}"
            overdue += readings[1]
    assert overdue > len(spells) / 10, "hardly a case was ever overdue: the draw hits nothing"


def test_the_random_cases_hit_what_they_are_drawn_for(told):
    _, spells = told
    rows = [row for _, _, slow in spells for row in slow]
    on_the_day = sum(row["closed_on"] is not None and row["closed_on"] == row["lawful_due_on"] for row in rows)
    day_after = sum(row["closed_on"] is not None and row["lawful_due_on"] == row["closed_on"] - timedelta(1) for row in rows)
    hits = {
        "closed on the last day": on_the_day, "closed the day after": day_after,
        "extended": sum(row["extended_months"] > 0 for row in rows), "late": sum(row["late_extensions"] > 0 for row in rows),
        "deducted otherwise": sum(row["deducted_days"] != row["base_deducted_days"] for row in rows),
        "several spans": sum(len(slow) > 2 for _, _, slow in spells),
        "limits": len({(row["limit_id"], row["effective_from"]) for row in rows}) / 47 * len(spells),
    }  # fmt: skip
    assert min(hits.values()) > len(spells) / 200, hits
