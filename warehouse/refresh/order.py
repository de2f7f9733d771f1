"""Which table must stand before which, from the SQL itself."""

from __future__ import annotations

from graphlib import TopologicalSorter

from warehouse.catalogue.bundle import Catalogue


def model_tables(catalogue: Catalogue) -> list[str]:
    """The tables of the model that have a query, each after those that it reads."""
    queries = {f"model.{name}": query for name, query in catalogue.queries("model").items()}
    graph = {name: {table for table in query.tables if table in queries and table != name} for name, query in queries.items()}
    return list(TopologicalSorter(graph).static_order())
