"""How cases ended, under which procedure, and after how long (dictionary, M20 to M22, M26 to M28)."""

from __future__ import annotations

import numpy as np
import polars as pl

from warehouse.recount.flows import Spells
from warehouse.recount.tally import Tally

ENFORCEMENT = ("enforcement_first", "enforcement_resumed")
"""首次执行 and 执恢: 执保 and enforcement review are no part of the enforcement figures (section 6)."""
METRICS = (
    "mediation_withdrawal_rate", "mediation_rate", "withdrawal_rate", "simplified_share", "small_claims_share",
    "enforcement_filed", "enforcement_resumed", "enforcement_closed", "enforcement_completion_rate",
    "first_enforcement_zhongben_share",
)  # fmt: skip


def count_shares(spells: Spells, tally: Tally) -> None:
    """Shares of the closings of civil first instance by how they ended and by procedure."""
    civil = spells.where(pl.col("counts_as") == "civil_first")
    ones = np.ones(len(civil), dtype=np.int64)
    effect, deemed = pl.col("effect"), pl.col("closing_manner") == "deemed_withdrawal"
    is_mediated = spells.where((effect == "mediation") & ~deemed.fill_null(False))
    is_withdrawn = spells.where((effect == "withdrawal") & ~deemed.fill_null(False))
    is_deemed = spells.where(deemed)
    for name, ended in {
        "mediation_withdrawal_rate": is_mediated | is_withdrawn | is_deemed,
        "mediation_withdrawal_rate.without_deemed": is_mediated | is_withdrawn,
        "mediation_rate": is_mediated,
        "withdrawal_rate": is_withdrawn | is_deemed,
        "withdrawal_rate.without_deemed": is_withdrawn,
    }.items():
        tally.flow(name, spells.groups, spells.closed, ended.astype(np.int64), ones, of=civil)
    for name, procedures in {
        "simplified_share": ["simplified"],
        "simplified_share.with_small_claims": ["simplified", "small_claims"],
        "small_claims_share": ["small_claims"],
    }.items():
        under = spells.where(pl.col("procedure").is_in(procedures))
        tally.flow(name, spells.closings, spells.closed, under.astype(np.int64), ones, of=civil)


def count_enforcement_flows(spells: Spells, tally: Tally) -> None:
    """Enforcement filed and closed, and the shares of its closings."""
    mine = spells.where(pl.col("counts_as").is_in(ENFORCEMENT))
    ones = np.ones(len(mine), dtype=np.int64)
    resumed = spells.where(pl.col("counts_as") == "enforcement_resumed")
    first = spells.where(pl.col("counts_as") == "enforcement_first")
    tally.flow("enforcement_filed", spells.groups, spells.opened, of=mine & ~spells.is_reopening)
    tally.flow("enforcement_resumed", spells.groups, spells.opened, of=resumed & ~spells.is_reopening)
    tally.flow("enforcement_closed", spells.closings, spells.closed, of=mine)
    enforced = spells.where(pl.col("effect") == "enforced").astype(np.int64)
    zhongben = spells.where(pl.col("effect") == "zhongben").astype(np.int64)
    tally.flow("enforcement_completion_rate", spells.closings, spells.closed, enforced, ones, of=mine)
    tally.flow("enforcement_completion_rate.complement", spells.closings, spells.closed, 1 - zhongben, ones, of=mine)
    tally.flow("first_enforcement_zhongben_share", spells.closings, spells.closed, zhongben, ones, of=first)
