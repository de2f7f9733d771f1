"""Twenty-four months of nightly deltas, one refresh a night: how the warehouse grows, and how long a night takes.

Usage: python bench/nights.py --dir FOLDER [--cases 5000] [--months 24] [--go-on]
The made-up docket (pipelines/sample) is split by the day on which something happened: what the court sent for the years
before comes as it was, then each night a delta of the rows that changed on that day, one file a source. Every night is a
refresh without Dagster, in one process, into one home. Printed for each month: deliveries, rows, changed versions, seconds a
night, size of the warehouse file and of the content in it. The end states whether the size grew in proportion to what
changed. One that was stopped goes on after its last refresh with --go-on, without telling of the months before. The splitter
knows nothing of the warehouse: it reads the files that the court sent.
"""

from __future__ import annotations

import argparse
import csv
import gc
import json
import os
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

LAST = date(2016, 10, 31)
HAPPENED = {
    "cases": ("立案日期", "结案日期"),
    "registrations": ("收到日期", "处理日期", "补正通知日期", "补正材料收到日期", "立案日期"),
}
KNOWN_WITH = {"结案日期": ("结案方式", "执行到位金额"), "处理日期": ("首次处理",)}
"""What nobody knows before that day. A case number is known with the registration of an application."""
SEED = 683
LONG_AGO = 1.7e9

Row = dict[str, str]


# --- the splitter


def rows_of(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    """Header and fields of each row as delivered, whatever it is."""
    if path.suffix == ".xlsx":
        import openpyxl

        sheet = openpyxl.load_workbook(path).worksheets[0]
        table = [
            ["" if v is None else str(v).removesuffix(" 00:00:00") for v in row] for row in sheet.iter_rows(values_only=True)
        ]
        head = next(n for n, row in enumerate(table) if row[0] in ("案号", "申请编号"))
        yield from ((table[head], row) for row in table[head + 1 :])
    elif path.suffix == ".jsonl":
        for line in path.read_text("utf-8").splitlines():
            told = json.loads(line)
            yield list(told), ["" if v is None else str(v) for v in told.values()]
    else:
        content = path.read_bytes()
        text = content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "gb18030")
        header, *rest = csv.reader(text.splitlines())
        yield from ((header, row) for row in rest)


def state_on(row: Row, source: str, day: date) -> Row:
    """What was known of the row's case or application at the end of that day."""
    known = dict(row)
    for column in HAPPENED[source]:
        if known[column] > str(day):
            gone = (
                column,
                *KNOWN_WITH.get(column, ()),
                *(("案号",) if (source, column) == ("registrations", "立案日期") else ()),
            )
            known |= dict.fromkeys(gone, "")
    return known


def nightly(path: Path, source: str, first: date, last: date) -> Iterator[tuple[date, list[str], list[str]]]:
    """Day, header and fields: a row of the file once for each day of the period on which something happened to it.

    What names no day of the period (a correction, a row that is spoilt) is told on the last one, as it stands.
    """
    for header, fields in rows_of(path):
        row = dict(zip(header, fields, strict=False))
        days = sorted({row[c] for c in HAPPENED[source] if len(fields) == len(header) and str(first) <= row[c] <= str(last)})
        days = [day for day in days if _is_day(day)]
        if not days:
            yield last, header, fields
        for day in days:
            yield date.fromisoformat(day), header, list(state_on(row, source, date.fromisoformat(day)).values())


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def split(sent: Path, into: Path, begin: date) -> tuple[list[Path], dict[date, list[Path]]]:
    """The files of `sent`, rewritten: what came before `begin`, and the deltas of each night since."""
    before: list[Path] = []
    nights: dict[date, list[Path]] = defaultdict(list)
    for source in HAPPENED:
        told: dict[date, list[list[str]]] = defaultdict(list)
        opening: dict[str, list[str]] = {}
        header: list[str] = []
        first = date(1900, 1, 1)
        for path in sorted((sent / source).iterdir(), key=lambda p: p.stem.split("_")[2]):
            last = date.fromisoformat(path.stem.split("_")[2])
            if "resent" in path.name:
                continue
            if last < begin:
                before.append(path)
            else:
                for day, header, fields in nightly(path, source, first, last):  # noqa: B007 - the header is wanted below
                    if day < begin:
                        opening[fields[0]] = fields
                    else:
                        told[day].append(fields)
            first = last + timedelta(days=1)
        eve = begin - timedelta(days=1)
        if opening:
            before.append(_file(into, source, eve, header, list(opening.values())))
        for day, rows in told.items():
            nights[day].append(_file(into, source, day, header, rows))
    return before, nights


def _file(into: Path, source: str, day: date, header: list[str], rows: list[list[str]]) -> Path:
    path = into / source / f"{source}_synthetic-1-{SEED}_{day}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])
    return path


# --- the nights


