"""The scope of an estimate: whose cases are asked for, whether they may be shown, and by what publication.

Belongs here: what survival, forecast and plan share when they ask for the rows of cases. Does not belong here: the figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from warehouse.catalogue.documents import nearest
from warehouse.catalogue.metric import Metric
from warehouse.catalogue.query import HOUSE, read_query
from warehouse.reading.figure import Dims
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import Unknown
from warehouse.reading.trend import PEOPLE
from warehouse.store.duck import named_rows

DIMENSIONS = ("court", "family", "counts_as", "case_type", "procedure")
"""What cases may be chosen by: what they are, not who works on them."""
RESTS_ON = ("filed", "closed", "pending_end")
"""The metrics of the same cases: where one of them is withheld, so is what is estimated from them."""


@dataclass(frozen=True)
class Scope:
    """Cases by dimension, read through a connection whose model is that of the reader's publication."""

    reader: Reader
    connection: Any
    where: Dims

    def status(self, first_day: date, last_day: date) -> tuple[str, str | None]:
        """Whether the cases of a span may be shown, and why not."""
        snapshot = self.reader.snapshot
        metrics = [snapshot.metrics[name] for name in RESTS_ON if name in snapshot.metrics]
        if len(metrics) < len(RESTS_ON) or not all(snapshot.applies(metric) for metric in metrics):
            return "not_applicable", "not_applicable"
        withheld = [self.reader.withheld(metric, first_day, last_day, self.where) for metric in metrics]
        reason = next(filter(None, withheld), None)
        return ("withheld", reason) if reason else ("published", None)

    def ask(self, name: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What a query of sql/published gives of these cases."""
        query = read_query(HOUSE / "sql", f"published/{name}")
        bound = {**{f"is_{d}": self.where.get(d) for d in DIMENSIONS}, **values}
        return named_rows(self.connection.execute(query.text, query.bind(bound)))

    @property
    def filed(self) -> Metric | None:
        """The metric whose words say what is counted here; None in a publication without it."""
        return self.reader.snapshot.metrics.get("filed")

    def as_json(self) -> dict[str, Any]:
        """What every answer says of its source."""
        refresh, filed = self.reader.snapshot.refresh, self.filed
        return {"dims": self.where, "scope": filed.scope if filed else None, "counting_day": str(refresh.counting_day),
                "is_synthetic": refresh.is_synthetic, "refresh_id": refresh.id, "head": refresh.head}  # fmt: skip


def scope(reader: Reader, connection: Any, where: Dims) -> Scope:
    """The scope that is asked for, its dimensions checked.

    Raises:
        Unknown: cases are not chosen by a dimension; by bench and judge on purpose (dictionary, section 8).
    """
    for dimension in where:
        if dimension in PEOPLE:
            raise Unknown(f"estimates are not made by [{dimension}]: nobody is measured by them. "
                          f"Ask by {', '.join(DIMENSIONS)}")  # fmt: skip
        if dimension not in DIMENSIONS:
            raise Unknown(f"cases are not chosen by [{dimension}]. {nearest(dimension, list(DIMENSIONS))}")
    return Scope(reader, connection, {d: where[d] for d in DIMENSIONS if d in where})
