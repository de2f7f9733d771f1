"""All steps of a refresh in order, without Dagster: for replays and for tests. The nightly job is made of assets."""

from __future__ import annotations

from warehouse.refresh.count import count_metrics, judge, keep_cells, load_reference, make_table, set_aside
from warehouse.refresh.drift import watch
from warehouse.refresh.order import model_tables
from warehouse.refresh.publish import make_published, publish
from warehouse.refresh.work import Refreshing


def run_steps(work: Refreshing) -> str:
    """Read, stage, set aside, model, count, judge, watch, publish; the refresh id.

    Raises:
        NotPublished: see `publish`.
    """
    for source in work.catalogue.profile.contracts:
        work.read(source)
        work.stage(source)
    load_reference(work)
    set_aside(work)
    for name in model_tables(work.catalogue):
        make_table(work, name)
    count_metrics(work, work.catalogue.stored_metrics.values())
    keep_cells(work)
    judge(work)
    watch(work)
    for name in work.catalogue.shown:
        make_table(work, name)
    make_published(work)
    return publish(work)
