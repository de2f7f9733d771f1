"""enforcement_petitions_closed: petitions about enforcement, on the day on which they were closed (dictionary, section 6)."""

# The drawings keep their form.
# fmt: off


def test_only_petitions_closed_about_enforcement_count(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on
        a        | 执        | 2016-01-04
        b        | 执保      | 2016-01-04
    """)
    given("model.enforcement_results", """
        case_key | result_on  | outcome
        a        | 2016-03-31 | petition_closed
        a        | 2016-04-01 | petition_closed
        a        | 2016-03-01 | petition_received
        b        | 2016-03-01 | petition_closed
        lost     | 2016-03-01 | petition_closed
    """)
    expect("figures", """
        metric                         | period  | value
        enforcement_petitions_closed | 2016-03 | 1
        enforcement_petitions_closed | 2016-04 | 1
    """)
