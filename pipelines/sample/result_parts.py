"""Results of one sort as columns, before they come together: what every part has, with nothing where nothing is said.

What enforcement brings does not belong here (`results`, `after_zhongben`).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

OUTCOMES = (
    *("强制执行", "自动履行", "和解履行", "财产查控", "终本审查合格", "终本审查不合格", "信访受理", "信访办结"),
    *("债权清偿", "终结执行", "移送破产"),
)
OUTCOME = {word: place for place, word in enumerate(OUTCOMES)}
COMPULSORY, VOLUNTARY, SETTLED, INQUIRY = range(4)

Part = dict[str, NDArray[Any]]
"""Columns of equal length by name; `case` is a row of the docket."""

_TYPES = {
    "case": np.int64,
    "outcome": np.int8,
    "on": np.int32,
    "applied": np.int64,
    "realised": np.int64,
    "has_amounts": np.bool_,
    "found": np.int8,
}
_NOTHING = {"applied": 0, "realised": 0, "has_amounts": False, "found": -1}


def part(case: NDArray[Any], outcome: NDArray[Any] | int, on: NDArray[Any], **more: Any) -> Part:
    """Results of these cases: of a sort, on a day, and what else is said of them."""
    told = _NOTHING | {"case": case, "outcome": outcome, "on": on} | more
    return {name: np.broadcast_to(told[name], len(case)).astype(kept) for name, kept in _TYPES.items()}


def joined(*parts: Part) -> Part:
    """All results, in order."""
    return {name: np.concatenate([one[name] for one in parts]) for name in _TYPES}
