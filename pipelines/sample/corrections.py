"""What the made-up court tells wrongly at first and puts right in a later file: about 0.4 % of its rows.

A wrong value is plausible and valid, so that no check objects to it: dates stay in their period (hence the year of the
number holds), closings do not precede registrations, judges sit on the wrong bench too. What a check could object to
does not belong here (`dirt`).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.sample import kinds
from pipelines.sample.benches import BENCHES, assign, seat
from pipelines.sample.cases import Cases, of_kind
from pipelines.sample.choices import Codes, share_out
from pipelines.sample.numbering import Numbers, series_order
from pipelines.sample.periods import PERIODS, period_of
from pipelines.sample.workdays import LAST, Days, work_day_before

_SHARE = 0.0053  # of the cases: about 0.4 % of the rows sent
_OF = {"bench": 35.0, "track": 20.0, "applied": 20.0, "closed": 15.0, "registered": 10.0}
_SWAPPED = {"普通程序": "简易程序", "简易程序": "普通程序"}
_NO_APPLICATION = ("civil_special", "payment_order", "administrative_review", "preservation", "objection")
_WORD_BY_DATE = ("administrative_first", kinds.FIRST_ENFORCEMENT, kinds.RESUMED)


@dataclass(frozen=True)
class Telling:
    """What the files say of each case, in row order."""

    bench: Codes
    judge: Codes
    track: Codes
    applied: NDArray[np.int64]
    registered: Days
    closed: Days


@dataclass(frozen=True)
class Story:
    """The truth, what was told before it, and in which file (a place in PERIODS; 0: never wrong) it was put right."""

    true: Telling
    before: Telling
    put_right: NDArray[np.int8]


def _swapped_tracks() -> NDArray[np.int16]:
    """For each track the one of the same kind with the other procedure; -1 where there is none at all times."""
    tracks = list(kinds.TRACKS)
    other = np.full(len(tracks), -1, dtype=np.int16)
    for place, track in enumerate(tracks):
        for option in tracks:
            if option.kind == track.kind and option.procedure == _SWAPPED.get(track.procedure or "") and not option.first:
                other[place] = tracks.index(option)
    return other


def later(rng: np.random.Generator, seen: NDArray[Any]) -> NDArray[np.int8]:
    """A file after the one in which each row was first seen, at most five later."""
    room = np.minimum(5, len(PERIODS) - 1 - seen)
    return np.asarray(seen + 1 + rng.random(len(seen)) * room).astype(np.int8)


def _wrong_benches(rng: np.random.Generator, cases: Cases, true: Telling) -> Codes:
    """Another bench: one that takes such cases, or else the next on the list."""
    other = assign(rng, cases)
    return np.where(other == true.bench, (true.bench + 1) % len(BENCHES), other).astype(np.int16)


def _wrong_closings(rng: np.random.Generator, cases: Cases) -> Days:
    """A working day up to nine days off in the same period; the true day where there is none."""
    off = rng.integers(1, 10, len(cases)) * np.where(rng.random(len(cases)) < 0.5, -1, 1)
    wrong = work_day_before(np.minimum(cases.closed, LAST) + off)
    same = (period_of(wrong) == period_of(cases.closed)) & (wrong >= np.maximum(cases.registered, cases.earliest))
    return np.where(same & ~of_kind(cases, *_WORD_BY_DATE), wrong, cases.closed).astype(np.int32)


def _wrong_registrations(cases: Cases, numbers: Numbers) -> Days:
    """The day of the number before it in its series, if of the same period: the series stays in order."""
    order, place = series_order(numbers.year, numbers.chars, numbers.serial)
    before = np.where(place > 0, np.roll(cases.registered[order], 1), -1)
    wrong = np.empty(len(cases), dtype=np.int32)
    wrong[order] = before
    same = (wrong >= cases.earliest - 20) & (period_of(wrong) == period_of(cases.registered))
    same &= (cases.registered == cases.earliest) & of_kind(cases, *_NO_APPLICATION)
    return np.where(same, wrong, cases.registered).astype(np.int32)


def tell(rng: np.random.Generator, cases: Cases, numbers: Numbers) -> Story:
    """Every case with its bench and judge, and the few that were first told otherwise."""
    bench = assign(rng, cases)
    true = Telling(bench, seat(rng, bench), cases.track, cases.applied, cases.registered, cases.closed)
    swapped = _swapped_tracks()[cases.track]
    wrong: dict[str, NDArray[Any]] = {
        "bench": _wrong_benches(rng, cases, true),
        "track": np.where(swapped >= 0, swapped, cases.track),
        "applied": np.round(cases.applied * rng.uniform(1.05, 1.9, len(cases))).astype(np.int64),
        "closed": _wrong_closings(rng, cases),
        "registered": _wrong_registrations(cases, numbers),
    }
    told = {name: getattr(true, name).copy() for name in wrong}
    put_right = np.zeros(len(cases), dtype=np.int8)
    for name, count in share_out(max(len(_OF), round(_SHARE * len(cases))), _OF).items():
        seen = period_of(cases.closed if name == "closed" else cases.registered)
        able = np.flatnonzero((wrong[name] != getattr(true, name)) & ~cases.void & (seen < len(PERIODS) - 1) & (put_right == 0))
        rows = rng.choice(able, min(count, len(able)), replace=False)
        told[name][rows] = wrong[name][rows]
        put_right[rows] = later(rng, seen[rows])
    judge = np.where(told["bench"] == bench, true.judge, seat(rng, told["bench"])).astype(np.int16)
    return Story(true, Telling(judge=judge, **told), put_right)
