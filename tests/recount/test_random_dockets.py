"""Random small dockets: both engines agree, what comes in and goes out balances, and the order of arrival does not matter.

A docket is a court: 100 of them are drawn and counted at a time. `CASELOAD_DOCKETS` gives the number of draws (2 by default).
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from random import Random

import polars as pl
from hypothesis import HealthCheck, Phase, settings
from hypothesis import given as generated
from hypothesis import strategies as st

from tests.recount.random_dockets import COUNTING_DAY, DATA_FROM, draw
from warehouse.quality.agree import agree
from warehouse.recount.every import RECOUNTED, recount

DRAWS, COURTS = int(os.environ.get("CASELOAD_DOCKETS", "2")), 100
SEEDS = st.integers(0, 2**32)
SHARED = settings(
    max_examples=DRAWS,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
CELL = ("metric", "variant", "calendar_id", "period_id", "court", "family", "counts_as", "case_type", "procedure", "bench", "judge",
        "population", "channel", "closing_manner", "part", "numerator", "denominator")  # fmt: skip
SCOPE = ("calendar_id", "period_id", "court", "family", "case_type")


def shown(differences: pl.DataFrame) -> str:
    """The first differences, for a person to look into."""
    return "\n".join(str(row) for row in differences.head(10).rows(named=True))


def balances(cells: pl.DataFrame) -> pl.DataFrame:
    """Scopes and periods in which what comes in and goes out does not add up to what is left, or is not carried over."""
    signs = {"pending_start": 1, "filed": 1, "reopened": 1, "closed": -1, "pending_end": -1}
    sign = pl.col("metric").replace_strict(signs, default=0, return_dtype=pl.Int64)
    rest = cells.group_by(SCOPE).agg(rest=(pl.col("numerator") * sign).sum())
    ends = cells.filter(metric="pending_end").with_columns(
        period_id=(pl.col("period_id") + "-01").str.to_date().dt.offset_by("1mo")
    )
    starts = cells.filter(metric="pending_start").with_columns(period_id=(pl.col("period_id") + "-01").str.to_date())
    first = pl.col("period_id").min().over("calendar_id")
    known = starts.group_by("calendar_id").agg(last=pl.col("period_id").max())
    ends = ends.join(known, on="calendar_id").filter(pl.col("period_id") <= pl.col("last"))
    carried = pl.concat([
        ends.group_by(SCOPE).agg(rest=pl.sum("numerator")),
        starts.filter(pl.col("period_id") > first).group_by(SCOPE).agg(rest=-pl.sum("numerator")),
    ]).group_by(SCOPE).agg(pl.sum("rest")).with_columns(period_id=pl.col("period_id").cast(pl.String))  # fmt: skip
    return pl.concat([rest, carried]).filter(pl.col("rest") != 0)


@SHARED
@generated(seed=SEEDS, kind=st.sampled_from(["delta", "snapshot"]), drops=st.booleans())
def test_both_engines_count_the_same_and_what_they_count_balances(engines, seed, kind, drops):
    engines.take(draw(Random(seed), COURTS, kind), COUNTING_DAY, DATA_FROM, drops)
    counted, again = engines.counted(), recount(engines.docket())
    found = agree(counted, again, list(engines.bench.catalogue.stored_metrics))
    assert found.differences.height == 0, shown(found.differences)
    assert found.cells > 100 * COURTS
    assert balances(counted).height == balances(again).height == 0, shown(balances(counted))


@settings(parent=SHARED, max_examples=1)
@generated(seed=SEEDS)
def test_months_add_up_to_the_rows_of_the_whole_range(engines, seed):
    sent = draw(Random(seed), COURTS, "delta", corrected=False)
    engines.take(sent, COUNTING_DAY, DATA_FROM)
    cells = engines.counted(["filed", "closed"]).filter(calendar_id="cal_month")
    latest = {}
    for one in sorted((one for one in sent if one.feeds == "cases"), key=lambda one: (one.extract_on, one.rank)):
        latest |= {row["case_key"]: row for row in one.rows if row["case_key"] not in one.aside}
    counted = [row for row in latest.values() if not row["is_void"] and row["type_code"] not in ("民辖", "诉前调")]
    for metric, column in (("filed", "registered_on"), ("closed", "closed_on")):
        rows = [row for row in counted if metric == "filed" or not row["reopened_on"]]
        inside = [row["court_code"] for row in rows if row[column] and DATA_FROM <= row[column] <= COUNTING_DAY]
        one_spell = {row["court_code"] for row in counted} - {row["court_code"] for row in counted if row["reopened_on"]}
        courts = one_spell if metric == "closed" else {row["court_code"] for row in counted}
        by_court = dict(cells.filter(metric=metric).group_by("court").agg(pl.sum("numerator")).rows())
        told = Counter(court for court in inside if court in courts)
        assert {court: number for court, number in by_court.items() if court in courts} == told, metric


@settings(parent=SHARED, max_examples=1)
@generated(seed=SEEDS, kind=st.sampled_from(["delta", "snapshot"]))
def test_order_and_splitting_of_deliveries_do_not_matter(engines, seed, kind):
    random = Random(seed)
    sent = draw(random, COURTS, kind)
    engines.take(sent, COUNTING_DAY, DATA_FROM, drops_missing=True)
    metrics = list(engines.bench.catalogue.stored_metrics)
    expected, again = engines.counted().select(CELL), recount(engines.docket()).select(CELL)
    # a snapshot in two halves would say that the other half is gone, and is left whole
    halves = [
        replace(one, rank=2 * one.rank + half, rows=one.rows[half::2])
        for one in sent
        for half in (0, 1)
        if one.kind != "snapshot"
    ] + [replace(one, rank=2 * one.rank) for one in sent if one.kind == "snapshot"]
    shuffled = [replace(one, refresh=random.randint(1, 2)) for one in random.sample(halves, len(halves))]
    engines.take(shuffled, COUNTING_DAY, DATA_FROM, drops_missing=True)
    by_sql = agree(expected, engines.counted(), metrics).differences
    assert by_sql.height == 0, f"the SQL counts by the order of arrival:\n{shown(by_sql)}"
    by_second = agree(again, recount(engines.docket()), metrics).differences
    assert by_second.height == 0, f"the second engine counts by the order of arrival:\n{shown(by_second)}"


def test_the_draw_hits_what_it_is_made_for(engines):
    engines.take(draw(Random(1), COURTS, "snapshot"), COUNTING_DAY, DATA_FROM, drops_missing=True)
    rows = engines.counted()
    metrics = set(engines.bench.catalogue.stored_metrics)
    assert metrics == set(rows["metric"]) == RECOUNTED, metrics ^ set(rows["metric"])
    asked = (
        "select count(*) from model.cases where not is_counted",
        "select count(*) from model.corrections where status = 'applied'",
    )
    assert min(engines.frame(sql).item() for sql in asked) > 5
