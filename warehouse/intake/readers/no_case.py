"""Rows of a table that are no case: totals, headers repeated at a page break, rows of separators alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

TOTAL = re.compile(
    r"(?:本页|本表|全部)?(?:合计|总计|小计|共计|累计|总和)(?:数|件数)?(?:[:：(（\d].*)?"
    r"|共[\d,]+[件条行例]"
    r"|(?:grand|sub)?-?(?:totals?|sum|summe|gesamt|totaux|suma|totale?)(?:[:(\d].*)?",
    re.IGNORECASE,
)
"""The first filled cell of a total row, blanks taken out."""
TOTAL_BEGINS = r"(?i)^\s*(?:本\s*[页表]|全\s*部|[合总小共累]|-?grand|sub|tot|sum|gesamt)"
"""How the key cell of a total row may begin: looked at first, since whole files must be looked through."""


class NoCase:
    """Tells why a row is no case. A row whose key cell holds anything but such a word is always taken for one."""

    def __init__(self, key: str | None, words: Sequence[str], names: Sequence[str]) -> None:
        """`key` is the header of the key column (None: every row is a case), `words` the contract's own."""
        self.at = names.index(key) if key in names else None
        self.words = [_squeezed(word) for word in words]
        self.names = [_squeezed(name) for name in names]
        begins = "|".join(r"\s*".join(re.escape(c) for c in word) for word in self.words)
        self.begins = TOTAL_BEGINS + (rf"|^\s*(?:{begins})" if begins else "")
        self._begins = re.compile(self.begins.replace("(?i)", ""), re.IGNORECASE)

    def is_suspect(self, key: str | None) -> bool:
        """Whether the row of this key cell must be looked at whole."""
        return not key or not key.strip() or bool(self._begins.match(key)) or _squeezed(key) == self.names[self.at or 0]

    def why(self, cells: Sequence[str | None]) -> str:
        """Why this row is no case; nothing where it may be one."""
        if self.at is None:
            return ""
        key = (cells[self.at] if self.at < len(cells) else "") or ""
        if not self.is_suspect(key):
            return ""
        squeezed = [_squeezed(cell or "") for cell in cells]
        first = next((cell for cell in squeezed if cell), "")
        if not first:
            return "a blank row"
        if squeezed[: len(self.names)] == self.names or (len(self.names) > 1 and squeezed == self.names[: len(squeezed)]):
            return "the header again"
        if key.strip() and _squeezed(key) != first:
            return ""
        if TOTAL.fullmatch(first):
            return "a total"
        return "a note" if any(first.startswith(word) for word in self.words) else ""


def _squeezed(text: str) -> str:
    return "".join(text.split())
