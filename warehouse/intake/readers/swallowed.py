"""Rows that a quote has swallowed: it opens in one row and closes in a later one, so that the fields add up again.

Such bytes are also those of a sound file with a text of several lines. What tells: each line within the text has the fields
of a row, and they look like those of the row that it stands in: dates where it has dates, a number of the court where it
has one. A text that has this is set aside to be looked at, never read as a text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

SAME = 3
"""Least number of marks in which the lines must be like the row: `2016-03-07` has five, `K17` has two, `17` one."""
_RUNS = re.compile(r"(?P<n>\d+)|(?P<a>[^\W\d_]+)|(?P<o>[\W_])")


def shape(value: str) -> str:
    """What a value looks like: runs of digits as 9, runs of letters as a, all else as it is; "" where it has no digit."""
    found = _RUNS.sub(lambda run: "9" if run["n"] else "a" if run["a"] else run.group(), value.strip())
    return found if "9" in found else ""


def swallowed(fields: Sequence[str], separator: str) -> int:
    """How many rows of their own one of the fields seems to hold; 0 for a text that only has line breaks.

    The first line of such a field is the rest of the row that begins there, the last one the beginning of another row.
    """
    at = next((at for at, field in enumerate(fields) if "\n" in field), None)
    if at is None or len(fields) < SAME:
        return 0
    shapes = [shape(field) for field in fields]
    first, *between, last = (line.split(separator) for line in fields[at].split("\n"))
    if len(first) != len(fields) - at or len(last) != at + 1 or any(len(line) != len(fields) for line in between):
        return 0
    alike = _alike(first[1:], shapes[at + 1 :]) + _alike(last[:-1], shapes[:at])
    alike += sum(_alike(line[:at], shapes[:at]) + _alike(line[at + 1 :], shapes[at + 1 :]) for line in between)
    return len(between) + 1 if alike >= SAME else 0


def _alike(cells: Sequence[str], shapes: Sequence[str]) -> int:
    return sum(len(known) for cell, known in zip(cells, shapes, strict=True) if known and shape(cell) == known)
