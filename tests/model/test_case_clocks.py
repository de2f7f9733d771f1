"""model.case_clocks: one spell under one limit; every date worked out by hand, the rules are those of docs/clocks.md.

Each test runs twice: on the queries (`model`) and on the slow clocks (`slow`), so that hand and both readings agree.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.model.limit_rows import IDS, ROWS
from tests.model.slow_clocks import spans_of

# The drawings keep their form.
# fmt: off

CASE = ("case_key", "counts_as", "family", "type_code", "procedure", "is_private_prosecution", "registered_on", "closed_on",
        "is_counted")
SPELL = ("case_key", "opened_as", "opened_on", "closed_on")


def reckon_slowly(bench, counting_day: str) -> None:
    """Puts what the slow clocks make of the given tables in the place of model.case_clocks; no query runs."""
    cases = {row["case_key"]: row for row in bench.rows("model.cases", [*CASE])}
    spells = [row | {"opened_as": "filed", "opened_on": row["registered_on"]} for row in cases.values() if row["is_counted"]]
    if "model.case_spells" in bench.drawn:
        spells = bench.rows("model.case_spells", [*SPELL])
    events = rows_given(bench, "model.clock_events")
    received = {row["case_key"]: row["received_on"] for row in rows_given(bench, "model.registration_decisions")}
    table, until = bench.catalogue.tables["model.case_clocks"], date.fromisoformat(counting_day)
    rows = []
    for spell in spells:
        case = cases[spell["case_key"]] | spell | {"received_on": received.get(spell["case_key"])}
        mine = [event for event in events if event["case_key"] == spell["case_key"]]
        rows += [tuple(row[column] for column in table.columns) for row in spans_of(case, mine, until)]
    bench.store.load("model.case_clocks", table, rows)
    bench.drawn.add("model.case_clocks")
    bench.order = []


def rows_given(bench, name: str) -> list[dict]:
    """The rows of a table that was given, none where it was not."""
    return bench.rows(name, list(bench.catalogue.tables[name].columns)) if name in bench.drawn else []


@pytest.fixture(params=["model", "slow"])
def expect_clocks(request, bench, expect):
    """`expect_clocks(drawing, counting_day="2016-12-31")`: the rows of model.case_clocks."""

    def compare(drawing: str, counting_day: str = "2016-12-31") -> None:
        __tracebackhide__ = True
        if request.param == "slow":
            reckon_slowly(bench, counting_day)
        expect("model.case_clocks", drawing, counting_day=counting_day)

    return compare


# ---- Each limit: met on its last day, missed on the day after


@pytest.fixture(scope="module", params=["model", "slow"])
def limit_clocks(request, new_bench):
    """The last spans of the table's cases, by case: each closed on both due dates and on the days after them."""
    bench, day, cases, events = new_bench(), timedelta(days=1), [], []
    for number, row in enumerate(ROWS):
        for due in ("base", "lawful"):
            for late in (0, 1):
                key = f"{number} {due} {late}"
                closed_on = date.fromisoformat(row[f"{due} due"]) + late * day
                cases.append(f"{key}|{row['type']}|{row['procedure']}|{row['private']}|{row['opened']}|{closed_on}")
                if row["circumstance"]:
                    events.append(f"{key}|{key}|circumstance|{row['circumstance']}")
    head = "case_key|type_code|procedure|is_private_prosecution|registered_on|closed_on\n"
    bench.put("model.cases", head + "\n".join(cases))
    bench.put("model.clock_events", "event_key|case_key|kind|reason\n" + "\n".join(events))
    if request.param == "slow":
        reckon_slowly(bench, "2023-12-31")
    bench.reckon("2023-12-31", "2012-01-01")
    columns = list(bench.catalogue.tables["model.case_clocks"].columns)
    yield {row["case_key"]: row for row in bench.rows("model.case_clocks", columns) if row["is_last"]}
    bench.store.abandon()


@pytest.mark.parametrize("number", range(len(ROWS)), ids=IDS)
def test_each_limit_is_met_on_its_last_day_and_missed_on_the_day_after(limit_clocks, number):
    row, days = ROWS[number], [date.fromisoformat(ROWS[number][f"{due} due"]) for due in ("base", "lawful")]
    for due, late in ((due, late) for due in ("base", "lawful") for late in (0, 1)):
        span = limit_clocks[f"{number} {due} {late}"]
        assert (span["limit_id"], str(span["effective_from"])) == (row["limit"], row["from"])
        assert [span["base_due_on"], span["lawful_due_on"]] == days
        assert span[f"is_within_{due}"] is (late == 0)
        assert [span["is_within_base"], span["is_within_lawful"]] == [span["closed_on"] <= day for day in days]


# ---- No limit


def test_foreign_and_voter_cases_have_a_row_without_a_figure(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | procedure  | registered_on | closed_on
        a        | 民初      | ordinary   | 2016-01-04    | 2016-12-30
        b        | 民初      | simplified | 2016-01-04    |
        c        | 民终      |            | 2016-01-04    |
        d        | 民撤      |            | 2016-01-04    |
        e        | 民特      |            | 2016-01-04    | 2016-12-30
    """)
    given("model.clock_events", """
        event_key | case_key | kind         | reason
        1         | a        | circumstance | foreign_related
        2         | b        | circumstance | hk_mo_tw
        3         | c        | circumstance | hk_mo_tw
        4         | d        | circumstance | foreign_related
        5         | e        | circumstance | voter_case
    """)
    expect_clocks("""
        case_key | limit_id | proceeding    | base_due_on | lawful_due_on | is_within_base | is_within_lawful | is_last
        a        | CIV-FOR  | civil_foreign |             |               |                |                  | true
        b        | CIV-FOR  | civil_foreign |             |               |                |                  | true
        c        | CIV-FOR  | civil_foreign |             |               |                |                  | true
        d        | CIV-FOR  | civil_foreign |             |               |                |                  | true
        e        | CIV-VOTE | voter_case    |             |               |                |                  | true
    """)


def test_where_the_proceeding_is_not_known_no_limit_is_known(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | procedure | registered_on | closed_on
        a        | 民初      |           | 2016-01-04    | 2016-12-30
        b        | 民初      | other     | 2016-01-04    |
        c        | 民辖      |           | 2016-01-04    | 2016-01-08
    """)
    expect_clocks("""
        case_key | governs_from | limit_id | proceeding | effective_from | base_due_on | lawful_due_on | is_within_lawful | is_last
        a        | 2016-01-04   |          |            |                |             |               |                  | true
        b        | 2016-01-04   |          |            |                |             |               |                  | true
        c        | 2016-01-04   |          |            |                |             |               |                  | true
    """)


