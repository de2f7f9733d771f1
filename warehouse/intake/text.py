"""Text of a landed file: decoded strictly, cut into chunks of whole physical lines.

Here belong encodings, and where a line begins. What a line means (fields, quotes, headers) is the readers' part.
"""

import codecs
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from warehouse.intake.mixed import of_one_encoding
from warehouse.intake.refused import FileRefused, Limits, Undecodable, shown
from warehouse.intake.unpack import OLE, PARQUET, ZIP, ZSTD, Content

BOM = b"\xef\xbb\xbf"
INNER = "\ue00a"
"""Stands for a line feed inside a record that another character ends; the readers put the line feed back."""
SUPERSETS = {"gbk": "gb18030", "gb2312": "gb18030", "utf-8-sig": "utf-8"}
# Beginnings that no text has: each holds a control character or a byte that no encoding of text begins with.
BINARY_KINDS = {
    ZIP: "a ZIP archive or an XLSX workbook",
    OLE: "an XLS workbook or another OLE document",
    PARQUET: "a Parquet file",
    ZSTD: "a Zstandard archive",
    b"\xfd7zXZ\x00": "an XZ archive",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"%PDF-": "a PDF document",
    b"SQLite format 3\x00": "an SQLite database",
}


class Chunk(NamedTuple):
    """Whole physical lines as UTF-8; `line` is the number of the first, `ends` the position just past each line.

    Lines are separated by a line feed. Only the last line of a file may come without one.
    """

    data: bytes
    line: int
    ends: NDArray[np.int64]


def encoding_name(name: str) -> str:
    """The encoding to decode by: GBK and GB2312 are read as GB18030, which contains them. ValueError if unknown."""
    try:
        known = codecs.lookup(name)
        codecs.getincrementaldecoder(name)
        "".encode(name)  # codecs from bytes to bytes, such as zlib, fail here
    except LookupError as unknown:
        raise ValueError(f"encoding {shown(name)} is not known; name one of Python's text encodings") from unknown
    return SUPERSETS.get(known.name, known.name)


def too_long(line: int, limits: Limits, hint: str = "") -> FileRefused:
    """The refusal of a record that is longer than the limit; `hint` says more about the likely cause."""
    return FileRefused(
        f"the record on line [{line}] is longer than [{limits.record_bytes}] bytes",
        hint or "No record of a court is that long: line breaks may be lost, or the file is no text",
        "Export the file again with one record a line",
        place=f"line {line}",
    )


def none_fits(failures: Sequence[Undecodable]) -> FileRefused:
    """The refusal of a file that every encoding tried has failed on, at least one."""
    best = max(failures, key=lambda failure: failure.line)
    tried = ", ".join(failure.encoding for failure in failures)
    if nul := next((failure for failure in failures if failure.offset is None), None):
        what, why = f"the file holds a NUL byte on line [{nul.line}]", f"Read as [{tried}] it is binary, not text"
        remedy = "Export it as text; if it is UTF-16, name that encoding in the contract"
        return FileRefused(what, why, remedy, place=f"line {nul.line}")
    why = "; ".join(f"{f.encoding} fails at byte offset [{f.offset}], line [{f.line}], on [{f.found}]" for f in failures)
    remedy = "Name the file's encoding in the contract, or export it again in one of those"
    return FileRefused(f"the text is not in any of the encodings [{tried}]", why, remedy, place=f"line {best.line}")


def blocks(content: Content) -> Iterator[bytes]:
    """The bytes of a text in blocks. Refuses binary files, and what `Content` refuses."""
    first = True
    for block in content.blocks():
        if first:
            _refuse_binary(block)
        first = False
        yield block


def chunks(content: Content, encoding: str, record: str = "\n", is_told: bool = True) -> Iterator[Chunk]:
    """A file's text, strictly decoded, as UTF-8 chunks of whole lines; a byte order mark at the start is dropped.

    Where records are separated by another character than a line feed, `record`, that one ends the lines, and a line feed
    inside a record stands as `INNER`; a file whose record end was only guessed (not `is_told`) may hold none.

    Raises Undecodable where the bytes do not fit the encoding or hold a NUL, FileRefused where the file cannot be read.
    """
    limits = content.limits
    line, offset = 1, 0
    pending: list[bytes] = []
    source = blocks(content)
    plain = encoding == "utf-8" and record == "\n"
    for block in source if plain else _transcoded(source, encoding, record, is_told):
        cut = block.rfind(b"\n") + 1
        if cut:
            data = b"".join([*pending, block[:cut]])
            yield (chunk := _chunk(data, line, offset, encoding, limits))
            line, offset, pending = line + len(chunk.ends), offset + len(data), []
        pending.append(block[cut:])
        if sum(map(len, pending)) > limits.record_bytes:
            raise too_long(line, limits)
    if any(pending):
        yield _chunk(b"".join(pending), line, offset, encoding, limits)


