"""What happens at the made-up court: who files when, how long it lasts, how it ends, in totals that are exact.

The counted cases add up to the totals asked for; mediation before filing, the other classes outside the totals, and
void numbers come on top. How it is written down and sent does not belong here (`numbering`, `deliveries`).
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pipelines.sample import kinds
from pipelines.sample.cases import (
    NEVER,
    Cases,
    carried_over,
    closing_days,
    closing_words,
    filed,
    join,
    of_kind,
)
from pipelines.sample.choices import share_out
from pipelines.sample.enforcement import enforced, resumed_in_span, review_claims
from pipelines.sample.workdays import FIRST, LAST, work_day_before

FILED, CLOSED, STOCK = 54456, 52921, 2214  # the court's published totals; the stock is ours
_SMALLEST = 500


def _stock_shares() -> dict[str, float]:
    """What was pending at the start, by kind: filings times the length of a case."""
    lengths: dict[str, float] = {}
    weights: dict[str, float] = {}
    for track in kinds.TRACKS:
        if not track.first:
            mean = track.median * np.exp(track.spread**2 / 2)
            lengths[track.kind] = lengths.get(track.kind, 0.0) + track.weight * mean
            weights[track.kind] = weights.get(track.kind, 0.0) + track.weight
    old = {spelling.kind for spelling in kinds.SPELLINGS if not spelling.first}
    return {name: kind.share * lengths[name] / weights[name] for name, kind in kinds.COUNTED.items() if name in old}


def _closed(cases: Cases) -> int:
    """How many closed in the span."""
    return int((cases.closed <= LAST).sum())


def _at_pace(cases: Cases, wanted: int) -> Cases:
    """The cases closed at the pace at which just about `wanted` of them close in the span."""
    slow, fast = np.log(6.0), np.log(0.1)
    for _ in range(11):
        middle = (slow + fast) / 2
        if (closing_days(cases, float(np.exp(middle))) <= LAST).sum() < wanted:
            slow = middle
        else:
            fast = middle
    return replace(cases, closed=closing_days(cases, float(np.exp((slow + fast) / 2))))


def _exactly(rng: np.random.Generator, cases: Cases, wanted: int) -> Cases:
    """The cases of which exactly `wanted` are closed: the last few closings undone, or a few more added."""
    closed = cases.closed.copy()
    missing = wanted - _closed(cases)
    if missing < 0:
        late = np.argsort(np.where(closed <= LAST, -closed, 1), kind="stable")[: 10 - 8 * missing]
        closed[rng.choice(late, -missing, replace=False)] = NEVER
    elif missing > 0:
        pending = np.flatnonzero(closed > LAST)
        oldest = pending[np.argsort(cases.registered[pending], kind="stable")][: 10 + 8 * missing]
        more = rng.choice(oldest, missing, replace=False)
        start = np.maximum(cases.earliest[more], LAST - 40)
        days = work_day_before(start + (LAST - start) * rng.random(missing))
        closed[more] = np.maximum(days, start)
    return replace(cases, closed=closed)


def _void(rng: np.random.Generator, count: int) -> Cases:
    """Numbers given out by mistake and never used: no track closes them."""
    shares = {"civil_first": 0.62, kinds.FIRST_ENFORCEMENT: 0.3, "criminal_first": 0.08}
    cases = filed(rng, share_out(count, shares))
    return replace(cases, void=np.ones(len(cases), dtype=np.bool_))


def _on_top(rng: np.random.Generator, cases: int) -> Cases:
    """Mediation before filing and the classes outside the totals, about 4 % of `cases`, closed."""
    counts = {name: round(cases * kind.share) for name, kind in kinds.EXCLUDED.items()}
    others = filed(rng, counts)
    others = replace(others, closed=closing_days(others))
    return replace(others, word=closing_words(rng, others))


def check_size(cases: int) -> None:
    """Raises ValueError where a docket would be too small to have something of everything."""
    if cases < _SMALLEST:
        raise ValueError(
            f"a docket of [{cases}] cases is too small: shares and rates need some rows in every large family. "
            f"Ask for at least {_SMALLEST} cases."
        )


def draw(rng: np.random.Generator, cases: int) -> Cases:
    """Every case number of the court: `cases` counted filings in the span, the opening stock, and what comes on top.

    Of stock and filings together, round(cases × 52921 / 54456) close in the span. Row order has no meaning; `origin`
    holds row places.
    """
    stock = share_out(round(cases * STOCK / FILED), _stock_shares() | {kinds.RESUMED: 0.8})
    shares = {name: kind.share for name, kind in kinds.COUNTED.items()}
    first = round(cases * shares.pop(kinds.FIRST_ENFORCEMENT))
    enforcement = enforced(rng, first, stock.pop(kinds.FIRST_ENFORCEMENT), round(cases * 0.0006), stock.pop(kinds.RESUMED))
    rest = join(filed(rng, share_out(cases - first - resumed_in_span(enforcement), shares)), carried_over(rng, stock))
    wanted = round(cases * CLOSED / FILED) - _closed(enforcement)
    rest = _exactly(rng, _at_pace(rest, wanted), wanted)
    rest = review_claims(rng, replace(rest, word=closing_words(rng, rest)))
    return join(enforcement, rest, _void(rng, max(3, round(cases * 0.0008))), _on_top(rng, cases))


def is_counted(cases: Cases) -> NDArray[np.bool_]:
    """Which case numbers enter the totals: not void and of a counted kind."""
    return np.asarray(~cases.void & of_kind(cases, kinds.RESUMED, *kinds.COUNTED))


def is_filed(cases: Cases) -> NDArray[np.bool_]:
    """Which counted cases were filed in the span."""
    return is_counted(cases) & (cases.registered >= FIRST)
