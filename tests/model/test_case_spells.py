"""model.case_spells: one counted case and one spell in which it was open."""

# The drawings keep their form.
# fmt: off


def test_a_case_has_one_spell_from_registration_to_closing(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on  | closing_manner
        a        | 2016-01-05    | 2016-02-10 | judgment
        b        | 2016-01-06    |            |
    """)
    expect("model.case_spells", """
        case_key | opened_as | opened_on  | closed_on  | closing_manner | closing_effect
        a        | filed     | 2016-01-05 | 2016-02-10 | judgment       | judgment
        b        | filed     | 2016-01-06 |            |                |
    """)


def test_a_case_that_does_not_count_has_no_spell(given, expect):
    given("model.cases", """
        case_key | registered_on | reopened_on | is_counted
        a        | 2016-01-05    |             | false
        b        | 2016-01-05    | 2016-02-10  | false
    """)
    expect("model.case_spells", "case_key | opened_on")


def test_a_reopened_case_has_two_the_first_ends_on_the_closing_known_before(deliver, refresh, expect):
    deliver("2016-01-31", """
        case_key | registered_on | closed_on
        a        | 2016-01-05    | 2016-01-20
    """)
    deliver("2016-02-29", """
        case_key | registered_on | closed_on | reopened_on
        a        | 2016-01-05    |           | 2016-02-10
    """)
    refresh()
    expect("model.case_spells", """
        case_key | opened_as | opened_on  | closed_on
        a        | filed     | 2016-01-05 | 2016-01-20
        a        | reopened  | 2016-02-10 |
    """)


def test_closed_again_the_second_spell_ends_with_it_and_each_keeps_its_manner(deliver, refresh, expect):
    deliver("2016-01-31", """
        case_key | type_code | registered_on | closed_on  | closing_manner
        a        | 执        | 2016-01-05    | 2016-01-20 | zhongben
    """)
    deliver("2016-03-31", """
        case_key | type_code | registered_on | closed_on  | closing_manner | reopened_on
        a        | 执        | 2016-01-05    | 2016-03-07 | fully_enforced | 2016-02-10
    """)
    refresh()
    expect("model.case_spells", """
        case_key | opened_as | opened_on  | closed_on  | closing_manner | closing_effect
        a        | filed     | 2016-01-05 | 2016-01-20 | zhongben       | zhongben
        a        | reopened  | 2016-02-10 | 2016-03-07 | fully_enforced | enforced
    """)


def test_a_closing_that_was_corrected_before_the_reopening_ends_the_first_spell_as_corrected(deliver, refresh, expect):
    deliver("2016-01-31", """
        case_key | registered_on | closed_on
        a        | 2016-01-05    | 2016-01-25
    """)
    deliver("2016-02-05", """
        case_key | registered_on | closed_on
        a        | 2016-01-05    | 2016-01-20
    """)
    deliver("2016-02-29", """
        case_key | registered_on | closed_on | reopened_on
        a        | 2016-01-05    |           | 2016-02-10
    """)
    refresh()
    expect("model.case_spells", """
        case_key | opened_as | closed_on
        a        | filed     | 2016-01-20
        a        | reopened  |
    """)


def test_a_closing_that_became_known_later_is_not_known_before(deliver, refresh, expect):
    deliver("2016-02-29", """
        case_key | registered_on | closed_on | reopened_on
        a        | 2016-01-05    |           | 2016-02-10
    """)
    refresh()
    deliver("2016-01-31", """
        case_key | registered_on | closed_on
        a        | 2016-01-05    | 2016-01-20
    """)
    refresh()
    expect("model.case_spells", """
        case_key | opened_as | closed_on
        a        | filed     | 2016-02-10
        a        | reopened  |
    """, refresh=1)
    expect("model.case_spells", """
        case_key | opened_as | closed_on
        a        | filed     | 2016-01-20
        a        | reopened  |
    """, refresh=2)
