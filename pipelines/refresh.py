"""One refresh from the command line: the same job as the nightly schedule, on the same run history; then the verdict."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipelines.run_history import held_open, run_history
from pipelines.settings import Settings, program_version
from warehouse.catalogue.bundle import Catalogue
from warehouse.intake.land import ORDER_FILE, Refused
from warehouse.refresh.last_run import read_last_run, write_last_run
from warehouse.refresh.shrink import Acceptance
from warehouse.refresh.work import Refreshing
from warehouse.store.place import Place
from warehouse.store.swap import AnotherRefreshRuns, NotPublished, locked

Tell = Callable[[str], None]


@dataclass
class Outcome:
    """What a refresh came to. `published` is its id, or None with `failure` None where nothing was new."""

    published: str | None = None
    failure: str | None = None
    refused: list[Refused] = field(default_factory=list)
    new_files: int = 0
    repeats: int = 0


def put_sample(catalogue: Catalogue, place: Place, tell: Tell) -> None:
    """Puts the profile's own deliveries into its inbox: what is there stays, what is missing is added."""
    sample = catalogue.profile.settings.sample
    place.make()
    if sample.generator == "docket":
        from pipelines.sample.deliveries import write

        written = len(write(place.inbox, cases=sample.cases, seed=sample.seed))
    else:
        written = _copy(catalogue.profile.folder / (sample.deliveries or "deliveries"), place.inbox)
    tell(f"sample     {written} files put into the inbox")


def _copy(source: Path, inbox: Path) -> int:
    written = 0
    files = [p for p in sorted(source.glob("*/*")) if p.suffix != ".md"]
    # The order of deliveries stands before the files that it speaks of.
    for path in sorted(files, key=lambda p: p.name != ORDER_FILE):
        target = inbox / path.relative_to(source)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f"{target.name}.part")
            shutil.copyfile(path, part)
            part.replace(target)
            written += 1
    return written


def run_refresh(
    settings: Settings, catalogue: Catalogue, tell: Tell, debug: bool = False, accepts: Acceptance | None = None
) -> Outcome:
    """Runs the job in this process and says what came of it.

    Raises:
        AnotherRefreshRuns: another process refreshes this profile.
    """
    place = settings.place(catalogue.profile.id)
    with locked(place):
        pass  # Said before seconds are spent on loading; the job takes the lock again for itself.
    import dagster as dg

    from assets.resources import refreshing_resource
    from pipelines.automation import JOB
    from pipelines.definitions import build_definitions

    seen: list[Refreshing] = []
    resource = refreshing_resource(settings.home, catalogue, program_version(), os.environ, seen.append, tell, accepts)
    job = build_definitions(settings, catalogue, {"refreshing": resource}).resolve_job_def(JOB)
    with held_open(), dg.DagsterInstance.from_config(str(run_history(place))) as instance:
        log = {"loggers": {"console": {"config": {"log_level": "DEBUG" if debug else "CRITICAL"}}}}
        result = job.execute_in_process(instance=instance, raise_on_error=False, run_config=log)
    outcome = Outcome()
    if seen:
        work = seen[0]
        outcome = Outcome(work.published, None, work.landed.refused, len(work.landed.deliveries), len(work.landed.repeats))
    if not result.success:
        outcome.failure = _failure(result)
        last = read_last_run(place)
        if last is not None:
            write_last_run(place, replace(last, state="failed", failure=outcome.failure))
    return outcome


def _failure(result: object) -> str:
    """The innermost reason of a failed run, in words.

    Raises:
        AnotherRefreshRuns: the run failed because another one held the lock.
    """
    for event in getattr(result, "all_events", []):
        data = event.event_specific_data
        error = getattr(data, "error", None) or getattr(data, "first_step_failure_event", None)
        while error is not None and getattr(error, "cause", None) is not None:
            error = error.cause
        if error is not None and hasattr(error, "cls_name"):
            if error.cls_name == AnotherRefreshRuns.__name__:
                raise AnotherRefreshRuns(error.message.strip())
            if event.is_failure or event.is_step_failure:
                return _sentence(error.cls_name, error.message)
    return "the run failed. See its page (`make ui`)"


def _sentence(cls_name: str | None, message: str) -> str:
    text = " ".join(message.split())
    known = text.partition(": ")[2] if (cls_name and text.startswith(cls_name.split(".")[-1])) or ": " in text[:80] else text
    if cls_name in (NotPublished.__name__,):
        return known
    return f"a step failed: {text[:300]}. The last publication stands. Run again with --debug"
