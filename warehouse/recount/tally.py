"""From counted things to cells: days to periods, things to sums, sums to rows.

Stocks are running sums of what came in and went out, flows are counts by period; both on arrays, a number standing for each
combination of dimensions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Numbers = NDArray[Any]

NEVER = 2**30
"""A day after all days."""
DIMENSIONS = (
    "court", "family", "counts_as", "case_type", "procedure", "bench", "judge", "population", "channel", "closing_manner",
)  # fmt: skip
CELL = ("metric", "variant", "calendar_id", "period_id", *DIMENSIONS, "part", "numerator", "denominator")
SCHEMA = {name: pl.Int64 if name in ("numerator", "denominator") else pl.String for name in CELL}
EPOCH = date(1970, 1, 1)
ROOM = 8_000_000
"""Sums that are held at a time; past it things are summed in several goes."""


def days_of(series: pl.Series) -> Numbers:
    """Days as numbers, null as NEVER."""
    days = series.to_numpy().astype("datetime64[D]").astype(np.int64)
    return np.where(days < -NEVER, NEVER, days)


def number_of(day: date) -> int:
    """The number of a day."""
    return (day - EPOCH).days


class Timeline:
    """The periods of one calendar, numbered from 1; 0 is before the data, `count` + 1 after the counting day."""

    def __init__(self, name: str, closes_on: int, data_from: date, counting_day: date) -> None:
        self.name = name
        self.first = number_of(data_from)
        days = np.arange(self.first, number_of(counting_day) + 1).astype("datetime64[D]")
        months = days.astype("datetime64[M]")
        months = months.astype(np.int64) + ((days - months.astype("datetime64[D]")).astype(np.int64) + 1 > closes_on)
        base = months[0] if len(months) else 0
        self._period = np.concatenate([[0], months - base + 1])
        self.count = int(self._period[-1])
        self._period = np.append(self._period, self.count + 1).astype(np.int32)
        self.ids = [f"{1970 + month // 12}-{month % 12 + 1:02}" for month in range(int(base), int(base) + self.count)]

    def periods(self, days: Numbers) -> Numbers:
        """The number of the period of each day."""
        found: Numbers = self._period[np.clip(days - self.first + 1, 0, len(self._period) - 1)]
        return found


@dataclass(frozen=True)
class Groups:
    """What things are counted by: a number for each combination of dimensions, and the number of each thing."""

    of: Numbers
    dimensions: pl.DataFrame

    @property
    def size(self) -> int:
        """How many combinations there are."""
        return self.dimensions.height


def grouped(things: pl.DataFrame, columns: Mapping[str, str]) -> Groups:
    """Groups by dimension: column. An empty value is `none`."""
    known = {dimension: pl.col(column).fill_null("none") for dimension, column in columns.items()}
    # All columns at a time: each step on a single one costs Polars a millisecond, which is most of what a small court takes.
    listed = things.lazy().select(value.unique().implode().alias(dimension) for dimension, value in known.items()).collect()
    values = {dimension: listed[dimension].explode(empty_as_null=False) for dimension in known}
    numbers = {dimension: value.cast(pl.Enum(values[dimension])).to_physical() for dimension, value in known.items()}
    coded = things.lazy().select(number.cast(pl.Int64).alias(dimension) for dimension, number in numbers.items()).collect()
    codes = np.zeros(things.height, dtype=np.int64)
    for dimension in known:
        codes = codes * max(values[dimension].len(), 1) + coded[dimension].to_numpy()
    used, of = np.unique(codes, return_inverse=True)
    places: dict[str, Numbers] = {}
    for dimension in reversed(known):
        size = max(values[dimension].len(), 1)
        places[dimension] = used % size
        used = used // size
    table = {dimension: values[dimension][places[dimension]] for dimension in known}
    return Groups(of.reshape(-1), pl.DataFrame(table))


@dataclass
class Tally:
    """Collects cells, of the periods that are wanted."""

    timelines: Sequence[Timeline]
    wanted: Mapping[str, Collection[str]] | None = None
    """By calendar the periods; None for all of them."""
    _known: dict[tuple[str, int], tuple[Numbers, Numbers]] = field(default_factory=dict)
    _made: dict[int, tuple[Groups, list[_Found]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Which periods are wanted, by calendar."""
        self._masks = {
            line.name: np.array([self.wanted is None or one in self.wanted.get(line.name, ()) for one in line.ids], dtype=bool)
            for line in self.timelines
        }

    def know(self, *days: Numbers) -> None:
        """Looks these days up once: most readings count by the days on which spells begin or end."""
        for line in self.timelines:
            for one in days:
                self._known[line.name, id(one)] = one, line.periods(one)

    def _periods(self, line: Timeline, days: Numbers) -> Numbers:
        known = self._known.get((line.name, id(days)))
        return known[1] if known else line.periods(days)

    def flow(
        self, name: str, groups: Groups, on: Numbers, above: Numbers | None = None, below: Numbers | None = None,
        part: str | None = None, of: Numbers | None = None,
    ) -> None:  # fmt: skip
        """Things on their days. `above` is summed to numerators (1 each by default), `below` to denominators (none by default).

        `of` picks the things that count.
        """
        for line in self.timelines:
            periods = self._periods(line, on)
            counts = (periods >= 1) & (periods <= line.count)
            counts = counts if of is None else counts & of
            for first, size in _blocks(groups.size, line.count):
                mine = counts if size == groups.size else counts & (groups.of >= first) & (groups.of < first + size)
                at = (groups.of[mine] - first) * line.count + periods[mine] - 1
                there = np.bincount(at, minlength=size * line.count)
                numerators = there if above is None else _sums(at, above[mine], size * line.count)
                denominators = None if below is None else _sums(at, below[mine], size * line.count)
                self._keep(name, part, groups, first, line, there, numerators, denominators)

    def stock(
        self, name: str, groups: Groups, since: Numbers, until: Numbers, part: str | None = None, of: Numbers | None = None,
        at_start: bool = False,
    ) -> None:  # fmt: skip
        """Things from a day until a day, counted at the end of periods, or before their first day."""
        for line in self.timelines:
            width = line.count + 1
            entries, exits = self._periods(line, since), self._periods(line, until)
            stays = (exits > entries) & (entries <= line.count)
            stays = stays if of is None else stays & of
            for first, size in _blocks(groups.size, width):
                mine = stays if size == groups.size else stays & (groups.of >= first) & (groups.of < first + size)
                rows, begun, over = groups.of[mine] - first, entries[mine].astype(np.int64), exits[mine]
                moved = np.bincount(rows * width + begun, minlength=size * width)
                leaves = over <= line.count
                moved -= np.bincount(rows[leaves] * width + over[leaves], minlength=size * width)
                held = moved.reshape(size, width).cumsum(axis=1)
                held = np.ascontiguousarray(held[:, :-1] if at_start else held[:, 1:]).reshape(-1)
                self._keep(name, part, groups, first, line, held, held, None)

    def _keep(
        self, name: str, part: str | None, groups: Groups, first: int, line: Timeline, there: Numbers, above: Numbers,
        below: Numbers | None,
    ) -> None:  # fmt: skip
        """Cells out of sums by group and period; one with nothing in it is none."""
        is_there = (there != 0).reshape(-1, line.count) & self._masks[line.name]
        at = np.flatnonzero(is_there)
        if len(at):
            of, periods = first + at // line.count, at % line.count
            found = _Found(name, part, line, of, periods, above[at], None if below is None else below[at])
            self._made.setdefault(id(groups), (groups, []))[1].append(found)

    def cells(self) -> pl.DataFrame:
        """All cells: metric, variant, calendar_id, period_id, the dimensions, part, numerator, denominator."""
        found = [one for _, listed in self._made.values() for one in listed]
        if not found:
            return pl.DataFrame(schema=SCHEMA)
        kinds = pl.concat(
            [groups.dimensions[np.concatenate([one.of for one in listed])] for groups, listed in self._made.values()],
            how="diagonal",
        )
        return _cells(kinds, found)


