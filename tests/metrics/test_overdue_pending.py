"""overdue_pending (超审限未结): pending cases past their lawful limit and not suspended (dictionary M15, section 4.4)."""

# The drawings keep their form.
# fmt: off


def test_from_the_day_after_the_last_day_until_the_closing(given, expect):
    # a: due on the last day of March; b: a day before; c: closed on the last day of April; d: no limit is known
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2016-01-04    |
        b        | 2016-01-04    |
        c        | 2016-01-04    | 2016-04-30
        d        | 2016-01-04    |
    """)
    given("model.case_clocks", """
        case_key | opened_on  | closed_on  | governs_from | lawful_due_on
        a        | 2016-01-04 |            | 2016-01-04   | 2016-03-31
        b        | 2016-01-04 |            | 2016-01-04   | 2016-03-30
        c        | 2016-01-04 | 2016-04-30 | 2016-01-04   | 2016-03-04
        d        | 2016-01-04 |            | 2016-01-04   |
    """)
    expect("figures", """
        metric          | period  | value
        overdue_pending | 2016-02 | 0
        overdue_pending | 2016-03 | 2
        overdue_pending | 2016-04 | 2
    """, counting_day="2016-04-30")


def test_each_span_is_judged_on_the_days_that_it_governs(given, expect):
    # a is over its first limit until that ends, and not over the second before its own last day
    given("model.cases", """
        case_key | registered_on
        a        | 2016-01-04
    """)
    given("model.case_clocks", """
        case_key | opened_on  | governs_from | governs_until | lawful_due_on
        a        | 2016-01-04 | 2016-01-04   | 2016-04-01    | 2016-02-04
        a        | 2016-01-04 | 2016-04-01   |               | 2016-05-31
    """)
    expect("figures", """
        metric          | period  | value
        overdue_pending | 2016-01 | 0
        overdue_pending | 2016-02 | 1
        overdue_pending | 2016-03 | 1
        overdue_pending | 2016-04 | 0
        overdue_pending | 2016-05 | 0
        overdue_pending | 2016-06 | 1
    """)


def test_a_case_is_not_in_it_on_the_days_on_which_it_is_suspended(given, expect):
    # a: overdue from 5 February, suspended from 10 March to 30 April and from 31 May to 1 June; b: suspended to this day
    given("model.cases", """
        case_key | registered_on
        a        | 2016-01-04
        b        | 2016-01-04
    """)
    given("model.case_clocks", """
        case_key | opened_on  | governs_from | lawful_due_on
        a        | 2016-01-04 | 2016-01-04   | 2016-02-04
        b        | 2016-01-04 | 2016-01-04   | 2016-02-04
    """)
    given("model.clock_events", """
        case_key | kind       | reason     | from_on    | to_on
        a        | suspension | suspension | 2016-03-10 | 2016-04-30
        a        | suspension | suspension | 2016-05-31 | 2016-06-01
        b        | suspension | suspension | 2016-02-05 |
    """)
    expect("figures", """
        metric          | period  | value
        overdue_pending | 2016-02 | 1
        overdue_pending | 2016-03 | 0
        overdue_pending | 2016-04 | 0
        overdue_pending | 2016-05 | 0
        overdue_pending | 2016-06 | 1
        overdue_pending | 2016-07 | 1
    """)


def test_a_deduction_that_is_none_of_the_suspensions_takes_nobody_out(given, expect):
    # six months from 2016-01-04 end on 2016-07-04; an appraisal that begins after it neither stops nor hides anything
    given("model.cases", """
        case_key | procedure | registered_on
        a        | ordinary  | 2016-01-04
    """)
    given("model.clock_events", """
        case_key | kind      | reason    | from_on    | to_on
        a        | deduction | appraisal | 2016-07-20 | 2016-09-30
    """)
    expect("figures", """
        metric          | period  | value
        overdue_pending | 2016-06 | 0
        overdue_pending | 2016-07 | 1
        overdue_pending | 2016-08 | 1
    """)
