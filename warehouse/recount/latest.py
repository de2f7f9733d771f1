"""The latest word on each key: of all accepted rows the one that comes last in the world, whenever it arrived."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from warehouse.recount.docket import Docket

ORDER = ("extract_on", "rank", "resent", "sha256")
"""Latest is the greatest of these (design, section 3)."""


def placed(docket: Docket, feeds: str) -> pl.DataFrame:
    """The deliveries of what feeds one table in the order of the world: delivery_no, place from 1, is_snapshot."""
    mine = docket.deliveries.filter(pl.col("feeds") == feeds).sort(*ORDER)
    return mine.select("delivery_no", "is_snapshot", place=pl.int_range(1, pl.len() + 1, dtype=pl.Int32))


def accepted(docket: Docket, feeds: str) -> pl.LazyFrame:
    """The rows that count, each with the `place` of its delivery: no duplicates, none that a rule set aside."""
    rows = docket.rows[feeds].filter(~pl.col("is_duplicate"))
    places = placed(docket, feeds).select("delivery_no", "place")
    aside = docket.set_aside.select("delivery_no", "record").unique().join(places, on="delivery_no", how="semi")
    if aside.height:
        rows = rows.join(aside.lazy(), on=["delivery_no", "record"], how="anti")
    return rows.join(places.lazy(), on="delivery_no", how="inner")


def latest(rows: pl.LazyFrame, key: str) -> pl.LazyFrame:
    """Of each key the row of the latest place."""
    return rows.filter(pl.col("place") == pl.col("place").max().over(key))


def gone(docket: Docket, feeds: str, rows: pl.LazyFrame, key: str, present: Mapping[str, str]) -> pl.DataFrame:
    """The keys that a snapshot no longer names, after the last row that told of them.

    A row that was set aside is no silence: the case was there, and what stood before still stands.
    `present` leads from numbers that were corrected to those that stand, by which the rows go already.
    """
    places = placed(docket, feeds)
    snapshots = places.filter("is_snapshot")
    if snapshots.is_empty():
        return pl.DataFrame(schema={key: pl.String})
    ranks = snapshots.select("delivery_no", shot=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    seen = rows.join(ranks.lazy(), on="delivery_no").group_by(key).agg(pl.col("shot").max()).collect()
    named = docket.set_aside.with_columns(pl.col("key").replace(dict(present)))
    aside = named.join(ranks, on="delivery_no").select(pl.col("key").alias(key), at="shot").unique()
    after = aside.join(seen, on=key).filter(pl.col("at") > pl.col("shot")).group_by(key).agg(told=pl.len())
    silent = snapshots.height - pl.col("shot") - pl.col("told").fill_null(0)
    return seen.join(after, on=key, how="left").filter(silent > 0).select(key)
