"""Years of files in one go: progress is told, and a run that was stopped goes on where it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from warehouse.catalogue.bundle import Catalogue
from warehouse.refresh.begin import refreshing
from warehouse.refresh.run import run_steps

HEADER = "案号,立案日期,适用程序,承办庭室,承办人,结案日期,结案方式,原案号,自诉,作废,申请标的金额,执行到位金额\n"


class Stopped(Exception):
    """Somebody pulled the plug."""


def refresh(home: Any, catalogue: Catalogue, tell: Any) -> str | None:
    now = datetime(2016, 11, 1, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
    with refreshing(home.place, catalogue, now, "tests", tell) as work:
        work.land()
        return run_steps(work)


def test_a_stopped_backfill_goes_on_where_it_was(new_home, catalogue):
    home, told = new_home(), []
    for n in range(45):  # forty-five extracts, each with a case of its own
        day = f"2016-{3 + n // 28:02}-{1 + n % 28:02}"
        home.put(f"cases/cases_{day}.csv", HEADER + f"（2016）浙0683民初{n + 1}号,2016-01-04,普通程序,M1,J1,,,,,,,\n")

    def stop(text: str) -> None:
        told.append(text)
        if "file 40 of 45" in text:
            raise Stopped

    with pytest.raises(Stopped):
        refresh(home, catalogue, stop)
    assert [text.split("cases: ")[1] for text in told] == ["file 20 of 45", "file 40 of 45"]
    read = {path.name: path.stat().st_mtime_ns for path in home.place.raw.glob("*.parquet")}
    assert len(read) == 39 and not home.place.warehouse.exists()

    told.clear()
    assert refresh(home, catalogue, told.append) == "r000001"
    after = {path.name: path.stat().st_mtime_ns for path in home.place.raw.glob("*.parquet")}
    assert len(after) == 45 and read.items() <= after.items()  # what was read is not read again
    assert {text.split("cases: ")[1] for text in told if "raw " in text} == {"file 20 of 45", "file 40 of 45"}
