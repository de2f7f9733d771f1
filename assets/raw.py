"""Raw: every row of every new file as text, contracted columns only, with its record and line."""

import dagster as dg

from assets.tables import DELIVERIES
from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.contract import Contract
from warehouse.refresh.work import Refreshing


def raw_assets(catalogue: Catalogue) -> list[dg.AssetsDefinition]:
    """One asset a source."""
    return [_raw(contract) for contract in catalogue.profile.contracts.values()]


def _raw(contract: Contract) -> dg.AssetsDefinition:
    columns = [dg.TableColumn(header, "string") for header in (*contract.required_headers, *contract.optional_headers)]

    @dg.asset(
        key=["raw", contract.source], group_name="raw", deps=[DELIVERIES], kinds={"polars", "parquet"},
        description=f"{contract.title_en} ({contract.title_zh}): every row of every file as text, with file and line. "
        "Grain: one source row.",
        metadata={"dagster/column_schema": dg.TableSchema(columns)},
    )  # fmt: skip
    def raw(refreshing: dg.ResourceParam[Refreshing]) -> dg.MaterializeResult[None]:
        read = refreshing.read(contract.source)
        rows = sum(one.rows for one in read.values())
        refreshing.tell(f"raw        {contract.source}: {rows:,} rows of {len(read)} files")
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": rows,
                "files": len(read),
                "torn": sum(len(one.torn) for one in read.values()),
                "blank_lines": sum(one.blank for one in read.values()),
                "unknown_columns": sorted({name for one in read.values() for name in one.extra_columns}),
            }
        )

    return raw
