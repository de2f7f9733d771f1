"""One `.sql` and one `.yml` make one asset; what it depends on is parsed from the SQL."""

import dagster as dg

from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.query import Query
from warehouse.catalogue.table import Table
from warehouse.refresh.count import make_table
from warehouse.refresh.work import Refreshing

DELIVERIES = dg.AssetKey(["landing", "deliveries"])
SET_ASIDE = dg.AssetKey(["quality", "set_aside"])
VERDICTS = dg.AssetKey(["quality", "verdicts"])
"""Assets that no query of a table makes: their keys stand here, for the layers around them."""
REFERENCE = dg.AssetKey(["model", "reference"])
"""Deliveries, code lists, periods and published totals: tables of the model that no query makes."""


def schema_of(table: Table) -> dg.TableSchema:
    """The contract's columns as Dagster shows them."""
    return dg.TableSchema([dg.TableColumn(name, spec.type, description=spec.meaning) for name, spec in table.columns.items()])


def keys_read(catalogue: Catalogue, name: str, query: Query) -> list[dg.AssetKey]:
    """The assets that a query reads, from its own text; a table that adds to itself does not depend on itself."""
    made = set(catalogue.queries("model"))
    keys = set()
    for table in query.tables - {name}:
        schema, _, bare = table.partition(".")
        if schema == "model":
            keys.add(dg.AssetKey(["model", bare]) if bare in made else REFERENCE)
        elif schema == "staged":
            feeds = bare.removeprefix("new_")
            contracts = catalogue.profile.contracts.items()
            keys |= {dg.AssetKey(["staged", s]) for s, c in contracts if feeds in (c.feeds, "case_events" if c.events else "")}
        elif table == "quality.gates":  # the verdicts and what they withhold are judged in one go
            keys.add(VERDICTS)
        elif table == "metrics.new_cells":
            keys |= {dg.AssetKey(["metrics", metric]) for metric in catalogue.stored_metrics}
        elif schema:
            keys.add(dg.AssetKey([schema, bare]))
    return sorted(keys)


def table_asset(catalogue: Catalogue, name: str, query: Query) -> dg.AssetsDefinition:
    """The asset of one table of the model or the published layer."""
    layer, _, bare = name.partition(".")
    table = catalogue.tables[name]

    @dg.asset(
        key=[layer, bare], group_name=layer, deps=keys_read(catalogue, name, query), kinds={"duckdb", "sql"},
        description=f"Grain: {table.grain}. Key: {', '.join(table.key)}.\n\n```sql\n{query.text}\n```",
        metadata={"dagster/column_schema": schema_of(table)},
    )  # fmt: skip
    def made(refreshing: dg.ResourceParam[Refreshing]) -> dg.MaterializeResult[None]:
        rows = make_table(refreshing, name)
        refreshing.tell(f"{layer:10} {bare}: {rows:,} rows{' more' if table.kept == 'append' else ''}")
        return dg.MaterializeResult(metadata={"dagster/row_count": rows})

    return made
