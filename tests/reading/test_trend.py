"""A figure's months on a chart: which months count, where a series breaks, what may not be asked."""

import pytest

from pipelines.reports.trends import trend_lines, trends_lines
from warehouse.reading.snapshot import Unknown
from warehouse.reading.trend import trend

YEAR = [212, 198, 225, 240, 205, 219, 231, 190, 208, 222, 236, 214]
"""Monthly filings of the dictionary, section 10: limits 162.01575758 to 271.31757576 around 216.66666667."""
RATE = "same_day_registration_rate"


@pytest.fixture
def months(given):
    """`months("filed", [212, …])`: cells of months one after another from January 2012; a pair is a share, None no cell."""

    def put(metric, values, begin=2012 * 12, **same):
        rows = ["metric | period_id | numerator | denominator"]
        for number, value in enumerate(values, begin):
            if value is not None:
                x, n = value if isinstance(value, tuple) else (value, "")
                rows.append(f"{metric} | {number // 12}-{number % 12 + 1:02} | {x} | {n}")
        given("metrics.cells", "\n".join(rows), **same)

    return put


def limits(found):
    """As printed, to the digits of the dictionary; one triple where all months have the same."""
    bands = [point.band for point in found.points if point.band]
    return {tuple(f"{n:.8f}" for n in (band.lower, band.centre, band.upper)) for band in bands}


def test_the_filings_of_the_dictionary_have_its_limits(months, reader):
    months("filed", YEAR)
    (found,) = trend(reader("filed"), "filed")
    assert limits(found) == {("162.01575758", "216.66666667", "271.31757576")}
    json = found.as_json()
    assert (json["chart"], json["signals"], json["breaks"], len(json["points"])) == ("xmr", [], [], 12)
    assert json["segments"][0]["range_limit"] == pytest.approx(67.14254545, abs=5e-9)
    assert json["points"][0]["figure_id"] == "filed/2012-01@r000001"


def test_a_month_that_the_end_of_the_data_cuts_does_not_enter_the_limits(months, reader):
    months("filed", [*YEAR, 5])
    (found,) = trend(reader("filed", counting_day="2013-01-10"), "filed")
    assert limits(found) == {("162.01575758", "216.66666667", "271.31757576")}
    last = found.points[-1]
    assert (last.left_out, last.band, found.fired, found.segments[0].points) == ("partial", None, (), 12)
    assert any("2013-01      5" in line and "a part of a month" in line for line in trend_lines(found, "en"))


def test_eleven_months_have_no_limits_and_it_is_said(months, reader):
    months("filed", YEAR)
    (found,) = trend(reader("filed"), "filed", last="2012-11")
    assert limits(found) == set() and found.segments[0].reason == "too_few_points"
    assert "  2012-01..2012-11: no limits: fewer than 12 months that count" in trend_lines(found, "en")


def test_a_withheld_month_is_a_gap(months, given, reader):
    months("filed", YEAR * 2)
    given(
        "quality.gates",
        """
        refresh_no | metric | rule_id | first_day  | last_day   | reason
        1          | filed  | DQ33    | 2012-06-01 | 2012-06-30 | DQ33: balance
    """,
    )
    (found,) = trend(reader("filed", counting_day="2013-12-31"), "filed")
    assert (found.points[5].left_out, found.points[5].band, found.segments[0].points) == ("DQ33: balance", None, 23)


def test_a_rate_is_charted_from_the_day_on_which_its_law_is_in_force(months, reader):
    # 2015-04 is undefined; from 2015-05 on twelve months of which one, 60 of 100, lies far out
    months(RATE, [(98, 100), (92, 100)] * 5 + [(60, 100), (96, 100)], begin=2015 * 12 + 4)
    (found,) = trend(reader(RATE, counting_day="2016-04-30"), RATE, first="2015-03")
    assert [point.left_out for point in found.points[:3]] == ["not_in_force", "not_in_force", None]
    assert (found.breaks, found.chart) == (("2015-05",), "p_prime")
    assert [(one.points, one.reason) for one in found.segments] == [(0, "too_few_points"), (12, None)]
    assert [(one.rule, one.first) for one in found.fired] == [("beyond_limit", "2016-03")]
    assert all(0 <= float(low) <= float(high) <= 1 for low, _, high in limits(found))
    assert not any("no limits" in line for line in trend_lines(found, "en"))


