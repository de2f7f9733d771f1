"""A delta of 20,000 rows on a history of 5 million cases: how long it takes from the file to the history.

Usage: python bench/delta.py --dir FOLDER [--cases 5000000] [--rows 20000] [--runs 3]
The history is made once, by a refresh of one file of made-up cases (kept in FOLDER for the next time). Measured is a
refresh's way from the inbox to model.case_history: landing, the copy of the warehouse, reading, typing, the rules on rows,
the new versions. In order: a later extract. Late: an extract older than the last, for which the versions of its keys are
made anew from every delivery. The goal is 10 seconds in order. The counts of new versions are checked. Ends with 1 where
the goal is missed or a count is wrong.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

GOAL_SECONDS = 10.0
LATER = 10
"""Cases in the last extract of the history."""
HEADER = "案号,立案日期,适用程序,承办庭室,承办人,结案日期,结案方式,原案号,自诉,作废,申请标的金额,执行到位金额\n"


def line(n: int, closed: bool) -> str:
    """One made-up case; equal calls give equal lines."""
    month, day = 1 + n % 4, 1 + n % 27
    closing = f"2016-{month + 1:02}-{day:02},判决" if closed else ","
    return (
        f"（2016）浙0683民初{n + 1}号,2016-{month:02}-{day:02},简易程序,民一庭,J{n % 40:03},{closing},,否,否,{n % 90000}.50,\n"
    )


def write(path: Path, numbers: Sequence[int], closed: bool) -> None:
    """A file of these cases, complete or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER)
        file.writelines(line(n, closed or n % 3 > 0) for n in numbers)
    part.rename(path)


def base(folder: Path, cases: int) -> Path:
    """A home whose history holds so many cases, made once."""
    home = folder / f"home-{cases}"
    if not (home / "shengzhou/warehouse.duckdb").exists():
        shutil.rmtree(home, ignore_errors=True)
        write(home / "shengzhou/inbox/cases/cases_2016-06-30.csv", range(cases), closed=False)
        write(home / "shengzhou/inbox/cases/cases_2016-08-31.csv", range(LATER), closed=False)
        step(home, "whole")
    return home


def step(home: Path, how: str) -> str:
    """One refresh in a process of its own, the whole or as far as history; what it printed last."""
    done = subprocess.run([sys.executable, __file__, "--step", how, "--dir", str(home)], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{how} ended with {done.returncode}:\n{done.stderr[-3000:]}")
    return done.stdout.splitlines()[-1]


def refresh(home: Path, how: str) -> None:
    """The steps of a refresh; prints seconds and new versions."""
    import great_expectations  # noqa: F401 - loading it is start-up, measured elsewhere

    from pipelines.settings import find_profile
    from warehouse.catalogue.bundle import read_catalogue
    from warehouse.refresh.begin import refreshing
    from warehouse.refresh.count import load_reference, make_table, set_aside
    from warehouse.refresh.run import run_steps
    from warehouse.store.place import Place

    catalogue = read_catalogue(find_profile("shengzhou"))
    began = time.perf_counter()
    told: list[tuple[str, float]] = []

    def lap(name: str) -> None:
        told.append((name, time.perf_counter() - began - sum(seconds for _, seconds in told)))

    with refreshing(Place(home / "shengzhou"), catalogue, datetime(2016, 10, 1).astimezone(), "bench") as work:
        work.land()
        lap("landing")
        if how == "whole":
            run_steps(work)
            print("published")
            return
        work.read("cases")
        work.stage("cases")
        lap("reading and typing")
        work.store.connection.execute("select 1")
        lap("copy")
        load_reference(work)
        set_aside(work)
        lap("rules on rows")
        made = make_table(work, "model.case_history")
        lap("history")
    print(", ".join(f"{name} {seconds:.2f}" for name, seconds in told), file=sys.stderr)
    print(made, time.perf_counter() - began, *(f"{name}={seconds:.2f}" for name, seconds in told))


def main() -> int:
    """Makes the history, then measures deltas on it; 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--cases", type=int, default=5_000_000)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--step", choices=("whole", "history"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        refresh(options.dir, options.step)
        return 0
    home = base(options.dir, options.cases)
    # Every 100th case of the history, all of them closed now: a third of those were open, and so have a new version.
    known = range(0, options.rows // 2 * 100, 100)
    new = range(options.cases, options.cases + options.rows // 2)
    changed = sum(n % 3 == 0 for n in known if n < options.cases) + len(new)
    # The extract after the late one tells of ten cases as they were, open: so what it told is news again.
    reopened = sum(n % 3 == 0 for n in known if n < LATER)
    bad = False
    for name, day, expected in (("in order", "2016-09-30", changed), ("late", "2016-07-31", changed + reopened)):
        runs: list[tuple[float, list[str]]] = []
        for _ in range(options.runs):
            file = home / f"shengzhou/inbox/cases/cases_{day}.csv"
            write(file, [*known, *new], closed=True)
            made, seconds, *laps = step(home, "history").split()
            file.unlink()
            forget(home)
            bad |= int(made) != expected
            runs.append((float(seconds), laps))
        best = min(runs)
        print(f"{name:8} {best[0]:6.2f} s for {options.rows:,} rows on {options.cases:,} cases: {' '.join(best[1])}; "
              f"{made} new versions, {expected} expected")  # fmt: skip
        bad |= name == "in order" and best[0] > GOAL_SECONDS
    return int(bad)


def forget(home: Path) -> None:
    """Takes the delta out of the ledger again, for the next run: the bench alone may do that."""
    from warehouse.intake.ledger import Ledger

    ledger = Ledger(home / "shengzhou/landing")
    events = ledger.events()
    ledger.path.unlink()
    (home / "shengzhou/landing/ledger.head").unlink()
    last = max(n for n, event in enumerate(events) if event["event"] == "refresh")
    for event in events[: last + 1]:
        ledger.add(event["event"], **{k: v for k, v in event.items() if k not in ("seq", "event", "before")})


if __name__ == "__main__":
    sys.exit(main())
