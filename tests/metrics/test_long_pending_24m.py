"""long_pending_24m (长期未结): pending cases registered at least 24 months ago; see long_pending_12m for the rest."""

# The drawings keep their form.
# fmt: off


def test_a_case_is_in_from_the_day_24_months_after_its_registration_until_its_closing(given, expect):
    # a: 24 months old on 2016-02-28; b: closed on that day; c: registered so much later that it is in from the next month on
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2014-02-28    |
        b        | 2014-02-28    | 2016-02-28
        c        | 2014-03-01    |
    """)
    expect("figures", """
        metric           | period  | value
        long_pending_24m | 2016-01 | 0
        long_pending_24m | 2016-02 | 1
        long_pending_24m | 2016-03 | 2
    """)
