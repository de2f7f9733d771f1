"""The one screen at the end of a refresh: files and rows, rules, figures beside published totals, where to look next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pipelines.reports.totals import published_lines
from pipelines.reports.words import SYNTHETIC, columns, said, say, shown, withheld_lines
from warehouse.catalogue.bundle import Catalogue
from warehouse.intake.land import Refused
from warehouse.intake.ledger import Ledger
from warehouse.intake.released import released
from warehouse.reading.figures import Reader, headline
from warehouse.reading.snapshot import Snapshot, snapshot
from warehouse.store.place import Place

STATUSES = {"open": "open", "rectified": "came right since", "sent_again": "sent again", "no_case": "no case"}
"""What became of rows set aside, in words."""


def screen(catalogue: Catalogue, place: Place, refused_files: Sequence[Refused], lang: str) -> list[str]:
    """Its lines, from what is published now."""
    settings = catalogue.profile.settings
    with snapshot(place.warehouse) as snap:
        releases = released(Ledger(place.landing).events()) if snap.gates else {}
        reader = Reader(snap, settings.calendars, releases=releases)
        refresh = snap.refresh
        name = settings.name_zh if lang == "zh" else settings.name_en
        lines = ["", f"{name} · {refresh.id} · {refresh.published_at} · counted to {refresh.counting_day}"]
        lines += [f"  {say(SYNTHETIC, lang)}"] if refresh.is_synthetic else []
        lines += ["", *_rows(snap), "", *_rules(snap), ""]
        if catalogue.profile.has_cases:
            lines += [*_figures(snap, reader, lang), *_totals(snap, reader), *_rate(snap, reader)]
        lines += published_lines(snap, catalogue.profile.contracts)
    for refused in refused_files:
        lines.append(f"  refused: {refused.reason}")
    return [*lines, "", f"  ledger {Ledger(place.landing).read().head}", *_next(catalogue)]


def _rows(snap: Snapshot) -> list[str]:
    rows = snap.rows(
        "select source, count(*), sum(rows_delivered), sum(rows_accepted), sum(rows_quarantined), sum(rows_duplicate) "
        "from published.deliveries group by source order by source"
    )
    header = ["source", "files", "delivered", "= accepted", "+ quarantined", "+ duplicates"]
    return [f"  {line}" for line in columns([header, *[[row[0], *(f"{n:,}" for n in row[1:])] for row in rows]],
                                            frozenset(range(1, 6)))]  # fmt: skip


def _rules(snap: Snapshot) -> list[str]:
    """Verdicts of the rules on sets, what became of rows set aside, warnings; what is withheld."""
    verdicts = snap.ask("published/verdicts", {})
    sets = [v for v in verdicts if v["looks_at"] != "row"]
    held = sum(1 for v in sets if v["holds"])
    rows = {(row["delivery_no"], row["record"]): row["status"] for row in snap.ask("published/quarantine", {})}
    now = Counter(rows.values())
    said = [f"{now[status]:,} {words}" for status, words in STATUSES.items() if now[status]]
    lines = [f"  rules: {held} of {len(sets)} on sets hold, {len({g.metric for g in snap.gates})} figures withheld"]
    lines += [f"    {v['rule_id']} {v['severity']}: {v['failing']:,} broken" for v in sets if not v["holds"]]
    unasked = snap.rows("select rule_id, error from quality.verdicts where refresh_no = $n and error is not null",
                        {"n": snap.refresh.number})  # fmt: skip
    lines += [f"    {rule} could not be asked: {error}" for rule, error in unasked]
    lines.append(f"  rows set aside: {len(rows):,}" + (f" ({'; '.join(said)})" if said else ""))
    lines += [f"    warning {v['rule_id']}: {v['failing']:,} rows" for v in verdicts
              if v["looks_at"] == "row" and v["severity"] != "blocks" and v["failing"]]  # fmt: skip
    return lines + [f"    {line}" for line in withheld_lines((g.metric, g.reason) for g in snap.gates)]


def _figures(snap: Snapshot, reader: Reader, lang: str) -> list[str]:
    rows = []
    for name in headline(snap):
        found = reader.ask(name)[0]
        named = found.metric.name_zh if lang == "zh" else found.metric.name_en
        rows.append([named, shown(found.as_json(), lang), said(found, "scope", lang)])
    for variant in ("pending", "pool"):
        metric = snap.metrics["enforcement_backlog"]
        if snap.applies(metric):
            figure = reader.ask(f"enforcement_backlog.{variant}")[0].as_json()
            reading = metric.variants[variant]
            rows.append([f"  {reading.name_zh if lang == 'zh' else reading.name_en}", shown(figure, lang), ""])
    return [f"  {line}" for line in columns(rows, frozenset({1}))]


def _totals(snap: Snapshot, reader: Reader) -> list[str]:
    """Published totals beside ours, with the difference; none for a sample of another size."""
    totals = snap.rows(
        "select control_total_id, metric, first_day, last_day, reading, comparison, published, family "
        "from model.control_totals where is_applicable order by control_total_id"
    )
    if not totals:
        return []
    rows = [["published total", "span", "published", "ours", "difference"]]
    for name, metric, first, last, reading, comparison, published, family in totals:
        where = {"family": family} if family else {}
        figure = reader.ask(metric, first=str(first)[:7], last=str(last)[:7], where=where)[0].as_json()
        rows.append(
            [
                f"{name} {metric}",
                f"{str(first)[:7]}..{str(last)[:7]}",
                *_compared(figure, comparison, published),
            ]
        )
        if reading == "unknown" and metric == "filed":
            opening = reader.ask("pending_start", first=str(first)[:7], last=str(last)[:7], where=where)[0]
            stock = (figure["value"] or 0) + (opening.numerator or 0)
            rows.append([f"{name} pending_start + filed", "the other reading of 受理", f"{published:,.0f}", f"{stock:,}",
                         f"{stock - int(published):+,}"])  # fmt: skip
    return ["", *[f"  {line}" for line in columns(rows, frozenset({2, 3, 4}))]]


def _compared(figure: dict[str, Any], comparison: str, published: Any) -> list[str]:
    if figure["status"] != "published":
        return [f"{published:,.0f}", figure["status"], "–"]
    if comparison == "floor":
        return [
            f"at least {float(published):.0%}",
            f"{figure['value']:.2%}",
            "reached" if figure["value"] >= published else "missed",
        ]
    return [f"{published:,.0f}", f"{figure['value']:,}", f"{figure['value'] - int(published)}"]


def _rate(snap: Snapshot, reader: Reader) -> list[str]:
    metric = snap.metrics["same_day_registration_rate"]
    figure = reader.ask(metric.id)[0].as_json()
    if figure["status"] != "published" or not metric.target:
        return []
    shown_or_not = "shown" if figure["target_shown"] else "not shown"
    return ["", f"  same-day registration {figure['numerator']:,} of {figure['denominator']:,} = {figure['value']:.2%} "
            f"(95 % interval {figure['lower']:.2%} to {figure['upper']:.2%}) beside the target of {metric.target.value:.0%}: "
            f"{'met' if figure['target_met'] else 'not met'}, {shown_or_not}; {figure['short_by']} cases short "
            f"[operational definition, {figure['reason'] or 'in force'}]"]  # fmt: skip


def _next(catalogue: Catalogue) -> list[str]:
    profile = "" if catalogue.profile.id == "shengzhou" else f" --profile {catalogue.profile.id}"
    if not catalogue.profile.has_cases:
        return [f"  next: caseload totals{profile}", f"        caseload totals MEASURE --history{profile}",
                f"        caseload status{profile}"]  # fmt: skip
    return [
        f"  next: caseload figures filed --period year --by family{profile}",
        f"        caseload explain closed/{catalogue.profile.settings.data_from.year + 1}{profile}",
        f"        caseload status{profile}",
    ]
