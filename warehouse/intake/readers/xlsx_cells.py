"""The cells of an XLSX sheet: what the parser meets becomes rows of text, each cell right or with what is wrong with it.

Belongs here: rows, cells, formulas of a sheet part. Does not belong here: what numbers mean (`readers.cell_text`), merged
cells (`readers.sheets`).
"""

from __future__ import annotations

import re
from typing import NoReturn

from warehouse.intake.readers.cell_text import moment_text, value_text
from warehouse.intake.readers.rows import Row
from warehouse.intake.readers.sheets import MOST_COLUMNS, Area, Areas, cell_name
from warehouse.intake.readers.xlsx_book import TRUE, Book, plain
from warehouse.intake.readers.xlsx_parts import MAIN, Package
from warehouse.intake.refused import shown

MOST_ROWS = 1 << 20
TAGS = {f"{space} {tag}": tag for space in MAIN for tag in ("sheetData", "row", "c", "v", "f", "is", "t", "rPh")}
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6}):([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
COLUMNS = {cell_name(0, at)[:-1]: at for at in range(MOST_COLUMNS)}
FILLED = "is filled by the formula in {first}, which has no stored value"


class Cells:
    """Makes rows of what the parser meets. Rows and cells must come in their order, as every program writes them."""

    def __init__(self, package: Package, book: Book, part: str, areas: Areas) -> None:
        self.package, self.book, self.part, self.areas = package, book, part, areas
        self.shapes = book.shapes or ["number"]
        self.rows: list[Row] = []
        self.cells: list[str] = []
        self.faults: dict[int, str] = {}
        self.line, self.at, self.size, self.digits = 0, -1, 0, ""
        self.inside = self.in_row = self.is_aid = False
        self.cell: dict[str, str] | None = None
        self.sink: list[str] | None = None
        self.value: list[str] | None = None
        self.inline: list[str] | None = None
        self.formula: list[str] | None = None
        self.fills: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        tag = TAGS.get(name)
        if tag == "sheetData":
            self.inside = True
        elif tag is None or not self.inside:
            return
        elif tag == "c":
            self._begin_cell(attributes)
        elif tag == "row":
            self._begin_row(attributes.get("r"))
        elif self.cell is None or (tag == "v" and self.value is not None):
            self._broken(f"There is a [{tag}] too much in row [{self.line}]")
        elif tag == "v":
            self.value = self.sink = []
        elif tag == "f":
            self.formula = self.sink = []
            self.fills = attributes
        elif tag == "is":
            self.inline = []
        elif tag == "rPh":
            self.is_aid = True
        elif self.inline is not None and not self.is_aid:
            self.sink = self.inline

    def text(self, text: str) -> None:
        """Characters, perhaps not all of them at once."""
        if self.sink is not None:
            self.size += len(text)
            if self.size > self.package.limits.record_bytes:
                self._broken(f"Row [{self.line}] is longer than [{self.package.limits.record_bytes}] characters")
            self.sink.append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        tag = TAGS.get(name)
        if tag == "c" and self.cell is not None:
            self._end_cell(self.cell)
        elif tag == "row" and self.in_row:
            self.in_row = False
            while self.cells and not self.cells[-1]:
                self.cells.pop()
            self.rows.append(Row(self.line, self.cells, why=self.faults.get if self.faults else None))
        elif tag == "rPh":
            self.is_aid = False
        elif tag == "sheetData":
            self.inside = False
        elif tag is not None:
            self.sink = None

    def _begin_row(self, number: str | None) -> None:
        digits = str(self.line + 1) if number is None else number
        is_number = digits.isascii() and digits.isdigit() and len(digits) < 8
        if self.in_row or not is_number or not self.line < int(digits) <= MOST_ROWS:
            self._broken(f"Row {shown(digits)} comes after row [{self.line}]")
        self.line, self.at, self.size, self.digits, self.in_row = int(digits), -1, 0, str(int(digits)), True
        self.cells, self.faults = [], {}

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        at = self.at + 1
        if reference is not None:
            letters = reference.removesuffix(self.digits)
            at = COLUMNS.get(letters, -1) if reference != letters else -1
        if not self.at < at < MOST_COLUMNS or not self.in_row or self.cell is not None:
            self._broken(f"The cell {shown(reference or '')} stands in row [{self.line}], after column [{self.at + 1}]")
        self.at, self.cell = at, attributes
        self.value = self.inline = self.formula = None

    def _end_cell(self, cell: dict[str, str]) -> None:
        kind = cell.get("t", "n")
        value = None if self.value is None else "".join(self.value)
        inline = None if self.inline is None else "".join(self.inline)
        self.cell = None
        text, fault = self._read(kind, cell.get("s", "0"), value, inline)
        if self.formula is not None:
            text, fault = self._calculated(kind, value, text, fault)
        if fault:
            self.faults[self.at] = f"{fault} in {cell_name(self.line, self.at)}"
        if text:
            self.cells += [""] * (self.at - len(self.cells))
            self.cells.append(text)

    def _calculated(self, kind: str, value: str | None, text: str, fault: str) -> tuple[str, str]:
        """A formula: its stored value, unless there is none or the workbook says itself that it is out of date."""
        is_stored = value is not None and (kind == "str" or bool(value.strip()))
        if is_stored and not self.book.is_stale:
            return text, fault
        if self.fills.get("ref") and self.fills.get("t") in ("array", "dataTable"):
            self.areas.add(area_of(self.package, self.part, self.fills["ref"], FILLED))
        if is_stored:
            return text or "=", "a formula whose stored value is out of date, as the workbook itself says,"
        return f"={''.join(self.formula or ())}", "formula without a stored value"

    def _read(self, kind: str, style: str, value: str | None, inline: str | None) -> tuple[str, str]:
        """The text of a cell, and what is wrong with it (nothing where it is right)."""
        if inline is not None:
            return plain(inline), "" if kind == "inlineStr" and value is None else "a text where none belongs"
        if kind == "str":
            return plain(value or ""), ""
        is_given, value = value is not None and kind != "n", (value or "").strip()
        if not value:
            return "", f"a value of the kind {shown(kind)} that is empty" if is_given else ""
        if kind == "s":
            place = int(value) if value.isascii() and value.isdigit() and len(value) < 12 else -1
            if 0 <= place < len(self.book.strings):
                return self.book.strings[place], ""
            return value, "a text that the workbook does not hold"
        if kind == "n":
            return self._number(style, value)
        if kind == "b" and value in (*TRUE, "0", "false"):
            return "TRUE" if value in TRUE else "FALSE", ""
        if kind == "d":
            return moment_text(value)
        return value, f"error {value}" if kind == "e" else f"a value of the unknown kind {shown(kind)}"

    def _number(self, style: str, value: str) -> tuple[str, str]:
        place = int(style) if style.isascii() and style.isdigit() and len(style) < 12 else -1
        if not 0 <= place < len(self.shapes):
            return value, "a number in a format that the workbook does not hold"
        if not NUMBER.fullmatch(value):
            return value, "a number that is none"
        return value_text(float(value), self.shapes[place], self.book.epoch)

    def _broken(self, why: str) -> NoReturn:
        self.package.broken(self.part, why)


def area_of(package: Package, part: str, reference: str, by: str = Area._field_defaults["by"]) -> Area:
    """The cells of a reference, `A1:B3`.

    Raises:
        FileRefused: it is none.
    """
    found = REFERENCE.fullmatch(reference if ":" in reference else f"{reference}:{reference}")
    if not found or found[1] not in COLUMNS or found[3] not in COLUMNS:
        package.broken(part, f"It joins the cells {shown(reference)}")
    return Area(int(found[2]), COLUMNS[found[1]], int(found[4]), COLUMNS[found[3]], by)
