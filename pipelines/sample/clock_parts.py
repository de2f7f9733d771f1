"""Events of one sort as columns, before they come together: what every part has, with nothing where nothing is said.

What happens to whom does not belong here (`deductions`, `clock_turns`).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.applications import UNKNOWN

__all__ = ["UNKNOWN", "Part", "joined", "part"]

Part = dict[str, NDArray[Any]]
"""Columns of equal length by name; `case` is a row of `Lives`."""

_TYPES = {
    "case": np.int64,
    "kind": np.int8,
    "reason": np.int8,
    "start": np.int32,
    "end": np.int32,
    "approved": np.int32,
    "former": np.int8,
    "months": np.int16,
    "days": np.int16,
}
_NOTHING = {"end": UNKNOWN, "approved": UNKNOWN, "former": -1, "months": 0, "days": 0}


def part(case: NDArray[Any], kind: NDArray[Any] | int, reason: NDArray[Any] | int, start: NDArray[Any], **more: Any) -> Part:
    """Events of these cases: of a kind, for a reason, from a day on, and what else is said of them."""
    told = _NOTHING | {"case": case, "kind": kind, "reason": reason, "start": start} | more
    return {name: np.broadcast_to(told[name], len(case)).astype(kept) for name, kept in _TYPES.items()}


def joined(*parts: Part) -> Part:
    """All events, in order."""
    return {name: np.concatenate([one[name] for one in parts]) for name in _TYPES}
