"""A court whose cases are pulled from its database, night after night: landed, counted, published like any delivery."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from adbc_driver_postgresql import dbapi

from warehouse.catalogue.bundle import Catalogue, read_catalogue
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import snapshot
from warehouse.refresh.begin import refreshing
from warehouse.refresh.run import run_steps
from warehouse.store.place import Place

KEEPER = Path(__file__).with_name("postgres.py")
CONTRACT = """
source: cases
feeds: cases
title_zh: 案件
title_en: Cases
kind: {kind}
database:
  kind: postgresql
  connection: CASELOAD_DB_TEST
  query: cases.sql
{change}
key: {{column: case_number}}
columns:
  case_number: {{header: number, required: true}}
  type_code: {{header: kind, required: true}}
  registered_on: {{header: filed, type: date, required: true}}
  closed_on: {{header: closed, type: date, required: true}}
  closing_manner: {{header: manner}}
constants: {{court_code: LC}}
"""
PROFILE = """
id: pulled
name_zh: 小法院
name_en: Little Court
time_zone: Europe/Vienna
data_from: 2024-01-01
earliest_date: 2000-01-01
calendars: {cal_month: {name_zh: 自然月, name_en: calendar month}}
sample: {}
not_applicable: [enforcement_backlog, zhongben_pool]
"""
ALL = "select number, kind, filed, closed, manner, changed from cases order by number"
CHANGED = """select number, kind, filed, closed, manner, changed from cases
where changed >= current_setting('caseload.since')::timestamptz order by number"""
TABLE = """create table cases (number text, kind text, filed date, closed date, manner text, changed timestamptz);
insert into cases values ('1/24', 'C', '2024-01-08', '2024-02-20', 'judgment', '2024-02-20 09:00+01'),
    ('2/24', 'C', '2024-02-05', null, null, '2024-02-05 09:00+01')"""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with subprocess.Popen([sys.executable, KEEPER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                          start_new_session=True) as process:  # fmt: skip
        assert process.stdout
        yield process.stdout.readline().strip()


@pytest.fixture
def run(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    def execute(statements: str) -> None:
        with dbapi.connect(server, autocommit=True) as connection, connection.cursor() as cursor:
            for statement in statements.split(";\n"):
                cursor.execute(statement)

    monkeypatch.setenv("CASELOAD_DB_TEST", server)
    execute(TABLE)
    yield execute
    execute("drop table if exists cases")


def catalogue_of(folder: Path, kind: str, query: str, change: str) -> Catalogue:
    for name in ("contracts", "codes"):
        (folder / name).mkdir(parents=True)
    (folder / "profile.yml").write_text(PROFILE)
    (folder / "contracts/cases.yml").write_text(CONTRACT.format(kind=kind, change=change))
    (folder / "contracts/cases.sql").write_text(query)
    (folder / "codes/courts.csv").write_text("code,name_zh,name_en,old_abbreviation\nLC,小法院,Little Court,\n")
    types = "code,name_zh,name_en,family_code,counts_as_code\nC,民事,Civil claim,civil,civil_first\n"
    (folder / "codes/case_types.csv").write_text(types)
    (folder / "codes/closing_manners.csv").write_text("code,counts_as,effect,valid_from\njudgment,civil_first,judgment,\n")
    return read_catalogue(folder)


def night(place: Place, catalogue: Catalogue, when: str) -> tuple[str | None, list[str]]:
    """One refresh: what it published, and what was refused."""
    with refreshing(place, catalogue, datetime.fromisoformat(f"{when}+01:00"), "tests", None, os.environ) as work:
        work.land()
        if work.has_news:
            run_steps(work)
        return work.published, [one.reason for one in work.landed.refused]


def figures(place: Place, catalogue: Catalogue, *names: str) -> list[Any]:
    with snapshot(place.warehouse) as snap:
        reader = Reader(snap, catalogue.profile.settings.calendars)
        return [reader.ask(name)[0].value for name in names]


def test_a_full_extract_every_night_is_a_snapshot_of_that_day(run, tmp_path):
    place, catalogue = Place(tmp_path / "home"), catalogue_of(tmp_path / "court", "snapshot", ALL, "")
    place.make()
    assert night(place, catalogue, "2024-03-01T02:00") == ("r000001", [])
    assert figures(place, catalogue, "filed", "closed", "pending_end") == [2, 1, 1]
    run("update cases set closed = '2024-03-01', manner = 'judgment' where number = '2/24'")
    assert night(place, catalogue, "2024-03-02T02:00") == ("r000002", [])
    assert figures(place, catalogue, "filed", "closed", "pending_end") == [2, 2, 0]
    assert sorted(path.name for path in (place.inbox / "cases").iterdir()) == [
        "cases_2024-03-01.parquet",
        "cases_2024-03-02.parquet",
    ]
    # the same day again, and nothing changed: no news
    assert night(place, catalogue, "2024-03-02T12:00") == (None, [])


def test_by_a_change_column_only_what_changed_is_pulled_and_in_the_right_order(run, tmp_path):
    change = '  change_column: changed\n  change_from: "1900-01-01"'
    place, catalogue = Place(tmp_path / "home"), catalogue_of(tmp_path / "court", "delta", CHANGED, change)
    place.make()
    assert night(place, catalogue, "2024-03-01T02:00") == ("r000001", [])
    assert night(place, catalogue, "2024-03-01T03:00") == (None, [])
    for hour, day in (("04", "2024-02-28"), ("05", "2024-02-29"), ("06", "2024-02-27")):
        run(
            f"update cases set closed = '{day}', manner = 'judgment', changed = '2024-03-01 {hour}:00+01' where number = '2/24'"
        )
        assert night(place, catalogue, f"2024-03-01T{hour}:30")[1] == []
        with snapshot(place.warehouse) as snap:
            assert snap.rows("select cast(closed_on as varchar) from model.cases where case_number = '2/24'") == [(day,)]
    with snapshot(place.warehouse) as snap:
        rows = snap.rows("select file, rows_delivered from published.deliveries order by file")
    # each pull begins with the greatest change value of the last one, of that instant too: at first that of 1/24
    assert rows == [("cases_2024-03-01_020000.parquet", 2), ("cases_2024-03-01_043000.parquet", 2),
                    ("cases_2024-03-01_053000.parquet", 1), ("cases_2024-03-01_063000.parquet", 1)]  # fmt: skip


def test_a_database_that_cannot_be_asked_is_named_and_stops_nothing(run, tmp_path, monkeypatch):
    place, catalogue = Place(tmp_path / "home"), catalogue_of(tmp_path / "court", "snapshot", ALL, "")
    place.make()
    monkeypatch.delenv("CASELOAD_DB_TEST")
    published, refused = night(place, catalogue, "2024-03-01T02:00")
    assert published is None and len(refused) == 1
    assert "CASELOAD_DB_TEST" in refused[0] and "cases_2024-03-01.parquet" in refused[0]
    last = json.loads((place.root / "last_run.json").read_text())
    assert [one["is_pulled"] for one in last["refused"]] == [True]


def test_a_contract_whose_query_is_missing_is_named_with_its_line(tmp_path):
    with pytest.raises(Exception, match=r"contracts/cases.yml:\d+: there is no query \[other.sql\] beside the contract"):
        catalogue_of_other(tmp_path / "court")


def catalogue_of_other(folder: Path) -> None:
    catalogue_of(folder, "snapshot", ALL, "")
    path = folder / "contracts/cases.yml"
    path.write_text(path.read_text().replace("query: cases.sql", "query: other.sql"))
    read_catalogue(folder)
