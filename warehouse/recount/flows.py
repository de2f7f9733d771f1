"""Flows and stocks of cases (dictionary, M01 to M04, M16, M18 and section 9)."""

from __future__ import annotations

import numpy as np
import polars as pl

from warehouse.recount.tally import NEVER, Groups, Numbers, Tally, days_of, grouped

BY_CASE = {
    "court": "court_code", "family": "family", "counts_as": "counts_as", "case_type": "type_code", "procedure": "procedure",
    "bench": "bench_code", "judge": "judge_code",
}  # fmt: skip
BY_CLOSING = {**BY_CASE, "closing_manner": "closing_manner"}

AGES = (("0-30", 0, 31), ("31-90", 31, 91), ("91-180", 91, 181), ("181-365", 181, 366), ("366-540", 366, 541),
        ("541-1095", 541, 1096), ("over-1095", 1096, NEVER))  # fmt: skip
"""M18: the part, the first day of age that is in it, and the first that is not."""
LONG = (12, 18, 24, 36)
"""M16: months without any deduction."""

METRICS = ("filed", "reopened", "closed", "pending_start", "pending_end", "pending_age_buckets",
           *(f"long_pending_{months}m" for months in LONG), "mediations_filed", "mediations_closed", "mediations_pending_start",
           "mediations_pending_end")  # fmt: skip


class Spells:
    """The spells of counted cases as arrays: days as numbers, and the groups that they are counted by."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame
        self.opened = days_of(frame["opened_on"])
        self.closed = days_of(frame["closed_on"])
        self.is_reopening = frame["is_reopening"].to_numpy()
        self.groups = grouped(frame, BY_CASE)
        self.closings = grouped(frame, BY_CLOSING)

    def where(self, predicate: pl.Expr) -> Numbers:
        """Which of them fulfil it; null is no."""
        return self.frame.select(predicate.fill_null(False)).to_series().to_numpy()

    def months_on(self, months: int) -> Numbers:
        """The day so many months after opening: the same day of the month, or its last (TL-R2)."""
        return days_of(self.frame["opened_on"].dt.offset_by(f"{months}mo"))


def count_flows(spells: Spells, tally: Tally) -> None:
    """新收, 重开, 结案, and the stock between them."""
    tally.flow("filed", spells.groups, spells.opened, of=~spells.is_reopening)
    tally.flow("reopened", spells.groups, spells.opened, of=spells.is_reopening)
    tally.flow("closed", spells.closings, spells.closed)
    tally.stock("pending_start", spells.groups, spells.opened, spells.closed, at_start=True)
    tally.stock("pending_end", spells.groups, spells.opened, spells.closed)


def count_ages(spells: Spells, tally: Tally) -> None:
    """未结案龄 by days since opening, and 长期未结 by months."""
    groups: Groups = spells.groups
    for part, first, past in AGES:
        until = spells.closed if past == NEVER else np.minimum(spells.closed, spells.opened + past)
        tally.stock("pending_age_buckets", groups, spells.opened + first, until, part=part, of=until > spells.opened + first)
    for months in LONG:
        tally.stock(f"long_pending_{months}m", groups, spells.months_on(months), spells.closed)


def count_mediations(cases: pl.DataFrame, tally: Tally) -> None:
    """诉前调 records, from registration to their last end: they have no spells."""
    records = cases.filter("is_mediation")
    groups, opened, closed = grouped(records, BY_CASE), days_of(records["registered_on"]), days_of(records["closed_on"])
    tally.flow("mediations_filed", groups, opened)
    tally.flow("mediations_closed", grouped(records, BY_CLOSING), closed)
    tally.stock("mediations_pending_start", groups, opened, closed, at_start=True)
    tally.stock("mediations_pending_end", groups, opened, closed)
