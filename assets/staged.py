"""Staged: typed rows by the source's contract; what cannot be typed, and what breaks a rule on rows, is set aside."""

from collections.abc import Iterator

import dagster as dg

from assets.checks import results_of, specs_of
from assets.tables import REFERENCE, SET_ASIDE, schema_of
from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.contract import Contract
from warehouse.quality.rule import Rule
from warehouse.refresh.count import set_aside
from warehouse.refresh.work import Refreshing


def staged_assets(catalogue: Catalogue, rules: dict[str, Rule]) -> list[dg.AssetsDefinition]:
    """One asset a source, and the rows set aside."""
    staged = [_staged(catalogue, contract) for contract in catalogue.profile.contracts.values()]
    return [*staged, _set_aside(catalogue, [rule for rule in rules.values() if rule.looks_at == "row"])]


def _staged(catalogue: Catalogue, contract: Contract) -> dg.AssetsDefinition:
    table = catalogue.tables[f"staged.{contract.feeds}"]

    @dg.asset(
        key=["staged", contract.source], group_name="staged", deps=[["raw", contract.source]], kinds={"polars", "parquet"},
        description=f"{contract.title_en} ({contract.title_zh}), typed. Grain: {table.grain}.",
        metadata={"dagster/column_schema": schema_of(table)},
    )  # fmt: skip
    def staged(refreshing: dg.ResourceParam[Refreshing]) -> dg.MaterializeResult[None]:
        made = refreshing.stage(contract.source).values()
        counts = {
            "dagster/row_count": sum(one.rows for one in made),
            "duplicates": sum(one.duplicates for one in made),
            "quarantined": len({(a.delivery_no, a.record) for one in made for a in one.set_aside}),
        }
        refreshing.tell(f"staged     {contract.source}: {counts['dagster/row_count']:,} rows typed, "
                        f"{counts['quarantined']} set aside, {counts['duplicates']} duplicates")  # fmt: skip
        return dg.MaterializeResult(metadata=counts)

    return staged


def _set_aside(catalogue: Catalogue, rules: list[Rule]) -> dg.AssetsDefinition:
    table = catalogue.tables["quality.set_aside"]

    @dg.asset(
        key=SET_ASIDE, group_name="quality", deps=[REFERENCE], kinds={"duckdb", "greatexpectations"},
        description=f"Rows that are not counted until they come right. Grain: {table.grain}.",
        metadata={"dagster/column_schema": schema_of(table)}, check_specs=specs_of(rules, SET_ASIDE),
    )  # fmt: skip
    def rows_set_aside(
        refreshing: dg.ResourceParam[Refreshing],
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        outcomes = set_aside(refreshing)
        held = sum(outcome.success for outcome in outcomes)
        refreshing.tell(f"quality    {held} of {len(outcomes)} rules on rows hold")
        yield dg.MaterializeResult(metadata={"dagster/row_count": refreshing.store.count("quality.set_aside")},
                                   check_results=results_of(outcomes, rules, SET_ASIDE))  # fmt: skip

    return rows_set_aside
