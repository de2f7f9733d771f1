"""Staged files of deliveries: where they stand, and their reports beside them, so that a restart goes on where it was."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.together import partners_of
from warehouse.catalogue.totals import TotalsContract
from warehouse.intake.chronicle import Delivery
from warehouse.intake.corrections import CorrectionsStager
from warehouse.intake.events import EventStager, TablesStager, events_file
from warehouse.intake.quarantine import SetAside
from warehouse.intake.read import raw_file, read_delivery, write_report
from warehouse.intake.readers.rows import Read
from warehouse.intake.stage import Staged, Stager
from warehouse.intake.totals import TotalsStager
from warehouse.store.place import Place


def staged_file(place: Place, delivery: Delivery, contract_version: str) -> Path:
    """Where the typed rows of a delivery stand."""
    return place.staged / f"{delivery.delivery_no:06}_{contract_version}.parquet"


def stager_of(catalogue: Catalogue, source: str) -> Stager | TotalsStager:
    """What types the rows of one source by a catalogue's contract."""
    contract = catalogue.profile.contracts[source]
    if isinstance(contract, TotalsContract):
        return TotalsStager(contract, catalogue.profile, catalogue.tables["staged.totals"])
    profile, tables, table = catalogue.profile, catalogue.tables, catalogue.tables[f"staged.{contract.feeds}"]
    if contract.feeds == "corrections":
        return CorrectionsStager(contract, profile, table, profile.contracts[profile.settings.case_source or ""])
    for partner in partners_of(profile.contracts, source):
        return TablesStager(contract, profile, table, partner, tables["staged.cases"], tables["staged.case_events"])
    if contract.events is not None:
        return EventStager(contract, profile, table, tables["staged.case_events"])
    return Stager(contract, profile, table)


def stage_delivery(place: Place, stager: Stager | TotalsStager, delivery: Delivery, found: Read) -> Staged:
    """Types the rows of one delivery, once for each version of its contract; `found` is what reading it found."""
    into = staged_file(place, delivery, stager.contract.version)
    report = into.with_suffix(".json")
    is_whole = into.exists() and (not isinstance(stager, EventStager) or events_file(into).exists())
    if is_whole and report.exists():
        noted = json.loads(report.read_text("utf-8"))
        return Staged(noted["rows"], noted["duplicates"], tuple(SetAside(**row) for row in noted["set_aside"]))
    if isinstance(stager, TotalsStager):
        stager = replace(stager, data_until=delivery.data_until)
    raw = raw_file(place.raw, delivery, stager.contract)
    number, placeholders = delivery.delivery_no, delivery.placeholders
    if isinstance(stager, TablesStager):
        read = read_delivery(place.landing, place.raw, delivery, stager.partner)
        beside = raw_file(place.raw, delivery, stager.partner)
        staged = stager.stage_beside(raw, into, number, placeholders, found, beside, read)
    else:
        staged = stager.stage(raw, into, number, placeholders, found)
    write_report(report, staged)
    return staged
