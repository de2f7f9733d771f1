"""Drift: limits worked out by hand, alarms that are raised once, numbers that are missing, and faults through a small refresh."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from math import log, sin
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from pipelines.cli import main
from warehouse.catalogue.bundle import Catalogue, find_profile, read_catalogue
from warehouse.catalogue.drift import read_measures
from warehouse.catalogue.query import HOUSE, read_query
from warehouse.methods.drift import ACCEPTED_AFTER, Judged, Kind, Point, judge
from warehouse.methods.serials import missing
from warehouse.reading.snapshot import snapshot
from warehouse.refresh.begin import refreshing
from warehouse.refresh.drift import Value, judged
from warehouse.refresh.replay import rebuild
from warehouse.refresh.run import run_steps
from warehouse.store.duck import DuckStore
from warehouse.store.place import Place
from warehouse.store.swap import locked

# ---- limits


def verdict(kind: Kind, history: Sequence[float], value: float, n: int = 1, **how: Any) -> Judged:
    return judge(kind, [Point(one, n) for one in history], Point(value, n), **{"needs": 8, **how})


@pytest.mark.parametrize(("rows", "told"), [(150, "held"), (151, "alarm"), (61, "held"), (60, "alarm")])
def test_a_count_is_judged_on_the_scale_of_square_roots(rows: int, told: str) -> None:
    """Eight nights of 100 rows: √100 = 10; σ is that of chance, 1/2; 3 σ × (1 + 4/8) = 2.25; 7.75² = 60.06, 12.25² = 150.06."""
    found = verdict("count", [100] * 8, rows)
    assert found.verdict == told
    assert (found.lower, found.centre, found.upper) == pytest.approx((60.0625, 100, 150.0625))


@pytest.mark.parametrize(("value", "told"), [(19.4, "held"), (19.5, "alarm"), (0.6, "held"), (0.5, "alarm")])
def test_a_level_is_judged_by_the_median_moving_range(value: float, told: str) -> None:
    """10, 12, 10, 12 …: ranges of 2, σ = 2/0.954 = 2.096; 3 σ × 1.5 = 9.434 around the lower median, 10."""
    found = verdict("level", [10, 12] * 4, value, floor=0.1)
    assert found.verdict == told
    assert (found.lower, found.upper) == pytest.approx((10 - 9.434, 10 + 9.434), abs=0.001)


def test_a_share_of_few_rows_beside_what_is_usual_is_history_and_no_alarm():
    # eight nights of a hundred rows, ten of them empty; then 29 rows, all empty, and 30
    usual = [Point(0.1, 100)] * 8
    few, enough = (judge("share", usual, Point(1.0, n), needs=8, rows=30) for n in (29, 30))
    assert (few.verdict, enough.verdict) == ("held", "alarm")
    # a small court, sixteen rows a night: half of that is enough, eight
    small = [Point(0.125, 16)] * 8
    assert [judge("share", small, Point(1.0, n), needs=8, rows=30).verdict for n in (7, 8)] == ["held", "alarm"]


def test_one_wild_delivery_in_the_history_does_not_widen_the_limits() -> None:
    """Ranges 2 but for two of 988: their median is still 2; of 13 values 3 × 2.0964 × 17/13 = 8.2245."""
    found = verdict("level", [10, 12, 10, 12, 10, 12, 1000, 12, 10, 12, 10, 12, 10], 12, floor=0.1)
    assert (found.lower, found.upper) == pytest.approx((12 - 8.2245, 12 + 8.2245), abs=0.001)


@pytest.mark.parametrize(("share", "told"), [(0.78, "held"), (0.79, "alarm")])
def test_a_share_is_judged_by_how_many_rows_it_is_of(share: float, told: str) -> None:
    """Eight times 50 of 100; the scale is 2√n·arcsin√p, σ = 1; 4 × 1.5/20 = 0.3 from π/4, and sin²(π/4 + x) = (1 + sin 2x)/2."""
    found = verdict("share", [0.5] * 8, share, n=100, limit=4)
    assert found.verdict == told
    assert found.upper == pytest.approx((1 + sin(0.6)) / 2)


def test_shares_that_scatter_more_than_chance_have_wider_limits() -> None:
    """0.3 and 0.7 in turn: arcsin√0.7 − arcsin√0.3 = 0.41152; × 2√100 = 8.230; σ = 8.230/0.954 = 8.627, more than the 1 of chance."""
    found = verdict("share", [0.3, 0.7] * 4, 0.99, n=100, limit=1)
    assert found.verdict == "alarm"
    assert found.upper == pytest.approx((1 + sin(2 * 8.627 * 1.5 / 20)) / 2, abs=0.001)


def test_without_enough_history_nothing_is_judged() -> None:
    assert verdict("count", [100] * 7, 9000) == Judged("learning")


def test_where_only_too_much_is_an_alarm_nothing_is_none() -> None:
    assert verdict("count", [100] * 8, 0, one_sided=True).verdict == "held"
    assert verdict("count", [100] * 8, 151, one_sided=True).verdict == "alarm"


def test_what_cannot_be_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"\[-1\] is no count"):
        verdict("count", [100] * 8, -1)
    with pytest.raises(ValueError, match=r"\[1.5\] is no share"):
        verdict("share", [0.5] * 8, 1.5, n=10)


# ---- alarms stay few


def run(values: Sequence[float]) -> list[str]:
    history: list[Point] = []
    for value in values:
        found = judge("count", history, Point(value), needs=8)
        history.append(Point(value, 1, found.verdict))
    return [point.verdict for point in history]


def test_an_alarm_is_raised_once_and_again_after_it_returned() -> None:
    """With thirty deliveries of history returned is six within the limits in a row: five are not enough."""
    told = run([*[100] * 30, 900, 900, *[100] * 5, 900, *[100] * 6, 900])
    assert told[30:] == ["alarm", "standing", *["held"] * 5, "standing", *["held"] * 6, "alarm"]


def test_of_a_short_history_one_ordinary_delivery_is_enough() -> None:
    assert run([*[100] * 8, 900, 100, 900])[8:] == ["alarm", "held", "alarm"]


def test_the_other_side_is_another_alarm() -> None:
    assert run([*[100] * 8, 900, 900, 1])[8:] == ["alarm", "standing", "alarm"]


def test_a_shift_that_stays_becomes_the_new_level() -> None:
    told = run([*[100] * 8, *[900] * 12, 100])
    assert told[8:] == ["alarm", *["standing"] * (ACCEPTED_AFTER - 2), "accepted", *["learning"] * 2, *["held"] * 4, "alarm"]


@drawn(
    st.sampled_from([("count", 1), ("share", 1), ("share", 500), ("level", 1), ("level", 40)]),
    st.floats(0, 1),
    st.integers(0, 80),
)
def test_a_constant_series_never_alarms(kind: tuple[Kind, int], value: float, nights: int) -> None:
    history = [Point(value, kind[1])] * nights
    assert judge(kind[0], history, Point(value, kind[1]), needs=2, limit=3).verdict in ("learning", "held")


# ---- numbers that are missing


def test_sixty_as_the_greatest_of_four_numbers_means_seventy_four() -> None:
    """60 + 60/4 − 1 = 74 given, 70 of them missing; 56 for certain."""
    found = missing(4, 60)
    assert (found.given, found.estimate, found.within) == (74, 70, 56)


@pytest.mark.parametrize(
    ("seen", "greatest", "most"),
    [
        (1, 1, 20),  # 1/N ≥ 0.05
        (2, 4, 16),  # C(4,2)/C(N,2) = 6/(N(N−1)/2) ≥ 0.05, and 16·15/2 = 120
        (3, 3, 6),  # 1/C(N,3) ≥ 0.05: C(6,3) = 20 is just it, C(7,3) = 35 is not
    ],
)
def test_the_interval_is_exact(seen: int, greatest: int, most: int) -> None:
    assert missing(seen, greatest).most_given == most


@pytest.mark.parametrize(("seen", "greatest"), [(0, 5), (6, 5)])
def test_what_cannot_have_been_seen_is_an_error(seen: int, greatest: int) -> None:
    with pytest.raises(ValueError, match="different numbers"):
        missing(seen, greatest)


# ---- measures: small tables in, small tables out


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(find_profile("shengzhou"))


@pytest.fixture
def store(tmp_path: Path, catalogue: Catalogue) -> Any:
    store = DuckStore.open(tmp_path / "small.duckdb", tmp_path / "scratch")
    for name in ("model.deliveries", "model.case_history", "model.working_days"):
        store.ensure(name, catalogue.tables[name])
    store.connection.execute("create table staged.main.new_cases (delivery_no bigint, case_key varchar, court_code varchar, "
                             "number_form varchar, number_year integer, special_code varchar, type_characters varchar, "
                             "serial bigint)")  # fmt: skip
    yield store
    store.abandon()


def deliver(store: DuckStore, *deliveries: tuple[int, str, int, int]) -> None:
    """Number, day of extract, refresh, rows."""
    for number, day, taken_in, rows in deliveries:
        store.connection.execute(
            "insert into model.deliveries by name select $n as delivery_no, 'cases' as source, 'cases' as feeds, 'delta' as kind, "
            "cast($day as date) as extract_on, $n as world_rank, $r as taken_in, $rows as rows_delivered",
            {"n": number, "day": day, "r": taken_in, "rows": rows},
        )


def asked(store: DuckStore, name: str, number: int) -> list[tuple[Any, ...]]:
    query = read_query(HOUSE / "sql", f"drift/{name}")
    return sorted(store.rows(query, {"refresh_no": number, "courts": ["浙0683"]}))


def test_rows_by_weekday_are_of_deliveries_of_every_few_days(store: DuckStore) -> None:
    """Wednesday, Thursday, Monday, Saturday (five days on: too far), Sunday (off), the 29th (too far), the last of the month."""
    days = ("2016-06-01", "2016-06-02", "2016-06-06", "2016-06-11", "2016-06-12", "2016-06-29", "2016-06-30")
    deliver(store, *((number, day, 1, 10 * number) for number, day in enumerate(days, 1)))
    for day in days:
        store.connection.execute(
            "insert into model.working_days by name select cast($day as date) as day, $works as is_working",
            {"day": day, "works": day not in ("2016-06-11", "2016-06-12")},
        )
    assert [(row[1], row[3], row[4]) for row in asked(store, "rows_by_weekday", 1)] == [
        (2, "4", 20.0), (3, "1", 30.0), (5, "weekend", 50.0), (7, "month end", 70.0),
    ]  # fmt: skip


def test_numbers_are_skipped_between_the_greatest_known_and_the_greatest_delivered(store: DuckStore) -> None:
    """民初 ends at 10: 12, 13 and 15 come, 11 and 14 do not. 执 is new and begins at 1: 1 and 3 come. 3 of 5 + 3 are skipped."""
    deliver(store, (1, "2016-06-01", 1, 1), (2, "2016-06-02", 2, 6))
    store.connection.execute(
        "insert into model.case_history by name select '浙0683' as court_code, 2016 as number_year, 'new' as number_form, "
        "'民初' as type_characters, 10 as serial, 1 as known_from"
    )
    for characters, serial in (("民初", 9), ("民初", 12), ("民初", 13), ("民初", 15), ("执", 1), ("执", 3)):
        store.connection.execute(
            "insert into staged.main.new_cases values (2, null, '浙0683', 'new', 2016, null, $c, $s)",
            {"c": characters, "s": serial},
        )
    assert [row[3:] for row in asked(store, "serial_gaps", 2)] == [("", 3 / 8, 8)]


def test_a_code_that_is_new_and_one_that_is_gone_are_judged_against_a_share_of_nothing_and_of_their_own() -> None:
    """Ten nights of 100 rows, half A and half B; then A and C: B has 0 of 100, C 50 where none was."""
    measures, history = read_measures(), {}
    for night in range(1, 12):
        codes = ("A", "B") if night < 11 else ("A", "C")
        values = [Value(night, night, "cases", "code_share", f"procedure={code}", 0.5, 100) for code in codes]
        rows = judged(measures, values, history, night)
    told = {row[5]: (row[6], row[11]) for row in rows}
    assert told == {"procedure=A": (0.5, "held"), "procedure=B": (0.0, "alarm"), "procedure=C": (0.5, "alarm")}


def test_every_measure_says_why_and_what_to_do_and_stands_on_the_page() -> None:
    page = (HOUSE / "docs/drift.md").read_text("utf-8")
    for one in read_measures().values():
        assert f"| `{one.id}` | {one.name_zh} |" in page
        assert len(one.reason) > 40


# ---- through a refresh

HEADER = "案号,立案日期,适用程序,承办庭室,承办人,结案日期,结案方式,原案号,自诉,作废,申请标的金额,执行到位金额"
FIRST = date(2016, 6, 1)


def rows_of(night: int, rows: int = 20) -> list[list[str]]:
    """Twenty cases filed on one day, numbers in a row, three benches and four judges, amounts around 10,000 yuan."""
    day = str(FIRST + timedelta(days=night))
    return [
        [f"（2016）浙0683民初{night * 20 + at + 1}号", day, "普通程序" if at % 3 else "简易程序", f"民{'一二三'[at % 3]}庭", f"J{at % 4}",
         "", "", "", "", "", f"{9000 + 100 * at}.00", ""]
        for at in range(rows)
    ]  # fmt: skip


def put(place: Place, night: int, rows: Sequence[Sequence[str]]) -> None:
    path = place.inbox / f"cases/cases_{FIRST + timedelta(days=night)}.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([HEADER, *(",".join(row) for row in rows)]) + "\n", "utf-8")


def refresh(place: Place, night: int) -> None:
    now = datetime(2016, 7, 1, 2, tzinfo=ZoneInfo("Asia/Shanghai")) + timedelta(days=night)
    with refreshing(place, read_catalogue(find_profile("shengzhou")), now, "tests") as work:
        work.land()
        run_steps(work)


def kept(place: Place) -> list[tuple[Any, ...]]:
    with snapshot(place.warehouse) as snap:
        return snap.rows("select * from quality.drift order by all")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Ten ordinary files in one refresh; then one without procedures, amounts in 万元, each row twice; then an ordinary one."""
    place = Place(tmp_path_factory.mktemp("drift") / "shengzhou")
    place.make()
    for night in range(10):
        put(place, night, rows_of(night))
    refresh(place, 0)
    spoilt = [[*row[:2], "", *row[3:10], f"{float(row[10]) / 10000:.2f}", ""] for row in rows_of(10)]
    put(place, 10, [*spoilt, *spoilt])
    refresh(place, 1)
    put(place, 11, rows_of(11))
    refresh(place, 2)
    return place


