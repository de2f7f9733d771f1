"""Applications to register: one for each case that needs one, the refused and returned, and those still waiting.

Since 2015-05-01 a fixed share is registered on the day of receipt; before, about three quarters. Which file tells what
of them does not belong here (`deliveries`). Days count from 1970-01-01, UNKNOWN means not yet or never.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.cases import Cases, of_kind
from pipelines.sample.corrections import later
from pipelines.sample.docket import is_filed
from pipelines.sample.kinds import ALL
from pipelines.sample.numbering import yearly_serials
from pipelines.sample.periods import PERIODS, period_of
from pipelines.sample.workdays import FIRST, LAST, REGISTRATION_LAW, Days, work_day_before

CATEGORIES = ("民事一审", "行政一审", "刑事自诉", "国家赔偿", "首次执行")
CHANNELS = ("窗口", "网上", "邮寄", "其他")
DECISIONS = ("登记立案", "不予立案", "退回诉状", "通知补正")
UNKNOWN = 2**30
_REGISTER, _REFUSE, _RETURN, _CORRECT = range(len(DECISIONS))
_CATEGORY_OF = {
    "civil_first": "民事一审",
    "administrative_first": "行政一审",
    "private_prosecution": "刑事自诉",
    "administrative_compensation": "国家赔偿",
    "judicial_compensation": "国家赔偿",
    "first_enforcement": "首次执行",
}
_LARGE = (CATEGORIES.index("民事一审"), CATEGORIES.index("首次执行"))
_SAME_DAY_SINCE_LAW = 0.961
_LONGEST_DELAY = 7  # days from receipt to registration without corrections
_REFUSED_SHARE = 0.03
_FEWEST_WAITING = 2


@dataclass(frozen=True)
class Applications:
    """Columns of equal length, one row per application; codes are places in the lists above."""

    category: NDArray[np.int8]
    received: Days
    decision: NDArray[np.int8]
    decided: Days
    noticed: Days
    supplied: Days
    registered: Days
    case: NDArray[np.int64]  # row of the case, -1 if none
    channel: NDArray[np.int8]
    first_channel: NDArray[np.int8]  # what was told before `put_right`
    put_right: NDArray[np.int8]  # place in PERIODS of the correcting file, 0 if never wrong
    serial: NDArray[np.int32]  # in its year of receipt


def _not_same_day(rng: np.random.Generator, registered: Days) -> NDArray[np.bool_]:
    """Which applications take longer than a day: by chance before the law, an exact number since."""
    before = rng.random(len(registered)) > 0.70 + 0.10 * (registered - FIRST) / (REGISTRATION_LAW - FIRST)
    slow = before & (registered < REGISTRATION_LAW + _LONGEST_DELAY)  # those since the law: received before it
    since = np.flatnonzero((registered >= REGISTRATION_LAW) & ~slow)
    settled = since[registered[since] > REGISTRATION_LAW + _LONGEST_DELAY]
    count = len(since) - round(len(since) * _SAME_DAY_SINCE_LAW)
    likely = 1.6 ** (-(registered[settled] - REGISTRATION_LAW) / 180)  # fewer as the court gets used to it
    slow[settled[np.argsort(rng.random(len(settled)) ** (1 / likely), kind="stable")[len(settled) - count :]]] = True
    return slow


def _registered(rng: np.random.Generator, cases: Cases) -> dict[str, NDArray[Any]]:
    """One application for every case that needs one, worked back from its registration."""
    case = np.flatnonzero(is_filed(cases) & of_kind(cases, *_CATEGORY_OF))
    registered, size = cases.registered[case], len(case)
    slow = _not_same_day(rng, registered)
    corrected = slow & (rng.random(size) < 0.2) & ((registered < REGISTRATION_LAW) | (registered >= REGISTRATION_LAW + 30))
    delay = rng.integers(1, _LONGEST_DELAY + 1, size)
    since_law = registered - REGISTRATION_LAW
    delay = np.where((since_law >= 0) & (since_law < _LONGEST_DELAY), np.maximum(delay, since_law + 1), delay)
    supplied = registered - rng.integers(0, 6, size)
    noticed = supplied - rng.integers(1, 16, size)
    received = np.where(corrected, noticed - rng.integers(0, 5, size), registered - delay * slow)
    names = np.array([CATEGORIES.index(_CATEGORY_OF[name]) if name in _CATEGORY_OF else -1 for name in ALL])
    return {
        "category": names[cases.kind[case]],
        "received": received,
        "decision": np.where(corrected, _CORRECT, _REGISTER),
        "decided": np.where(corrected, noticed, registered),
        "noticed": np.where(corrected, noticed, UNKNOWN),
        "supplied": np.where(corrected, supplied, UNKNOWN),
        "registered": registered,
        "case": case,
    }


def _turned_away(rng: np.random.Generator, like: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The refused and the returned: received when others were, decided within a week, undecided at the very end."""
    size = round(_REFUSED_SHARE * len(like["case"]))
    model = rng.choice(len(like["case"]), size, replace=False)
    received = np.maximum(like["received"][model], FIRST)
    nothing = np.full(size, UNKNOWN)
    return {
        "category": like["category"][model],
        "received": received,
        "decision": np.where(rng.random(size) < 0.6, _REFUSE, _RETURN),
        "decided": received + rng.integers(0, 7, size) * (rng.random(size) < 0.7),
        "noticed": nothing,
        "supplied": nothing,
        "registered": nothing,
        "case": np.full(size, -1),
    }


