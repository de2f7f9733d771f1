"""The workload of benches: how many cases came, went and are left, by the name that was delivered. Counts, no rates."""

from __future__ import annotations

from typing import Any

from pipelines.web.visit import Visit
from warehouse.reading.figure import Figure
from warehouse.reading.snapshot import Unknown

NAMES = ("pending_start", "filed", "reopened", "closed", "pending_end", "overdue_pending", "long_pending_12m")


def show(visit: Visit, rest: str) -> tuple[str, dict[str, Any]]:
    """One row a bench, in the order of names: benches do different work, and nobody is ranked.

    Raises:
        Unknown: there is nothing below this page.
    """
    if rest:
        raise Unknown(f"there is no page [{rest}]")
    reader, snap = visit.reader, visit.reader.snapshot
    period = visit.view.period or visit.last_month
    names = [name for name in NAMES if visit.has(name) and visit.takes(name)
             and "bench" in snap.metrics[name].dimensions]  # fmt: skip
    columns = {name: _by_bench(visit, name, period) for name in names}
    benches = sorted({bench for column in columns.values() for bench in column})
    totals = [reader.ask(name, **visit.span(period))[0] for name in names]
    return "benches.html", {
        "metrics": [(name, snap.metrics[name]) for name in names], "totals": totals, "period_id": period,
        "rows": [(bench, [columns[name].get(bench) for name in names]) for bench in benches],
        "period": totals[0].period if totals else None, "periods": visit.period_choices(period),
        "filters": visit.filters("bench"),
    }  # fmt: skip


def _by_bench(visit: Visit, name: str, period: str) -> dict[str, Figure]:
    found = visit.reader.ask(name, **visit.span(period), by=("bench",))
    return {one.dims["bench"]: one for one in found if one.dims}
