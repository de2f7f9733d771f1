"""The table of holidays is sound in itself: what the State Council announced for 2012 to 2017, recounted another way."""

import csv
from collections import Counter
from datetime import date, timedelta

import pytest

from warehouse.catalogue.query import HOUSE

DAY = timedelta(1)
WORKING_DAYS = {2012: 249, 2013: 250, 2014: 250, 2015: 249, 2016: 250, 2017: 249}
"""Not from the file. A year has 261 days from Monday to Friday (2017: 260, it began and ended on a Sunday) and 11 statutory
holidays (元旦 1, 春节 3, 清明 1, 劳动 1, 端午 1, 中秋 1, 国庆 3; 全国年节及纪念日放假办法 2007), each of which is a working day
lost, on its own day or on another; exchanged days (调休) change nothing within a year. But
    2012: 261 − 11 − 1: 31 December 2011 was worked in exchange for 3 January 2012 (国办发明电〔2011〕45号);
    2013: 261 − 11;  2014: 261 − 11;
    2015: 261 − 11 − 1: 3 September, once (国发明电〔2015〕1号); 4 September was worked on the 6th;
    2016: 261 − 11;  2017: 260 − 11.
"""
SPRING = {2012: "01-22", 2013: "02-09", 2014: "01-31", 2015: "02-18", 2016: "02-07", 2017: "01-27"}
"""First day of the Spring Festival holiday: New Year's Eve of the lunar calendar, or (2014) the first day of its year."""
NEW_YEAR = {2012: "01-23", 2013: "02-10", 2014: "01-31", 2015: "02-19", 2016: "02-08", 2017: "01-28"}
"""First day of the lunar year, from an almanac."""
NATIONAL = {
    2012: ("09-30", 8),
    2013: ("10-01", 7),
    2014: ("10-01", 7),
    2015: ("10-01", 7),
    2016: ("10-01", 7),
    2017: ("10-01", 8),
}
"""The week of 1 October: eight days where 中秋 fell beside or into it (30 September 2012, 4 October 2017)."""


@pytest.fixture(scope="module")
def table():
    with (HOUSE / "warehouse/profiles/shengzhou/codes/holidays.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    days = [date.fromisoformat(row["day"]) for row in rows]
    assert days == sorted(set(days))
    return {day: row["is"] for day, row in zip(days, rows, strict=True)}


def days_off_from(table, first):
    """How many days on end the table lists as off, from `first` on."""
    off = 0
    while table.get(first + off * DAY) == "off":
        off += 1
    return off


def test_a_day_that_is_listed_as_worked_is_a_saturday_or_sunday(table):
    assert [day for day, what in table.items() if what == "working" and day.weekday() < 5] == []


@pytest.mark.parametrize("year", WORKING_DAYS)
def test_each_year_has_as_many_working_days_as_the_statute_leaves(table, year):
    days = [date(year, 1, 1) + n * DAY for n in range(366)]
    listed = [table.get(day, "working" if day.weekday() < 5 else "off") for day in days if day.year == year]
    assert Counter(listed)["working"] == WORKING_DAYS[year]


@pytest.mark.parametrize("year", WORKING_DAYS)
def test_the_spring_festival_takes_seven_days_around_the_lunar_new_year(table, year):
    first = date.fromisoformat(f"{year}-{SPRING[year]}")
    assert days_off_from(table, first) == 7 and table.get(first - DAY) != "off"
    assert first <= date.fromisoformat(f"{year}-{NEW_YEAR[year]}") <= first + DAY


@pytest.mark.parametrize("year", WORKING_DAYS)
def test_the_week_of_1_october_takes_seven_days_or_eight(table, year):
    day, length = NATIONAL[year]
    first = date.fromisoformat(f"{year}-{day}")
    assert days_off_from(table, first) == length and table.get(first - DAY) != "off"


@pytest.mark.parametrize("year", WORKING_DAYS)
def test_the_days_of_the_statute_are_off(table, year):
    for day in ("01-01", "05-01", "10-01", "10-02", "10-03"):
        assert table[date.fromisoformat(f"{year}-{day}")] == "off"


def test_no_weekday_is_off_alone_between_two_worked_days_but_the_short_holidays(table):
    """A holiday of one day stands beside a weekend, but for 元旦 on a Wednesday (2014)."""
    alone = [
        day for day, what in table.items()
        if what == "off" and all(table.get(d, "off" if d.weekday() > 4 else "") != "off" for d in (day - DAY, day + DAY))
    ]  # fmt: skip
    assert alone == [date(2014, 1, 1)]
