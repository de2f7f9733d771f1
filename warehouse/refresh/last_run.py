"""How the last run went, beside the data: `last_run.json`. Not evidence (that is the ledger), only for `status`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime

from warehouse.intake.land import Refused
from warehouse.intake.read import write_report
from warehouse.store.place import Place


@dataclass(frozen=True)
class LastRun:
    """One run: when, how far it got (`running`, `done`, `failed`), what it published, what it refused."""

    at: str
    state: str
    published: str | None = None
    failure: str | None = None
    refused: tuple[Refused, ...] = field(default_factory=tuple)

    @property
    def began(self) -> datetime:
        """When it began, with its zone."""
        return datetime.fromisoformat(self.at)


def write_last_run(place: Place, run: LastRun) -> None:
    """Keeps it, whole or not at all."""
    write_report(place.root / "last_run.json", run)


def read_last_run(place: Place) -> LastRun | None:
    """The last run; none where nothing ever ran."""
    try:
        found = json.loads((place.root / "last_run.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return LastRun(found["at"], found["state"], found["published"], found["failure"],
                   tuple(Refused(**one) for one in found["refused"]))  # fmt: skip
