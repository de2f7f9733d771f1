"""`caseload sources infer FILE`: a draft contract on standard output. Belongs here: what is said of it, and where."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipelines.desk import Desk, note, print_json
from warehouse.reading.snapshot import Unknown


def infer(desk: Desk, options: argparse.Namespace) -> int:
    """Prints a draft of a contract for one file; 1 where the file cannot be read, with the reason.

    The settings of the call do not matter: a file is looked at before there is a profile that it could belong to.
    """
    from warehouse.catalogue.query import HOUSE
    from warehouse.catalogue.table import read_tables
    from warehouse.intake.draft import draft
    from warehouse.intake.infer import infer as look
    from warehouse.intake.refused import FileRefused

    if not options.file:
        raise Unknown("which file? Write `caseload sources infer FILE`")
    path = Path(options.file)
    if not path.is_file():
        raise Unknown(f"there is no file [{options.file}]. Name one that was delivered")
    try:
        text = draft(look(path, read_tables(HOUSE / "warehouse/tables"), options.source))
    except FileRefused as refused:
        note(f"caseload: {refused}")
        return 1
    asked = sum(line.lstrip().startswith("# ?") for line in text.splitlines())
    if options.json:
        print_json({"file": path.name, "questions": asked, "draft": text})
        return 0
    print(text, end="")
    note(f"{asked} questions: answer those above a line in it, those below the columns in code lists")
    return 0
