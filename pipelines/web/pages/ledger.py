"""The ledger: what happened, newest first, and of one event the proof that it stands there."""

from __future__ import annotations

import re
from typing import Any

from pipelines.web.visit import Visit
from pipelines.web.words import N_
from warehouse.audit.heads import present_head, proof_of_event
from warehouse.intake.ledger import Event
from warehouse.reading.snapshot import Unknown

ROWS = 50
KINDS = {
    "delivery": N_("delivery"), "refused": N_("file refused"), "decision": N_("decision"), "refresh": N_("publication"),
    "abandoned": N_("refresh given up"), "rebuilt": N_("warehouse made anew"), "erased": N_("person erased"),
}  # fmt: skip


def show(visit: Visit, rest: str) -> tuple[str, dict[str, Any]]:
    """A page of events, or the one whose number is named.

    Raises:
        Unknown: there is no such event or page.
    """
    place, events = visit.court.place, visit.court.events()
    if rest:
        if not re.fullmatch("[0-9]{1,9}", rest) or not 1 <= int(rest) <= len(events):
            raise Unknown(f"there is no event [{rest}] on the ledger")
        event = events[int(rest) - 1]
        return "event.html", {"event": event, "proof": proof_of_event(place, int(rest)), "kinds": KINDS, "about": about(event)}
    skip = ROWS * (visit.view.page - 1)
    if skip and skip >= len(events):
        raise Unknown(f"[{visit.view.page}] is no page of the ledger")
    newest = events[::-1][skip : skip + ROWS]
    return "ledger.html", {
        "rows": [(event, about(event)) for event in newest], "kinds": KINDS, "head": present_head(place), "skip": skip,
        "total": len(events), "pages": max(1, -(-len(events) // ROWS)),
    }  # fmt: skip


def about(event: Event) -> str:
    """What an event is about, in the words of the ledger itself."""
    match event["event"]:
        case "delivery":
            again = f", = {event['repeats']}" if event.get("repeats") else ""
            return f"{event['delivery_no']}: {event['source']}/{event['file']}{again}"
        case "refused":
            return str(event.get("reason") or event.get("file") or "")
        case "refresh":
            return f"{event['refresh_id']}: {len(event['taken'])} → {event['counting_day']}"
        case "decision":
            what = event.get("case_key") or event.get("figure") or event.get("refresh_id") or event.get("deliveries") or ""
            return f"{event['decision']} {what} · {event.get('who') or '–'}: {event.get('why') or '–'}"
        case _:
            return " · ".join(str(event[key]) for key in ("refresh_id", "who", "why") if event.get(key))
