"""One file as a table: its format, encoding, marks and layout, with what proves them and what is doubtful.

Belongs here: everything that a contract says under `file` but for the names. Does not belong here: columns (`mapping`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from warehouse.catalogue.contract import Format
from warehouse.intake.guesses.encodings import Reading, plausibility, readings
from warehouse.intake.guesses.headers import proofs
from warehouse.intake.guesses.layout import Layout, Split, best_split, lay_out
from warehouse.intake.guesses.sample import named_rows, sheet_grids
from warehouse.intake.guesses.words import some
from warehouse.intake.kinds import told_by
from warehouse.intake.refused import FileRefused, shown
from warehouse.intake.text import blocks
from warehouse.intake.unpack import Content

GAP = 0.25
"""An encoding is filled in, with its question, where it looks so much more like text than the next one."""


@dataclass
class Table:
    """A table and the keys of `file` that it needs; None marks a key that must be answered.

    `notes` and `questions` stand by the key that they are about.
    """

    layout: Layout
    file: dict[str, Any]
    notes: dict[str, list[str]] = field(default_factory=dict)
    questions: dict[str, list[str]] = field(default_factory=dict)

    @property
    def format(self) -> str:
        """The format of the file."""
        return str(self.file["format"])

    def note(self, key: str, text: str) -> None:
        """What was seen, by the key that it is about."""
        self.notes.setdefault(key, []).append(text)

    def ask(self, key: str, text: str) -> None:
        """A question, by the key that it is about."""
        self.questions.setdefault(key, []).append(text)


def table_of(content: Content) -> Table:
    """The table in a file.

    Raises:
        FileRefused: the file cannot be read, or no row of it can be a header.
    """
    kind = told_by(content)
    if kind == "csv":
        found = _delimited(content)
    elif kind in ("xlsx", "xls"):
        found = _workbook(content, kind)
    else:
        found = _named(content, kind)
    _tell_rows(found)
    return found


def _delimited(content: Content) -> Table:
    for _ in blocks(content):  # binary files are named for what they are
        break
    else:
        raise FileRefused("the file is empty", "It has no header and no rows", "Export it again and look at it")
    found = [(reading, split) for reading in readings(content) if (split := best_split(reading))]
    if not found:
        raise FileRefused(
            "no separator and no header row can be told", "None of , ; tab | ^ ~ # parts its lines into columns below a header",
            "Export it with a header and a separator; fixed-width text needs a contract written by hand (`widths`)",
        )  # fmt: skip
    reading, split = _likeliest(found)
    table = Table(split.layout, {"format": "csv"})
    _tell_encoding(table, found, reading)
    table.file["separator"] = split.separator
    if not split.quote:
        table.file["quote"] = ""
        table.ask(
            "quote",
            f'a quote (") is opened and never closed as it should be. Do quotes mean nothing here? {split.fault}'.strip(),
        )
    elif split.fault:
        table.ask("separator", f"the rows below {split.fault} cannot be split: look at that line")
    return table


def _likeliest(found: Sequence[tuple[Reading, Split]]) -> tuple[Reading, Split]:
    """The reading whose header is proven, else the one that looks most like text (they come in this order)."""
    return max(found, key=lambda pair: (len(proofs(pair[1].layout.names)), pair[1].layout.hits))


def _tell_encoding(table: Table, found: Sequence[tuple[Reading, Split]], best: Reading) -> None:
    texts = {reading.encoding: reading.head + reading.tail for reading, _ in found}
    alike = [name for name, text in texts.items() if text == texts[best.encoding]]
    others = [(reading, split) for reading, split in found if reading.encoding not in alike]
    name = "cp1252" if set(alike) == {"cp1250", "cp1252"} else best.encoding
    table.file["encodings"] = [name]
    known = set(_known(table.layout))
    proven = [table.layout.names[at] for at in sorted(known) if all(at not in _known(split.layout) for _, split in others)]
    if best.is_ascii:
        table.note("encodings", "only ASCII so far, which every encoding reads alike; other files may hold more")
    elif len(found) == 1:
        table.note("encodings", "nothing else fits the whole file, or what it holds is hard to meet by chance")
    elif proven and not any(set(_known(split.layout)) - known for _, split in others):
        table.note("encodings", f"proven by {some(proven)}, known words in this encoding alone")
    elif others:
        if plausibility(best) - max(plausibility(reading) for reading, _ in others) < GAP:
            table.file["encodings"] = None
        table.ask("encodings", f"the whole file can be read in several encodings. Which of these is right? {_each_way(found)}")
    if len(alike) > 1 and not best.is_ascii:
        table.ask(
            "encodings", f"{' and '.join(alike)} read this file alike, but not every file: which one does the court write?"
        )


def _known(layout: Layout) -> list[int]:
    """The places of headers that are known words with letters beyond ASCII."""
    known = proofs(layout.names)
    return [at for at, name in enumerate(layout.names) if name in known]


def _each_way(found: Sequence[tuple[Reading, Split]]) -> str:
    """One header or value with letters beyond ASCII, in each encoding."""
    first = found[0][1].layout
    cells = [(-1, at) for at, name in enumerate(first.names) if not name.isascii()]
    cells += [(row, at) for row, cells in enumerate(first.rows) for at, cell in enumerate(cells) if not cell.isascii()]
    told = []
    for reading, split in found:
        layout = split.layout
        row, at = cells[0] if cells else (-1, 0)
        rows = [list(layout.names)] if row < 0 else layout.rows[row : row + 1]
        told.append(f"{reading.encoding} {shown(rows[0][at], 30) if rows and at < len(rows[0]) else 'makes another table'}")
    return "; ".join(told)


def _workbook(content: Content, kind: Format) -> Table:
    grids = sheet_grids(content, kind)
    found = sorted(filter(None, map(lay_out, grids)), key=lambda layout: -layout.hits)
    if not found:
        raise FileRefused("no header row can be told", f"It has [{len(grids)}] sheets that hold anything, none with a header",
                          "Put the names of the columns above the rows")  # fmt: skip
    table = Table(found[0], {"format": kind})
    if len(found) > 1:
        names = some([layout.sheet or "" for layout in found], 10)
        if found[1].hits == found[0].hits:
            table.file["sheet"] = None
            table.ask(
                "sheet", f"several sheets may hold the rows: {names}. Which one? This draft is made from the first of these"
            )
        else:
            table.note("format", f"of its sheets {names} the first has the known headers, so `sheet` need not name it")
    return table


def _named(content: Content, kind: Format) -> Table:
    encoding = None
    if kind in ("json", "json_lines"):
        found = readings(content)
        encoding = found[0].encoding
    kind, columns = named_rows(content, kind, encoding)
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    table = Table(Layout(tuple(columns), rows, 0), {"format": kind})
    if encoding:
        table.file["encodings"] = [encoding]
        if len(found) > 1:
            table.ask(
                "encodings", f"{' and '.join(reading.encoding for reading in found)} read the whole file. Which is right?"
            )
    return table


def _tell_rows(table: Table) -> None:
    """The keys of `file` that the layout needs."""
    layout = table.layout
    if layout.header_rows > 1:
        table.file["header_rows"] = layout.header_rows
    if layout.trailing:
        table.file["trailing_separator"] = True
    if layout.no_case:
        table.file["no_case"] = list(layout.no_case)
        table.ask("no_case", "the last rows begin with these words and look like no case: is that so?")
    if layout.titles:
        table.note("format", f"above the header, in line {layout.line}, stands {some(layout.titles)}: titles are left out")
    if layout.totals:
        table.note("format", f"rows of totals, as {some(layout.totals)}, are known and left out")
    if layout.torn:
        table.ask(
            "format", f"{layout.torn} rows have more cells than the header: they would be set aside. Is the header complete?"
        )
    if not layout.rows:
        table.ask("format", "there is no row below the header: types cannot be told. Draft from a file with rows")
