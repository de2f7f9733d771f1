"""平均审理天数: from registration to closing, or net of what was deducted; a mean without an interval."""

from __future__ import annotations


def test_days_and_days_net_of_deductions(given, expect):
    # A: 1 to 31 March = 30 days, 10 of them deducted twice over (they count once); B: 20 days. Means 25 and 20.
    given(
        "model.cases",
        """
        case_key | registered_on | closed_on | procedure
        A | 2016-03-01 | 2016-03-31 | simplified
        B | 2016-03-01 | 2016-03-21 | simplified
        C | 2016-03-01 | | simplified
    """,
    )
    given(
        "model.clock_events",
        """
        case_key | kind | reason | from_on | to_on
        A | deduction | appraisal | 2016-03-05 | 2016-03-14
        A | deduction | jurisdiction_objection | 2016-03-06 | 2016-03-10
    """,
    )
    expect(
        "figures",
        """
        metric | period | value | numerator | denominator
        mean_days_closed | 2016-03 | 25.0000 | 50 | 2
        mean_days_closed.net | 2016-03 | 20.0000 | 40 | 2
    """,
    )


def test_without_a_closing_there_is_no_mean(given, expect):
    given("model.cases", "case_key | registered_on\nA | 2016-03-01")
    expect(
        "figures",
        """
        metric | period | value | reason
        mean_days_closed | 2016-03 | | no_cases
    """,
    )
