"""first_enforcement_zhongben_share (终本率): 终本 of the closings of first enforcement (dictionary M28, section 6)."""

# The drawings keep their form.
# fmt: off


def test_resumed_enforcement_is_in_neither_number(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner
        a        | 执        | 2016-01-04    | 2016-03-01 | zhongben
        b        | 执        | 2016-01-04    | 2016-03-02 | fully_enforced
        c        | 执        | 2016-01-04    | 2016-03-03 | enforcement_terminated
        d        | 执恢      | 2016-01-04    | 2016-03-04 | zhongben
        e        | 执        | 2016-01-04    |            |
    """)
    expect("figures", """
        metric                           | period  | numerator | denominator
        first_enforcement_zhongben_share | 2016-03 | 1         | 3
    """)
