"""Whether the publication follows from the ledger: the bytes of the warehouse, and each refresh that it says it holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from warehouse.intake.chronicle import Chronicle, Publication, refresh_id
from warehouse.store.duck import read_rows
from warehouse.store.place import Place
from warehouse.store.swap import sha256_of

NAME = "warehouse.duckdb"
COLUMNS = ("published_at", "deliveries", "delivery_nos", "counting_day", "head", "bundle")
"""Of `published.refreshes`, after the number: what a `refresh` event says too."""


def publication_faults(place: Place, chronicle: Chronicle) -> Iterator[tuple[str, str]]:
    """File and fault of each thing published that the ledger says otherwise, or says nothing of."""
    last, log = chronicle.last, Path(f"{place.warehouse}.wal")
    if log.exists():
        yield log.name, "it stands beside the published file, and readers would take what it holds for published"
    if last is None:
        if place.warehouse.exists():
            yield NAME, "the ledger knows of no publication"
    elif not place.warehouse.exists():
        yield NAME, f"it is missing; the ledger says that {last.id} published it"
    else:
        is_whole = sha256_of(place.warehouse) == last.warehouse
        if not is_whole:
            yield NAME, f"its bytes are not those that {last.id} published"
        if not log.exists():
            yield from ((NAME, what) for what in _refreshes(place.warehouse, chronicle, is_whole))


def _refreshes(warehouse: Path, chronicle: Chronicle, is_whole: bool) -> Iterator[str]:
    """Each refresh in the file against its event. A file that cannot be read is named by its bytes already, if they differ."""
    rows = read_rows(
        warehouse,
        "select refresh_no, published_at, deliveries, delivery_nos, counting_day, head, bundle "
        "from published.refreshes order by refresh_no",
    )
    if rows is None:
        if is_whole:
            yield "the refreshes that it holds cannot be read"
        return
    events = {publication.number: publication for publication in chronicle.publications}
    for number, *said in rows:
        publication = events.pop(number, None)
        if publication is None:
            yield f"{refresh_id(number)} does not follow from the ledger, which knows of no such publication"
            continue
        for column, here, there in zip(COLUMNS, map(_text, said), _said(publication), strict=True):
            if here != there:
                name = refresh_id(number)
                yield f"{name} does not follow from the ledger: its {column} is [{here}], its event says [{there}]"
    for publication in events.values() if is_whole else ():
        yield f"{publication.id} is not in it, and the ledger says that it was published"


def _said(publication: Publication) -> tuple[str, ...]:
    """What an event says, in the order of COLUMNS."""
    taken = [one.delivery_no for one in publication.taken]
    return (publication.at, str(len(taken)), json.dumps(taken), str(publication.counting_day), publication.before,
            publication.bundle)  # fmt: skip


def _text(value: Any) -> str:
    return "" if value is None else str(value)
