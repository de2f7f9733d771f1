"""enforcement_backlog (执行积案): pending 首次执行 and 执恢 plus the 终本 pool (dictionary M31, section 6)."""

# The drawings keep their form.
# fmt: off


def test_the_backlog_is_what_is_pending_plus_what_is_in_the_pool(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner
        a        | 执        | 2016-01-04    |            |
        b        | 执        | 2016-01-04    | 2016-02-10 | zhongben
        c        | 执        | 2016-01-04    | 2016-02-10 | fully_enforced
    """)
    expect("figures", """
        metric                      | period  | value
        enforcement_backlog         | 2016-01 | 3
        enforcement_backlog.pending | 2016-01 | 3
        enforcement_backlog.pool    | 2016-01 | 0
        enforcement_backlog         | 2016-02 | 2
        enforcement_backlog.pending | 2016-02 | 1
        enforcement_backlog.pool    | 2016-02 | 1
    """)


def test_a_resumption_moves_a_chain_from_the_pool_to_the_pending(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2016-01-04    | 2016-02-10 | zhongben       |
        b        | 执恢      | 2016-03-10    | 2016-04-10 | zhongben       | a
        c        | 执恢      | 2016-05-10    | 2016-06-10 | fully_enforced | b
    """)
    expect("figures", """
        metric                      | period  | value
        enforcement_backlog.pending | 2016-01 | 1
        enforcement_backlog.pool    | 2016-02 | 1
        enforcement_backlog.pending | 2016-03 | 1
        enforcement_backlog.pool    | 2016-03 | 0
        enforcement_backlog         | 2016-04 | 1
        enforcement_backlog.pool    | 2016-04 | 1
        enforcement_backlog         | 2016-05 | 1
        enforcement_backlog         | 2016-06 | 0
    """)


def test_preservation_and_review_are_not_in_it(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on
        a        | 执        | 2016-01-04
        b        | 执恢      | 2016-01-04
        c        | 执保      | 2016-01-04
        d        | 执异      | 2016-01-04
        e        | 执复      | 2016-01-04
        f        | 执监      | 2016-01-04
        g        | 民初      | 2016-01-04
    """)
    expect("figures", """
        metric              | period  | case_type | value
        enforcement_backlog | 2016-01 | 执        | 1
        enforcement_backlog | 2016-01 | 执恢      | 1
    """)


def test_the_backlog_opens_with_the_pending_of_the_years_before_but_without_their_pool(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner
        a        | 执        | 2010-01-04    |            |
        b        | 执        | 2010-01-04    | 2011-12-31 | zhongben
        c        | 执        | 2010-01-04    | 2012-01-01 | zhongben
    """)
    expect("figures", """
        metric                      | period  | value
        enforcement_backlog         | 2012-01 | 2
        enforcement_backlog.pending | 2012-01 | 1
        enforcement_backlog.pool    | 2012-01 | 1
    """, data_from="2012-01-01")


def test_the_pool_of_the_backlog_is_the_pool(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2016-01-04    | 2016-01-29 | zhongben       |
        b        | 执        | 2016-01-04    | 2016-02-26 | zhongben       |
        c        | 执恢      | 2016-02-26    | 2016-02-26 | zhongben       | a
        d        | 执恢      | 2016-03-01    |            |                | b
    """)
    expect("figures", """
        metric                   | period  | value
        enforcement_backlog.pool | 2016-01 | 1
        zhongben_pool            | 2016-01 | 1
        enforcement_backlog.pool | 2016-02 | 2
        zhongben_pool            | 2016-02 | 2
        enforcement_backlog.pool | 2016-03 | 1
        zhongben_pool            | 2016-03 | 1
    """)


def test_it_is_counted_at_the_twentieth_by_the_statistical_calendar(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner
        a        | 执        | 2016-03-21    |            |
        b        | 执        | 2016-01-04    | 2016-03-20 | fully_enforced
        c        | 执        | 2016-01-04    | 2016-03-21 | fully_enforced
    """)
    expect("figures", """
        metric              | period  | value
        enforcement_backlog | 2016-03 | 1
        enforcement_backlog | 2016-04 | 1
    """, calendar="stat20_month")
