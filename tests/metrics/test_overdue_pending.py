"""超审限未结: past the lawful limit at the end of the day, not suspended, under the law that governs then."""

from __future__ import annotations


def test_from_the_day_after_the_limit_until_the_closing(given, expect):
    # 2016-01-29 + 3 months = 29 April, a Friday; 2016-01-30 → 30 April, a Saturday of the Labour Day holiday → 3 May
    given(
        "model.cases",
        """
        case_key | registered_on | closed_on | procedure
        A | 2016-01-29 | 2016-06-01 | simplified
        B | 2016-01-30 | | simplified
    """,
    )
    expect(
        "figures",
        """
        metric | period | value
        overdue_pending | 2016-03 | 0
        overdue_pending | 2016-04 | 1
        overdue_pending | 2016-05 | 2
        overdue_pending | 2016-06 | 1
    """,
    )


def test_a_suspended_case_is_not_over(given, expect):
    # due 15 April; suspended from 20 April to 10 May, and again since 20 June: over in May (from 11 May on) and not in June
    given("model.cases", "case_key | registered_on | procedure\nA | 2016-01-15 | simplified")
    given(
        "model.clock_events",
        """
        case_key | kind | reason | from_on | to_on
        A | suspension | suspension | 2016-04-20 | 2016-05-10
        A | suspension | suspension | 2016-06-20 |
    """,
    )
    expect(
        "figures",
        """
        metric | period | value
        overdue_pending | 2016-04 | 0
        overdue_pending | 2016-05 | 1
        overdue_pending | 2016-06 | 0
    """,
    )


def test_a_new_law_takes_it_out_again(given, expect):
    # criminal, 2012-11-01: over after 1.5 months (16 December 2012, a Sunday → 17) until 2013-01-01, when three months hold: 1 February
    given("model.cases", "case_key | counts_as | registered_on | procedure\nA | criminal_first | 2012-11-01 | ordinary")
    expect(
        "figures",
        """
        metric | period | value
        overdue_pending | 2012-12 | 1
        overdue_pending | 2013-01 | 0
        overdue_pending | 2013-02 | 1
    """,
    )
