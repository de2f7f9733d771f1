"""One figure of one period with what stands beside it on every page: its months, its own range, the year before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pipelines.web.charts import Spark, spark
from pipelines.web.pages.judging import Judged, judge
from pipelines.web.visit import Visit
from warehouse.reading.change import changes
from warehouse.reading.figure import Figure

MONTHS = 24


@dataclass(frozen=True)
class Line:
    """`told` is the figure as JSON has it; `judged` is None of what is no month; `against` the same of the year before."""

    name: str
    figure: Figure
    told: dict[str, Any]
    spark: Spark | None
    judged: Judged | None
    against: dict[str, Any]


def line_of(visit: Visit, name: str, span: dict[str, Any]) -> Line:
    """One metric or reading of it, over the span that `Visit.span` asks for."""
    reader = visit.reader
    asked = reader.question(name, **span)
    figure = reader.answer(asked)[0]
    found = visit.trend(name)
    until = min(figure.period.last, found.points[-1].figure.period.last)
    judged = judge(found, figure.period) if figure.period.kind == "month" else None
    return Line(
        name, figure, figure.as_json(), spark(found, MONTHS, until), judged, changes(reader, asked, "year")[0].as_json()
    )
