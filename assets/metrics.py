"""Metrics: who is counted (run, not stored) and the cells these add up to."""

from collections.abc import Iterator

import dagster as dg

from assets.checks import results_of, specs_of
from assets.tables import VERDICTS, keys_read, schema_of
from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.metric import Metric
from warehouse.catalogue.query import read_query
from warehouse.quality.rule import Rule
from warehouse.refresh.count import count_metrics, judge, keep_cells
from warehouse.refresh.drift import watch
from warehouse.refresh.work import Refreshing

CELLS = dg.AssetKey(["metrics", "cells"])


def metric_assets(catalogue: Catalogue, rules: dict[str, Rule]) -> list[dg.AssetsDefinition]:
    """An asset a metric that has cells, the cells with their spans, and the verdicts on them."""
    return [
        *([_counted(catalogue)] if catalogue.stored_metrics else []),
        _cells(catalogue),
        _verdicts(catalogue, [rule for rule in rules.values() if rule.looks_at != "row"]),
    ]


def _counted(catalogue: Catalogue) -> dg.AssetsDefinition:
    """All metrics in one step, each an asset of its own: a step a metric took longer to note than to count (measured)."""
    metrics = catalogue.stored_metrics

    @dg.multi_asset(name="count_metrics", specs=[_spec(catalogue, m) for m in metrics.values()], can_subset=True)
    def counted(
        context: dg.AssetExecutionContext, refreshing: dg.ResourceParam[Refreshing]
    ) -> Iterator[dg.MaterializeResult[None]]:
        wanted = {key.path[-1] for key in context.selected_asset_keys}
        for metric, cells in count_metrics(refreshing, [m for m in metrics.values() if m.id in wanted]).items():
            refreshing.tell(f"metrics    {metric}: {cells:,} cells")
            yield dg.MaterializeResult(asset_key=["metrics", metric], metadata={"dagster/row_count": cells})

    return counted


def _spec(catalogue: Catalogue, metric: Metric) -> dg.AssetSpec:
    query = read_query(catalogue.house / "sql", metric.members)
    return dg.AssetSpec(
        ["metrics", metric.id], group_name="metrics", deps=keys_read(catalogue, f"metrics.{metric.id}", query),
        kinds={"duckdb", "sql"},
        description=f"{metric.name_zh} · {metric.name_en}. {metric.definition_en}\n\n{metric.definition_zh}\n\n"
        f"Source: {metric.source}\n\n依据：{metric.source_zh}\n\n```sql\n{query.text}\n```",
        metadata={"dagster/column_schema": schema_of(catalogue.tables["metrics.new_cells"])},
    )  # fmt: skip


def _cells(catalogue: Catalogue) -> dg.AssetsDefinition:
    table = catalogue.tables["metrics.cells"]
    counted = [dg.AssetKey(["metrics", metric]) for metric in catalogue.stored_metrics]
    # Where nothing is counted (published totals alone), cells and verdicts still come after the model.
    before = counted or [dg.AssetKey(["model", name]) for name in catalogue.queries("model")]

    @dg.asset(
        key=CELLS, group_name="metrics", deps=before,
        kinds={"duckdb", "sql"}, description=f"Grain: {table.grain}.",
        metadata={"dagster/column_schema": schema_of(table)},
    )  # fmt: skip
    def cells(refreshing: dg.ResourceParam[Refreshing]) -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata={"dagster/row_count": keep_cells(refreshing)})

    return cells


def _verdicts(catalogue: Catalogue, rules: list[Rule]) -> dg.AssetsDefinition:
    table = catalogue.tables["quality.verdicts"]

    @dg.asset(
        key=VERDICTS, group_name="quality", deps=[CELLS], kinds={"duckdb", "greatexpectations"},
        description=f"Rules on sets and on the run, and what they withhold. Grain: {table.grain}.",
        metadata={"dagster/column_schema": schema_of(table)}, check_specs=specs_of(rules, VERDICTS),
    )  # fmt: skip
    def verdicts(refreshing: dg.ResourceParam[Refreshing]) -> Iterator[dg.MaterializeResult[None]]:
        outcomes = judge(refreshing)
        refreshing.tell(f"quality    {sum(o.success for o in outcomes)} of {len(outcomes)} rules on sets hold")
        alarms = watch(refreshing)
        refreshing.tell(f"quality    {alarms} alarms of drift, which inform")
        yield dg.MaterializeResult(metadata={"dagster/row_count": len(outcomes), "alarms": alarms},
                                   check_results=results_of(outcomes, rules, VERDICTS))  # fmt: skip

    return verdicts
