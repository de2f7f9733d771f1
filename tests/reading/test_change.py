"""A figure beside the period before or the same one a year before: parts with the same parts, breaks never bridged."""

from datetime import date
from fractions import Fraction

import pytest

from warehouse.catalogue.profile import Break
from warehouse.reading.change import changes
from warehouse.reading.figures import Reader

DOCKET = """
    case_key | registered_on | closed_on
    a        | 2014-12-20    | 2015-03-01
    b        | 2015-01-05    | 2015-12-30
    c        | 2015-10-31    | 2016-01-10
    d        | 2015-11-01    |
    e        | 2015-12-31    | 2016-02-01
    f        | 2016-01-01    | 2016-10-31
    g        | 2016-05-01    |
    h        | 2016-10-31    |
"""
"""Filed in 2014 one, in 2015 four (two of them to the end of October), in 2016 three, counted to the end of October."""


@pytest.fixture
def compare(given, reader):
    """`compare("filed/2016", "year", breaks=…)`: the one figure, compared."""
    given("model.cases", DOCKET)

    def ask(figure, against, counting_day="2016-10-31", data_from="2014-01-01", breaks=()):
        found = reader("filed", "pending_end", "closing_rate_cn", counting_day=counting_day, data_from=data_from)
        found = Reader(found.snapshot, found.calendars, breaks)
        (one,) = changes(found, found.parse(figure), against)
        return one

    return ask


def told(one):
    base = one.base.period.id if one.base else None
    return one.own.id, base, one.base.value if one.base else None, one.change, one.reason


def test_ten_months_of_2016_are_compared_with_ten_months_of_2015(compare):
    # 2016: f g h; January to October 2015: b c (d and e came after)
    one = compare("filed/2016", "year")
    assert told(one) == ("2016-01..2016-10", "2015-01..2015-10", 2, 1, None)
    assert (one.is_cut, one.growth) == (True, Fraction(1, 2))
    assert one.as_json()["change"] == 1 and one.as_json()["own_period"] == "2016-01..2016-10"


def test_a_whole_year_is_compared_with_the_whole_year_before_it(compare):
    assert told(compare("filed/2015", "year")) == told(compare("filed/2015", "previous")) == ("2015", "2014", 1, 3, None)


@pytest.mark.parametrize(("figure", "against", "expected"), [
    # of the fourth quarter only October is counted: beside July alone; a year before beside October 2015 (c)
    ("filed/2016-Q4", "previous", ("2016-10..2016-10", "2016-07..2016-07", 0, 1, None)),
    ("filed/2016-Q4", "year", ("2016-10..2016-10", "2015-10..2015-10", 1, 0, None)),
    # the stock at the end of what is counted: d g h; at the end of October 2015 b c
    ("pending_end/2016-H2", "year", ("2016-07..2016-10", "2015-07..2015-10", 2, 1, None)),
    ("filed/2016-10", "previous", ("2016-10", "2016-09", 0, 1, None)),
    ("filed/2016-H1", "previous", ("2016-H1", "2015-H2", 3, -1, None)),
    ("filed/2016-01..2016-05", "previous", ("2016-01..2016-05", "2015-08..2015-12", 3, -1, None)),
    ("filed/2016-01..2016-12", "year", ("2016-01..2016-10", "2015-01..2015-10", 2, 1, None)),
    # December 2015 to November 2016 holds data to October: e f g h beside a b c of December 2014 to October 2015
    ("filed/dec_nov_year:2016", "year", ("2015-12..2016-10", "2014-12..2015-10", 3, 1, None)),
    # 21 December 2015 to 20 October 2016 by the 20th: the month of November is cut, and so nothing is told
    ("filed/stat20_month:2016", "year", ("2016-01..2016-11", None, None, None, "month_not_over")),
    ("filed/stat20_month:2016-10", "year", ("2016-10", "2015-10", 0, 0, None)),
    ("filed/2014", "year", ("2014", None, None, None, "beyond_data")),
    ("filed/2017", "year", ("2017", None, None, None, "beyond_data")),
])  # fmt: skip
def test_a_cut_period_is_compared_with_the_same_cut_of_the_other(compare, figure, against, expected):
    assert told(compare(figure, against)) == expected