@dataclass(frozen=True)
class _Found:
    """The cells of one reading and part in one calendar."""

    name: str
    part: str | None
    line: Timeline
    of: Numbers
    periods: Numbers
    above: Numbers
    below: Numbers | None


def _cells(kinds: pl.DataFrame, found: Sequence[_Found]) -> pl.DataFrame:
    """The cells of all readings, made at once: one by one took twice the time (measured)."""
    sizes = [len(one.of) for one in found]
    below = [np.zeros(len(one.of), dtype=np.int64) if one.below is None else one.below for one in found]
    has_below = np.repeat([one.below is not None for one in found], sizes)
    ids = {line.name: line.ids for line in {id(one.line): one.line for one in found}.values()}
    starts = dict(zip(ids, np.cumsum([0, *map(len, ids.values())]), strict=False))
    periods = np.concatenate([one.periods + starts[one.line.name] for one in found])
    known = pl.Series([period for listed in ids.values() for period in listed], dtype=pl.String)
    names = pl.DataFrame(
        [(one.name.partition(".")[0], one.name.partition(".")[2] or None, one.line.name, one.part) for one in found],
        schema=dict.fromkeys(("metric", "variant", "calendar_id", "part"), pl.String), orient="row",
    )  # fmt: skip
    own = names[np.repeat(np.arange(len(found)), sizes)]
    numbers = pl.DataFrame(
        {
            "period_id": known.gather(pl.Series(periods)),
            "numerator": np.concatenate([one.above for one in found]).astype(np.int64),
            "denominator": pl.Series(np.concatenate(below).astype(np.int64)).set(pl.Series(~has_below), None),
        }
    )
    whole = pl.concat([own, numbers, kinds], how="horizontal")
    lacking = [pl.lit(None, dtype=pl.String).alias(name) for name in CELL if name not in whole.columns]
    return whole.select(*(name for name in CELL if name in whole.columns), *lacking).select(CELL)


def _blocks(size: int, width: int) -> Iterator[tuple[int, int]]:
    """Groups in so many at a time that their sums have room: the first, and how many."""
    step = max(1, ROOM // max(width, 1))
    for first in range(0, size, step):
        yield first, min(step, size - first)


def _sums(at: Numbers, values: Numbers, size: int) -> Numbers:
    """Whole numbers summed by place. Sums of floats would lose fen of large amounts."""
    sums = np.zeros(size, dtype=np.int64)
    np.add.at(sums, at, values)
    return sums
