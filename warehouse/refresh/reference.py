"""What a refresh puts beside the deliveries: the deliveries themselves, code lists, periods and published totals as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from warehouse.catalogue.calendars import base_periods, days, with_own_months
from warehouse.catalogue.lists import day_or_none
from warehouse.catalogue.metric import not_counted
from warehouse.catalogue.profile import Profile
from warehouse.intake.chronicle import Delivery, Taken
from warehouse.refresh.limits import (
    clock_reason_rows,
    limit_rows,
    proceeding_rows,
    registration_limit_rows,
    working_day_rows,
)

Row = tuple[Any, ...]


def counting_day(profile: Profile, deliveries: Iterable[Delivery]) -> date:
    """The last day up to which is counted: the greatest `data_until` of the case source; of all where there is none."""
    source = profile.settings.case_source
    days = (d.data_until for d in deliveries if source is None or d.source == source)
    return max(days, default=profile.settings.data_from)


def delivery_rows(profile: Profile, known: Sequence[tuple[Delivery, int, Taken]]) -> list[Row]:
    """Rows of model.deliveries: each delivery with the refresh that took it and what was noted of it.

    Repeats have no place in the world's order: their rows are all duplicates.
    """
    rows: list[Row] = []
    newest = {(d.source, d.path): d.resent for d, _, _ in sorted(known, key=lambda k: k[0].resent)}
    for source, contract in profile.contracts.items():
        mine = sorted((k for k in known if k[0].source == source), key=lambda k: k[0].world_order)
        firsts = [k[0].delivery_no for k in mine if k[0].repeats is None]
        for delivery, taken_in, taken in mine:
            place = firsts.index(delivery.delivery_no) + 1 if delivery.repeats is None else None
            rows.append((
                delivery.delivery_no, source, contract.feeds, contract.kind, delivery.file, delivery.sha256,
                delivery.extract_on, delivery.rank, delivery.data_until, place,
                place if contract.kind == "snapshot" else None, taken_in, delivery.sample is not None,
                delivery.resent < newest[delivery.source, delivery.path], taken.rows, taken.duplicates, taken.untyped,
                taken.places,
            ))  # fmt: skip
    return rows


def list_rows(profile: Profile, until: date) -> dict[str, list[Row]]:
    """Rows of the tables of the model that the profile's lists and calendars make, up to a day."""
    return {
        "model.case_types": case_type_rows(profile),
        "model.closing_manners": closing_manner_rows(profile),
        "model.statutory_limits": limit_rows(profile),
        "model.proceedings": proceeding_rows(profile),
        "model.clock_reasons": clock_reason_rows(profile),
        "model.registration_limits": registration_limit_rows(profile),
        "model.working_days": working_day_rows(profile, until),
        "model.periods": period_rows(profile, until),
        "model.days": day_rows(profile, until),
    }


def case_type_rows(profile: Profile) -> list[Row]:
    """Rows of model.case_types."""
    return [
        (r["code"], r["name_zh"], r["name_en"], r["family_code"], r["counts_as_code"], r.get("instance"),
         day_or_none(r.get("valid_from")), day_or_none(r.get("valid_to")))
        for r in profile.code_rows("case_types")
    ]  # fmt: skip


def closing_manner_rows(profile: Profile) -> list[Row]:
    """Rows of model.closing_manners."""
    rows = profile.code_rows("closing_manners")
    return [(r["code"], r["counts_as"], r["effect"], day_or_none(r.get("valid_from"))) for r in rows]


def period_rows(profile: Profile, until: date) -> list[Row]:
    """Rows of model.periods: the months that hold data, of each calendar that cuts them in its own way."""
    return [
        (name, *row)
        for name, cal in with_own_months(profile.settings.calendars).items()
        for row in base_periods(cal, profile.settings.data_from, until)
    ]


def day_rows(profile: Profile, until: date) -> list[Row]:
    """Rows of model.days: each day inside the data, by calendar that cuts months in its own way, with its piece of time."""
    settings = profile.settings
    starts = {max(row[3], settings.data_from) for row in period_rows(profile, until)}
    rows: list[Row] = []
    for name, calendar in with_own_months(settings.calendars).items():
        piece = settings.data_from
        for day, ordinal in days(calendar, settings.data_from, until):
            piece = day if day in starts else piece
            rows.append((name, day, ordinal, piece))
    return rows


def control_total_rows(profile: Profile, deliveries: Iterable[Delivery], until: date) -> list[Row]:
    """Rows of model.control_totals.

    A total speaks of the real court. It is applied to real deliveries and to the profile's own sample, which is built to
    meet it; never to a sample of another size, nor before the data reach the end of its span. A metric that is not counted
    has none.
    """
    samples = {d.sample for d in deliveries if d.source == profile.settings.case_source}
    ours = samples <= {None} or samples == {profile.settings.sample.label}
    return [
        (r["id"], r["metric"], date.fromisoformat(r["first_day"]), date.fromisoformat(r["last_day"]), r["reading"],
         r["comparison"], Decimal(r["published"]), bool(samples) and ours and date.fromisoformat(r["last_day"]) <= until,
         r.get("family") or None)
        for r in profile.control_totals() if r["metric"] not in not_counted()
    ]  # fmt: skip
