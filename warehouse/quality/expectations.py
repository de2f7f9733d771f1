"""Great Expectations on our own, writable DuckDB connection.

Here: the import of the library, the connection it is given, one pass over each table. Not here: which rules there are,
what a broken one withholds, and the keys of the rows that break it. Figures marked (measured) were taken with Great
Expectations 1.24.1, duckdb-engine 0.17, SQLAlchemy 2.1, DuckDB 2.0 and Python 3.11 on 2 cores.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import logging
import re
import sys
import threading
import types
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from typing import Any

import duckdb

_UNUSED = ("altair", "scipy.stats")
_MARK = re.compile(r"/\*rule (\d+) .*? rule\*/", re.DOTALL)
_loading = threading.Lock()


@dataclass(frozen=True)
class Expected:
    """A rule on a table: a query for the rows that break it, or an expectation of the library and its arguments."""

    rule_id: str
    table: str
    sql: str | None
    expectation: str | None
    arguments: Mapping[str, object]


@dataclass(frozen=True)
class Outcome:
    """What became of a rule: `unexpected` counts every row that breaks it; `error` says why it could not be run.

    A rule on the table as a whole (its number of rows, a maximum) names no rows: broken, it has `unexpected` 1. `found` are
    the rows that the query of a broken rule gave: asked for once, since to find them takes as long as to count them.
    """

    rule_id: str
    success: bool
    rows_looked_at: int
    unexpected: int
    error: str | None
    found: tuple[tuple[Any, ...], ...] = field(default=(), compare=False, repr=False)


class _Later(types.ModuleType):
    """Stands in for a module during an import; its first use imports the real one.

    Not importlib.util.LazyLoader: in Python 3.11.7 a second thread can see its module half loaded (gh-114763).
    """

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            sys.modules.pop(self.__name__, None)
        return getattr(importlib.import_module(self.__name__), name)


@contextmanager
def _lightly() -> Iterator[None]:
    """Leave out of an import what only charts and tests of distributions use, and leave warnings as they were.

    CPU time of the import (measured): 2.4 s, without scipy.stats 1.6 s, also without altair 1.4 s; with no bytecode on
    disk 5.6, 4.0 and 3.5 s. Without garbage collection 0.1 s less: left on. The library
    calls `logging.captureWarnings(True)`, which takes the warnings of the whole process into the log: undone.
    """
    stand_ins = {name: _Later(name) for name in _UNUSED if name not in sys.modules}
    shows_warnings = warnings.showwarning
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name in [name for name, stand_in in stand_ins.items() if sys.modules.get(name) is stand_in]:
            del sys.modules[name]
        if warnings.showwarning is not shows_warnings:
            logging.captureWarnings(False)


def load() -> None:
    """Import the library, once; called where the first rule is asked. A second thread waits."""
    with _loading:
        _counting_expectation()


@cache
def _counting_expectation() -> str:
    """Declare UnexpectedRowsExpectation without its sample: the original runs a query again for up to 200 rows."""
    with _lightly():
        logging.getLogger("great_expectations").setLevel(logging.CRITICAL + 1)
        from great_expectations.expectations.core import UnexpectedRowsExpectation

        _register_dialect()

    class UnexpectedRowCount(UnexpectedRowsExpectation):  # type: ignore[misc]
        """Holds where the query returns no row."""

        metric_dependencies = ("unexpected_rows_query.row_count",)

        def _validate(self, metrics: dict[str, Any], *_: object, **__: object) -> dict[str, Any]:
            count = metrics["unexpected_rows_query.row_count"]
            return {"success": count == 0, "result": {"unexpected_count": count}}

    return str(UnexpectedRowCount.expectation_type)


def _register_dialect() -> None:
    """Make `caseload://` duckdb-engine's dialect with columns read by a plain query.

    Its own reflection fails on DuckDB 2.0 ("pg_catalog.pg_collation not found", measured), and a statement that fails
    aborts a transaction of the caller. Its hook in SQLAlchemy's `TryCast` would keep DuckDB past the end of the process
    beside Great Expectations, and DuckDB then writes some 40 lines on leaks to stderr (measured): it goes first.
    """
    import duckdb_engine
    import sqlalchemy
    from duckdb_engine.datatypes import ISCHEMA_NAMES

    class Live(duckdb_engine.Dialect):  # type: ignore[misc]
        """DuckDB on a connection that is open already."""

        supports_statement_cache = False

        def get_columns(self, connection: Any, table_name: str, schema: str | None = None, **_: object) -> list[Any]:
            table = self.identifier_preparer.format_table(sqlalchemy.table(table_name, schema=schema))
            columns = [row[:2] for row in connection.exec_driver_sql(f"describe {table}")]
            kinds = {kind: ISCHEMA_NAMES.get(kind.partition("(")[0].lower()) for _, kind in columns}
            return [{"name": name, "type": (kinds[kind] or sqlalchemy.types.NullType)()} for name, kind in columns]

        def get_pk_constraint(self, *_: object, **__: object) -> dict[str, Any]:
            return {"constrained_columns": [], "name": None}

    sqlalchemy.dialects.registry.impls["caseload"] = lambda: Live
    atexit.register(vars(sqlalchemy.TryCast)["_compiler_dispatcher"].specs.pop, "duckdb", None)


class _Live:
    """The caller's connection as the library sees it: it can ask, but not begin, commit, roll back or close.

    Our queries pass the library and SQLAlchemy as a mark, which is exchanged for their text only here: `{…}`, `:name`
    and `%` would mean something on that way, and `$parameters` are bound, never written into the text.
    """

    notices: Sequence[str] = ()  # read by the psycopg2 dialect, from which duckdb-engine's derives

    def __init__(self, connection: duckdb.DuckDBPyConnection, parameters: Mapping[str, object]) -> None:
        self.connection = connection
        self._parameters = parameters
        self._queries: list[tuple[str, dict[str, object]]] = []
        self._answers: dict[tuple[str, str], tuple[Any, list[Any]] | duckdb.Error] = {}

    def mark(self, sql: str) -> str:
        """Keep a query with the parameters it names (one more is an error in DuckDB) and return its mark.

        Raises ValueError or duckdb.Error. Parsing alone does not abort a transaction, executing bad text does.
        """
        statements = self.connection.extract_statements(sql)
        if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
            raise ValueError(f"[{sql.strip()[:80]}] is not one query. Give one select.")
        names = sorted(statements[0].named_parameters)
        if missing := [name for name in names if name not in self._parameters]:
            raise ValueError(f"The query names [${', $'.join(missing)}], which was not passed. Pass it or mend the rule.")
        self._queries.append((sql.strip().rstrip(";"), {name: self._parameters[name] for name in names}))
        return f"/*rule {len(self._queries) - 1} {{batch}} rule*/"  # without {batch} the library prints advice

    def ask(self, statement: str, parameters: Sequence[object] = ()) -> tuple[Any, list[Any]]:
        """Description and rows of a statement, which is run once: asked again, it gives the same rows or error.

        Where one query of eleven fails, the library asks 36 times instead of 13 (measured): it tries three times.
        """
        key = (statement, repr(parameters))
        if key not in self._answers:
            values: Sequence[object] | dict[str, object] = list(parameters)
            try:
                if mark := _MARK.search(statement):
                    number, values = int(mark[1]), []
                    self.connection.execute(f"create or replace temp table {_kept(number)} as {self._queries[number][0]}",
                                            self._queries[number][1])  # fmt: skip
                    statement = statement.replace(mark[0], f"select * from {_kept(number)}")
                done = self.connection.execute(statement, values)
                self._answers[key] = (done.description, done.fetchall())  # half read, it would hold its transaction
            except duckdb.Error as error:
                self._answers[key] = error
        answer = self._answers[key]
        if isinstance(answer, duckdb.Error):
            raise answer.with_traceback(None)
        return answer

    def found(self, mark: str) -> tuple[tuple[Any, ...], ...]:
        """The rows that a query gave when it was asked."""
        found = _MARK.search(mark)
        return tuple(self.connection.execute(f"select * from {_kept(int(found[1]))}").fetchall()) if found else ()

    def forget(self) -> None:
        """Drop what the queries gave."""
        for number in range(len(self._queries)):
            self.connection.execute(f"drop table if exists {_kept(number)}")

    def cursor(self, *_: object, **__: object) -> _Cursor:
        return _Cursor(self)

    def nothing(self) -> None:
        """Stand for begin, commit, rollback and close, which are the caller's."""

    begin = commit = rollback = close = nothing


