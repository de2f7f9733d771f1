"""The ledger: `landing/ledger.jsonl`, what happened, one event a line, only ever added to. Its form serves other logs too.

Each event carries the head of all lines before it (the root of the Merkle tree of RFC 9162 over the lines), and a small
file beside it carries the head of all. So a changed, inserted, deleted or cut-off line shows; `tampering.py` tells which.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from warehouse.intake.merkle import MerkleTree, merkle_head
from warehouse.intake.tampering import Evidence, seal_text

Event = dict[str, Any]
Stamp = tuple[int, int, int, int, bytes | None] | None


class LedgerBroken(Exception):
    """The ledger does not follow from itself; the message names the line."""


@dataclass
class Ledger:
    """The ledger of one profile's landing folder. Reading needs no lock; adding is for the holder of the refresh lock.

    `name` other than "ledger" is another log of the same form beside it, with a lock of its own.
    """

    folder: Path
    name: str = "ledger"
    _grown: tuple[Stamp, MerkleTree] | None = field(default=None, init=False, repr=False, compare=False)
    """The tree as this object left it, and how the files looked then: what was checked once is not hashed for every event.

    Where the files look otherwise, and in every new object, all is checked again before anything is added.
    """

    @property
    def path(self) -> Path:
        """The file of events."""
        return self.folder / f"{self.name}.jsonl"

    @property
    def _seal(self) -> Path:
        return self.folder / f"{self.name}.head"

    def read(self) -> Evidence:
        """The bytes as they stand: first those of the seal, so that beside a refresh at work it is never the newer one."""
        seal = _bytes(self._seal)
        return Evidence(_bytes(self.path), seal, self.name)

    def events(self) -> list[Event]:
        """All events in order; a last line torn by a crash is not among them."""
        return [json.loads(line) for line in self.read().lines]

    def head(self) -> str:
        """The head of all events."""
        return merkle_head(self.read().lines)

    def faults(self) -> list[str]:
        """What does not hold, in one sentence that names file and line; empty where all holds."""
        fault = self.read().fault()
        return [fault] if fault else []

    def add(self, kind: str, **fields: Any) -> Event:
        """Appends one event and returns it, on disk when this returns.

        Raises:
            LedgerBroken: what stands there does not follow from itself; nothing is added.
        """
        tree = self._checked()
        event: Event = {"seq": tree.size + 1, "event": kind, **fields, "before": tree.head()}
        line = json.dumps(event, ensure_ascii=False, sort_keys=False).encode()
        self._grown = None
        with self.path.open("ab") as file:
            file.write(line + b"\n")
            file.flush()
            # A time of our own, finer than the system's: whoever writes later, even at once, leaves another.
            os.utime(file.fileno(), ns=(time.time_ns(), time.time_ns()))
            os.fsync(file.fileno())
        tree.add(line)
        self._write_seal(tree.size, tree.head())
        self._grown = (self._stamp(), tree)
        return event

    def mend(self) -> None:
        """After a crash: cuts a half-written last line off and seals a whole one that came after the seal."""
        found = self.read()
        size = found.sealed[0] if found.sealed else None
        if found.tail and size is not None and size <= len(found.lines):  # what the seal speaks of was whole once
            with self.path.open("r+b") as file:
                file.truncate(len(found.content) - len(found.tail))
                os.fsync(file.fileno())
            found = self.read()
        if size == len(found.lines) - 1 and found.follows_up_to_seal:
            self._write_seal(len(found.lines), merkle_head(found.lines))

    def _checked(self) -> MerkleTree:
        """The tree of all that stands there: the one at hand, where nobody touched the files since, or made and checked."""
        if self._grown is not None and self._grown[0] == self._stamp():
            return self._grown[1]
        self.folder.mkdir(parents=True, exist_ok=True)
        self.mend()
        found = self.read()
        if fault := found.fault():
            raise LedgerBroken(f"{fault}. Nothing is added to it. See `caseload verify`")
        tree = MerkleTree()
        for line in found.lines:
            tree.add(line)
        return tree

    def _stamp(self) -> Stamp:
        """How the files look from outside: identity, size and times of the ledger, the words of the seal."""
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            return None
        return stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, _bytes(self._seal)

    def _write_seal(self, size: int, head: str) -> None:
        part = self._seal.with_suffix(".part")
        with part.open("w", encoding="ascii") as file:
            file.write(seal_text(size, head))
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._seal)


def _bytes(path: Path) -> bytes | None:
    """What a file holds; None where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
