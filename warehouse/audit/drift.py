"""Alarms of drift as known at a publication, and how many case numbers are missing by then.

Belongs here: reading what a refresh judged, and counting serial numbers in the model of that day. Does not belong here: judging
(warehouse.refresh.drift).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from warehouse.audit.explain import knowledge
from warehouse.audit.making import parameters
from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.documents import nearest
from warehouse.catalogue.drift import Measure, read_measures
from warehouse.catalogue.query import HOUSE, read_query
from warehouse.intake.chronicle import refresh_id
from warehouse.methods.serials import Missing, missing
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import Snapshot, Unknown
from warehouse.store.duck import named_rows

STANDS = ("alarm", "standing")


@dataclass(frozen=True)
class Measured:
    """The newest point of one series: what was measured of which delivery, what was expected, and the verdict.

    `value`, `centre`, `lower` and `upper` are in the measure's unit; limits are None while too little is known, and on a
    side where nothing is an alarm. `since` is the file that raised an alarm that stands.
    """

    measure: Measure
    refresh: str
    source: str
    series: str
    file: str
    extract_on: date
    value: float
    n: int
    centre: float | None
    lower: float | None
    upper: float | None
    verdict: str
    since: str | None
    since_extract_on: date | None

    @property
    def stands(self) -> bool:
        """Whether an alarm was raised and has neither returned nor become the new level."""
        return self.verdict in STANDS

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        own = {key: value for key, value in self.__dict__.items() if key != "measure"}
        own |= {key: str(own[key]) if own[key] else None for key in ("extract_on", "since_extract_on")}
        one = self.measure
        return {"measure": one.id, "name_zh": one.name_zh, "name_en": one.name_en, "unit": one.unit, **own,
                "remedy_zh": one.remedy_zh, "remedy_en": one.remedy_en}  # fmt: skip


@dataclass(frozen=True)
class Series:
    """The serial numbers of one court, year and type characters as written, with what is missing of them."""

    court: str
    year: int
    characters: str
    missing: Missing

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        found = self.missing
        return {"court": self.court, "year": self.year, "type_characters": self.characters, **found.__dict__,
                "estimate": found.estimate, "most": found.most}  # fmt: skip


def drift(snap: Snapshot, source: str | None = None) -> list[Measured]:
    """The newest point of every series, of one source or all, as known at the snapshot; none of before drift was measured.

    Raises:
        Unknown: nothing was ever measured of such a source.
    """
    there = "select 1 from information_schema.tables where table_schema = 'quality' and table_name = 'drift'"
    if not snap.rows(there):
        return []
    known = read_measures()
    rows = [row for row in snap.ask("quality/drift_alarms", {}) if row["measure"] in known]
    sources = sorted({row["source"] for row in rows})
    if source is not None and source not in sources:
        raise Unknown(f"nothing was measured of a source [{source}]. {nearest(source, sources)}")
    return [_measured(known[row["measure"]], row) for row in rows if source in (None, row["source"])]


def _measured(measure: Measure, row: dict[str, Any]) -> Measured:
    same = ("source", "series", "file", "extract_on", "value", "n", "centre", "lower", "upper", "verdict", "since_extract_on")
    return Measured(
        measure=measure, refresh=refresh_id(row["refresh_no"]), since=row["since_file"], **{name: row[name] for name in same}
    )


def serials(reader: Reader, catalogue: Catalogue) -> list[Series]:
    """Every series of case numbers of which some are missing for certain, as known at the reader's publication."""
    if catalogue.profile.settings.case_numbers != "chinese" or not catalogue.profile.has_cases:
        return []
    query = read_query(HOUSE / "sql", "audit/serials_seen")
    courts = [row["code"] for row in catalogue.profile.code_rows("courts")]
    values = {**parameters(catalogue, reader.snapshot.refresh), "courts": courts}
    with knowledge(reader, catalogue) as connection:
        rows = named_rows(connection.execute(query.text, query.bind(values)))
    found = [
        Series(row["court_code"], row["number_year"], row["characters"], missing(row["seen"], row["greatest"])) for row in rows
    ]
    return [one for one in found if one.missing.within]


def alarms(found: Sequence[Measured]) -> list[Measured]:
    """Those that stand."""
    return [one for one in found if one.stands]
