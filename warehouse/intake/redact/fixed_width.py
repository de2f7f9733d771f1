"""Fixed-width text without one person: every line keeps its length, in characters or in bytes of its encoding."""

from __future__ import annotations

from warehouse.intake.readers.fixed_width import PADDING, bare_encoding
from warehouse.intake.readers.rows import Read, Wanted
from warehouse.intake.redact.bytes_of import script_of
from warehouse.intake.redact.redaction import Redaction, names_of
from warehouse.intake.refused import FileRefused, shown
from warehouse.intake.unpack import Content


def redact(content: Content, found: Read, wanted: Wanted, redaction: Redaction) -> bytes:
    """The unpacked bytes afterwards."""
    script = script_of(content, found.encoding)
    form = redaction.contract.file
    encoding = bare_encoding(found.encoding) if form.widths_in == "bytes" else "utf-32-le"
    unit = 1 if form.widths_in == "bytes" else 4
    names = names_of([column.header for column in form.widths], wanted.also, wanted.columns)
    places = sorted((column.start - 1, column.start - 1 + column.width, name)
                    for column, name in zip(form.widths, names, strict=True))  # fmt: skip
    lines = script.text.split("\n")
    for line, record, code in redaction.starts:
        text = lines[line - 1].removesuffix("\r")
        is_met = redaction.aliases.stand_in(text)
        if code == "row" and (record in redaction.records or is_met):
            data = _row(text.encode(encoding), record, places, encoding, unit, redaction)
            lines[line - 1] = data.decode(encoding) + lines[line - 1][len(text) :]
        elif code != "row" and is_met:
            redaction.done.add(record)
            lines[line - 1] = redaction.aside(lines[line - 1], code)
    return script.written("\n".join(lines))


def _row(data: bytes, record: int, places: list[tuple[int, int, str]], encoding: str, unit: int, redaction: Redaction) -> bytes:
    made, at = b"", 0
    blank = " ".encode(encoding)
    for start, stop, name in places:
        gap, field = data[at * unit : start * unit], data[start * unit : stop * unit]
        made += _blanked(gap, blank) if record in redaction.records else gap
        raw = field.decode(encoding)
        value = raw.strip(PADDING)
        new = redaction.cell(record, name, value)
        if new == value:
            made += field
        else:
            redaction.done |= {record} & redaction.records
            made += _fitted(new, len(field), blank, encoding, name in redaction.keys, redaction.is_free(name))
        at = stop
    rest = data[at * unit :]
    return made + (_blanked(rest, blank) if record in redaction.records else rest)


def _blanked(data: bytes, blank: bytes) -> bytes:
    return (blank * len(data))[: len(data)]


def _fitted(new: str, size: int, blank: bytes, encoding: str, is_key: bool, is_free: bool) -> bytes:
    """The value in its field; a mark that is too long for it is left out.

    Raises:
        FileRefused: an alias is longer than its field.
    """
    data = new.encode(encoding)
    if len(data) > size and is_free and not is_key:
        data = b""
    if len(data) > size:
        raise FileRefused(f"the alias {shown(new)} is longer than its field", "Every column has its place in the line",
                          "Ask the court for a redacted file")  # fmt: skip
    return (data + blank * size)[:size] if (size - len(data)) % len(blank) == 0 else data.ljust(size)
