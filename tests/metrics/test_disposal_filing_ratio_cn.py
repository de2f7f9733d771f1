"""disposal_filing_ratio_cn (结收比): C / F; above 1 is good news, not a fault (dictionary M06, section 2)."""

# The drawings keep their form.
# fmt: off


def test_zhengzhou_in_the_first_half_of_2021_closed_86_65_of_100_filed(given, expect):
    # 126927 / 146484 = 0.86649…; printed 86.65 %
    given("metrics.cells", """
        metric        | period_id | numerator
        pending_start | 2021-01   | 12087
        filed         | 2021-03   | 146484
        closed        | 2021-05   | 126927
    """)
    expect("figures", """
        metric                   | period  | numerator | denominator | value
        disposal_filing_ratio_cn | 2021-H1 | 126927    | 146484      | 0.8665
    """, data_from="2021-01-01", counting_day="2021-06-30")


def test_wangqing_in_the_first_half_of_2019_is_92_11_percent_though_92_12_was_printed(given, expect):
    # 140 / 152 = 0.92105…
    given("metrics.cells", """
        metric | period_id | numerator
        filed  | 2019-02   | 152
        closed | 2019-02   | 140
    """)
    expect("figures", """
        metric                   | period  | value
        disposal_filing_ratio_cn | 2019-H1 | 0.9211
    """, data_from="2019-01-01", counting_day="2019-06-30")


def test_it_exceeds_one_where_more_was_closed_than_filed(given, expect):
    # 嵊州 2020: 受理 14779 (newly filed), 办结 15048 含旧存; 15048 / 14779 = 1.01820…
    given("metrics.cells", """
        metric | period_id | numerator
        filed  | 2020-01   | 14779
        closed | 2020-12   | 15048
    """)
    expect("figures", """
        metric                   | period | value
        disposal_filing_ratio_cn | 2020   | 1.0182
    """, data_from="2020-01-01", counting_day="2020-12-31")


def test_without_filings_there_is_no_ratio(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2016-02-02    | 2016-03-02
    """)
    expect("figures", """
        metric                   | period  | value  | reason
        disposal_filing_ratio_cn | 2016-02 | 0.0000 |
        disposal_filing_ratio_cn | 2016-03 |        | no_cases
        disposal_filing_ratio_cn | 2016-Q1 | 1.0000 |
    """)


def test_the_carried_over_stock_is_in_no_denominator(given, expect):
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2015-02-02    | 2016-03-02
        b        | 2015-02-02    |
        c        | 2016-03-02    |
    """)
    expect("figures", """
        metric                   | period  | value
        disposal_filing_ratio_cn | 2016-03 | 1.0000
        closing_rate_cn          | 2016-03 | 0.3333
    """)
