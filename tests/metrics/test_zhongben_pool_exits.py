"""zhongben_pool_exits: what left the 终本 pool, and how (dictionary M30, section 6)."""

# The drawings keep their form.
# fmt: off


def test_each_exit_counts_on_its_day_by_what_happened(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2016-01-04    | 2016-02-10 | zhongben       |
        b        | 执        | 2016-01-04    | 2016-02-10 | zhongben       |
        c        | 执        | 2016-01-04    | 2016-02-10 | zhongben       |
        d        | 执        | 2016-01-04    | 2016-02-10 | zhongben       |
        e        | 执        | 2016-01-04    | 2016-02-10 | zhongben       |
        r        | 执恢      | 2016-03-31    |            |                | a
    """)
    given("model.enforcement_results", """
        case_key | result_on  | outcome
        b        | 2016-03-01 | satisfied
        c        | 2016-03-01 | terminated
        d        | 2016-04-01 | to_bankruptcy
    """)
    expect("figures", """
        metric              | period  | part          | value
        zhongben_pool_exits | 2016-03 | resumed       | 1
        zhongben_pool_exits | 2016-03 | satisfied     | 1
        zhongben_pool_exits | 2016-03 | terminated    | 1
        zhongben_pool_exits | 2016-04 | to_bankruptcy | 1
    """)


def test_the_parts_of_other_metrics_are_none_of_its_own(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2016-01-04    | 2016-02-10 | zhongben       |
        r        | 执恢      | 2016-03-31    |            |                | a
    """)
    expect("figures", """
        metric              | period  | part    | value
        zhongben_pool_exits | 2016-03 | resumed | 1
        enforcement_backlog | 2016-02 | pending | 0
        enforcement_backlog | 2016-02 | pool    | 1
        enforcement_backlog | 2016-03 | pending | 1
        enforcement_backlog | 2016-03 | pool    | 0
    """)


def test_what_happens_to_a_chain_outside_the_pool_is_no_exit(given, expect):
    # a was enforced; b's result came before its closing; c left once
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2016-01-04    | 2016-02-10 | fully_enforced |
        r        | 执恢      | 2016-03-31    |            |                | a
        b        | 执        | 2016-01-04    | 2016-02-10 | zhongben       |
        c        | 执        | 2016-01-04    | 2016-02-10 | zhongben       |
    """)
    given("model.enforcement_results", """
        case_key | result_on  | outcome
        b        | 2016-02-09 | satisfied
        c        | 2016-03-01 | satisfied
        c        | 2016-03-02 | terminated
    """)
    expect("figures", """
        metric              | period | value
        zhongben_pool_exits | 2016   | 1
        zhongben_pool       | 2016   | 1
    """)
