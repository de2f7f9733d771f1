"""What the ledger's events amount to: which deliveries there are, which refresh took which, what was refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from warehouse.intake.ledger import Event
from warehouse.intake.tombstones import erased_rows, stands, tombstones

FIRST_ID = 1
SHRINK, ACCEPT_SHRINK = "shrink", "accept_shrink"
"""The guard that refused a snapshot, and the decision that takes it."""
ACCEPT_REVISION = "accept_revision"
"""The decision that lets closed years move far."""


def refresh_id(number: int) -> str:
    """r000012 for 12."""
    return f"r{number:06}"


def refresh_no(name: str) -> int:
    """12 for r000012."""
    return int(name.removeprefix("r"))


@dataclass(frozen=True)
class Delivery:
    """One `delivery` event. The world's order is (extract_on, rank, resent, sha256)."""

    delivery_no: int
    source: str
    path: str
    file: str
    sha256: str
    extract_on: date
    rank: int
    data_until: date
    placeholders: dict[str, str]
    sample: str | None
    repeats: int | None
    resent: int = 0
    """How often a file of this path had been delivered before as this source: put right, or declared anew."""
    redacted: str | None = None
    """The bytes that stand in the place of those that came, where a person was erased from them."""
    erased: Mapping[int, str] = field(default_factory=dict)
    """The records of erased persons, with the day of the erasure."""

    @property
    def blob(self) -> str:
        """The sha256 of the stored bytes to open. `sha256` stays what came, and its place in the world's order."""
        return self.redacted or self.sha256

    @property
    def world_order(self) -> tuple[date, int, int, str]:
        """Greater is later in the world, whenever it arrived. A file put right under its own name follows itself."""
        return self.extract_on, self.rank, self.resent, self.sha256


@dataclass(frozen=True)
class Taken:
    """What a refresh noted of a delivery that it took: by which contract, and how many rows."""

    delivery_no: int
    contract: str
    rows: int
    duplicates: int
    untyped: int
    places: str = "line {line}"
    """Where its rows stand, see `Read.places`."""


@dataclass(frozen=True)
class Publication:
    """One `refresh` event that was not abandoned."""

    number: int
    at: str
    taken: tuple[Taken, ...]
    bundle: str
    warehouse: str
    counting_day: date
    before: str
    """Head of the ledger on which it built."""

    @property
    def id(self) -> str:
        """r000012."""
        return refresh_id(self.number)


@dataclass
class Chronicle:
    """The events of one ledger, read once."""

    deliveries: dict[int, Delivery] = field(default_factory=dict)
    publications: list[Publication] = field(default_factory=list)
    refusals: dict[int, Event] = field(default_factory=dict)
    abandoned: set[int] = field(default_factory=set)
    accepted: set[int] = field(default_factory=set)
    """Deliveries that a person takes although they lack much of what the snapshot before had."""
    revised: set[int] = field(default_factory=set)
    """Refreshes in which a person let closed years move."""

    @property
    def last(self) -> Publication | None:
        """The latest publication."""
        return self.publications[-1] if self.publications else None

    @property
    def next_number(self) -> int:
        """An abandoned id is not used again."""
        used = [p.number for p in self.publications] + list(self.abandoned)
        return max(used, default=FIRST_ID - 1) + 1

    @property
    def taken(self) -> dict[int, tuple[Publication, Taken]]:
        """By delivery number: who took it, and what was noted."""
        return {taken.delivery_no: (publication, taken) for publication in self.publications for taken in publication.taken}

    def waiting(self, contracts: dict[str, str]) -> list[Delivery]:
        """Deliveries that no refresh took, in the order of the ledger.

        One that was refused is tried again when its contract (`contracts`: version by source) has changed since, and one
        that lacked too much when it was accepted.
        """
        taken = self.taken
        return [
            delivery
            for delivery in self.deliveries.values()
            if delivery.delivery_no not in taken
            and delivery.source in contracts
            and (self.refusals.get(delivery.delivery_no, {}).get("contract") != contracts[delivery.source]
                 or (delivery.delivery_no in self.accepted and self.has_shrunk(delivery.delivery_no)))
        ]  # fmt: skip

    def has_shrunk(self, delivery_no: int) -> bool:
        """Whether it was refused for what it lacks."""
        return self.refusals.get(delivery_no, {}).get("guard") == SHRINK


def read_chronicle(events: Iterable[Event]) -> Chronicle:
    """The chronicle of the events of a ledger."""
    events = list(events)
    chronicle = Chronicle(abandoned={refresh_no(e["refresh_id"]) for e in events if e["event"] == "abandoned"})
    sent: Counter[tuple[str, str]] = Counter()
    is_revision = False
    for event in events:
        if event["event"] in ("refresh", "abandoned"):
            if is_revision and event["event"] == "refresh":
                chronicle.revised.add(refresh_no(event["refresh_id"]))
            is_revision = False
        is_revision = is_revision or (event["event"] == "decision" and event["decision"] == ACCEPT_REVISION)
        if event["event"] == "delivery":
            named = event["source"], event["path"]
            chronicle.deliveries[event["delivery_no"]] = _delivery(event, sent[named])
            sent[named] += 1
        elif event["event"] == "refused":
            chronicle.refusals[event["delivery_no"]] = event
        elif event["event"] == "decision" and event["decision"] == ACCEPT_SHRINK:
            chronicle.accepted.update(event["deliveries"])
        elif event["event"] == "refresh" and refresh_no(event["refresh_id"]) not in chronicle.abandoned:
            chronicle.publications.append(_publication(event))
        elif event["event"] == "rebuilt" or (event["event"] == "erased" and event["warehouse"]):
            last = chronicle.publications.pop()
            chronicle.publications.append(Publication(**{**last.__dict__, "warehouse": event["warehouse"]}))
    _redact(chronicle, events)
    return chronicle


def _redact(chronicle: Chronicle, events: list[Event]) -> None:
    """Says of each delivery from which a person was erased what stands in its place."""
    stones = tombstones(events)
    for number, delivery in chronicle.deliveries.items() if stones else ():
        if delivery.sha256 in stones:
            erased = erased_rows(delivery.sha256, delivery.source, stones)
            chronicle.deliveries[number] = replace(delivery, redacted=stands(delivery.sha256, stones), erased=erased)


def _delivery(event: dict[str, Any], resent: int) -> Delivery:
    return Delivery(
        event["delivery_no"], event["source"], event["path"], event["file"], event["sha256"],
        date.fromisoformat(event["extract_on"]), event["rank"], date.fromisoformat(event["data_until"]),
        event["placeholders"], event["sample"], event["repeats"], resent,
    )  # fmt: skip


def _publication(event: dict[str, Any]) -> Publication:
    return Publication(
        refresh_no(event["refresh_id"]), event["at"], tuple(Taken(**taken) for taken in event["taken"]), event["bundle"],
        event["warehouse"], date.fromisoformat(event["counting_day"]), event["before"],
    )  # fmt: skip
