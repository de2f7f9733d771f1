"""Shares and their intervals against the fixtures of the dictionary, section 10."""

from math import sqrt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, norm, variation
from statsmodels.stats.proportion import proportion_confint

from warehouse.methods.rates import Z_ONE_SIDED, Z_TWO_SIDED, evenness, is_shown, need_in_a_row, short_by, wilson

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""On a busy machine, too."""

FIXTURES = [
    # x, n, one-sided lower, two-sided, met, shown
    (960, 1000, 0.94850439, 0.94599036, 0.97048903, True, False),
    (961, 1000, 0.94962326, 0.94713069, 0.97134104, True, False),
    (962, 1000, 0.95074387, 0.94827308, 0.97219100, True, True),
    (963, 1000, 0.95186629, 0.94941760, 0.97303882, True, True),
    (475, 500, 0.93140688, 0.92723184, 0.96590625, True, False),
    (9600, 10000, 0.95665037, 0.95597931, 0.96366741, True, True),
    (20, 20, 0.88084216, 0.83887484, 1, True, False),
    (19, 20, 0.80399276, 0.76386881, 0.99111855, True, False),
    (0, 20, 0, 0, 0.16112516, False, False),
]


@pytest.mark.parametrize(("x", "n", "lower", "low", "high", "met", "shown"), FIXTURES)
def test_wilson_and_the_target_of_95_percent_are_those_of_the_dictionary(x, n, lower, low, high, met, shown):
    assert wilson(x, n, Z_ONE_SIDED)[0] == pytest.approx(lower, abs=5e-9)
    assert wilson(x, n) == (pytest.approx(low, abs=5e-9), pytest.approx(high, abs=5e-9))
    assert (short_by(x, n, 0.95) == 0, is_shown(x, n, 0.95)) == (met, shown)


def test_wilson_agrees_with_the_public_reference_for_90_of_100():
    assert wilson(90, 100, 1.96) == (pytest.approx(0.82563, abs=5e-6), pytest.approx(0.94477, abs=5e-6))


@pytest.mark.parametrize(("n", "x"), [(100, 99), (200, 196), (500, 484), (1000, 962), (2000, 1917), (5000, 4776)])
def test_the_smallest_number_with_which_95_percent_is_shown(n, x):
    assert is_shown(x, n, 0.95) and not is_shown(x - 1, n, 0.95)


def test_without_a_failure_52_are_enough_and_51_are_not():
    assert wilson(52, 52, Z_ONE_SIDED)[0] == pytest.approx(0.95054352, abs=5e-9)
    assert wilson(51, 51, Z_ONE_SIDED)[0] == pytest.approx(0.94962264, abs=5e-9)
    assert is_shown(52, 52, 0.95) and not is_shown(51, 51, 0.95)


def test_an_interval_stays_between_0_and_1_and_holds_its_share():
    for n in (1, 2, 3, 7, 50):
        for x in range(n + 1):
            low, high = wilson(x, n)
            assert 0 <= low <= x / n + 1e-12 and x / n - 1e-12 <= high <= 1


@pytest.mark.parametrize(("x", "n"), [(0, 0), (1, 0), (-1, 5), (6, 5)])
def test_what_is_no_share_has_no_interval(x, n):
    with pytest.raises(ValueError, match=r"is no share\. Give 0 <= successes <= trials"):
        wilson(x, n)


def test_938_of_1000_are_12_short():
    assert short_by(938, 1000, 0.95) == 12


@pytest.mark.parametrize(("x", "n", "target", "short"), [(0, 100, 0.07, 7), (7, 100, 0.07, 0), (950, 1000, 0.95, 0),
                                                         (949, 1000, 0.95, 1), (0, 20, 0.95, 19), (1, 3, 0.95, 2)])  # fmt: skip
def test_cases_short_are_counted_without_binary_rounding(x, n, target, short):
    assert short_by(x, n, target) == short


@pytest.mark.parametrize(("x", "n", "target", "more"), [
    (938, 1000, 0.95, 240),  # (938 + 240) / 1240 = 0.95, dictionary section 10
    (950, 1000, 0.95, 0), (0, 20, 0.95, 380), (0, 0, 0.95, 0), (6, 100, 0.07, 2), (1, 2, 0.9, 8),
])  # fmt: skip
def test_successes_in_a_row_are_counted_without_binary_rounding(x, n, target, more):
    assert need_in_a_row(x, n, target) == more


@given(n=st.integers(0, 3000), share=st.floats(0, 1), percent=st.integers(1, 99))
@QUICK
def test_so_many_in_a_row_reach_the_target_and_one_less_does_not(n, share, percent):
    x = int(n * share)
    more = need_in_a_row(x, n, percent / 100)
    assert 100 * (x + more) >= percent * (n + more)
    assert more == 0 or 100 * (x + more - 1) < percent * (n + more - 1)


def test_a_target_of_all_is_not_reached_after_a_failure():
    with pytest.raises(ValueError, match=r"a target of \[1.0\] is never reached"):
        need_in_a_row(1, 2, 1.0)


@given(n=st.integers(1, 20_000), share=st.floats(0, 1))
@QUICK
def test_wilson_agrees_with_scipy_and_statsmodels(n, share):
    x = int(n * share)
    theirs = binomtest(x, n).proportion_ci(0.95, "wilson")
    assert wilson(x, n) == pytest.approx((theirs.low, theirs.high), abs=1e-12)
    assert wilson(x, n) == pytest.approx(proportion_confint(x, n, 0.05, "wilson"), abs=1e-12)
    lower = binomtest(x, n, alternative="greater").proportion_ci(0.95, "wilson").low
    assert wilson(x, n, Z_ONE_SIDED)[0] == pytest.approx(lower, abs=1e-12)


def test_the_quantiles_are_those_of_the_normal_distribution():
    assert [norm.ppf(0.975), norm.ppf(0.95)] == pytest.approx([Z_TWO_SIDED, Z_ONE_SIDED], abs=1e-14)


def test_equal_months_are_wholly_even_and_one_month_alone_is_not():
    # mean 2, deviations 1 and 1: 1 - 1 / 2; all in one of four months: mean 1, deviation sqrt((9 + 3) / 4)
    assert evenness([5] * 12) == 1
    assert evenness([1, 3]) == 0.5
    assert evenness([4, 0, 0, 0]) == pytest.approx(1 - sqrt(3))
    assert evenness([0, 0]) is None and evenness([]) is None


@given(st.lists(st.integers(0, 5000), min_size=12, max_size=12).filter(any))
@QUICK
def test_evenness_is_one_less_the_coefficient_of_variation_of_scipy(counts):
    assert evenness(counts) == pytest.approx(1 - variation(counts), abs=1e-12)
