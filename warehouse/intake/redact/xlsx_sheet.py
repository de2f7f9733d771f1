"""The XML of one sheet, and the shared strings, without one person: cells are changed in their place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from xml.sax.saxutils import escape

from warehouse.intake.readers.cell_text import number_text
from warehouse.intake.readers.xlsx_book import plain
from warehouse.intake.readers.xlsx_cells import COLUMNS
from warehouse.intake.redact.aliases import Aliases
from warehouse.intake.redact.redaction import MARK, Redaction, masked
from warehouse.intake.redact.xml_text import meant

TAG = r"<(?P<tag>(?:\w+:)?{name})(?P<more>\s[^>]*?)?(?:/>|>(?P<inside>.*?)</(?P=tag)\s*>)"
ROW, CELL, ITEM, VALUE = (re.compile(TAG.format(name=name), re.DOTALL) for name in ("row", "c", "si", "v"))
PIECE = re.compile(TAG.format(name="t"), re.DOTALL)
AID = re.compile(TAG.format(name="rPh"), re.DOTALL)
TYPE, STYLE, PLACE = (re.compile(rf"\s{name}\s*=\s*[\"']([^\"']*)[\"']") for name in "tsr")


class Sheet:
    """One sheet. `names` are those of the columns of the sheet that is read; none for the others."""

    def __init__(self, text: str, strings: list[str], names: list[str] | None, redaction: Redaction) -> None:
        """Nothing is changed yet; `dropped` will be the shared strings that changed cells no longer name."""
        self.text, self.strings, self.names, self.redaction = text, strings, names, redaction
        self.rows = {line: (record, code) for line, record, code in redaction.starts} if names is not None else {}
        self.dropped: set[int] = set()
        self.line, self.at = 0, -1

    def redacted(self) -> str:
        """The sheet afterwards."""
        return ROW.sub(self._row, self.text)

    def _row(self, found: re.Match[str]) -> str:
        told = PLACE.search(found["more"] or "")
        self.line, self.at = int(told[1]) if told else self.line + 1, -1
        cells = list(CELL.finditer(found["inside"] or ""))
        record, code = self.rows.get(self.line, (0, ""))
        is_met = any(self.redaction.aliases.stand_in(self._value(cell)) for cell in cells)
        if not is_met and not (code == "row" and record in self.redaction.records):
            return found[0]
        start, inside = found.start("inside") - found.start(), found["inside"] or ""
        made = CELL.sub(lambda cell: self._cell(cell, record, code), inside)
        return found[0][:start] + made + found[0][start + len(inside) :]

    def _cell(self, found: re.Match[str], record: int, code: str) -> str:
        told = PLACE.search(found["more"] or "")
        self.at = COLUMNS.get(re.sub(r"\d", "", told[1]), self.at + 1) if told else self.at + 1
        value = self._value(found)
        kind = TYPE.search(found["more"] or "")
        is_text = kind is not None and kind[1] in ("s", "str", "inlineStr")
        if not value or (kind is not None and kind[1] == "e"):
            return found[0]
        new = self._new(value, is_text, record, code)
        if new == value:
            return found[0]
        if kind is not None and kind[1] == "s":
            self.dropped.add(int(VALUE.search(found["inside"])["inside"]))  # type: ignore[index]
        self.redaction.done |= {record} & self.redaction.records
        style = STYLE.search(found["more"] or "")
        return _written(found["tag"], told[1] if told else "", style[1] if style else "", new, is_text)

    def _new(self, value: str, is_text: bool, record: int, code: str) -> str:
        """What stands in a cell afterwards."""
        redaction = self.redaction
        if code == "row" and self.names is not None:
            name = self.names[self.at] if self.at < len(self.names) else ""
            if not is_text and name not in redaction.keys and not (record in redaction.records and redaction.is_free(name)):
                return value
            return redaction.cell(record, name, value)
        if code:  # a row that does not fit the header, a title
            redaction.done.add(record)
            return redaction.aside(value, code) if is_text else value
        told = redaction.aliases.in_text(value)
        return told if told != value else masked(value) if is_text else MARK

    def _value(self, found: re.Match[str]) -> str:
        """The text of a cell; of a number its digits."""
        kind, inside = TYPE.search(found["more"] or ""), found["inside"] or ""
        stored = VALUE.search(inside)
        value = meant(stored["inside"] or "") if stored else ""
        if kind is not None and kind[1] == "s":
            return self.strings[int(value)] if value.isdigit() and int(value) < len(self.strings) else ""
        if kind is not None and kind[1] == "inlineStr":
            return text_of(inside)
        if kind is None or kind[1] == "n":
            try:
                return number_text(float(value)) if value else ""
            except ValueError:
                return value
        return plain(value)


def _written(tag: str, place: str, style: str, value: str, is_text: bool) -> str:
    head = f"<{tag}" + (f' r="{place}"' if place else "") + (f' s="{style}"' if style else "")
    space = tag.rpartition(":")[0]
    own = f"{space}:" if space else ""
    if not value:
        return f"{head}/>"
    if not is_text and value.isdigit():
        return f"{head}><{own}v>{value}</{own}v></{tag}>"
    text = f'<{own}is><{own}t xml:space="preserve">{escape(value)}</{own}t></{own}is>'
    return f'{head} t="inlineStr">{text}</{tag}>'


def text_of(inside: str) -> str:
    """The text of a shared or inline string: its runs joined, reading aids left out."""
    return plain("".join(meant(piece["inside"] or "") for piece in PIECE.finditer(AID.sub("", inside))))


def used_strings(sheet: str) -> Iterator[int]:
    """The shared strings that a sheet names."""
    for cell in CELL.finditer(sheet):
        kind, value = TYPE.search(cell["more"] or ""), VALUE.search(cell["inside"] or "")
        if kind is not None and kind[1] == "s" and value and (value["inside"] or "").strip().isdigit():
            yield int(value["inside"])


def with_strings(part: str, strings: list[str], gone: Collection[int], aliases: Aliases) -> str:
    """The shared strings, those that are `gone` emptied, aliases in the others; each keeps its number."""
    numbers = iter(range(len(strings)))

    def put(found: re.Match[str]) -> str:
        number = next(numbers)
        told = "" if number in gone else aliases.in_text(strings[number])
        if told == strings[number]:
            return found[0]
        own = found["tag"].removesuffix("si")
        return f'<{found["tag"]}><{own}t xml:space="preserve">{escape(told)}</{own}t></{found["tag"]}>'

    return ITEM.sub(put, part)
