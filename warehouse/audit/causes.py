"""Why a case or an application counts otherwise after a step: what its delivery said of it that was not known before.

Belongs here: the two states of a case, compared. Does not belong here: how much a figure moved by it (states, compare).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from warehouse.store.duck import named_rows
from warehouse.store.knowledge import MARK

Row = dict[str, Any]
Fields = tuple[tuple[str, str | None, str | None], ...]
"""Column, from, to."""
At = tuple[int, str]
"""A step and a key."""
PLACES = ("delivery_no", "record", "line")
DERIVED = ("case_key", "application_key", "family", "counts_as", "instance", "closing_effect", "is_counted")
"""What no delivery says: made of the rest by the code lists, or the key itself."""
ENTRIES = {"clock_event_history": "clock_event", "enforcement_result_history": "result"}
"""What is told of a case beside its row, by table."""
KINDS = (
    "late",
    "new",
    "released",
    "corrected",
    "completed",
    "emptied",
    "correction",
    "key_change",
    "vanished",
    "returned",
    "linked",
    "clock_event",
    "result",
)


@dataclass(frozen=True)
class Change:
    """What a step said of one case or application. `fields` are (column, from, to)."""

    kind: str
    number: str
    line: int | None = None
    fields: Fields = ()
    because_of: tuple[str, ...] = ()
    """Of a linked case: the cases that it is linked to and that the step spoke of."""
    rules: tuple[str, ...] = ()
    """Of one that came right: why its row had been set aside."""
    by_hand: str = ""
    """Of one that a person corrected: who, and why."""


@dataclass
class Told:
    """The states of every case and application in the scope of a comparison, and what else is known of them."""

    before: dict[At, Row] = field(default_factory=dict)
    after: dict[At, Row] = field(default_factory=dict)
    presence: dict[At, str] = field(default_factory=dict)
    told: set[At] = field(default_factory=set)
    by_hand: dict[At, list[Row]] = field(default_factory=lambda: defaultdict(list))
    """The corrections that a step brought."""
    entries: dict[At, list[tuple[str, Row]]] = field(default_factory=lambda: defaultdict(list))
    """Clock events and results that a step told of a case, each with its kind."""
    former: dict[At, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The numbers that a case bore before, where a person corrected its number: deliveries may go on using them."""
    neighbours: dict[At, set[str]] = field(default_factory=lambda: defaultdict(set))
    released: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    """By key and refresh: the reasons for which rows had been set aside that came right then."""

    def under_all_numbers(self, at: At) -> list[At]:
        """A case under its own key, and under those that its number was corrected from."""
        found, waiting = [at], [*self.former.get(at, ())]
        while waiting:
            one = at[0], waiting.pop()
            if one not in found:
                found.append(one)
                waiting += self.former.get(one, ())
        return found


def read_told(connection: Any, steps: Mapping[int, int]) -> Told:
    """The states that stand in a connection of `model_between`; `steps` gives the delivery of each step."""
    told = Told()
    for table, key in (("cases", "case_key"), ("registration_decisions", "application_key")):
        for row in _rows(connection, f"select * from model.{table}"):
            state, step, side = row[key].split(MARK)
            (told.after if side == "1" else told.before)[int(step), state] = row
            origin = row.get("origin_case_key")
            if origin:
                there = origin.split(MARK)[0]
                told.neighbours[int(step), state].add(there)
                told.neighbours[int(step), there].add(state)
    for row in _rows(connection, "select case_key, delivery_no, presence from model.case_history where presence <> 'seen'"):
        for at in _brought(row, "case_key", steps):
            told.presence[at] = row["presence"]
    for row in _rows_if_held(connection, "correction_history"):
        for at in (*_brought(row, "case_key", steps), *_brought(row, "new_case_key", steps)):
            told.by_hand[at].append(row)
        if row["new_case_key"] is not None:
            old, step, _ = row["case_key"].split(MARK)
            told.former[int(step), row["new_case_key"].split(MARK)[0]].add(old)
    for table, kind in ENTRIES.items():
        for row in _rows_if_held(connection, table):
            for at in _brought(row, "case_key", steps):
                told.entries[at].append((kind, row))
    told.told = {(row["step"], row["entity_key"]) for row in _rows(connection, "select * from knowledge.scope where is_told")}
    return told


def _brought(row: Row, name: str, steps: Mapping[int, int]) -> list[At]:
    """The step and case whose state the row is in, where it is that step's delivery that brought it; else none."""
    if row[name] is None:
        return []
    state, step, side = row[name].split(MARK)
    return [(int(step), state)] if side == "1" and row["delivery_no"] == steps[int(step)] else []


