"""What the cells of a workbook say as text: numbers with the 15 digits that Excel keeps, days by the workbook's calendar.

Belongs here: values and number formats, which XLSX and XLS share. Does not belong here: how a file stores its cells.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from warehouse.intake.refused import shown

Shape = Literal["number", "date", "time", "elapsed"]
"""What a number format makes of a number. A time is one without a day, elapsed is a duration in hours, [h]:mm."""

LOST_FROM = 1e15
"""From here on Excel has put zeros in place of digits: it keeps 15."""
LAST_DAY = {1900: 2_958_465, 1904: 2_957_003}
"""9999-12-31."""
DATES = (14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58, 71, 72, 73, 74, 77, 81)
TIMES = (18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56, 75, 76, 78, 80)
# ECMA-376 part 1, 18.8.30; 27 to 36 and 50 to 58 are the Chinese, Japanese and Korean ones, from 71 on the Thai ones.
BUILT_IN: dict[int, Shape] = {
    **dict.fromkeys(DATES, "date"), **dict.fromkeys(TIMES, "time"), 46: "elapsed", 79: "elapsed",
}  # fmt: skip
LITERAL = re.compile(r'"[^"]*"?|\\.|[_*].', re.DOTALL)
ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]")
NO_TOKEN = re.compile(r"\[[^\]]*\]?|general|am/pm|a/p|(?<=s)\.0+")
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)?(?:(?:^|T)(\d\d:\d\d:\d\d)(?:\.\d{1,9})?)?")


def shape_of(number: int, code: str | None) -> Shape:
    """What a number format makes of a number: told by its code, or by its built-in number where it has none."""
    if not code:
        return BUILT_IN.get(number, "number")
    section = LITERAL.sub("", code).split(";")[0].lower()
    if ELAPSED.search(section):
        return "elapsed"
    tokens = NO_TOKEN.sub("", section)
    if re.search(r"[0#?@]", tokens):  # a format has places for digits or parts of a date, never both
        return "number"
    if re.search(r"[ydegb]|aaa", tokens):  # e, g and b are years of eras, aaa is the day of the week
        return "date"
    if re.search(r"[hs]", tokens):
        return "time"
    return "date" if "m" in tokens else "number"


def number_text(value: float) -> str:
    """A number in plain digits, at most 15 of them significant, without an exponent and without `.0`."""
    if value == value // 1 and abs(value) < LOST_FROM:
        return str(int(value))
    text = f"{value:.15g}"
    return f"{Decimal(text):f}" if "e" in text else text


@lru_cache(maxsize=1 << 16)  # days repeat: a table of 100,000 cases has a few thousand
def value_text(value: float, shape: Shape, epoch: int) -> tuple[str, str]:
    """A stored number as text by its format, and what is wrong with it (nothing where it is right)."""
    if not math.isfinite(value):
        return str(value), "a number that is none"
    if shape != "number":
        return _moment(value, shape, epoch)
    lost = abs(value) >= LOST_FROM
    return number_text(value), "a number of more than 15 digits, of which the last may be lost," if lost else ""


def _moment(serial: float, shape: Shape, epoch: int) -> tuple[str, str]:
    """A day number as ISO text. To the millisecond; less than a tenth of one before a second is that second, as in Excel."""
    text = number_text(serial)
    if serial < 0:
        return text, f"the day number {shown(text)}, before the calendar begins,"
    if serial > LAST_DAY[epoch] + 1:
        return text, f"the day number {shown(text)}, after 9999-12-31,"
    day = math.floor(serial)
    second, rest = divmod(round((serial - day) * 86_400_000_000), 1_000_000)
    thousandth = min(round(rest / 1000), 999)
    if rest >= 999_900:
        second, thousandth = second + 1, 0
    day, second = day + second // 86_400, second % 86_400
    hour, minute, second = second // 3600, second // 60 % 60, second % 60
    clock = f":{minute:02}:{second:02}" + (f".{thousandth:03}" if thousandth else "")
    if shape == "elapsed" or (shape == "time" and day == 0):
        return f"{hour + 24 * day:02}{clock}", ""
    if fault := _no_day(day, text, epoch):
        return text, fault
    is_whole = not (hour or minute or second or thousandth)
    return _day(day, epoch).isoformat() + ("" if is_whole else f"T{hour:02}{clock}"), ""


def _no_day(day: int, text: str, epoch: int) -> str:
    if day > LAST_DAY[epoch]:
        return f"the day number {shown(text)}, after 9999-12-31,"
    if epoch == 1900 and day == 0:
        return f"the day number {shown(text)}, which is no day,"
    if epoch == 1900 and day == 60:
        return f"the day number {shown(text)}, 1900-02-29, a day that never was,"
    return ""


def _day(day: int, epoch: int) -> date:
    if epoch == 1904:
        return date(1904, 1, 1) + timedelta(day)
    return date(1899, 12, 31 if day < 60 else 30) + timedelta(day)  # Excel's 1900 has a 29th of February


def moment_text(value: str) -> tuple[str, str]:
    """A date that is stored as ISO text (strict XLSX), and what is wrong with it; midnight is left out."""
    found = MOMENT.fullmatch(value)
    try:
        if not found or not value:
            raise ValueError
        datetime.fromisoformat(f"{found[1] or '2000-01-01'}T{found[2] or '00:00:00'}")
    except ValueError:
        return value, f"the date {shown(value)}, which is none,"
    return value.removesuffix("T00:00:00") if found[1] else value, ""
