"""Do the two engines agree? The cells of the SQL beside those of the recount, and the figures in which they differ.

Belongs here: comparing. Does not belong here: counting (sql/metrics, warehouse.recount), nor what a difference withholds
(gates).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from warehouse.recount.every import RECOUNTED

FIGURE = ("metric", "variant", "calendar_id", "period_id", "court", "family")
"""What is withheld together: a reading of a metric in one period, court and family of cases."""
CELL = (
    *FIGURE, "counts_as", "case_type", "procedure", "bench", "judge", "population", "channel", "closing_manner",
    "part",
)  # fmt: skip
SIDES = ("counted", "recounted")


@dataclass(frozen=True)
class Agreement:
    """What was compared, and what differs.

    `differences` has a row for each reading, calendar, period, court and family in which any cell differs: the number of such
    cells, and numerator and denominator of either side, summed over all its cells.
    """

    cells: int
    differences: pl.DataFrame
    not_recounted: tuple[str, ...]
    """Metrics that are counted and have no second implementation: nothing is said of them."""


def not_recounted(metrics: Collection[str]) -> tuple[str, ...]:
    """Those of the metrics that have no second implementation."""
    return tuple(sorted(set(metrics) - RECOUNTED))


def agree(counted: pl.DataFrame, recounted: pl.DataFrame, metrics: Collection[str]) -> Agreement:
    """Compares cells of the two engines, of those `metrics` that both count; a cell of one side alone differs too.

    Cells have the columns of metrics.cells without its refreshes.
    """
    both = [metric for metric in metrics if metric in RECOUNTED]
    sides = [
        frame.filter(pl.col("metric").is_in(both)).select(*CELL, "numerator", "denominator", is_recounted=pl.lit(side))
        for side, frame in enumerate((counted, recounted))
    ]
    cells = pl.concat(sides)
    columns = ("numerator", "denominator")
    totals = [
        _sum(pl.col(column).filter(pl.col("is_recounted") == side)).alias(f"{name}_{column}")
        for side, name in enumerate(SIDES)
        for column in columns
    ]
    # Equal cells, one of either side, have equal hashes, and of the others only are sums made: comparing all columns took
    # four times as long (measured). That a difference hides behind a hash of 64 bits happens once in 10^13 comparisons.
    odd = cells.filter(~cells.drop("is_recounted").hash_rows(seed=683).is_duplicated())
    if not odd.height:
        return Agreement(cells.height, _none(), not_recounted(metrics))
    keys = odd.select(FIGURE).unique()
    whole = cells.join(keys, on=FIGURE, how="semi", nulls_equal=True).group_by(FIGURE).agg(*totals)
    number = odd.select(CELL).unique().group_by(FIGURE).agg(cells=pl.len())
    found = whole.join(number, on=FIGURE, nulls_equal=True).sort(FIGURE)
    return Agreement(cells.height, found, not_recounted(metrics))


def _sum(values: pl.Expr) -> pl.Expr:
    """The sum; none of nothing."""
    return pl.when(values.count() > 0).then(values.sum())


def _none() -> pl.DataFrame:
    schema = dict.fromkeys(FIGURE, pl.String) | {
        f"{name}_{c}": pl.Int64 for name in SIDES for c in ("numerator", "denominator")
    }
    return pl.DataFrame(schema=schema | {"cells": pl.UInt32})
