"""What the coming months bring: history from rows, months worked out by hand, what is refused. Plans rest on the same."""

import random
from datetime import date, timedelta

import pytest

from pipelines.reports.forecasts import forecast_lines
from pipelines.reports.planned import plan_lines
from warehouse.catalogue.calendars import PeriodError, month_id
from warehouse.reading.figures import Reader
from warehouse.reading.forecast import actuals, forecast, histories
from warehouse.reading.plan import plan
from warehouse.reading.scope import scope
from warehouse.reading.snapshot import Unknown

NAMES = ("filed", "closed", "reopened", "pending_end")


def drawing(rows):
    return "\n".join(["case_key | registered_on | closed_on | counts_as", *(" | ".join(row) for row in rows)])


def steady(months, counts_as="civil_first"):
    """From January 2012 on, four cases a month: two close in it, two in the next one."""
    rows = []
    for number in range(2012 * 12, 2012 * 12 + months):
        for case, closed in enumerate((f"{month_id(number)}-20", f"{month_id(number + 1)}-10") * 2):
            rows.append((f"{counts_as}{number}-{case}", f"{month_id(number)}-10", closed, counts_as))
    return rows


@pytest.fixture
def of(given, spells):
    """`of(rows, counting_day)`: the scope of these cases."""

    def open_at(rows, counting_day="2013-12-31", where=None):
        if rows:
            given("model.cases", drawing(rows))
        return spells(where, counting_day)

    return open_at


def means(found):
    return [tuple(round(getattr(m, name).mean, 9) for name in ("incoming", "closed", "pending")) for m in found.months]


def test_a_steady_court_stays_steady(of):
    found = forecast(of(steady(24)), 3)
    assert means(found) == [(4, 4, 2)] * 3
    assert (found.families, month_id(found.first), month_id(found.origin)) == (("civil",), "2012-01", "2013-12")
    # the two pending ones close for certain; of the four that come, by Poisson's law, two; a month later two of before, too
    assert [month.closed.variance for month in found.months] == pytest.approx([2, 4, 4])
    assert [month.pending.variance for month in found.months] == pytest.approx([2, 2, 2])
    json = found.as_json()
    assert json["months"][0]["period"] == "2014-01"
    assert json["months"][0]["closed"]["upper"] == pytest.approx(4 + 1.959964 * 2**0.5, abs=1e-6)
    assert json["recent"]["closed"] == [4] * 12


def test_past_forecasts_are_judged_beside_the_same_month_of_the_year_before(of):
    found = forecast(of(steady(24)), 2)
    # from December 2012 to November 2013 twelve forecasts one month ahead, all right; January 2012 closed two, not four
    first, second = found.past["closed"]
    assert (first.forecasts, first.mean_absolute, first.naive_mean_absolute, first.inside) == (12, pytest.approx(0), 2 / 12, 1)
    assert (second.forecasts, second.mean_absolute, second.naive_mean_absolute) == (11, pytest.approx(0), 0)
    assert not any("too narrow" in line for line in forecast_lines(found, "en"))


def test_families_have_chances_of_their_own(of):
    # of the criminal cases, one a month, none ever closes: 24 are pending, and one more each month
    rows = steady(24) + [(f"c{n}", f"{month_id(2012 * 12 + n)}-10", "", "criminal_first") for n in range(24)]
    found = forecast(of(rows), 2)
    assert (found.families, means(found)) == (("civil", "criminal"), [(5, 4, 27), (5, 4, 28)])
    assert means(forecast(of([], where={"family": "criminal"}), 2)) == [(1, 0, 25), (1, 0, 26)]


def test_a_month_that_the_end_of_the_data_cuts_is_not_looked_at(of):
    found = forecast(of(steady(25), "2014-01-15"), 1)
    assert month_id(found.origin) == "2013-12"
    assert (means(found), found.recent["incoming"]) == ([(4, 4, 2)], [4] * 12)


def test_a_court_that_closes_in_december_is_expected_to_do_so_again(of):
    # One case a month, and each year's are closed on 20 December. By age in months, of 2014: 12 at risk in the month of
    # filing, 1 closed; 21 at 1 and 2, 2 closed; 24 at 3 to 5, 3 closed; 21 at 6 to 11, 6 closed. December alone: usual would
    # be 1/12 + 2 × 2/21 + 3 × 3/24 + 6 × 6/21, closed are 12: 5.078 times as many, in the other months none. So in December
    # 2015 so many times more close of the younger ones, and all six of the oldest: no chance is above 1.
    younger = 1 / 12 + 2 * 2 / 21 + 3 * 3 / 24
    december = 12 / (younger + 6 * 6 / 21) * younger + 6
    rows = [(f"{n}", f"{month_id(2012 * 12 + n)}-10", f"{2012 + n // 12}-12-20", "civil_first") for n in range(36)]
    found = forecast(of(rows, "2014-12-31"), 12)
    assert [month.closed.mean for month in found.months] == pytest.approx([*[0] * 11, december])


