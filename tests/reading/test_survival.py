"""How long cases last: who is in the cohort, what ends a case, what is told. The estimate itself: tests/methods."""

from dataclasses import replace

import pytest

from pipelines.reports.survived import survival_lines
from warehouse.catalogue.calendars import PeriodError
from warehouse.reading.forecast import forecast
from warehouse.reading.plan import plan
from warehouse.reading.scope import scope
from warehouse.reading.snapshot import Unknown
from warehouse.reading.survival import survival

FIXTURE = """
    case_key | registered_on | closed_on  | counts_as         | closing_manner | procedure
    a        | 2012-01-02    | 2012-02-01 | civil_first       | judgment       | ordinary
    b        | 2012-01-02    | 2012-02-16 | enforcement_first | zhongben       |
    c        | 2012-01-02    | 2012-02-16 | civil_first       | mediation      | simplified
    d        | 2012-11-01    |            | civil_first       |                | ordinary
    e        | 2012-01-02    | 2012-03-17 | civil_first       | judgment       | ordinary
    f        | 2012-01-02    | 2012-04-01 | civil_first       | judgment       | ordinary
    g        | 2012-01-02    | 2012-04-01 | civil_first       | transfer       | ordinary
    h        | 2012-01-02    | 2012-05-01 | civil_first       | judgment       | ordinary
    i        | 2012-08-03    |            | civil_first       |                | ordinary
    j        | 2012-01-02    | 2012-06-30 | criminal_first    | judgment       |
"""
"""The ten cases of the dictionary, section 10: 30✓ 45✓ 45✓ 60✗ 75✓ 90✓ 90✗ 120✓ 150✗ 180✓ days, counted to 31 December
2012. The first 45 is a 终本, which closes; the 90✗ is a transfer, which does not; 60✗ and 150✗ are pending."""


@pytest.fixture
def cases(given, spells):
    """`cases(drawing, where, counting_day)`: the scope of these cases."""

    def open_at(drawing=FIXTURE, where=None, counting_day="2012-12-31"):
        given("model.cases", drawing)
        return spells(where, counting_day)

    return open_at


def test_the_ten_cases_of_the_dictionary_have_its_curve(cases):
    found = survival(cases()).as_json()
    assert (found["status"], found["value"], found["cases"], found["closed"], found["censored"]) == ("published", 90, 10, 7, 3)
    assert found["transferred"] == 1
    assert [(s["days"], s["at_risk"], s["closed"], f"{s['survival']:.8f}") for s in found["steps"]] == [
        (30, 10, 1, "0.90000000"), (45, 9, 2, "0.70000000"), (75, 6, 1, "0.58333333"), (90, 5, 1, "0.46666667"),
        (120, 3, 1, "0.31111111"), (180, 1, 1, "0.00000000"),
    ]  # fmt: skip
    assert f"{found['mean_of_closed']:.8f}" == "83.57142857"
    assert (f"{found['restricted_mean']:.8f}", found["restricted_to_days"]) == ("105.91666667", 180)
    assert found["quantiles"] == {"0.25": 45, "0.5": 90, "0.75": 180, "0.9": 180}


def test_the_answer_is_told_in_both_languages(cases):
    found = survival(cases())
    english, chinese = survival_lines(found, "en"), survival_lines(found, "zh")
    assert "  10 cases: 7 closed, 2 pending, 1 transferred" in english
    # on the scale of log(-log S) a half is -0.3665. Day 30: -2.2504 ± 1.96 × 1.0005 holds it; day 120: 0.1550 ± 1.96 × 0.4635
    assert "  median: 90 days (95 % interval 30 to 180)" in english
    assert "  中位数：90天（95%区间 30 至 180）" in chinese
    assert "  10件：已结7，未结2，移送1" in chinese
    assert len(english) == len(chinese)


