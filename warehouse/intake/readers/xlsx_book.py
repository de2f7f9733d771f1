"""What an XLSX workbook says beside its sheets: their names, shared strings, cell formats, the calendar.

Belongs here: the parts that all sheets are read by. Does not belong here: the archive (`readers.xlsx_parts`), the cells
(`readers.xlsx_cells`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from warehouse.intake.readers.cell_text import Shape, shape_of
from warehouse.intake.readers.xlsx_parts import Package
from warehouse.intake.refused import shown
from warehouse.intake.unpack import WORKBOOK

ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
TRUE = ("1", "true")


@dataclass
class Book:
    """What a sheet is read by. `sheets` are names and parts in the workbook's order; `shapes` stand by cell format.

    `is_stale`: it says itself that its formulas must be calculated before their values are used.
    """

    sheets: list[tuple[str, str]] = field(default_factory=list)
    epoch: int = 1900
    is_stale: bool = False
    strings: list[str] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)


def read_book(package: Package) -> Book:
    """What all sheets are read by."""
    kinds = package.relations("")
    part = next((path for kind, path in kinds.values() if kind == "officeDocument"), WORKBOOK)
    parts = package.relations(part)
    book = Book()

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            ids = [value for name, value in attributes.items() if name.endswith("/relationships id")]
            kind, path = parts.get(ids[0], ("", "")) if ids else ("", "")
            if not kind:
                package.broken(part, f"The sheet {shown(attributes.get('name', ''))} has no part")
            if kind == "worksheet":
                book.sheets.append((plain(attributes.get("name", "")), path))
        elif tag == "workbookPr" and attributes.get("date1904") in TRUE:
            book.epoch = 1904
        elif tag == "calcPr":
            is_whole = attributes.get("calcCompleted", "1") in TRUE
            book.is_stale = attributes.get("fullCalcOnLoad") in TRUE or not is_whole

    package.read(part, start)
    for kind, path in parts.values():
        if kind == "sharedStrings":
            book.strings += _strings(package, path)
        elif kind == "styles":
            book.shapes += _shapes(package, path)
    return book


def _shapes(package: Package, name: str) -> list[Shape]:
    codes: dict[int, str] = {}
    formats: list[int] = []
    inside: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        inside.append(tag)
        number = attributes.get("numFmtId", "0")
        if tag in ("numFmt", "xf") and not (number.isascii() and number.isdigit()):
            package.broken(name, f"There is a number format {shown(number)}")
        if inside[-2:] == ["numFmts", "numFmt"]:
            codes[int(number)] = plain(attributes.get("formatCode", ""))
        elif inside[-2:] == ["cellXfs", "xf"]:
            formats.append(int(number))

    package.read(name, start, lambda _: inside.pop())
    return [shape_of(number, codes.get(number)) for number in formats]


def _strings(package: Package, name: str) -> list[str]:
    """The shared strings: the runs of each joined, without the reading aids (rPh) that stand beside Chinese characters."""
    found: list[str] = []
    held: list[str] = []
    state = {"t": False, "rPh": False}

    def start(tag: str, _: dict[str, str]) -> None:
        if tag == "si":
            held.clear()
        elif tag in state:
            state[tag] = True

    def end(tag: str) -> None:
        if tag == "si":
            found.append(plain("".join(held)))
        elif tag in state:
            state[tag] = False

    package.read(name, start, end, lambda text: held.append(text) if state["t"] and not state["rPh"] else None)
    return found


def plain(text: str) -> str:
    """A text as it is meant: `_x000D_` stands for the character of that number (ST_Xstring of ECMA-376)."""
    if "_x" not in text or not ESCAPED.search(text):
        return text
    units = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
