"""Worklists that came back: from the folder `worklist` of the inbox at every refresh, or by name on the command line."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from warehouse.catalogue.query import HOUSE, read_query
from warehouse.intake.land import WORKLIST, Refused, is_for_intake
from warehouse.intake.ledger import Event, Ledger
from warehouse.intake.refused import FileRefused
from warehouse.intake.responses import DECISION, BadRow, Response, read_worklist, responses
from warehouse.store.duck import open_read_only
from warehouse.store.place import Place


def take_worklists(place: Place, ledger: Ledger, now: datetime) -> list[Refused]:
    """Notes the answers of the workbooks in the inbox; what cannot be taken, named with its line. The lock must be held.

    A file is taken once; the rows that it has wrong are named as long as it lies there.
    """
    folder = place.inbox / WORKLIST
    paths = [path for path in sorted(folder.iterdir()) if is_for_intake(path.name)] if folder.is_dir() else []
    if not paths:
        return []
    refused, numbers = [], _numbers(place)
    for path in paths:
        try:
            _, bad = take_worklist(ledger, path, numbers, now, "worklist")
        except FileRefused as error:
            refused.append(Refused(WORKLIST, path.name, str(error)))
            continue
        for row in bad:
            reason = f"{path.name}, line {row.line}: {row.reason}. Mend the row and send the file again"
            refused.append(Refused(WORKLIST, path.name, reason))
    return refused


def take_worklist(
    ledger: Ledger, path: Path, numbers: Sequence[int], now: datetime, who: str
) -> tuple[list[Response], list[BadRow]]:
    """Notes the answers of one workbook about the findings with these numbers: those taken, and the rows that cannot be.

    The file itself is not kept, for it names cases; the ledger has its hash, and of each answer the line.

    Raises:
        FileRefused: it is no workbook, or no worklist.
    """
    events = ledger.events()
    said = responses(events)
    known: Mapping[int, Sequence[Response]] = {number: said.get(number, []) for number in numbers}
    if not path.is_file() or path.is_symlink():
        refused = FileRefused("it is no plain file", "links and folders are not followed out of the inbox",
                              "Put the workbook itself there")  # fmt: skip
        refused.name = path.name
        raise refused
    taken, bad = read_worklist(path, known, now.date())
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    if not taken or _is_taken(events, sha256):
        return [], bad
    ledger.add("decision", at=now.isoformat(timespec="seconds"), decision=DECISION, who=who, file=path.name, file_sha256=sha256,
               responses=[one.as_noted() for one in taken])  # fmt: skip
    return taken, bad


def _is_taken(events: Sequence[Event], sha256: str) -> bool:
    return any(event.get("file_sha256") == sha256 for event in events)


def _numbers(place: Place) -> list[int]:
    """The numbers of all findings of the last publication; none before there is one, or in one of an older form."""
    if not place.warehouse.exists():
        return []
    connection = open_read_only(place.warehouse)
    try:
        query = read_query(HOUSE / "sql", "quality/finding_numbers")
        there = "select 1 from information_schema.tables where table_schema = 'quality' and table_name = 'findings'"
        return (
            [number for (number,) in connection.execute(query.text).fetchall()] if connection.execute(there).fetchall() else []
        )
    finally:
        connection.close()
