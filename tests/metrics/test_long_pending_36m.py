"""long_pending_36m (长期未结): pending cases registered at least 36 months ago; see long_pending_12m for the rest."""

# The drawings keep their form.
# fmt: off


def test_a_case_is_in_from_the_day_36_months_after_its_registration_until_its_closing(given, expect):
    # a: 36 months old on 2016-06-30; b: closed on that day; c: registered so much later that it is in from the next month on
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2013-06-30    |
        b        | 2013-06-30    | 2016-06-30
        c        | 2013-07-01    |
    """)
    expect("figures", """
        metric           | period  | value
        long_pending_36m | 2016-05 | 0
        long_pending_36m | 2016-06 | 1
        long_pending_36m | 2016-07 | 2
    """)
