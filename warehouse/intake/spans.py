"""The calendar period that a published total is of: from the words of its columns to first and last day.

Belongs here: one period in the words of a source. Does not belong here: calendars of a court (catalogue.calendars), rows.
"""

from __future__ import annotations

import calendar as month_lengths
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from warehouse.catalogue.calendars import MONTHS, Period
from warehouse.catalogue.totals import PeriodRule
from warehouse.intake.values import dates

LABELS = (
    ("month", r"(\d{4})-(\d{2})", 1), ("quarter", r"(\d{4})[- ]?Q([1-4])", 3), ("half", r"(\d{4})[- ]?H([12])", 6),
    ("year", r"(\d{4})年?", 12),
)  # fmt: skip
PARTS = {"month": r"0?([1-9])|(1[0-2])", "quarter": r"Q?([1-4])", "half": r"H?([12])"}
ENDS = {"month_end": "month", "quarter_end": "quarter", "year_end": "year"}


@dataclass(frozen=True)
class Span:
    """One calendar period, as 2016-03, 2016-Q1, 2016-H1, 2016 or 2016-03-31; `none` where the source gives no period."""

    id: str = "none"
    kind: str = "none"
    first_day: date | None = None
    last_day: date | None = None


NO_PERIOD = Span()


def span_of(
    words: Mapping[str, str | None], rule: PeriodRule, data_until: date | None = None, local_zone: str = "UTC"
) -> Span | None:
    """The period that the words of one row say, by what they say (`year`, `month` …); no period where one is missing.

    None where they say none that there is: a 13th month, a quarter's end that is no last day of a quarter.
    """
    if rule.data_until is not None:
        return None if data_until is None else _around(data_until, rule.data_until)
    if any(word is None for word in words.values()):
        return NO_PERIOD
    found = {part: word for part, word in words.items() if word is not None}
    if "label" in found:
        return _labelled(found["label"])
    if "day" in found:
        day = _day(found["day"], rule, local_zone)
        return None if day is None else Span(str(day), "day", day, day)
    for end, kind in ENDS.items():
        if end in found:
            day = _day(found[end], rule, local_zone)
            span = None if day is None else _around(day, kind)
            return span if span is not None and span.last_day == day else None
    return _of_year(found)


def years_before(span: Span, years: int) -> Span:
    """The same period so many years earlier."""
    if span.first_day is None or span.last_day is None or not years:
        return span
    if span.kind == "day":
        length = month_lengths.monthrange(span.first_day.year - years, span.first_day.month)[1]
        day = span.first_day.replace(year=span.first_day.year - years, day=min(span.first_day.day, length))
        return Span(str(day), "day", day, day)
    return _months(span.kind, (span.first_day.year - years) * 12 + span.first_day.month - 1)


def _of_year(found: Mapping[str, str]) -> Span | None:
    if not re.fullmatch(r"[1-9]\d{3}", found["year"]):
        return None
    first = int(found["year"]) * 12
    kind = next((part for part in found if part != "year"), None)
    if kind is None:
        return _months("year", first)
    place = re.fullmatch(PARTS[kind], found[kind])
    return (
        _months(kind, first + (int(place[1] or place[2] if kind == "month" else place[1]) - 1) * MONTHS[kind])
        if place
        else None
    )


def _labelled(text: str) -> Span | None:
    for kind, pattern, months in LABELS:
        found = re.fullmatch(pattern, text)
        if found and found[1] >= "1000":
            place = int(found[2]) if found.lastindex == 2 else 1
            return _months(kind, int(found[1]) * 12 + (place - 1) * months) if 1 <= place <= 12 // months else None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return Span(str(day), "day", day, day)


def _day(text: str, rule: PeriodRule, local_zone: str) -> date | None:
    found: date | None = pl.select(dates(pl.lit(text, pl.String), rule.day_column, local_zone)).item()
    return found


def _around(day: date, kind: str) -> Span:
    """The period of a kind in which a day lies."""
    if kind == "day":
        return Span(str(day), "day", day, day)
    number = day.year * 12 + day.month - 1
    return _months(kind, number - number % MONTHS[kind])


def _months(kind: str, first: int) -> Span:
    last = first + MONTHS[kind] - 1
    length = month_lengths.monthrange(last // 12, last % 12 + 1)[1]
    days = date(first // 12, first % 12 + 1, 1), date(last // 12, last % 12 + 1, length)
    return Span(Period(kind, first, last).id, kind, *days)
