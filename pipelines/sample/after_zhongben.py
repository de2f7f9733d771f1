"""What follows a 终本 closing: the audit, a look for property every half year, what it finds, and how the rest may end.

A case rests until it is resumed under another number, ends otherwise, or the data end.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.cases import Cases, of_kind
from pipelines.sample.enforcement import is_zhongben
from pipelines.sample.kinds import FIRST_ENFORCEMENT
from pipelines.sample.result_parts import INQUIRY, OUTCOME, Part, joined, part
from pipelines.sample.workdays import LAST, work_day_before

_AUDITED, _PASSED = 0.52, 0.93
_HALF_A_YEAR = 182
_MOST_LOOKS = 9
_NEVER_LOOKED, _LEFT_OUT = 0.08, 0.12
_FOUND_AT_REST, _FOUND_BEFORE_RESUMED = 0.05, 0.72
_ENDED = 0.09
_NOT_RESUMED = 2**30


def resumed_on(cases: Cases) -> NDArray[np.int64]:
    """When each enforcement case was resumed under the next number of its chain; far ahead if it was not."""
    root = np.where(cases.origin >= 0, cases.origin, np.arange(len(cases)))
    while (further := root[root] != root).any():
        root = np.where(further, root[root], root)
    order = np.lexsort((cases.registered, root))
    same = root[order][1:] == root[order][:-1]
    following = np.full(len(cases), _NOT_RESUMED, dtype=np.int64)
    following[order[:-1][same]] = cases.registered[order[1:][same]]
    return following


def _audits(rng: np.random.Generator, cases: Cases, rows: NDArray[Any]) -> Part:
    """Audits of the closing, some weeks after it."""
    on = work_day_before(cases.closed[rows] + rng.integers(8, 75, len(rows)))
    audited = (rng.random(len(rows)) < _AUDITED) & (on <= LAST)
    return part(rows[audited], OUTCOME["终本审查合格"], on[audited])


def _ends(rng: np.random.Generator, cases: Cases, rows: NDArray[Any], rests: NDArray[Any]) -> tuple[Part, NDArray[Any]]:
    """The few first enforcements that ended while at rest, and until when each case rests."""
    able = of_kind(cases, FIRST_ENFORCEMENT)[rows] & (rests == _NOT_RESUMED)
    on = cases.closed[rows] + rng.integers(40, 600, len(rows))
    happens = able & (rng.random(len(rows)) < _ENDED) & (on <= LAST)
    luck = rng.random(int(happens.sum()))
    words = np.array([OUTCOME["债权清偿"], OUTCOME["终结执行"], OUTCOME["移送破产"]])
    ended = part(rows[happens], words[(luck > 0.6).astype(int) + (luck > 0.9)], on[happens])
    return ended, np.where(happens, on, np.minimum(rests, LAST + 1))


def _looks(rng: np.random.Generator, cases: Cases, rows: NDArray[Any], rests: NDArray[Any]) -> Part:
    """Looks for property about every half year while the case rests; some were left out, some cases never looked at."""
    never = rng.random(len(rows)) < _NEVER_LOOKED
    parts = []
    for number in range(1, _MOST_LOOKS + 1):
        on = cases.closed[rows] + _HALF_A_YEAR * number + rng.integers(-20, 4, len(rows))
        which = np.flatnonzero((on < rests) & ~never & (rng.random(len(rows)) > _LEFT_OUT))
        found = rng.random(len(which)) < _FOUND_AT_REST
        parts.append(
            part(rows[which], INQUIRY, np.maximum(work_day_before(on[which]), cases.closed[rows[which]] + 1), found=found)
        )
    return joined(*parts)


def _leads(rng: np.random.Generator, cases: Cases, rows: NDArray[Any], resumed: NDArray[Any]) -> Part:
    """Property found shortly before the case was resumed."""
    able = (resumed <= LAST) & (rng.random(len(rows)) < _FOUND_BEFORE_RESUMED)
    mine, on = rows[able], resumed[able] - rng.integers(2, 26, int(able.sum()))
    return part(mine, INQUIRY, np.maximum(on, cases.closed[mine] + 1), found=1)


def follow(rng: np.random.Generator, cases: Cases, rows: NDArray[Any]) -> Part:
    """Everything that followed the 终本 closings among these rows."""
    mine = rows[is_zhongben(cases)[rows]]
    resumed = resumed_on(cases)[mine]
    audits = _audits(rng, cases, mine)
    failed = rng.random(len(audits["case"])) > _PASSED
    audits["outcome"][failed] = OUTCOME["终本审查不合格"]
    ends, rests = _ends(rng, cases, mine, resumed)
    return joined(audits, ends, _looks(rng, cases, mine, rests), _leads(rng, cases, mine, resumed))
