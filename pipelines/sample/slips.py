"""What a clerk's slip is: which rows of a file can suffer it, how many do, and what it makes of the row.

Rows are text here, as files carry them. The slips of each source stand in the modules whose names end so; who
suffers which, and when the row comes again, is drawn in `dirt`.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Row = dict[str, str]
Rows = list[list[str]]


class Slip(NamedTuple):
    """One kind of dirt: `rows` of them in a docket of 54,456 cases, drawn among those `able`, each spoilt by `spoil`."""

    name: str
    rows: int
    able: Callable[[Any], NDArray[np.bool_]]
    spoil: Callable[[Row, Random], Rows]
    comes_again: bool = True  # the true row is sent in a later file
    is_apart: bool = False  # the second row stands elsewhere in the file
    is_torn: bool = False  # happens to separated values only


def changed(row: Row, values: Row) -> Rows:
    """The row with other values in some columns."""
    return [list((row | values).values())]


def anywhere(shown: Any) -> NDArray[np.bool_]:
    """Any row can suffer it."""
    return np.ones(len(shown.row), dtype=np.bool_)


def shifted(iso: str, days: int) -> str:
    """The day so many days later."""
    return (date.fromisoformat(iso) + timedelta(days)).isoformat()


def next_year(iso: str) -> str:
    """The same day under next year's number, as one writes in a hurry; 28 February for the 29th."""
    return f"{int(iso[:4]) + 1}{iso[4:]}".replace("-02-29", "-02-28")


def a_century_early(iso: str) -> str:
    """2014 written as 1914."""
    return f"19{iso[2:]}".replace("-02-29", "-02-28")


def no_day(iso: str, luck: Random) -> str:
    """A text in the place of this day that is no day of any calendar."""
    year = iso[:4]
    return luck.choice((f"{year}-02-30", f"{year}.13.05", f"{year}-11-31", f"{year}-00-12", f"{year}年"))


def without(row: Row, column: str) -> list[str]:
    """The row one field short."""
    return [value for name, value in row.items() if name != column]


def twice_in(row: Row, column: str, second: str) -> list[str]:
    """The row one field too long: a comma was typed within a text, and no quotes were set around it."""
    return [part for name, value in row.items() for part in ([value, second] if name == column else [value])]


def repeated(row: Row, luck: Random) -> Rows:
    """The same row two times."""
    return [list(row.values())] * 2


DUPLICATES = (
    Slip("duplicate_adjacent", 14, anywhere, repeated, comes_again=False),
    Slip("duplicate_apart", 14, anywhere, repeated, comes_again=False, is_apart=True),
)
