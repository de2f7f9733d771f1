"""Figures by each calendar of the profile: ids, days, counts, ratios; counted by hand."""

import pytest

DOCKET = """
    case_key | registered_on | closed_on
    a        | 2015-11-30    | 2015-12-01
    b        | 2015-12-01    | 2016-05-31
    c        | 2015-12-21    | 2016-06-01
    d        | 2016-05-20    | 2016-11-30
    e        | 2016-05-21    | 2016-12-01
    f        | 2016-11-30    |
    g        | 2016-12-01    |
"""


@pytest.fixture
def docket(given, reader):
    given("model.cases", DOCKET)
    return reader("filed", "closed", "pending_start", "closing_rate_cn", counting_day="2016-12-31", data_from="2014-01-01")


@pytest.mark.parametrize(("calendar", "period", "first_day", "last_day", "filed", "closed", "stock"), [
    # by calendar 2016: d e f g filed, b c d e closed, b c before it
    ("cal_month", "2016", "2016-01-01", "2016-12-31", 4, 4, 2),
    ("cal_month", "2016-H1", "2016-01-01", "2016-06-30", 2, 2, 2),
    # December 2015 to November 2016: b c d e f filed; a b c d closed; a before it
    ("dec_nov_year", "2016", "2015-12-01", "2016-11-30", 5, 4, 1),
    ("dec_nov_year", "2016-H1", "2015-12-01", "2016-05-31", 4, 2, 1),
    ("dec_nov_year", "2016-H2", "2016-06-01", "2016-11-30", 1, 2, 3),
    ("dec_nov_year", "2016-11", "2016-11-01", "2016-11-30", 1, 1, 2),
    # 21 December 2015 to 20 December 2016: c d e f g filed; b c d e closed; b before it
    ("stat20_month", "2016", "2015-12-21", "2016-12-20", 5, 4, 1),
    ("stat20_month", "2016-05", "2016-04-21", "2016-05-20", 1, 0, 2),
])  # fmt: skip
def test_counts_and_ratios_by_calendar(docket, calendar, period, first_day, last_day, filed, closed, stock):
    address = f"{period}" if calendar == "cal_month" else f"{calendar}:{period}"
    (rate,) = docket.answer(docket.parse(f"closing_rate_cn/{address}"))
    assert (str(rate.first_day), str(rate.last_day)) == (first_day, last_day)
    assert (rate.numerator, rate.denominator) == (closed, stock + filed)
    assert rate.figure_id == f"closing_rate_cn/{address}@r000001"
    assert docket.parse(rate.figure_id).periods == (rate.period,)


def test_a_question_in_years_is_answered_in_the_years_of_the_calendar(docket):
    found = docket.ask("filed", first="2015", last="2016", kind="year", calendar="dec_nov_year")
    assert [(f.period.id, f.value) for f in found] == [("2015", 1), ("2016", 5)]
    (span,) = docket.ask("filed", first="2016", last="2016", calendar="dec_nov_year")
    assert (span.figure_id, span.value) == ("filed/dec_nov_year:2015-12..2016-11@r000001", 5)


def test_a_calendar_that_shares_its_months_costs_no_cells(docket):
    calendars = docket.snapshot.rows("select distinct calendar_id from metrics.cells order by 1")
    assert calendars == [("cal_month",), ("stat20_month",)]
