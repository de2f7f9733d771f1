"""Columns that look like names of persons or their numbers: these are neither shown nor read without somebody's word."""

from __future__ import annotations

import re
from collections import Counter

from warehouse.intake.guesses.headers import names_a_person

SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭"
    "廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
CHINESE = re.compile(r"[\u4e00-\u9fff]{2,3}")
LATIN = re.compile(r"(?:[^\W\d_a-z][\w'’.-]*)(?:[ ,]+[^\W\d_a-z][\w'’.-]*){1,3}")
NUMBERS = re.compile(r"\d{17}[\dXx]|1[3-9]\d{9}|\d{3}-\d{2}-\d{4}|\d{6}/\d{3,4}")
"""Identity numbers of China, mobile telephones, social security numbers of the United States, Czech birth numbers."""
MOST = 0.8
LEAST = 3


def looks_like_people(header: str, counts: Counter[str]) -> str:
    """Why a column may hold persons; nothing where it does not look so."""
    if names_a_person(header):
        return "its header names persons or what is theirs"
    if len(counts) < LEAST:
        return ""
    share = {what: sum(n for text, n in counts.items() if fits(text)) / counts.total() for what, fits in (
        ("its values look like names of persons", _is_name), ("its values look like numbers of persons", NUMBERS.fullmatch),
    )}  # fmt: skip
    return next((what for what, found in share.items() if found >= MOST), "")


def _is_name(text: str) -> bool:
    return bool((text[:1] in SURNAMES and CHINESE.fullmatch(text)) or LATIN.fullmatch(text))
