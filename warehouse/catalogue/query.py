"""Queries: `.sql` files as objects. The only place where one parsed query is put into another.

Belongs here: finding, parsing, composing, translating. Does not belong here: running (warehouse.store) or meaning (sql/).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).parents[2]
"""The folder that holds `sql/` and `warehouse/`, in a checkout and in site-packages alike."""

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
        bare = re.sub(r"--[^\n]*", "", self.text)
        return frozenset(PARAMETER.findall(bare))

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

    def over(self, **inner: Query) -> Query:
        """This query with each bare table named in `inner` replaced by that query as a subquery, parameters intact."""
        names = "+".join(query.name for query in inner.values())
        return Query(f"{self.name}({names})", _composed(self.text, tuple((name, query.text) for name, query in inner.items())))


@cache
def _composed(outer: str, inner: tuple[tuple[str, str], ...]) -> str:
    """Composed once a text: a replay of many refreshes by one bundle does it over and over, a third of its time (measured)."""
    from sqlglot import exp

    texts, tree = dict(inner), _parsed(outer).copy()
    for table in list(tree.find_all(exp.Table)):
        if not table.db and table.name in texts:
            table.replace(
                exp.Subquery(
                    this=_parsed(texts[table.name]).copy(), alias=exp.TableAlias(this=exp.to_identifier(table.alias_or_name))
                )
            )
    composed: str = tree.sql(dialect="duckdb", pretty=True, comments=False)
    return composed


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
