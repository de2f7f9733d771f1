"""Which days new rows touch: those of every row that says something else than the row before it, as it was and as it is."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import polars as pl

from warehouse.recount.docket import Docket
from warehouse.recount.latest import accepted, latest
from warehouse.recount.tally import NEVER, Timeline, days_of

DATED = {
    "cases": ("case_key", ("registered_on", "closed_on", "reopened_on")),
    "registrations": ("application_key", ("received_on", "decided_on", "registered_on")),
    "clock_events": ("event_key", ("from_on", "to_on", "approved_on")),
    "enforcement_results": ("result_key", ("result_on",)),
}
PLACE = {"delivery_no", "record", "line", "place", "is_duplicate", "_is_new"}
"""What says where a row stands, not what it says."""


def touched_periods(docket: Docket, new: Collection[int]) -> dict[str, set[str]]:
    """By calendar: the periods in which a day of a touched row lies, and the last, which time itself touches.

    `new` are the deliveries that came with this refresh. Keys that a new snapshot no longer names are not seen here.
    """
    days = [_days(docket, feeds, new) for feeds in DATED if feeds in docket.rows]
    all_days = np.unique(np.concatenate(days)) if days else np.empty(0, dtype=np.int64)
    touched = {}
    for name, closes_on in docket.calendars.items():
        line = Timeline(name, closes_on, docket.data_from, docket.counting_day)
        periods = {int(p) for p in line.periods(all_days[all_days < NEVER]) if 1 <= p <= line.count}
        touched[name] = {line.ids[period - 1] for period in periods | ({line.count} if line.count else set())}
    return touched


def _days(docket: Docket, feeds: str, new: Collection[int]) -> np.ndarray:
    """The days that touched rows of one table tell, as numbers."""
    key, dates = DATED[feeds]
    rows = accepted(docket, feeds).with_columns(_is_new=pl.col("delivery_no").is_in(list(new)))
    came = latest(rows.filter("_is_new"), key).collect()
    if came.is_empty():
        return np.empty(0, dtype=np.int64)
    stood = latest(rows.filter(~pl.col("_is_new")).join(came.lazy().select(key), on=key, how="semi"), key).collect()
    content = [column for column in came.columns if column not in PLACE]
    told = came.join(stood, on=content, how="anti", nulls_equal=True)
    was = stood.join(told.select(key), on=key, how="semi")
    return np.concatenate([days_of(frame[column]) for frame in (told, was) for column in dates])
