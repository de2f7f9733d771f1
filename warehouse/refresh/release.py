"""Releasing rows from quarantine: their deliveries are read again after the contract, a code list or a rule was mended.

A release is a decision on the ledger, and a delivery anew of bytes that landing holds: the next refresh takes it, by the
contract as it is then. Its rows follow those of the first reading, as if the file had been sent again.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from warehouse.catalogue.bundle import Catalogue, pack
from warehouse.intake.chronicle import read_chronicle
from warehouse.intake.land import store_bytes
from warehouse.intake.ledger import Event, Ledger
from warehouse.store.place import Place
from warehouse.store.swap import locked

SAID = ("source", "path", "file", "sha256", "bytes", "extract_on", "rank", "data_until", "placeholders", "sample")
"""What is said of a delivery and holds for its second reading too."""


def release(place: Place, catalogue: Catalogue, numbers: Collection[int], who: str, why: str | None) -> list[Event]:
    """Notes that these deliveries are to be read again; the new `delivery` events.

    Left out are those whose contract, code lists and rules are as they were when they were read, and those sent again since.

    Raises:
        AnotherRefreshRuns: the lock is held.
    """
    with locked(place):
        ledger = Ledger(place.landing)
        events = list(ledger.events())
        chronicle = read_chronicle(events)
        taken, bundle = chronicle.taken, store_bytes(pack(catalogue), place.landing)
        newest = {(d.source, d.path): n for n, d in chronicle.deliveries.items()}
        again = [
            event
            for event in events
            if event["event"] == "delivery"
            and event["delivery_no"] in numbers
            and newest[event["source"], event["path"]] == event["delivery_no"]
            and event["delivery_no"] in taken
            and taken[event["delivery_no"]][0].bundle != bundle
        ]
        if not again:
            return []
        now = datetime.now(ZoneInfo(catalogue.profile.settings.time_zone)).isoformat(timespec="seconds")
        ledger.add("decision", at=now, decision="release", who=who, why=why or "the contract was mended",
                   deliveries=[event["delivery_no"] for event in again])  # fmt: skip
        last = max(chronicle.deliveries)
        return [
            ledger.add("delivery", delivery_no=last + n, at=now, **{key: event[key] for key in SAID}, repeats=None,
                       lines=event.get("lines"), released=event["delivery_no"])
            for n, event in enumerate(again, 1)
        ]  # fmt: skip
