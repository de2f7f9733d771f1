"""filed (新收): cases registered in the period (dictionary M01)."""

# The drawings keep their form.
# fmt: off


def test_a_case_filed_and_closed_in_one_month_counts_in_both(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2016-03-02    | 2016-03-20
        b        | 2016-03-09    |
    """)
    expect("figures", """
        metric | period  | value
        filed  | 2016-03 | 2
        closed | 2016-03 | 1
    """, counting_day="2016-03-31")


def test_the_first_and_the_last_day_of_a_month_belong_to_it(given, expect):
    given("model.cases", """
        case_key | registered_on
        a        | 2016-02-29
        b        | 2016-03-01
        c        | 2016-03-31
        d        | 2016-04-01
    """)
    expect("figures", """
        metric | period  | value
        filed  | 2016-02 | 1
        filed  | 2016-03 | 2
        filed  | 2016-04 | 1
    """)


def test_longer_periods_are_the_sums_of_their_months(given, expect):
    given("model.cases", """
        case_key | registered_on
        a        | 2015-12-31
        b        | 2016-01-01
        c        | 2016-03-31
        d        | 2016-04-01
        e        | 2016-07-01
    """)
    expect("figures", """
        metric | period           | value
        filed  | 2016-Q1          | 2
        filed  | 2016-H1          | 3
        filed  | 2016             | 4
        filed  | 2015-12..2016-03 | 3
    """)


def test_a_statistical_month_closes_on_the_twentieth(given, expect):
    given("model.cases", """
        case_key | registered_on
        a        | 2016-02-20
        b        | 2016-02-21
        c        | 2016-03-20
        d        | 2016-03-21
    """)
    expect("figures", """
        metric | period  | value
        filed  | 2016-02 | 1
        filed  | 2016-03 | 2
        filed  | 2016-04 | 1
    """, calendar="stat20_month")


def test_what_was_registered_before_the_data_or_after_the_counting_day_is_not_filed(given, expect):
    given("model.cases", """
        case_key | registered_on
        a        | 2011-12-31
        b        | 2012-01-01
        c        | 2012-02-15
        d        | 2012-02-16
    """)
    expect("figures", """
        metric | period  | value | reason
        filed  | 2011-12 |       | beyond_data
        filed  | 2012-01 | 1     |
        filed  | 2012-02 | 1     |
        filed  | 2012-03 |       | beyond_data
    """, data_from="2012-01-01", counting_day="2012-02-15")


def test_a_first_statistical_month_that_the_data_cut_holds_only_the_days_inside_them(given, expect):
    # 2012-01 runs from 2011-12-21 to 2012-01-20; the data begin on 2012-01-01
    given("model.cases", """
        case_key | registered_on
        a        | 2011-12-25
        b        | 2012-01-01
        c        | 2012-01-20
    """)
    expect("figures", """
        metric | period  | value
        filed  | 2012-01 | 2
    """, calendar="stat20_month", data_from="2012-01-01")


def test_void_numbers_and_classes_that_are_no_cases_are_left_out_resumed_and_preserving_enforcement_is_not(given, expect):
    given("model.deliveries", """
        delivery_no | extract_on | world_rank
        1           | 2016-03-31 | 1
    """)
    given("model.case_history", """
        case_key | registered_on | type_code | is_void
        a        | 2016-03-01    | 民初      |
        b        | 2016-03-01    | 执恢      | false
        c        | 2016-03-01    | 执保      | false
        d        | 2016-03-01    | 民初      | true
        e        | 2016-03-01    | 民辖      | false
        f        | 2016-03-01    | 财保      | false
        g        | 2016-03-01    | 认台      | false
        h        | 2016-03-01    | 司惩      | false
        i        | 2016-03-01    | 司救执    | false
        j        | 2016-03-01    | 诉前调    | false
    """)
    expect("figures", """
        metric | period  | counts_as                | value
        filed  | 2016-03 | civil_first              | 1
        filed  | 2016-03 | enforcement_resumed      | 1
        filed  | 2016-03 | enforcement_preservation | 1
    """)


def test_an_empty_value_of_a_dimension_is_none(given, expect):
    given("model.cases", """
        case_key | registered_on | procedure  | bench_code
        a        | 2016-03-02    | simplified | 一庭
        b        | 2016-03-09    | simplified |
        c        | 2016-03-09    |            | 一庭
        d        | 2016-03-10    |            |
    """)
    expect("figures", """
        metric | period  | procedure  | value
        filed  | 2016-03 | simplified | 2
        filed  | 2016-03 | none       | 2
    """)
    expect("figures", """
        metric | period  | procedure  | bench | value
        filed  | 2016-03 | simplified | 一庭  | 1
        filed  | 2016-03 | simplified | none  | 1
        filed  | 2016-03 | none       | 一庭  | 1
        filed  | 2016-03 | none       | none  | 1
    """)
