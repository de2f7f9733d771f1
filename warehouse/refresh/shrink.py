"""The guard against snapshots that lost many rows: an export that was cut off would say that the cases are gone.

A snapshot is held against the one before it in the world's order, by the keys of their rows, those set aside among them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from warehouse.catalogue.contract import Contract
from warehouse.intake.chronicle import Delivery
from warehouse.intake.refused import FileRefused

Keys = Callable[[Delivery], pl.Series]
"""The keys of a delivery's rows, each once."""
KEY_OF = {"cases": "case_key", "registrations": "application_key", "case_events": "case_key", "totals": "total_key"}
"""The column of the staged rows that is their key."""


@dataclass(frozen=True)
class Acceptance:
    """What a person says, once: the snapshots of `source` are taken, however much they lack; closed years may move far."""

    who: str
    why: str
    source: str | None = None
    revision: bool = False


class Shrunk(FileRefused):
    """A snapshot in which more vanished than the contract allows."""


def shrunk(contract: Contract, known: Sequence[Delivery], new: Sequence[Delivery], keys_of: Keys) -> dict[int, Shrunk]:
    """The refusals of the new snapshots of a source that lack too many keys of the one before, by delivery number.

    `known` are the deliveries of the source that count already, `new` those to be looked at. A refused one is no measure for
    the next.
    """
    if contract.kind != "snapshot":
        return {}
    found: dict[int, Shrunk] = {}
    numbers = {delivery.delivery_no for delivery in new}
    before: Delivery | None = None
    for delivery in sorted([*known, *new], key=lambda one: one.world_order):
        if before is not None and delivery.delivery_no in numbers:
            refusal = _refusal(contract, before, keys_of(before), keys_of(delivery))
            if refusal is not None:
                found[delivery.delivery_no] = refusal
                continue
        before = delivery
    return found


def _refusal(contract: Contract, before: Delivery, past: pl.Series, present: pl.Series) -> Shrunk | None:
    gone = len(past) - int(past.is_in(present.implode()).sum())
    limit = contract.shrink
    if gone <= limit.rows or gone <= limit.share * len(past):
        return None
    return Shrunk(
        f"[{gone:,}] of the [{len(past):,}] keys of the snapshot before it, {before.file}, are missing",
        f"More than {limit.share:.0%} vanished: the export may have been cut off, or filtered",
        f"Look at the export; if it is whole, run `caseload refresh --accept-shrink {contract.source}`",
    )
