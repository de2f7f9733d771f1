"""Frames that come one after another into one Parquet file, without ever holding all of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source


def write_frames(frames: Iterator[pl.DataFrame], schema: Mapping[str, Any], into: Path) -> None:
    """Streams `frames` into `into`, whole or not at all.

    What stops the frames is raised when the file is closed, not inside Polars: an error that passes through its sink can
    leave it creating the file after we took it away.

    Raises:
        whatever `frames` raises; then nothing is left behind.
    """
    stopped: list[Exception] = []

    def until_stopped() -> Iterator[pl.DataFrame]:
        try:
            yield from frames
        except Exception as error:
            stopped.append(error)

    temporary = into.with_name(f".{into.name}.{uuid.uuid4().hex}.part")
    try:
        source = register_io_source(lambda *_: until_stopped(), schema=dict(schema))
        source.sink_parquet(temporary, compression="zstd", compression_level=1)
        if stopped:
            raise stopped[0]
        temporary.replace(into)
    finally:
        temporary.unlink(missing_ok=True)