def _rows_if_held(connection: Any, table: str) -> Iterable[Row]:
    """None in the model of a program that knew of no such table."""
    held = "select 1 from duckdb_tables() where schema_name = 'model' and table_name = $t and not internal"
    if not connection.execute(held, {"t": table}).fetchall():
        return []
    return _rows(connection, f"select * from model.{table}")


def _rows(connection: Any, sql: str) -> Iterable[Row]:
    return named_rows(connection.execute(sql))


def change_at(told: Told, at: At, refresh_no: int, counted_before: date) -> Change:
    """What the step said of one case or application; `counted_before` is the counting day of the refresh before it."""
    before, after = told.before.get(at), told.after.get(at)
    fields = _fields(before, after)
    row = after or before or {}
    ats = [at] if at in told.told else told.under_all_numbers(at)
    is_told = any(one in told.told for one in ats)
    number, line = str(row.get("case_number") or at[1]), row.get("line") if is_told else None
    rules = tuple(sorted(reason for _, key in ats for reason in told.released.get((key, refresh_no), ())))
    presence = next((told.presence[one] for one in ats if one in told.presence), None)
    every = told.under_all_numbers(at)
    by_hand = {id(row): row for one in every for row in told.by_hand.get(one, ())}  # a change of number is told of both
    entries = [entry for one in every for entry in told.entries.get(one, ())]
    if by_hand:
        return _by_hand([*by_hand.values()], number, fields, is_renumbered=before is None or after is None)
    if entries and before is not None and not fields and presence is None:
        return _entered(entries, number)
    if not is_told or (before is not None and not fields and presence is None):
        near = _told_near(told, at)
        # Its row stands as it was, but an older extract came late: when a case was first closed is read from history.
        return Change("linked", number, because_of=near) if near or not is_told else Change("late", number)
    if presence == "absent":
        return Change("vanished", number)
    if rules:
        return Change("released", number, line, fields if before else (), rules=rules)
    if before is None:
        day = row.get("registered_on") or row.get("decided_on") or row.get("received_on")
        return Change("late" if day is not None and day <= counted_before else "new", number, line)
    if presence == "returned" and not fields:
        return Change("returned", number, line)
    return Change(_kind(fields), number, line, fields)


def _by_hand(rows: list[Row], number: str, fields: Fields, is_renumbered: bool) -> Change:
    """The corrections that moved the case: of its number, or of the fields that differ."""
    told = [row for row in rows if row["new_case_key"]] if is_renumbered else []
    names = {name for name, _, _ in fields}
    mine = told or [row for row in rows if row["column_name"] in names] or rows
    said = tuple((row["column_name"], row["old_value"], row["new_value"]) for row in mine)
    by_hand = "; ".join(dict.fromkeys(f"{row['made_by'] or ''}: {row['reason'] or ''}".strip(": ") for row in mine))
    return Change(
        "key_change" if told else "correction", number, mine[0]["line"], said if told else fields or said, by_hand=by_hand
    )


def _entered(entries: list[tuple[str, Row]], number: str) -> Change:
    """The clock events or results that a step told of a case whose row stands as it was."""
    kind, row = entries[0]
    said = tuple((str(one.get("reason") or one.get("outcome")), None, _said(one)) for of, one in entries if of == kind)
    return Change(kind, number, row["line"], said)


def _said(row: Row) -> str:
    """Days and figures of a clock event or a result."""
    names = ("from_on", "to_on", "approved_on", "extended_months", "extended_days", "result_on", "amount_realised")
    return " ".join(f"{name} {row[name]}" for name in names if row.get(name) is not None)


def _kind(fields: Fields) -> str:
    if all(old is None for _, old, _ in fields):
        return "completed"
    return "emptied" if all(new is None for _, _, new in fields) else "corrected"


def _fields(before: Row | None, after: Row | None) -> Fields:
    if before is None or after is None:
        return ()
    names = [name for name in after if name not in (*PLACES, *DERIVED)]
    pairs = [(name, _bare(before.get(name)), _bare(after[name])) for name in names]
    return tuple((name, old, new) for name, old, new in pairs if old != new)


def _bare(value: Any) -> str | None:
    """A value as text; a key of a state without its state."""
    return None if value is None else str(value).split(MARK)[0]


def _told_near(told: Told, at: At) -> tuple[str, ...]:
    """The cases of the same chain that the step spoke of."""
    step, seen, front = at[0], {at[1]}, [at[1]]
    while front:
        front = [key for near in front for key in told.neighbours.get((step, near), ()) if key not in seen]
        seen |= set(front)
    return tuple(sorted(key for key in seen if (step, key) in told.told and key != at[1]))
