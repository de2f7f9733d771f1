"""What the elements of an XML file become: a row each record, a field each attribute and each element without elements in it.

Belongs here: names, places and faults of rows. Does not belong here: encodings and what is not well-formed (xml_rows.py).
"""

from __future__ import annotations

from xml.parsers import expat

from warehouse.intake.readers.rows import Entry, Wanted
from warehouse.intake.refused import FileRefused, HeaderRefused, Limits, shown
from warehouse.intake.text import too_long

INSTANCE = "http://www.w3.org/2001/XMLSchema-instance "
OUR_OWN = (INSTANCE, "http://www.w3.org/XML/1998/namespace ")
"""Attributes of XML itself, which are no fields."""
MOST_DEPTH = 200


class Records:
    """Takes UTF-8 and gives the rows that are complete. Bounded by one record and what was fed at once."""

    def __init__(self, name: str | None, wanted: Wanted, limits: Limits) -> None:
        """`name` is that of the record element; without one it is the name that all children of the root share."""
        self.name, self.is_named, self.limits = name, name is not None, limits
        self.wanted = frozenset((*wanted.columns, *wanted.also))
        self.parser = parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.buffer_size = 1 << 16
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        self.window, self.base = b"", 0
        self.entries: list[Entry] = []
        self.depth, self.count, self.has_more = 0, 0, False
        self.others: dict[str, None] = {}
        self._clear()

    def _clear(self) -> None:
        self.record_depth, self.line, self.start, self.fault = 0, 0, 0, ""
        self.fields: dict[str, str | None] = {}
        # One of each for every open element, the record first: its path, its text, whether it has elements, is nil.
        self.paths: list[str] = []
        self.texts: list[list[str]] = []
        self.has_elements: list[bool] = []
        self.is_nil: list[bool] = []

    @property
    def begun(self) -> int:
        """The byte at which the open record or, between records, the unfinished tag begins."""
        return self.start if self.record_depth else max(self.parser.CurrentByteIndex, self.base)

    def feed(self, data: bytes) -> None:
        """Parse on; nothing ends the text.

        Raises:
            ExpatError: it is not well-formed. FileRefused: it has a document type, is too deep, its records differ.
        """
        begun = self.begun
        self.window = self.window[begun - self.base :] + data
        self.base = begun
        self.parser.Parse(data, not data)

    def take(self) -> list[Entry]:
        """The rows that were completed since."""
        entries, self.entries = self.entries, []
        return entries

    def finish(self) -> None:
        """Require that a file with content had records."""
        if not self.count and self.has_more:
            others = " ".join(map(shown, self.others)) or "none"
            remedy = "Name the element of one case with `records` in the contract"
            raise HeaderRefused(f"it has no element {shown(self.name or '')}", f"Its elements are {others}", remedy, "line 1")

    # --- what the parser finds

    def _doctype(self, name: str, *_: object) -> None:
        raise FileRefused(
            "the XML has a document type (DOCTYPE)", "It can name other files and make text without end, so none is read",
            "Export it without one", place=f"line {self.parser.CurrentLineNumber}",
        )  # fmt: skip

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            place = f"line {self.parser.CurrentLineNumber}"
            why = "No table of a court is"
            raise FileRefused(f"elements are nested deeper than [{MOST_DEPTH}]", why, "Export it as a table", place)
        local = name.rpartition(" ")[2]
        if self.record_depth:
            self.has_elements[-1] = True
            self._open(f"{self.paths[-1]}/{local}" if len(self.paths) > 1 else local, attributes)
        elif self._is_record(local):
            self.record_depth, self.line = self.depth, self.parser.CurrentLineNumber
            self.start = self.parser.CurrentByteIndex
            self._open("", attributes)
        elif self.depth > 1:
            self.has_more = self.has_more or bool(attributes)
            if len(self.others) < 20:
                self.others[local] = None

    def _is_record(self, local: str) -> bool:
        if self.is_named or self.depth != 2:
            return self.is_named and local == self.name
        self.name = self.name or local
        if local != self.name:
            line = self.parser.CurrentLineNumber
            raise HeaderRefused(
                f"the root holds elements of different names, {shown(self.name)} and {shown(local)}",
                "Which of them is a case cannot be known", "Name it with `records` in the contract", place=f"line {line}",
            )  # fmt: skip
        return True

    def _open(self, path: str, attributes: dict[str, str]) -> None:
        self.paths.append(path)
        self.texts.append([])
        self.has_elements.append(False)
        nil = False
        for name, value in attributes.items():
            if name == INSTANCE + "nil":
                nil = value.strip() in ("true", "1")
            elif not name.startswith(OUR_OWN):
                local = name.rpartition(" ")[2]
                self._put(f"{path}/{local}" if path else local, value)
        self.is_nil.append(nil)

    def _text(self, data: str) -> None:
        if self.record_depth:
            self.texts[-1].append(data)
        elif data.strip():
            self.has_more = True
            if not self.is_named and self.depth == 1:
                line = self.parser.CurrentLineNumber
                raise FileRefused(f"there is text between the records, {shown(data.strip())}", "It belongs to none of them",
                                  "Mend the export", place=f"line {line}")  # fmt: skip

    def _end(self, name: str) -> None:
        if self.record_depth:
            path, text = self.paths.pop(), "".join(self.texts.pop())
            has_elements, is_nil = self.has_elements.pop(), self.is_nil.pop()
            if self.depth == self.record_depth:
                self._close(text, has_elements)
            elif has_elements:
                if path in self.wanted:
                    self._put(path, None)
                    self.fault = self.fault or f"a nested value in {shown(path)}"
            elif is_nil:
                self._put(path, None)
                if text.strip() and path in self.wanted:
                    self.fault = self.fault or f"a value in {shown(path)} that is said to be nil"
            else:
                self._put(path, text)
        self.depth -= 1

    def _put(self, name: str, value: str | None) -> None:
        """Set a field. A name that stands twice tears the row only where it is wanted: parties may well be several."""
        if name not in self.fields:
            self.fields[name] = value
        elif name in self.wanted:
            self.fault = self.fault or f"the field {shown(name)} twice"

    def _close(self, text: str, has_elements: bool) -> None:
        start, end = self.start - self.base, self.parser.CurrentByteIndex - self.base
        if has_elements or text or not self.window[start:end].endswith(b"/>"):  # an empty tag ends where its end is told
            end = self.window.index(b">", end) + 1
        if end - start > self.limits.record_bytes:
            raise too_long(self.line, self.limits)
        if text.strip():
            self.fault = self.fault or "text outside its fields"
        self.entries.append(Entry(self.line, self.fields, self.fault, self.window[start:end].decode()))
        self.count += 1
        self._clear()
