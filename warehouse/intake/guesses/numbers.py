"""Which marks the numbers of a column have: decimal comma or point, groups, units, full-width digits.

Belongs here: marks and what is doubtful about them. Does not belong here: reading a number (`warehouse.intake.values`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from warehouse.catalogue.contract import ColumnType, SourceColumn
from warehouse.intake.guesses.words import MOST, NULLS, Guess, misfits, nulls
from warehouse.intake.refused import shown
from warehouse.intake.values import number

FORMS = ((".", ""), (".", ","), (",", ""), (",", "."), (",", " "), (".", " "), (".", "'"))
"""Decimal mark and what stands between groups, in the order in which they are taken where several mean the same numbers."""
UNITS = {"万": 10_000, "万元": 10_000, "亿": 100_000_000, "亿元": 100_000_000, "元": 1, "€": 1, "EUR": 1, "zł": 1, "PLN": 1,
         "Kč": 1, "CZK": 1, "$": 1, "USD": 1, "CHF": 1, "£": 1}  # fmt: skip
MOST_UNITS = 5
WIDE = re.compile(r"[０-９．，]")
BARE = re.compile(r"^-?[\d０-９][\d.,' ．，]*")

Read = Mapping[tuple[str, str], Mapping[str, Decimal]]


def as_number(counts: Counter[str], kind: ColumnType = "decimal") -> Guess | None:
    """As a number: by the marks that fit most. None where fewer than nine in ten fit."""
    plain = Counter({text: n for text, n in counts.items() if text not in NULLS or text == "0"})
    if not plain:
        return None
    options, questions = _units(plain)
    read = _read(plain, kind, options)
    best = max(FORMS, key=lambda form: sum(plain[text] for text in read[form]))
    left = set(plain) - read[best].keys()
    fits = 1 - sum(plain[text] for text in left) / plain.total()
    if fits < MOST:
        return None
    if twice := _two_ways(read, best):
        options |= {"decimal": None, "thousands": None}
    else:
        options |= {key: mark for key, mark, usual in (("decimal", best[0], "."), ("thousands", best[1], "")) if mark != usual}
    return Guess(kind, fits, options | nulls(counts, read[best]), (*questions, *twice, *misfits(left, plain)))


def _units(counts: Counter[str]) -> tuple[dict[str, Any], list[str]]:
    """The keys `full_width` and `units`; a question for each unit that is not known."""
    options: dict[str, Any] = {"full_width": True} if any(WIDE.search(text) for text in counts) else {}
    words = sorted({word for text in counts if BARE.match(text) and (word := BARE.sub("", text).strip())})
    if not 0 < len(words) <= MOST_UNITS:
        return options, []
    options["units"] = {word: UNITS.get(word) for word in words}
    return options, [f"the unit {shown(word, 30)}: by how much does it multiply?" for word in words if word not in UNITS]


def _read(counts: Counter[str], kind: ColumnType, options: Mapping[str, Any]) -> Read:
    usable = {word: factor or 1 for word, factor in options.get("units", {}).items()}
    found = {}
    for form in FORMS:
        marks = {"decimal": form[0], "thousands": form[1], "units": usable, "full_width": "full_width" in options}
        column = SourceColumn.model_validate({"header": "", "type": kind, **marks})
        found[form] = {text: value for text in counts if (value := number(text, column)) is not None}
    return found


def _two_ways(read: Read, best: tuple[str, str]) -> list[str]:
    """A question where other marks read the values as well, as other numbers."""
    for other, values in read.items():
        text = next((text for text in read[best] if text in values and values[text] != read[best][text]), None)
        if text is not None and len(values) >= len(read[best]):
            ours, theirs = read[best][text], values[text]
            return [
                f'{shown(text, 30)} is {ours} with decimal mark "{best[0]}", but {theirs} with "{other[0]}". No value tells '
                'which is meant. Write `decimal` and `thousands` ("" for none)'
            ]
    return []
