"""Rows from fixed-width text: each column at its place in the line, counted in characters or in bytes of the file's encoding.

The file has no header: the names are the contract's. Does not belong here: types (staging), totals (no_case.py).
"""

from __future__ import annotations

import codecs
import dataclasses
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from warehouse.catalogue.contract import FileFormat, FixedColumn
from warehouse.intake.readers.encodings import read_in
from warehouse.intake.readers.rows import Read, Row, Wanted, read_rows
from warehouse.intake.refused import FileRefused, shown
from warehouse.intake.text import chunks
from warehouse.intake.unpack import Content

PADDING = " \u3000"
"""Blanks that fill a field: the usual one, and the wide one that fills fields of Chinese."""


def read_format(content: Content, form: FileFormat, wanted: Wanted, into: Path) -> Read:
    """The columns that `form.widths` name, without the blanks around their values, into one Parquet file.

    Grain: one line that is not blank. A line is torn where it ends before the last column, goes on beyond it, holds a tab,
    or cuts a character in half.

    Raises:
        FileRefused: the contract's widths lack a column, or the text cannot be read; then nothing is written.
    """
    _require_widths(form.widths, wanted)
    plain = dataclasses.replace(wanted, header_rows=1)
    # Which names the file has says nothing of its encoding here, as it does elsewhere: they are not in the file.
    return read_in(content, form.encodings, Wanted(()), lambda encoding: _read_as(encoding, content, form, plain, into))


def _require_widths(widths: Sequence[FixedColumn], wanted: Wanted) -> None:
    headers = [wanted.also.get(column.header, column.header) for column in widths]
    names = " ".join(shown(column.header) for column in widths) or "nothing"
    lacking = [name for name in wanted.required if name not in headers]
    if lacking:
        raise FileRefused(f"the contract's widths lack {' '.join(map(shown, lacking))}", f"They name {names}",
                          "Add where it stands to `widths` in the contract")  # fmt: skip
    if doubled := [name for name in dict.fromkeys(headers) if headers.count(name) > 1]:
        raise FileRefused(f"the contract's widths name {' '.join(map(shown, doubled))} more than once", f"They name {names}",
                          "Leave one place for each column in `widths`")  # fmt: skip


def _read_as(encoding: str, content: Content, form: FileFormat, wanted: Wanted, into: Path) -> Read:
    split = _by_bytes(encoding, form.widths) if form.widths_in == "bytes" else _by_characters(form.widths)
    return read_rows(_rows(content, encoding, form, split), wanted, into, content.limits, encoding)


def _rows(content: Content, encoding: str, form: FileFormat, split: Callable[[int, str], Row]) -> Iterator[Row]:
    is_empty = is_blank = True
    for chunk in chunks(content, encoding):
        for line, text in enumerate(chunk.data.decode().split("\n")[: len(chunk.ends)], chunk.line):
            text = text.removesuffix("\r")
            if is_blank and text.strip():
                is_blank = False
                yield Row(0, [column.header for column in form.widths])
            is_cut = form.closed and line == chunk.line + len(chunk.ends) - 1 and not chunk.data.endswith(b"\n")
            if is_cut and text.strip():
                yield Row(line, [text], "no line end: the file was cut off within this line", text)
            else:
                yield split(line, text) if text.strip() else Row(line, ())
        is_empty = False
    if is_empty or is_blank:
        raise FileRefused("the file is empty" if is_empty else "the file holds only blank lines", "It has no rows",
                          "Export it again and look at it before it is delivered", place="line 1")  # fmt: skip


def _by_characters(widths: Sequence[FixedColumn]) -> Callable[[int, str], Row]:
    places, last, end = _places(widths)

    def split(line: int, text: str) -> Row:
        cells = [text[start:stop].strip(PADDING) for start, stop in places]
        return Row(line, cells, _misfit(len(text), last, end, text, text[end:], "characters"), text)

    return split


def _by_bytes(encoding: str, widths: Sequence[FixedColumn]) -> Callable[[int, str], Row]:
    """By bytes as they stand in the file: the text is written back in the encoding it was read in."""
    places, last, end = _places(widths)
    bare = bare_encoding(encoding)
    cuts = sorted({0, *(cut for place in places for cut in place)})
    spans = [(cuts.index(start), cuts.index(stop)) for start, stop in places]

    def split(line: int, text: str) -> Row:
        try:
            data = text.encode(bare)
        except UnicodeError:
            return Row(line, [text], "a character whose bytes cannot be counted", text)
        fault = _misfit(len(data), last, end, text, data[end:].decode(bare, "replace"), "bytes")
        try:  # from cut to cut: where one part is whole the next one begins with a character, gaps between columns too
            parts = [data[start:stop].decode(bare) for start, stop in pairwise(cuts)]
            cells = ["".join(parts[first:beyond]) for first, beyond in spans]
        except UnicodeError:
            fault = fault or f"a character cut in half in {shown(_halved(data, bare, widths, places))}"
            cells = [data[start:stop].decode(bare, "replace") for start, stop in places]
        return Row(line, [cell.strip(PADDING) for cell in cells], fault, text)

    return split


def _halved(data: bytes, encoding: str, widths: Sequence[FixedColumn], places: Sequence[tuple[int, int]]) -> str:
    """The first column that begins or ends inside a character."""
    for column, place in zip(widths, places, strict=True):
        try:
            for cut in place:
                data[:cut].decode(encoding)
        except UnicodeError:
            return column.header
    return ""


def _places(widths: Sequence[FixedColumn]) -> tuple[list[tuple[int, int]], int, int]:
    """Where each column begins and ends, from 0; where the last one begins, and where the line does end."""
    places = [(column.start - 1, column.start - 1 + column.width) for column in widths]
    return places, max(start for start, _ in places), max(stop for _, stop in places)


def _misfit(length: int, last: int, end: int, text: str, rest: str, unit: str) -> str:
    if "\t" in text:
        return "a tab, so that its columns do not line up"
    if length <= last:
        return f"[{length}] {unit} where its last column begins at [{last + 1}]"
    return f"more than the [{end}] {unit} of its columns" if rest.strip(PADDING) else ""


def bare_encoding(encoding: str) -> str:
    """The encoding for a piece of text: without a byte order mark. FileRefused where a piece cannot stand alone."""
    name = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(encoding, encoding)
    if codecs.lookup(name).name.startswith(("iso2022", "hz", "utf-7")):
        raise FileRefused(f"its columns are counted in bytes of [{encoding}]", "There a byte means what others before it say",
                          "Count `widths_in: characters`, or export it in another encoding")  # fmt: skip
    return name
