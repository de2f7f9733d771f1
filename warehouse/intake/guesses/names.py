"""What the name of one file says of the names of all: a pattern, and whether it holds the day of the extract."""

from __future__ import annotations

import re
from datetime import date

DAY = re.compile(r"(?<!\d)(?:\d{4}-\d{2}-\d{2}|\d{8})(?!\d)")
SAMPLE = re.compile(r"_synthetic-\d+-\d+")
RUNNING = re.compile(r"(?<![0-9A-Za-z])(?:\d{3,}|(?=[0-9a-f]*\d)[0-9a-f]{6,})(?![0-9A-Za-z])")
"""Running numbers and hashes, which differ from file to file."""


def pattern_of(name: str) -> tuple[str, int]:
    """A pattern for file names like this one, and how many days stand in it; a single one is the group `extract_on`."""
    days = [found for found in DAY.finditer(name) if _is_day(found[0])]
    pieces, at = list[str](), 0
    for found in days:
        form = r"\d{4}-\d{2}-\d{2}" if "-" in found[0] else r"\d{8}"
        pieces += [_plain(name[at : found.start()]), f"(?P<extract_on>{form})" if len(days) == 1 else form]
        at = found.end()
    pieces.append(re.sub(r"\\\.(gz|zst)$", r"(?:\\.\1)?", _plain(name[at:])))
    return "".join(pieces), len(days)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).year >= 1900
    except ValueError:
        return False


def _plain(text: str) -> str:
    """A piece of a name as a pattern: its signs as they are, running numbers and hashes as what they look like."""
    parts, at = list[str](), 0
    marks = [(found, r"(?:_synthetic-(?P<sample>\d+-\d+))?") for found in SAMPLE.finditer(text)]
    marks += [(found, r"\d+" if found[0].isdigit() else "[0-9a-f]+") for found in RUNNING.finditer(text)
              if not any(one.start() <= found.start() < one.end() for one, _ in marks)]  # fmt: skip
    for found, form in sorted(marks, key=lambda mark: mark[0].start()):
        parts += [_escaped(text[at : found.start()]), form]
        at = found.end()
    return "".join([*parts, _escaped(text[at:])])


def _escaped(text: str) -> str:
    """As `re.escape`, without a backslash where none is needed: somebody is to read it."""
    return re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", text)
