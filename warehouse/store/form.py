"""The form of the warehouse: which tables there are and what their columns mean, as one number."""

from __future__ import annotations

from pathlib import Path

from warehouse.store.duck import open_read_only

SCHEMA_VERSION = 3
"""Raised when a table of the past would be read wrongly: columns that only came to it are no reason. 2: corrections by hand."""


def is_outdated(warehouse: Path) -> bool:
    """Whether there is a published file of an older form: it is made anew from the ledger before it is read or extended."""
    if not warehouse.exists():
        return False
    connection = open_read_only(warehouse)
    try:
        found = connection.execute("select max(schema_version) from published.refreshes").fetchone()
    finally:
        connection.close()
    return found is not None and found[0] is not None and found[0] < SCHEMA_VERSION
