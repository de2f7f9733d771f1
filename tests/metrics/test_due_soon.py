"""临近审限: pending, and the lawful limit ends within thirty days."""

from __future__ import annotations


def test_from_thirty_days_before_to_the_last_day(given, expect):
    # due 2016-06-30, a Thursday: 30 days before is 31 May. B: due 2016-06-29, closed on 10 June: soon at the end
    # of May too.
    given(
        "model.cases",
        """
        case_key | registered_on | closed_on | procedure
        A | 2016-03-30 | | simplified
        B | 2016-03-29 | 2016-06-10 | simplified
    """,
    )
    expect(
        "figures",
        """
        metric | period | value
        due_soon | 2016-04 | 0
        due_soon | 2016-05 | 2
        due_soon | 2016-06 | 1
        due_soon | 2016-07 | 0
        due_soon.in_10_days | 2016-05 | 0
        due_soon.in_10_days | 2016-06 | 1
    """,
    )
