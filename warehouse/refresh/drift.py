"""Drift: what this refresh's deliveries look like against those before them. Alarms inform, they withhold nothing.

Belongs here: asking the measures, and handing each series to its chart in the order of deliveries. Does not belong here: the
measures (sql/drift), the limits (warehouse.methods.drift).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.contract import Contract
from warehouse.catalogue.drift import Measure, delivered_fields, read_measures
from warehouse.catalogue.query import read_query
from warehouse.methods.drift import Point, judge
from warehouse.refresh.work import Refreshing
from warehouse.store.base import Row
from warehouse.store.duck import DuckStore

TABLE = "quality.drift"
READ = re.compile(r"\b(?:from|join) (fields|staged\.new_\w+)")
"""The tables of new rows that a measure reads; where none of them was filled it has nothing to say."""
Series = tuple[str, str, str]
"""Source, measure, series."""


@dataclass(frozen=True)
class Value:
    """What one measure says of one delivery in one series; `place` is the order in which deliveries are judged.

    A file whose bytes came before has no place in the world: it is judged first.
    """

    place: int
    delivery_no: int
    source: str
    measure: str
    series: str
    value: float
    n: int


@dataclass(frozen=True)
class Held:
    """A point of a series as it was judged, with the alarm that it belongs to."""

    point: Point
    since: int | None
    order: tuple[int, int] = (0, 0)


History = dict[Series, list[Held]]


def watch(work: Refreshing) -> int:
    """Measures this refresh's deliveries, judges them, keeps both; how many alarms were raised."""
    table = work.catalogue.tables.get(TABLE)
    if table is None:  # the bundle of an earlier day
        return 0
    work.store.ensure(TABLE, table)
    measures = read_measures(work.catalogue.house)
    values = measured(work.store, work.catalogue, measures, work.parameters())
    history = history_of(work.store, work.catalogue, work.parameters())
    rows = judged(measures, values, history, work.number)
    work.store.append(TABLE, table, rows)
    return sum(row[-2] == "alarm" for row in rows)


def measured(
    store: DuckStore, catalogue: Catalogue, measures: Mapping[str, Measure], parameters: Mapping[str, Any]
) -> list[Value]:
    """What the measures say of the deliveries that `$refresh_no` took. Rows without a number say nothing and are left out."""
    came = {source for (source,) in store.rows(read_query(catalogue.house / "sql", "quality/sources_taken"), parameters)}
    contracts = {name: one for name, one in catalogue.profile.contracts.items() if name in came}
    with _fields(store, catalogue, contracts) as has_fields:
        filled = {f"staged.new_{contract.feeds}" for contract in contracts.values()} | ({"fields"} if has_fields else set())
        return _asked(store, catalogue, measures, parameters, filled)


@contextmanager
def _fields(store: DuckStore, catalogue: Catalogue, contracts: Mapping[str, Contract]) -> Iterator[bool]:
    """The bare table `fields` that measures read, made once for all of them, of the sources that were delivered."""
    query = delivered_fields(contracts, catalogue.tables)
    if query is None:
        yield False
        return
    store.connection.execute(f"create or replace temp table fields as\n{query.text}")
    try:
        yield True
    finally:
        store.connection.execute("drop table temp.fields")


def _asked(
    store: DuckStore, catalogue: Catalogue, measures: Mapping[str, Measure], parameters: Mapping[str, Any], filled: Set[str]
) -> list[Value]:
    values = {**parameters, "restricted": _restricted(catalogue)}
    found = []
    for name in measures:
        query = read_query(catalogue.house / "sql", f"drift/{name}")
        # By the text: parsing each costs as much as asking all of them.
        read = set(READ.findall(query.text))
        if read and not read & filled:
            continue
        for place, number, source, series, value, n in store.rows(query, values):
            if value is not None and n:
                found.append(Value(place or 0, number, source, name, series, float(value), int(n)))
    return found


