"""One refresh without Dagster, with the seconds, CPU seconds and peak memory of each step.

Usage: python bench/steps.py HOME   (files wait in HOME/shengzhou/inbox/cases and …/registrations)
The steps are whatever `warehouse.refresh.run.run_steps` calls, so this cannot drift from it. A line is printed for each
call that took 20 ms or more.
"""

from __future__ import annotations

import functools
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

STARTED = time.perf_counter()
WORTH_A_LINE = 0.02


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def report(name: str, wall: float, used: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{wall:7.2f} s  {used:7.2f} s cpu  {peak:6.0f} MB peak  {name}", flush=True)


def timed(call: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The call, with a line on what it took."""

    @functools.wraps(call)
    def timing(*args: Any, **kwargs: Any) -> Any:
        wall, used = time.perf_counter(), cpu()
        done = call(*args, **kwargs)
        if (took := time.perf_counter() - wall) >= WORTH_A_LINE:
            about = [str(getattr(arg, "id", arg)) for arg in args[1:] if hasattr(arg, "id") or isinstance(arg, str)]
            report(" ".join([name, *about]), took, cpu() - used)
        return done

    return timing


def main(arguments: list[str]) -> int:
    """A refresh of the profile shengzhou in HOME."""
    from warehouse.catalogue.bundle import find_profile, read_catalogue
    from warehouse.quality import expectations
    from warehouse.refresh import run
    from warehouse.refresh.begin import refreshing
    from warehouse.refresh.work import Refreshing
    from warehouse.store.place import Place

    watched: list[tuple[Any, str]] = [(Refreshing, "land"), (Refreshing, "read"), (Refreshing, "stage")]
    watched += [(run, name) for name, value in vars(run).items() if callable(value) and name not in ("Refreshing", "run_steps")]
    for owner, name in watched:
        setattr(owner, name, timed(getattr(owner, name), name))
    expectations.load = timed(expectations.load, "(in the step below) import Great Expectations")
    catalogue = read_catalogue(find_profile("shengzhou"))
    report("import and catalogue", time.perf_counter() - STARTED, cpu())
    place = Place(Path(arguments[0]) / "shengzhou")
    with refreshing(place, catalogue, datetime.now(UTC), "bench") as work:
        work.land()
        done = run.run_steps(work)
    report(f"in all, {done}", time.perf_counter() - STARTED, cpu())
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
