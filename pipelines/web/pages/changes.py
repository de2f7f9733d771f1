"""What changed from one publication to another: the headline figures of all data, with the causes, which add up."""

from __future__ import annotations

import re
from typing import Any

from pipelines.reports.compared import KINDS
from pipelines.web.visit import Visit
from warehouse.audit.changed import Question
from warehouse.audit.compare import compare
from warehouse.intake.chronicle import read_chronicle
from warehouse.intake.ledger import Ledger
from warehouse.reading.figures import headline
from warehouse.reading.snapshot import Unknown


def show(visit: Visit, rest: str) -> tuple[str, dict[str, Any]]:
    """The change between two publications that the address names as r000001..r000002.

    Raises:
        Unknown: they are not two publications, the earlier one first.
    """
    named = re.fullmatch(r"(r\d{6})\.\.(r\d{6})", rest)
    known = {one.id: one for one in visit.reader.snapshot.all_refreshes}
    if not named or any(one not in known for one in named.groups()) or named[1] >= named[2]:
        raise Unknown(f"[{rest}] names no two publications, the earlier one first, as r000001..r000002")
    old, new = (visit.court.at(visit.reader, known[one]) for one in named.groups())
    chronicle = read_chronicle(Ledger(visit.court.place.landing).events())
    found = []
    for name in headline(new.snapshot):
        if new.snapshot.applies(new.snapshot.metrics[name]):
            found += compare(visit.court.place, chronicle, old, new, Question(name, kind="range"))
    return "changes.html", {"found": found, "old": old.snapshot.refresh, "new": new.snapshot.refresh, "kinds": KINDS}
