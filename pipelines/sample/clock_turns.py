"""What turns a case's clock: circumstances, changes of procedure, restarts, and extensions granted in time or too late.

Each takes the lives of cases and returns its events, and the lives with what the events explain of their length.
Deductions do not belong here.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.sample import kinds
from pipelines.sample.clock_kinds import (
    CHANGE,
    CIRCUMSTANCE,
    EXTENSION,
    FAST_TRACK,
    HABITS,
    ORDINARY,
    REASON,
    RESTART,
    SIMPLIFIED,
    SMALL_CLAIMS,
    Habit,
)
from pipelines.sample.clock_parts import Part, joined, part
from pipelines.sample.lives import Lives
from pipelines.sample.workdays import day

_NEW_CRIMINAL_LAW = day("2013-01-01")
_REFUSED = [place for place, word in enumerate(kinds.WORDS) if word.word == "不准予执行"]
_NO_HABIT = Habit("", None, 0, 0.0, 0.0)
_ALL_HABITS = (*HABITS, _NO_HABIT)
_TOO_LATE = 0.008  # of what lasts too long and can be lengthened is lengthened too late
_MARGIN = 15  # days that a lapse is plain even with a long holiday
_NO_LIMIT = 10**6
_LENGTHS = {
    "可能判处三年以上": 45,
    "明显违法": 30,
    "非诉行政行为": 91,
    "涉外": _NO_LIMIT,
    "涉港澳台": _NO_LIMIT,
}  # what a case usually lasts under the circumstance, where that differs


def _likely(lives: Lives) -> dict[str, NDArray[Any]]:
    """How likely each circumstance is for each case."""
    criminal, long = lives.of("criminal_first"), lives.excess > 0
    short_private = lives.of("private_prosecution") & (lives.lasted < 80)
    grave = criminal & (lives.procedure == SIMPLIFIED) & (lives.registered >= _NEW_CRIMINAL_LAW)
    review = lives.of("administrative_review")
    plain = lives.of(kinds.FIRST_ENFORCEMENT) & lives.is_plain
    ordinary = lives.of("civil_first") & (lives.procedure == ORDINARY)
    return {
        "被告人在押": np.where(criminal, 0.76, np.where(short_private, 0.06, 0.0)),
        "可能判处三年以上": grave * np.where(long, 0.62, 0.14),
        "明显违法": review * np.where(np.isin(lives.word, _REFUSED) & lives.is_closed, 0.75, 0.04),
        "非诉行政行为": plain * np.where(lives.lasted < 88, 0.12, 0.03),
        "涉外": ordinary * np.where(long, 0.010, 0.003),
        "涉港澳台": ordinary * np.where(long, 0.008, 0.002),
    }


def circumstances(rng: np.random.Generator, lives: Lives) -> tuple[Part, Lives]:
    """Circumstances on which the limit depends, known on registration or a few days later."""
    parts, usual = [], lives.usual.copy()
    for word, likely in _likely(lives).items():
        rows = np.flatnonzero(rng.random(len(lives)) < likely)
        delay = rng.integers(0, 4, len(rows)) * (word != "被告人在押")
        parts.append(part(rows, CIRCUMSTANCE, REASON[word], np.minimum(lives.registered[rows] + delay, lives.until[rows])))
        usual[rows] = _LENGTHS.get(word, usual[rows])
    return joined(*parts), replace(lives, usual=usual)


def _converted(
    rng: np.random.Generator, lives: Lives, able: NDArray[Any], share: float, former: int, span: tuple[int, int], late: float
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Cases that began in the `former` procedure, and the days from registration to the change.

    The change falls into `span`; of those that last long enough a share `late` changes only after it.
    """
    able = able & (lives.lasted > span[0] + 2)
    rows = np.flatnonzero(able & (rng.random(len(lives)) < share))
    latest = np.minimum(span[1], lives.lasted[rows] - 1)
    after = span[0] + (rng.random(len(rows)) ** 0.7 * (latest - span[0] + 1)).astype(np.int64)
    room = lives.lasted[rows] - span[1] - _MARGIN
    is_late = (rng.random(len(rows)) < late) & (room > 3)
    overdue = span[1] + _MARGIN + (rng.random(len(rows)) * np.clip(room - 1, 1, 40)).astype(np.int64)
    return rows, np.where(is_late, overdue, after), np.full(len(rows), former)


