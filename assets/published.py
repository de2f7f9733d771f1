"""Published: what people see, and the step that makes it what they see."""

import dagster as dg

from assets.tables import VERDICTS, table_asset
from warehouse.catalogue.bundle import Catalogue
from warehouse.refresh.publish import make_published, publish
from warehouse.refresh.work import Refreshing

PUBLICATION = dg.AssetKey(["published", "publication"])


def published_assets(catalogue: Catalogue) -> list[dg.AssetsDefinition]:
    """The tables that are shown, as views on those that are counted from, and the publication."""
    queries = catalogue.queries("published")
    shown = [table_asset(catalogue, name, queries[name.removeprefix("published.")]) for name in catalogue.shown]
    return [*shown, _publication(catalogue)]


def _publication(catalogue: Catalogue) -> dg.AssetsDefinition:
    # After every table of the model, also those that no metric of the profile reads: nothing may follow the swap.
    tables = [dg.AssetKey(["model", name]) for name in catalogue.queries("model")]
    before = [*(dg.AssetKey(name.split(".")) for name in catalogue.shown), VERDICTS, *tables]

    @dg.asset(key=PUBLICATION, group_name="published", deps=before, kinds={"duckdb"})
    def publication(refreshing: dg.ResourceParam[Refreshing]) -> dg.MaterializeResult[None]:
        """Definitions, deliveries, verdicts, lineage; then checkpoint, ledger, swap. Grain: one publication."""
        if refreshing.gives_up_empty():
            refreshing.tell("published  nothing: no new file could be read")
            return dg.MaterializeResult(metadata={"refresh": "none: no new file could be read"})
        make_published(refreshing)
        name = publish(refreshing)
        refreshing.tell(f"published  {name}")
        return dg.MaterializeResult(
            metadata={"refresh": name, "counting_day": str(refreshing.counting_day), "is_synthetic": refreshing.is_synthetic}
        )

    return publication