def test_a_case_that_does_not_count_has_no_clock(given, expect_clocks):
    given("model.cases", """
        case_key | procedure | registered_on | is_counted
        a        | ordinary  | 2016-01-04    | false
    """)
    expect_clocks("case_key | limit_id")


def test_before_there_was_a_law_no_limit_is_known(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | procedure  | registered_on
        a        | 刑终      |            | 2012-12-03
        b        | 行初      | simplified | 2015-04-30
    """)
    # a: + 2 months = 2013-02-03, a Sunday → Monday 4
    # b: a row for cases filed since 2015-05-01 never governs it
    expect_clocks("""
        case_key | governs_from | governs_until | limit_id   | proceeding                | day_zero   | lawful_due_on | is_last
        a        | 2012-12-03   | 2013-01-01    |            | criminal_appeal           | 2012-12-03 |               | false
        a        | 2013-01-01   |               | CRI-APP-12 | criminal_appeal           | 2012-12-03 | 2013-02-04    | true
        b        | 2015-04-30   |               |            | administrative_simplified | 2015-04-30 |               | true
    """)


# ---- Months, half months, holidays (TL-R1 to TL-R3)


def test_months_end_on_the_last_day_where_there_is_no_such_day_number(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | procedure | registered_on | closed_on
        a        | 刑初      | ordinary  | 2012-01-31    | 2012-03-15
        b        | 刑初      | ordinary  | 2015-12-31    |
        c        | 民终      |           | 2014-11-30    |
        d        | 民终      |           | 2016-02-29    |
    """)
    # a: + 1 month = 2012-02-29 (leap year), Wednesday; half a month = 15 days: 02-29 + 15 = 03-15, Thursday
    # b: + 2 months = 2016-02-29, Monday; + 3 months = 03-31, Thursday
    # c: + 3 months = 2015-02-28, a Saturday that works
    # d: + 3 months = 2016-05-29, a Sunday → 30
    expect_clocks("""
        case_key | limit_id   | day_zero   | base_due_on | lawful_due_on | is_within_base | is_within_lawful
        a        | CRI-PUB-96 | 2012-01-31 | 2012-02-29  | 2012-03-15    | false          | true
        b        | CRI-PUB-12 | 2015-12-31 | 2016-02-29  | 2016-03-31    |                |
        c        | CIV-APP-J  | 2014-11-30 | 2015-02-28  | 2015-02-28    |                |
        d        | CIV-APP-J  | 2016-02-29 | 2016-05-30  | 2016-05-30    |                |
    """)


def test_a_last_day_on_a_holiday_moves_to_the_next_day_on_which_courts_work(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | registered_on
        a        | 民终      | 2015-11-06
        b        | 民终      | 2016-03-12
        c        | 民终      | 2016-07-01
        d        | 民终      | 2015-10-01
        e        | 民终      | 2015-06-05
        f        | 民终      | 2016-01-09
    """)
    # a: + 3 months = 2016-02-06, a Saturday that works; b: 2016-06-12, a Sunday that works
    # c: 2016-10-01, a holiday (国庆) until 07; Saturday 08 works; d: 2016-01-01, a holiday (元旦) until 03 → Monday 4
    # e: 2015-09-05, a holiday (抗战胜利日); Sunday 06 works; f: 2016-04-09, a plain Saturday → Monday 11
    expect_clocks("""
        case_key | base_due_on | lawful_due_on
        a        | 2016-02-06  | 2016-02-06
        b        | 2016-06-12  | 2016-06-12
        c        | 2016-10-08  | 2016-10-08
        d        | 2016-01-04  | 2016-01-04
        e        | 2015-09-06  | 2015-09-06
        f        | 2016-04-11  | 2016-04-11
    """)


def test_for_a_detained_defendant_holidays_move_nothing(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | registered_on
        a        | 刑终      | 2016-08-01
        b        | 刑终      | 2016-08-01
        c        | 民终      | 2016-07-01
    """)
    given("model.clock_events", """
        event_key | case_key | kind         | reason
        1         | b        | circumstance | detained
        2         | c        | circumstance | detained
    """)
    # a, b: + 2 months = 2016-10-01, a holiday until 07; c: + 3 months = the same day; the circumstance is for criminal cases
    expect_clocks("""
        case_key | base_due_on | lawful_due_on
        a        | 2016-10-08  | 2016-10-08
        b        | 2016-10-01  | 2016-10-01
        c        | 2016-10-08  | 2016-10-08
    """)


# ---- Deductions (rule 9). 民终 from 2016-04-12: + 3 months = 2016-07-12, a Tuesday


