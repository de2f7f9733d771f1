"""Withheld figures that a person released: for one publication each, with a name and a reason, on the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from warehouse.intake.ledger import Event

DECISION = "release_figure"


@dataclass(frozen=True)
class Released:
    """Who let a figure be shown although a rule withholds it, and why."""

    who: str
    why: str
    at: str


def released(events: Iterable[Event]) -> dict[str, Released]:
    """The releases on the ledger, by the figure's id with the publication in it; of several the last."""
    return {
        event["figure"]: Released(event["who"], event["why"], event["at"])
        for event in events
        if event["event"] == "decision" and event["decision"] == DECISION
    }
