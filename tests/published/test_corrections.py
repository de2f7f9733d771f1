"""Corrections by hand from their file to figures, explanation and comparison: the court of Shengzhou, three nights."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from warehouse.audit.changed import Question
from warehouse.audit.compare import compare
from warehouse.audit.explain import explain
from warehouse.catalogue.bundle import find_profile, read_catalogue
from warehouse.intake.chronicle import read_chronicle
from warehouse.intake.ledger import Ledger
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import snapshot
from warehouse.refresh.begin import refreshing
from warehouse.refresh.replay import differences, replayed
from warehouse.refresh.run import run_steps
from warehouse.store.place import Place

CASES = "案号,立案日期,适用程序,承办庭室,承办人,结案日期,结案方式,原案号,自诉,作废,申请标的金额,执行到位金额\n"
CORRECTIONS = "案号,更正字段,原值,新值,更正人,更正理由,更正日期\n"
ONE = "（2016）浙0683民初1号,2016-03-02,普通程序,M1,J1,2016-04-30,判决,,,,,\n"
TWO = "（2016）浙0683民初2号,2016-03-05,普通程序,M1,J1,,,,,,,\n"
TALK = "（2016）浙0683诉前调30号,2016-04-11,,M1,J1,,,,,,,\n"
"""No case, and counted nowhere: but without it nothing would have happened in April, which would withhold the month (DQ42)."""
NIGHTS = [
    {"cases/cases_2016-05-31.csv": CASES + ONE + TWO + TALK},
    {"corrections/corrections_2016-06-01.csv": CORRECTIONS
     + "（2016）浙0683民初1号,结案日期,2016-04-30,2016-05-02,张三,录入错误,2016-06-01\n"
     + "（2016）浙0683民初2号,案号,（2016）浙0683民初2号,（2016）浙0683民初22号,李四,重号,2016-06-01\n"
     + "（2016）浙0683民初2号,立案日期,2016-03-09,2016-03-10,李四,录入错误,2016-06-01\n"  # it was never delivered so
     + "（2016）浙0683民初7号,立案日期,2016-03-09,2016-03-10,李四,录入错误,2016-06-01\n"  # no such case
     + "（2016）浙0683民初1号,立案日期,2016-02-30,2016-03-10,李四,录入错误,2016-06-01\n"  # no date
     + "（2016）浙0683民初1号,当事人,甲,乙,李四,录入错误,2016-06-01\n"},  # no field
    # the system still says 30 April, and knows the case by its new number
    {"cases/cases_2016-06-30.csv": CASES + ONE.replace("M1", "M2") + TWO.replace("民初2号", "民初22号").replace("M1", "M3")},
]  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Any:
    return read_catalogue(find_profile("shengzhou"))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, catalogue: Any) -> Place:
    place = Place(tmp_path_factory.mktemp("corrected") / "shengzhou")
    place.make()
    now = datetime(2016, 7, 1, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
    for night, files in enumerate(NIGHTS):
        for name, text in files.items():
            (place.inbox / name).parent.mkdir(exist_ok=True)
            (place.inbox / name).write_text(text, "utf-8")
        with refreshing(place, catalogue, now + timedelta(days=night), "test") as work:
            assert work.land().refused == []
            run_steps(work)
    return place


def value(place: Place, catalogue: Any, figure: str, as_of: str | None = None) -> int | None:
    with snapshot(place.warehouse, as_of) as snap:
        reader = Reader(snap, catalogue.profile.settings.calendars)
        return reader.answer(reader.parse(figure))[0].numerator


@pytest.mark.parametrize(
    ("figure", "by_refresh"),
    [
        ("closed/2016-04", (1, 0, 0)),  # 民初1 was closed on 2 May, and the error that comes again changes nothing
        ("closed/2016-05", (0, 1, 1)),
        ("pending_end/2016-04", (1, 2, 2)),
        ("filed/2016-03", (2, 2, 2)),  # 民初2 goes on as 民初22: one case, before and after it is delivered so
    ],
)
def test_a_correction_holds_from_the_refresh_that_learned_it(place, catalogue, figure, by_refresh):
    assert tuple(value(place, catalogue, figure, f"r00000{n}") for n in (1, 2, 3)) == by_refresh


def test_a_case_under_another_number_is_one_case(place):
    with snapshot(place.warehouse) as snap:
        assert snap.rows("select case_key, serial, bench_code from model.cases order by serial") == [
            ("浙0683-2016-民初-1", 1, "M2"), ("浙0683-2016-民初-22", 22, "M3"), ("浙0683-2016-诉前调-30", 30, "M1")]  # fmt: skip


def test_what_cannot_be_a_correction_is_set_aside_with_its_reason(place):
    with snapshot(place.warehouse) as snap:
        found = snap.rows("select line, column_name, value from quality.set_aside where source = 'corrections' order by line")
        said = snap.rows("select message from quality.set_aside where source = 'corrections' order by line")
    assert found == [(6, "old_value", "2016-02-30"), (7, "column_name", "当事人")]
    assert "registered_on" in said[0][0] and "correctable" in said[1][0]


def test_a_correction_of_what_was_never_said_is_a_finding(place):
    with snapshot(place.warehouse) as snap:
        items = snap.rows(
            "select subject from quality.findings where rule_id = 'CORRECTIONS' and from_refresh = 2 order by subject"
        )
        (verdict,) = snap.rows("select severity, holds from quality.verdicts where rule_id = 'CORRECTIONS' and refresh_no = 2")
    assert [item.split(" ")[0] for (item,) in items] == ["（2016）浙0683民初2号", "（2016）浙0683民初7号"]
    assert "the row delivered last says [2016-03-05]" in items[0][0] and "not known" in items[1][0]
    assert verdict == ("warns", False)


def test_the_change_is_told_with_who_and_why(place, catalogue):
    with snapshot(place.warehouse, "r000001") as old, snapshot(place.warehouse, "r000002") as new:
        calendars = catalogue.profile.settings.calendars
        chronicle = read_chronicle(Ledger(place.landing).events())
        found = compare(place, chronicle, Reader(old, calendars), Reader(new, calendars), Question("closed"))
    april, may = found
    assert [(c.kind, c.what, c.numerator, c.delivery.file) for c in april.causes] == [
        ("correction", "closed_on", -1, "corrections_2016-06-01.csv")]  # fmt: skip
    ((change, _, _),) = may.causes[0].changes
    assert (change.line, change.fields, change.by_hand) == (2, (("closed_on", "2016-04-30", "2016-05-02"),), "张三: 录入错误")
    assert april.adds_up and may.adds_up


def test_a_change_of_number_moves_no_figure_and_is_told_where_it_is_asked_by_case(place, catalogue):
    with snapshot(place.warehouse, "r000001") as old, snapshot(place.warehouse, "r000003") as new:
        calendars = catalogue.profile.settings.calendars
        chronicle = read_chronicle(Ledger(place.landing).events())
        question = Question("filed", by=("bench",), kind="year")
        found = {
            one.dims["bench"]: one
            for one in compare(place, chronicle, Reader(old, calendars), Reader(new, calendars), question)
        }
    # 民初1 went from M1 to M2; 民初2 took another number in M1 (one out, one in), then went to M3 as 民初22
    assert [(c.kind, c.numerator, len(c.changes)) for c in found["M1"].causes] == [
        ("key_change", 0, 2), ("corrected", -2, 2)]  # fmt: skip
    assert [(c.kind, c.numerator) for c in found["M3"].causes] == [("corrected", 1)]
    assert all(one.adds_up for one in found.values())


def test_an_explained_row_names_its_correction(place, catalogue):
    with snapshot(place.warehouse) as snap:
        reader = Reader(snap, catalogue.profile.settings.calendars)
        found = explain(place, reader, reader.parse("closed/2016-05"), 10)
    (row,) = found["rows"]
    assert (row["counted_on"], row["raw"]["结案日期"], row["file"]) == ("2016-05-02", "2016-04-30", "cases_2016-06-30.csv")
    (correction,) = row["corrections"]
    assert correction["made_by"] == "张三" and (correction["file"], correction["line"]) == ("corrections_2016-06-01.csv", 2)
    assert (correction["old_value"], correction["new_value"]) == ("2016-04-30", "2016-05-02")


def test_a_replay_gives_the_same_figures(place):
    with replayed(place, "test", lambda text: None) as side:
        assert differences(place.warehouse, side.warehouse) == ()


def test_the_order_of_arrival_does_not_matter(place, catalogue, tmp_path):
    other = Place(tmp_path / "shengzhou")
    other.make()
    shutil.copytree(place.inbox, other.inbox, dirs_exist_ok=True)
    with refreshing(other, catalogue, datetime(2016, 7, 1, 2, tzinfo=ZoneInfo("Asia/Shanghai")), "test") as work:
        work.land()
        run_steps(work)
    cells = "select * exclude (from_refresh, to_refresh) from metrics.cells where to_refresh is null order by all"
    with snapshot(place.warehouse) as one, snapshot(other.warehouse) as two:
        assert one.rows(cells) == two.rows(cells)
    assert Path(other.warehouse).exists()
