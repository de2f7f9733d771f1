"""A stream of Arrow on its way from the store to Polars.

In a module of its own, which knows nothing of DuckDB: Polars keeps the type of what it was given for good, and what is
reached from there keeps DuckDB past the end of the process, which then writes some 40 lines on leaks to stderr (measured).
"""

from __future__ import annotations


class Stream:
    """Gives one stream, once."""

    def __init__(self, capsule: object) -> None:
        self._capsule = capsule

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The stream, as Arrow's interface for Python wants it."""
        return self._capsule