def whole_lines(data: bytes, line: int) -> Chunk:
    """A chunk of the lines in `data` (UTF-8), the first of which is number `line`."""
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n")) + 1
    is_open = bool(data) and not data.endswith(b"\n")
    return Chunk(data, line, np.append(ends, len(data)) if is_open else ends)


def _refuse_binary(block: bytes) -> None:
    for beginning, kind in BINARY_KINDS.items():
        if block.startswith(beginning):
            why = f"It begins with the bytes [{beginning.hex(' ')}]"
            remedy = "Export it as delimited text, or name its format in the contract"
            raise FileRefused(f"the file is binary, {kind}", why, remedy, place="line 1")


def decoded(source: Iterator[bytes], encoding: str) -> Iterator[str]:
    """Blocks of bytes as text, strictly.

    Raises Undecodable, with line and byte, where they do not fit the encoding, or begin with the mark of another one, or where
    lines in UTF-8 stand among those of another encoding.
    """
    source = of_one_encoding(_without_mark(source, encoding), encoding)
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    fed, line = 0, 1
    final = False
    while not final:
        block = next(source, b"")
        final, fed = not block, fed + len(block)
        try:
            text = decoder.decode(block, final)
        except UnicodeDecodeError as error:
            at = error.start
            line += error.object[:at].decode(error.encoding, "ignore").count("\n")
            found = f"0x{error.object[at]:02x}"
            raise Undecodable(encoding, line, fed - len(error.object) + at, found) from error
        except UnicodeError as error:  # utf-16 without its byte order mark
            raise Undecodable(encoding, line, fed - len(block), str(error)) from error
        line += text.count("\n")
        yield text


def _without_mark(source: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The blocks as they are; looked at before the lines are, so that what is refused is told by its plainest sign."""
    for number, block in enumerate(source):
        if not number and encoding != "utf-8" and block.startswith(BOM):
            raise Undecodable(encoding, 1, 0, "0xef, the byte order mark of utf-8")
        yield block


def _transcoded(source: Iterator[bytes], encoding: str, record: str, is_told: bool) -> Iterator[bytes]:
    line = 1
    for text in decoded(source, encoding):
        if record != "\n":
            text = _by_record(text, record, line, is_told)
        line += text.count("\n")
        yield text.encode("utf-8")


def _by_record(text: str, record: str, line: int, is_told: bool) -> str:
    if not is_told and "\n" in text:
        line += text.count(record, 0, text.index("\n"))
        what = f"its lines end with a carriage return, and on line [{line}] stands a line feed"
        raise FileRefused(what, "Which of them ends a row cannot be known", "Export it with one line end throughout",
                          f"line {line}")  # fmt: skip
    if INNER in text:
        what = f"the character U+{ord(INNER):04X} stands in a file whose records end with {shown(record)}"
        raise FileRefused(
            what, "It stands for line breaks inside records here", "Export it again with line breaks", f"line {line}"
        )
    return text.replace("\n", INNER).replace(record, "\n")


def _chunk(data: bytes, line: int, offset: int, encoding: str, limits: Limits) -> Chunk:
    if encoding == "utf-8":
        _require_utf8(data, line, offset)
    if (nul := data.find(b"\0")) >= 0:
        raise Undecodable(encoding, line + data.count(b"\n", 0, nul), None, "0x00")
    if line == 1:
        data = data.removeprefix(BOM)
    chunk = whole_lines(data, line)
    lengths = np.diff(chunk.ends, prepend=0)
    if lengths.size and lengths.max() > limits.record_bytes:
        raise too_long(line + int(lengths.argmax()), limits)
    return chunk


def _require_utf8(data: bytes, line: int, offset: int) -> None:
    try:  # Polars checks 16 MB in 4 ms, bytes.decode in 20 ms, but only the latter says where
        pl.Series([data], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.ComputeError:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            at = error.start
            line += data.count(b"\n", 0, at)
            raise Undecodable("utf-8", line, offset + at, f"0x{data[at]:02x}") from error