def told(place: Place, capsys: pytest.CaptureFixture[str], *words: str) -> dict[tuple[str, str], Any]:
    assert main(["drift", "--json", "--home", str(place.root.parent), *words]) == 0
    return {(one["measure"], one["series"]): one for one in json.loads(capsys.readouterr().out)["measured"]}


def test_ordinary_deliveries_raise_no_alarm(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(place, capsys, "--as-of", "r000001") == {}


def test_a_faulty_file_is_named_with_what_was_expected_and_what_to_do(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(place, capsys, "--as-of", "r000002")
    assert {("empty_share", "procedure"), ("amounts", "amount_applied"), ("repeated_share", "")} <= found.keys()
    empty = found["empty_share", "procedure"]
    assert (empty["value"], empty["file"], empty["verdict"]) == (1.0, "cases_2016-06-11.csv", "alarm")
    assert empty["upper"] < 1
    # the mean of twenty logarithms, divided by ten thousand each
    assert found["amounts", "amount_applied"]["value"] == pytest.approx(
        sum(log(round((9000 + 100 * at) / 10000, 2)) for at in range(20)) / 20, abs=1e-6
    )
    assert found["repeated_share", ""]["value"] == 0.5


def test_what_returned_stands_no_longer_and_no_figure_was_withheld(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert ("empty_share", "procedure") not in told(place, capsys)
    with snapshot(place.warehouse) as snap:
        assert snap.rows("select count(*) from quality.gates where reason ilike '%drift%'") == [(0,)]


def test_the_screen_tells_it_in_both_languages(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(place.root.parent), "--as-of", "r000002"]
    assert main(["drift", "--lang", "zh", *home]) == 0
    said = capsys.readouterr().out
    assert "空值比例" in said and "cases_2016-06-11.csv" in said
    assert main(["drift", "--lang", "en", "--all", *home]) == 0
    assert "Share of empty fields" in capsys.readouterr().out
    assert main(["drift", "--source", "nothing", *home]) == 2


def test_a_rebuild_gives_the_same_measures(place: Place, tmp_path: Path) -> None:
    before = kept(place)
    with locked(place):
        rebuild(place, "tests", lambda text: None)
    assert kept(place) == before


def test_the_order_of_rows_within_a_delivery_does_not_matter(place: Place, tmp_path: Path) -> None:
    other = Place(tmp_path / "shengzhou")
    other.make()
    for night in range(10):
        rows = rows_of(night)
        random.Random(night).shuffle(rows)
        put(other, night, rows)
    refresh(other, 0)
    # delivery_no is the order in which files are landed, by name: the same
    mine = [row for row in kept(place) if row[0] == 1]
    theirs = kept(other)
    assert [row[:6] for row in theirs] == [row[:6] for row in mine]
    assert [row[6:11] for row in theirs] == [pytest.approx(row[6:11]) for row in mine]