def test_days_that_two_deductions_share_count_once(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | registered_on
        a        | 民终      | 2016-04-12
    """)
    given("model.clock_events", """
        event_key | case_key | kind      | reason                 | from_on    | to_on
        1         | a        | deduction | appraisal              | 2016-05-01 | 2016-05-10
        2         | a        | deduction | jurisdiction_objection | 2016-05-06 | 2016-05-15
        3         | a        | deduction | settlement             | 2016-05-08 | 2016-05-09
        4         | a        | deduction | appraisal              | 2016-05-16 | 2016-05-20
    """)
    # 05-01 to 05-20 = 20 days; 07-12 + 19 = 07-31, + 1 = 08-01, Monday
    expect_clocks("""
        case_key | base_due_on | base_deducted_days | lawful_due_on | deducted_days
        a        | 2016-08-01  | 20                 | 2016-08-01    | 20
    """)


def test_a_reason_counts_only_for_its_families(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | procedure | registered_on
        a        | 民终      |           | 2016-04-12
        b        | 执        |           | 2016-02-29
        c        | 执        |           | 2016-02-29
        d        | 行终      |           | 2016-04-12
        e        | 刑终      |           | 2016-04-13
    """)
    given("model.clock_events", """
        event_key | case_key | kind       | reason        | from_on    | to_on
        1         | a        | deduction  | auction       | 2016-05-01 | 2016-05-10
        2         | b        | deduction  | public_notice | 2016-05-01 | 2016-05-10
        3         | c        | deduction  | auction       | 2016-05-01 | 2016-05-09
        4         | d        | deduction  | settlement    | 2016-05-01 | 2016-05-10
        5         | d        | deduction  | mediation     | 2016-05-01 | 2016-05-02
        6         | e        | deduction  | file_reading  | 2016-05-01 | 2016-05-02
        7         | e        | suspension | suspension    | 2016-05-04 | 2016-05-04
    """)
    # b: + 6 months = 2016-08-29; c: + 9 days = 2016-09-07, Wednesday; d: 07-12 + 2 = Thursday 14
    # e: + 2 months = 2016-06-13, + 2 + 1 days = 06-16, Thursday
    expect_clocks("""
        case_key | lawful_due_on | deducted_days
        a        | 2016-07-12    | 0
        b        | 2016-08-29    | 0
        c        | 2016-09-07    | 9
        d        | 2016-07-14    | 2
        e        | 2016-06-16    | 3
    """)


def test_a_clock_that_has_run_out_is_not_stopped(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | registered_on
        a        | 民终      | 2016-04-12
        b        | 民终      | 2016-04-12
        c        | 民终      | 2016-04-12
    """)
    given("model.clock_events", """
        event_key | case_key | kind      | reason    | from_on    | to_on
        1         | a        | deduction | appraisal | 2016-07-12 | 2016-07-21
        2         | b        | deduction | appraisal | 2016-07-13 | 2016-07-22
        3         | c        | deduction | appraisal | 2016-07-01 | 2016-07-10
        4         | c        | deduction | appraisal | 2016-07-20 | 2016-07-24
        5         | c        | deduction | appraisal | 2016-07-28 | 2016-07-29
    """)
    # a: begins on the last day, + 10 = 07-22, Friday; b: begins a day later
    # c: 07-12 + 10 = 07-22, so that 07-20 finds it running: + 5 = 07-27, Wednesday; 07-28 comes a day too late
    expect_clocks("""
        case_key | lawful_due_on | deducted_days | base_deducted_days
        a        | 2016-07-22    | 10            | 10
        b        | 2016-07-12    | 0             | 0
        c        | 2016-07-27    | 15            | 15
    """)


def test_a_deduction_within_the_holiday_at_the_end_still_counts_without_winning_the_holiday_back(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | registered_on
        a        | 民终      | 2016-07-01
        b        | 民终      | 2016-07-01
        c        | 民终      | 2016-07-01
    """)
    given("model.clock_events", """
        event_key | case_key | kind      | reason    | from_on    | to_on
        1         | a        | deduction | appraisal | 2016-10-05 | 2016-10-14
        2         | b        | deduction | appraisal | 2016-10-08 | 2016-10-10
        3         | c        | deduction | appraisal | 2016-10-09 | 2016-10-18
    """)
    # + 3 months = 2016-10-01, a holiday until 07 → 08. a: 10-01 + 10 = 10-11, Tuesday; b: 10-01 + 3 = 10-04 → 08
    expect_clocks("""
        case_key | lawful_due_on | deducted_days
        a        | 2016-10-11    | 10
        b        | 2016-10-08    | 3
        c        | 2016-10-08    | 0
    """)


def test_only_days_between_day_zero_and_the_end_are_deducted(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on
        a        | 民终      | 2016-04-12    | 2016-06-01
        b        | 民终      | 2016-04-12    | 2016-06-01
        c        | 民终      | 2016-04-12    | 2016-06-01
        d        | 民终      | 2016-04-12    | 2016-06-10
        e        | 民终      | 2016-04-12    | 2016-04-12
    """)
    given("model.clock_events", """
        event_key | case_key | kind      | reason    | from_on    | to_on
        1         | a        | deduction | appraisal | 2016-04-01 | 2016-04-14
        2         | b        | deduction | appraisal | 2016-04-10 | 2016-04-12
        3         | c        | deduction | appraisal | 2016-05-25 | 2016-06-30
        4         | d        | deduction | appraisal | 2016-06-01 |
        5         | e        | deduction | appraisal | 2016-04-01 | 2016-04-30
    """)
    # a: 04-13 and 04-14 → 07-14; b: none; c: 05-25 to 06-01 = 7 + 1 → 07-20; d: no end: to the closing, 10 days → 07-22
    expect_clocks("""
        case_key | lawful_due_on | deducted_days | is_within_lawful
        a        | 2016-07-14    | 2             | true
        b        | 2016-07-12    | 0             | true
        c        | 2016-07-20    | 8             | true
        d        | 2016-07-22    | 10            | true
        e        | 2016-07-12    | 0             | true
    """)


def test_an_open_suspension_stops_the_clock_up_to_the_counting_day(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | registered_on
        a        | 民终      | 2016-04-12
    """)
    given("model.clock_events", """
        event_key | case_key | kind       | reason     | from_on    | to_on
        1         | a        | suspension | suspension | 2016-06-01 |
    """)
    # 06-01 to 12-31 = 30 + 31 + 31 + 30 + 31 + 30 + 31 = 214 days; 07-12 + 172 = 12-31, + 31 = 2017-01-31, + 11 = 02-11,
    # a Saturday → Monday 13
    expect_clocks("""
        case_key | lawful_due_on | deducted_days | closed_on | is_within_lawful
        a        | 2017-02-13    | 214           |           |
    """)


