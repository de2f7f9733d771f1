"""长期未结: pending for 18 months at the end of the day; nothing is deducted."""

from __future__ import annotations


def test_from_the_day_on_which_18_months_are_over(given, expect):
    # 2015-03-31 + 18 months = the last day of 2016-09
    given(
        "model.cases",
        """
        case_key | registered_on | closed_on
        A | 2015-03-31 |
        B | 2015-03-31 | 2016-09-15
        C | 2016-04-01 |
    """,
    )
    given(
        "model.clock_events",
        """
        case_key | kind | reason | from_on | to_on
        A | suspension | suspension | 2015-05-01 | 2015-12-31
    """,
    )
    expect(
        "figures",
        """
        metric | period | value
        long_pending_18m | 2016-08 | 0
        long_pending_18m | 2016-09 | 1
    """,
        counting_day="2016-12-31",
    )
