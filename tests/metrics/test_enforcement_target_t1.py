"""enforcement_target_t1 (有财产可供执行案件法定期限内实际执结率 ≥ 90 %): dictionary, section 6."""

# The drawings keep their form.
# fmt: off


def test_enforced_within_the_lawful_limit_of_the_closings_with_property(given, expect):
    # a: in; b: enforced too late; c: 终本 in time; d: no property; e: property told only after the closing; f: no limit known
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner
        a        | 执        | 2016-01-04    | 2016-03-01 | fully_enforced
        b        | 执        | 2015-01-04    | 2016-03-01 | fully_enforced
        c        | 执恢      | 2016-01-04    | 2016-03-01 | zhongben
        d        | 执        | 2016-01-04    | 2016-03-01 | fully_enforced
        e        | 执        | 2016-01-04    | 2016-03-01 | fully_enforced
        f        | 执        | 2016-01-04    | 2016-03-01 | settled_and_performed
    """)
    given("model.enforcement_results", """
        case_key | result_on  | outcome          | property_found
        a        | 2016-02-01 | property_inquiry | true
        a        | 2016-03-01 | compulsory       | true
        b        | 2016-03-01 | compulsory       | true
        c        | 2016-02-01 | property_inquiry | true
        d        | 2016-02-01 | property_inquiry | false
        e        | 2016-03-02 | property_inquiry | true
        f        | 2016-02-01 | settled          | true
    """)
    given("model.case_spells", """
        case_key | opened_on  | closed_on  | closing_manner        | closing_effect
        a        | 2016-01-04 | 2016-03-01 | fully_enforced        | enforced
        b        | 2015-01-04 | 2016-03-01 | fully_enforced        | enforced
        c        | 2016-01-04 | 2016-03-01 | zhongben              | zhongben
        d        | 2016-01-04 | 2016-03-01 | fully_enforced        | enforced
        e        | 2016-01-04 | 2016-03-01 | fully_enforced        | enforced
        f        | 2016-01-04 | 2016-03-01 | settled_and_performed | enforced
    """)
    # spells are numbered from 0 as drawn; of b an earlier limit would still run
    given("model.spell_clocks", """
        spell_no | governs_from | is_last | lawful_due_on
        0        | 2016-01-04   | true    | 2016-07-04
        1        | 2015-01-04   | false   | 2016-12-31
        1        | 2015-09-04   | true    | 2015-12-31
        2        | 2016-01-04   | true    | 2016-07-04
        3        | 2016-01-04   | true    | 2016-07-04
        4        | 2016-01-04   | true    | 2016-07-04
        5        | 2016-01-04   | true    |
    """)
    expect("figures", """
        metric                | period  | numerator | denominator | value
        enforcement_target_t1 | 2016-03 | 1         | 4           | 0.2500
    """)
