"""One read-only statement on the schema `published`: asked here, answered within bounds, on record, with an address."""

from __future__ import annotations

from typing import Any

from pipelines.reports.audited import numbers_in
from pipelines.web.visit import Visit
from warehouse.catalogue.query import HOUSE
from warehouse.catalogue.table import read_tables
from warehouse.intake.access import question_address, question_at, questions
from warehouse.reading.snapshot import Unknown
from warehouse.store.sandbox import SCHEMA, Answer, Bounds, Refused, ask

ROWS = 200
LATEST = 20


def show(visit: Visit, rest: str) -> tuple[str, dict[str, Any]]:
    """The form, and the answer where something was asked; below it the tables, and what was asked before.

    Raises:
        Unknown: no question has this address.
    """
    asked = questions(visit.court.place.landing)
    statement = question_at(rest, asked) if rest else visit.view.statement
    if statement is None:
        raise Unknown(f"there is no question [{rest}]")
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


def _answered(visit: Visit, statement: str) -> tuple[str, Answer | None, str]:
    """Address of the question, its answer, or why it was refused."""
    refresh = visit.reader.snapshot.refresh
    entry = visit.court.note("sql", statement, refresh_id=refresh.id)
    address = question_address(entry)
    try:
        return address, ask(visit.court.place.warehouse, statement, Bounds(rows=ROWS)), ""
    except Refused as refused:
        return address, None, str(refused)
