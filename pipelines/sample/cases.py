"""Cases as columns: one row per case number, and the steps every kind of case goes through.

Filing, lasting and closing belong here. Resumed enforcement, exact totals and numbers do not (`enforcement`, `docket`,
`numbering`). Days count from 1970-01-01; a closing after LAST has not happened yet; money is in fen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.sample import kinds
from pipelines.sample.choices import Codes, pick_by_kind
from pipelines.sample.workdays import FIRST, LAST, Days, day, filing_weights, rush, settle, work_day_before

NEVER = 2**30
_MEDIAN = np.array([track.median for track in kinds.TRACKS])
_SPREAD = np.array([track.spread for track in kinds.TRACKS])


@dataclass(frozen=True)
class Cases:
    """Columns of equal length, one row per case number; codes are places in the tables of `kinds` and `benches`."""

    kind: NDArray[np.int8]
    registered: Days
    earliest: Days  # the first day on which it can close
    lasts: NDArray[np.float64]  # days from `earliest` to the closing, before the court's calendar
    luck: NDArray[np.float64]  # decides how the court's calendar moves the closing
    track: Codes
    closed: Days
    word: Codes  # meaningful where closed
    void: NDArray[np.bool_]
    applied: NDArray[np.int64]
    realised: NDArray[np.int64]
    origin: NDArray[np.int64]  # row of the case it resumes; -1 none, -2 one that the data do not hold

    def __len__(self) -> int:
        """How many case numbers."""
        return len(self.kind)

    def rows(self, which: NDArray[Any]) -> "Cases":
        """The rows that a mask or places name."""
        return Cases(**{field.name: getattr(self, field.name)[which] for field in fields(self)})


def join(*parts: Cases) -> Cases:
    """All rows, in order."""
    return Cases(**{field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Cases)})


def place_of(*names: str) -> list[int]:
    """The codes of kinds."""
    return [kinds.ALL.index(name) for name in names]


def of_kind(cases: Cases, *names: str) -> NDArray[np.bool_]:
    """Which cases are of one of these kinds."""
    return np.isin(cases.kind, place_of(*names))


def opened(rng: np.random.Generator, kind: NDArray[Any], registered: Days) -> Cases:
    """New cases of these kinds, registered on these days, each on a track and lasting some time; none closed."""
    size = len(kind)
    track = pick_by_kind(kinds.TRACKS, kinds.ALL, kind, rng.random(size), registered)
    return Cases(
        kind=kind.astype(np.int8),
        registered=registered.astype(np.int32),
        earliest=registered.astype(np.int32),
        lasts=_MEDIAN[track] * np.exp(_SPREAD[track] * rng.standard_normal(size)),
        luck=rng.random(size),
        track=track,
        closed=np.full(size, NEVER, dtype=np.int32),
        word=np.zeros(size, dtype=np.int16),
        void=np.zeros(size, dtype=np.bool_),
        applied=np.zeros(size, dtype=np.int64),
        realised=np.zeros(size, dtype=np.int64),
        origin=np.full(size, -1, dtype=np.int64),
    )


def filed(rng: np.random.Generator, counts: Mapping[str, int]) -> Cases:
    """Cases filed within FIRST..LAST, so many of each kind."""
    days = []
    for name, count in counts.items():
        growth, step = (kinds.COUNTED | kinds.EXCLUDED).get(name, kinds.Kind(0.0))[1:]
        firsts = [spelling.first for spelling in kinds.SPELLINGS if spelling.kind == name]
        weights = filing_weights(growth, step, max(FIRST, day(min(firsts) or "1970-01-01")))
        days.append(FIRST + np.searchsorted(np.cumsum(weights)[:-1], rng.random(count), side="right"))
    kind = np.repeat(place_of(*counts), list(counts.values()))
    return opened(rng, kind, np.concatenate(days).astype(np.int32))


def carried_over(rng: np.random.Generator, counts: Mapping[str, int], longest: int = 720) -> Cases:
    """Cases filed before FIRST and still pending then: met at a random moment of a length-biased duration."""
    kind = np.repeat(place_of(*counts), list(counts.values()))
    cases = opened(rng, kind, np.full(len(kind), FIRST - 1, dtype=np.int32))
    whole = cases.lasts * np.exp(_SPREAD[cases.track] ** 2)
    past = rng.random(len(kind))
    registered = work_day_before(FIRST - 1 - np.minimum(whole * past, longest))
    earliest = np.full(len(kind), FIRST, dtype=np.int32)
    return replace(cases, registered=registered, earliest=earliest, lasts=whole * (1 - past))


def closing_days(cases: Cases, pace: float = 1.0) -> Days:
    """When the cases close if each lasts `pace` times as long, on days the court works and with its rushes."""
    natural = (cases.earliest + np.minimum(cases.lasts * pace, 3000)).astype(np.int32)
    closed = settle(rush(natural, cases.earliest, cases.luck), cases.earliest, cases.luck * 31 % 1)
    return np.where(closed > LAST, NEVER, closed).astype(np.int32)


def closing_words(rng: np.random.Generator, cases: Cases) -> Codes:
    """A closing manner for each closed case: of its kind, valid on the closing date and possible so early."""
    word = np.zeros(len(cases), dtype=np.int16)
    luck = rng.random(len(cases))
    soon = cases.closed - cases.registered < max(word.min_days for word in kinds.WORDS)
    for early in (True, False):
        options = [option for option in kinds.WORDS if not (early and option.min_days)]
        places = np.array([kinds.WORDS.index(option) for option in options], dtype=np.int16)
        rows = np.flatnonzero((cases.closed <= LAST) & (soon == early))
        word[rows] = places[pick_by_kind(options, kinds.ALL, cases.kind[rows], luck[rows], cases.closed[rows])]
    return word
