"""Published totals: the criminal table of all Chinese courts for 2023, in two encodings, and a series with breaks.

`cn_spc_reference.csv` holds the table as the Gazette printed it, and sums computed before this project read the files.
"""

import csv
import hashlib
import re
import shutil
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from warehouse.catalogue.bundle import find_profile, read_catalogue
from warehouse.reading.snapshot import snapshot
from warehouse.reading.totals import Total, ask_totals
from warehouse.refresh.begin import refreshing
from warehouse.refresh.run import run_steps
from warehouse.store.place import Place

ROOT = Path(__file__).parents[2]
PROFILE = ROOT / "warehouse/profiles/cn_spc"
SHIPPED = PROFILE / "deliveries"
PAGE = (ROOT / "docs/totals.md").read_text("utf-8")
UTF8, GB18030 = "criminal/2023_刑事案件_utf8.csv", "criminal/2023_xingshi_gb18030.csv"
SERIES = "series/published_series.csv"
MEASURES = {"收案": "received", "结案": "concluded", "未结": "pending"}

Line = tuple[str, str, str]


def refresh(place: Place, arrivals: Sequence[Sequence[str]]) -> Place:
    """One refresh for each group of files, in the order in which they arrive."""
    place.make()
    catalogue = read_catalogue(find_profile("cn_spc"))
    now = datetime(2024, 6, 1, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
    for source in ("criminal", "series"):
        (place.inbox / source).mkdir()
        shutil.copy2(SHIPPED / source / "deliveries.csv", place.inbox / source)
    for night, names in enumerate(arrivals):
        for name in names:
            shutil.copy2(SHIPPED / name, place.inbox / name)
        with refreshing(place, catalogue, now + timedelta(days=night), "test") as work:
            assert work.land().refused == []
            run_steps(work)
    return place


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The table in UTF-8 and the series; a night later the table in GB18030."""
    return refresh(Place(tmp_path_factory.mktemp("home") / "cn_spc"), [[UTF8, SERIES], [GB18030]])


@pytest.fixture(scope="module")
def ask(place: Place) -> Callable[..., list[Total]]:
    """`ask(measure, source, …)` as of the last refresh."""

    def totals(measure: str, source: str, as_of: str | None = None, **more: object) -> list[Total]:
        with snapshot(place.warehouse, as_of) as snap:
            return ask_totals(snap, measure, source=source, **more)  # type: ignore[arg-type]

    return totals


@pytest.fixture(scope="module")
def reference() -> dict[Line, int | None]:
    with (Path(__file__).parent / "cn_spc_reference.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {(r["measure"], r["period"], r["dimension"]): int(r["value"]) if r["value"] else None for r in rows}
    assert len(found) == len(rows) == 55
    return found


@pytest.fixture(scope="module")
def ours(ask: Callable[..., list[Total]]) -> dict[Line, int | None]:
    """Every line of the reference from the published totals; a sum takes an empty cell as none."""
    found: dict[Line, int | None] = {}
    whole: dict[str, int] = {}
    for theirs, measure in MEASURES.items():
        totals = ask(measure, "criminal")
        found |= {(theirs, t.period, t.dims["proceeding"]): None if t.value is None else int(t.value) for t in totals}
        parts = [int(t.value or 0) for t in totals if t.dims["proceeding"] != "合计"]
        assert len(parts) == 16
        whole[theirs] = sum(parts)
        found["sum_check", "2023", f"{theirs} of the 16 rows equals 合计"] = whole[theirs]
    found["pending_at_start_implied", "2023", "未结 + 结案 - 收案"] = whole["未结"] + whole["结案"] - whole["收案"]
    return found


# ---- what is shipped


def test_the_shipped_files_are_those_that_the_readme_names() -> None:
    named = re.findall(r"`(\S+\.csv)` \| \d+ \| `([0-9a-f]{64})`", (PROFILE / "README.md").read_text("utf-8"))
    paths = [path for path in SHIPPED.glob("*/*.csv") if path.stem != "deliveries"]
    assert sorted(named) == sorted((p.name, hashlib.sha256(p.read_bytes()).hexdigest()) for p in paths) and len(paths) == 3


# ---- the reference, line by line


def test_every_line_of_the_reference_follows_from_the_published_totals(ours, reference) -> None:
    assert ours == reference
    assert [line for line, value in reference.items() if value is None] == [
        ("未结", "2023", "强制医疗复议"), *[(measure, "2023", "强制医疗监督") for measure in MEASURES],
    ]  # fmt: skip


def test_the_page_says_how_many_lines_of_the_reference_are_reproduced(ours, reference) -> None:
    same = sum(ours.get(line, 0) == value for line, value in reference.items())
    agreement = PAGE.split("## Agreement\n")[1].split("\n## ")[0]
    (row,) = [line for line in agreement.splitlines() if line.startswith("| `cn_spc`")]
    assert row.rstrip("| ").endswith(f"{same} of {len(reference)}")


# ---- the same table in another encoding


def test_the_table_in_another_encoding_is_a_delivery_of_its_own_and_no_new_version(place: Place) -> None:
    with snapshot(place.warehouse) as snap:
        accounts = snap.rows("select file, taken_in, rows_delivered, rows_accepted, rows_duplicate from published.deliveries")
        assert sorted(accounts) == [
            ("2023_xingshi_gb18030.csv", 2, 17, 17, 0), ("2023_刑事案件_utf8.csv", 1, 17, 17, 0),
            ("published_series.csv", 1, 31, 31, 0),
        ]  # fmt: skip
        known = snap.rows("select source, known_from, presence, count(*) from model.total_history group by all order by all")
        assert known == [("criminal", 1, "seen", 51), ("series", 1, "seen", 31)]
        assert {t.file for t in ask_totals(snap, "received", source="criminal")} == {"2023_刑事案件_utf8.csv"}


def test_where_the_other_encoding_comes_first_the_totals_are_the_same(place: Place, tmp_path: Path) -> None:
    turned = refresh(Place(tmp_path / "cn_spc"), [[GB18030], [UTF8, SERIES]])
    question = "select total_key, value, unit, note from published.totals order by total_key"
    with snapshot(place.warehouse) as one, snapshot(turned.warehouse) as other:
        assert one.rows(question) == other.rows(question)


def test_a_row_of_totals_is_a_total_and_no_note_below_the_table(ask: Callable[..., list[Total]]) -> None:
    (whole,) = ask("received", "criminal", where={"proceeding": "合计"})
    assert (whole.value, whole.unit, whole.period, whole.line) == (1_749_823, "件", "2023", 2)


# ---- the series


def test_units_and_sources_of_the_series_stay_in_its_own_words(ask: Callable[..., list[Total]]) -> None:
    (half,) = ask("received", "series", first="2023-H1", last="2023-H1", where={"definition": "全部案件"})
    assert (half.value, half.unit, half.note) == (16_960_000, "件, rounded", "SPC press release 2023-08-07")
    assert (str(half.first_day), str(half.last_day)) == ("2023-01-01", "2023-06-30")


def test_accepted_of_2020_is_another_measure_than_received(ask: Callable[..., list[Total]]) -> None:
    assert [(t.period, t.value) for t in ask("accepted", "series")] == [("2020", 1_107_610)]
    first_instance = ask("received", "series", where={"definition": "刑事一审"})
    assert [t.period for t in first_instance] == ["2016", "2017", "2019"]


def test_a_press_figure_is_the_table_rounded_to_its_unit(ask: Callable[..., list[Total]]) -> None:
    for measure in ("received", "concluded"):
        (press,) = ask(measure, "series", where={"definition": "刑事案件"})
        (table,) = ask(measure, "criminal", where={"proceeding": "合计"})
        assert press.value != table.value and abs((press.value or 0) - (table.value or 0)) <= 50  # 0.01 万 = 100
