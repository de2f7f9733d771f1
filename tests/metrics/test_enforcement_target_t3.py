"""enforcement_target_t3 (执行信访案件办结率 ≥ 90 %): petitions closed of those received (dictionary, section 6)."""

# The drawings keep their form.
# fmt: off


def test_each_counts_on_its_own_day_so_that_the_rate_may_exceed_one(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on
        a        | 执        | 2016-01-04
        b        | 执        | 2016-01-04
    """)
    given("model.enforcement_results", """
        case_key | result_on  | outcome
        a        | 2016-03-01 | petition_received
        b        | 2016-03-02 | petition_received
        a        | 2016-03-31 | petition_closed
        b        | 2016-04-01 | petition_closed
        a        | 2016-04-02 | petition_received
        a        | 2016-04-03 | petition_closed
    """)
    expect("figures", """
        metric                | period  | numerator | denominator | value  | reason
        enforcement_target_t3 | 2016-03 | 1         | 2           | 0.5000 |
        enforcement_target_t3 | 2016-04 | 2         | 1           | 2.0000 |
        enforcement_target_t3 | 2016-05 |           |             |        | no_cases
    """)
