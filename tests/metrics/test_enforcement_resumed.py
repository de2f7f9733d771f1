"""enforcement_resumed: 执恢 registered in the period; new work, not a new dispute (dictionary, section 6)."""

# The drawings keep their form.
# fmt: off


def test_only_new_numbers_of_resumed_enforcement_count(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2016-01-04    | 2016-02-10 | zhongben       |
        b        | 执恢      | 2016-03-01    |            |                | a
        c        | 执恢      | 2016-03-31    |            |                | lost
    """)
    expect("figures", """
        metric              | period  | value
        enforcement_resumed | 2016-01 | 0
        enforcement_resumed | 2016-03 | 2
    """)
