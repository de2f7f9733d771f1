"""within_lawful_limit_rate (法定审限内结案率): closings by the lawful due date, of those with a limit (dictionary M14, section 4)."""

# The drawings keep their form.
# fmt: off


def test_closings_with_a_limit_on_or_before_its_last_day(given, expect):
    # a: closed on the last day; b: a day late; c: no limit is known; d: pending; e: closed in February
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2015-07-29    | 2016-01-29
        b        | 2015-07-28    | 2016-01-29
        c        | 2015-07-28    | 2016-01-29
        d        | 2015-07-28    |
        e        | 2015-11-02    | 2016-02-02
    """)
    given("model.case_clocks", """
        case_key | opened_on  | closed_on  | governs_from | is_within_lawful | is_within_base
        a        | 2015-07-29 | 2016-01-29 | 2015-07-29   | true             | false
        b        | 2015-07-28 | 2016-01-29 | 2015-07-28   | false            | false
        c        | 2015-07-28 | 2016-01-29 | 2015-07-28   |                  |
        d        | 2015-07-28 |            | 2015-07-28   |                  |
        e        | 2015-11-02 | 2016-02-02 | 2015-11-02   | true             | true
    """)
    expect("figures", """
        metric                   | period  | numerator | denominator | value
        within_lawful_limit_rate | 2016-01 | 1         | 2           | 0.5000
        within_lawful_limit_rate | 2016-02 | 1         | 1           | 1.0000
    """)


def test_only_the_last_span_of_a_spell_has_a_verdict_that_counts(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2015-11-02    | 2016-02-02
    """)
    given("model.case_clocks", """
        case_key | opened_on  | closed_on  | governs_from | is_last | is_within_lawful
        a        | 2015-11-02 | 2016-02-02 | 2015-11-02   | false   | true
        a        | 2015-11-02 | 2016-02-02 | 2016-01-01   | true    | false
    """)
    expect("figures", """
        metric                   | period  | numerator | denominator
        within_lawful_limit_rate | 2016-02 | 0         | 1
    """)


def test_an_extension_in_time_counts_and_a_late_one_does_not(given, expect):
    # six months from 2015-01-05 end on 2015-07-06, a Monday; both got three months more, b a day too late
    given("model.cases", """
        case_key | procedure | registered_on | closed_on
        a        | ordinary  | 2015-01-05    | 2015-09-30
        b        | ordinary  | 2015-01-05    | 2015-09-30
    """)
    given("model.clock_events", """
        case_key | kind      | reason    | from_on    | approved_on | extended_months
        a        | extension | president | 2015-07-06 | 2015-07-06  | 3
        b        | extension | president | 2015-07-07 | 2015-07-07  | 3
    """)
    expect("figures", """
        metric                   | period  | numerator | denominator
        within_lawful_limit_rate | 2015-09 | 1         | 2
        within_base_limit_rate   | 2015-09 | 0         | 2
    """)
