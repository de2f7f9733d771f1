"""Rules: `warehouse/rules/<rule>.yml` says what a rule means and protects, `sql/rules/<rule>.sql` which rows break it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.documents import Document, fault, load, nearest
from warehouse.catalogue.profile import Profile
from warehouse.catalogue.query import HOUSE, Query

SOURCES = ("cases", "registrations", "clock_events", "enforcement_results")
"""What metrics are counted from, as their `needs` and `uses` name it."""


class Expectation(Document):
    """A built-in expectation of Great Expectations, where one serves."""

    type: str
    arguments: dict[str, str | int | float | bool | list[str]] = Field(default_factory=dict)


class Rule(Document):
    """One rule of the dictionary, section 12.

    A rule on a `row` sets the row aside when it blocks; one on a `set` withholds the figures that it names where it is
    broken; one on the `run` stops the publication.
    """

    id: str
    name_zh: str
    name_en: str
    dimension: Literal["completeness", "validity", "consistency", "uniqueness", "conservation", "timeliness"]
    severity: Literal["blocks", "warns", "informs"]
    looks_at: Literal["row", "set", "run"]
    table: str
    """The table whose rows it looks at."""
    condition: str
    message: str
    remedy_zh: str
    remedy_en: str
    tolerance: float = 0
    """Of a rule on rows: up to this share of the rows looked at it only warns. Of one on a set: of a breach that is no further
    off than this, as its query tells in the column `share`."""
    tolerance_reason: str = ""
    figures: tuple[str, ...] = ()
    """Of a rule on a set: the metrics that it withholds, `*` for all; a source for all that is counted from it."""
    applies_to: tuple[str, ...] = ()
    """`chinese_case_numbers`, `control_totals`, `totals` (a source of published totals), `snapshots` (of cases), or columns
    that the contract must have, as `cases.closing_manner`."""
    expectation: Expectation | None = None

    @model_validator(mode="after")
    def _protects_something(self) -> Rule:
        if self.looks_at == "set" and self.severity == "blocks" and not self.figures:
            raise ValueError("a blocking rule on a set names the figures that it withholds")
        if self.tolerance and not self.tolerance_reason:
            raise ValueError("a tolerance needs its reason")
        return self

    def applies(self, profile: Profile, held: Collection[str]) -> bool:
        """Whether the profile has what the rule looks at; `held` is what `_held` finds in it."""
        if not profile.has_cases and self.table != "model.deliveries" and "totals" not in self.applies_to:
            return False  # it looks at cases and what is counted from them
        return all(need in held for need in self.applies_to)


class NotAsked(Document):
    """A rule of the dictionary that no delivery is asked, and why."""

    name_zh: str
    name_en: str
    reason_zh: str
    reason_en: str


class NotAskedList(Document):
    """All of them by id; `warehouse/not_asked.yml`."""

    rules: dict[str, NotAsked]


def not_asked(house: Path = HOUSE) -> dict[str, NotAsked]:
    """The rules of the dictionary that are not asked, by id.

    Raises:
        DefinitionError: with file, line and mend.
    """
    return load(house / "warehouse/not_asked.yml", NotAskedList).rules


def read_rules(catalogue: Catalogue) -> dict[str, Rule]:
    """All rules that apply to the catalogue's profile, by id.

    Raises:
        DefinitionError: with file, line and mend.
    """
    rules = {path: load(path, Rule) for path in sorted((catalogue.house / "warehouse/rules").glob("*.yml"))}
    for path, rule in rules.items():
        if rule.id != path.stem:
            raise fault(path, "id:", f"the id is [{rule.id}] in a file named [{path.stem}]", "Make them equal")
        if not (catalogue.house / f"sql/rules/{rule.id}.sql").is_file():
            raise fault(
                path, "id:", "there is no query that finds the rows that break the rule", f"Add sql/rules/{rule.id}.sql"
            )
        for metric in rule.figures:
            if metric not in ("*", *SOURCES, *catalogue.metrics):
                raise fault(path, metric, f"there is no metric [{metric}]", nearest(metric, list(catalogue.metrics)))
    held = _held(catalogue)
    return {rule.id: rule for rule in rules.values() if rule.applies(catalogue.profile, held)}


def _held(catalogue: Catalogue) -> frozenset[str]:
    """What `applies_to` of a rule may name and the profile has."""
    profile, contracts = catalogue.profile, catalogue.profile.contracts.values()
    held = {name for contract in contracts for name in contract.fills}
    held |= {"chinese_case_numbers"} if profile.settings.case_numbers == "chinese" else set()
    held |= {"control_totals"} if profile.control_totals() else set()
    held |= {metric.id for metric in catalogue.metrics.values() if catalogue.applies(metric)}
    held |= {"totals"} if any(contract.feeds == "totals" for contract in contracts) else set()
    held |= {"snapshots"} if any(c.feeds == "cases" and c.kind == "snapshot" for c in contracts) else set()
    return frozenset(held)


def breaking_rows(catalogue: Catalogue, rule: Rule) -> Query:
    """The query that returns the rows that break a rule: the file as it stands, so that what runs is what is read."""
    path: Path = catalogue.house / f"sql/rules/{rule.id}.sql"
    return Query(f"rules/{rule.id}", path.read_text("utf-8"))
