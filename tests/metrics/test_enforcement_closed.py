"""enforcement_closed (执行结案): closings of first and resumed enforcement, 终本 in (dictionary M32, section 6)."""

# The drawings keep their form.
# fmt: off


def test_every_closing_of_first_and_resumed_enforcement_counts_on_its_day(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner
        a        | 执        | 2014-01-04    | 2016-03-01 | zhongben
        b        | 执恢      | 2016-01-04    | 2016-03-31 | fully_enforced
        c        | 执        | 2016-01-04    | 2016-04-01 | struck
        d        | 执保      | 2016-01-04    | 2016-03-01 | preserved
        e        | 执异      | 2016-01-04    | 2016-03-01 | rejected
        f        | 执        | 2016-01-04    |            |
    """)
    expect("figures", """
        metric             | period  | closing_manner | value
        enforcement_closed | 2016-03 | zhongben       | 1
        enforcement_closed | 2016-03 | fully_enforced | 1
        enforcement_closed | 2016-04 | struck         | 1
    """)


def test_it_has_no_denominator(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner
        a        | 执        | 2014-01-04    | 2016-03-01 | zhongben
    """)
    expect("figures", """
        metric             | period  | numerator | denominator
        enforcement_closed | 2016-03 | 1         |
    """)
