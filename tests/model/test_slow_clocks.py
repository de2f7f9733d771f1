"""The slow clocks against dates worked out by hand: two readings of docs/clocks.md before any SQL is asked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.model.limit_rows import IDS, ROWS
from tests.model.slow_clocks import LIMITS, is_overdue, spans_of

FAMILIES = {"民": "civil", "刑": "criminal", "行": "administrative", "执": "enforcement", "破": "bankruptcy"}
COUNTS_AS = {
    "民初": "civil_first", "民撤": "civil_first", "民终": "civil_second", "民特": "civil_special", "民督": "civil_special",
    "民保令": "civil_special", "破申": "bankruptcy", "刑初": "criminal_first", "刑终": "criminal_second",
    "行初": "administrative_first", "行终": "administrative_second", "行审": "administrative_non_litigated",
    "执": "enforcement_first", "执恢": "enforcement_resumed", "执异": "enforcement_review", "执复": "enforcement_review",
}  # fmt: skip
"""What the type codes count as; all others of the table are 再 and 申: supervision."""


def case_of(row, closed_on):
    """A case as a row of the table describes it, and its circumstance."""
    case = {
        "case_key": "a", "counts_as": COUNTS_AS.get(row["type"], "supervision"), "family": FAMILIES[row["type"][0]],
        "type_code": row["type"], "procedure": row["procedure"] or None, "is_private_prosecution": bool(row["private"]),
        "opened_on": date.fromisoformat(row["opened"]), "closed_on": closed_on, "opened_as": "filed", "received_on": None,
    }  # fmt: skip
    events = [{"event_key": "1", "case_key": "a", "kind": "circumstance", "reason": row["circumstance"]}]
    return case, events if row["circumstance"] else []


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_each_limit_ends_on_the_day_worked_out_by_hand(row):
    base, lawful = date.fromisoformat(row["base due"]), date.fromisoformat(row["lawful due"])
    day = timedelta(days=1)
    for closed_on in (base, base + day, lawful, lawful + day):
        spans = spans_of(*case_of(row, closed_on), date(2023, 12, 31))
        last = spans[-1]
        found = (last["limit_id"], str(last["effective_from"]), last["base_due_on"], last["lawful_due_on"])
        assert found == (row["limit"], row["from"], base, lawful)
        assert (last["is_within_base"], last["is_within_lawful"]) == (closed_on <= base, closed_on <= lawful)


def test_the_table_has_every_limit_that_has_a_figure():
    known = {(one["limit_id"], str(one["effective_from"])) for one in LIMITS if one["limit_id"] not in ("CIV-FOR", "CIV-VOTE")}
    assert {(row["limit"], row["from"]) for row in ROWS} == known


def overdue_days(case, events, first, last, counting_day=date(2016, 12, 31)):
    """The days from `first` to `last` on which the case is overdue."""
    spans = spans_of(case, events, counting_day)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if is_overdue(case, events, spans, counting_day, day)]


def test_a_pending_case_is_overdue_by_the_law_that_governs_the_day():
    # old: 2012-11-01 + 1 month = 12-01, + 15 days = 12-16, a Sunday → 17; new: + 3 months = 2013-02-01, Friday
    row = {"type": "刑初", "procedure": "ordinary", "private": "", "opened": "2012-11-01", "circumstance": ""}
    case, events = case_of(row, None)
    found = overdue_days(case, events, date(2012, 11, 1), date(2013, 2, 3))
    assert found == [date(2012, 12, 18) + timedelta(days=number) for number in range(14)] + [date(2013, 2, 2), date(2013, 2, 3)]


def test_a_case_is_not_overdue_while_it_is_suspended_nor_from_the_day_on_which_it_is_closed():
    # 2016-04-12 + 3 months = 07-12, Tuesday; a suspension that begins after it moves nothing
    row = {"type": "民终", "procedure": "", "private": "", "opened": "2016-04-12", "circumstance": ""}
    case, _ = case_of(row, date(2016, 7, 18))
    suspension = {"event_key": "1", "case_key": "a", "kind": "suspension", "reason": "suspension",
                  "from_on": date(2016, 7, 14), "to_on": date(2016, 7, 15)}  # fmt: skip
    assert overdue_days(case, [suspension], date(2016, 7, 10), date(2016, 7, 20)) == [
        date(2016, 7, 13), date(2016, 7, 16), date(2016, 7, 17),
    ]  # fmt: skip
