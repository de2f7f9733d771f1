"""The dictionary of metrics: all of them by kind, and each in full with its readings."""

from __future__ import annotations

from typing import Any

from pipelines.web.visit import Visit
from warehouse.catalogue.metric import not_counted


def show(visit: Visit, rest: str) -> tuple[str, dict[str, Any]]:
    """All metrics, or the one that is named, as they were defined for the publication."""
    snap = visit.reader.snapshot
    if rest:
        metric, _ = snap.metric(rest.partition(".")[0])
        return "definition.html", {"metric": metric, "applies": snap.applies(metric), "span": _whole(visit, metric)}
    kinds: dict[str, list[Any]] = {}
    for metric in sorted(snap.metrics.values(), key=lambda one: one.id):
        kinds.setdefault(metric.kind, []).append((metric, snap.applies(metric)))
    return "definitions.html", {"kinds": kinds, "not_counted": not_counted()}


def _whole(visit: Visit, metric: Any) -> list[dict[str, Any]]:
    """The figure of all data, and that of each reading, as an example of what the definition gives."""
    names = [metric.id, *(f"{metric.id}.{variant}" for variant in metric.variants)]
    found = [visit.reader.ask(name)[0] for name in names]
    return [one.as_json() | {"name": visit.words.name(metric, one.variant), "href": visit.explain(one), "key": name,
                             "months": visit.figures(name)} for name, one in zip(names, found, strict=True)]  # fmt: skip
