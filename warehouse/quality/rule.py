"""Rules: `warehouse/rules/<rule>.yml` says what a rule means and protects, `sql/rules/<rule>.sql` which rows break it.

A profile has rules of its own in its folder `rules`, the query beside the definition or a condition in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.documents import DefinitionError, Document, fault, load, nearest
from warehouse.catalogue.profile import Profile
from warehouse.catalogue.query import HOUSE, Query, rows_where

SOURCES = ("cases", "registrations", "clock_events", "enforcement_results")
"""What metrics are counted from, as their `needs` and `uses` name it."""


KEYS = {
    "staged.new_cases": "case_key", "staged.new_registrations": "application_key", "staged.new_clock_events": "event_key",
    "staged.new_enforcement_results": "result_key", "staged.new_case_events": "case_key",
}  # fmt: skip
"""The tables whose rows a condition may be asked of, with the column that is their key."""


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
    condition_zh: str = ""
    message: str
    """What is noted of a row or set that breaks it: with `{item}` of a set, `{column}` and `{value}` of a row."""
    message_zh: str = ""
    """The same in Chinese, with the same placeholders: pages say it in place of what is noted."""
    remedy_zh: str
    remedy_en: str
    tolerance: float = 0
    """Of a rule on rows: up to this share of the rows looked at it only warns. Of one on a set: of a breach that is no further
    off than this, as its query tells in the column `share`."""
    tolerance_reason: str = ""
    tolerance_reason_zh: str = ""
    figures: tuple[str, ...] = ()
    """Of a rule on a set: the metrics that it withholds, `*` for all; a source for all that is counted from it."""
    applies_to: tuple[str, ...] = ()
    """`chinese_case_numbers`, `control_totals`, `totals` (a source of published totals), `snapshots` (of cases), or columns
    that the contract must have, as `cases.closing_manner`."""
    expectation: Expectation | None = None
    column: str = ""
    """With `broken_where`: the column at fault."""
    broken_where: str = ""
    """Of a rule on rows, in place of a query: the condition that the rows meet which break it, over columns of `table`."""

    @model_validator(mode="after")
    def _protects_something(self) -> Rule:
        if self.looks_at == "set" and self.severity == "blocks" and not self.figures:
            raise ValueError("a blocking rule on a set names the figures that it withholds")
        if self.tolerance and not self.tolerance_reason:
            raise ValueError("a tolerance needs its reason")
        if self.broken_where and (self.looks_at != "row" or not self.column or self.table not in KEYS):
            raise ValueError(f"`broken_where` is for rules on rows, with the `column` at fault, of one of [{', '.join(KEYS)}]")
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
    """All rules that apply to the catalogue's profile, by id: the house's and the profile's own, with its tolerances.

    Raises:
        DefinitionError: with file, line and mend.
    """
    own = sorted((catalogue.profile.folder / "rules").glob("*.yml"))
    rules: dict[str, Rule] = {}
    for path in [*sorted((catalogue.house / "warehouse/rules").glob("*.yml")), *own]:
        rule = load(path, Rule)
        if rule.id in rules:
            raise fault(path, "id:", f"there is a rule [{rule.id}] already", "Give this one another id, and its file that name")
        _check(catalogue, path, rule)
        rules[rule.id] = rule
    rules |= _tuned(catalogue, rules)
    held = _held(catalogue)
    return {rule.id: rule for rule in rules.values() if rule.applies(catalogue.profile, held)}


def written_rules(folders: Iterable[Path]) -> dict[str, Rule]:
    """The rules of some folders by id, for their words alone: whether they hold together is not looked at, nor whether they
    apply, and one that cannot be read is left out."""
    found: dict[str, Rule] = {}
    for path in (path for folder in folders for path in sorted(folder.glob("*.yml"))):
        with suppress(DefinitionError):
            found[path.stem] = load(path, Rule)
    return found


def _check(catalogue: Catalogue, path: Path, rule: Rule) -> None:
    if rule.id != path.stem:
        raise fault(path, "id:", f"the id is [{rule.id}] in a file named [{path.stem}]", "Make them equal")
    if rule.broken_where:
        _check_condition(catalogue, path, rule)
    elif not _query_file(catalogue, rule.id).is_file():
        where = "beside it" if path.is_relative_to(catalogue.profile.folder) else "in sql/rules"
        raise fault(path, "id:", "there is no query that finds the rows that break the rule", f"Add {rule.id}.sql {where}")
    for metric in rule.figures:
        if metric not in ("*", *SOURCES, *catalogue.metrics):
            raise fault(path, metric, f"there is no metric [{metric}]", nearest(metric, list(catalogue.metrics)))


def _check_condition(catalogue: Catalogue, path: Path, rule: Rule) -> None:
    columns = catalogue.tables[rule.table.replace(".new_", ".")].columns
    try:
        asked = _condition(rule).columns
    except ValueError as error:
        raise fault(
            path, "broken_where:", f"this is no condition ({error})", "Write it as in SQL, over columns of the table"
        ) from None
    for column in (rule.column, *asked):
        if column not in columns:
            raise fault(path, column, f"{rule.table} has no column [{column}]", nearest(column, list(columns)))


def _tuned(catalogue: Catalogue, rules: dict[str, Rule]) -> dict[str, Rule]:
    """The rules whose tolerance the profile sets otherwise.

    Raises:
        DefinitionError: there is no such rule, or it can have none.
    """
    path, tuned = catalogue.profile.folder / "profile.yml", {}
    for name, tolerance in catalogue.profile.settings.tolerances.items():
        if name not in rules:
            raise fault(path, f"{name}:", f"there is no rule [{name}]", nearest(name, list(rules)))
        rule = rules[name]
        if rule.severity != "blocks" or rule.looks_at == "run" or (rule.looks_at == "set" and not rule.tolerance):
            why = "only a blocking rule on rows, or one on sets that tells how far each is off, can tolerate a share"
            raise fault(path, f"{name}:", f"[{name}] has no tolerance: {why}", "Take it out")
        own = {"tolerance_reason": tolerance.reason, "tolerance_reason_zh": tolerance.reason_zh}
        tuned[name] = rule.model_copy(update={"tolerance": tolerance.share, **own})
    return tuned


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
    if rule.broken_where:
        return _condition(rule)
    return Query(f"rules/{rule.id}", _query_file(catalogue, rule.id).read_text("utf-8"))


def _condition(rule: Rule) -> Query:
    return rows_where(f"rules/{rule.id}", rule.table, KEYS[rule.table], rule.column, rule.broken_where)


def _query_file(catalogue: Catalogue, rule_id: str) -> Path:
    """Where the query of a rule stands: in the profile, else in the house."""
    own = catalogue.profile.folder / f"rules/{rule_id}.sql"
    return own if own.is_file() else catalogue.house / f"sql/rules/{rule_id}.sql"
