"""What runs by itself: the schedule by the court's clock, the sensor for new files."""

import os
import shutil
from datetime import UTC, datetime

import dagster as dg
import pytest
from dagster._utils.schedules import schedule_execution_time_iterator

from pipelines.definitions import build_definitions
from pipelines.settings import Settings


@pytest.mark.parametrize(("profile", "zone", "first", "then"), [
    ("shengzhou", "Asia/Shanghai", "2016-11-01T18:00", "2016-11-02T18:00"),
    ("fjc_ch12", "America/New_York", "2016-11-02T06:00", "2016-11-03T06:00"),
])  # fmt: skip
def test_the_nightly_job_runs_at_two_by_the_clock_of_the_court(tmp_path, profile, zone, first, then):
    definitions = build_definitions(Settings(tmp_path, profile, "en"))
    schedule = definitions.resolve_schedule_def("nightly")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 2 * * *", zone)
    assert schedule.job_name == "nightly_refresh"
    noon = datetime(2016, 11, 1, 12, tzinfo=UTC).timestamp()
    found = schedule_execution_time_iterator(noon, schedule.cron_schedule, zone)
    assert [next(found).astimezone(UTC).strftime("%Y-%m-%dT%H:%M") for _ in range(2)] == [first, then]


class Sensor:
    """The sensor of a home, looked at again and again with its own cursor."""

    def __init__(self, home):
        self.definition = build_definitions(Settings(home, "shengzhou", "en")).resolve_sensor_def("new_files")
        self.cursor = None

    def look(self):
        """Run keys asked for, and why none was."""
        with dg.build_sensor_context(cursor=self.cursor) as context:
            tick = self.definition.evaluate_tick(context)
        self.cursor = tick.cursor if tick.cursor is not None else self.cursor
        return [request.run_key for request in tick.run_requests or []], tick.skip_message


@pytest.fixture
def inbox(empty):
    folder = empty / "shengzhou/inbox/cases"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def sensor(inbox, empty):
    return Sensor(empty)


def touch(path, text="x", at=1_480_000_000):
    path.write_text(text)
    os.utime(path, (at, at))


def test_an_empty_inbox_asks_for_nothing(sensor, inbox):
    assert sensor.look() == ([], "The inbox is empty.")
    shutil.rmtree(inbox.parent)
    assert sensor.look() == ([], "The inbox is empty.")


def test_new_files_are_asked_for_once_when_they_stand_still(sensor, inbox):
    touch(inbox / "cases_2016-10-31.csv")
    keys, why = sensor.look()
    assert keys == [] and "asks for a refresh if it stands still" in why
    keys, why = sensor.look()
    assert len(keys) == 1 and why is None
    for _ in range(2):
        assert sensor.look() == ([], "Nothing changed in the inbox since the last refresh was asked for.")


def test_a_file_that_still_grows_waits(sensor, inbox):
    for size in range(1, 4):
        touch(inbox / "cases_2016-10-31.csv", "x" * size)
        assert sensor.look()[0] == []
    assert len(sensor.look()[0]) == 1


def test_another_file_another_content_and_another_time_are_asked_for_again(sensor, inbox):
    seen = set()
    for change in (lambda: touch(inbox / "a.csv"), lambda: touch(inbox / "b.csv"), lambda: touch(inbox / "b.csv", "xy"),
                   lambda: touch(inbox / "b.csv", "yx", 1_480_000_001)):  # fmt: skip
        change()
        assert sensor.look()[0] == []
        (key,) = sensor.look()[0]
        seen.add(key)
    assert len(seen) == 4


def test_what_landing_passes_over_wakes_nobody(sensor, inbox):
    for name in ("cases_2016-10-31.csv.part", ".hidden.csv", "deliveries.csv"):
        touch(inbox / name)
    assert sensor.look() == ([], "The inbox is empty.")


def test_looking_does_not_touch_what_it_looks_at(sensor, inbox, empty):
    touch(inbox / "a.csv")
    sensor.look(), sensor.look()
    assert sorted(path.name for path in (empty / "shengzhou").iterdir()) == ["inbox"]
