"""How many alarms of drift a year of nights raises, and which faults they find: made-up docket, real sets, injected faults.

Usage: python bench/drift.py --dir FOLDER [--cases 20000] [--months 24] [--show] [--only docket|real] [--captures FILE]
The made-up docket is split into nightly deltas by bench/nights.py. Not whole refreshes are run, which take seconds a night, but
the measures alone, in one process: every file is landed, read and staged as in a refresh, the rules on rows that need nothing
but the new rows are asked, and the measures (sql/drift) are judged by the same code, night by night, over a history of numbers
that this bench keeps in the tables that they read. Then each fault, in one night of the docket, with an ordinary night after
it: found is what was not there without the fault; rows that rules set aside are named beside it. Then each real set's
deliveries in turn.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))
import nights

from warehouse.catalogue.bundle import Catalogue, find_profile, read_catalogue
from warehouse.catalogue.drift import read_measures
from warehouse.intake.chronicle import Delivery
from warehouse.intake.quarantine import SetAside
from warehouse.intake.stage import Staged
from warehouse.quality.rule import breaking_rows, read_rules
from warehouse.refresh.begin import refreshing
from warehouse.refresh.drift import Held, judged, measured
from warehouse.refresh.reference import list_rows
from warehouse.refresh.staging import staged_file
from warehouse.refresh.work import FEEDS
from warehouse.store.base import Row
from warehouse.store.duck import DuckStore
from warehouse.store.place import Place

NOW = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))
Table = tuple[list[str], list[list[str]]]
"""Header and rows of one file."""


@dataclass
class Arrived:
    """One delivery as read and staged; of one that was refused only the reason."""

    delivery: Delivery
    rows: int = 0
    staged: Staged | None = None
    file: Path | None = None
    torn: int = 0
    refused: str | None = None


def arrive(place: Place, catalogue: Catalogue, files: Iterable[tuple[str, Path]], extra: str | None = None) -> list[Arrived]:
    """Lands, reads and stages files, each as a delivery of its source."""
    place.make()
    for source, file in files:
        (place.inbox / source).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place.inbox / source / file.name)
        if extra:
            shutil.copyfile(file.with_name(extra), place.inbox / source / extra)
    found = []
    with refreshing(place, catalogue, NOW, "bench") as work:
        work.land()
        mine = list(work.waiting)
        for source in catalogue.profile.contracts:
            work.read(source)
            work.stage(source)
        for delivery in mine:
            read = work._reads.get(delivery.delivery_no)
            staged = work._staged.get(delivery.delivery_no)
            if delivery not in work.waiting or read is None:
                why = next((r.reason for r in work.landed.refused if r.file == delivery.file), "refused")
                found.append(Arrived(delivery, refused=why))
                continue
            version = catalogue.profile.contracts[delivery.source].version
            path = staged_file(place, delivery, version) if staged else None
            torn = sum(one.code != "NO_CASE" for one in read.torn)
            found.append(Arrived(delivery, read.rows, staged, path, torn))
    return found


@dataclass
class Nights:
    """The tables that measures and rules read, grown night by night."""

    catalogue: Catalogue
    folder: Path
    until: date
    history: dict[tuple[str, str, str], list[Held]] = field(default_factory=lambda: defaultdict(list))
    bytes_of: dict[str, int] = field(default_factory=dict)
    numbers: int = 0

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.store = DuckStore.open(self.folder / "bench.duckdb", self.folder / "scratch")
        tables = self.catalogue.tables
        for name, rows in list_rows(self.catalogue.profile, self.until).items():
            self.store.load(name, tables[name], rows)
        for name in ("model.deliveries", "quality.set_aside", "model.case_history", "model.registration_history"):
            self.store.ensure(name, tables[name])
        for feeds in FEEDS:
            self.store.show_files(f"staged.new_{feeds}", tables[f"staged.{feeds}"], [])
        self.measures = read_measures()
        self.rules = {
            r.id: breaking_rows(self.catalogue, r) for r in read_rules(self.catalogue).values()
            if r.looks_at == "row" and r.severity == "blocks" and r.id not in ("DQ21", "DQ26")
        }  # fmt: skip
        self.unasked: set[str] = set()

    def parameters(self, number: int) -> dict[str, object]:
        profile = self.catalogue.profile
        return {
            "refresh_no": number, "data_from": profile.settings.data_from, "earliest_date": profile.settings.earliest_date,
            "counting_day": self.until, "courts": [row["code"] for row in profile.code_rows("courts")],
            "has_chinese_numbers": profile.settings.case_numbers == "chinese",
        }  # fmt: skip

    def night(self, number: int, arrived: Sequence[Arrived]) -> tuple[list[Row], Counter[str]]:
        """Measures and judges one night; rows of quality.drift, and how many rows which rule set aside."""
        tables, contracts = self.catalogue.tables, self.catalogue.profile.contracts
        rows, files, aside = [], defaultdict(list), []
        noted: Counter[str] = Counter()
        for one in arrived:
            d, staged = one.delivery, one.staged
            if one.refused:
                noted["refused: " + one.refused[:60]] += 1
                continue
            self.numbers += 1
            no = self.numbers
            contract = contracts[d.source]
            again = d.sha256 in self.bytes_of and self.bytes_of[d.sha256] == d.extract_on.toordinal()
            self.bytes_of.setdefault(d.sha256, d.extract_on.toordinal())
            untyped = one.rows - staged.rows if staged else 0
            same = one.rows if again or staged is None else staged.duplicates
            rank = d.extract_on.toordinal() * 1000 + d.rank * 10 + d.resent
            snapshot_rank = rank if contract.kind == "snapshot" else None
            when = (d.extract_on, d.rank, d.data_until, rank, snapshot_rank)
            told = (number, False, False, one.rows, same, untyped, "line")
            rows.append((no, d.source, contract.feeds, contract.kind, d.file, d.sha256, *when, *told))
            if one.file is not None and not again:
                files[contract.feeds].append(self._numbered(one.file, no))
                for torn in range(one.torn):
                    aside.append((number, no, -1 - torn, 0, d.source, None, None, "TORN", None, None, "", None))
                aside += (
                    [(number, *SetAside(**{**s.__dict__, "delivery_no": no}).row()) for s in staged.set_aside] if staged else []
                )
        self.store.append("model.deliveries", tables["model.deliveries"], rows)
        self.store.append("quality.set_aside", tables["quality.set_aside"], aside)
        noted.update(row[7] for row in aside)
        for feeds in FEEDS:
            self.store.show_files(f"staged.new_{feeds}", tables[f"staged.{feeds}"], files[feeds], only_first=True)
        values = self.parameters(number)
        for name, query in self.rules.items():
            if name in self.unasked:
                continue
            try:
                broken = self.store.rows(query, values)
            except Exception:  # it reads what the bench does not keep
                self.unasked.add(name)
                continue
            more = [(number, b[0], b[1], b[2], "", b[3], b[4], name, b[5], b[6], "", None) for b in broken]
            self.store.append("quality.set_aside", tables["quality.set_aside"], more)
            noted[name] += len({(b[0], b[1]) for b in broken})
        found = judged(self.measures, measured(self.store, self.catalogue, self.measures, values), self.history, number)
        for history, new in (("case_history", "cases"), ("registration_history", "registrations")):
            table = tables[f"model.{history}"]
            shared = [c for c in table.columns if c in tables[f"staged.{new}"].columns]
            self.store.connection.execute(
                f"insert into model.{history} by name "
                f"select {', '.join(shared)}, {number} as known_from from staged.main.new_{new}"
            )
        return found, +noted

    def _numbered(self, file: Path, number: int) -> Path:
        """The staged rows under the bench's own number of the delivery."""
        import polars as pl

        into = self.folder / f"{number:06}.parquet"
        pl.read_parquet(file).with_columns(delivery_no=pl.lit(number, pl.Int64)).write_parquet(into)
        return into


