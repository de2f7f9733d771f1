"""The nightly job in Dagster: it publishes, a part of it does not, and without anything new nothing follows."""

import json
import shutil

import dagster as dg
import pytest

from pipelines.definitions import build_definitions
from pipelines.settings import Settings
from warehouse.reading.snapshot import snapshot
from warehouse.store.place import Place

CELLS = "select * from metrics.cells order by all"
NEW = "案号,立案日期,结案日期,结案方式\n（2016）浙0683民初9001号,2016-10-11,,\n"


@pytest.fixture
def run():
    """`run(home)`: the job as the schedule starts it, with the definitions' own resource; `run(home, "raw/cases")` a part."""

    def execute(home, *parts):
        job = build_definitions(Settings(home, "shengzhou", "en")).resolve_job_def("nightly_refresh")
        keys = [dg.AssetKey(part.split("/")) for part in parts] or None
        quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
        with dg.DagsterInstance.ephemeral() as instance:
            return job.execute_in_process(instance=instance, asset_selection=keys, run_config=quiet, raise_on_error=False)

    return execute


def rows(home, sql=CELLS):
    with snapshot(Place(home / "shengzhou").warehouse) as snap:
        return snap.rows(sql)


def materialised(result):
    return {event.asset_key.to_user_string(): event.materialization for event in result.get_asset_materialization_events()}


def put(home, name, text):
    path = home / "shengzhou/inbox/cases" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def ledger(home):
    return [json.loads(line) for line in (home / "shengzhou/landing/ledger.jsonl").read_text("utf-8").splitlines()]


def test_plain_dagster_publishes_what_the_command_line_publishes(run, deliveries, empty, published):
    shutil.copytree(deliveries, empty / "shengzhou/inbox")
    result = run(empty)
    assert result.success
    assert rows(empty) == rows(published)
    same = "select * exclude (published_at, head) from published.refreshes"
    assert rows(empty, same) == rows(published, same)
    made = materialised(result)
    every = {key.to_user_string() for key in result.job_def.asset_layer.executable_asset_keys}
    assert set(made) == every
    for name, event in made.items():
        if name != "published/publication":
            assert event.metadata["dagster/row_count"].value >= 0, name
    assert made["published/publication"].metadata["refresh"].value == "r000001"
    assert made["metrics/cells"].metadata["dagster/row_count"].value == len(rows(published))
    checks = {event.check_name: event for event in result.get_asset_check_evaluations()}
    assert len(checks) == 45 and all(event.passed for event in checks.values())


def test_without_anything_new_nothing_follows_the_landing(run, home):
    before = (home / "shengzhou/warehouse.duckdb").read_bytes(), ledger(home)
    result = run(home)
    assert result.success and materialised(result) == {}
    skipped = {event.step_key for event in result.all_events if event.is_step_skipped}
    assert len(skipped) > 15 and not any("deliveries" in step for step in skipped)
    assert ((home / "shengzhou/warehouse.duckdb").read_bytes(), ledger(home)) == before
    assert not (home / "shengzhou/work.duckdb").exists()


@pytest.mark.parametrize("parts", [["model/cases"], ["metrics/filed"], ["raw/cases"], ["staged/cases", "model/reference"]])
def test_a_part_alone_publishes_nothing_and_leaves_nothing_behind(run, home, parts):
    put(home, "cases_2016-11-05.csv", NEW)
    before = (home / "shengzhou/warehouse.duckdb").read_bytes()
    result = run(home, *parts)
    assert result.success and set(materialised(result)) == set(parts)
    assert (home / "shengzhou/warehouse.duckdb").read_bytes() == before
    assert not any(event["event"] == "refresh" and event["refresh_id"] == "r000002" for event in ledger(home))
    assert not (home / "shengzhou/work.duckdb").exists()


def test_a_part_says_that_it_published_nothing(run, home, capfd):
    job = build_definitions(Settings(home, "shengzhou", "en")).resolve_job_def("nightly_refresh")
    with dg.DagsterInstance.ephemeral() as instance:
        assert job.execute_in_process(instance=instance, asset_selection=[dg.AssetKey(["model", "cases"])]).success
    assert "Nothing was published; run the whole job to publish" in capfd.readouterr().err


def test_a_landing_alone_is_taken_by_the_next_whole_run(run, home):
    put(home, "cases_2016-11-05.csv", NEW)
    assert run(home, "landing/deliveries").success
    assert [event["event"] for event in ledger(home)][-1] == "delivery"
    assert run(home).success
    assert rows(home, "select refresh_no from published.refreshes order by 1") == [(1,), (2,)]
    assert rows(home, "select count(*) from model.cases where serial = 9001") == [(1,)]


def test_a_part_does_not_paint_over_how_the_last_whole_run_went(run, caseload, home):
    put(home, "cases_2016-11-05.csv", "")
    assert caseload("refresh", home=home).code == 0
    refused = caseload("status", "--json", home=home).json["refused"]
    assert [one["file"] for one in refused] == ["cases_2016-11-05.csv"]
    assert run(home, "model/cases").success
    assert caseload("status", "--json", home=home).json["refused"] == refused


def test_a_part_on_an_empty_home_fails_with_what_to_do_first(run, empty):
    result = run(empty, "model/cases")
    assert not result.success
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    error, said = failure.event_specific_data.error, ""
    while error is not None:
        error, said = error.cause, said + error.message
    assert "model.cases cannot be made" in said and "Materialise what it depends on first" in said


def test_command_line_and_page_share_the_run_history(caseload, home):
    put(home, "cases_2016-11-05.csv", NEW)
    assert caseload("refresh", home=home).code == 0
    folder = home / "shengzhou/dagster"
    assert "enabled: false" in (folder / "dagster.yaml").read_text("utf-8")
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        runs = instance.get_runs()
        assert [run.job_name for run in runs] == ["nightly_refresh"] * 2
        assert {run.status for run in runs} == {dg.DagsterRunStatus.SUCCESS}
        assert instance.get_latest_materialization_event(dg.AssetKey(["metrics", "cells"])) is not None
        assert not instance.telemetry_enabled


def test_a_publication_that_must_not_be_fails_the_run_and_status_says_so(caseload, home):
    put(home, "cases_2016-11-05.csv", NEW)
    with (home / "shengzhou/warehouse.duckdb").open("ab") as file:
        file.write(b"\0")
    said = caseload("refresh", home=home)
    assert said.code == 1
    assert said.err.splitlines()[-1].startswith("caseload: warehouse.duckdb is not what r000001 published")
    assert "Run `caseload rebuild`" in said.err.splitlines()[-1]
    told = caseload("status", "--json", home=home)
    assert (told.code, told.json["verdict"]) == (1, "failed")
    assert "rebuild" in told.json["failure"]
    assert caseload("rebuild", home=home).code == 0
    assert caseload("refresh", home=home).code == 0
    assert caseload("status", home=home).code == 0
