"""The lives of cases as their clocks see them: from when to when, how long such cases usually last, by how much it was more.

One row per case that can have events. What they meet does not belong here (`clock_turns`, `deductions`).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.sample import kinds
from pipelines.sample.cases import Cases, place_of
from pipelines.sample.choices import Codes
from pipelines.sample.clock_kinds import HABITS, PROCEDURES
from pipelines.sample.numbering import CHARS, Numbers
from pipelines.sample.workdays import LAST, Days, day

_FAR = 10**6  # days: a case whose kind has no usual length is never too long
NO_HABIT = len(HABITS)


@dataclass(frozen=True)
class Lives:
    """Columns of equal length, one row per case."""

    row: NDArray[np.int64]  # of the docket
    kind: NDArray[np.int8]
    procedure: NDArray[np.int8]  # at the end, a place in PROCEDURES; -1 none
    word: Codes
    registered: Days
    until: Days  # the closing, or LAST while it is pending
    is_closed: NDArray[np.bool_]
    is_plain: NDArray[np.bool_]  # numbered 执, as claims are that no civil judgment decided
    habit: NDArray[np.int8]  # a place in HABITS, NO_HABIT for none
    usual: NDArray[np.int32]  # days from registration that such a case usually lasts, with what it met so far
    explained: NDArray[np.int32]  # days that it lasted longer and that something explains

    def __len__(self) -> int:
        """How many cases."""
        return len(self.row)

    @property
    def lasted(self) -> NDArray[np.int32]:
        """Days from registration to the closing, or to the end of the data."""
        return np.asarray(self.until - self.registered)

    @property
    def excess(self) -> NDArray[np.int32]:
        """Days beyond the usual length that nothing explains so far; below 0 for those that are not too long."""
        return np.asarray(self.lasted - self.usual - self.explained)

    def of(self, *names: str) -> NDArray[np.bool_]:
        """Which are of one of these kinds."""
        return np.isin(self.kind, place_of(*names))


def habit_of(cases: Cases, rows: NDArray[Any]) -> NDArray[np.int8]:
    """The habit of each case's kind and procedure on its registration."""
    chosen = np.full(len(rows), NO_HABIT, dtype=np.int8)
    track, registered = cases.track[rows], cases.registered[rows]
    for place, habit in enumerate(HABITS):
        same = [n for n, track in enumerate(kinds.TRACKS) if (track.kind, track.procedure) == (habit.kind, habit.procedure)]
        first, last = day(habit.first or "1970-01-01"), day(habit.last or "2199-12-31")
        chosen[np.isin(track, same) & (registered >= first) & (registered <= last)] = place
    return chosen


def live(cases: Cases, numbers: Numbers, able: NDArray[np.bool_]) -> Lives:
    """The lives of the able cases."""
    row = np.flatnonzero(able)
    habit = habit_of(cases, row)
    procedures = np.array([PROCEDURES.index(track.procedure) if track.procedure else -1 for track in kinds.TRACKS])
    closed = cases.closed[row]
    return Lives(
        row=row,
        kind=cases.kind[row],
        procedure=procedures[cases.track[row]].astype(np.int8),
        word=cases.word[row],
        registered=cases.registered[row],
        until=np.minimum(closed, LAST).astype(np.int32),
        is_closed=closed <= LAST,
        is_plain=numbers.chars[row] == CHARS.index("执"),
        habit=habit,
        usual=np.array([*(habit.days for habit in HABITS), _FAR], dtype=np.int32)[habit],
        explained=np.zeros(len(row), dtype=np.int32),
    )
