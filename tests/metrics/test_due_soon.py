"""due_soon (临近审限): pending cases whose lawful limit ends within thirty days, or ten (dictionary, section 4.4)."""

# The drawings keep their form.
# fmt: off


def test_thirty_days_before_the_last_day_and_on_it(given, expect):
    # at the end of 2016-03-31: a is due in 30 days, b in 31, c on that day, d was due a day before; e has no limit
    given("model.cases", """
        case_key | registered_on
        a        | 2016-01-04
        b        | 2016-01-04
        c        | 2016-01-04
        d        | 2016-01-04
        e        | 2016-01-04
    """)
    given("model.case_clocks", """
        case_key | opened_on  | governs_from | lawful_due_on
        a        | 2016-01-04 | 2016-01-04   | 2016-04-30
        b        | 2016-01-04 | 2016-01-04   | 2016-05-01
        c        | 2016-01-04 | 2016-01-04   | 2016-03-31
        d        | 2016-01-04 | 2016-01-04   | 2016-03-30
        e        | 2016-01-04 | 2016-01-04   |
    """)
    expect("figures", """
        metric              | period  | value
        due_soon            | 2016-02 | 1
        due_soon            | 2016-03 | 2
        due_soon.in_10_days | 2016-03 | 1
        due_soon            | 2016-04 | 2
        due_soon.in_10_days | 2016-04 | 2
    """, counting_day="2016-04-30")


def test_closed_cases_are_not_in_it_and_each_span_counts_on_its_own_days(given, expect):
    # a: closed on 2016-03-31, before its last day; b: its limit grows from six weeks to six months on 2016-02-15
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2016-01-04    | 2016-03-31
        b        | 2016-01-04    |
    """)
    given("model.case_clocks", """
        case_key | opened_on  | closed_on  | governs_from | governs_until | lawful_due_on
        a        | 2016-01-04 | 2016-03-31 | 2016-01-04   |               | 2016-04-05
        b        | 2016-01-04 |            | 2016-01-04   | 2016-02-15    | 2016-02-17
        b        | 2016-01-04 |            | 2016-02-15   |               | 2016-07-04
    """)
    expect("figures", """
        metric   | period  | value
        due_soon | 2016-01 | 1
        due_soon | 2016-02 | 0
        due_soon | 2016-03 | 0
        due_soon | 2016-06 | 1
        due_soon | 2016-07 | 0
    """)
