"""XLSX workbooks: every row of one sheet as text, as the cells hold it, with the sheet's own row numbers.

Belongs here: a sheet's part, streamed. Does not belong here: the archive (`readers.xlsx_parts`), cells
(`readers.xlsx_cells`), which sheet is read (`readers.sheets`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from warehouse.catalogue.contract import FileFormat
from warehouse.intake.readers.rows import Read, Row, Wanted
from warehouse.intake.readers.sheets import Area, Areas, Sheet, read_sheets
from warehouse.intake.readers.xlsx_book import Book, read_book
from warehouse.intake.readers.xlsx_cells import Cells, area_of
from warehouse.intake.readers.xlsx_parts import MAIN, Package, opened, parser_of
from warehouse.intake.unpack import Content

MERGED = tuple("mergeCell".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


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
        return read_sheets(sheets_of(package, book), form.sheet, wanted, into, content.limits, book.epoch)


def sheets_of(package: Package, book: Book) -> list[Sheet]:
    """The sheets of a workbook, in its order."""
    return [Sheet(name, partial(_rows, package, book, part), partial(_merged, package, part)) for name, part in book.sheets]


def _rows(package: Package, book: Book, part: str, areas: Areas) -> Iterator[Row]:
    cells = Cells(package, book, part, areas)
    for _ in package.parse(part, parser_of(cells.start, cells.end, cells.text)):
        yield from cells.rows
        cells.rows.clear()


def _merged(package: Package, part: str) -> Iterable[Area]:
    """The merged cells, which stand below the rows: elements are looked at only from the block on that names them."""
    found: list[Area] = []
    parser = parser_of(None)

    def start(name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if tag == "mergeCell" and space in MAIN:
            found.append(area_of(package, part, attributes.get("ref", "")))

    def look(block: bytes) -> None:  # where a block ends within mergeCells, the mergeCell after it is whole in the next
        if any(name in block for name in MERGED):
            parser.StartElementHandler = start

    for _ in package.parse(part, parser, look):
        pass
    return found
