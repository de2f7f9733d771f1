"""DuckDB as the store: one file, one writing process, one connection."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.catalogue.query import Query
from warehouse.catalogue.table import Table
from warehouse.store.base import BrokenPromise, Row
from warehouse.store.stream import Stream

if TYPE_CHECKING:
    import polars as pl

SCHEMAS = ("model", "metrics", "published", "quality")
NAME = re.compile(r"[a-z_]+\.[a-z_]+")
MEMORY = "1600MB"
"""Leaves room for Polars and Python below 3 GB in all at two million cases (measured in bench/)."""


class DuckStore:
    """A connection to one DuckDB file. Table names are ours and checked; values are always bound."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self._there: set[str] = set()
        """Tables that are known to be there: every step asks, and asking the file takes a millisecond or two each time."""

    @classmethod
    def open(cls, path: Path, scratch: Path) -> DuckStore:
        """Opens the file for writing, with an in-memory catalogue `staged` for the typed rows of Parquet files."""
        connection = duckdb.connect(
            str(path),
            config={
                "threads": 2,
                "memory_limit": MEMORY,
                "preserve_insertion_order": False,
                "temp_directory": str(scratch),
            },
        )
        for schema in SCHEMAS:
            connection.execute(f"create schema if not exists {schema}")
        connection.execute("attach ':memory:' as staged")
        return cls(connection)

    def close(self) -> None:
        """Writes everything into the file itself, so that no `.wal` is left, and lets go of it."""
        self.connection.execute("detach staged")
        self.connection.execute("checkpoint")
        self.connection.close()

    def abandon(self) -> None:
        """Lets go without caring for what was not written."""
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self.connection.execute("begin")
        try:
            yield
        except BaseException:
            self.connection.execute("rollback")
            raise
        self.connection.execute("commit")

    def rows(self, query: Query, parameters: Mapping[str, Any]) -> list[Row]:
        """What a query gives."""
        return self.connection.execute(query.text, query.bind(parameters)).fetchall()

    def frame(self, query: Query, parameters: Mapping[str, Any]) -> pl.DataFrame:
        """What a query gives, as a table of Polars."""
        return frame_of(self.connection, query, parameters)

    def exists(self, name: str) -> bool:
        """Whether there is such a table."""
        schema, table = _checked(name).split(".")
        found = self.connection.execute(
            "select 1 from information_schema.tables where table_schema = $s and table_name = $t",
            {"s": schema, "t": table},
        ).fetchone()
        return found is not None

    def count(self, name: str) -> int:
        """Its rows."""
        found = self.connection.execute(f"select count(*) from {_checked(name)}").fetchone()
        return int(found[0]) if found else 0

    def make(self, name: str, table: Table, query: Query, parameters: Mapping[str, Any]) -> int:
        """Replaces a table (or a view, where its contract says so) by what the query gives; its rows.

        Raises:
            BrokenPromise: the columns or types differ from the contract's.
        """
        kind = "view" if table.kept == "view" else "table"
        made = f"create or replace {kind} {_checked(name)} as\n{query.text}"
        try:
            with self._joining(table):
                told = self._replacing(name, kind, made, query.bind(parameters))
        except duckdb.CatalogException as error:
            raise BrokenPromise(
                f"{name} cannot be made, a table that it reads is not there ({str(error).splitlines()[0]}). "
                "Materialise what it depends on first"
            ) from error
        self._hold_to(name, table)
        if kind == "view":
            return self.count(name)
        self._there.add(name)
        return _told_of(told)

    def _replacing(self, name: str, kind: str, made: str, values: Mapping[str, Any]) -> Row | None:
        """Runs the statement; what stands there as the other kind is taken away: the bundle of another day made it so."""
        try:
            return self.connection.execute(made, values).fetchone()
        except duckdb.CatalogException:
            # Only now, for asking the catalogue first costs 5 ms a table.
            schema, table = name.split(".")
            found = self.connection.execute(
                "select table_type from information_schema.tables where table_schema = $s and table_name = $t",
                {"s": schema, "t": table},
            ).fetchone()
            if found is None or (found[0] == "VIEW") == (kind == "view"):
                raise
            self.connection.execute(f"drop {'table' if kind == 'view' else 'view'} {name}")
            return self.connection.execute(made, values).fetchone()

    @contextmanager
    def _joining(self, table: Table) -> Iterator[None]:
        """Keeps joins as they are written, where the contract says so.

        A left join to a small table is estimated to give as few rows as that: beside ten events DuckDB takes 5 million
        spells for two, builds its hash tables on them, and runs out of memory (measured).
        """
        if table.joins == "as_estimated":
            yield
            return
        self.connection.execute("set disabled_optimizers = 'build_side_probe_side'")
        try:
            yield
        finally:
            self.connection.execute("set disabled_optimizers = ''")

    def add(self, name: str, table: Table, query: Query, parameters: Mapping[str, Any]) -> int:
        """Appends what the query gives; how many rows that were. The table is created where it is missing."""
        self.ensure(name, table)
        listed = ", ".join(table.columns)
        insert = f"insert into {_checked(name)} by name\nselect {listed} from (\n{query.text}\n)"
        return _told_of(self.connection.execute(insert, query.bind(parameters)).fetchone())

    def ensure(self, name: str, table: Table) -> None:
        """Creates what is missing of a table by its contract: all of it, or columns that came to it, null in the rows there.

        What the contract of another day knew beside these stays, and is null in new rows.
        """
        if name in self._there:
            return
        columns = ", ".join(f'"{column}" {spec.type}' for column, spec in table.columns.items())
        self.connection.execute(f"create table if not exists {_checked(name)} ({columns})")
        described = {row[0] for row in self.connection.execute(f"describe {_checked(name)}").fetchall()}
        for column, spec in table.columns.items():
            if column not in described:
                self.connection.execute(f'alter table {_checked(name)} add column "{column}" {spec.type}')
        self._there.add(name)

    def drop(self, name: str) -> None:
        """Takes a table away, where there is one."""
        self._there.discard(name)
        self.connection.execute(f"drop table if exists {_checked(name)}")

    def load(self, name: str, table: Table, rows: Sequence[Row]) -> int:
        """Replaces a table by rows made elsewhere, in the order of the contract's columns."""
        self.drop(name)
        return self.append(name, table, rows)

    def append(self, name: str, table: Table, rows: Sequence[Row]) -> int:
        """Appends rows made elsewhere, in the order of the contract's columns."""
        self.ensure(name, table)
        if rows:
            # One list a column: a statement a row would cost 0.2 ms each.
            values = {f"c{i}": list(column) for i, column in enumerate(zip(*rows, strict=True))}
            types = [spec.type for spec in table.columns.values()]
            named = ", ".join(f'"{column}"' for column in table.columns)
            listed = ", ".join(f"unnest(cast($c{i} as {kind}[]))" for i, kind in enumerate(types))
            self.connection.execute(f"insert into {_checked(name)} ({named}) select {listed}", values)
        return len(rows)

    def remove(self, name: str, table: Table, column: str, values: Sequence[str]) -> None:
        """Takes away the rows whose column has one of the values; the table is created where it is missing."""
        self.ensure(name, table)
        if column not in table.columns:
            raise ValueError(f"[{column}] is no column of {name}")
        self.connection.execute(
            f"delete from {_checked(name)} where list_contains($values, {column})", {"values": list(values)}
        )

    def show_files(self, name: str, table: Table, files: Sequence[Path], only_first: bool = False) -> None:
        """Shows Parquet files as `staged.<table>` for as long as the store is open; an empty table where there are none.

        `only_first` leaves duplicates out.
        """
        schema, bare = _checked(name).split(".")
        target = f"{schema}.main.{bare}"
        if files:
            listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
            columns = ", ".join(table.columns)
            where = " where not is_duplicate" if only_first else ""
            self.connection.execute(f"create or replace view {target} as select {columns} from read_parquet([{listed}]){where}")
        else:
            empty = ", ".join(f"cast(null as {spec.type}) as {column}" for column, spec in table.columns.items())
            self.connection.execute(f"create or replace view {target} as select {empty} where false")

    def _hold_to(self, name: str, table: Table) -> None:
        described = self.connection.execute(f"describe {name}").fetchall()
        found = {row[0]: row[1] for row in described}
        promised = {column: spec.type for column, spec in table.columns.items()}
        if found != promised:
            odd = sorted(set(found.items()) ^ set(promised.items()))
            raise BrokenPromise(
                f"{name} came out other than its contract says, at {odd}. Mend warehouse/tables/{name.replace('.', '/')}.yml "
                f"or sql/{name.replace('.', '/')}.sql"
            )


