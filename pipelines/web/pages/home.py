"""The first page: state of the data, state of the court, what to do, what changed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from pipelines.web.pages.line import Line, line_of
from pipelines.web.visit import Visit
from pipelines.web.words import N_
from warehouse.reading.figures import headline
from warehouse.reading.snapshot import Unknown
from warehouse.reading.totals import known_measures

CHOSEN = "closing_rate_cn"
"""The figure of which the reader chooses the reading."""
LATE = "DQ41"
"""The rule that finds a source late."""
STOCK = "pending_end"
"""Stands in the balance below the tiles, not among them."""
AGES = ("0-30", "31-90", "91-180", "181-365", "366-540", "541-1095", "over-1095")
LEVELS = 5
ATTENTION = (
    ("overdue_pending", N_("pending past their lawful limit")),
    ("due_soon.in_10_days", N_("reach their lawful limit within ten days")),
    ("enforcement_overdue", N_("of enforcement, past six months")),
    ("zhongben_recheck_due", N_("in the 终本 pool, due for a property inquiry")),
    ("long_pending_36m", N_("pending for more than three years")),
)
"""What a person has to see to, in this order; each opens its cases."""
MOST = 7


@dataclass(frozen=True)
class Tile(Line):
    """One headline figure."""

    margin: int | None
    """Cases above the target; below 0 those that are short of it."""
    parts: tuple[dict[str, Any], ...]


def show(visit: Visit, rest: str) -> tuple[str, dict[str, Any]]:
    """The figures of one period, by default the last month of the data.

    Raises:
        Unknown: there is no such reading.
    """
    del rest
    reader, snap = visit.reader, visit.reader.snapshot
    names = [name for name in headline(snap) if visit.has(name)]
    if not names:
        return "totals_only.html", {"measures": known_measures(snap)}
    period = visit.view.period or visit.last_month
    readings = snap.metrics[CHOSEN].variants if visit.has(CHOSEN) else {}
    reading = visit.view.reading
    if reading and reading not in readings:
        raise Unknown(f"there is no reading [{reading}] of {CHOSEN}. There are {', '.join(readings)}")
    shown = [f"{name}.{reading}" if name == CHOSEN and reading else name for name in names]
    span = visit.span(period)
    question = reader.question(names[0], **span)
    return "home.html", {
        "until": min(reader.answer(question)[0].last_day, snap.refresh.counting_day),
        "period": question.periods[0], "period_id": period, "where": visit.where,
        "periods": visit.period_choices(period), "filters": visit.filters(),
        "readings": [(key, visit.words.name(snap.metrics[CHOSEN], key or None)) for key in ("", *readings)], "reading": reading,
        "tiles": [_tile(visit, name, span) for name in shown if name != STOCK and visit.takes(name)],
        "balances": _balances(visit, span), "heat": _heat(visit, span), "attention": _attention(visit, span),
        "changed": _changed(visit, span, names), "rules": rules_held(visit), "gates": withheld(visit),
        "late": sum(one["failing"] for one in snap.ask("published/verdicts", {}) if one["rule_id"] == LATE),
    }  # fmt: skip


def _tile(visit: Visit, name: str, span: dict[str, Any]) -> Tile:
    line, margin = line_of(visit, name, span), None
    told = line.told
    if told["target"] is not None and told["status"] == "published":
        margin = (told["numerator"] or 0) - ceil(Fraction(str(told["target"])) * (told["denominator"] or 0))
    variants = ("pending", "pool") if name == "enforcement_backlog" else ()
    parts = tuple(visit.reader.ask(f"{name}.{variant}", **span)[0].as_json() for variant in variants)
    return Tile(**vars(line), margin=margin, parts=parts)


def _balances(visit: Visit, span: dict[str, Any]) -> list[dict[str, Any]]:
    """Opening stock + filed + reopened − closed = closing stock: of the period, and of all that is published."""
    reader, snap = visit.reader, visit.reader.snapshot
    names = ("pending_start", "filed", "reopened", "closed", STOCK)
    if not all(visit.has(name) and visit.takes(name) for name in names):
        return []
    found = []
    for one in (span, {"where": visit.where, "calendar": visit.calendar}):
        figures = {name: reader.ask(name, **one)[0] for name in names}
        numbers = {name: figure.numerator for name, figure in figures.items()}
        is_whole = all(number is not None for number in numbers.values())
        made = sum((numbers[name] or 0) * sign for name, sign in zip(names[:4], (1, 1, 1, -1), strict=True))
        found.append({"period": visit.period_of(figures["filed"]), "figures": {n: f.as_json() for n, f in figures.items()},
                      "metrics": {name: snap.metrics[name] for name in names}, "made": made if is_whole else None,
                      "holds": is_whole and made == numbers[STOCK]})  # fmt: skip
    return found[:1] if found[0]["period"] == found[-1]["period"] else found


def _heat(visit: Visit, span: dict[str, Any]) -> dict[str, Any] | None:
    """Pending cases by age and family; the level of a cell says in which fifth of the greatest it lies."""
    reader, snap = visit.reader, visit.reader.snapshot
    name = "pending_age_buckets"
    if not visit.has(name) or not visit.takes(name):
        return None
    cells = {(one.dims["family"], one.dims["part"]): one for one in reader.ask(name, by=("family", "part"), **span) if one.dims}
    totals = {one.dims["family"]: one for one in reader.ask(STOCK, by=("family",), **span) if one.dims}
    overdue = {}
    if visit.has("overdue_pending"):
        overdue = {one.dims["family"]: one for one in reader.ask("overdue_pending", by=("family",), **span) if one.dims}
    families = [family for family in totals if any(key[0] == family for key in cells)]
    ages = [age for age in AGES if any(key[1] == age for key in cells)]
    most = max((one.numerator or 0 for one in cells.values()), default=0)
    rows = []
    for family in families:
        row = []
        for age in ages:
            one = cells.get((family, age))
            number = one.numerator or 0 if one else 0
            row.append((one, min(LEVELS, ceil(LEVELS * (number / most) ** 0.5)) if most and number else 0))
        rows.append({"family": family, "cells": row, "total": totals[family], "overdue": overdue.get(family)})
    return {"ages": ages, "rows": rows, "name": name, "metric": snap.metrics[name], "has_overdue": bool(overdue)}


def _attention(visit: Visit, span: dict[str, Any]) -> list[dict[str, Any]]:
    """At most seven things, each with the address of its cases."""
    reader, snap, found = visit.reader, visit.reader.snapshot, []
    for name, text in ATTENTION:
        if not visit.has(name) or not visit.takes(name):
            continue
        figure = reader.ask(name, **span)[0]
        if figure.numerator:
            found.append({"count": figure.numerator, "text": text, "unit": figure.metric.unit, "href": visit.explain(figure)})
    aside = snap.ask("published/set_aside_rows", {}, quarantined="published/quarantine")[0]["rows_open"]
    if aside:
        found.append({"count": aside, "text": N_("set aside and open, to be mended at the source"), "unit": "rows",
                      "href": visit.view.to("quality") + "#set-aside"})  # fmt: skip
    refused = visit.run["refused"]
    if refused:
        found.append({"count": len(refused), "text": N_("refused by the last refresh"), "unit": "files",
                      "href": visit.view.to("about") + "#last-refresh"})  # fmt: skip
    return found[:MOST]


def _changed(visit: Visit, span: dict[str, Any], names: list[str]) -> dict[str, Any] | None:
    """The headline figures of the same period beside those of the publication before; None of the first one."""
    before = visit.court.earlier(visit.reader)
    if before is None:
        return None
    rows = []
    for name in names:
        if name not in before.snapshot.metrics or not visit.takes(name):
            continue
        new, old = visit.reader.ask(name, **span)[0], before.ask(name, **span)[0]
        if (new.numerator, new.denominator, new.status) != (old.numerator, old.denominator, old.status):
            rows.append({"metric": new.metric, "new": new.as_json(), "old": old.as_json()})
    ends = before.snapshot.refresh, visit.reader.snapshot.refresh
    return {"before": ends[0], "rows": rows, "href": f"/{visit.view.lang}/changes/{ends[0].id}..{ends[1].id}"}


def rules_held(visit: Visit) -> dict[str, int]:
    """How many rules on sets hold, and how many do not, by what they do then; those on rows tell by the rows set aside."""
    verdicts = [one for one in visit.reader.snapshot.ask("published/verdicts", {}) if one["looks_at"] != "row"]
    broken = [one for one in verdicts if not one["holds"]]
    return {"hold": len(verdicts) - len(broken), "warn": sum(one["severity"] != "blocks" for one in broken),
            "block": sum(one["severity"] == "blocks" for one in broken)}  # fmt: skip


def withheld(visit: Visit) -> list[str]:
    """The metrics of which something is withheld."""
    return sorted({gate.metric for gate in visit.reader.snapshot.gates})
