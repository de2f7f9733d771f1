"""enforcement_closed_without_amount: closings that the realisation rate leaves out (dictionary M29, section 6)."""

# The drawings keep their form.
# fmt: off


def test_zero_missing_and_negative_amounts_count_apart(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | amount_applied
        a        | 执        | 2016-01-04    | 2016-03-01 | fully_enforced | 0.00
        b        | 执        | 2016-01-04    | 2016-03-01 | fully_enforced |
        c        | 执恢      | 2016-01-04    | 2016-03-01 | zhongben       | -0.01
        d        | 执        | 2016-01-04    | 2016-03-01 | zhongben       | 0.01
        e        | 执保      | 2016-01-04    | 2016-03-01 | preserved      |
    """)
    expect("figures", """
        metric                            | period  | part     | value
        enforcement_closed_without_amount | 2016-03 | zero     | 1
        enforcement_closed_without_amount | 2016-03 | missing  | 1
        enforcement_closed_without_amount | 2016-03 | negative | 1
    """)
