"""same_day_registration_rate (当场立案登记率): dictionary, section 3, v1 [operational]; in force since 2015-05-01."""

# The drawings keep their form.
# fmt: off


def test_registered_on_the_day_of_receipt_without_a_notice_to_correct(given, expect):
    # a is in; b was decided a day later; c was first sent back for correction; d got a notice on the day
    given("model.registration_decisions", """
        application_key | received_on | first_decision | decided_on | correction_notice_on | registered_on
        a               | 2016-03-01  | register       | 2016-03-01 |                      | 2016-03-01
        b               | 2016-03-01  | register       | 2016-03-02 |                      | 2016-03-02
        c               | 2016-03-01  | correct        | 2016-03-01 | 2016-03-01           | 2016-03-05
        d               | 2016-03-01  | register       | 2016-03-01 | 2016-03-01           | 2016-03-01
    """)
    expect("figures", """
        metric                     | period  | numerator | denominator | value
        same_day_registration_rate | 2016-03 | 1         | 4           | 0.2500
    """)


def test_the_period_is_that_of_the_registration(given, expect):
    given("model.registration_decisions", """
        application_key | received_on | first_decision | decided_on | registered_on
        a               | 2016-03-31  | register       | 2016-03-31 | 2016-03-31
        b               | 2016-03-31  | register       | 2016-04-01 | 2016-04-01
    """)
    expect("figures", """
        metric                     | period  | numerator | denominator
        same_day_registration_rate | 2016-03 | 1         | 1
        same_day_registration_rate | 2016-04 | 0         | 1
    """)


def test_the_twentieth_parts_statistical_months_here_too(given, expect):
    given("model.registration_decisions", """
        application_key | received_on | first_decision | decided_on | registered_on
        a               | 2016-03-20  | register       | 2016-03-20 | 2016-03-20
        b               | 2016-03-20  | register       | 2016-03-21 | 2016-03-21
    """)
    expect("figures", """
        metric                     | period  | numerator | denominator
        same_day_registration_rate | 2016-03 | 1         | 1
        same_day_registration_rate | 2016-04 | 0         | 1
    """, calendar="stat20_month")


def test_refused_returned_and_undecided_applications_are_not_registered(given, expect):
    given("model.registration_decisions", """
        application_key | received_on | first_decision | decided_on | registered_on
        a               | 2016-03-01  | refuse         | 2016-03-01 |
        b               | 2016-03-01  | return         | 2016-03-01 |
        c               | 2016-03-01  |                |            |
    """)
    expect("figures", """
        metric                     | period  | value | reason
        same_day_registration_rate | 2016-03 |       | no_cases
    """)


def test_before_the_first_of_may_2015_it_is_not_in_force_and_any_date_is_counted_the_same_way(given, expect):
    # b was received under the old system and registered under the new one
    given("model.registration_decisions", """
        application_key | received_on | first_decision | decided_on | registered_on
        a               | 2015-04-30  | register       | 2015-04-30 | 2015-04-30
        b               | 2015-04-30  | register       | 2015-05-04 | 2015-05-04
        c               | 2015-05-01  | register       | 2015-05-01 | 2015-05-01
    """)
    expect("figures", """
        metric                              | period  | numerator | denominator | reason
        same_day_registration_rate          | 2015-04 |           |             | not_in_force
        same_day_registration_rate          | 2015-05 | 1         | 1           |
        same_day_registration_rate.any_date | 2015-04 | 1         | 1           |
        same_day_registration_rate.any_date | 2015-05 | 1         | 2           |
    """)


def test_a_span_that_only_partly_lies_in_its_validity_counts_that_part_and_says_so(given, expect):
    given("model.registration_decisions", """
        application_key | received_on | first_decision | decided_on | registered_on
        a               | 2015-02-02  | register       | 2015-02-02 | 2015-02-02
        b               | 2015-06-01  | register       | 2015-06-01 | 2015-06-01
        c               | 2015-06-01  | register       | 2015-06-03 | 2015-06-03
    """)
    expect("figures", """
        metric                              | period | numerator | denominator | reason
        same_day_registration_rate          | 2015   | 1         | 2           | in force from 2015-05-01
        same_day_registration_rate.any_date | 2015   | 2         | 3           |
    """)