def frame_of(connection: duckdb.DuckDBPyConnection, query: Query, parameters: Mapping[str, Any]) -> pl.DataFrame:
    """What a query gives, as a table of Polars: by Arrow, since lists of rows would take ten times as long."""
    import polars as pl  # readers of published figures need none of it

    connection.complete()  # a statement whose result nobody read to its end would refuse the next
    found = connection.sql(query.text, params=query.bind(parameters))
    return pl.DataFrame(Stream(found.__arrow_c_stream__()))


def named_rows(cursor: Any) -> list[dict[str, Any]]:
    """What a query gave, each row by the names of its columns."""
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _told_of(row: Row | None) -> int:
    """The number of rows that DuckDB says a statement wrote."""
    return int(row[0]) if row else 0


def _checked(name: str) -> str:
    """The name, if it is one of ours: a table name cannot be bound, so it must not be able to carry anything else."""
    if not NAME.fullmatch(name):
        raise ValueError(f"[{name}] is no table name of ours")
    return name


def open_read_only(path: Path) -> duckdb.DuckDBPyConnection:
    """A reading connection to a published file; it may not load or fetch anything from outside.

    One thread answers in 0.2 s and leaves the other core to a refresh that may be at work.
    """
    return duckdb.connect(
        str(path), read_only=True, config={"threads": 1, "memory_limit": "1GB", "autoinstall_known_extensions": False}
    )


