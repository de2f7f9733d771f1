"""Kaplan–Meier: the fixture of the dictionary to the digit, and three other implementations on random cases."""

import csv
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf
from statsmodels.duration.survfunc import SurvfuncRight

from warehouse.methods.survival import kaplan_meier

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""On a busy machine, too."""

FIXTURE = [(30, True), (45, True), (45, True), (60, False), (75, True), (90, True), (90, False), (120, True), (150, False),
           (180, True)]  # fmt: skip
"""Dictionary, section 10: days, and whether the case closed then."""


def curve_of(cases):
    return kaplan_meier((days, closed, 1) for days, closed in cases)


def test_the_curve_and_its_standard_errors_are_those_of_the_dictionary():
    steps = curve_of(FIXTURE).steps
    assert [(step.days, step.at_risk, step.closed) for step in steps] == [
        (30, 10, 1), (45, 9, 2), (75, 6, 1), (90, 5, 1), (120, 3, 1), (180, 1, 1),
    ]  # fmt: skip
    printed = ["0.90000000", "0.70000000", "0.58333333", "0.46666667", "0.31111111", "0.00000000"]
    assert [f"{step.survival:.8f}" for step in steps] == printed
    errors = ["0.09486833", "0.14491377", "0.16101530", "0.16577539", "0.16836175"]
    assert [f"{step.error:.8f}" for step in steps[:-1]] == errors and steps[-1].error is None


def test_median_and_means_are_those_of_the_dictionary():
    curve = curve_of(FIXTURE)
    assert (curve.median, curve.cases, curve.closed, curve.censored) == (90, 10, 7, 3)
    assert curve.restricted_mean(180) == pytest.approx(105.91666667, abs=5e-9)
    assert curve.mean_of_closed == pytest.approx(83.57142857, abs=5e-9)
    assert round(1 - curve.mean_of_closed / curve.restricted_mean(180), 2) == 0.21


def test_of_one_day_closings_come_before_censorings():
    # on day 90 five are at risk, one closes and one is censored: 7/12 × 4/5, not 7/12 × 3/4
    assert curve_of(FIXTURE).open_at(90) == pytest.approx(7 / 12 * 4 / 5)


def test_cases_may_be_given_one_by_one_or_together():
    assert curve_of(FIXTURE) == kaplan_meier([(45, True, 2), *((d, e, 1) for d, e in FIXTURE if d != 45)])


def test_a_half_that_was_never_seen_has_no_median():
    curve = curve_of([(10, True), (20, False), (30, False)])
    assert (curve.median, curve.quantile(0.3), curve.median_interval()[1]) == (None, 10, None)


def test_what_lies_beyond_the_longest_case_is_not_told():
    curve = curve_of([(10, True), (20, False)])
    assert (curve.open_at(0), curve.open_at(9), curve.open_at(20)) == (1, 1, 0.5)
    assert curve.restricted_mean(20) == 15
    for ask in (curve.open_at, curve.restricted_mean):
        with pytest.raises(ValueError, match=r"no case was followed for \[21\] days\. Ask for at most 20"):
            ask(21)
    assert curve_of(FIXTURE).open_at(1000) == 0 and curve_of(FIXTURE).restricted_mean(1000) == pytest.approx(105.91666667)


def test_no_cases_are_an_empty_curve_and_a_negative_duration_is_refused():
    curve = kaplan_meier([])
    assert (curve.steps, curve.cases, curve.median, curve.mean_of_closed) == ((), 0, None, None)
    with pytest.raises(ValueError, match=r"\[1\] cases cannot last \[-1\] days"):
        kaplan_meier([(-1, True, 1)])


cases = st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=80)


@given(cases)
@QUICK
def test_the_curve_agrees_with_statsmodels(found):
    if not any(closed for _, closed in found):
        return
    curve = curve_of(found)
    theirs = SurvfuncRight([days for days, _ in found], [int(closed) for _, closed in found])
    assert [step.days for step in curve.steps] == [int(t) for t in theirs.surv_times]
    assert [step.at_risk for step in curve.steps] == list(theirs.n_risk)
    assert [step.survival for step in curve.steps] == pytest.approx(list(theirs.surv_prob), abs=1e-12)
    assert [step.error for step in curve.steps if step.error is not None] == pytest.approx(
        [se for se, s in zip(theirs.surv_prob_se, theirs.surv_prob, strict=True) if s > 0], abs=1e-12
    )


@given(cases)
@QUICK
def test_the_curve_agrees_with_scipy(found):
    curve = curve_of(found)
    closed = [days for days, is_closed in found if is_closed]
    pending = [days for days, is_closed in found if not is_closed]
    theirs = ecdf(CensoredData(uncensored=closed, right=pending)).sf
    for days in range(curve.last_days + 1):
        assert curve.open_at(days) == pytest.approx(float(theirs.evaluate(days)), abs=1e-12)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # statsmodels takes the logarithm of 0 at the last step
@pytest.mark.parametrize("seed", range(20))
def test_median_and_its_interval_agree_with_statsmodels(seed):
    chance = random.Random(seed)
    found = [(chance.randint(1, 300), chance.random() < 0.7) for _ in range(120)]
    theirs = SurvfuncRight([days for days, _ in found], [int(closed) for _, closed in found])
    low, high = theirs.quantile_ci(0.5, method="cloglog")
    curve = curve_of(found)
    assert curve.median == theirs.quantile(0.5)
    assert curve.median_interval() == (low, high if np.isfinite(high) else None)


def test_the_curve_agrees_with_lifelines():
    """lifelines_reference.csv: lifelines 0.30.0 on cases drawn as here (docs/decisions says why it is no dependency)."""
    with (Path(__file__).parent / "lifelines_reference.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for seed in (1, 2, 3):
        chance = random.Random(seed)
        drawn = [(chance.randint(0 if seed == 3 else 1, 200), chance.random() < (0.7 if seed != 2 else 0.3)) for _ in range(60)]
        curve, theirs = curve_of(drawn), [row for row in rows if row["seed"] == str(seed)]
        assert [(s.days, s.at_risk, s.closed) for s in curve.steps] == [
            (int(row["time"]), int(row["at_risk"]), int(row["closed"])) for row in theirs
        ]
        assert [s.survival for s in curve.steps] == pytest.approx([float(row["survival"]) for row in theirs], abs=1e-11)
        variances = [(s.error / s.survival) ** 2 for s in curve.steps if s.error is not None]
        known = [float(row["greenwood_variance_over_square"]) for row in theirs][: len(variances)]
        assert variances == pytest.approx(known, abs=1e-11)
        assert (curve.median or float("inf")) == float(theirs[0]["median"])
        assert curve.restricted_mean(120) == pytest.approx(float(theirs[0]["restricted_mean_to_120"]), abs=1e-9)
