"""Text of a landed file: unpacked, decoded strictly, cut into chunks of whole physical lines.

Here belong encodings, gzip, and where a line begins. What a line means (fields, quotes, headers) is the readers' part.
"""

import codecs
import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

BOM = b"\xef\xbb\xbf"
GZIP = b"\x1f\x8b"
SUPERSETS = {"gbk": "gb18030", "gb2312": "gb18030", "utf-8-sig": "utf-8"}
# Beginnings that no text has: each holds a control character or a byte that no encoding of text begins with.
BINARY_KINDS = {
    b"PK\x03\x04": "a ZIP archive or an XLSX workbook",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an XLS workbook or another OLE document",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive",
    b"\xfd7zXZ\x00": "an XZ archive",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"SQLite format 3\x00": "an SQLite database",
    GZIP: "a gzip archive inside a gzip archive",
}


class FileRefused(Exception):
    """A file that cannot be read as a whole.

    `what`, `why` and `remedy` are a clause each, without a full stop; `place` is such as `line 1`; `name`, set by the
    reader, is that of the delivered file. As text it is one line: `NAME, PLACE: WHAT. WHY. REMEDY.`
    """

    def __init__(self, what: str, why: str, remedy: str, place: str | None = None) -> None:
        """Keep the four parts; the reader adds the name."""
        super().__init__(what, why, remedy, place)
        self.what, self.why, self.remedy, self.place = what, why, remedy, place
        self.name: str | None = None

    def __str__(self) -> str:
        """One line for a person."""
        at = f", {self.place}" if self.place else ""
        return f"{self.name or 'file'}{at}: {self.what}. {self.why}. {self.remedy}."


class Undecodable(Exception):
    """The text does not fit one encoding; `offset` counts unpacked bytes from 0 and is None where a NUL was met."""

    def __init__(self, encoding: str, line: int, offset: int | None, found: str) -> None:
        """`found` is the byte, such as `0xff`, or what the decoder says."""
        super().__init__(encoding, line, offset, found)
        self.encoding, self.line, self.offset, self.found = encoding, line, offset, found


@dataclass(frozen=True)
class Limits:
    """What keeps memory and time bounded: sizes in bytes (of text, in UTF-8), `torn_records` in records of one file."""

    chunk_bytes: int = 16 << 20
    unpacked_bytes: int = 20 << 30
    record_bytes: int = 16 << 20
    torn_records: int = 100_000


class Chunk(NamedTuple):
    """Whole physical lines as UTF-8; `line` is the number of the first, `ends` the position just past each line.

    Lines are separated by a line feed. Only the last line of a file may come without one.
    """

    data: bytes
    line: int
    ends: NDArray[np.int64]


def shown(value: str, most: int = 60) -> str:
    """A value for a message: in brackets, on one line, at most `most` characters."""
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value[: most + 1])
    return f"[{plain[:most]}…]" if len(plain) > most else f"[{plain}]"


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


def blocks(blob: Path, limits: Limits) -> Iterator[bytes]:
    """The bytes of a file in blocks, unpacked if it begins like gzip. Refuses binary, broken and bloated files."""
    with blob.open("rb") as raw:
        packed = raw.read(len(GZIP)) == GZIP
        raw.seek(0)
        read = _unpacker(raw, limits) if packed else raw.read
        first = True
        while block := read(limits.chunk_bytes):
            if first:
                _refuse_binary(block)
            first = False
            yield block


def chunks(blob: Path, encoding: str, limits: Limits) -> Iterator[Chunk]:
    """A file's text, strictly decoded, as UTF-8 chunks of whole lines; a byte order mark at the start is dropped.

    Raises Undecodable where the bytes do not fit the encoding or hold a NUL, FileRefused where the file cannot be read.
    """
    line, offset = 1, 0
    pending: list[bytes] = []
    source = blocks(blob, limits)
    for block in source if encoding == "utf-8" else _transcoded(source, encoding):
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


def _unpacker(raw: BinaryIO, limits: Limits) -> Callable[[int], bytes]:
    stream, size = gzip.GzipFile(fileobj=raw), 0

    def read(count: int) -> bytes:
        nonlocal size
        try:
            block = stream.read(count)
        except EOFError as error:
            raise _refuse_gzip("ends too early", "The file was cut off on its way", size) from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise _refuse_gzip("is broken", f"Unpacking says {shown(str(error))}", size) from error
        size += len(block)
        if size > limits.unpacked_bytes:
            why = f"It unpacks to more than [{limits.unpacked_bytes}] bytes"
            raise _refuse_gzip("is too large", why, size)
        return block

    return read


def _refuse_gzip(what: str, why: str, size: int) -> FileRefused:
    remedy = "Deliver it in smaller parts" if what == "is too large" else "Pack and deliver it again"
    return FileRefused(f"the gzip archive {what} after [{size}] unpacked bytes", why, remedy, place=f"byte {size}")


def _refuse_binary(block: bytes) -> None:
    for beginning, kind in BINARY_KINDS.items():
        if block.startswith(beginning):
            why = f"It begins with the bytes [{beginning.hex(' ')}]"
            remedy = "Export it as delimited text, or name its format in the contract"
            raise FileRefused(f"the file is binary, {kind}", why, remedy, place="line 1")


def _transcoded(source: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    fed, line = 0, 1
    final = False
    while not final:
        block = next(source, b"")
        if not fed and block.startswith(BOM):
            raise Undecodable(encoding, 1, 0, "0xef, the byte order mark of utf-8")
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
        yield text.encode("utf-8")


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
