"""The real profile: five extracts of US chapter 12 cases, counted again here with csv and gzip alone.

`fjc_ch12_reference.csv` holds figures that were computed from the delivered files before this project counted them, and
the totals that the US Courts published (table F-2); each row names its source.
"""

import csv
import gzip
import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from warehouse.catalogue.bundle import find_profile, read_catalogue
from warehouse.refresh.begin import refreshing
from warehouse.refresh.run import run_steps
from warehouse.store.place import Place

ROOT = Path(__file__).parents[2]
PROFILE = ROOT / "warehouse/profiles/fjc_ch12"
SHIPPED = PROFILE / "deliveries/cases"
PAGE = (ROOT / "docs/fjc_ch12.md").read_text("utf-8")
DATA_FROM = "2007-10-01"
COLUMNS = ("CASEKEY", "DISTRICT_NS", "org_chap", "start", "close", "result")

# Extract, the date that stands for "still open" in it, and the last day of its data; as the files have it.
EXTRACTS = [
    ("2019-02-28_77965fef", "2018-09-30", "2018-09-30"),
    ("2020-01-07_7b88ee98", "2018-09-30", "2019-09-30"),
    ("2020-01-07_0e4d4a9f", "2019-09-30", "2019-09-30"),
    ("2021-02-01_36590c73", "2020-09-30", "2020-09-30"),
    ("2023-11-18_abe23c11", "2023-09-30", "2023-09-30"),
]
NAMES = [name for name, _, _ in EXTRACTS]
STALE = "2020-01-07_7b88ee98"

Row = dict[str, str]
Figures = dict[str, Counter[tuple[str, ...]]]


# ---- the plain recount


def file_of(name: str) -> str:
    return f"ch12_bankruptcy__{name}.csv.gz"


@cache
def lines(name: str) -> list[Row]:
    with gzip.open(SHIPPED / file_of(name), "rt", encoding="utf-8", newline="") as file:
        return [{column: row[column] for column in COLUMNS} for row in csv.DictReader(file)]


def superseded(rows: list[Row]) -> list[Row]:
    """Rows whose key is `BKxxx` in a file that also holds `xxx`."""
    plain = {row["CASEKEY"] for row in rows}
    return [r for r in rows if r["CASEKEY"].startswith("BK") and r["CASEKEY"].removeprefix("BK") in plain]


def standing(rows: list[Row]) -> dict[str, Row]:
    """One row a case, by its key without `BK`."""
    lost = {row["CASEKEY"] for row in superseded(rows)}
    kept = [row for row in rows if row["CASEKEY"] not in lost]
    by_key = {row["CASEKEY"].removeprefix("BK"): row for row in kept}
    assert len(by_key) == len(kept)
    return by_key


def closed_on(row: Row, placeholder: str) -> str | None:
    return None if row["close"] == placeholder else row["close"]


def recount(number: int) -> Figures:
    """What is known after the first `number` extracts: years of filing and closing, stocks at 30 September."""
    known: dict[str, tuple[Row, str | None]] = {}
    for name, placeholder, _ in EXTRACTS[:number]:
        known |= {key: (row, closed_on(row, placeholder)) for key, row in standing(lines(name)).items()}
    until = EXTRACTS[number - 1][2]
    figures: Figures = {"filed": Counter(), "closed": Counter(), "pending_end": Counter()}
    for row, closed in known.values():
        scope = (row["DISTRICT_NS"], row["org_chap"])
        if DATA_FROM <= row["start"] <= until:
            figures["filed"][row["start"][:4], *scope] += 1
        if closed and DATA_FROM <= closed <= until:
            figures["closed"][closed[:4], *scope, row["result"]] += 1
        for year in range(2008, int(until[:4]) + 1):
            day = f"{year}-09-30"
            if row["start"] <= day and (closed is None or closed > day):
                figures["pending_end"][str(year), *scope] += 1
    return figures


# ---- the refreshes