def test_a_cohort_is_made_of_those_registered_in_it_and_chosen_by_what_they_are(cases):
    of = cases(where={"family": "civil", "procedure": "ordinary"})
    assert survival(of).curve.cases == 7  # a d e f g h i
    assert survival(of, "2012-08", "2012-11").curve.cases == 2  # d i
    found = survival(of, "2012-02", "2012-07")
    assert (found.status, found.reason, found.as_json()["value"]) == ("undefined", "no_cases", None)
    assert survival_lines(found, "zh")[1] == "  undefined: 无案件"


def test_a_closing_after_the_counting_day_is_not_known_yet(cases):
    # up to 31 March the closings of April and later did not happen: 30✓ 45✓ 45✓ 75✓, five open for 89 days
    curve = survival(cases(counting_day="2012-03-31"), last="2012-01").curve
    assert (curve.closed, curve.censored, curve.last_days) == (4, 4, 89)
    assert curve.open_at(89) == pytest.approx(4 / 8)


def test_half_of_them_never_seen_to_close_have_no_median(cases):
    found = survival(cases("""
        case_key | registered_on | closed_on
        a        | 2012-01-02    | 2012-02-01
        b        | 2012-01-02    |
        c        | 2012-01-02    |
    """))  # fmt: skip
    assert found.as_json()["value"] is None
    assert "  median: not reached, more than half of them are not seen to close" in survival_lines(found, "en")


def test_cases_registered_before_the_data_are_left_out(cases):
    of = cases("""
        case_key | registered_on | closed_on
        old      | 2010-01-02    | 2012-12-01
        a        | 2012-01-02    | 2012-01-12
    """)
    assert (survival(of).curve.cases, survival(of, "2010").curve.cases) == (1, 1)
    assert str(survival(of, "2010").first_day) == "2012-01-01"
    assert survival(of, "2010", "2011").reason == "beyond_data"


def test_a_case_that_was_opened_again_ended_with_its_first_closing(given, spells):
    given(
        "model.cases",
        """
        case_key | registered_on | closed_on  | reopened_on
        a        | 2012-01-02    | 2012-12-01 | 2012-06-01
    """,
    )
    given(
        "model.case_spells",
        """
        case_key | opened_as | opened_on  | closed_on
        a        | filed     | 2012-01-02 | 2012-01-12
        a        | reopened  | 2012-06-01 | 2012-12-01
    """,
    )
    assert [(step.days, step.at_risk) for step in survival(spells()).curve.steps] == [(10, 1)]


@pytest.mark.parametrize("metric", ["filed", "closed", "pending_end"])
def test_what_rests_on_withheld_cases_is_withheld(cases, given, metric):
    given(
        "quality.gates",
        f"""
        refresh_no | metric    | rule_id | first_day  | last_day   | reason
        1          | {metric}  | DQ33    | 2012-06-01 | 2012-06-30 | DQ33: balance
    """,
    )
    found = survival(cases(), "2012-03")
    assert (found.status, found.reason, found.curve) == ("withheld", "DQ33: balance", None)
    assert survival_lines(found, "en")[1] == "  withheld: DQ33: balance"


def test_a_profile_without_closings_has_no_estimates(bench, spells):
    profile = bench.catalogue.profile
    settings = profile.settings.model_copy(update={"not_applicable": ("closed",)})
    bench.work.catalogue = replace(bench.catalogue, profile=replace(profile, settings=settings))
    of = spells()
    assert survival(of).status == forecast(of).status == plan(of, closings=5).status == "not_applicable"


@pytest.mark.parametrize(("where", "said"), [({"judge": "J1"}, r"not made by \[judge\]: nobody is measured"),
                                             ({"bench": "M1"}, r"not made by \[bench\]"),
                                             ({"famly": "civil"}, r"not chosen by \[famly\]\. Nearest: family")])  # fmt: skip
def test_a_scope_that_there_is_not_is_refused(where, said):
    with pytest.raises(Unknown, match=said):
        scope(None, None, where)


def test_a_day_inside_a_month_is_refused(cases):
    with pytest.raises(PeriodError, match="inside a base period"):
        survival(cases(), "2012-01-15")
