"""pending_start (旧存): registered before the first day of the period and not closed before it (dictionary M03)."""

# The drawings keep their form.
# fmt: off


def test_a_case_closed_on_the_first_day_was_pending_when_it_began(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2016-02-01    | 2016-02-29
        b        | 2016-02-01    | 2016-03-01
        c        | 2016-02-01    |
    """)
    expect("figures", """
        metric        | period  | value
        pending_start | 2016-03 | 2
        pending_start | 2016-04 | 1
    """)


def test_a_case_registered_on_the_first_day_is_new_and_one_of_the_day_before_is_stock(given, expect):
    given("model.cases", """
        case_key | registered_on
        a        | 2016-02-29
        b        | 2016-03-01
    """)
    expect("figures", """
        metric        | period  | value
        pending_start | 2016-03 | 1
        pending_start | 2016-04 | 2
    """)


def test_the_data_open_with_the_stock_of_the_years_before(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2008-05-06    |
        b        | 2011-12-31    | 2012-01-01
        c        | 2011-12-31    | 2011-12-31
        d        | 2012-01-01    |
    """)
    expect("figures", """
        metric        | period  | value
        pending_start | 2012-01 | 2
        pending_start | 2012    | 2
    """, data_from="2012-01-01")


def test_a_longer_period_opens_with_its_first_month_and_stocks_are_never_summed(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2015-12-01    | 2016-02-10
        b        | 2016-01-10    |
        c        | 2016-02-10    |
    """)
    expect("figures", """
        metric        | period           | value
        pending_start | 2016-01          | 1
        pending_start | 2016-02          | 2
        pending_start | 2016-03          | 2
        pending_start | 2016-Q1          | 1
        pending_start | 2016             | 1
        pending_start | 2016-02..2016-03 | 2
    """)


def test_each_month_opens_with_what_the_month_before_closed_with(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2016-01-31    | 2016-02-29
        b        | 2016-02-29    | 2016-03-31
        c        | 2016-03-31    |
    """)
    expect("figures", """
        metric        | period  | value
        pending_end   | 2016-01 | 1
        pending_start | 2016-02 | 1
        pending_end   | 2016-02 | 1
        pending_start | 2016-03 | 1
        pending_end   | 2016-03 | 1
        pending_start | 2016-04 | 1
    """)


def test_a_statistical_month_opens_on_the_twenty_first(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2016-02-20    |
        b        | 2016-02-21    |
        c        | 2016-01-04    | 2016-02-20
        d        | 2016-01-04    | 2016-02-21
    """)
    expect("figures", """
        metric        | period  | value
        pending_start | 2016-03 | 2
    """, calendar="stat20_month")


def test_the_stock_is_kept_by_dimension(given, expect):
    given("model.cases", """
        case_key | registered_on | type_code | judge_code
        a        | 2016-01-04    | 民初      | J01
        b        | 2016-01-04    | 民初      |
        c        | 2016-01-04    | 刑初      | J01
    """)
    expect("figures", """
        metric        | period  | family   | judge | value
        pending_start | 2016-02 | civil    | J01   | 1
        pending_start | 2016-02 | civil    | none  | 1
        pending_start | 2016-02 | criminal | J01   | 1
    """)
