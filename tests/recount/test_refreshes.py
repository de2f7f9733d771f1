"""Refreshes and `verify --full` with both engines: a wrong query is found by itself, and withheld where it is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from pipelines.sample.deliveries import write
from warehouse.audit.verify import verify
from warehouse.catalogue.bundle import Catalogue, find_profile, read_catalogue
from warehouse.catalogue.calendars import parse_period
from warehouse.catalogue.query import HOUSE
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import snapshot
from warehouse.refresh.begin import refreshing
from warehouse.refresh.run import run_steps
from warehouse.store.place import Place

CALENDARS = read_catalogue(find_profile("shengzhou")).profile.settings.calendars
WRONG_DAYS = "between date '2014-05-01' and date '2014-05-31'"
HEADER = "案号,立案日期,结案日期,结案方式\n"


def night(place: Place, catalogue: Catalogue, day: int) -> None:
    """One refresh."""
    with refreshing(place, catalogue, datetime(2016, 11, day, 2, tzinfo=ZoneInfo("Asia/Shanghai")), "tests") as work:
        work.land()
        assert run_steps(work)


def two_nights(place: Place, catalogue: Catalogue) -> Place:
    """The smallest sample, and on the night after it one case more."""
    place.make()
    write(place.inbox, cases=500, seed=683)
    night(place, catalogue, 1)
    (place.inbox / "cases/cases_2016-11-01.csv").write_text(
        HEADER + "（2016）浙0683民初8001号,2016-10-12,2016-10-20,判决\n", "utf-8"
    )
    night(place, catalogue, 2)
    return place


@pytest.fixture(scope="module")
def sound(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Two nights by the definitions as they are."""
    return two_nights(Place(tmp_path_factory.mktemp("sound") / "shengzhou"), catalogue)