# ---- Extensions (rule 11, TL-R9). 民初 ordinary from 2016-03-15: + 6 months = 2016-09-15, 中秋 → 18


def test_an_extension_counts_up_to_the_last_day_also_where_a_holiday_moved_it(given, expect_clocks):
    given("model.cases", """
        case_key | procedure | registered_on | closed_on
        a        | ordinary  | 2016-03-15    |
        b        | ordinary  | 2016-03-15    |
        c        | ordinary  | 2016-03-15    |
        d        | ordinary  | 2016-03-15    | 2016-12-30
        e        | ordinary  | 2016-03-15    | 2016-12-30
    """)
    given("model.clock_events", """
        event_key | case_key | kind      | reason    | approved_on | from_on    | to_on      | extended_months | extended_days
        1         | a        | extension | president | 2016-09-18  |            |            | 6               |
        2         | b        | extension | president | 2016-09-19  |            |            | 6               |
        3         | c        | extension | president | 2016-03-15  |            |            | 1               | 5
        4         | d        | deduction | appraisal |             | 2016-09-01 | 2016-09-10 |                 |
        5         | d        | extension | president | 2016-09-26  |            |            | 6               |
        6         | e        | extension | president | 2016-03-14  |            |            | 6               |
    """)
    # a: + 12 months = 2017-03-15, Wednesday; c: + 7 months = 10-15, + 5 = 10-20, Thursday
    # d: 09-15 + 10 = 09-25, a Sunday → 26, the day of the approval; + 12 months = 2017-03-15, + 10 = 03-25, Saturday → 27
    # e: approved before the case was opened: of another case or spell
    expect_clocks("""
        case_key | base_due_on | lawful_due_on | extended_months | extended_days | late_extensions | is_within_base | is_within_lawful
        a        | 2016-09-18  | 2017-03-15    | 6               | 0             | 0               |                |
        b        | 2016-09-18  | 2016-09-18    | 0               | 0             | 1               |                |
        c        | 2016-09-18  | 2016-10-20    | 1               | 5             | 0               |                |
        d        | 2016-09-26  | 2017-03-27    | 6               | 0             | 0               | false          | true
        e        | 2016-09-18  | 2016-09-18    | 0               | 0             | 0               | false          | false
    """)


def test_a_second_extension_is_measured_by_the_first_and_a_late_one_spoils_those_after_it(given, expect_clocks):
    given("model.cases", """
        case_key | procedure | registered_on
        a        | ordinary  | 2015-06-30
        b        | ordinary  | 2015-06-30
        c        | ordinary  | 2015-06-30
    """)
    given("model.clock_events", """
        event_key | case_key | kind      | reason       | approved_on | extended_months
        1         | a        | extension | president    | 2015-12-20  | 6
        2         | a        | extension | higher_court | 2016-06-30  | 3
        3         | b        | extension | president    | 2015-12-20  | 6
        4         | b        | extension | higher_court | 2016-07-01  | 3
        5         | c        | extension | president    | 2015-12-31  | 6
        6         | c        | extension | higher_court | 2016-02-01  | 3
    """)
    # + 6 months = 2015-12-30, Wednesday; + 12 = 2016-06-30, Thursday; + 15 = 2016-09-30, Friday
    expect_clocks("""
        case_key | base_due_on | lawful_due_on | extended_months | late_extensions
        a        | 2015-12-30  | 2016-09-30    | 9               | 0
        b        | 2015-12-30  | 2016-06-30    | 6               | 1
        c        | 2015-12-30  | 2015-12-30    | 0               | 2
    """)


def test_a_deduction_after_the_limit_counts_where_an_extension_keeps_the_clock_running(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | registered_on
        a        | 民终      | 2016-04-12
    """)
    given("model.clock_events", """
        event_key | case_key | kind      | reason    | approved_on | from_on    | to_on      | extended_months
        1         | a        | extension | president | 2016-07-01  |            |            | 1
        2         | a        | deduction | appraisal |             | 2016-08-01 | 2016-08-10 |
    """)
    # base: 07-12 had run out on 08-01; lawful: + 4 months = 08-12, + 10 = 08-22, Monday
    expect_clocks("""
        case_key | base_due_on | base_deducted_days | lawful_due_on | deducted_days | extended_months
        a        | 2016-07-12  | 0                  | 2016-08-22    | 10            | 1
    """)


def test_extensions_end_at_the_longest_limit_of_the_statute_and_deductions_go_beyond_it(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | procedure  | registered_on | closed_on
        a        | 民初      | simplified | 2016-03-15    |
        b        | 民特      |            | 2016-05-03    |
        c        | 民督      |            | 2016-06-01    |
        d        | 刑初      | ordinary   | 2012-05-14    | 2012-07-30
        e        | 民初      | simplified | 2016-03-15    |
    """)
    given("model.clock_events", """
        event_key | case_key | kind      | reason     | approved_on | from_on    | to_on      | extended_months | extended_days
        1         | a        | extension | president  | 2016-06-01  |            |            | 5               |
        2         | b        | extension | president  | 2016-06-02  |            |            |                 | 45
        3         | c        | extension | president  | 2016-06-10  |            |            |                 | 10
        4         | d        | extension | high_court | 2012-06-29  |            |            | 1               |
        5         | e        | extension | president  | 2016-06-01  |            |            | 5               |
        6         | e        | deduction | settlement |             | 2016-05-01 | 2016-05-10 |                 |
    """)
    # a: 3 + 5 months, cut to 6 = 09-15, 中秋 → 18; b: 30 + 45 days, cut to 60: + 28 = 05-31, + 30 = 06-30, + 2 = 07-02,
    # a Saturday → 4; c: 15 + 10 days, cut to 15 = 06-16; d: 1 month + 15 days + 1 month = 07-14 + 15 = 07-29, a Sunday → 30
    # e: base 06-15 + 10 = 06-25, a Saturday → 27; lawful 09-15 + 10 = 09-25, a Sunday → 26
    expect_clocks("""
        case_key | base_due_on | lawful_due_on | extended_months | extended_days | late_extensions
        a        | 2016-06-15  | 2016-09-18    | 5               | 0             | 0
        b        | 2016-06-02  | 2016-07-04    | 0               | 45            | 0
        c        | 2016-06-16  | 2016-06-16    | 0               | 10            | 0
        d        | 2012-06-14  | 2012-07-30    | 1               | 0             | 0
        e        | 2016-06-27  | 2016-09-26    | 5               | 0             | 0
    """)


