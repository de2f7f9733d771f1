"""Queries: `.sql` files as objects. The only place where one parsed query is put into another.

Belongs here: finding, parsing, composing, translating. Does not belong here: running (warehouse.store) or meaning (sql/).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).parents[2]
"""The folder that holds `sql/` and `warehouse/`, in a checkout and in site-packages alike."""

COMMENT = re.compile(r"--[^\n]*")
PARAMETER = re.compile(r"\$([a-z_][a-z0-9_]*)")


@dataclass(frozen=True)
class Query:
    """One `.sql` file.

    `name` is the path below `sql/` without the ending, as `model/cases`; `text` the file as it stands.
    """

    name: str
    text: str

    @property
    def grain(self) -> str:
        """What one row is, from the file's first line `-- grain: …`."""
        first = self.text.splitlines()[0] if self.text else ""
        return first.removeprefix("-- grain:").strip() if first.startswith("-- grain:") else ""

    @property
    def parameters(self) -> frozenset[str]:
        """The `$names` that the statement uses, comments left out."""
        return frozenset(PARAMETER.findall(COMMENT.sub("", self.text)))

    def bind(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values this query names, no more: DuckDB refuses a parameter that the statement does not name.

        Raises:
            KeyError: a parameter without a value.
        """
        lacking = self.parameters - values.keys()
        if lacking:
            raise KeyError(f"sql/{self.name}.sql names ${', $'.join(sorted(lacking))} and got no value for it")
        return {name: values[name] for name in self.parameters}

    @property
    def tables(self) -> frozenset[str]:
        """The `schema.table` names that the query reads, its own CTEs left out: its lineage, from the text itself."""
        return _tables_in(self.text)

    @property
    def columns(self) -> frozenset[str]:
        """The names of all columns that the query reads."""
        from sqlglot import exp

        return frozenset(column.name for column in _parsed(self.text).find_all(exp.Column))

    def over(self, **inner: Query) -> Query:
        """This query with each bare table named in `inner` replaced by that query as a subquery, parameters intact."""
        names = "+".join(query.name for query in inner.values())
        return Query(f"{self.name}({names})", _composed(self.text, tuple((name, query.text) for name, query in inner.items())))

    def columns_of(self, table: str) -> tuple[str, ...]:
        """The columns that this query reads of a bare table, in their order."""
        return _columns_of(self.text, table)


def stacked(
    name: str, columns: Sequence[str], asked: Sequence[tuple[Query, Mapping[str, Any]]]
) -> tuple[Query, dict[str, Any]]:
    """These columns of several queries as one, one below the other, and the values that it asks for.

    Each keeps its own parameters: `$months` of the second is `$months_2` here.

    Raises:
        KeyError: a parameter without a value.
    """
    named = ", ".join(columns)
    text = "\nunion all\n".join(
        f"select {named} from (\n{_numbered(query.text, at)}\n) as asked" for at, (query, _) in enumerate(asked, 1)
    )
    values = {f"{key}_{at}": value for at, (query, own) in enumerate(asked, 1) for key, value in query.bind(own).items()}
    return Query(name, text), values


def rows_where(name: str, table: str, key: str, column: str, condition: str) -> Query:
    """The rows of a staged table that meet a condition, with the columns of a rule on rows: place, key, court, column, value.

    Raises:
        ValueError: the condition is none, or more than one.
    """
    import sqlglot
    from sqlglot import exp

    try:
        found = sqlglot.parse_one(condition, into=exp.Condition, read="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise ValueError(str(error).splitlines()[0]) from None
    if found.find(exp.Query, exp.DML, exp.DDL, exp.Command):
        raise ValueError("it holds a statement of its own")
    own = ["delivery_no", "record", "line", exp.alias_(exp.column(key), "case_key"), "court_code"]
    told = [exp.alias_(exp.Literal.string(column), "column_name"), exp.alias_(exp.cast(exp.column(column), "varchar"), "value")]
    return Query(name, exp.select(*own, *told).from_(table).where(found).sql(dialect="duckdb", pretty=True))


@cache
def _fields(asked: tuple[tuple[tuple[str, str], str], ...]) -> str:
    from sqlglot import exp

    parts = []
    for (table, column), value in asked:
        told = [
            exp.alias_(exp.Literal.string(column), "column_name"),
            exp.alias_(_parsed(f"select {value}").selects[0], "value"),
        ]
        counted = exp.alias_(exp.Count(this=exp.Star()), "row_count")
        asked_of = exp.select("delivery_no", *(one.copy() for one in told), counted).from_(table)
        parts.append(asked_of.group_by("delivery_no", told[1].this.copy()).sql(dialect="duckdb", pretty=True))
    return "\nunion all\n".join(parts)


def fields_of(asked: Mapping[tuple[str, str], str]) -> Query:
    """How many rows of each delivery have which value, for (table, column) an expression each.

    Columns: delivery_no, column_name, value, row_count.
    """
    return Query("fields", _fields(tuple(asked.items())))


@cache
def _composed(outer: str, inner: tuple[tuple[str, str], ...]) -> str:
    """Composed once a text: a replay of many refreshes by one bundle does it over and over, a third of its time (measured).

    The outer tree says where a table stands; what is put there goes in as its file has it, since parsing and writing the
    members of all metrics took two seconds of every start (measured).
    """
    from sqlglot import exp

    texts, tree = dict(inner), _parsed(outer).copy()
    for table in list(tree.find_all(exp.Table)):
        if not table.db and table.name in texts:
            alias = exp.TableAlias(this=exp.to_identifier(table.alias_or_name))
            table.replace(exp.Table(this=exp.to_identifier(_place(table.name), quoted=True), alias=alias))
    composed: str = tree.sql(dialect="duckdb", pretty=True, comments=False)
    for name, text in texts.items():
        composed = composed.replace(f'"{_place(name)}"', f"(\n{text}\n)")
    return composed


def _place(table: str) -> str:
    """A name that no table has."""
    return f"<{table}>"


def _numbered(text: str, at: int) -> str:
    """A statement with `$x_1` for `$x`, comments left out."""
    return PARAMETER.sub(rf"$\1_{at}", COMMENT.sub("", text))


@cache
def _columns_of(text: str, table: str) -> tuple[str, ...]:
    from sqlglot import exp

    found = (column.name for column in _parsed(text).find_all(exp.Column) if column.table == table)
    return tuple(dict.fromkeys(found))


@cache
def _parsed(text: str) -> Any:
    """The tree of a statement, to be copied before it is changed: a query is composed and asked for its tables, one by one."""
    import sqlglot

    return sqlglot.parse_one(text, read="duckdb")


@cache
def _tables_in(text: str) -> frozenset[str]:
    """Found once a text: parsing all of them takes a second and more, and lineage is asked for twice a refresh."""
    from sqlglot import exp

    tree = _parsed(text)
    own = {cte.alias_or_name for cte in tree.find_all(exp.CTE)}
    found = ((t.db, t.name) for t in tree.find_all(exp.Table) if isinstance(t.this, exp.Identifier))
    return frozenset(f"{db}.{name}" if db else name for db, name in found if db or name not in own)


def read_query(sql: Path, name: str) -> Query:
    """The query `name` (as `metrics/filed`) of the folder `sql`.

    Raises:
        FileNotFoundError: there is no such file.
    """
    return Query(name, (sql / f"{name}.sql").read_text("utf-8"))


def read_queries(sql: Path, folder: str) -> dict[str, Query]:
    """All queries of one folder by their bare names."""
    return {path.stem: read_query(sql, f"{folder}/{path.stem}") for path in sorted((sql / folder).glob("*.sql"))}
