"""Random choices from dated tables, and shares turned into whole numbers.

Only the drawing belongs here; what is drawn from is in `kinds` and `benches`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.workdays import day

Codes = NDArray[np.int16]


class Option(Protocol):
    """A row of a table that says for which kind of case it is and how likely."""

    @property
    def kind(self) -> str:
        """The kind of case."""

    @property
    def weight(self) -> float:
        """How likely, relative to its neighbours."""


def share_out(total: int, shares: Mapping[str, float]) -> dict[str, int]:
    """Whole numbers in the proportion of the shares that add up to `total` exactly (largest remainders)."""
    whole = sum(shares.values())
    exact = {name: total * share / whole for name, share in shares.items()}
    counts = {name: int(value) for name, value in exact.items()}
    for name in sorted(exact, key=lambda name: (counts[name] - exact[name], name))[: total - sum(counts.values())]:
        counts[name] += 1
    return counts


def _bounds(options: Sequence[Option]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last day of each option; far apart where it has none."""
    first = [day(getattr(option, "first", "") or "1970-01-01") for option in options]
    last = [day(getattr(option, "last", "") or "2199-12-31") for option in options]
    return np.array(first), np.array(last)


def pick(options: Sequence[Option], luck: NDArray[Any], days: NDArray[Any]) -> Codes:
    """Places in `options`, one for each of `luck` (0 to 1), among those valid on that row's day.

    Raises ValueError where none is valid: the table has a hole.
    """
    first, last = _bounds(options)
    weights = np.array([option.weight for option in options], dtype=float)
    borders = np.unique(np.concatenate([first, last + 1]))
    eras = np.searchsorted(borders, days, side="right")
    chosen = np.zeros(len(luck), dtype=np.int16)
    for era in np.unique(eras):
        rows = eras == era
        sample = int(days[rows.argmax()])
        running = np.cumsum(np.where((first <= sample) & (sample <= last), weights, 0.0))
        if running[-1] <= 0:
            raise ValueError(f"no option of [{options[0].kind}] is valid on day [{sample}]; mend the table")
        chosen[rows] = np.searchsorted(running, luck[rows] * running[-1], side="right")
    return chosen


def pick_by_kind(
    table: Sequence[Option], names: Sequence[str], kinds: NDArray[Any], luck: NDArray[Any], days: NDArray[Any]
) -> Codes:
    """Places in `table`, one a row, among the options of the row's kind (a place in `names`) valid on its day."""
    chosen = np.zeros(len(luck), dtype=np.int16)
    for kind in np.unique(kinds):
        rows = np.flatnonzero(kinds == kind)
        places = [place for place, option in enumerate(table) if option.kind == names[kind]]
        own = pick([table[place] for place in places], luck[rows], days[rows])
        chosen[rows] = np.array(places, dtype=np.int16)[own]
    return chosen
