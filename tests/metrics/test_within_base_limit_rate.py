"""正常审限内结案率: by the due date without approval, deductions in; closings without a limit are not in."""

from __future__ import annotations

CASES = """
    case_key | registered_on | closed_on | procedure | closing_manner
    A | 2016-01-15 | 2016-04-15 | simplified | judgment
    B | 2016-01-15 | 2016-04-18 | simplified | judgment
    C | 2016-01-15 | 2016-04-18 | simplified | mediation
    D | 2016-01-15 | 2016-04-18 | | judgment
    E | 2016-01-15 | | simplified |
"""
# 2016-01-15 + 3 months = 2016-04-15, a Friday: A just meets it, B misses it, C has 3 days deducted; D has no known limit.


def test_deductions_count_and_closings_without_a_limit_do_not(given, expect):
    given("model.cases", CASES)
    given(
        "model.clock_events",
        """
        case_key | kind | reason | from_on | to_on
        C | deduction | appraisal | 2016-02-01 | 2016-02-03
    """,
    )
    expect(
        "figures",
        """
        metric | period | numerator | denominator
        within_base_limit_rate | 2016-04 | 2 | 3
        closed_without_limit | 2016-04 | 1 |
    """,
    )


def test_by_closing_manner(given, expect):
    given("model.cases", CASES)
    expect(
        "figures",
        """
        metric | period | closing_manner | value
        within_base_limit_rate | 2016-04 | judgment | 0.5000
        within_base_limit_rate | 2016-04 | mediation | 0.0000
    """,
    )


def test_an_extension_does_not_count(given, expect):
    given("model.cases", CASES)
    given(
        "model.clock_events",
        """
        case_key | kind | reason | approved_on | extended_months
        B | extension | president | 2016-04-01 | 1
    """,
    )
    expect(
        "figures",
        """
        metric | period | numerator | denominator
        within_base_limit_rate | 2016-04 | 1 | 3
    """,
    )
