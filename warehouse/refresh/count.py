"""The SQL layers of a refresh: rows set aside by rules, tables of the model, cells, verdicts. In the order of the layers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from warehouse.catalogue.metric import Metric
from warehouse.catalogue.query import Query, read_query, stacked
from warehouse.intake.quarantine import SetAside
from warehouse.quality.expectations import Expected, Outcome, validate
from warehouse.quality.gates import (
    Breach,
    Gate,
    OpenRows,
    gates_of_breaches,
    gates_of_rows,
    gates_of_unasked,
    is_tolerable,
    row_of,
)  # fmt: skip
from warehouse.quality.rule import Rule, breaking_rows
from warehouse.refresh.agreement import RULE as RECOUNT
from warehouse.refresh.agreement import count_again
from warehouse.refresh.reference import control_total_rows, list_rows
from warehouse.refresh.work import Refreshing

TOGETHER = 8_000_000
"""Spells times readings of metrics that one query counts: all readings of a court, one by one of five million cases, whose
joins would not fit into memory side by side."""


def load_reference(work: Refreshing) -> dict[str, int]:
    """Deliveries, code lists, periods and published totals as tables of the model; rows of each."""
    profile, day = work.catalogue.profile, work.counting_day
    taken = [delivery for delivery, _, _ in work.known()]
    rows = {
        "model.deliveries": work.delivery_rows(),
        **list_rows(profile, day),
        "model.control_totals": control_total_rows(profile, taken, day),
    }
    tables = work.catalogue.tables
    # The bundle of an older refresh may know fewer columns, new ones stand at the end; and fewer tables.
    known = {name: found for name, found in rows.items() if name in tables}
    return {n: work.store.load(n, tables[n], [row[: len(tables[n].columns)] for row in found]) for n, found in known.items()}


def set_aside(work: Refreshing) -> list[Outcome]:
    """Asks the rules on rows about the new rows; those that break a blocking one are set aside, all of them, with place."""
    rules = {r.id: r for r in work.rules.values() if r.looks_at == "row"}
    work.store.drop("quality.failures")  # those of this refresh; what became of the others stands in quality.findings
    # First those that could not be typed: a sound row beside one of its key in the same file is no sounder than that.
    untyped = work.untyped_rows()
    work.store.append("quality.set_aside", work.catalogue.tables["quality.set_aside"], _rows_of(work, untyped))
    outcomes = _ask(work, rules)
    rules = {one.rule_id: _as_severe(rules[one.rule_id], one) for one in outcomes}
    broken = _broken_rows(work, rules, outcomes)
    refused = [row for name, found in broken.items() if rules[name].severity == "blocks" for row in found]
    refused += work.waiting_events(refused)
    work.store.append("quality.set_aside", work.catalogue.tables["quality.set_aside"], _rows_of(work, refused))
    gone = {(one.delivery_no, one.record) for one in [*untyped, *refused]}
    for at, outcome in enumerate(outcomes):
        rule = rules[outcome.rule_id]
        if rule.severity != "blocks" and outcome.rule_id in broken:
            # Of a row that is set aside nobody needs to be warned as well.
            left = [b for b in broken[outcome.rule_id] if (b.delivery_no, b.record) not in gone]
            items = [(f"{b.case_key} {b.column_name}", b.delivery_no, b.record, b.line, b.message, b.case_key, b.column_name,
                      b.value, b.court_code, None, None) for b in left]  # fmt: skip
            _note_failures(work, rule, items)
            outcomes[at] = replace(outcome, unexpected=len(left), success=not left)
    _note_verdicts(work, rules, outcomes)
    return outcomes


def _rows_of(work: Refreshing, aside: Sequence[SetAside]) -> list[tuple[Any, ...]]:
    return [(work.number, *one.row()) for one in aside]


def _as_severe(rule: Rule, outcome: Outcome) -> Rule:
    """A rule on rows with a tolerance only warns while it is broken by no more than that share of the rows looked at."""
    is_few = 0 < outcome.unexpected <= rule.tolerance * outcome.rows_looked_at
    return rule.model_copy(update={"severity": "warns"}) if is_few and rule.severity == "blocks" else rule


def make_table(work: Refreshing, name: str) -> int:
    """One table of the model or the published layer from its query: made anew, or added to, as its contract says."""
    table = work.catalogue.tables[name]
    query = read_query(work.catalogue.house / "sql", name.replace(".", "/"))
    if table.kept == "append":
        return work.store.add(name, table, query, work.parameters())
    return work.store.make(name, table, query, work.parameters())


def count_metrics(work: Refreshing, metrics: Iterable[Metric]) -> dict[str, int]:
    """The cells of metrics and their variants, of every calendar, as counted now; how many of each.

    A variant that a scope makes has none: it is read from those of the metric. All flows and shares are one query, the
    stocks another, those at the start of a period a third: of small dockets planning and grouping cost more than counting
    (docs/decisions/2026-11-28-metrics-counted-together.md).
    """
    wanted = list(metrics)
    table = work.catalogue.tables["metrics.new_cells"]
    work.store.remove("metrics.new_cells", table, "metric", [metric.id for metric in wanted])
    spells = work.store.count("model.case_spells") if work.store.exists("model.case_spells") else 0
    size = max(1, TOGETHER // max(1, spells))
    for outer, shift in (("cells", None), ("stock_cells", 0), ("stock_cells", 1)):
        mine = [m for m in wanted if m.kind != "stock"] if shift is None else [
            m for m in wanted if m.kind == "stock" and int(m.at == "start") == shift]  # fmt: skip
        readings = [reading for metric in mine for reading in _readings(work, metric)]
        for at in range(0, len(readings), size):
            query = read_query(work.catalogue.house / "sql", f"metrics/{outer}")
            members, values = stacked("members", query.columns_of("members"), readings[at : at + size])
            values |= {**work.parameters(), "shift": shift}
            work.store.add("metrics.new_cells", table, query.over(members=members), values)
    found = dict(work.store.connection.execute("select metric, count(*) from metrics.new_cells group by metric").fetchall())
    return {metric.id: found.get(metric.id, 0) for metric in wanted}


def _readings(work: Refreshing, metric: Metric) -> Iterator[tuple[Query, dict[str, Any]]]:
    """The members of a metric and of each of its variants, with what they ask for."""
    query = read_query(work.catalogue.house / "sql", metric.members)
    known: list[tuple[str | None, Mapping[str, Any]]] = [(None, {})]
    known += [(name, variant.parameters) for name, variant in metric.counted_variants.items()]
    for variant, own in known:
        yield query, {**work.parameters(), **metric.parameters, **own, "metric": metric.id, "variant": variant}


def keep_cells(work: Refreshing) -> int:
    """What was counted now against what held before: cells with their span of refreshes; all there are."""
    spans = read_query(work.catalogue.house / "sql", "metrics/spans")
    work.store.ensure("metrics.new_cells", work.catalogue.tables["metrics.new_cells"])  # a profile may count nothing
    return work.store.make("metrics.cells", work.catalogue.tables["metrics.cells"], spans, work.parameters())


def judge(work: Refreshing) -> list[Outcome]:
    """Asks the rules on sets and on the run; what is broken withholds the figures that depend on it, where it is broken."""
    rules = {r.id: r for r in work.rules.values() if r.looks_at != "row"}
    outcomes = _ask(work, {name: rule for name, rule in rules.items() if name != RECOUNT})
    if RECOUNT in rules:  # not in the bundle of an earlier day
        counted = count_again(work)
        differing = work.store.rows(breaking_rows(work.catalogue, rules[RECOUNT]), work.parameters())
        outcomes.append(replace(counted, found=tuple(differing)))
    breaches: list[Breach] = []
    for outcome in outcomes:
        if outcome.unexpected or outcome.error:
            found = _breaches(rules[outcome.rule_id], outcome) if not outcome.error else [
                Breach(outcome.rule_id, outcome.error, None, None, None)]  # fmt: skip
            breaches += found
            rule = rules[outcome.rule_id]
            _note_failures(work, rule, [
                (b.item, *[None] * 3, rule.message.format(item=b.item), *[None] * 3, b.court_code, b.first_day, b.last_day)
                for b in found
            ])  # fmt: skip
            if rule.severity == "blocks" and all(is_tolerable(rule, breach) for breach in found):
                rules[rule.id] = rule.model_copy(update={"severity": "warns"})
    _note_rectified(work)
    unasked: dict[str, str] = dict(
        work.store.rows(read_query(work.catalogue.house / "sql", "quality/unasked"), work.parameters())
    )
    gates = [
        *gates_of_breaches(work.catalogue, rules, breaches),
        *_gates_of_rows(work),
        *gates_of_unasked(work.catalogue, unasked),
    ]
    table = work.catalogue.tables["quality.gates"]  # of an older bundle it knows fewer columns
    rows = sorted({row_of(gate, work.number)[: len(table.columns)] for gate in gates}, key=str)
    work.store.append("quality.gates", table, rows)
    _note_verdicts(work, rules, outcomes)
    _keep_findings(work)
    return outcomes


def _keep_findings(work: Refreshing) -> None:
    """What stands on the worklist now, beside what stood there before. The bundle of an older refresh may not know it."""
    table = work.catalogue.tables.get("quality.findings")
    if table is not None:
        for name in ("quality.failures", "quality.findings"):
            work.store.ensure(name, work.catalogue.tables[name])
        query = read_query(work.catalogue.house / "sql", "quality/findings")
        work.store.make("quality.findings", table, query, work.parameters())


def _ask(work: Refreshing, rules: Mapping[str, Rule]) -> list[Outcome]:
    expected = []
    for rule in rules.values():
        if rule.expectation is not None:
            expected.append(Expected(rule.id, rule.table, None, rule.expectation.type, rule.expectation.arguments))
        else:
            expected.append(Expected(rule.id, rule.table, breaking_rows(work.catalogue, rule).text, None, {}))
    return validate(work.store.connection, expected, work.parameters())


def _broken_rows(work: Refreshing, rules: Mapping[str, Rule], outcomes: Sequence[Outcome]) -> dict[str, list[SetAside]]:
    """By rule the rows that break it, with their fields as delivered, which are read once a delivery."""
    records: dict[int, set[int]] = {}
    for one in outcomes:
        for number, record, *_ in one.found:
            records.setdefault(number, set()).add(record)
    fields = {number: work.raw_fields(number, sorted(found)) for number, found in records.items()}
    sources = {d.delivery_no: d.source for d in work.waiting}
    return {
        one.rule_id: [
            SetAside(
                number, record, line, sources[number], one.rule_id,
                rules[one.rule_id].message.format(column=column, value=value, item=""),
                case_key, court, column, value, fields[number][record],
            )
            for number, record, line, case_key, court, column, value in one.found
        ]
        for one in outcomes
        if one.unexpected and not one.error
    }  # fmt: skip


def _breaches(rule: Rule, outcome: Outcome) -> list[Breach]:
    return [Breach(rule.id, *row) for row in outcome.found]


def _gates_of_rows(work: Refreshing) -> list[Gate]:
    query: Query = read_query(work.catalogue.house / "sql", "quality/open_set_aside")
    return gates_of_rows(work.catalogue, [OpenRows(*row) for row in work.store.rows(query, work.parameters())])


def _note_rectified(work: Refreshing) -> None:
    """Rows set aside that came right: they no longer count as open. The bundle of an older refresh may not know them."""
    table = work.catalogue.tables.get("quality.rectified")
    if table is not None:
        query = read_query(work.catalogue.house / "sql", "quality/rectified")
        work.store.add("quality.rectified", table, query, work.parameters())


def _note_failures(work: Refreshing, rule: Rule, found: list[tuple[Any, ...]]) -> None:
    table = work.catalogue.tables["quality.failures"]
    rows = [(work.number, rule.id, *one)[: len(table.columns)] for one in found]  # an older bundle knows fewer columns
    work.store.append("quality.failures", table, rows)


def _note_verdicts(work: Refreshing, rules: Mapping[str, Rule], outcomes: list[Outcome]) -> None:
    rows = []
    for outcome in outcomes:
        rule = rules[outcome.rule_id]
        rows.append((
            work.number, rule.id, rule.severity, rule.looks_at, rule.table, outcome.rows_looked_at, outcome.unexpected,
            outcome.success, outcome.error,
        ))  # fmt: skip
    work.store.append("quality.verdicts", work.catalogue.tables["quality.verdicts"], rows)
