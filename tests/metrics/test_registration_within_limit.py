"""registration_within_limit (法定期限内立案率): dictionary M12, section 3; 登记立案规定 (2015) arts. 7, 8."""

# The drawings keep their form.
# fmt: off

import pytest

LIMITS = """
    limit_id | population          | type_code | days
    REG-CIV  | civil_first         |           | 7
    REG-TPR  | civil_first         | 民撤      | 30
    REG-PRI  | private_prosecution |           | 15
"""
DAYS = """
    day        | is_working | next_working_day
    2016-03-11 | true       | 2016-03-11
    2016-03-12 | false      | 2016-03-14
    2016-03-13 | false      | 2016-03-14
    2016-03-14 | true       | 2016-03-14
"""
"""2016-03-12 is a Saturday; days that are not drawn stand for themselves."""


@pytest.fixture(autouse=True)
def law(given):
    given("model.registration_limits", LIMITS)
    given("model.working_days", DAYS)


def test_the_day_after_receipt_is_the_first_of_seven(given, expect):
    # received on the 1st, the 8th is the seventh day
    given("model.registration_decisions", """
        application_key | received_on | first_decision | decided_on | registered_on
        a               | 2016-03-01  | register       | 2016-03-08 | 2016-03-08
        b               | 2016-03-01  | register       | 2016-03-09 | 2016-03-09
        c               | 2016-03-01  | register       | 2016-03-01 | 2016-03-01
    """)
    expect("figures", """
        metric                    | period  | numerator | denominator
        registration_within_limit | 2016-03 | 2         | 3
    """)


def test_a_last_day_off_work_moves_to_the_next_working_day(given, expect):
    # received on the 5th, the seventh day is Saturday the 12th: Monday the 14th is in time, the 15th is not
    given("model.registration_decisions", """
        application_key | received_on | first_decision | decided_on | registered_on
        a               | 2016-03-05  | register       | 2016-03-14 | 2016-03-14
        b               | 2016-03-05  | register       | 2016-03-15 | 2016-03-15
    """)
    expect("figures", """
        metric                    | period  | numerator | denominator
        registration_within_limit | 2016-03 | 1         | 2
    """)


def test_refused_and_returned_ones_are_decided_and_what_waits_is_not(given, expect):
    given("model.registration_decisions", """
        application_key | received_on | first_decision | decided_on | correction_notice_on | registered_on
        a               | 2016-03-01  | refuse         | 2016-03-08 |                      |
        b               | 2016-03-01  | return         | 2016-03-09 |                      |
        c               | 2016-03-01  | correct        | 2016-03-02 | 2016-03-02           |
        d               | 2016-03-01  |                |            |                      |
    """)
    expect("figures", """
        metric                    | period  | numerator | denominator
        registration_within_limit | 2016-03 | 1         | 2
    """)


def test_after_a_correction_the_limit_runs_again_from_the_day_after_the_material(given, expect):
    # a: material on the 21st, the 28th is the seventh day; b: one day more; c: its notice came on the eighth day
    given("model.registration_decisions", """
        application_key | received_on | first_decision | decided_on | correction_notice_on | corrected_material_on | registered_on
        a               | 2016-03-01  | correct        | 2016-03-08 | 2016-03-08           | 2016-03-21            | 2016-03-28
        b               | 2016-03-01  | correct        | 2016-03-08 | 2016-03-08           | 2016-03-21            | 2016-03-29
        c               | 2016-03-01  | correct        | 2016-03-09 | 2016-03-09           | 2016-03-21            | 2016-03-22
    """)
    expect("figures", """
        metric                    | period  | numerator | denominator
        registration_within_limit | 2016-03 | 1         | 3
    """)


def test_the_limit_restarted_moves_off_days_without_work_too(given, expect):
    # material on the 5th, the seventh day is Saturday the 12th
    given("model.registration_decisions", """
        application_key | received_on | first_decision | decided_on | correction_notice_on | corrected_material_on | registered_on
        a               | 2016-03-01  | correct        | 2016-03-02 | 2016-03-02           | 2016-03-05            | 2016-03-14
        b               | 2016-03-01  | correct        | 2016-03-02 | 2016-03-02           | 2016-03-05            | 2016-03-15
    """)
    expect("figures", """
        metric                    | period  | numerator | denominator
        registration_within_limit | 2016-03 | 1         | 2
    """)


def test_where_no_material_came_a_refusal_is_judged_by_the_notice_and_a_registration_by_the_receipt(given, expect):
    # a, b: returned after a notice in time and a late one; c, d: registered on the seventh and the eighth day
    given("model.registration_decisions", """
        application_key | received_on | first_decision | decided_on | correction_notice_on | registered_on
        a               | 2016-03-01  | return         | 2016-03-30 | 2016-03-08           |
        b               | 2016-03-01  | return         | 2016-03-30 | 2016-03-09           |
        c               | 2016-03-01  | correct        | 2016-03-02 | 2016-03-02           | 2016-03-08
        d               | 2016-03-01  | correct        | 2016-03-02 |                      | 2016-03-09
    """)
    expect("figures", """
        metric                    | period  | numerator | denominator
        registration_within_limit | 2016-03 | 2         | 4
    """)


def test_the_limit_of_the_type_goes_before_that_of_the_population(given, expect):
    # c is a third-party revocation: 30 days; p a private prosecution: 15; e has no limit that is known
    given("model.cases", """
        case_key | type_code
        k        | 民撤
        m        | 民初
    """)
    given("model.registration_decisions", """
        application_key | population          | case_key | received_on | first_decision | decided_on | registered_on
        c               | civil_first         | k        | 2016-03-01  | register       | 2016-03-31 | 2016-03-31
        d               | civil_first         | m        | 2016-03-01  | register       | 2016-03-31 | 2016-03-31
        p               | private_prosecution |          | 2016-03-01  | register       | 2016-03-16 | 2016-03-16
        q               | private_prosecution |          | 2016-03-01  | register       | 2016-03-17 | 2016-03-17
        e               | appeal              |          | 2016-03-01  | register       | 2016-03-01 | 2016-03-01
    """)
    expect("figures", """
        metric                    | period  | population          | numerator | denominator
        registration_within_limit | 2016-03 | civil_first         | 1         | 2
        registration_within_limit | 2016-03 | private_prosecution | 1         | 2
    """)


def test_it_is_counted_before_may_2015_as_well_and_since_then_apart(given, expect):
    given("model.registration_decisions", """
        application_key | received_on | first_decision | decided_on | registered_on
        a               | 2015-04-30  | register       | 2015-04-30 | 2015-04-30
        b               | 2015-04-30  | register       | 2015-05-29 | 2015-05-29
        c               | 2015-05-01  | register       | 2015-05-04 | 2015-05-04
    """)
    expect("figures", """
        metric                               | period  | numerator | denominator | reason
        registration_within_limit            | 2015-04 | 1         | 1           |
        registration_within_limit            | 2015-05 | 1         | 2           |
        registration_within_limit.since_2015 | 2015-04 |           |             | not_in_force
        registration_within_limit.since_2015 | 2015-05 | 1         | 1           |
    """)
