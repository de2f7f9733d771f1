"""Gates: which figures a broken rule withholds, and where. Nothing else is withheld, nothing broken gets through.

Belongs here: from verdicts to withheld figures. Does not belong here: asking the rules (expectations) or showing (reading).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any

from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.metric import Metric
from warehouse.quality.rule import Rule

NO_KIND = "none"
"""Of cases whose type is not on the code list."""


@dataclass(frozen=True)
class Gate:
    """One metric withheld in one court, family and type of cases (None: all) and span (None: to its end), with the reason."""

    metric: str
    court_code: str | None
    rule_id: str
    first_day: date | None
    last_day: date | None
    reason: str
    family: str | None = None
    case_type: str | None = None


@dataclass(frozen=True)
class Breach:
    """One scope in which a rule on a set is broken."""

    rule_id: str
    item: str
    court_code: str | None
    first_day: date | None
    last_day: date | None
    metric: str | None = None
    """The one metric or source that it concerns, where the query names it; else all that the rule names."""
    share: float | None = None
    """How far it is broken, where the query tells; up to the rule's tolerance it only warns."""
    family: str | None = None
    """The family of cases that it concerns, where the query tells; else all."""
    case_type: str | None = None
    """The type of cases that it concerns, where the query tells."""


@dataclass(frozen=True)
class OpenRows:
    """Of one source and court (None: cannot be told): rows delivered, and rows set aside that nothing rectified since."""

    source: str
    court_code: str | None
    delivered: int
    open_rows: int


def gates_of_breaches(catalogue: Catalogue, rules: dict[str, Rule], breaches: Iterable[Breach]) -> list[Gate]:
    """A broken blocking rule on a set withholds the figures that it names, in the scope and span of each breach."""
    gates = []
    kinds_of = cache(partial(kinds, catalogue))  # a rule may be broken in thousands of scopes, and the code list is a file
    for breach in breaches:
        rule = rules[breach.rule_id]
        if rule.severity != "blocks" or rule.looks_at != "set" or is_tolerable(rule, breach):
            continue
        kinds_of_case = kinds_of(breach.family, breach.case_type)
        for metric in _named(catalogue, (breach.metric,) if breach.metric else rule.figures):
            if metric.counts_only and not kinds_of_case & {*metric.counts_only}:
                continue
            reason = f"{rule.id}: {rule.message.format(item=breach.item, column='', value='')}"
            of_kind = (breach.family, breach.case_type) if "family" in metric.dimensions else (None, None)
            gates.append(Gate(metric.id, breach.court_code, rule.id, breach.first_day, breach.last_day, reason, *of_kind))
    return gates


def kinds(catalogue: Catalogue, family: str | None, case_type: str | None) -> set[str]:
    """What the cases of a family and type (None: any) count as in reports; `none` for what the code list does not know."""
    listed = catalogue.profile.code_rows("case_types")
    found = {row["counts_as_code"] for row in listed
             if family in (None, row["family_code"]) and case_type in (None, row["code"])}  # fmt: skip
    return found | (set() if found and family else {NO_KIND})


def is_tolerable(rule: Rule, breach: Breach) -> bool:
    """Whether a blocking rule on a set only warns of it."""
    return breach.share is not None and breach.share <= rule.tolerance


def gates_of_rows(catalogue: Catalogue, counted: Sequence[OpenRows]) -> list[Gate]:
    """Where open set-aside rows exceed both the share and the number of the profile, all figures of the source wait."""
    limit = catalogue.profile.settings.set_aside
    gates = []
    for one in counted:
        if one.open_rows > limit.rows and one.open_rows > limit.share * one.delivered:
            reason = (
                f"SET_ASIDE: {one.open_rows} of {one.delivered} rows of {one.source} are set aside, more than "
                f"{limit.share:.1%} and {limit.rows}; see `caseload quarantine list`"
            )
            feeds = catalogue.profile.contracts[one.source].feeds
            needed = {one.source, "cases" if feeds == "case_events" else feeds}
            needing = [m for m in catalogue.metrics.values() if needed & {*m.needs, *m.uses}]
            gates += [Gate(m.id, one.court_code, "SET_ASIDE", None, None, reason) for m in needing]
    return gates


def gates_of_unasked(catalogue: Catalogue, unasked: Mapping[str, str]) -> list[Gate]:
    """A blocking rule on rows that could not be asked (`unasked`: why, by rule) has let every row through: all waits."""
    return [
        Gate(metric.id, None, rule, None, None, f"{rule}: the rule could not be asked ({why})")
        for rule, why in unasked.items()
        for metric in catalogue.metrics.values()
    ]


def _named(catalogue: Catalogue, figures: Sequence[str]) -> list[Metric]:
    """The metrics that a rule names, the ratios made of them, and what is counted from a source that it names."""
    if "*" in figures:
        return list(catalogue.metrics.values())
    return [m for m in catalogue.metrics.values() if {m.id, *m.parts, *m.needs, *m.uses} & set(figures)]


def row_of(gate: Gate, refresh_no: int) -> tuple[Any, ...]:
    """The gate as a row of quality.gates."""
    return (
        refresh_no, gate.metric, gate.court_code, gate.rule_id, gate.first_day, gate.last_day, gate.reason, gate.family,
        gate.case_type,
    )  # fmt: skip
