"""The first rows of a file of any format, and the last ones: what everything else is told from.

Belongs here: rows out of bytes. Does not belong here: which of them is the header (`layout`), what values mean (`columns`).
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from importlib import import_module
from itertools import islice
from pathlib import Path

import polars as pl

from warehouse.catalogue.contract import FileFormat, Format
from warehouse.intake.guesses.encodings import Reading
from warehouse.intake.read import READERS
from warehouse.intake.readers.rows import PLACES, Row, Wanted
from warehouse.intake.readers.sheets import Areas, Sheet
from warehouse.intake.refused import FileRefused
from warehouse.intake.unpack import Content

ROWS = 10_000
"""Rows that are looked at."""
ABOVE = 50
"""Rows among which the header is looked for, as readers do."""


@dataclass(frozen=True)
class Grid:
    """Rows by position, without blank ones, each with its line; `tail` are the file's last where the sample ends before.

    `fault` says why the text cannot be split so to its end; `name` is that of the sheet.
    """

    rows: list[tuple[int, list[str]]]
    tail: list[tuple[int, list[str]]] = field(default_factory=list)
    fault: str = ""
    name: str | None = None

    @cached_property
    def width(self) -> int:
        """How many cells most rows have."""
        return Counter(len(cells) for _, cells in self.rows).most_common(1)[0][0] if self.rows else 0


def split(reading: Reading, separator: str, quote: str = '"', escape: str = "") -> Grid:
    """A text as rows of cells."""
    split_by = partial(_split, separator=separator, quote=quote, escape=escape, record=reading.record)
    is_cut = bool(reading.tail)
    rows, fault = split_by(reading.head, 0, is_cut)
    tail, _ = split_by(reading.tail, reading.lines - reading.tail.count(reading.record), True)
    return Grid(rows[: ROWS + ABOVE], tail, fault)


def _split(
    text: str, above: int, is_cut: bool, *, separator: str, quote: str, escape: str, record: str
) -> tuple[list[tuple[int, list[str]]], str]:
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator, quotechar=quote or None, escapechar=escape or None,
        doublequote=not escape, quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE, strict=True,
    )  # fmt: skip
    rows: list[tuple[int, list[str]]] = []
    line = above
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line + 1, cells))
            line = above + reader.line_num
    except csv.Error as error:
        return rows, "" if is_cut and "unexpected end" in str(error) else f"line {line + 1}: {error}"
    return rows, ""


def sheet_grids(content: Content, kind: Format) -> list[Grid]:
    """Every sheet of a workbook that holds anything.

    Raises:
        FileRefused: no workbook, or a broken one.
    """
    with _sheets(content, kind) as sheets:
        found = [Grid(*_ends(sheet.rows(Areas(()))), name=sheet.name) for sheet in sheets]
    return [grid for grid in found if grid.rows]


def _ends(rows: Iterator[Row]) -> tuple[list[tuple[int, list[str]]], list[tuple[int, list[str]]]]:
    """The first rows and the last ones. A sheet is looked at to its end: it has no more than a million rows."""
    filled = ((row.line, [cell or "" for cell in row.cells]) for row in rows if any((c or "").strip() for c in row.cells))
    head = list(islice(filled, ROWS + ABOVE))
    tail: list[tuple[int, list[str]]] = []
    for row in filled:
        tail = [*tail[-19:], row]
    return head, tail


@contextmanager
def _sheets(content: Content, kind: Format) -> Iterator[list[Sheet]]:
    """The sheets of a workbook, by the readers of workbooks."""
    if kind == "xlsx":
        from warehouse.intake.readers.xlsx import _rows
        from warehouse.intake.readers.xlsx_book import read_book
        from warehouse.intake.readers.xlsx_parts import opened

        with opened(content) as package:
            book = read_book(package)
            yield [Sheet(name, partial(_rows, package, book, part), lambda: ()) for name, part in book.sheets]
    else:
        from warehouse.intake.readers import xls

        with content.as_file() as path, xls._opened(path, content.limits) as book:
            names = enumerate(book.sheet_names())
            yield [Sheet(name, partial(xls._rows, book, number), lambda: ()) for number, name in names]


def named_rows(content: Content, kind: Format, encoding: str | None) -> tuple[Format, dict[str, list[str]]]:
    """The first values of every name in rows by name (JSON, XML, Parquet), and the format by which its reader took them.

    The reader is asked twice: for the names of all rows, then for their values.

    Raises:
        FileRefused: the file cannot be read.
    """
    may: tuple[Format, ...] = ("json_lines", "json") if kind in ("json_lines", "json") else (kind,)
    form = FileFormat(format=may, encodings=(encoding,) if encoding else ())
    reader = import_module(f"warehouse.intake.readers.{READERS[kind]}")
    with tempfile.TemporaryDirectory(prefix="caseload-") as folder:
        into = Path(folder) / "rows.parquet"
        found = reader.read_format(content, form, Wanted(()), into)
        if len(may) > 1:  # an object a line has a line, an element of an array its number alone
            kind = "json" if "record" in found.places else "json_lines"
            form = form.model_copy(update={"format": kind})
        names = [name for name in found.extra_columns if name and name not in PLACES]
        if not names:
            raise FileRefused("its rows have no names", "Nothing says what its values are", "Export it as a table")
        reader.read_format(content, form, Wanted((), tuple(names)), into)
        frame = pl.scan_parquet(into).head(ROWS).select(names).collect()
    return kind, {name: [value or "" for value in frame[name]] for name in names}
