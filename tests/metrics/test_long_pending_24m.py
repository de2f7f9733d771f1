"""长期未结: pending for 24 months at the end of the day; nothing is deducted."""

from __future__ import annotations


def test_from_the_day_on_which_24_months_are_over(given, expect):
    # 2014-03-31 + 24 months = the last day of 2016-03
    given(
        "model.cases",
        """
        case_key | registered_on | closed_on
        A | 2014-03-31 |
        B | 2014-03-31 | 2016-03-15
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
        long_pending_24m | 2016-02 | 0
        long_pending_24m | 2016-03 | 1
    """,
        counting_day="2016-12-31",
    )
