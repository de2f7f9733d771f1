"""enforcement_completion_rate (实际执行率): dictionary M27, section 6; two formulas go by this name."""

# The drawings keep their form.
# fmt: off

CASES = """
    case_key | type_code | registered_on | closed_on  | closing_manner
    a        | 执        | 2016-01-04    | 2016-03-01 | fully_enforced
    b        | 执恢      | 2016-01-04    | 2016-03-01 | settled_and_performed
    c        | 执        | 2016-01-04    | 2016-03-01 | zhongben
    d        | 执        | 2016-01-04    | 2016-03-01 | enforcement_terminated
    e        | 执        | 2016-01-04    | 2016-03-01 | unheard_of
    f        | 执保      | 2016-01-04    | 2016-03-01 | preserved
"""


def test_actual_enforcement_of_all_closings_and_its_complement_reading(given, expect):
    # enforced: a, b of five; no 终本: a, b, d, e of five
    given("model.cases", CASES)
    expect("figures", """
        metric                                 | period  | numerator | denominator | value
        enforcement_completion_rate            | 2016-03 | 2         | 5           | 0.4000
        enforcement_completion_rate.complement | 2016-03 | 4         | 5           | 0.8000
    """)


def test_of_first_enforcement_alone_the_complement_and_the_share_of_zhongben_add_to_one(given, expect):
    # as Zhejiang printed them for the first three quarters of 2017: 69.57 % + 30.43 % (23 closings, 7 of them 终本)
    rows = [f"k{i} | 执 | 2016-01-04 | 2016-03-01 | {'zhongben' if i < 7 else 'fully_enforced'}" for i in range(23)]
    given("model.cases", "case_key | type_code | registered_on | closed_on | closing_manner\n" + "\n".join(rows))
    expect("figures", """
        metric                                 | period  | numerator | denominator | value
        enforcement_completion_rate.complement | 2016-03 | 16        | 23          | 0.6957
        first_enforcement_zhongben_share       | 2016-03 | 7         | 23          | 0.3043
    """)


def test_each_reading_says_which_formula_it_is(catalogue):
    metric = catalogue.metrics["enforcement_completion_rate"]
    assert metric.formula_id == "enforced_of_closings"
    assert metric.variants["complement"].formula_id == "complement_of_zhongben"


def test_without_closings_there_is_no_rate(given, expect):
    given("model.cases", CASES)
    expect("figures", """
        metric                      | period  | value | reason
        enforcement_completion_rate | 2016-04 |       | no_cases
    """)
