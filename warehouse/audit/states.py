"""What the members of metrics add up to in states of knowledge between two refreshes.

Belongs here: counting whole states, and single cases before and after each step. Does not belong here: why a case changed
(causes), nor which figures are looked at (compare).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.query import HOUSE, read_query
from warehouse.reading.figure import Asked
from warehouse.reading.figures import BY, Reader
from warehouse.store.duck import named_rows
from warehouse.store.knowledge import MARK

Cell = tuple[str, str, tuple[str, ...]]
"""`metric[.variant]`, the id of the asked period, the values of the asked dimensions."""
Count = tuple[int, int]
"""Numerator and denominator; 0 where a metric has none."""


@dataclass(frozen=True)
class Member:
    """One case or application in one cell: what the cell has more of it after a step than before."""

    cell: Cell
    step: int
    key: str
    numerator: int
    denominator: int


def whole(
    connection: Any, catalogue: Catalogue, reader: Reader, asked: Iterable[Asked], values: Mapping[str, Any]
) -> dict[Cell, Count]:
    """The cells of everything that is known in `model`; `reader` says which base periods there are."""
    found: dict[Cell, Count] = {}
    for one in asked:
        for _, cell, numerator, denominator in _counted(connection, catalogue, reader, one, values, by_key=False):
            more = found.get(cell, (0, 0))
            found[cell] = (more[0] + numerator, more[1] + denominator)
    return found


def between(
    connection: Any, catalogue: Catalogue, reader: Reader, asked: Iterable[Asked], values: Mapping[str, Any]
) -> list[Member]:
    """What each step changed, case by case; a case that counts before and after a step alike is left out."""
    sums: dict[tuple[Cell, int, str], list[int]] = {}
    for one in asked:
        for state, cell, numerator, denominator in _counted(connection, catalogue, reader, one, values, by_key=True):
            key, step, side = state.split(MARK)
            sign = 1 if side == "1" else -1
            entry = sums.setdefault((cell, int(step), key), [0, 0])
            entry[0], entry[1] = entry[0] + sign * numerator, entry[1] + sign * denominator
    return [Member(*at, *entry) for at, entry in sums.items() if any(entry)]


def _counted(
    connection: Any, catalogue: Catalogue, reader: Reader, asked: Asked, values: Mapping[str, Any], by_key: bool
) -> list[tuple[str, Cell, int, int]]:
    """The members of one reading, those that its scope adds among them, summed or by key."""
    metric = catalogue.metrics.get(asked.metric.id)
    if metric is None or not catalogue.applies(metric) or (asked.variant and asked.variant not in metric.variants):
        return []  # the bundle of that day knew no such metric: nothing is counted
    own = replace(asked, metric=metric)
    rows = _rows(connection, catalogue, reader, own, values, by_key)
    if own.reading and own.reading.adds:
        added = replace(own, metric=catalogue.metrics[own.reading.adds], variant=None)
        rows += _rows(connection, catalogue, reader, added, values, by_key) if catalogue.applies(added.metric) else []
    return [
        (row["member_key"], (asked.name, row["asked_id"], tuple(row[d] for d in asked.by)), row["numerator"] or 0,
         row["denominator"] or 0)
        for row in rows
    ]  # fmt: skip


def _rows(
    connection: Any, catalogue: Catalogue, reader: Reader, asked: Asked, values: Mapping[str, Any], by_key: bool
) -> list[dict[str, Any]]:
    metric = asked.metric
    outer = read_query(HOUSE / "sql", "audit/stock_changes" if metric.kind == "stock" else "audit/flow_changes")
    query = outer.over(members=read_query(catalogue.house / "sql", metric.members))
    pairs = [(period.id, base) for period in asked.periods for base in reader.base_periods(asked, period)]
    bound = {
        **values, "shift": int(metric.at == "start"), **metric.parameters,
        **(asked.reading.parameters if asked.reading else {}), "leaves_out": asked.leaves_out,
        "metric": metric.id, "variant": asked.stored, "calendar": reader.months_of[asked.calendar], "by_key": by_key,
        "asked_ids": [period for period, _ in pairs], "base_ids": [base for _, base in pairs],
        **{f"by_{d}": d in asked.by for d in BY}, **{f"is_{d}": asked.where.get(d) for d in BY},
    }  # fmt: skip
    return named_rows(connection.execute(query.text, query.bind(bound)))
