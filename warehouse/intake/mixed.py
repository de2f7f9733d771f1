"""Lines in UTF-8 among the lines of a file in GB18030 or Big5: they decode there too, as other characters.

A multi-byte encoding of Chinese leaves few byte sequences unused, so 嵊州 in UTF-8 is read by GB18030 as 宓婂窞 without an
error. What tells: every run of bytes beyond ASCII on the line is made of three-byte characters of UTF-8, at least two of
them Chinese, and each of these is a common character. A line of GB18030 meets this by chance once in some ten million
lines of a single short name, and hardly ever where a line holds more than one run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import numpy as np

from warehouse.intake.refused import Undecodable

CHINESE = frozenset({"gb18030", "big5", "big5hkscs", "cp950"})
"""The encodings in which Chinese text of UTF-8 decodes."""
LEVEL_1 = {
    "gb18030": ("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)),
    "big5": ("big5", range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF))),
}
WHOLE_RUN = re.compile(
    rb"(?:\xe3\x80[\x80-\xbf]|[\xe4-\xe9][\x80-\xbf]{2}|\xef\xbc[\x80-\xbf]|\xef\xbd[\x80-\xbf])+(?![\x80-\xff])"
)
RUN = re.compile(rb"[\x80-\xff]+")


def of_one_encoding(source: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """The blocks of a text as they are.

    Raises:
        Undecodable: it is read by an encoding of Chinese, and a line of it is in UTF-8.
    """
    if encoding not in CHINESE:
        yield from source
        return
    begun: list[bytes] = []
    line, offset = 1, 0
    for block in source:
        cut = block.rfind(b"\n") + 1
        if cut:
            lines = b"".join([*begun, block[:cut]])
            _refuse_mixed(lines, line, offset, encoding)
            begun, line, offset = [], line + lines.count(b"\n"), offset + len(lines)
        begun.append(block[cut:])
        yield block
    _refuse_mixed(b"".join(begun), line, offset, encoding)


def _refuse_mixed(lines: bytes, first: int, offset: int, encoding: str) -> None:
    for at in _beginnings(lines):
        if WHOLE_RUN.match(lines, at):
            start = lines.rfind(b"\n", 0, at) + 1
            end = lines.find(b"\n", at)
            line = lines[start : end if end >= 0 else len(lines)]
            if _is_utf8(line):
                number = first + lines.count(b"\n", 0, start)
                raise Undecodable(encoding, number, offset + at, f"{line.decode().strip()[:40]}, a line in UTF-8")


def _beginnings(lines: bytes) -> list[int]:
    """Where a run beyond ASCII begins with what begins a character of three bytes in UTF-8; few places in other text."""
    raw = np.frombuffer(lines, np.uint8)
    leads = np.flatnonzero((raw - np.uint8(0xE3)) <= 0xEF - 0xE3)
    leads = leads[leads + 2 < len(raw)]
    opens = raw[np.maximum(leads - 1, 0)] < 0x80
    opens[leads == 0] = True
    leads = leads[opens]
    follow = ((raw[leads + 1] & 0xC0) == 0x80) & ((raw[leads + 2] & 0xC0) == 0x80)
    return [int(at) for at in leads[follow]]


def _is_utf8(line: bytes) -> bool:
    runs = RUN.findall(line)
    if not all(WHOLE_RUN.fullmatch(run) for run in runs):
        return False
    chinese = [character for run in runs for character in run.decode("utf-8") if "\u4e00" <= character <= "\u9fff"]
    return len(chinese) >= 2 and all(character in common("gb18030") | common("big5") for character in chinese)


@cache
def common(encoding: str) -> frozenset[str]:
    """The common characters of a Chinese encoding: the 3,755 of level 1 of GB/T 2312, the 5,401 of level 1 of Big5."""
    codec, leads, trails = LEVEL_1[encoding]
    found = (bytes((lead, trail)).decode(codec, "ignore") for lead in leads for trail in trails)
    return frozenset(found) - {""}
