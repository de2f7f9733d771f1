"""Delimited text: every record of a landed file as text, with its number and physical line, into one Parquet file.

Chunks without a quote go to Polars after NumPy has counted the separators of each line; the others go to Python's csv,
strict. Both give the same rows. Nothing is trimmed, guessed or repaired here; types are the business of staging.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np
import polars as pl

from warehouse.intake.frames import write_frames
from warehouse.intake.readers.header import require_columns
from warehouse.intake.readers.records import Records
from warehouse.intake.text import BOM, Chunk, FileRefused, Limits, Undecodable, chunks, encoding_name, none_fits, shown

PLACES = ("record", "line")
BATCH_ROWS = 50_000
TORN_CHARACTERS = 10_000
# The first bytes, in UTF-8, of lines that may be white space throughout.
IS_WHITE_LEAD = np.isin(np.arange(256), [ord(chr(c).encode()[:1]) for c in range(0x3001) if chr(c).isspace()])


@dataclass(frozen=True)
class Dialect:
    """How a file is written: one ASCII separator, one ASCII quote (or "" for none), the encodings to try in this order.

    A quote inside quotes is doubled. ValueError where a mark is no such character or an encoding is not known.
    """

    separator: str = ","
    quote: str = '"'
    encodings: tuple[str, ...] = ("utf-8",)

    def __post_init__(self) -> None:
        """Refuse marks and encodings that cannot be read by."""
        for mark in (self.separator, self.quote or '"'):
            if len(mark) != 1 or not mark.isascii() or mark.isalnum() or mark in "\r\n\0":
                raise ValueError(f"separator or quote {shown(mark)} must be one ASCII character, no letter or digit")
        if self.separator == self.quote or not self.encodings:
            raise ValueError(f"separator {shown(self.separator)} must differ from quote, and an encoding be named")
        for encoding in self.encodings:
            encoding_name(encoding)


@dataclass(frozen=True)
class Torn:
    """A record that does not fit the header: its number, its first physical line, its text as it stands in the file."""

    record: int
    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class Read:
    """What was read: `rows` are the records after the header, whole and torn; blank lines are counted apart."""

    encoding: str
    rows: int
    blank: int
    torn: tuple[Torn, ...]
    extra_columns: tuple[str, ...]
    missing_columns: tuple[str, ...]


@dataclass
class _Tally:
    limits: Limits
    rows: int = 0
    blank: int = 0
    torn: list[Torn] = field(default_factory=list)

    def tear(self, record: int, line: int, text: str, reason: str) -> None:
        if len(self.torn) >= self.limits.torn_records:
            what = f"more than [{self.limits.torn_records}] records do not fit the header, the last on line [{line}]"
            why = f"The first, on line [{self.torn[0].line}], has {self.torn[0].reason}" if self.torn else reason
            raise FileRefused(what, why, "Mend the separator, the quote or the header", place=f"line {line}")
        text = text.removesuffix("\n").removesuffix("\r")
        self.torn.append(Torn(record, line, text[:TORN_CHARACTERS], reason))


@dataclass(frozen=True)
class _Plan:
    dialect: Dialect
    limits: Limits
    width: int
    picks: dict[str, int | None]  # column → its place in the header, None if an optional one is missing

    def misfit(self, fields: int) -> str:
        return f"[{fields}] fields where the header has [{self.width}]"


def read(
    blob: Path,
    *,
    name: str,
    dialect: Dialect,
    required: Sequence[str],
    optional: Sequence[str],
    into: Path,
    limits: Limits | None = None,
) -> Read:
    """Read delimited text, plain or gzip, into one Parquet file at `into`; `name` is the delivered file's.

    Grain: one whole record. Columns: `record` (Int64, 1 = first after the header), `line` (Int64, the physical line of
    the unpacked text on which the record starts; the file's first is 1), then the required and optional columns as
    String, exactly as delivered; an empty field is the empty string, an optional column that the header lacks is null.
    Torn records are in the result. Raises FileRefused (nothing is written then), and ValueError where the wanted
    columns repeat or are called as ours.
    """
    wanted = [*PLACES, *required, *optional]
    if doubled := sorted({column for column in wanted if wanted.count(column) > 1}):
        raise ValueError(f"wanted columns {doubled} are named twice or called as a column of ours {PLACES}")
    failures: list[Undecodable] = []
    try:
        for encoding in dict.fromkeys(map(encoding_name, dialect.encodings)):
            try:
                return _read_as(encoding, blob, dialect, required, optional, into, limits or Limits())
            except Undecodable as failure:
                failures.append(failure)
        raise none_fits(failures)
    except FileRefused as refused:
        refused.name = name
        raise


def _read_as(
    encoding: str,
    blob: Path,
    dialect: Dialect,
    required: Sequence[str],
    optional: Sequence[str],
    into: Path,
    limits: Limits,
) -> Read:
    tally = _Tally(limits)
    cells, line, rest = _header(chunks(blob, encoding, limits), dialect, tally)
    found = [cell.strip().strip("\ufeff").strip() for cell in cells]
    require_columns(found, line, dialect.separator, required, optional)
    wanted = [*required, *optional]
    picks = {column: found.index(column) if column in found else None for column in wanted}
    _write(_frames(rest, _Plan(dialect, limits, len(found), picks), tally), wanted, into)
    extra = tuple(column for column in found if column not in picks)
    missing = tuple(column for column in optional if picks[column] is None)
    return Read(encoding, tally.rows, tally.blank, tuple(tally.torn), extra, missing)


def _write(frames: Iterator[pl.DataFrame], columns: Sequence[str], into: Path) -> None:
    schema = dict.fromkeys(PLACES, pl.Int64()) | dict.fromkeys(columns, pl.String())
    write_frames(frames, schema, into)


# --- the header


def _header(source: Iterator[Chunk], dialect: Dialect, tally: _Tally) -> tuple[list[str], int, Iterator[Chunk]]:
    """The cells of the first record that is not blank, its line, and the chunks after it."""
    any_chunk = False
    for chunk in source:
        any_chunk = True
        records = Records(chunk, source, dialect.separator, dialect.quote, tally.limits)
        for at, end, cells, fault in records:
            line = chunk.line + at
            if fault:
                remedy = "Mend the quotes of the header"
                raise FileRefused(f"the header on line [{line}] cannot be read", fault, remedy, place=f"line {line}")
            if records.is_blank(at, end):
                tally.blank += 1
                continue
            return cells, line, chain([records.after(end)], source)
    what, why = "the file holds only blank lines" if any_chunk else "the file is empty", "It has no header and no rows"
    raise FileRefused(what, why, "Export it again and look at it before it is delivered", place="line 1")


# --- the records


def _frames(source: Iterator[Chunk], plan: _Plan, tally: _Tally) -> Iterator[pl.DataFrame]:
    """Whole records in order, with their places. A chunk with a quote goes to csv, which may need the next ones too.

    So does one with a carriage return that ends no line: Polars drops it wherever it ends a field.
    """
    quote = plan.dialect.quote.encode()
    for chunk in source:
        if (quote and quote in chunk.data) or chunk.data.count(b"\r") != chunk.data.count(b"\r\n"):
            yield from _quoted(chunk, source, plan, tally)
        else:
            yield from _unquoted(chunk, plan, tally)


def _unquoted(chunk: Chunk, plan: _Plan, tally: _Tally) -> Iterator[pl.DataFrame]:
    raw = np.frombuffer(chunk.data, np.uint8)
    starts = np.concatenate((np.zeros(1, np.int64), chunk.ends))[:-1]
    marks = np.flatnonzero(raw == ord(plan.dialect.separator))
    fields = np.diff(np.searchsorted(marks, chunk.ends), prepend=0) + 1
    whole, blank = fields == plan.width, np.zeros(len(starts), np.bool_)
    suspects = np.flatnonzero(~whole | (IS_WHITE_LEAD[raw[starts]] & (plan.width == 1)))
    texts = {int(i): chunk.data[starts[i] : chunk.ends[i]].decode() for i in suspects}
    blank[[i for i, text in texts.items() if not text.strip()]] = True
    records = tally.rows + np.cumsum(~blank)
    for i, text in texts.items():
        if not (whole[i] or blank[i]):
            tally.tear(int(records[i]), chunk.line + i, text, plan.misfit(int(fields[i])))
    tally.rows, tally.blank = tally.rows + int((~blank).sum()), tally.blank + int(blank.sum())
    kept = np.flatnonzero(whole & ~blank)
    if kept.size:
        body = chunk.data if len(kept) == len(starts) else _lines_at(chunk, starts, kept)
        yield _parsed(body, plan, pl.Series("record", records[kept]), pl.Series("line", kept + chunk.line))


def _lines_at(chunk: Chunk, starts: np.ndarray, kept: np.ndarray) -> bytes:
    gaps = np.flatnonzero(np.diff(kept) > 1)
    first, last = kept[np.concatenate(([0], gaps + 1))], kept[np.concatenate((gaps, [len(kept) - 1]))]
    return b"".join(chunk.data[starts[a] : chunk.ends[b]] for a, b in zip(first, last, strict=True))


def _parsed(body: bytes, plan: _Plan, *places: pl.Series) -> pl.DataFrame:
    names = [f"column_{place + 1}" for place in range(plan.width)]
    taken = {column: place if place is None else names[place] for column, place in plan.picks.items()}
    frame = pl.read_csv(
        BOM + body if body.startswith(BOM) else body,  # Polars drops one, and here it is a value's
        has_header=False,
        separator=plan.dialect.separator,
        quote_char=None,
        schema=dict.fromkeys(names, pl.String()),
        columns=[name for name in taken.values() if name] or names[:1],
        infer_schema=False,
        empty_string_is_null=False,
    )
    values = [(pl.col(name) if name else pl.lit(None, pl.String)).alias(to) for to, name in taken.items()]
    return frame.select(*places, *values)


def _quoted(first: Chunk, rest: Iterator[Chunk], plan: _Plan, tally: _Tally) -> Iterator[pl.DataFrame]:
    records = Records(first, rest, plan.dialect.separator, plan.dialect.quote, plan.limits)
    values: list[str] = []  # row by row in one list: a list per row keeps the garbage collector busy, half of the time
    places: list[list[int]] = [[], []]
    for start, end, fields, fault in records:
        fits = len(fields) == plan.width
        if (not fits or plan.width == 1) and records.is_blank(start, end):
            tally.blank += 1
            continue
        tally.rows += 1
        if fits and not fault:
            values += fields
            places[0].append(tally.rows)
            places[1].append(first.line + start)
        else:
            tally.tear(tally.rows, first.line + start, records.text(start, end), fault or plan.misfit(len(fields)))
        if len(places[0]) == BATCH_ROWS:
            yield _framed(values, places, plan)
            values, places = [], [[], []]
    if values:
        yield _framed(values, places, plan)


def _framed(values: list[str], places: list[list[int]], plan: _Plan) -> pl.DataFrame:
    columns: list[pl.Series] = [pl.Series(*place, dtype=pl.Int64) for place in zip(PLACES, places, strict=True)]
    for column, place in plan.picks.items():
        taken = [None] * len(places[0]) if place is None else values[place :: plan.width]
        columns.append(pl.Series(column, taken, dtype=pl.String))
    return pl.DataFrame(columns)
