"""The one way to ask for published totals: what a source said of a period, what it said before, and where it stands.

Belongs here: from versions to totals with place and change. Does not belong here: figures that are counted from cases
(warehouse.reading.figures), nor sums: of parallel breakdowns each is a whole, so nothing is added up here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

from warehouse.catalogue.calendars import PeriodError, month_end, month_start, parse_period
from warehouse.catalogue.documents import nearest
from warehouse.catalogue.profile import Calendar
from warehouse.catalogue.totals import encoded
from warehouse.intake.quarantine import place_of
from warehouse.reading.snapshot import Snapshot, Unknown

MONTHS = Calendar(name_zh="自然月", name_en="calendar month")


@dataclass(frozen=True)
class Known:
    """One measure of one source: what kind of number, by which dimensions, how many totals of which periods stand."""

    source: str
    measure: str
    kind: str
    unit: str | None
    """None where it has none, or where each total says its own."""
    dimensions: tuple[str, ...]
    totals: int
    first_period: str | None
    last_period: str | None

    def as_json(self) -> dict[str, Any]:
        """Its keys in this order."""
        return {**self.__dict__, "dimensions": list(self.dimensions)}


@dataclass(frozen=True)
class Total:
    """One version of one published total, with the place where it was delivered; without --history the latest."""

    total_key: str
    source: str
    measure: str
    kind: str
    period: str
    period_kind: str
    first_day: date | None
    last_day: date | None
    dims: dict[str, str]
    presence: str
    value: Decimal | None
    unit: str | None
    note: str | None
    known_from: int
    record: int | None
    line: int | None
    delivery_no: int
    extract_on: date
    file: str
    sha256: str
    places: str | None
    value_before: Decimal | None
    presence_before: str | None
    delivery_before: int | None
    refresh_id: str

    @property
    def total_id(self) -> str:
        """`source/measure/period[/dim=value,…]@refresh`."""
        return f"{self.total_key}@{self.refresh_id}"

    @property
    def place(self) -> str | None:
        """As `line 318` or `Sheet1!A7`; none where a snapshot is silent."""
        return None if self.line is None or self.record is None else place_of(self.places, self.line, self.record)

    @property
    def change(self) -> str:
        """What this version did: `new`, `restated`, `reworded` (unit or note alone), `gone`, `returned`."""
        if self.presence == "absent":
            return "gone"
        if self.presence_before is None:
            return "new"
        if self.presence_before == "absent" or self.presence == "returned":
            return "returned"
        return "reworded" if self.value == self.value_before else "restated"

    def as_json(self) -> dict[str, Any]:
        """The object of `caseload totals --json`; numbers as numbers, days as ISO 8601."""
        return {
            "total_id": self.total_id, "source": self.source, "measure": self.measure, "kind": self.kind,
            "period": {"id": self.period, "kind": self.period_kind, "first_day": _text(self.first_day),
                       "last_day": _text(self.last_day)},
            "dims": self.dims, "value": plain(self.value), "unit": self.unit, "note": self.note, "presence": self.presence,
            "change": self.change, "value_before": plain(self.value_before), "delivery_before": self.delivery_before,
            "extract_on": str(self.extract_on), "delivery_no": self.delivery_no, "file": self.file, "sha256": self.sha256,
            "place": self.place, "line": self.line, "known_from": self.known_from,
            "refresh_id": self.refresh_id,
        }  # fmt: skip


def known_measures(snapshot: Snapshot) -> list[Known]:
    """Every measure of every source whose totals stand at the snapshot, by source."""
    return [
        Known(row["source"], row["measure"], row["measure_kind"], row["unit"] if row["units"] == 1 else None,
              tuple(name for name in row["dimensions"].split(",") if name), row["totals"], row["first_period"],
              row["last_period"])
        for row in snapshot.ask("published/total_measures", {})
    ]  # fmt: skip


def ask_totals(
    snapshot: Snapshot,
    measure: str,
    *,
    source: str | None = None,
    where: Mapping[str, str] | None = None,
    first: str | None = None,
    last: str | None = None,
    history: bool = False,
) -> list[Total]:
    """The totals of one measure as known at the snapshot, by source, period and dimensions; with `history` all versions.

    `first` and `last` are periods (2016-03, 2016-Q1, 2016-H1, 2016) or days; a total's period must lie between them, so
    totals of no period are left out where one is given.

    Raises:
        Unknown: measure, source or dimension is not there; the nearest names are given.
        PeriodError: a period cannot be asked for.
    """
    _check(known_measures(snapshot), measure, source, where or {})
    rows = snapshot.ask("published/total_versions", {
        "measure": measure, "source": source, "pairs": [f"{name}={encoded(value)}" for name, value in (where or {}).items()],
        "first_day": _bound(first, 0), "last_day": _bound(last, 1), "is_history": history,
    })  # fmt: skip
    return [_total(row, snapshot.refresh.id) for row in rows]


def plain(value: Decimal | None) -> int | float | None:
    """A number as JSON has it: whole where it is whole."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _check(known: list[Known], measure: str, source: str | None, where: Mapping[str, str]) -> None:
    found = [one for one in known if one.measure == measure]
    if not known:
        raise Unknown("this profile has no published totals. `caseload sources list` shows what it takes")
    if not found:
        raise Unknown(f"there is no measure [{measure}]. {nearest(measure, sorted({one.measure for one in known}))}")
    if source is not None and source not in {one.source for one in found}:
        raise Unknown(f"[{measure}] is no measure of [{source}]. {nearest(source, sorted({one.source for one in found}))}")
    names = {name for one in found if source in (None, one.source) for name in one.dimensions}
    for name in where:
        if name not in names:
            near = nearest(name, sorted(names)) if names else "It has no dimensions"
            raise Unknown(f"{measure} is not published by [{name}]. {near}")


def _bound(text: str | None, end: int) -> date | None:
    """The first (0) or the last (1) day of what is asked for."""
    if text is None:
        return None
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return date.fromisoformat(text)
        period = parse_period(text)
    except ValueError:
        raise PeriodError(f"[{text}] is no period. Periods are 2016-03, 2016-Q1, 2016-H1, 2016 and days 2016-03-31") from None
    return month_end(period.last, MONTHS) if end else month_start(period.first, MONTHS)


def _total(row: dict[str, Any], refresh: str) -> Total:
    pairs = [pair.partition("=") for pair in row["dims"].split(",") if pair]
    dims = {name: unquote(value) if "%" in value else value for name, _, value in pairs}
    return Total(**{**row, "dims": dims}, refresh_id=refresh)


def _text(day: date | None) -> str | None:
    return None if day is None else str(day)
