"""Enforcement: claims, what is realised of them, 终本, and the resumptions (执恢) that follow it.

Each 终本 closing may be resumed once, at least thirty days later; a resumption that ends in 终本 may be resumed again,
under its own number or that of the first case. So no case is resumed while a resumption of it is open.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.sample import kinds
from pipelines.sample.cases import (
    Cases,
    carried_over,
    closing_days,
    closing_words,
    filed,
    join,
    of_kind,
    opened,
    place_of,
)
from pipelines.sample.workdays import FIRST, LAST, day, settle

_ZHONGBEN = [place for place, word in enumerate(kinds.WORDS) if word.word == kinds.ZHONGBEN]
_RESUMED_SHARE = 0.72
_REST_DAYS = 30
_SHARE_REALISED = {
    "执行完毕": (1.0, 1.0),
    "和解并履行完毕": (0.7, 1.0),
    "终结执行": (0.0, 0.6),
    kinds.ZHONGBEN: (0.0, 0.2),
}


def is_zhongben(cases: Cases) -> NDArray[np.bool_]:
    """Which cases closed by 终结本次执行程序 up to LAST."""
    return (cases.closed <= LAST) & np.isin(cases.word, _ZHONGBEN)


def claims(rng: np.random.Generator, size: int) -> NDArray[np.int64]:
    """Amounts applied for, in fen; about 1 % ask for no money."""
    fen = np.exp(rng.normal(np.log(3_800_000), 1.45, size)).clip(30_000, 8_000_000_000)
    round_sum = rng.random(size) < 0.35
    fen = np.where(round_sum, np.maximum(1, np.round(fen / 100_000)) * 100_000, fen)
    return np.where(rng.random(size) < 0.01, 0, fen).astype(np.int64)


def realise(rng: np.random.Generator, cases: Cases) -> Cases:
    """The cases with the amount realised by their closing, in fen; 0 where still open."""
    words = [word.word for word in kinds.WORDS]
    low, high = (np.array([_SHARE_REALISED.get(word, (0.0, 0.0))[side] for word in words]) for side in (0, 1))
    luck = rng.random(len(cases))
    share = low[cases.word] + (high - low)[cases.word] * luck**2
    share = np.where(np.isin(cases.word, _ZHONGBEN) & (luck < 0.5), 0.0, share)
    interest = np.where((share == 1.0) & (rng.random(len(cases)) < 0.06), 1 + 0.1 * luck, 1.0)
    closed = cases.closed <= LAST
    return replace(cases, realised=np.where(closed, np.round(cases.applied * share * interest), 0).astype(np.int64))


def _close(rng: np.random.Generator, cases: Cases) -> Cases:
    """The cases closed at their natural pace, with closing manner and amount realised."""
    cases = replace(cases, closed=closing_days(cases))
    return realise(rng, replace(cases, word=closing_words(rng, cases)))


def _after(rng: np.random.Generator, ended: Cases, origin: NDArray[Any]) -> Cases:
    """Resumptions of these 终本 closings, each with the row of its origin."""
    rested = (ended.closed + _REST_DAYS).astype(np.int32)
    delay = np.exp(rng.normal(np.log(130), 0.9, len(ended)))
    registered = settle((rested + np.minimum(delay, 3000)).astype(np.int32), rested, rng.random(len(ended)))
    happens = (rng.random(len(ended)) < _RESUMED_SHARE) & (registered <= LAST)
    kind = np.repeat(place_of(kinds.RESUMED), happens.sum())
    resumed = opened(rng, kind, registered[happens])
    left = (ended.applied - ended.realised)[happens]
    return _close(rng, replace(resumed, origin=origin[happens], applied=np.maximum(left, 0)))


def _from_before(rng: np.random.Generator, in_span: int, in_stock: int) -> Cases:
    """Resumptions of cases that the data do not hold: some of 2012 and some of the opening stock."""
    early = filed(rng, {kinds.RESUMED: in_span})
    days = rng.integers(day("2012-02-06"), day("2012-12-20"), in_span).astype(np.int32)
    days = settle(days, days, rng.random(in_span))
    stock = carried_over(rng, {kinds.RESUMED: in_stock}, longest=360)
    cases = join(replace(early, registered=days, earliest=days), stock)
    return _close(rng, replace(cases, applied=claims(rng, len(cases)), origin=np.full(len(cases), -2, dtype=np.int64)))


def enforced(rng: np.random.Generator, filings: int, stock: int, before: int, stock_resumed: int) -> Cases:
    """First enforcement and every resumption, closed; `origin` counts rows of this very table.

    `filings` first enforcements within the span, `stock` pending at its start; `before` and `stock_resumed` resumptions
    of cases outside the data, in the span and in the stock.
    """
    name = kinds.FIRST_ENFORCEMENT
    first = join(filed(rng, {name: filings}), carried_over(rng, {name: stock}))
    parts = [_close(rng, replace(first, applied=claims(rng, len(first))))]
    parts.append(_from_before(rng, before, stock_resumed))
    ended, place = join(*parts), np.arange(filings + stock + before + stock_resumed)
    root = place.copy()
    while (again := is_zhongben(ended)).any():
        ended, place, root = ended.rows(again), place[again], root[again]
        written = np.where(rng.random(len(ended)) < 0.7, place, root)
        start = sum(len(part) for part in parts)
        tagged = _after(rng, ended, np.arange(len(ended)))
        place, root = np.arange(start, start + len(tagged)), root[tagged.origin]
        parts.append(replace(tagged, origin=written[tagged.origin]))
        ended = parts[-1]
    return join(*parts)


def review_claims(rng: np.random.Generator, cases: Cases) -> Cases:
    """The cases with an amount for preservation; objections ask for no money, other kinds carry none."""
    return replace(cases, applied=np.where(of_kind(cases, "preservation"), claims(rng, len(cases)), 0))


def resumed_in_span(cases: Cases) -> int:
    """How many resumptions were filed in the span."""
    return int((of_kind(cases, kinds.RESUMED) & (cases.registered >= FIRST)).sum())