def _kept(number: int) -> str:
    """The table that holds what a query gave."""
    return f"temp.main.rows_of_rule_{number}"


class _Cursor:
    """One statement on the live connection, and its rows."""

    rowcount = -1
    description: Any = None

    def __init__(self, connection: _Live) -> None:
        self.connection = connection
        self._rows: Iterator[Any] = iter(())

    def execute(self, statement: str, parameters: Sequence[object] | None = None, _: object = None) -> None:
        self.description, rows = self.connection.ask(statement, parameters or ())
        self._rows = iter(rows)

    def fetchone(self) -> Any:
        return next(self._rows, None)

    def fetchmany(self, size: int = 1) -> list[Any]:
        return list(islice(self._rows, size))

    def fetchall(self) -> list[Any]:
        return list(self._rows)

    def close(self) -> None:
        """Nothing is half read."""


def validate(
    connection: duckdb.DuckDBPyConnection, expected: Sequence[Expected], parameters: Mapping[str, object]
) -> list[Outcome]:
    """Run the rules with Great Expectations on the open connection and return an outcome each, in the same order.

    The connection stays open, writable and in its transaction; a result of it that is half read is lost. In a
    transaction of the caller a query that fails aborts it (DuckDB 2.0, measured), and later rules fail for that reason.
    Expectations on regexes and on column types do not work on DuckDB: give a query.
    """
    load()
    import sqlalchemy

    live = _Live(connection, parameters)
    database = sqlalchemy.create_engine("caseload://", creator=lambda: live, poolclass=sqlalchemy.pool.StaticPool)
    outcomes: dict[int, Outcome] = {}
    try:
        for table in dict.fromkeys(rule.table for rule in expected):
            rules = {place: rule for place, rule in enumerate(expected) if rule.table == table}
            outcomes |= _of_table(live, database, table, rules)
    finally:
        with contextlib.suppress(duckdb.Error):  # in a transaction that a rule aborted: they go with the connection
            live.forget()
        del live.connection  # whatever the library still holds of `live`
    return [outcomes[place] for place in range(len(expected))]


