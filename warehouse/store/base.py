"""What every store promises, whatever engine is behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from warehouse.catalogue.query import Query
from warehouse.catalogue.table import Table

Row = tuple[Any, ...]


class BrokenPromise(Exception):
    """A table came out other than its contract says."""


class Store(Protocol):
    """Tables by `schema.name`, made from queries with bound parameters."""

    def rows(self, query: Query, parameters: Mapping[str, Any]) -> list[Row]:
        """What a query gives."""
        ...

    def make(self, name: str, table: Table, query: Query, parameters: Mapping[str, Any]) -> int:
        """Replaces a table by what the query gives; its rows. Raises BrokenPromise where columns differ from the contract."""
        ...

    def add(self, name: str, table: Table, query: Query, parameters: Mapping[str, Any]) -> int:
        """Appends what the query gives; how many rows that were."""
        ...

    def load(self, name: str, table: Table, rows: Sequence[Row]) -> int:
        """Replaces a table by rows made elsewhere."""
        ...

    def append(self, name: str, table: Table, rows: Sequence[Row]) -> int:
        """Appends rows made elsewhere."""
        ...

    def show_files(self, name: str, table: Table, files: Sequence[Path], only_first: bool = False) -> None:
        """Shows Parquet files as the table `name` for as long as the store is open."""
        ...
