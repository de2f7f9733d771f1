"""What enforcement brought at the made-up court: columns, one row per result of an enforcement case.

Property inquiries, what was realised (which adds up to the amount of the case) and petitions belong here; what follows
a 终本 closing to `after_zhongben`. Days count from 1970-01-01; money is in fen.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.sample import kinds
from pipelines.sample.after_zhongben import follow
from pipelines.sample.cases import Cases, of_kind
from pipelines.sample.corrections import later
from pipelines.sample.numbering import yearly_serials
from pipelines.sample.periods import NO_PERIOD, PERIODS, period_of
from pipelines.sample.result_parts import COMPULSORY, INQUIRY, OUTCOME, SETTLED, VOLUNTARY, Part, joined, part
from pipelines.sample.workdays import LAST, Days, work_day_before

TAKEN_BACK = 3  # payments taken back, told as negative amounts, in a docket of 54,456 cases
_VOID_SHARE = 0.0004
_PETITION_SHARE, _PETITION_CLOSED = 0.027, 0.96
_WAYS = {  # how likely compulsory enforcement and voluntary performance are; the rest is settled
    "执行完毕": (0.46, 0.90),
    "和解并履行完毕": (0.0, 0.0),
    "终结执行": (0.30, 0.62),
    kinds.ZHONGBEN: (0.86, 0.95),
}
_DONE = [place for place, word in enumerate(kinds.WORDS) if word.word in ("执行完毕", "和解并履行完毕")]
_ZHONGBEN = [place for place, word in enumerate(kinds.WORDS) if word.word == kinds.ZHONGBEN]


@dataclass(frozen=True)
class Results:
    """Columns of equal length, one row per result; `outcome` is a place in OUTCOMES, amounts and `found` -1 for none."""

    case: NDArray[np.int64]
    outcome: NDArray[np.int8]
    on: Days
    applied: NDArray[np.int64]
    realised: NDArray[np.int64]
    has_amounts: NDArray[np.bool_]
    found: NDArray[np.int8]  # property: 0 no, 1 yes, -1 not asked
    void_in: NDArray[np.int8]  # place in PERIODS of the file that declares it void, NO_PERIOD if none does
    serial: NDArray[np.int32]  # in its year

    def __len__(self) -> int:
        """How many results."""
        return len(self.case)

    def rows(self, which: NDArray[Any]) -> "Results":
        """The rows that a mask or places name."""
        return Results(**{field.name: getattr(self, field.name)[which] for field in fields(self)})


def _between(rng: np.random.Generator, first: NDArray[Any], last: NDArray[Any]) -> NDArray[Any]:
    """A working day from `first` to `last`, or `first`."""
    days = first + (rng.random(len(first)) * np.maximum(last - first + 1, 1)).astype(np.int64)
    return np.asarray(np.maximum(work_day_before(np.minimum(days, last)), first))


def _inquiries(rng: np.random.Generator, cases: Cases, rows: NDArray[Any]) -> Part:
    """Property inquiries soon after registration, and again in long cases."""
    until = np.minimum(cases.closed[rows], LAST)
    lasted, closed = until - cases.registered[rows], cases.closed[rows] <= LAST
    paid, zhongben = closed & (cases.realised[rows] > 0), closed & np.isin(cases.word[rows], _ZHONGBEN)
    likely = np.where(zhongben, np.where(paid, 0.55, 0.14), np.where(paid, 0.90, 0.45))
    soon = np.flatnonzero((rng.random(len(rows)) < 0.86) & (lasted > 3))
    again = np.flatnonzero((rng.random(len(rows)) < 0.42) & (lasted > 100))
    day_soon = np.minimum(cases.registered[rows][soon] + rng.integers(2, 16, len(soon)), until[soon])
    day_again = _between(rng, cases.registered[rows][again] + 60, until[again] - 5)
    which, on = np.concatenate([soon, again]), np.concatenate([day_soon, day_again])
    return part(rows[which], INQUIRY, on, found=rng.random(len(which)) < likely[which])


def _ways(rng: np.random.Generator, word: NDArray[Any]) -> NDArray[Any]:
    """By what the money came, by the closing manner."""
    shares = np.array([_WAYS.get(one.word, (0.5, 0.8)) for one in kinds.WORDS])[word]
    luck = rng.random(len(word))
    return np.where(luck < shares[:, 0], COMPULSORY, np.where(luck < shares[:, 1], VOLUNTARY, SETTLED))


def _realised(rng: np.random.Generator, cases: Cases, rows: NDArray[Any]) -> Part:
    """One to three payments of each case that brought money in or was performed, adding up to its amount exactly."""
    closed = cases.closed[rows] <= LAST
    rows = rows[closed & ((cases.realised[rows] > 0) | np.isin(cases.word[rows], _DONE))]
    whole, lasted = cases.realised[rows], cases.closed[rows] - cases.registered[rows]
    luck = rng.random(len(rows))
    count = np.where((whole < 100_000) | (lasted < 20) | (luck < 0.66), 1, np.where(luck < 0.9, 2, 3))
    first = np.where(count > 1, np.round(whole * rng.uniform(0.15, 0.6, len(rows)), -2), 0).astype(np.int64)
    second = np.where(count > 2, np.round((whole - first) * rng.uniform(0.2, 0.7, len(rows)), -2), 0).astype(np.int64)
    parts = []
    for number, amount in ((1, whole - first - second), (2, first), (3, second)):
        which = np.flatnonzero(count >= number)
        mine = rows[which]
        end = cases.closed[mine]
        begun = np.maximum(end - rng.integers(0, 6, len(mine)), cases.registered[mine])
        on = begun if number == 1 else _between(rng, cases.registered[mine] + 6, end - 1)
        ways = _ways(rng, cases.word[mine])
        parts.append(part(mine, ways, on, applied=cases.applied[mine], realised=amount[which], has_amounts=True))
    return joined(*parts)


def _take_back(rng: np.random.Generator, whole: Part, count: int) -> NDArray[Any]:
    """Turns a payment of `count` cases into one taken back, and enlarges another by as much: the sum stays. Their rows."""
    paid = np.flatnonzero(whole["has_amounts"] & (whole["realised"] > 0))
    ordered = paid[np.lexsort((whole["on"][paid], whole["case"][paid]))]
    pairs = np.flatnonzero(whole["case"][ordered][1:] == whole["case"][ordered][:-1])
    pairs = pairs[np.unique(whole["case"][ordered][pairs], return_index=True)[1]]
    chosen = rng.choice(pairs, min(count, len(pairs)), replace=False)
    earlier, back = ordered[chosen], ordered[chosen + 1]
    amount = np.maximum(whole["realised"][back] // 4, 100)
    whole["realised"][earlier] += whole["realised"][back] + amount
    whole["realised"][back] = -amount
    return np.asarray(back)


def _petitions(rng: np.random.Generator, cases: Cases, rows: NDArray[Any]) -> Part:
    """Petitions about long enforcement, most of them closed within some weeks."""
    long = np.minimum(cases.closed[rows], LAST) - cases.registered[rows] > 60
    mine = rows[long & (rng.random(len(rows)) < _PETITION_SHARE)]
    on = _between(rng, cases.registered[mine] + 30, np.minimum(cases.closed[mine] + 200, LAST))
    closed = on + rng.integers(4, 60, len(mine))
    done = (closed <= LAST) & (rng.random(len(mine)) < _PETITION_CLOSED)
    received = part(mine, OUTCOME["信访受理"], on)
    return joined(received, part(mine[done], OUTCOME["信访办结"], closed[done]))


def _void_in(rng: np.random.Generator, whole: Part) -> NDArray[np.int8]:
    """The file that declares a result void, a few of those that carry no amount."""
    seen = period_of(whole["on"])
    able = (whole["outcome"] == INQUIRY) & (seen < len(PERIODS) - 1)
    void = able & (rng.random(len(seen)) < _VOID_SHARE)
    return np.where(void, later(rng, np.minimum(seen, len(PERIODS) - 2)), NO_PERIOD).astype(np.int8)


def bring(rng: np.random.Generator, cases: Cases, taken_back: int) -> tuple[Results, NDArray[Any]]:
    """Every result of first and resumed enforcement, `taken_back` of them negative amounts. Returns the rows of these too."""
    rows = np.flatnonzero(of_kind(cases, kinds.FIRST_ENFORCEMENT, kinds.RESUMED) & ~cases.void)
    parts = (_inquiries(rng, cases, rows), _realised(rng, cases, rows), follow(rng, cases, rows), _petitions(rng, cases, rows))
    whole = joined(*parts)
    void_in = _void_in(rng, whole)
    negative = _take_back(rng, whole, taken_back)
    return Results(**whole, void_in=void_in, serial=yearly_serials(whole["on"])), negative
