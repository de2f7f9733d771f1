"""About these data: who published what when, from which files, and how errors are dealt with."""

from __future__ import annotations

from typing import Any

from pipelines.web.visit import Visit


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
                          "calendars": profile.calendars, "zone": profile.time_zone}  # fmt: skip
