"""registration_correction_rate (补正通知率): applications with a notice to correct, of those with a first decision."""

# The drawings keep their form.
# fmt: off


def test_a_notice_counts_whatever_came_after_it(given, expect):
    # a waits; b was registered after it; c, d, e had none; f got one on the day of its registration; g is undecided
    given("model.registration_decisions", """
        application_key | received_on | first_decision | decided_on | correction_notice_on | registered_on
        a               | 2016-03-01  | correct        | 2016-03-02 | 2016-03-02           |
        b               | 2016-03-01  | correct        | 2016-03-02 |                      | 2016-04-05
        c               | 2016-03-01  | register       | 2016-03-01 |                      | 2016-03-01
        d               | 2016-03-01  | refuse         | 2016-03-02 |                      |
        e               | 2016-03-31  | return         | 2016-04-01 |                      |
        f               | 2016-03-01  | register       | 2016-03-01 | 2016-03-01           | 2016-03-01
        g               | 2016-03-01  |                |            |                      |
    """)
    expect("figures", """
        metric                       | period  | numerator | denominator
        registration_correction_rate | 2016-03 | 3         | 5
        registration_correction_rate | 2016-04 | 0         | 1
    """)


def test_only_the_five_populations_are_in_it(given, expect):
    given("model.registration_decisions", """
        application_key | population  | received_on | first_decision | decided_on
        a               | civil_first | 2016-03-01  | correct        | 2016-03-02
        b               | appeal      | 2016-03-01  | correct        | 2016-03-02
    """)
    expect("figures", """
        metric                       | period  | numerator | denominator
        registration_correction_rate | 2016-03 | 1         | 1
    """)
