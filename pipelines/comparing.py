"""The commands that say what changed: between two publications, and before one is made."""

from __future__ import annotations

import argparse

from pipelines.desk import Desk, note, print_json, where_of
from warehouse.intake.chronicle import read_chronicle
from warehouse.intake.ledger import Ledger
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import Unknown


def answer_compare(options: argparse.Namespace) -> int:
    """What changed between two publications, with the causes; 1 where they do not add up."""
    from pipelines.reports.compared import compared_json, compared_lines
    from warehouse.audit.compare import Question, compare

    desk = Desk(options)
    by = tuple(name for name in options.by.split(",") if name)
    where = where_of(options, "Ask for one value at a time, or by it: --by {}")
    question = Question(options.metric, options.first, options.last, options.period, options.calendar, by, where)
    with desk.reader(options.earlier) as old, desk.reader(options.later) as new:
        if old.snapshot.refresh.number > new.snapshot.refresh.number:
            old, new = new, old
        earlier, later = old.snapshot.refresh, new.snapshot.refresh
        if earlier.number == later.number:
            raise Unknown(f"[{options.earlier}] and [{options.later}] are the same publication, {later.id}. Name two")
        _require(options.metric, old, new)
        chronicle = read_chronicle(Ledger(desk.place.landing).events())
        found = compare(desk.place, chronicle, old, new, question, note)
    if options.json:
        print_json(compared_json(earlier.id, later.id, found, max(0, options.rows)))
    else:
        print("\n".join(compared_lines(earlier.id, later.id, found, max(0, options.rows), desk.lang)))
        if later.is_synthetic:
            note("synthetic data: made up, not the court's records")
    return 0 if all(one.adds_up for one in found) else 1


def _require(name: str | None, old: Reader, new: Reader) -> None:
    """Refuse a metric that neither publication has."""
    if name is not None:
        try:
            old.snapshot.metric(name)
        except Unknown:
            new.snapshot.metric(name)