@dataclass
class Month:
    """What the nights of one month came to."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    deliveries: int = 0
    rows: int = 0
    versions: int = 0
    cells: int = 0
    size: int = 0
    free: int = 0

    def line(self, name: str) -> str:
        """A row of the table."""
        a_night, used = sum(self.seconds) / len(self.seconds), sum(self.cpu) / len(self.cpu)
        content = self.size - self.free
        return (f"| {name} | {len(self.seconds)} | {self.deliveries} | {self.rows:,} | {self.versions:,} | {self.cells:,} | "
                f"{a_night:.2f} | {used:.2f} | {self.size / 1e6:.1f} | {content / 1e6:.1f} |")  # fmt: skip


def measure(warehouse: Path) -> dict[str, int]:
    """Counts and bytes of a published file."""
    import duckdb

    with duckdb.connect(str(warehouse), read_only=True) as connection:

        def one(query: str) -> int:
            found = connection.execute(query).fetchone()
            return int(found[0]) if found else 0

        versions = "select (select count(*) from model.case_history) + (select count(*) from model.registration_history)"
        block, _, free = connection.execute(
            "select block_size, used_blocks, free_blocks from pragma_database_size()"
        ).fetchall()[0]
        return {
            "versions": one(versions), "cells": one("select count(*) from metrics.cells"),
            "rows": one("select sum(rows_delivered) from model.deliveries"), "free": int(block) * int(free),
            "deliveries": one("select count(*) from model.deliveries"), "size": warehouse.stat().st_size,
        }  # fmt: skip


def compacted(warehouse: Path, into: Path) -> tuple[int, float]:
    """Bytes of the same content written into a new file, and seconds."""
    import duckdb

    into.unlink(missing_ok=True)
    began = time.perf_counter()
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse}' as full_file (read_only)")
        connection.execute(f"attach '{into}' as small_file")
        connection.execute("copy from database full_file to small_file")
    took, size = time.perf_counter() - began, into.stat().st_size
    into.unlink()
    return size, took


def deliver(home: Path, files: Sequence[Path]) -> None:
    """Into the inbox, untouched since long."""
    for file in files:
        target = home / "shengzhou/inbox" / file.parent.name / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
        os.utime(target, (LONG_AGO, LONG_AGO))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--go-on", action="store_true", help="after the last refresh of a replay that was stopped")
    options = parser.parse_args()
    from pipelines.sample.deliveries import write
    from warehouse.catalogue.bundle import find_profile, read_catalogue
    from warehouse.intake.chronicle import read_chronicle
    from warehouse.intake.ledger import Ledger
    from warehouse.refresh.begin import refreshing
    from warehouse.refresh.run import run_steps
    from warehouse.store.place import Place

    folder = options.dir / f"nights-{options.cases}"
    if not options.go_on:
        shutil.rmtree(folder, ignore_errors=True)
    write(folder / "sent", cases=options.cases, seed=SEED)
    years, months = divmod(LAST.year * 12 + LAST.month - options.months, 12)
    before, nights = split(folder / "sent", folder / "split", date(years, months + 1, 1))
    catalogue, place = read_catalogue(find_profile("shengzhou")), Place(folder / "home/shengzhou")
    place.make()

    def night(day: date, files: Sequence[Path]) -> tuple[float, float]:
        deliver(folder / "home", files)
        began, used = time.perf_counter(), time.process_time()
        now = datetime.combine(day + timedelta(days=1), datetime.min.time(), ZoneInfo("Asia/Shanghai"))
        with refreshing(place, catalogue, now, "bench") as work:
            work.land()
            run_steps(work)
        return time.perf_counter() - began, time.process_time() - used

    first, done = min(nights) - timedelta(days=1), 0
    if options.go_on:
        done = len(read_chronicle(Ledger(place.landing).events()).publications) - 1
        print(f"goes on after {done} nights", flush=True)
    else:
        print(f"opening: {night(first, before)[0]:.1f} s for {len(before)} files", flush=True)
    start = was = measure(place.warehouse)
    print("{versions:,} versions, {cells:,} cells, {size:,} bytes".format(**was))
    print("| month | nights | deliveries | rows | changed versions | changed cells | s a night | CPU s | MB | content MB |")
    told: dict[str, Month] = defaultdict(Month)
    days = sorted(nights)[done:]
    for at, day in enumerate(days):
        month = told[f"{day:%Y-%m}"]
        took, used = night(day, nights[day])
        month.seconds.append(took)
        month.cpu.append(used)
        gc.collect()
        if at + 1 == len(days) or f"{days[at + 1]:%Y-%m}" != f"{day:%Y-%m}":
            now = measure(place.warehouse)
            month.size, month.free = now["size"], now["free"]
            for name in ("deliveries", "rows", "versions", "cells"):
                setattr(month, name, now[name] - was[name])
            was = now
            print(month.line(f"{day:%Y-%m}"), flush=True)
    size, took = compacted(place.warehouse, folder / "small.duckdb")
    print(f"written anew: {size / 1e6:.1f} MB of {was['size'] / 1e6:.1f} MB, in {took:.2f} s")
    changed = was["versions"] - start["versions"] + was["cells"] - start["cells"]
    content = [one["size"] - one["free"] for one in (start, was)]
    per = (content[1] - content[0]) / changed
    print(f"content grew from {content[0] / 1e6:.1f} to {content[1] / 1e6:.1f} MB: {per:.0f} bytes for each "
          f"of {changed:,} changed versions and cells")  # fmt: skip
    half = {name: (month.size - month.free, month.versions + month.cells) for name, month in told.items()}
    middle = list(half)[len(half) // 2 - 1]
    early, late = half[middle][0] - content[0], content[1] - half[middle][0]
    weights = [sum(changed for _, changed in list(half.values())[: len(half) // 2]),
               sum(changed for _, changed in list(half.values())[len(half) // 2 :])]  # fmt: skip
    print(f"first half {early / max(weights[0], 1):.0f}, second half {late / max(weights[1], 1):.0f} bytes a change; "
          "a block of DuckDB is 262,144")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
