"""XML without one person: texts and attributes of their records are changed; elements, lines and all else stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, unescape

from warehouse.intake.readers.rows import Read, Wanted
from warehouse.intake.readers.xml_rows import read_elements
from warehouse.intake.redact.bytes_of import script_of
from warehouse.intake.redact.redaction import Edit, Redaction, breaks_of, edited, masked, names_of
from warehouse.intake.refused import FileRefused
from warehouse.intake.unpack import Content

PART = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(?P<end>/?)(?P<name>[^\s/>!?]+)(?P<more>(?:[^>\"']|\"[^\"]*\"|'[^']*')*?)(?P<empty>/?)>",
    re.DOTALL,
)
ATTRIBUTE = re.compile(r"([^\s=]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
REFERENCE = re.compile(r"&#(x[0-9a-fA-F]+|[0-9]+);")
QUOTES = {'"': "&quot;", "'": "&apos;"}


def redact(content: Content, found: Read, wanted: Wanted, redaction: Redaction) -> bytes:
    """The unpacked bytes afterwards.

    Raises:
        FileRefused: the text of a record is not found where it was read.
    """
    script = script_of(content, found.encoding)
    text, codes = script.text, {record: code for _, record, code in redaction.starts}
    edits: list[Edit] = []
    at, around = 0, []
    for record, entry in enumerate(read_elements(content, found.encoding, redaction.contract.file, wanted), 1):
        start = text.find(entry.text, at)
        if start < 0:
            raise FileRefused(f"record [{record}] is not found in its text", "It was read otherwise",
                              "Ask the court for a redacted file")  # fmt: skip
        around.append((at, start))
        at = start + len(entry.text)
        is_met = redaction.aliases.stand_in(meant(entry.text))
        if codes.get(record) == "row" and (record in redaction.records or is_met):
            edits += _record(entry.text, start, record, wanted, redaction)
        elif codes.get(record) != "row" and is_met:
            redaction.done.add(record)
            edits += _masked(entry.text, start)
    for start, end in [*around, (at, len(text))]:
        edits += [edit for edit in _aliases(text[start:end], start, redaction)]
    return script.written(edited(text, edits))


def meant(text: str) -> str:
    """A text with its references undone."""

    def character(found: re.Match[str]) -> str:
        number = int(found[1][1:], 16) if found[1][0] == "x" else int(found[1])
        return chr(number) if number <= 0x10FFFF else found[0]

    return unescape(REFERENCE.sub(character, text), {"&quot;": '"', "&apos;": "'"})


def _record(text: str, base: int, record: int, wanted: Wanted, redaction: Redaction) -> list[Edit]:
    """The changes in one record: each leaf and attribute by its path."""
    edits: list[Edit] = []
    for path, start, end, quote in _fields(text):
        known = path if path in wanted.also else names_of([path], {}, wanted.columns)[0]
        value = _text_of(text[start:end])
        new = redaction.cell(record, known, value)
        if new != value:
            redaction.done |= {record} & redaction.records
            written = escape(new, {quote: QUOTES[quote]} if quote else {})
            edits.append((base + start, base + end, written + breaks_of(text[start:end])))
    if record in redaction.records:
        edits += [(base + s, base + e, _hidden(text[s:e])) for s, e in _comments(text, edits, base)]
    return edits


def _comments(text: str, edits: list[Edit], base: int) -> Iterator[tuple[int, int]]:
    for found in PART.finditer(text):
        if found[0].startswith("<!--") and not any(s <= base + found.start() < e for s, e, _ in edits):
            yield found.start(), found.end()


def _hidden(comment: str) -> str:
    return f"<!--{breaks_of(comment)}-->"


def _fields(text: str) -> Iterator[tuple[str, int, int, str]]:
    """Path, begin, end and quote ("" for text) of each attribute and each element without elements in it."""
    open_: list[tuple[str, int, bool]] = []
    for found in PART.finditer(text):
        if found["name"] is None:
            continue
        name = found["name"].rpartition(":")[2]
        if found["end"]:
            path, start, has_elements = open_.pop()
            if not has_elements and open_:
                yield path, start, found.start(), ""
            continue
        path = "/".join(filter(None, (open_[-1][0] if open_ else "", name if open_ else "")))
        for told in ATTRIBUTE.finditer(found["more"]):
            if not told[1].startswith(("xmlns", "xml:", "xsi:")):
                local, at = told[1].rpartition(":")[2], found.start("more")
                yield f"{path}/{local}" if path else local, at + told.start(2) + 1, at + told.end(2) - 1, told[2][0]
        if open_:
            open_[-1] = (*open_[-1][:2], True)
        if not found["empty"]:
            open_.append((path, found.end(), False))


def _text_of(written: str) -> str:
    """What stands in an element, its comments left out."""
    made, at = "", 0
    for found in PART.finditer(written):
        made += meant(written[at : found.start()])
        made += found[0][9:-3] if found[0].startswith("<![CDATA[") else ""
        at = found.end()
    return made + meant(written[at:])


def _masked(text: str, base: int) -> Iterator[Edit]:
    """The texts and attributes of a record that is no row, without what they said."""
    at = 0
    for found in PART.finditer(text):
        if text[at : found.start()].strip():
            yield base + at, base + found.start(), masked(meant(text[at : found.start()])).replace("<", " ").replace("&", " ")
        at = found.end()
        if found["name"] is None:
            yield base + found.start(), base + found.end(), masked_part(found[0])
        for told in ATTRIBUTE.finditer(found["more"] or ""):
            if not told[1].startswith(("xmlns", "xml:", "xsi:")):
                place = base + found.start("more") + told.start(2) + 1
                yield (
                    place,
                    place + len(told[2]) - 2,
                    masked(meant(told[2][1:-1])).translate({60: " ", 38: " ", 34: " ", 39: " "}),
                )


def masked_part(part: str) -> str:
    """A comment or a CDATA section, without what it said."""
    if part.startswith("<![CDATA["):
        return f"<![CDATA[{masked(part[9:-3])}]]>"
    return _hidden(part) if part.startswith("<!--") else part


def _aliases(text: str, base: int, redaction: Redaction) -> Iterator[Edit]:
    """Aliases in what stands around the records."""
    at = 0
    for found in [*PART.finditer(text), None]:
        end = found.start() if found else len(text)
        value = meant(text[at:end])
        if (new := redaction.aliases.in_text(value)) != value:
            yield base + at, base + end, escape(new)
        if found is None:
            return
        if (new := redaction.aliases.in_text(found[0])) != found[0]:
            yield base + found.start(), base + found.end(), new
        at = found.end()
