"""Model: history, and the tables that everything is counted from."""

import dagster as dg

from assets.tables import REFERENCE, table_asset
from warehouse.catalogue.bundle import Catalogue
from warehouse.refresh.count import load_reference
from warehouse.refresh.work import Refreshing


def model_assets(catalogue: Catalogue) -> list[dg.AssetsDefinition]:
    """One asset a query of sql/model, and one for what no query makes."""
    tables = [table_asset(catalogue, f"model.{name}", query) for name, query in catalogue.queries("model").items()]
    return [_reference(catalogue), *tables]


def _reference(catalogue: Catalogue) -> dg.AssetsDefinition:
    @dg.asset(
        key=REFERENCE, group_name="model", deps=[["staged", source] for source in catalogue.profile.contracts],
        kinds={"duckdb"},
    )  # fmt: skip
    def reference(refreshing: dg.ResourceParam[Refreshing]) -> dg.MaterializeResult[None]:
        """Deliveries, code lists, calendars' periods and days, published totals. Grain: one row each, see the tables."""
        rows = load_reference(refreshing)
        return dg.MaterializeResult(metadata={"dagster/row_count": sum(rows.values()), **rows})

    return reference
