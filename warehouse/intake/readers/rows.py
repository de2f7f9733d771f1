"""What every reader of rows shares: what is wanted of a file, what was found, rows by position and by name into Parquet.

Belongs here: which cells go to which contracted column, what is torn, what is no case at all, and that all of it is counted.
Does not belong here: how a format splits into rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from warehouse.intake.frames import write_frames
from warehouse.intake.readers.header import Header, HeaderSearch
from warehouse.intake.readers.no_case import NoCase
from warehouse.intake.refused import FileRefused, HeaderRefused, Limits, shown

PLACES = ("record", "line")
BATCH_ROWS = 50_000
TORN_CHARACTERS = 10_000
LONE_SURROGATES = "a character that is half of one (a lone surrogate)"


@dataclass(frozen=True)
class Torn:
    """A record that is no row: its number, its first physical line, its text as it stands in the file, and why.

    `code` is TORN where it does not fit the header, NO_CASE where it is a title, a total, a blank row.
    """

    record: int
    line: int
    text: str
    reason: str
    code: str = "TORN"


@dataclass(frozen=True)
class Read:
    """What was read: `rows` are all records, whole, torn and no cases; blank lines are counted apart.

    Records count from 1 below the header; titles above it have numbers below 0. `places` says where a row stands, as
    `line {line}`, `Sheet1!A{line}` or `record {record}`. `epoch` is the year from which the file counts its day numbers.
    """

    encoding: str
    rows: int
    blank: int
    torn: tuple[Torn, ...]
    extra_columns: tuple[str, ...]
    missing_columns: tuple[str, ...]
    places: str = "line {line}"
    format: str = "csv"
    epoch: int = 1900


@dataclass(frozen=True)
class Wanted:
    """What a contract wants of a file: headers that must and may stand in it, which of them is the key, how it is headed.

    `no_case` are words with which the first filled cell of a row begins that is no case, beside the usual ones for totals.
    Without a `key` every row is taken for one. ValueError where a header is wanted twice or called as a column of ours.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    key: str | None = None
    header_rows: int = 1
    no_case: tuple[str, ...] = ()
    also: Mapping[str, str] = field(default_factory=dict)
    """Other names of wanted columns, each with the wanted one."""

    def __post_init__(self) -> None:
        """Refuse headers that could not be told apart."""
        wanted = [*PLACES, *self.required, *self.optional]
        if doubled := sorted({column for column in wanted if wanted.count(column) > 1}):
            raise ValueError(f"wanted columns {doubled} are named twice or called as a column of ours {PLACES}")

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them, in their order."""
        return (*self.required, *self.optional)

    @property
    def schema(self) -> dict[str, Any]:
        """The columns of the Parquet file."""
        return dict.fromkeys(PLACES, pl.Int64()) | dict.fromkeys(self.columns, pl.String())


class Row(NamedTuple):
    """One row by position. With a `fault` it cannot be split; `text` is how it stands, made from the cells where empty.

    `why` says of one cell, by its position, why it is not to be taken; that tears the row only if the cell is wanted.
    """

    line: int
    cells: Sequence[str | None]
    fault: str = ""
    text: str = ""
    why: Callable[[int], str | None] | None = None


class Entry(NamedTuple):
    """One row by name, as JSON and XML have them."""

    line: int
    fields: Mapping[str, str | None]
    fault: str = ""
    text: str = ""


@dataclass
class Tally:
    """Counts one file while it is read."""

    limits: Limits
    rows: int = 0
    titles: int = 0
    blank: int = 0
    torn: list[Torn] = field(default_factory=list)

    def tear(self, record: int, line: int, text: str, reason: str, code: str = "TORN") -> None:
        """Note a record that is no row; refuse the file when there are too many of them."""
        if len(self.torn) >= self.limits.torn_records:
            what = f"more than [{self.limits.torn_records}] records do not fit the header, the last on line [{line}]"
            why = f"The first, on line [{self.torn[0].line}], has {self.torn[0].reason}" if self.torn else reason
            raise FileRefused(what, why, "Mend the separator, the quote or the header", place=f"line {line}")
        text = text.removesuffix("\n").removesuffix("\r")
        self.torn.append(Torn(record, line, whole(text[:TORN_CHARACTERS]), reason, code))

    def put_aside(self, above: Sequence[tuple[int, str]]) -> None:
        """Note the rows above the header: titles."""
        self.titles = len(above)
        for number, (line, text) in enumerate(above):
            self.tear(number - len(above), line, text, "a title, above the header", "NO_CASE")

    def require_some_fit(self, header: Header) -> None:
        """Refuse a file of several rows none of which fits the header: then the header is what is wrong.

        Raises:
            HeaderRefused: its line end may be lost, or rows have run together.
        """
        torn = [one for one in self.torn if one.code == "TORN"]
        if len(torn) > 1 and len(torn) == self.rows:
            raise HeaderRefused(
                f"none of its {len(torn)} rows fits the header on line [{header.line}]",
                f"The first, on line [{torn[0].line}], has {torn[0].reason}",
                "Look at the header and at the line ends, and export it again", place=f"line {header.line}",
            )  # fmt: skip

    def read(self, header: Header, wanted: Wanted, encoding: str = "utf-8", **more: Any) -> Read:
        """What was found in all."""
        extra = tuple(name for name in header.names if name not in wanted.columns)
        missing = tuple(name for name in wanted.optional if name not in header.names)
        return Read(encoding, self.rows + self.titles, self.blank, tuple(self.torn), extra, missing, **more)


def whole(text: str) -> str:
    """The text without half characters, which could not be stored: each is written as its escape."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def read_rows(rows: Iterator[Row], wanted: Wanted, into: Path, limits: Limits, encoding: str = "utf-8", **more: Any) -> Read:
    """Rows by position into one Parquet file: finds the header among the first, then takes the cells below it.

    Grain: one whole row. Columns: those of `wanted.schema`, exactly as delivered. Cells that a row lacks at its end are
    empty (a spreadsheet does not store them); filled cells beyond the header tear it. Empty rows are blank, not rows.

    Raises:
        FileRefused: no header, or whatever `rows` raises; then nothing is written.
    """
    tally = Tally(limits)
    header = _search(rows, wanted, limits, tally)
    picks = header.picks(wanted.columns)
    no_case = NoCase(wanted.key, wanted.no_case, header.names)
    batch = Batch(wanted)

    def frames() -> Iterator[pl.DataFrame]:
        for row in rows:
            cells = list(row.cells)
            if not row.fault and not any((cell or "").strip() for cell in cells):
                tally.blank += 1
                continue
            tally.rows += 1
            fault = row.fault or beyond(cells, len(header.names)) or halves(cells) or _amiss(row, picks)
            reason = "" if row.fault and not any(cells) else no_case.why(cells)
            if reason:
                tally.tear(tally.rows, row.line, row.text or "\t".join(c or "" for c in cells), reason, "NO_CASE")
            elif fault:
                tally.tear(tally.rows, row.line, row.text or "\t".join(c or "" for c in cells), fault)
            else:
                cells += [""] * (len(header.names) - len(cells))
                batch.add(tally.rows, row.line, [None if at is None else cells[at] or "" for at in picks])
            if batch.is_full:
                yield batch.frame()
        if batch.places[0]:
            yield batch.frame()

    write_frames(frames(), wanted.schema, into)
    return tally.read(header, wanted, encoding, **more)


