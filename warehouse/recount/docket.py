"""What the second engine is given: staged rows, deliveries, lists and days, all of it plain data.

Belongs here: the shape of what comes in. Does not belong here: where it comes from (warehouse.refresh), nor what it means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Lists:
    """A profile's lists as rows: what codes mean, what the law says, on which days courts work."""

    case_types: Sequence[Row] = ()
    """type_code, family, counts_as."""
    closing_manners: Sequence[Row] = ()
    """closing_manner, counts_as, effect."""
    registration_limits: Sequence[Row] = ()
    """population, type_code (or None), days."""
    statutory_limits: Sequence[Row] = ()
    """A row of the law, as in codes/statutory_limits.csv, with days as days and an empty cell None."""
    proceedings: Sequence[Row] = ()
    """counts_as, type_code, procedure, is_private_prosecution, circumstance (each or None), proceeding."""
    clock_reasons: Sequence[Row] = ()
    """kind, reason, family (None for any)."""
    holidays: Mapping[date, bool] = field(default_factory=dict)
    """Whether courts work, of the days that differ from Monday to Friday or are listed to say that they do not."""


@dataclass(frozen=True)
class Docket:
    """All that was delivered to one profile, and how far it is counted.

    `rows` holds the staged rows by what they feed (`cases`, `registrations`, `clock_events`, `enforcement_results`,
    `corrections`), of all deliveries together; `deliveries` has delivery_no, feeds, is_snapshot, extract_on, rank, resent
    and sha256 of each that is no repeat; `set_aside` has delivery_no, record and key of every row that a rule refused.
    """

    rows: Mapping[str, pl.LazyFrame]
    deliveries: pl.DataFrame
    set_aside: pl.DataFrame
    lists: Lists
    data_from: date
    counting_day: date
    calendars: Mapping[str, int]
    """By calendar: the day on which its months close, 31 for the last."""
    drops_missing: bool = False
    """Whether a case that the last snapshot does not name is counted no more."""
