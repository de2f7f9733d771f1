"""超12个月未结案件与旧存加新收之比: the other reading of M17."""

from __future__ import annotations


def test_the_load_is_the_opening_stock_and_the_filings(given, expect):
    # pending before March 2016: A, B; filed in March: C, D; one of four has been pending for a year at the end of March
    given(
        "model.cases",
        """
        case_key | registered_on | closed_on
        A | 2015-03-01 |
        B | 2016-02-01 | 2016-03-05
        C | 2016-03-01 |
        D | 2016-03-02 |
    """,
    )
    expect(
        "figures",
        """
        metric | period | value
        long_pending_of_load_12m | 2016-03 | 0.2500
    """,
    )
