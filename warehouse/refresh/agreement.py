"""The second engine at a refresh: what it is given, which periods it counts, and what stands in the warehouse of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import polars as pl

from warehouse.catalogue.calendars import with_own_months
from warehouse.catalogue.lists import day_or_none
from warehouse.catalogue.query import read_query
from warehouse.intake.chronicle import read_chronicle
from warehouse.intake.ledger import Ledger
from warehouse.quality.agree import SIDES, Agreement, agree
from warehouse.quality.expectations import Outcome
from warehouse.recount.docket import Docket, Lists
from warehouse.recount.every import RECOUNTED, recount
from warehouse.recount.touched import touched_periods
from warehouse.refresh.bundles import catalogue_of
from warehouse.refresh.limits import clock_reason_rows, registration_limit_rows
from warehouse.refresh.reference import case_type_rows, closing_manner_rows
from warehouse.refresh.work import Refreshing
from warehouse.store.place import Place

RULE = "RECOUNT"
MOST_ROWS = 1_000_000
"""Rows of cases, of all deliveries, up to which a refresh counts again. 2,000,000 would take 2.8 GB and longer than a third of
the refresh (measured); past it every metric is named as not recounted."""
MOST = 20
"""Figures that a check names."""
LIMIT = ("limit_id", "proceeding", "selector", "hard_when", "day_zero", "conversion")
LENGTHS = ("base_months", "base_days", "hard_months", "hard_days", "longest_months", "longest_days")
PROCEEDING = ("counts_as", "type_code", "procedure", "circumstance", "proceeding")
FLAGS = {"yes": True, "no": False, "": None}
Pairs = frozenset[tuple[str, str]]
RECOUNTED_FROM = ("cases", "registrations", "clock_events", "enforcement_results", "corrections")


def docket_of(work: Refreshing) -> Docket:
    """What the second engine is given: staged rows, deliveries and lists as plain data, nothing that SQL has made of them."""
    profile = work.catalogue.profile
    contract = profile.contracts.get(profile.settings.case_source or "")
    files = {feeds: work.staged_files(feeds) for feeds in RECOUNTED_FROM}
    return Docket(
        rows={feeds: pl.scan_parquet(found, missing_columns="insert") for feeds, found in files.items() if found},
        deliveries=_deliveries(work),
        set_aside=work.store.frame(read_query(work.catalogue.house / "sql", "quality/set_aside_keys"), {}),
        lists=lists_of(work),
        data_from=profile.settings.data_from,
        counting_day=work.counting_day,
        # Calendars whose months end alike share cells, under the name of the first.
        calendars={name: calendar.month_closes_on for name, calendar in with_own_months(profile.settings.calendars).items()},
        drops_missing=contract is not None and contract.on_missing == "drop",
    )


def lists_of(work: Refreshing) -> Lists:
    """The profile's lists."""
    profile = work.catalogue.profile
    return Lists(
        case_types=[{"type_code": row[0], "family": row[3], "counts_as": row[4]} for row in case_type_rows(profile)],
        closing_manners=[
            {"closing_manner": row[0], "counts_as": row[1], "effect": row[2]} for row in closing_manner_rows(profile)
        ],
        registration_limits=[
            {"population": row[1], "type_code": row[2], "days": row[3]} for row in registration_limit_rows(profile)
        ],
        statutory_limits=[
            {name: None if row[name] in ("", None) else row[name] for name in LIMIT}
            | {name: day_or_none(row[name]) for name in ("effective_from", "effective_to")}
            | {name: int(row[name]) if row[name] else None for name in LENGTHS}
            | {"moves_off_holidays": row["moves_off_holidays"] == "yes"}
            for row in profile.code_rows("statutory_limits")
        ],
        proceedings=[
            {name: row[name] or None for name in PROCEEDING} | {"is_private_prosecution": FLAGS[row["is_private_prosecution"]]}
            for row in profile.code_rows("proceedings")
        ],
        clock_reasons=[{"kind": row[0], "reason": row[1], "family": row[2]} for row in clock_reason_rows(profile)],
        holidays={date.fromisoformat(row["day"]): row["is"] == "working" for row in profile.code_rows("holidays")},
    )


