"""Which encoding a text is in: those of the contract in their order, or what the file itself proves. Never a guess.

A text may fit several encodings and mean different things in each. What settles it is a header with letters beyond ASCII
that is found as the contract writes it; where nothing settles it, the file is refused.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Sequence

from warehouse.intake.mixed import common
from warehouse.intake.readers.pieces import pieces
from warehouse.intake.readers.rows import Read, Wanted
from warehouse.intake.refused import FileRefused, HeaderRefused, Undecodable
from warehouse.intake.text import BOM, encoding_name, none_fits
from warehouse.intake.unpack import Content

ASIAN = ("gb18030", "big5", "big5hkscs", "cp950", "shift_jis", "euc_jp", "euc_kr", "cp949")
SILENT = ("utf-8", "gb18030", "big5", "cp1250", "cp1252")
"""Tried where a contract names no encoding; but for UTF-8 only a header can prove one."""
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
LOOKED_AT, FEWEST, RARE, COMMON = 4_000, 8, 0.6, 0.9
"""How many Chinese characters are looked at, at least how many, and what share of common ones is strange or usual."""
NAME_IT = "Name the file's one encoding in the contract, or export it as UTF-8"


def read_in(content: Content, encodings: Sequence[str], wanted: Wanted, attempt: Callable[[str], Read]) -> Read:
    """What `attempt` reads by the first encoding that fits; a file that could mean two things is refused.

    Raises:
        FileRefused: no encoding fits, more than one does, or what `attempt` raises.
    """
    failures: list[Undecodable] = []
    refusals: list[HeaderRefused] = []
    names = list(dict.fromkeys(map(encoding_name, encodings or silent(content))))
    for at, encoding in enumerate(names):
        try:
            found = attempt(encoding)
        except Undecodable as failure:
            failures.append(failure)
        except HeaderRefused as refused:
            refusals.append(refused)
        else:
            tried = [failure.encoding for failure in failures]
            _require_one_meaning(content, encoding, [n for n in names[at + 1 :]], tried, wanted, found, bool(encodings))
            return found
    raise refusals[0] if refusals else none_fits(failures)


def silent(content: Content) -> tuple[str, ...]:
    """The encodings to try for a file whose contract names none."""
    return ("utf-16",) if content.head.startswith(UTF16) else SILENT


def _require_one_meaning(
    content: Content, encoding: str, later: Sequence[str], failed: Sequence[str], wanted: Wanted, found: Read, declared: bool
) -> None:
    """Refuse a text that another encoding reads as well, unless a header or a byte order mark settles it."""
    aliased = {name for other, name in wanted.also.items() if other.isascii()}
    proven = [n for n in wanted.columns if n not in found.missing_columns and not n.isascii() and n not in aliased]
    if proven or encoding.startswith("utf-16") or content.head.startswith((BOM, *UTF16)):
        return
    if encoding == "utf-8":
        # UTF-8 is hard to meet by chance, except in a short text of two-byte characters such as GB18030 has.
        others = [other for other in later if other in ASIAN] if declared else list(ASIAN[:2])
        if others and _has_only_short(content):
            _refuse_twins(content, encoding, others)
        return
    if not _has_more_than_ascii(content, encoding):
        return
    if not declared:
        raise FileRefused(
            "its encoding cannot be told", f"It is not UTF-8; it can be read as [{encoding}], but no header proves it",
            NAME_IT,
        )  # fmt: skip
    _refuse_twins(content, encoding, [other for other in ("utf-8", *later) if other not in failed])
    _refuse_strange(content, encoding)


def _refuse_twins(content: Content, encoding: str, others: Sequence[str]) -> None:
    for other in dict.fromkeys(others):
        if other != encoding and _decodes(content, other):
            raise FileRefused(
                f"the text can be read as [{encoding}] and as [{other}]", "Nothing in its header tells which is meant", NAME_IT
            )


def _refuse_strange(content: Content, encoding: str) -> None:
    """Refuse a text of characters that nobody writes, where the other encoding of Chinese gives those that everybody does."""
    other = {"gb18030": "big5", "big5": "gb18030"}.get(encoding)
    if other and _shares_common(content, encoding) < RARE and _shares_common(content, other) > COMMON:
        raise FileRefused(
            f"the text reads as [{encoding}] in rare characters only, and as [{other}] in common ones",
            "Nothing in its header tells which is meant", NAME_IT,
        )  # fmt: skip


def _shares_common(content: Content, encoding: str) -> float:
    """The share of common characters among the first Chinese ones; 0 for a text that does not decode or has too few."""
    known, met, seen = common(encoding), 0, 0
    try:
        for text in _texts(content, encoding):
            chinese = [character for character in text if "\u3400" <= character <= "\uf8ff"]
            met, seen = met + sum(character in known for character in chinese), seen + len(chinese)
            if seen >= LOOKED_AT:
                break
    except Undecodable:
        return 0
    return met / seen if seen >= FEWEST else 0


def _decodes(content: Content, encoding: str) -> bool:
    try:
        return all(True for _ in pieces(content, encoding))
    except Undecodable:
        return False


def _texts(content: Content, encoding: str) -> Iterator[str]:
    return pieces(content, encoding)


def _has_more_than_ascii(content: Content, encoding: str) -> bool:
    return any(not text.isascii() for text in _texts(content, encoding))


def _has_only_short(content: Content) -> bool:
    """Whether there are characters beyond ASCII, and none that takes three bytes in UTF-8."""
    beyond = False
    for text in _texts(content, "utf-8"):
        if not text.isascii():
            beyond = True
            if max(text) >= "\u0800":
                return False
    return beyond
