"""long_pending_share_12m (超12个月未结案件比): of all pending cases, those registered 12 months ago or earlier (M17)."""

# The drawings keep their form.
# fmt: off

CASES = """
    case_key | registered_on | closed_on
    a        | 2015-01-05    |
    b        | 2015-02-01    |
    c        | 2015-08-03    |
    d        | 2016-01-04    |
    e        | 2014-01-06    | 2015-12-30
"""


def test_pending_for_12_months_over_pending(given, expect):
    # end of January 2016: of a, b, c, d one (a) is 12 months old; in February b too; e is closed
    given("model.cases", CASES)
    expect("figures", """
        metric                 | period  | numerator | denominator | value
        long_pending_share_12m | 2016-01 | 1         | 4           | 0.2500
        long_pending_share_12m | 2016-02 | 2         | 4           | 0.5000
    """, counting_day="2016-02-29")


def test_where_nothing_is_pending_there_is_no_share(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2015-01-05    | 2015-01-30
    """)
    expect("figures", """
        metric                 | period  | value | reason
        long_pending_share_12m | 2016-01 |       | no_cases
    """, counting_day="2016-01-31")
