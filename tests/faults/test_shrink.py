"""A snapshot that lost many rows is refused until a person accepts it: from the command line, and the guard alone."""

from __future__ import annotations

import json
import os
from datetime import date, datetime
from pathlib import Path
from textwrap import dedent
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from pipelines.cli import main
from warehouse.catalogue.bundle import read_catalogue
from warehouse.catalogue.contract import Contract
from warehouse.intake.chronicle import Delivery
from warehouse.intake.ledger import Ledger
from warehouse.refresh.begin import refreshing
from warehouse.refresh.run import run_steps
from warehouse.refresh.shrink import shrunk
from warehouse.store.place import Place

FILES = {
    "profile.yml": """\
        id: shrinking
        name_zh: 缩
        name_en: Shrinking
        time_zone: Europe/Vienna
        case_numbers: none
        data_from: 2018-01-01
        earliest_date: 1900-01-01
        calendars:
          cal_month: {name_zh: 自然月, name_en: calendar month}
        sample: {}
        not_applicable: [reopened, same_day_registration_rate, enforcement_backlog, zhongben_pool]
        """,
    "contracts/cases.yml": r"""
        source: cases
        feeds: cases
        title_zh: 案件
        title_en: Cases
        kind: snapshot
        on_missing: drop
        file: {format: csv, names: 'cases_(?P<extract_on>\d{4}-\d{2}-\d{2})\.csv'}
        key: {column: case_number}
        columns:
          case_number: {header: number, required: true}
          registered_on: {header: filed, type: date, required: true}
          closed_on: {header: closed, type: date, required: true}
        constants: {court_code: PA, type_code: civil}
        """,
    "codes/courts.csv": "code,name_zh,name_en,old_abbreviation\nPA,庭,Ponta Alta,\n",
    "codes/case_types.csv": "code,name_zh,name_en,family_code,counts_as_code\ncivil,民事,Civil claim,civil,civil_first\n",
    "codes/closing_manners.csv": "code,counts_as,effect,valid_from\njudgment,civil_first,judgment,\n",
}


