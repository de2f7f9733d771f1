"""JSON without one person: values are changed where they stand; lines, order and every other character stay."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from warehouse.intake.readers.json_array import records
from warehouse.intake.readers.json_document import DECODER, Document, NoJson
from warehouse.intake.readers.rows import Read, Wanted
from warehouse.intake.redact.bytes_of import script_of
from warehouse.intake.redact.redaction import Edit, Redaction, breaks_of, edited, masked, names_of
from warehouse.intake.unpack import Content

WHITE = re.compile(r"[ \t\r\n]*")
STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
ESCAPED = re.compile(r"\\u[0-9a-fA-F]{4}|\\.", re.DOTALL)


def redact(content: Content, found: Read, wanted: Wanted, redaction: Redaction) -> bytes:
    """The unpacked bytes afterwards."""
    script = script_of(content, found.encoding)
    text, codes = script.text, {record: code for _, record, code in redaction.starts}
    edits: list[Edit] = []
    at, around = 0, []
    for record, start, end in _places(content, found, redaction, text):
        piece = text[start:end]
        around.append((at, start))
        at = end
        if codes.get(record) == "row":
            edits += _object(text, start, record, wanted, redaction)
        elif redaction.aliases.stand_in(unescaped(piece)):
            redaction.done.add(record)
            edits.append((start, end, _masked(piece)))
    for start, end in [*around, (at, len(text))]:
        edits += _strings(text, start, end, redaction)
    return script.written(edited(text, edits))


def _places(content: Content, found: Read, redaction: Redaction, text: str) -> Iterator[tuple[int, int, int]]:
    """Number, begin and end of each record."""
    if "{record}" in found.places:
        document = Document(iter([text]), content.limits)
        for number, value in enumerate(records(document, redaction.contract.file.records), 1):
            yield number, document.at - len(value.text), document.at
        return
    begins = [0, *(at + 1 for at, c in enumerate(text) if c == "\n"), len(text) + 1]
    for line, record, _ in redaction.starts:
        yield record, begins[line - 1], begins[line] - 1


def _object(text: str, at: int, record: int, wanted: Wanted, redaction: Redaction) -> list[Edit]:
    """The changes in one object."""
    edits: list[Edit] = []
    for name, start, end in _members(text, at):
        value = DECODER.raw_decode(text, start)[0]
        (known,) = names_of([name], {}, wanted.columns) if name not in wanted.also else [name]
        new = _value(text[start:end], value, known, record, redaction)
        if new is not None:
            redaction.done |= {record} & redaction.records
            edits.append((start, end, new + breaks_of(text[start:end])))
    return edits


def _members(text: str, at: int) -> Iterator[tuple[str, int, int]]:
    """Name, begin and end of each value of the object that begins here; it is sound."""
    at = _after(text, _after(text, at) + 1)
    while text[at] != "}":
        name, at = DECODER.raw_decode(text, at)
        start = _after(text, _after(text, at) + 1)
        _, end = DECODER.raw_decode(text, start)
        yield name, start, end
        at = _after(text, end)
        at = _after(text, at + 1) if text[at] == "," else at


def _after(text: str, at: int) -> int:
    found = WHITE.match(text, at)
    return found.end() if found else at


def _value(written: str, value: Any, name: str, record: int, redaction: Redaction) -> str | None:
    """What stands in place of a value; nothing where it stays."""
    is_text = written.startswith('"')
    if isinstance(value, dict | list):
        return "null" if record in redaction.records and redaction.is_free(name) else _renamed(written, redaction)
    if not isinstance(value, str):  # true, false, null
        return "null" if value is not None and record in redaction.records and redaction.is_free(name) else None
    new = redaction.cell(record, name, value)
    if new == value:
        return None
    if is_text:
        return json.dumps(new, ensure_ascii=written.isascii())
    if name in redaction.keys:
        return new if new.isdigit() else json.dumps(new)
    return "null"


def _renamed(written: str, redaction: Redaction) -> str | None:
    new = edited(written, _strings(written, 0, len(written), redaction))
    return new if new != written else None


def _strings(text: str, start: int, end: int, redaction: Redaction) -> list[Edit]:
    """Aliases in the strings of a piece of text that holds no rows."""
    edits: list[Edit] = []
    for found in STRING.finditer(text, start, end):
        try:
            value = json.loads(found[0], strict=False)
        except ValueError:
            continue
        new = redaction.aliases.in_text(value)
        if new != value:
            edits.append((found.start(), found.end(), json.dumps(new, ensure_ascii=found[0].isascii())))
    return edits


def unescaped(text: str) -> str:
    """A piece of JSON with its escapes undone, good or broken."""
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)


def _masked(text: str) -> str:
    """A record that is no row, without what it said; broken in the same place."""
    try:
        DECODER.decode(text.strip(" \t\r"))
        broken = len(text)
    except json.JSONDecodeError as error:
        broken = error.pos + len(text) - len(text.lstrip(" \t\r"))
    except (NoJson, RecursionError):
        broken = len(text)
    made, at = "", 0
    for found in STRING.finditer(text):
        is_name = text[_after(text, found.end()) : _after(text, found.end()) + 1] == ":"
        made += _bare(text[at : found.start()], at, broken) + (found[0] if is_name else _string(found[0]))
        at = found.end()
    return made + _bare(text[at:], at, broken)


def _string(text: str) -> str:
    made, at = "", 0
    for found in ESCAPED.finditer(text):
        made += masked(text[at : found.start()]) + ("\\u67d0" if len(found[0]) > 2 else found[0])  # 某
        at = found.end()
    return made + masked(text[at:])


def _bare(text: str, at: int, broken: int) -> str:
    """What stands outside of strings: numbers become ones; words before the fault are those of JSON and stay."""
    told = max(0, broken - at)
    return re.sub(r"[0-9]", "1", text[:told]) + masked(text[told:])
