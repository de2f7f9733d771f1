"""What auditors ask beyond figures: the library of audit queries, one read-only statement, the stored originals.

Each of them is put on the access log before its answer is shown.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections.abc import Sequence
from getpass import getuser
from pathlib import Path
from typing import Any

from pipelines.desk import Desk, note, note_synthetic, print_json
from warehouse.intake.access import access_log, note_access, question_address, question_at, questions
from warehouse.intake.ledger import Event, Ledger
from warehouse.reading.snapshot import Unknown

QUESTION = re.compile(r"Q\d{6,}")
"""The address of a statement that was asked before: its number on the access log."""


def answer_audit(options: argparse.Namespace) -> int:
    """`audit list`, or one query of the library."""
    from pipelines.reports.audited import library_lines, listed_lines
    from warehouse.audit.library import audit_query, listed
    from warehouse.catalogue.audit_query import read_audit_queries
    from warehouse.refresh.bundles import catalogue_of

    desk = Desk(options)
    if options.name == "bundle":
        return _bundle(desk, options)
    if options.figure:
        raise ValueError(f"[{options.figure}] is one word too many. Parameters are given as --param name=value")
    with desk.reader(options.as_of) as reader, catalogue_of(desk.place, reader.snapshot.refresh.bundle) as catalogue:
        if options.name == "list":
            library = [one for one in read_audit_queries().values() if one.applies(catalogue)]
            if options.json:
                print_json([one.model_dump(mode="json") for one in library])
            else:
                print("\n".join(library_lines(library, desk.lang)))
            return 0
        query = audit_query(options.name, catalogue)
        given = _given(options.param)
        values = query.values(given)
        shown = {name: str(value) for name, value in values.items()}
        _note(desk, "audit", query.id, parameters=shown, refresh_id=reader.snapshot.refresh.id)
        events, accesses = Ledger(desk.place.landing).events(), access_log(desk.place.landing).events()
        found = listed(reader, catalogue, query, given, events, accesses)
        if options.output:
            from pipelines.reports.audited import write_listed

            write_listed(found, reader.snapshot.refresh, desk.lang, _target(options.output))
            note(f"written    {options.output} ({len(found.rows)})")
        elif options.json:
            print_json(found.as_json())
        else:
            print("\n".join(listed_lines(found, desk.lang, options.rows)))
        note_synthetic(reader.snapshot.refresh)
    return 0


def _bundle(desk: Desk, options: argparse.Namespace) -> int:
    """One evidence bundle, verified before it is handed out."""
    from warehouse.audit.evidence.build import evidence
    from warehouse.audit.evidence.verify import Fault

    if not options.figure:
        raise ValueError("`caseload audit bundle` needs a figure, as closed/2013. `caseload figures` prints their addresses")
    refresh = options.figure.partition("@")[2]
    with desk.reader(refresh or options.as_of) as reader:
        asked = reader.parse(options.figure)
        figure = reader.answer(asked)[0]
        plain = re.sub(r"[^\w.=-]+", "_", figure.figure_id)
        target = _target(options.output or f"evidence_{plain}.zip", ".zip")
        try:
            made = evidence(desk.place, reader, asked, target.name, options.head)
        except Fault as fault:
            raise ValueError(f"what was put together does not hold: {fault}. Run `caseload verify`") from None
        _note(desk, "bundle", made.figure_id, sha256=made.sha256, refresh_id=reader.snapshot.refresh.id)
    target.write_bytes(made.data)
    if options.json:
        print_json({"figure_id": made.figure_id, "file": str(target), "sha256": made.sha256, "bytes": len(made.data),
                    "head": made.head, "verified": made.lines})  # fmt: skip
    else:
        print("\n".join(made.lines))
        note(f"written    {target} ({len(made.data):,} bytes, sha256 {made.sha256})")
        note(f"verify it  python3 -I {target} --head {made.head}")
    return 0


def answer_sql(options: argparse.Namespace) -> int:
    """One read-only statement on the schema `published`, or what can be asked; 2 where it is refused."""
    from pipelines.reports.audited import answer_lines, published_lines, questions_lines
    from warehouse.store.sandbox import Bounds, Refused, ask

    desk = Desk(options)
    if options.tables:
        from warehouse.catalogue.query import HOUSE
        from warehouse.catalogue.table import read_tables

        print("\n".join(published_lines(read_tables(HOUSE / "warehouse/tables"), desk.lang)))
        return 0
    if options.list:
        print("\n".join(questions_lines(questions(desk.place.landing))))
        return 0
    if not options.statement:
        raise ValueError("`caseload sql` needs a statement, as \"select family, count(*) from published.cases group by 1\". "
                         "`--tables` shows what can be asked")  # fmt: skip
    statement = _statement(desk, options.statement)
    if not 1 <= options.rows <= 100_000:
        raise ValueError(f"--rows [{options.rows}] is not from 1 to 100000. Ask for a part, or sum up in the statement")
    with desk.reader() as reader:
        refresh = reader.snapshot.refresh
    entry = _note(desk, "sql", statement, title=options.save, refresh_id=refresh.id)
    try:
        found = ask(desk.place.warehouse, statement, Bounds(rows=options.rows))
    except Refused as refused:
        raise ValueError(f"the statement is refused: {refused}") from None
    address = question_address(entry)
    if options.json:
        published = {"refresh_id": refresh.id, "head": refresh.head, "is_synthetic": refresh.is_synthetic}
        answer = {"columns": found.columns, "types": found.types, "rows": found.rows, "has_more": found.has_more}
        print_json({"question": address, **published, **answer})
    else:
        print("\n".join(answer_lines(found)))
        note(f"{address} · {refresh.id}: {len(found.rows):,} rows" + (", and more (--rows)" if found.has_more else ""))
        note_synthetic(refresh)
    return 0


def answer_landing(options: argparse.Namespace) -> int:
    """The stored originals: which there are, or the bytes of one as they were delivered."""
    from warehouse.intake.tombstones import tombstones

    desk = Desk(options)
    events = Ledger(desk.place.landing).events()
    held = {str(one["sha256"]): one for one in events if one["event"] in ("delivery", "refused") and "sha256" in one}
    if options.action == "list":
        return _list_originals(desk, list(held.values()), options.json)
    matching = [name for name in held if options.sha256 and name.startswith(options.sha256.lower())]
    if len(matching) != 1:
        what = "names several originals" if matching else "is of no original"
        raise Unknown(f"[{options.sha256 or ''}] {what}. `caseload landing list` shows each with its sha256")
    (name,) = matching
    if stone := tombstones(events).get(name):
        raise Unknown(f"a person was erased from {name} on {stone.erased_on}; what stands in its place is {stone.redacted}")
    blob = desk.place.landing / "blobs" / name
    if not blob.is_file():
        raise Unknown(f"the ledger names {name}, and its bytes are missing. Run `caseload verify`")
    content = blob.read_bytes()
    if hashlib.sha256(content).hexdigest() != name:
        raise Unknown(f"the bytes of {name} are not those that were delivered. Run `caseload verify`")
    _note(desk, "landing", name, file=held[name].get("file"))
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
    return 0


def _list_originals(desk: Desk, held: Sequence[Event], as_json: bool) -> int:
    from pipelines.reports.audited import original_lines

    _note(desk, "landing", "list")
    rows = [{"sha256": one["sha256"], "event": one["event"], "source": one.get("source"), "file": one.get("file"),
             "at": one.get("at"), "bytes": one.get("bytes")} for one in held]  # fmt: skip
    if as_json:
        print_json(rows)
    else:
        print("\n".join(original_lines(rows, desk.lang)))
    return 0


def _given(pairs: Sequence[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for pair in pairs:
        name, found, value = pair.partition("=")
        if not found or not name:
            raise ValueError(f"--param [{pair}] is not of the form name=value, as days=7")
        given[name] = value
    return given


def _statement(desk: Desk, text: str) -> str:
    if not QUESTION.fullmatch(text.strip()):
        return text
    found = question_at(text.strip(), questions(desk.place.landing))
    if found is None:
        raise Unknown(f"there is no question [{text.strip()}]. `caseload sql --list` shows those that were asked")
    return found


def _target(name: str, suffix: str = ".xlsx") -> Path:
    target = Path(name)
    if target.suffix != suffix or not target.parent.is_dir():
        raise ValueError(f"--output [{name}] is no {suffix} file in a folder that exists. Name one, as long_pending{suffix}")
    return target


def _note(desk: Desk, kind: str, what: str, **fields: Any) -> Event:
    at = desk.now().isoformat(timespec="seconds")
    said = {name: value for name, value in fields.items() if value is not None}
    return note_access(desk.place.landing, kind, getuser(), at, what=what, **said)
