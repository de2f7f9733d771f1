"""All metrics of 5 million cases at all base dimensions: how long, with how much memory, and each metric's share.

Usage: python bench/metrics.py --dir FOLDER [--cases 5000000] [--runs 2] [--shares]
The made-up docket (54,456 cases) is refreshed once; then every row of its model that belongs to a case, a spell or an
application is copied so often, under keys of its own, that there are that many cases (kept in FOLDER for the next time).
Measured is what a refresh does from the model to the cells with their spans, in the file and with the memory of one. Each
cell must be the docket's times the copies: dimensions and periods are the docket's own. `--shares` counts each metric alone
as well. The goal is 60 seconds and 4 GB. Ends with 1 where it is missed or a cell is wrong.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import sys
import time
from datetime import date, datetime
from pathlib import Path

from warehouse.catalogue.bundle import Catalogue, find_profile, read_catalogue
from warehouse.catalogue.query import read_query
from warehouse.refresh.begin import refreshing
from warehouse.refresh.count import count_metrics, keep_cells, make_table
from warehouse.refresh.run import run_steps
from warehouse.refresh.work import Refreshing
from warehouse.store.duck import DuckStore
from warehouse.store.place import Place

GOAL_SECONDS, GOAL_MEMORY = 60.0, 4e9
SAMPLE = 54_456
COUNTING_DAY = date(2016, 10, 31)
KEYS = ("case_key", "application_key", "origin_case_key", "chain_key", "event_key", "result_key")
EQUAL = """
    select count(*)
    from (
        select * exclude (n, d), sum(n) as n, sum(d) as d
        from (
            select * exclude (numerator, denominator, from_refresh, to_refresh), numerator * $copies as n,
                denominator * $copies as d
            from model.docket_cells
            union all by name
            select * exclude (numerator, denominator), -numerator as n, -denominator as d from metrics.new_cells
        )
        group by all
    )
    where n <> 0 or d <> 0"""


def docket(folder: Path, catalogue: Catalogue) -> Path:
    """The warehouse of the docket, refreshed once."""
    place = Place(folder / "home/shengzhou")
    if not place.warehouse.exists():
        from pipelines.sample.deliveries import write

        place.make()
        write(place.inbox, cases=SAMPLE, seed=catalogue.profile.settings.sample.seed)
        with refreshing(place, catalogue, datetime(2016, 11, 1, 2), "bench") as work:
            work.land()
            run_steps(work)
    return place.warehouse


def tables_read(catalogue: Catalogue) -> list[str]:
    """The tables of the model that members are read from, and those behind views among them."""
    sql, tables = catalogue.house / "sql", catalogue.tables
    found, waiting = set[str](), [f"metrics/{m.members.split('/')[-1]}" for m in catalogue.stored_metrics.values()]
    while waiting:
        for name in read_query(sql, waiting.pop()).tables - found:
            if name.startswith("model."):
                found.add(name)
                if tables[name].kept == "view":
                    waiting.append(name.replace(".", "/"))
    return sorted(found)


def made(folder: Path, catalogue: Catalogue, cases: int) -> tuple[Path, int]:
    """The file with the copies, made once, and how many there are of each case."""
    source, path = docket(folder, catalogue), folder / f"metrics-{cases}.duckdb"
    copies = -(-cases // SAMPLE)
    if path.exists():
        return path, copies
    shutil.copyfile(source, path.with_suffix(".part"))
    store = DuckStore.open(path.with_suffix(".part"), folder / "scratch")
    ask = store.connection.execute
    ask("create table model.docket_cells as select * from metrics.cells")
    for name in tables_read(catalogue):
        columns = catalogue.tables[name].columns
        keys = [c for c in columns if c in KEYS]
        if catalogue.tables[name].kept == "view" or not (keys or "spell_no" in columns):
            continue
        changed = [f"{key} || '~' || copy as {key}" for key in keys]
        changed += ["spell_no + copy * 1000000 as spell_no"] if "spell_no" in columns else []
        ask(
            f"create or replace table {name} as select * replace ({', '.join(changed)}) from {name}, range({copies}) as r(copy)"
        )
    store.close()
    path.with_suffix(".part").rename(path)
    return path, copies


def main() -> int:
    """Prints seconds, memory, cells; and the share of each metric."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--cases", type=int, default=5_000_000)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--shares", action="store_true")
    options = parser.parse_args()
    options.dir.mkdir(parents=True, exist_ok=True)
    catalogue = read_catalogue(find_profile("shengzhou"))
    path, copies = made(options.dir, catalogue, options.cases)
    work = Refreshing(Place(options.dir / "none"), catalogue, datetime(2016, 11, 1), "bench", number=2)
    work._store = store = DuckStore.open(path, options.dir / "scratch")
    work.__dict__["counting_day"] = COUNTING_DAY
    ask, metrics = store.connection.execute, list(catalogue.stored_metrics.values())
    for name in tables_read(catalogue):
        if catalogue.tables[name].kept == "view":
            make_table(work, name)
    best = float("inf")
    for run in range(1, options.runs + 1):
        ask("create or replace table metrics.cells as select * from model.docket_cells limit 0")
        began, used = time.perf_counter(), time.process_time()
        count_metrics(work, metrics)
        counted = time.perf_counter() - began
        cells = keep_cells(work)
        took, used = time.perf_counter() - began, time.process_time() - used
        best = min(best, took)
        print(f"run {run}: {took:.1f} s ({used:.1f} s CPU), {counted:.1f} s of it counting, {cells:,} cells", flush=True)
        ((wrong,),) = ask(EQUAL, {"copies": copies}).fetchall()
        if wrong:
            print(f"{wrong:,} cells are not {copies} times those of the docket")
            return 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    ((rows,),) = ask("select count(*) from model.cases").fetchall()
    print(f"{rows:,} cases; best {best:.1f} s, goal {GOAL_SECONDS:.0f} s")
    print(f"peak {peak / 1e9:.2f} GB, goal {GOAL_MEMORY / 1e9:.0f} GB")
    if options.shares:
        shares = {}
        for metric in metrics:
            began = time.perf_counter()
            count_metrics(work, [metric])
            shares[metric.id] = time.perf_counter() - began
        whole = sum(shares.values())
        print(f"each alone {whole:.1f} s:")
        for name, seconds in sorted(shares.items(), key=lambda item: -item[1]):
            print(f"  {name:36} {seconds:5.2f} s  {seconds / whole:5.1%}")
    store.abandon()
    return int(best > GOAL_SECONDS or peak > GOAL_MEMORY)


if __name__ == "__main__":
    sys.exit(main())
