"""超12个月未结案件比: of the cases pending at the end."""

from __future__ import annotations


def test_the_share_of_the_pending(given, expect):
    given(
        "model.cases",
        """
        case_key | registered_on | closed_on
        A | 2015-03-01 |
        B | 2016-02-01 |
        C | 2016-02-01 |
        D | 2016-03-01 |
        E | 2016-02-01 | 2016-03-10
    """,
    )
    # at the end of March 2016 four are pending, one of them for a year; pending before March A, B, C, E, filed in March D: 5
    expect(
        "figures",
        """
        metric | period | value
        long_pending_share_12m | 2016-03 | 0.2500
        long_pending_of_load_12m | 2016-03 | 0.2000
    """,
    )
