"""long_pending_of_load_12m: of what was pending at the start and newly filed, what is pending for 12 months at the end (M17)."""

# The drawings keep their form.
# fmt: off


def test_pending_for_12_months_over_pending_at_the_start_and_filed(given, expect):
    # 2016: a, b, c pending at the start, d and e filed; at the end a and c are 12 months old, b is closed
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2014-01-06    |
        b        | 2015-02-02    | 2016-05-09
        c        | 2015-12-31    |
        d        | 2016-01-04    |
        e        | 2016-03-01    | 2016-03-02
    """)
    expect("figures", """
        metric                   | period | numerator | denominator | value
        long_pending_of_load_12m | 2016   | 2         | 5           | 0.4000
    """)
