"""Runs of days of spells: unions of intervals, and walks along them, for all spells at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from warehouse.recount.tally import Numbers

SHIFT = 2**32
"""More than any day: spells one after another on one line."""


@dataclass(frozen=True)
class Runs:
    """Unbroken runs of days, in order; those of spell s are `first[start[s]:start[s + 1]]`."""

    of: Numbers
    first: Numbers
    last: Numbers
    start: Numbers

    def counts(self, spells: Numbers) -> Numbers:
        """How many runs each of the spells has."""
        found: Numbers = self.start[spells + 1] - self.start[spells]
        return found


def merged(of: Numbers, first: Numbers, last: Numbers, spells: int) -> Runs:
    """The union of intervals (both days inside) by spell; those that touch are one."""
    order = np.lexsort((last, first, of))
    of, first, last = of[order].astype(np.int64), first[order].astype(np.int64), last[order].astype(np.int64)
    reached = np.maximum.accumulate(of * SHIFT + last) if len(of) else of
    begins = np.ones(len(of), dtype=bool)
    begins[1:] = of[1:] * SHIFT + first[1:] > reached[:-1] + 1
    begins[1:] |= of[1:] != of[:-1]
    at = np.flatnonzero(begins)
    ends = np.maximum.reduceat(last, at) if len(at) else last
    return Runs(of[at], first[at], ends, starts(of[at], spells))


def starts(of: Numbers, spells: int) -> Numbers:
    """Where the rows of each spell begin in a list that is sorted by spell; one place more than there are spells."""
    return np.searchsorted(of, np.arange(spells + 1))


def without(of: Numbers, since: Numbers, until: Numbers, runs: Runs) -> tuple[Numbers, Numbers, Numbers]:
    """What is left of intervals (until: first day after) when the runs of their spells are cut out: row, since, until."""
    pieces: list[tuple[Numbers, Numbers, Numbers]] = []
    cursor, active = since.astype(np.int64).copy(), np.flatnonzero(since < until)
    place = 0
    while len(active):
        has = place < runs.counts(of[active])
        done = active[~has]
        pieces.append((done, cursor[done], until[done]))
        active = active[has]
        at = runs.start[of[active]] + place
        stop = np.minimum(runs.first[at], until[active])
        pieces.append((active, cursor[active], stop))
        cursor[active] = np.maximum(cursor[active], runs.last[at] + 1)
        active = active[cursor[active] < until[active]]
        place += 1
    if not pieces:
        return since[:0].astype(np.int64), since[:0], until[:0]
    row, first, past = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    left = first < past
    return row[left], first[left], past[left]
