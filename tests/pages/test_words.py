"""No word is missing in either language, and no template says anything that is not translated."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from pipelines.web.words import Words, catalogue
from warehouse.catalogue.calendars import parse_period
from warehouse.catalogue.query import HOUSE

WEB = HOUSE / "pipelines/web"
JINJA = {"extensions": "jinja2.ext.i18n", "trimmed": "false"}
SAME = {
    "CSV",
    "XLSX",
    "caseload verify --full",
    "caseload verify --head",
    "caseload ledger prove",
    "caseload refresh",
    "caseload explain",
    "caseload bridge",
    "caseload findings list",
    "caseload reconcile",
    "caseload compare",
    "caseload totals --profile",
    "sha256",
    "中文",
    "English",
}
"""What is the same in both languages: names of formats, commands, the languages' own names."""


def messages() -> set[str | tuple[str, ...]]:
    """All that templates and modules say."""
    found = extract_from_dir(
        str(WEB), [("**.py", "python"), ("**/templates/**.html", "jinja2")], {"**/templates/**.html": JINJA},
        keywords={"N_": None, "gettext": None, "ngettext": (1, 2)},
    )  # fmt: skip
    return {message for _, _, message, _, _ in found}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_message_is_missing_and_none_is_left_over(lang):
    kept = {
        message.id if isinstance(message.id, str) else tuple(message.id): message for message in catalogue(lang) if message.id
    }
    assert set(kept) == messages()
    for key, message in kept.items():
        texts = [message.string] if isinstance(message.string, str) else list(message.string)
        assert all(texts), key
        asked = set(re.findall(r"%\(\w+\)s", "".join(key)))
        assert all(set(re.findall(r"%\(\w+\)s", text)) == asked for text in texts), f"{key} and its places"


def test_what_is_said_in_english_is_english_and_in_chinese_chinese():
    for message in catalogue("en"):
        if message.id:
            text = message.string if isinstance(message.string, str) else message.string[0]
            assert text == (message.id if isinstance(message.id, str) else message.id[0])
    for message in catalogue("zh"):
        text = str(message.string)
        assert (
            not message.id
            or re.search(r"[\u4e00-\u9fff]", text)
            or not re.search(r"[A-Za-z]{3}", re.sub(r"%\(\w+\)s", "", text))
        )


@pytest.mark.parametrize("path", sorted((WEB / "templates").glob("*.html")), ids=lambda path: path.name)
def test_a_template_says_nothing_that_is_not_translated(path: Path):
    text = path.read_text("utf-8")
    text = re.sub(r"{%-?\s*trans.*?{%-?\s*endtrans\s*-?%}", "", text, flags=re.DOTALL)
    for attribute in re.findall(r"(?:aria-label|title|alt|placeholder)=\"([^\"]*)\"", text):
        assert not re.search(r"[A-Za-z]{2}", re.sub(r"{[{%].*?[%}]}|sha256", "", attribute)), attribute
    text = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", " ", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", "\n", text)
    said = {re.sub(r"\s+", " ", line).strip(" :·→–,.()/+-<>…") for line in text.splitlines()}
    assert {line for line in said if re.search(r"[A-Za-z\u4e00-\u9fff]", line)} <= SAME


def test_numbers_days_and_periods_are_written_as_the_language_has_them():
    en, zh = Words("en", {}), Words("zh", {})
    assert (en.day("2016-10-31"), zh.day(date(2016, 10, 31))) == ("31 October 2016", "2016年10月31日")
    for period, english, chinese in (
        ("2016-10", "Oct 2016", "2016年10月"), ("2016-Q2", "Q2 2016", "2016年第2季度"), ("2016-H2", "H2 2016", "2016年下半年"),
        ("2016", "2016", "2016年"), ("2012-01..2016-10", "Jan 2012 – Oct 2016", "2012年1月至2016年10月"),
    ):  # fmt: skip
        assert (en.period(parse_period(period)), zh.period(parse_period(period))) == (english, chinese)
    assert (en.count(54456), en.count(-3, True), en.count(0, True), en.count(None)) == ("54,456", "−3", "±0", "–")
    assert en.rate(0.9610) == "96.1%"


def test_of_fewer_than_twenty_cases_the_counts_are_said():
    share = {"status": "published", "unit": "share", "kind": "share", "reason": None}
    few = share | {"value": 0.9, "numerator": 18, "denominator": 19}
    many = share | {"value": 0.9, "numerator": 18, "denominator": 20}
    assert (Words("en", {}).shown(few), Words("zh", {}).shown(few)) == ("18 of 19", "19件中18件")
    assert Words("en", {}).shown(many) == "90.0%"


def test_a_word_that_is_lacking_is_a_fault_and_not_english():
    with pytest.raises(KeyError, match="has no message"):
        Words("zh", {}).gettext("never said")
