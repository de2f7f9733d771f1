"""Published totals with history: eviction filings of North Texas, eight deliveries, one a night.

`tx_evictions_reference.csv` holds figures that were computed from the delivered files before this project read them.
"""

import csv
import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from warehouse.catalogue.bundle import find_profile, read_catalogue
from warehouse.reading.snapshot import Snapshot, snapshot
from warehouse.reading.totals import Total, ask_totals
from warehouse.refresh.begin import refreshing
from warehouse.refresh.run import run_steps
from warehouse.store.place import Place

ROOT = Path(__file__).parents[2]
PROFILE = ROOT / "warehouse/profiles/tx_evictions"
SHIPPED = PROFILE / "deliveries/filings"
PAGE = (ROOT / "docs/totals.md").read_text("utf-8")
NAMES = [
    "2022-01-24_e245b5e", "2022-02-14_9407659", "2022-03-07_e02a8fd", "2022-03-21_b09d6b7", "2022-04-18_c3d0355",
    "2022-08-01_ef2a8f9", "2022-08-01_24e6268", "2022-11-30_e092f8b",
]  # fmt: skip
"""In the order of the reference: of the two of 2022-08-01 the second adds the schools."""


def file_of(name: str) -> str:
    return f"NTEP_datadownload__{name}.csv.gz"


