"""From cells to figures: numbers, status, reason, id. The dockets are drawn by hand, and so is what is expected."""

from dataclasses import replace

import pytest

from warehouse.catalogue.calendars import PeriodError
from warehouse.reading.figures import headline
from warehouse.reading.snapshot import Unknown

KEYS = {
    "figure_id", "metric", "variant", "kind", "unit", "period", "dims", "numerator", "denominator", "value", "lower", "upper",
    "target", "target_met", "target_shown", "short_by", "need_in_a_row", "status", "reason", "scope", "definition_version",
    "is_synthetic", "refresh_id", "head",
}  # fmt: skip
"""Those of interface.md, the successes needed, and the head of the ledger."""
NUMBERS = ("numerator", "denominator", "value", "lower", "upper", "target_met", "target_shown", "short_by",
           "need_in_a_row")  # fmt: skip

DOCKET = """
    case_key | registered_on | closed_on  | counts_as      | bench_code
    a        | 2011-11-05    | 2012-02-10 | civil_first    | M1
    b        | 2012-01-10    | 2012-01-31 | civil_first    | M1
    c        | 2012-01-20    |            | criminal_first | X=1, /@%#庭
    d        | 2012-01-21    | 2012-03-09 | civil_first    |
    e        | 2012-03-02    |            | civil_first    | M2
"""


def pick(figures, *keys):
    return [tuple(figure.as_json()[key] for key in keys) for figure in figures]


def values(figures):
    return {(figure.period.id, *figure.dims.values()): figure.value for figure in figures}


@pytest.fixture
def docket(given, reader):
    """Five cases of spring 2012, counted to 15 March."""
    given("model.cases", DOCKET)
    return reader("filed", "closed", "pending_start", "pending_end", "closing_rate_cn", "disposal_filing_ratio_cn",
                  counting_day="2012-03-15")  # fmt: skip


def test_a_publication_is_asked_for_the_same_sums_once(docket, monkeypatch):
    asked, ask = [], docket.snapshot.ask
    monkeypatch.setattr(docket.snapshot, "ask", lambda name, values: asked.append(values["metric"]) or ask(name, values))
    # two ratios over the same closings and filings, by the month; then another span, then another scope
    first = [docket.ask(name, kind="month") for name in ("closing_rate_cn", "disposal_filing_ratio_cn")]
    assert sorted(asked) == ["closed", "filed", "pending_start"]
    assert [docket.ask(name, kind="month") for name in ("closing_rate_cn", "disposal_filing_ratio_cn")] == first
    assert len(asked) == 3
    assert [f.value for f in docket.ask("filed")] == [4]
    assert [f.value for f in docket.ask("filed", where={"bench": "M1"})] == [1]
    assert asked[3:] == ["filed"], "of the same months another span is added up"


# --- numbers


def test_a_figure_has_the_keys_of_the_interface(docket):
    (figure,) = docket.ask("filed")
    assert figure.as_json().keys() >= KEYS
    assert figure.as_json()["period"] == {
        "calendar": "cal_month", "kind": "range", "first_day": "2012-01-01", "last_day": "2012-03-31", "is_partial": True,
    }  # fmt: skip
    assert pick([figure], "figure_id", "value", "numerator", "denominator", "lower", "status", "reason") == [
        ("filed/2012-01..2012-03@r000001", 4, 4, None, None, "published", None)
    ]


def test_flows_of_a_span_are_sums_and_cut_periods_are_partial(docket):
    found = docket.ask("filed", kind="month")
    assert [(f.period.id, f.value, f.is_partial) for f in found] == [
        ("2012-01", 3, False), ("2012-02", 0, False), ("2012-03", 1, True),
    ]  # fmt: skip
    assert [(f.period.id, f.value, f.is_partial) for f in docket.ask("filed", kind="year")] == [("2012", 4, True)]
    assert values(docket.ask("closed", kind="month")) == {("2012-01",): 1, ("2012-02",): 1, ("2012-03",): 1}


def test_stocks_of_a_span_are_those_before_its_first_and_at_the_end_of_its_last_day(docket):
    # open: a, then a c d after January; c d after February (a closed); c e on 15 March (d closed)
    assert values(docket.ask("pending_start", kind="month")) == {("2012-01",): 1, ("2012-02",): 3, ("2012-03",): 2}
    assert values(docket.ask("pending_end", kind="month")) == {("2012-01",): 3, ("2012-02",): 2, ("2012-03",): 2}
    assert [f.value for f in docket.ask("pending_start", first="2012-02", last="2012-03")] == [3]
    assert [f.value for f in docket.ask("pending_end", first="2012-01", last="2012-02")] == [2]


def test_a_stock_of_a_period_beyond_the_counting_day_is_that_of_the_counting_day(docket):
    (figure,) = docket.ask("pending_end", first="2012-01", last="2012-06")
    assert (figure.value, figure.is_partial, str(figure.last_day)) == (2, True, "2012-06-30")