def test_a_month_that_is_not_over_is_compared_with_none(compare):
    assert told(compare("filed/2016-10", "year", counting_day="2016-10-15"))[3:] == (None, "month_not_over")
    assert told(compare("filed/2016", "year", counting_day="2016-10-15"))[3:] == (None, "month_not_over")
    assert told(compare("filed/2016-09", "year", counting_day="2016-10-15"))[3:] == (0, None)


def test_a_period_that_begins_before_the_data_is_compared_with_nothing(compare):
    one = compare("filed/2015", "year", data_from="2014-03-01")
    assert told(one)[1:] == (None, None, None, "base_begins_before_the_data")
    assert told(compare("filed/2015-03..2015-12", "year", data_from="2014-03-01"))[1:] == ("2014-03..2014-12", 1, 2, None)


def test_a_rate_moves_by_an_exact_fraction(compare):
    # 2015: b and a closed, of a in stock and b c d e filed; 2014: a filed, none closed
    one = compare("closing_rate_cn/2015", "previous")
    assert (one.base.value, one.change, one.growth) == (0, Fraction(2, 5), None)
    assert one.as_json()["change"] == 0.4


LAW = Break(day=date(2015, 5, 1), metrics=("filed",), name_zh="某法施行", name_en="a law", source="a law")


@pytest.mark.parametrize(("figure", "against", "is_crossed"), [
    ("filed/2015", "year", True), ("filed/2016", "year", True), ("filed/2015-05", "previous", True),
    ("filed/2015-06", "previous", False), ("filed/2015-04", "previous", False), ("filed/2016-04", "year", True),
    ("filed/2016-05", "year", False), ("filed/2015-Q3", "previous", True), ("filed/2015-H2", "year", True),
    ("closing_rate_cn/2016", "year", True), ("pending_end/2016", "year", False), ("filed.without_resumed/2016", "year", True),
])  # fmt: skip
def test_a_comparison_across_a_break_gives_the_reason_and_no_number(compare, figure, against, is_crossed):
    one = compare(figure, against, breaks=(LAW,))
    assert (one.reason, one.crossed) == (("series_break", LAW) if is_crossed else (None, None))
    assert (one.change is None) == is_crossed
    said = one.as_json()
    assert (said["value"], said["change"], said["growth"]) == (None, None, None) or not is_crossed
    assert (said["break"] or {}).get("day") == ("2015-05-01" if is_crossed else None)


def test_a_break_inside_a_span_is_marked_on_the_figure(compare):
    def marks(figure):
        return [one["day"] for one in compare(figure, "year", breaks=(LAW,)).figure.as_json()["breaks"]]

    assert marks("filed/2015") == marks("closing_rate_cn/2015-04..2015-05") == ["2015-05-01"]
    assert marks("filed/2015-05") == marks("filed/2015-04") == marks("pending_end/2015") == []


def test_a_break_of_one_reading_is_none_of_the_others(compare):
    narrow = LAW.model_copy(update={"metrics": ("filed.without_resumed",)})
    assert compare("filed/2015", "year", breaks=(narrow,)).reason is None
    assert compare("closing_rate_cn.without_resumed/2015", "year", breaks=(narrow,)).reason == "series_break"
    assert compare("closing_rate_cn/2015", "year", breaks=(narrow,)).reason is None


def test_a_side_without_a_number_gives_its_reason(compare):
    # nothing was filed nor pending in November 2014
    assert compare("closing_rate_cn/2015-11", "year").reason == "no_cases"


def test_every_combination_of_dimensions_finds_its_own(given, reader):
    given(
        "model.cases",
        """
        case_key | type_code | registered_on
        a        | 民初      | 2015-03-01
        b        | 刑初      | 2016-03-01
        c        | 民初      | 2016-03-01
    """,
    )
    found = reader("filed", counting_day="2016-12-31", data_from="2014-01-01")
    asked = found.question("filed", first="2015", last="2016", kind="year", by=("family",))
    assert [(one.figure.period.id, one.figure.dims["family"], one.change) for one in changes(found, asked, "year")] == [
        ("2015", "civil", 1), ("2015", "criminal", 0), ("2016", "civil", 0), ("2016", "criminal", 1)]  # fmt: skip


def test_the_court_lists_its_breaks_with_their_sources(catalogue):
    breaks = catalogue.profile.settings.breaks
    assert [str(one.day) for one in breaks] == ["2015-01-01", "2015-05-01", "2023-01-01", "2025-01-01"]
    assert all(one.source and one.name_zh and one.name_en for one in breaks)
