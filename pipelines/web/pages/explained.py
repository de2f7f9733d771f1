"""One figure taken apart: its definition, its formula, the query as run, the rules, and the rows that were counted."""

from __future__ import annotations

from typing import Any

from pipelines.web.visit import Visit
from warehouse.audit.evidence.build import NothingToProve, evidence
from warehouse.audit.evidence.verify import Fault
from warehouse.audit.explain import explain
from warehouse.reading.figure import Asked
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import Unknown

ROWS = 50
"""So many rows stand on a page."""


def show(visit: Visit, rest: str) -> tuple[str, dict[str, Any]]:
    """The figure that the address names.

    Raises:
        Unknown: there is no such figure, or no such page of its rows.
    """
    reader, asked = _named(visit, rest)
    skip = ROWS * (visit.view.page - 1)
    found = explain(visit.court.place, reader, asked, ROWS, skip, visit.court.catalogue_of)
    if skip and skip >= found["rows_total"]:
        raise Unknown(f"[{visit.view.page}] is no page of these rows")
    pages = max(1, -(-found["rows_total"] // ROWS))
    figure = reader.answer(asked)[0]
    definition = found["definition"]
    evidence = visit.view.to(f"evidence/{found['figure_id']}.zip", as_of="")
    return "explain.html", {
        "evidence": evidence,
        "found": found, "figure": figure, "metric": figure.metric, "variant": figure.variant, "definition": definition,
        "pages": pages, "skip": skip, "months": visit.figures(figure.name, where=figure.dims),
        "verdicts": {one["rule_id"]: one for one in reader.snapshot.ask("published/verdicts", {})},
    }  # fmt: skip


def evidence_of(visit: Visit, rest: str, file: str) -> bytes:
    """The evidence bundle of the figure that the address names; `file` is what it will be called.

    Raises:
        Unknown: there is no such figure, it is not published, or what was put together does not hold.
    """
    reader, asked = _named(visit, rest)
    try:
        made = evidence(visit.court.place, reader, asked, file)
    except NothingToProve as nothing:
        raise Unknown(str(nothing)) from None
    except Fault as fault:
        raise Unknown(f"what was put together does not hold: {fault}. Run `caseload verify`") from None
    visit.court.note("bundle", made.figure_id, sha256=made.sha256, refresh_id=reader.snapshot.refresh.id)
    return made.data


def _named(visit: Visit, rest: str) -> tuple[Reader, Asked]:
    """The figure of an address and its own publication."""
    name, _, refresh = rest.partition("@")
    reader = visit.reader
    if refresh and refresh != reader.snapshot.refresh.id:
        known = {one.id: one for one in reader.snapshot.all_refreshes}
        if refresh not in known:
            raise Unknown(f"there is no publication [{refresh}]")
        reader = visit.court.at(reader, known[refresh])
    return reader, reader.parse(name)
