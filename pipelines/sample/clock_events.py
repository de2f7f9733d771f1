"""What stops, lengthens or restarts the clocks of the made-up court's cases: columns, one row per event.

The parts (deductions, extensions, changes of procedure, restarts, circumstances) are drawn in `deductions` and
`clock_turns`; here they come together, get their keys, and a few are declared void. No due date is reckoned anywhere.
Days count from 1970-01-01, UNKNOWN means not yet or never.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.sample import clock_turns, deductions
from pipelines.sample.cases import Cases
from pipelines.sample.clock_kinds import DEDUCTION, EXTENSION
from pipelines.sample.clock_parts import UNKNOWN, Part, joined
from pipelines.sample.corrections import later
from pipelines.sample.lives import Lives, live
from pipelines.sample.numbering import Numbers, yearly_serials
from pipelines.sample.periods import NO_PERIOD, PERIODS, period_of
from pipelines.sample.workdays import Days

NEVER_CLOSED = 18  # deductions still open though the case is closed, in a docket of 54,456 cases
_VOID_SHARE = 0.002  # of deductions and extensions


@dataclass(frozen=True)
class ClockEvents:
    """Columns of equal length, one row per event; codes are places in the lists of `clock_kinds`, -1 for none."""

    case: NDArray[np.int64]
    kind: NDArray[np.int8]
    reason: NDArray[np.int8]
    start: Days
    end: Days
    approved: Days
    former: NDArray[np.int8]
    months: NDArray[np.int16]
    days: NDArray[np.int16]
    void_in: NDArray[np.int8]  # place in PERIODS of the file that declares it void, NO_PERIOD if none does
    serial: NDArray[np.int32]  # in the year in which it starts

    def __len__(self) -> int:
        """How many events."""
        return len(self.case)

    def rows(self, which: NDArray[Any]) -> "ClockEvents":
        """The rows that a mask or places name."""
        return ClockEvents(**{field.name: getattr(self, field.name)[which] for field in fields(self)})


def _left_open(rng: np.random.Generator, whole: Part, closed: NDArray[np.bool_], count: int) -> NDArray[Any]:
    """`count` deductions of closed cases, none declared void, whose end was forgotten: their rows."""
    able = (whole["kind"] == DEDUCTION) & (whole["end"] != UNKNOWN) & closed & (whole["void_in"] == NO_PERIOD)
    return np.asarray(rng.choice(np.flatnonzero(able), min(count, int(able.sum())), replace=False))


def _void_in(rng: np.random.Generator, part: Part) -> NDArray[np.int8]:
    """The file that declares an event void, a few of them."""
    seen = period_of(part["start"])
    able = np.isin(part["kind"], (DEDUCTION, EXTENSION)) & (seen < len(PERIODS) - 1)
    void = able & (rng.random(len(seen)) < _VOID_SHARE)
    return np.where(void, later(rng, np.minimum(seen, len(PERIODS) - 2)), NO_PERIOD).astype(np.int8)


def happen(
    rng: np.random.Generator, cases: Cases, numbers: Numbers, able: NDArray[np.bool_], left_open: int
) -> tuple[ClockEvents, NDArray[Any]]:
    """Every event of the able cases, `left_open` of them deductions that nobody ended when the case closed.

    Events lie within the life of their case. Returns the rows of the deductions left open too.
    """
    lives: Lives = live(cases, numbers, able)
    circumstances, lives = clock_turns.circumstances(rng, lives)
    changes, lives = clock_turns.changes(rng, lives)
    restarts, lives = clock_turns.restarts(rng, lives, changes["case"])
    extensions, lives = clock_turns.extensions(rng, lives)
    whole = joined(circumstances, changes, restarts, extensions, deductions.deduct(rng, lives))
    closed = lives.is_closed[whole["case"]]
    whole |= {"case": lives.row[whole["case"]], "void_in": _void_in(rng, whole)}
    forgotten = _left_open(rng, whole, closed, left_open)  # drawn last: the other events are the same without them
    whole["end"][forgotten] = UNKNOWN
    return ClockEvents(**whole, serial=yearly_serials(whole["start"])), forgotten