# ---- Changes of procedure and restarts (rules 3 and 5)


def test_a_civil_change_on_the_last_day_keeps_day_zero_and_the_new_limit_governs_from_it(given, expect_clocks):
    given("model.cases", """
        case_key | procedure | registered_on | closed_on
        a        | ordinary  | 2016-03-15    | 2016-09-18
    """)
    given("model.clock_events", """
        event_key | case_key | kind             | reason   | from_on    | former_procedure
        1         | a        | procedure_change | ordinary | 2016-06-15 | simplified
    """)
    # + 3 months = 2016-06-15, Wednesday; + 6 months = 中秋 → 18
    expect_clocks("""
        case_key | governs_from | limit_id   | day_zero   | lawful_due_on | is_within_lawful | is_last
        a        | 2016-03-15   | CIV-SIM-15 | 2016-03-15 | 2016-06-15    | false            | false
        a        | 2016-06-15   | CIV-ORD-12 | 2016-03-15 | 2016-09-18    | true             | true
    """)


def test_a_civil_change_that_comes_too_late_is_void_and_so_are_those_after_it(given, expect_clocks):
    given("model.cases", """
        case_key | procedure | registered_on | closed_on
        a        | ordinary  | 2016-03-15    | 2016-08-01
        b        | ordinary  | 2016-03-15    | 2016-08-01
    """)
    given("model.clock_events", """
        event_key | case_key | kind             | reason       | from_on    | approved_on | former_procedure | extended_months
        1         | a        | procedure_change | ordinary     | 2016-06-16 |             | simplified       |
        2         | b        | procedure_change | ordinary     | 2016-06-16 |             | simplified       |
        3         | b        | procedure_change | small_claims | 2016-07-01 |             | ordinary         |
        4         | b        | extension        | president    |            | 2016-06-10  |                  |
    """)
    # b: an extension of nothing keeps the last day where it was
    expect_clocks("""
        case_key | governs_from | limit_id   | lawful_due_on | late_extensions | is_within_lawful | is_last
        a        | 2016-03-15   | CIV-SIM-15 | 2016-06-15    | 0               | false            | true
        b        | 2016-03-15   | CIV-SIM-15 | 2016-06-15    | 0               | false            | true
    """)


def test_an_extension_or_a_deduction_can_bring_a_change_in_time_and_stays_with_its_clock(given, expect_clocks):
    given("model.cases", """
        case_key | procedure | registered_on
        a        | ordinary  | 2016-03-15
        b        | ordinary  | 2016-03-15
    """)
    given("model.clock_events", """
        event_key | case_key | kind             | reason       | from_on    | to_on      | approved_on | former_procedure | extended_months
        1         | a        | extension        | president    |            |            | 2016-06-10  |                  | 3
        2         | a        | procedure_change | ordinary     | 2016-08-01 |            |             | simplified       |
        3         | a        | extension        | president    |            |            | 2016-08-01  |                  | 1
        4         | a        | extension        | president    |            |            | 2016-08-02  |                  | 1
        5         | b        | deduction        | appraisal    | 2016-05-01 | 2016-05-10 |             |                  |
        6         | b        | procedure_change | ordinary     | 2016-06-27 |            |             | simplified       |
    """)
    # a: simplified 3 + 3 + 1 months, cut to 6 = 09-15 → 18; ordinary 6 + 1 = 10-15, a Saturday → 17
    # b: simplified 06-15 + 10 = 06-25, a Saturday → 27; ordinary 09-15 + 10 = 09-25, a Sunday → 26
    expect_clocks("""
        case_key | governs_from | limit_id   | lawful_due_on | extended_months | deducted_days | is_last
        a        | 2016-03-15   | CIV-SIM-15 | 2016-09-18    | 4               | 0             | false
        a        | 2016-08-01   | CIV-ORD-12 | 2016-10-17    | 1               | 0             | true
        b        | 2016-03-15   | CIV-SIM-15 | 2016-06-27    | 0               | 10            | false
        b        | 2016-06-27   | CIV-ORD-12 | 2016-09-26    | 0               | 10            | true
    """)