def _restricted(catalogue: Catalogue) -> list[str]:
    """The columns whose codes are not kept one by one."""
    columns = {name: one for table in catalogue.tables.values() for name, one in table.columns.items()}
    contracted = [(name, one) for contract in catalogue.profile.contracts.values() for name, one in contract.columns.items()]
    own = {name for name, one in contracted if one.privacy == "restricted"}
    return sorted(own | {name for name, one in columns.items() if one.privacy == "restricted"})


def history_of(store: DuckStore, catalogue: Catalogue, parameters: Mapping[str, Any]) -> History:
    """The last points of every series that earlier refreshes kept, oldest first."""
    history: History = defaultdict(list)
    for source, measure, series, value, n, verdict, since, refresh_no, place in store.rows(
        read_query(catalogue.house / "sql", "quality/drift_before"), parameters
    ):
        history[source, measure, series].append(Held(Point(value, n, verdict), since, (refresh_no, place)))
    return history


def judged(measures: Mapping[str, Measure], values: Iterable[Value], history: History, refresh_no: int) -> list[Row]:
    """Rows of quality.drift, delivery by delivery in their order; `history` grows by them."""
    by_delivery: dict[tuple[int, int], list[Value]] = defaultdict(list)
    for value in values:
        by_delivery[value.place, value.delivery_no].append(value)
    rows: list[Row] = []
    for _, mine in sorted(by_delivery.items()):
        each = [*mine, *_lacking(measures, mine, history)]
        for value in sorted(each, key=lambda one: (one.measure, one.source, one.series)):
            rows.append(_judged(measures[value.measure], value, history, refresh_no))
    return rows


def _judged(measure: Measure, value: Value, history: History, refresh_no: int) -> Row:
    key = (value.source, value.measure, value.series)
    before = history[key] if key in history else _never_seen(measure, value, history, refresh_no)
    new = Point(value.value, value.n)
    found = judge(
        measure.kind, [held.point for held in before], new,
        needs=measure.needs, limit=measure.limit, floor=measure.floor, one_sided=measure.one_sided, rows=measure.rows,
    )  # fmt: skip
    since = None
    if found.verdict == "alarm":
        since = value.delivery_no
    elif found.verdict in ("standing", "accepted"):
        since = next((held.since for held in reversed(before) if held.since is not None), None)
    point = Point(value.value, value.n, found.verdict)
    history[key] = [*before, Held(point, since, (refresh_no, value.place))]
    return (refresh_no, value.place, value.delivery_no, *key, value.value, value.n, found.centre, found.lower, found.upper,
            found.verdict, since)  # fmt: skip


def _column(series: str) -> str:
    return series.partition("=")[0]


def _lacking(measures: Mapping[str, Measure], mine: Sequence[Value], history: History) -> list[Value]:
    """The codes that a delivery lacks, of the columns that it fills: their share is 0."""
    told = {(one.source, one.measure, one.series) for one in mine}
    filled = {(one.source, one.measure, _column(one.series)): one for one in mine if measures[one.measure].zero_filled}
    lacking = []
    for key, before in history.items():
        source, measure, series = key
        one = filled.get((source, measure, _column(series)))
        if one is not None and key not in told and any(held.point.value for held in before):
            lacking.append(Value(one.place, one.delivery_no, source, measure, series, 0.0, one.n))
    return lacking


def _never_seen(measure: Measure, value: Value, history: History, refresh_no: int) -> list[Held]:
    """Of a code that no delivery had: a share of 0 in each delivery before this one that filled its column."""
    if not measure.zero_filled:
        return []
    others = [before for (source, name, series), before in history.items()
              if (source, name, _column(series)) == (value.source, value.measure, _column(value.series))]  # fmt: skip
    trials = {held.order: held.point.n for before in others for held in before if held.order < (refresh_no, value.place)}
    return [Held(Point(0.0, n), None, order) for order, n in sorted(trials.items())]