def _change(lives: Lives, rows: NDArray[Any], after: NDArray[Any], former: NDArray[Any], to: NDArray[Any]) -> Part:
    """The change of procedure of these cases so many days after registration."""
    reason = np.where(to == ORDINARY, REASON["转普通程序"], REASON["转简易程序"])
    return part(rows, CHANGE, reason, lives.registered[rows] + after, former=former)


def _by_two_steps(rng: np.random.Generator, lives: Lives, change: Part) -> Part:
    """Some changes from small claims to the ordinary procedure made in two: to the simplified one first."""
    small = (change["former"] == SMALL_CLAIMS) & (change["reason"] == REASON["转普通程序"])
    small &= change["start"] - lives.registered[change["case"]] > 12
    steps = small & (rng.random(len(small)) < 0.2)
    which = np.flatnonzero(steps)
    rows, begun = change["case"][which], lives.registered[change["case"][which]]
    halfway = begun + (change["start"][which] - begun) // 2
    change["former"] = np.where(steps, SIMPLIFIED, change["former"]).astype(np.int8)
    return joined(change, part(rows, CHANGE, REASON["转简易程序"], halfway, former=SMALL_CLAIMS))


def changes(rng: np.random.Generator, lives: Lives) -> tuple[Part, Lives]:
    """Changes of procedure, each to the one under which the case ends; some civil ones made too late."""
    civil, criminal = lives.of("civil_first"), lives.of("criminal_first")
    ordinary, simplified, since = lives.procedure == ORDINARY, lives.procedure == SIMPLIFIED, lives.registered
    small = since >= day("2013-01-10")
    drawn = (
        _converted(rng, lives, civil & ordinary, 0.15, SIMPLIFIED, (20, 88), 0.035),
        _converted(rng, lives, civil & ordinary & small, 0.025, SMALL_CLAIMS, (12, 88), 0.03),
        _converted(rng, lives, civil & ordinary & (since >= day("2014-01-10")), 0.008, FAST_TRACK, (5, 60), 0.0),
        _converted(rng, lives, civil & simplified & small, 0.030, SMALL_CLAIMS, (12, 85), 0.0),
        _converted(rng, lives, criminal & ordinary, 0.16, SIMPLIFIED, (4, 19), 0.06),
        _converted(rng, lives, criminal & ordinary & (since >= day("2014-09-10")), 0.02, FAST_TRACK, (2, 9), 0.0),
        _converted(rng, lives, lives.of("private_prosecution") & ordinary, 0.10, SIMPLIFIED, (8, 40), 0.0),
        _converted(
            rng, lives, lives.of("administrative_first") & ordinary & (since >= day("2015-05-01")), 0.10, SIMPLIFIED,
            (10, 43), 0.0,
        ),
    )  # fmt: skip
    rows, after, former = (np.concatenate(columns) for columns in zip(*drawn, strict=True))
    rows, once = np.unique(rows, return_index=True)
    after, former = after[once], former[once]
    change = _change(lives, rows, after, former, lives.procedure[rows])
    usual = lives.usual.copy()
    usual[rows] += (after * criminal[rows]).astype(np.int32)  # a criminal case begins anew
    return _by_two_steps(rng, lives, change), replace(lives, usual=usual)


