"""Enforcement: chains of resumptions, the 终本 pool, results and amounts (dictionary, section 6; M29 to M32)."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from warehouse.recount.docket import Docket
from warehouse.recount.flows import BY_CASE, Spells
from warehouse.recount.latest import accepted, latest
from warehouse.recount.shares import ENFORCEMENT
from warehouse.recount.tally import NEVER, Tally, days_of, grouped

REALISING = ("compulsory", "voluntary", "settled")
ENDING = ("satisfied", "terminated", "to_bankruptcy")
"""Results that end the claim: the chain leaves the pool."""
AGES = (
    ("0-180", 0, 181),
    ("181-365", 181, 366),
    ("366-1095", 366, 1096),
    ("1096-1825", 1096, 1826),
    ("over-1825", 1826, NEVER),
)
"""The part of zhongben_pool_age, the first day of age in it, and the first that is not."""
METRICS = (
    "enforcement_backlog", "zhongben_pool", "zhongben_pool_age", "zhongben_pool_entries", "zhongben_pool_exits",
    "zhongben_property_found", "zhongben_recheck_due", "realisation_rate", "enforcement_closed_without_amount",
    "enforcement_petitions_received", "enforcement_petitions_closed", "enforcement_target_t2",
)  # fmt: skip
RESULT: dict[str, Any] = {
    "case_key": pl.String, "result_on": pl.Date, "amount_realised": pl.Decimal(18, 2), "property_found": pl.Boolean,
    "outcome": pl.String,
}  # fmt: skip


def results_of(docket: Docket) -> pl.DataFrame:
    """The entries of the enforcement results as last told, void ones left out."""
    if "enforcement_results" not in docket.rows:
        return pl.DataFrame(schema=RESULT)
    columns = [*RESULT, "result_key", "is_void", "delivery_no", "record", "place"]
    rows = latest(accepted(docket, "enforcement_results").select(columns), "result_key")
    return rows.filter(~pl.col("is_void").fill_null(False)).select(list(RESULT)).collect()


def count_enforcement(docket: Docket, cases: pl.DataFrame, spells: Spells, results: pl.DataFrame, tally: Tally) -> None:
    """Everything that needs more than the spells of single cases."""
    chains = chains_of(cases)
    stays = stays_of(docket, chains, spells.frame, results)
    _count_pool(stays, spells, tally)
    told = results.join(chains.select("case_key", "root"), on="case_key")
    _count_found(stays, told, tally)
    _count_rechecks(stays, told, tally)
    _count_amounts(spells, results, tally)
    _count_entries(cases, results, tally)


def chains_of(cases: pl.DataFrame) -> pl.DataFrame:
    """The enforcement cases, each with the `root` that its resumptions lead back to.

    Six doublings follow 64 steps; in a circle, which no chain is, they end somewhere on it.
    """
    mine = cases.filter(pl.col("counts_as").is_in(ENFORCEMENT)).with_row_index("at")
    origins = mine.select(origin_case_key="case_key", before="at")
    before = mine.join(origins, on="origin_case_key", how="left", maintain_order="left")["before"]
    steps = before.fill_null(mine["at"]).to_numpy()
    for _ in range(6):
        steps = steps[steps]
    return mine.with_columns(root=pl.Series(steps, dtype=pl.UInt32)).drop("at")


def stays_of(docket: Docket, chains: pl.DataFrame, spells: pl.DataFrame, results: pl.DataFrame) -> pl.DataFrame:
    """Stays of chains in the pool: in_from, in_until, exit_reason, root, with the columns of the case that 终本 closed.

    A chain comes in with a 终本 closing since the data begin, and goes with whatever happens to it next: a resumption, a
    result that ends the claim, another 终本. On one day the older case is first, a case opens before it closes, and results
    come last.
    """
    mine = chains.select("case_key", "root", "registered_on", "is_counted", *_dimensions())
    of_spells = spells.select("case_key", "opened_on", "closed_on", "effect", "is_reopening").join(mine, on="case_key")
    closed = of_spells.filter((pl.col("effect") == "zhongben") & (pl.col("closed_on") >= docket.data_from))
    opened = of_spells.filter((pl.col("counts_as") == "enforcement_resumed") | pl.col("is_reopening"))
    ended = results.filter(pl.col("outcome").is_in(ENDING)).join(mine.filter("is_counted"), on="case_key")
    order = ("happened_on", "is_result", "registered_on", "case_key", "opened_on", "step", "reason")
    columns = ["root", *order, "is_entry", *_dimensions()]
    events = pl.concat([
        closed.with_columns(happened_on="closed_on", is_result=0, step=2, reason=pl.lit("closed_again"),
                            is_entry=True).select(columns),
        opened.with_columns(happened_on="opened_on", is_result=0, step=1, reason=pl.lit("resumed"),
                            is_entry=False).select(columns),
        ended.with_columns(happened_on="result_on", is_result=1, step=3, reason="outcome", is_entry=False,
                           opened_on="registered_on").select(columns),
    ]).sort("root", *order, nulls_last=True)  # fmt: skip
    followed = events.with_columns(
        in_until=pl.col("happened_on").shift(-1).over("root"), exit_reason=pl.col("reason").shift(-1).over("root")
    )
    return followed.filter("is_entry").rename({"happened_on": "in_from"})


def _dimensions() -> list[str]:
    return list(BY_CASE.values())


def _count_pool(stays: pl.DataFrame, spells: Spells, tally: Tally) -> None:
    """终本库 with its entries, exits and ages, and 执行积案, which is the pool and what is pending."""
    groups = grouped(stays, BY_CASE)
    since, until = days_of(stays["in_from"]), days_of(stays["in_until"])
    tally.stock("zhongben_pool", groups, since, until)
    tally.flow("zhongben_pool_entries", groups, since)
    for reason in stays["exit_reason"].drop_nulls().unique().sort():
        left = stays.select((pl.col("exit_reason") == reason).fill_null(False)).to_series().to_numpy()
        tally.flow("zhongben_pool_exits", groups, until, part=reason, of=left)
    for part, first, past in AGES:
        leaves = until if past == NEVER else np.minimum(until, since + past)
        tally.stock("zhongben_pool_age", groups, since + first, leaves, part=part, of=leaves > since + first)
    pending = spells.where(pl.col("counts_as").is_in(ENFORCEMENT))
    for name in ("enforcement_backlog", "enforcement_backlog.pool"):
        tally.stock(name, groups, since, until, part="pool")
    for name in ("enforcement_backlog", "enforcement_backlog.pending"):
        tally.stock(name, spells.groups, spells.opened, spells.closed, part="pending", of=pending)


def _inside(stays: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """What was told of a chain while it was in the pool, after the day of the 终本: a row a stay and result."""
    found = stays.with_row_index("stay").join(told.select("root", "result_on", "outcome", "property_found"), on="root")
    is_before_exit = pl.col("in_until").is_null() | (pl.col("result_on") < pl.col("in_until"))
    return found.filter((pl.col("result_on") > pl.col("in_from")) & is_before_exit)


def _count_found(stays: pl.DataFrame, told: pl.DataFrame, tally: Tally) -> None:
    """Stays in which property came to light, from the first result that says so."""
    found = _inside(stays, told.filter(pl.col("property_found")))
    first = found.sort("result_on").unique("stay", keep="first")
    tally.stock("zhongben_property_found", grouped(first, BY_CASE), days_of(first["result_on"]), days_of(first["in_until"]))


def _count_rechecks(stays: pl.DataFrame, told: pl.DataFrame, tally: Tally) -> None:
    """Stays without a property inquiry for six months, within five years of the 终本 (终本规定 art. 9)."""
    numbered = stays.with_row_index("stay")
    asked = _inside(stays, told.filter(pl.col("outcome") == "property_inquiry")).select("stay", checked_on="result_on")
    checks = pl.concat([numbered.select("stay", checked_on="in_from"), asked]).unique().sort("stay", "checked_on")
    spans = checks.with_columns(next_on=pl.col("checked_on").shift(-1).over("stay")).join(numbered, on="stay")
    end = pl.col("in_from").dt.offset_by("5y")
    until = pl.coalesce("next_on", "in_until")
    due = spans.with_columns(
        since=pl.col("checked_on").dt.offset_by("6mo").dt.offset_by("1d"),
        until=pl.when(until <= end).then(until).otherwise(end.dt.offset_by("1d")),
    ).filter(pl.col("since") < pl.col("until"))
    tally.stock("zhongben_recheck_due", grouped(due, BY_CASE), days_of(due["since"]), days_of(due["until"]))


def _count_amounts(spells: Spells, results: pl.DataFrame, tally: Tally) -> None:
    """执行标的到位率 in whole fen, and the closings that it leaves out because nothing was applied for."""
    mine = pl.col("counts_as").is_in(ENFORCEMENT) & pl.col("closed_on").is_not_null()
    closings = spells.frame.filter(mine).with_row_index("at")
    paid = results.filter(pl.col("outcome").is_in(REALISING) & pl.col("amount_realised").is_not_null())
    inside = closings.select("at", "case_key", "opened_on", "closed_on").join(
        paid.select("case_key", "result_on", paid="amount_realised"), on="case_key"
    ).filter(pl.col("result_on").is_between("opened_on", "closed_on"))  # fmt: skip
    sums = inside.group_by("at").agg(pl.col("paid").sum())
    whole = closings.join(sums, on="at", how="left", maintain_order="left").with_columns(
        realised=_fen(pl.coalesce("paid", "amount_realised")).fill_null(0), applied=_fen(pl.col("amount_applied"))
    )
    groups = grouped(whole, {**BY_CASE, "closing_manner": "closing_manner"})
    closed = days_of(whole["closed_on"])
    applied = whole["applied"].fill_null(0).to_numpy()
    tally.flow("realisation_rate", groups, closed, whole["realised"].to_numpy(), applied, of=applied > 0)
    for part, why in {
        "missing": pl.col("applied").is_null(), "negative": pl.col("applied") < 0, "zero": pl.col("applied") == 0,
    }.items():  # fmt: skip
        is_so = whole.select(why.fill_null(False)).to_series().to_numpy()
        tally.flow("enforcement_closed_without_amount", groups, closed, part=part, of=is_so)


def _fen(amount: pl.Expr) -> pl.Expr:
    return (amount * 100).cast(pl.Int64)


def _count_entries(cases: pl.DataFrame, results: pl.DataFrame, tally: Tally) -> None:
    """Petitions received and closed, and audits of 终本 closings, by the day of the entry."""
    mine = cases.filter(pl.col("is_counted") & pl.col("counts_as").is_in(ENFORCEMENT)).select("case_key", *_dimensions())
    told = results.join(mine, on="case_key")
    for name, outcome in {
        "enforcement_petitions_received": "petition_received", "enforcement_petitions_closed": "petition_closed",
    }.items():  # fmt: skip
        entries = told.filter(pl.col("outcome") == outcome)
        tally.flow(name, grouped(entries, BY_CASE), days_of(entries["result_on"]))
    audits = told.filter(pl.col("outcome").is_in(["audit_passed", "audit_failed"]))
    passed = (audits["outcome"] == "audit_passed").to_numpy().astype(np.int64)
    ones = np.ones(audits.height, dtype=np.int64)
    tally.flow("enforcement_target_t2", grouped(audits, BY_CASE), days_of(audits["result_on"]), passed, ones)