def test_months_that_close_on_the_20th_are_counted_by_their_own_days(docket):
    # c was filed on the 20th of January, d on the 21st, which is February
    found = docket.ask("filed", kind="month", calendar="stat20_month")
    assert values(found) == {("2012-01",): 2, ("2012-02",): 1, ("2012-03",): 1}
    assert found[0].figure_id == "filed/stat20_month:2012-01@r000001"
    assert (str(found[0].first_day), str(found[0].last_day), found[0].is_partial) == ("2011-12-21", "2012-01-20", True)


def test_a_ratio_is_divided_last_over_its_whole_span(docket):
    (whole,) = docket.ask("closing_rate_cn")
    assert (whole.numerator, whole.denominator, whole.value) == (3, 1 + 4, 3 / 5)
    months = docket.ask("closing_rate_cn", kind="month")
    assert [(f.numerator, f.denominator) for f in months] == [(1, 1 + 3), (1, 3 + 0), (1, 2 + 1)]
    assert pick([whole], "lower", "upper", "kind") == [(None, None, "ratio")]


def test_a_ratio_without_anything_below_the_line_is_undefined_there_alone(docket):
    found = docket.ask("disposal_filing_ratio_cn", kind="month")
    assert pick(found, "status", "reason", "value") == [
        ("published", None, 1 / 3), ("undefined", "no_cases", None), ("published", None, 1.0),
    ]  # fmt: skip


# --- dimensions


def test_each_value_that_occurs_gets_every_period_zero_included(docket):
    assert values(docket.ask("filed", kind="month", by=("family",))) == {
        ("2012-01", "civil"): 2, ("2012-01", "criminal"): 1, ("2012-02", "civil"): 0, ("2012-02", "criminal"): 0,
        ("2012-03", "civil"): 1, ("2012-03", "criminal"): 0,
    }  # fmt: skip
    assert {f.status for f in docket.ask("closed", kind="month", by=("family",))} == {"published"}


def test_an_empty_value_is_none(docket):
    assert values(docket.ask("filed", by=("bench",))) == {
        ("2012-01..2012-03", "M1"): 1, ("2012-01..2012-03", "M2"): 1, ("2012-01..2012-03", "X=1, /@%#庭"): 1,
        ("2012-01..2012-03", "none"): 1,
    }  # fmt: skip


def test_where_narrows_and_by_breaks_down_whatever_the_order_they_are_named_in(docket):
    found = docket.ask("filed", by=("bench", "family"), where={"court": "浙0683"})
    assert [list(f.dims) for f in found] == [["court", "family", "bench"]] * 4
    assert sum(f.value for f in found) == 4
    assert [f.value for f in docket.ask("filed", where={"family": "civil", "bench": "M1"})] == [1]
    assert [f.value for f in docket.ask("filed", by=("family",), where={"family": "criminal"})] == [1]
    assert [f.value for f in docket.ask("filed", where={"bench": "nobody"})] == [0]


def test_an_id_asks_for_the_figure_that_has_it(docket):
    asked = [
        docket.ask("filed", kind="month", by=("family", "bench")),
        docket.ask("pending_end", kind="quarter", by=("court",), calendar="stat20_month"),
        docket.ask("closing_rate_cn", first="2012-01", last="2012-02", by=("bench",)),
        docket.ask("closed", kind="half", where={"bench": "X=1, /@%#庭"}, by=("closing_manner",)),
    ]
    for figure in [figure for figures in asked for figure in figures]:
        (again,) = docket.answer(docket.parse(figure.figure_id))
        assert again.as_json() == figure.as_json()
    (odd,) = docket.ask("filed", where={"bench": "X=1, /@%#庭"})
    assert odd.value == 1
    assert odd.figure_id == "filed/2012-01..2012-03/bench=X%3D1%2C%20%2F%40%25%23%E5%BA%AD@r000001"


def test_an_id_without_its_refresh_asks_the_one_that_is_open(docket):
    assert docket.answer(docket.parse("filed/2012-01/family=civil"))[0].figure_id == "filed/2012-01/family=civil@r000001"


# --- what has no number


def test_what_lies_outside_the_data_is_beyond_them(docket):
    for metric in ("filed", "pending_start", "pending_end", "closing_rate_cn"):
        for first, last in (("2011-01", "2011-12"), ("2012-04", "2012-06")):
            (figure,) = docket.ask(metric, first=first, last=last)
            assert pick([figure], "status", "reason") == [("undefined", "beyond_data")]
            assert {figure.as_json()[key] for key in NUMBERS} == {None}


