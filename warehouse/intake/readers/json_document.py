"""One JSON document, read from its beginning to its end without holding it: values one at a time, and where each stands.

Belongs here: the syntax, and what is refused where it is broken. Does not belong here: which values are rows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from warehouse.intake.refused import FileRefused, Limits, shown
from warehouse.intake.text import too_long

WHITE = re.compile(r"[ \t\n\r]*")
LITERAL = 16
"""No word, number sign or escape that a cut can break is longer than this many characters."""
TOO_DEEP = "values nested too deeply"


class Twice(dict[str, Any]):
    """An object in which a name stands twice: which of its values holds cannot be known."""

    name = ""


class NoJson(ValueError):
    """A word that Python's reader takes and JSON does not have, as NaN."""


class Value(NamedTuple):
    """One value, the physical line on which it begins, and its text as it stands in the file."""

    value: Any
    line: int
    text: str


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) == len(pairs):
        return fields
    names = [name for name, _ in pairs]
    twice = Twice(fields)
    twice.name = next(name for at, name in enumerate(names) if name in names[:at])
    return twice


def _constant(word: str) -> None:
    raise NoJson(f"the word {shown(word)}, which JSON does not have")


# Numbers stay as they are written: a float would change 1.10 and every long number.
DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=_constant)


class Document:
    """Stands before one place of a document; each method reads on from there."""

    def __init__(self, pieces: Iterator[str], limits: Limits) -> None:
        """`pieces` are the text in any cut; a single value is bounded by the limits."""
        self.pieces, self.limits = pieces, limits
        self.buffer, self.at = "", 0
        self.counted, self.lines = 0, 1

    @property
    def line(self) -> int:
        """The physical line of the place."""
        self.lines += self.buffer.count("\n", self.counted, self.at)
        self.counted = self.at
        return self.lines

    def peek(self) -> str:
        """The next character that is no white space; nothing at the end."""
        while True:
            match = WHITE.match(self.buffer, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.buffer):
                return self.buffer[self.at]
            if not self._more():
                return ""

    def value(self) -> Value:
        """The value here, whole.

        Raises:
            FileRefused: it is broken, cut off, too long or too deep: where it ends, and what comes after, is not known.
        """
        self.peek()
        while True:
            try:
                value, end = DECODER.raw_decode(self.buffer, self.at)
            except RecursionError:
                raise self.broken(TOO_DEEP) from None
            except json.JSONDecodeError as error:
                is_open = error.msg.startswith("Unterminated string")
                if is_open or error.pos >= len(self.buffer) - LITERAL:
                    self._require_bounded(len(self.buffer))
                    if self._more():
                        continue
                if is_open or not self.buffer[error.pos :].strip():
                    raise self._too_early() from None
                raise self.broken(error.msg, error.pos) from None
            except NoJson as error:
                raise self.broken(str(error)) from None
            if end == len(self.buffer) and not isinstance(value, dict | list) and self._more():
                continue  # a number may go on
            self._require_bounded(end)
            found = Value(value, self.line, self.buffer[self.at : end])
            self.at = end
            return found

    def elements(self) -> Iterator[None]:
        """Once before each element of the array here, which must be read before the next."""
        self.at += 1
        if self.peek() == "]":
            self.at += 1
            return
        while True:
            yield
            if self._mark(",]") == "]":
                return

    def members(self) -> Iterator[str]:
        """The name of each member of the object here, whose value must be read before the next."""
        self.at += 1
        if self.peek() == "}":
            self.at += 1
            return
        while True:
            if self.peek() not in ('"', ""):
                raise self.broken("no name in quotes")
            name = self.value().value
            self._mark(":")
            yield name
            if self._mark(",}") == "}":
                return

    def skip(self) -> None:
        """Read the value here, a part at a time where it has parts, and forget it."""
        mark = self.peek()
        if mark not in ("[", "{"):
            self.value()
        for _ in self.elements() if mark == "[" else self.members() if mark == "{" else ():
            self.value()

    def finish(self) -> None:
        """Require that nothing comes any more."""
        if mark := self.peek():
            what = f"there is more after the end of the JSON, on line [{self.line}]"
            why = "It looks like JSON lines" if mark == "{" else "Only one value may stand in it"
            raise FileRefused(what, why, "Name `format: json_lines` if each line is a row, or export it again",
                              place=f"line {self.line}")  # fmt: skip

    def broken(self, why: str, at: int | None = None) -> FileRefused:
        """The refusal of a document that cannot be read on from here."""
        line = self.line + self.buffer.count("\n", self.at, at if at is not None else self.at)
        return FileRefused(f"the JSON is broken on line [{line}]", f"It has {_fault(why)}; what follows cannot be told apart",
                           "Export it again", place=f"line {line}")  # fmt: skip

    def _mark(self, marks: str) -> str:
        mark = self.peek()
        if not mark:
            raise self._too_early()
        if mark not in marks:
            raise self.broken(f"{shown(mark)} where {' or '.join(map(shown, marks))} must stand")
        self.at += 1
        return mark

    def _too_early(self) -> FileRefused:
        self.at = len(self.buffer)
        why = "The file was cut off, or a quote or bracket is missing"
        return FileRefused(f"the JSON ends too early, on line [{self.line}]", why, "Export it again", place=f"line {self.line}")

    def _require_bounded(self, end: int) -> None:
        if end - self.at > self.limits.record_bytes:
            raise too_long(self.line, self.limits, "No row of a court is that long: a quote or bracket may be missing")

    def _more(self) -> bool:
        """Read on by at least as much as is left, so that a long value is not read again for each piece."""
        lines, left = self.line, self.buffer[self.at :]
        parts, size = [left], 0
        while size <= len(left) and (piece := next(self.pieces, None)) is not None:
            parts.append(piece)
            size += len(piece)
        if size:  # else the places that were met in the buffer stay as they are
            self.buffer, self.at, self.counted, self.lines = "".join(parts), 0, 0, lines
        return size > 0


def _fault(message: str) -> str:
    """What Python's reader says, as a clause after "it has"."""
    if message.startswith("Expecting "):
        return f"no {message.removeprefix('Expecting ').split(' enclosed')[0]} where one must stand"
    return message[0].lower() + message[1:].removesuffix(" at").rstrip(": ")
