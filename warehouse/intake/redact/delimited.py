"""Delimited text without one person: cells are changed where they stand, every other character stays."""

from __future__ import annotations

import re
from dataclasses import dataclass

from warehouse.intake.readers.delimited import Layout, layout
from warehouse.intake.readers.records import Marks
from warehouse.intake.readers.rows import Read, Wanted
from warehouse.intake.redact.bytes_of import script_of
from warehouse.intake.redact.redaction import Edit, Redaction, breaks_of, edited
from warehouse.intake.refused import FileRefused
from warehouse.intake.text import INNER
from warehouse.intake.unpack import Content


@dataclass(frozen=True)
class Cell:
    """One field of a record: where it stands, quotes and all."""

    start: int
    end: int
    is_quoted: bool


def redact(content: Content, found: Read, wanted: Wanted, redaction: Redaction) -> bytes:
    """The unpacked bytes afterwards."""
    script = script_of(content, found.encoding)
    plan = layout(content, redaction.contract.file, wanted, found.encoding)
    text = script.text if plan.record == "\n" else script.text.replace("\n", INNER).replace(plan.record, "\n")
    new = edited(text, _edits(text, plan, redaction))
    return script.written(new if plan.record == "\n" else new.replace("\n", plan.record).replace(INNER, "\n"))


def _edits(text: str, plan: Layout, redaction: Redaction) -> list[Edit]:
    """All changes: records of the person, and those in which a key of theirs stands."""
    begins = [0, *(found.end() for found in re.finditer("\n", text))]
    header = (plan.header.line - redaction.contract.file.header_rows + 1, 0, "header")  # a title ends above it
    known = sorted([*redaction.starts, header])
    starts = [line for line, _, _ in known]
    edits: list[Edit] = []
    for number, (line, record, code) in enumerate(known):
        stop = starts[number + 1] if number + 1 < len(starts) else len(begins) + 1
        start, end = begins[line - 1], begins[stop - 1] if stop <= len(begins) else len(text)
        piece = text[start:end]
        if code == "row" and (record in redaction.records or redaction.aliases.stand_in(piece)):
            edits += _row(text, start, record, plan, redaction)
        elif code not in ("row", "header") and redaction.aliases.stand_in(piece):
            redaction.done.add(record)
            edits.append((start, end, redaction.aside(piece, code)))
    return edits


def _row(text: str, start: int, record: int, plan: Layout, redaction: Redaction) -> list[Edit]:
    cells = cells_at(text, start, plan.marks)
    if plan.is_trailing and len(cells) == len(plan.header.names) + 1:
        cells = cells[:-1]
    if len(cells) != len(plan.header.names):
        raise FileRefused(f"record [{record}] cannot be taken apart as it was read", "Its quotes are odd",
                          "Ask the court for a redacted file")  # fmt: skip
    edits: list[Edit] = []
    for name, cell in zip(plan.header.names, cells, strict=True):
        value = _value(text[cell.start : cell.end], cell, plan.marks)
        new = redaction.cell(record, name, value)
        if new != value:
            redaction.done |= {record} & redaction.records
            edits.append((cell.start, cell.end, _written(new, value, cell, plan.marks, name in redaction.keys)))
    return edits


def cells_at(text: str, at: int, marks: Marks) -> list[Cell]:
    """The fields of the record that begins here, as Python's csv splits it."""
    cells: list[Cell] = []
    while True:
        start, is_quoted = at, bool(marks.quote) and text.startswith(marks.quote, at)
        if is_quoted:
            at = _after_quote(text, at + 1, marks)
        while at < len(text) and text[at] not in (marks.separator, "\n"):
            at += 2 if marks.escape and text[at] == marks.escape else 1
        if at >= len(text) or text[at] == "\n":
            is_return = at > start and text[min(at, len(text)) - 1] == "\r"
            return [*cells, Cell(start, min(at, len(text)) - is_return, is_quoted)]
        cells.append(Cell(start, at, is_quoted))
        at += 1


def _after_quote(text: str, at: int, marks: Marks) -> int:
    while at < len(text):
        if marks.escape and text[at] == marks.escape:
            at += 2
        elif text[at] != marks.quote:
            at += 1
        elif not marks.escape and text.startswith(marks.quote, at + 1):
            at += 2
        else:
            return at + 1
    return at


def _value(text: str, cell: Cell, marks: Marks) -> str:
    value = text[len(marks.quote) : -len(marks.quote)] if cell.is_quoted else text
    if not marks.escape:
        return value.replace(marks.quote * 2, marks.quote) if cell.is_quoted else value
    parts, at = [], 0
    while at < len(value):
        at += value[at] == marks.escape
        parts.append(value[at : at + 1])
        at += 1
    return "".join(parts)


def _written(new: str, old: str, cell: Cell, marks: Marks, is_key: bool) -> str:
    """The new value as it must stand there; the line breaks of the old one stay."""
    new += "" if is_key or breaks_of(new) else breaks_of(old)
    if marks.escape:
        for mark in (marks.escape, marks.quote, marks.separator):
            new = new.replace(mark, marks.escape + mark) if mark else new
        return marks.quote + new + marks.quote if cell.is_quoted else new
    if cell.is_quoted:
        return marks.quote + new.replace(marks.quote, marks.quote * 2) + marks.quote
    return "" if any(mark and mark in new for mark in (marks.separator, marks.quote)) else new
