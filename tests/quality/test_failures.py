"""What a rule that only warns leaves behind: the row is counted, the finding says which one and what is wrong."""

import shutil
from datetime import datetime

import duckdb
import pytest

from warehouse.catalogue.bundle import find_profile, read_catalogue
from warehouse.catalogue.query import HOUSE
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import snapshot
from warehouse.refresh.begin import refreshing
from warehouse.refresh.run import run_steps
from warehouse.store.place import Place

HEADER = "案号,立案日期,适用程序,承办庭室,承办人,结案日期,结案方式,原案号,自诉,作废,申请标的金额,执行到位金额"


@pytest.fixture
def published(tmp_path):
    """A warehouse of two cases, one of which carries the year 2015 in a number of 2016."""
    place = Place(tmp_path / "shengzhou")
    place.make()
    (place.inbox / "cases").mkdir()
    rows = [
        "（2016）浙0683民初1号,2016-03-30,普通程序,M1,J001,,,,否,否,,",
        "（2015）浙0683民初1号,2016-03-31,普通程序,M1,J001,,,,否,否,,",
    ]
    (place.inbox / "cases" / "cases_2016-03-31.csv").write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    with refreshing(place, read_catalogue(find_profile("shengzhou")), datetime(2016, 4, 1, 2), "test") as work:
        work.land()
        run_steps(work)
    connection = duckdb.connect(str(place.warehouse), read_only=True)
    yield connection
    connection.close()


def test_a_warning_names_case_column_line_and_what_is_wrong_and_the_case_is_counted(published):
    found = published.execute("select rule_id, item, delivery_no, record, line, message from quality.failures").fetchall()
    assert found == [
        ("DQ20", "浙0683-2015-民初-1 case_number", 1, 2, 3,
         "case_number [（2015）浙0683民初1号] carries another year than the day of registration"),
    ]  # fmt: skip
    assert published.execute("select count(*) from quality.set_aside").fetchall() == [(0,)]
    assert published.execute("select sum(numerator) from metrics.cells where metric = 'filed' and calendar_id = 'cal_month'"
                             ).fetchall() == [(2,)]  # fmt: skip


def test_a_blocking_rule_on_rows_that_cannot_be_asked_withholds_everything(tmp_path):
    # the rules of a house whose DQ16 names a column that is not there
    house = tmp_path / "house"
    for folder in ("sql", "warehouse/tables", "warehouse/definitions", "warehouse/rules", "warehouse/scopes"):
        shutil.copytree(HOUSE / folder, house / folder)
    rule = house / "sql/rules/DQ16.sql"
    rule.write_text(rule.read_text("utf-8").replace("delivered.closed_on <", "delivered.closed_an <"), "utf-8")
    place = Place(tmp_path / "shengzhou")
    place.make()
    (place.inbox / "cases").mkdir()
    (place.inbox / "cases" / "cases_2016-03-31.csv").write_text(
        f"{HEADER}\n（2016）浙0683民初1号,2016-03-01,,M1,J001,,,,否,否,,\n", "utf-8"
    )
    catalogue = read_catalogue(find_profile("shengzhou"), house)
    with refreshing(place, catalogue, datetime(2016, 4, 1, 2), "test") as work:
        work.land()
        run_steps(work)
    with snapshot(place.warehouse) as snap:
        figure = Reader(snap, catalogue.profile.settings.calendars).ask("filed")[0]
    assert (figure.status, figure.value) == ("withheld", None)
    assert figure.reason is not None and figure.reason.startswith("DQ16: the rule could not be asked (")


APPLICATION = "申请编号,收到日期,渠道,申请类别,首次处理,处理日期,补正通知日期,补正材料收到日期,立案日期,案号"


@pytest.mark.parametrize(("rows", "aside", "warned"), [(199, 1, 0), (200, 0, 1)])
def test_a_rule_with_a_tolerance_warns_up_to_its_share_and_sets_aside_above_it(tmp_path, rows, aside, warned):
    # DQ02 allows 0.5 %: one of 200 rows is just that, one of 199 is more
    place = Place(tmp_path / "shengzhou")
    place.make()
    (place.inbox / "registrations").mkdir()
    lines = [f"SQ{n},{'' if n == 7 else '2016-03-01'},窗口,民事一审,登记立案,2016-03-01,,,2016-03-01,（2016）浙0683民初{n}号"
             for n in range(1, rows + 1)]  # fmt: skip
    (place.inbox / "registrations/registrations_2016-03-31.csv").write_text("\n".join([APPLICATION, *lines]) + "\n", "utf-8")
    with refreshing(place, read_catalogue(find_profile("shengzhou")), datetime(2016, 4, 1, 2), "test") as work:
        work.land()
        run_steps(work)
    with duckdb.connect(str(place.warehouse), read_only=True) as connection:
        found = connection.execute(
            "select (select count(*) from quality.set_aside where reason_code = 'DQ02'), "
            "(select count(*) from quality.failures where rule_id = 'DQ02')"
        ).fetchone()
    assert found == (aside, warned)
