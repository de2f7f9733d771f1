"""closing_rate_cn (结案率): C / (O + F), divided last (dictionary M05, section 2; fixtures as printed by the courts)."""

# The drawings keep their form.
# fmt: off

import pytest

from warehouse.catalogue.metric import parse_formula


def test_the_parts_are_the_metrics_that_the_formula_names_in_its_order(catalogue):
    assert catalogue.metrics["closing_rate_cn"].parts_of(None) == ("closed", "pending_start", "filed")
    assert catalogue.metrics["closing_rate_cn"].parts == ("closed", "pending_start", "filed", "reopened")  # of all its readings
    assert catalogue.metrics["disposal_filing_ratio_cn"].parts == ("closed", "filed")


def test_zhengzhou_in_the_first_half_of_2021_closed_80_04_percent(given, expect):
    # 旧存 12087 + 新收 146484 = 受理 158571; 126927 / 158571 = 0.80044…; printed 80.04 %
    given("metrics.cells", """
        metric        | period_id | numerator
        pending_start | 2021-01   | 12087
        filed         | 2021-01   | 100000
        filed         | 2021-06   | 46484
        closed        | 2021-01   | 26927
        closed        | 2021-06   | 100000
        pending_start | 2021-06   | 85160
    """)
    expect("figures", """
        metric          | period  | numerator | denominator | value
        closing_rate_cn | 2021-H1 | 126927    | 158571      | 0.8004
    """, data_from="2021-01-01", counting_day="2021-06-30")


def test_gushi_in_january_and_february_2022_closed_37_52_percent(given, expect):
    # 旧存 1304 + 新收 2577 = 3881; 1456 / 3881 = 0.37516…; printed 37.52 %
    given("metrics.cells", """
        metric        | period_id | numerator
        pending_start | 2022-01   | 1304
        filed         | 2022-01   | 1577
        filed         | 2022-02   | 1000
        closed        | 2022-02   | 1456
    """)
    expect("figures", """
        metric          | period           | value
        closing_rate_cn | 2022-01..2022-02 | 0.3752
    """, data_from="2022-01-01", counting_day="2022-02-28")


def test_a_year_is_no_mean_of_its_months(given, expect):
    # 卫东: December 旧存 343, 受理 879, closed 700; the year 旧存 214, 受理 6380, closed 6201; printed 79.64 % and 97.19 %
    given("metrics.cells", """
        metric        | period_id | numerator
        pending_start | 2018-01   | 214
        filed         | 2018-01   | 5630
        closed        | 2018-01   | 5501
        pending_start | 2018-12   | 343
        filed         | 2018-12   | 536
        closed        | 2018-12   | 700
    """)
    expect("figures", """
        metric          | period  | denominator | value
        closing_rate_cn | 2018-12 | 879         | 0.7964
        closing_rate_cn | 2018    | 6380        | 0.9719
    """, data_from="2018-01-01", counting_day="2018-12-31")


def test_without_stock_and_filings_there_is_no_rate(given, expect):
    given("model.cases", """
        case_key | registered_on
        a        | 2016-03-02
    """)
    expect("figures", """
        metric          | period  | value  | reason
        closing_rate_cn | 2016-02 |        | no_cases
        closing_rate_cn | 2016-03 | 0.0000 |
    """)


def test_it_is_counted_by_the_dimensions_that_all_parts_share(given, expect):
    # civil: one of two carried over is closed, none is filed; criminal: one filed and closed
    given("model.cases", """
        case_key | type_code | registered_on | closed_on
        a        | 民初      | 2016-02-02    | 2016-03-02
        b        | 民初      | 2016-02-02    |
        c        | 刑初      | 2016-03-02    | 2016-03-03
    """)
    expect("figures", """
        metric          | period  | family   | numerator | denominator | value
        closing_rate_cn | 2016-03 | civil    | 1         | 2           | 0.5000
        closing_rate_cn | 2016-03 | criminal | 1         | 1           | 1.0000
    """)


@pytest.mark.parametrize("formula", [
    "closed / filed ** 2", "max(closed, filed)", "closed.real.imag", "closed if filed else 0", "closed / 'filed'", "closed /", "",
])  # fmt: skip
def test_a_formula_is_arithmetic_of_metrics_and_whole_numbers_and_nothing_else(formula):
    with pytest.raises(ValueError, match="the formula"):
        parse_formula(formula)
