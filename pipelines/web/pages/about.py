"""About these data: who published what when, from which files, and how errors are dealt with."""

from __future__ import annotations

from typing import Any

from pipelines.web.visit import Visit
from warehouse.reading.figure import Figure
from warehouse.reading.figures import headline


def show(visit: Visit, rest: str) -> tuple[str, dict[str, Any]]:
    """Publications, sources with their rows, the last refresh, how errors are handled.

    Raises:
        Unknown: there is nothing below this page.
    """
    from warehouse.reading.snapshot import Unknown

    if rest:
        raise Unknown(f"there is no page [{rest}]")
    snap = visit.reader.snapshot
    sources = snap.rows(
        "select source, count(*), min(extract_on), max(extract_on), sum(rows_delivered), sum(rows_accepted), "
        "sum(rows_quarantined), sum(rows_duplicate) from published.deliveries where taken_in <= $n "
        "group by source order by source",
        {"n": snap.refresh.number},
    )
    profile = visit.court.profile
    return "about.html", {"sources": sources, "refreshes": snap.all_refreshes[::-1], "breaks": profile.breaks,
                          "calendars": profile.calendars, "zone": profile.time_zone, "readings": _readings(visit)}  # fmt: skip


def _readings(visit: Visit) -> list[tuple[Figure, list[Figure]]]:
    """Each figure shown first, over all data, with what it would be in its other readings: how much hangs on a definition."""
    reader, found = visit.reader, []
    for name in headline(reader.snapshot):
        metric = reader.snapshot.metrics[name]
        others = [reader.ask(f"{name}.{key}")[0] for key in metric.variants] if visit.has(name) else []
        if others:
            found.append((reader.ask(name)[0], others))
    return found