@pytest.fixture(scope="module")
def wrong(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Two nights by a query of mean_days_closed that loses what was closed in May 2014; no sum or balance tells."""
    house = tmp_path_factory.mktemp("house")
    shutil.copytree(HOUSE / "sql", house / "sql")
    for name in ("tables", "definitions", "rules", "scopes"):
        shutil.copytree(HOUSE / "warehouse" / name, house / "warehouse" / name)
    query = house / "sql/metrics/mean_days_closed.sql"
    query.write_text(query.read_text("utf-8") + f"    and spells.closed_on not {WRONG_DAYS}\n", "utf-8")
    tampered = read_catalogue(catalogue.profile.folder, house)
    yield two_nights(Place(tmp_path_factory.mktemp("wrong") / "shengzhou"), tampered)


def rows(place: Place, sql: str) -> list[tuple[Any, ...]]:
    """What a query on the publication gives."""
    with snapshot(place.warehouse) as snap:
        return snap.rows(sql)


def statuses(place: Place, metric: str, *periods: str, as_of: str | None = None, calendar: str = "cal_month") -> dict[str, str]:
    """How the figures of a metric stand, by period."""
    with snapshot(place.warehouse, as_of) as snap:
        reader = Reader(snap, CALENDARS)
        asked = reader.asked(*snap.metric(metric), calendar, tuple(map(parse_period, periods)), (), {})
        return {figure.period.id: figure.status for figure in reader.answer(asked)}


def test_a_first_refresh_compares_every_period_and_a_later_one_what_it_touches(sound):
    (first, second) = rows(sound, "select is_full, periods, cells, figures, error from quality.recounts order by refresh_no")
    everything = 58 + 59  # months from January 2012 to October 2016, and those that close on the 20th, one more
    assert (first[0], first[1], first[3:]) == (True, everything, (0, None))
    # October 2016 of both calendars, and November, in which the 20th of October lies no more; the last day lies in either
    assert second[0] is False and 2 <= second[1] <= 6 and 0 < second[2] < first[2] / 5 and second[3:] == (0, None)
    assert rows(sound, "select holds, rows_looked_at > 0 from quality.verdicts where rule_id = 'RECOUNT'") == [(True, True)] * 2


def test_every_metric_of_the_court_is_counted_twice_or_named(sound, catalogue):
    (lacking,) = rows(sound, "select distinct not_recounted from quality.recounts")[0]
    with snapshot(sound.warehouse) as snap:
        assert snap.not_recounted == (lacking.split(", ") if lacking else [])
        assert set(snap.not_recounted) < set(catalogue.stored_metrics)


def test_a_wrong_query_is_withheld_in_its_metric_court_and_period_and_nowhere_else(wrong):
    found = rows(wrong, "select metric, variant, period_id, court, recounted_denominator > coalesce(counted_denominator, 0), family "
                        "from quality.recount_differences where refresh_no = 1 and calendar_id = 'cal_month' order by all")  # fmt: skip
    may = ("2014-05", "浙0683", True)
    families = ("civil", "criminal", "enforcement")  # in which the docket closes cases on these days of May
    assert found == [("mean_days_closed", variant, *may, family) for variant in ("net", None) for family in families]
    gates = rows(
        wrong, "select distinct metric, court_code, rule_id, family from quality.gates where refresh_no = 1 order by all"
    )
    assert gates == [("mean_days_closed", "浙0683", "RECOUNT", family) for family in families]
    with snapshot(wrong.warehouse, "r000001") as snap:
        asked = Reader(snap, CALENDARS).ask("mean_days_closed", first="2014-05", last="2014-05", by=("family",))
    shown = {figure.dims["family"]: figure.status for figure in asked}
    assert {family for family, status in shown.items() if status == "withheld"} == {*families} and {*shown} > {*families}
    assert statuses(wrong, "mean_days_closed", "2014-03", "2014-05", "2014-07", "2014", "2015", as_of="r000001") == {
        "2014-03": "published", "2014-05": "withheld", "2014-07": "published", "2014": "withheld", "2015": "published"}  # fmt: skip
    assert statuses(wrong, "closed", "2014-05") == statuses(wrong, "mediation_rate", "2014-05") == {"2014-05": "published"}


def test_the_reason_says_what_either_engine_counts(wrong):
    with snapshot(wrong.warehouse, "r000001") as snap:
        reasons = [gate.reason for gate in snap.gates if "mean_days_closed cal_month" in gate.reason]
        verdicts = {verdict["rule_id"]: verdict for verdict in snap.ask("published/verdicts", {})}
    assert {reason.partition(",")[0] for reason in reasons} == {
        f"RECOUNT: mean_days_closed cal_month 2014-05 浙0683 {family}" for family in ("civil", "criminal", "enforcement")
    }
    assert all(" cells, 0 by SQL, " in one and one.endswith(" counted again: the two engines differ") for one in reasons)
    assert (verdicts["RECOUNT"]["holds"], verdicts["RECOUNT"]["severity"]) == (False, "blocks")


def test_it_stays_withheld_on_a_night_that_does_not_touch_it(wrong):
    assert rows(wrong, "select is_full from quality.recounts order by refresh_no") == [(True,), (False,)]
    assert statuses(wrong, "mean_days_closed", "2014-05", as_of="r000002") == {"2014-05": "withheld"}


def test_verify_in_full_counts_all_periods_again_and_names_what_differs(wrong, sound):
    found = verify(wrong, "tests", True, lambda text: None).faults
    assert [fault.what for fault in found if fault.what.startswith("mean_days_closed cal_month 2014-05")]
    assert all("the two engines differ" in fault.what and " 2014-0" in fault.what for fault in found), found
    told: list[str] = []
    assert verify(sound, "tests", True, told.append).faults == ()
    assert any(line.startswith("recounted ") and line.endswith("both engines together") for line in told)


def test_a_cell_that_was_changed_in_the_work_file_is_found(sound, catalogue, tmp_path, monkeypatch):
    from warehouse.refresh import run

    place = Place(tmp_path / "shengzhou")
    shutil.copytree(sound.root, place.root)
    (place.inbox / "cases/cases_2016-11-02.csv").write_text(
        HEADER + "（2016）浙0683民初8002号,2016-10-11,2016-10-19,判决\n", "utf-8"
    )
    keep = run.keep_cells

    def keep_and_spoil(work):
        kept = keep(work)
        work.store.connection.execute(
            "update metrics.cells set numerator = numerator + 1 where to_refresh is null and metric = 'pending_end' "
            "and calendar_id = 'cal_month' and period_id = '2016-10' and case_type = '执'"
        )
        return kept

    monkeypatch.setattr(run, "keep_cells", keep_and_spoil)
    night(place, catalogue, 3)
    found = rows(place, "select metric, calendar_id, period_id, court, cells > 0 from quality.recount_differences")
    assert found == [("pending_end", "cal_month", "2016-10", "浙0683", True)]
    gates = rows(place, "select distinct metric from quality.gates where rule_id = 'RECOUNT'")
    made_of_it = {"disposition_time_cepej", "case_turnover_cepej", "long_pending_share_12m"}
    assert {metric for (metric,) in gates} == {"pending_end"} | made_of_it
    assert statuses(place, "pending_end", "2016-10", "2016-08") == {"2016-10": "withheld", "2016-08": "published"}


def test_past_so_many_rows_a_refresh_counts_nothing_again_and_says_so(sound, catalogue, tmp_path, monkeypatch):
    from warehouse.refresh import agreement

    place = Place(tmp_path / "shengzhou")
    shutil.copytree(sound.root, place.root)
    (place.inbox / "cases/cases_2016-11-02.csv").write_text(
        HEADER + "（2016）浙0683民初8003号,2016-10-11,2016-10-19,判决\n", "utf-8"
    )
    monkeypatch.setattr(agreement, "MOST_ROWS", 10)
    night(place, catalogue, 3)
    with snapshot(place.warehouse) as snap:
        assert set(snap.not_recounted) == set(catalogue.stored_metrics) and snap.gates == []
    told = rows(place, "select cells, error from quality.recounts where refresh_no = 3")
    assert told == [(0, "more than 10 rows of cases are not counted again at a refresh; `caseload verify --full` does")]
    assert rows(place, "select rows_looked_at from quality.verdicts where rule_id = 'RECOUNT' and refresh_no = 3") == [(0,)]
