"""The bridge between two figures: the terms by hand, and adding up exactly for whatever docket."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from warehouse.audit.bridge import bridge, days_of, in_days
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import Unknown

CONFUSED = (
    "accepted_r1", "accepted_r2", "filed", "filed.without_resumed", "filed.without_preservation", "filed.with_mediation",
    "accepted_r1.with_mediation", "accepted_r2.without_resumed",
)  # fmt: skip
RATES = (
    "closing_rate_cn", "disposal_filing_ratio_cn", "clearance_rate_cepej", "closing_rate_cn.with_reopened",
    "closing_rate_cn.without_resumed", "disposal_filing_ratio_cn.without_preservation", "clearance_rate_cepej.with_mediation",
)  # fmt: skip
METRICS = ["accepted_r1", "accepted_r2", "closing_rate_cn", "disposal_filing_ratio_cn", "clearance_rate_cepej"]

DOCKET = """
    case_key | type_code | registered_on | closed_on  | reopened_on | is_counted | is_mediation
    a        | 民初      | 2016-01-10    |            |             | true       | false
    b        | 民初      | 2016-02-25    | 2016-02-28 |             | true       | false
    c        | 执恢      | 2016-02-10    | 2016-03-25 |             | true       | false
    d        | 民初      | 2016-03-05    | 2016-03-09 |             | true       | false
    e        | 执恢      | 2016-03-06    |            |             | true       | false
    f        | 执保      | 2016-03-07    | 2016-03-08 |             | true       | false
    g        | 民初      | 2016-03-28    |            |             | true       | false
    h        | 民初      | 2016-01-11    | 2016-03-15 | 2016-03-12  | true       | false
    m        | 诉前调    | 2016-03-09    |            |             | false      | true
