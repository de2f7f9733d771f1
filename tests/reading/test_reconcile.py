"""Published totals beside ours: same, different with the reason, not comparable with the reason; by hand."""

import pytest

from warehouse.reading.reconcile import gaps, reconcile

DOCKET = """
    case_key | type_code | registered_on | closed_on
    a        | 民初      | 2015-12-30    | 2016-01-05
    b        | 民初      | 2016-01-10    | 2016-01-20
    c        | 执恢      | 2016-01-21    |
    d        | 刑初      | 2016-01-25    | 2016-02-10
    e        | 民初      | 2016-02-21    |
"""
"""In January and February: a before, b c d e filed, a b d closed, c e left. To 20 February: e not yet filed."""


@pytest.fixture
def beside(given, reader, bench):
    """`beside("filed | … | 4")`: totals of January and February 2016 beside ours."""

    def ask(*rows, is_applicable=True, family="", first_day="2016-01-01", last_day="2016-02-29"):
        totals = [
            dict(zip(("metric", "reading", "comparison", "published"), (cell.strip() for cell in row.split("|")), strict=True))
            | {"id": f"CT{number}", "first_day": first_day, "last_day": last_day, "unit": "cases", "source": "made up",
               "family": family}
            for number, row in enumerate(rows, 1)
        ]  # fmt: skip
        given("model.cases", DOCKET)
        given("model.control_totals", "control_total_id | is_applicable\n" + "\n".join(
            f"{total['id']} | {str(is_applicable).lower()}" for total in totals))  # fmt: skip
        names = ("filed", "closed", "accepted_r1", "accepted_r2", "pending_end", "disposal_filing_ratio_cn", "closing_rate_cn")
        found = reader(*names, counting_day="2016-03-31", data_from="2015-01-01")
        return found, reconcile(found, totals)

    return ask


def told(one):
    return [(b.reading, b.figure.value if b.figure else None, b.difference, b.verdict, b.reason) for b in one.besides]


def test_a_total_of_an_unknown_reading_is_told_under_both(beside):
    _, (one,) = beside("filed | unknown | exact | 4")
    assert told(one) == [("flow", 4, 0, "same", None), ("stock", 5, 1, "different", "opening_stock")]
    assert (one.best.verdict, one.as_json()["under"]) == ("same", "flow")


def test_the_reading_that_agrees_is_the_one_named(beside):
    _, (one,) = beside("filed | unknown | exact | 5")
    assert told(one)[1] == ("stock", 5, 0, "same", None) and one.best.reading == "stock"


def test_a_known_reading_is_the_only_one(beside):
    _, found = beside("filed | flow | exact | 4", "filed | stock | exact | 5", "closed | n/a | exact | 3")
    assert [told(one) for one in found] == [
        [("flow", 4, 0, "same", None)], [("stock", 5, 0, "same", None)], [(None, 3, 0, "same", None)]]  # fmt: skip


def test_what_is_the_same_by_another_calendar_or_scope_is_said(beside):
    # b d e in the two months without 执恢; a b d without it from 21 December to 20 February
    _, (one, other) = beside("filed | flow | exact | 3", "filed | flow | exact | 77")
    assert told(one) == [("flow", 4, 1, "different", "given_by_another")]
    assert [name.partition("@")[0] for name in one.besides[0].given_by] == [
        "accepted_r2.without_resumed/2016-01..2016-02", "accepted_r2.without_resumed/stat20_month:2016-01..2016-02"]  # fmt: skip
    assert told(other) == [("flow", 4, -73, "different", "unexplained")]


def test_each_exact_total_is_counted_by_the_other_months_as_well(beside):
    # 21 December to 20 February: a b c d filed; a b d closed
    _, (one,) = beside("filed | unknown | exact | 4")
    assert [(b.figure.calendar, b.reading, b.figure.value, b.reason) for b in one.by_calendar] == [
        ("stat20_month", "flow", 4, None), ("stat20_month", "stock", 4, None)]  # fmt: skip


def test_a_floor_is_reached_or_missed_and_never_equal(beside):
    _, found = beside("disposal_filing_ratio_cn | n/a | floor | 0.75", "disposal_filing_ratio_cn | n/a | floor | 0.76")
    assert [one.best.verdict for one in found] == ["reached", "missed"]
    assert not found[0].by_calendar


def test_a_total_of_one_family_is_beside_ours_of_it(beside):
    _, (one,) = beside("closed | n/a | exact | 1", family="criminal")
    assert told(one) == [(None, 1, 0, "same", None)]


@pytest.mark.parametrize(("row", "how", "reason"), [
    ("filed | flow | exact | 4", {"is_applicable": False}, "another_sample"),
    ("filed | flow | exact | 4", {"last_day": "2016-04-30"}, "beyond_data"),
    ("filed | flow | exact | 4", {"first_day": "2014-01-01"}, "beyond_data"),
    ("filed | flow | exact | 4", {"last_day": "2016-02-20"}, "inside_a_month"),
    ("closed_per_judge | n/a | exact | 4", {}, "not_counted"),
])  # fmt: skip
def test_what_cannot_be_compared_says_why(beside, row, how, reason):
    _, (one,) = beside(row, **how)
    assert (one.best.verdict, one.best.reason, one.best.difference) == ("not_comparable", reason, None)


def test_accepted_less_closed_is_the_growth_of_the_stock_or_the_stock_that_is_left(beside):
    # 4 filed less 3 closed is 1, and the stock grew from a to c e; with a in, 5 less 3 leaves c e
    reader, found = beside("filed | unknown | exact | 4", "closed | n/a | exact | 3")
    flow, stock = gaps(reader, found)
    assert (flow.reading, flow.published, flow.difference, flow.stock, flow.rate.name) == (
        "flow",
        1,
        1,
        1,
        "disposal_filing_ratio_cn",
    )
    assert (stock.reading, stock.published, stock.difference, stock.stock, stock.rate.value) == ("stock", 1, 2, 2, 3 / 5)
    assert [gap.as_json()["verdict"] for gap in (flow, stock)] == ["same", "different"]
    assert gaps(reader, found[1:]) == []