def read_entries(
    entries: Iterator[Entry], wanted: Wanted, into: Path, limits: Limits, encoding: str = "utf-8", **more: Any
) -> Read:
    """Rows by name into one Parquet file; columns and grain as in `read_rows`.

    A row that lacks a required name is torn; where the first `header_within` rows all lack it, the file is refused as one
    with another header. A name that the contract does not know is counted as an extra column.
    """
    tally, batch, names = Tally(limits), Batch(wanted), dict[str, None]()
    begun: list[Entry] = []
    entries = _renamed(entries, wanted.also)
    for entry in entries:
        begun.append(entry)
        if len(begun) == limits.header_within or (not entry.fault and all(name in entry.fields for name in wanted.required)):
            break
    if begun and not any(all(name in e.fields for name in wanted.required) for e in begun):
        _refuse_entries(begun, wanted)
    no_case = NoCase(wanted.key, wanted.no_case, list(wanted.columns))

    def frames() -> Iterator[pl.DataFrame]:
        for source in (iter(begun), entries):
            for entry in source:
                tally.rows += 1
                names.update(dict.fromkeys(entry.fields))
                if len(names) > limits.columns:
                    raise FileRefused(f"the rows have more than [{limits.columns}] names", "Names seem to be values",
                                      "Export them as a table")  # fmt: skip
                cells = [entry.fields.get(name) for name in wanted.columns]
                lacking = [name for name in wanted.required if name not in entry.fields]
                fault = entry.fault or (f"no field {shown(lacking[0])}" if lacking else "") or halves(cells)
                reason = "" if entry.fault or (lacking and entry.fields) else no_case.why(cells)
                if reason:
                    tally.tear(tally.rows, entry.line, entry.text, reason, "NO_CASE")
                elif fault:
                    tally.tear(tally.rows, entry.line, entry.text, fault)
                else:
                    batch.add(tally.rows, entry.line, cells)
                if batch.is_full:
                    yield batch.frame()
        if batch.places[0]:
            yield batch.frame()

    write_frames(frames(), wanted.schema, into)
    return tally.read(Header(list(names), 0, []), wanted, encoding, **more)


