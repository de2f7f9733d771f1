"""within_base_limit_rate (正常审限内结案率): closings by the due date without approval, of those with a limit (dictionary M13, section 4)."""

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
        case_key | opened_on  | closed_on  | governs_from | is_within_base | is_within_lawful
        a        | 2015-07-29 | 2016-01-29 | 2015-07-29   | true           | true
        b        | 2015-07-28 | 2016-01-29 | 2015-07-28   | false          | true
        c        | 2015-07-28 | 2016-01-29 | 2015-07-28   |                |
        d        | 2015-07-28 |            | 2015-07-28   |                |
        e        | 2015-11-02 | 2016-02-02 | 2015-11-02   | true           | true
    """)
    expect("figures", """
        metric                 | period  | numerator | denominator | value
        within_base_limit_rate | 2016-01 | 1         | 2           | 0.5000
        within_base_limit_rate | 2016-02 | 1         | 1           | 1.0000
    """)


def test_only_the_last_span_of_a_spell_has_a_verdict_that_counts(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2015-11-02    | 2016-02-02
    """)
    given("model.case_clocks", """
        case_key | opened_on  | closed_on  | governs_from | is_last | is_within_base
        a        | 2015-11-02 | 2016-02-02 | 2015-11-02   | false   | true
        a        | 2015-11-02 | 2016-02-02 | 2016-01-01   | true    | false
    """)
    expect("figures", """
        metric                 | period  | numerator | denominator
        within_base_limit_rate | 2016-02 | 0         | 1
    """)


def test_a_deduction_counts_and_an_extension_does_not(given, expect):
    # six months from 2015-01-05 end on 2015-07-06, a Monday; a: 30 days of appraisal, to 2015-08-04 (5 July, a Sunday, and
    # 30 days are 4 August); b: three months more; c: closed on the last day
    given("model.cases", """
        case_key | procedure | registered_on | closed_on
        a        | ordinary  | 2015-01-05    | 2015-08-04
        b        | ordinary  | 2015-01-05    | 2015-08-04
        c        | ordinary  | 2015-01-05    | 2015-07-06
    """)
    given("model.clock_events", """
        case_key | kind      | reason    | from_on    | to_on      | approved_on | extended_months
        a        | deduction | appraisal | 2015-03-01 | 2015-03-30 |             |
        b        | extension | president | 2015-06-01 |            | 2015-06-01  | 3
    """)
    expect("figures", """
        metric                 | period  | numerator | denominator
        within_base_limit_rate | 2015-07 | 1         | 1
        within_base_limit_rate | 2015-08 | 1         | 2
    """)
