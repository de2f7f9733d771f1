"""Which rows of the made-up court's files are spoilt, in which later file each comes right, and what is no case at all.

A spoilt case or application is spoilt once, never in the last file, and its true row is sent again one to three files
later: so at the end the last row of everything is true. What a slip does to a row belongs to the modules of
slips. All of it is drawn apart from the docket: the truth is the same with dirt and without.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.sample.docket import FILED
from pipelines.sample.periods import JSON_LINES, PERIODS, WORKBOOK
from pipelines.sample.slips import Rows, Slip

Edits = dict[int, Rows]
"""What stands in a file instead of the row at a position: one row or several, some with too few or too many fields."""

_SMALLEST = 5000  # a smaller docket is clean
_NEVER = -1
_NEXT_FILE = 0.55  # so many true rows come with the next file, the others with one of the two after it
_TRIES = 25  # rows looked at for each one to be spoilt: enough for the rarest kind
_FEWEST_TRIES = 20_000
_MOST = 0.003  # of a file's rows are spoilt, or a few where it is short: even alone, no file is beyond belief
_FEW = 4
_NO_CASE = {
    ("cases", "2013-12-31"): ("total",),
    ("cases", "2014-12-31"): ("header",),
    ("cases", "2015-12-31"): ("blank", "blank at end"),
    WORKBOOK: ("sums",),
    ("cases", "2016-04-30"): ("blank",),
    ("cases", "2016-08-31"): ("blank at end", "total"),
    ("registrations", "2014-12-31"): ("total",),
    ("registrations", "2015-12-31"): ("blank",),
    ("registrations", "2016-03-31"): ("total",),
    ("registrations", "2016-09-30"): ("blank", "blank at end"),
}


def is_dirty(cases: int) -> bool:
    """Whether a docket of this size is large enough for dirt, titles, totals and other forms than CSV."""
    return cases >= _SMALLEST


def scaled(count: int, cases: int) -> int:
    """How many in a docket of so many cases, if there are `count` in one of 54,456."""
    return round(count * cases / FILED) if is_dirty(cases) else 0


def fields_at(frame: pl.DataFrame, positions: Sequence[int]) -> dict[int, list[str]]:
    """The rows at these positions as texts, as a file of separated values tells them."""
    text = frame[list(positions)].write_csv(include_header=False, float_precision=2)
    return {position: line.split(",") for position, line in zip(positions, text.splitlines(), strict=True)}


def _no_case(form: str, frame: pl.DataFrame) -> tuple[int, list[str]]:
    """A row that is no case, and the position of the row after which it stands."""
    end, names = len(frame) - 1, frame.columns
    if form == "header":
        return end // 2, names
    if form == "sums":
        sums = [f"{frame[name].sum():.2f}" if frame[name].dtype == pl.Float64 else "" for name in names]
        return end, ["合计", *sums[1:]]
    if form == "total":
        return end, ["合计", *[""] * (len(names) - 1)]
    return end // 2 if form == "blank" else end, [""] * len(names)


@dataclass(frozen=True)
class Plan:
    """What is spoilt in one source. Columns of equal length, one row per spoilt row: which slip (a place in `slips`), row
    of the docket, file, file in which the true row comes again (both places in PERIODS), and luck."""

    source: str
    slips: Sequence[Slip]
    is_dirty: bool
    slip: NDArray[Any]
    row: NDArray[Any]
    place: NDArray[Any]
    again: NDArray[Any]
    luck: NDArray[Any]

    def sent_again(self, place: int) -> NDArray[Any]:
        """The rows of the docket whose true state this file has to tell."""
        return np.asarray(self.row[self.again == place])

    def _positions(self, mine: NDArray[Any], rows: NDArray[Any]) -> tuple[list[int], list[int]]:
        """Where the spoilt rows stand in the file, and for each a position far from it."""
        is_mine = np.zeros(rows.max(initial=0) + 1, dtype=np.bool_)
        is_mine[self.row[mine]] = True
        at = {int(rows[position]): int(position) for position in np.flatnonzero(is_mine[rows])}
        home = [at[int(row)] for row in self.row[mine]]
        steps = len(rows) // 4 + self.luck[mine] % max(len(rows) // 2, 1)
        return home, [(position + int(step)) % len(rows) for position, step in zip(home, steps, strict=True)]

    def edits(self, place: int, rows: NDArray[Any], frame: pl.DataFrame) -> Edits:
        """What the file tells instead of true rows; `rows` are the places in the docket of the frame's rows."""
        mine = np.flatnonzero(self.place == place)
        home, far = self._positions(mine, rows)
        forms = _NO_CASE.get((self.source, PERIODS[place].last), ()) if self.is_dirty else ()
        no_cases = [_no_case(form, frame) for form in forms]
        if not home and not no_cases:
            return {}
        texts = fields_at(frame, sorted({*home, *far, *(position for position, _ in no_cases)}))
        edits, elsewhere = {}, []
        for one, position, other in zip(mine, home, far, strict=True):
            slip, luck = self.slips[self.slip[one]], Random(int(self.luck[one]))
            edits[position] = slip.spoil(dict(zip(frame.columns, texts[position], strict=True)), luck)
            if slip.is_apart:
                elsewhere.append((other, edits[position].pop()))
        for position, row in (*elsewhere, *no_cases):
            edits.setdefault(position, [texts[position]]).append(row)
        return edits


