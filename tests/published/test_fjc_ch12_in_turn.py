"""The real profile, its five extracts in turn: as of each refresh every cell is that of the newest extract alone.

What may differ are cases that an earlier extract named and the newest does not: `on_missing: keep`. Which these are, and what
they add to which cells, is worked out here from the delivered files with csv and gzip alone.
"""

from __future__ import annotations

import csv
import gzip
import os
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from warehouse.catalogue.bundle import find_profile, read_catalogue
from warehouse.reading.snapshot import snapshot
from warehouse.refresh.begin import refreshing
from warehouse.refresh.run import run_steps
from warehouse.store.place import Place

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "warehouse/profiles/fjc_ch12/deliveries/cases"
PAGE = (ROOT / "docs/fjc_ch12.md").read_text("utf-8")
DATA_FROM = "2007-10-01"

# In the world's order: extract, the date that stands for "still open" in it, the last day of its data.
EXTRACTS = {
    "2019-02-28_77965fef": ("2018-09-30", "2018-09-30"),
    "2020-01-07_7b88ee98": ("2018-09-30", "2019-09-30"),
    "2020-01-07_0e4d4a9f": ("2019-09-30", "2019-09-30"),
    "2021-02-01_36590c73": ("2020-09-30", "2020-09-30"),
    "2023-11-18_abe23c11": ("2023-09-30", "2023-09-30"),
}
NAMES = list(EXTRACTS)
_ORDERS = [(4, 3, 2, 1, 0), (2, 4, 0, 3, 1), (1, 0, 3, 2, 4), (3, 1, 4, 0, 2), (0, 4, 1, 3, 2), (4, 0, 1, 2, 3)]
ORDERS = _ORDERS[: int(os.environ.get("CASELOAD_ORDERS", "1"))]
"""Of arrival, one extract a night; the first is the reverse. `CASELOAD_ORDERS` gives how many are tried beside the right one."""
MONTHS = [f"{year}-{month:02}" for year in range(2007, 2024) for month in range(1, 13)]

Cell = tuple[str, str, str, str, str]
"""Metric, month, court, chapter, closing manner ("" but for closings)."""
Cells = Counter[Cell]


# ---- from the files alone


def file_of(name: str) -> Path:
    return SHIPPED / f"ch12_bankruptcy__{name}.csv.gz"


@cache
def cases(name: str) -> dict[str, dict[str, str]]:
    """Rows by key without `BK`: of two of one key the one that came without it."""
    with gzip.open(file_of(name), "rt", encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: not row["CASEKEY"].startswith("BK"))
    return {row["CASEKEY"].removeprefix("BK"): row for row in rows}


def counted(row: dict[str, str], said_in: str, until: str) -> Cells:
    """The cells that one case adds to, where data end on `until`; `said_in` is the extract that its row stands in."""
    scope, cells = (row["DISTRICT_NS"], row["org_chap"]), Counter[Cell]()
    closed = "" if row["close"] == EXTRACTS[said_in][0] else row["close"]
    if DATA_FROM <= row["start"] <= until:
        cells["filed", row["start"][:7], *scope, ""] += 1
    if closed and DATA_FROM <= closed <= until:
        cells["closed", closed[:7], *scope, row["result"]] += 1
    for month in MONTHS:
        if max(DATA_FROM[:7], row["start"][:7]) <= month <= min(until[:7], closed[:7] or until[:7]):
            cells["pending_end", month, *scope, ""] += closed[:7] != month
            cells["pending_start", month, *scope, ""] += row["start"][:7] != month
    return +cells


def vanished(known: Sequence[str], newest: str) -> dict[str, str]:
    """Keys that an extract of `known` named and the newest does not, with the last extract that named them."""
    return {key: name for name in NAMES if name in known for key in cases(name) if key not in cases(newest)}


# ---- from the warehouse


def home(root: Path) -> Place:
    place = Place(root / "fjc_ch12")
    place.make()
    (place.inbox / "cases").mkdir()
    shutil.copy2(SHIPPED / "deliveries.csv", place.inbox / "cases")
    return place


def refresh(place: Place, night: int, files: Sequence[Path]) -> None:
    for file in files:
        shutil.copy2(file, place.inbox / "cases")
    now = datetime(2024, 1, 1, 2, tzinfo=ZoneInfo("America/New_York")) + timedelta(days=night)
    with refreshing(place, read_catalogue(find_profile("fjc_ch12")), now, "test") as work:
        assert work.land().refused == []
        run_steps(work)


def in_turn(first: Place, root: Path, names: Sequence[str]) -> Place:
    """A copy of a home that knows one extract, and a refresh for each further one."""
    place = Place(Path(shutil.copytree(first.root, root / first.root.name)))
    for night, name in enumerate(names, 1):
        refresh(place, night, [file_of(name)])
    return place


