"""Records of quoted text, by Python's csv, strict, with the physical lines that each one takes.

Here belongs what a quote does: line breaks inside it, faults, a quote never closed. How many fields a record should
have is not known here.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from warehouse.intake.refused import FileRefused, Limits
from warehouse.intake.text import Chunk, too_long, whole_lines

# csv ends a field at any carriage return outside quotes; one that ends no line is hidden from it by this escape.
LONE_RETURN, ESCAPE = re.compile(r"\r(?!\n|\Z)"), "\ue000"


@dataclass(frozen=True)
class Marks:
    """The characters that split: a separator, a quote and an escape ("" for none)."""

    separator: str
    quote: str
    escape: str = ""

    def for_csv(self) -> dict[str, Any]:
        """The options of Python's csv."""
        return {
            "delimiter": self.separator,
            "quotechar": self.quote or None,
            "quoting": csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            "escapechar": self.escape or None,
            "doublequote": not self.escape,
            "strict": True,
        }


class Records:
    """Records as csv reads them from one chunk and, while a record is open, from those after it.

    Each is (index of its first line, index past its last, fields, fault); indexes count from the chunk's first line. A
    fault says why csv cannot split the record; its lines are those that csv took for it. Refuses a quote never closed.
    """

    def __init__(self, first: Chunk, rest: Iterator[Chunk], marks: Marks, limits: Limits) -> None:
        """Begin at `first`; `rest` is read on only while a record is open."""
        csv.field_size_limit(max(csv.field_size_limit(), limits.record_bytes))
        self.first, self.rest, self.limits = first, rest, limits
        self.marks, self.separator, self.quote = marks, marks.separator, marks.quote
        self.at, self.is_escaped = 0, False
        self.lines: list[str] = []

    def __iter__(self) -> Iterator[tuple[int, int, list[str], str]]:
        """Give the records until the loaded lines end."""
        # Not an attribute: reader and object would hold each other, and their lines wait for the garbage collector.
        reader = csv.reader(
            chain(self._load(self.first), chain.from_iterable(self._more())),
            **self.marks.for_csv(),
        )
        while self.at < len(self.lines):
            fields, fault = [], ""
            try:
                fields = next(reader)
            except csv.Error as error:
                fault = self._fault(str(error), reader.line_num)
            start, self.at = self.at, reader.line_num
            if self.at - start > 1:
                self._require_bounded(start, self.at)
            yield start, self.at, [*map(_plain, fields)] if self.is_escaped else fields, fault

    def text(self, start: int, end: int | None = None) -> str:
        """The lines from `start` to before `end` as they stand in the file."""
        return _plain("".join(self.lines[start:end]))

    def is_blank(self, start: int, end: int) -> bool:
        """Whether the record is one line with nothing but white space on it."""
        return end - start == 1 and not self.lines[start].strip()

    def after(self, end: int) -> Chunk:
        """The loaded lines that come after a record."""
        return whole_lines(self.text(end).encode(), self.first.line + end)

    def _load(self, chunk: Chunk) -> list[str]:
        text = chunk.data.decode()
        if ESCAPE in text or LONE_RETURN.search(text):
            self.is_escaped = True
            text = LONE_RETURN.sub(ESCAPE + "r", text.replace(ESCAPE, ESCAPE + "e"))
        lines = list(io.StringIO(text, newline="\n"))
        self.lines += lines
        return lines

    def _more(self) -> Iterator[list[str]]:
        for chunk in self.rest:
            self._require_bounded(self.at, len(self.lines))
            yield self._load(chunk)

    def _require_bounded(self, start: int, end: int) -> None:
        if sum(map(len, self.lines[start:end])) > self.limits.record_bytes:
            hint = f"The quote opened on line [{self._opened_on(start, end)}] is closed too late or never"
            raise too_long(self.first.line + start, self.limits, hint)

    def _fault(self, message: str, end: int) -> str:
        line = self.first.line + end - 1
        if message.startswith("field larger"):
            self._require_bounded(self.at, end)
        if message.startswith("unexpected end"):
            opened = self._opened_on(self.at, end)
            what = f"the quote opened on line [{opened}] is never closed"
            why = f"All lines from there to the last, [{line}], would be one field"
            remedy = "Double or drop the stray quote, or name another quote in the contract"
            raise FileRefused(what, why, remedy, place=f"line {opened}")
        return f"a character after the closing quote, on line [{line}]"

    def _opened_on(self, start: int, end: int) -> int:
        text, is_open, opened = "".join(self.lines[start:end]), False, 0
        for run in re.finditer(f"{re.escape(self.quote)}+", text):
            is_odd = len(run.group()) % 2 == 1  # doubled quotes within a run cancel out
            if is_open:
                is_open = not is_odd
            elif run.start() == 0 or text[run.start() - 1] in (self.separator, "\n"):
                is_open, opened = is_odd, run.start()
        return self.first.line + start + text.count("\n", 0, opened)


def _plain(text: str) -> str:
    return text.replace(ESCAPE + "r", "\r").replace(ESCAPE + "e", ESCAPE) if ESCAPE in text else text
