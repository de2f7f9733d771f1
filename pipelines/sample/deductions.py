"""Time deducted and suspensions: what stops the clock of a case for a while, more often where it lasts long.

What lasts beyond its usual length mostly met something that explains it; some cases are simply late. Of a pending case
the deduction may still be open. Other events do not belong here (`clock_turns`).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.sample import kinds
from pipelines.sample.clock_kinds import CAUSES, DEDUCTION, GROUPS, HABITS, REASON, SUSPENSION
from pipelines.sample.clock_parts import UNKNOWN, Part, joined, part
from pipelines.sample.lives import NO_HABIT, Lives
from pipelines.sample.workdays import LAST

_CAUSE_GROUPS = tuple(dict.fromkeys(cause.group for cause in CAUSES))
_APPROVED = [REASON[word] for word in ("延期审理", "暂缓执行")]
_NOTICE = REASON["公告"]
_NOT_SUSPENDED = 0.12  # of stays is entered as time deducted
_SECOND = 0.11  # so many deductions have another one beside them that overlaps


def _groups(lives: Lives) -> NDArray[np.int8]:
    """The group of causes of each case, a place in _CAUSE_GROUPS."""
    names = [GROUPS.get(name, "civil_simplified") for name in kinds.ALL]
    group = np.array([_CAUSE_GROUPS.index(name) for name in names])[lives.kind]
    ordinary = lives.of("civil_first") & (lives.procedure == 0)
    return np.where(ordinary, _CAUSE_GROUPS.index("civil_ordinary"), group).astype(np.int8)


def _causes(rng: np.random.Generator, group: NDArray[Any], room: NDArray[Any]) -> NDArray[Any]:
    """A place in CAUSES for each: no public notice where there is no room for one."""
    luck, chosen = rng.random(len(group)), np.zeros(len(group), dtype=np.int64)
    for place, name in enumerate(_CAUSE_GROUPS):
        for narrow in (False, True):
            options = [n for n, one in enumerate(CAUSES) if one.group == name and not (narrow and one.reason == "公告")]
            mine = np.flatnonzero((group == place) & ((room < 70) == narrow))
            running = np.cumsum([CAUSES[n].weight for n in options])
            chosen[mine] = np.array(options)[np.searchsorted(running, luck[mine] * running[-1], side="right")]
    return chosen


def _who(rng: np.random.Generator, lives: Lives) -> NDArray[Any]:
    """The cases that meet a deduction: most that are too long and not lengthened, few that are short."""
    deducted = np.array([*(habit.deducted / max(1 - habit.lengthened, 0.01) for habit in HABITS), 0.0])[lives.habit]
    early = np.array([*(habit.early for habit in HABITS), 0.0])[lives.habit]
    spent = np.clip(lives.lasted / np.maximum(lives.usual, 1), 0, 1.0)
    likely = np.where(lives.excess > 0, np.minimum(deducted, 0.97), early * spent**2)
    likely = np.where(lives.explained > 10**5, 0.0, likely)  # lengthened too late: simply late
    return np.flatnonzero((rng.random(len(lives)) < likely) & (lives.lasted >= 5) & (lives.habit != NO_HABIT))


def _spans(
    rng: np.random.Generator, lives: Lives, rows: NDArray[Any], cause: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """First day and length: within the life of the case, early enough, and long enough to explain what is too long."""
    shortest, longest = (np.array([getattr(one, name) for one in CAUSES])[cause] for name in ("shortest", "longest"))
    lasted, usual, excess = lives.lasted[rows], np.minimum(lives.usual[rows], 400), lives.excess[rows]
    length = shortest + (rng.random(len(rows)) * (longest - shortest + 1)).astype(np.int64)
    slack = 2 + (rng.random(len(rows)) ** 2 * np.clip(usual // 4, 2, 30)).astype(np.int64)
    length = np.maximum(length, np.where(excess > 0, excess + slack, 0))
    length = np.minimum(length, lasted - 2)
    latest = np.clip(np.minimum((0.75 * usual).astype(np.int64), lasted - 1 - length), 1, None)
    is_notice = np.array([REASON[one.reason] for one in CAUSES])[cause] == _NOTICE
    latest = np.where(is_notice, np.minimum(latest, 45), latest)
    return 1 + (rng.random(len(rows)) * latest).astype(np.int64), length


def _part(
    rng: np.random.Generator, lives: Lives, rows: NDArray[Any], cause: NDArray[Any], start: NDArray[Any], end: NDArray[Any]
) -> Part:
    """Deductions of these cases from day to day."""
    reason = np.array([REASON[one.reason] for one in CAUSES])[cause]
    stays = (reason == REASON["中止"]) & (rng.random(len(rows)) > _NOT_SUSPENDED)
    approved = np.where(np.isin(reason, _APPROVED), start, UNKNOWN)
    return part(rows, np.where(stays, SUSPENSION, DEDUCTION), reason, start, end=end, approved=approved)


def _open_or_ended(rng: np.random.Generator, lives: Lives, rows: NDArray[Any], end: NDArray[Any]) -> NDArray[Any]:
    """The ends that are known: those of a pending case's deduction may lie ahead."""
    ahead = ~lives.is_closed[rows] & ((rng.random(len(rows)) < 0.5) | (end > LAST))
    return np.where(ahead, UNKNOWN, np.minimum(end, lives.until[rows] - 1))


def deduct(rng: np.random.Generator, lives: Lives) -> Part:
    """Deductions and suspensions, some of which overlap; on closed cases all have ended."""
    rows = _who(rng, lives)
    group = _groups(lives)[rows]
    cause = _causes(rng, group, np.minimum(lives.lasted[rows], 10**4))
    after, length = _spans(rng, lives, rows, cause)
    start = lives.registered[rows] + after
    end = start + length - 1
    first = _part(rng, lives, rows, cause, start, _open_or_ended(rng, lives, rows, end))
    which = np.flatnonzero((rng.random(len(rows)) < _SECOND) & (length > 6) & (end < lives.until[rows] - 1))
    more, begun, over = rows[which], start[which], length[which]
    start = begun + (rng.random(len(which)) * (over - 2)).astype(np.int64) + 1
    end = np.minimum(start + (over * rng.uniform(0.3, 1.0, len(which))).astype(np.int64), lives.until[more] - 1)
    second = _causes(rng, group[which], np.full(len(which), 10))
    beside = _part(rng, lives, more, second, start, np.maximum(_open_or_ended(rng, lives, more, end), start))
    return joined(first, beside)