def test_a_criminal_change_restarts_the_clock_however_late(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | procedure | registered_on | closed_on
        a        | 刑初      | ordinary  | 2016-03-01    | 2016-06-28
    """)
    given("model.clock_events", """
        event_key | case_key | kind             | reason   | from_on    | former_procedure
        1         | a        | procedure_change | ordinary | 2016-03-28 | simplified
    """)
    # 20 days = 2016-03-21, Monday; from 03-28: + 2 months = 05-28, a Saturday → 30; + 3 months = 06-28, Tuesday
    expect_clocks("""
        case_key | governs_from | governs_until | limit_id   | day_zero   | base_due_on | lawful_due_on | is_within_lawful | is_last
        a        | 2016-03-01   | 2016-03-28    | CRI-SIM-12 | 2016-03-01 | 2016-03-21  | 2016-03-21    | false            | false
        a        | 2016-03-28   | 2018-10-26    | CRI-PUB-12 | 2016-03-28 | 2016-05-30  | 2016-06-28    | true             | true
    """)


def test_an_administrative_change_keeps_day_zero_also_when_the_simplified_limit_is_over(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | procedure | registered_on | closed_on
        a        | 行初      | ordinary  | 2016-03-01    | 2016-09-02
    """)
    given("model.clock_events", """
        event_key | case_key | kind             | reason   | from_on    | former_procedure
        1         | a        | procedure_change | ordinary | 2016-04-20 | simplified
    """)
    # + 45 days: + 30 = 03-31, + 15 = 04-15, Friday; + 6 months = 2016-09-01, Thursday
    expect_clocks("""
        case_key | governs_from | governs_until | limit_id   | day_zero   | lawful_due_on | is_within_lawful | is_last
        a        | 2016-03-01   | 2016-04-20    | ADM-SIM-14 | 2016-03-01 | 2016-04-15    | false            | false
        a        | 2016-04-20   |               | ADM-ORD-14 | 2016-03-01 | 2016-09-01    | false            | true
    """)


def test_a_restart_of_a_criminal_case_begins_the_limit_anew_without_the_deductions_before_it(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | procedure | registered_on
        a        | 刑初      | ordinary  | 2016-03-01
        b        | 民终      |           | 2016-04-12
    """)
    given("model.clock_events", """
        event_key | case_key | kind      | reason                      | from_on    | to_on      | approved_on | extended_months
        1         | a        | deduction | psychiatric_appraisal       | 2016-03-10 | 2016-03-19 |             |
        2         | a        | restart   | supplementary_investigation | 2016-04-11 |            |             |
        3         | a        | extension | higher_court                |            |            | 2016-04-11  | 3
        4         | b        | restart   | changed_jurisdiction        | 2016-05-10 |            |             |
    """)
    # a: + 2 months = 05-01, + 10 = 05-11, Wednesday; 3 + 3 months = 09-01, + 10 = 09-11, a Sunday → 12: the extension was
    # approved on the day of the restart, so it belongs to the clock before. From 04-11: + 2 = 06-11, 端午, Sunday 12 works;
    # + 3 months = 07-11, Monday. b: restarts are for criminal cases
    expect_clocks("""
        case_key | governs_from | limit_id   | day_zero   | base_due_on | lawful_due_on | deducted_days | extended_months | is_last
        a        | 2016-03-01   | CRI-PUB-12 | 2016-03-01 | 2016-05-11  | 2016-09-12    | 10            | 3               | false
        a        | 2016-04-11   | CRI-PUB-12 | 2016-04-11 | 2016-06-12  | 2016-07-11    | 0             | 0               | true
        b        | 2016-04-12   | CIV-APP-J  | 2016-04-12 | 2016-07-12  | 2016-07-12    | 0             | 0               | true
    """)


def test_of_several_events_on_one_day_the_last_makes_the_clock_and_a_restart_keeps_its_day(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | procedure | registered_on
        a        | 民初      | ordinary  | 2016-03-15
        b        | 刑终      |           | 2016-04-12
        c        | 刑初      | ordinary  | 2016-03-01
    """)
    given("model.clock_events", """
        event_key | case_key | kind             | reason                      | from_on    | former_procedure
        2         | a        | procedure_change | ordinary                    | 2016-05-05 | simplified
        1         | a        | procedure_change | simplified                  | 2016-05-05 | small_claims
        3         | b        | restart          | changed_jurisdiction        | 2016-05-10 |
        4         | b        | procedure_change | ordinary                    | 2016-05-10 | ordinary
        5         | c        | procedure_change | ordinary                    | 2016-03-15 | simplified
        6         | c        | restart          | supplementary_investigation | 2016-03-15 |
    """)
    # a: + 3 months = 06-15; + 6 months = 中秋 → 18. b: + 2 months = 06-12, a Sunday that works; from 05-10: 07-10, a Sunday → 11
    # c: 20 days = 03-21; from 03-15: + 3 months = 06-15
    expect_clocks("""
        case_key | governs_from | limit_id   | day_zero   | lawful_due_on | is_last
        a        | 2016-03-15   | CIV-SML-12 | 2016-03-15 | 2016-06-15    | false
        a        | 2016-05-05   | CIV-ORD-12 | 2016-03-15 | 2016-09-18    | true
        b        | 2016-04-12   | CRI-APP-12 | 2016-04-12 | 2016-06-12    | false
        b        | 2016-05-10   | CRI-APP-12 | 2016-05-10 | 2016-07-11    | true
        c        | 2016-03-01   | CRI-SIM-12 | 2016-03-01 | 2016-03-21    | false
        c        | 2016-03-15   | CRI-PUB-12 | 2016-03-15 | 2016-06-15    | true
    """)


def test_a_change_on_the_day_of_opening_or_after_the_end_makes_no_clock(given, expect_clocks):
    # b's change came after its end: it begins no clock, but says that the procedure until then had been another (rule 3)
    given("model.cases", """
        case_key | procedure  | registered_on | closed_on
        a        | simplified | 2016-03-15    | 2016-05-10
        b        | simplified | 2016-03-15    | 2016-05-10
        c        | ordinary   | 2016-03-15    | 2016-05-10
    """)
    given("model.clock_events", """
        event_key | case_key | kind             | reason   | from_on    | former_procedure
        1         | a        | procedure_change | ordinary | 2016-03-15 | small_claims
        2         | b        | procedure_change | ordinary | 2016-05-11 | small_claims
        3         | c        | procedure_change | ordinary | 2016-05-10 | simplified
    """)
    expect_clocks("""
        case_key | governs_from | limit_id   | is_last
        a        | 2016-03-15   | CIV-SIM-15 | true
        b        | 2016-03-15   | CIV-SML-12 | true
        c        | 2016-03-15   | CIV-SIM-15 | false
        c        | 2016-05-10   | CIV-ORD-12 | true
    """)


