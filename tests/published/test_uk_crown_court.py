"""Published totals: the Crown Court of England and Wales, ten tables.

`uk_crown_court_reference.csv` holds the published series, and checks that were computed from the files before this project
read them.
"""

import csv
import hashlib
import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from warehouse.catalogue.bundle import find_profile, read_catalogue
from warehouse.reading.snapshot import Snapshot, Unknown, snapshot
from warehouse.reading.totals import ask_totals, known_measures
from warehouse.refresh.begin import refreshing
from warehouse.refresh.run import run_steps
from warehouse.store.place import Place

ROOT = Path(__file__).parents[2]
PROFILE = ROOT / "warehouse/profiles/uk_crown_court"
SHIPPED = PROFILE / "deliveries"
PAGE = (ROOT / "docs/totals.md").read_text("utf-8")
WHOLE = "England and Wales, Crown Court, all"
ROWS = {
    "backlog_by_court": 70, "backlog_trajectory": 40, "caseload_age": 360, "caseload_age_summary": 40,
    "oldest_by_offence": 548, "oldest_by_region": 320, "remand_age": 1080, "remand_age_summary": 120, "timeliness_trend": 40,
    "waiting_hearing": 40,
}  # fmt: skip
"""Lines of each file below its header, as `wc -l` counts them."""

Line = tuple[str, str, str]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snapshot]:
    """One refresh of all tables."""
    place = Place(tmp_path_factory.mktemp("home") / "uk_crown_court")
    place.make()
    shutil.copytree(SHIPPED, place.inbox, dirs_exist_ok=True)
    now = datetime(2026, 4, 1, 2, tzinfo=ZoneInfo("Europe/London"))
    with refreshing(place, read_catalogue(find_profile("uk_crown_court")), now, "test") as work:
        assert work.land().refused == []
        run_steps(work)
    with snapshot(place.warehouse) as snap:
        yield snap


