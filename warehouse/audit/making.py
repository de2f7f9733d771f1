"""How the model of an earlier refresh is made again: by a bundle's queries and lists, up to a counting day."""

from __future__ import annotations

from datetime import date
from typing import Any

from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.query import Query, read_query
from warehouse.reading.snapshot import Refresh
from warehouse.refresh.order import model_tables
from warehouse.refresh.reference import list_rows
from warehouse.store.knowledge import Making


def making(catalogue: Catalogue, until: date, values: dict[str, Any]) -> Making:
    """The queries and lists of a bundle; periods and days up to `until`."""
    tables, profile = catalogue.tables, catalogue.profile
    rows = {name: found for name, found in list_rows(profile, until).items() if name in tables}
    queries = {name: read_query(catalogue.house / "sql", name.replace(".", "/")) for name in model_tables(catalogue)}
    # What is made of staged rows (the events of cases) cannot be made again here; no figure is counted from it.
    made = {n: q for n, q in queries.items() if tables[n].kept in ("replace", "view") and not _reads_staged(q)}
    return Making({name: (tables[name], found) for name, found in rows.items()}, made, values)


def parameters(catalogue: Catalogue, refresh: Refresh) -> dict[str, Any]:
    """What the queries of the model and the members may ask for, as at a refresh."""
    profile = catalogue.profile
    cases = profile.contracts.get(profile.settings.case_source or "")
    return {
        "refresh_no": refresh.number,
        "data_from": refresh.data_from,
        "counting_day": refresh.counting_day,
        "drops_missing": cases is not None and cases.on_missing == "drop",
    }


def _reads_staged(query: Query) -> bool:
    return any(table.startswith("staged.") for table in query.tables)