def _renamed(entries: Iterator[Entry], also: Mapping[str, str]) -> Iterator[Entry]:
    """The entries under the names that are wanted; one that has a column under both names is torn."""
    for entry in entries:
        others = {name: also[name] for name in entry.fields if name in also} if also else {}
        if len(set(others.values())) < len(others) or any(wanted in entry.fields for wanted in others.values()):
            yield entry._replace(fault=entry.fault or f"the field {shown(next(iter(others.values())))} under two names")
        elif others:
            yield entry._replace(fields={others.get(name, name): value for name, value in entry.fields.items()})
        else:
            yield entry


class Batch:
    """Rows waiting to become a frame. One list a column: a list a row keeps the garbage collector busy."""

    def __init__(self, wanted: Wanted) -> None:
        """Begin empty."""
        self.columns = wanted.columns
        self._clear()

    def _clear(self) -> None:
        self.places: tuple[list[int], list[int]] = ([], [])
        self.values: list[list[str | None]] = [[] for _ in self.columns]

    @property
    def is_full(self) -> bool:
        """Whether it should be written."""
        return len(self.places[0]) >= BATCH_ROWS

    def add(self, record: int, line: int, values: Sequence[str | None]) -> None:
        """One row."""
        self.places[0].append(record)
        self.places[1].append(line)
        for column, value in zip(self.values, values, strict=True):
            column.append(value)

    def frame(self) -> pl.DataFrame:
        """The rows so far; begins anew."""
        places = [pl.Series(name, at, dtype=pl.Int64) for name, at in zip(PLACES, self.places, strict=True)]
        columns = [pl.Series(n, v, dtype=pl.String) for n, v in zip(self.columns, self.values, strict=True)]
        self._clear()
        return pl.DataFrame([*places, *columns])


def beyond(cells: Sequence[str | None], width: int) -> str:
    """Why a row with filled cells beyond the header is torn; nothing where it is not."""
    far = next((at for at, cell in enumerate(cells) if at >= width and (cell or "").strip()), None)
    return f"a value in column [{far + 1}] where the header has [{width}]" if far is not None else ""


def halves(cells: Sequence[str | None]) -> str:
    """Why a row with a lone surrogate is torn: it cannot be written as text."""
    for cell in cells:
        if cell and not cell.isascii():
            try:
                cell.encode()
            except UnicodeEncodeError:
                return LONE_SURROGATES
    return ""


def _amiss(row: Row, picks: Sequence[int | None]) -> str:
    """What is wrong with the first wanted cell that is not to be taken."""
    why = row.why
    return next((found for at in picks if at is not None and (found := why(at))), "") if why else ""


def _search(rows: Iterator[Row], wanted: Wanted, limits: Limits, tally: Tally) -> Header:
    search = HeaderSearch(wanted, limits)
    for row in rows:
        if row.fault:
            search.pass_by(row.line, row.text, row.fault)
        elif not any((cell or "").strip() for cell in row.cells):
            tally.blank += 1
        elif search.offer(row.line, [cell or "" for cell in row.cells]):
            break
        if search.is_over:
            break
    header = search.result()
    tally.put_aside(header.above)
    return header


def _refuse_entries(begun: Sequence[Entry], wanted: Wanted) -> None:
    sound = [entry for entry in begun if not entry.fault]
    if not sound:
        raise FileRefused(f"none of its first {len(begun)} rows can be read", f"The first has {begun[0].fault}",
                          "Look at it, and export it again", place=f"line {begun[0].line}")  # fmt: skip
    best = max(sound, key=lambda entry: sum(name in entry.fields for name in wanted.required))
    missing = [name for name in wanted.required if name not in best.fields]
    raise HeaderRefused(
        f"its rows lack {' '.join(map(shown, missing))}",
        f"The row on line [{best.line}] has {' '.join(map(shown, list(best.fields)[:40])) or 'no fields'}",
        "Map the columns in the contract, or export them again", place=f"line {best.line}",
    )  # fmt: skip