def test_only_the_five_populations_are_in_it(given, expect):
    given("model.registration_decisions", """
        application_key | population           | received_on | first_decision | decided_on | registered_on
        a               | civil_first          | 2016-03-01  | register       | 2016-03-01 | 2016-03-01
        b               | administrative_first | 2016-03-01  | register       | 2016-03-01 | 2016-03-01
        c               | private_prosecution  | 2016-03-01  | register       | 2016-03-02 | 2016-03-02
        d               | compensation         | 2016-03-01  | register       | 2016-03-02 | 2016-03-02
        e               | first_enforcement    | 2016-03-01  | register       | 2016-03-01 | 2016-03-01
        f               | appeal               | 2016-03-01  | register       | 2016-03-01 | 2016-03-01
        g               |                      | 2016-03-01  | register       | 2016-03-01 | 2016-03-01
    """)
    expect("figures", """
        metric                     | period  | population           | numerator | denominator
        same_day_registration_rate | 2016-03 | civil_first          | 1         | 1
        same_day_registration_rate | 2016-03 | administrative_first | 1         | 1
        same_day_registration_rate | 2016-03 | private_prosecution  | 0         | 1
        same_day_registration_rate | 2016-03 | compensation         | 0         | 1
        same_day_registration_rate | 2016-03 | first_enforcement    | 1         | 1
    """)


def test_an_application_by_no_known_channel_is_of_the_channel_none(given, expect):
    given("model.registration_decisions", """
        application_key | channel | received_on | first_decision | decided_on | registered_on
        a               | online  | 2016-03-01  | register       | 2016-03-01 | 2016-03-01
        b               |         | 2016-03-01  | register       | 2016-03-02 | 2016-03-02
    """)
    expect("figures", """
        metric                     | period  | channel | numerator | denominator
        same_day_registration_rate | 2016-03 | online  | 1         | 1
        same_day_registration_rate | 2016-03 | none    | 0         | 1
    """)


def test_registrations_after_the_counting_day_do_not_count(given, expect):
    given("model.registration_decisions", """
        application_key | received_on | first_decision | decided_on | registered_on
        a               | 2016-03-15  | register       | 2016-03-15 | 2016-03-15
        b               | 2016-03-15  | register       | 2016-03-16 | 2016-03-16
    """)
    expect("figures", """
        metric                     | period  | numerator | denominator
        same_day_registration_rate | 2016-03 | 1         | 1
    """, counting_day="2016-03-15")


# --- its other readings


def test_of_all_received_the_refused_and_returned_count_on_the_day_of_their_decision(given, expect):
    # a same day; b refused in April; c returned; d registered after a correction: on that day; e waits after a notice; f none
    given("model.registration_decisions", """
        application_key | received_on | first_decision | decided_on | correction_notice_on | registered_on
        a               | 2016-03-01  | register       | 2016-03-01 |                      | 2016-03-01
        b               | 2016-03-31  | refuse         | 2016-04-05 |                      |
        c               | 2016-03-01  | return         | 2016-03-01 |                      |
        d               | 2016-03-01  | correct        | 2016-03-01 | 2016-03-01           | 2016-04-09
        e               | 2016-03-01  | correct        | 2016-03-01 | 2016-03-01           |
        f               | 2016-03-01  |                |            |                      |
    """)
    expect("figures", """
        metric                                  | period  | numerator | denominator
        same_day_registration_rate.all_received | 2016-03 | 1         | 2
        same_day_registration_rate.all_received | 2016-04 | 0         | 2
        same_day_registration_rate              | 2016-03 | 1         | 1
        same_day_registration_rate              | 2016-04 | 0         | 1
    """)


def test_offline_only_leaves_out_what_came_online(given, expect):
    given("model.registration_decisions", """
        application_key | channel | received_on | first_decision | decided_on | registered_on
        a               | online  | 2016-03-01  | register       | 2016-03-01 | 2016-03-01
        b               | counter | 2016-03-01  | register       | 2016-03-02 | 2016-03-02
        c               | post    | 2016-03-01  | register       | 2016-03-01 | 2016-03-01
        d               |         | 2016-03-01  | register       | 2016-03-01 | 2016-03-01
    """)
    expect("figures", """
        metric                                  | period  | numerator | denominator
        same_day_registration_rate.offline_only | 2016-03 | 2         | 3
    """)


