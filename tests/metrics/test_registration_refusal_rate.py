"""registration_refusal_rate (不予立案率): refused, of the applications decided; 登记立案规定 (2015) art. 9."""

# The drawings keep their form.
# fmt: off


def test_refused_of_decided_on_the_day_of_the_decision(given, expect):
    # a refused, b returned, c registered, d registered in April after a correction, e waits after a notice
    given("model.registration_decisions", """
        application_key | received_on | first_decision | decided_on | correction_notice_on | registered_on
        a               | 2016-03-01  | refuse         | 2016-03-02 |                      |
        b               | 2016-03-01  | return         | 2016-03-02 |                      |
        c               | 2016-03-01  | register       | 2016-03-01 |                      | 2016-03-01
        d               | 2016-03-01  | correct        | 2016-03-02 | 2016-03-02           | 2016-04-05
        e               | 2016-03-01  | correct        | 2016-03-02 | 2016-03-02           |
    """)
    expect("figures", """
        metric                                 | period  | numerator | denominator
        registration_refusal_rate              | 2016-03 | 1         | 3
        registration_refusal_rate              | 2016-04 | 0         | 1
        registration_refusal_rate.with_returns | 2016-03 | 2         | 3
        registration_refusal_rate.with_returns | 2016-04 | 0         | 1
    """)


def test_only_the_five_populations_are_in_it(given, expect):
    given("model.registration_decisions", """
        application_key | population  | received_on | first_decision | decided_on
        a               | civil_first | 2016-03-01  | refuse         | 2016-03-02
        b               | appeal      | 2016-03-01  | refuse         | 2016-03-02
    """)
    expect("figures", """
        metric                    | period  | numerator | denominator
        registration_refusal_rate | 2016-03 | 1         | 1
    """)