@pytest.fixture(scope="module")
def reference() -> dict[Line, int]:
    with (Path(__file__).parent / "uk_crown_court_reference.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {(r["measure"], r["period"], r["dimension"]): int(r["value"]) for r in rows}
    assert len(found) == len(rows) == 167
    return found


def by_quarter(snap: Snapshot, measure: str, source: str) -> dict[str, int]:
    """Sums over the places of one source, by quarter as the reference writes it (2016Q1)."""
    found: dict[str, int] = {}
    for total in ask_totals(snap, measure, source=source):
        quarter = total.period.replace("-", "")
        found[quarter] = found.get(quarter, 0) + int(total.value or 0)
    return found


def flow_differences(snap: Snapshot) -> list[int]:
    """Open less what open before, receipts and disposals would make it, for each quarter but the first."""
    stock, received, disposed = (by_quarter(snap, m, "backlog_trajectory") for m in ("open", "receipts", "disposals"))
    return [stock[now] - (stock[before] + received[now] - disposed[now]) for before, now in pairwise(sorted(stock))]


@pytest.fixture(scope="module")
def ours(published: Snapshot) -> dict[Line, int]:
    """Every line of the reference from the published totals."""
    found: dict[Line, int] = {}
    for theirs, measure in (("receipts", "receipts"), ("disposals", "disposals"), ("open_at_quarter_end", "open")):
        found |= {(theirs, q, WHOLE): v for q, v in by_quarter(published, measure, "backlog_trajectory").items()}
    older = by_quarter(published, "open_one_year_or_more", "caseload_age_summary")
    found |= {("open_one_year_or_more", q, "valid cases"): v for q, v in older.items()}
    differences = flow_differences(published)
    quarters = "2016Q2-2025Q4"
    found["flow_identity_exact", quarters, "quarters where open = open before + receipts - disposals"] = differences.count(0)
    found["flow_identity_difference_min", quarters, "cases"] = min(differences)
    found["flow_identity_difference_max", quarters, "cases"] = max(differences)
    bands, valid = (
        by_quarter(published, "open_by_age", "caseload_age"),
        by_quarter(published, "valid_cases", "caseload_age_summary"),
    )
    found["age_bands_add_to_valid_cases", "all", "quarters"] = sum(bands[q] == valid[q] for q in bands)
    every, stock = (
        by_quarter(published, "total_cases", "caseload_age_summary"),
        by_quarter(published, "open", "backlog_trajectory"),
    )
    found["total_cases_equals_open", "all", "quarters"] = sum(every[q] == stock[q] for q in every)
    courts = by_quarter(published, "open", "backlog_by_court")
    found["open_sum_over_courts", "2025Q4", "latest"] = courts["2025Q4"]
    found["open_sum_over_courts", "2024Q4", "a year before"] = courts["2024Q4"]
    return found


# ---- what is shipped


def test_the_shipped_files_are_those_that_the_readme_names_and_the_licence_is_cited() -> None:
    readme = (PROFILE / "README.md").read_text("utf-8")
    named = re.findall(r"`(\w+\.csv)` \| \d+ \| `([0-9a-f]{64})`", readme)
    shipped = [
        (p.name, hashlib.sha256(p.read_bytes()).hexdigest()) for p in sorted(SHIPPED.glob("*/*.csv")) if p.stem != "deliveries"
    ]
    assert sorted(named) == shipped and len(shipped) == 10
    cited = "Contains public sector information licensed under the Open Government Licence v3.0"
    assert cited in " ".join(readme.split()) and cited in read_catalogue(find_profile("uk_crown_court")).profile.settings.note


# ---- the reference, line by line


def test_every_line_of_the_reference_follows_from_the_published_totals(ours, reference) -> None:
    assert ours == reference


def test_stock_and_flow_do_not_close_and_the_difference_is_shown(published: Snapshot) -> None:
    differences = flow_differences(published)
    assert len(differences) == 39 and 0 not in differences
    assert (min(differences), max(differences)) == (-296, 230)
    for text in ("0 of 39 quarters", "-296", "230"):
        assert text in PAGE


def test_the_page_says_how_many_lines_of_the_reference_are_reproduced(ours, reference) -> None:
    same = sum(ours.get(line) == value for line, value in reference.items())
    agreement = PAGE.split("## Agreement\n")[1].split("\n## ")[0]
    (row,) = [line for line in agreement.splitlines() if line.startswith("| `uk_crown_court`")]
    assert row.rstrip("| ").endswith(f"{same} of {len(reference)}")


# ---- traps of the files


def test_every_row_of_every_table_is_accepted(published: Snapshot) -> None:
    accounts = published.rows(
        "select source, rows_delivered, rows_accepted, rows_quarantined, rows_duplicate from published.deliveries"
    )
    assert {source: counts for source, *counts in accounts} == {source: [n, n, 0, 0] for source, n in ROWS.items()}


def test_counts_written_as_floats_are_whole_and_shares_keep_all_their_decimals(published: Snapshot) -> None:
    (total,) = ask_totals(published, "total_cases", first="2016-Q1", last="2016-Q1")
    assert total.as_json()["value"] == 48260 and isinstance(total.as_json()["value"], int)
    (share,) = ask_totals(published, "share_one_year_or_more", source="caseload_age_summary", first="2016-Q1", last="2016-Q1")
    assert share.value == Decimal("0.11125844811361109") and share.as_json()["value"] == 0.11125844811361109
    assert share.unit == "fraction" and share.kind == "statistic"


def test_a_court_without_a_latest_number_is_kept_without_a_value(published: Snapshot) -> None:
    found = ask_totals(published, "open", source="backlog_by_court", where={"court": "Dorchester"})
    assert [(t.period, t.value) for t in found] == [("2024-Q4", 2), ("2025-Q4", None)]


def test_units_differ_by_measure(published: Snapshot) -> None:
    units = {(one.source, one.measure): one.unit for one in known_measures(published)}
    assert units["timeliness_trend", "charge_to_completion_mean"] == "days per defendant"
    assert units["waiting_hearing", "waiting_mean"] == "weeks" and units["waiting_hearing", "hearing_mean"] == "hours"
    assert units["remand_age", "open_by_remand_and_age"] == "trial cases" and units["backlog_trajectory", "open"] == "cases"


def test_the_regions_add_up_to_the_national_row_or_stay_a_little_below_it(published: Snapshot) -> None:
    short: dict[str, int] = {}
    for total in ask_totals(published, "open_one_year_or_more", source="oldest_by_region"):
        sign = 1 if total.dims["level"] == "national" else -1
        short[total.period] = short.get(total.period, 0) + sign * int(total.value or 0)
    # by hand, from the file: awk over geo_level and open_1yr_plus
    assert (len(short), sum(value == 0 for value in short.values()), min(short.values())) == (40, 25, 0)
    assert max(short.values()) == short["2025-Q3"] == 20_052 - 20_034
    assert "in 25 of 40 quarters, and are up to 18 short of it in the others" in " ".join(PAGE.split())


def test_what_is_not_published_by_a_dimension_is_refused_with_the_nearest_names(published: Snapshot) -> None:
    with pytest.raises(Unknown, match=r"open is not published by \[curt\]. Nearest: court"):
        ask_totals(published, "open", source="backlog_by_court", where={"curt": "Leeds"})
    with pytest.raises(Unknown, match=r"there is no measure \[receipt\]. Nearest: receipts"):
        ask_totals(published, "receipt")
    with pytest.raises(Unknown, match=r"\[open\] is no measure of \[caseload_age\]"):
        ask_totals(published, "open", source="caseload_age")
