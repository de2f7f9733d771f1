"""All that Dagster loads. Importing it reads the profile's texts, opens no data and starts nothing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import dagster as dg

from assets.landing import deliveries
from assets.metrics import metric_assets
from assets.model import model_assets
from assets.published import published_assets
from assets.raw import raw_assets
from assets.resources import refreshing_resource
from assets.staged import staged_assets
from pipelines.automation import new_files, nightly, refresh_job
from pipelines.settings import Settings, program_version, read_settings
from warehouse.catalogue.bundle import Catalogue, read_catalogue
from warehouse.quality.rule import read_rules


def build_definitions(
    settings: Settings, catalogue: Catalogue | None = None, resources: Mapping[str, Any] | None = None
) -> dg.Definitions:
    """The definitions of one profile. `resources` take the place of our own, for tests and for the command line.

    Raises:
        DefinitionError: the profile or a definition does not hold together.
    """
    catalogue = catalogue or read_catalogue(settings.profile_folder)
    rules = read_rules(catalogue)
    job = refresh_job()
    return dg.Definitions(
        assets=[
            deliveries,
            *raw_assets(catalogue),
            *staged_assets(catalogue, rules),
            *model_assets(catalogue),
            *metric_assets(catalogue, rules),
            *published_assets(catalogue),
        ],
        resources={
            "refreshing": refreshing_resource(settings.home, catalogue, program_version(), os.environ),
            **(resources or {}),
        },
        jobs=[job],
        schedules=[nightly(catalogue, job)],
        sensors=[new_files(catalogue, settings.home, job)],
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What `dagster dev` and the daemon load: the profile that the settings name. Made when asked for, not on import."""
    return build_definitions(read_settings())
