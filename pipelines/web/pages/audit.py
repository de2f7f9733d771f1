"""What auditors ask beyond figures: the library of lists, each with its parameters and rows, and where the other ways stand."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipelines.reports.audited import numbers_in, write_listed
from pipelines.web.visit import Visit
from warehouse.audit.library import Listed, audit_query, listed
from warehouse.catalogue.audit_query import AuditQuery, read_audit_queries
from warehouse.intake.access import access_log
from warehouse.reading.snapshot import Unknown

ROWS = 50


def show(visit: Visit, rest: str) -> tuple[str, dict[str, Any]]:
    """The library, or the list that is named.

    Raises:
        Unknown: there is no such list, or no such page of it.
    """
    snap = visit.reader.snapshot
    if not rest:
        with visit.court.catalogue_of(visit.court.place, snap.refresh.bundle) as catalogue:
            library = [one for one in read_audit_queries().values() if one.applies(catalogue)]
        return "audit.html", {"library": library}
    query, found, wrong = _asked(visit, rest)
    rows = found.rows if found else ()
    skip = ROWS * (visit.view.page - 1)
    if skip and skip >= len(rows):
        raise Unknown(f"[{visit.view.page}] is no page of these rows")
    return "listed.html", {
        "query": query, "wrong": wrong, "values": found.values if found else visit.view.given, "total": len(rows),
        "rows": rows[skip : skip + ROWS], "skip": skip,
        "numbers": numbers_in(rows, len(query.columns)), "pages": max(1, -(-len(rows) // ROWS)),
        "workbook": visit.view.href(path=f"audit/{query.id}.xlsx", page=1, as_of=snap.refresh.id),
    }  # fmt: skip


def workbook(visit: Visit, name: str) -> bytes:
    """All rows of a list, as `caseload audit NAME --output` writes them.

    Raises:
        Unknown: there is no such list, or a parameter is wrong.
    """
    _, found, wrong = _asked(visit, name)
    if found is None:
        raise Unknown(wrong)
    with TemporaryDirectory() as folder:
        target = Path(folder) / "listed.xlsx"
        write_listed(found, visit.reader.snapshot.refresh, visit.view.lang, target)
        return target.read_bytes()


def _asked(visit: Visit, name: str) -> tuple[AuditQuery, Listed | None, str]:
    """The query, its rows, and why there are none; on record before it is answered."""
    court, snap = visit.court, visit.reader.snapshot
    with court.catalogue_of(court.place, snap.refresh.bundle) as catalogue:
        query = audit_query(name, catalogue)
        try:
            values = query.values(visit.view.given)
        except ValueError as error:
            return query, None, str(error)
        shown = {key: str(value) for key, value in values.items()}
        court.note("audit", query.id, parameters=shown, refresh_id=snap.refresh.id)
        accesses = access_log(court.place.landing).events()
        return query, listed(visit.reader, catalogue, query, visit.view.given, court.events(), accesses), ""
