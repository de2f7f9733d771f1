"""zhongben_recheck_due: no property inquiry for six months, within five years of the 终本 (终本规定 art. 9)."""

# The drawings keep their form.
# fmt: off


def test_due_on_the_day_after_six_months_without_an_inquiry(given, expect):
    # a: six months end on 2016-07-31 (the day itself is not more than six months ago); b: on 2016-07-30
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner
        a        | 执        | 2015-01-04    | 2016-01-31 | zhongben
        b        | 执        | 2015-01-04    | 2016-01-30 | zhongben
    """)
    expect("figures", """
        metric               | period  | value
        zhongben_recheck_due | 2016-06 | 0
        zhongben_recheck_due | 2016-07 | 1
        zhongben_recheck_due | 2016-08 | 2
    """)


def test_an_inquiry_of_any_case_of_the_chain_begins_six_months_anew_and_other_results_do_not(given, expect):
    # a is inquired of on 2016-08-20, so due from 2017-02-21; b only before its closing; c was paid something
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        z        | 执        | 2015-01-04    | 2015-06-01 | zhongben       |
        a        | 执恢      | 2015-12-01    | 2016-01-31 | zhongben       | z
        b        | 执        | 2015-01-04    | 2016-01-31 | zhongben       |
        c        | 执        | 2015-01-04    | 2016-01-31 | zhongben       |
    """)
    given("model.enforcement_results", """
        case_key | result_on  | outcome
        z        | 2016-08-20 | property_inquiry
        b        | 2016-01-30 | property_inquiry
        c        | 2016-07-01 | voluntary
    """)
    expect("figures", """
        metric               | period  | value
        zhongben_recheck_due | 2015-11 | 0
        zhongben_recheck_due | 2016-07 | 0
        zhongben_recheck_due | 2016-08 | 2
        zhongben_recheck_due | 2017-01 | 2
        zhongben_recheck_due | 2017-02 | 3
    """, counting_day="2017-02-28")


def test_not_once_the_chain_has_left_nor_after_five_years(given, expect):
    # a leaves while due; b is past five years on 2017-02-01: its last day is 2017-01-31
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2015-01-04    | 2016-01-04 | zhongben       |
        r        | 执恢      | 2016-08-01    |            |                | a
        b        | 执        | 2011-01-04    | 2012-01-31 | zhongben       |
    """)
    expect("figures", """
        metric               | period  | value
        zhongben_recheck_due | 2016-07 | 2
        zhongben_recheck_due | 2016-08 | 1
        zhongben_recheck_due | 2017-01 | 1
        zhongben_recheck_due | 2017-02 | 0
    """, counting_day="2017-02-28")


def test_an_inquiry_shortly_before_five_years_leaves_nothing_due(given, expect):
    # 2012-01-31 + 5 years is 2017-01-31; the inquiry of 2016-10-01 would make the next one due on 2017-04-02
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner
        b        | 执        | 2011-01-04    | 2012-01-31 | zhongben
    """)
    given("model.enforcement_results", """
        case_key | result_on  | outcome
        b        | 2016-10-01 | property_inquiry
    """)
    expect("figures", """
        metric               | period  | value
        zhongben_recheck_due | 2016-09 | 1
        zhongben_recheck_due | 2016-10 | 0
        zhongben_recheck_due | 2017-05 | 0
    """, counting_day="2017-05-31")
