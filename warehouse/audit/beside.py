"""The lines that a counted row depends on beside its own: events of its clock, results, cases linked with it, corrections.

A case in the 终本 pool leaves it by a result, or by the registration of another case; a suspended case stands on one line, and
its suspension on another. Belongs here: which lines these are. Does not belong here: reading them (explain).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

import polars as pl

from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.contract import Contract
from warehouse.catalogue.metric import Metric
from warehouse.catalogue.profile import Profile
from warehouse.catalogue.query import HOUSE, read_query
from warehouse.catalogue.together import events_of
from warehouse.intake.case_number import take_apart
from warehouse.intake.chronicle import Chronicle
from warehouse.intake.read import raw_file, read_delivery
from warehouse.intake.stage import numbering_of
from warehouse.store.duck import named_rows
from warehouse.store.place import Place

Row = dict[str, Any]
Catalogues = Callable[[Place, str], AbstractContextManager[Catalogue]]
"""Opens the catalogue of a bundle: who explains many figures keeps what it has opened."""
KINDS = ("clock_event", "enforcement_result", "result_of_chain", "case_of_chain", "earlier_closing", "correction")
"""What the lines tell of; each kind has its query in `sql/audit/beside/`."""
EVENT = "case_event"
"""A row of a file of events of which cases are made: found in the file itself, since each delivery tells all of them."""
ALWAYS = frozenset(("model.deliveries", "model.correction_history"))


def lines_beside(
    connection: Any, catalogue: Catalogue, metrics: Iterable[Metric], keys: Sequence[str], refresh_no: int
) -> list[Row]:
    """The lines that the counting of cases `keys` by these metrics may depend on, beside those of the cases.

    `connection` holds the model of the figure's refresh. Keys: `member_key`, `kind`, `case_number` (of the case that the line
    tells of; None of a correction), `delivery_no`, `record`, `line`. In the order of deliveries, each line once a member.
    """
    read = tables_behind(catalogue, metrics)
    found: dict[tuple[str, int, int], Row] = {}
    for kind in KINDS:
        query = read_query(HOUSE / "sql", f"audit/beside/{kind}")
        if query.tables <= read | ALWAYS:
            values = query.bind({"keys": list(keys), "refresh_no": refresh_no})
            for row in named_rows(connection.execute(query.text, values)):
                found.setdefault((row["member_key"], row["delivery_no"], row["record"]), {"kind": kind, **row})
    return [found[key] for key in sorted(found)]


def events_beside(place: Place, chronicle: Chronicle, catalogues: Catalogues, rows: Sequence[Row]) -> Iterator[Row]:
    """The events of the deliveries that the cases `rows` are made of, as `lines_beside` gives lines; none of other cases.

    `rows` need `case_key` (the key of the case), `delivery_no`, `record`.
    """
    by_delivery: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_delivery[row["delivery_no"]].append(row)
    for number, mine in sorted(by_delivery.items()):
        host = chronicle.deliveries[number]
        with catalogues(place, chronicle.taken[number][0].bundle) as then:
            contracts = then.profile.contracts
            contract = contracts[host.source]
            contract = contract if contract.events else events_of(contracts, host.source) or contract
            if contract.events is None:
                continue
            # A table of events beside the cases comes in the same file: its delivery is the one of the same bytes.
            wanted_file = (contract.source, host.path, host.sha256, host.resent)
            theirs = [
                one for one in chronicle.deliveries.values() if (one.source, one.path, one.sha256, one.resent) == wanted_file
            ]
            for delivery in theirs:
                read_delivery(place.landing, place.raw, delivery, contract)
                own = {(row["case_key"], row["record"]) for row in mine if row["delivery_no"] == delivery.delivery_no}
                events = _events(pl.scan_parquet(raw_file(place.raw, delivery, contract)), contract, then.profile)
                wanted = events.filter(pl.col("key").is_in(list({row["case_key"] for row in mine})))
                for key, written, record, line in wanted.iter_rows():
                    if (key, record) not in own:
                        yield {"kind": EVENT, "member_key": key, "case_number": written, "delivery_no": delivery.delivery_no,
                               "record": record, "line": line}  # fmt: skip


def _events(raw: pl.LazyFrame, contract: Contract, profile: Profile) -> pl.DataFrame:
    """Key, number as written, record and line of all rows of a file of events."""
    found = raw.select(
        key=pl.col(contract.key_header), written=pl.col(contract.key_header), record="record", line="line"
    ).collect()
    if profile.settings.case_numbers == "chinese":
        return found.with_columns(key=take_apart(found["key"], numbering_of(profile))["case_key"])
    return found.with_columns(pl.col("key").str.strip_chars())


def tables_behind(catalogue: Catalogue, metrics: Iterable[Metric]) -> frozenset[str]:
    """Every table that the queries of these metrics read, and those that these are made of."""
    sql = catalogue.house / "sql"
    waiting = [table for one in metrics for table in read_query(sql, one.members).tables]
    found: set[str] = set()
    while waiting:
        table = waiting.pop()
        if table in found:
            continue
        found.add(table)
        path = sql / f"{table.replace('.', '/')}.sql"
        if path.is_file():
            waiting += read_query(sql, table.replace(".", "/")).tables
    return frozenset(found)
