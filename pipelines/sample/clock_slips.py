"""What clerks get wrong in rows of clock events, after the dictionary's section 12: one wrong thing a row.

An interval turned round or put under another year's number is set aside by a check, and comes right in a later file
under the same key. What happens to other rows does not belong here.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.clock_events import ClockEvents
from pipelines.sample.clock_kinds import DEDUCTION
from pipelines.sample.periods import LASTS
from pipelines.sample.slips import Row, Rows, Slip, anywhere, changed, no_day, repeated, shifted
from pipelines.sample.workdays import Days

_YEAR = 365
_LONG_AGO = 21  # days between registration and a start that an end before it still follows
_MISTYPED = {"事项": ("扣除审现", "延长审线", "程序转変"), "原因": ("公吿", "签定", "管辖意议", "院长批淮")}


@dataclass(frozen=True)
class ClockRows:
    """Rows of clock files: the event's row, the file's place, the event itself, and when its case was registered."""

    row: NDArray[Any]
    place: NDArray[Any]
    events: ClockEvents
    registered: Days

    @property
    def ended(self) -> NDArray[np.bool_]:
        """Which are deductions that stand in their file with their end."""
        return np.asarray((self.events.kind == DEDUCTION) & (self.events.end <= LASTS[self.place]))


def _backwards(row: Row, luck: Random) -> Rows:
    return changed(row, {"截止日期": shifted(row["起始日期"], -luck.randint(1, _LONG_AGO - 2))})


def _last_year(row: Row, luck: Random) -> Rows:
    """Both days under the number of the year before."""
    return changed(row, {name: shifted(row[name], -_YEAR) for name in ("起始日期", "截止日期")})


def _unknown_word(row: Row, luck: Random) -> Rows:
    column = luck.choice(list(_MISTYPED))
    return changed(row, {column: luck.choice(_MISTYPED[column])})


CLOCK_SLIPS = (
    # The rare come first, while their few rows are free.
    Slip("interval_backwards", 6, lambda s: s.ended & (s.events.start >= s.registered + _LONG_AGO), _backwards),
    Slip("interval_outside", 5, lambda s: s.ended & (s.events.end < s.registered + _YEAR), _last_year),
    Slip("key_missing", 3, anywhere, lambda row, luck: changed(row, {"事项编号": ""})),
    Slip("date_untypable", 5, anywhere, lambda row, luck: changed(row, {"起始日期": no_day(row["起始日期"], luck)})),
    Slip("word_unknown", 4, anywhere, _unknown_word),
    Slip("duplicate_adjacent", 8, anywhere, repeated, comes_again=False),
    Slip("duplicate_apart", 6, anywhere, repeated, comes_again=False, is_apart=True),
)  # fmt: skip