def refresh(place: Place, arrivals: Sequence[Sequence[str]], order: str | None = None) -> Place:
    """One refresh for each group of extracts, in the order in which they arrive."""
    place.make()
    inbox = place.inbox / "cases"
    inbox.mkdir()
    shutil.copy2(SHIPPED / "deliveries.csv", inbox)
    if order is not None:
        (inbox / "deliveries.csv").write_text(order, "utf-8")
    catalogue = read_catalogue(find_profile("fjc_ch12"))
    now = datetime(2024, 1, 1, 2, tzinfo=ZoneInfo("America/New_York"))
    for night, names in enumerate(arrivals):
        for name in names:
            shutil.copy2(SHIPPED / file_of(name), inbox)
        with refreshing(place, catalogue, now + timedelta(days=night), "test") as work:
            assert work.land().refused == []
            run_steps(work)
    return place


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Five nights, one extract each."""
    return refresh(Place(tmp_path_factory.mktemp("in_order") / "fjc_ch12"), [[name] for name in NAMES])


@pytest.fixture(scope="module")
def published(place: Place) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(place.warehouse), read_only=True) as connection:
        yield connection


def figures(connection: duckdb.DuckDBPyConnection, number: int) -> Figures:
    """The same figures as `recount`, from the cells as they stood at a refresh."""
    found: Figures = {"filed": Counter(), "closed": Counter(), "pending_end": Counter()}
    cells = connection.execute(
        """
        select metric, period_id, court, case_type, closing_manner, sum(numerator)
        from metrics.cells
        where metric in ('filed', 'closed', 'pending_end')
            and calendar_id = 'cal_month'
            and variant is null
            and $refresh_no between from_refresh and coalesce(to_refresh, $refresh_no)
        group by all
        """,
        {"refresh_no": number},
    ).fetchall()
    for metric, period, court, chapter, manner, value in cells:
        if metric != "pending_end" or period.endswith("-09"):
            scope = (court, chapter, manner) if metric == "closed" else (court, chapter)
            found[metric][period[:4], *scope] += int(value)
    return found


def by_year(counted: Counter[tuple[str, ...]]) -> dict[str, int]:
    years: Counter[str] = Counter()
    for (year, *_), value in counted.items():
        years[year] += value
    return dict(years)


def filed_in_fiscal_years(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """Of all chapters, and of chapter 12, at the last refresh; a fiscal year ends on 30 September."""
    rows = connection.execute("""
        select
            cast(substr(period_id, 1, 4) as int) + cast(substr(period_id, 6) >= '10' as int),
            sum(numerator),
            sum(case when case_type = '12' then numerator else 0 end)
        from metrics.cells
        where metric = 'filed' and calendar_id = 'cal_month' and to_refresh is null
        group by 1
    """).fetchall()
    return {str(year): (int(filed), int(chapter_12)) for year, filed, chapter_12 in rows}


def reference(measure: str, dimension: str) -> dict[str, str]:
    """Values by period."""
    with (Path(__file__).parent / "fjc_ch12_reference.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {r["period"]: r["value"] for r in rows if (r["measure"], r["dimension"]) == (measure, dimension)}


def table(heading: str) -> list[list[str]]:
    """The rows of the table below a heading of the page."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("| ").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip(" `").replace(",", "") for cell in row] for row in rows[2:]]


# ---- what is shipped


def test_the_shipped_files_are_those_that_the_readme_names() -> None:
    named = re.findall(r"`(ch12_\S+\.csv\.gz)` \| \d+ \| `([0-9a-f]{64})`", (PROFILE / "README.md").read_text("utf-8"))
    shipped = [(p.name, hashlib.sha256(p.read_bytes()).hexdigest()) for p in sorted(SHIPPED.glob("*.csv.gz"))]
    assert sorted(named) == shipped and len(shipped) == 5


@pytest.mark.parametrize(("name", "placeholder"), [(name, placeholder) for name, placeholder, _ in EXTRACTS])
def test_the_placeholder_stands_exactly_where_the_source_gives_no_result(name: str, placeholder: str) -> None:
    assert all((row["close"] == placeholder) == (row["result"] in ("open", "NA")) for row in lines(name))


def test_every_court_and_chapter_of_the_files_is_in_the_code_lists() -> None:
    profile = read_catalogue(find_profile("fjc_ch12")).profile
    rows = [row for name in NAMES for row in lines(name)]
    assert {row["DISTRICT_NS"] for row in rows} == {row["code"] for row in profile.code_rows("courts")}
    assert {row["org_chap"] for row in rows} <= {row["code"] for row in profile.code_rows("case_types")}


# ---- figures


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_the_figures_of_each_refresh_are_those_of_the_plain_recount(published: duckdb.DuckDBPyConnection, number: int) -> None:
    assert figures(published, number) == recount(number)


def test_1337_cases_are_pending_after_the_last_extract(published: duckdb.DuckDBPyConnection) -> None:
    assert by_year(figures(published, 5)["pending_end"])["2023"] == 1337


def test_the_stock_of_every_30_september_is_that_of_the_reference(published: duckdb.DuckDBPyConnection) -> None:
    stocks = reference("pending_at_30_september", NAMES[-1])
    assert len(stocks) == 16
    assert by_year(figures(published, 5)["pending_end"]) == {year: int(value) for year, value in stocks.items()}


def test_filings_and_closings_differ_from_the_reference_only_where_the_page_says(
    published: duckdb.DuckDBPyConnection,
) -> None:
    measured, compared = set(), 0
    for number, name in enumerate(NAMES, 1):
        for metric in ("filed", "closed"):
            ours = by_year(figures(published, number)[metric])
            theirs = reference(f"{metric}_calendar_year", name)
            assert ours.keys() == theirs.keys()
            compared += len(ours)
            measured |= {(metric, y, name, ours[y], int(theirs[y])) for y in ours if ours[y] != int(theirs[y])}
    told = {(row[0], row[1], name, int(row[3]), int(row[4]))
            for row in table("Differences") for name in row[2].split()}  # fmt: skip
    assert measured == told
    assert (compared, len(measured)) == (138, 30)


def test_each_difference_is_the_sum_of_the_causes_that_the_page_gives() -> None:
    until = {name: day for name, _, day in EXTRACTS}
    placeholders = {name: placeholder for name, placeholder, _ in EXTRACTS}
    for metric, year, names, ours, theirs, early, twice, late in table("Differences"):
        for name in names.split():
            rows = lines(name)
            kept = list(standing(rows).values())

            def day(row: Row, metric: str = metric, placeholder: str = placeholders[name]) -> str:
                return row["start"] if metric == "filed" else closed_on(row, placeholder) or ""

            causes = (
                sum(day(row)[:4] == year and day(row) < DATA_FROM for row in kept),
                sum(day(row)[:4] == year for row in superseded(rows)),
                sum(day(row)[:4] == year and day(row) > until[name] for row in kept),
            )
            assert causes == (int(early), int(twice), int(late)), (metric, year, name)
        assert int(theirs) - int(ours) == int(early) + int(twice) + int(late)


def test_a_later_extract_changes_the_past_as_the_page_tells(published: duckdb.DuckDBPyConnection) -> None:
    expected = []
    for (before, old_placeholder, until), (name, placeholder, _) in pairwise(EXTRACTS):
        old, new = standing(lines(before)), standing(lines(name))
        fresh = [row for key, row in new.items() if key not in old]
        pairs = [(row, new[key]) for key, row in old.items() if key in new]
        closings = [(closed_on(one, old_placeholder), closed_on(other, placeholder)) for one, other in pairs]
        expected.append([
            name, len(fresh), sum(row["start"] <= until for row in fresh),
            sum(one is None and other is not None for one, other in closings),
            sum(one is not None and one != other for one, other in closings),
            sum(one["start"] != other["start"] for one, other in pairs),
            sum(one["org_chap"] != other["org_chap"] for one, other in pairs),
        ])  # fmt: skip
    assert table("What later extracts change") == [[str(value) for value in row] for row in expected]
    stocks = [by_year(figures(published, number)["pending_end"])["2018"] for number in (1, 5)]
    assert stocks == [1617, 1748]


def test_filings_by_fiscal_year_stand_beside_the_published_totals_as_the_page_shows(
    published: duckdb.DuckDBPyConnection,
) -> None:
    first_filed = reference("filed_fiscal_year", f"{NAMES[-1]}; org_chap=12 and SEQ=0")
    chapter_12 = reference("filed_fiscal_year", f"{NAMES[-1]}; org_chap=12")
    petitions = reference("published_ch12_filed_fiscal_year", "national")
    ours = filed_in_fiscal_years(published)
    assert {year: filed for year, (_, filed) in ours.items()} == {y: int(v) for y, v in chapter_12.items()}
    expected = [
        [year, str(filed), str(of_12), first_filed[year], petitions[year], f"{of_12 / int(petitions[year]) - 1:+.1%}"]
        for year, (filed, of_12) in sorted(ours.items())
    ]
    assert table("Beside the published totals") == expected


def test_no_figure_of_what_does_not_apply_is_kept(published: duckdb.DuckDBPyConnection) -> None:
    metrics = published.execute("select distinct metric from metrics.cells order by 1").fetchall()
    assert [name for (name,) in metrics] == [
        "closed", "filed", "long_pending_12m", "long_pending_18m", "long_pending_24m", "long_pending_36m", "mean_days_closed",
        "pending_age_buckets", "pending_end", "pending_start",
    ]  # fmt: skip


# ---- keys, placeholders, order


def test_a_key_with_bk_beside_the_same_without_is_a_duplicate_and_every_row_is_accounted_for(
    published: duckdb.DuckDBPyConnection,
) -> None:
    accounts = published.execute("""
        select file, rows_delivered, rows_accepted, rows_quarantined, rows_duplicate
        from published.deliveries order by delivery_no
    """).fetchall()
    twins = {name: len(superseded(lines(name))) for name in NAMES}
    rows = {name: int(reference("rows", "tidy delivery")[name]) for name in NAMES}
    assert [twins[name] for name in NAMES] == [0, 1450, 1450, 0, 0]
    assert accounts == [(file_of(n), rows[n], rows[n] - twins[n], 0, twins[n]) for n in NAMES]
    distinct = reference("distinct_casekey_without_BK_prefix", "tidy delivery")
    assert [account[2] for account in accounts] == [int(distinct[name]) for name in NAMES]


def test_a_case_is_one_case_whichever_form_its_key_had(published: duckdb.DuckDBPyConnection) -> None:
    keys = [key for (key,) in published.execute("select case_key from published.cases").fetchall()]
    assert (len(keys), len(set(keys))) == (8991, 8991)
    assert set(keys) == set(standing(lines(NAMES[-1])))
    assert all(set(standing(lines(name))) <= set(keys) for name in NAMES)  # so on_missing has nothing to keep


def test_the_order_of_arrival_does_not_change_the_last_figures(published: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    arrivals = [["2023-11-18_abe23c11"], ["2020-01-07_0e4d4a9f", "2019-02-28_77965fef"], [STALE, "2021-02-01_36590c73"]]
    shuffled = refresh(Place(tmp_path / "fjc_ch12"), arrivals)
    questions = [
        "select * exclude (from_refresh) from metrics.cells where to_refresh is null order by all",
        # of equal versions of a case the first that arrived is kept, so the line differs where the content does not
        "select * exclude (delivery_no, record, line) from published.cases order by all",
    ]
    with duckdb.connect(str(shuffled.warehouse), read_only=True) as connection:
        for question in questions:
            assert connection.execute(question).fetchall() == published.execute(question).fetchall()


def test_no_row_is_set_aside_and_only_closed_years_that_the_source_restated_are_found(
    published: duckdb.DuckDBPyConnection,
) -> None:
    assert published.execute("select * from quality.set_aside").fetchall() == []
    broken = "select refresh_no, rule_id, severity from quality.verdicts where not holds order by refresh_no"
    assert published.execute(broken).fetchall() == [(2, "DQ39", "warns"), (4, "DQ39", "warns"), (5, "DQ39", "blocks")]
    assert published.execute("select distinct refresh_no, rule_id from quality.gates").fetchall() == [(5, "DQ39")]
    assert published.execute("select distinct is_synthetic from published.refreshes").fetchall() == [(False,)]


def yearly(number: int) -> Counter[tuple[str, str, str]]:
    """Filings, closings and stocks at 31 December by metric, calendar year and court, after the first `number` extracts."""
    known: dict[str, tuple[Row, str | None]] = {}
    for name, placeholder, _ in EXTRACTS[:number]:
        known |= {key: (row, closed_on(row, placeholder)) for key, row in standing(lines(name)).items()}
    found: Counter[tuple[str, str, str]] = Counter()
    for row, closed in known.values():
        court = row["DISTRICT_NS"]
        if row["start"] >= DATA_FROM:
            found["filed", row["start"][:4], court] += 1
        if closed and closed >= DATA_FROM:
            found["closed", closed[:4], court] += 1
        for year in range(2007, 2024):
            if row["start"] <= f"{year}-12-31" and (closed is None or closed > f"{year}-12-31"):
                found["pending_end", str(year), court] += 1
    return found


@pytest.mark.parametrize("number", [2, 3, 4, 5])
def test_each_closed_year_that_an_edition_restates_is_found_and_withheld_where_it_moved_far(
    published: duckdb.DuckDBPyConnection, number: int
) -> None:
    before, now, counted_before = yearly(number - 1), yearly(number), EXTRACTS[number - 2][2]
    known = {(metric, court) for metric, _, court in before}
    moved = {
        (metric, year, court): now[metric, year, court] - before[metric, year, court]
        for metric, year, court in {*before, *now}
        if f"{year}-12-31" <= counted_before and (metric, court) in known
    }
    moved = {key: by for key, by in moved.items() if by}
    far = {(metric, year, court) for (metric, year, court), by in moved.items()
           if abs(by) > 5 and abs(by) > 0.005 * before[metric, year, court]}  # fmt: skip
    told = published.execute(
        "select subject from quality.findings where rule_id = 'DQ39' and $n between from_refresh and coalesce(to_refresh, $n)",
        {"n": number},
    )
    items = {tuple(item.split(" ")) for (item,) in told.fetchall()}
    three = ("filed", "closed", "pending_end")
    assert {item for item in items if item[0] in three} == set(moved)
    gates = published.execute(
        "select metric, cast(year(first_day) as varchar), court_code from quality.gates where rule_id = 'DQ39' "
        "and refresh_no = $n and last_day = make_date(year(first_day), 12, 31)", {"n": number}
    ).fetchall()  # fmt: skip
    assert {gate for gate in gates if gate[0] in three} == far


def test_without_its_stale_placeholder_declared_rows_close_before_they_start_and_figures_are_withheld(
    tmp_path: Path,
) -> None:
    order = (SHIPPED / "deliveries.csv").read_text("utf-8")
    wrong = order.replace(f"{file_of(STALE)},2,2020-01-07,2019-09-30,closed_on=2018-09-30",
                          f"{file_of(STALE)},2,2020-01-07,2019-09-30,")  # fmt: skip
    assert wrong != order
    found = refresh(Place(tmp_path / "fjc_ch12"), [[STALE]], wrong)
    rows = lines(STALE)
    assert sum(row["close"] < row["start"] for row in rows) == 495
    kept = standing(rows).values()
    with duckdb.connect(str(found.warehouse), read_only=True) as connection:
        aside = dict(connection.execute("select reason_code, count(*) from quality.set_aside group by 1").fetchall())
        withheld = connection.execute("select count(*) from quality.gates where rule_id = 'SET_ASIDE'").fetchone()
    assert aside == {
        "DQ16": sum(row["close"] < row["start"] for row in kept),
        "DQ03": sum(row["result"] == "open" for row in kept),
    }
    assert withheld and withheld[0] > 0


def test_a_placeholder_for_a_column_that_the_contract_has_not_refuses_the_file_by_name(tmp_path: Path) -> None:
    place = Place(tmp_path / "fjc_ch12")
    place.make()
    inbox = place.inbox / "cases"
    inbox.mkdir()
    shutil.copy2(SHIPPED / file_of(STALE), inbox)
    order = (SHIPPED / "deliveries.csv").read_text("utf-8").replace("closed_on=", "close=")
    (inbox / "deliveries.csv").write_text(order, "utf-8")
    now = datetime(2024, 1, 1, 2, tzinfo=ZoneInfo("America/New_York"))
    with refreshing(place, read_catalogue(find_profile("fjc_ch12")), now, "test") as work:
        (refused,) = work.land().refused
    assert refused.file == file_of(STALE)
    assert "placeholders name [close]" in refused.reason and "deliveries.csv:3" in refused.reason


def test_the_second_engine_counts_the_same_at_every_refresh(published: duckdb.DuckDBPyConnection) -> None:
    found = published.execute("select cells > 1000, figures, not_recounted, error from quality.recounts").fetchall()
    assert found and set(found) == {(True, 0, None, None)}
