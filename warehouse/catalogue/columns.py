"""Where columns come from, parsed from the queries: what each is made of, what decides which rows there are, back to headers.

Belongs here: the lineage of columns. Does not belong here: that of tables (`Query.tables`), and what a column means (tables).
It takes seconds, as every query is resolved in full, and is asked for by people, never by a refresh.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from warehouse.catalogue.metric import Metric
from warehouse.catalogue.profile import Profile
from warehouse.catalogue.query import PARAMETER, Query, read_query
from warehouse.catalogue.table import Table, read_tables

Column = tuple[str, str]
"""A table and one of its columns: ("model.cases", "closed_on")."""
LAYERS = ("model", "metrics", "published")
CASE_NUMBER = "case_number"
OF_CASE_NUMBER = frozenset(("case_key", "court_code", "number_year", "number_form", "type_characters", "special_code", "serial",
                            "type_code"))  # fmt: skip
"""What staging reads out of a case number."""
STAGED, NEW = "staged.", "new_"
"""`staged.new_cases` are the rows of `staged.cases` that a refresh took."""


@dataclass(frozen=True)
class Lineage:
    """`made_from`: the columns whose values make a column; `decided_by`: those that decide which rows a table has."""

    made_from: Mapping[Column, frozenset[Column]]
    decided_by: Mapping[str, frozenset[Column]]
    tables: Mapping[str, Table] = field(repr=False)

    def behind(self, columns: Iterable[Column]) -> frozenset[Column]:
        """Every column on which these depend: of their values, and of the rows that they stand in."""
        found, waiting = set[Column](), [*columns]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += [*self.made_from.get(one, ()), *self.decided_by.get(one[0], ())]
        return frozenset(found)

    def read_by(self, query: Query) -> frozenset[Column]:
        """The columns of tables that a query reads, for values or to decide on rows."""
        scope = _scope(query.text, _schema(self.tables))
        return frozenset(column for one in scope.traverse() for column in _columns_of_tables(one))

    def headers(self, profile: Profile, columns: Iterable[Column]) -> list[tuple[str, str, str]]:
        """Source, header and staged column of each of these that stands in the files of a profile.

        What staging makes of the case number (key, court, year, type) stands under its header.
        """
        staged = {(table.removeprefix(STAGED), name) for table, name in self.behind(columns) if table.startswith(STAGED)}
        found = []
        for source, contract in profile.contracts.items():
            named = {name for feeds, name in staged if feeds == contract.feeds}
            if named & OF_CASE_NUMBER:
                named.add(CASE_NUMBER)
            found += [(source, one.header, name) for name, one in contract.columns.items() if name in named and one.header]
        return found


@lru_cache(maxsize=2)
def read_lineage(house: Path) -> Lineage:
    """The lineage of the tables below `house`, of all that have a query.

    Raises:
        DefinitionError: a table does not hold together.
    """
    tables = read_tables(house / "warehouse/tables")
    schema = _schema(tables)
    made: dict[Column, frozenset[Column]] = {}
    decided: dict[str, frozenset[Column]] = {}
    for name, table in tables.items():
        path = house / "sql" / f"{name.replace('.', '/')}.sql"
        if name.partition(".")[0] not in LAYERS or not path.is_file():
            continue
        query = read_query(house / "sql", name.replace(".", "/"))
        scope = _scope(query.text, schema)
        known = {one.lower() for one in scope.expression.named_selects}
        for column in table.columns:
            if column in known:  # others are put beside by the step that keeps the table, as the refresh that brought it
                made[name, column] = frozenset(_leaves(column, scope))
        # Conditions that tell new rows from old ones, or hold a correction against the field that it corrects, name every
        # column, and say nothing of any.
        if table.kept != "append" and not any("correction" in one for one in query.tables):
            decided[name] = frozenset(_deciding(scope))
    return Lineage(made, decided, tables)


def columns_of(metric: Metric, lineage: Lineage, sql: Path) -> frozenset[Column]:
    """The columns that the query of a metric reads; of a ratio none, as it is made of other metrics."""
    return lineage.read_by(read_query(sql, metric.members)) if metric.kind != "ratio" else frozenset()


def _schema(tables: Mapping[str, Table]) -> dict[str, dict[str, dict[str, str]]]:
    """Layer, table, column and type, as the parser wants it."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for name, table in tables.items():
        layer, _, short = name.partition(".")
        columns = {column: one.type for column, one in table.columns.items()}
        found.setdefault(layer, {})[short] = columns
        if f"{layer}." == STAGED:
            found[layer][NEW + short] = columns
    return found


def _scope(text: str, schema: Mapping[str, Any]) -> Any:
    """A query with every column under its table, as the parser's tree of scopes."""
    import sqlglot
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import build_scope

    tree = sqlglot.parse_one(PARAMETER.sub(r":given_\1", text), dialect="duckdb")
    whole = qualify(tree, schema=schema, dialect="duckdb", validate_qualify_columns=False, identify=False)
    return build_scope(whole)


def _leaves(column: str, scope: Any) -> Iterator[Column]:
    """The columns of tables that an output column of a scope is made of."""
    from sqlglot import exp
    from sqlglot.lineage import lineage

    for node in lineage(column, scope.expression, schema=None, scope=scope, dialect="duckdb").walk():
        if not node.downstream and isinstance(node.expression, exp.Table) and node.expression.db:
            yield _named(node.expression), node.name.rpartition(".")[2].lower()


def _columns_of_tables(scope: Any) -> Iterator[Column]:
    """The columns that one scope itself reads of tables."""
    from sqlglot import exp

    for column in scope.columns:
        source = scope.sources.get(column.table)
        if isinstance(source, exp.Table) and source.db:
            yield _named(source), column.name.lower()


def _deciding(scope: Any) -> Iterator[Column]:
    """The columns in the conditions of a query and of all that it is built from, down to tables."""
    from sqlglot import exp

    conditions = (exp.Where, exp.Join, exp.Having, exp.Qualify)
    for one in scope.traverse():
        for column in one.columns:
            if column.find_ancestor(*conditions) is None:
                continue
            source = one.sources.get(column.table)
            if isinstance(source, exp.Table):
                if source.db:
                    yield _named(source), column.name.lower()
            elif source is not None and column.name in source.expression.named_selects:
                yield from _leaves(column.name, source)


def _named(table: Any) -> str:
    return f"{table.db}.{table.name.removeprefix(NEW) if f'{table.db}.' == STAGED else table.name}"