def test_excluding_enforcement_leaves_out_first_enforcement_alone(given, expect):
    given("model.registration_decisions", """
        application_key | population          | received_on | first_decision | decided_on | registered_on
        a               | first_enforcement   | 2016-03-01  | register       | 2016-03-01 | 2016-03-01
        b               | civil_first         | 2016-03-01  | register       | 2016-03-02 | 2016-03-02
        c               | private_prosecution | 2016-03-01  | register       | 2016-03-01 | 2016-03-01
    """)
    expect("figures", """
        metric                                           | period  | numerator | denominator
        same_day_registration_rate.excluding_enforcement | 2016-03 | 1         | 2
    """)


def test_the_cohort_is_that_of_the_receipt_and_what_is_not_registered_by_the_counting_day_is_not_in(given, expect):
    given("model.registration_decisions", """
        application_key | received_on | first_decision | decided_on | registered_on
        a               | 2016-03-31  | register       | 2016-03-31 | 2016-03-31
        b               | 2016-03-31  | register       | 2016-04-01 | 2016-04-01
        c               | 2016-03-31  | register       | 2016-05-02 | 2016-05-02
        d               | 2016-03-31  | refuse         | 2016-04-01 |
    """)
    expect("figures", """
        metric                            | period  | numerator | denominator
        same_day_registration_rate.cohort | 2016-03 | 1         | 2
    """, counting_day="2016-05-01")


def test_working_days_leaves_out_what_came_on_other_days(given, expect):
    # 2016-03-05 is a Saturday; 2016-02-14 a Sunday on which courts worked, to make up for the Spring Festival
    given("model.working_days", """
        day        | is_working | next_working_day
        2016-02-14 | true       | 2016-02-14
        2016-03-04 | true       | 2016-03-04
        2016-03-05 | false      | 2016-03-07
    """)
    given("model.registration_decisions", """
        application_key | received_on | first_decision | decided_on | registered_on
        a               | 2016-02-14  | register       | 2016-02-14 | 2016-02-14
        b               | 2016-03-04  | register       | 2016-03-04 | 2016-03-04
        c               | 2016-03-05  | register       | 2016-03-07 | 2016-03-07
    """)
    expect("figures", """
        metric                                  | period  | numerator | denominator
        same_day_registration_rate              | 2016-03 | 1         | 2
        same_day_registration_rate.working_days | 2016-02 | 1         | 1
        same_day_registration_rate.working_days | 2016-03 | 1         | 1
    """)


def test_no_reading_but_that_of_any_date_is_in_force_before_may_2015(given, expect):
    given("model.registration_decisions", """
        application_key | received_on | first_decision | decided_on | registered_on
        a               | 2015-04-30  | register       | 2015-04-30 | 2015-04-30
        b               | 2015-04-30  | refuse         | 2015-05-04 |
        c               | 2015-05-04  | register       | 2015-05-04 | 2015-05-04
    """)
    given("model.working_days", """
        day        | is_working | next_working_day
        2015-04-30 | true       | 2015-04-30
        2015-05-04 | true       | 2015-05-04
    """)
    expect("figures", """
        metric                                           | period  | numerator | denominator | reason
        same_day_registration_rate.any_date              | 2015-04 | 1         | 1           |
        same_day_registration_rate.all_received          | 2015-04 |           |             | not_in_force
        same_day_registration_rate.offline_only          | 2015-04 |           |             | not_in_force
        same_day_registration_rate.excluding_enforcement | 2015-04 |           |             | not_in_force
        same_day_registration_rate.cohort                | 2015-04 |           |             | not_in_force
        same_day_registration_rate.working_days          | 2015-04 |           |             | not_in_force
        same_day_registration_rate.any_date              | 2015-05 | 1         | 1           |
        same_day_registration_rate.all_received          | 2015-05 | 1         | 1           |
        same_day_registration_rate.offline_only          | 2015-05 | 1         | 1           |
        same_day_registration_rate.excluding_enforcement | 2015-05 | 1         | 1           |
        same_day_registration_rate.cohort                | 2015-05 | 1         | 1           |
        same_day_registration_rate.working_days          | 2015-05 | 1         | 1           |
    """)
