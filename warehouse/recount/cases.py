"""Cases as last told, and the spells in which they were open (dictionary, sections 9 and 11)."""

from __future__ import annotations

import polars as pl

from warehouse.recount.corrected import believed, present_numbers
from warehouse.recount.docket import Docket
from warehouse.recount.latest import accepted, gone, latest

UNCOUNTED = ("jurisdiction", "preservation_review", "assistance", "sanction", "relief", "not_a_case")
"""Classes that are no cases of the statistics (dictionary, section 11)."""
MEDIATION = "not_a_case"
"""诉前调: counted apart, as records (dictionary, sections 5 and 11)."""
COLUMNS = (
    "case_key", "court_code", "type_code", "procedure", "bench_code", "judge_code", "registered_on", "closed_on",
    "reopened_on", "closing_manner", "is_private_prosecution", "is_void", "amount_applied", "amount_realised",
    "origin_case_key", "delivery_no", "record", "place",
)  # fmt: skip


def told(docket: Docket) -> pl.LazyFrame:
    """Every accepted row of a case, corrected."""
    return believed(docket, accepted(docket, "cases").select(COLUMNS)).select(COLUMNS)


def cases_of(docket: Docket, rows: pl.LazyFrame) -> pl.DataFrame:
    """One row a case, as last told, with its family and class and whether it counts, as a case or as a mediation."""
    types = pl.LazyFrame(
        [(row["type_code"], row["family"], row["counts_as"]) for row in docket.lists.case_types],
        schema={"type_code": pl.String, "family": pl.String, "counts_as": pl.String}, orient="row",
    )  # fmt: skip
    cases = (
        latest(rows, "case_key")
        .join(types, on="type_code", how="left")
        .with_columns(pl.col("family", "counts_as").fill_null("none"))
    )
    is_known = ~pl.col("is_void").fill_null(False)
    if docket.drops_missing:
        missing = gone(docket, "cases", rows, "case_key", present_numbers(docket))["case_key"].implode()
        is_known &= ~pl.col("case_key").is_in(missing)
    return cases.with_columns(
        is_counted=is_known & ~pl.col("counts_as").is_in(UNCOUNTED), is_mediation=is_known & (pl.col("counts_as") == MEDIATION)
    ).collect()


def spells_of(docket: Docket, cases: pl.DataFrame, rows: pl.LazyFrame) -> pl.DataFrame:
    """One row a spell of a counted case: opened_on, is_reopening, closed_on, closing_manner, effect.

    A case opened again under its own number has two. The first ended as the latest row before the reopening says; where
    none told of a closing, on the day of the reopening.
    """
    counted = cases.filter("is_counted")
    opened = counted.with_columns(opened_on="registered_on", is_reopening=pl.lit(False))
    again = opened.filter(pl.col("reopened_on").is_not_null())
    if again.height:
        opened = pl.concat([opened.filter(pl.col("reopened_on").is_null()), _first(again, rows), _second(again)])
    effects = pl.DataFrame(
        [(row["closing_manner"], row["counts_as"], row["effect"]) for row in docket.lists.closing_manners],
        schema={"closing_manner": pl.String, "counts_as": pl.String, "effect": pl.String}, orient="row",
    )  # fmt: skip
    return opened.join(effects, on=["closing_manner", "counts_as"], how="left")


def _first(again: pl.DataFrame, rows: pl.LazyFrame) -> pl.DataFrame:
    """The spells from registration to the closing before the reopening."""
    days = again.select("case_key", reopening="reopened_on")
    before = rows.join(days.lazy(), on="case_key").filter(
        (pl.col("closed_on") < pl.col("reopening"))
        | ((pl.col("closed_on") == pl.col("reopening")) & pl.col("reopened_on").is_null())
    )
    ends = latest(before, "case_key").select("case_key", "closed_on", "closing_manner").collect()
    whole = again.drop("closed_on", "closing_manner").join(ends, on="case_key", how="left")
    return whole.with_columns(pl.coalesce("closed_on", "reopened_on")).select(again.columns)


def _second(again: pl.DataFrame) -> pl.DataFrame:
    """The spells from the reopening on. A closing day before it is the first spell's, also where the source leaves it."""
    ends = pl.col("closed_on") >= pl.col("reopened_on")
    return again.with_columns(
        pl.when(ends).then("closed_on").alias("closed_on"), pl.when(ends).then("closing_manner").alias("closing_manner"),
        opened_on="reopened_on", is_reopening=pl.lit(True),
    )  # fmt: skip
