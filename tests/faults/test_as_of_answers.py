"""What was answered as of a refresh is answered ever after: later deliveries, other definitions, a rebuild change nothing."""

from __future__ import annotations

import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from warehouse.catalogue.bundle import Catalogue, read_catalogue
from warehouse.refresh.begin import refreshing
from warehouse.refresh.run import run_steps

ASKED = [
    ("figures", "--format", "json", "--as-of", "r000001"),
    (
        "figures",
        "closed",
        "--period",
        "year",
        "--by",
        "family,bench",
        "--to",
        "2014-12",
        "--format",
        "json",
        "--as-of",
        "r000001",
    ),
    ("figures", "enforcement_backlog", "--period", "month", "--to", "2014-12", "--format", "json", "--as-of", "r000001"),
    ("explain", "closed/2013@r000001", "--rows", "1000", "--json"),
    ("explain", "zhongben_pool/2014-06@r000001", "--rows", "1000", "--json"),
    ("explain", "same_day_registration_rate.any_date/2014@r000001", "--rows", "1000", "--json"),
    ("quarantine", "list", "--as-of", "r000001", "--json"),
    ("quality", "--as-of", "r000001", "--json"),
    ("trend", "closed", "--by", "family", "--as-of", "r000001", "--json"),
    ("survival", "--where", "family=civil", "--as-of", "r000001", "--json"),
    ("forecast", "--months", "3", "--as-of", "r000001", "--json"),
    ("plan", "--closings", "50", "--as-of", "r000001", "--json"),
]


def other_definitions(catalogue: Catalogue, folder: Path) -> Catalogue:
    """The same court, that counts 执保 as no case and takes 当场 to mean at the counter."""
    for name in ("sql", "warehouse/tables", "warehouse/definitions", "warehouse/rules", "warehouse/scopes"):
        shutil.copytree(catalogue.house / name, folder / name)
    shutil.copytree(catalogue.profile.folder, folder / "profile")
    types = folder / "profile/codes/case_types.csv"
    lines = [line.replace("enforcement_preservation", "not_a_case") if line.startswith("执保,") else line
             for line in types.read_text("utf-8").splitlines()]  # fmt: skip
    assert "\n".join(lines) != types.read_text("utf-8").rstrip("\n")
    types.write_text("\n".join(lines) + "\n", "utf-8")
    rate = folder / "sql/metrics/same_day_registration_rate.sql"
    text = rate.read_text("utf-8")
    narrower = text.replace(
        "where decisions.counted_on between", "where decisions.channel = 'counter' and decisions.counted_on between"
    )
    assert narrower != text
    rate.write_text(narrower, "utf-8")
    return read_catalogue(folder / "profile", folder)


def test_an_answer_as_of_a_refresh_stays_what_it_was(new_home, files, until, refreshed, caseload, catalogue, tmp_path):
    home = new_home()
    home.deliver(until("2015"))
    home.put("cases/cases_2014-12-31_spoilt.csv", "案号,立案日期,适用程序,承办庭室,承办人,结案日期,结案方式,原案号,自诉,作废,申请标的金额,"
             "执行到位金额\n（2014）绍嵊民初字第9001号,2014-05-05,普通程序,M1,J1,2014-04-01,判决,,,,,\n")  # fmt: skip
    refreshed(home)
    before = [answer(caseload, home, words) for words in ASKED]
    assert [len(found) for found in (before[1], before[3]["rows"], before[6])] > [0, 0, 0]
    home.deliver(files)
    now = datetime(2016, 12, 1, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
    with refreshing(home.place, other_definitions(catalogue, tmp_path / "house"), now, "tests") as work:
        work.land()
        assert work.has_news and run_steps(work) == "r000002"
    assert [answer(caseload, home, words) for words in ASKED] == before
    assert caseload(home, "rebuild").code == 0
    assert [answer(caseload, home, words) for words in ASKED] == before


def answer(caseload: Any, home: Any, words: tuple[str, ...]) -> Any:
    said = caseload(home, *words)
    assert said.code in (0, 1), said.all
    return json.loads(said.out)
