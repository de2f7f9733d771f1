"""The commands that a person decides by: whether a figure changed, how long cases last, what to expect, what is needed."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines.desk import Desk, note_synthetic, print_json, where_of

if TYPE_CHECKING:
    from warehouse.reading.scope import Scope

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
            note_synthetic(reader.snapshot.refresh)
    return 0


def answer_survival(options: argparse.Namespace) -> int:
    """How long the cases of a cohort last, pending ones among them."""
    from pipelines.reports.survived import survival_lines
    from warehouse.reading.survival import survival

    desk = Desk(options)
    with _scope(desk) as of:
        found = survival(of, options.first, options.last)
        if options.json:
            print_json(found.as_json())
        else:
            print("\n".join(survival_lines(found, desk.lang)))
            note_synthetic(of.reader.snapshot.refresh)
    return 0


def answer_forecast(options: argparse.Namespace) -> int:
    """Filings, closings and pending cases of the coming months, with the errors of past forecasts."""
    from pipelines.reports.forecasts import forecast_lines
    from warehouse.reading.forecast import forecast

    desk = Desk(options)
    with _scope(desk) as of:
        found = forecast(of, options.months)
        if options.json:
            print_json(found.as_json())
        else:
            print("\n".join(forecast_lines(found, desk.lang)))
            note_synthetic(of.reader.snapshot.refresh)
    return 0


def answer_plan(options: argparse.Namespace) -> int:
    """What clears the backlog, and by when."""
    from pipelines.reports.planned import plan_lines
    from warehouse.reading.plan import plan

    desk = Desk(options)
    with _scope(desk) as of:
        found = plan(of, closings=options.closings, until=options.until, left=options.left)
        if options.json:
            print_json(found.as_json())
        else:
            print("\n".join(plan_lines(found, desk.lang)))
            note_synthetic(of.reader.snapshot.refresh)
    return 0


@contextmanager
def _scope(desk: Desk) -> Iterator[Scope]:
    """The cases asked for, as they were known at the publication asked for."""
    from warehouse.audit.explain import knowledge
    from warehouse.reading.scope import scope
    from warehouse.refresh.bundles import catalogue_of

    where = where_of(desk.options, SINGLE)
    with desk.reader(desk.options.as_of) as reader:
        snap = reader.snapshot
        if snap.refresh.number == snap.all_refreshes[-1].number:
            yield scope(reader, snap.connection, where)
            return
        with catalogue_of(desk.place, snap.refresh.bundle) as catalogue, knowledge(reader, catalogue) as connection:
            yield scope(reader, connection, where)
