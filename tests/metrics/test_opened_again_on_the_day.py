"""A case that was registered, closed and opened again on one day has two spells of that day: each counts once."""

# The drawings keep their form.
# fmt: off


def test_each_closing_of_a_case_opened_again_on_the_day_of_its_registration_counts_once(given, expect):
    # found by the second engine: joined by case and day, each of the two closings was counted with either clock
    given("model.case_versions", """
        case_key | delivery_no | known_from | presence | type_code | procedure | registered_on | closed_on  | reopened_on | closing_manner
        a        | 1           | 1          | seen     | 民初      | ordinary  | 2016-03-01    | 2016-03-01 |             | judgment
        a        | 2           | 1          | seen     | 民初      | ordinary  | 2016-03-01    | 2016-03-20 | 2016-03-01  | judgment
    """)
    given("model.deliveries", """
        delivery_no | world_rank
        1           | 1
        2           | 2
    """)
    expect("figures", """
        metric                   | period  | numerator | denominator
        closed                   | 2016-03 | 2         |
        within_lawful_limit_rate | 2016-03 | 2         | 2
        within_base_limit_rate   | 2016-03 | 2         | 2
    """)