@pytest.mark.parametrize("calendar", ["cal_month", "stat20_month"])
def test_history_is_what_the_figures_say(given, bench, reader, calendar):
    chance, rows = random.Random(11), []
    for number in range(300):
        opened = date(2011, 6, 1) + timedelta(days=chance.randrange(940))
        closed = opened + timedelta(days=chance.randrange(400)) if chance.random() < 0.8 else None
        rows.append((str(number), str(opened), str(closed or ""), chance.choice(["civil_first", "criminal_first"])))
    given("model.cases", drawing(rows))
    counted = reader(*NAMES, counting_day="2013-12-31")
    calendars = dict(sorted(counted.calendars.items(), key=lambda item: item[0] != calendar))
    figures = Reader(counted.snapshot, calendars)
    found = list(histories(scope(figures, bench.store.connection, {})).values())
    first, last = found[0].first, found[0].last
    known = actuals(found, last)
    for name, metric in (("incoming", "filed"), ("closed", "closed"), ("pending", "pending_end")):
        asked = figures.ask(metric, first=month_id(first), last=month_id(last), kind="month")
        assert known[name] == [figure.value for figure in asked]
    assert len(known["closed"]) == {"cal_month": 24, "stat20_month": 23}[calendar]


def test_eleven_whole_months_are_too_short_a_history(of):
    found = forecast(of(steady(12), "2012-12-30"))
    assert (found.status, found.reason, found.as_json()["months"]) == ("undefined", "too_short", [])
    assert forecast_lines(found, "en")[1] == "  undefined: fewer than 12 whole months of history"
    assert plan_lines(plan(of([], "2012-12-30"), closings=9), "zh")[1] == "  undefined: 完整历史月份不足12个"


def test_twelve_months_are_enough_to_forecast_but_not_to_judge(of):
    found = forecast(of(steady(12), "2012-12-31"))
    assert len(found.months) == 6 and found.past == {}
    assert any("no past forecast to judge by" in line for line in forecast_lines(found, "en"))


def test_without_cases_and_where_they_are_withheld_the_reason_is_told(of, given):
    assert forecast(of(steady(24), where={"family": "relief"})).reason == "no_cases"
    given(
        "quality.gates",
        """
        refresh_no | metric | rule_id | first_day  | last_day   | reason
        1          | closed | DQ33    | 2012-06-01 | 2012-06-30 | DQ33: balance
    """,
    )
    found = forecast(of([]))
    assert (found.status, found.reason, found.months) == ("withheld", "DQ33: balance", ())


def test_a_forecast_looks_a_year_ahead_at_most(of):
    whole = of([])
    for months in (0, 13, -1):
        with pytest.raises(Unknown, match=rf"looks 1 to 12 months ahead, not \[{months}\]"):
            forecast(whole, months)


def test_lines_tell_the_same_in_both_languages(of):
    found = forecast(of(steady(24)), 2)
    english, chinese = forecast_lines(found, "en"), forecast_lines(found, "zh")
    assert "  2014-01  4 (0–8)  4 (1–7)  2 (0–5)" in english and "  2014-01  4 (0–8)  4 (1–7)  2 (0–5)" in chinese
    assert len(english) == len(chinese)


# --- plans


def test_a_plan_counts_what_is_pending_and_what_comes(of):
    # 2 pending, 4 come a month: 5 closings clear one a month, by the end of the second; 6 by the end of the first
    whole = of(steady(24))
    assert plan(whole, closings=5).as_json()["cleared_by"] == "2014-02"
    assert plan(whole, closings=6).as_json()["cleared_by"] == "2014-01"
    assert plan(whole, closings=5, left=1).as_json()["cleared_by"] == "2014-01"
    assert plan(whole, closings=4).as_json()["cleared_by"] is None
    assert plan(whole, until="2014-02").as_json()["needed"] == 5
    assert plan(whole, until="2014-01").as_json()["needed"] == 6
    # with 1.96 × sqrt(8) = 5.5 more or fewer of the eight that come by February: (10 ± 5.5) / 2
    assert (plan(whole, until="2014-02").needed) == (3, 5, 8)


def test_a_plan_is_told_in_both_languages_beside_what_was_closed_of_late(of):
    whole = of(steady(24))
    assert "  2 pending at the end of 2013-12, 4 a month expected to come in" in plan_lines(plan(whole, closings=5), "en")
    assert "  closed in the last 12 whole months: 4 a month, 4 to 4" in plan_lines(plan(whole, closings=5), "en")
    # even with 1.96 × sqrt(4t) more the stock is gone when 2 + 3.92 sqrt(t) <= t: t = 20; with as many fewer at once
    told = "  5 closings a month clear the backlog by 2014-02 (by chance alone 2014-01 to 2015-08)"
    assert told in plan_lines(plan(whole, closings=5), "en")
    assert "  4 closings a month do not clear the backlog within 60 months: no fewer come in" in plan_lines(
        plan(whole, closings=4), "en")  # fmt: skip
    assert "  至2014-02清结存案，每月需结案5件（过程波动 3 至 8）" in plan_lines(plan(whole, until="2014-02"), "zh")
    assert "  no more than 2 are pending already" in plan_lines(plan(whole, closings=5, left=2), "en")


def test_a_plan_that_cannot_be_made_is_refused(of):
    whole = of(steady(24))
    for asked, said in (
        ({}, "Give one"), ({"closings": 5, "until": "2014-02"}, "Give one"), ({"closings": 0}, r"\[0\] is no number"),
        ({"closings": 5, "left": -1}, r"\[-1\] is no number"), ({"until": "2013-12"}, "2014-01 to 2018-12"),
        ({"until": "2019-01"}, "2014-01 to 2018-12"),
    ):  # fmt: skip
        with pytest.raises(Unknown, match=said):
            plan(whole, **asked)
    with pytest.raises(PeriodError, match="is no period"):
        plan(whole, until="soon")
