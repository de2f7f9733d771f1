"""What reads a Parquet file in a process of its own: `python -m` this, what to do on stdin, what was found on stdout.

Belongs here: Polars on bytes that nobody vouches for. It may crash; who started it (parquet.py) says so then.
"""

from __future__ import annotations

import dataclasses
import pickle
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from pathlib import Path

import polars as pl

from warehouse.intake.frames import write_frames
from warehouse.intake.readers.header import Header, HeaderSearch
from warehouse.intake.readers.no_case import NoCase
from warehouse.intake.readers.parquet import broken
from warehouse.intake.readers.parquet_text import as_text, is_text
from warehouse.intake.readers.rows import Read, Tally, Wanted
from warehouse.intake.refused import FileRefused, Limits, shown

MEMORY = 8 << 30
"""Bytes of address space. A million rows of 12 columns take 1.2 GB of it, most of them reserved and never used."""
SLICE = 100_000
DOWN = pl.ScanCastOptions(datetime_cast="nanosecond-downcast")


def read(path: Path, wanted: Wanted, into: Path, limits: Limits) -> Read:
    """The wanted columns of the file as text. Grain: one row. Raises FileRefused where it is broken or has other columns."""
    with _refused():
        lazy = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        schema = dict(lazy.collect_schema())
        height = int(lazy.select(pl.len()).collect().item())
    header = _header(list(schema), wanted, limits)
    picks = {c: list(schema)[at] for c, at in zip(wanted.columns, header.picks(wanted.columns), strict=True) if at is not None}
    for column, name in picks.items():
        if not is_text(schema[name]):
            what = f"the column {shown(column)} is of the type {shown(str(schema[name]))}"
            raise FileRefused(what, "That is no text, number or date", "Export it as text", place="the header")
    tally = Tally(limits)
    write_frames(_frames(path, schema, height, picks, wanted, tally), wanted.schema, into)
    return tally.read(header, wanted, places="record {record}")


@contextmanager
def _refused() -> Iterator[None]:
    """Whatever Polars says of the bytes, a panic too, is a refusal."""
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise broken(f"Reading it says {shown(str(error), 200)}") from error


def _header(names: list[str], wanted: Wanted, limits: Limits) -> Header:
    search = HeaderSearch(dataclasses.replace(wanted, header_rows=1), limits)
    search.offer(1, names)
    return search.result()


def _frames(
    path: Path, schema: dict[str, pl.DataType], height: int, picks: dict[str, str], wanted: Wanted, tally: Tally
) -> Iterator[pl.DataFrame]:
    """Slices, not `collect_batches`: that one now and then ends without a word where a page is broken (measured)."""
    fine = [name for name in picks.values() if schema[name] == pl.Datetime("ns", "*") or schema[name] == pl.Datetime("ns")]
    down = {
        name: pl.Datetime("us", getattr(schema[name], "time_zone", None)) if name in fine else schema[name] for name in schema
    }
    for offset in range(0, height, SLICE):
        with _refused():
            scan = pl.scan_parquet(path, glob=False, hive_partitioning=False)
            found = scan.slice(offset, SLICE).select(list(picks.values())).collect()
            coarse = pl.DataFrame()
            if fine:
                scan = pl.scan_parquet(path, glob=False, hive_partitioning=False, schema=down, cast_options=DOWN)
                coarse = scan.slice(offset, SLICE).select(fine).collect()
            if picks and (found.height != min(SLICE, height - offset) or (fine and coarse.height != found.height)):
                raise broken(f"It says it has [{height}] rows, and they are fewer")
            frame, faults = _as_text(found, coarse, picks, wanted, offset, min(SLICE, height - offset))
        yield _sifted(frame, faults, wanted, tally)


def _as_text(
    found: pl.DataFrame, coarse: pl.DataFrame, picks: dict[str, str], wanted: Wanted, offset: int, height: int
) -> tuple[pl.DataFrame, dict[int, str]]:
    """The slice as text, and what is wrong with which of its rows."""
    at = pl.Series(range(offset + 1, offset + height + 1), dtype=pl.Int64)
    columns, faults = [at.alias("record"), at.alias("line")], dict[int, str]()
    for column in wanted.columns:
        if column not in picks:
            columns.append(pl.Series(column, [None], dtype=pl.String).new_from_index(0, height))
            continue
        name = picks[column]
        text = as_text(found[name], coarse[name] if name in coarse.columns else None)
        columns.append(text.values.alias(column))
        for row in text.is_bad.arg_true():
            faults.setdefault(row, f"{text.why} in {shown(column)}")
    return pl.DataFrame(columns), faults


def _sifted(frame: pl.DataFrame, faults: dict[int, str], wanted: Wanted, tally: Tally) -> pl.DataFrame:
    """The rows that are whole and may be cases; only those with a fault or an odd key are looked at one by one."""
    begun, tally.rows = tally.rows, tally.rows + frame.height
    no_case = NoCase(wanted.key, wanted.no_case, list(wanted.columns))
    odd = set(faults)
    if no_case.at is not None and wanted.key:
        key = pl.col(wanted.key)
        tests = [key.is_null(), key.str.strip_chars() == "", key.str.contains(no_case.begins),
                 key.str.replace_all(r"\s", "") == no_case.names[no_case.at]]  # fmt: skip
        odd |= set(frame.select(reduce(lambda one, other: one | other, tests).fill_null(True)).to_series().arg_true())
    aside = []
    for row in sorted(odd):
        cells = frame.row(row)[2:]
        reason = no_case.why(cells)
        if reason or row in faults:
            text = "\t".join(cell or "" for cell in cells)
            tally.tear(begun + row + 1, begun + row + 1, text, reason or faults[row], "NO_CASE" if reason else "TORN")
            aside.append(row)
    return frame.with_row_index("?").filter(~pl.col("?").is_in(aside)).drop("?") if aside else frame


def main() -> None:
    """Read what stdin says and answer on stdout."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash must not leave people's data in a file
    path, wanted, into, limits = pickle.load(sys.stdin.buffer)
    outcome: Read | FileRefused
    try:
        outcome = read(path, wanted, into, limits)
    except FileRefused as refused:
        outcome = refused
    sys.stdout.buffer.write(pickle.dumps(outcome))


if __name__ == "__main__":
    main()