def _deliveries(work: Refreshing) -> pl.DataFrame:
    contracts = work.catalogue.profile.contracts
    rows = [
        (
            d.delivery_no,
            contracts[d.source].feeds,
            contracts[d.source].kind == "snapshot",
            d.extract_on,
            d.rank,
            d.resent,
            d.sha256,
        )
        for d, _, _ in work.known()
        if d.repeats is None and d.source in contracts
    ]
    schema: Mapping[str, Any] = {
        "delivery_no": pl.Int64, "feeds": pl.String, "is_snapshot": pl.Boolean, "extract_on": pl.Date, "rank": pl.Int64,
        "resent": pl.Int64, "sha256": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def pairs_to_compare(work: Refreshing, docket: Docket) -> Pairs | None:
    """The periods that this refresh touches, as (calendar, period); None for all of them.

    All of them where nothing was counted again before, or by other definitions: then any figure may be another one.
    """
    sql, values, last = work.catalogue.house / "sql", work.parameters(), work.chronicle().last
    if last is None or last.bundle != work.bundle or not _before(work):
        return None
    changed = work.store.rows(read_query(sql, "quality/periods_changed"), values)
    touched = touched_periods(docket, {delivery.delivery_no for delivery in work.waiting})
    return frozenset(changed) | {(calendar, period) for calendar, periods in touched.items() for period in periods}


def compare(work: Refreshing, docket: Docket, pairs: Pairs | None) -> Agreement:
    """Both engines' cells of these periods, None for all, as they stand at this refresh."""
    metrics = list(work.catalogue.stored_metrics)
    values = {
        **work.parameters(), "metrics": sorted(set(metrics) & RECOUNTED), "is_full": pairs is None,
        "pairs": sorted(" ".join(pair) for pair in pairs or ()),
    }  # fmt: skip
    counted = work.store.frame(read_query(work.catalogue.house / "sql", "quality/cells_to_compare"), values)
    wanted: dict[str, set[str]] = {}
    for calendar, period in pairs or ():
        wanted.setdefault(calendar, set()).add(period)
    return agree(counted, recount(docket, None if pairs is None else wanted), metrics)


def count_again(work: Refreshing) -> Outcome:
    """Counts again what this refresh touches, notes what differs, and says whether the engines agree."""
    pairs: Pairs | None = None
    try:
        docket = docket_of(work)
        if _rows(docket) > MOST_ROWS and not any(figures for _, figures in _before(work)):  # what is withheld stays so
            reason = f"more than {MOST_ROWS:,} rows of cases are not counted again at a refresh; `caseload verify --full` does"
            _note(work, None, Agreement(0, pl.DataFrame(), tuple(sorted(work.catalogue.stored_metrics))), reason)
            return Outcome(RULE, True, 0, 0, None)
        pairs = pairs_to_compare(work, docket)
        found = compare(work, docket, pairs)
    except pl.exceptions.PolarsError as error:  # an engine that fails says nothing of the figures: none of them is shown
        reason = f"the second engine failed: {str(error).splitlines()[0]}"
        _note(work, pairs, None, reason)
        return Outcome(RULE, False, 0, 0, reason)
    _note(work, pairs, found, None)
    differing = found.differences.height
    return Outcome(RULE, differing == 0, found.cells, differing, None)


def disagreements(place: Place, program: str, tell: Callable[[str], None]) -> list[str]:
    """All figures of the last publication in which the two engines differ, of every period; at most 20, and how many more.

    Those that its definitions name and that have a second implementation; of the others it is told that they have none.
    """
    last = read_chronicle(Ledger(place.landing).events()).last
    if last is None:
        return []
    with catalogue_of(place, last.bundle) as catalogue:
        work = Refreshing(place, catalogue, datetime.fromisoformat(last.at), program, number=last.number + 1)
        work.replayed = ()
        try:
            if RULE not in work.rules:
                tell(f"not recounted: {last.id} was counted by definitions of before there was a second engine")
                return []
            found = compare(work, docket_of(work), None)
        finally:
            work.let_go()
    tell(f"recounted {found.cells:,} cells of {last.id}, both engines together")
    if found.not_recounted:
        tell(f"not recounted: {', '.join(found.not_recounted)}")
    told = [_told(row) for row in found.differences.rows(named=True)]
    return told[:MOST] + ([f"and {len(told) - MOST} figures more in which the engines differ"] if len(told) > MOST else [])


def _told(row: dict[str, Any]) -> str:
    name = row["metric"] + (f".{row['variant']}" if row["variant"] else "")
    sides = [[row[f"{side}_{part}"] for part in ("numerator", "denominator")] for side in SIDES]
    by_sql, again = ("/".join(str(value) for value in side if value is not None) or "0" for side in sides)
    return (
        f"{name} {row['calendar_id']} {row['period_id']} {row['court']}: the two engines differ in {row['cells']} cells, "
        f"{by_sql} by SQL, {again} counted again"
    )


def _before(work: Refreshing) -> list[tuple[Any, ...]]:
    """The refresh before and in how many figures the engines differed then; nothing where it was not counted again."""
    return work.store.rows(read_query(work.catalogue.house / "sql", "quality/recounted_before"), work.parameters())


def _rows(docket: Docket) -> int:
    """The rows of cases that were delivered, as the files themselves say."""
    return int(docket.rows["cases"].select(pl.len()).collect().item()) if "cases" in docket.rows else 0


def _note(work: Refreshing, pairs: Pairs | None, found: Agreement | None, error: str | None) -> None:
    tables, number = work.catalogue.tables, work.number
    periods = len(pairs) if pairs is not None else work.store.count("model.periods")
    cells, figures, lacking = (found.cells, found.differences.height, ", ".join(found.not_recounted)) if found else (0, 0, "")
    row = (number, pairs is None, periods, cells, figures, lacking or None, error)
    work.store.append("quality.recounts", tables["quality.recounts"], [row])
    if found and found.differences.height:
        table = tables["quality.recount_differences"]
        told = found.differences.with_columns(refresh_no=pl.lit(number)).select(list(table.columns)).rows()
        work.store.append("quality.recount_differences", table, told)
