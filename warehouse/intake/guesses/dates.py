"""Which formats the dates of a column have: tried by the function that types them, so that what fits here fits there.

Belongs here: formats and what is doubtful about them. Does not belong here: reading a date (`warehouse.intake.values`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from warehouse.catalogue.contract import SourceColumn
from warehouse.intake.guesses.words import MOST, NULLS, Guess, misfits, nulls, some
from warehouse.intake.refused import shown
from warehouse.intake.values import EXCEL, ISO, TYPED, dates

DAYS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y",
    "%d. %m. %Y", "%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y",
)  # fmt: skip
TIMES = (
    *(f"{day} {clock}" for day in ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y%m%d")
      for clock in ("%H:%M:%S", "%H:%M", "%H:%M:%S%.f")),
    "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S%.fZ",
    "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z", "%Y%m%d%H%M%S",
)  # fmt: skip
FORMS = (*DAYS, *TIMES, EXCEL)
"""In the order in which they are taken where several fit equally and mean the same days."""
TYPED_FORMS = {*ISO, "%Y-%m-%dT%H:%M:%S"}
"""How readers write the dates of formats that know dates: no contract need name these."""
SERIALS = (20_000, 60_000)
"""Day numbers of 1954 to 2064: others are more likely plain numbers."""
PEAK_SHARE, PEAK_TIMES, PEAK_ROWS = 0.05, 10, 50
"""One day is a likely word for "none" above this share, this many times the next one, in so many rows at least."""


def as_date(counts: Counter[str], file_format: str) -> Guess | None:
    """As a date: the fewest formats that fit the most values. None where fewer than nine in ten fit."""
    plain = Counter({text: n for text, n in counts.items() if text not in NULLS})
    read = {form: days for form in FORMS if (days := _days(list(plain), form))}
    forms, left = _fewest(read, plain)
    if not plain or sum(plain[text] for text in left) > (1 - MOST) * plain.total():
        return None
    twice = _two_ways(read, forms)
    options: dict[str, Any] = {"formats": None if twice else forms}
    if forms == ["%Y-%m-%d"] or (file_format in TYPED and set(forms) <= TYPED_FORMS):
        del options["formats"]
    questions = [*twice, *_about_times(forms, options), *_about_nulls(counts), *misfits(left, plain), *_about_peak(plain)]
    fits = 1 - sum(plain[text] for text in left) / plain.total()
    return Guess("date", fits, options | nulls(counts), tuple(questions))


def _days(texts: list[str], form: str) -> dict[str, date]:
    """The texts that a form fits, each with its day."""
    if form == EXCEL:
        texts = [text for text in texts if re.fullmatch(r"\d{5}(\.\d+)?", text) and SERIALS[0] <= float(text) <= SERIALS[1]]
    column = SourceColumn(header="", type="date", formats=(form,))
    days = pl.DataFrame({"text": pl.Series(texts, dtype=pl.String)}).select(dates(pl.col("text"), column, "UTC")).to_series()
    return {text: day for text, day in zip(texts, days, strict=True) if day is not None}


def _fewest(read: Mapping[str, Mapping[str, date]], counts: Counter[str]) -> tuple[list[str], set[str]]:
    """Formats, each taken for the most values that those before it leave; and the values that none fits."""
    forms, left = list[str](), set(counts)

    def gain(form: str) -> int:
        return sum(counts[text] for text in left & read[form].keys())

    while best := max(filter(gain, read), key=gain, default=None):
        forms.append(best)
        left -= read[best].keys()
    return forms, left


def _two_ways(read: Mapping[str, Mapping[str, date]], forms: Sequence[str]) -> list[str]:
    """A question where another format reads the values as well, with other days."""
    for form in forms:
        for other, days in read.items():
            text = next((text for text in read[form] if text in days and days[text] != read[form][text]), None)
            if text is not None and (len(days) >= len(read[form]) or other in forms):
                return [
                    f'{shown(text, 30)} is {read[form][text]} by "{form}", but {days[text]} by "{other}": which is meant? '
                    "No value tells. Ask the court, and write that one into `formats: [...]`"
                ]
    return []


def _about_times(forms: Sequence[str], options: dict[str, Any]) -> list[str]:
    if any("%y" in form for form in forms):
        return ["years have two digits: is the century right? 69 to 99 are taken for 19.., 00 to 68 for 20.."]
    if any(form.endswith("Z") for form in forms):
        options["zone"] = "UTC"
    elif any("%H" in form and "%z" not in form for form in forms):
        return ["the time of day carries no zone: as it stands the day is taken as written. Are the times of another zone than "
                "the profile's? Then add `zone:`"]  # fmt: skip
    return []


def _about_nulls(counts: Counter[str]) -> list[str]:
    days = sorted(text for text in counts if text in NULLS and re.search(r"[1-9]\d{3}", text))
    return [f"{some(days)} is taken to mean none. Is it?"] if days else []


def _about_peak(counts: Counter[str]) -> list[str]:
    """One day that stands in very many rows is often a word for none."""
    (text, first), (_, second) = [*counts.most_common(2), ("", 0)][:2]
    if counts.total() < PEAK_ROWS or first <= counts.total() * PEAK_SHARE or first <= PEAK_TIMES * second:
        return []
    return [f"{shown(text, 30)} stands in {first} of {counts.total()} rows: does it mean none? Then add it to `nulls`, or to "
            "`placeholders` in deliveries.csv where each file has another one"]  # fmt: skip