class Desk:
    """The command line on a court of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.profile, self.home, self.capsys = folder / "court", folder / "home", capsys
        for name, text in FILES.items():
            path = self.profile / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), "utf-8")

    def put(self, day: str, cases: range) -> None:
        """A snapshot of these cases, all pending."""
        path = self.home / f"shrinking/inbox/cases/cases_{day}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("number,filed,closed\n" + "".join(f"K{n},2018-02-0{1 + n % 9},\n" for n in cases), "utf-8")
        os.utime(path, (1.7e9, 1.7e9))

    def say(self, *words: str) -> tuple[int, str]:
        """What a command says, and its exit code."""
        code = main([*words, "--home", str(self.home), "--profile", str(self.profile)])
        said = self.capsys.readouterr()
        return code, said.out + said.err

    def refresh(self) -> None:
        """A night without the command line."""
        now = datetime(2018, 4, 1, 2, tzinfo=ZoneInfo("Europe/Vienna"))
        with refreshing(Place(self.home / "shrinking"), read_catalogue(self.profile), now, "tests") as work:
            work.land()
            run_steps(work)

    def pending(self) -> int:
        code, said = self.say("figures", "pending_end", "--format", "json")
        assert code == 0
        return int(json.loads(said)[0]["value"])


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def test_a_snapshot_that_lost_many_rows_waits_until_a_person_accepts_it(desk):
    desk.put("2018-03-01", range(30))
    desk.refresh()
    desk.put("2018-03-02", range(20))  # 10 of 30 vanished: a third, and more than five
    code, said = desk.say("refresh")
    assert code == 0 and "[10] of the [30] keys of the snapshot before it, cases_2018-03-01.csv, are missing" in said
    assert "caseload refresh --accept-shrink cases" in said and desk.pending() == 30
    assert "are missing" in desk.say("refresh")[1] and desk.pending() == 30  # it is named each night
    code, said = desk.say("refresh", "--accept-shrink", "cases", "--why", "ten cases went to another court")
    assert code == 0 and desk.pending() == 20
    decision = next(e for e in Ledger(desk.home / "shrinking/landing").events() if e["event"] == "decision")
    assert (decision["decision"], decision["why"]) == ("accept_shrink", "ten cases went to another court")
    assert decision["who"] and decision["deliveries"] == [2]
    assert desk.say("verify", "--full")[0] == 0


def test_a_refused_snapshot_is_no_measure_for_the_next(desk):
    desk.put("2018-03-01", range(30))
    desk.put("2018-03-02", range(2))
    desk.put("2018-03-03", range(2, 32))  # 28 of the 30 are there; of the two before, none
    code, said = desk.say("refresh")
    assert code == 0 and "cases_2018-03-02.csv: [28] of the [30]" in said and "cases_2018-03-03.csv:" not in said
    assert desk.pending() == 30


def test_it_can_be_accepted_in_the_run_that_first_sees_it(desk):
    desk.put("2018-03-01", range(30))
    desk.refresh()
    desk.put("2018-03-02", range(3))
    assert desk.say("refresh", "--accept-shrink", "cases")[0] == 0 and desk.pending() == 3
    code, said = desk.say("refresh", "--accept-shrink", "cases")
    assert code == 0 and "accepted   nothing: no snapshot of cases waits" in said


def test_a_source_without_snapshots_has_nothing_to_accept(desk):
    code, said = desk.say("refresh", "--accept-shrink", "casses")
    assert code == 2 and "no source [casses] delivers snapshots" in said and "cases" in said


def contract(kind: str = "snapshot", **shrink: Any) -> Contract:
    said = {"source": "cases", "feeds": "cases", "title_zh": "案", "title_en": "c", "kind": kind, "key": {"column": "k"}}
    return Contract.model_validate({**said, "columns": {}, **({"shrink": shrink} if shrink else {})})


def delivery(number: int, day: str) -> Delivery:
    on = date.fromisoformat(day)
    return Delivery(number, "cases", "", f"{day}.csv", f"{number:064}", on, 0, on, {}, None, None)


@pytest.mark.parametrize(
    ("keys", "gone", "limit", "is_refused"),
    [
        (100, 20, {}, False),  # 20 % is not more than 20 %
        (100, 21, {}, True),
        (10, 5, {}, False),  # half of them, but no more than five
        (10, 6, {}, True),
        (100, 100, {"share": 1}, False),  # the guard is off
        (100, 3, {"share": 0.02, "rows": 2}, True),
        (100, 2, {"share": 0.01, "rows": 2}, False),
    ],
)  # fmt: skip
def test_more_than_a_share_and_a_number_must_vanish(keys, gone, limit, is_refused):
    rows = {1: pl.Series(range(keys)).cast(pl.String), 2: pl.Series(range(gone, keys + 7)).cast(pl.String)}
    one, two = delivery(1, "2018-01-01"), delivery(2, "2018-02-01")
    assert set(shrunk(contract(**limit), [one], [two], lambda d: rows[d.delivery_no])) == ({2} if is_refused else set())


def test_a_late_snapshot_is_held_against_the_one_before_it_in_the_world():
    rows = {1: ["a"], 2: [*"abcdefghijk"], 3: ["a", "b"]}
    days = {1: "2018-01-01", 2: "2018-03-01", 3: "2018-02-01"}
    one, two, late = (delivery(number, day) for number, day in days.items())
    found = shrunk(contract(), [one, two], [late], lambda d: pl.Series(rows[d.delivery_no], dtype=pl.String))
    assert found == {}  # it follows the first, of which nothing vanished


def test_what_only_says_the_news_lacks_nothing():
    one, two = delivery(1, "2018-01-01"), delivery(2, "2018-02-01")
    assert shrunk(contract("delta"), [one], [two], lambda d: pl.Series([], dtype=pl.String)) == {}
