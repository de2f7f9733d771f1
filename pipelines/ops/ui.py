"""Dagster's page on the run history that the command line writes; on loopback, since it has no sign-in of its own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pipelines.run_history import run_history
from pipelines.settings import read_settings
from warehouse.catalogue.bundle import read_catalogue


def main() -> None:
    """Becomes `dagster dev` with DAGSTER_HOME set."""
    settings = read_settings()
    place = settings.place(read_catalogue(settings.profile_folder).profile.id)
    place.make()
    environment = {**os.environ, "DAGSTER_HOME": str(run_history(place)), "CASELOAD_HOME": str(settings.home),
                   "CASELOAD_PROFILE": settings.profile, "DAGSTER_DISABLE_TELEMETRY": "yes"}  # fmt: skip
    dagster = Path(sys.executable).with_name("dagster")
    words = [str(dagster), "dev", "-m", "pipelines.definitions", "--host", "127.0.0.1", *sys.argv[1:]]
    os.execve(words[0], words, environment)


if __name__ == "__main__":
    main()
