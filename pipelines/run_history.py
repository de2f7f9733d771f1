"""Dagster's run history: where it stands, and how a run writes to it without waiting for every event to be checkpointed."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from warehouse.store.place import Place

STORAGES = (
    "dagster._core.storage.event_log.sqlite.sqlite_event_log",
    "dagster._core.storage.runs.sqlite.sqlite_run_storage",
)
"""Where Dagster makes its engines."""
DAGSTER_YAML = "telemetry:\n  enabled: false\nnux:\n  enabled: false\n"


def run_history(place: Place) -> Path:
    """The folder of the run history, with a dagster.yaml that keeps telemetry off."""
    place.dagster.mkdir(parents=True, exist_ok=True)
    config = place.dagster / "dagster.yaml"
    if not config.exists():
        config.write_text(DAGSTER_YAML, "utf-8")
    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    return place.dagster


@contextmanager
def held_open() -> Iterator[None]:
    """Keeps Dagster's connections to its SQLite files, one engine and one idle connection a file, for as long as a run lasts.

    Dagster makes an engine and a connection for every event and throws both away: each time SQLite checkpoints its log and
    SQLAlchemy compiles the same statements anew. Kept, with a sync at each checkpoint instead of each commit, noting a
    run of 413 events takes 3 s instead of 7 (under a profiler). A crash of the process loses nothing, a power cut at most
    the last events of a run: what counts is on our ledger. Where Dagster no longer calls `create_engine` by these names,
    it is as slow as without this.
    """
    from sqlalchemy import Engine, QueuePool, create_engine, event

    engines: dict[str, Engine] = {}
    let_go: list[Callable[[], None]] = []

    def kept(address: str, **how: Any) -> Engine:
        if address not in engines:
            engine = engines[address] = create_engine(address, **{**how, "poolclass": QueuePool})
            event.listen(engine, "connect", _hurry)
            let_go.append(engine.dispose)
            setattr(engine, "dispose", lambda *_, **__: None)  # noqa: B010  (Dagster disposes of it after each event)
        return engines[address]

    with ExitStack() as stack:
        for name in STORAGES:
            module = importlib.import_module(name)
            if hasattr(module, "create_engine"):
                stack.enter_context(patch.object(module, "create_engine", kept))
        stack.callback(lambda: [close() for close in let_go])
        yield


def _hurry(connection: Any, _record: Any) -> None:
    connection.execute("pragma synchronous=normal")
