"""Patterns that may be signs of gaming, with their cases: counted by court and month, as known at a publication.

They accuse nobody: each says among how many it was found, and what may lie behind it. No figure depends on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from warehouse.audit.explain import knowledge
from warehouse.audit.library import named
from warehouse.audit.making import parameters
from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.pattern import Pattern, read_patterns
from warehouse.catalogue.query import HOUSE, read_query
from warehouse.reading.figures import Reader
from warehouse.store.duck import named_rows


@dataclass(frozen=True)
class Case:
    """One case in a pattern. `measure` is in the pattern's own unit."""

    court: str
    month: str
    case_number: str
    happened_on: date
    measure: int


@dataclass(frozen=True)
class Month:
    """How many were found in one court and month, among how many."""

    court: str
    month: str
    found: int
    among: int


@dataclass(frozen=True)
class Seen:
    """What was found of one pattern; months without any are left out."""

    pattern: Pattern
    months: tuple[Month, ...]
    cases: tuple[Case, ...]

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            **self.pattern.model_dump(mode="json"),
            "months": [{**one.__dict__, "share": one.found / one.among} for one in self.months],
            "cases": [{**one.__dict__, "happened_on": str(one.happened_on)} for one in self.cases],
        }


def patterns(reader: Reader, catalogue: Catalogue, wanted: Sequence[str] = ()) -> list[Seen]:
    """The patterns that the profile has the data for, or the wanted ones.

    Raises:
        Unknown: there is no such pattern, or the profile lacks what it needs.
    """
    known = read_patterns()
    asked = {named("pattern", name, known, catalogue).id for name in wanted}
    chosen = [one for one in known.values() if (one.id in asked if asked else one.applies(catalogue))]
    values = parameters(catalogue, reader.snapshot.refresh)
    with knowledge(reader, catalogue) as connection:
        return [_seen(connection, one, values) for one in chosen]


def _seen(connection: Any, pattern: Pattern, values: dict[str, Any]) -> Seen:
    query = read_query(HOUSE / "sql", f"patterns/{pattern.id}")
    rows = named_rows(connection.execute(query.text, query.bind({**values, **pattern.parameters})))
    counted: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        counted.setdefault((row["court_code"], row["month"]), [0, row["among"]])[0] += 1
    months = tuple(Month(court, month, found, among) for (court, month), (found, among) in sorted(counted.items()))
    cases = tuple(Case(row["court_code"], row["month"], row["case_number"], row["happened_on"], row["measure"]) for row in rows)
    return Seen(pattern, months, cases)
