"""zhongben_pool_age: the 终本 pool by days since the closing; upper ends inclusive, the parts add up to the pool."""

# The drawings keep their form.
# fmt: off


def test_the_upper_end_of_each_band_is_in_it(given, expect):
    # Counted on 2016-12-31. 180 days before it is 2016-07-04, 365 is 2016-01-01, 1095 is 2014-01-01 (2016 is a leap year:
    # 2014-01-01 to 2016-12-31 is 365 + 365 + 365), 1825 is 2012-01-02 (1095 + 365 + 365 from 2012-01-02: 2012 is one too).
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner
        a        | 执        | 2011-01-04    | 2016-12-31 | zhongben
        b        | 执        | 2011-01-04    | 2016-07-04 | zhongben
        c        | 执        | 2011-01-04    | 2016-07-03 | zhongben
        d        | 执        | 2011-01-04    | 2016-01-01 | zhongben
        e        | 执        | 2011-01-04    | 2015-12-31 | zhongben
        f        | 执        | 2011-01-04    | 2014-01-01 | zhongben
        g        | 执        | 2011-01-04    | 2013-12-31 | zhongben
        h        | 执        | 2011-01-04    | 2012-01-02 | zhongben
        i        | 执        | 2011-01-04    | 2012-01-01 | zhongben
    """)
    expect("figures", """
        metric            | period  | part      | value
        zhongben_pool_age | 2016-12 | 0-180     | 2
        zhongben_pool_age | 2016-12 | 181-365   | 2
        zhongben_pool_age | 2016-12 | 366-1095  | 2
        zhongben_pool_age | 2016-12 | 1096-1825 | 2
        zhongben_pool_age | 2016-12 | over-1825 | 1
    """)


def test_a_chain_grows_older_leaves_and_begins_anew_after_the_next_closing(given, expect):
    # a: 2016-01-31 is day 0, 2016-07-29 day 180, 2016-07-30 day 181; it leaves on 2016-08-15
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2015-01-04    | 2016-01-31 | zhongben       |
        b        | 执恢      | 2016-08-15    | 2016-10-10 | zhongben       | a
    """)
    expect("figures", """
        metric            | period  | part    | value
        zhongben_pool_age | 2016-01 | 0-180   | 1
        zhongben_pool_age | 2016-06 | 0-180   | 1
        zhongben_pool_age | 2016-07 | 181-365 | 1
        zhongben_pool_age | 2016-08 | 0-180   | 0
        zhongben_pool_age | 2016-08 | 181-365 | 0
        zhongben_pool_age | 2016-10 | 0-180   | 1
    """)
