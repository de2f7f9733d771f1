"""The parts of an XLSX workbook: a ZIP archive of XML, opened with bounds, and what its small parts say of the sheets.

Belongs here: whatever is no sheet. Does not belong here: cells (`readers.xlsx`). Read with expat rather than a library for
workbooks: those give a formula without a stored value as an empty cell, and skip merged cells where they stream.
"""

from __future__ import annotations

import posixpath
import re
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NoReturn
from xml.parsers import expat

from warehouse.intake.readers.cell_text import Shape, shape_of
from warehouse.intake.readers.sheets import REMEDY
from warehouse.intake.refused import FileRefused, Limits, shown
from warehouse.intake.unpack import BROKEN, WORKBOOK, Content, leads_out

BROKEN_ZIP = (*BROKEN, OSError, ValueError, LookupError, OverflowError, struct.error)
"""What zipfile raises on bytes that are none of its own."""
MAIN = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
BLOCK = 1 << 16
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
TRUE = ("1", "true")

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


class _Seen(Exception):
    """The first element was met: what may stand before it has been looked at."""


@dataclass
class Book:
    """What a sheet is read by. `sheets` are names and parts in the workbook's order; `shapes` stand by cell format.

    `is_stale`: it says itself that its formulas must be calculated before their values are used.
    """

    sheets: list[tuple[str, str]] = field(default_factory=list)
    epoch: int = 1900
    is_stale: bool = False
    strings: list[str] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)


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
            if name in self.entries:
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

    def parse(self, name: str, parser: expat.XMLParserType) -> Iterator[None]:
        """Feeds a part to a parser; comes back after each block, for callers that hand on what they have.

        Raises:
            FileRefused: the part is missing or broken, or one of its tags is longer than any record may be.
        """
        fed = 0
        try:
            for block in self.blocks(name):
                parser.Parse(block, False)
                fed += len(block)
                if fed - parser.CurrentByteIndex > self.limits.record_bytes:
                    self.broken(name, f"A tag is longer than [{self.limits.record_bytes}] bytes")
                yield
            parser.Parse(b"", True)
            yield
        except expat.ExpatError as error:
            self.broken(name, f"XML: {shown(str(error))}")

    def read(self, name: str, start: Start, end: End | None = None, text: Callable[[str], None] | None = None) -> None:
        """Parses a whole part; `start` is given names without the namespace, and only those of workbooks and relations."""
        for _ in self.parse(name, self.parser(lambda tag, found: start(local(tag), found), end and (lambda t: end(local(t))), text)):
            pass

    def parser(self, start: Start | None, end: End | None = None, text: Callable[[str], None] | None = None) -> expat.XMLParserType:
        """A parser that refuses entities, for names as `namespace name`."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_entities
        parser.XmlDeclHandler = _refuse_encoding
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
        return parser

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
        def seen(*_: object) -> None:
            raise _Seen

        try:
            for _ in self.parse(name, self.parser(seen)):
                pass
        except _Seen:
            return


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
            raise FileRefused("it is no XLSX workbook, or a broken one", f"Unpacking says {shown(str(error))}", REMEDY) from error
        with archive:
            yield Package(archive, path.stat().st_size, content.limits)


def read_book(package: Package) -> Book:
    """What all sheets are read by."""
    kinds = package.relations("")
    part = next((path for kind, path in kinds.values() if kind == "officeDocument"), WORKBOOK)
    parts = package.relations(part)
    book = Book()

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            ids = [value for name, value in attributes.items() if name.endswith("/relationships id")]
            kind, path = parts.get(ids[0], ("", "")) if ids else ("", "")
            if not kind:
                package.broken(part, f"The sheet {shown(attributes.get('name', ''))} has no part")
            if kind == "worksheet":
                book.sheets.append((plain(attributes.get("name", "")), path))
        elif tag == "workbookPr" and attributes.get("date1904") in TRUE:
            book.epoch = 1904
        elif tag == "calcPr":
            is_whole = attributes.get("calcCompleted", "1") in TRUE
            book.is_stale = attributes.get("fullCalcOnLoad") in TRUE or not is_whole

    package.read(part, start)
    for kind, path in parts.values():
        if kind == "sharedStrings":
            book.strings += _strings(package, path)
        elif kind == "styles":
            book.shapes += _shapes(package, path)
    return book


def _shapes(package: Package, name: str) -> list[Shape]:
    codes: dict[int, str] = {}
    formats: list[int] = []
    inside: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        inside.append(tag)
        number = attributes.get("numFmtId", "0")
        if tag in ("numFmt", "xf") and not (number.isascii() and number.isdigit()):
            package.broken(name, f"There is a number format {shown(number)}")
        if inside[-2:] == ["numFmts", "numFmt"]:
            codes[int(number)] = plain(attributes.get("formatCode", ""))
        elif inside[-2:] == ["cellXfs", "xf"]:
            formats.append(int(number))

    package.read(name, start, lambda _: inside.clear() if not inside else inside.pop() and None)
    return [shape_of(number, codes.get(number)) for number in formats]


def _strings(package: Package, name: str) -> list[str]:
    """The shared strings: the runs of each joined, without the reading aids (rPh) that stand beside Chinese characters."""
    found: list[str] = []
    held: list[str] = []
    state = {"t": False, "rPh": False}

    def start(tag: str, _: dict[str, str]) -> None:
        if tag == "si":
            held.clear()
        elif tag in state:
            state[tag] = True

    def end(tag: str) -> None:
        if tag == "si":
            found.append(plain("".join(held)))
        elif tag in state:
            state[tag] = False

    package.read(name, start, end, lambda text: held.append(text) if state["t"] and not state["rPh"] else None)
    return found


def plain(text: str) -> str:
    """A text as it is meant: `_x000D_` stands for the character of that number (ST_Xstring of ECMA-376)."""
    if "_x" not in text or not ESCAPED.search(text):
        return text
    units = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


@lru_cache(maxsize=4096)
def local(name: str) -> str:
    """The name of an element without its namespace; nothing where it is of another kind of document."""
    space, _, tag = name.rpartition(" ")
    return tag if space in MAIN or space == RELATIONS else ""