def restarts(rng: np.random.Generator, lives: Lives, changed: NDArray[Any]) -> tuple[Part, Lives]:
    """Supplementary investigation and changed jurisdiction: criminal cases, not those `changed`, whose clock begins anew."""
    criminal = lives.of("criminal_first")
    criminal[changed] = False
    long = criminal & (lives.excess > 0) & (lives.lasted < 1.9 * lives.usual)
    likely = np.where(long, np.where(lives.procedure == ORDINARY, 0.38, 0.10), criminal * 0.006)
    rows = np.flatnonzero((rng.random(len(lives)) < likely) & (lives.lasted > 12))
    earliest = np.maximum(lives.excess[rows] + 2, 5)
    latest = np.maximum(np.minimum(lives.usual[rows], lives.lasted[rows]) - 3, earliest)
    after = earliest + (rng.random(len(rows)) * (latest - earliest + 1)).astype(np.int64)
    after = np.minimum(after, lives.lasted[rows])
    reason = np.where(rng.random(len(rows)) < 0.85, REASON["补充侦查"], REASON["改变管辖"])
    explained = lives.explained.copy()
    explained[rows] += after.astype(np.int32)
    return part(rows, RESTART, reason, lives.registered[rows] + after), replace(lives, explained=explained)


def _column(lives: Lives, name: str, *where: Any) -> NDArray[Any]:
    """What the cases' habits say under this name; words of REASONS by their places."""
    values = [getattr(habit, name) for habit in _ALL_HABITS]
    if isinstance(values[0], str):
        values = [REASON.get(value, -1) for value in values]
    column = np.array(values)[lives.habit]
    return np.asarray(column[where] if where else column)


def _granted(
    rng: np.random.Generator, lives: Lives, rows: NDArray[Any], by: str, after: NDArray[Any], months: NDArray[Any]
) -> Part:
    """Extensions of these cases, granted so many days after registration."""
    on = np.minimum(lives.registered[rows] + after, lives.until[rows])
    more = np.where(months > 0, 0, _column(lives, "more_days", rows))
    return part(rows, EXTENSION, _column(lives, by, rows), on, approved=on, months=months, days=more)


def _before(rng: np.random.Generator, length: NDArray[Any]) -> NDArray[Any]:
    """A day shortly before so many days have passed."""
    return np.asarray(length - 2 - (rng.random(len(length)) * np.clip(length // 5, 2, 21)).astype(np.int64))


def extensions(rng: np.random.Generator, lives: Lives) -> tuple[Part, Lives]:
    """Extensions of cases that outlast their usual length: most granted in time, a few dozen too late."""
    luck, share = rng.random(len(lives)), _column(lives, "lengthened")
    able = (lives.excess > 0) & (share > 0)
    late = np.flatnonzero(able & (luck > 1 - _TOO_LATE) & (lives.excess > _MARGIN + 3))
    rows = np.flatnonzero(able & (luck < share))
    # A few are granted though in the end the case would have been quick enough.
    spare = np.flatnonzero((share > 0) & ~able & (lives.lasted > 0.85 * lives.usual) & (luck < 0.02))
    rows = np.sort(np.concatenate([rows, spare]))
    full, excess = _column(lives, "months", rows), lives.excess[rows]
    is_civil = lives.of("civil_first")[rows]
    months = np.where(is_civil & (full == 3), np.clip(excess // 28 + 1, 1, 3), full)
    first = _granted(rng, lives, rows, "by", _before(rng, lives.usual[rows] + lives.explained[rows]), months)
    gained = months * 30 + np.where(months > 0, 0, _column(lives, "more_days", rows))
    twice = (excess > gained) & (_column(lives, "again_months", rows) > 0) & (rng.random(len(rows)) < 0.75)
    again, so_far = rows[twice], (lives.usual[rows] + lives.explained[rows] + gained)[twice]
    second = _granted(rng, lives, again, "again", _before(rng, so_far), _column(lives, "again_months", again))
    overdue = lives.usual[late] + lives.explained[late] + _MARGIN
    overdue = overdue + (rng.random(len(late)) * np.clip(lives.lasted[late] - overdue, 1, 40)).astype(np.int64)
    too_late = _granted(rng, lives, late, "by", overdue, _column(lives, "months", late))
    explained = lives.explained.copy()
    explained[rows] += gained.astype(np.int32)
    explained[again] += (_column(lives, "again_months", again) * 30).astype(np.int32)
    explained[late] = _NO_LIMIT  # nothing else is said in its defence
    return joined(first, second, too_late), replace(lives, explained=explained)
