"""Whose rows are erased: from one case number or key, as people write it, to all keys of the person and where they stand.

Belongs here: which files there are, which contracts read them, which keys belong together. Does not belong here: redaction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.contract import Contract
from warehouse.catalogue.documents import nearest
from warehouse.intake.case_number import Numbering, take_apart
from warehouse.intake.chronicle import Chronicle, Delivery
from warehouse.intake.read import raw_file, read_delivery
from warehouse.intake.redact.aliases import RESERVED, Alias, Aliases, key_candidates, key_columns, of_key, of_number
from warehouse.intake.redact.blob import column_keys
from warehouse.intake.refused import FileRefused
from warehouse.intake.stage import numbering_of
from warehouse.refresh.bundles import catalogue_of
from warehouse.store.place import Place

CASE_KEY = re.compile(r"[^\s-]+-\d{4}-[^\s-]+-\d+")
SHOWN = 20_000
"""Keys that are compared with one that is nowhere."""


class NotThere(ValueError):
    """The key is nowhere; the message names the nearest."""


@dataclass(frozen=True)
class Source:
    """One table of one stored file: a delivery of it, a contract that reads it, and its rows as text."""

    delivery: Delivery
    contract: Contract
    raw: Path


@dataclass
class Files:
    """Every stored file that holds rows of cases, by the sha256 of its bytes, and those that cannot be read."""

    readable: dict[str, list[Source]] = field(default_factory=dict)
    unreadable: list[Delivery] = field(default_factory=list)


@dataclass(frozen=True)
class Person:
    """All keys of a person with what stands for them, and numbers of cases that theirs refers to or that refer to it."""

    aliases: Aliases
    related: tuple[str, ...]


def files_of(place: Place, catalogue: Catalogue, chronicle: Chronicle) -> Files:
    """Every stored file with the contracts by which it was taken, and that of now. Totals speak of no persons."""
    files = Files()
    contracts: dict[tuple[str, str], Contract] = {}
    by_bundle: dict[str, set[str]] = {}
    for number, (publication, _) in chronicle.taken.items():
        by_bundle.setdefault(publication.bundle, set()).add(chronicle.deliveries[number].source)
    for bundle, sources in by_bundle.items():
        with catalogue_of(place, bundle) as then:
            contracts |= {(bundle, s): then.profile.contracts[s] for s in sources if s in then.profile.contracts}
    for delivery in chronicle.deliveries.values():
        taken = chronicle.taken.get(delivery.delivery_no)
        mine = [contracts.get((taken[0].bundle, delivery.source)) if taken else None]
        mine.append(catalogue.profile.contracts.get(delivery.source))
        _read_by(place, delivery, [one for one in mine if one is not None and one.feeds != "totals"], files)
    return files


def _read_by(place: Place, delivery: Delivery, contracts: Sequence[Contract], files: Files) -> None:
    known = files.readable.get(delivery.blob, [])
    have = {(one.contract.source, one.contract.version) for one in known}
    found = list(known)
    for contract in contracts:
        if (contract.source, contract.version) not in have:
            try:
                read_delivery(place.landing, place.raw, delivery, contract)
            except FileRefused:
                continue
            have.add((contract.source, contract.version))
            found.append(Source(delivery, contract, raw_file(place.raw, delivery, contract)))
    if found:
        files.readable[delivery.blob] = found
    elif contracts:
        files.unreadable.append(delivery)


def person_of(catalogue: Catalogue, files: Files, key: str, source: str | None, taken: Iterable[str]) -> Person:
    """The person whose case number, case key or application key this is. `taken` are aliases that stand already."""
    tables = [one for found in files.readable.values() for one in found]
    numbering = numbering_of(catalogue.profile) if catalogue.profile.settings.case_numbers == "chinese" else None
    probes = _probes(key.strip(), numbering)
    wanted = [one for one in tables if source is None or one.contract.source == source]
    rows = [(table, row) for table in wanted for row in _rows(table, Aliases(tuple(probes), numbering))]
    keys = _belonging(probes, rows, tables, numbering)
    used = set(taken)
    made = []
    for probe in keys:
        alias = next(
            one for one in _candidates(probe, numbering) if one.alias not in used and not _is_there(one, tables, numbering)
        )
        used.add(alias.alias)
        made.append(alias)
    aliases = Aliases(tuple(made), numbering)
    return Person(aliases, _related(aliases, tables, numbering))


def _probes(key: str, numbering: Numbering | None) -> list[Alias]:
    """What the key may be: aliases that stand for themselves."""
    if numbering is None:
        return [of_key(kind, key, key, None) for kind in ("case", "application")]
    parts = take_apart(pl.Series([key]), numbering).row(0, named=True)
    found = parts["case_key"] or (key if CASE_KEY.fullmatch(key) else None)
    return [_numbered(found, numbering, None, parts["number_form"])] if found else [of_key("application", key, key, None)]


def _numbered(key: str, numbering: Numbering, serial: int | None, form: str | None = None) -> Alias:
    court, year, characters, own = key.split("-")
    form = form or ("new" if int(year) >= 2016 else "old")
    return of_number(key, form, (court, int(year), characters, int(own)), numbering, serial or int(own))


def _rows(table: Source, probes: Aliases) -> list[dict[str, Any]]:
    """The rows of a table in which one of the keys stands as the row's own: their keys by kind."""
    columns = key_columns(table.contract, probes.numbering is not None)
    names = [column.headers[0] for column in columns]
    frame = pl.read_parquet(table.raw, columns=[*dict.fromkeys(names)]) if names else pl.DataFrame()
    met = pl.Series([False]).new_from_index(0, frame.height)
    for column in columns:
        if column.is_own:
            keys = [one.key for one in probes.every if one.kind == column.kind]
            met = met | column_keys(frame[column.headers[0]], column, probes).is_in(keys).fill_null(value=False)
    found = []
    for row in frame.filter(met).iter_rows(named=True):
        told: dict[str, Any] = {"refers": [], "case": None, "application": None}
        for column in columns:
            key = probes.key_in(row[column.headers[0]] or "", column.kind, column.prefix)
            if column.is_own:
                told[column.kind] = key
            elif row[column.headers[0]]:
                told["refers"].append(row[column.headers[0]])
        found.append(told)
    return found


