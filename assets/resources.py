"""What an asset may ask for: the refresh that is at work. It holds the lock, the plan and the work file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg

from warehouse.catalogue.bundle import Catalogue
from warehouse.refresh.begin import refreshing
from warehouse.refresh.shrink import Acceptance
from warehouse.refresh.work import Refreshing, Tell
from warehouse.store.place import Place

Watch = Callable[[Refreshing], None]


def refreshing_resource(
    home: Path,
    catalogue: Catalogue,
    program: str,
    environment: Mapping[str, str],
    watch: Watch | None = None,
    tell: Tell | None = None,
    accepts: Acceptance | None = None,
) -> dg.ResourceDefinition:
    """A resource that is one refresh of the profile, from lock to swap. `environment` holds addresses of databases.

    `watch` is shown the refresh as soon as it begins; `tell` is told its progress, else the run's log is;
    `accepts` takes snapshots that lack much. Where a part
    alone is materialised, the work file is thrown away at the end, and the log says so.
    """

    def begin(context: dg.InitResourceContext) -> Iterator[Refreshing]:
        now = datetime.now(ZoneInfo(catalogue.profile.settings.time_zone))
        log = context.log
        told = tell or (log.info if log else None)
        with refreshing(Place(home / catalogue.profile.id), catalogue, now, program, told, environment, accepts) as work:
            if watch is not None:
                watch(work)
            yield work
            if work.published is None and work.has_work_file and log:
                log.warning("This run worked on the work file alone. Nothing was published; run the whole job to publish.")

    return dg.ResourceDefinition(begin, description="One refresh: lock, plan, work file. Its last step publishes.")
