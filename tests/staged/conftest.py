"""Staging by a contract: `stage(drawing)` types rows drawn under the headers of a source."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from warehouse.catalogue.contract import Contract
from warehouse.intake.stage import Staged, Stager


class Typed:
    """What staging gave: rows as tuples of some columns, and the report."""

    def __init__(self, path: Path, report: Staged) -> None:
        self.frame, self.report = pl.read_parquet(path), report

    def rows(self, *columns: str) -> list[tuple[Any, ...]]:
        """These columns of the typed rows, in the order of the file."""
        return self.frame.sort("record").select(columns).rows()

    @property
    def aside(self) -> list[tuple[int, str | None, str]]:
        """Record, column and message of each reason for a row set aside."""
        return [(one.record, one.column_name, one.message) for one in self.report.set_aside]


@pytest.fixture(scope="session")
def stager(catalogue: Any) -> Callable[..., Stager]:
    """Makes the stager of a source of Shengzhou, or of a contract drawn as `columns` with another `key`."""

    def make(source: str = "cases", columns: dict[str, Any] | None = None, **changes: Any) -> Stager:
        profile = catalogue.profile
        contract = profile.contracts[source]
        if columns is not None:
            document = contract.model_dump() | {"columns": columns, "constants": {}, **changes}
            contract = Contract.model_validate(document)
            settings = profile.settings.model_copy(update={"case_numbers": "none"})
            profile = dataclasses.replace(profile, settings=settings)
        return Stager(contract, profile, catalogue.tables[f"staged.{contract.feeds}"])

    return make


@pytest.fixture
def stage(stager: Callable[..., Stager], tmp_path: Path) -> Callable[..., Typed]:
    """`stage(drawing, source="cases", placeholders={…}, columns={…})`: an empty cell is an empty field."""

    def type_rows(drawing: str, *, placeholders: dict[str, str] | None = None, **contract: Any) -> Typed:
        one = stager(**contract)
        header, *lines = [[cell.strip() for cell in x.split("|")] for x in drawing.splitlines() if x.strip()]
        wanted = (*one.contract.required_headers, *one.contract.optional_headers)
        rows = [{"record": n, "line": n + 1, **dict(zip(header, line, strict=True))} for n, line in enumerate(lines, 1)]
        schema = {"record": pl.Int64, "line": pl.Int64, **dict.fromkeys(wanted, pl.String)}
        pl.DataFrame(rows, schema=schema).write_parquet(tmp_path / "raw.parquet")
        report = one.stage(tmp_path / "raw.parquet", tmp_path / "staged.parquet", 7, placeholders or {})
        return Typed(tmp_path / "staged.parquet", report)

    return type_rows
