"""XLSX workbooks: every row of one sheet as text, as the cells hold it, with the sheet's own row numbers.

Belongs here: the cells of a sheet part. Does not belong here: the archive around them (`readers.parts`), which sheet is
read (`readers.sheets`), what numbers mean (`readers.cell_text`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from warehouse.catalogue.contract import FileFormat
from warehouse.intake.readers.cell_text import moment_text, value_text
from warehouse.intake.readers.parts import MAIN, TRUE, Book, Package, opened, plain, read_book
from warehouse.intake.readers.rows import Read, Row, Wanted
from warehouse.intake.readers.sheets import MOST_COLUMNS, Area, Areas, Sheet, cell_name, read_sheets
from warehouse.intake.refused import shown
from warehouse.intake.unpack import Content

MOST_ROWS = 1 << 20
TAGS = {f"{space} {tag}": tag for space in MAIN for tag in ("sheetData", "row", "c", "v", "f", "is", "t", "rPh")}
NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6}):([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
COLUMNS = {cell_name(0, at)[:-1]: at for at in range(MOST_COLUMNS)}
MERGED = tuple("mergeCell".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))
FILLED = "is filled by the formula in {first}, which has no stored value"


def read_format(content: Content, form: FileFormat, wanted: Wanted, into: Path) -> Read:
    """Every row of the sheet that the contract names, or of the only one with its columns, into one Parquet file.

    Grain: one row of the sheet that is not blank; `line` is its number there. Strings are as stored, numbers have at most
    15 digits, dates are ISO text. A wanted cell that holds an error, a formula without a stored value, a number whose
    digits are lost, a day that does not exist, or that is merged with another, tears its row.

    Raises:
        FileRefused: no workbook, a broken or dangerous one, no such sheet, no header; nothing is written then.
    """
    with opened(content) as package:
        book = read_book(package)
        sheets = [
            Sheet(name, partial(_rows, package, book, part), partial(_merged, package, part)) for name, part in book.sheets
        ]
        return read_sheets(sheets, form.sheet, wanted, into, content.limits, book.epoch)


def _rows(package: Package, book: Book, part: str, areas: Areas) -> Iterator[Row]:
    cells = _Cells(package, book, part, areas)
    for _ in package.parse(part, package.parser(cells.start, cells.end, cells.text)):
        yield from cells.rows
        cells.rows.clear()


def _merged(package: Package, part: str) -> Iterator[Area]:
    """The merged cells, which stand below the rows. Elements are looked at only from the block on that names them."""
    found: list[Area] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.endswith(" mergeCell") and name.rpartition(" ")[0] in MAIN:
            found.append(_area(package, part, attributes.get("ref", "")))

    parser, before = package.parser(None), b""
    for block in package.blocks(part):  # a first look: it is only for speed that the parser comes second
        if any(name in before + block for name in MERGED):
            parser.StartElementHandler = start
            break
        before = block[-32:]
    if parser.StartElementHandler:
        for _ in package.parse(part, parser):
            pass
    return iter([area for area in found if area[:2] != area[2:4]])


def _area(package: Package, part: str, reference: str, by: str = Area._field_defaults["by"]) -> Area:
    found = REFERENCE.fullmatch(reference if ":" in reference else f"{reference}:{reference}")
    if not found or found[1] not in COLUMNS or found[3] not in COLUMNS:
        package.broken(part, f"It joins the cells {shown(reference)}")
    return Area(int(found[2]), COLUMNS[found[1]], int(found[4]), COLUMNS[found[3]], by)


class _Cells:
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
        at: int | None = self.at + 1
        if reference is not None:
            letters = reference.removesuffix(self.digits)
            at = COLUMNS.get(letters) if reference != letters else None
        if at is None or not self.at < at < MOST_COLUMNS or not self.in_row or self.cell is not None:
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
            self.areas.add(_area(self.package, self.part, self.fills["ref"], FILLED))
        if is_stored:
            return text or "=", "a formula whose stored value is out of date, as the workbook itself says,"
        return f"={''.join(self.formula or ())}", "formula without a stored value"

    def _read(self, kind: str, style: str, value: str | None, inline: str | None) -> tuple[str, str]:
        """The text of a cell, and what is wrong with it (nothing where it is right)."""
        if inline is not None:
            return plain(inline), "" if kind == "inlineStr" and value is None else "two values"
        if kind == "str":
            return plain(value or ""), ""
        value = (value or "").strip()
        if not value:
            return "", ""
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

    def _broken(self, why: str) -> None:
        self.package.broken(self.part, why)
