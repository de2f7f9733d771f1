"""The pages under load: 20 readers, kept pages, drill-down, the size of the first page, and publications swapped meanwhile.

Usage: python bench/pages.py HOME [--profile shengzhou] [--readers 20] [--every 5] [--seconds 60] [--seed 683]
`caseload serve` runs in a process of its own on a free port of the loopback. Readers ask for pages as people do: the first
page, subjects, figures with filters, in both languages, a page each `--every` seconds, drawn with `--seed`. Then explanations,
one after another; kept pages; and the readers again, while the published file is replaced by a copy of itself every five
seconds, as a refresh does. It ends with 1 where a page failed, or held two publications. Nothing here judges a time: the
goals stand in bench/README.md.
"""

from __future__ import annotations

import argparse
import http.client
import random
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

SUBJECTS = ("caseload", "timeliness", "enforcement", "registration", "benches", "bulletin", "quality", "definitions", "about")
FIGURES = ("filed", "closed", "pending_end", "closing_rate_cn", "same_day_registration_rate", "enforcement_backlog",
           "mean_days_closed", "within_lawful_limit_rate", "zhongben_pool", "long_pending_12m")  # fmt: skip
FAMILIES = ("", "&family=civil", "&family=criminal", "&family=enforcement")
DRILLED = ("filed/2016-{m:02}/family=civil", "closed/2015-{m:02}", "pending_end/2014-{m:02}/family=criminal",
           "zhongben_pool/2016-{m:02}", "within_lawful_limit_rate/2016-{m:02}")  # fmt: skip


def pages(chance: random.Random) -> Iterator[str]:
    """Addresses as people ask for them, without end."""
    while True:
        lang, year, month = chance.choice(("zh", "zh", "en")), chance.randint(2012, 2016), chance.randint(1, 10)
        kind = chance.random()
        if kind < 0.35:
            yield f"/{lang}/?period={year}-{month:02}{chance.choice(FAMILIES)}"
        elif kind < 0.6:
            yield f"/{lang}/{chance.choice(SUBJECTS)}?period={year}-{month:02}"
        else:
            by = chance.choice(("", "kind=year", "kind=quarter&from=2014-Q1", "from=2014-01&to=2016-10", "by=court&kind=year"))
            yield f"/{lang}/figures/{chance.choice(FIGURES)}?{by}"


@dataclass
class Asked:
    """What was asked: seconds of each answer, and what was wrong."""

    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, port: int, address: str) -> bytes:
        """One page on a connection of its own."""
        began = time.perf_counter()
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", address)
            answer = connection.getresponse()
            body, status = answer.read(), answer.status
            connection.close()
        except OSError as error:
            body, status = str(error).encode(), 0
        took = time.perf_counter() - began
        with self.guard:
            self.seconds.append(took)
            held = set(re.findall(rb"(?:Publication|\xe5\x8f\x91\xe5\xb8\x83) ?(r\d{6})", body))
            if status != 200:
                self.wrong.append(f"{address}: {status} {body[:80]!r}")
            elif len(held) > 1 and b"/changes" not in address.encode():
                self.wrong.append(f"{address}: it names {len(held)} publications")
        return body

    def told(self, name: str) -> None:
        """One line."""
        found = self.seconds
        cut = quantiles(found, n=20)[-1] if len(found) > 1 else 0.0
        print(f"{name}: {len(found)} pages, {1000 * median(found):.0f} ms in the median, p95 {1000 * cut:.0f} ms, "
              f"{1000 * max(found):.0f} ms at most, {len(self.wrong)} wrong", flush=True)  # fmt: skip
        for one in self.wrong[:5]:
            print("  ", one)


def readers(port: int, count: int, every: float, until: float, seed: int) -> Asked:
    """So many people, each with a page in every span of so many seconds, beginning at different moments of it."""
    asked = Asked()

    def read(number: int) -> None:
        chance = random.Random(seed * 1000 + number)
        addresses = pages(chance)
        time.sleep(every * number / count)
        while time.perf_counter() < until:
            began = time.perf_counter()
            asked.ask(port, next(addresses))
            time.sleep(max(0.0, every - (time.perf_counter() - began)))

    threads = [threading.Thread(target=read, args=(number,)) for number in range(count)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return asked


def kept(port: int, seconds: float, seed: int) -> Asked:
    """The same twenty pages again and again, by four readers that do not wait."""
    found = Asked()
    chosen = [address for address, _ in zip(pages(random.Random(seed)), range(20), strict=False)]
    for address in chosen:
        found.ask(port, address)
    found.seconds.clear()
    until = time.perf_counter() + seconds

    def read(number: int) -> None:
        at = number
        while time.perf_counter() < until:
            found.ask(port, chosen[at % len(chosen)])
            at += 1

    threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return found


def swaps(warehouse: Path, until: float, every: float = 5) -> int:
    """Puts a copy in the place of the published file, again and again, as a refresh does; how often."""
    count = 0
    while time.perf_counter() + every < until:
        time.sleep(every)
        beside = warehouse.with_suffix(".swap")
        shutil.copyfile(warehouse, beside)
        beside.replace(warehouse)
        count += 1
    return count


def served(home: Path, profile: str) -> tuple[Any, int]:
    """The real command, and its port."""
    run = "import sys; from pipelines.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", run, "serve", "--port", "0", "--home", str(home), "--profile", profile]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    told = process.stderr.readline() if process.stderr else ""
    found = re.search(r"http://127\.0\.0\.1:(\d+)/", told)
    if found is None:
        raise SystemExit(f"nothing is served: {told}")
    threading.Thread(target=_pass_on, args=(process.stderr,), daemon=True).start()  # a full pipe would stop it
    return process, int(found[1])


def _pass_on(said: Any) -> None:
    for line in said:
        sys.stderr.write(line)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("home", type=Path)
    parser.add_argument("--profile", default="shengzhou")
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--every", type=float, default=5)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=683)
    options = parser.parse_args()
    process, port = served(options.home, options.profile)
    try:
        time.sleep(10)  # until it has made its first pages and its first chart
        body = Asked().ask(port, "/zh/")
        sheet = re.search(rb'href="(/static/style\.css[^"]*)"', body)
        rest = sum(len(Asked().ask(port, address)) for address in ((sheet[1].decode() if sheet else ""), "/static/icon.svg"))
        print(f"first page: {len(body) / 1000:.0f} kB, with style sheet and icon {(len(body) + rest) / 1000:.0f} kB")
        first = readers(port, options.readers, options.every, time.perf_counter() + options.seconds, options.seed)
        first.told(f"{options.readers} readers, a page each {options.every:g} s")
        drilled = Asked()
        for month in range(1, 9):
            for one in DRILLED:
                drilled.ask(port, f"/en/explain/{one.format(m=month)}")
        drilled.told("drill-down, one after another")
        again = kept(port, 10, options.seed)
        again.told(f"kept pages, {len(again.seconds) / 10:.0f} a second")
        until, counts = time.perf_counter() + options.seconds, []
        swapper = threading.Thread(
            target=lambda: counts.append(swaps(options.home / options.profile / "warehouse.duckdb", until))
        )
        swapper.start()
        under = readers(port, options.readers, options.every, until, options.seed + 1)
        swapper.join()
        under.told(f"the same with {counts[0]} publications swapped")
    finally:
        process.terminate()
        process.wait(20)
    return int(any(one.wrong for one in (first, drilled, again, under)))


if __name__ == "__main__":
    sys.exit(main())