def refresh(place: Place, arrivals: Sequence[Sequence[str]]) -> Place:
    """One refresh for each group of deliveries, in the order in which they arrive."""
    place.make()
    inbox = place.inbox / "filings"
    inbox.mkdir()
    shutil.copy2(SHIPPED / "deliveries.csv", inbox)
    catalogue = read_catalogue(find_profile("tx_evictions"))
    now = datetime(2023, 1, 1, 2, tzinfo=ZoneInfo("America/Chicago"))
    for night, names in enumerate(arrivals):
        for name in names:
            shutil.copy2(SHIPPED / file_of(name), inbox)
        with refreshing(place, catalogue, now + timedelta(days=night), "test") as work:
            assert work.land().refused == []
            run_steps(work)
    return place


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Eight nights, one delivery each."""
    return refresh(Place(tmp_path_factory.mktemp("in_order") / "tx_evictions"), [[name] for name in NAMES])


@pytest.fixture(scope="module")
def last(place: Place) -> Iterator[Snapshot]:
    with snapshot(place.warehouse) as snap:
        yield snap


@pytest.fixture(scope="module")
def history(last: Snapshot) -> list[Total]:
    """Every version of every number of filings."""
    return ask_totals(last, "evictions_filed", history=True)


@pytest.fixture(scope="module")
def reference() -> list[dict[str, str]]:
    with (Path(__file__).parent / "tx_evictions_reference.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def of(reference: list[dict[str, str]], *measures: str) -> dict[tuple[str, str, str], int]:
    return {(r["measure"], r["period"], r["dimension"]): int(r["value"]) for r in reference if r["measure"] in measures}


def table(heading: str) -> dict[str, list[str]]:
    """The rows of the table below a heading of the page, by their first cell."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [[cell.strip(" `").replace(",", "") for cell in line.strip("| ").split("|")]
            for line in section.splitlines() if line.startswith("|")]  # fmt: skip
    return {row[0]: row[1:] for row in rows[2:]}


# ---- what is shipped


def test_the_shipped_files_are_those_that_the_readme_names() -> None:
    named = re.findall(r"`(NTEP_\S+\.csv\.gz)` \| \d+ \| `([0-9a-f]{64})`", (PROFILE / "README.md").read_text("utf-8"))
    shipped = [(p.name, hashlib.sha256(p.read_bytes()).hexdigest()) for p in sorted(SHIPPED.glob("*.csv.gz"))]
    assert sorted(named) == shipped and len(shipped) == 8


# ---- the reference, line by line


@pytest.fixture(scope="module")
def filed(place: Place) -> dict[tuple[str, str, str], int]:
    """Filings by geography and year as known after each of the eight deliveries. One geography is never added to another."""
    found: Counter[tuple[str, str, str]] = Counter()
    for number, name in enumerate(NAMES, 1):
        with snapshot(place.warehouse, f"r{number:06}") as snap:
            for total in ask_totals(snap, "evictions_filed"):
                year = str(total.first_day.year) if total.first_day else ""
                found["evictions_filed", year, f"{total.dims['area_kind']} | {name}"] += int(total.value or 0)
    return dict(found)


@pytest.fixture(scope="module")
def cells(history: list[Total]) -> dict[tuple[str, str, str], int]:
    """What each delivery changed of the one before it, from the history alone."""
    changes = {
        "cells_new": ("new", "returned"), "cells_gone": ("gone",), "cells_restated": ("restated",),
        "cells_restated_downward": ("restated",),
    }  # fmt: skip
    found = {}
    for number, name in enumerate(NAMES[1:], 2):
        mine = [total for total in history if total.delivery_no == number]
        for measure, kinds in changes.items():
            those = [t for t in mine if t.change in kinds]
            if measure.endswith("downward"):
                those = [t for t in those if t.value is not None and t.value_before is not None and t.value < t.value_before]
            found[measure, name, f"against {NAMES[number - 2]}"] = len(those)
    return found


@pytest.fixture(scope="module")
def rows(last: Snapshot) -> dict[tuple[str, str, str], int]:
    """Rows of each file, and rows of one key in it: set aside or counted as duplicates."""
    found = {}
    for file, delivered, aside, twice in last.rows(
        "select file, rows_delivered, rows_quarantined, rows_duplicate from published.deliveries"
    ):
        name = file.removeprefix("NTEP_datadownload__").removesuffix(".csv.gz")
        found["rows", name, ""] = delivered
        found["duplicate_keys", name, "Name, Geography, Year, Month"] = aside + twice
    return found


def test_filings_by_geography_and_year_as_of_each_delivery_are_those_of_the_reference(reference, filed) -> None:
    wanted = of(reference, "evictions_filed")
    assert len(wanted) == 417
    assert filed == wanted


def test_cells_new_gone_restated_and_restated_downward_follow_from_the_history(reference, cells) -> None:
    wanted = of(reference, "cells_new", "cells_gone", "cells_restated", "cells_restated_downward")
    assert len(wanted) == 28
    assert cells == wanted


def test_every_row_is_accepted_and_no_key_stands_twice(reference, rows, last: Snapshot) -> None:
    assert rows == of(reference, "rows", "duplicate_keys")
    assert last.rows("select sum(rows_delivered), sum(rows_accepted) from published.deliveries") == [(483_530, 483_530)]
    assert last.rows("select * from quality.verdicts where not holds") == []


def test_the_page_says_how_many_lines_of_the_reference_are_reproduced(reference, filed, cells, rows) -> None:
    ours = filed | cells | rows
    every = of(reference, *{r["measure"] for r in reference})
    same = sum(ours.get(line) == value for line, value in every.items())
    assert table("Agreement")["tx_evictions"][-1] == f"{same} of {len(reference)}"
    shown = {
        row[0]: [row[1], *row[2:]] for row in [[name, *cells] for name, cells in table("What a later delivery changes").items()]
    }
    for number, name in enumerate(NAMES[1:], 1):
        against = f"against {NAMES[number - 1]}"
        counted = [every[m, name, against] for m in ("cells_new", "cells_gone", "cells_restated", "cells_restated_downward")]
        assert shown[name] == [str(value) for value in counted]


# ---- what was said, and when


def test_a_month_is_restated_and_every_version_names_the_file_and_line_that_brought_it(history: list[Total]) -> None:
    # 48113 is Dallas County. By hand, from the files: zcat … | grep -n '^48113,County,2022,1,'
    versions = [t for t in history if t.dims == {"area": "48113", "area_kind": "County"} and t.period == "2022-01"]
    assert [(t.change, t.value_before, t.value, t.file, t.line) for t in versions] == [
        ("new", None, 2293, file_of(NAMES[0]), 4208),
        ("restated", 2293, 3337, file_of(NAMES[1]), 4301),
        ("restated", 3337, 3338, file_of(NAMES[3]), 4441),
    ]


def test_as_of_a_refresh_the_total_is_what_was_known_then(place: Place) -> None:
    known = []
    for number in range(1, 9):
        with snapshot(place.warehouse, f"r{number:06}") as snap:
            (total,) = ask_totals(snap, "evictions_filed", where={"area": "48113", "area_kind": "County"}, first="2022-01",
                                  last="2022-01")  # fmt: skip
            known.append(int(total.value or 0))
    assert known == [2293, 3337, 3337, 3338, 3338, 3338, 3338, 3338]


def test_cases_without_a_filing_date_are_totals_of_no_period(last: Snapshot) -> None:
    found = ask_totals(last, "evictions_filed", where={"area_kind": "County"})
    undated = [t for t in found if t.period == "none"]
    assert undated and all(t.first_day is None for t in undated)
    dated = ask_totals(last, "evictions_filed", where={"area_kind": "County"}, first="2010", last="2022")
    assert len(found) - len(dated) == len(undated)


def test_the_order_of_arrival_does_not_change_what_stands(last: Snapshot, tmp_path: Path) -> None:
    shuffled = refresh(Place(tmp_path / "tx_evictions"), [[NAMES[7]], [NAMES[6], NAMES[0]]])
    # of equal versions the first that arrived is kept, so the line differs where the content does not
    question = "select total_key, value, unit from published.totals order by total_key"
    with snapshot(shuffled.warehouse) as snap:
        found = snap.rows(question)
        assert found == last.rows(question)
        assert len(found) == 3 * 80_991
