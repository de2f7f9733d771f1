"""Delimited text: every record of a landed file as text, with its number and physical line, into one Parquet file.

Chunks without a quote go to Polars after NumPy has counted the separators of each line; the others go to Python's csv,
strict. Both give the same rows. Nothing is trimmed, guessed or repaired here; types are the business of staging.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import polars as pl

from warehouse.catalogue.contract import FileFormat
from warehouse.intake.frames import write_frames
from warehouse.intake.readers.encodings import read_in
from warehouse.intake.readers.header import Header, HeaderSearch
from warehouse.intake.readers.no_case import NoCase
from warehouse.intake.readers.records import Marks, Records
from warehouse.intake.readers.rows import BATCH_ROWS, PLACES, Read, Tally, Wanted
from warehouse.intake.readers.swallowed import swallowed
from warehouse.intake.refused import FileRefused, HeaderRefused, Limits, shown
from warehouse.intake.text import BOM, INNER, Chunk, chunks, encoding_name
from warehouse.intake.unpack import Content

GOES_ON = "a line of one field after it: its last field may go on there"
SEPARATORS = (",", ";", "\t", "|")
"""Tried in this order where a contract names none."""
# The first bytes, in UTF-8, of lines that may be white space throughout.
IS_WHITE_LEAD = np.isin(np.arange(256), [ord(chr(c).encode()[:1]) for c in range(0x3001) if chr(c).isspace()])


@dataclass(frozen=True)
class Dialect:
    """How a file is written. Marks are one ASCII character each; "" for a quote or an escape means there is none.

    `separator` None: told from the header. `encodings` are tried in this order; none: told from the file. `record` None: a
    line feed, or a carriage return where the file has no line feed. A quote inside quotes is doubled, or escaped where
    there is an escape. With `trailing` each row ends with a separator too much. In a `closed` file the last line ends too:
    one that does not was cut off.
    ValueError where a mark is no such character or an encoding is not known.
    """

    separator: str | None = ","
    quote: str = '"'
    encodings: tuple[str, ...] = ("utf-8",)
    escape: str = ""
    record: str | None = "\n"
    trailing: bool = False
    closed: bool = False

    def __post_init__(self) -> None:
        """Refuse marks and encodings that cannot be read by."""
        for mark in ("," if self.separator is None else self.separator, self.quote or '"', self.escape or "\\"):
            if len(mark) != 1 or not mark.isascii() or mark.isalnum() or mark in "\r\n\0":
                raise ValueError(f"separator, quote or escape {shown(mark)} must be one ASCII character, no letter or digit")
        if self.record is not None and (len(self.record) != 1 or self.record.isalnum() or self.record in ("\0", INNER)):
            raise ValueError(f"what ends a record {shown(self.record)} must be one character, no letter or digit")
        marks = [mark for mark in (self.separator, self.quote, self.escape, self.record) if mark]
        if len(marks) != len(set(marks)):
            raise ValueError(f"separator {shown(self.separator or '')}, quote, escape and record end must differ")
        for encoding in self.encodings:
            encoding_name(encoding)

    def marks(self, separator: str) -> Marks:
        """What csv is told, once the separator is known."""
        return Marks(separator, self.quote, self.escape)


@dataclass(frozen=True)
class _Plan:
    dialect: Dialect
    marks: Marks
    limits: Limits
    header: Header
    picks: dict[str, int | None]  # column → its place in the header, None if an optional one is missing
    no_case: NoCase
    key: str | None

    @property
    def width(self) -> int:
        return len(self.header.names)

    def may_go_on(self, fields: int, text: str) -> bool:
        """Whether a line may be the end of the last field of the row before: a line break that stands without quotes."""
        return fields == 1 and self.width > 2 and not self.no_case.why([text.strip()])

    def swallows(self, fields: Sequence[str]) -> str:
        """Why a record of several lines is not believed, or ""."""
        rows = swallowed(fields, self.marks.separator)
        return f"its quotes hold what looks like [{rows}] rows more: one may open too early or close too late" if rows else ""

    def misfit(self, fields: int) -> str:
        return f"[{fields}] fields where the header has [{self.width}]"


def read(
    blob: Path | Content,
    *,
    name: str,
    dialect: Dialect,
    required: Sequence[str] = (),
    optional: Sequence[str] = (),
    wanted: Wanted | None = None,
    into: Path,
    limits: Limits | None = None,
) -> Read:
    """Read delimited text, plain or packed, into one Parquet file at `into`; `name` is the delivered file's.

    Grain: one whole record. Columns: `record` (Int64, 1 = first after the header), `line` (Int64, the physical line of
    the unpacked text on which the record starts; the file's first is 1), then the required and optional columns as
    String, exactly as delivered; an empty field is the empty string, an optional column that the header lacks is null.
    Torn records are in the result. Raises FileRefused (nothing is written then), and ValueError where the wanted
    columns repeat or are called as ours.
    """
    wanted = wanted or Wanted(tuple(required), tuple(optional))
    content = blob if isinstance(blob, Content) else Content(blob, limits)
    try:
        return read_in(content, dialect.encodings, wanted, lambda encoding: _read_as(encoding, content, dialect, wanted, into))
    except FileRefused as refused:
        refused.name = name
        raise


def read_format(content: Content, form: FileFormat, wanted: Wanted, into: Path) -> Read:
    """`read`, as a contract's `file` says the text is written."""
    return read(content, name=content.path.name, dialect=_dialect(form), wanted=wanted, into=into)


def _dialect(form: FileFormat) -> Dialect:
    return Dialect(form.separator, form.quote, form.encodings, form.escape, form.record, form.trailing_separator, form.closed)


@dataclass(frozen=True)
class Layout:
    """How a file that was read is laid out: its header, its marks, what ends a record."""

    header: Header
    marks: Marks
    record: str
    is_trailing: bool


def layout(content: Content, form: FileFormat, wanted: Wanted, encoding: str) -> Layout:
    """How a file that was read in this encoding is laid out."""
    dialect = _dialect(form)
    record = dialect.record or ending_of(content, encoding)
    source = chunks(content, encoding, record, dialect.record is not None or record == "\n")
    header, marks, _ = _header(source, dialect, wanted, Tally(content.limits))
    if dialect.trailing and header.names and not header.names[-1]:
        header = Header(header.names[:-1], header.line, header.above)
    return Layout(header, marks, record, dialect.trailing)


def _read_as(encoding: str, content: Content, dialect: Dialect, wanted: Wanted, into: Path) -> Read:
    tally = Tally(content.limits)
    record = dialect.record or ending_of(content, encoding)
    is_told = dialect.record is not None or record == "\n"
    header, marks, rest = _header(chunks(content, encoding, record, is_told), dialect, wanted, tally)
    if dialect.trailing and header.names and not header.names[-1]:
        header = Header(header.names[:-1], header.line, header.above)
    picks = dict(zip(wanted.columns, header.picks(wanted.columns), strict=True))
    no_case = NoCase(wanted.key, wanted.no_case, header.names)
    plan = _Plan(dialect, marks, content.limits, header, picks, no_case, wanted.key)
    frames = _frames(rest, plan, tally)
    write_frames(_with_line_feeds(frames) if record != "\n" else frames, wanted.schema, into)
    try:
        tally.require_some_fit(header)
    except HeaderRefused:
        into.unlink()
        raise
    return tally.read(header, wanted, encoding)


def ending_of(content: Content, encoding: str) -> str:
    """What ends the lines of a file whose contract does not say: a carriage return where its head has no line feed."""
    try:
        head = content.head.decode(encoding, "ignore")
    except UnicodeError:
        return "\n"
    return "\r" if "\r" in head.rstrip("\r") and "\n" not in head else "\n"


def _with_line_feeds(frames: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    for frame in frames:
        yield frame.with_columns(pl.col(pl.String).str.replace_all(INNER, "\n", literal=True))


# --- the header


def _header(source: Iterator[Chunk], dialect: Dialect, wanted: Wanted, tally: Tally) -> tuple[Header, Marks, Iterator[Chunk]]:
    """The header, the marks by which it was read, and the chunks after it. Titles above it and blank lines are counted."""
    first = next(source, None)
    if first is None:
        what, why = "the file is empty", "It has no header and no rows"
        raise FileRefused(what, why, "Export it again and look at it before it is delivered", place="line 1")
    if dialect.separator:
        return _header_by(first, source, dialect.marks(dialect.separator), wanted, tally)
    refusals: list[HeaderRefused] = []
    for separator in SEPARATORS:
        try:
            header, marks, rest = _header_by(first, iter(()), dialect.marks(separator), wanted, tally)
        except HeaderRefused as refused:
            refusals.append(refused)
        else:
            return header, marks, chain(rest, source)
    raise max(refusals, key=lambda refused: refused.fits)


def _header_by(
    first: Chunk, source: Iterator[Chunk], marks: Marks, wanted: Wanted, tally: Tally
) -> tuple[Header, Marks, Iterator[Chunk]]:
    search = HeaderSearch(wanted, tally.limits, marks.separator)
    blank, chunk = 0, first
    while True:
        records = Records(chunk, source, marks, tally.limits)
        end = 0
        for at, end, cells, fault in records:
            line = chunk.line + at
            if fault:
                search.pass_by(line, records.text(at, end), fault)
            elif records.is_blank(at, end):
                blank += 1
            elif search.offer(line, cells, records.text(at, end)) or search.is_over:
                break
        if search.is_over:
            break
        following = next(source, None)
        if following is None:
            break
        chunk = following
    header = search.result()
    tally.blank += blank
    tally.put_aside(header.above)
    return header, marks, chain([records.after(end)], source)


# --- the records


def _frames(source: Iterator[Chunk], plan: _Plan, tally: Tally) -> Iterator[pl.DataFrame]:
    """Whole records in order, with their places. A chunk with a quote goes to csv, which may need the next ones too.

    So does one with a carriage return that ends no line: Polars drops it wherever it ends a field.
    """
    marks = [mark.encode() for mark in (plan.dialect.quote, plan.dialect.escape) if mark]
    cut: list[tuple[int, str]] = []
    source = _closed(source, cut) if plan.dialect.closed else source
    for chunk in source:
        if (
            plan.dialect.trailing
            or any(mark in chunk.data for mark in marks)
            or chunk.data.count(b"\r") != chunk.data.count(b"\r\n")
        ):
            yield from _quoted(chunk, source, plan, tally)
        else:
            yield from _unquoted(chunk, plan, tally)

    for line, text in cut:
        tally.rows += 1
        tally.tear(tally.rows, line, text, "no line end: the file was cut off within this line")


def _closed(source: Iterator[Chunk], cut: list[tuple[int, str]]) -> Iterator[Chunk]:
    """The chunks without a last line that does not end; that one goes to `cut`."""
    for chunk in source:
        whole = chunk.data.rfind(b"\n") + 1
        if whole < len(chunk.data):
            text = chunk.data[whole:].decode()
            cut.extend([(chunk.line + len(chunk.ends) - 1, text)] if text.strip() else [])
            chunk = Chunk(chunk.data[:whole], chunk.line, chunk.ends[:-1])
        yield chunk


def _unquoted(chunk: Chunk, plan: _Plan, tally: Tally) -> Iterator[pl.DataFrame]:
    raw = np.frombuffer(chunk.data, np.uint8)
    starts = np.concatenate((np.zeros(1, np.int64), chunk.ends))[:-1]
    marks = np.flatnonzero(raw == ord(plan.marks.separator))
    fields = np.diff(np.searchsorted(marks, chunk.ends), prepend=0) + 1
    whole, blank = fields == plan.width, np.zeros(len(starts), np.bool_)
    suspects = np.flatnonzero(~whole | (IS_WHITE_LEAD[raw[starts]] & (plan.width == 1)))
    texts = {int(i): chunk.data[starts[i] : chunk.ends[i]].decode() for i in suspects}
    blank[[i for i, text in texts.items() if not text.strip()]] = True
    records = tally.rows + np.cumsum(~blank)
    for i in [i for i, text in texts.items() if plan.may_go_on(int(fields[i]), text) and not blank[i] and i and whole[i - 1]]:
        whole[i - 1] = False  # not tried beyond the chunk: that takes a line of one field just where 16 MB end
        before = chunk.data[starts[i - 1] : chunk.ends[i - 1]].decode()
        tally.tear(int(records[i - 1]), chunk.line + i - 1, before, GOES_ON)
    for i, text in texts.items():
        if not (whole[i] or blank[i]) and fields[i] != plan.width:
            reason = plan.no_case.why(_split(text, plan))
            tally.tear(int(records[i]), chunk.line + i, text, reason or plan.misfit(int(fields[i])),
                       "NO_CASE" if reason else "TORN")  # fmt: skip
    tally.rows, tally.blank = tally.rows + int((~blank).sum()), tally.blank + int(blank.sum())
    kept = np.flatnonzero(whole & ~blank)
    if kept.size:
        body = chunk.data if len(kept) == len(starts) else _lines_at(chunk, starts, kept)
        frame = _parsed(body, plan, pl.Series("record", records[kept]), pl.Series("line", kept + chunk.line))
        yield _sifted(frame, plan, tally, lambda row: chunk.data[starts[kept[row]] : chunk.ends[kept[row]]].decode())


def _sifted(frame: pl.DataFrame, plan: _Plan, tally: Tally, text_of: Callable[[int], str]) -> pl.DataFrame:
    """The rows that may be cases; the others are set aside. Only rows with an odd key cell are looked at whole."""
    if plan.no_case.at is None or plan.key is None:
        return frame
    key = pl.col(plan.key)
    odd = frame.select((key == "") | key.str.contains(plan.no_case.begins) | (key.str.strip_chars() == plan.key)).to_series()
    if not odd.any():
        return frame
    no_cases = []
    for row in odd.arg_true():
        text = text_of(row)
        if reason := plan.no_case.why(_split(text, plan)):
            tally.tear(frame["record"][row], frame["line"][row], text, reason, "NO_CASE")
            no_cases.append(row)
    return frame.with_row_index("?").filter(~pl.col("?").is_in(no_cases)).drop("?") if no_cases else frame


def _split(text: str, plan: _Plan) -> list[str]:
    return text.removesuffix("\n").removesuffix("\r").split(plan.marks.separator)


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
        separator=plan.marks.separator,
        quote_char=None,
        schema=dict.fromkeys(names, pl.String()),
        columns=[name for name in taken.values() if name] or names[:1],
        infer_schema=False,
        empty_string_is_null=False,
    )
    values = [(pl.col(name) if name else pl.lit(None, pl.String)).alias(to) for to, name in taken.items()]
    return frame.select(*places, *values)


def _quoted(first: Chunk, rest: Iterator[Chunk], plan: _Plan, tally: Tally) -> Iterator[pl.DataFrame]:
    records = Records(first, rest, plan.marks, plan.limits)
    values: list[str] = []  # row by row in one list: a list per row keeps the garbage collector busy, half of the time
    places: list[list[int]] = [[], []]
    key = plan.no_case.at
    for start, end, fields, fault in records:
        if plan.dialect.trailing and len(fields) == plan.width + 1 and not fields[-1]:
            fields = fields[:-1]
        fits = len(fields) == plan.width
        if fits and not fault and end - start > 1:
            fault = plan.swallows(fields)
        if (not fits or plan.width == 1) and records.is_blank(start, end):
            tally.blank += 1
            continue
        tally.rows += 1
        if fits and not fault and (key is None or not plan.no_case.is_suspect(fields[key])):
            values += fields
            places[0].append(tally.rows)
            places[1].append(first.line + start)
        elif reason := "" if fault else plan.no_case.why(fields):
            tally.tear(tally.rows, first.line + start, records.text(start, end), reason, "NO_CASE")
        elif fits and not fault:
            values += fields
            places[0].append(tally.rows)
            places[1].append(first.line + start)
        else:
            if not fault and plan.may_go_on(len(fields), fields[0]) and places[0][-1:] == [tally.rows - 1]:
                line = places[1].pop() - first.line
                tally.tear(places[0].pop(), first.line + line, records.text(line, start), GOES_ON)
                del values[-plan.width :]
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
