"""How a table is laid out: separator, header rows, titles above them, separators too much, rows at the end that are no case.

Belongs here: which rows are what. Does not belong here: what a column of values means (`columns`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.intake.guesses.encodings import Reading
from warehouse.intake.guesses.headers import hits
from warehouse.intake.guesses.sample import ABOVE, ROWS, Grid, split
from warehouse.intake.readers.delimited import SEPARATORS
from warehouse.intake.readers.header import _joined
from warehouse.intake.readers.no_case import TOTAL

MORE_SEPARATORS = (*SEPARATORS, "^", "~", "#")
MOST_HEADER_ROWS = 3
VALUE = re.compile(r"[-+(]?[\d.,/:'\s-]*\d[\d.,/:'\s)-]*%?|[（(〔\[](?:19|20)\d\d[）)〕\]].*|\d{4}年.*")
"""What stands in rows and in no header: numbers, dates, case numbers."""
FEW = 2
"""A row at the end with no more filled cells, where rows usually have more, may be a note."""

MOSTLY = 0.8


@dataclass(frozen=True)
class Layout:
    """A table: names of its columns, sampled rows by position, and what stands around them.

    `line` is that of the (last) header row; `titles` the rows above it; `totals` and `no_case` how rows at the end begin,
    those that every reader knows and those that a contract must name.
    """

    names: tuple[str, ...]
    rows: list[list[str]]
    line: int
    header_rows: int = 1
    titles: tuple[str, ...] = ()
    trailing: bool = False
    totals: tuple[str, ...] = ()
    no_case: tuple[str, ...] = ()
    torn: int = 0
    is_whole: bool = True
    sheet: str | None = None

    @property
    def hits(self) -> int:
        """How many headers are known words."""
        return hits(self.names)

    def values(self, at: int) -> list[str]:
        """One column of the sampled rows."""
        return [row[at] for row in self.rows]


@dataclass(frozen=True)
class Split:
    """A delimited text and how it is split."""

    separator: str
    quote: str
    layout: Layout
    fault: str = ""


def best_split(reading: Reading) -> Split | None:
    """A text split by the separator that makes the best table of it; None where none makes one of two columns."""
    found: list[tuple[tuple[float, ...], Split]] = []
    for separator in filter(reading.head.__contains__, MORE_SEPARATORS):
        for quote in ('"', ""):
            grid = split(reading, separator, quote)
            if not grid.fault or not quote:
                break
        layout = lay_out(grid)
        if layout and len(layout.names) > 1:
            even = sum(len(cells) == grid.width for _, cells in grid.rows) / len(grid.rows)
            score = (layout.hits, even, len(layout.names))
            found.append((score, Split(separator, quote, layout, grid.fault)))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def lay_out(grid: Grid) -> Layout | None:
    """The table in a grid; None where no row can be its header."""
    header = _header(grid)
    if header is None:
        return None
    at, depth = header
    names = [
        _plain(name) for name in _joined([[_plain(cell) for cell in cells] for _, cells in grid.rows[at - depth + 1 : at + 1]])
    ]
    body = grid.rows[at + 1 :]
    trailing = _has_trailing(names, body)
    if trailing and not names[-1]:
        names.pop()
    rows, torn = _fitting([*body[:ROWS], *grid.tail], len(names), trailing)
    rows, totals, no_case = _without_end(rows, names)
    return Layout(
        tuple(names), [row for _, row in rows], grid.rows[at][0], depth,
        tuple(" ".join(filter(None, map(_plain, cells))) for _, cells in grid.rows[: at - depth + 1]),
        trailing, totals, no_case, torn, len(body) <= ROWS and not grid.tail, grid.name,
    )  # fmt: skip


def _header(grid: Grid) -> tuple[int, int] | None:
    """The place of the last header row and how many there are: those that name most of our columns, else the first full one."""
    first = [[_plain(cell) for cell in cells] for _, cells in grid.rows[:ABOVE]]
    best: tuple[int, int, int] | None = None
    for depth in range(1, MOST_HEADER_ROWS + 1):
        for at in range(depth - 1, len(first)):
            rows = first[at - depth + 1 : at + 1]
            found = hits(tuple(_joined(rows))) if all(map(_may_name, rows)) and _is_full(rows[-1], grid, depth) else 0
            if found and (best is None or found > best[0]):
                best = (found, at, depth)
    if best:
        return best[1:]
    return next(((at, 1) for at, row in enumerate(first) if _may_name(row) and _is_full(row, grid, 1)), None)


def _is_full(row: Sequence[str], grid: Grid, depth: int) -> bool:
    """Whether a row is filled as a header is; the last of several may leave out what stands above it."""
    return sum(map(bool, row)) >= max(2 if grid.width > 1 else 1, grid.width * (0.7 if depth == 1 else 0.3))


def _may_name(row: Sequence[str]) -> bool:
    return any(row) and not any(VALUE.fullmatch(cell) for cell in row)


def _has_trailing(names: Sequence[str], body: Sequence[tuple[int, list[str]]]) -> bool:
    """Whether most rows end with a separator too much. Where the header does so too, the rows fit as they are."""
    over = sum(len(cells) == len(names) + 1 and not cells[-1].strip() for _, cells in body)
    return bool(body) and over > len(body) / 2


def _fitting(body: Sequence[tuple[int, list[str]]], width: int, trailing: bool) -> tuple[list[tuple[int, list[str]]], int]:
    """Rows with as many cells as the header; cells that are missing at the end are empty. And how many rows have more."""
    rows, torn = [], 0
    for line, cells in body:
        row = cells[:-1] if trailing and len(cells) == width + 1 and not cells[-1].strip() else cells
        if any(cell.strip() for cell in row[width:]):
            torn += 1
        else:
            rows.append((line, [*row[:width], *[""] * (width - len(row))]))
    return rows, torn


def _without_end(
    rows: list[tuple[int, list[str]]], names: Sequence[str]
) -> tuple[list[tuple[int, list[str]]], tuple[str, ...], tuple[str, ...]]:
    """Rows without totals, repeated headers and what stands below the last case; with which words these begin."""
    usual = Counter(sum(map(bool, map(str.strip, row))) for _, row in rows).most_common(1)[0][0] if rows else 0
    shapes = Counter(_shape(row) for _, row in rows)
    numbered = sum(n for (_, shape), n in shapes.items() if "9" in shape) > len(rows) * MOSTLY
    totals, words, kept, is_end = dict[str, None](), dict[str, None](), list[tuple[int, list[str]]](), True
    for line, row in reversed(rows):
        filled = [cell.strip() for cell in row if cell.strip()]
        if TOTAL.fullmatch("".join(filled[0].split())):
            totals[filled[0][:30]] = None
        elif is_end and _is_note(row, len(filled), usual, shapes, numbered) and _word(filled[0]):
            words[_word(filled[0])] = None
        elif [_plain(cell) for cell in row] != list(names):
            is_end = False
            kept.append((line, row))
    return kept[::-1], tuple(totals), tuple(reversed(words))


def _is_note(row: Sequence[str], filled: int, usual: int, shapes: Counter[tuple[int, str]], numbered: bool) -> bool:
    """Whether a row at the end is unlike all others: by far shorter, or begun by a word where others begin with a number."""
    shape = _shape(row)
    return shapes[shape] == 1 and (filled <= min(FEW, usual - 1) or (numbered and "9" not in shape[1] and filled < usual))


def _shape(row: Sequence[str]) -> tuple[int, str]:
    """Where the first filled cell of a row stands and what it looks like: cases are alike in this, notes are not."""
    at, cell = next(((at, cell.strip()) for at, cell in enumerate(row) if cell.strip()), (0, ""))
    return at, re.sub(r"\d+", "9", re.sub(r"[^\W\d_]+", "A", cell))


def _word(text: str) -> str:
    """The first word of a note: what stands before a colon, a digit or a blank."""
    found = re.match(r"\W*([^\W\d]+)", text)
    return found[1] if found else ""


def _plain(cell: str) -> str:
    return cell.strip().strip("\ufeff").strip()
