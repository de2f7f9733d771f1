"""enforcement_overdue (超期未执结): pending first and resumed enforcement past its limit (dictionary M36, section 4)."""

# The drawings keep their form.
# fmt: off


def test_from_the_day_after_the_lawful_due_date_until_the_closing(given, expect):
    # a: due on 2016-07-31, which is in time; b: closed on 2016-08-31, not pending at its end; c: closed in time; d: no limit
    given("model.cases", """
        case_key | type_code | registered_on | closed_on
        a        | 执        | 2016-01-31    |
        b        | 执恢      | 2016-01-29    | 2016-08-31
        c        | 执        | 2016-01-04    | 2016-07-04
        d        | 执        | 2016-01-04    |
    """)
    given("model.case_clocks", """
        case_key | opened_on  | closed_on  | governs_from | lawful_due_on
        a        | 2016-01-31 |            | 2016-01-31   | 2016-07-31
        b        | 2016-01-29 | 2016-08-31 | 2016-01-29   | 2016-07-29
        c        | 2016-01-04 | 2016-07-04 | 2016-01-04   | 2016-07-04
        d        | 2016-01-04 |            | 2016-01-04   |
    """)
    expect("figures", """
        metric              | period  | value
        enforcement_overdue | 2016-06 | 0
        enforcement_overdue | 2016-07 | 1
        enforcement_overdue | 2016-08 | 1
    """)


def test_each_span_of_the_law_is_judged_on_the_days_that_it_governs(given, expect):
    # a is overdue under the first span until it ends, and not under the second until its own due date
    given("model.cases", """
        case_key | type_code | registered_on
        a        | 执        | 2016-01-04
        b        | 执        | 2016-01-04
    """)
    given("model.case_clocks", """
        case_key | opened_on  | governs_from | governs_until | lawful_due_on
        a        | 2016-01-04 | 2016-01-04   | 2016-06-01    | 2016-04-04
        a        | 2016-01-04 | 2016-06-01   |               | 2016-07-04
        b        | 2016-01-04 | 2016-01-04   | 2016-06-01    | 2016-07-04
        b        | 2016-01-04 | 2016-06-01   |               | 2016-05-04
    """)
    expect("figures", """
        metric              | period  | value
        enforcement_overdue | 2016-03 | 0
        enforcement_overdue | 2016-04 | 1
        enforcement_overdue | 2016-05 | 1
        enforcement_overdue | 2016-06 | 1
        enforcement_overdue | 2016-07 | 2
    """)


def test_preservation_review_and_other_families_are_not_in_it(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on
        a        | 执        | 2015-01-04
        b        | 执恢      | 2015-01-04
        c        | 执保      | 2015-01-04
        d        | 执异      | 2015-01-04
        e        | 民初      | 2015-01-04
    """)
    rows = [f"{key} | 2015-01-04 | 2015-01-04 | 2015-07-06" for key in "abcde"]
    given("model.case_clocks", "case_key | opened_on | governs_from | lawful_due_on\n" + "\n".join(rows))
    expect("figures", """
        metric                                 | period  | case_type | value
        enforcement_overdue                    | 2016-01 | 执        | 1
        enforcement_overdue                    | 2016-01 | 执恢      | 1
        enforcement_overdue.without_deductions | 2016-01 | 执        | 1
        enforcement_overdue.without_deductions | 2016-01 | 执恢      | 1
    """)


def test_without_deductions_it_is_six_months_from_registration(given, expect):
    # 2016-08-31 + 6 months is 2017-02-28 (no 31 February), so overdue from 2017-03-01; deductions moved the clock of a
    given("model.cases", """
        case_key | type_code | registered_on | closed_on
        a        | 执        | 2016-08-31    |
        b        | 执        | 2016-07-31    | 2017-02-01
    """)
    given("model.case_clocks", """
        case_key | opened_on  | closed_on  | governs_from | lawful_due_on
        a        | 2016-08-31 |            | 2016-08-31   | 2017-05-31
        b        | 2016-07-31 | 2017-02-01 | 2016-07-31   | 2017-05-31
    """)
    expect("figures", """
        metric                                 | period  | value
        enforcement_overdue                    | 2017-03 | 0
        enforcement_overdue.without_deductions | 2017-01 | 0
        enforcement_overdue.without_deductions | 2017-02 | 0
        enforcement_overdue.without_deductions | 2017-03 | 1
    """, counting_day="2017-03-31")
