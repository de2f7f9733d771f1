"""What was known earlier: the model made again in memory from the history that a published file holds.

Belongs here: the model as of a refresh, and the states of single cases between two refreshes. Does not belong here: what is
made of them (warehouse.audit).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from warehouse.catalogue.query import Query
from warehouse.catalogue.table import Table
from warehouse.store.base import Row
from warehouse.store.duck import DuckStore

SOURCE = "published_file.model"
HISTORIES = (
    "case_history",
    "registration_history",
    "correction_history",
    "clock_event_history",
    "enforcement_result_history",
)
"""The tables of the model that are only ever added to, each row with the refresh that learned it."""
MARK = "\x1f"
"""Stands in the key of a state between the key itself, the step, and whether it is after it."""


@dataclass(frozen=True)
class Making:
    """How the tables of the model are made: rows of lists by table, queries in their order, what they may ask for."""

    lists: Mapping[str, tuple[Table, Sequence[Row]]]
    queries: Mapping[str, Query]
    parameters: Mapping[str, Any] = field(default_factory=dict)


def model_as_of(published: duckdb.DuckDBPyConnection, refresh_no: int, making: Making) -> duckdb.DuckDBPyConnection:
    """A connection whose `model` is as it was known at an earlier refresh: history up to then, the rest made again.

    The published file itself is only read.
    """
    connection = _beside(published)
    held = _tables_of(connection)
    _copy_deliveries(connection, refresh_no)
    for name in held.intersection(HISTORIES):
        connection.execute(
            f"create table model.{name} as select * from {SOURCE}.{name} where known_from <= $n", {"n": refresh_no}
        )
    _make(connection, making)
    return connection


def model_between(
    published: duckdb.DuckDBPyConnection,
    first: int,
    last: int,
    steps: Sequence[tuple[int, int, int]],
    touched: Query,
    linked: Query,
    states: Mapping[str, Query],
    making: Making,
) -> duckdb.DuckDBPyConnection:
    """A connection whose `model` holds the cases that changed between two refreshes, in each state of knowledge.

    `steps` are (step, refresh, delivery), from 1 on. A state is what was known of one case before or after one step; its
    key is the case's key, `MARK`, the step, `MARK`, 0 or 1. Queries see states as cases that have nothing to do with each
    other, so that all of them are made, and counted, in one go. `knowledge.scope` holds the keys of each step; `states` are
    the queries that give each table of history in states.
    """  # fmt: skip
    connection = _beside(published)
    held = _tables_of(connection)
    _copy_deliveries(connection, last)
    connection.execute("create schema knowledge")
    connection.execute("create table knowledge.steps (step bigint, refresh_no bigint, delivery_no bigint)")
    if steps:
        connection.execute("insert into knowledge.steps select unnest($a), unnest($b), unnest($c)",
                           dict(zip("abc", map(list, zip(*steps, strict=True)), strict=True)))  # fmt: skip
    span = {"first_refresh": first, "last_refresh": last}
    connection.execute(f"create table knowledge.scope as\n{touched.text}", touched.bind(span))
    while connection.execute(f"insert into knowledge.scope\n{linked.text}").fetchall() != [(0,)]:
        pass
    connection.execute("create table knowledge.sides as select unnest([0, 1]) as side")
    for name in states.keys() & held:
        query = states[name]
        connection.execute(f"create table model.{name} as\n{query.text}", query.bind({"mark": MARK, **span}))
    _make(connection, making)
    return connection


def _beside(published: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """An empty `model` in memory, with the published file attached."""
    path = published.execute("select path from duckdb_databases() where not internal and path is not null").fetchall()[0][0]
    connection = duckdb.connect(config={"threads": 2})
    quoted = str(path).replace("'", "''")
    connection.execute(f"attach '{quoted}' as published_file (read_only)")
    connection.execute("create schema model")
    return connection


def _tables_of(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The tables of the file's model: one of an earlier day may lack some."""
    found = connection.execute("select table_name from duckdb_tables() where database_name = 'published_file' "
                               "and schema_name = 'model'").fetchall()  # fmt: skip
    return {name for (name,) in found}


def _copy_deliveries(connection: duckdb.DuckDBPyConnection, refresh_no: int) -> None:
    connection.execute(f"create table model.deliveries as select * from {SOURCE}.deliveries where taken_in <= $n",
                       {"n": refresh_no})  # fmt: skip


def _make(connection: duckdb.DuckDBPyConnection, making: Making) -> None:
    for name, (table, rows) in making.lists.items():
        DuckStore(connection).load(name, table, rows)
    for name, query in making.queries.items():
        schema, bare = name.split(".")
        connection.execute(f"create table {schema}.{bare} as\n{query.text}", query.bind(making.parameters))
