"""Calendars: how time is cut into periods (dictionary, section 7). Statistical months need not be calendar months."""

from __future__ import annotations

import calendar as month_lengths
import re
from dataclasses import dataclass
from datetime import date, timedelta

from warehouse.catalogue.profile import Calendar

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


class PeriodError(ValueError):
    """A period that cannot be asked for; the message says what, why and what can be asked."""


@dataclass(frozen=True)
class Period:
    """A span of whole months of one calendar, `first` and `last` counted as year × 12 + month − 1."""

    kind: str
    first: int
    last: int

    @property
    def id(self) -> str:
        """As in figure ids: 2016-03, 2016-Q1, 2016-H1, 2016, 2012-01..2016-10."""
        year, month = divmod(self.first, 12)
        if self.kind == "month":
            return f"{year}-{month + 1:02}"
        if self.kind == "quarter":
            return f"{year}-Q{month // 3 + 1}"
        if self.kind == "half":
            return f"{year}-H{month // 6 + 1}"
        if self.kind == "year":
            return str(year)
        return f"{month_id(self.first)}..{month_id(self.last)}"


def month_id(number: int) -> str:
    """2016-03 for the number of a month."""
    return f"{number // 12}-{number % 12 + 1:02}"


def month_number(day: date, calendar: Calendar) -> int:
    """The number of the month of `calendar` in which `day` lies."""
    number = day.year * 12 + day.month - 1
    return number if day <= month_end(number, calendar) else number + 1


def month_end(number: int, calendar: Calendar) -> date:
    """The last day of a month."""
    year, month = divmod(number, 12)
    length = month_lengths.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(calendar.month_closes_on, length))


def month_start(number: int, calendar: Calendar) -> date:
    """The first day of a month: the day after the one before ended."""
    return month_end(number - 1, calendar) + timedelta(days=1)


def parse_period(text: str) -> Period:
    """The period that a text names.

    Raises:
        PeriodError: it names none, or days inside a base period.
    """
    if ".." in text:
        begin, end = (parse_period(side) for side in text.split("..", 1))
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
            first = int(found[1]) * 12 + (place - 1) * months
            return Period(kind, first, first + months - 1)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise PeriodError(f"[{text}] is a day inside a base period. Figures are kept by month: ask for {text[:7]}")
    raise PeriodError(f"[{text}] is no period. Periods are 2016-03, 2016-Q1, 2016-H1, 2016 and 2012-01..2016-10")


def cut(first: int, last: int, kind: str) -> list[Period]:
    """The periods of one kind that touch the months `first` to `last`; for `range` the one span."""
    if kind == "range":
        return [Period("range", first, last)]
    length = MONTHS[kind]
    return [Period(kind, start, start + length - 1) for start in range(first - first % length, last + 1, length)]


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