def test_a_span_that_partly_lies_in_the_data_counts_that_part(docket):
    found = docket.ask("filed", first="2011", last="2012", kind="year")
    assert [(f.period.id, f.status, f.value, f.is_partial) for f in found] == [
        ("2011", "undefined", None, True), ("2012", "published", 4, True),
    ]  # fmt: skip
    (both,) = docket.ask("filed", first="2011", last="2012")
    assert (both.value, both.is_partial) == (4, True)


@pytest.fixture
def applications(given, reader):
    """Applications around 1 May 2015, the day since which the rate is in force."""
    given(
        "model.registration_decisions",
        """
        application_key | received_on | first_decision | decided_on | correction_notice_on | registered_on
        before          | 2015-04-20  | register       | 2015-04-20 |                      | 2015-04-20
        late            | 2015-04-29  | register       | 2015-05-04 |                      | 2015-05-04
        same            | 2015-05-05  | register       | 2015-05-05 |                      | 2015-05-05
        corrected       | 2015-05-05  | correct        | 2015-05-05 | 2015-05-05           | 2015-05-12
        later           | 2015-06-01  | register       | 2015-06-03 |                      | 2015-06-03
        refused         | 2015-06-01  | refuse         | 2015-06-03 |                      |
    """,
    )
    names = ("same_day_registration_rate", "same_day_registration_rate.any_date")
    return reader(*names, counting_day="2015-07-31")


def test_before_the_law_a_rate_is_undefined_and_across_its_day_it_says_from_when_it_counts(applications):
    found = applications.ask("same_day_registration_rate", first="2015-04", last="2015-07", kind="month")
    assert pick(found, "status", "reason", "numerator", "denominator") == [
        ("undefined", "not_in_force", None, None), ("published", None, 1, 2), ("published", None, 0, 1),
        ("undefined", "no_cases", None, None),
    ]  # fmt: skip
    (year,) = applications.ask("same_day_registration_rate", first="2015", last="2015", kind="year")
    assert pick([year], "status", "reason", "numerator", "denominator") == [("published", "in force from 2015-05-01", 1, 3)]


def test_the_variant_of_any_date_knows_no_law_and_no_target(applications):
    found = applications.ask("same_day_registration_rate.any_date", first="2015-04", last="2015-05", kind="month")
    assert pick(found, "variant", "status", "numerator", "denominator", "target", "target_met", "short_by") == [
        ("any_date", "published", 1, 1, None, None, None), ("any_date", "published", 1, 3, None, None, None),
    ]  # fmt: skip
    assert found[0].figure_id == "same_day_registration_rate.any_date/2015-04@r000001"


def test_a_share_carries_its_interval_and_what_it_lacks_to_its_target(applications):
    (figure,) = applications.ask("same_day_registration_rate", first="2015-05", last="2015-06")
    found = figure.as_json()
    # Wilson for 1 of 3 with z = 1.96: (0.3333 + 0.6402 ± 1.96 · sqrt(0.0741 + 0.1067)) / 2.2805
    assert (found["value"], found["lower"], found["upper"]) == (
        1 / 3, pytest.approx(0.0615, abs=5e-4), pytest.approx(0.7923, abs=5e-4))  # fmt: skip
    assert (found["target"], found["target_met"], found["target_shown"], found["short_by"]) == (0.95, False, False, 2)
    assert found["need_in_a_row"] == 37  # (1 + 37) / (3 + 37) = 0.95


def test_what_the_profile_cannot_have_is_not_applicable_with_each_ratio_of_it(bench, docket, reader):
    profile = bench.catalogue.profile
    settings = profile.settings.model_copy(update={"not_applicable": ("filed",)})
    bench.work.catalogue = replace(bench.catalogue, profile=replace(profile, settings=settings))
    found = reader("closed", "pending_start", counting_day="2012-03-15")
    for name in ("filed", "disposal_filing_ratio_cn"):
        (figure,) = found.ask(name)
        assert pick([figure], "status", "value", "numerator") == [("not_applicable", None, None)]
    assert [f.status for f in found.ask("closed")] == ["published"]


def test_a_rate_of_two_courts_is_withheld_in_one_and_where_both_are_counted_together(given, reader):
    given(
        "model.cases",
        """
        case_key | registered_on | court_code
        a        | 2012-01-10    | 浙0683
        b        | 2012-02-10    | 浙0602
    """,
    )
    given(
        "quality.gates",
        """
        refresh_no | metric | court_code | rule_id | first_day  | last_day   | reason
        1          | filed  | 浙0602     | DQ33    | 2012-02-01 | 2012-02-29 | DQ33: does not balance
        2          | filed  |            | DQ33    |            |            | of a later refresh
    """,
    )
    found = reader("filed", "closed")
    rows = found.ask("filed", first="2012-01", last="2012-02", kind="month", by=("court",))
    assert pick(rows, "dims", "status", "reason", "value") == [
        ({"court": "浙0602"}, "published", None, 0), ({"court": "浙0683"}, "published", None, 1),
        ({"court": "浙0602"}, "withheld", "DQ33: does not balance", None), ({"court": "浙0683"}, "published", None, 0),
    ]  # fmt: skip
    assert pick(found.ask("filed"), "status", "numerator") == [("withheld", None)]
    assert pick(found.ask("filed", where={"court": "浙0683"}), "status", "value") == [("published", 1)]
    (ratio,) = found.ask("disposal_filing_ratio_cn")
    assert pick([ratio], "status", "reason", "numerator", "denominator", "value") == [
        ("withheld", "DQ33: does not balance", None, None, None)
    ]
    assert pick(found.ask("closed"), "status") == [("published",)]