# ---- Other days zero (rule 5)


def test_a_special_procedure_counts_from_the_end_of_its_public_notice(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | registered_on
        a        | 民特      | 2016-03-01
        b        | 民特      | 2016-03-01
        c        | 民特      | 2016-03-01
        d        | 民终      | 2016-04-12
    """)
    given("model.clock_events", """
        event_key | case_key | kind      | reason        | from_on    | to_on
        1         | a        | deduction | public_notice | 2016-03-10 | 2016-05-09
        2         | b        | deduction | public_notice | 2016-03-10 | 2016-05-09
        3         | b        | deduction | public_notice | 2016-03-20 | 2016-04-20
        4         | b        | deduction | appraisal     | 2016-05-20 | 2016-05-24
        5         | c        | deduction | public_notice | 2016-03-10 |
        6         | d        | deduction | public_notice | 2016-05-01 | 2016-05-10
    """)
    # a: 05-09 + 22 = 05-31, + 8 = 06-08, Wednesday; b: + 5 days = 06-13, Monday; d: another limit: 07-12 + 10 = 07-22, Friday
    # c: to the counting day 2016-12-31, + 30 = 2017-01-30, a holiday (春节) until 02-02 → Friday 3
    expect_clocks("""
        case_key | limit_id  | day_zero   | base_due_on | lawful_due_on | deducted_days
        a        | CIV-SPE   | 2016-05-09 | 2016-06-08  | 2016-06-08    | 0
        b        | CIV-SPE   | 2016-05-09 | 2016-06-13  | 2016-06-13    | 5
        c        | CIV-SPE   | 2016-12-31 | 2017-02-03  | 2017-02-03    | 0
        d        | CIV-APP-J | 2016-04-12 | 2016-07-22  | 2016-07-22    | 10
    """)


def test_where_the_limit_counts_from_receipt_day_zero_is_the_receipt_of_the_application(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on
        a        | 破申      | 2016-11-04    | 2016-11-16
        b        | 执异      | 2016-06-01    |
        c        | 执复      | 2016-06-01    |
        d        | 民终      | 2016-04-12    |
    """)
    given("model.registration_decisions", """
        application_key | case_key | received_on
        1               | a        | 2016-10-31
        2               | b        | 2016-05-25
        3               | c        | 2016-05-03
        4               | d        | 2016-04-01
    """)
    # a: + 15 days = 11-15, Tuesday; b: + 15 days = 06-09, 端午, Sunday 12 works; c: + 30 days = 06-02
    expect_clocks("""
        case_key | limit_id  | governs_from | day_zero   | lawful_due_on | is_within_lawful
        a        | CIV-BKR   | 2016-11-04   | 2016-10-31 | 2016-11-15    | false
        b        | ENF-OBJ   | 2016-06-01   | 2016-05-25 | 2016-06-12    |
        c        | ENF-REC   | 2016-06-01   | 2016-05-03 | 2016-06-02    |
        d        | CIV-APP-J | 2016-04-12   | 2016-04-12 | 2016-07-12    |
    """)


def test_a_reopened_case_has_a_clock_for_each_spell_with_its_own_events(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on
        a        | 民终      | 2016-01-04    | 2016-09-05
        b        | 执异      | 2016-01-11    |
    """)
    given("model.case_spells", """
        case_key | opened_as | opened_on  | closed_on
        a        | filed     | 2016-01-04 | 2016-03-01
        a        | reopened  | 2016-06-01 | 2016-10-08
        b        | filed     | 2016-01-11 | 2016-01-22
        b        | reopened  | 2016-06-01 |
    """)
    given("model.registration_decisions", """
        application_key | case_key | received_on
        1               | b        | 2016-01-07
    """)
    given("model.clock_events", """
        event_key | case_key | kind      | reason    | from_on    | to_on      | approved_on | extended_months
        1         | a        | deduction | appraisal | 2016-02-01 | 2016-02-10 |             |
        2         | a        | deduction | appraisal | 2016-04-01 | 2016-04-10 |             |
        3         | a        | extension | president |            |            | 2016-06-01  | 1
    """)
    # a: + 3 months = 04-04, + 10 = 04-14, Thursday. Reopened: + 3 = 09-01, Thursday; + 4 = 10-01, a holiday until 07 → 08
    # b: from the receipt: 01-07 + 15 = 01-22, Friday; reopened: from 06-01, + 15 = 06-16
    expect_clocks("""
        case_key | opened_on  | closed_on  | day_zero   | base_due_on | lawful_due_on | deducted_days | is_within_base | is_within_lawful
        a        | 2016-01-04 | 2016-03-01 | 2016-01-04 | 2016-04-14  | 2016-04-14    | 10            | true           | true
        a        | 2016-06-01 | 2016-10-08 | 2016-06-01 | 2016-09-01  | 2016-10-08    | 0             | false          | true
        b        | 2016-01-11 | 2016-01-22 | 2016-01-07 | 2016-01-22  | 2016-01-22    | 0             | true           | true
        b        | 2016-06-01 |            | 2016-06-01 | 2016-06-16  | 2016-06-16    | 0             |                |
    """)


# ---- Which law (rule 6)


def test_administrative_cases_filed_under_the_old_law_keep_its_limit(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | procedure | registered_on | closed_on
        a        | 行初      | ordinary  | 2015-03-02    |
        b        | 行初      | ordinary  | 2015-05-01    |
        c        | 行终      |           | 2015-04-30    | 2015-07-01
    """)
    given("model.clock_events", """
        event_key | case_key | kind      | reason     | approved_on | extended_months
        1         | a        | extension | high_court | 2015-06-02  | 4
    """)
    # a: + 3 months = 2015-06-02, Tuesday; 3 + 4 months, cut to 6 = 09-02, Wednesday; b: + 6 = 11-01, a Sunday → 2; c: 06-30
    expect_clocks("""
        case_key | governs_from | governs_until | limit_id   | effective_from | base_due_on | lawful_due_on | is_within_lawful | is_last
        a        | 2015-03-02   |               | ADM-ORD-89 | 1990-10-01     | 2015-06-02  | 2015-09-02    |                  | true
        b        | 2015-05-01   |               | ADM-ORD-14 | 2015-05-01     | 2015-11-02  | 2015-11-02    |                  | true
        c        | 2015-04-30   |               | ADM-APP-89 | 1990-10-01     | 2015-06-30  | 2015-06-30    | false            | true
    """)


