"""Several tables in one delivery: which sources come in the same files, and what must hold between their contracts.

Belongs here: what one contract says of another. Does not belong here: landing such files (warehouse.intake.land).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from warehouse.catalogue.contract import Contract
from warehouse.catalogue.documents import fault, nearest


def tables_of(contracts: Mapping[str, Contract], source: str) -> tuple[str, ...]:
    """The sources that each file of a folder of the inbox is delivered as: the folder's own first, then the others."""
    return (source, *sorted(name for name, contract in contracts.items() if contract.delivered_with == source))


def host_of(contract: Contract) -> str:
    """The source whose folder the files of a contract come in."""
    return contract.delivered_with or contract.source


def events_of(contracts: Mapping[str, Contract], source: str) -> Contract | None:
    """The contract of the table of events that the cases of a source are made of, where they come in a table apart."""
    if contracts[source].feeds != "cases":
        return None
    found = (c for c in contracts.values() if c.feeds == "case_events" and c.delivered_with == source)
    return next(found, None)


def partners_of(contracts: Mapping[str, Contract], source: str) -> tuple[Contract, ...]:
    """The other tables of the same file without which a source cannot be staged: cases need their events, and they them."""
    contract = contracts[source]
    if contract.feeds == "case_events":
        return (contracts[host_of(contract)],)
    events = events_of(contracts, source)
    return (events,) if events else ()


def check_together(folder: Path, contracts: Mapping[str, Contract]) -> None:
    """What contracts say of each other.

    Raises:
        DefinitionError: with file, line and mend.
    """
    for source, contract in contracts.items():
        path = folder / "contracts" / f"{source}.yml"
        if contract.delivered_with is None:
            continue
        host = contracts.get(contract.delivered_with)
        if host is None or host is contract:
            raise fault(path, "delivered_with:", f"there is no other contract [{contract.delivered_with}]",
                        nearest(contract.delivered_with, [name for name in contracts if name != source]))  # fmt: skip
        if host.delivered_with is not None:
            raise fault(path, "delivered_with:", f"[{host.source}] is itself delivered with [{host.delivered_with}]",
                        f"Name [{host.delivered_with}]")  # fmt: skip
        if contract.feeds == "case_events":
            _check_cases(folder, host, contract)


def _check_cases(folder: Path, host: Contract, contract: Contract) -> None:
    path = folder / "contracts" / f"{host.source}.yml"
    if host.feeds != "cases" or host.events is not None:
        raise fault(path.with_stem(contract.source), "delivered_with:",
                    f"[{host.source}] is no table of cases that lack their events",
                    "Name the source that feeds cases")  # fmt: skip
    if host.kind != "snapshot":
        raise fault(path, "kind:", f"cases that are made of the events of [{contract.source}] cannot be a [{host.kind}]: "
                    "events of an earlier file are not added to them",
                    "Deliver all cases each time, as `kind: snapshot`")  # fmt: skip
    for name in (*host.columns, *host.constants):
        if contract.events and name in contract.events.made:
            what = f"[{name}] is made of the events of [{contract.source}]"
            raise fault(path, f"{name}:", what, "Take it out of the contract")


def bound(contracts: Mapping[str, Contract]) -> dict[str, Contract]:
    """The contracts, the version of each changed with those of the tables that it is staged with."""
    versions = {}
    for source, contract in contracts.items():
        parts = [contract.version, *(partner.version for partner in partners_of(contracts, source))]
        versions[source] = contract.version if len(parts) == 1 else hashlib.sha256("".join(parts).encode()).hexdigest()[:12]
    return {source: contract.model_copy(update={"version": versions[source]}) for source, contract in contracts.items()}
