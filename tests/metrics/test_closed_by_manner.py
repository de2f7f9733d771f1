"""mediation_withdrawal_rate (调撤率), mediation_rate (调解率), withdrawal_rate (撤诉率): dictionary M21, M22."""

# The drawings keep their form.
# fmt: off

import pytest


@pytest.fixture
def docket(given):
    """Six closings of civil first instance in March, one of another kind, one pending."""
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner
        a        | 民初      | 2016-01-04    | 2016-03-01 | judgment
        b        | 民初      | 2016-01-04    | 2016-03-02 | mediation
        c        | 民初      | 2016-01-04    | 2016-03-03 | withdrawal
        d        | 民初      | 2016-01-04    | 2016-03-04 | deemed_withdrawal
        e        | 民初      | 2016-01-04    | 2016-03-05 | dismissal
        f        | 民初      | 2016-01-04    | 2016-03-06 | mediation
        g        | 行初      | 2016-01-04    | 2016-03-06 | withdrawal
        h        | 民初      | 2016-01-04    |            |
    """)


def test_of_the_closings_of_civil_first_instance(docket, expect):
    # 6 closings: 2 mediated, 1 withdrawn, 1 treated as withdrawn.
    expect("figures", """
        metric                                   | period  | numerator | denominator
        mediation_withdrawal_rate                | 2016-03 | 4         | 6
        mediation_withdrawal_rate.without_deemed | 2016-03 | 3         | 6
        mediation_rate                           | 2016-03 | 2         | 6
        withdrawal_rate                          | 2016-03 | 2         | 6
        withdrawal_rate.without_deemed           | 2016-03 | 1         | 6
    """)


def test_mediated_and_withdrawn_add_up(docket, expect):
    # 调撤率 = 调解率 + 撤诉率, as 建始 prints for Q1 2018: (211 + 97) / 440 = 308 / 440 = 70 %
    expect("figures", """
        metric                    | period | numerator | denominator
        mediation_rate            | 2016   | 2         | 6
        withdrawal_rate           | 2016   | 2         | 6
        mediation_withdrawal_rate | 2016   | 4         | 6
    """)


def test_without_a_closing_there_is_none(docket, expect):
    expect("figures", """
        metric                    | period  | value | reason
        mediation_withdrawal_rate | 2016-04 |       | no_cases
    """)
