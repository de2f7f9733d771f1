"""Reading: the one place that knows which reader serves which format, and where raw files are kept."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from warehouse.catalogue.contract import Contract
from warehouse.intake.chronicle import Delivery
from warehouse.intake.readers.delimited import Dialect, Read, Torn, read


def raw_file(raw: Path, delivery: Delivery, contract: Contract) -> Path:
    """Where the rows of a delivery's blob stand as text, by this version of its contract."""
    return raw / f"{delivery.sha256}_{contract.version}.parquet"


def read_delivery(landing: Path, raw: Path, delivery: Delivery, contract: Contract) -> Read:
    """Every row of the delivered file as text, in one Parquet file; read once for equal bytes and contract.

    Raises:
        FileRefused: the file cannot be read as a whole; file, place, reason and remedy are named.
    """
    into = raw_file(raw, delivery, contract)
    report = into.with_suffix(".json")
    if into.exists() and report.exists():
        return _from_json(report)
    into.parent.mkdir(parents=True, exist_ok=True)
    dialect = Dialect(contract.file.separator, contract.file.quote, contract.file.encodings)
    found = read(
        landing / "blobs" / delivery.sha256,
        name=delivery.file,
        dialect=dialect,
        required=contract.required_headers,
        optional=contract.optional_headers,
        into=into,
    )
    write_report(report, found)
    return found


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
    found = json.loads(path.read_text("utf-8"))
    return Read(
        found["encoding"],
        found["rows"],
        found["blank"],
        tuple(Torn(**torn) for torn in found["torn"]),
        tuple(found["extra_columns"]),
        tuple(found["missing_columns"]),
    )
