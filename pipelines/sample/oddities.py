"""What is true and yet odd: a check may warn of it for ever, and nobody will put it right.

Numbers of the old year given to registrations of the first days of January: mediations before filing, which no total
counts. And enforcement that brought in more than three times what was asked for: years of doubled interest.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.sample import kinds
from pipelines.sample.cases import Cases, of_kind
from pipelines.sample.choices import share_out
from pipelines.sample.corrections import Story, Telling
from pipelines.sample.numbering import CHARS, Numbers
from pipelines.sample.workdays import LAST, Days, day, work_day_before

LATE_NUMBERS, PAID_OVER = 12, 24  # in a docket of 54,456 cases
_YEARS = (2012, 2013, 2014)  # the old form ends with 2015
_SMALL_CLAIM = 2_000_000  # fen


def _first_working_days(year: int) -> Days:
    """The working days from 2 to 6 January."""
    days = np.arange(day(f"{year}-01-02"), day(f"{year}-01-07"), dtype=np.int32)
    return np.asarray(days[work_day_before(days) == days])


def _moved(days: Days, rows: NDArray[Any], shift: NDArray[Any]) -> Days:
    """The days with those of some rows moved, closings to days the court works; what has not happened stays."""
    moved = days.copy()
    moved[rows] = np.where(days[rows] <= LAST, work_day_before(days[rows] + shift), days[rows])
    return moved


def number_late(cases: Cases, numbers: Numbers, story: Story, count: int) -> tuple[Cases, Story, NDArray[Any]]:
    """The last `count` mediations of 2012 to 2014 registered in January, each under its number of the year before.

    Being the last of their series they leave no gap and no serial out of order. Returns their rows too.
    """
    parts = []
    for year, wanted in share_out(count, {str(year): 1.0 for year in _YEARS}).items():
        mine = np.flatnonzero((numbers.year == int(year)) & (numbers.chars == CHARS.index("民诉前调")))
        last = mine[np.argsort(numbers.serial[mine])][len(mine) - min(wanted, len(mine)) :]
        days = _first_working_days(int(year) + 1)
        parts.append((last, days[np.arange(len(last)) * len(days) // max(len(last), 1)]))
    rows = np.concatenate([rows for rows, _ in parts])
    shift = np.concatenate([days for _, days in parts]) - cases.registered[rows]

    def told(side: Telling) -> Telling:
        return replace(side, registered=_moved(side.registered, rows, shift), closed=_moved(side.closed, rows, shift))

    true = told(story.true)
    story = Story(true, told(story.before), story.put_right)
    return replace(cases, registered=true.registered, closed=true.closed), story, rows


def pay_over(rng: np.random.Generator, cases: Cases, story: Story, count: int) -> tuple[Cases, NDArray[Any]]:
    """`count` small claims fully enforced that brought in three to five times the amount. Returns their rows too."""
    done = np.isin(cases.word, [place for place, word in enumerate(kinds.WORDS) if word.word == "执行完毕"])
    able = done & (cases.closed <= LAST) & of_kind(cases, kinds.FIRST_ENFORCEMENT) & (story.put_right == 0)
    able &= (cases.applied > 0) & (cases.applied < _SMALL_CLAIM)
    rows = rng.choice(np.flatnonzero(able), count, replace=False)
    realised = cases.realised.copy()
    realised[rows] = np.round(cases.applied[rows] * rng.uniform(3.1, 4.8, count)).astype(np.int64)
    return replace(cases, realised=realised), rows
