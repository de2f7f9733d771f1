"""Columns of files: codes as texts, days as dates, money in yuan, and what had not happened yet left empty.

What stands in which file does not belong here (`case_files`, `event_files`).
"""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.sample.periods import PERIODS


def texts(names: list[str | None], codes: NDArray[Any]) -> pl.Series:
    """The names that the codes stand for."""
    return pl.Series(names, dtype=pl.String).gather(pl.Series(codes.astype(np.uint32)))


def known(days: NDArray[Any], until: int) -> pl.Series:
    """Days up to `until` as dates, null for what had not happened by then."""
    frame = pl.DataFrame({"day": days.astype(np.int32)})
    return frame.select(pl.when(pl.col("day") <= until).then(pl.col("day")).cast(pl.Date)).to_series()


def where(mask: NDArray[Any], values: pl.Series) -> pl.Series:
    """The values where the mask holds, null elsewhere."""
    return pl.select(pl.when(pl.Series(mask)).then(values)).to_series()


def tells(periods: list[NDArray[Any]], able: NDArray[np.bool_]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Every pair of an able row and a file but the last that tells it."""
    rows, places = [], []
    for number, period in enumerate(periods):
        new = able & (period < len(PERIODS) - 1)
        for before in periods[:number]:
            new &= before != period
        rows.append(np.flatnonzero(new))
        places.append(period[rows[-1]])
    return np.concatenate(rows), np.concatenate(places)