def _of_table(live: _Live, database: Any, table: str, rules: Mapping[int, Expected]) -> dict[int, Outcome]:
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    try:
        _, [(rows,)] = live.ask(f"select count(*) from {table}")
    except duckdb.Error as error:
        return {place: Outcome(rule.rule_id, False, 0, 0, str(error)) for place, rule in rules.items()}
    outcomes, configurations, marks = {}, [], {}
    for place, rule in rules.items():
        try:
            kind, arguments = rule.expectation, dict(rule.arguments)
            if rule.sql is not None:
                marks[place] = live.mark(rule.sql)
                kind, arguments = _counting_expectation(), {"unexpected_rows_query": marks[place]}
            configurations.append(ExpectationConfiguration(type=kind, kwargs=arguments, meta={"place": place}))
        except (ValueError, duckdb.Error) as error:
            outcomes[place] = Outcome(rule.rule_id, False, rows, 0, str(error))
    for place, result in _results(_validator(database, table), configurations):
        one = _outcome(rules[place].rule_id, rows, result)
        is_to_be_told = one.unexpected and not one.error and place in marks
        outcomes[place] = replace(one, found=live.found(marks[place])) if is_to_be_told else one
    return outcomes


def _validator(database: Any, table: str) -> Any:
    """The library's validator on a table, without a data context: one stays set for the whole process.

    It would also take 0.03 s, and 0.02 s a table (measured).
    """
    from great_expectations.core.batch import Batch
    from great_expectations.execution_engine import SqlAlchemyExecutionEngine
    from great_expectations.execution_engine.sqlalchemy_batch_data import SqlAlchemyBatchData
    from great_expectations.validator.validator import Validator

    schema, _, name = table.rpartition(".")
    engine = SqlAlchemyExecutionEngine(engine=database, create_temp_table=False)
    data = SqlAlchemyBatchData(engine, schema_name=schema or None, table_name=name, create_temp_table=False)
    validator = Validator(execution_engine=engine, batches=[Batch(data=data)])
    validator.metrics_calculator.show_progress_bars = False
    return validator


def _results(validator: Any, configurations: list[Any]) -> list[tuple[int, Any]]:
    """Results by place, from one pass over the table; where a rule stops the pass as a whole, from a pass for each."""
    try:
        found = validator.graph_validate(configurations, {"result_format": "BASIC"}) if configurations else []
    except Exception as error:  # an unknown expectation or argument: bad use of one rule must not silence the others
        if len(configurations) == 1:
            return [(configurations[0].meta["place"], error)]
        return [pair for configuration in configurations for pair in _results(validator, [configuration])]
    return [(result.expectation_config.meta["place"], result) for result in found]


def _outcome(rule_id: str, rows: int, result: Any) -> Outcome:
    if isinstance(result, Exception):
        return Outcome(rule_id, False, rows, 0, str(result))
    info = result.exception_info or {}
    for cause in [info] if "raised_exception" in info else info.values():
        if cause["raised_exception"]:  # "(_duckdb.BinderException) reason\n[SQL: statement]\n(link)"
            reason = re.sub(r"^\(\S+\) ", "", cause["exception_message"]).partition("\n[SQL:")[0]
            return Outcome(rule_id, False, rows, 0, reason)
    success = bool(result.success)
    unexpected = result.result.get("unexpected_count", not success)  # None where the table has no rows
    return Outcome(rule_id, success, rows, int(unexpected or 0), None)
