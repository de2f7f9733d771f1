"""What clocks are counted for: closings within limits, what is over or nearly, and inactive status (M13 to M15, M20, M36)."""

from __future__ import annotations

import numpy as np
import polars as pl

from warehouse.recount.clocks import Reckoning, Spans, events_of
from warehouse.recount.docket import Docket
from warehouse.recount.flows import Spells
from warehouse.recount.runs import Runs, merged, without
from warehouse.recount.shares import ENFORCEMENT
from warehouse.recount.tally import NEVER, Groups, Numbers, Tally, days_of

SOON = {"due_soon": 30, "due_soon.in_10_days": 10}
SIX_MONTHS = 6
METRICS = (
    "within_base_limit_rate", "within_lawful_limit_rate", "closed_without_limit", "overdue_pending", "due_soon",
    "enforcement_overdue", "enforcement_target_t1", "mean_days_closed", "pending_inactive", "placed_inactive", "reactivated",
)  # fmt: skip


def count_limits(docket: Docket, spells: Spells, decisions: pl.DataFrame | None, results: pl.DataFrame, tally: Tally) -> None:
    """Everything that clocks decide. Without a source of clock events every clock runs through."""
    events = events_of(docket, spells)
    reckoning = Reckoning(docket, spells, events, decisions)
    spans = reckoning.spans()
    suspended = _suspended(reckoning)
    _count_closings(results, spells, reckoning, spans, tally)
    _count_overdue(spells, spans, suspended, tally)
    _count_enforcement(spells, spans, tally)
    _count_inactive(spells, suspended, tally)


def _of(spells: Spells, rows: Numbers) -> Groups:
    """The groups of spells for things that belong to them."""
    return Groups(spells.groups.of[rows], spells.groups.dimensions)


def _count_closings(results: pl.DataFrame, spells: Spells, reckoning: Reckoning, spans: Spans, tally: Tally) -> None:
    """Closings within the base and the lawful limit, those without a limit, T1, and days from opening to closing."""
    ones = np.ones(len(spells.closed), dtype=np.int64)
    last = np.flatnonzero(spans.is_last)
    within = {}
    for name, due in (("base", spans.base_due), ("lawful", spans.lawful_due)):
        due_of = np.full(len(spells.closed), NEVER, dtype=np.int64)
        due_of[spans.of[last]] = due[last]
        has, within[name] = due_of < NEVER, (spells.closed <= due_of).astype(np.int64)
        tally.flow(f"within_{name}_limit_rate", spells.closings, spells.closed, within[name], ones, of=has)
    tally.flow("closed_without_limit", spells.closings, spells.closed, of=~has)
    found = results.filter(pl.col("property_found")).group_by("case_key").agg(pl.col("result_on").min())
    known = spells.frame.select("case_key").join(found, on="case_key", how="left", maintain_order="left")
    mine = spells.where(pl.col("counts_as").is_in(ENFORCEMENT)) & (days_of(known["result_on"]) <= spells.closed)
    enforced = spells.where(pl.col("effect") == "enforced") & has & (within["lawful"] == 1)
    tally.flow("enforcement_target_t1", spells.closings, spells.closed, enforced.astype(np.int64), ones, of=mine)
    days = reckoning.closed - reckoning.opened
    tally.flow("mean_days_closed", spells.closings, spells.closed, days, ones)
    tally.flow("mean_days_closed.net", spells.closings, spells.closed, days - stopped_days(reckoning), ones)


def stopped_days(reckoning: Reckoning) -> Numbers:
    """Days deducted or suspended after the opening, each once; notices from whose end a clock runs are none."""
    by_notice = reckoning.is_by_notice
    days = np.zeros(reckoning.count, dtype=np.int64)
    for runs, counts in ((reckoning.stops, ~by_notice), (reckoning.stops_but_notices, by_notice)):
        mine = counts[runs.of]
        first = np.maximum(runs.first, reckoning.opened[runs.of] + 1)
        np.add.at(days, runs.of[mine], (runs.last - first + 1)[mine])
    return days


def _count_overdue(spells: Spells, spans: Spans, suspended: Runs, tally: Tally) -> None:
    """超审限未结, the days of suspension cut out, and what will be over soon."""
    at = np.flatnonzero(spans.lawful_due < NEVER)
    of, due = spans.of[at], spans.lawful_due[at]
    end = np.minimum(spans.governs_until[at], spells.closed[of])
    rows, since, until = without(of, np.maximum(due + 1, spans.governs_from[at]), end, suspended)
    tally.stock("overdue_pending", _of(spells, of[rows]), since, until)
    groups = _of(spells, of)
    for name, days in SOON.items():
        tally.stock(name, groups, np.maximum(due - days, spans.governs_from[at]), np.minimum(due + 1, end))


def _count_enforcement(spells: Spells, spans: Spans, tally: Tally) -> None:
    """超期未执结: past the lawful limit, or past six months without deductions."""
    mine = spells.where(pl.col("counts_as").is_in(ENFORCEMENT))
    at = np.flatnonzero((spans.lawful_due < NEVER) & mine[spans.of])
    of = spans.of[at]
    since = np.maximum(spans.lawful_due[at] + 1, spans.governs_from[at])
    tally.stock("enforcement_overdue", _of(spells, of), since, np.minimum(spans.governs_until[at], spells.closed[of]))
    late = spells.months_on(SIX_MONTHS)
    tally.stock("enforcement_overdue.without_deductions", spells.groups, late + 1, spells.closed, of=mine)


def _suspended(reckoning: Reckoning) -> Runs:
    """The days on which spells were suspended (中止), also as a deduction for it; without an end it goes on."""
    told = reckoning.events.filter(pl.col("kind").is_in(["suspension", "deduction"]) & (pl.col("reason") == "suspension"))
    of = told["spell"].to_numpy()
    begins = days_of(told["from_on"]).astype(np.int64)
    first = np.maximum(begins, reckoning.opened[of])
    last = np.minimum(days_of(told["to_on"]).astype(np.int64), reckoning.closed[of])
    there = (first <= last) & (begins <= reckoning.until[of])
    return merged(of[there], first[there], last[there], reckoning.count)


def _count_inactive(spells: Spells, suspended: Runs, tally: Tally) -> None:
    """Inactive status: placed on it on the first day, back on the day after the last, or on the day of closing."""
    of, closed = suspended.of, spells.closed[suspended.of]
    back = np.where(suspended.last < closed, suspended.last + 1, closed)
    groups, counts = _of(spells, of), suspended.first < back
    tally.stock("pending_inactive", groups, suspended.first, back, of=counts)
    tally.flow("placed_inactive", groups, suspended.first, of=counts)
    tally.flow("reactivated", groups, back, of=counts)
