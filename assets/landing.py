"""Landing: what is new in the inbox, byte for byte in the store of originals, each with its event on the ledger."""

from collections.abc import Iterator

import dagster as dg

from assets.tables import DELIVERIES
from warehouse.refresh.work import Refreshing


@dg.asset(key=DELIVERIES, group_name="landing", kinds={"file"}, output_required=False)
def deliveries(
    context: dg.AssetExecutionContext, refreshing: dg.ResourceParam[Refreshing]
) -> Iterator[dg.MaterializeResult[None]]:
    """New files of the inbox, stored under their sha256. Grain: one file. Without anything new the run ends here."""
    landed = refreshing.land()
    for refused in landed.refused:
        context.log.warning(f"refused: {refused.reason}")
    if not refreshing.has_news:
        refreshing.tell("landing    nothing new")
        return
    new, repeated = ({event["path"] for event in events} for events in (landed.deliveries, landed.repeats))
    refreshing.tell(f"landing    {len(new)} new files, {len(repeated)} repeated, "
                    f"{len(landed.refused)} refused")  # fmt: skip
    yield dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(landed.deliveries),
            "repeats": len(landed.repeats),
            "refused": [refused.reason for refused in landed.refused],
            "files": [event["path"] for event in landed.deliveries],
        }
    )