def _waiting(rng: np.random.Generator, like: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Applications of the last weeks whose corrections have not come."""
    size = max(_FEWEST_WAITING, round(0.0008 * len(like["case"])))
    received = work_day_before(LAST - rng.integers(0, 22, size))
    noticed = np.minimum(received + rng.integers(0, 5, size), LAST)
    nothing = np.full(size, UNKNOWN)
    return {
        "category": rng.choice(_LARGE, size),
        "received": received,
        "decision": np.full(size, _CORRECT),
        "decided": noticed,
        "noticed": noticed,
        "supplied": nothing,
        "registered": nothing,
        "case": np.full(size, -1),
    }


def _channels(rng: np.random.Generator, received: Days) -> NDArray[np.int8]:
    """How each came in: online from 1 % in 2012 to about a seventh in 2016."""
    luck = rng.random(len(received))
    online = 0.01 + 0.13 * np.clip((received - FIRST) / (LAST - FIRST), 0, 1) ** 2
    channel = np.where(luck < online, 1, np.where(luck > 0.985, 3, np.where(luck > 0.945, 2, 0)))
    return channel.astype(np.int8)


def _narrow(columns: dict[str, NDArray[Any]]) -> dict[str, Any]:
    """The columns in the types that Applications names."""
    codes = ("category", "decision", "channel", "first_channel", "put_right")
    types = dict.fromkeys(columns, np.int32) | dict.fromkeys(codes, np.int8) | {"case": np.int64}
    return {name: column.astype(types[name]) for name, column in columns.items()}


def apply(rng: np.random.Generator, cases: Cases) -> Applications:
    """Every application: registered ones first, then those turned away, then those waiting."""
    registered = _registered(rng, cases)
    parts = (registered, _turned_away(rng, registered), _waiting(rng, registered))
    whole = {name: np.concatenate([part[name] for part in parts]) for name in registered}
    received = whole["received"].astype(np.int32)
    channel = _channels(rng, received)
    seen = period_of(received)
    put_right = np.where(
        (rng.random(len(received)) < 0.002) & (seen < len(PERIODS) - 1),
        later(rng, np.minimum(seen, len(PERIODS) - 2)),
        0,
    )
    whole |= {
        "channel": channel,
        "first_channel": np.where(put_right > 0, (channel + 1) % len(CHANNELS), channel),
        "put_right": put_right,
        "serial": yearly_serials(received),
    }
    return Applications(**_narrow(whole))
