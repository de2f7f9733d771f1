"""clearance_rate_cepej, disposition_time_cepej, case_turnover_cepej: the printed figures of the courts of Croatia.

Source: Courts of the Republic of Croatia, performance overview (sudovi.hr), as in the dictionary, section 9: incoming, resolved
and pending as printed, with the clearance rate (percent) and disposition time (days) that it prints.
"""

# The drawings keep their form.
# fmt: off

import pytest

from warehouse.reading.figures import combined

PRINTED = """
    All, 2020            | 505473 | 476446 | 400277 |  94.26 | 307
    All, 2021            | 593464 | 539125 | 456489 |  90.84 | 309
    All, 2022            | 557759 | 610476 | 413953 | 109.45 | 248
    County Zagreb, 2020  |  16416 |  19621 |   6302 | 119.52 | 117
    Civil Zagreb, 2022   |  56681 |  62811 |  46824 | 110.81 | 272
    Zadar, 2021          |  21220 |  17235 |  21505 |  81.22 | 455
    Zlatar, 2021         |   9123 |   8740 |   4058 |  95.80 | 169
"""


@pytest.mark.parametrize("line", [line for line in PRINTED.splitlines() if line.strip()])
def test_the_printed_rates_follow_from_the_printed_counts(catalogue, line):
    _, incoming, resolved, pending, rate, days = (cell.strip() for cell in line.split("|"))
    counts = {"filed": int(incoming), "reopened": 0, "closed": int(resolved), "pending_end": int(pending)}
    above, below = combined(catalogue.metrics["clearance_rate_cepej"].formula, counts, 365)
    assert f"{100 * above / below:.2f}" == rate
    above, below = combined(catalogue.metrics["disposition_time_cepej"].formula, counts, 365)
    assert f"{above / below:.0f}" == days


@pytest.fixture
def docket(given):
    """Of 2015: 3 filed, 2 closed, 1 pending."""
    given("model.cases", """
        case_key | registered_on | closed_on
        a        | 2016-01-04    | 2016-02-01
        b        | 2016-01-05    | 2016-03-01
        c        | 2016-03-06    |
    """)


def test_a_whole_year_has_365_days_also_a_leap_year(docket, expect):
    # 2016: 365 × 1 / 2 = 182.5
    expect("figures", """
        metric                 | period | numerator | denominator | value
        disposition_time_cepej | 2016   | 365       | 2           | 182.5000
        case_turnover_cepej    | 2016   | 2         | 1           | 2.0000
        clearance_rate_cepej   | 2016   | 2         | 3           | 0.6667
    """)


def test_a_part_of_a_year_has_its_days(docket, expect):
    # January to March 2016: 31 + 29 + 31 = 91 days; 91 × 1 / 2 = 45.5. With data to 10 March alone: 70 days, 70 × 1 / 2 = 35.
    expect("figures", """
        metric                 | period  | numerator | denominator | value
        disposition_time_cepej | 2016-Q1 | 91        | 2           | 45.5000
    """)
    expect("figures", """
        metric                 | period | numerator | denominator | value
        disposition_time_cepej | 2016   | 70        | 2           | 35.0000
    """, counting_day="2016-03-10")


def test_where_nothing_was_resolved_there_is_none(docket, expect):
    expect("figures", """
        metric                 | period  | value | reason
        disposition_time_cepej | 2016-06 |       | no_cases
        clearance_rate_cepej   | 2016-06 |       | no_cases
        case_turnover_cepej    | 2015    |       | no_cases
    """)
