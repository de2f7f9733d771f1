"""Aliases: what stands for the numbers and keys of an erased person, and where these occur in text, however they are written.

Belongs here: forms of a number, and its replacement. Does not belong here: which rows are the person's, files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import polars as pl

from warehouse.catalogue.contract import ADDED_TO, Contract
from warehouse.intake.case_number import Numbering, take_apart

Kind = Literal["case", "application"]
RESERVED = {"new": 99_000_001, "old": 990_001}
"""From here on serial numbers are aliases: no court gives so many numbers in one series and year."""
BLANK = r"\s*"
OPEN, CLOSE = r"[（(〔\[［]", r"[）)〕\]］]"
FEWEST, FEWEST_DIGITS = 5, 8
"""How long a key must be to be looked for in text, where anything may stand: of digits alone it must be longer."""
INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"


@dataclass(frozen=True)
class Alias:
    """One key of the person, and the key that stands for it. `pattern` finds it in text; none: it is too short to be told."""

    kind: Kind
    key: str
    alias: str
    number: str
    """The alias as a court writes it: a case number, or the key itself."""
    pattern: re.Pattern[str] | None
    serial: str = ""

    def in_text(self, text: str) -> str:
        """The text with the alias wherever the key stands."""
        return self.pattern.sub(self._in_place, text) if self.pattern else text

    def _in_place(self, found: re.Match[str]) -> str:
        at, new = ("serial", self.serial) if found.groupdict().get("serial") else ("key", self.alias)
        start, end = found.start(at) - found.start(), found.end(at) - found.start()
        return found[0][:start] + new + found[0][end:]


def of_number(key: str, form: str, parts: tuple[str, int, str, int], numbering: Numbering, serial: int) -> Alias:
    """The alias of a Chinese case number of the new or the old form. `parts` are court, year, characters, serial."""
    court, year, characters, own = parts
    courts = "|".join(map(_spaced, {court, *(short for short, code in numbering.courts.items() if code == court)}))
    before = (f"{OPEN}{BLANK}{_spaced(str(year))}{BLANK}{CLOSE}{BLANK}(?:{courts}){BLANK}{_spaced(characters)}{BLANK}"
              f"(?:字{BLANK})?(?:第{BLANK})?")  # fmt: skip
    written = f"{before}(?P<serial>(?:[0０]{BLANK})*{_spaced(str(own))})(?![0-9０-９])(?:{BLANK}号)?"
    pattern = re.compile(f"{written}|(?P<key>{re.escape(key)})(?![0-9])")
    number = f"（{year}）{court}{characters}{serial}号" if form == "new" else f"（{year}）{court}{characters}字第{serial}号"
    return Alias("case", key, f"{court}-{year}-{characters}-{serial}", number, pattern, str(serial))


def of_key(kind: Kind, key: str, alias: str, prefix: str | None) -> Alias:
    """The alias of a key that is no Chinese number."""
    is_told = len(key) >= (FEWEST_DIGITS if key.isdigit() else FEWEST)
    begins = f"(?:{re.escape(prefix)})?" if prefix else ""
    pattern = rf"(?<![0-9A-Za-z]){begins}(?P<key>{re.escape(key)})(?![0-9A-Za-z])"
    return Alias(kind, key, alias, alias, re.compile(pattern) if is_told else None)


def key_candidates(key: str) -> Iterator[str]:
    """Keys that may stand for one: of digits alone as many, from the last number down; `erased-1` and so on elsewhere."""
    for number in range(1, 1_000_000):
        yield str(10 ** max(len(key), 6) - number) if key.isdigit() else f"erased-{number}"


def _spaced(text: str) -> str:
    """A pattern for a text with blanks between its characters, each perhaps of full width."""
    wide = {c: chr(ord(c) + 0xFEE0) for c in text if "!" <= c <= "~"}
    return BLANK.join(f"[{re.escape(c)}{wide[c]}]" if c in wide else re.escape(c) for c in text)


@dataclass(frozen=True)
class Aliases:
    """All keys of one person."""

    every: tuple[Alias, ...]
    numbering: Numbering | None
    """None where the profile has no Chinese numbers."""

    def in_text(self, text: str) -> str:
        """The text with aliases in it."""
        for alias in self.every:
            text = alias.in_text(text)
        return text

    def stand_in(self, text: str) -> bool:
        """Whether a key can be seen in the text."""
        return any(alias.pattern is not None and alias.pattern.search(text) for alias in self.every)

    def elsewhere(self, text: str, change: Callable[[str], str]) -> str:
        """The text with aliases in it, and all that stands around them changed."""
        marks = [alias.pattern for alias in self.every if alias.pattern is not None]
        spans = sorted(found.span() for pattern in marks for found in pattern.finditer(text))
        made, at = "", 0
        for start, end in spans:
            if start >= at:
                made, at = made + change(text[at:start]) + self.in_text(text[start:end]), end
        return made + change(text[at:])

    def of(self, value: str | None, kind: Kind, prefix: str | None = None) -> Alias | None:
        """Whose key the value of a key column is, by the key or by the alias that stands for it already."""
        if not value:
            return None
        key = self.key_in(value, kind, prefix)
        return next((one for one in self.every if one.kind == kind and key in (one.key, one.alias)), None)

    def in_key(self, value: str, kind: Kind, prefix: str | None = None) -> str:
        """The value of a key column with its alias, in the form in which it was written."""
        alias = self.of(value, kind, prefix)
        if alias is None:
            return self.in_text(value)
        told = alias.in_text(value)
        if told != value or self.key_in(value, kind, prefix) == alias.alias:
            return told
        return alias.number if alias.serial else value.replace(alias.key, alias.alias)

    def key_in(self, value: str, kind: Kind, prefix: str | None = None) -> str | None:
        """The key that a written value means, as staging takes it."""
        values = pl.Series([value])
        numbering = self.numbering if kind == "case" else None
        found: str | None = (plain_keys(values, prefix) if numbering is None else keys_of(values, numbering))[0]
        return found


def keys_of(values: pl.Series, numbering: Numbering) -> pl.Series:
    """The case keys of written numbers."""
    return take_apart(_bare(values), numbering)["case_key"]


def plain_keys(values: pl.Series, prefix: str | None) -> pl.Series:
    """Keys that are no numbers, as staging takes them: without blanks around them, without prefix."""
    found = _bare(values)
    return found.str.strip_prefix(prefix) if prefix else found


def _bare(values: pl.Series) -> pl.Series:
    text = values.cast(pl.String).str.strip_chars().str.strip_chars(INVISIBLE).str.strip_chars()
    return text.str.replace(r'^="(.*)"$', "${1}")


@dataclass(frozen=True)
class KeyColumn:
    """A column that holds keys: its headers, of what, and the prefix that is no part of them."""

    headers: tuple[str, ...]
    kind: Kind
    prefix: str | None
    is_own: bool
    """Whether it says whose row it is; elsewhere it only refers to another."""


def key_columns(contract: Contract, has_numbers: bool) -> list[KeyColumn]:
    """The columns of a contract that hold keys of cases and applications."""
    found = []
    keys = {"case_key", "case_number", "origin_case_number"}
    keys |= set() if contract.feeds in ADDED_TO else {contract.key.column}  # an event or a result has a key of its own
    for name, column in contract.columns.items():
        headers = (column.header, *column.also)
        if name == "application_key":
            found.append(KeyColumn(headers, "application", column.strip_prefix, True))
        elif column.type == "case_number" or (not has_numbers and name in keys):
            found.append(KeyColumn(headers, "case", column.strip_prefix, name != "origin_case_number"))
    return found
