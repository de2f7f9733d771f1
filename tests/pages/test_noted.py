"""What rules noted in English is said in Chinese where their own words say it, and stays English where they do not."""

from __future__ import annotations

import pytest

from pipelines.reports.noted import found_zh, reason_zh
from pipelines.web.words import Words
from warehouse.catalogue.query import HOUSE
from warehouse.quality.gates import OpenRows, gates_of_rows, gates_of_unasked
from warehouse.quality.rule import written_rules

RULES = written_rules([HOUSE / "warehouse/rules"])


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.id not in ("CONSERVATION", "CORRECTIONS", "RECOUNT")])
def test_the_note_of_every_rule_is_said_in_chinese(rule):
    parts = {"column": "closed_on", "value": "2016-08-01", "item": "month 2016-08 浙0683 civil"}
    assert found_zh(rule.id, rule.message.format(**parts), RULES) == rule.message_zh.format(**parts)
    assert found_zh(rule.id, f"{rule.message.format(**parts)} indeed", RULES) == ""


def test_items_with_english_words_of_their_own_are_said_in_chinese():
    for rule_id, item, chinese in (
        ("RECOUNT", "filed calendar 2016-08 浙0683 civil, 2 cells, 12 by SQL, 13 counted again",
         "filed calendar 2016-08 浙0683 civil，2个单元，第一套计12，第二套计13：两套引擎的统计不同"),
        ("CORRECTIONS", "（2016）浙0683民初1号 closed_on [2016-08-01] to [2016-08-02]: the case is not known",
         "（2016）浙0683民初1号 closed_on[2016-08-01]更正为[2016-08-02]：没有该案件"),
        ("CORRECTIONS", "A1 closed_on [] to [2016-08-02]: the row delivered last says [2016-08-03]",
         "A1 closed_on[]更正为[2016-08-02]：最近报送的行为[2016-08-03]"),
        ("CONSERVATION", "cases.csv (delivery 3)", "cases.csv（批次3）：处理过程中有行丢失或重复计入"),
    ):  # fmt: skip
        assert found_zh(rule_id, RULES[rule_id].message.format(item=item), RULES) == chinese
    assert found_zh("RECOUNT", "something: the two engines differ", RULES) == ""


def test_an_empty_value_and_an_error_in_place_of_an_item():
    assert found_zh("DQ19", "registered_on [None] does not agree with the first decision", RULES) == (
        "registered_on[空]与首次处理结果不一致"
    )
    error = RULES["DQ33"].message.format(item="Binder Error: there is no such column")
    assert reason_zh(f"DQ33: {error}", RULES) == ("DQ33（期初+新收+重开−结案=期末）：", error)


def test_the_reasons_of_gates_are_said_in_chinese(catalogue):
    gate = gates_of_rows(catalogue, [OpenRows("cases", "浙0683", 1000, 60)])[0]
    assert reason_zh(gate.reason, RULES) == (
        "SET_ASIDE：来源cases报送的1000行中有60行被隔离，既超过0.5%又超过5行；见`caseload quarantine list`", ""
    )  # fmt: skip
    unasked = gates_of_unasked(catalogue, {"DQ06": "no such table"})[0]
    assert reason_zh(unasked.reason, RULES) == ("DQ06（案号须符合规定格式）：规则未能执行：", "no such table")
    assert reason_zh("OWN7: nobody knows", RULES) == ("", "OWN7: nobody knows")


def test_pages_say_it_in_their_language():
    en, zh = Words("en", {}, lambda: RULES), Words("zh", {}, lambda: RULES)
    message = "closed_on [2016-08-01] lies before the day of registration"
    assert (en.found("DQ16", message), zh.found("DQ16", message)) == ((message, ""), ("closed_on[2016-08-01]早于立案日期", ""))
    assert zh.found("DQ16", "as it was said once") == ("", "as it was said once")
    assert zh.found("TYPE", "no day") == ("值无法识别：", "no day")
    reason = "DQ33: month 2016-08 浙0683 civil: opening stock, flows and closing stock do not balance"
    assert (en.reason(reason), zh.reason(reason)) == (reason, "DQ33：month 2016-08 浙0683 civil：旧存、收结与未结不平衡")
    assert (zh.reason("no_cases"), zh.reason(None, "withheld")) == ("无案件", "暂不发布")
