"""mean_days_closed (平均审理天数): days from registration to closing, over closings; net: without days stopped (M20)."""

# The drawings keep their form.
# fmt: off


def test_days_from_registration_to_closing_over_closings(given, expect):
    # 10 and 0 days in January; 21 in February, registered the month before; d is pending
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2016-01-04    | 2016-01-14
        b        | 2016-01-05    | 2016-01-05
        c        | 2016-01-11    | 2016-02-01
        d        | 2016-01-11    |
    """)
    expect("figures", """
        metric           | period  | numerator | denominator | value
        mean_days_closed | 2016-01 | 10        | 2           | 5.0000
        mean_days_closed | 2016-02 | 21        | 1           | 21.0000
    """)


def test_net_takes_off_the_days_on_which_the_clock_stood_still(given, expect):
    # a: 31 days, of them 6–15 and 12–20 January stopped: 15 days. b: its notice has no end and runs to the closing, 10 of
    # 20 days. c: a deduction from before it was registered counts from the day after, 3 days. d: nothing stopped it
    given("model.cases", """
        case_key | type_code | procedure | registered_on | closed_on
        a        | 民初      | ordinary  | 2016-01-04    | 2016-02-04
        b        | 民初      | ordinary  | 2016-01-04    | 2016-01-24
        c        | 民初      | ordinary  | 2016-01-04    | 2016-01-14
        d        | 民初      | ordinary  | 2016-01-04    | 2016-01-06
    """)
    given("model.clock_events", """
        case_key | kind       | reason        | from_on    | to_on
        a        | deduction  | appraisal     | 2016-01-06 | 2016-01-15
        a        | suspension | suspension    | 2016-01-12 | 2016-01-20
        b        | deduction  | public_notice | 2016-01-15 |
        c        | deduction  | appraisal     | 2016-01-01 | 2016-01-07
    """)
    expect("figures", """
        metric               | period  | numerator | denominator
        mean_days_closed     | 2016-01 | 32        | 3
        mean_days_closed.net | 2016-01 | 19        | 3
        mean_days_closed     | 2016-02 | 31        | 1
        mean_days_closed.net | 2016-02 | 16        | 1
    """)


def test_a_case_opened_again_counts_twice_from_its_opening(given, expect):
    given("model.cases", """
        case_key | registered_on | reopened_on | closed_on
        a        | 2016-01-04    | 2016-03-01  | 2016-03-11
    """)
    given("model.case_spells", """
        case_key | opened_as | opened_on  | closed_on
        a        | filed     | 2016-01-04 | 2016-01-09
        a        | reopened  | 2016-03-01 | 2016-03-11
    """)
    expect("figures", """
        metric           | period | numerator | denominator
        mean_days_closed | 2016   | 15        | 2
    """)
