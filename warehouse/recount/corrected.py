"""Corrections by hand: what a row says once a person put it right, and under which number.

A correction stands against every row, earlier or later, that repeats what some correction called wrong; the last one says
what is right, and a row that says a third thing is believed. A corrected number leads to the same case under its new one.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import polars as pl

from warehouse.recount.docket import Docket
from warehouse.recount.latest import accepted

FIELDS = {
    "procedure": pl.String, "bench_code": pl.String, "judge_code": pl.String, "registered_on": pl.Date, "closed_on": pl.Date,
    "reopened_on": pl.Date, "closing_manner": pl.String, "is_private_prosecution": pl.Boolean, "is_void": pl.Boolean,
    "amount_applied": pl.Decimal(18, 2), "amount_realised": pl.Decimal(18, 2), "type_code": pl.String,
}  # fmt: skip
"""What can be corrected and is counted by, with its type."""


def believed(docket: Docket, rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows of cases with their corrections, under their present numbers."""
    if "corrections" not in docket.rows:
        return rows
    told = accepted(docket, "corrections").sort("place", "record").collect().to_dicts()
    if not told:
        return rows
    present = _numbers(told)
    rows = _renamed(rows, present) if present else rows
    columns = rows.collect_schema().names()
    for (column, kind), found in _wrong(told, present).items():
        if column in columns:
            rows = _righted(rows, column, kind, found)
    return rows


def present_numbers(docket: Docket) -> dict[str, str]:
    """By a number that was corrected: the one that stands."""
    if "corrections" not in docket.rows:
        return {}
    told = accepted(docket, "corrections").sort("place", "record").collect().to_dicts()
    return {old: one["new_case_key"] for old, one in _numbers(told).items()}


def _numbers(told: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """By a number that was corrected: the correction that says the present one."""
    last = {one["case_key"]: one for one in told if one["new_case_key"] is not None}
    steps = {old: one for old, one in last.items() if old != one["new_case_key"]}
    present = {}
    for old, step in steps.items():
        seen = {old}
        while step["new_case_key"] in steps and step["new_case_key"] not in seen:
            seen.add(step["new_case_key"])
            step = steps[step["new_case_key"]]
        if step["new_case_key"] not in seen:  # a number that leads back to itself leads nowhere
            present[old] = step
    return present


def _renamed(rows: pl.LazyFrame, present: dict[str, dict[str, Any]]) -> pl.LazyFrame:
    """The rows under their present numbers; of two that tell of one case in one delivery its own number's, then the first."""
    new = pl.LazyFrame(
        [(old, one["new_case_key"], one["new_court_code"], one["new_type_code"]) for old, one in present.items()],
        schema={"case_key": pl.String, "_key": pl.String, "_court": pl.String, "_type": pl.String}, orient="row",
    )  # fmt: skip
    columns = rows.collect_schema().names()
    rows = rows.join(new, on="case_key", how="left")
    changed = {"court_code": pl.coalesce("_court", "court_code"), "type_code": pl.coalesce("_type", "type_code")}
    changed["_raw_type"] = pl.col("type_code")
    if "origin_case_key" in columns:
        origins = new.select(pl.col("case_key").alias("origin_case_key"), _origin="_key")
        rows = rows.join(origins, on="origin_case_key", how="left")
        changed["origin_case_key"] = pl.coalesce("_origin", "origin_case_key")
    moved = rows.filter(pl.col("_key").is_not_null() | pl.col("case_key").is_in(new.collect()["_key"].to_list()))
    first = moved.sort(pl.col("_key").is_not_null(), "case_key").unique(
        [pl.coalesce("_key", "case_key"), "place"], keep="first", maintain_order=True
    )
    kept = pl.concat([rows.filter(pl.col("_key").is_null()).join(moved, on=["delivery_no", "record"], how="anti"), first])
    return kept.with_columns(**changed).with_columns(case_key=pl.coalesce("_key", "case_key")).select(*columns, "_raw_type")


def _wrong(told: list[dict[str, Any]], present: dict[str, dict[str, Any]]) -> dict[tuple[str, Any], pl.LazyFrame]:
    """By field: case, the value that some correction called wrong, and the one that the last says is right."""
    by_field: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for one in told:
        if one["new_case_key"] is None and one["column_name"] in FIELDS:
            key = present[one["case_key"]]["new_case_key"] if one["case_key"] in present else one["case_key"]
            by_field[key, one["column_name"]].append(one)
    rows: dict[str, list[tuple[str, str, str | None]]] = defaultdict(list)
    for (key, column), mine in by_field.items():
        right = mine[-1]["new_value"]
        called = {one["old_value"] for one in mine} | {one["new_value"] for one in mine[:-1]}
        rows[column] += [(key, value or "", right) for value in called if value != right]
    schema = {"case_key": pl.String, "_value": pl.String, "_right": pl.String}
    return {(column, FIELDS[column]): pl.LazyFrame(found, schema=schema, orient="row") for column, found in rows.items()}


def _righted(rows: pl.LazyFrame, column: str, kind: Any, found: pl.LazyFrame) -> pl.LazyFrame:
    """The rows with one field put right."""
    names = rows.collect_schema().names()
    said = pl.col("_raw_type" if column == "type_code" and "_raw_type" in names else column)
    right = pl.col("_right").str.to_date("%Y-%m-%d") if kind == pl.Date else pl.col("_right").cast(kind)
    if kind == pl.Boolean:
        right = pl.col("_right") == "true"
    return (
        rows.with_columns(_value=said.cast(pl.String).fill_null(""))
        .join(found.with_columns(_wrong=pl.lit(True)), on=["case_key", "_value"], how="left", nulls_equal=True)
        .with_columns(pl.when("_wrong").then(right).otherwise(pl.col(column)).alias(column))
        .select(names)
    )
