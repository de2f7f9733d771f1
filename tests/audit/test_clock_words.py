"""A clock as a sentence: article, arithmetic, verdict, in both languages; each reckoned by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from warehouse.audit.clock_words import added, sentences

DAY = date.fromisoformat
NAMES = {"appraisal": ("鉴定", "expert appraisal"), "president": ("院长批准", "by the president of the court")}
SIMPLIFIED = {
    "limit_id": "CIV-SIM-15", "name_zh": "民事一审简易程序", "name_en": "civil first instance, simplified", "article": "art. 161",
    "is_verified": True, "opened_on": DAY("2016-03-15"), "closed_on": None, "governs_until": None, "is_last": True,
    "day_zero": DAY("2016-03-15"), "runs_from": "registered", "base_months": 3, "base_days": 0, "hard_months": None,
    "hard_days": None, "hard_when": None, "hard_holds": False, "longest_months": 6, "longest_days": 0, "base_deducted_days": 0,
    "deducted_days": 0, "extended_months": 0, "extended_days": 0, "late_extensions": 0, "base_due_on": DAY("2016-06-15"),
    "lawful_due_on": DAY("2016-06-15"), "is_within_base": None, "is_within_lawful": None,
}  # fmt: skip
NOW = DAY("2016-10-31")


def event(kind: str, reason: str, **more: Any) -> dict[str, Any]:
    return {"event_key": "SX1", "kind": kind, "reason": reason, "from_on": None, "to_on": None, "approved_on": None,
            "extended_months": None, "extended_days": None, **more}  # fmt: skip


@pytest.mark.parametrize(
    "day, months, days, then",
    [("2016-08-31", 6, 0, "2017-02-28"), ("2015-08-31", 6, 0, "2016-02-29"), ("2012-11-15", 1, 15, "2012-12-30"),
     ("2016-12-31", 0, 1, "2017-01-01")],
)  # fmt: skip
def test_months_end_with_their_months(day, months, days, then):
    assert added(DAY(day), months, days) == DAY(then)


def test_a_pending_case_past_its_limit():
    # 2016-03-15 + 3 months = 2016-06-15, a Wednesday; to 31 October: 15 + 31 + 31 + 30 + 31 = 138 days
    zh, en = sentences(SIMPLIFIED, [], NAMES, NOW)
    assert en == ("CIV-SIM-15 · civil first instance, simplified · art. 161: 3 months from the day after registration (2016-03-15 "
                  "is day 0) end on 2016-06-15. Pending, 138 days over the limit on 2016-10-31.")  # fmt: skip
    assert zh == ("CIV-SIM-15 · 民事一审简易程序 · art. 161：自立案次日（2016-03-15为第0日）起3个月至2016-06-15。"
                  "未结，至2016-10-31已超审限138日。")  # fmt: skip


def test_the_article_is_said_in_chinese_where_the_profile_has_it():
    zh, en = sentences(SIMPLIFIED | {"article_zh": "第161条", "is_verified": False}, [], NAMES, NOW)
    assert zh.startswith("CIV-SIM-15 · 民事一审简易程序 · 第161条（未核对法律原文）：自立案次日")
    assert en.startswith("CIV-SIM-15 · civil first instance, simplified · art. 161 [unverified]: 3 months")


def test_deductions_holidays_and_an_extension_cut_to_what_the_statute_allows():
    # + 10 days = 25 June, a Saturday → 27 June. 3 + 4 months would be 15 October; 6 months in all: 15 September + 10 = 25
    # September, a Sunday → 26 September.
    clock = SIMPLIFIED | {
        "deducted_days": 10, "base_deducted_days": 10, "base_due_on": DAY("2016-06-27"), "extended_months": 4,
        "lawful_due_on": DAY("2016-09-26"), "closed_on": DAY("2016-07-01"), "is_within_base": False, "is_within_lawful": True,
    }  # fmt: skip
    events = [
        event("deduction", "appraisal", from_on=DAY("2016-04-01"), to_on=DAY("2016-04-10")),
        event("extension", "president", approved_on=DAY("2016-06-01"), extended_months=4),
    ]
    zh, en = sentences(clock, events, NAMES, NOW)
    assert "end on 2016-06-15, plus 10 days deducted 2016-06-25, no working day, moved to 2016-06-27." in en
    assert "Deducted: expert appraisal 2016-04-01 to 2016-04-10." in en
    assert "Extended by 4 months (2016-06-01 by the president of the court, in time). 6 months in all at the most." in en
    assert "The lawful limit ends on 2016-09-15, plus 10 days deducted 2016-09-25, no working day, moved to 2016-09-26." in en
    assert en.endswith("Closed on 2016-07-01, within the lawful limit.")
    assert "累计不超过6个月" in zh and zh.endswith("2016-07-01结案，在法定审限内。")


def test_a_late_extension_says_that_it_does_not_count():
    # closed 20 June, five days after 15 June
    clock = SIMPLIFIED | {
        "late_extensions": 1,
        "closed_on": DAY("2016-06-20"),
        "is_within_base": False,
        "is_within_lawful": False,
    }
    events = [event("extension", "president", approved_on=DAY("2016-06-16"), extended_months=1)]
    zh, en = sentences(clock, events, NAMES, NOW)
    assert "Extended by 1 month (2016-06-16 by the president of the court, after expiry: it does not count)." in en
    assert en.endswith("Closed on 2016-06-20, 5 days over the limit.") and "届满后批准，不计入" in zh


def test_the_second_figure_of_the_statute_a_new_beginning_and_a_limit_that_another_law_ended():
    # 2012-11-20 + 1 month = 20 December; + 1 month 15 days = 4 January 2013; the old law governed until 31 December
    clock = SIMPLIFIED | {
        "limit_id": "CRI-PUB-96", "is_verified": False, "base_months": 1, "hard_months": 1, "hard_days": 15, "longest_months": 2,
        "longest_days": 15, "opened_on": DAY("2012-11-01"), "day_zero": DAY("2012-11-20"), "base_due_on": DAY("2012-12-20"),
        "lawful_due_on": DAY("2013-01-04"), "is_last": False, "governs_until": DAY("2013-01-01"),
    }  # fmt: skip
    _, en = sentences(clock, [], NAMES, NOW)
    assert "art. 161 [unverified]: 1 month from the day after the clock's new beginning (2012-11-20 is day 0)" in en
    assert "The statute allows 1 month 15 days without approval. The lawful limit ends on 2013-01-04." in en
    assert en.endswith("It governed until 2012-12-31.")


def test_no_limit_and_none_in_days():
    assert "No limit is known" in sentences(SIMPLIFIED | {"limit_id": None}, [], NAMES, NOW)[1]
    assert sentences(SIMPLIFIED | {"base_due_on": None}, [], NAMES, NOW)[1].endswith("no limit in months or days.")
