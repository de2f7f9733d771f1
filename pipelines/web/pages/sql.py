"""One read-only statement on the schema `published`: asked here, answered within bounds, on record, with an address."""

from __future__ import annotations

import re
from typing import Any

from pipelines.reports.audited import numbers_in
from pipelines.web.visit import Visit
from warehouse.catalogue.query import HOUSE
from warehouse.catalogue.table import read_tables
from warehouse.intake.access import access_log
from warehouse.intake.ledger import Event
from warehouse.reading.snapshot import Unknown
from warehouse.store.sandbox import SCHEMA, Answer, Bounds, Refused, ask

ROWS = 200
LATEST = 20


def show(visit: Visit, rest: str) -> tuple[str, dict[str, Any]]:
    """The form, and the answer where something was asked; below it the tables, and what was asked before.

    Raises:
        Unknown: no question has this address.
    """
    asked = [event for event in access_log(visit.court.place.landing).events() if event["event"] == "sql"]
    statement = _kept(rest, asked) if rest else visit.view.statement
    # a page of another site may hold a statement of its own in a link: a person has to press the button
    is_held_back = bool(statement) and not rest and visit.is_sent_from_elsewhere
    answer, refused, address = None, "", ""
    if statement and not is_held_back:
        address, answer, refused = _answered(visit, statement)
    tables = {
        name: one for name, one in sorted(read_tables(HOUSE / "warehouse/tables").items()) if name.startswith(f"{SCHEMA}.")
    }
    return "sql.html", {
        "statement": statement, "answer": answer, "refused": refused, "address": address, "is_held_back": is_held_back,
        "tables": tables, "asked": asked[: -LATEST - 1 : -1], "bounds": Bounds(rows=ROWS),
        "numbers": numbers_in(answer.rows, len(answer.columns)) if answer else frozenset(),
    }  # fmt: skip


def _kept(address: str, asked: list[Event]) -> str:
    if found := re.fullmatch(r"Q(\d{6,12})", address):
        for event in asked:
            if event["seq"] == int(found[1]):
                return str(event["what"])
    raise Unknown(f"there is no question [{address}]")


def _answered(visit: Visit, statement: str) -> tuple[str, Answer | None, str]:
    """Address of the question, its answer, or why it was refused."""
    refresh = visit.reader.snapshot.refresh
    entry = visit.court.note("sql", statement, refresh_id=refresh.id)
    address = f"Q{entry['seq']:06}"
    try:
        return address, ask(visit.court.place.warehouse, statement, Bounds(rows=ROWS)), ""
    except Refused as refused:
        return address, None, str(refused)
