"""zhongben_pool (终本库): chains of enforcement cases closed by 终本 and not resumed since (dictionary M30, section 6)."""

# The drawings keep their form.
# fmt: off


def test_a_chain_enters_with_the_closing_and_leaves_with_the_registration_of_the_resumption(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2016-01-04    | 2016-02-29 | zhongben       |
        b        | 执恢      | 2016-04-01    |            |                | a
    """)
    expect("figures", """
        metric        | period  | value
        zhongben_pool | 2016-01 | 0
        zhongben_pool | 2016-02 | 1
        zhongben_pool | 2016-03 | 1
        zhongben_pool | 2016-04 | 0
        zhongben_pool | 2016-Q1 | 1
    """)


def test_a_chain_resumed_twice_is_in_the_pool_once_at_a_time(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2015-11-02    | 2016-01-10 | zhongben       |
        b        | 执恢      | 2016-02-10    | 2016-03-10 | zhongben       | a
        c        | 执恢      | 2016-04-10    | 2016-05-10 | zhongben       | b
    """)
    expect("figures", """
        metric        | period  | value
        zhongben_pool | 2016-01 | 1
        zhongben_pool | 2016-02 | 0
        zhongben_pool | 2016-03 | 1
        zhongben_pool | 2016-04 | 0
        zhongben_pool | 2016-05 | 1
        zhongben_pool | 2016-06 | 1
    """)


def test_a_resumption_that_names_the_first_case_again_takes_the_whole_chain_out(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2015-11-02    | 2016-01-10 | zhongben       |
        b        | 执恢      | 2016-02-10    | 2016-03-10 | zhongben       | a
        c        | 执恢      | 2016-04-10    |            |                | a
    """)
    expect("figures", """
        metric        | period  | value
        zhongben_pool | 2016-03 | 1
        zhongben_pool | 2016-04 | 0
    """)


def test_a_chain_closed_and_resumed_on_one_day_does_not_stay(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2016-01-04    | 2016-02-10 | zhongben       |
        b        | 执恢      | 2016-02-10    |            |                | a
    """)
    expect("figures", """
        metric        | period  | value
        zhongben_pool | 2016-02 | 0
        zhongben_pool | 2016-03 | 0
    """)


def test_a_resumption_registered_and_closed_again_on_one_day_goes_out_and_in(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2016-01-04    | 2016-01-29 | zhongben       |
        b        | 执恢      | 2016-02-10    | 2016-02-10 | zhongben       | a
    """)
    expect("figures", """
        metric        | period  | value
        zhongben_pool | 2016-01 | 1
        zhongben_pool | 2016-02 | 1
        zhongben_pool | 2016-03 | 1
    """)


def test_a_resumption_whose_origin_is_not_in_the_data_takes_nobody_out_and_enters_for_itself(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2016-01-04    | 2016-01-29 | zhongben       |
        b        | 执恢      | 2016-02-10    | 2016-03-10 | zhongben       | lost
    """)
    expect("figures", """
        metric        | period  | value
        zhongben_pool | 2016-02 | 1
        zhongben_pool | 2016-03 | 2
    """)


def test_in_a_circle_of_origins_each_case_stands_for_itself(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执恢      | 2016-01-04    | 2016-01-28 | zhongben       | b
        b        | 执恢      | 2016-01-05    | 2016-01-29 | zhongben       | a
    """)
    expect("figures", """
        metric        | period  | value
        zhongben_pool | 2016-01 | 2
    """)


def test_two_claims_from_one_judgment_are_two_chains(given, expect):
    # 原案号 of a first enforcement may name the judgment: it resumes nothing
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        j        | 民初      | 2015-03-02    | 2015-09-01 | judgment       |
        a        | 执        | 2016-01-04    | 2016-02-10 | zhongben       | j
        b        | 执        | 2016-01-05    | 2016-02-11 | zhongben       | j
        c        | 执恢      | 2016-03-01    |            |                | a
    """)
    expect("figures", """
        metric        | period  | value
        zhongben_pool | 2016-02 | 2
        zhongben_pool | 2016-03 | 1
    """)


def test_what_entered_before_the_data_is_not_in_and_its_resumption_takes_nothing_out(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2011-01-04    | 2011-12-31 | zhongben       |
        b        | 执        | 2011-01-04    | 2012-01-01 | zhongben       |
        c        | 执恢      | 2012-02-01    |            |                | a
    """)
    expect("figures", """
        metric        | period  | value
        zhongben_pool | 2012-01 | 1
        zhongben_pool | 2012-02 | 1
    """, data_from="2012-01-01")


def test_only_this_closing_counts_and_only_of_cases_that_count(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner         | is_counted
        a        | 执        | 2016-01-04    | 2016-02-10 | zhongben               | true
        b        | 执        | 2016-01-04    | 2016-02-10 | fully_enforced         | true
        c        | 执        | 2016-01-04    | 2016-02-10 | enforcement_terminated | true
        d        | 执        | 2016-01-04    | 2016-02-10 | zhongben               | false
        e        | 执        | 2016-01-04    |            |                        | true
    """)
    expect("figures", """
        metric        | period  | value
        zhongben_pool | 2016-02 | 1
    """)


def test_a_chain_is_counted_where_the_case_that_closed_last_was(given, expect):
    given("model.cases", """
        case_key | type_code | bench_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 执行一庭   | 2016-01-04    | 2016-01-29 | zhongben       |
        b        | 执恢      |            | 2016-02-10    | 2016-03-10 | zhongben       | a
    """)
    expect("figures", """
        metric        | period  | bench    | value
        zhongben_pool | 2016-01 | 执行一庭 | 1
        zhongben_pool | 2016-03 | none     | 1
    """)


def test_after_the_counting_day_nothing_enters_or_leaves(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2016-01-04    | 2016-02-10 | zhongben       |
        b        | 执        | 2016-01-04    | 2016-03-16 | zhongben       |
        c        | 执恢      | 2016-03-16    |            |                | a
    """)
    expect("figures", """
        metric        | period  | value
        zhongben_pool | 2016-03 | 1
    """, counting_day="2016-03-15")
