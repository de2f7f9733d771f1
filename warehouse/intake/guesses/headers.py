"""Which of our columns a header means: looked up in `header_words.csv`, words of courts in several languages.

Belongs here: the lookup. Does not belong here: the words themselves (data), and whether values fit the column (`infer`).
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import warehouse.catalogue
from warehouse.catalogue.lists import read_rows

WORDS = Path(warehouse.catalogue.__path__[0]) / "header_words.csv"
NEAR = 0.85
"""From here on two words are taken to be nearly the same (ratio of difflib)."""
PERSON = "person"
"""The part of the words that name persons, not columns of ours."""


def squeezed(text: str) -> str:
    """A header as it is compared: without case, white space and signs; full-width letters as the usual ones."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in read_rows(WORDS):
        found.setdefault(row["feeds"], {}).setdefault(squeezed(row["word"]), row["column"])
    return found


def tables() -> tuple[str, ...]:
    """The tables whose columns the words know."""
    return tuple(name for name in _words() if name != PERSON)


def meaning(header: str, feeds: str) -> str | None:
    """The column of a table that a header names, exactly but for case, blanks and signs."""
    return _words()[feeds].get(squeezed(header))


def near_meaning(header: str, feeds: str) -> tuple[str, str] | None:
    """The column whose word is nearly the header, and that word; None where none is near."""
    known = _words()[feeds]
    near = difflib.get_close_matches(squeezed(header), known, n=1, cutoff=NEAR) if squeezed(header) else []
    return (known[near[0]], near[0]) if near else None


def names_a_person(header: str) -> bool:
    """Whether a header names persons or their numbers: the whole of it, or a part of two Chinese characters or more."""
    word, known = squeezed(header), _words()[PERSON]
    return word in known or any(len(one) > 1 and not one.isascii() and word.endswith(one) for one in known if _is_han(one))


def _is_han(word: str) -> bool:
    return all("\u4e00" <= character <= "\u9fff" for character in word)


@lru_cache(maxsize=1 << 12)
def hits(names: tuple[str, ...]) -> int:
    """How many columns of one table these headers name: the most that any table has."""
    return max(len({found for name in names if (found := meaning(name, feeds))}) for feeds in tables())


def proofs(names: Sequence[str]) -> list[str]:
    """Headers that are known words with letters beyond ASCII: in another encoding they would be other words."""
    known = [*tables(), PERSON]
    return [name for name in names if not name.isascii() and any(squeezed(name) in _words()[part] for part in known)]
