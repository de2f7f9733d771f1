"""The limits that the law sets, as this publication counted by them: how long, from which day, and where the law says so."""

from __future__ import annotations

from typing import Any

from pipelines.web.visit import Visit
from pipelines.web.words import N_
from warehouse.reading.snapshot import Unknown

DAY_ZERO = {"registered": N_("day after registration"), "received": N_("day after receipt"),
            "notice": N_("day after the notice ends")}  # fmt: skip


def show(visit: Visit, rest: str) -> tuple[str, dict[str, Any]]:
    """Limits of cases and of applications to register; a profile may have neither.

    Raises:
        Unknown: there is nothing below this page.
    """
    if rest:
        raise Unknown(f"there is no page [{rest}]")
    snap = visit.reader.snapshot
    return "limits.html", {
        "limits": snap.ask("published/statutory_limits", {}), "applications": snap.ask("published/registration_limits", {}),
        "day_zero": DAY_ZERO, "law_zh": visit.court.law_zh,
    }  # fmt: skip
