"""pending_end (未结): open at the end of the last day of the period (dictionary M04)."""

# The drawings keep their form.
# fmt: off


def test_a_case_closed_on_the_last_day_is_not_pending_at_its_end(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2016-03-01    | 2016-03-31
        b        | 2016-03-01    | 2016-04-01
        c        | 2016-03-31    |
        d        | 2016-04-01    |
    """)
    expect("figures", """
        metric      | period  | value
        pending_end | 2016-03 | 2
        pending_end | 2016-04 | 2
    """)


def test_a_case_filed_and_closed_within_one_period_was_never_pending_at_its_end(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2016-03-05    | 2016-03-05
        b        | 2016-03-05    | 2016-03-06
    """)
    expect("figures", """
        metric      | period  | value
        pending_end | 2016-03 | 0
        pending_end | 2016-04 | 0
    """)


def test_the_past_is_counted_from_dates_not_from_the_status_of_today(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2016-01-05    | 2016-06-01
    """)
    expect("figures", """
        metric      | period  | value
        pending_end | 2016-01 | 1
        pending_end | 2016-05 | 1
        pending_end | 2016-06 | 0
    """)


def test_the_counting_day_cuts_the_last_month(given, expect):
    # counted at the end of 2016-03-15: c is not registered yet, b not closed yet
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2016-03-01    | 2016-03-15
        b        | 2016-03-01    | 2016-03-16
        c        | 2016-03-16    |
    """)
    expect("figures", """
        metric      | period  | value
        pending_end | 2016-03 | 1
        pending_end | 2016    | 1
    """, counting_day="2016-03-15")


def test_a_case_closed_before_the_data_is_nowhere(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2011-06-01    | 2011-12-31
        b        | 2011-06-01    | 2012-01-31
        c        | 2011-06-01    | 2012-02-01
    """)
    expect("figures", """
        metric      | period  | value
        pending_end | 2012-01 | 1
        pending_end | 2012-02 | 0
    """, data_from="2012-01-01")


def test_a_longer_period_ends_with_its_last_month(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2016-01-10    | 2016-03-31
        b        | 2016-02-10    |
        c        | 2016-04-10    |
    """)
    expect("figures", """
        metric      | period  | value
        pending_end | 2016-Q1 | 1
        pending_end | 2016-H1 | 2
    """)


def test_a_statistical_month_ends_with_the_twentieth(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2016-03-01    | 2016-03-20
        b        | 2016-03-01    | 2016-03-21
        c        | 2016-03-21    |
    """)
    expect("figures", """
        metric      | period  | value
        pending_end | 2016-03 | 1
        pending_end | 2016-04 | 1
    """, calendar="stat20_month")


def test_a_case_without_a_court_is_of_the_court_none(given, expect):
    given("model.cases", """
        case_key | court_code | registered_on
        a        | 浙0683     | 2016-03-01
        b        |            | 2016-03-01
    """)
    expect("figures", """
        metric      | period  | court  | value
        pending_end | 2016-03 | 浙0683 | 1
        pending_end | 2016-03 | none   | 1
    """)
