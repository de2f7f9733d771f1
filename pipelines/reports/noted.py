"""What rules found and withhold, in Chinese: the notes are stored in English, and taken apart by the words of their rules.

Only what a rule's own English says letter for letter is said in Chinese; of any other note the English stands.
Does not belong here: what is stored (warehouse.refresh.count, warehouse.quality.gates), or names of rules (their files).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from string import Formatter

from warehouse.quality.rule import Rule

CORRECTED = r"(?P<what>.*) \[(?P<old>.*)\] to \[(?P<new>.*)\]: "
ITEMS = {
    "CONSERVATION": ((r"(?P<file>.*) \(delivery (?P<n>\d+)\)", "{file}（批次{n}）"),),
    "CORRECTIONS": (
        (CORRECTED + "the case is not known", "{what}[{old}]更正为[{new}]：没有该案件"),
        (CORRECTED + r"the row delivered last says \[(?P<held>.*)\]", "{what}[{old}]更正为[{new}]：最近报送的行为[{held}]"),
    ),
    "RECOUNT": (
        (r"(?P<what>.*), (?P<n>\d+) cells, (?P<a>[-\d/]+) by SQL, (?P<b>[-\d/]+) counted again",
         "{what}，{n}个单元，第一套计{a}，第二套计{b}"),
    ),
}  # fmt: skip
"""Rules whose items have English words, with the patterns of these; of other rules an item is names and codes."""
SET_ASIDE = re.compile(
    r"SET_ASIDE: (?P<rows>\d+) of (?P<delivered>\d+) rows of (?P<source>\S+) are set aside, more than (?P<share>[\d.]+%) and "
    r"(?P<most>\d+); see `caseload quarantine list`"
)
SET_ASIDE_ZH = (
    "SET_ASIDE：来源{source}报送的{delivered}行中有{rows}行被隔离，既超过{share}又超过{most}行；见`caseload quarantine list`"
)
UNASKED = re.compile(r"the rule could not be asked \((?P<why>.*)\)", re.DOTALL)
SENTENCE = re.compile(r"[A-Za-z]+ [a-z]+ [a-z]+ ")
"""More than names and codes: an error stands where the item would be."""


def found_zh(rule_id: str, message: str, rules: Mapping[str, Rule]) -> str:
    """The Chinese of what a rule noted; empty where its words say nothing like it."""
    rule = rules.get(rule_id)
    told = _pattern(rule.message).fullmatch(message) if rule and rule.message_zh else None
    if rule is None or told is None:
        return ""
    parts = told.groupdict()
    if "item" in parts:
        parts["item"] = _item_zh(rule_id, parts["item"])
        if not parts["item"]:
            return ""
    if parts.get("value") == "None":  # the row says nothing there
        parts["value"] = "空"
    return rule.message_zh.format(**parts)


def reason_zh(reason: str, rules: Mapping[str, Rule]) -> tuple[str, str]:
    """Why a figure is withheld: the Chinese, then what is only known in English."""
    aside = SET_ASIDE.fullmatch(reason)
    if aside:
        return SET_ASIDE_ZH.format(**aside.groupdict()), ""
    rule_id, _, message = reason.partition(": ")
    if rule_id not in rules:
        return "", reason
    told = found_zh(rule_id, message, rules)
    if told:
        return f"{rule_id}：{told}", ""
    name, unasked = f"{rule_id}（{rules[rule_id].name_zh}）：", UNASKED.fullmatch(message)
    return (f"{name}规则未能执行：", unasked["why"]) if unasked else (name, message)


@cache
def _pattern(message: str) -> re.Pattern[str]:
    """The words of a message around its placeholders."""
    parts = [re.escape(words) + (f"(?P<{name}>.*)" if name else "") for words, name, *_ in Formatter().parse(message)]
    return re.compile("".join(parts), re.DOTALL)


def _item_zh(rule_id: str, item: str) -> str:
    """What a message is about; empty where its English is not known."""
    for pattern, chinese in ITEMS.get(rule_id, ()):
        told = re.fullmatch(pattern, item, re.DOTALL)
        if told:
            return chinese.format(**told.groupdict())
    return "" if rule_id in ITEMS or SENTENCE.search(f"{item} ") else item
