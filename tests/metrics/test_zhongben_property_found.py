"""zhongben_property_found: chains in the 终本 pool of which a later result says that property was found."""

# The drawings keep their form.
# fmt: off


def test_from_the_result_until_the_chain_leaves(given, expect):
    # a: found by an inquiry in its chain, resumed in May; b: nothing found; c: found before the 终本; d: on its very day
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2015-01-04    | 2016-01-31 | zhongben       |
        r        | 执恢      | 2016-05-01    |            |                | a
        b        | 执        | 2015-01-04    | 2016-01-31 | zhongben       |
        c        | 执        | 2015-01-04    | 2016-01-31 | zhongben       |
        d        | 执        | 2015-01-04    | 2016-01-31 | zhongben       |
    """)
    given("model.enforcement_results", """
        case_key | result_on  | outcome          | property_found
        a        | 2016-03-31 | property_inquiry | true
        a        | 2016-04-10 | property_inquiry | true
        b        | 2016-03-01 | property_inquiry | false
        b        | 2016-03-02 | petition_closed  |
        c        | 2016-01-30 | property_inquiry | true
        d        | 2016-01-31 | property_inquiry | true
    """)
    expect("figures", """
        metric                  | period  | value
        zhongben_property_found | 2016-02 | 0
        zhongben_property_found | 2016-03 | 1
        zhongben_property_found | 2016-04 | 1
        zhongben_property_found | 2016-05 | 0
    """)


def test_a_new_closing_begins_without_what_was_found_before(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2015-01-04    | 2016-01-31 | zhongben       |
        r        | 执恢      | 2016-05-01    | 2016-06-10 | zhongben       | a
    """)
    given("model.enforcement_results", """
        case_key | result_on  | outcome          | property_found
        a        | 2016-03-31 | property_inquiry | true
        a        | 2016-07-01 | property_inquiry | true
    """)
    expect("figures", """
        metric                  | period  | value
        zhongben_property_found | 2016-04 | 1
        zhongben_property_found | 2016-06 | 0
        zhongben_property_found | 2016-07 | 1
    """)
