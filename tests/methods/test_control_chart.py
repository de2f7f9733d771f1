"""Limits and signals: the fixtures of the dictionary, and each rule on a series that breaks it alone."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.methods.control_chart import Band, Signal, p_chart, signals, xmr

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""On a busy machine, too."""

FILINGS = [212, 198, 225, 240, 205, 219, 231, 190, 208, 222, 236, 214]
SHARES = [(188, 200), (205, 210), (176, 190), (231, 240), (150, 165), (222, 230), (199, 205), (168, 180)]
"""Both: dictionary, section 10."""


def test_the_limits_of_individual_values_are_those_of_the_dictionary():
    chart = xmr(FILINGS)
    assert chart.bands[0] == Band(*(pytest.approx(n, abs=5e-9) for n in (216.66666667, 162.01575758, 271.31757576)))
    assert chart.range_limit == pytest.approx(67.14254545, abs=5e-9)
    assert (set(chart.bands), chart.signals, chart.reason) == ({chart.bands[0]}, (), None)


def test_the_limits_of_shares_are_those_of_the_dictionary():
    plain, laney = p_chart(SHARES, laney=False, at_least=2), p_chart(SHARES, at_least=2)
    assert plain.bands[4] == Band(0.95, pytest.approx(0.899099, abs=5e-7), 1)
    assert laney.bands[4] == Band(0.95, pytest.approx(0.837338, abs=5e-7), 1)
    sigma = (0.95 * 0.05 / 165) ** 0.5
    assert (0.95 - laney.bands[4].lower) / (3 * sigma) == pytest.approx(2.21336590, abs=5e-9)
    z = [3 * (x / n - 0.95) / (0.95 - band.lower) for (x, n), band in zip(SHARES, plain.bands, strict=True)]
    assert [f"{one:.6f}" for one in z] == [
        "-0.648886", "1.741431", "-1.497921", "0.888523", "-2.411099", "1.058906", "1.361963", "-1.025978",
    ]  # fmt: skip
    assert plain.signals == laney.signals == ()


def test_each_share_has_the_limits_of_its_own_trials():
    chart = p_chart([(90, 100), (360, 400), (180, 200)] * 4 + [(95, 100)], laney=False)
    centre = (4 * (90 + 360 + 180) + 95) / (4 * 700 + 100)
    widths = [(band.centre, band.centre - band.lower) for band in chart.bands[:3]]
    assert widths == [(centre, pytest.approx(3 * (centre * (1 - centre) / n) ** 0.5)) for n in (100, 400, 200)]


@pytest.mark.parametrize("points", [FILINGS[:11], [None, *FILINGS[:11]], []])
def test_fewer_than_twelve_points_have_no_limits(points):
    chart = xmr(points)
    assert (chart.bands, chart.signals, chart.reason) == (tuple(None for _ in points), (), "too_few_points")
    assert p_chart([(1, 2)] * 11 + [(0, 0)]).reason == "too_few_points"


def test_what_does_not_vary_has_no_limits():
    assert xmr([7] * 12).reason == "no_variation"
    assert p_chart([(5, 5)] * 12).reason == p_chart([(0, 5)] * 12).reason == "no_variation"
    assert p_chart([(4, 5)] * 12).reason == "no_variation"  # by Laney: no share differs from the one before it
    assert p_chart([(4, 5)] * 12, laney=False).reason is None


def test_a_gap_has_no_band_and_no_range_is_taken_over_it():
    # ranges 2 in each half; the step of 100 between them is not one
    chart = xmr([10, 12, 10, 12, 10, 12, None, 110, 112, 110, 112, 110, 112])
    assert chart.bands[6] is None
    assert chart.bands[0].upper - chart.bands[0].centre == pytest.approx(2.66 * 2)


def test_limits_are_not_set_anew_by_a_shift():
    shifted = xmr([10, 12] * 8 + [30, 32] * 8)
    assert len({band.centre for band in shifted.bands}) == 1
    assert {signal.rule for signal in shifted.signals} >= {"beyond_limit", "long_run"}


@pytest.mark.parametrize(("scores", "fired"), [
    ([0.1, -0.1, 1.0, -1.0], []),  # on the limit is not beyond it
    ([0.1, 1.01, -0.1], [("beyond_limit", 1, 1)]),
    ([0.1, -1.5], [("beyond_limit", 1, 1)]),
    ([0.6, 0.6, -0.1, 0.6], [("near_limit", 0, 3)]),
    ([0.6, 0.6, 0.4, 0.4], []),
    ([0.6, -0.6, 0.6, -0.6], []),  # not the same limit
    ([0.6, 0.6, None, 0.6], []),  # no rule looks across a gap
    ([0.1] + [-0.6] * 6 + [0.1], [("near_limit", 1, 6)]),  # windows that overlap are one signal, from point to point
    ([0.1] * 7 + [-0.1], []),
    ([0.1] * 8, [("long_run", 0, 7)]),
    ([-0.1] + [0.1] * 10 + [-0.1], [("long_run", 1, 10)]),
    ([0.1] * 4 + [0.0] + [0.1] * 4, []),  # on the centre is on no side
    ([0.1] * 4 + [None] + [0.1] * 4, []),
])  # fmt: skip
def test_a_rule_fires_where_it_should_and_nowhere_else(scores, fired):
    assert sorted((one.rule, one.first, one.last) for one in signals(scores)) == sorted(fired)


def test_a_range_that_is_too_wide_names_both_its_points():
    values = [10, 11] * 10 + [4, 17, 10, 11]  # ranges 1 but for 7, 13, 7: mean (20 + 7 + 13) / 23 …
    chart = xmr(values)
    mean = (19 * 1 + 7 + 13 + 7 + 1) / 23
    assert chart.range_limit == pytest.approx(3.268 * mean)
    assert Signal("wide_range", 19, 20) in chart.signals and Signal("wide_range", 20, 21) in chart.signals


counts = st.tuples(st.integers(0, 1000), st.integers(1, 500)).map(lambda drawn: (drawn[0] * drawn[1] // 1000, drawn[1]))


@given(st.lists(counts, min_size=12, max_size=40))
@QUICK
def test_limits_of_shares_lie_between_0_and_1_around_their_centre(points):
    chart = p_chart(points)
    assert all(0 <= band.lower <= band.centre <= band.upper <= 1 for band in chart.bands if band)
    places = range(len(points))
    assert all(one.first in places and one.last in places and one.first <= one.last for one in chart.signals)


@given(st.lists(st.integers(0, 1000), min_size=12, max_size=40), st.integers(1, 50))
@QUICK
def test_a_chart_moves_with_its_values(values, by):
    one, other = xmr(values), xmr([value * by for value in values])
    assert [band and band.upper * by for band in one.bands] == pytest.approx([band and band.upper for band in other.bands])
