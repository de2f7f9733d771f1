"""The parts of an XLSX workbook: a ZIP archive of XML, opened with bounds and parsed without trust.

Belongs here: the archive, and how its parts name each other. Does not belong here: what they say. Read with expat rather than
a library for workbooks: those give a formula without a stored value as an empty cell, and miss merged cells where they stream.
"""

from __future__ import annotations

import posixpath
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import NoReturn
from xml.parsers import expat

from warehouse.intake.readers.sheets import REMEDY
from warehouse.intake.refused import FileRefused, Limits, shown
from warehouse.intake.unpack import BROKEN, Content, leads_out

BROKEN_ZIP = (*BROKEN, OSError, ValueError, LookupError, OverflowError, struct.error)
"""What zipfile raises on bytes that are none of its own."""
MAIN = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
BLOCK = 1 << 16

Start = Callable[[str, dict[str, str]], None]
Name = Callable[[str], object]


class _Seen(Exception):
    """The first element was met: what may stand before it has been looked at."""


class Package:
    """An open archive whose names and sizes were looked at, and whose XML declares no entities."""

    def __init__(self, archive: zipfile.ZipFile, packed: int, limits: Limits) -> None:
        """Refuse an archive that is not to be trusted; `packed` is its size in bytes."""
        self.archive, self.limits = archive, limits
        self.entries: dict[str, zipfile.ZipInfo] = {}
        for entry in archive.infolist():
            name = entry.filename.lower()  # names of parts are equal in any case
            if leads_out(entry.filename):
                raise FileRefused(f"the workbook holds the path {shown(entry.filename)}", "It leads out of it", REMEDY)
            if name in self.entries and not entry.is_dir():
                raise FileRefused(f"the workbook holds {shown(entry.filename)} twice", "Which counts is not known", REMEDY)
            if entry.flag_bits & 1:
                raise FileRefused("the workbook is locked with a password", "It cannot be opened here", "Save it without one")
            self.entries[name] = entry
        size = sum(entry.file_size for entry in archive.infolist())
        most = max(limits.bomb_bytes, packed * limits.bomb_ratio)
        if size > min(most, limits.unpacked_bytes):
            raise FileRefused(f"the workbook unpacks to [{size}] bytes", f"It takes [{packed}], as no table of a court does",
                              "Deliver it in smaller parts")  # fmt: skip
        for name in self.entries:
            if name.endswith((".xml", ".rels", ".vml")):
                self._look_before_the_first_element(name)

    def blocks(self, name: str) -> Iterator[bytes]:
        """A part in blocks. zipfile gives no more than the size that was looked at, and compares the checksum at the end."""
        entry = self.entries.get(name.lower())
        if entry is None:
            self.broken(name, "It is not there")
        try:
            with self.archive.open(entry) as part:
                while block := part.read(BLOCK):
                    yield block
        except BROKEN_ZIP as error:
            self.broken(name, f"Unpacking says {shown(str(error))}")

    def parse(self, name: str, parser: expat.XMLParserType, look: Callable[[bytes], None] | None = None) -> Iterator[None]:
        """Feeds a part to a parser; comes back after each block, for callers that hand on what they have.

        `look` is shown each block before the parser gets it.

        Raises:
            FileRefused: the part is missing or broken, or one of its tags is longer than any record may be.
        """
        fed = 0
        try:
            for block in self.blocks(name):
                if look:
                    look(block)
                parser.Parse(block, False)
                fed += len(block)
                if fed - parser.CurrentByteIndex > self.limits.record_bytes:
                    self.broken(name, f"A tag is longer than [{self.limits.record_bytes}] bytes")
                yield
            parser.Parse(b"", True)
            yield
        except expat.ExpatError as error:
            self.broken(name, f"XML: {shown(str(error))}")

    def read(self, name: str, start: Start, end: Name | None = None, text: Name | None = None) -> None:
        """Parses a whole part; `start` is given names without the namespace, and only those of workbooks and relations."""
        parser = parser_of(lambda tag, found: start(local(tag), found), end and (lambda tag: end(local(tag))), text)
        for _ in self.parse(name, parser):
            pass

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """The parts that a part names: by id their kind (the last word of its type) and where they are."""
        folder, base = posixpath.split(name)
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag == "Relationship" and attributes.get("TargetMode") != "External":
                path = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
                found[attributes.get("Id", "")] = attributes.get("Type", "").rpartition("/")[2], path.lstrip("/")

        self.read(posixpath.join(folder, "_rels", f"{base}.rels"), start)
        return found

    def broken(self, name: str, why: str) -> NoReturn:
        """Refuse the file for one of its parts."""
        raise FileRefused(f"the part {shown(name)} of the workbook is broken", why, REMEDY)

    def _look_before_the_first_element(self, name: str) -> None:
        """Entities can only be declared there. What else is wrong with a part matters only if it is read."""

        def seen(*_: object) -> None:
            raise _Seen

        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler, parser.StartElementHandler = _refuse_entities, seen
        try:
            for block in self.blocks(name):
                parser.Parse(block, False)
        except (_Seen, expat.ExpatError):
            return


def parser_of(start: Start | None, end: Name | None = None, text: Name | None = None) -> expat.XMLParserType:
    """A parser that refuses entities and odd encodings; it gives names as `namespace name`."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler, parser.XmlDeclHandler = _refuse_entities, _refuse_encoding
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    return parser


def _refuse_entities(*_: object) -> None:
    raise FileRefused("the workbook declares its own entities (a DOCTYPE)", "No spreadsheet program does that", REMEDY)


def _refuse_encoding(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding and encoding.lower() not in ("utf-8", "utf-16"):
        raise FileRefused(f"the workbook's XML is in {shown(encoding)}", "Workbooks are in UTF-8 or UTF-16", REMEDY)


@contextmanager
def opened(content: Content) -> Iterator[Package]:
    """The parts of a workbook.

    Raises:
        FileRefused: it is no workbook, broken, locked, or not to be trusted.
    """
    with content.as_file() as path:
        try:
            archive = zipfile.ZipFile(path)
        except BROKEN_ZIP as error:
            why = f"Unpacking says {shown(str(error))}"
            raise FileRefused("it is no XLSX workbook, or a broken one", why, REMEDY) from error
        with archive:
            yield Package(archive, path.stat().st_size, content.limits)


@lru_cache(maxsize=4096)
def local(name: str) -> str:
    """The name of an element without its namespace; nothing where it is of another kind of document."""
    space, _, tag = name.rpartition(" ")
    return tag if space in MAIN or space == RELATIONS else ""
