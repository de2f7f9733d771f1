"""The published warehouse, opened read-only at one publication: what was known then, and nothing newer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from warehouse.catalogue.documents import nearest
from warehouse.catalogue.metric import Metric, unknown_metric
from warehouse.catalogue.query import HOUSE, read_query
from warehouse.intake.chronicle import refresh_id, refresh_no
from warehouse.store.duck import named_rows, open_read_only


class NothingPublished(Exception):
    """There is no publication to read; the message says what to do."""


class Unknown(ValueError):
    """Something asked for that is not there; the message names the nearest."""


@dataclass(frozen=True)
class Refresh:
    """One publication, as it describes itself."""

    number: int
    published_at: str
    deliveries: int
    counting_day: date
    data_from: date
    head: str
    bundle: str
    is_synthetic: bool

    @property
    def id(self) -> str:
        """r000012."""
        return refresh_id(self.number)


Kind = tuple[str, str, str]
"""Family, what it counts as, and type of a case."""
NONE = "none"
"""Stands where a case has no such value."""


@dataclass(frozen=True)
class Gated:
    """A metric withheld in a court, family and type of cases (None: all) and span (None: open)."""

    metric: str
    court_code: str | None
    first_day: date | None
    last_day: date | None
    reason: str
    family: str | None = None
    case_type: str | None = None


class Snapshot:
    """One publication of one profile. Made by `snapshot`."""

    def __init__(self, connection: Any, refresh: Refresh, all_refreshes: list[Refresh]) -> None:
        self.connection = connection
        self.refresh = refresh
        self.all_refreshes = all_refreshes

    def rows(self, sql: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """What a query on the warehouse gives."""
        found: list[tuple[Any, ...]] = self.connection.execute(sql, parameters or {}).fetchall()
        return found

    def ask(self, name: str, parameters: dict[str, Any], **inner: str) -> list[dict[str, Any]]:
        """What a query of sql/ gives, as rows by column name; `inner` names the queries that stand for its bare tables."""
        query = read_query(HOUSE / "sql", name)
        query = query.over(**{table: read_query(HOUSE / "sql", other) for table, other in inner.items()}) if inner else query
        return named_rows(self.connection.execute(query.text, query.bind({**parameters, "refresh_no": self.refresh.number})))

    @cached_property
    def definitions(self) -> dict[str, dict[str, Any]]:
        """The definitions by which this publication counted, by metric, as stored."""
        rows = self.rows(
            "select metric, definition from published.definitions "
            "where from_refresh <= $n and (to_refresh is null or to_refresh >= $n)",
            {"n": self.refresh.number},
        )
        return {metric: json.loads(text) for metric, text in rows}

    @cached_property
    def metrics(self) -> dict[str, Metric]:
        """The same as objects."""
        own = ("applies", "parts")
        return {
            metric: Metric.model_validate({k: v for k, v in found.items() if k not in own})
            for metric, found in self.definitions.items()
        }

    def metric(self, name: str) -> tuple[Metric, str | None]:
        """Metric and variant of `metric[.variant]`.

        Raises:
            Unknown: there is no such metric or variant.
        """
        metric_id, _, variant = name.partition(".")
        if metric_id not in self.metrics:
            raise Unknown(unknown_metric(metric_id, list(self.metrics)))
        metric = self.metrics[metric_id]
        if variant and variant not in metric.variants:
            known = nearest(variant, list(metric.variants)) if metric.variants else "It has none"
            raise Unknown(f"{metric_id} has no variant [{variant}]. {known}")
        return metric, variant or None

    def applies(self, metric: Metric) -> bool:
        """Whether the profile has such cases."""
        return bool(self.definitions[metric.id]["applies"])

    @cached_property
    def gates(self) -> list[Gated]:
        """What this publication withholds."""
        # Family and type came later: a publication of before knows neither, and the next refresh adds the columns.
        sql = "select * from quality.gates where refresh_no = $n order by metric, court_code, first_day, last_day, reason"
        cursor = self.connection.execute(sql, {"n": self.refresh.number})
        names = [field.name for field in fields(Gated)]
        return [Gated(**{key: row[key] for key in names if key in row}) for row in named_rows(cursor)]

    @cached_property
    def kinds(self) -> frozenset[Kind]:
        """What kinds of cases there are: those of the code list, and cases of none of them."""
        listed = self.rows("select family, counts_as, type_code from model.case_types")
        return frozenset((family or NONE, counts_as or NONE, code) for family, counts_as, code in listed) | {(NONE, NONE, NONE)}

    @cached_property
    def not_recounted(self) -> list[str]:
        """The metrics that no second engine counted again for this publication; nothing says that they agree."""
        there = "select 1 from information_schema.tables where table_schema = 'quality' and table_name = 'recounts'"
        if not self.rows(there):  # a publication of before there was one
            return []
        sql = "select not_recounted from quality.recounts where refresh_no = $n and not_recounted is not null"
        return [name for (listed,) in self.rows(sql, {"n": self.refresh.number}) for name in listed.split(", ")]


@contextmanager
def snapshot(warehouse: Path, as_of: str | None = None) -> Iterator[Snapshot]:
    """Opens the publication that was the latest at `as_of` (a refresh id or a day, None: now).

    Raises:
        NothingPublished: there is none yet.
        Unknown: `as_of` names none.
    """
    if not warehouse.exists():
        raise NothingPublished("nothing is published yet. Put files into the inbox and run `caseload refresh`")
    connection = open_read_only(warehouse)
    try:
        known = [Refresh(*row) for row in connection.execute(
            "select refresh_no, published_at, deliveries, counting_day, data_from, head, bundle, is_synthetic "
            "from published.refreshes order by refresh_no").fetchall()]  # fmt: skip
        if not known:
            raise NothingPublished("nothing is published yet. Put files into the inbox and run `caseload refresh`")
        yield Snapshot(connection, _chosen(known, as_of), known)
    finally:
        connection.close()


def _chosen(known: list[Refresh], as_of: str | None) -> Refresh:
    if as_of is None:
        return known[-1]
    if re.fullmatch(r"r\d{6}", as_of):
        for refresh in known:
            if refresh.number == refresh_no(as_of):
                return refresh
        raise Unknown(f"there is no publication [{as_of}]. {nearest(as_of, [r.id for r in known])}")
    try:
        day = date.fromisoformat(as_of)
    except ValueError:
        raise Unknown(f"[{as_of}] is neither a refresh (r000012) nor a day (2016-11-30)") from None
    before = [refresh for refresh in known if refresh.published_at[:10] <= str(day)]
    if not before:
        raise Unknown(f"nothing was published by [{as_of}]. The first publication is of {known[0].published_at[:10]}")
    return before[-1]
