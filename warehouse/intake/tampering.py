"""What was done to a ledger that does not follow from itself: one sentence for the cause, naming file and line.

Belongs here: telling a changed line from an inserted, deleted or reordered one. Each suspicion is tried by undoing it: where
head and lines then fit, it was that. Does not belong here: mending anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from warehouse.intake.merkle import MerkleTree, merkle_head

HEX = re.compile(r"[0-9a-f]{64}")
ALIKE = 48
"""Of the 64 digits of two heads: equal ones by chance are 4; so many are one head of which a few bytes were changed."""
FEW = 16
"""As many inserted lines as are looked for behind the place where they show."""


def event_of(line: bytes) -> dict[str, Any] | None:
    """The event of a line; None where it is none."""
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) else None


def seal_text(size: int, head: str) -> str:
    """What `ledger.head` says of so many lines."""
    return f"{size} {head}\n"


class Evidence:
    """The bytes of a ledger and of the seal beside it (None: there is no such file)."""

    def __init__(self, content: bytes | None, seal: bytes | None, name: str = "ledger") -> None:
        self.content, self.seal = content or b"", seal
        self._file, self._seal_file = f"{name}.jsonl", f"{name}.head"
        self.is_missing = content is None
        *self.lines, self.tail = self.content.split(b"\n")

    @cached_property
    def events(self) -> list[dict[str, Any] | None]:
        """The event of each line."""
        return [event_of(line) for line in self.lines]

    @property
    def head(self) -> str:
        """SIZE:HEX of its whole lines, as people keep it."""
        return f"{len(self.lines)}:{merkle_head(self.lines)}"

    @cached_property
    def sealed(self) -> tuple[int, str] | None:
        """Size and head of the seal; those of nothing where there is no seal; None where it cannot be read."""
        if self.seal is None:
            return 0, merkle_head([])
        found = re.fullmatch(rb"(\d{1,12}) ([0-9a-f]{64})\n", self.seal)
        return (int(found[1]), found[2].decode()) if found else None

    def fault(self) -> str | None:
        """The first thing that does not hold, and why; None where all holds."""
        if self.is_missing:
            return f"{self._file}: the file is missing" if self.seal is not None else None
        odd = self._first_odd(self.lines)
        return self._of_the_end() if odd is None else next(self._causes(odd))

    @property
    def follows_up_to_seal(self) -> bool:
        """Whether every line follows, and those that the seal speaks of are the first of them."""
        if self.sealed is None or self.sealed[0] > len(self.lines):
            return False
        return self._first_odd(self.lines) is None and merkle_head(self.lines[: self.sealed[0]]) == self.sealed[1]

    def _first_odd(self, lines: Sequence[bytes]) -> int | None:
        """The first line, from 1, that is not the event of its number on the head of those before it."""
        tree = MerkleTree()
        for number, line in enumerate(lines, 1):
            event = self.events[number - 1] if lines is self.lines else event_of(line)
            if event is None or event.get("seq") != number or event.get("before") != tree.head():
                return number
            tree.add(line)
        return None

    def _fits(self, lines: Sequence[bytes]) -> bool:
        return self.sealed == (len(lines), merkle_head(lines)) and self._first_odd(lines) is None

    # ---- every line follows: what of the end, and of the seal

    def _of_the_end(self) -> str | None:
        count, head = len(self.lines), merkle_head(self.lines)
        if self.seal is None:
            return f"{self._seal_file}: the file is missing" if count else self._of_the_tail()
        if self.sealed == (count, head):
            return self._of_the_tail()
        if self.sealed is None or _equal_digits(self.sealed[1], head) >= ALIKE:
            told = f"the {count} lines of {self._file} follow from each other, and it says otherwise"
            return f"{self._seal_file}: the file was changed: {told}"
        size, sealed = self.sealed
        if size < count and merkle_head(self.lines[:size]) == sealed:
            return f"{self._file}:{size + 1}: events stand behind those that {self._seal_file} was made of ({size})"
        if size > count:
            return self._of_what_is_cut(size, sealed)
        return f"{self._file}:{size}: the line was changed since {self._seal_file} was made, or all lines were written anew"

    def _of_the_tail(self) -> str | None:
        return f"{self._file}: the last line does not end" if self.tail else None

    def _of_what_is_cut(self, size: int, sealed: str) -> str:
        whole = [*self.lines, self.tail[:-1]]
        if len(whole) == size and merkle_head(whole) == sealed:
            return f"{self._file}:{size}: the line end behind it was changed"
        gone = size - len(self.lines)
        return f"{self._file}: the end was cut off: the last {gone} of {size} events {'is' if gone == 1 else 'are'} missing"

    # ---- a line does not follow: why

    def _causes(self, odd: int) -> Iterator[str]:
        """What it may have been, the likeliest first: only what undoing proves comes before what is left over."""
        yield from self._line_ends(odd)
        yield from self._inserted(odd)
        yield from self._missing()
        yield from self._reordered()
        yield self._changed(odd)

    def _line_ends(self, odd: int) -> Iterator[str]:
        line, before, after = self.lines[odd - 1], self.lines[: odd - 1], self.lines[odd:]
        if self.events[odd - 1] is not None:
            return
        first = _first_event(line)
        if first and self._fits([*before, first, line[len(first) + 1 :], *after]):
            yield f"{self._file}:{odd}: the line end between the events {odd} and {odd + 1} was changed"
        if not after:
            return
        follows = self._pinned(after[1:])
        head = MerkleTree()
        for one in before:
            head.add(one)
        for byte in range(256):
            joined = line + bytes([byte]) + after[0]
            tree = head.copy()
            tree.add(joined)
            if tree.head() == follows and self._fits([*before, joined, *after[1:]]):
                yield f"{self._file}:{odd}: a byte in the line was changed into a line end"

    def _inserted(self, odd: int) -> Iterator[str]:
        """Lines beyond those sealed; forged ones may follow, so that they show at the line behind them alone."""
        many = len(self.lines) - self.sealed[0] if self.sealed else 0
        if many > 0:
            for start in range(odd, max(0, odd - min(many, FEW) - 1), -1):
                if self._fits([*self.lines[: start - 1], *self.lines[start - 1 + many :]]):
                    named = "the line was" if many == 1 else f"the lines up to {start + many - 1} were"
                    yield f"{self._file}:{start}: {named} inserted"

    def _missing(self) -> Iterator[str]:
        """Numbers that are skipped."""
        numbers = self._numbers
        size = self.sealed[0] if self.sealed else max(numbers, default=0)
        gone = sorted(set(range(1, size + 1)) - set(numbers))
        if gone and numbers == sorted(set(numbers)) and len(gone) == size - len(self.lines) and numbers[-1] <= size:
            at = next(place for place, number in enumerate([*numbers, 0], 1) if number != place)
            yield f"{self._file}:{at}: {_events(gone)} missing"

    def _reordered(self) -> Iterator[str]:
        ordered = sorted(zip(self._numbers, self.lines, strict=True))
        moved = [place for place, number in enumerate(self._numbers, 1) if number != place]
        if moved and self._fits([line for _, line in ordered]):
            held = ", ".join(str(self._numbers[place - 1]) for place in moved)
            listed = ", ".join(map(str, moved))
            yield f"{self._file}:{moved[0]}: the lines {listed} were reordered: they hold the events {held}"

    @cached_property
    def _numbers(self) -> list[int]:
        """The number that each line gives itself; 0 where it gives none."""
        numbers = [event.get("seq") if event else None for event in self.events]
        return [number if type(number) is int else 0 for number in numbers]

    def _changed(self, odd: int) -> str:
        """The odd line itself, or the one before it, on which it says that it does not stand."""
        event = self.events[odd - 1]
        if event is None:
            return f"{self._file}:{odd}: the line was changed: it is no event"
        head = merkle_head(self.lines[: odd - 1])
        said = event.get("before")
        if not isinstance(said, str) or not HEX.fullmatch(said):
            return f"{self._file}:{odd}: the line was changed: it names no head of the lines before it"
        if said == head or event.get("seq") != odd:
            return f"{self._file}:{odd}: the line was changed or put there: it is not event number {odd}"
        line = self.lines[odd - 1].replace(said.encode(), head.encode())
        if odd == 1 or merkle_head([*self.lines[: odd - 1], line]) == self._pinned(self.lines[odd:]):
            return f"{self._file}:{odd}: the line was changed: the head that it names is not that of the lines before it"
        return f"{self._file}:{odd - 1}: the line was changed: it is not the one that event {odd} followed"

    def _pinned(self, after: Sequence[bytes]) -> str | None:
        """The head before the first of these lines, as it says itself; of no line, as the seal says."""
        if not after:
            return self.sealed[1] if self.sealed else None
        event = event_of(after[0])
        return event.get("before") if event else None


def _first_event(line: bytes) -> bytes | None:
    """The event at the beginning of two that run together; the byte between them may be anything."""
    text = line.decode("utf-8", "surrogateescape")
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return text[:end].encode("utf-8", "surrogateescape")


def _equal_digits(one: str, other: str) -> int:
    return sum(a == b for a, b in zip(one, other, strict=True))


def _events(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"event {numbers[0]} is"
    if numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"the events {numbers[0]} to {numbers[-1]} are"
    return f"the events {', '.join(map(str, numbers))} are"
