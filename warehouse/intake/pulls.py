"""Which sources are pulled from a database, under which name, and from where each goes on: before landing looks around."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from warehouse.catalogue.contract import Contract
from warehouse.catalogue.profile import Profile
from warehouse.intake.land import Refused
from warehouse.intake.ledger import Ledger
from warehouse.intake.pull import pull
from warehouse.intake.refused import FileRefused
from warehouse.intake.tombstones import blob_of


def pull_all(
    profile: Profile, inbox: Path, landing: Path, ledger: Ledger, now: datetime, environment: Mapping[str, str]
) -> list[Refused]:
    """Pulls every source that has a database into its inbox folder; those that could not be pulled, each with its reason.

    A full extract is one a day, and equal to the last one it is no news. A pull by a change column may come several
    times a day: its name carries the time, by which the extracts of one day are ordered.
    """
    refused = []
    for source, contract in profile.contracts.items():
        if contract.database is not None:
            name = name_of(contract, now)
            try:
                earlier = _last(ledger, contract, landing) if contract.database.change_column else None
                pull(contract.database, contract.query, name, inbox / source, environment, earlier)
            except FileRefused as error:
                refused.append(Refused(source, name, str(error), is_pulled=True))
    return refused


def name_of(contract: Contract, now: datetime) -> str:
    """`cases_2016-11-01.parquet` for a full extract, `cases_2016-11-01_020000.parquet` for what changed."""
    by_change = contract.database is not None and contract.database.change_column
    return f"{contract.source}_{now:%Y-%m-%d_%H%M%S}.parquet" if by_change else f"{contract.source}_{now:%Y-%m-%d}.parquet"


def _last(ledger: Ledger, contract: Contract, landing: Path) -> Path | None:
    """The stored bytes of the last file that was pulled of this source; one put there by hand is not of them."""
    events = ledger.events()
    blobs = [
        event["sha256"]
        for event in events
        if event["event"] == "delivery"
        and event["source"] == contract.source
        and re.fullmatch(contract.file.names, event["file"])
    ]
    return blob_of(landing, blobs[-1], events) if blobs else None