def _belonging(
    probes: Sequence[Alias],
    rows: Sequence[tuple[Source, dict[str, Any]]],
    tables: Sequence[Source],
    numbering: Numbering | None,
) -> list[Alias]:
    """The case and its applications, or the application and the case that its latest row names."""
    found = [p for p in probes if any(row[p.kind] == p.key for _, row in rows)] or [probes[0]]
    first = found[0]
    if first.kind == "application":
        latest = sorted(rows, key=lambda one: one[0].delivery.world_order)
        case = next((row["case"] for _, row in reversed(latest) if row["case"]), None)
        if case:
            found.append(_numbered(case, numbering, None) if numbering else of_key("case", case, case, None))
    cases = tuple(one for one in found if one.kind == "case")
    for table in tables:
        for row in _rows(table, Aliases(cases, numbering)) if cases else ():
            if row["application"] and row["application"] not in {one.key for one in found if one.kind == "application"}:
                found.append(of_key("application", row["application"], row["application"], None))
    return found


def _candidates(probe: Alias, numbering: Numbering | None) -> Iterable[Alias]:
    if probe.serial and numbering is not None:
        form = "old" if "字第" in probe.number else "new"
        return (_numbered(probe.key, numbering, RESERVED[form] + at, form) for at in range(100_000))
    return (of_key(probe.kind, probe.key, alias, None) for alias in key_candidates(probe.key))


def _is_there(alias: Alias, tables: Sequence[Source], numbering: Numbering | None) -> bool:
    """Whether rows bear the alias as their key: then it must be another one."""
    probe = replace(alias, key=alias.alias)
    return any(_rows(table, Aliases((probe,), numbering)) for table in tables)


def _related(aliases: Aliases, tables: Sequence[Source], numbering: Numbering | None) -> tuple[str, ...]:
    """Numbers of cases that the person's refers to, and of those that refer to it: perhaps the same person's."""
    found: dict[str, None] = {}
    for table in tables:
        for row in _rows(table, aliases):
            found |= dict.fromkeys(row["refers"])
        for column in key_columns(table.contract, numbering is not None):
            own = next((c for c in key_columns(table.contract, numbering is not None) if c.is_own and c.kind == "case"), None)
            if not column.is_own and own is not None:
                frame = pl.read_parquet(table.raw, columns=[own.headers[0], column.headers[0]])
                keys = [one.key for one in aliases.every if one.kind == "case"]
                met = column_keys(frame[column.headers[0]], column, aliases).is_in(keys).fill_null(value=False)
                found |= dict.fromkeys(frame.filter(met)[own.headers[0]])
    return tuple(found)


def not_there(key: str, files: Files, numbering: bool) -> NotThere:
    """What is said of a key that is nowhere, with the nearest."""
    known: dict[str, None] = {}
    for found in files.readable.values():
        for table in found:
            for column in key_columns(table.contract, numbering):
                if column.is_own and len(known) < SHOWN:
                    values = pl.read_parquet(table.raw, columns=[column.headers[0]]).to_series().drop_nulls().unique()
                    known |= dict.fromkeys(values.sort().head(SHOWN - len(known)))
    near = nearest(key, list(known))
    hint = near if near.startswith("Nearest") else "Write it as it stands in the file"
    return NotThere(f"no stored file holds [{key}]: nothing is erased. {hint}")
