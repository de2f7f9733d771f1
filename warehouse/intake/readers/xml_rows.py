"""Rows from XML: each record is an element, its fields are its attributes and the text of the elements in it.

Belongs here: which encoding the text is in, what is fed to the parser, what is refused. Does not belong here: what an
element becomes (xml_records.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from warehouse.catalogue.contract import FileFormat
from warehouse.intake.readers.encodings import UTF16, read_in
from warehouse.intake.readers.pieces import pieces
from warehouse.intake.readers.rows import Entry, Read, Wanted, read_entries
from warehouse.intake.readers.xml_records import Records
from warehouse.intake.refused import FileRefused, Limits, Undecodable, shown
from warehouse.intake.text import encoding_name, none_fits, too_long
from warehouse.intake.unpack import Content

DECLARATION = re.compile(r"\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z][\w.\-]*)[\"']")
PROBE = "<?xml \\n>" * 10
"""What every encoding of XML but UTF-16 and UTF-32 writes as ASCII; codecs that only look like encodings do not."""
FEED = 1 << 20
"""Bytes parsed at a time: rows wait in memory for so long."""
CUT_OFF = (3, 5, 6, 20)
"""Expat's codes for a text that ends before its elements, a tag, a character, a CDATA section do."""


def read_format(content: Content, form: FileFormat, wanted: Wanted, into: Path) -> Read:
    """Rows of the elements `form.records`, or of the root's children where the contract names none, into one Parquet file.

    Grain: one element. A field is an attribute or an element without elements in it, named by its local name, further
    down by its path as `parties/plaintiff`. Text is exact; an empty element is empty text, one with `xsi:nil` null.

    Raises:
        FileRefused: it has a document type, is not well-formed, cut off, not in the encoding that it names, or its records
            cannot be told; then nothing is written.
    """

    def attempt(encoding: str) -> Read:
        records = Records(form.records, wanted, content.limits)
        entries = _entries(pieces(content, encoding), records, content.limits)
        return read_entries(entries, wanted, into, content.limits, encoding, places="record {record}")

    named, may = _declared(content), [encoding_name(name) for name in form.encodings]
    encoding = _known(named) if named else ""
    if named and not encoding and not may:
        raise FileRefused(f"the XML names an encoding that is not known, {shown(named)}", "It cannot be read without it",
                          "Name its encoding in the contract, or export it as UTF-8", place="line 1")  # fmt: skip
    if encoding and (not may or encoding in may):
        try:
            return attempt(encoding)
        except Undecodable as failure:
            refused = none_fits([failure])
            refused.why = f"Its own first line names {shown(named)}; {refused.why}"
            raise refused from failure
    if not may and not content.head.startswith(UTF16):
        try:
            return attempt("utf-8")  # what XML is where it does not say
        except Undecodable:
            pass  # then a header may prove another
    return read_in(content, form.encodings, wanted, attempt)


def read_elements(content: Content, encoding: str, form: FileFormat, wanted: Wanted) -> Iterator[Entry]:
    """The rows of a file that was read in this encoding, with their text as it stands there."""
    yield from _entries(pieces(content, encoding), Records(form.records, wanted, content.limits), content.limits)


def _declared(content: Content) -> str:
    """The encoding that the XML declaration names; nothing where there is none."""
    head = content.head
    text = head.decode("utf-16", "ignore") if head.startswith(UTF16) else head.decode("utf-8-sig", "ignore")
    match = DECLARATION.match(text)
    return match[1] if match else ""


def _known(named: str) -> str:
    """The encoding of that name; nothing where there is none in which XML can be written."""
    try:
        encoding = encoding_name(named)
        return encoding if encoding.startswith(("utf-16", "utf-32")) or PROBE.encode(encoding) == PROBE.encode() else ""
    except ValueError:
        return ""


def _entries(source: Iterator[str], records: Records, limits: Limits) -> Iterator[Entry]:
    """The rows, as they end. What the parser is given is UTF-8, whatever the declaration says."""
    fed = 0
    for text in source:
        for at in range(0, len(text), FEED):
            data = text[at : at + FEED].encode()
            fed += len(data)
            _parse(records, data)
            if fed - records.begun > limits.record_bytes:
                why = "No row of a court is that long: a tag may not be closed"
                raise too_long(records.parser.CurrentLineNumber, limits, why)
            yield from records.take()
    if not fed:
        raise FileRefused("the file is empty", "It has no root element and no rows",
                          "Export it again and look at it before it is delivered", place="line 1")  # fmt: skip
    _parse(records, b"")
    yield from records.take()
    records.finish()


def _parse(records: Records, data: bytes) -> None:
    try:
        records.feed(data)
    except expat.ExpatError as error:
        place = f"line {error.lineno}"
        if not data and error.code in CUT_OFF:
            what, why = f"the XML ends too early, on line [{error.lineno}]", "The file was cut off, or a tag is not closed"
            raise FileRefused(what, why, "Export and deliver it again", place) from error
        raise FileRefused(
            f"the XML is not well-formed on line [{error.lineno}]", f"The parser says: {expat.ErrorString(error.code)}",
            "Mend the export: what follows cannot be told apart", place=place,
        ) from error  # fmt: skip
