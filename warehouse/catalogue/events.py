"""Events that make up a case: what a contract says of them, where each row of a file is something that happened to a case.

Belongs here: the promise and what does not hold in it. Does not belong here: making cases of events (warehouse.intake.events).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from pydantic import model_validator

from warehouse.catalogue.documents import Document, nearest

DAY, KIND = "event_on", "event_kind"
"""The columns of staged.case_events that a contract of events fills, the second one where it says what happened."""
MADE = ("registered_on", "closed_on", "reopened_on", "closing_manner")
"""Columns of a case that its events make: no row of the file may fill them."""


class Events(Document):
    """Which events open a case and which close it."""

    filed: Literal["first"] | tuple[str, ...] = "first"
    """The case is filed on the day of its first event, or of its first event of one of these kinds."""
    closes: Literal["last"] | dict[str, str]
    """Kinds that close a case, each with the closing manner it is; `last`: whatever comes last closed it."""
    reopens: tuple[str, ...] | None = None
    """Kinds after which a closed case is open again; left out: all that close none."""

    @model_validator(mode="after")
    def _closes_something(self) -> Events:
        if not self.closes:
            raise ValueError("[closes] names no kind: no case would ever be closed. Name some, or say `last`")
        if self.closes == "last" and self.reopens is not None:
            raise ValueError("[reopens] has no meaning where the last event closes, whatever it is")
        if both := sorted(set(self.closes) & set(self.reopens or ())):
            raise ValueError(f"[{both[0]}] closes a case and opens it again: say which")
        return self

    @property
    def kinds(self) -> tuple[str, ...]:
        """All kinds that are named."""
        filed = () if self.filed == "first" else self.filed
        closes = () if self.closes == "last" else tuple(self.closes)
        return tuple(dict.fromkeys((*filed, *closes, *(self.reopens or ()))))

    @property
    def made(self) -> tuple[str, ...]:
        """The columns of a case that its events make. Where the last one closes, it may say in a column of its own how."""
        return MADE[:-1] if self.closes == "last" else MADE


def faults_of(
    events: Events, columns: Mapping[str, str], constants: Sequence[str], codes: Sequence[str] | None, manners: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    """What does not hold between events and the rest of their contract: the word at fault, what is wrong, its mend.

    `columns` are the contract's with their types, `codes` the codes that the kind may have (None: any text), `manners`
    those of the profile's closing manners.
    """
    if columns.get(DAY) != "date":
        yield "columns:", f"events need the column [{DAY}] of type date", "Add it with the header that holds the day"
    if events.kinds and KIND not in columns:
        yield "events:", f"kinds of events are named, and no column [{KIND}] says what happened", "Add it to the columns"
    for name in (*columns, *constants):
        if name in events.made:
            yield f"{name}:", f"[{name}] is made of the events", "Take it out of the contract"
    for kind in events.kinds if codes is not None else ():
        if kind not in (codes or ()):
            yield kind, f"no event can be of the kind [{kind}]", nearest(kind, list(codes or ()))
    for manner in {} if events.closes == "last" else events.closes.values():
        if manner not in manners:
            yield manner, f"[{manner}] is no code of codes/closing_manners.csv", nearest(manner, list(manners))
