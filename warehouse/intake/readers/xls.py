"""XLS workbooks (Excel 5 to 2003): every row of one sheet as text, as the cells hold it, with the sheet's own row numbers.

Belongs here: what xlrd gives, and the two things that it does not say. Does not belong here: which sheet is read
(`readers.sheets`), what numbers mean (`readers.cell_text`).
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from struct import unpack_from
from typing import Any, TypeVar

import xlrd

from warehouse.catalogue.contract import FileFormat
from warehouse.intake.readers.cell_text import Shape, number_text, shape_of, value_text
from warehouse.intake.readers.rows import Read, Row, Wanted
from warehouse.intake.readers.sheets import REMEDY, Area, Areas, Sheet, cell_name, read_sheets
from warehouse.intake.refused import FileRefused, Limits, shown
from warehouse.intake.unpack import Content

T = TypeVar("T")
BOF, EOF, FORMULA, RECALCULATED = 0x0809, 0x000A, 0x0006, 0x01C1
CALCULATE_ON_LOAD = 2
NUMBERS = (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE)
EMPTY_RESULT = b"\x03\0\0\0\0\0\xff\xff"
LOCKED = "EncryptedPackage".encode("utf-16-le")
UNSTORED = "formula without a stored value"


def read_format(content: Content, form: FileFormat, wanted: Wanted, into: Path) -> Read:
    """Every row of the sheet that the contract names, or of the only one with its columns, into one Parquet file.

    Grain, texts and what tears a row are those of XLSX (`readers.xlsx`).

    Raises:
        FileRefused: no workbook, a broken or locked one, no such sheet, no header; nothing is written then.
    """
    with content.as_file() as path, _opened(path, content.limits) as book:
        sheets = [
            Sheet(name, partial(_rows, book, number), partial(_merged, book, number))
            for number, name in enumerate(book.sheet_names())
        ]
        return read_sheets(sheets, form.sheet, wanted, into, content.limits, 1904 if book.datemode else 1900)


@contextmanager
def _opened(path: Path, limits: Limits) -> Iterator[Any]:
    if path.stat().st_size > limits.bomb_bytes:
        raise FileRefused(f"the workbook has [{path.stat().st_size}] bytes", "No XLS is that large", REMEDY)
    _require_no_lock(path)
    with Path(os.devnull).open("w") as nowhere:
        book = _guarded(lambda: xlrd.open_workbook(str(path), nowhere, on_demand=True, formatting_info=True, ragged_rows=True))
        try:
            if book.biff_version < 50:
                raise FileRefused("it is a sheet older than Excel 5", "Formulas of that time are not understood here", REMEDY)
            yield book
        finally:
            book.release_resources()


def _guarded(work: Callable[[], T]) -> T:
    """What xlrd gives. On broken bytes it fails in every way that Python knows: none of them is a bug of ours."""
    try:
        return work()
    except Exception as error:
        if "encrypted" in str(error):
            raise _locked() from error
        if "find workbook" in str(error):
            raise FileRefused("it is no workbook, but another document of the same container (as DOC, MSG or MSI)",
                              "It holds no stream [Workbook]", "Deliver the workbook itself") from error  # fmt: skip
        why = f"Reading says {shown(str(error) or type(error).__name__)}"
        raise FileRefused("the XLS workbook is broken", why, REMEDY) from error


def _locked() -> FileRefused:
    return FileRefused("the workbook is locked with a password", "It cannot be opened here", "Save it without one")


def _require_no_lock(path: Path) -> None:
    """An XLSX workbook with a password is no ZIP archive: it comes encrypted, in the container of an XLS."""
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data.find(LOCKED) >= 0 and data.find("Workbook".encode("utf-16-le")) < 0:
            raise _locked()


def _merged(book: Any, number: int) -> list[Area]:
    sheet = _guarded(lambda: book.sheet_by_index(number))
    return [Area(top + 1, left, bottom, right - 1) for top, bottom, left, right in sheet.merged_cells]


def _rows(book: Any, number: int, _areas: Areas) -> Iterator[Row]:
    sheet = _guarded(lambda: book.sheet_by_index(number))
    unstored = _guarded(lambda: _unstored(book, number))
    shapes = _guarded(lambda: _shapes(book))
    epoch = 1904 if book.datemode else 1900
    for line in range(1, sheet.nrows + 1):
        cells: list[str] = []
        faults: dict[int, str] = {}
        kinds, values = sheet.row_types(line - 1), sheet.row_values(line - 1)
        for at, (kind, value) in enumerate(zip(kinds, values, strict=True)):
            if kind in NUMBERS:
                text, fault = _number(value, shapes.get(sheet.cell_xf_index(line - 1, at)), epoch)
            else:
                text, fault = _text(kind, value)
            if (line, at) in unstored:
                text, fault = text or "=", UNSTORED
            if fault:
                faults[at] = f"{fault} in {cell_name(line, at)}"
            cells.append(text)
        while cells and not cells[-1]:
            cells.pop()
        yield Row(line, cells, why=faults.get if faults else None)


def _number(value: float, shape: Shape | None, epoch: int) -> tuple[str, str]:
    if shape is None:
        return number_text(value), "a number in a format that the workbook does not hold"
    return value_text(value, shape, epoch)


def _text(kind: int, value: Any) -> tuple[str, str]:
    """The text of a cell that holds no number, and what is wrong with it (nothing where it is right)."""
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE", ""
    if kind == xlrd.XL_CELL_ERROR:
        name = xlrd.error_text_from_code.get(value, f"[{value}]")
        return name, f"error {name}"
    return (value, "") if kind == xlrd.XL_CELL_TEXT else ("", "")


def _shapes(book: Any) -> dict[int, Shape]:
    """What each cell format makes of a number."""
    codes = {key: form.format_str for key, form in book.format_map.items()}
    return {place: shape_of(form.format_key, codes.get(form.format_key)) for place, form in enumerate(book.xf_list)}


def _unstored(book: Any, number: int) -> set[tuple[int, int]]:
    """The cells (row from 1, column from 0) whose formula has no value of its own, which xlrd does not tell.

    POI marks them to be calculated on load. xlwt stores an empty text, as Excel does for formulas that give one; but a
    workbook that Excel calculated says by which version that was.
    """
    calculated = any(code == RECALCULATED for code, _, _ in _records(book.mem, book.base))
    found = set()
    for code, at, size in _records(book.mem, book._sh_abs_posn[number]):  # nothing public says where a sheet begins
        if code == FORMULA and size >= 20:
            row, column, _, result, flags, chain = unpack_from("<HHH8sHI", book.mem, at)
            if flags & CALCULATE_ON_LOAD or (not calculated and result == EMPTY_RESULT and not chain):
                found.add((row + 1, column))
    return found


def _records(data: Any, at: int) -> Iterator[tuple[int, int, int]]:
    """The records of one stream within the file, without those inside it: kind, place, size."""
    depth = 0
    while at + 4 <= len(data):
        code, size = unpack_from("<HH", data, at)
        depth += (code == BOF) - (code == EOF)
        if depth == 0:
            return
        if depth == 1:
            yield code, at + 4, size
        at += 4 + size
