"""enforcement_target_t2 (无财产可供执行案件终本合格率 ≥ 90 %): dictionary, section 6."""

# The drawings keep their form.
# fmt: off


def test_passed_of_audited_on_the_day_of_the_audit(given, expect):
    # a failed in March and passed in April
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner
        a        | 执        | 2016-01-04    | 2016-02-10 | zhongben
        b        | 执恢      | 2016-01-04    | 2016-02-10 | zhongben
        c        | 执保      | 2016-01-04    | 2016-02-10 | preserved
    """)
    given("model.enforcement_results", """
        case_key | result_on  | outcome
        a        | 2016-03-31 | audit_failed
        a        | 2016-04-01 | audit_passed
        b        | 2016-03-01 | audit_passed
        b        | 2016-03-02 | property_inquiry
        c        | 2016-03-01 | audit_passed
    """)
    expect("figures", """
        metric                | period  | numerator | denominator
        enforcement_target_t2 | 2016-03 | 1         | 2
        enforcement_target_t2 | 2016-04 | 1         | 1
    """)
