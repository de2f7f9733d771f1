"""The tree over the lines of a delivered file (RFC 9162, section 2.1): one line can be shown to stand in it, and no other.

A line is what stands between line feeds, byte for byte and without them; so a file of n line feeds has n + 1 lines, the last
of them empty where the file ends with one. Line k is the leaf k - 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from warehouse.intake.merkle import MerkleTree, leaf_hash

BATCH = 1 << 12
NO_TEXT = b"\0"
"""Stands in workbooks, archives and UTF-16, whose bytes have no lines to show."""


class LinesOf(TypedDict):
    """How many lines a file has, and the root of the tree over them in hex, as its event on the ledger carries them."""

    count: int
    root: str


class LineTree:
    """Grows over a file as its bytes pass by."""

    def __init__(self) -> None:
        """Before the first byte."""
        self._tree, self._begun, self._waiting = MerkleTree(), b"", list[bytes]()
        self._is_text = True

    def feed(self, chunk: bytes) -> None:
        """The next bytes."""
        if not self._is_text or NO_TEXT in chunk:
            self._is_text = False
            return
        whole, found, rest = chunk.rpartition(b"\n")
        if not found:
            self._begun += chunk
            return
        self._waiting += (self._begun + whole).split(b"\n")
        self._begun = rest
        while len(self._waiting) >= BATCH:
            self._tree.add_complete([leaf_hash(line) for line in self._waiting[:BATCH]])
            del self._waiting[:BATCH]

    def told(self) -> LinesOf | None:
        """Of all that was fed; None where it is no text."""
        if not self._is_text:
            return None
        tree = self._tree.copy()
        for line in (*self._waiting, self._begun):
            tree.add(line)
        return {"count": tree.size, "root": tree.head()}


def lines_of(blocks: Iterable[bytes]) -> LinesOf | None:
    """The same of bytes at hand."""
    tree = LineTree()
    for block in blocks:
        tree.feed(block)
    return tree.told()
