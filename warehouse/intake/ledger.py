"""The ledger: `landing/ledger.jsonl`, what happened, one event a line, only ever added to.

Each event carries the head of all lines before it (the root of the Merkle tree of RFC 9162 over the lines), and a small
file beside it carries the head of all. So a changed, inserted, deleted or cut-off line shows.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Event = dict[str, Any]


class LedgerBroken(Exception):
    """The ledger does not follow from itself; the message names the line."""


class MerkleTree:
    """The tree of RFC 9162 section 2.1.1 (leaf prefix 0x00, node prefix 0x01), grown leaf by leaf: its head at any size."""

    def __init__(self) -> None:
        self._complete: list[tuple[int, bytes]] = []
        """Complete subtrees from left to right, as (leaves, hash), sizes falling."""

    def add(self, line: bytes) -> None:
        """One more leaf."""
        size, node = 1, hashlib.sha256(b"\x00" + line).digest()
        while self._complete and self._complete[-1][0] == size:
            _, left = self._complete.pop()
            size, node = size * 2, hashlib.sha256(b"\x01" + left + node).digest()
        self._complete.append((size, node))

    def head(self) -> str:
        """The root hash in hex; that of nothing for an empty tree."""
        if not self._complete:
            return hashlib.sha256(b"").hexdigest()
        *rest, (_, node) = self._complete
        for _, left in reversed(rest):
            node = hashlib.sha256(b"\x01" + left + node).digest()
        return node.hex()


def merkle_head(lines: Sequence[bytes]) -> str:
    """The head of a tree over `lines`, in hex."""
    tree = MerkleTree()
    for line in lines:
        tree.add(line)
    return tree.head()


@dataclass(frozen=True)
class Ledger:
    """The ledger of one profile's landing folder. Reading needs no lock; adding is for the holder of the refresh lock."""

    folder: Path

    @property
    def path(self) -> Path:
        """The file of events."""
        return self.folder / "ledger.jsonl"

    @property
    def _seal(self) -> Path:
        return self.folder / "ledger.head"

    def events(self) -> list[Event]:
        """All events in order; a last line torn by a crash is not among them."""
        return [json.loads(line) for line in self._lines()]

    def head(self) -> str:
        """The head of all events."""
        return merkle_head(self._lines())

    def add(self, kind: str, **fields: Any) -> Event:
        """Appends one event and returns it, on disk when this returns.

        Raises:
            LedgerBroken: what stands there does not follow from itself; nothing is added.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.mend()
        if found := self.faults():
            raise LedgerBroken(f"{found[0]}. Nothing is added to it. See `caseload verify`")
        lines = self._lines()
        event: Event = {"seq": len(lines) + 1, "event": kind, **fields, "before": merkle_head(lines)}
        line = json.dumps(event, ensure_ascii=False, sort_keys=False).encode()
        with self.path.open("ab") as file:
            file.write(line + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._write_seal([*lines, line])
        return event

    def mend(self) -> None:
        """After a crash: cuts a half-written last line off and seals a whole one that came after the seal."""
        if self.path.exists():
            self._mend_torn_end()
            lines = self._lines()
            if self._sealed()[0] == len(lines) - 1 and not list(self._faults(lines, len(lines) - 1)):
                self._write_seal(lines)

    def faults(self) -> list[str]:
        """What does not hold, a sentence each, naming file and line; empty where all holds."""
        if not self.path.exists():
            return ["ledger.jsonl: the file is missing"] if self._seal.exists() else []
        content = self.path.read_bytes()
        torn = [] if content.endswith(b"\n") or not content else ["ledger.jsonl: the last line does not end"]
        lines, sealed = self._lines(), self._sealed()[0]
        behind = f"ledger.jsonl:{sealed + 1}: events stand behind those that ledger.head was made of ({sealed})"
        return [*torn, *self._faults(lines, sealed), *([behind] if sealed < len(lines) else [])]

    def _faults(self, lines: list[bytes], sealed: int) -> Iterator[str]:
        tree = MerkleTree()
        for number, line in enumerate(lines, 1):
            before = tree.head()
            tree.add(line)
            try:
                event = json.loads(line)
            except ValueError:
                yield f"ledger.jsonl:{number}: the line is no event"
                continue
            if not isinstance(event, dict) or event.get("seq") != number:
                yield f"ledger.jsonl:{number}: the line is not event number {number}"
            elif event.get("before") != before:
                yield f"ledger.jsonl:{number}: the lines before it are not those that it followed"
        if sealed > len(lines):
            yield f"ledger.jsonl: {len(lines)} events stand there, ledger.head was made of {sealed}: the end was cut off"
        elif self._sealed()[1] != merkle_head(lines[:sealed]):
            yield f"ledger.jsonl: the events up to line {sealed} are not those that ledger.head was made of"

    def _lines(self) -> list[bytes]:
        content = self.path.read_bytes() if self.path.exists() else b""
        return content.split(b"\n")[:-1]

    def _mend_torn_end(self) -> None:
        content = self.path.read_bytes() if self.path.exists() else b""
        if content and not content.endswith(b"\n"):
            with self.path.open("r+b") as file:
                file.truncate(content.rfind(b"\n") + 1)
                os.fsync(file.fileno())

    def _sealed(self) -> tuple[int, str]:
        try:
            size, head = self._seal.read_text("ascii").split()
            return int(size), head
        except (OSError, ValueError):
            return 0, merkle_head([])

    def _write_seal(self, lines: list[bytes]) -> None:
        part = self._seal.with_suffix(".part")
        with part.open("w", encoding="ascii") as file:
            file.write(f"{len(lines)} {merkle_head(lines)}\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._seal)
