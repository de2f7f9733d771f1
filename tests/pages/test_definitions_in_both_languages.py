"""Chinese pages say in Chinese who is counted, by which day and by what law; English pages in English."""

from __future__ import annotations

import json
import re
import shutil
from html import escape, unescape
from pathlib import Path

import duckdb
import pytest

KEYS = ("population", "date_rule", "exclusions", "scope", "source")
WHERE = {
    "definitions/same_day_registration_rate": KEYS, "explain/same_day_registration_rate/2016-09": ("scope", "source"),
    "figures/same_day_registration_rate": ("source",),
}  # fmt: skip


def defined(home: Path, metric: str) -> dict[str, str]:
    """The definition as published, by its keys."""
    with duckdb.connect(str(home / "shengzhou/warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select definition from published.definitions where metric = ? and to_refresh is null", [metric]
        ).fetchone()
    return dict(json.loads(found[0]))


def set_apart(text: str) -> list[str]:
    """What a page marks as English; of a heading that names the metric in the other language, not the name."""
    found = re.findall(r'<(?:dd|span)(?: class="note")? lang="en">([^<]*)<', text)
    return [unescape(one) for one in found]


def without_chinese(found: dict[str, object]) -> dict[str, object]:
    """A definition, or a part of one, as it was stored before."""
    return {key: value for key, value in found.items() if key not in {f"{one}_zh" for one in KEYS}}


@pytest.mark.parametrize("path", WHERE)
def test_a_page_says_a_definition_in_its_own_language_alone(pages, path):
    told = defined(pages.home, "same_day_registration_rate")
    zh, en = pages.page(f"/zh/{path}").text, pages.page(f"/en/{path}").text
    for key in WHERE[path]:
        assert escape(told[f"{key}_zh"]) in zh and escape(told[key]) not in zh, key
        assert escape(told[key]) in en and escape(told[f"{key}_zh"]) not in en, key
    assert not set(set_apart(zh)) & set(told[key] for key in KEYS)


def test_a_target_and_the_breaks_of_series_say_their_source_in_the_language_of_the_page(pages):
    target = defined(pages.home, "same_day_registration_rate")["target"]
    breaks = pages.court.profile.breaks
    for path, sources in (
        ("definitions/same_day_registration_rate", [(target["source"], target["source_zh"])]),
        ("about", [(one.source, one.source_zh) for one in breaks]),
    ):
        zh, en = pages.page(f"/zh/{path}").words, pages.page(f"/en/{path}").words
        for english, chinese in sources:
            assert chinese in zh and english not in zh
            assert english in en and chinese not in en


def test_a_reading_shows_its_own_scope_in_chinese(pages):
    words = pages.page("/zh/explain/closing_rate_cn.without_resumed/2016-09").words
    assert "含执保；不含执恢、诉前调" in words and "含执恢、执保；不含诉前调" not in words
    assert "含执恢、执保；不含诉前调" in pages.page("/zh/explain/closing_rate_cn.with_reopened/2016-09").words


def test_a_publication_of_before_there_was_chinese_is_shown_in_english_that_is_marked(open_site, one_night, tmp_path):
    home = Path(shutil.copytree(one_night, tmp_path / "home"))
    told = defined(home, "same_day_registration_rate")
    with duckdb.connect(str(home / "shengzhou/warehouse.duckdb")) as connection:
        for metric, text in connection.execute("select metric, definition from published.definitions").fetchall():
            bare = json.loads(text, object_hook=without_chinese)
            connection.execute("update published.definitions set definition = ? where metric = ?", [json.dumps(bare), metric])
    assert "scope_zh" in told and "scope_zh" not in defined(home, "same_day_registration_rate")
    site = open_site(home)
    for path, keys in WHERE.items():
        marked = set_apart(site.page(f"/zh/{path}").text)
        assert {told[key] for key in keys} <= set(marked), path
        assert not set_apart(site.page(f"/en/{path}").text), path
