"""The worklist: what was found, who sees to it, how old it is; the three shares that should reach 100 %, and the months."""

from __future__ import annotations

from typing import Any

from pipelines.reports.worklist import BARE
from pipelines.web.visit import Visit
from pipelines.web.words import N_
from warehouse.audit.worklist import worklist
from warehouse.reading.findings import STATUSES, shares_of
from warehouse.reading.quality_history import history
from warehouse.reading.snapshot import Unknown

ROWS = 50
NAMES = {
    "open": N_("open"), "accepted": N_("accepted for a while"), "rectified": N_("came right"), "completed": N_("completed"),
    "all": N_("all"),
}  # fmt: skip


def show(visit: Visit, rest: str) -> tuple[str, dict[str, Any]]:
    """Findings by `param.status` (open ones where none is named), `param.rule`, `param.bench`, in the order of their numbers.

    Raises:
        Unknown: there is nothing below this page, no such status, or no such page of rows.
    """
    if rest:
        raise Unknown(f"there is no page [{rest}]")
    view = visit.view
    status = view.given.get("status", "open")
    if status not in (*STATUSES, "all"):
        raise Unknown(f"there is no status [{status}]. There are {', '.join(NAMES)}")
    found, rules = worklist(visit.court.place, visit.reader, bool(view.as_of), visit.court.catalogue_of)
    rule, bench = view.given.get("rule"), view.given.get("bench")
    chosen = [
        one for one in found if status in ("all", one.status) and rule in (None, one.rule_id) and bench in (None, one.bench)
    ]
    skip = ROWS * (view.page - 1)
    if skip and skip >= len(chosen):
        raise Unknown(f"[{view.page}] is no page of these rows")
    return "findings.html", {
        "shares": shares_of(found).as_json(), "rules": rules, "names": NAMES, "status": status, "rule": rule, "bench": bench,
        "bare": BARE,
        "rule_ids": sorted({one.rule_id for one in found}), "benches": sorted({one.bench for one in found if one.bench}),
        "counts": {name: sum(one.status == name for one in found) for name in STATUSES}, "total": len(chosen),
        "rows": chosen[skip : skip + ROWS], "pages": max(1, -(-len(chosen) // ROWS)), "months": history(visit.reader.snapshot),
    }  # fmt: skip
