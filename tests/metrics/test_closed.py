"""closed (结案): closings in the period of the closing day, whatever the year of filing (dictionary M02, D1.6)."""

# The drawings keep their form.
# fmt: off


def test_a_case_closed_on_the_last_day_of_a_month_is_closed_in_it(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2016-03-02    | 2016-03-31
        b        | 2016-03-02    | 2016-04-01
    """)
    expect("figures", """
        metric | period  | value
        closed | 2016-03 | 1
        closed | 2016-04 | 1
    """)


def test_a_closing_of_the_opening_stock_counts(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2009-05-04    | 2012-01-01
        b        | 2011-12-31    | 2012-01-05
    """)
    expect("figures", """
        metric | period  | value
        filed  | 2012-01 | 0
        closed | 2012-01 | 2
    """, data_from="2012-01-01")


def test_closings_before_the_data_or_after_the_counting_day_do_not_count(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2011-11-01    | 2011-12-31
        b        | 2012-01-02    | 2012-01-15
        c        | 2012-01-02    | 2012-01-16
    """)
    expect("figures", """
        metric | period  | value
        closed | 2012-01 | 1
        closed | 2012    | 1
    """, data_from="2012-01-01", counting_day="2012-01-15")


def test_the_twentieth_is_the_last_day_of_a_statistical_month(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2016-03-02    | 2016-03-20
        b        | 2016-03-02    | 2016-03-21
    """)
    expect("figures", """
        metric | period  | value
        closed | 2016-03 | 1
        closed | 2016-04 | 1
    """, calendar="stat20_month")


def test_a_termination_of_the_enforcement_round_is_a_closing(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner
        a        | 执        | 2016-01-04    | 2016-06-30 | zhongben
        b        | 执        | 2016-01-04    | 2016-06-30 | fully_enforced
        c        | 民初      | 2016-01-04    | 2016-06-30 |
    """)
    expect("figures", """
        metric | period  | closing_manner | value
        closed | 2016-06 | zhongben       | 1
        closed | 2016-06 | fully_enforced | 1
        closed | 2016-06 | none           | 1
    """)


def test_a_void_case_is_not_closed(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on  | is_void | is_counted
        a        | 2016-03-02    | 2016-03-05 | true    | false
    """)
    expect("figures", """
        metric | period  | value
        closed | 2016-03 | 0
    """)


def test_a_case_that_was_reopened_closes_twice_each_time_in_its_own_manner(given, expect):
    given("model.deliveries", """
        delivery_no | extract_on | world_rank
        1           | 2016-01-31 | 1
        2           | 2016-03-31 | 2
    """)
    given("model.case_history", """
        case_key | delivery_no | registered_on | closed_on  | closing_manner | reopened_on
        a        | 1           | 2016-01-05    | 2016-01-20 | withdrawal     |
        a        | 2           | 2016-01-05    | 2016-03-07 | judgment       | 2016-02-10
    """)
    expect("figures", """
        metric | period  | closing_manner | value
        closed | 2016-01 | withdrawal     | 1
        closed | 2016-03 | judgment       | 1
    """)
