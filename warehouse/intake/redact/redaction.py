"""What is changed in the rows of a file: which cells are emptied, which are marked, where an alias stands.

Belongs here: one cell, whatever the format, and text that no cell is known of. Does not belong here: how a format keeps them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from warehouse.catalogue.contract import Contract
from warehouse.catalogue.metric import DIMENSIONS
from warehouse.intake.redact.aliases import Aliases, KeyColumn, key_columns

MARK = "[erased]"
TOTALS = r"合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|(?i:total)"
WIDE = "\u2e80"


@dataclass
class Redaction:
    """How the rows of one table of one file are changed.

    `kept` are the headers that some contract reads, by which the file was or will be taken: their cells are counted and
    stay. `records` are the person's rows, `lines` where they begin; `done` collects the records that were changed.
    """

    aliases: Aliases
    contract: Contract
    kept: frozenset[str]
    records: set[int]
    starts: Sequence[tuple[int, int, str]] = ()
    """(line, record, `row`, `TORN` or `NO_CASE`) of each record, in the order of lines."""
    done: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Work out which columns hold keys, and which are emptied."""
        self.keys: dict[str, KeyColumn] = {
            header: column
            for column in key_columns(self.contract, self.aliases.numbering is not None)
            for header in column.headers
        }
        self.emptied = frozenset(emptied_headers(self.contract))
        words = "|".join([*map(re.escape, self.contract.file.no_case), TOTALS])
        self.words = re.compile(f"({words})")

    def cell(self, record: int, name: str, value: str) -> str:
        """What stands in a cell afterwards."""
        is_theirs = record in self.records
        if name in self.keys:
            return self.aliases.in_key(value, self.keys[name].kind, self.keys[name].prefix)
        if name in self.kept:
            return "" if is_theirs and name in self.emptied else self.aliases.in_text(value)
        return MARK if is_theirs and value.strip() else self.aliases.in_text(value)

    def is_free(self, name: str) -> bool:
        """Whether no contract reads the column."""
        return name not in self.kept

    def aside(self, text: str, code: str, change: Callable[[str], str] | None = None) -> str:
        """A record that is no row, or a title: shape and marks stay, so that it is set aside for the same reason."""
        change = change or masked
        if code == "NO_CASE":  # a total must still be seen to be one
            return "".join(
                part if self.words.fullmatch(part) else self.aliases.elsewhere(part, change) for part in self.words.split(text)
            )
        return self.aliases.elsewhere(text, change)


def masked(text: str) -> str:
    """A text of the same length and shape that says nothing: 0 for digits, 某 for wide characters, x for other letters."""
    return "".join(("0" if c.isdigit() else "某" if c >= WIDE else "x") if c.isalnum() else c for c in text)


def emptied_headers(contract: Contract) -> list[str]:
    """Headers of contracted columns that no figure needs: restricted text by which nothing is counted."""
    counted = {contract.key.column, *DIMENSIONS, *(f"{name}_code" for name in DIMENSIONS)}
    return [
        header
        for name, column in contract.columns.items()
        if column.privacy == "restricted" and column.type == "text" and name not in counted
        for header in (column.header, *column.also)
    ]


def breaks_of(text: str) -> str:
    """The line breaks of a text: they stay, so that what comes after keeps its lines."""
    return "".join(c for c in text if c in "\r\n")


Edit = tuple[int, int, str]
"""From where to where in a text, and what stands there then."""


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with its edits, which do not overlap."""
    made, at = [], 0
    for start, end, new in sorted(edits):
        made += [text[at:start], new]
        at = end
    return "".join([*made, text[at:]])


def names_of(header: Sequence[str], also: Mapping[str, str], columns: Sequence[str]) -> list[str]:
    """The names of columns as the contract writes them."""
    known = {"".join(name.split()): name for name in columns} | {"".join(other.split()): name for other, name in also.items()}
    return [known.get("".join(name.split()), name) for name in header]