def alarms(rows: Iterable[Row]) -> list[Row]:
    """The rows that raise one."""
    return [row for row in rows if row[-2] == "alarm"]


# ---- faults: what becomes of the tables of one night


def swap(row: list[str], first: str, second: str) -> list[str]:
    return [second if v == first else first if v == second else v for v in row]


@dataclass(frozen=True)
class Ground:
    """What a fault may draw on: the night itself, files of earlier nights, and the column places of cases."""

    day: date
    cases: Table
    earlier: dict[date, Table]

    def at(self, header: str) -> int:
        return self.cases[0].index(header)

    def each(self, change: Callable[[list[str]], list[str]]) -> list[list[str]]:
        return [change(list(row)) for row in self.cases[1]]

    def put(self, column: str, value: Callable[[list[str]], str]) -> list[list[str]]:
        place = self.at(column)
        return self.each(lambda row: [value(row) if n == place else v for n, v in enumerate(row)])


def as_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def moved(text: str, days: int) -> str:
    day = as_day(text)
    return str(day + timedelta(days=days)) if day else text


def in_wan(text: str) -> str:
    try:
        return f"{float(text) / 10000:.2f}"
    except ValueError:
        return text


def saturday(text: str) -> str:
    day = as_day(text)
    return str(day - timedelta(days=(day.weekday() - 5) % 7)) if day else text


