"""reopened (重开): cases opened again under their own number, the term R of the balance (dictionary, section 9)."""

# The drawings keep their form.
# fmt: off

import pytest


@pytest.fixture
def history(given):
    """Versions of cases as of the ends of January, February and March 2016 (deliveries 1, 2 and 3)."""
    given("model.deliveries", """
        delivery_no | extract_on | world_rank
        1           | 2016-01-31 | 1
        2           | 2016-02-29 | 2
        3           | 2016-03-31 | 3
    """)
    return lambda text: given("model.case_history", text)


def test_a_reopening_counts_on_its_day_and_the_case_is_pending_again(history, expect):
    history("""
        case_key | delivery_no | registered_on | closed_on  | reopened_on
        a        | 1           | 2016-01-05    | 2016-01-20 |
        a        | 2           | 2016-01-05    |            | 2016-02-10
    """)
    expect("figures", """
        metric      | period  | value
        filed       | 2016-01 | 1
        closed      | 2016-01 | 1
        reopened    | 2016-01 | 0
        pending_end | 2016-01 | 0
        filed       | 2016-02 | 0
        closed      | 2016-02 | 0
        reopened    | 2016-02 | 1
        pending_end | 2016-02 | 1
    """)


def test_opening_stock_filed_and_reopened_less_closed_is_the_closing_stock(history, expect):
    # January: a and b are filed, a is closed. February: a is reopened, b closed. March: a is closed again.
    history("""
        case_key | delivery_no | registered_on | closed_on  | reopened_on
        a        | 1           | 2016-01-05    | 2016-01-20 |
        b        | 1           | 2016-01-06    |            |
        a        | 2           | 2016-01-05    |            | 2016-02-10
        b        | 2           | 2016-01-06    | 2016-02-29 |
        a        | 3           | 2016-01-05    | 2016-03-07 | 2016-02-10
    """)
    expect("figures", """
        metric        | period  | value
        pending_start | 2016-01 | 0
        filed         | 2016-01 | 2
        closed        | 2016-01 | 1
        pending_end   | 2016-01 | 1
        pending_start | 2016-02 | 1
        reopened      | 2016-02 | 1
        closed        | 2016-02 | 1
        pending_end   | 2016-02 | 1
        pending_start | 2016-03 | 1
        closed        | 2016-03 | 1
        pending_end   | 2016-03 | 0
        pending_start | 2016-Q1 | 0
        filed         | 2016-Q1 | 2
        reopened      | 2016-Q1 | 1
        closed        | 2016-Q1 | 3
        pending_end   | 2016-Q1 | 0
    """)


def test_where_the_first_closing_was_never_delivered_the_first_spell_ends_on_the_day_of_the_reopening(history, expect):
    history("""
        case_key | delivery_no | registered_on | closed_on | reopened_on
        a        | 2           | 2016-01-05    |           | 2016-02-10
    """)
    expect("figures", """
        metric      | period  | value
        filed       | 2016-01 | 1
        pending_end | 2016-01 | 1
        closed      | 2016-02 | 1
        reopened    | 2016-02 | 1
        pending_end | 2016-02 | 1
    """)


def test_a_case_closed_reopened_and_closed_on_one_day_counts_each_time(history, expect):
    history("""
        case_key | delivery_no | registered_on | closed_on  | reopened_on
        a        | 1           | 2016-01-05    | 2016-01-20 |
        a        | 2           | 2016-01-05    | 2016-01-20 | 2016-01-20
    """)
    expect("figures", """
        metric      | period  | value
        closed      | 2016-01 | 2
        reopened    | 2016-01 | 1
        pending_end | 2016-01 | 0
    """)


def test_a_reopened_case_whose_first_closing_date_still_stands_is_open(history, expect):
    # the source keeps the old closing day until the case is closed again
    history("""
        case_key | delivery_no | registered_on | closed_on  | reopened_on
        a        | 1           | 2016-01-05    | 2016-01-20 |
        a        | 2           | 2016-01-05    | 2016-01-20 | 2016-02-10
    """)
    expect("figures", """
        metric      | period  | value
        closed      | 2016-01 | 1
        pending_end | 2016-01 | 0
        reopened    | 2016-02 | 1
        pending_end | 2016-02 | 1
    """)


def test_a_reopening_before_the_data_is_not_counted_but_its_case_is_opening_stock(history, expect):
    history("""
        case_key | delivery_no | registered_on | closed_on | reopened_on
        a        | 1           | 2010-03-01    |           | 2011-12-01
    """)
    expect("figures", """
        metric        | period  | value
        pending_start | 2012-01 | 1
        reopened      | 2012-01 | 0
        closed        | 2012-01 | 0
        pending_end   | 2012-01 | 1
    """, data_from="2012-01-01")


def test_a_resumed_enforcement_has_a_new_number_and_is_filed_not_reopened(given, expect):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner | origin_case_key
        a        | 执        | 2016-01-04    | 2016-02-01 | zhongben       |
        b        | 执恢      | 2016-03-01    |            |                | a
    """)
    expect("figures", """
        metric   | period  | value
        filed    | 2016-03 | 1
        reopened | 2016-03 | 0
    """)
