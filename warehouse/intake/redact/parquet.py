"""A Parquet file without one person: the same columns, types and order of rows, written anew.

The file was read before, in a process of its own, so what is opened here is known to be sound.
"""

from __future__ import annotations

import io

import polars as pl

from warehouse.intake.readers.rows import Read, Wanted
from warehouse.intake.redact.redaction import MARK, Redaction, names_of
from warehouse.intake.refused import FileRefused, shown
from warehouse.intake.unpack import Content


def redact(content: Content, found: Read, wanted: Wanted, redaction: Redaction) -> bytes:
    """The unpacked bytes afterwards."""
    with content.as_file() as path:
        frame = pl.read_parquet(path, glob=False, hive_partitioning=False)
    codes = {record: code for _, record, code in redaction.starts}
    names = names_of(frame.columns, wanted.also, wanted.columns)
    met = _met(frame, redaction)
    redaction.records |= {record for record in met if codes.get(record) != "row"}
    before = frame
    for column, name in zip(frame.columns, names, strict=True):
        frame = frame.with_columns(_column(frame[column], name, sorted(redaction.records | met), redaction))
    if frame.equals(before):
        return b"".join(content.blocks())
    into = io.BytesIO()
    frame.write_parquet(into, compression="zstd")
    return into.getvalue()


def _met(frame: pl.DataFrame, redaction: Redaction) -> set[int]:
    """The records in which a key can be seen."""
    met: set[int] = set()
    for column in frame.columns:
        if frame[column].dtype in (pl.String, pl.Categorical, pl.Enum):
            for at, value in enumerate(frame[column].cast(pl.String)):
                if value and redaction.aliases.stand_in(value):
                    met.add(at + 1)
        elif redaction.is_free(column) or column not in redaction.keys:
            continue
        else:
            key = redaction.keys[column]
            met |= {at + 1 for at, value in enumerate(frame[column].cast(pl.String)) if redaction.aliases.of(value, key.kind)}
    return met


def _column(values: pl.Series, name: str, records: list[int], redaction: Redaction) -> pl.Series:
    """A column afterwards, of the same type."""
    is_text = values.dtype == pl.String
    new: dict[int, str | None] = {}
    for record in records:
        at = record - 1
        value = values[at]
        is_theirs = record in redaction.records
        if value is None:
            continue
        if name in redaction.keys or is_text:
            told = redaction.cell(record, name, str(value))
            if told != str(value):
                new[at] = told
        elif redaction.is_free(name) and is_theirs:
            new[at] = None
    if not new:
        return values
    redaction.done |= {at + 1 for at in new} & redaction.records
    if not any(new.values()):  # a null can be put into a column of any type
        is_gone = pl.Series(range(len(values))).is_in(list(new))
        return values.to_frame("v").select(pl.when(~is_gone).then("v").alias(values.name)).to_series()
    try:
        put = pl.Series([None if value == MARK and not is_text else value for value in new.values()], dtype=pl.String)
        return values.scatter(list(new), put.cast(values.dtype))
    except pl.exceptions.PolarsError as error:
        raise FileRefused(f"the alias does not fit the type of the column {shown(name)}", str(error).splitlines()[0],
                          "Ask the court for a redacted file") from None  # fmt: skip
