"""The commands that a person decides by: whether a figure changed, how long cases last, what to expect, what is needed."""

from __future__ import annotations

import argparse

from pipelines.desk import Desk, note, print_json, where_of
from warehouse.reading.snapshot import Snapshot

SINGLE = "Ask for one value at a time"


def answer_trend(options: argparse.Namespace) -> int:
    """The months of a metric on a control chart."""
    from pipelines.reports.trends import trends_lines
    from warehouse.reading.trend import trend

    desk = Desk(options)
    by = tuple(name for name in options.by.split(",") if name)
    where = where_of(options, f"{SINGLE}, or by it: --by {{}}")
    with desk.reader(options.as_of) as reader:
        found = trend(reader, options.metric, first=options.first, last=options.last, calendar=options.calendar, by=by,
                      where=where, breaks=options.breaks)  # fmt: skip
        if options.json:
            print_json([one.as_json() for one in found])
        else:
            print("\n".join(trends_lines(found, desk.lang)))
            _say_synthetic(reader.snapshot)
    return 0


def _say_synthetic(snap: Snapshot) -> None:
    if snap.refresh.is_synthetic:
        note("synthetic data: made up, not the court's records")
