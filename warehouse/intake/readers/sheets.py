"""Sheets of a workbook: which of them is read, and which of its cells are part of another.

Belongs here: what XLSX and XLS share once cells are text. Does not belong here: how either stores them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from warehouse.intake.readers.header import HeaderSearch
from warehouse.intake.readers.rows import Read, Row, Wanted, read_rows
from warehouse.intake.refused import FileRefused, HeaderRefused, Limits, shown

REMEDY = "Open it in a spreadsheet program, save it as a new XLSX workbook, and deliver that"
MOST_COLUMNS = 16_384
NAME_IT = "Name one with `sheet` in the contract"


class Area(NamedTuple):
    """Cells of which only the first holds the value: merged ones, or those that one formula fills.

    Rows count from 1, columns from 0; `by` says what joins a cell to the first.
    """

    top: int
    left: int
    bottom: int
    right: int
    by: str = "is merged with {first}"

    def why(self, line: int, at: int) -> str:
        """Why the cell at a place cannot be taken as it is; nothing where it is not one of the others of this area."""
        inside = self.top <= line <= self.bottom and self.left <= at <= self.right
        if not inside or (line, at) == (self.top, self.left):
            return ""
        return f"{cell_name(line, at)} {self.by.format(first=cell_name(self.top, self.left))}"


class Areas:
    """The areas of a sheet, looked at row by row."""

    def __init__(self, areas: Iterable[Area]) -> None:
        """Those known beforehand; a reader may add others while it reads."""
        self.waiting = sorted(areas, reverse=True)
        self.active: list[Area] = []

    def add(self, area: Area) -> None:
        """One more, not above the row that is read."""
        self.active.append(area)

    def at(self, line: int) -> list[Area]:
        """Those that may reach into a row; rows must be asked for in their order.

        Raises:
            FileRefused: there are so many that they lie over each other.
        """
        while self.waiting and self.waiting[-1].top <= line:
            self.active.append(self.waiting.pop())
        self.active = [area for area in self.active if area.bottom >= line]
        if len(self.active) > MOST_COLUMNS:
            raise FileRefused(f"in row [{line}] merged cells lie over each other", "The workbook is broken", REMEDY)
        return self.active


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its rows, and its merged cells. Both begin anew with each call."""

    name: str
    rows: Callable[[Areas], Iterator[Row]]
    merged: Callable[[], Iterable[Area]]


def read_sheets(
    sheets: Sequence[Sheet], sheet: str | int | None, wanted: Wanted, into: Path, limits: Limits, epoch: int
) -> Read:
    """The rows of the sheet that is asked for, by name or by place from 1; None: the only one with the required headers.

    Raises:
        FileRefused: there is no such sheet or more than one, and what `read_rows` raises.
    """
    chosen = sheet_of(sheets, sheet, wanted, limits)
    areas = Areas(chosen.merged())
    places = f"{_quoted(chosen.name)}!A".replace("{", "{{").replace("}", "}}") + "{line}"
    try:
        return read_rows(_covered(chosen.rows(areas), areas), wanted, into, limits, places=places, epoch=epoch)
    except FileRefused as refused:
        raise _on(chosen, refused) from None


def sheet_of(sheets: Sequence[Sheet], sheet: str | int | None, wanted: Wanted, limits: Limits) -> Sheet:
    """The sheet that is read.

    Raises:
        FileRefused: there is no such sheet or more than one.
    """
    return _only(sheets, wanted, limits) if sheet is None else _named(sheets, sheet)


def _covered(rows: Iterator[Row], areas: Areas) -> Iterator[Row]:
    for row in rows:
        here = areas.at(row.line)
        yield row._replace(why=partial(_why, row, here)) if here else row


def _why(row: Row, here: Sequence[Area], at: int) -> str:
    own = row.why(at) if row.why else ""
    return own or next((why for area in here if (why := area.why(row.line, at))), "")


def _named(sheets: Sequence[Sheet], sheet: str | int) -> Sheet:
    if isinstance(sheet, int):  # True is no place
        found = [one for place, one in enumerate(sheets, 1) if place == sheet and not isinstance(sheet, bool)]
    else:
        found = [one for one in sheets if one.name == sheet]
    if len(found) != 1:
        raise FileRefused(
            f"the workbook has {'no sheet' if not found else 'more than one sheet'} {shown(str(sheet))}",
            f"Its sheets are {_listed(sheets) or 'none'}", f"{NAME_IT}, or give its place from 1",
        )  # fmt: skip
    return found[0]


def _only(sheets: Sequence[Sheet], wanted: Wanted, limits: Limits) -> Sheet:
    looked = [(sheet, searched(sheet, wanted, limits)) for sheet in sheets]
    filled = [(sheet, search) for sheet, search in looked if search.seen]
    if not filled:
        raise FileRefused("the workbook is empty", f"Its sheets are {_listed(sheets) or 'none'}, and none holds a value",
                          "Export it again and look at it before it is delivered")  # fmt: skip
    fitting = [sheet for sheet, search in filled if search.found]
    if len(fitting) > 1:
        raise FileRefused(f"{len(fitting)} sheets have the required columns", f"They are {_listed(fitting)}", NAME_IT)
    if fitting or len(filled) == 1:
        return fitting[0] if fitting else filled[0][0]
    nearest, search = max(filled, key=lambda pair: pair[1].nearest[0] if pair[1].nearest else -1)
    try:
        search.result()
    except FileRefused as refused:
        raise _on(nearest, refused) from None
    return nearest


def searched(sheet: Sheet, wanted: Wanted, limits: Limits) -> HeaderSearch:
    """The header searched for among the first filled rows of a sheet. One that is too wide has none."""
    search = HeaderSearch(wanted, limits)
    filled = (row for row in sheet.rows(Areas(())) if any((cell or "").strip() for cell in row.cells))
    for row in islice(filled, limits.header_within):
        if len(row.cells) > limits.columns:
            search.pass_by(row.line, "", f"[{len(row.cells)}] columns")
        elif search.offer(row.line, [cell or "" for cell in row.cells]):
            break
    return search


def _on(sheet: Sheet, refused: FileRefused) -> FileRefused:
    if isinstance(refused, HeaderRefused) or (refused.place or "").startswith("line"):
        refused.place = ", ".join(filter(None, (f"sheet {shown(sheet.name)}", refused.place)))
    return refused


def _listed(sheets: Sequence[Sheet]) -> str:
    return " ".join(shown(sheet.name) for sheet in sheets[:20]) + (" and others" if len(sheets) > 20 else "")


def _quoted(name: str) -> str:
    """The name as a formula writes it: between quotes unless it is a plain word that could be no cell."""
    is_plain = re.fullmatch(r"[^\W\d][\w.]*", name) and not re.fullmatch(r"(?i)[a-z]{1,3}\d+|r\d*c?\d*|c\d*", name)
    return name if is_plain else "'" + name.replace("'", "''") + "'"


def cell_name(line: int, at: int) -> str:
    """A cell's name, `C7`, from its row (from 1) and column (from 0)."""
    letters, at = "", at + 1
    while at:
        at, letter = divmod(at - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{line}"
