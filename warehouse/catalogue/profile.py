"""Profiles: a court is a folder. What it delivers, its codes, calendars and published totals.

Belongs here: loading and checking the folder. Does not belong here: anything that every court shares.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from warehouse.catalogue.contract import Contract, read_contract
from warehouse.catalogue.documents import DefinitionError, Document, fault, load, nearest
from warehouse.catalogue.law import check_law
from warehouse.catalogue.lists import CODE_LIST, LISTS, TOTALS, check_rows, read_rows
from warehouse.catalogue.table import Table
from warehouse.catalogue.together import bound, check_together, tables_of


class Sample(Document):
    """What `refresh --sample` puts into the inbox: a generated docket, or the deliveries that the profile ships."""

    generator: Literal["docket"] | None = None
    deliveries: str | None = None
    cases: int = 0
    seed: int = 0

    @property
    def label(self) -> str | None:
        """The label that the generated files carry in their names; none for shipped, real files."""
        return f"{self.cases}-{self.seed}" if self.generator else None


class SetAside(Document):
    """Above both, the figures of a court and source are withheld."""

    share: float = Field(default=0.005, ge=0, le=1)
    rows: int = Field(default=5, ge=0)


class ClosedYears(Document):
    """By how much a figure of a closed year may move until a person accepts it: a share of it and a number."""

    share: float = Field(default=0.02, ge=0)
    rows: int = Field(default=200, ge=0)


class Calendar(Document):
    """A way to cut time into periods. `month_closes_on` 31 means the calendar month's end."""

    name_zh: str
    name_en: str
    month_closes_on: int = Field(default=31, ge=1, le=31)
    year_begins: int = Field(default=1, ge=1, le=12)
    """The month with which a year begins, unless 1 in the calendar year before: 12 for December to November."""


class Break(Document):
    """A day from which a series no longer counts what it counted before: it is marked there, and never bridged."""

    day: date
    metrics: tuple[str, ...]
    """`metric`, with all its readings, or `metric.variant`; ratios over them break with them."""
    name_zh: str
    name_en: str
    source: str
    source_zh: str = ""

    def concerns(self, readings: Collection[str]) -> bool:
        """Whether one of these readings (`metric[.variant]`) breaks here."""
        return bool({*readings, *(name.partition(".")[0] for name in readings)} & set(self.metrics))


class Tolerance(Document):
    """Up to which share a blocking rule only warns in this court, and why."""

    share: float = Field(ge=0, le=1)
    reason: str = Field(min_length=1)
    reason_zh: str = ""


class Settings(Document):
    """`profile.yml`."""

    id: str
    name_zh: str
    name_en: str
    note: str = ""
    scope: str | None = None
    """What is counted here, printed with every figure in place of the definition's own words."""
    scope_zh: str = ""
    time_zone: str
    nightly: str = "02:00"
    data_from: date
    earliest_date: date
    case_source: str | None = "cases"
    """None where the profile has published totals alone."""
    case_numbers: Literal["chinese", "none"] = "none"
    calendars: dict[str, Calendar]
    breaks: tuple[Break, ...] = ()
    """Where the court's series break."""
    sample: Sample
    not_applicable: tuple[str, ...] = ()
    set_aside: SetAside = SetAside()
    closed_years: ClosedYears | None = None
    """A refresh that moves more than both is not published. Left out: years may move."""
    tolerances: dict[str, Tolerance] = Field(default_factory=dict)
    """Of rules, by their ids, in place of those in their definitions."""
    stale_after_hours: int = Field(default=36, ge=1)

    @field_validator("id")
    @classmethod
    def _id_is_a_plain_word(cls, value: str) -> str:
        if not re.fullmatch(r"[a-z][a-z0-9_]{1,40}", value):
            raise ValueError("an id is a small letter followed by small letters, digits or _ (it names a folder)")
        return value

    @field_validator("nightly")
    @classmethod
    def _nightly_is_a_time(cls, value: str) -> str:
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            raise ValueError("a time of day is HH:MM")
        return value

    @field_validator("time_zone")
    @classmethod
    def _zone_is_known(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("this is no time zone of the tz database (as Asia/Shanghai)") from None
        return value


@dataclass(frozen=True)
class Profile:
    """One court's folder, loaded and checked. `codes` maps a list's name to its file."""

    folder: Path
    settings: Settings
    contracts: dict[str, Contract]
    codes: dict[str, Path]

    @property
    def id(self) -> str:
        """The profile's id; the name of its folder below the home."""
        return self.settings.id

    @property
    def has_cases(self) -> bool:
        """Whether anything is counted here; a profile may have published totals alone."""
        return any(contract.feeds != "totals" for contract in self.contracts.values())

    def tables_of(self, source: str) -> tuple[str, ...]:
        """The sources that each file of a source's folder is delivered as: itself, and those delivered with it."""
        return tables_of(self.contracts, source)

    def code_rows(self, name: str) -> list[dict[str, str]]:
        """The rows of one code list; none where the profile has no such list."""
        return read_rows(self.codes[name]) if name in self.codes else []

    def control_totals(self) -> list[dict[str, str]]:
        """The published totals that the profile knows: id, metric, first and last day, reading, value, unit, source."""
        path = self.folder / "control_totals.csv"
        return read_rows(path) if path.is_file() else []


def read_profile(folder: Path, tables: dict[str, Table]) -> Profile:
    """The profile in `folder`.

    Raises:
        DefinitionError: with file, line and mend.
    """
    if not (folder / "profile.yml").is_file():
        raise DefinitionError(f"{folder.name}: this is no profile, it has no profile.yml. Name a profile or its folder")
    settings = load(folder / "profile.yml", Settings)
    codes = {path.stem: path for path in sorted((folder / "codes").glob("*.csv"))}
    contracts = {path.stem: read_contract(path, tables, codes) for path in sorted((folder / "contracts").glob("*.yml"))}
    if "case_source" not in settings.model_fields_set and contracts and all(c.feeds == "totals" for c in contracts.values()):
        settings = settings.model_copy(update={"case_source": None})
    case_source = settings.case_source
    if case_source is not None and (case_source not in contracts or contracts[case_source].feeds == "totals"):
        raise fault(folder / "profile.yml", "case_source", f"there is no contract [{case_source}] of cases",
                    nearest(case_source, [s for s, c in contracts.items() if c.feeds != "totals"]))  # fmt: skip
    for feeds in {contract.feeds for contract in contracts.values()} - {"totals"}:
        sources = sorted(source for source, contract in contracts.items() if contract.feeds == feeds)
        if len(sources) > 1:
            path = folder / "contracts" / f"{sources[1]}.yml"
            raise fault(path, "feeds:", f"[{' and '.join(sources)}] both feed {feeds}", "Deliver them as one source")
    check_together(folder, contracts)
    profile = Profile(folder, settings, bound(contracts), codes)
    check_lists(profile)
    return profile


def check_lists(profile: Profile) -> None:
    """The profile's tables of codes and totals, each against what its columns must hold.

    Raises:
        DefinitionError: with file, line and mend.
    """
    used = {column.codes for contract in profile.contracts.values() for column in contract.columns.values() if column.codes}
    types = {row["code"] for row in profile.code_rows("case_types") if "code" in row}
    for name, path in profile.codes.items():
        check_rows(path, LISTS.get(name) or (CODE_LIST if name in used else {}), types)
    check_law(profile.codes)
    if (profile.folder / "control_totals.csv").is_file():
        check_rows(profile.folder / "control_totals.csv", TOTALS, types)
