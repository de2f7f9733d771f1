"""Random histories of cases, applications and published totals: after each refresh, history says what was delivered.

Deliveries of one kind (snapshots, or deltas) come in any order, several in one refresh, with rows that were set aside. What is
expected is told here by plain Python: every delivery in the order of its extract, one key after another.
`CASELOAD_HISTORIES` gives the number of histories of each kind (15 by default).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as generated
from hypothesis import strategies as st

RUNS = int(os.environ.get("CASELOAD_HISTORIES", "15"))
KEYS = {"cases": "case_key", "registrations": "application_key", "totals": "total_key"}
CONTENT = {"cases": "procedure", "registrations": "channel", "totals": "note"}
HISTORY = {"cases": "model.case_history", "registrations": "model.registration_history", "totals": "model.total_history"}
ABSENT = "(absent)"


@dataclass(frozen=True)
class Sent:
    """A delivery: its day, its order among those of one day, the refresh that takes it, and its rows."""

    day: int
    rank: int
    refresh: int
    rows: dict[str, tuple[str, bool]]
    """By key: the content, and whether a rule sets the row aside."""


ROWS = st.dictionaries(
    st.sampled_from("abc"), st.tuples(st.sampled_from("xy"), st.sampled_from([False, False, True])), max_size=3
)
SENT = st.builds(Sent, st.integers(0, 4), st.integers(0, 1), st.integers(1, 5), ROWS)


def told(sent: list[tuple[int, Sent]], kind: str) -> dict[str, list[tuple[int, str]]]:
    """By key: the delivery that first said something else, and what it said, in the order of the extracts."""
    said: dict[str, list[tuple[int, str]]] = {}
    for number, one in sorted(sent, key=lambda item: (item[1].day, item[1].rank, item[0])):
        for key in sorted(one.rows.keys() | (said.keys() if kind == "snapshot" else set())):
            content, is_aside = one.rows.get(key, (ABSENT, False))
            if is_aside:
                continue  # it was there, but what it said does not count
            before = said.setdefault(key, [])
            if not before or before[-1][1] != content:
                before.append((number, content))
    return said


def stored(dock, feeds: str, refresh: int) -> dict[str, list[tuple[int, str]]]:
    """The same, read from history as it was known at a refresh."""
    rows = dock.bench.store.connection.execute(f"""
        select history.{KEYS[feeds]}, history.delivery_no,
            case when history.presence = 'absent' then '{ABSENT}' else history.{CONTENT[feeds]} end
        from {HISTORY[feeds]} as history inner join model.deliveries using (delivery_no)
        where history.known_from <= {refresh} and deliveries.feeds = '{feeds}' order by 1, deliveries.world_rank
    """).fetchall()
    assert len({row[:2] for row in rows}) == len(rows), "a key stands twice in one delivery"
    found = {}
    for key, versions in groupby(rows, key=lambda row: row[0]):
        runs = [next(same) for _, same in groupby(versions, key=lambda row: row[2])]
        found[key] = [(number, content) for _, number, content in runs]
    return found


@pytest.fixture(scope="module")
def emptied(new_dock):
    """`emptied()`: an empty dock, the same each time: to make one takes longer than a history."""
    docks = []

    def give():
        dock = docks[0] if docks else new_dock()
        docks[:] = [dock]
        tables = ["quality.set_aside", *HISTORY.values(), *(f"staged.{feeds}" for feeds in KEYS)]
        for table in tables:
            dock.bench.store.ensure(table, dock.bench.catalogue.tables[table])
            dock.bench.store.connection.execute(f"delete from {table}")
        type(dock).__init__(dock, dock.bench)
        return dock

    return give


def take(dock, sent: list[Sent], feeds: str, kind: str) -> None:
    """The deliveries, refresh by refresh; after each one all that was known then and before is asked."""
    taken: list[tuple[int, Sent]] = []
    for refresh, group in groupby(sorted(sent, key=lambda one: one.refresh), key=lambda one: one.refresh):
        for one in group:
            head = f"{KEYS[feeds]} | {CONTENT[feeds]} {'| row_key' if feeds == 'totals' else ''}\n"
            drawing = head + "\n".join(
                f"{k} | {c} | {k}" if feeds == "totals" else f"{k} | {c}" for k, (c, _) in one.rows.items()
            )
            aside = tuple(key for key, (_, is_aside) in one.rows.items() if is_aside)
            day = str(date(2016, 1, 31) + timedelta(days=one.day))
            number = dock.deliver(day, drawing, feeds=feeds, kind=kind, rank=one.rank, aside=aside)
            taken.append((number, one))
        dock.refresh(only=feeds)
        expected = told(taken, kind)
        assert stored(dock, feeds, dock.bench.work.number) == expected, (refresh, taken)
    if feeds == "totals":
        shown = dock.bench.store.connection.execute("select total_key, note from published.totals").fetchall()
        assert dict(shown) == {key: runs[-1][1] for key, runs in expected.items() if runs[-1][1] != ABSENT}


@pytest.mark.parametrize("kind", ["snapshot", "delta"])
@pytest.mark.parametrize("feeds", KEYS)
def test_history_says_what_was_delivered_whatever_came_first(emptied, feeds, kind):
    @settings(max_examples=RUNS, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @generated(st.lists(SENT, min_size=1, max_size=6))
    def hold(sent):
        take(emptied(), sent, feeds, kind)

    hold()
