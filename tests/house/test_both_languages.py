"""What is defined in English is defined in Chinese too, by the same articles and numbers, and says no bare 受理."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from pipelines.reports.words import said
from warehouse.catalogue.documents import load
from warehouse.catalogue.lists import read_rows
from warehouse.catalogue.metric import Metric, Scope, read_metrics, read_scopes
from warehouse.catalogue.profile import Settings
from warehouse.catalogue.query import HOUSE
from warehouse.quality.rule import Rule, written_rules

FOLDER = HOUSE / "warehouse"
METRICS = read_metrics(FOLDER / "definitions", HOUSE / "sql")
SCOPES = read_scopes(FOLDER / "scopes")
PROFILES = [load(path, Settings) for path in sorted(FOLDER.glob("profiles/*/profile.yml"))]
RULES = written_rules([FOLDER / "rules", *sorted(FOLDER.glob("profiles/*/rules"))])
OF_METRICS = ("population", "date_rule", "exclusions", "scope", "source")
FIELDS = (*OF_METRICS, "condition", "message", "tolerance_reason", "reason")
SAME = {"December": "12", "ch. 13": "13", "第十三章": "13"}
"""Numbers that one of the languages writes in words."""
PLACEHOLDER = re.compile(r"{\w+}")


def texts(of: BaseModel, name: str) -> Iterator[tuple[str, str, str]]:
    """Each text of a document and of all documents in it: where it stands, its English, its Chinese."""
    for key in type(of).model_fields:
        value = getattr(of, key)
        if key in FIELDS and value:
            yield f"{name}.{key}", value, getattr(of, f"{key}_zh")
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, tuple) else [(None, value)]
        for place, one in inner:
            if isinstance(one, BaseModel):
                yield from texts(one, f"{name}.{key}{'' if place is None else f'.{place}'}")


DOCUMENTS: list[Metric | Scope | Settings | Rule] = [*METRICS.values(), *SCOPES.values(), *PROFILES, *RULES.values()]
TEXTS = {where: (en, zh) for one in DOCUMENTS for where, en, zh in texts(one, one.id)}


def numbers(text: str) -> set[float]:
    """The numbers of a text: of articles, years, days, sections, figures."""
    for word, number in SAME.items():
        text = text.replace(word, number)
    text = re.sub(r"\bQ[1-4]\b|(?<=\d)H[12]\b", " ", text)
    return {float(one.replace(",", "")) for one in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)*", text) if one.count(".") < 2}


LAW = [
    (f"{path.parent.parent.name} {row['limit_id']} {row.get('effective_from', '')}", key, row[key], row.get(f"{key}_zh", ""))
    for name in ("statutory_limits", "registration_limits") for path in sorted(FOLDER.glob(f"profiles/*/codes/{name}.csv"))
    for row in read_rows(path) for key in ("article", "extension") if row.get(key)
]  # fmt: skip
"""Of each limit what it says of the law: which, of what, in English and in Chinese."""


def test_a_limit_says_its_article_and_extension_in_chinese_by_the_same_numbers():
    assert len(LAW) > 100
    for where, key, en, zh in LAW:
        assert re.search(r"[\u4e00-\u9fff]", zh) and not re.search(r"[a-z]{3}", zh), f"{where}: {key}_zh [{zh}] for [{en}]"
        assert sorted(re.findall(r"\d+", en)) == sorted(re.findall(r"\d+", zh)), f"{where}: [{en}] [{zh}]"
        assert not re.search(r"[\u4e00-\u9fff][,;:(]|[,;:)][\u4e00-\u9fff]", zh) and "受理" not in zh, f"{where}: [{zh}]"
    assert len({en for _, _, en, _ in LAW}) == len({(en, zh) for _, _, en, zh in LAW}), "one English text has two in Chinese"


def test_the_words_of_all_rules_are_looked_at():
    shipped = [*FOLDER.glob("rules/*.yml"), *FOLDER.glob("profiles/*/rules/*.yml")]
    assert {path.stem for path in shipped} == set(RULES)
    assert {f"{name}.{key}" for name in RULES for key in ("condition", "message")} <= set(TEXTS)
    assert {"DQ02.tolerance_reason", "DQ39.tolerance_reason"} <= set(TEXTS)


def test_texts_of_metrics_readings_targets_scopes_profiles_and_breaks_are_looked_at():
    assert {f"{name}.{key}" for name in METRICS for key in OF_METRICS} <= set(TEXTS)
    assert {"filed.variants.without_resumed.scope", "enforcement_target_t4.target.source", "without_resumed.source",
            "fjc_ch12.scope", "shengzhou.breaks.0.source"} <= set(TEXTS)  # fmt: skip


@pytest.mark.parametrize("where", TEXTS)
def test_a_text_has_its_chinese(where):
    en, zh = TEXTS[where]
    assert PLACEHOLDER.findall(en) == PLACEHOLDER.findall(zh), f"[{zh}] has other placeholders than [{en}]"
    zh = PLACEHOLDER.sub("", zh)
    if not PLACEHOLDER.sub("", en):
        return  # a message that says no word of its own
    assert re.search(r"[\u4e00-\u9fff]", zh), f"add `{where.rpartition('.')[2]}_zh`, in Chinese, below [{en}]"
    english = re.search(r"[a-z]{3}", re.sub(r"（[A-Za-z ]+）|is_counted|CourTools|codes/statutory_limits\.csv", "", zh))
    assert not english, f"[{zh}] is not Chinese all through"
    assert not re.search(r"[\u4e00-\u9fff][,;:(]|[,;:)][\u4e00-\u9fff]", zh), f"[{zh}] has the marks of English"


@pytest.mark.parametrize("where", [one for one in TEXTS if one.endswith(".source")])
def test_a_source_names_the_same_articles_and_numbers_in_both_languages(where):
    en, zh = TEXTS[where]
    assert numbers(en) == numbers(zh)


def test_the_word_with_two_readings_is_only_quoted():
    bare = {where: zh for where, (_, zh) in TEXTS.items() if "受理" in re.sub("“[^”]*”", "", zh)}
    assert bare == {}


def test_without_chinese_the_english_is_said():
    filed = METRICS["filed"]
    assert said(filed, "scope", "zh") == "含执恢、执保；不含诉前调" and said(filed, "scope", "en") == filed.scope
    assert said(filed.model_copy(update={"scope_zh": ""}), "scope", "zh") == filed.scope
