"""Calendars: how time is cut into periods (dictionary, section 7). Statistical months need not be calendar months."""

from __future__ import annotations

import calendar as month_lengths
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from warehouse.catalogue.profile import Calendar

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


class PeriodError(ValueError):
    """A period that cannot be asked for; the message says what, why and what can be asked."""


@dataclass(frozen=True)
class Period:
    """A span of whole months of one calendar, `first` and `last` counted as year × 12 + month − 1.

    `lead` says how many months of the calendar year before belong to a year, where the id is of a part of one.
    """

    kind: str
    first: int
    last: int
    lead: int = 0

    @property
    def id(self) -> str:
        """As in figure ids: 2016-03, 2016-Q1, 2016-H1, 2016, 2012-01..2016-10."""
        year, month = divmod(self.first + self.lead, 12)
        if self.kind == "month":
            return f"{year}-{month + 1:02}"
        if self.kind == "quarter":
            return f"{year}-Q{month // 3 + 1}"
        if self.kind == "half":
            return f"{year}-H{month // 6 + 1}"
        if self.kind == "year":
            return str(year)
        return f"{month_id(self.first)}..{month_id(self.last)}"


def lead_of(calendar: Calendar) -> int:
    """How many months of the calendar year before belong to a year: 1 where it runs from December to November."""
    return (13 - calendar.year_begins) % 12


def sharing_months(calendars: Mapping[str, Calendar]) -> dict[str, str]:
    """For each calendar the first one whose months end alike: cells are kept by months, so that they share them."""
    firsts: dict[int, str] = {}
    return {name: firsts.setdefault(calendar.month_closes_on, name) for name, calendar in calendars.items()}


def with_own_months(calendars: Mapping[str, Calendar]) -> dict[str, Calendar]:
    """The calendars that cells are kept by, less those that only begin their years elsewhere."""
    return {name: calendars[name] for name, first in sharing_months(calendars).items() if name == first}


def month_id(number: int) -> str:
    """2016-03 for the number of a month."""
    return f"{number // 12}-{number % 12 + 1:02}"


def month_number(day: date, calendar: Calendar) -> int:
    """The number of the month of `calendar` in which `day` lies."""
    number = day.year * 12 + day.month - 1
    return number if day <= month_end(number, calendar) else number + 1


def month_end(number: int, calendar: Calendar) -> date:
    """The last day of a month."""
    return _closing(number, calendar.month_closes_on)


@lru_cache(maxsize=10_000)
def _closing(number: int, closes_on: int) -> date:
    year, month = divmod(number, 12)
    length = month_lengths.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(closes_on, length))


def month_start(number: int, calendar: Calendar) -> date:
    """The first day of a month: the day after the one before ended."""
    return month_end(number - 1, calendar) + timedelta(days=1)


def parse_period(text: str, lead: int = 0) -> Period:
    """The period that a text names; `lead` is that of the calendar.

    Raises:
        PeriodError: it names none, or days inside a base period.
    """
    if ".." in text:
        begin, end = (parse_period(side, lead) for side in text.split("..", 1))
        if end.last < begin.first:
            raise PeriodError(f"[{text}] ends before it begins. Swap its ends")
        return Period("range", begin.first, end.last)
    shapes = (
        ("month", r"(\d{4})-(\d{2})", 1),
        ("quarter", r"(\d{4})-Q([1-4])", 3),
        ("half", r"(\d{4})-H([12])", 6),
        ("year", r"(\d{4})", 12),
    )
    for kind, pattern, months in shapes:
        found = re.fullmatch(pattern, text)
        if found:
            place = int(found[2]) if found.lastindex == 2 else 1
            if kind == "month" and not 1 <= place <= 12:
                break
            own = 0 if kind == "month" else lead
            first = int(found[1]) * 12 + (place - 1) * months - own
            return Period(kind, first, first + months - 1, own)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise PeriodError(f"[{text}] is a day inside a base period. Figures are kept by month: ask for {text[:7]}")
    raise PeriodError(f"[{text}] is no period. Periods are 2016-03, 2016-Q1, 2016-H1, 2016 and 2012-01..2016-10")


def cut(first: int, last: int, kind: str, lead: int = 0) -> list[Period]:
    """The periods of one kind that touch the months `first` to `last`; for `range` the one span."""
    if kind == "range":
        return [Period("range", first, last)]
    length, own = MONTHS[kind], 0 if kind == "month" else lead
    begin = first - (first + own) % length
    return [Period(kind, start, start + length - 1, own) for start in range(begin, last + 1, length)]


def base_periods(calendar: Calendar, data_from: date, counting_day: date) -> list[tuple[int, str, date, date, bool]]:
    """The months that hold data, as (ordinal, id, first day, last day, cut by the data's ends)."""
    first, last = month_number(data_from, calendar), month_number(counting_day, calendar)
    rows = []
    for ordinal, number in enumerate(range(first, last + 1), 1):
        start, end = month_start(number, calendar), month_end(number, calendar)
        rows.append((ordinal, month_id(number), start, end, start < data_from or end > counting_day))
    return rows


def days(calendar: Calendar, data_from: date, counting_day: date) -> list[tuple[date, int]]:
    """Each day inside the data with the ordinal of its month; days before `data_from` belong to none."""
    rows = []
    for ordinal, _, start, end, _ in base_periods(calendar, data_from, counting_day):
        day = max(start, data_from)
        while day <= min(end, counting_day):
            rows.append((day, ordinal))
            day += timedelta(days=1)
    return rows
