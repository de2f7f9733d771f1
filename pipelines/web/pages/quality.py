"""The rules with their verdicts, what they withhold, what is set aside; and of one rule all that it found."""

from __future__ import annotations

from typing import Any

from pipelines.reports.quarantine import quarantine_rows
from pipelines.reports.worklist import BARE
from pipelines.web.visit import Visit
from pipelines.web.words import N_
from warehouse.quality.rule import Rule, read_rules
from warehouse.reading.snapshot import Unknown

ROWS = 50
STATUSES = {"open": N_("open"), "rectified": N_("came right since"), "sent_again": N_("sent again"), "no_case": N_("no case")}


def show(visit: Visit, rest: str) -> tuple[str, dict[str, Any]]:
    """All rules, or the one that is named.

    Raises:
        Unknown: there is no such rule or cause.
    """
    snap = visit.reader.snapshot
    with visit.court.catalogue_of(visit.court.place, snap.refresh.bundle) as catalogue:
        rules = read_rules(catalogue)
    verdicts = {one["rule_id"]: one for one in snap.ask("published/verdicts", {})}
    if rest:
        return _one(visit, rest, rules, verdicts, quarantine_rows(snap, None, rest, None, visit.court.deliveries()))
    gates: dict[tuple[str, str], list[Any]] = {}
    for gate in snap.gates:
        gates.setdefault((gate.metric, gate.reason), []).append(gate)
    counts = snap.ask("published/set_aside_counts", {}, quarantined="published/quarantine")
    causes = {(row["source"], row["reason_code"], row["status"]): row["reasons"] for row in counts}
    names = sorted({(source, code) for source, code, _ in causes})
    return "quality.html", {
        "rules": rules, "verdicts": sorted(verdicts.values(), key=lambda one: (one["holds"], one["rule_id"])),
        "gates": gates, "metrics": snap.metrics, "statuses": STATUSES, "bare": BARE, "lacking": snap.not_recounted,
        "causes": [(source, code, [causes.get((source, code, status), 0) for status in STATUSES]) for source, code in names],
        "aside": snap.ask("published/set_aside_rows", {}, quarantined="published/quarantine")[0]["rows_aside"],
    }  # fmt: skip


def _one(
    visit: Visit, code: str, rules: dict[str, Rule], verdicts: dict[str, Any], rows: list[dict[str, Any]]
) -> tuple[str, dict[str, Any]]:
    if code not in rules and code not in BARE and not rows:
        raise Unknown(f"there is no rule [{code}]")
    asked = [one for one in visit.reader.snapshot.ask("published/findings", {}) if one["rule_id"] == code]
    found = rows or asked
    skip = ROWS * (visit.view.page - 1)
    if skip and skip >= len(found):
        raise Unknown(f"[{visit.view.page}] is no page of these rows")
    return "rule.html", {
        "code": code, "rule": rules.get(code), "verdict": verdicts.get(code), "statuses": STATUSES, "total": len(found),
        "rows": rows[skip : skip + ROWS], "findings": asked[skip : skip + ROWS] if not rows else [],
        "bare": BARE.get(code), "skip": skip, "pages": max(1, -(-len(found) // ROWS)),
    }  # fmt: skip