def test_a_criminal_case_pending_on_2013_01_01_falls_under_the_new_law_from_then(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | procedure | registered_on | closed_on
        a        | 刑初      | ordinary  | 2012-11-15    | 2013-02-16
        b        | 刑初      | ordinary  | 2012-11-15    | 2012-12-31
        c        | 刑初      | ordinary  | 2012-11-15    | 2013-01-01
    """)
    # old: + 1 month = 12-15, a Saturday → 17; + 15 days = 12-30, a Sunday → 31
    # new, as if from day zero: + 2 = 2013-01-15, Tuesday; + 3 = 02-15, a holiday (春节), Saturday 16 works
    expect_clocks("""
        case_key | governs_from | limit_id   | day_zero   | base_due_on | lawful_due_on | is_within_base | is_within_lawful | is_last
        a        | 2012-11-15   | CRI-PUB-96 | 2012-11-15 | 2012-12-17  | 2012-12-31    | false          | false            | false
        a        | 2013-01-01   | CRI-PUB-12 | 2012-11-15 | 2013-01-15  | 2013-02-16    | false          | true             | true
        b        | 2012-11-15   | CRI-PUB-96 | 2012-11-15 | 2012-12-17  | 2012-12-31    | false          | true             | true
        c        | 2012-11-15   | CRI-PUB-96 | 2012-11-15 | 2012-12-17  | 2012-12-31    | false          | false            | false
        c        | 2013-01-01   | CRI-PUB-12 | 2012-11-15 | 2013-01-15  | 2013-02-16    | true           | true             | true
    """)


def test_a_simplified_case_pending_on_2015_02_04_may_be_extended_from_then(given, expect_clocks):
    given("model.cases", """
        case_key | procedure  | registered_on
        a        | simplified | 2014-12-15
    """)
    given("model.clock_events", """
        event_key | case_key | kind      | reason    | approved_on | extended_months
        1         | a        | extension | president | 2015-03-10  | 3
    """)
    # + 3 months = 2015-03-15, a Sunday → 16, the old law's longest; 3 + 3 months = 06-15, Monday
    expect_clocks("""
        case_key | governs_from | governs_until | limit_id   | base_due_on | lawful_due_on | is_last
        a        | 2014-12-15   | 2015-02-04    | CIV-SIM-07 | 2015-03-16  | 2015-03-16    | false
        a        | 2015-02-04   | 2022-01-01    | CIV-SIM-15 | 2015-03-16  | 2015-06-15    | true
    """)


def test_pending_cases_change_law_in_2018_and_2022_too(given, expect_clocks):
    given("model.cases", """
        case_key | type_code | procedure    | registered_on | closed_on
        a        | 刑初      | ordinary     | 2018-09-10    | 2018-12-11
        b        | 民初      | small_claims | 2021-11-15    | 2022-02-01
        c        | 民终      |              | 2021-11-15    | 2022-02-15
    """)
    # a: + 2 months = 11-10, a Saturday → 12; + 3 = 12-10, Monday; both laws say so
    # b: + 3 months = 2022-02-15, Tuesday; the new law: + 2 = 01-15, a Saturday → 17; c: one law: + 3 months
    expect_clocks("""
        case_key | governs_from | governs_until | limit_id   | base_due_on | lawful_due_on | is_within_lawful | is_last
        a        | 2018-09-10   | 2018-10-26    | CRI-PUB-12 | 2018-11-12  | 2018-12-10    | false            | false
        a        | 2018-10-26   |               | CRI-PUB-18 | 2018-11-12  | 2018-12-10    | false            | true
        b        | 2021-11-15   | 2022-01-01    | CIV-SML-12 | 2022-02-15  | 2022-02-15    | true             | false
        b        | 2022-01-01   |               | CIV-SML-21 | 2022-01-17  | 2022-01-17    | false            | true
        c        | 2021-11-15   |               | CIV-APP-J  | 2022-02-15  | 2022-02-15    | true             | true
    """, counting_day="2023-12-31")


def test_whether_a_change_comes_in_time_is_told_by_the_law_of_its_day(given, expect_clocks):
    given("model.cases", """
        case_key | procedure | registered_on | closed_on
        a        | ordinary  | 2021-11-15    | 2022-05-16
        b        | ordinary  | 2021-11-15    | 2022-05-16
    """)
    given("model.clock_events", """
        event_key | case_key | kind             | reason   | from_on    | former_procedure
        1         | a        | procedure_change | ordinary | 2022-01-17 | small_claims
        2         | b        | procedure_change | ordinary | 2022-01-18 | small_claims
    """)
    # small claims: the old law's + 3 months = 2022-02-15 no longer holds; the new one's + 2 = 01-15, a Saturday → 17
    # ordinary: + 6 months = 2022-05-15, a Sunday → 16
    expect_clocks("""
        case_key | governs_from | limit_id   | lawful_due_on | is_within_lawful | is_last
        a        | 2021-11-15   | CIV-SML-12 | 2022-02-15    | false            | false
        a        | 2022-01-01   | CIV-SML-21 | 2022-01-17    | false            | false
        a        | 2022-01-17   | CIV-ORD-21 | 2022-05-16    | true             | true
        b        | 2021-11-15   | CIV-SML-12 | 2022-02-15    | false            | false
        b        | 2022-01-01   | CIV-SML-21 | 2022-01-17    | false            | true
    """, counting_day="2023-12-31")
