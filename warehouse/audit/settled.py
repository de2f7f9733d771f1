"""Looking at ledger and warehouse without a lock, beside a refresh that may be at work.

A fault is believed once everything stood still from before it was looked for until a while after.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from warehouse.intake.access import NAME as ACCESS
from warehouse.store.place import Place

STILL = 1.0
"""Seconds without a change after which a fault is no refresh at work: between an event and its seal, or its swap, lie a few
milliseconds; an fsync on a slow disk takes longer.
"""
LOOKS = 100
"""How often is looked again where things go on moving."""
Found = TypeVar("Found")
State = list[tuple[int, int, int] | None]


def settled(place: Place, still: float, look: Callable[[], Found], is_wrong: Callable[[Found], bool]) -> Found:
    """What a look gives; where that is wrong and something moved meanwhile, or moves within `still` seconds, another look."""
    for _ in range(LOOKS):
        before = _state(place)
        found = look()
        if not is_wrong(found) or not _moves(place, before, still):
            break
    return found


def _moves(place: Place, before: State, still: float) -> bool:
    until = time.monotonic() + still
    while _state(place) == before:
        if time.monotonic() >= until:
            return False
        time.sleep(min(0.02, still))
    return True


def _state(place: Place) -> State:
    """How ledger, access log, their seals and the warehouse look from outside."""
    found: State = []
    logs = (place.landing / f"{name}.{end}" for name in ("ledger", ACCESS) for end in ("jsonl", "head"))
    for path in (*logs, place.warehouse):
        try:
            stat = path.stat()
        except FileNotFoundError:
            found.append(None)
        else:
            found.append((stat.st_ino, stat.st_size, stat.st_mtime_ns))
    return found
