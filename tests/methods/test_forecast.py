"""Forecast and plan: the fixture of the dictionary, months worked out by hand, and chance itself as a second opinion."""

import random
from statistics import fmean, pvariance

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from warehouse.methods.forecast import (
    AGES,
    Expected,
    Past,
    bucket_of,
    cleared_in,
    closings,
    closings_needed,
    errors,
    hazards,
    in_season,
    project,
    seasonal,
    seasonal_naive,
)

EVEN = [0.5] * len(AGES)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""On a busy machine, too."""


def test_one_step_is_that_of_the_dictionary():
    found = closings([100, 80, 40, 20], [0.25, 0.35, 0.45, 0.20])
    assert (found.mean, found.variance) == (pytest.approx(75), pytest.approx(50.05))
    assert round(found.variance**0.5, 2) == 7.07


def test_ages_fall_into_their_buckets():
    assert [bucket_of(age) for age in (0, 1, 2, 3, 5, 6, 11, 12, 17, 18, 35, 36, 400)] == [
        0,
        1,
        1,
        2,
        2,
        3,
        3,
        4,
        4,
        5,
        5,
        6,
        6,
    ]


def test_a_bucket_without_anybody_takes_the_chance_of_the_one_before():
    assert hazards([10, 0, 4], [5, 0, 1]) == [0.5, 0.5, 0.25]
    assert hazards([0, 4], [0, 1]) == [0.0, 0.25]


def test_two_months_are_those_worked_out_by_hand():
    # half of everything closes each month. Month 1: 10 pending, 8 come: 9 close, 9 stay. Month 2: 4 come: 13 / 2.
    # variances: pending ones n q (1 - q), q = 1/2 then 1/4 of the 10; who came is Poisson: mean = variance.
    first, second = project([10], [EVEN] * 2, [8, 4])
    assert (first.incoming, first.closed, first.pending) == (Expected(8, 8), Expected(9, 2.5 + 4), Expected(9, 2.5 + 4))
    assert second.closed == Expected(6.5, 10 * 0.25 * 0.75 + 2 + 2)
    assert second.pending == Expected(6.5, 10 * 0.25 * 0.75 + 2 + 2)


def test_who_stays_grows_older():
    chances = [0.0, 1.0, *[0.0] * 5]  # everybody closes in the month after that of filing
    first, second = project([0, 0, 5], [chances] * 2, [7, 7])  # five of age 3, who never close
    assert (first.closed.mean, first.pending.mean) == (0, 12)
    assert (second.closed.mean, second.pending.mean) == (7, 12)


@given(
    st.lists(st.integers(0, 50), max_size=40),
    st.lists(st.floats(0, 1), min_size=len(AGES), max_size=len(AGES)),
    st.lists(st.floats(0, 100), min_size=1, max_size=12),
)
@QUICK
def test_no_case_is_lost_or_made(stock, chances, incoming):
    before = sum(stock)
    for month in project(stock, [chances] * len(incoming), incoming):
        assert month.pending.mean == pytest.approx(before + month.incoming.mean - month.closed.mean, abs=1e-6)
        before = month.pending.mean


def test_means_and_variances_are_those_of_chance():
    chance, chances = random.Random(7), [0.3, 0.2, 0.4, *[0.1] * 4]
    stock, coming = [20, 0, 15], 6
    closed, left = [], []
    for _ in range(4000):
        ages = [age for age, cases in enumerate(stock, 1) for _ in range(cases)]
        for _ in range(3):
            ages += [0] * _poisson(chance, coming)
            staying = [age + 1 for age in ages if chance.random() >= chances[bucket_of(age)]]
            gone, ages = len(ages) - len(staying), staying
        closed.append(gone)
        left.append(len(ages))
    month = project(stock, [chances] * 3, [coming] * 3)[-1]
    for drawn, expected in ((closed, month.closed), (left, month.pending)):
        assert fmean(drawn) == pytest.approx(expected.mean, abs=4 * (expected.variance / 4000) ** 0.5)
        assert pvariance(drawn) == pytest.approx(expected.variance, rel=0.1)


def _poisson(chance, mean):
    count, time = 0, chance.expovariate(mean)
    while time < 1:
        count, time = count + 1, time + chance.expovariate(mean)
    return count


def test_each_month_has_its_own_chances():
    # 10 pending: a quarter closes in the first month, then (twice as often) a half of the 7.5
    first, second = project([10], [in_season(EVEN, 0.5), EVEN], [0, 0])
    assert (first.closed.mean, second.closed.mean) == (2.5, 3.75)
    assert in_season([0.2, 0.7], 1.5) == pytest.approx([0.3, 1.0])


def test_an_interval_is_that_of_the_normal_distribution_and_never_below_0():
    assert Expected(100, 25).interval() == pytest.approx(norm.interval(0.95, 100, 5))
    assert Expected(1, 4).interval()[0] == 0


YEAR_BY_HAND = [10, 20, 30, 10, 20, 30, 10, 20, 30, 10, 20, 30]


def test_of_one_year_the_expected_filings_are_those_of_a_year_before():
    assert seasonal(YEAR_BY_HAND, 14) == pytest.approx([*YEAR_BY_HAND, 10, 20])
    assert seasonal_naive(YEAR_BY_HAND, 14) == [*YEAR_BY_HAND, 10, 20]


def test_of_two_years_the_level_is_that_of_the_last_and_the_season_that_of_both():
    # first year all 10 (each month 1 of its mean), second year as by hand (mean 20: 0.5, 1, 1.5): usual 0.75, 1, 1.25
    assert seasonal([10] * 12 + YEAR_BY_HAND, 3) == pytest.approx([15, 20, 25])


def test_the_season_is_that_of_the_coming_month_wherever_the_history_ends():
    assert seasonal([*YEAR_BY_HAND, 10], 2)[0] == pytest.approx(20)


@pytest.mark.parametrize("ask", [seasonal, seasonal_naive])
def test_eleven_months_are_too_short_a_history(ask):
    with pytest.raises(ValueError, match=r"\[11\] months are too short a history\. Give at least 12"):
        ask([1] * 11, 1)


def test_past_errors_are_told_beside_those_of_the_seasonal_naive_forecast():
    # forecasts 10 ± 1.96 × 2 of 12 and 16: errors 2 and 6, the second outside; naive 12 and 13: 0 and 3
    found = errors([Past(12, Expected(10, 4), 12), Past(16, Expected(10, 4), 13)])
    assert (found.forecasts, found.mean_absolute, found.naive_mean_absolute, found.bias, found.inside) == (2, 4, 1.5, 4, 0.5)
    with pytest.raises(ValueError, match="no past forecast"):
        errors([])


def test_so_many_closings_a_month_clear_the_backlog_by_a_month():
    # 100 pending, 10 come a month: 30 closings take 20 off a month, 100 / 20 = 5 months; to leave 50, 2.5: 3 months
    assert cleared_in(100, [10] * 12, 30) == 5
    assert cleared_in(100, [10] * 12, 30, left=50) == 3
    assert cleared_in(100, [10] * 12, 10) is None
    assert cleared_in(100, [10] * 12, 30, left=100) == 0
    # with 1.96 standard deviations more (sqrt of 60 after six months): 100 + 60 + 15.2 - 180 <= 0
    assert cleared_in(100, [10] * 12, 30, z=1.96) == 6


def test_closings_that_are_needed_are_those_that_clear_in_time():
    assert closings_needed(100, [10] * 5) == 30
    assert closings_needed(100, [10] * 5, left=50) == 20
    assert closings_needed(3, [1, 1], left=50) == 0
    with pytest.raises(ValueError, match="no month to close in"):
        closings_needed(1, [])


@given(st.integers(1, 5000), st.lists(st.integers(0, 400), min_size=1, max_size=24))
@QUICK
def test_both_questions_of_a_plan_have_one_answer(pending, incoming):
    needed = closings_needed(pending, incoming)
    found = cleared_in(pending, incoming, needed)
    assert found is not None and found <= len(incoming)
    assert cleared_in(pending, incoming, needed - 1) != len(incoming)
