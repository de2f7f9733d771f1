"""What a finding touches: which figures, how many cases, and by how much a rate could move at most.

The bound is cautious: each row that was set aside might be counted in the numerator, the denominator or both; each row that is
counted, but was warned of or stands in an earlier version, might leave them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from warehouse.catalogue.metric import Metric
from warehouse.reading.figure import Figure
from warehouse.reading.figures import Reader
from warehouse.reading.findings import Finding

MAKES = {"case_events": "cases"}
"""What a source feeds beside the table of its own name."""


@dataclass(frozen=True)
class Moved:
    """A rate of the year so far, as published, and between which values it would lie if every row were counted otherwise."""

    figure_id: str
    metric: str
    period: str
    value: float
    lower: float
    upper: float
    is_headline: bool

    @property
    def at_most(self) -> float:
        """The greater of both distances."""
        return max(self.upper - self.value, self.value - self.lower)


@dataclass(frozen=True)
class Touched:
    """What one rule touches in one court and family (None: cannot be told).

    `cases` are the rows that stand, by their keys. `figures` are the metrics that depend on them. `most` is the rate among
    these that could move farthest, of those on the first page if one is among them; None where no rate is published there.
    """

    rule_id: str
    court: str | None
    family: str | None
    cases: int
    figures: tuple[str, ...]
    most: Moved | None

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        most = self.most and {**self.most.__dict__, "at_most": self.most.at_most}
        return {**self.__dict__, "figures": list(self.figures), "most": most}


def touches(reader: Reader, found: Iterable[Finding], named: Mapping[str, Sequence[str]]) -> list[Touched]:
    """What the findings that stand touch, those that could move a figure farthest first.

    `named` are the figures that a rule names. Without names a row touches what is counted from its source.
    """
    groups: dict[tuple[str | None, ...], list[Finding]] = {}
    for one in found:
        if one.ended_in is None:
            groups.setdefault((one.rule_id, one.court, one.family, one.source, one.feeds), []).append(one)
    rates = _Rates(reader)
    touched = []
    for (_, court, family, source, feeds), mine in groups.items():
        rule = mine[0].rule_id
        metrics = [m for m in reader.snapshot.metrics.values() if reader.snapshot.applies(m)]
        depending = [m for m in metrics if _depends(m, named.get(rule, ()), source, feeds)]
        cases = {one.subject for one in mine}
        # a case of which nothing is counted yet can only come in
        counted = {
            one.subject for one in mine if not (one.severity == "blocks" and one.feeds == "cases" and not one.case_number)
        }
        moved = [rates.moved(m, court, family, len(cases), len(counted)) for m in depending if source is not None]
        told = [one for one in moved if one is not None]
        # of the figures that stand on the first page, if one depends
        told = [one for one in told if one.is_headline] or told
        most = max(told, key=lambda one: one.at_most, default=None)
        touched.append(Touched(rule, court, family, len(cases), tuple(m.id for m in depending), most))
    return sorted(
        touched, key=lambda one: (-(one.most.at_most if one.most else 0), one.rule_id, one.court or "", one.family or "")
    )


def bounds(numerator: int, denominator: int, may_come: int, may_go: int, is_share: bool) -> tuple[float, float]:
    """The least and the greatest value that a rate could have; a share is none below 0 or above 1."""
    lower = max(0, numerator - may_go) / (denominator + may_come)
    upper = (numerator + may_come) / max(1, denominator - may_go)
    return lower, min(1.0, upper) if is_share else upper


def _depends(metric: Metric, named: Sequence[str], source: str | None, feeds: str | None) -> bool:
    if named:
        return "*" in named or metric.id in named or bool(set(metric.parts) & set(named))
    fed = {source, feeds, MAKES.get(feeds or "")} - {None}
    return bool(fed & {*metric.needs, *metric.uses})


class _Rates:
    """The rates of the year so far, by court and family; each asked once."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.asked = reader, dict[tuple[str, tuple[str, ...]], dict[tuple[str, ...], Figure]]()

    def moved(self, metric: Metric, court: str | None, family: str | None, may_come: int, may_go: int) -> Moved | None:
        if metric.kind not in ("share", "ratio") or metric.unit != "share":
            return None
        wanted = {"court": court, "family": family}
        by = tuple(name for name, value in wanted.items() if value is not None and name in metric.dimensions)
        figure = self._of(metric, by).get(tuple(str(wanted[name]) for name in by))
        if figure is None or figure.status != "published" or figure.numerator is None or not figure.denominator:
            return None
        lower, upper = bounds(figure.numerator, figure.denominator, may_come, may_go, is_share=metric.kind == "share")
        value = figure.numerator / figure.denominator
        return Moved(figure.figure_id, metric.id, figure.period.id, value, lower, upper, metric.headline is not None)

    def _of(self, metric: Metric, by: tuple[str, ...]) -> dict[tuple[str, ...], Figure]:
        if (metric.id, by) not in self.asked:
            year = str(self.reader.snapshot.refresh.counting_day.year)
            found = self.reader.ask(metric.id, first=year, last=year, kind="year", by=by)
            self.asked[metric.id, by] = {tuple(str(one.dims[name]) for name in by): one for one in found}
        return self.asked[metric.id, by]
