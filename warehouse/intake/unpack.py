"""The content of a landed file, out of gzip, zstd or a ZIP archive where it came in one; streamed, bounded, refused if broken.

Belongs here: containers, and what the first bytes say of their content. Does not belong here: what a format means.
"""

from __future__ import annotations

import gzip
import io
import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import zstandard

from warehouse.intake.refused import FileRefused, Limits, shown

GZIP, ZSTD, ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
OLE, PARQUET = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1"
EMPTY_ZIP = b"PK\x05\x06"
WORKBOOK = "xl/workbook.xml"
HEAD = 4096
BROKEN = (
    EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError, zipfile.BadZipFile, NotImplementedError, RuntimeError,
    UnicodeDecodeError,
)  # fmt: skip
"""What the unpackers raise on bytes that are none of theirs (zipfile: RuntimeError without a password)."""


class Content:
    """What is inside one file. `name` is the delivered file's, for messages; `member` a pattern for a name in an archive."""

    def __init__(self, path: Path, limits: Limits | None = None, member: str | None = None) -> None:
        self.path, self.limits, self.member = path, limits or Limits(), member

    @cached_property
    def packing(self) -> str:
        """`gzip`, `zstd`, `zip`, or nothing. A workbook (XLSX) is a ZIP archive too, but no packing."""
        with self.path.open("rb") as file:
            start = file.read(4)
        if start.startswith(GZIP):
            return "gzip"
        if start == ZSTD:
            return "zstd"
        if start in (ZIP, EMPTY_ZIP) and not is_workbook(self.path):
            return "zip"
        return ""

    @cached_property
    def head(self) -> bytes:
        """The first bytes of the content.

        Raises:
            FileRefused: the container is broken, or holds another one.
        """
        found = b""
        for block in self.blocks(HEAD):
            found += block
            if len(found) >= HEAD:
                break
        return found

    def blocks(self, size: int | None = None) -> Iterator[bytes]:
        """The content in blocks of at most `size` bytes.

        Raises:
            FileRefused: the container is broken, too large, not to be trusted, or holds another one.
        """
        size = size or self.limits.chunk_bytes
        if not self.packing:
            with self.path.open("rb") as file:
                while block := file.read(size):
                    yield block
            return
        with self.path.open("rb") as packed, self._opened(packed) as stream:
            read = self._bounded(stream)
            first = True
            while block := read(size):
                if first:
                    self._refuse_nested(block)
                first = False
                yield block

    @contextmanager
    def as_file(self) -> Iterator[Path]:
        """The content as a file of its own, for readers that must move about in it; gone afterwards where it was unpacked."""
        if not self.packing:
            yield self.path
            return
        with tempfile.TemporaryDirectory(prefix="caseload-") as folder:
            whole = Path(folder) / "content"
            with whole.open("wb") as file:
                for block in self.blocks():
                    file.write(block)
            yield whole

    @contextmanager
    def _opened(self, packed: IO[bytes]) -> Iterator[Any]:
        stream: Any
        if self.packing == "gzip":
            with gzip.GzipFile(fileobj=packed) as stream:
                yield stream
        elif self.packing == "zstd":
            with zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True) as stream:
                yield _Whole(stream, self.path)
        else:
            with self.archive(packed) as archive:
                entry = self.entry(archive)
                try:
                    stream = archive.open(entry)
                except BROKEN as error:
                    raise self._broken("is broken", f"Unpacking says {shown(str(error))}", 0) from error
                with stream:
                    yield stream

    @contextmanager
    def archive(self, packed: IO[bytes]) -> Iterator[zipfile.ZipFile]:
        """The open ZIP archive.

        Raises:
            FileRefused: it is broken.
        """
        try:
            archive = zipfile.ZipFile(packed)
        except BROKEN as error:
            raise self._broken("is broken", f"Unpacking says {shown(str(error))}", 0) from error
        with archive:
            yield archive

    def entry(self, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
        """The one entry to read: the only file in the archive, or the only one that the contract's `member` fits.

        Raises:
            FileRefused: none or several, a name that leads out of the archive, a password, too large.
        """
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        for entry in entries:
            if leads_out(entry.filename):
                raise FileRefused(
                    f"the archive holds the path {shown(entry.filename)}", "It leads out of the archive",
                    "Pack plain files without folders above them, and ask who made this one",
                )  # fmt: skip
        files = [e for e in entries if not e.filename.startswith("__MACOSX/") and not Path(e.filename).name.startswith(".")]
        wanted = [e for e in files if self.member is None or re.fullmatch(self.member, entry_name(e))]
        if len(wanted) != 1:
            names = " ".join(shown(entry_name(entry)) for entry in files[:10]) or "nothing"
            raise FileRefused(
                f"the archive holds {len(wanted)} files to read", f"It holds {names}",
                "Name the one with `member` in the contract" if files else "Pack and deliver it again",
            )  # fmt: skip
        if wanted[0].flag_bits & 1:
            raise FileRefused("the archive is locked with a password", "It cannot be opened here", "Deliver it without one")
        if wanted[0].file_size > self.limits.unpacked_bytes:
            raise self._broken("is too large", f"It says it unpacks to [{wanted[0].file_size}] bytes", 0)
        return wanted[0]

    def _bounded(self, stream: Any) -> Callable[[int], bytes]:
        packed, size = max(self.path.stat().st_size, 1), 0

        def read(count: int) -> bytes:
            nonlocal size
            try:
                block: bytes = stream.read(count)
            except EOFError as error:
                raise self._broken("ends too early", "The file was cut off on its way", size) from error
            except BROKEN as error:
                raise self._broken("is broken", f"Unpacking says {shown(str(error))}", size) from error
            size += len(block)
            if size > self.limits.unpacked_bytes:
                raise self._broken("is too large", f"It unpacks to more than [{self.limits.unpacked_bytes}] bytes", size)
            if size > self.limits.bomb_bytes and size > packed * self.limits.bomb_ratio:
                why = f"It unpacks to more than [{self.limits.bomb_ratio}] times its size, as no extract of a court does"
                raise self._broken("is too large", why, size)
            return block

        return read

    def _broken(self, what: str, why: str, size: int) -> FileRefused:
        remedy = "Deliver it in smaller parts" if what == "is too large" else "Pack and deliver it again"
        kind = {"gzip": "gzip", "zstd": "Zstandard", "zip": "ZIP"}[self.packing]
        return FileRefused(
            f"the {kind} archive{' or XLSX workbook' * (kind == 'ZIP')} {what} after [{size}] unpacked bytes",
            why,
            remedy,
            place=f"byte {size}",
        )

    def _refuse_nested(self, block: bytes) -> None:
        nested = {GZIP: "a gzip archive", ZSTD: "a Zstandard archive"}
        kind = next((name for start, name in nested.items() if block.startswith(start)), None)
        if kind:
            raise FileRefused(f"the file is binary, {kind} inside an archive", "Only one packing is undone",
                              "Pack it once", place="line 1")  # fmt: skip


class _Whole:
    """A zstd stream that says so when it was cut off: the library ends it without a word."""

    def __init__(self, stream: Any, path: Path) -> None:
        self.stream, self.path, self.size = stream, path, 0

    def read(self, count: int) -> bytes:
        block: bytes = self.stream.read(count)
        self.size += len(block)
        if not block and not _ends_whole(self.path):
            raise EOFError("the last frame is not complete")
        return block


def _ends_whole(path: Path) -> bool:
    """Whether the last zstd frame of a file is complete."""
    with path.open("rb") as file:
        decompressor = zstandard.ZstdDecompressor().decompressobj()
        while data := file.read(1 << 12):  # a few bytes can unpack to very many
            while data:
                decompressor.decompress(data)
                data = decompressor.unused_data if decompressor.eof else b""
                if decompressor.eof and data:
                    decompressor = zstandard.ZstdDecompressor().decompressobj()
        return bool(decompressor.eof)


def leads_out(name: str) -> bool:
    """Whether a name inside an archive leads out of it: absolute, with a drive, or up by `..`."""
    parts = re.split(r"[/\\]", name)
    return name.startswith(("/", "\\")) or ".." in parts or bool(re.match(r"[A-Za-z]:", name))


def entry_name(entry: zipfile.ZipInfo) -> str:
    """An entry's own name. Windows in China writes GBK without saying so; Python reads that as cp437."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = entry.filename
    return name.rpartition("/")[2]


def is_workbook(path: Path) -> bool:
    """Whether a file is an XLSX workbook; no other ZIP archive holds `xl/workbook.xml`."""
    try:
        with zipfile.ZipFile(path) as archive:
            return WORKBOOK in archive.namelist()
    except BROKEN:
        return False


def packed_again(content: Content, data: bytes) -> bytes:
    """Other unpacked bytes in the same packing, under the same names and times."""
    if content.packing == "gzip":
        with content.path.open("rb") as file:
            begun = file.read(10)
        return gzip.compress(data, mtime=int.from_bytes(begun[4:8], "little"))
    if content.packing == "zstd":
        return zstandard.ZstdCompressor(write_checksum=True).compress(data)
    return _zipped(content, data) if content.packing == "zip" else data


def _zipped(content: Content, data: bytes) -> bytes:
    into = io.BytesIO()
    with content.path.open("rb") as packed, content.archive(packed) as old, zipfile.ZipFile(into, "w") as new:
        new.comment = old.comment
        chosen = content.entry(old)
        for entry in old.infolist():
            new.writestr(entry, data if entry is chosen else old.read(entry), entry.compress_type)
    return into.getvalue()


def others_in(content: Content) -> dict[str, bytes]:
    """What else stands in the archive, by name: files that this contract does not read."""
    if content.packing != "zip":
        return {}
    with content.path.open("rb") as packed, content.archive(packed) as archive:
        chosen = content.entry(archive)
        return {e.filename: archive.read(e) for e in archive.infolist() if e is not chosen and not e.is_dir()}
