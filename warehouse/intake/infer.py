"""Looking at one file of unknown layout: everything that a contract for it would say, and every doubt as a question.

Belongs here: what is asked of the file, in which order. Does not belong here: how each thing is told (`guesses`), how it is
written down (`draft`). Nothing here is used to read deliveries: those are read by contracts alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from warehouse.catalogue.table import Table as Staged
from warehouse.intake.guesses.headers import meaning, tables
from warehouse.intake.guesses.mapping import KEYS, Mapped, mapped
from warehouse.intake.guesses.names import pattern_of
from warehouse.intake.guesses.table import Table, table_of
from warehouse.intake.refused import FileRefused, Limits
from warehouse.intake.unpack import Content


@dataclass(frozen=True)
class Findings:
    """What one file seems to be.

    `feeds` is None where no header says it (`columns` are then those of cases); `key` is None where no column makes one.
    `days_in_name` says whether the name can order deliveries: it can where it holds exactly one.
    """

    name: str
    source: str
    feeds: str | None
    is_near: bool
    table: Table
    names: str
    days_in_name: int
    columns: Mapped
    key: str | None

    @property
    def is_chinese(self) -> bool:
        """Whether the numbers of the cases are Chinese ones, which say court and type themselves."""
        return any(column.guess.type == "case_number" for column in self.columns.columns.values())


def infer(path: Path, staged: Mapping[str, Staged], source: str | None = None, limits: Limits | None = None) -> Findings:
    """What the file at `path` seems to be; `staged` are the tables that it may feed, as `staged.cases`.

    Looked at are the first 10,000 rows and the last 20; for the encoding, the whole file.

    Raises:
        FileRefused: it cannot be read, or nothing in it can be a header.
    """
    try:
        table = table_of(Content(path, limits))
    except FileRefused as refused:
        refused.name = path.name
        raise
    feeds, is_near = _fed(table, source)
    columns = mapped(table.layout, feeds or "cases", staged[f"staged.{feeds or 'cases'}"], table.format)
    pattern, days = pattern_of(path.name)
    key = KEYS[columns.feeds] if KEYS[columns.feeds] in columns.columns else None
    return Findings(path.name, source or _word(feeds or "cases"), feeds, is_near, table, pattern, days, columns, key)


def _fed(table: Table, source: str | None) -> tuple[str | None, bool]:
    """The table that most headers speak of, and whether another one comes near. A source called like a table settles a tie."""
    found = {feeds: len({column for name in table.layout.names if (column := meaning(name, feeds))}) for feeds in tables()}
    ranked = sorted(found, key=lambda feeds: (-found[feeds], feeds != source))
    best, *rest = ranked
    if not found[best]:
        return (source if source in found else None), False
    return best, bool(rest) and found[best] - found[rest[0]] <= 1


def _word(text: str) -> str:
    return re.sub(r"\W+", "_", text)
