"""realisation_rate (执行标的到位率): realised of applied for, over the closings (dictionary M29, section 6)."""

# The drawings keep their form.
# fmt: off


def test_amounts_are_summed_first_and_divided_last_in_whole_fen(given, expect):
    # 100.50 of 1000.00 and 0.01 of 3.00: 10051 fen of 100300
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | amount_applied | amount_realised
        a        | 执        | 2016-01-04    | 2016-03-01 | zhongben       | 1000.00        | 100.50
        b        | 执恢      | 2016-01-04    | 2016-03-31 | fully_enforced | 3.00           | 0.01
        c        | 执保      | 2016-01-04    | 2016-03-31 | preserved      | 500.00         | 500.00
        d        | 执        | 2016-01-04    |            |                | 700.00         | 700.00
    """)
    expect("figures", """
        metric           | period  | numerator | denominator | value
        realisation_rate | 2016-03 | 10051     | 100300      | 0.1002
    """)


def test_results_up_to_the_closing_go_before_what_the_case_says(given, expect):
    # a: 30 + 20 + 5, not the 9 after its closing nor the 7 of an inquiry; b has results only after it: the case's 40; c none: 0
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | amount_applied | amount_realised
        a        | 执        | 2016-01-04    | 2016-03-01 | zhongben       | 100.00         | 99.00
        b        | 执        | 2016-01-04    | 2016-03-01 | zhongben       | 100.00         | 40.00
        c        | 执        | 2016-01-04    | 2016-03-01 | zhongben       | 100.00         |
    """)
    given("model.enforcement_results", """
        case_key | result_on  | outcome          | amount_realised
        a        | 2016-01-10 | compulsory       | 30.00
        a        | 2016-02-10 | voluntary        | 20.00
        a        | 2016-03-01 | settled          | 5.00
        a        | 2016-03-02 | voluntary        | 9.00
        a        | 2016-02-11 | property_inquiry | 7.00
        a        | 2016-02-12 | voluntary        |
        b        | 2016-03-02 | voluntary        | 60.00
    """)
    expect("figures", """
        metric           | period  | numerator | denominator
        realisation_rate | 2016-03 | 9500      | 30000
    """)


def test_it_may_exceed_one_and_carries_no_interval(given, bench):
    # doubled interest: 150 of 100
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | amount_applied | amount_realised
        a        | 执        | 2016-01-04    | 2016-03-01 | fully_enforced | 100.00         | 150.00
    """)
    bench.reckon("2016-12-31", "2012-01-01")
    figure = figure_of(bench, "realisation_rate", "2016-03")
    assert (figure["numerator"], figure["denominator"], figure["value"]) == (15000, 10000, 1.5)
    assert (figure["lower"], figure["upper"]) == (None, None)


def figure_of(bench, metric, period):
    from warehouse.reading.figures import Reader

    reader = Reader(bench.count([metric]), bench.catalogue.profile.settings.calendars)
    return reader.ask(metric, first=period, last=period)[0].as_json()


def test_what_applied_for_nothing_is_in_neither_number(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | amount_applied | amount_realised
        a        | 执        | 2016-01-04    | 2016-03-01 | fully_enforced | 0.00           | 10.00
        b        | 执        | 2016-01-04    | 2016-03-01 | fully_enforced |                | 10.00
        c        | 执        | 2016-01-04    | 2016-04-01 | fully_enforced | 10.00          | 10.00
    """)
    expect("figures", """
        metric           | period  | numerator | denominator | reason
        realisation_rate | 2016-03 |           |             | no_cases
        realisation_rate | 2016-04 | 1000      | 1000        |
    """)
