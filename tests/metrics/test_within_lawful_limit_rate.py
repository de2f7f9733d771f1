"""法定审限内结案率: extensions granted before expiry count, later ones do not; the statute's second figure needs no approval."""

from __future__ import annotations

CASES = """
    case_key | counts_as | registered_on | closed_on | procedure
    A | civil_first | 2016-01-15 | 2016-05-16 | simplified
    B | civil_first | 2016-01-15 | 2016-05-16 | simplified
    C | criminal_first | 2016-02-16 | 2016-05-16 | ordinary
    D | criminal_first | 2016-02-15 | 2016-05-17 | ordinary
"""
# A and B: + 3 months = 15 April, a Friday; one month more: 15 May 2016, a Sunday → 16 May. A's extension came on the last
# day, B's a day later. Criminal cases: 3 months without approval: 16 May, a Monday, for C; 15 May → 16 May for D.


def test_extensions_in_time_and_the_second_figure(given, expect):
    given("model.cases", CASES)
    given(
        "model.clock_events",
        """
        case_key | kind | reason | approved_on | extended_months
        A | extension | president | 2016-04-15 | 1
        B | extension | president | 2016-04-16 | 1
    """,
    )
    expect(
        "figures",
        """
        metric | period | family | numerator | denominator
        within_lawful_limit_rate | 2016-05 | civil | 1 | 2
        within_lawful_limit_rate | 2016-05 | criminal | 1 | 2
    """,
    )


def test_a_reopened_case_is_judged_for_each_spell(given, expect):
    given("model.cases", "case_key | registered_on | closed_on | procedure\nA | 2016-01-15 | 2016-07-01 | simplified")
    given(
        "model.case_spells",
        """
        case_key | opened_as | opened_on | closed_on
        A | filed | 2016-01-15 | 2016-02-01
        A | reopened | 2016-03-01 | 2016-07-01
    """,
    )
    expect(
        "figures",
        """
        metric | period | numerator | denominator
        within_lawful_limit_rate | 2016-02 | 1 | 1
        within_lawful_limit_rate | 2016-07 | 0 | 1
    """,
    )
