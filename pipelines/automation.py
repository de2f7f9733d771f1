"""What runs by itself: the nightly job, its schedule, and the sensor that looks for new files."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from warehouse.catalogue.bundle import Catalogue
from warehouse.intake.land import is_for_intake
from warehouse.store.place import Place

if TYPE_CHECKING:  # Dagster gives such a job, but does not export its name
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

JOB = "nightly_refresh"


def refresh_job() -> "UnresolvedAssetJobDefinition":
    """The whole refresh, in one process: a process a step would cost seconds each and could not share the work file."""
    return dg.define_asset_job(JOB, selection=dg.AssetSelection.all(), executor_def=dg.in_process_executor,
                               description="Takes what is new in the inbox, counts, checks, publishes.")  # fmt: skip


def nightly(catalogue: Catalogue, job: "UnresolvedAssetJobDefinition") -> dg.ScheduleDefinition:
    """Every night at the profile's hour, by the profile's clock."""
    hour, minute = catalogue.profile.settings.nightly.split(":")
    return dg.ScheduleDefinition(
        name="nightly", job=job, cron_schedule=f"{int(minute)} {int(hour)} * * *",
        execution_timezone=catalogue.profile.settings.time_zone, default_status=dg.DefaultScheduleStatus.RUNNING,
    )  # fmt: skip


def new_files(catalogue: Catalogue, home: Path, job: "UnresolvedAssetJobDefinition") -> dg.SensorDefinition:
    """Asks for a refresh when the inbox holds files that it did not hold at the last look and that stand still since."""
    inbox = Place(home / catalogue.profile.id).inbox

    @dg.sensor(
        name="new_files", job=job, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING,
        description="Looks into the inbox for new files.",
    )  # fmt: skip
    def sensor(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
        asked, _, seen = (context.cursor or "").partition(" ")
        now = fingerprint(inbox)
        if not now:
            yield dg.SkipReason("The inbox is empty.")
        elif now == asked:
            yield dg.SkipReason("Nothing changed in the inbox since the last refresh was asked for.")
        elif now != seen:
            context.update_cursor(f"{asked} {now}")
            yield dg.SkipReason("The inbox changed. The next look asks for a refresh if it stands still until then.")
        else:
            context.update_cursor(f"{now} {now}")
            yield dg.RunRequest(run_key=now)

    return sensor


def fingerprint(inbox: Path) -> str:
    """What the inbox holds by names, sizes and times: empty where it holds nothing."""
    files = sorted(path for path in inbox.glob("*/*") if path.is_file() and is_for_intake(path.name))
    if not files:
        return ""
    digest = hashlib.sha256()
    for path in files:
        status = path.stat()
        digest.update(f"{path.relative_to(inbox)}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]
