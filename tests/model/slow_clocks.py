"""Statutory clocks told a second time: docs/clocks.md read rule by rule, day by day, as plainly as it can be said.

Here: what model.case_clocks must hold, from the CSVs of the profile and nothing else of the project, so that two readings
of the same page can disagree. Not here: speed, SQL, or anything that production shares.
"""

from __future__ import annotations

import calendar
import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

CODES = Path(__file__).parents[2] / "warehouse/profiles/shengzhou/codes"
DAY = timedelta(days=1)

Row = dict[str, Any]


def _code_rows(name: str) -> list[dict[str, str]]:
    with (CODES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _limit(row: dict[str, str]) -> Row:
    """A row of statutory_limits.csv with its days as days and its figures as figures; an empty cell is None."""
    limit: Row = {name: value or None for name, value in row.items()}
    for name in ("effective_from", "effective_to"):
        limit[name] = date.fromisoformat(row[name]) if row[name] else None
    for figure in ("base", "hard", "longest"):
        for unit in ("months", "days"):
            name = f"{figure}_{unit}"
            limit[name] = int(row[name]) if row[name] else None
    return limit


LIMITS = [_limit(row) for row in _code_rows("statutory_limits")]
PROCEEDINGS = _code_rows("proceedings")
REASONS = {
    (kind, row["code"]): row["families"].split("|") for row in _code_rows("clock_reasons") for kind in row["kinds"].split("|")
}
HOLIDAYS = {date.fromisoformat(row["day"]): row["is"] for row in _code_rows("holidays")}


@dataclass(frozen=True)
class Spell:
    """A counted case from one opening to its end, with the events that count for it."""

    case: Row
    opened_on: date
    closed_on: date | None
    until: date
    events: list[Row]
    circumstances: frozenset[str]
    all_events: list[Row]
    """Those of the whole case, before and after the spell too."""


@dataclass
class Clock:
    """What runs from the opening, from a change of procedure or from a restart until the next one begins."""

    begins_on: date
    procedure: str | None
    day_zero: date
    is_first: bool = False
    ends_on: date | None = None
    """First day of the next clock."""


# ---- Rules 1 and 2: what has a clock


def spell_of(case: Row, events: Iterable[Row], counting_day: date) -> Spell:
    """Rule 1: the spell, which lasts until its end or until the counting day."""
    until = case["closed_on"] or counting_day
    first, last = case["opened_on"], until
    known = [event for event in events if event["case_key"] == case["case_key"] and applies(event, case["family"])]
    circumstances = frozenset(event["reason"] for event in known if event["kind"] == "circumstance")
    counting = [event for event in known if falls_into(event, first, last)]
    return Spell(case, first, case["closed_on"], until, counting, circumstances, known)


def applies(event: Row, family: str) -> bool:
    """Rule 2: whether the reason counts for cases of the family."""
    families = REASONS.get((event["kind"], event["reason"]), [])
    return family in families or "*" in families


def falls_into(event: Row, opened_on: date, until: date) -> bool:
    """Rule 2: whether an event happens in the spell. (Circumstances have no days.)"""
    if event["kind"] in ("procedure_change", "restart"):
        return opened_on < event["from_on"] <= until
    if event["kind"] == "extension":
        return opened_on <= event["approved_on"] <= until
    if event["kind"] in ("deduction", "suspension"):
        return bool(days_of(event, opened_on + DAY, until))
    return False


def days_of(event: Row, first: date, last: date) -> set[date]:
    """The days from `first` to `last` that a deduction or suspension takes; without an end it goes on to `last`."""
    day, end = max(event["from_on"], first), min(event["to_on"] or last, last)
    taken = set()
    while day <= end:
        taken.add(day)
        day += DAY
    return taken


# ---- Rules 3 and 5: clocks and their day zero


def clocks_of(spell: Spell) -> list[Clock]:
    """Rule 3: the clocks of a spell in their order, also those that govern no day because others begin on the same one."""
    makers = [event for event in spell.events if event["kind"] in ("procedure_change", "restart")]
    makers.sort(key=lambda event: (event["from_on"], event["event_key"]))
    clocks = [Clock(spell.opened_on, first_procedure(spell), spell.opened_on, is_first=True)]
    is_one_void = False
    for event in makers:
        before = clocks[-1]
        if event["kind"] == "procedure_change" and conversion(spell, event) == "in_time":
            is_one_void = is_one_void or is_too_late(spell, before, event["from_on"])
            if is_one_void:
                continue
        before.ends_on = event["from_on"]
        clocks.append(next_clock(spell, before, event))
    return clocks


def first_procedure(spell: Spell) -> str | None:
    """Rule 3: the procedure before the case's first change after the opening, also one after the spell, else its own."""
    later = [event for event in spell.all_events if event["kind"] == "procedure_change" and event["from_on"] > spell.opened_on]
    first = min(later, key=lambda event: (event["from_on"], event["event_key"]), default=None)
    return (first and first["former_procedure"]) or spell.case["procedure"]


def conversion(spell: Spell, change: Row) -> str:
    """Rule 5: what a change of procedure does, by the limit that it leads to, as the law stands on that day."""
    limit = law_on(spell, proceeding_of(spell, change["reason"]), change["from_on"])
    return (limit and limit["conversion"]) or "continues"


def is_too_late(spell: Spell, before: Clock, day: date) -> bool:
    """TL-R5: whether a change made that day comes after the lawful due date of the clock before."""
    limit = law_on(spell, proceeding_of(spell, before.procedure), day)
    reckoned = reckon(spell, Clock(**{**vars(before), "ends_on": day}), limit)
    return reckoned["lawful_due_on"] is not None and day > reckoned["lawful_due_on"]


def next_clock(spell: Spell, before: Clock, event: Row) -> Clock:
    """Rules 3 and 5: the clock that a change or a restart begins."""
    day = event["from_on"]
    if event["kind"] == "restart":
        return Clock(day, before.procedure, day_zero=day)
    if conversion(spell, event) == "restarts":
        return Clock(day, event["reason"], day_zero=day)
    stays = day_zero_under(spell, before, law_on(spell, proceeding_of(spell, before.procedure), day))
    return Clock(day, event["reason"], day_zero=stays)


def day_zero_under(spell: Spell, clock: Clock, limit: Row | None) -> date:
    """Rule 5: the clock's day zero, or what its limit says instead: the receipt, or the end of the public notice."""
    says = limit and limit["day_zero"]
    if says == "received" and clock.is_first and spell.case["opened_as"] == "filed":
        return spell.case["received_on"] or clock.day_zero
    if says == "notice":
        return max((notice["to_on"] or spell.until for notice in notices(spell)), default=clock.day_zero)
    return clock.day_zero


def notices(spell: Spell) -> list[Row]:
    """The public notices that touch the spell."""
    return [event for event in spell.events if event["kind"] == "deduction" and event["reason"] == "public_notice"]


# ---- Rule 4: the proceeding


def proceeding_of(spell: Spell, procedure: str | None) -> str | None:
    """Rule 4: the matching row that names most cells; of equals the first by name."""
    is_private = "yes" if spell.case["is_private_prosecution"] else "no"
    has = {"counts_as": spell.case["counts_as"], "type_code": spell.case["type_code"], "procedure": procedure,
           "is_private_prosecution": is_private}  # fmt: skip
    found = []
    for row in PROCEEDINGS:
        named = [cell for cell in (*has, "circumstance") if row[cell]]
        if all(row[cell] == has[cell] if cell in has else row[cell] in spell.circumstances for cell in named):
            found.append((-len(named), row["proceeding"]))
    return min(found)[1] if found else None


# ---- Rule 6: which law


def law_on(spell: Spell, proceeding: str | None, day: date) -> Row | None:
    """Rule 6: the row in force. P rows go by the day, F rows by the day on which the spell was opened."""
    for limit in LIMITS:
        decides = spell.opened_on if limit["selector"] == "F" else day
        is_in_force = limit["effective_from"] <= decides and (not limit["effective_to"] or decides <= limit["effective_to"])
        if limit["proceeding"] == proceeding and is_in_force:
            return limit
    return None


def laws_over(spell: Spell, clock: Clock) -> Iterator[tuple[date, date | None, Row | None]]:
    """Rule 6: a clock cut where the law changes: first day, day after the last one, row. Days without a row are a span too."""
    proceeding = proceeding_of(spell, clock.procedure)
    begins_on, limit = clock.begins_on, law_on(spell, proceeding, clock.begins_on)
    for day in days_of_new_law(proceeding):
        if day <= begins_on or (clock.ends_on and day >= clock.ends_on) or law_on(spell, proceeding, day) is limit:
            continue
        yield begins_on, day, limit
        begins_on, limit = day, law_on(spell, proceeding, day)
    yield begins_on, clock.ends_on, limit


@cache
def days_of_new_law(proceeding: str | None) -> list[date]:
    """Days on which the law of a proceeding may be another one than the day before."""
    rows = [limit for limit in LIMITS if limit["proceeding"] == proceeding]
    ends = {limit["effective_to"] + DAY for limit in rows if limit["effective_to"]}
    return sorted({limit["effective_from"] for limit in rows} | ends)


# ---- Rules 7 to 10: the due date


def add(day: date, months: int, days: int) -> date:
    """Rule 7 (TL-R2): the same day-number so many months later, or the last day of that month; then the days."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(day.day, last)) + timedelta(days=days)


def lawful_limit(spell: Spell, limit: Row) -> tuple[int, int]:
    """Rule 8: months and days of the lawful limit without extensions."""
    has_hard = limit["hard_months"] is not None or limit["hard_days"] is not None
    if has_hard and (limit["hard_when"] is None or limit["hard_when"] in spell.circumstances):
        return limit["hard_months"] or 0, limit["hard_days"] or 0
    return limit["base_months"] or 0, limit["base_days"] or 0


def stopped_days(spell: Spell, limit: Row, day_zero: date) -> set[date]:
    """Rule 9: the days deducted or suspended, each once."""
    stopped: set[date] = set()
    for event in spell.events:
        is_day_zero = limit["day_zero"] == "notice" and event in notices(spell)
        if event["kind"] in ("deduction", "suspension") and not is_day_zero:
            stopped |= days_of(event, day_zero + DAY, spell.until)
    return stopped


def moved(spell: Spell, limit: Row, day_zero: date, due_on: date) -> tuple[date, int]:
    """Rules 9 and 10: a due date after deductions and off holidays, and by how many deducted days it moved.

    Walks over the stopped days: one that stopped the clock while it ran gives a day, and so do those that follow it
    without a gap; the first run that finds the clock run out ends the walk.
    """
    stopped, given = stopped_days(spell, limit, day_zero), 0
    for day in sorted(stopped):
        is_first_of_run = day - DAY not in stopped
        if is_first_of_run and day > off_holidays(spell, limit, due_on + given * DAY):
            break
        given += 1
    return off_holidays(spell, limit, due_on + given * DAY), given


def off_holidays(spell: Spell, limit: Row, due_on: date) -> date:
    """Rule 10 (TL-R3): the next day on which courts work, but where the limit says no and for detained defendants."""
    is_detained = spell.case["family"] == "criminal" and "detained" in spell.circumstances
    return due_on if limit["moves_off_holidays"] == "no" or is_detained else next_working_day(due_on)


@cache
def next_working_day(day: date) -> date:
    """The day itself, if courts work on it, else the next one on which they do."""
    while not is_working(day):
        day += DAY
    return day


def is_working(day: date) -> bool:
    """Whether courts work: holidays and working weekends as listed, else Monday to Friday."""
    return HOLIDAYS.get(day, "working" if day.weekday() < 5 else "off") == "working"


# ---- Rule 11: extensions


def extensions_of(spell: Spell, clock: Clock) -> list[Row]:
    """Rule 11: the extensions approved while a clock ran, up to the beginning of the next, in their order."""
    mine = []
    for event in spell.events:
        if event["kind"] == "extension":
            approved = event["approved_on"]
            is_after = approved > clock.begins_on or (clock.is_first and approved == clock.begins_on)
            if is_after and (clock.ends_on is None or approved <= clock.ends_on):
                mine.append(event)
    return sorted(mine, key=lambda event: (event["approved_on"], event["event_key"]))


def longest(limit: Row, day_zero: date, due_on: date) -> date:
    """Rule 11: the due date before deductions, cut to the longest limit where the statute closes it."""
    if limit["longest_months"] is None and limit["longest_days"] is None:
        return due_on
    return min(due_on, add(day_zero, limit["longest_months"] or 0, limit["longest_days"] or 0))


def extended(spell: Spell, clock: Clock, limit: Row, day_zero: date) -> Row:
    """Rules 8 to 11: the lawful due date with the extensions granted before it ran out (TL-R9)."""
    months, days = lawful_limit(spell, limit)
    extensions, granted = extensions_of(spell, clock), []
    while True:
        due_on, given = moved(spell, limit, day_zero, longest(limit, day_zero, add(day_zero, months, days)))
        if len(granted) == len(extensions) or extensions[len(granted)]["approved_on"] > due_on:
            break
        granted.append(extensions[len(granted)])
        months += granted[-1]["extended_months"] or 0
        days += granted[-1]["extended_days"] or 0
    return {"lawful_due_on": due_on, "deducted_days": given,
            "extended_months": sum(event["extended_months"] or 0 for event in granted),
            "extended_days": sum(event["extended_days"] or 0 for event in granted),
            "late_extensions": len(extensions) - len(granted)}  # fmt: skip


# ---- What stands in model.case_clocks


def reckon(spell: Spell, clock: Clock, limit: Row | None) -> Row:
    """The figures of one clock under one row of the law; no dates where there is no limit (rules 4 and 8)."""
    day_zero = day_zero_under(spell, clock, limit)
    if limit is None or (limit["base_months"] is None and limit["base_days"] is None):
        return {"day_zero": day_zero, "base_due_on": None, "lawful_due_on": None, "base_deducted_days": 0, "deducted_days": 0,
                "extended_months": 0, "extended_days": 0, "late_extensions": 0}  # fmt: skip
    base = add(day_zero, limit["base_months"] or 0, limit["base_days"] or 0)
    base_due_on, base_given = moved(spell, limit, day_zero, base)
    return {"day_zero": day_zero, "base_due_on": base_due_on, "base_deducted_days": base_given,
            **extended(spell, clock, limit, day_zero)}  # fmt: skip


def spans_of(case: Row, events: Iterable[Row], counting_day: date) -> list[Row]:
    """The rows of model.case_clocks for one spell, in the order of their first days.

    `case` has case_key, counts_as, family, type_code, procedure, is_private_prosecution, opened_on, closed_on, opened_as and
    received_on; events have the columns of model.clock_events.
    """
    spell = spell_of(case, events, counting_day)
    rows = []
    for clock in clocks_of(spell):
        if clock.ends_on == clock.begins_on:
            continue  # of several events on one day the last one makes the clock
        for governs_from, governs_until, limit in laws_over(spell, clock):
            if governs_from <= spell.until:
                rows.append(span(spell, clock, governs_from, governs_until, limit))
    for row in rows:
        row["is_last"] = row is rows[-1]
    return rows


def span(spell: Spell, clock: Clock, governs_from: date, governs_until: date | None, limit: Row | None) -> Row:
    """One row, with its verdicts (rule 12)."""
    row = reckon(spell, clock, limit) | {
        "case_key": spell.case["case_key"], "opened_on": spell.opened_on, "closed_on": spell.closed_on,
        "governs_from": governs_from, "governs_until": governs_until,
        "proceeding": proceeding_of(spell, clock.procedure),
        "limit_id": limit and limit["limit_id"], "effective_from": limit and limit["effective_from"],
    }  # fmt: skip
    for name in ("base", "lawful"):
        has_verdict = spell.closed_on is not None and row[f"{name}_due_on"] is not None
        row[f"is_within_{name}"] = spell.closed_on <= row[f"{name}_due_on"] if has_verdict else None
    return row


def is_overdue(case: Row, events: Iterable[Row], spans: list[Row], counting_day: date, day: date) -> bool:
    """Rule 12: whether the spell was pending on a day, past the lawful due date that governed then, and not suspended."""
    spell = spell_of(case, events, counting_day)
    is_pending = spell.opened_on <= day <= spell.until and day != spell.closed_on
    if not is_pending or is_suspended(spell, day):
        return False
    governing = [s for s in spans if s["governs_from"] <= day and (s["governs_until"] is None or day < s["governs_until"])]
    return any(s["lawful_due_on"] is not None and day > s["lawful_due_on"] for s in governing)


def is_suspended(spell: Spell, day: date) -> bool:
    """Whether a suspension holds the day, delivered as one or as a deduction for it (中止)."""
    stops = [e for e in spell.events if e["kind"] == "suspension" or (e["kind"], e["reason"]) == ("deduction", "suspension")]
    return any(day in days_of(event, spell.opened_on + DAY, spell.until) for event in stops)