def cells(place: Place, number: int) -> Cells:
    """Every cell of filings, closings and pending cases as of a refresh; they use none of the other dimensions here."""
    with snapshot(place.warehouse) as snap:
        rows = snap.rows(f"""
            select metric, period_id, court, case_type, coalesce(closing_manner, ''), numerator, calendar_id, family, counts_as,
                procedure, bench, judge, population, channel, part, variant, denominator
            from metrics.cells where {number} between from_refresh and coalesce(to_refresh, {number})
                and metric in ('filed', 'closed', 'pending_start', 'pending_end')
        """)
    assert {tuple(row[6:]) for row in rows} == {("cal_month", "bankruptcy", rows[0][8], *["none"] * 3, *[None] * 5)}
    found = Counter({tuple(row[:5]): int(row[5]) for row in rows})
    assert len(found) == len(rows)
    return found


@pytest.fixture(scope="module")
def knowing(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Place]:
    """`knowing(name)`: a home that knows this extract and no other. To be copied, not changed."""

    @cache
    def one(name: str) -> Place:
        place = home(tmp_path_factory.mktemp("alone"))
        refresh(place, 0, [file_of(name)])
        return place

    return one


@pytest.fixture(scope="module")
def alone(knowing: Callable[[str], Place]) -> Callable[[str], Cells]:
    """`alone(name)`: every cell of it."""
    return cache(lambda name: cells(knowing(name), 1))


def table(heading: str) -> list[list[str]]:
    """The rows of the table below a heading of the page."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip(" `").replace(",", "") for cell in row] for row in rows[2:]]


# ---- in turn and alone


def test_a_cell_of_an_extract_alone_is_what_its_rows_add_up_to(alone: Callable[[str], Cells]) -> None:
    for name, (_, until) in EXTRACTS.items():
        expected: Cells = Counter()
        for row in cases(name).values():
            expected.update(counted(row, name, until))
        assert alone(name) == expected


def test_as_of_each_extract_every_cell_is_that_of_the_extract_alone_but_for_what_the_page_says(
    knowing: Callable[[str], Place], alone: Callable[[str], Cells], tmp_path: Path
) -> None:
    place, measured = in_turn(knowing(NAMES[0]), tmp_path, NAMES[1:]), []
    for number, name in enumerate(NAMES, 1):
        kept = vanished(NAMES[:number], name)
        expected: Cells = Counter()
        for key, said_in in kept.items():
            expected.update(counted(cases(said_in)[key], said_in, EXTRACTS[name][1]))
        ours = cells(place, number)
        assert ours == alone(name) + expected
        measured.append([name, str(len(cases(name))), str(len(kept)), str(len(ours)), str(len(expected))])
    assert table("In turn and alone") == measured


def test_cases_that_vanish_from_a_later_extract_are_the_whole_difference_to_that_extract_alone(
    knowing: Callable[[str], Place], alone: Callable[[str], Cells], tmp_path: Path
) -> None:
    """The shipped extracts lose no case, so one is cut short here: every fiftieth row of the last one is taken out."""
    last, before = NAMES[-1], NAMES[-2]
    gone = set(sorted(cases(last))[::50])
    short = tmp_path / file_of(last).name
    with gzip.open(file_of(last), "rt", encoding="utf-8", newline="") as whole, gzip.open(short, "wt", encoding="utf-8") as cut:
        header = whole.readline()
        cut.write(header)
        at = next(csv.reader([header])).index("CASEKEY")
        cut.writelines(line for line in whole if next(csv.reader([line]))[at] not in gone)
    until = EXTRACTS[last][1]
    only = home(tmp_path / "only")
    refresh(only, 0, [short])
    both = in_turn(knowing(before), tmp_path / "both", [])
    refresh(both, 1, [short])
    expected: Cells = Counter()
    for key in gone & set(cases(before)):
        expected.update(counted(cases(before)[key], before, until))
    assert len(gone) == 180 and 150 < len(gone & set(cases(before))) < 180
    assert cells(both, 2) == cells(only, 1) + expected
    assert cells(only, 1) != alone(last) != cells(both, 2)
    assert cells(both, 1) == alone(before)


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: "".join(str(n + 1) for n in order))
def test_in_any_order_of_arrival_every_refresh_gives_the_cells_of_the_newest_extract_known(
    knowing: Callable[[str], Place], alone: Callable[[str], Cells], tmp_path: Path, order: tuple[int, ...]
) -> None:
    first, *later = [NAMES[n] for n in order]
    place = in_turn(knowing(first), tmp_path, later)
    for number in range(1, 6):
        newest = NAMES[max(order[:number])]
        assert vanished([NAMES[n] for n in order[:number]], newest) == {}
        assert cells(place, number) == alone(newest)
