"""The library of audit queries: a question with its parameters, answered on what was known at a publication."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from warehouse.audit.explain import knowledge
from warehouse.audit.making import parameters
from warehouse.catalogue.audit_query import AuditQuery, read_audit_queries
from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.documents import nearest
from warehouse.catalogue.pattern import Pattern
from warehouse.catalogue.query import HOUSE, read_query
from warehouse.intake.ledger import Event
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import Unknown
from warehouse.store.duck import lay_beside

Needing = TypeVar("Needing", AuditQuery, Pattern)
DECISIONS = ("seq", "decided_at", "decision", "who", "what", "why")
ACCESSES = ("seq", "looked_at", "who", "kind", "what")
UNSAID = ("seq", "event", "at", "who", "why", "decision", "before")
"""Fields of a decision that stand in columns of their own; what else it says is what it is about."""


@dataclass(frozen=True)
class Listed:
    """What an audit query found: rows in the order of its columns, as known at `refresh_id`."""

    query: AuditQuery
    values: Mapping[str, Any]
    refresh_id: str
    rows: tuple[tuple[Any, ...], ...]

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            **self.query.model_dump(mode="json"), "refresh_id": self.refresh_id,
            "asked": {name: str(value) for name, value in self.values.items()},
            "rows": [dict(zip(self.query.columns, row, strict=True)) for row in self.rows],
        }  # fmt: skip


def audit_query(name: str, catalogue: Catalogue) -> AuditQuery:
    """The query of that name.

    Raises:
        Unknown: there is none, or the profile lacks what it needs.
    """
    return named("audit query", name, read_audit_queries(), catalogue)


def named(what: str, name: str, known: Mapping[str, Needing], catalogue: Catalogue) -> Needing:
    """The one of that name that a profile has the data for; `what` is what they are called.

    Raises:
        Unknown: there is none, or the profile lacks what it needs.
    """
    if name not in known:
        raise Unknown(f"there is no {what} [{name}]. {nearest(name, list(known))}")
    if not known[name].applies(catalogue):
        raise Unknown(f"the profile {catalogue.profile.id} lacks what [{name}] needs: {', '.join(known[name].needs)}. "
                      "`caseload sources list` shows what is delivered")  # fmt: skip
    return known[name]


def listed(
    reader: Reader, catalogue: Catalogue, query: AuditQuery, given: Mapping[str, str],
    events: Sequence[Event], accesses: Sequence[Event],
) -> Listed:  # fmt: skip
    """The rows of a query as known at the reader's publication; `events` and `accesses` are ledger and access log.

    Raises:
        ValueError: a parameter is unknown, missing or not of its type.
    """
    values = query.values(given)
    asked = read_query(HOUSE / "sql", f"audit/library/{query.id}")
    refresh = reader.snapshot.refresh
    with knowledge(reader, catalogue) as connection:
        lay_beside(connection, "decisions", DECISIONS, _decisions(events, refresh.id))
        lay_beside(connection, "accesses", ACCESSES, [
            (one["seq"], one["at"], one["who"], one["event"], str(one.get("what", ""))) for one in accesses])  # fmt: skip
        found = connection.execute(asked.text, asked.bind({**parameters(catalogue, refresh), **values}))
        names = tuple(column[0] for column in found.description)
        if names != tuple(query.columns):
            raise ValueError(f"sql/audit/library/{query.id}.sql gives {', '.join(names)}, and warehouse/audits/{query.id}.yml "
                             f"names {', '.join(query.columns)}. Make them equal")  # fmt: skip
        return Listed(query, values, refresh.id, tuple(found.fetchall()))


def _decisions(events: Sequence[Event], until: str) -> list[tuple[Any, ...]]:
    """The decisions on the ledger up to a publication, or all of them where it is the last."""
    last = [event["seq"] for event in events if event["event"] == "refresh"]
    mine = next((event["seq"] for event in events if event["event"] == "refresh" and event["refresh_id"] == until), None)
    end = None if mine is None or mine == last[-1] else mine
    return [
        (one["seq"], one["at"], one["decision"], one.get("who"), _about(one), one.get("why"))
        for one in events
        if one["event"] == "decision" and (end is None or one["seq"] < end)
    ]


def _about(event: Event) -> str:
    about = {name: value for name, value in event.items() if name not in UNSAID}
    if len(about) == 1:
        (value,) = about.values()
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return json.dumps(about, ensure_ascii=False)