"""
"""In March 2016: a c pending before it (h was closed in its spell of January on the day of its reopening), d e f g filed, h
reopened, c d f h closed. From 21 February to 20 March: a c h before it; b d e f filed; b d f and h closed."""


@pytest.fixture
def across(bench, given):
    """`across(FIGURE_ID, FIGURE_ID)`: the bridge between two figures of the docket above."""
    given("model.cases", DOCKET)
    reader = read(bench)
    return lambda one, two: bridge(reader, reader.parse(one), reader.parse(two), by_day(bench))


def read(bench):
    bench.reckon("2016-12-31", "2016-01-01", METRICS)
    return Reader(bench.count(METRICS), bench.catalogue.profile.settings.calendars)


def by_day(bench):
    """Counts members on days in the model of a bench."""
    values = bench.work.parameters()
    return lambda asked: nullcontext(partial(days_of, bench.store.connection, bench.catalogue, values, asked))


def told(terms):
    return [(term.name_en, term.amount) for term in terms]


# --- by hand


def test_the_two_readings_of_accepted_differ_by_the_opening_stock(across):
    found = across("accepted_r2/2016-03", "accepted_r1/2016-03")
    # a, c and h were pending: h's reopening ends its first spell on the 12th
    assert (found.before.value, found.after.value, told(found.above)) == (4, 7, [("Pending at the start", 3)])
    assert found.adds_up and not found.steps


def test_the_closing_rate_and_the_disposal_filing_ratio_differ_by_the_stock_below_the_line(across):
    # closed: c d f and h twice, 5 of 3 + 4; of 4 filed alone 5 / 4
    found = across("closing_rate_cn/2016-03", "disposal_filing_ratio_cn/2016-03")
    assert (told(found.above), told(found.below)) == ([], [("Pending at the start", -3)])
    assert [(s.numerator, s.denominator, s.change) for s in found.steps] == [(5, 4, Fraction(5, 4) - Fraction(5, 7))]
    assert found.adds_up


def test_a_scope_is_bridged_by_what_it_leaves_out_above_the_line_and_then_below(across):
    # without 执恢: c is not closed, nor pending before; e is not filed. 5/7 → 4/7 → 4/6 → 4/5
    found = across("closing_rate_cn/2016-03", "closing_rate_cn.without_resumed/2016-03")
    resumed = "resumed enforcement (执恢)"
    assert told(found.above) == [(f"Closed: {resumed}", -1)]
    assert told(found.below) == [(f"Pending at the start: {resumed}", -1), (f"Filed: {resumed}", -1)]
    assert [s.value for s in found.steps] == [Fraction(4, 7), Fraction(4, 6), Fraction(4, 5)]
    assert sum((s.change for s in found.steps), Fraction()) == Fraction(4, 5) - Fraction(5, 7)
    assert across("closing_rate_cn/2016-03", "closing_rate_cn.without_resumed/2016-03").above[0].name_zh == "结案：执恢"


def test_two_scopes_are_bridged_by_both_classes_and_mediation_by_its_own_count(across):
    assert told(across("filed.without_resumed/2016-03", "filed.without_preservation/2016-03").above) == [
        ("Filed: resumed enforcement (执恢)", 1), ("Filed: execution of preservation (执保)", -1)]  # fmt: skip
    assert told(across("filed/2016-03", "filed.with_mediation/2016-03").above) == [("Mediation before filing, registered", 1)]


def test_two_ratios_in_one_scope_differ_by_a_piece_in_that_scope(across):
    found = across("closing_rate_cn.without_resumed/2016-03", "disposal_filing_ratio_cn.without_resumed/2016-03")
    assert told(found.below) == [("Pending at the start: without resumed enforcement (执恢)", -2)]


def test_what_comes_in_below_the_line_comes_before_what_goes_out(across):
    # C/(O+F) to C/(F+R): the reopened one comes in first, so that the line is never zero
    found = across("closing_rate_cn/2016-03", "clearance_rate_cepej/2016-03")
    assert [(s.term.name_en, s.term.amount, s.denominator) for s in found.steps] == [
        ("Reopened", 1, 8), ("Pending at the start", -3, 5)]  # fmt: skip


def test_a_month_by_two_calendars_differs_by_the_days_that_one_alone_has(across):
    # 21 to 29 February: b; 21 to 31 March: g
    found = across("filed/2016-03", "filed/stat20_month:2016-03")
    assert (found.before.value, found.after.value) == (4, 4)
    assert told(found.above) == [("Filed, 2016-02-21..2016-02-29", 1), ("Filed, 2016-03-21..2016-03-31", -1)]
    # 受理 with its stock: b came and was closed between the two starts; g comes too late
    found = across("accepted_r1/2016-03", "accepted_r1/stat20_month:2016-03")
    assert told(found.above) == [
        ("Closed, 2016-02-21..2016-02-29", 1), ("Filed, 2016-03-21..2016-03-31", -1), ("Reopened, 2016-02-21..2016-02-29", 0)]  # fmt: skip
    assert found.adds_up and (found.before.value, found.after.value) == (7, 7)


@pytest.mark.parametrize(("one", "two", "why"), [
    ("filed/2016-03", "filed/2016-03", "the same figure"),
    ("filed/2016-03", "filed/2016-04", "different periods"),
    ("filed/2016-03", "filed/2016-03/family=civil", "different cases"),
    ("filed/2016-03", "closed/2016-03", "have no term in common"),
    ("filed/2016-03", "closing_rate_cn/2016-03", "one is in cases, the other in share"),
    ("closing_rate_cn/2016-03", "closing_rate_cn.without_resumed/stat20_month:2016-03", "one difference at a time"),
    ("filed/2017-03", "filed.without_resumed/2017-03", "beyond_data"),
    ("closing_rate_cn/2016-03", "disposal_filing_ratio_cn/2016-03/counts_as=enforcement_first", "different cases"),
    ("filed/2016-12", "filed/dec_nov_year:2016-Q4", "different periods"),
    ("closing_rate_cn/2016-12", "disposal_filing_ratio_cn/2016-12", "no_cases"),
])  # fmt: skip
def test_what_cannot_be_bridged_is_refused_with_the_reason(across, one, two, why):
    with pytest.raises(Unknown, match=why):
        across(one, two)


# --- whatever docket

TYPES = {"民初": (True, ""), "执恢": (True, "without_resumed"), "执保": (True, "without_preservation"), "诉前调": (False, "")}
DAYS = st.integers(0, 364).map(lambda number: date(2016, 1, 1) - timedelta(days=120) + timedelta(days=number))
CASES = st.lists(
    st.tuples(st.sampled_from(list(TYPES)), DAYS, st.one_of(st.none(), st.integers(0, 150))), min_size=1, max_size=25
)


def slow(cases, name, first, last):
    """Numerator and denominator of a reading by the words of its definition, case by case; none is reopened."""
    metric, _, scope = name.partition(".")
    mine = [(opened, closed) for code, opened, closed in cases
            if (TYPES[code][0] or scope == "with_mediation") and not (scope and TYPES[code][1] == scope)]  # fmt: skip
    stock = sum(opened < first and (closed is None or closed >= first) for opened, closed in mine)
    filed = sum(first <= opened <= last for opened, _ in mine)
    closed = sum(closed is not None and first <= closed <= last for _, closed in mine)
    return {
        "accepted_r1": (stock + filed, None), "accepted_r2": (filed, None), "filed": (filed, None),
        "closing_rate_cn": (closed, stock + filed), "disposal_filing_ratio_cn": (closed, filed),
        "clearance_rate_cepej": (closed, filed),
    }[metric]  # fmt: skip


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@drawn(CASES)
def test_the_terms_of_every_bridge_add_up_to_what_a_count_by_hand_gives(new_bench, rows):
    cases = [(code, opened, opened + timedelta(days=held) if held is not None else None) for code, opened, held in rows]
    bench = new_bench()
    try:
        bench.put("model.cases", "case_key | type_code | registered_on | closed_on | is_counted | is_mediation\n" + "\n".join(
            f"k{n} | {code} | {opened} | {closed or ''} | {str(TYPES[code][0]).lower()} | {str(not TYPES[code][0]).lower()}"
            for n, (code, opened, closed) in enumerate(cases)))  # fmt: skip
        reader = read(bench)
        for names in (CONFUSED, RATES):
            for one, two in (*pairwise(names), *pairwise(reversed(names))):
                holds(reader, bench, cases, f"{one}/2016-02..2016-05", f"{two}/2016-02..2016-05")
        for name in ("filed.with_mediation", "accepted_r1.without_resumed", "closing_rate_cn", "clearance_rate_cepej"):
            for calendar in ("stat20_month", "dec_nov_year"):
                holds(reader, bench, cases, f"{name}/2016-Q2", f"{name}/{calendar}:2016-Q2")
    finally:
        bench.store.abandon()


def holds(reader, bench, cases, one, two):
    """The figures are what a plain count gives, and the bridge leads from one to the other; or one of them is no number."""
    sides = [reader.answer(reader.parse(name))[0] for name in (one, two)]
    plain = [slow(cases, side.name.replace(".with_reopened", ""), side.first_day, side.last_day) for side in sides]
    if any(denominator == 0 for _, denominator in plain):
        assert any(side.reason == "no_cases" for side in sides)
        return
    assert [(side.numerator, side.denominator) for side in sides] == plain
    found = bridge(reader, reader.parse(one), reader.parse(two), by_day(bench))
    above, below = (sum(term.amount for term in terms) for terms in (found.above, found.below))
    (a, b), (c, d) = plain
    assert (above, below) == (c - a, (d or 0) - (b or 0))
    if b is not None and d is not None:
        assert sum((step.change for step in found.steps), Fraction()) == Fraction(c, d) - Fraction(a, b)
        assert all(step.denominator > 0 for step in found.steps)
    assert found.adds_up


# --- of a publication


@pytest.mark.parametrize(("one", "two"), [
    ("closing_rate_cn/2014@r000001", "clearance_rate_ncsc/2014@r000001"),
    ("closing_rate_cn/2014@r000001", "closing_rate_cn/stat20_month:2014@r000001"),
    ("closing_rate_cn.with_mediation/2016-H1", "closing_rate_cn.with_mediation/dec_nov_year:2016-H1"),
    ("disposition_time_cepej/2015", "disposition_time_cepej.without_resumed/2015"),
])  # fmt: skip
def test_a_published_figure_is_bridged_by_what_was_known_then(two_nights, one, two):
    with two_nights.reader(one.partition("@")[2] or None) as reader:
        found = bridge(reader, reader.parse(one), reader.parse(two), partial(in_days, two_nights.place, reader))
    assert found.adds_up and found.before.refresh_id == ("r000001" if "@" in one else "r000002")
    assert any(term.count for term in (*found.above, *found.below))


def test_a_rate_that_counts_the_days_of_its_span_is_not_bridged_between_calendars(two_nights):
    with two_nights.reader() as reader, pytest.raises(Unknown, match="counts the days of its span"):
        bridge(reader, reader.parse("disposition_time_cepej/2015-03"),
               reader.parse("disposition_time_cepej/stat20_month:2015-03"), partial(in_days, two_nights.place, reader))  # fmt: skip
