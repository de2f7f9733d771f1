"""What the values of one column can be, where they are words: none at all, flags, codes, case numbers.

Belongs here: one column's texts, and what stands for "none" among them. Does not belong here: dates and numbers (modules of
their own), which column of ours it is (`headers`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from warehouse.catalogue.contract import ColumnType
from warehouse.intake.case_number import Numbering, take_apart
from warehouse.intake.refused import shown

NULLS = frozenset((
    "NA", "N/A", "n/a", "#N/A", "NULL", "null", "None", "none", "nan", "NaN", "-", "--", "—", "–", "/", "\\", ".", "?", "0",
    "0000-00-00", "0000-00-00 00:00:00", "00.00.0000", "00/00/0000", "1900-01-01", "01.01.1900", "9999-12-31", "31.12.9999",
    "无", "空", "不详", "未知", "暂无", "keine", "k.A.", "brak", "nie dotyczy", "n.d.", "není",
))  # fmt: skip
"""What stands for "none" where the type does not fit it."""
PAIRS = (
    ("是", "否"), ("有", "无"), ("真", "假"), ("√", "×"), ("YES", "NO"), ("TRUE", "FALSE"), ("1", "0"), ("Y", "N"), ("T", "F"),
    ("JA", "NEIN"), ("J", "N"), ("OUI", "NON"), ("O", "N"), ("SÍ", "NO"), ("SI", "NO"), ("S", "N"), ("SIM", "NÃO"),
    ("TAK", "NIE"), ("T", "N"), ("ANO", "NE"), ("A", "N"),
)  # fmt: skip
"""Words for yes and no that stand together."""
MOST = 0.9
"""A column is of a type where at least this share of its values fits."""
MOST_CODES = 60
LIKELY_NUMBERS = 0.5


@dataclass(frozen=True)
class Guess:
    """How the values of a column can be read. `options` are keys of the contract; None marks one that must be answered.

    `questions` say what is doubtful; `fits` is the share of the values that fit, those that mean none apart.
    """

    type: ColumnType
    fits: float
    options: dict[str, Any] = field(default_factory=dict)
    questions: tuple[str, ...] = ()


def counted(values: Sequence[str]) -> Counter[str]:
    """The values that are not blank, without the blanks around them, with how often they occur."""
    return Counter(text for value in values if (text := value.strip()))


def some(texts: Collection[str], most: int = 3) -> str:
    """A few values for a comment, each cut to 30 characters."""
    return " ".join(shown(text, 30) for text in list(texts)[:most])


def nulls(counts: Counter[str], but: Collection[str] = ()) -> dict[str, Any]:
    """The key `nulls`, where words for "none" stand among the values."""
    found = sorted(text for text in counts if text in NULLS and text not in but)
    return {"nulls": ["", *found]} if found else {}


def misfits(left: Collection[str], counts: Counter[str]) -> list[str]:
    """A question where values do not fit."""
    if not left:
        return []
    rows = sum(counts[text] for text in left)
    listed = some(sorted(left, key=lambda text: (-counts[text], text)))
    return [
        f"{rows} of {counts.total()} values do not fit: {listed}. Their rows would be set aside. Does such a word mean none? "
        "Then add it to `nulls`"
    ]


def as_flag(counts: Counter[str]) -> Guess | None:
    """As yes or no: one or two words, of which the usual pairs are known. None where there are more."""
    said = {word for pair in PAIRS for word in pair}
    words = sorted(text for text in counts if text not in NULLS or text.upper() in said)
    if not 1 <= len(words) <= 2:
        return None
    more = nulls(counts, words)
    pairs = [pair for pair in PAIRS if {word.upper() for word in words} <= set(pair)]
    if not pairs:
        return Guess("flag", 1.0, {"words": dict.fromkeys(words), **more}, ("which word means yes (true), which no (false)?",))
    meanings = {word: word.upper() == pairs[0][0] for word in words}
    if len(words) == 2:
        return Guess("flag", 1.0, {"words": meanings, **more})
    if len(pairs) > 1:
        return Guess("flag", 1.0, {"words": meanings, **more}, (f"only {some(words)} was seen. Which word is its opposite?",))
    other = _cased_as(words[0], next(word for word in pairs[0] if word != words[0].upper()))
    asked = (f"only {some(words)} was seen. Is {some([other])} its opposite?",)
    return Guess("flag", 1.0, {"words": meanings | {other: not meanings[words[0]]}, **more}, asked)


def _cased_as(seen: str, word: str) -> str:
    return word.lower() if seen.islower() else word.capitalize() if seen[1:].islower() else word


def as_case_number(counts: Counter[str]) -> Guess | None:
    """As a Chinese case number (案号), of either form. None where fewer than half are: the others go through as they are."""
    texts = pl.Series(list(counts), dtype=pl.String)
    keys = take_apart(texts, Numbering({}, {}))["case_key"]
    left = sorted(text for text, key in zip(texts, keys, strict=True) if key is None)
    fits = 1 - sum(counts[text] for text in left) / max(counts.total(), 1)
    if not counts or fits < LIKELY_NUMBERS:
        return None
    what = f"{len(left)} numbers are of neither form: {some(left)}. They go through, and a rule names them. Are they right?"
    return Guess("case_number", fits, {}, (what,) if left else ())


def as_code(counts: Counter[str], codes: str) -> Guess | None:
    """As words of a list that is to be written. None where there are too many for one."""
    words = [text for text in counts if text not in NULLS]
    return Guess("code", 1.0, {"codes": codes, **nulls(counts)}) if len(words) <= MOST_CODES else None
