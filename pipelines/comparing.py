"""The commands that say what changed: between two publications, and before one is made."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from pipelines.desk import Desk, note, note_synthetic, print_json, where_of
from warehouse.intake.chronicle import read_chronicle
from warehouse.intake.ledger import Ledger
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import Unknown

if TYPE_CHECKING:  # they take time to load, and every command comes by here
    from warehouse.catalogue.bundle import Catalogue
    from warehouse.refresh.shrink import Acceptance
    from warehouse.refresh.work import Refreshing
    from warehouse.store.place import Place


def answer_compare(options: argparse.Namespace) -> int:
    """What changed between two publications, with the causes; 1 where they do not add up."""
    from pipelines.reports.compared import compared_json, compared_lines
    from warehouse.audit.changed import Question
    from warehouse.audit.compare import compare

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
        note_synthetic(later)
    return 0 if all(one.adds_up for one in found) else 1


def answer_bridge(options: argparse.Namespace) -> int:
    """What lies between two figures that people confuse; 1 where the terms do not add up."""
    from pipelines.reports.bridged import bridged_json, bridged_lines
    from warehouse.audit.bridge import bridge, in_days

    desk = Desk(options)
    named = list(dict.fromkeys(refresh for _, _, refresh in (f.partition("@") for f in options.figures) if refresh))
    if len(named) > 1:
        raise Unknown(f"the figures are of two publications, {' and '.join(named)}. Name one, or see `caseload compare`")
    with desk.reader(named[0] if named else options.as_of) as reader:
        before, after = (reader.parse(figure) for figure in options.figures)
        found = bridge(reader, before, after, partial(in_days, desk.place, reader))
        if options.json:
            print_json(bridged_json(found))
        else:
            print("\n".join(bridged_lines(found, desk.lang)))
            note_synthetic(reader.snapshot.refresh)
    return 0 if found.adds_up else 1


def preview(desk: Desk, catalogue: Catalogue, accepts: Acceptance | None) -> int:
    """What a refresh would publish, against what is published now, closed years that wait for a person among it."""
    from dataclasses import replace
    from datetime import datetime
    from getpass import getuser
    from zoneinfo import ZoneInfo

    from pipelines.settings import program_version
    from warehouse.refresh.aside import aside
    from warehouse.refresh.begin import refreshing
    from warehouse.refresh.run import run_steps
    from warehouse.refresh.shrink import Acceptance

    desk.bring_up_to_date()
    now = datetime.now(ZoneInfo(catalogue.profile.settings.time_zone))
    accepts = replace(accepts or Acceptance(getuser(), "a preview"), revision=True)
    with aside(desk.place) as place:
        with refreshing(place, catalogue, now, program_version(), note, None, accepts) as work:
            work.land()
            before = work.chronicle().last
            made = run_steps(work) if work.has_news and not _is_all_refused(work) else None
            for refused in work.landed.refused:
                print(f"would be refused: {refused.reason}")
        if made is None:
            print("nothing would be published: there is nothing new that can be taken")
        elif before is None:
            print("nothing is published yet: `caseload refresh` would publish the first figures")
        else:
            for event in Ledger(place.landing).events()[-3:]:
                for moved in event.get("moved", ()):
                    print(f"a closed year moves far, `caseload refresh --accept-revision` would be needed: {moved}")
                for drifted in event.get("drifted", ()):
                    print("a closed year drifts, which withholds the figure for one publication but with "
                          f"`caseload refresh --accept-revision`: {drifted}")  # fmt: skip
            print("\n".join(_changes(desk, place, before.id, made)))
    note("a preview: nothing was published, and the ledger is as it was")
    return 0


def _is_all_refused(work: Refreshing) -> bool:
    """After reading: whether nothing new can be taken."""
    for source in work.catalogue.profile.contracts:
        work.stage(source)
    return work.gives_up_empty()


def _changes(desk: Desk, place: Place, earlier: str, later: str) -> list[str]:
    from pipelines.reports.compared import compared_lines
    from warehouse.audit.changed import Question
    from warehouse.audit.compare import compare
    from warehouse.reading.snapshot import snapshot

    calendars = desk.profile.calendars
    with snapshot(place.warehouse, earlier) as old, snapshot(place.warehouse, later) as new:
        chronicle = read_chronicle(Ledger(place.landing).events())
        found = compare(place, chronicle, Reader(old, calendars), Reader(new, calendars), Question(), note)
    return compared_lines(earlier, later, found, 3, desk.lang)


def _require(name: str | None, old: Reader, new: Reader) -> None:
    """Refuse a metric that neither publication has."""
    if name is not None:
        try:
            old.snapshot.metric(name)
        except Unknown:
            new.snapshot.metric(name)
