"""Reading: the one place that knows which reader serves which format, and where raw files are kept."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl

from warehouse.catalogue.contract import Contract
from warehouse.intake.chronicle import Delivery
from warehouse.intake.kinds import kind_of
from warehouse.intake.readers.rows import Read, Torn, Wanted
from warehouse.intake.refused import FileRefused, Limits
from warehouse.intake.unpack import Content

READERS = {
    "csv": "delimited", "xlsx": "xlsx", "xls": "xls", "json_lines": "json_rows", "json": "json_rows", "parquet": "parquet",
    "xml": "xml_rows", "fixed_width": "fixed_width",
}  # fmt: skip
"""Loaded when a file needs them: the libraries behind some take half a second."""


def raw_file(raw: Path, delivery: Delivery, contract: Contract) -> Path:
    """Where the rows of a delivery's blob stand as text, by this version of its contract."""
    return raw / f"{delivery.blob}_{contract.version}.parquet"


def read_delivery(landing: Path, raw: Path, delivery: Delivery, contract: Contract) -> Read:
    """Every row of the delivered file as text, in one Parquet file; read once for equal bytes and contract.

    Raises:
        FileRefused: the file cannot be read as a whole; file, place, reason and remedy are named.
    """
    into = raw_file(raw, delivery, contract)
    report = into.with_suffix(".json")
    if into.exists() and report.exists():
        return _from_json(report)
    found = read_file(landing / "blobs" / delivery.blob, delivery.file, contract, into)
    write_report(report, found)
    return found


def read_file(path: Path, name: str, contract: Contract, into: Path, limits: Limits | None = None) -> Read:
    """Every row of one file as text into the Parquet file `into`, by the reader of its format. `name` is for messages.

    Raises:
        FileRefused: the file cannot be read as a whole, or is of another format; then nothing is written.
    """
    content, tried = Content(path, limits, contract.file.member), into.with_name(f".{into.name}.try")
    try:
        kind = kind_of(content, contract.file.format)
        into.parent.mkdir(parents=True, exist_ok=True)
        reader = import_module(f"warehouse.intake.readers.{READERS[kind]}")
        found: Read = reader.read_format(content, contract.file, wanted_of(contract), tried)
        tried.replace(into)  # what a file means may be found doubtful only after all of it was read
        return dataclasses.replace(found, format=kind)
    except FileRefused as refused:
        refused.name = name
        raise
    finally:
        tried.unlink(missing_ok=True)


def wanted_of(contract: Contract) -> Wanted:
    """What a contract wants of a file."""
    return Wanted(
        contract.required_headers, contract.optional_headers, contract.key_header or None, contract.file.header_rows,
        contract.file.no_case, contract.other_headers,
    )  # fmt: skip


def rows_as_delivered(raw: Path, delivery: Delivery, contract: Contract, records: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The contracted fields of some rows of a delivery as they were delivered, by record; it must have been read."""
    rows = pl.scan_parquet(raw_file(raw, delivery, contract)).filter(pl.col("record").is_in(records)).collect()
    return {row.pop("record"): {k: v for k, v in row.items() if k != "line"} for row in rows.to_dicts()}


def write_report(path: Path, report: Any) -> None:
    """A dataclass as a JSON file, whole or not at all: what a crash leaves is never taken for a report."""
    part = path.with_name(f".{path.name}.part")
    part.write_text(json.dumps(dataclasses.asdict(report), ensure_ascii=False), "utf-8")
    part.replace(path)


def _from_json(path: Path) -> Read:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    torn = tuple(Torn(**torn) for torn in found.pop("torn"))
    for name in ("extra_columns", "missing_columns"):
        found[name] = tuple(found[name])
    return Read(**found, torn=torn)