def test_a_gate_of_a_family_or_a_type_withholds_what_holds_such_cases_and_nothing_else(given, reader):
    given(
        "model.cases",
        """
        case_key | registered_on | counts_as         | type_code
        a        | 2012-01-10    | civil_first       | 民初
        b        | 2012-01-10    | criminal_first    | 刑初
        c        | 2012-01-10    | criminal_second   | 刑终
        d        | 2012-01-10    | enforcement_first | 执
    """,
    )
    given(
        "quality.gates",
        """
        refresh_no | metric | court_code | rule_id | first_day  | last_day   | reason            | family   | case_type
        1          | filed  | 浙0683     | DQ33    | 2012-01-01 | 2012-01-31 | DQ33: criminal    | criminal |
        1          | closed | 浙0683     | DQ40    | 2012-01-01 |            | DQ40: 刑初         | criminal | 刑初
    """,
    )
    found = reader("filed", "closed", counting_day="2012-03-31")

    def withheld(metric, by, **asked):
        return {figure.dims[by] for figure in found.ask(metric, first="2012-01", last="2012-01", by=(by,), **asked)
                if figure.status == "withheld"}  # fmt: skip

    assert withheld("filed", "family") == {"criminal"}
    assert withheld("filed", "case_type") == {"刑初", "刑终"}
    assert withheld("filed", "counts_as") == {"criminal_first", "criminal_second"}
    assert withheld("closed", "family") == {"criminal"}
    assert withheld("closed", "case_type") == {"刑初"}
    assert withheld("closed", "counts_as") == {"criminal_first"}
    assert withheld("filed", "bench", where={"family": "civil"}) == set()
    assert pick(found.ask("filed", first="2012-01", last="2012-01"), "status", "reason") == [("withheld", "DQ33: criminal")]
    assert pick(found.ask("filed", first="2012-02", last="2012-02", by=("family",)), "status") == [("published",)] * 3
    (ratio,) = found.ask("disposal_filing_ratio_cn", first="2012-01", last="2012-01", where={"family": "enforcement"})
    assert ratio.status == "published"


# --- what is not there


@pytest.mark.parametrize(("name", "how", "said"), [
    ("filled", {}, "there is no metric [filled]. Nearest: filed"),
    ("long_pending_12m.any_date", {}, "long_pending_12m has no variant [any_date]. It has none"),
    ("same_day_registration_rate.anydate", {}, "has no variant [anydate]. Nearest: any_date"),
    ("filed", {"by": ("familly",)}, "filed is not counted by [familly]. Nearest: family"),
    ("filed", {"where": {"closing_manner": "judgment"}}, "filed is not counted by [closing_manner]"),
    ("closing_rate_cn", {"by": ("closing_manner",)}, "closing_rate_cn is not counted by [closing_manner]"),
    ("filed", {"calendar": "stat_20month"}, "there is no calendar [stat_20month]. Nearest: stat20_month"),
    ("filed", {"first": "2012-03", "last": "2012-01"}, "ends before it begins. Swap its ends"),
])  # fmt: skip
def test_what_is_not_there_is_refused_with_the_nearest(docket, name, how, said):
    with pytest.raises(Unknown) as caught:
        docket.ask(name, **how)
    assert said in str(caught.value)


@pytest.mark.parametrize("figure_id", ["filed", "filed/2012-01/family=civil/x", "filed/stat:2012-01", "filed/2012-01/part=pool",
                                       "filed/2012-01/family", "filled/2012-01", ""])  # fmt: skip
def test_what_is_no_id_of_a_figure_is_refused(docket, figure_id):
    with pytest.raises(Unknown):
        docket.parse(figure_id)


def test_days_inside_a_base_period_are_refused(docket):
    with pytest.raises(PeriodError, match="is a day inside a base period"):
        docket.ask("filed", first="2012-01-15")


def test_the_headline_figures_are_those_of_the_interface_in_its_order(docket):
    assert headline(docket.snapshot) == [
        "filed", "closed", "pending_end", "closing_rate_cn", "same_day_registration_rate", "enforcement_backlog",
    ]  # fmt: skip
