"""enforcement_filed (执行新收): first and resumed enforcement registered in the period (dictionary M32, section 6)."""

# The drawings keep their form.
# fmt: off


def test_first_and_resumed_enforcement_count_and_preservation_and_review_do_not(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | is_counted
        a        | 执        | 2016-03-01    | true
        b        | 执恢      | 2016-03-31    | true
        c        | 执保      | 2016-03-01    | true
        d        | 执异      | 2016-03-01    | true
        e        | 民初      | 2016-03-01    | true
        f        | 执        | 2016-03-01    | false
        g        | 执        | 2016-04-01    | true
    """)
    expect("figures", """
        metric            | period  | case_type | value
        enforcement_filed | 2016-03 | 执        | 1
        enforcement_filed | 2016-03 | 执恢      | 1
        enforcement_filed | 2016-04 | 执        | 1
    """)