def on_days(ground: Ground, change: Callable[[str], str]) -> list[list[str]]:
    places = [ground.at("立案日期"), ground.at("结案日期")]
    return ground.each(lambda row: [change(v) if n in places else v for n, v in enumerate(row)])


def renumbered(row: list[str]) -> list[str]:
    head, _, tail = row[0].rpartition("初") if "初" in row[0] else row[0].rpartition("执")
    digits = "".join(c for c in tail if c.isdigit())
    return [row[0].replace(digits + "号", str(int(digits) + 4000) + "号") if digits and head else row[0], *row[1:]]


Fault = Callable[[Ground], list[list[str]]]
FAULTS: dict[str, Fault] = {
    "a doubled file": lambda g: [*g.cases[1], *g.cases[1]],
    "a shifted column": lambda g: g.each(lambda r: [*r[:2], *r[3:], r[2]]),
    "swapped codes of procedure": lambda g: g.each(lambda r: swap(r, "普通程序", "简易程序")),
    "a wrong encoding made question marks": lambda g: g.each(
        lambda r: ["".join(c if c.isascii() else "?" for c in v) for v in r]
    ),
    "a truncated file (the last two thirds lost)": lambda g: g.cases[1][: len(g.cases[1]) // 3],
    "all days a month later": lambda g: on_days(g, lambda v: moved(v, 30)),
    "amounts in 万元": lambda g: g.put("申请标的金额", lambda r: in_wan(r[g.at("申请标的金额")])),
    "procedure left empty": lambda g: g.put("适用程序", lambda r: ""),
    "another court's rows": lambda g: g.each(lambda r: [r[0].replace("浙0683", "浙0602"), *r[1:]]),
    "a vanished code (no 简易程序)": lambda g: [r for r in g.cases[1] if r[g.at("适用程序")] != "简易程序"],
    "a new code of bench in half of the rows": lambda g: [
        [("新设庭" if n == g.at("承办庭室") and at % 2 else v) for n, v in enumerate(r)] for at, r in enumerate(g.cases[1])
    ],
    "days moved to the weekend": lambda g: on_days(g, saturday),
    "rows entered again under new numbers": lambda g: [*g.cases[1], *g.each(renumbered)],
    "closings missing": lambda g: g.each(
        lambda r: ["" if n in (g.at("结案日期"), g.at("结案方式"), g.at("执行到位金额")) else v for n, v in enumerate(r)]
    ),
    "closed before it was filed": lambda g: g.put(
        "结案日期", lambda r: moved(r[g.at("立案日期")], -3) if r[g.at("结案日期")] else ""
    ),
    "closed on the day of filing": lambda g: g.put("结案日期", lambda r: r[g.at("立案日期")] if r[g.at("结案日期")] else ""),
    "one judge for all": lambda g: g.put("承办人", lambda r: "J01"),
    "day and month swapped": lambda g: on_days(g, lambda v: f"{v[:4]}-{v[8:10]}-{v[5:7]}" if as_day(v) else v),
    "an old file sent under a new name": lambda g: g.earlier[max(d for d in g.earlier if d <= g.day - timedelta(days=40))][1],
}
"""What becomes of the rows of one night's file of cases. Three further faults are of files as a whole: see `inject`."""


def read_table(path: Path) -> Table:
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


def write_table(path: Path, table: Table) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([table[0], *table[1]])
    return path


# ---- the docket


def docket(
    options: argparse.Namespace, folder: Path
) -> tuple[Nights, list[date], dict[date, list[Path]], dict[int, list[Row]]]:
    """Replays every night; the tables as they stand, the nights with their files, and the rows by night."""
    from pipelines.sample.deliveries import write

    write(folder / "sent", cases=options.cases, seed=options.seed)
    years, months = divmod(nights.LAST.year * 12 + nights.LAST.month - options.months, 12)
    before, nightly = nights.split(folder / "sent", folder / "split", date(years, months + 1, 1))
    catalogue = read_catalogue(find_profile("shengzhou"))
    days = sorted(nightly)
    every = [(f.parent.name, f) for f in [*before, *(f for day in days for f in nightly[day])]]
    came = {(a.delivery.source, a.delivery.file): a for a in arrive(Place(folder / "home/shengzhou"), catalogue, every)}
    replay = Nights(catalogue, folder / "replay", nights.LAST)
    rows: dict[int, list[Row]] = {}
    for number, files in enumerate([before, *(nightly[day] for day in days)], 1):
        found, _ = replay.night(number, [came[f.parent.name, f.name] for f in files])
        rows[number] = found
        KEPT[number] = dict(replay.history), dict(replay.bytes_of)
    return replay, days, nightly, rows


KEPT: dict[int, tuple[dict[tuple[str, str, str], list[Held]], dict[str, int]]] = {}
"""The history and the known files after each night: lists are never changed, so that this costs little."""


def by_month(days: Sequence[date], rows: dict[int, list[Row]], show: bool) -> None:
    print("| month | nights | deliveries | measured | alarms | deliveries with any | accepted as a new level |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    per: dict[str, list[Row]] = defaultdict(list)
    count: Counter[str] = Counter()
    for number, day in enumerate(days, 2):
        per[f"{day:%Y-%m}"] += rows[number]
        count[f"{day:%Y-%m}"] += 1
    total = 0
    for month, mine in per.items():
        raised = alarms(mine)
        total += len(raised)
        print(f"| {month} | {count[month]} | {len({r[2] for r in mine})} | {len(mine):,} | {len(raised)} | "
              f"{len({r[2] for r in raised})} | {sum(r[-2] == 'accepted' for r in mine)} |")  # fmt: skip
    if show:
        for number, day in enumerate(days, 2):
            for r in alarms(rows[number]):
                print(f"  {day} {r[3]} {r[4]} {r[5]}: {r[6]:.4g} of {r[7]}, expected {_n(r[9])}..{_n(r[10])}")
    print(f"{total} alarms in {len(per)} months without a fault: {total / len(per):.2f} a month", flush=True)


def _n(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def inject(
    replay: Nights, days: Sequence[date], nightly: dict[date, list[Path]], rows: dict[int, list[Row]], folder: Path, day: date
) -> int:
    """Each fault in the night of `day` (or, where that says more, with its files), then the next night; how many were found."""
    at = days.index(day)
    cases = {
        d: next(f for f in nightly[d] if f.parent.name == "cases")
        for d in days
        if any(f.parent.name == "cases" for f in nightly[d])
    }
    ground = Ground(day, read_table(cases[day]), {d: read_table(f) for d, f in cases.items() if d < day})
    last = max(d for d in cases if d < day)
    plans: dict[str, list[tuple[int, list[Path]]]] = {}

    def files_of(d: date, but: Path | None = None) -> list[Path]:
        return [*(f for f in nightly[d] if f.parent.name != "cases"), *([but] if but else [cases[d]] if d in cases else [])]

    for name, fault in FAULTS.items():
        spoilt = write_table(folder / f"{len(plans):02}/cases" / cases[day].name, (ground.cases[0], fault(ground)))
        plans[name] = [(at + 2, files_of(day, spoilt)), (at + 3, nightly[days[at + 1]])]
    # a month that was lost: the nights of 31 days bring nothing, the next two are looked at
    after = [n for n, d in enumerate(days) if d > day + timedelta(days=31)][:2]
    plans["a lost month"] = [(at + 2, nightly[days[after[0]]]), (at + 3, nightly[days[after[1]]])]
    old = max(d for d in cases if d <= day - timedelta(days=14))
    late = write_table(folder / "late/cases" / cases[old].name.replace(".csv", "_late.csv"), ground.earlier[old])
    plans["a delivery fourteen days late"] = [(at + 2, [*files_of(day), late]), (at + 3, nightly[days[at + 1]])]
    again = write_table(folder / "again/cases" / cases[last].name.replace(".csv", "_again.csv"), ground.earlier[last])
    plans["the file of the night before, sent again"] = [(at + 2, [*files_of(day), again]), (at + 3, nightly[days[at + 1]])]
    print("\n| fault | found after | by measures | by rules and intake |\n| --- | --- | --- | --- |")
    good = 0
    for place, (name, plan) in enumerate(plans.items()):
        replay.history, replay.bytes_of = defaultdict(list, KEPT[at + 1][0]), dict(KEPT[at + 1][1])
        for table, column in (("model.deliveries", "taken_in"), ("quality.set_aside", "set_aside_in"),
                              ("model.case_history", "known_from"), ("model.registration_history", "known_from")):  # fmt: skip
            replay.store.connection.execute(f"delete from {table} where {column} >= {at + 2}")
        told, ruled, when = [], Counter(), None
        usual = {(r[4], r[5]) for number in (at + 2, at + 3) for r in alarms(rows[number])}
        for night, (number, files) in enumerate(plan, 1):
            came = arrive(
                Place(folder / f"{place:02}/home-{night}/shengzhou"), replay.catalogue, [(f.parent.name, f) for f in files]
            )
            found, noted = replay.night(number, came)
            new = [r for r in alarms(found) if (r[4], r[5]) not in usual]
            told += [f"{r[4]}{' ' + r[5] if r[5] else ''}" for r in new]
            if night == 1:
                ruled = noted
            if when is None and (new or any(k.startswith("refused") for k in noted)):
                when = night
        by_rule = ", ".join(f"{k} ({n})" for k, n in ruled.most_common(4))
        good += when is not None
        first = list(dict.fromkeys(told))
        more = f" and {len(first) - 4} more" if len(first) > 4 else ""
        print(
            f"| {name} | {when or 'not'} | {'; '.join(first[:4])}{more} | {by_rule} |",
            flush=True,
        )
    print(f"{good} of {len(plans)} faults found within two nights")
    return good


# ---- the real sets


def real(
    folder: Path, profile: Path, files: Sequence[tuple[str, Path]], extra: str | None
) -> list[tuple[str, int, list[Row], Counter[str]]]:
    """The deliveries of a set in turn: file, rows, what was measured, what rules said."""
    catalogue = read_catalogue(profile)
    came = arrive(Place(folder / "home" / catalogue.profile.id), catalogue, files, extra)
    until = max(a.delivery.data_until for a in came)
    replay, told = Nights(catalogue, folder / "replay", until), []
    for number, one in enumerate(sorted(came, key=lambda a: a.delivery.world_order), 1):
        found, noted = replay.night(number, [one])
        told.append((one.delivery.file, one.rows, found, noted))
    return told


def shipped(folder: Path, name: str) -> None:
    profile = find_profile(name)
    (inner,) = list((profile / "deliveries").iterdir())
    listed = [row["file"] for row in csv.DictReader((inner / "deliveries.csv").open(encoding="utf-8"))]
    told = real(folder / name, profile, [(inner.name, inner / file) for file in listed], "deliveries.csv")
    print(f"\n{name}:\n\n| delivery | rows | alarms | rules, intake |\n| --- | --- | --- | --- |")
    for file, rows, found, noted in told:
        said = [f"{r[4]}{' ' + r[5] if r[5] else ''} {r[6]:.4g} (expected {_n(r[9])}..{_n(r[10])})" for r in alarms(found)]
        print(
            f"| {file} | {rows:,} | {'; '.join(said) or 'none'} | {', '.join(f'{k} ({n})' for k, n in noted.most_common(3))} |"
        )


CONTRACT = """source: counters
feeds: totals
title_zh: 未结案件
title_en: Pending cases
kind: snapshot
shrink: {share: 1}
extract_date: file_name
file:
  format: csv
  separator: ","
  encodings: [utf-8]
  names: 'counters_(?P<extract_on>\\d{4}-\\d{2}-\\d{2})_(?P<rank>\\d+)\\.csv'
period: {day: day}
measures:
  civil: {header: civil, type: integer, unit: cases, kind: stock}
  criminal: {header: criminal, type: integer, unit: cases, kind: stock}
  all_cases: {header: all, type: integer, unit: cases, kind: stock}
  civil_old: {header: civil_old, type: integer, unit: cases, kind: stock}
  criminal_old: {header: criminal_old, type: integer, unit: cases, kind: stock}
  all_old: {header: all_old, type: integer, unit: cases, kind: stock}
"""
PROFILE = """id: njdg_counters
name_zh: 印度地区法院
name_en: District courts of India
note: Counters of a public page, for tests only.
time_zone: Asia/Kolkata
data_from: 2021-01-01
earliest_date: 2021-01-01
calendars:
  cal_month: {name_zh: 自然月, name_en: calendar month}
sample: {deliveries: deliveries}
"""


def counters(folder: Path, captured: Path) -> None:
    """njdg_counters: each capture a delivery; partial is below 95 % of the median of the 15 readable ones around it."""
    from statistics import median

    profile = folder / "profile/njdg_counters"
    (profile / "contracts").mkdir(parents=True)
    (profile / "profile.yml").write_text(PROFILE, "utf-8")
    (profile / "contracts/counters.yml").write_text(CONTRACT, "utf-8")
    captures = [json.loads(line) for line in captured.read_text("utf-8").splitlines()]
    files, totals = [], []
    for at, one in enumerate(captures):
        numbers = one["raw"].split()
        header = ["day", "civil", "criminal", "all", "civil_old", "criminal_old", "all_old"]
        name = f"counters_{one['captured_at'][:10]}_{at}.csv"
        rows = [[one["captured_at"][:10], *numbers]] if numbers else []
        files.append(("counters", write_table(folder / "files" / name, (header, rows))))
        totals.append(int(numbers[2]) if numbers else None)
    readable = [(n, t) for n, t in enumerate(totals) if t is not None]
    partial = set()
    for place, (n, t) in enumerate(readable):
        around = [x for _, x in readable[max(0, place - 7) : place + 8]]
        if t < 0.95 * median(around):
            partial.add(files[n][1].name)
    empty = {files[n][1].name for n, t in enumerate(totals) if t is None}
    told = real(folder, profile, files, None)
    seen, raised, refused, wrong = set(), 0, set(), Counter()
    for file, _, found, noted in told:
        raised += bool(alarms(found))
        if any(k.startswith("refused") for k in noted):
            refused.add(file)
        if any(r[-2] in ("alarm", "standing") for r in found):
            seen.add(file)
        wrong.update(f"{r[4]} {r[5]} {file}" for r in alarms(found) if file not in partial)
    print(f"\nnjdg_counters: {len(told)} captures, {len(empty)} empty: {len(empty & refused)} refused; {len(partial)} partial: "
          f"{len(partial & seen)} recognised; {len(seen - partial)} others in alarm, {raised} with a new one")  # fmt: skip
    for what in sorted(wrong):
        print(f"  not partial: {what}")
    for what in sorted(partial - seen):
        print(f"  not recognised: {what}")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dir", type=Path, required=True)
    parser.add_argument("--cases", type=int, default=20000)
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--seed", type=int, default=nights.SEED)
    parser.add_argument("--on", type=date.fromisoformat, default=date(2016, 5, 18), help="the night of the faults")
    parser.add_argument("--captures", type=Path, help="captures.jsonl of njdg_counters, which is not shipped")
    parser.add_argument("--show", action="store_true", help="name each alarm of the docket")
    parser.add_argument("--only", choices=("docket", "real"))
    options = parser.parse_args()
    folder = options.dir / "drift"
    shutil.rmtree(folder, ignore_errors=True)
    began = time.process_time()
    if options.only != "real":
        replay, days, nightly, rows = docket(options, folder / "docket")
        by_month(days, rows, options.show)
        print(f"rules not asked, they read more than new rows: {', '.join(sorted(replay.unasked)) or 'none'}")
        day = min((d for d in days if d >= options.on and any(f.parent.name == "cases" for f in nightly[d])), default=days[-3])
        print(f"\nfaults in the night of {day}")
        inject(replay, days, nightly, rows, folder / "faults", day)
    if options.only != "docket":
        for name in ("fjc_ch12", "tx_evictions"):
            shipped(folder, name)
        if options.captures:
            counters(folder / "njdg", options.captures)
    print(f"\n{time.process_time() - began:.0f} CPU s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