def lay_beside(connection: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """A table of that connection alone, beside a file that is only read: `seq` counts, all other columns are text.

    Raises:
        ValueError: a name is none of ours: it could carry anything.
    """
    if odd := [word for word in (name, *columns) if not word.isidentifier()]:
        raise ValueError(f"[{odd[0]}] is no name of ours")
    typed = ", ".join(f"{column} {'bigint' if column == 'seq' else 'varchar'}" for column in columns)
    connection.execute(f"create or replace temp table {name} ({typed})")
    if rows:
        places = ", ".join("?" for _ in columns)
        connection.executemany(f"insert into {name} values ({places})", [list(row) for row in rows])


def read_rows(path: Path, sql: str) -> list[Row] | None:
    """What a query gives on a file of which nobody knows whether it is whole; None where DuckDB cannot read it."""
    try:
        connection = open_read_only(path)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()
    except (duckdb.Error, UnicodeDecodeError):
        return None


def compare_files(standing: Path, replayed: Path, query: Query, table: str | None = None) -> tuple[str, ...]:
    """What a query over the catalogues `standing` and `replayed` finds in two warehouse files, a line each.

    Nothing where one of them lacks `table`: the file of an earlier day, whose bundle knew no such table.
    """
    connection = duckdb.connect()
    try:
        for name, path in (("standing", standing), ("replayed", replayed)):
            quoted = str(path).replace("'", "''")
            connection.execute(f"attach '{quoted}' as {name} (read_only)")
        held = "select count(*) from information_schema.tables where table_schema || '.' || table_name = $table"
        if table is not None and connection.execute(held, {"table": table}).fetchall() != [(2,)]:
            return ()
        found = connection.execute(query.text).fetchall()
        return tuple(" ".join(str(value) for value in row if value is not None) for row in found)
    finally:
        connection.close()
