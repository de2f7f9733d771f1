"""Small CSV tables of a profile: code lists and published totals. What their columns must hold, and what does not."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from warehouse.catalogue.documents import DefinitionError, nearest

Check = Callable[[str], str | None]
"""What is wrong with a value, in words; None where nothing is."""


def _filled(value: str) -> str | None:
    return None if value.strip() else "is empty"


def _day(value: str) -> str | None:
    try:
        date.fromisoformat(value)
    except ValueError:
        return "is no day of the form 2016-10-31"
    return None


def _day_or_nothing(value: str) -> str | None:
    """For columns that a list may lack."""
    return _day(value) if value else None


def _text_or_nothing(_: str) -> str | None:
    """For columns in words that a list may lack."""
    return None


def _amount(value: str) -> str | None:
    try:
        return None if Decimal(value).is_finite() else "is no number"
    except InvalidOperation:
        return "is no number"


def _one_of(*known: str) -> Check:
    return lambda value: None if value in known else f"is none of {', '.join(known)}"


def _one_of_or_nothing(*known: str) -> Check:
    return lambda value: None if value in ("", *known) else f"is none of {', '.join(known)}, and not empty"


def _several_of(*known: str) -> Check:
    """For cells that name several, as `deduction|suspension`."""
    return lambda value: None if set(value.split("|")) <= set(known) else f"names others than {', '.join(known)} (between |)"


def _whole(value: str) -> str | None:
    return None if value.isascii() and value.isdigit() else "is no whole number"


def _or_empty(check: Check) -> Check:
    """For columns that must be there, and may be empty."""
    return lambda value: check(value) if value else None


def _anything(_: str) -> str | None:
    return None


CODE_LIST: dict[str, Check] = {"word": _filled, "code": _filled}
"""A list that a column of type code names."""
KINDS = ("deduction", "suspension", "extension", "procedure_change", "restart", "circumstance")
"""What a clock event can be (docs/clocks.md)."""
LISTS: dict[str, dict[str, Check]] = {
    "case_types": {"code": _filled, "name_zh": _filled, "name_en": _filled, "family_code": _filled,
                   "counts_as_code": _filled, "valid_from": _day_or_nothing, "valid_to": _day_or_nothing},
    "closing_manners": {"code": _filled, "counts_as": _filled, "effect": _filled, "valid_from": _day_or_nothing},
    "courts": {"code": _filled, "old_abbreviation": _anything},
    "type_characters": {"characters": _filled, "type_code": _filled},
    "clock_kinds": {"word": _filled, "code": _one_of(*KINDS)},
    "clock_reasons": {"word": _filled, "code": _filled, "kinds": _several_of(*KINDS), "families": _filled},
    "statutory_limits": {
        "limit_id": _filled, "proceeding": _filled, "effective_from": _day, "effective_to": _or_empty(_day),
        "selector": _one_of("P", "F"), "base_months": _or_empty(_whole), "base_days": _or_empty(_whole),
        "hard_months": _or_empty(_whole), "hard_days": _or_empty(_whole), "hard_when": _anything,
        "longest_months": _or_empty(_whole), "longest_days": _or_empty(_whole),
        "day_zero": _one_of("registered", "received", "notice"),
        "conversion": _one_of_or_nothing("in_time", "continues", "restarts"), "moves_off_holidays": _one_of("yes", "no"),
        "name_zh": _filled, "name_en": _filled, "article": _filled,
        "article_zh": _text_or_nothing, "extension": _filled, "extension_zh": _text_or_nothing,
        "verified": _one_of("yes", "no"),
    },
    "proceedings": {
        "counts_as": _filled, "type_code": _anything, "procedure": _anything,
        "is_private_prosecution": _one_of_or_nothing("yes", "no"), "circumstance": _anything, "proceeding": _filled,
    },
    "holidays": {"day": _day, "is": _one_of("off", "working")},
    "registration_limits": {
        "limit_id": _filled, "population": _filled, "type_code": _anything, "days": _whole, "name_zh": _filled,
        "name_en": _filled, "article": _filled, "article_zh": _text_or_nothing,
    },
}  # fmt: skip
TOTALS: dict[str, Check] = {
    "id": _filled, "metric": _filled, "first_day": _day, "last_day": _day,
    "reading": _one_of("stock", "flow", "unknown", "n/a"), "comparison": _one_of("exact", "floor"), "published": _amount,
    "source": _filled,
}  # fmt: skip


def read_rows(path: Path) -> list[dict[str, str]]:
    """A small CSV (UTF-8, header) as rows of text.

    Raises:
        DefinitionError: it is no UTF-8, or a row has more or fewer fields than the header.
    """
    name = f"{path.parent.name}/{path.name}"
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            rows = []
            for row in reader:
                if len(row) != len(header):
                    raise DefinitionError(
                        f"{name}:{reader.line_num}: {len(row)} fields under {len(header)} headers. Mend the row"
                    )
                rows.append(dict(zip(header, row, strict=True)))
            return rows
    except (UnicodeDecodeError, csv.Error) as error:
        raise DefinitionError(f"{name}:1: this is no CSV in UTF-8 ({error}). Save it as UTF-8 text") from None


def day_or_none(text: str | None) -> date | None:
    """A day of a list whose column may be empty, or missing."""
    return date.fromisoformat(text) if text else None


def check_rows(path: Path, columns: Mapping[str, Check], type_codes: set[str]) -> None:
    """The rows of one table against what its columns must hold; type codes against those that the profile knows.

    Raises:
        DefinitionError: with file, line and mend.
    """
    name = f"{path.parent.name}/{path.name}"
    rows = read_rows(path)
    header = list(rows[0]) if rows else list(columns)
    for column, check in columns.items():
        if column not in header and check not in (_day_or_nothing, _text_or_nothing):
            raise DefinitionError(f"{name}:1: the column [{column}] is missing. {nearest(column, header)}")
    for line, row in enumerate(rows, 2):
        for column, check in columns.items():
            value = row.get(column, "")
            if what := check(value):
                raise DefinitionError(f"{name}:{line}: {column} [{value}] {what}. Mend the value")
        if path.stem == "type_characters" and row["type_code"] not in type_codes:
            raise DefinitionError(
                f"{name}:{line}: type_code [{row['type_code']}] is not in codes/case_types.csv. "
                f"{nearest(row['type_code'], sorted(type_codes))}"
            )
