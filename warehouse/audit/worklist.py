"""The worklist: every finding as known at a publication, with what people answered by then and the rules of its day."""

from __future__ import annotations

from collections.abc import Mapping

from warehouse.audit.beside import Catalogues
from warehouse.intake.chronicle import read_chronicle
from warehouse.intake.ledger import Ledger
from warehouse.intake.responses import responses
from warehouse.quality.rule import Rule, read_rules
from warehouse.reading.figures import Reader
from warehouse.reading.findings import Finding, findings
from warehouse.refresh.bundles import catalogue_of
from warehouse.store.place import Place


def worklist(
    place: Place, reader: Reader, is_past: bool, catalogues: Catalogues = catalogue_of
) -> tuple[list[Finding], Mapping[str, Rule]]:
    """All findings that were ever opened, in the order of their numbers, and the rules by their ids.

    `is_past`: what was answered after that publication is left out.
    """
    events = Ledger(place.landing).events()
    refresh = reader.snapshot.refresh
    with catalogues(place, refresh.bundle) as catalogue:
        rules = read_rules(catalogue)
        benches = {name: contract.columns["bench_code"].header for name, contract in catalogue.profile.contracts.items()
                   if "bench_code" in contract.columns}  # fmt: skip
    answers = responses(events, refresh.id if is_past else None)
    return findings(reader.snapshot, answers, read_chronicle(events).deliveries, benches), rules
