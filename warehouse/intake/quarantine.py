"""Rows set aside: what a row is when it cannot be typed, is torn, or breaks a rule on rows. Nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

COLUMNS = (
    "delivery_no", "record", "line", "source", "case_key", "court_code", "reason_code", "column_name", "value", "message",
    "fields",
)  # fmt: skip
"""The columns of quality.set_aside that intake knows; the refresh adds when it was set aside."""


@dataclass(frozen=True)
class SetAside:
    """One reason why one row is set aside. `fields` are the row's contracted fields as delivered."""

    delivery_no: int
    record: int
    line: int
    source: str
    reason_code: str
    message: str
    case_key: str | None = None
    court_code: str | None = None
    column_name: str | None = None
    value: str | None = None
    fields: dict[str, Any] | None = None

    def row(self) -> tuple[Any, ...]:
        """Its values in the order of `COLUMNS`."""
        fields = json.dumps(self.fields, ensure_ascii=False) if self.fields is not None else None
        values = {**self.__dict__, "fields": fields}
        return tuple(values[name] for name in COLUMNS)


def place_of(places: str | None, line: int, record: int) -> str:
    """Where a row stands in its file: `line 318`, `Sheet1!A7`, `record 12`."""
    return (places or "line {line}").format(line=line, record=record)


def rows_of(found: Iterable[SetAside]) -> int:
    """How many rows (not reasons) these are."""
    return len({(one.delivery_no, one.record) for one in found})
