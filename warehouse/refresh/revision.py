"""The guard of closed years: a year that the last publication had counted to its end moves far only if a person says so."""

from __future__ import annotations

from warehouse.catalogue.query import HOUSE, read_query
from warehouse.intake.chronicle import ACCEPT_REVISION
from warehouse.quality.gates import Breach, is_tolerable
from warehouse.quality.rule import breaking_rows
from warehouse.refresh.work import Refreshing
from warehouse.store.swap import NotPublished

DRIFT = "DQ39"


def guard_closed_years(work: Refreshing) -> None:
    """Notes the acceptance of a person on the ledger, where one is needed and there.

    Raises:
        NotPublished: a closed year moves by more than the profile allows, and nobody accepts it.
    """
    moved = revised_years(work)
    is_accepted = work.accepts is not None and work.accepts.revision
    drifted = drifts(work) if is_accepted else []
    if not moved and not drifted:
        return
    if work.accepts is None or not is_accepted:
        raise NotPublished(
            f"nothing is published, {len(moved)} figures of closed years move further than the profile allows: "
            f"{'; '.join(moved[:3])}. The last publication stands. Look at `caseload refresh --preview`; if it is right, "
            "run `caseload refresh --accept-revision`"
        )
    at = work.now.isoformat(timespec="seconds")
    work.ledger.add("decision", at=at, decision=ACCEPT_REVISION, who=work.accepts.who, why=work.accepts.why, moved=moved,
                    drifted=drifted)  # fmt: skip


def drifts(work: Refreshing) -> list[str]:
    """What the rule on closed years would withhold in this refresh if nobody accepted it; none in a replay."""
    rule = work.rules.get(DRIFT)
    if rule is None or work.replayed is not None:
        return []
    found = work.store.rows(breaking_rows(work.catalogue, rule), {**work.parameters(), "may_move": False})
    breaches = [Breach(rule.id, *row) for row in found]
    return sorted(breach.item for breach in breaches if not is_tolerable(rule, breach))


def revised_years(work: Refreshing) -> list[str]:
    """Metric, court and year with the numbers before and now; none where the profile sets no limit, or in a replay."""
    limit, last = work.catalogue.profile.settings.closed_years, work.chronicle().last
    if limit is None or last is None or work.replayed is not None:
        return []
    settings = work.catalogue.profile.settings
    rows = work.store.rows(read_query(HOUSE / "sql", "quality/revised_years"), {
        "calendar": next(iter(settings.calendars)), "counted_before": last.counting_day, "refresh_before": last.number,
        "metrics": [m.id for m in work.catalogue.stored_metrics.values() if m.kind != "stock"],
        "rows": limit.rows, "share": limit.share,
    })  # fmt: skip
    return [f"{metric} {year} of {court}: {before:,} → {now:,}" for metric, court, year, before, now in rows]
