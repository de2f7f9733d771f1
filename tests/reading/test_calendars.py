"""Time cut into periods: calendar months, and statistical months that close on the 20th (dictionary, section 7)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from warehouse.catalogue.calendars import (
    Period,
    PeriodError,
    base_periods,
    cut,
    days,
    lead_of,
    month_end,
    month_id,
    month_number,
    month_start,
    parse_period,
    sharing_months,
)
from warehouse.catalogue.profile import Calendar


def closing_on(day: int) -> Calendar:
    return Calendar(name_zh="月", name_en="month", month_closes_on=day)


CALENDAR, STAT20 = closing_on(31), closing_on(20)
DEC_NOV = Calendar(name_zh="年", name_en="year", year_begins=12)
FISCAL = Calendar(name_zh="年", name_en="year of the federal courts", year_begins=10)


def number(text: str) -> int:
    return parse_period(text).first


def span(text: str, calendar: Calendar) -> tuple[str, str]:
    period = parse_period(text)
    return str(month_start(period.first, calendar)), str(month_end(period.last, calendar))


@pytest.mark.parametrize(("period", "first", "last"), [
    ("2012-01", "2011-12-21", "2012-01-20"), ("2012-03", "2012-02-21", "2012-03-20"),
    ("2016-Q1", "2015-12-21", "2016-03-20"), ("2016-Q4", "2016-09-21", "2016-12-20"),
    ("2016-H1", "2015-12-21", "2016-06-20"), ("2016-H2", "2016-06-21", "2016-12-20"),
    ("2016", "2015-12-21", "2016-12-20"), ("2012-01..2016-10", "2011-12-21", "2016-10-20"),
])  # fmt: skip
def test_statistical_months_run_from_the_21st_to_the_20th(period, first, last):
    assert span(period, STAT20) == (first, last)


@pytest.mark.parametrize(("period", "first", "last"), [
    ("2016-02", "2016-02-01", "2016-02-29"), ("2015-02", "2015-02-01", "2015-02-28"), ("2016-Q3", "2016-07-01", "2016-09-30"),
    ("2016-H2", "2016-07-01", "2016-12-31"), ("2016", "2016-01-01", "2016-12-31"),
])  # fmt: skip
def test_calendar_months_end_where_the_month_does(period, first, last):
    assert span(period, CALENDAR) == (first, last)


def test_a_month_that_closes_on_the_30th_closes_in_february_on_its_last_day():
    thirty = closing_on(30)
    assert span("2016-02", thirty) == ("2016-01-31", "2016-02-29")
    assert span("2016-03", thirty) == ("2016-03-01", "2016-03-30")
    assert span("2016-04", thirty) == ("2016-03-31", "2016-04-30")


@pytest.mark.parametrize("closes_on", range(1, 32))
def test_every_day_lies_in_exactly_one_month_of_every_calendar(closes_on):
    calendar, day = closing_on(closes_on), date(2011, 12, 1)
    while day < date(2013, 3, 2):
        own = month_number(day, calendar)
        assert month_start(own, calendar) <= day <= month_end(own, calendar)
        day += timedelta(days=1)
    assert all(month_end(n, calendar) + timedelta(days=1) == month_start(n + 1, calendar) for n in range(24140, 24170))


def test_the_day_after_the_20th_is_of_the_next_month_also_over_the_year():
    assert month_id(month_number(date(2012, 1, 20), STAT20)) == "2012-01"
    assert month_id(month_number(date(2012, 1, 21), STAT20)) == "2012-02"
    assert month_id(month_number(date(2011, 12, 21), STAT20)) == "2012-01"


@pytest.mark.parametrize("text", ["2016-03", "2016-Q1", "2016-H1", "2016", "2012-01..2016-10", "2016-03..2016-03"])
def test_an_id_is_parsed_into_the_period_that_has_this_id(text):
    assert parse_period(text).id == text


def test_a_span_of_larger_periods_is_one_of_their_months():
    assert parse_period("2015-Q2..2016-H1").id == "2015-04..2016-06"
    assert parse_period("2015..2016") == Period("range", number("2015-01"), number("2016-12"))


@pytest.mark.parametrize(("text", "said"), [
    ("2016-13", "is no period"), ("2016-00", "is no period"), ("2016-Q5", "is no period"), ("2016-H3", "is no period"),
    ("16-03", "is no period"), ("", "is no period"), ("2016-3", "is no period"), ("March 2016", "is no period"),
    ("2016-03-15", "is a day inside a base period. Figures are kept by month: ask for 2016-03"),
    ("2016-10..2016-01", "ends before it begins. Swap its ends"), ("2016..", "is no period"),
])  # fmt: skip
def test_what_is_no_period_is_refused_with_what_can_be_asked(text, said):
    with pytest.raises(PeriodError) as caught:
        parse_period(text)
    assert said in str(caught.value)


@pytest.mark.parametrize(("kind", "ids"), [
    ("month", ["2015-11", "2015-12", "2016-01", "2016-02"]), ("quarter", ["2015-Q4", "2016-Q1"]),
    ("half", ["2015-H2", "2016-H1"]), ("year", ["2015", "2016"]), ("range", ["2015-11..2016-02"]),
])  # fmt: skip
def test_a_span_is_cut_into_every_period_that_it_touches(kind, ids):
    assert [period.id for period in cut(number("2015-11"), number("2016-02"), kind)] == ids


def test_base_periods_say_which_are_cut_by_the_ends_of_the_data():
    rows = base_periods(STAT20, date(2012, 1, 1), date(2012, 3, 20))
    assert rows == [
        (1, "2012-01", date(2011, 12, 21), date(2012, 1, 20), True),
        (2, "2012-02", date(2012, 1, 21), date(2012, 2, 20), False),
        (3, "2012-03", date(2012, 2, 21), date(2012, 3, 20), False),
    ]
    whole = base_periods(STAT20, date(2012, 1, 1), date(2016, 10, 31))
    assert (len(whole), whole[-1]) == (59, (59, "2016-11", date(2016, 10, 21), date(2016, 11, 20), True))
    assert [row[4] for row in base_periods(CALENDAR, date(2012, 1, 1), date(2012, 3, 30))] == [False, False, True]


def test_days_outside_the_data_are_of_no_month():
    found = dict(days(STAT20, date(2012, 1, 1), date(2012, 2, 25)))
    assert (min(found), max(found), len(found)) == (date(2012, 1, 1), date(2012, 2, 25), 31 + 25)
    assert [found[date(2012, m, d)] for m, d in ((1, 20), (1, 21), (2, 20), (2, 21))] == [1, 2, 2, 3]


# --- years that begin elsewhere


@pytest.mark.parametrize(("calendar", "period", "first", "last"), [
    (DEC_NOV, "2022", "2021-12-01", "2022-11-30"), (DEC_NOV, "2022-H1", "2021-12-01", "2022-05-31"),
    (DEC_NOV, "2022-H2", "2022-06-01", "2022-11-30"), (DEC_NOV, "2022-Q4", "2022-09-01", "2022-11-30"),
    (DEC_NOV, "2021-12", "2021-12-01", "2021-12-31"), (DEC_NOV, "2021..2022", "2020-12-01", "2022-11-30"),
    # printed by the courts of the United States as 12 months to 30 September 2015
    (FISCAL, "2015", "2014-10-01", "2015-09-30"), (FISCAL, "2015-Q1", "2014-10-01", "2014-12-31"),
])  # fmt: skip
def test_a_year_and_its_parts_begin_with_the_calendars_month_and_months_keep_their_names(calendar, period, first, last):
    found = parse_period(period, lead_of(calendar))
    assert (str(month_start(found.first, calendar)), str(month_end(found.last, calendar))) == (first, last)
    assert found.id == (period if ".." not in period else "2020-12..2022-11")


def test_months_are_cut_into_the_years_that_they_belong_to():
    lead = lead_of(DEC_NOV)
    found = {
        kind: [p.id for p in cut(number("2015-12"), number("2016-11"), kind, lead)] for kind in ("year", "half", "quarter")
    }
    assert found == {"year": ["2016"], "half": ["2016-H1", "2016-H2"], "quarter": ["2016-Q1", "2016-Q2", "2016-Q3", "2016-Q4"]}
    assert [p.id for p in cut(number("2015-11"), number("2015-12"), "year", lead)] == ["2015", "2016"]
    assert [p.id for p in cut(number("2015-11"), number("2015-12"), "month", lead)] == ["2015-11", "2015-12"]


@pytest.mark.parametrize("begins", range(1, 13))
@pytest.mark.parametrize("kind", ["month", "quarter", "half", "year"])
def test_the_periods_of_every_calendar_tile_without_gap_or_overlap(begins, kind):
    lead = lead_of(Calendar(name_zh="年", name_en="year", year_begins=begins))
    found = cut(24140, 24200, kind, lead)
    assert all(one.last + 1 == after.first for one, after in pairwise(found))
    assert found[0].first <= 24140 and found[-1].last >= 24200
    assert all(parse_period(one.id, lead) == one for one in found)


def test_calendars_whose_months_end_alike_share_them(catalogue):
    calendars = catalogue.profile.settings.calendars
    assert sharing_months(calendars) == {
        "cal_month": "cal_month", "stat20_month": "stat20_month", "dec_nov_year": "cal_month"}  # fmt: skip
