"""In which encodings the whole of a text can be read, and how much like text it looks in each.

Belongs here: readings of bytes. Does not belong here: which of them is meant; a known header proves it (`layout`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from warehouse.intake.readers.delimited import ending_of
from warehouse.intake.readers.encodings import SILENT, UTF16
from warehouse.intake.refused import Undecodable
from warehouse.intake.text import BOM, INNER, Chunk, chunks, none_fits
from warehouse.intake.unpack import Content

HEAD_LINES = 10_100
TAIL_LINES = 20
SIGNS = "（）：，。、〔〕《》“”„’‘–—…·€§°№\u00a0\u3000"
"""Beyond letters, what texts of courts are full of."""


@dataclass(frozen=True)
class Reading:
    """A text by one encoding: its first lines, its last ones where these do not hold them, how many lines there are."""

    encoding: str
    head: str
    tail: str
    lines: int
    is_ascii: bool
    record: str = "\n"


def readings(content: Content) -> list[Reading]:
    """The text by every encoding that fits the whole of it, the likeliest first.

    Raises:
        FileRefused: none does, or the file is no text.
    """
    found: list[Reading] = []
    failures: list[Undecodable] = []
    for encoding in _candidates(content.head):
        try:
            found.append(_reading(content, encoding))
        except Undecodable as failure:
            failures.append(failure)
            continue
        if found[-1].is_ascii or content.head.startswith(BOM) or _is_surely_utf8(found[-1]):
            return found[-1:]
    if not found:
        raise none_fits(failures)
    return sorted(found, key=lambda reading: -plausibility(reading))


def _candidates(head: bytes) -> Sequence[str]:
    """What to try: UTF-16 with its mark, or without it where every second byte of a Latin text is zero."""
    if head.startswith(UTF16):
        return ("utf-16",)
    odd, even = head[1::2].count(0), head[::2].count(0)
    if odd + even and max(odd, even) > len(head) // 8:
        return ("utf-16-le",) if odd > even else ("utf-16-be",)
    return SILENT


def _reading(content: Content, encoding: str) -> Reading:
    record = ending_of(content, encoding)
    head: list[str] = []
    tail: list[str] = []
    lines, is_ascii = 0, True
    for chunk in chunks(content, encoding, record):
        lines += len(chunk.ends)
        is_ascii = is_ascii and chunk.data.isascii()
        if len(head) < HEAD_LINES:
            head += list(_lines(chunk, 0, HEAD_LINES - len(head)))
        tail = [*tail, *_lines(chunk, max(0, len(chunk.ends) - TAIL_LINES), TAIL_LINES)][-TAIL_LINES:]
    rest = tail[-min(TAIL_LINES, lines - len(head)) :] if lines > len(head) else []
    return Reading(encoding, "".join(head), "".join(rest), lines, is_ascii, record)


def _lines(chunk: Chunk, first: int, most: int) -> Iterator[str]:
    starts = [0, *chunk.ends.tolist()]
    for at in range(first, min(first + most, len(chunk.ends))):
        yield chunk.data[starts[at] : starts[at + 1]].decode().replace(INNER, "\n")


def _is_surely_utf8(reading: Reading) -> bool:
    """Characters of three bytes are hard to meet by chance."""
    return reading.encoding == "utf-8" and max(reading.head + reading.tail, default="") >= "\u0800"


def plausibility(reading: Reading) -> float:
    """From 0 to 1: how many of the characters beyond ASCII stand where text has them."""
    text = (reading.head + reading.tail)[:200_000]
    odd = [at for at, character in enumerate(text) if not character.isascii()]
    if not odd:
        return 1.0
    return sum(_weight(text, at, reading.encoding) for at in odd) / len(odd)


def _weight(text: str, at: int, encoding: str) -> float:
    """A letter belongs into a word of its own script; a Chinese character is likely where it is a usual one."""
    character, around = text[at], text[max(0, at - 1) : at] + text[at + 1 : at + 2]
    if character in SIGNS or "\uff01" <= character <= "\uff5e":
        return 1.0
    if "\u4e00" <= character <= "\u9fff":
        if any(near.isascii() and near.isalpha() and near.islower() for near in around):
            return 0.0
        return 1.0 if _is_usual(character, encoding) else 0.2
    if not character.isalpha() or character >= "\u0370":
        return 0.0
    return 1.0 if any(near.isascii() and near.isalpha() for near in around) else 0.3


def _is_usual(character: str, encoding: str) -> bool:
    """Whether a Chinese character is of the first level of its character set, or of either where the text is UTF-8."""
    for name, first, last in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):
        if encoding in (name, "utf-8", "utf-16") or (name, encoding) == ("gb2312", "gb18030"):
            try:
                if first <= character.encode(name)[0] <= last:
                    return True
            except UnicodeEncodeError:
                continue
    return False
