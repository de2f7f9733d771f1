"""Every metric that has a second implementation, and the one way to count them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from warehouse.recount import enforcement, flows, limits, registrations, shares
from warehouse.recount.cases import cases_of, spells_of, told
from warehouse.recount.docket import Docket
from warehouse.recount.flows import Spells
from warehouse.recount.tally import Tally, Timeline

RECOUNTED = frozenset({*flows.METRICS, *registrations.METRICS, *shares.METRICS, *enforcement.METRICS, *limits.METRICS})
"""The metrics that are counted here, all their readings."""


def recount(docket: Docket, wanted: Mapping[str, Collection[str]] | None = None) -> pl.DataFrame:
    """The cells of every metric of `RECOUNTED`, in the periods `wanted` by calendar; None for all.

    Columns: metric, variant, calendar_id, period_id, the base dimensions, part, numerator, denominator.
    """
    lines = [Timeline(name, closes_on, docket.data_from, docket.counting_day) for name, closes_on in docket.calendars.items()]
    tally = Tally(lines, wanted)
    if "cases" in docket.rows:
        rows = told(docket)
        cases = cases_of(docket, rows)
        spells = Spells(spells_of(docket, cases, rows))
        tally.know(spells.opened, spells.closed)
        flows.count_flows(spells, tally)
        flows.count_ages(spells, tally)
        flows.count_mediations(cases, tally)
        shares.count_shares(spells, tally)
        shares.count_enforcement_flows(spells, tally)
        results, decisions = enforcement.results_of(docket), registrations.decisions_of(docket)
        enforcement.count_enforcement(docket, cases, spells, results, tally)
        limits.count_limits(docket, spells, decisions, results, tally)
        if decisions is not None:
            registrations.count_registrations(docket, decisions, cases, tally)
    return tally.cells()