def _when_again(rng: np.random.Generator, place: NDArray[Any]) -> NDArray[Any]:
    """The file in which each true row comes again: one to three later, at the latest the last."""
    delay = np.where(rng.random(len(place)) < _NEXT_FILE, 1, rng.integers(2, 4, len(place)))
    return np.asarray(np.minimum(place + delay, len(PERIODS) - 1))


def _spread(place: NDArray[Any], able: NDArray[Any], count: int, room: NDArray[Any]) -> NDArray[Any]:
    """The first `count` of the able rows that find room in their files, which it takes up."""
    able = able[: 8 * count]
    order = np.argsort(place[able], kind="stable")
    files = place[able][order]
    fits = np.arange(len(files)) - np.searchsorted(files, files) < room[files]
    hit = able[np.sort(order[fits])[:count]]
    room -= np.bincount(place[hit], minlength=len(room))
    return np.asarray(hit)


def plan(
    rng: np.random.Generator,
    source: str,
    slips: Sequence[Slip],
    told: tuple[NDArray[Any], NDArray[Any]],
    look_up: Callable[[NDArray[Any], NDArray[Any]], Any],
    cases: int,
) -> Plan:
    """Who suffers which slip in a docket of so many cases, each case or application one at most.

    `told` names what may be spoilt, as rows of the docket and the files that tell them, none of the last file;
    `look_up` gives what slips ask of such rows.
    """
    counts = [scaled(slip.rows, cases) for slip in slips]
    tries = min(max(_FEWEST_TRIES, _TRIES * sum(counts)), len(told[0])) if sum(counts) else 0
    chosen = rng.choice(len(told[0]), tries, replace=False)
    row, place = (column[chosen].astype(np.int64) for column in told)
    shown = look_up(row, place)
    separated = ~np.isin(place, [at for at, period in enumerate(PERIODS) if (source, period.last) in (WORKBOOK, JSON_LINES)])
    room = np.maximum(_MOST * np.bincount(told[1], minlength=len(PERIODS)), _FEW).astype(np.int64)
    free, parts = np.ones(told[0].max(initial=0) + 1, dtype=np.bool_), []
    for slip, count in zip(slips, counts, strict=True):
        able = np.flatnonzero(free[row] & slip.able(shown) & (separated | (not slip.is_torn)))
        parts.append(_spread(place, able, count, room) if slip.comes_again else able[:count])
        free[row[parts[-1]]] = False
    hit = np.concatenate(parts)
    slip_of = np.repeat(np.arange(len(slips)), [len(part) for part in parts])
    comes_again = np.array([slip.comes_again for slip in slips])[slip_of]
    again = np.where(comes_again, _when_again(rng, place[hit]), _NEVER)
    luck = rng.integers(0, 2**53, len(hit))
    return Plan(source, slips, is_dirty(cases), slip_of, row[hit], place[hit], again, luck)
