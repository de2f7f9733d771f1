"""The law on limits as rows: statutory limits, how proceedings are told, reasons of clock events, working days.

Belongs here: a profile's lists as tables of the model. Does not belong here: what a due date is (sql/model/case_clocks.sql).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from warehouse.catalogue.lists import day_or_none
from warehouse.catalogue.profile import Profile

Row = tuple[Any, ...]

FIRST_DAY = date(2000, 1, 1)
"""Limits are reckoned from here on; an older case runs out before."""
YEARS_AHEAD = 12
"""The longest limit, with extensions and deductions, ends before so many years after the counting day."""


def limit_rows(profile: Profile) -> list[Row]:
    """Rows of model.statutory_limits."""
    return [
        (r["limit_id"], r["proceeding"], date.fromisoformat(r["effective_from"]), day_or_none(r["effective_to"]), r["selector"],
         _number(r["base_months"]), _number(r["base_days"]), _number(r["hard_months"]), _number(r["hard_days"]),
         r["hard_when"] or None, _number(r["longest_months"]), _number(r["longest_days"]), r["day_zero"],
         r["conversion"] or "continues", r["moves_off_holidays"] == "yes", r["name_zh"], r["name_en"], r["article"],
         r["extension"], r["verified"] == "yes")
        for r in profile.code_rows("statutory_limits")
    ]  # fmt: skip


def proceeding_rows(profile: Profile) -> list[Row]:
    """Rows of model.proceedings."""
    flags = {"yes": True, "no": False, "": None}
    columns = ("counts_as", "type_code", "procedure", "is_private_prosecution", "circumstance")
    return [
        (r["counts_as"], r["type_code"] or None, r["procedure"] or None, flags[r["is_private_prosecution"]],
         r["circumstance"] or None, r["proceeding"], sum(bool(r[name]) for name in columns))
        for r in profile.code_rows("proceedings")
    ]  # fmt: skip


def clock_reason_rows(profile: Profile) -> list[Row]:
    """Rows of model.clock_reasons: one a kind and a family."""
    return [
        (kind, r["code"], None if family == "*" else family)
        for r in profile.code_rows("clock_reasons")
        for kind in r["kinds"].split("|")
        for family in r["families"].split("|")
    ]


def registration_limit_rows(profile: Profile) -> list[Row]:
    """Rows of model.registration_limits."""
    return [
        (r["limit_id"], r["population"], r["type_code"] or None, int(r["days"]), r["name_zh"], r["name_en"], r["article"])
        for r in profile.code_rows("registration_limits")
    ]


def working_day_rows(profile: Profile, until: date) -> list[Row]:
    """Rows of model.working_days: by the profile's holiday table in the years that it reaches, else Monday to Friday."""
    listed = {date.fromisoformat(r["day"]): r["is"] == "working" for r in profile.code_rows("holidays")}
    years = {day.year for day in listed}
    days = list(_days(FIRST_DAY, date(until.year + YEARS_AHEAD, 12, 31)))
    working = [listed.get(day, day.weekday() < 5) for day in days]
    rows: list[Row] = []
    following = days[-1]
    for day, works in zip(reversed(days), reversed(working), strict=True):
        following = day if works else following
        rows.append((day, works, day.year in years, following))
    return rows[::-1]


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(1)


def _number(text: str) -> int | None:
    return int(text) if text else None
