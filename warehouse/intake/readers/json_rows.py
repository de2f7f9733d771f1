"""Rows from JSON: one object a line, or one array of objects, alone or inside an object.

Text is taken as it is delivered: strings as they are, numbers as they are written, true and false as these words, null as
null. Does not belong here: documents (json_document.py, json_array.py), types (staging).
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from warehouse.catalogue.contract import FileFormat
from warehouse.intake.readers.encodings import read_in
from warehouse.intake.readers.json_array import records
from warehouse.intake.readers.json_document import DECODER, TOO_DEEP, Document, NoJson, Twice, Value
from warehouse.intake.readers.pieces import pieces
from warehouse.intake.readers.rows import Entry, Read, Wanted, read_entries, whole
from warehouse.intake.refused import FileRefused, Limits, shown
from warehouse.intake.text import chunks
from warehouse.intake.unpack import Content

ARRAY = re.compile(r"\[\s*(?:[{\]]|\Z)")
ODD = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
"""Escapes of what may be no text: a NUL, and the halves of characters."""
KINDS = {dict: "an object", list: "an array", str: "a value", bool: "a value", type(None): "null"}


def read_format(content: Content, form: FileFormat, wanted: Wanted, into: Path) -> Read:
    """Rows of JSON lines, of a JSON array, or of the array at `form.records`, into one Parquet file.

    Grain: one object. JSON lines stand at their line, those of an array at their number. An object that is broken, has a
    name twice, or holds an object, array or NUL in a wanted field is torn.

    Raises:
        FileRefused: the array cannot be told, is broken or cut off, or the objects lack a required name.
    """
    return read_in(content, form.encodings, wanted, lambda encoding: _read_as(encoding, content, form, wanted, into))


def _read_as(encoding: str, content: Content, form: FileFormat, wanted: Wanted, into: Path) -> Read:
    names = frozenset((*wanted.columns, *wanted.also))
    if _is_document(pieces(content, encoding), form.format, names, content.limits):
        document = Document(pieces(content, encoding), content.limits)
        found = (_entry(value, names) for value in records(document, form.records))
        return read_entries(found, wanted, into, content.limits, encoding, places="record {record}")
    blank: list[int] = []
    entries = _lines(content, encoding, names, blank)
    return dataclasses.replace(read_entries(entries, wanted, into, content.limits, encoding), blank=len(blank))


# --- which of the two it is


def _is_document(source: Iterator[str], may: Sequence[str], names: Collection[str], limits: Limits) -> bool:
    """Whether the text is one document and not an object a line.

    Raises:
        FileRefused: it is empty, or an array where the contract expects JSON lines.
    """
    line, is_whole, is_alone = _first_line(source, limits.record_bytes)
    if not line:
        raise FileRefused("the file holds nothing but blank lines", "It has no rows",
                          "Export it again and look at it before it is delivered", place="line 1")  # fmt: skip
    if ARRAY.match(line) and "json" not in may:
        raise FileRefused("it is a JSON array", "The contract expects JSON lines",
                          "Name `format: json` in the contract, or export an object a line", place="line 1")  # fmt: skip
    if "json" not in may or "json_lines" not in may:
        return "json" in may
    if not line.startswith("{") or not is_whole:
        return line.startswith("{") or bool(ARRAY.match(line))
    try:
        value = DECODER.decode(line)
    except (ValueError, RecursionError):
        return not line.endswith("}")  # one broken line of many; a document's first line ends with an open bracket
    return is_alone and not any(name in value for name in names) and any(isinstance(v, dict | list) for v in value.values())


def _first_line(source: Iterator[str], most: int) -> tuple[str, bool, bool]:
    """The first line that is not blank; whether it is there whole; whether nothing follows it."""
    text = ""
    for piece in source:
        text = (text + piece).lstrip()
        line, ended, rest = text.partition("\n")
        if (ended and rest.strip()) or len(text) > most:
            return line.rstrip(), bool(ended), False
    return text.rstrip(), True, True


# --- an object a line


def _lines(content: Content, encoding: str, names: Collection[str], blank: list[int]) -> Iterator[Entry]:
    for chunk in chunks(content, encoding):
        for line, text in enumerate(chunk.data.decode().split("\n")[: len(chunk.ends)], chunk.line):
            stripped = text.strip(" \t\r")
            if not stripped.strip():
                blank.append(line)
                continue
            try:
                value = DECODER.decode(stripped)
            except json.JSONDecodeError as error:
                yield Entry(line, {}, f"broken JSON: {error.msg} at character [{error.pos + 1}]", text)
            except NoJson as error:
                yield Entry(line, {}, f"broken JSON: {error}", text)
            except RecursionError:
                yield Entry(line, {}, TOO_DEEP, text)
            else:
                yield _entry(Value(value, line, text), names)


def _entry(found: Value, names: Collection[str]) -> Entry:
    """One object as a row. Only wanted fields are made text: of the others nothing but their names is kept."""
    fields, fault = found.value, ""
    if not isinstance(fields, dict):
        return Entry(found.line, {}, f"{KINDS[type(fields)]} instead of an object", found.text)
    for name in names:
        value: Any = fields.get(name)
        if isinstance(value, bool):
            fields[name] = "true" if value else "false"
        elif isinstance(value, dict | list):
            fields[name] = None
            fault = fault or f"a nested value in {shown(name)}"
    if isinstance(fields, Twice):
        fault = f"the name {shown(fields.name)} twice"
    if ODD.search(found.text):
        fault = fault or _odd(fields, names)
        fields = {whole(name): value for name, value in fields.items()}
    return Entry(found.line, fields, fault, found.text)


def _odd(fields: dict[str, Any], names: Collection[str]) -> str:
    if any(whole(name) != name for name in fields):
        return "a name with half a character (a lone surrogate)"
    nul = next((name for name in names if "\0" in (fields.get(name) or "")), None)
    return f"a NUL character in {shown(nul)}" if nul is not None else ""
