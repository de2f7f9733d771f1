"""What would change is told before it is published, and closed years move far only if a person says so."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from warehouse.intake.ledger import Ledger

HEADER = "案号,立案日期,适用程序,承办庭室,承办人,结案日期,结案方式,原案号,自诉,作废,申请标的金额,执行到位金额\n"


def rows(year: int, numbers: range) -> str:
    return "".join(f"（2016）浙0683民初{n}号,{year}-03-02,普通程序,M1,J1,,,,,,,\n" for n in numbers)


def talks(*days: str) -> str:
    """Mediations before filing, which count nowhere: a month without any row would withhold the figures (DQ42)."""
    return "".join(f"（{day[:4]}）浙0683诉前调{int(day[5:7])}号,{day},,M1,J1,,,,,,,\n" for day in days)


def filed(ask: Any, home: Any, year: str) -> int | None:
    return ask(home, "filed", "--from", year, "--to", year)[0]["value"]


def state(place: Any) -> dict[str, str]:
    """Every file of a home but the lock and what tells of the last run, by its hash."""
    found = [p for p in Path(place.root).rglob("*") if p.is_file() and p.name not in ("refresh.lock", "last_run.json")]
    return {str(p.relative_to(place.root)): hashlib.sha256(p.read_bytes()).hexdigest() for p in found}


@pytest.fixture(scope="module")
def published(new_home: Any, refreshed: Any) -> Any:
    """300 cases filed in March 2016, counted to the end of January 2017. To be copied, not changed."""
    home = new_home()
    between = talks(*(f"2016-{month:02}-05" for month in range(4, 13)), "2017-01-05")
    home.put("cases/cases_2017-01-31.csv", HEADER + rows(2016, range(1, 301)) + between)
    return refreshed(home)


@pytest.fixture
def court(published: Any, copy_of: Any) -> Any:
    return copy_of(published)


def test_a_preview_says_what_would_change_and_leaves_everything_as_it_is(court, caseload):
    court.put("cases/cases_2017-02-28.csv", HEADER + rows(2016, range(301, 311)))
    court.put("cases/cases_2017-03-31.csv", "no,header\n1,2\n")
    before = state(court.place)
    said = caseload(court, "refresh", "--preview")
    assert said.code == 0 and "nothing was published" in said.err
    assert "filed/2016-03  300 → 310  (+10)" in said.out and "delivered late" in said.out
    assert "would be refused: cases_2017-03-31.csv" in said.out
    assert "withholds the figure for one publication" in said.out and "filed 2016 浙0683" in said.out  # 10 of 300 are 3.3 %
    assert state(court.place) == before and not list(court.place.root.glob("preview-*"))


def test_a_preview_without_news_says_so(court, caseload):
    said = caseload(court, "refresh", "--preview")
    assert said.code == 0 and "nothing would be published" in said.out


def test_a_closed_year_that_moves_far_waits_for_a_person(court, caseload, ask):
    # 201 of 300 cases of 2016 come when the year was closed: 67 %, and more than 200
    court.put("cases/cases_2017-02-28.csv", HEADER + rows(2016, range(301, 502)))
    said = caseload(court, "refresh")
    assert said.code == 1 and "figures of closed years move further" in said.err
    assert "filed 2016 of 浙0683: 300 → 501" in said.err and "--accept-revision" in said.err
    assert filed(ask, court, "2016") == 300
    said = caseload(court, "refresh", "--preview")
    assert "filed/2016-03  300 → 501" in said.out and "--accept-revision` would be needed: filed 2016" in said.out
    said = caseload(court, "refresh", "--accept-revision", "--why", "the branch court delivered at last")
    assert said.code == 0 and filed(ask, court, "2016") == 501
    (decision,) = [e for e in Ledger(court.place.landing).events() if e["event"] == "decision"]
    assert (decision["decision"], decision["why"]) == ("accept_revision", "the branch court delivered at last")
    assert decision["moved"] == ["filed 2016 of 浙0683: 300 → 501"] and "filed 2016 浙0683" in decision["drifted"]
    assert caseload(court, "verify", "--full").code == 0


def test_a_year_that_is_still_open_may_move(court, refreshed, ask):
    court.put(
        "cases/cases_2017-02-28.csv",
        HEADER + rows(2017, range(301, 502)).replace("（2016）", "（2017）").replace("-03-02", "-02-02"),
    )
    refreshed(court)
    assert filed(ask, court, "2017") == 201


def test_as_many_as_the_profile_allows_may_come_late_but_are_withheld_for_one_publication(court, refreshed, ask):
    court.put("cases/cases_2017-02-28.csv", HEADER + rows(2016, range(301, 501)))  # 200, no more
    refreshed(court)
    (figure,) = ask(court, "filed", "--from", "2016", "--to", "2016")
    assert figure["status"] == "withheld" and figure["reason"].startswith("DQ39: filed 2016 浙0683")
    court.put("cases/cases_2017-03-01.csv", HEADER + talks("2017-02-05"))
    refreshed(court)
    assert filed(ask, court, "2016") == 500


def test_what_a_person_accepts_is_not_withheld_and_stays_so_in_a_replay(court, caseload, ask):
    court.put("cases/cases_2017-02-28.csv", HEADER + rows(2016, range(301, 501)))
    assert caseload(court, "refresh", "--accept-revision", "--why", "the branch court was late").code == 0
    assert filed(ask, court, "2016") == 500
    (decision,) = [e for e in Ledger(court.place.landing).events() if e["event"] == "decision"]
    assert decision["moved"] == [] and "filed 2016 浙0683" in decision["drifted"]
    assert caseload(court, "rebuild").code == 0
    assert filed(ask, court, "2016") == 500
