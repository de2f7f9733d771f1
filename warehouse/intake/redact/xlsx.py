"""An XLSX workbook without one person: cells of their rows are changed in the sheet, and their texts leave the shared ones.

Belongs here: which parts of the archive change. Does not belong here: the XML of a sheet (`redact.xlsx_sheet`).
"""

from __future__ import annotations

import io
import zipfile

from warehouse.intake.readers.rows import Read, Wanted
from warehouse.intake.readers.sheets import searched, sheet_of
from warehouse.intake.readers.xlsx import sheets_of
from warehouse.intake.readers.xlsx_book import Book, read_book
from warehouse.intake.readers.xlsx_parts import Package, opened
from warehouse.intake.redact.redaction import Redaction
from warehouse.intake.redact.xlsx_sheet import Sheet, used_strings, with_strings
from warehouse.intake.redact.xml_text import meant
from warehouse.intake.refused import FileRefused, shown
from warehouse.intake.unpack import Content

COPIES = ("pivotcache", "comment", "threadedcomment", "embedding", "externallink")
"""Parts that hold copies of cells, or notes on them, outside of the sheets."""


def redact(content: Content, found: Read, wanted: Wanted, redaction: Redaction) -> bytes:
    """The unpacked bytes afterwards.

    Raises:
        FileRefused: the workbook holds copies of its cells in places that are not looked into.
    """
    with opened(content) as package:
        book = read_book(package)
        sheets = sheets_of(package, book)
        chosen = sheet_of(sheets, redaction.contract.file.sheet, wanted, content.limits)
        names = list((searched(chosen, wanted, content.limits).found or (0, []))[1])
        read = book.sheets[sheets.index(chosen)][1]
        parts = {name: _text(package, name) for name in package.entries if name.endswith((".xml", ".rels", ".vml"))}
        made = _parts(parts, book, read.lower(), names, redaction)
        if made == parts:
            return b"".join(content.blocks())
        _require_no_copies(parts)
        return _written(package, {name: text for name, text in made.items() if text != parts[name]})


def _parts(parts: dict[str, str], book: Book, read: str, names: list[str], redaction: Redaction) -> dict[str, str]:
    """All parts of text afterwards."""
    made, left = dict(parts), set[int]()
    for _, part in book.sheets:
        name = part.lower()
        sheet = Sheet(parts[name], book.strings, names if name == read else None, redaction)
        made[name] = sheet.redacted()
        left |= sheet.dropped
    used = {at for _, part in book.sheets for at in used_strings(made[part.lower()])}
    for name in parts:
        if name.endswith("sharedstrings.xml"):
            made[name] = with_strings(parts[name], book.strings, left - used, redaction.aliases)
        elif not any(name == part.lower() for _, part in book.sheets):
            made[name] = redaction.aliases.in_text(parts[name])
    for name, text in made.items():
        if redaction.aliases.stand_in(meant(text)):
            raise FileRefused(f"a number of the case is left in the part {shown(name)}", "It is written there in pieces",
                              "Ask the court for a redacted file")  # fmt: skip
    return made


def _require_no_copies(parts: dict[str, str]) -> None:
    odd = next((name for name in parts if any(word in name.rpartition("xl/")[2] for word in COPIES)), None)
    if odd:
        raise FileRefused(f"the workbook holds copies of cells or notes on them, {shown(odd)}", "They may name the person",
                          "Ask the court for a redacted file")  # fmt: skip


def _text(package: Package, name: str) -> str:
    data = b"".join(package.blocks(name))
    return data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8")


def _written(package: Package, changed: dict[str, str]) -> bytes:
    """The archive with the changed parts; order, names and packing of all stay."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as archive:
        for entry in package.archive.infolist():
            text = changed.get(entry.filename.lower())
            is_wide = text is not None and b"".join(package.blocks(entry.filename))[:2] in (b"\xff\xfe", b"\xfe\xff")
            data = package.archive.read(entry) if text is None else text.encode("utf-16" if is_wide else "utf-8")
            archive.writestr(entry, data, entry.compress_type)
    return into.getvalue()
