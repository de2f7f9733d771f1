"""Staged files of deliveries: where they stand, and their reports beside them, so that a restart goes on where it was."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.totals import TotalsContract
from warehouse.intake.chronicle import Delivery
from warehouse.intake.quarantine import SetAside
from warehouse.intake.read import raw_file, write_report
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
    return Stager(contract, catalogue.profile, catalogue.tables[f"staged.{contract.feeds}"])


def stage_delivery(place: Place, stager: Stager | TotalsStager, delivery: Delivery, found: Read) -> Staged:
    """Types the rows of one delivery, once for each version of its contract; `found` is what reading it found."""
    into = staged_file(place, delivery, stager.contract.version)
    report = into.with_suffix(".json")
    if into.exists() and report.exists():
        noted = json.loads(report.read_text("utf-8"))
        return Staged(noted["rows"], noted["duplicates"], tuple(SetAside(**row) for row in noted["set_aside"]))
    if isinstance(stager, TotalsStager):
        stager = replace(stager, data_until=delivery.data_until)
    raw = raw_file(place.raw, delivery, stager.contract)
    staged = stager.stage(raw, into, delivery.delivery_no, delivery.placeholders, found)
    write_report(report, staged)
    return staged
