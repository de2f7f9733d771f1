"""The header of a table: found among its first rows, held against the columns that a contract wants."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol

from warehouse.intake.refused import FileRefused, HeaderRefused, Limits, shown

TITLE_CELLS = 3
"""A row above the header with fewer filled cells than this is a title, however narrow the table."""


class Wants(Protocol):
    """What a header is searched for."""

    @property
    def required(self) -> tuple[str, ...]:
        """Names that must stand in it."""
        ...

    @property
    def optional(self) -> tuple[str, ...]:
        """Names that may."""
        ...

    @property
    def header_rows(self) -> int:
        """How many rows it takes."""
        ...

    @property
    def also(self) -> Mapping[str, str]:
        """Other names, each with the one that is wanted."""
        ...


@dataclass(frozen=True)
class Header:
    """The names of the columns, the physical line of the (last) header row, and the rows above it with their lines."""

    names: list[str]
    line: int
    above: list[tuple[int, str]]

    def picks(self, columns: Sequence[str]) -> list[int | None]:
        """The place of each wanted column, None for one that is not there."""
        return [self.names.index(column) if column in self.names else None for column in columns]


class HeaderSearch:
    """Looks for the row (or rows) that name every required column; what stands above them are titles.

    A name fits where it is equal but for white space. Where nothing fits, the row that comes nearest is the one refused.
    """

    def __init__(self, wanted: Wants, limits: Limits, separator: str = "") -> None:
        """`separator` is only for the words of a refusal."""
        self.required, self.optional, self.separator = wanted.required, wanted.optional, separator
        self.limits, self.seen = limits, 0
        self.known = {_squeezed(name): name for name in (*self.required, *self.optional)}
        self.known |= {_squeezed(other): name for other, name in wanted.also.items()}
        self.last: deque[tuple[int, list[str]]] = deque(maxlen=wanted.header_rows)
        self.above: list[tuple[int, str, int]] = []
        self.found: tuple[int, list[str]] | None = None
        self.nearest: tuple[int, int, list[str]] | None = None
        self.fault: tuple[int, str] | None = None

    @property
    def is_over(self) -> bool:
        """Whether so many rows were looked at that there is none."""
        return self.found is not None or self.seen >= self.limits.header_within

    def offer(self, line: int, cells: Sequence[str], text: str | None = None) -> bool:
        """One row that is not blank, with its text as it stands; whether the header is complete with it.

        Raises:
            FileRefused: too many columns.
        """
        if len(cells) > self.limits.columns:
            raise FileRefused(
                f"line [{line}] has [{len(cells)}] columns", f"No table of a court has more than [{self.limits.columns}]",
                "Mend the separator, or export fewer columns", place=f"line {line}",
            )  # fmt: skip
        self.seen += 1
        self.last.append((line, [_plain(cell) for cell in cells]))
        names = [self.known.get(_squeezed(name), name) for name in _joined([row for _, row in self.last])]
        is_full = len(self.last) == self.last.maxlen
        fits = sum(name in names for name in set(self.known.values()))
        if is_full and (self.nearest is None or fits > self.nearest[0]):
            self.nearest = (fits, line, names)
        if is_full and all(name in names for name in self.required):
            self.found = (line, names)
            for _ in range(len(self.last) - 1):
                self.above.pop()
            return True
        self.above.append((line, "\t".join(cells) if text is None else text, sum(bool(cell.strip()) for cell in cells)))
        return False

    def pass_by(self, line: int, text: str, fault: str) -> None:
        """A row that cannot be split, above the header."""
        self.fault = self.fault or (line, fault)
        self.seen += 1
        self.above.append((line, text, 1))

    def result(self) -> Header:
        """The header.

        Raises:
            HeaderRefused: no row names all required columns, or the right one names a wanted column twice.
            FileRefused: there is no row at all, or what stands above the header looks like data.
        """
        if self.fault and not (self.nearest and self.nearest[0]):
            line, fault = self.fault
            raise HeaderRefused(f"the header on line [{line}] cannot be read", f"It has {fault}",
                                "Mend the quotes of the header", place=f"line {line}")  # fmt: skip
        if self.nearest is None and self.seen:
            raise HeaderRefused(f"the header takes {self.last.maxlen} rows and the file has {self.seen}", "It has no rows",
                                "Export it again, or mend `header_rows` in the contract", place="line 1")  # fmt: skip
        if self.nearest is None:
            raise FileRefused("the file holds only blank lines", "It has no header and no rows",
                              "Export it again and look at it before it is delivered", place="line 1")  # fmt: skip
        line, names = self.found or self.nearest[1:]
        try:
            require_columns(names, line, self.separator, self.required, self.optional)
        except HeaderRefused as refused:
            refused.fits = self.nearest[0]
            raise
        full = next((row for row in self.above if row[2] >= max(TITLE_CELLS, len(names) / 2)), None)
        if full:
            raise HeaderRefused(
                f"line [{full[0]}] stands above the header and looks like a row of data",
                f"The header was found on line [{line}]",
                "Put the header above all rows, or say `header_rows` in the contract if it takes several",
                place=f"line {full[0]}",
            )
        return Header(names, line, [(at, text) for at, text, _ in self.above])


def _joined(rows: Sequence[Sequence[str]]) -> list[str]:
    """The names of several header rows: groups go on to the right until the next one, as merged cells do."""
    if len(rows) == 1:
        return list(rows[0])
    width, parts = max(map(len, rows)), list[list[str]]()
    for number, row in enumerate(rows):
        cells = [*row, *[""] * (width - len(row))]
        if number < len(rows) - 1:
            for at in range(1, width):
                cells[at] = cells[at] or cells[at - 1]
        parts.append(cells)
    return ["/".join(dict.fromkeys(cell for cell in column if cell)) for column in zip(*parts, strict=True)]


def require_columns(found: list[str], line: int, separator: str, required: Sequence[str], optional: Sequence[str]) -> None:
    """Refuse a header, found on physical line `line`, that lacks a required column or names a wanted one twice."""
    place = f"line {line}"
    if doubled := [column for column in (*required, *optional) if found.count(column) > 1]:
        why = "Which of them holds the values cannot be known"
        what = f"the header names {_listed(doubled)} more than once"
        raise HeaderRefused(what, why, "Rename or drop the others at the source", place)
    if missing := [column for column in required if column not in found]:
        near = {name: get_close_matches(name, found, 3, 0.5) for name in missing}
        hints = "".join(f"; nearest to {shown(name)}: {_listed(names)}" for name, names in near.items() if names)
        unknown = [name for name in found if name and name not in (*required, *optional)]
        hints += f"; not in the contract: {_listed(unknown)}" if unknown and len(unknown) < len(found) else ""
        why = f"The header on line [{line}] names {_listed(found)}{hints}{_likely_cause(found, separator)}"
        what = f"the header lacks {_listed(missing)}"
        raise HeaderRefused(what, why, "Map the columns in the contract, or export them again", place)


def _likely_cause(found: list[str], separator: str) -> str:
    if not separator:
        return ""
    held = "".join(found)
    if "\r" in held:
        return "; its lines seem to end with a carriage return alone, which separates no lines here"
    likely = [mark for mark in ",;\t|" if mark != separator and held.count(mark) >= len(found)]
    return f"; the separator {shown(separator)} may be wrong, it could be {_listed(likely)}" if likely else ""


def _listed(names: Sequence[str], most: int = 40) -> str:
    return " ".join(map(shown, names[:most])) + (f" and {len(names) - most} more" if len(names) > most else "")


def _plain(cell: str) -> str:
    return cell.strip().strip("\ufeff").strip()


def _squeezed(text: str) -> str:
    return "".join(text.split())
