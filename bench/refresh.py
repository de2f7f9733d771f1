"""A refresh of a large sample against a bare DuckDB script on the same files: the goals, and the equality of the cells.

Usage: python bench/refresh.py --dir FOLDER [--cases 2000000] [--runs 3] [--engine cli|steps]
Each measurement is a process of its own, in a fresh home. This process stays small and imports DuckDB only at the end:
Linux counts the memory of the parent at the fork into the peak of the child.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent
SMALLEST = 500
GOAL_RATIO, GOAL_START_UP, GOAL_PEAK_GB = 3.0, 6.0, 3.0
CELL = (
    "metric, variant, calendar_id, period_id, court, family, counts_as, case_type, procedure, bench, judge, "
    "population, channel, closing_manner, part, numerator, denominator"
)


@dataclass(frozen=True)
class Cost:
    """What a process took: seconds, CPU seconds of it and its children, the largest peak among them in GB."""

    wall: float
    cpu: float
    peak: float

    def __str__(self) -> str:
        return f"{self.wall:6.2f} s wall  {self.cpu:6.2f} s user+sys  {self.peak:5.2f} GB peak"


def measured(command: Sequence[str | Path], log: Path, **environment: str) -> Cost:
    """Runs a command to its end, its output in `log`.

    Raises:
        SystemExit: it failed; the end of its output is shown.
    """
    with log.open("wb") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command], stdout=output, stderr=output, env={**os.environ, **environment}
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[:2]} ended with {process.returncode}:\n{log.read_text('utf-8')[-3000:]}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 2**20)


def sample(folder: Path, cases: int) -> Path:
    """The synthetic files of so many cases, made once."""
    made = folder / f"sample-{cases}"
    if not made.is_dir():
        part = folder / f"sample-{cases}.part"
        write = "from pathlib import Path; from pipelines.sample import deliveries; "
        write += f"deliveries.write(Path({str(part)!r}), cases={cases})"
        subprocess.run([sys.executable, "-c", write], check=True)
        part.rename(made)
    return made


def fresh_home(home: Path, files: Path) -> Path:
    """A home that holds nothing but the files in its inbox."""
    shutil.rmtree(home, ignore_errors=True)
    for file in sorted(files.glob("*/*")):
        into = home / "shengzhou/inbox" / file.parent.name
        into.mkdir(parents=True, exist_ok=True)
        os.link(file, into / file.name)
    return home


def refresh(engine: str, home: Path, files: Path) -> Cost:
    """A refresh of all these files in a fresh home."""
    fresh_home(home, files)
    if engine == "steps":
        return measured([sys.executable, HERE / "steps.py", home], home.with_suffix(".log"))
    command = [Path(sys.executable).with_name("caseload"), "refresh", "--profile", "shengzhou"]
    return measured(command, home.with_suffix(".log"), CASELOAD_HOME=str(home))


# What is compared, of the refresh and of the bare script; the rows of each query must be the same. Rows set aside are named
# by reason, file and key, since each of the two counts the rows of a file in its own way.
BOTH = {
    "cells": (f"select {CELL} from ours.metrics.cells where to_refresh is null", f"select {CELL} from bare.cells"),
    "rules": (
        "select rule_id, failing from ours.quality.verdicts "
        "where rule_id in (select rule_id from bare.verdicts) and error is null",
        "select rule_id, failing from bare.verdicts",
    ),
    "rows set aside": (
        """select reason_code, file, case_key, count(distinct record)
        from ours.quality.set_aside join ours.model.deliveries using (delivery_no) group by all""",
        """with keys as (
            select 'case' as kind, rowid as row_id, case_key as key from bare.case_rows
            union all select 'registration', rowid, application_key from bare.registration_rows
        )
        select rule_id, name, case when rule_id <> 'NO_CASE' then key end, count(distinct row_id)
        from bare.aside join bare.files using (file_no) left join keys using (kind, row_id)
        where rule_id <> 'REPEATED' group by all""",
    ),
    "files (rows and duplicates)": (
        "select file, rows_delivered, rows_duplicate from ours.model.deliveries where rows_duplicate < rows_delivered",
        """with places as (
            select file_no, 0 as is_repeated from bare.case_rows
            union all select file_no, 0 from bare.registration_rows
            union all select file_no, 0 from bare.broken where row_id < 0
            union all select file_no, 1 from bare.broken where rule_id = 'REPEATED'
        )
        select name, count(*) - sum(is_repeated), sum(is_repeated) from places join bare.files using (file_no) group by all""",
    ),
}


def differences(home: Path, bare: Path) -> list[str]:
    """Where the two do not agree, row for row, both ways, null being equal to null; prints how much they agree in."""
    import duckdb

    con = duckdb.connect()
    for name, path in (("ours", home / "shengzhou/warehouse.duckdb"), ("bare", bare)):
        con.execute("attach '{}' as {} (read_only)".format(str(path).replace("'", "''"), name))
    found = []
    for what, (ours, theirs) in BOTH.items():
        [(rows,)] = con.execute(f"select count(*) from ({ours})").fetchall()
        if not rows:
            found.append(f"{what}: there are none")  # of rows set aside: in a sample below 5,000 cases, which is clean
        differ = []
        for who, one, other in (("only the refresh has", ours, theirs), ("only the bare script has", theirs, ours)):
            for row in con.execute(f"({one}) except all ({other}) order by all").fetchall():
                differ.append(f"{what}: {who} {row}")
        print(f"compared {what}: {rows} rows of the refresh, {len(differ)} differences", *differ[:20], sep="\n  ")
        found += differ
    return found


def best(costs: list[Cost]) -> Cost:
    """The least wall and CPU time of all runs, since others may be at work on the machine; the greatest peak."""
    return Cost(min(c.wall for c in costs), min(c.cpu for c in costs), max(c.peak for c in costs))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", type=Path, required=True, help="folder for samples, homes and logs, about 3 GB")
    parser.add_argument("--cases", type=int, default=2_000_000)
    parser.add_argument("--runs", type=int, default=3, help="of each; the least time counts")
    parser.add_argument("--engine", choices=("cli", "steps"), default="cli", help="steps: without Dagster")
    asked = parser.parse_args()
    folder = asked.dir.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    small, large = sample(folder, SMALLEST), sample(folder, asked.cases)
    home, bare = folder / "home", folder / "bare.duckdb"
    costs: dict[str, list[Cost]] = {"start-up": [], "refresh": [], "bare": []}
    for run in range(asked.runs):
        costs["start-up"].append(refresh(asked.engine, folder / "home-small", small))
        costs["bare"].append(measured([sys.executable, HERE / "bare.py", large, bare], folder / "bare.log"))
        costs["refresh"].append(refresh(asked.engine, home, large))
        for name, found in costs.items():
            print(f"run {run + 1}  {name:9} {found[-1]}", flush=True)
    start, whole, yardstick = (best(costs[name]) for name in ("start-up", "refresh", "bare"))
    differ = differences(home, bare)
    ratio, ratio_cpu = (whole.wall - start.wall) / yardstick.wall, (whole.cpu - start.cpu) / yardstick.cpu
    goals = (
        (
            f"cells, rules, rows set aside and files equal at {asked.cases:,} cases",
            not differ,
            f"{len(differ)} differences" if differ else "yes",
        ),
        (f"start-up at most {GOAL_START_UP:.0f} s", start.wall <= GOAL_START_UP, f"{start.wall:.2f} s"),
        (f"rest at most {GOAL_RATIO:.0f} × bare", ratio <= GOAL_RATIO, f"{ratio:.2f} (user+sys {ratio_cpu:.2f})"),
        (f"peak under {GOAL_PEAK_GB:.0f} GB", whole.peak < GOAL_PEAK_GB, f"{whole.peak:.2f} GB"),
    )
    print(f"{date.today()}  {os.cpu_count()} cores, Python {platform.python_version()}, engine {asked.engine}")
    for goal, is_met, value in goals:
        print(f"{'met   ' if is_met else 'MISSED'}  {goal}: {value}")
    return 0 if all(is_met for _, is_met, _ in goals) else 1


if __name__ == "__main__":
    raise SystemExit(main())
