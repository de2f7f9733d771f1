"""The reader of delimited text beside DuckDB's own: 10 million rows of 12 columns, each with its exact physical line.

Usage: python bench/reader.py --dir FOLDER [--rows 10000000] [--runs 3]
What is compared: our reader from CSV to raw Parquet (strictly decoded, every row with record and line, totals and torn
rows looked for) with `copy (from read_csv(…, all_varchar)) to … (format parquet)` of the UTF-8 twin. The goals: at most
2 times for UTF-8, 3 times for GB18030, under 1.5 GB. Ends with 1 where one is missed or rows differ.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

GOALS = {"utf-8": 2.0, "gb18030": 3.0}
GOAL_PEAK_GB = 1.5
HEADERS = [
    "案号", "立案日期", "适用程序", "承办庭室", "承办人", "结案日期", "结案方式", "原案号", "自诉", "作废", "申请标的金额",
    "执行到位金额",
]  # fmt: skip


def write(path: Path, encoding: str, rows: int) -> None:
    """Made-up cases; the same for every encoding."""
    with path.open("w", encoding=encoding, newline="") as file:
        file.write(",".join(HEADERS) + "\n")
        for n in range(rows):
            filed = f"（{2012 + n % 5}）浙0683民初{n}号,{2012 + n % 5}-{1 + n % 12:02}-{1 + n % 28:02}"
            file.write(
                f"{filed},简易程序,民一庭,J{n % 40:03},"
                f"{2013 + n % 4}-{1 + n % 11:02}-{1 + n % 27:02},判决,,否,否,{n % 100000}.50,{n % 9000}.00\n"
            )


def ours(source: Path, into: Path, encoding: str) -> None:
    """Our reader."""
    from warehouse.intake.readers.delimited import Dialect, read
    from warehouse.intake.readers.rows import Wanted

    wanted = Wanted(tuple(HEADERS), key="案号")
    found = read(source, name=source.name, dialect=Dialect(encodings=("utf-8", "gb18030")), wanted=wanted, into=into)
    if found.encoding != encoding or found.torn:
        raise SystemExit(f"read as {found.encoding} with {len(found.torn)} torn rows")


def theirs(source: Path, into: Path, _: str) -> None:
    """DuckDB, two threads, every column as text."""
    import duckdb

    connection = duckdb.connect(config={"threads": 2})
    connection.execute(
        "copy (from read_csv($source, all_varchar=true, strict_mode=true, delim=',', header=true)) "
        f"to '{into}' (format parquet, compression zstd)", {"source": str(source)},
    )  # fmt: skip


READERS: dict[str, Callable[[Path, Path, str], None]] = {"ours": ours, "theirs": theirs}


def measured(who: str, source: Path, into: Path, encoding: str, runs: int) -> tuple[float, float]:
    """The least seconds and the largest peak in GB of some runs, each in a process of its own."""
    least, peak = float("inf"), 0.0
    for _ in range(runs):
        words = [sys.executable, __file__, "--one", who, str(source), str(into), encoding]
        began = time.perf_counter()
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{who} failed on {source.name}")
        least, peak = min(least, time.perf_counter() - began), max(peak, used.ru_maxrss / 2**20)
    return least, peak


def differs(mine: Path, other: Path, rows: int) -> str:
    """How our rows differ from DuckDB's, and their lines from the right ones; nothing where they do not."""
    import duckdb

    listed = ", ".join(f'"{name}"' for name in HEADERS)
    ask = duckdb.connect().execute
    count = ask(
        f"select count(*) from ((select {listed} from '{mine}' except all select {listed} from "
        f"(select {', '.join(f'coalesce({name}, $empty) as {name}' for name in HEADERS)} from '{other}')))", {"empty": ""},
    ).fetchone()  # fmt: skip
    places = ask(f"select count(*), count(*) filter (where line <> record + 1), max(record) from '{mine}'").fetchone()
    return "" if (count[0], places) == (0, (rows, 0, rows)) else f"{count[0]} rows differ, places {places}"


def main(words: Sequence[str] | None = None) -> int:
    """Measures and judges."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--dir", type=Path)
    asked.add_argument("--rows", type=int, default=10_000_000)
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--one", nargs=4)
    options = asked.parse_args(words)
    if options.one:
        who, source, into, encoding = options.one
        READERS[who](Path(source), Path(into), encoding)
        return 0
    options.dir.mkdir(parents=True, exist_ok=True)
    files = {encoding: options.dir / f"cases_{options.rows}_{encoding}.csv" for encoding in GOALS}
    for encoding, file in files.items():
        if not file.exists():
            write(file, encoding, options.rows)
    other, missed = options.dir / "theirs.parquet", []
    base, base_peak = measured("theirs", files["utf-8"], other, "utf-8", options.runs)
    print(f"DuckDB   utf-8    {base:6.2f} s  {base_peak:5.2f} GB")
    for encoding, file in files.items():
        mine = options.dir / f"ours_{encoding}.parquet"
        seconds, peak = measured("ours", file, mine, encoding, options.runs)
        print(f"ours     {encoding:8} {seconds:6.2f} s  {peak:5.2f} GB  {seconds / base:5.2f} times")
        missed += [f"{encoding} ratio"] * (seconds / base > GOALS[encoding]) + [f"{encoding} memory"] * (peak > GOAL_PEAK_GB)
    # Compared only now: Linux counts the memory of the parent at the fork into the peak of the child.
    missed += [wrong for encoding in files if (wrong := differs(options.dir / f"ours_{encoding}.parquet", other, options.rows))]
    print("missed: " + ", ".join(missed) if missed else "all goals are met, rows and lines are equal")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
