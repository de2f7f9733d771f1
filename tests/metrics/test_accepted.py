"""accepted_r1, accepted_r2: the two readings of 受理 (dictionary, section 1), and the closing rate with reopened cases in the load."""

# The drawings keep their form.
# fmt: off


def test_one_counts_the_stock_in_and_the_other_does_not(given, expect):
    # 旧存 2 (a, b), 新收 2 (c, d): 受理 is 4 or 2.
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2015-03-01    | 2016-02-01
        b        | 2015-03-01    |
        c        | 2016-01-01    | 2016-02-10
        d        | 2016-03-01    |
    """)
    expect("figures", """
        metric      | period | value
        accepted_r1 | 2016   | 4
        accepted_r2 | 2016   | 2
    """, data_from="2015-01-01")


def test_the_stock_reading_may_not_be_summed(given, expect):
    # January 1 + 2 = 3 (旧存 1, 新收 2), February 2 + 1 = 3; both months together 1 + 3 = 4, not 6 (dictionary, D1.3).
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2015-12-01    | 2016-01-20
        b        | 2016-01-10    |
        c        | 2016-01-11    |
        d        | 2016-02-01    |
    """)
    expect("figures", """
        metric      | period  | value
        accepted_r1 | 2016-01 | 3
        accepted_r1 | 2016-02 | 3
        accepted_r1 | 2016-Q1 | 4
    """, data_from="2015-01-01")


def test_a_reopened_case_is_in_the_load_of_the_variant_alone(given, expect):
    # 2016: O 1, F 1, R 1, C 2: 2 / 2 and 2 / 3.
    given("model.case_spells", """
        case_key | opened_as | opened_on  | closed_on
        a        | filed     | 2015-03-01 | 2016-02-01
        b        | filed     | 2015-01-01 | 2015-06-01
        b        | reopened  | 2016-03-01 |
        c        | filed     | 2016-03-01 | 2016-04-01
    """)
    given("model.cases", """
        case_key | registered_on
        a        | 2015-03-01
        b        | 2015-01-01
        c        | 2016-03-01
    """)
    expect("figures", """
        metric                        | period | numerator | denominator
        closing_rate_cn               | 2016   | 2         | 2
        closing_rate_cn.with_reopened | 2016   | 2         | 3
    """, data_from="2015-01-01")