def test_a_month_in_which_a_rate_came_into_force_half_way_does_not_count(months, reader):
    # statistical months close on the 20th: the law of 1 May came in the middle of May (21 April to 20 May)
    months(RATE, [(96, 100)] * 13, begin=2015 * 12 + 4, calendar_id="stat20_month")
    (found,) = trend(reader(RATE, counting_day="2016-05-20"), RATE, first="2015-04", calendar="stat20_month")
    assert [(point.figure.period.id, point.left_out) for point in found.points[:3]] == [
        ("2015-04", "not_in_force"), ("2015-05", "partly_in_force"), ("2015-06", None),
    ]  # fmt: skip


def test_nothing_is_computed_across_a_break(months, reader):
    months("filed", [*YEAR, *(value + 1000 for value in YEAR)])
    whole = reader("filed", counting_day="2013-12-31")
    (bridged,), (broken,) = trend(whole, "filed"), trend(whole, "filed", breaks=["2013-01"])
    assert [segment.centre for segment in broken.segments] == pytest.approx([216.66666667, 1216.66666667])
    assert broken.fired == () and {one.rule for one in bridged.fired} >= {"long_run", "wide_range"}
    assert "  the series begins anew at 2013-01" in trend_lines(broken, "en")


def test_a_run_names_its_months_in_both_languages(months, reader):
    months("filed", [10, 12] * 6 + [13, 14] * 6)
    (found,) = trend(reader("filed", counting_day="2013-12-31"), "filed")
    runs = [(one.first, one.last) for one in found.fired if one.rule == "long_run"]
    assert runs == [("2012-01", "2012-12"), ("2013-01", "2013-12")]  # centre 12.25
    assert "  2013-01..2013-12: eight or more months in a row on one side of the centre" in trend_lines(found, "en")
    assert "  2013-01..2013-12: 连续八月以上在中心线同侧" in trend_lines(found, "zh")


def test_a_break_outside_the_series_is_refused(months, reader):
    months("filed", YEAR)
    with pytest.raises(Unknown, match=r"no month \[2014-01\] to break at. It runs from 2012-01 to 2012-12"):
        trend(reader("filed"), "filed", breaks=["2014-01"])


@pytest.mark.parametrize("dimension", ["bench", "judge"])
def test_a_rate_has_no_chart_by_bench_or_judge(months, reader, dimension):
    months("filed", YEAR)
    with pytest.raises(Unknown, match=rf"closing_rate_cn is a rate, and has no chart by \[{dimension}\]"):
        trend(reader("filed", "closing_rate_cn"), "closing_rate_cn", by=(dimension,))
    with pytest.raises(Unknown, match="is a rate"):
        trend(reader("filed", "closing_rate_cn"), "closing_rate_cn", where={dimension: "X"})


def test_series_stand_in_the_order_of_their_names_whatever_their_numbers(months, reader):
    months("filed", [900] * 12, bench="M2")
    months("filed", [5] * 12, bench="M1")
    found = trend(reader("filed"), "filed", by=("bench",))
    assert [one.figure.dims for one in found] == [{"bench": "M1"}, {"bench": "M2"}]
    assert {one.segments[0].reason for one in found} == {"no_variation"}
    assert trends_lines(found, "zh").count("") == 1


def test_the_evenness_of_closings_is_told_of_whole_years_alone(months, reader):
    # 2012: 6 months of 1, 6 of 3: mean 2, deviation 1, so 1 - 1/2; 2013 has eleven months
    months("closed", [1, 3] * 6 + [2] * 11)
    (found,) = trend(reader("closed", counting_day="2013-11-30"), "closed")
    assert found.evenness == {"2012": 0.5}
    assert "  evenness of closings [operational] 2012: 0.5000" in trend_lines(found, "en")
    months("filed", YEAR)
    assert trend(reader("filed"), "filed")[0].evenness == {}
