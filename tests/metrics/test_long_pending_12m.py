"""long_pending_12m (长期未结): pending cases registered at least 12 months ago; nothing is deducted (dictionary M16)."""

# The drawings keep their form.
# fmt: off


def test_a_case_is_in_from_the_day_12_months_after_its_registration_until_its_closing(given, expect):
    # a: 12 months old on 2016-03-31, the last day of the month; b: closed on that day; c: registered a day later
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2015-03-31    |
        b        | 2015-03-31    | 2016-03-31
        c        | 2015-04-01    | 2016-05-02
    """)
    expect("figures", """
        metric           | period  | value
        long_pending_12m | 2016-02 | 0
        long_pending_12m | 2016-03 | 1
        long_pending_12m | 2016-04 | 2
        long_pending_12m | 2016-05 | 1
    """)


def test_a_case_of_29_february_is_12_months_old_on_28_february(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2012-02-29    |
    """)
    expect("figures", """
        metric           | period  | value
        long_pending_12m | 2013-01 | 0
        long_pending_12m | 2013-02 | 1
    """, counting_day="2013-02-28")


def test_a_suspension_takes_nothing_off_and_a_case_opened_again_begins_anew(given, expect):
    given("model.cases", """
        case_key | registered_on
        a        | 2015-01-05
        b        | 2015-01-05
    """)
    given("model.case_spells", """
        case_key | opened_as | opened_on  | closed_on
        a        | filed     | 2015-01-05 |
        b        | filed     | 2015-01-05 | 2015-06-01
        b        | reopened  | 2015-09-01 |
    """)
    given("model.clock_events", """
        case_key | kind       | reason     | from_on    | to_on
        a        | suspension | suspension | 2015-03-01 |
    """)
    expect("figures", """
        metric           | period  | value
        long_pending_12m | 2016-01 | 1
        long_pending_12m | 2016-08 | 1
        long_pending_12m | 2016-09 | 2
    """)


def test_what_is_not_counted_as_a_case_is_not_in_it(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | is_counted
        a        | 民初      | 2014-01-06    | false
        b        | 诉前调    | 2014-01-06    | false
        c        | 执        | 2014-01-06    | true
        d        | 刑初      | 2014-01-06    | true
    """)
    expect("figures", """
        metric           | period  | family      | value
        long_pending_12m | 2016-01 | enforcement | 1
        long_pending_12m | 2016-01 | criminal    | 1
    """, counting_day="2016-01-31")
