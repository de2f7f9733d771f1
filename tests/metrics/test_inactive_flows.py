"""placed_inactive, reactivated, pending_inactive: suspensions as the inactive status of the NCSC (dictionary, section 9)."""

# The drawings keep their form.
# fmt: off

import pytest


@pytest.fixture
def docket(given):
    """a: suspended 5 to 14 March, then again 15 to 20 March (touching: one); b: from 10 March on; c: closed while suspended."""
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2016-03-01    | 2016-05-10
        b        | 2016-03-01    |
        c        | 2016-03-01    | 2016-04-15
        d        | 2016-03-01    | 2016-03-20
    """)
    given("model.clock_events", """
        case_key | kind       | reason     | from_on    | to_on
        a        | suspension | suspension | 2016-03-05 | 2016-03-14
        a        | suspension | suspension | 2016-03-15 | 2016-03-20
        b        | suspension | suspension | 2016-03-10 |
        c        | suspension | suspension | 2016-04-01 | 2016-06-30
        d        | suspension | suspension | 2016-03-20 | 2016-03-25
    """)


def test_each_suspension_of_a_pending_case_counts_once_in_and_once_out(docket, expect):
    # In March a and b go in, a comes back on the 21st; in April c goes in, and comes back on the day of its closing.
    # d was suspended on the day it was closed: it was never pending and suspended.
    expect("figures", """
        metric           | period  | value
        placed_inactive  | 2016-03 | 2
        placed_inactive  | 2016-04 | 1
        reactivated      | 2016-03 | 1
        reactivated      | 2016-04 | 1
        reactivated      | 2016-06 | 0
        pending_inactive | 2016-02 | 0
        pending_inactive | 2016-03 | 1
        pending_inactive | 2016-04 | 1
    """)


def test_the_inactive_stock_is_what_went_in_less_what_came_back(docket, expect):
    # end_inactive = begin_inactive + placed inactive - reactivated: 0 + 3 - 2 = 1 (b)
    expect("figures", """
        metric           | period | value
        placed_inactive  | 2016   | 3
        reactivated      | 2016   | 2
        pending_inactive | 2016   | 1
    """)


def test_the_clearance_rate_of_the_ncsc_counts_them(docket, expect):
    # 2016: closed a, c, d = 3, placed inactive 3; filed 4, reopened 0, reactivated 2. 6 / 6; without inactive status 3 / 4.
    expect("figures", """
        metric                                | period | numerator | denominator | value
        clearance_rate_ncsc                   | 2016   | 6         | 6           | 1.0000
        clearance_rate_ncsc.without_inactive  | 2016   | 3         | 4           | 0.7500
    """)
