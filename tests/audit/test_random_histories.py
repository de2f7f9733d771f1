"""Random histories from the inbox to the figures: incremental = replay = one fresh refresh of what was known, cell for cell.

A tiny court delivers cases and applications: extracts in any order, several in one night, split in two, repeated, restored, sent
again put right, with rows that are spoilt; nights are killed at the points of `tests/store/test_crash_points.py`. People correct
fields and numbers. What the figures must be is told here by plain Python from the deliveries known at each refresh, and the
causes of each change must add up.
`CASELOAD_HISTORIES` gives the number of histories of each kind of delivery (2 by default), and has
each publication made once more in a fresh home and compared with the one before it, else the last alone, and with the first.

Another kind of delivery goes into three places: `nights` draws it, `Known` says what it means, `Court.put` writes it.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, settings
from hypothesis import given as generated
from hypothesis import strategies as st

from warehouse.audit.causes import KINDS as KINDS_OF_CHANGE
from warehouse.audit.changed import Question
from warehouse.audit.compare import compare
from warehouse.catalogue.bundle import Catalogue, read_catalogue
from warehouse.intake.chronicle import read_chronicle, refresh_id
from warehouse.intake.ledger import Ledger
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import snapshot
from warehouse.refresh.begin import refreshing
from warehouse.refresh.replay import rebuild
from warehouse.refresh.run import run_steps
from warehouse.store.place import Place
from warehouse.store.swap import locked

RUNS = int(os.environ.get("CASELOAD_HISTORIES", "2"))
KINDS = {
    "snapshots, missing kept": ("snapshot", "keep"), "snapshots, missing dropped": ("snapshot", "drop"),
    "deltas": ("delta", "keep"), "appends": ("append", "keep"),
}  # fmt: skip

PROFILE = """\
id: tiny
name_zh: 小
name_en: Tiny
time_zone: Asia/Shanghai
case_numbers: none
data_from: 2024-01-01
earliest_date: 1990-01-01
case_source: cases
calendars:
  cal_month: {name_zh: 自然月, name_en: calendar month}
sample: {}
not_applicable: [enforcement_backlog, zhongben_pool]
"""
CASES = r"""
source: cases
feeds: cases
title_zh: 案件
title_en: Cases
kind: KIND
on_missing: MISSING
shrink: {share: 1}
file: {names: 'cases_(?P<extract_on>\d{4}-\d{2}-\d{2})\w*\.csv'}
key: {column: case_number}
columns:
  case_number: {header: number, required: true}
  type_code: {header: type, required: true}
  registered_on: {header: filed, type: date, required: true}
  closed_on: {header: closed, type: date, required: true}
  closing_manner: {header: manner, required: true}
  reopened_on: {header: reopened, type: date}
constants: {court_code: T1}
"""
APPLICATIONS = r"""
source: registrations
feeds: registrations
title_zh: 立案申请
title_en: Applications
kind: KIND
shrink: {share: 1}
file: {names: 'registrations_(?P<extract_on>\d{4}-\d{2}-\d{2})\w*\.csv'}
key: {column: application_key}
columns:
  application_key: {header: application, required: true}
  received_on: {header: received, type: date, required: true}
  channel: {header: channel}
  population: {header: population, required: true}
  first_decision: {header: decision, required: true}
  decided_on: {header: decided, type: date, required: true}
  registered_on: {header: registered, type: date, required: true}
constants: {court_code: T1}
"""
CORRECTIONS = r"""
source: corrections
feeds: corrections
title_zh: 更正
title_en: Corrections
kind: append
file: {names: 'corrections_(?P<extract_on>\d{4}-\d{2}-\d{2})\w*\.csv'}
key: {column: case_number}
columns:
  case_number: {header: number, required: true}
  column_name: {header: field, required: true}
  old_value: {header: old, required: true}
  new_value: {header: new, required: true}
  made_by: {header: who, required: true}
  reason: {header: why, required: true}
"""
CODES = {
    "courts": "code,name_zh,name_en,old_abbreviation\nT1,庭,Court,\n",
    "case_types": "code,name_zh,name_en,family_code,counts_as_code\nA,甲,A,civil,civil_first\nB,乙,B,civil,civil_first\n",
    "closing_manners": "code,counts_as,effect,valid_from\njudgment,civil_first,judgment,\n",
}
HEADERS = {
    "cases": "number,type,filed,closed,manner,reopened",
    "registrations": "application,received,channel,population,decision,decided,registered",
    "corrections": "number,field,old,new,who,why",
}

# ---- what is drawn

CASE_STATES = [
    ("A", "2024-01-10", "", "", ""), ("A", "2024-01-10", "2024-01-25", "judgment", ""), ("B", "2024-01-10", "2024-02-05", "judgment", ""),
    ("A", "2024-02-01", "2024-02-05", "judgment", ""), ("A", "2024-01-10", "", "", "2024-02-10"),
    ("A", "2024-01-10", "2024-02-15", "judgment", "2024-02-10"), ("A", "2024-01-10", "2024-01-25", "judgment", "2024-02-10"),
]  # fmt: skip
APPLICATION_STATES = [
    ("2024-01-08", "online", "civil_first", "", "", ""), ("2024-01-08", "online", "civil_first", "register", "2024-01-08", "2024-01-08"),
    ("2024-01-08", "counter", "civil_first", "register", "2024-01-15", "2024-01-15"),
    ("2024-01-08", "counter", "civil_first", "refuse", "2024-02-02", ""),
]  # fmt: skip
CORRECTION_STATES = [
    ("closed_on", "2024-02-05", "2024-02-06", "li", "typed"), ("closed_on", "2024-02-06", "2024-01-26", "li", "typed"),
    ("closed_on", "2024-01-25", "", "li", "open"), ("registered_on", "2024-01-10", "2024-02-01", "wu", "typed"),
    ("registered_on", "2024-02-01", "2024-01-10", "wu", "back"), ("type_code", "A", "B", "wu", "typed"),
    ("case_number", "", "", "wu", "another number"),
]  # fmt: skip
"""Of another number: that with an x behind it, which no extract bears."""
FIELDS = ("type_code", "registered_on", "closed_on")
"""Places of these in a state of a case: 0, 1 and 2."""
STATES = {"cases": CASE_STATES, "registrations": APPLICATION_STATES, "corrections": CORRECTION_STATES}
SPOILT = {
    "cases": [("A", "2024-02-30", "", "", ""), ("A", "2024-01-10", "2024-01-05", "judgment", "")],
    "registrations": [("2024-01-32", "online", "civil_first", "", "", ""), ("2024-01-08", "online", "civil_first", "register", "2024-01-08", "")],
}  # fmt: skip
"""Not a date; and what breaks a rule: closed before filed, registered on no day."""
DAYS = [date(2024, 2, 20) + timedelta(days=7 * n) for n in range(5)]
"""Of extracts: after all that happens."""
KILLS = [None, None, None, "before the swap", "work file lost", "before the event", "warehouse deleted", "ledger torn"]

Rows = tuple[tuple[str, int], ...]
"""Key and number of its state: from 0 a sound one, -1 and -2 spoilt, -3 two rows that contradict each other, -4 one row twice."""


@dataclass(frozen=True)
class File:
    """A file that comes on some night. Equal `name`s are one path of the inbox."""

    source: str
    day: int
    name: str
    rows: Rows

    @property
    def path(self) -> str:
        return f"{self.source}/{self.source}_{DAYS[self.day]}{self.name}.csv"

    @property
    def content(self) -> bytes:
        lines = [HEADERS[self.source]]
        for key, state in self.rows:
            sound, spoilt = STATES[self.source], SPOILT.get(self.source, [])
            told = {-1: spoilt[:1], -2: spoilt[1:], -3: sound[:2], -4: sound[:1] * 2}.get(state) or [sound[state]]
            if told[0][0] == "case_number":
                told = [("case_number", key, f"{key}x", *told[0][3:])]
            lines += [",".join((key, *row)) for row in told]
        return ("\n".join(lines) + "\n").encode()


Night = tuple[tuple[File, ...], str | None]
"""The files that come, and how the refresh is killed before it goes through."""


@st.composite
def nights(draw: Any, kind: str) -> tuple[Night, ...]:
    """A history: extracts in any order of arrival, over up to four nights."""
    sent: list[File] = []
    for number in range(draw(st.integers(2, 7))):
        source = draw(st.sampled_from(["cases", "cases", "cases", "registrations", "corrections"]))
        spoilt = [] if source == "corrections" else [-1, -2, -3, -4]
        states = st.sampled_from([*range(len(STATES[source])), *range(len(STATES[source])), *spoilt])
        keys = draw(st.lists(st.sampled_from("abcd"), min_size=1, max_size=4, unique=True))
        rows = tuple((key, draw(states)) for key in keys)
        day, before = draw(st.integers(0, len(DAYS) - 1)), [file for file in sent if file.source == source]
        how = draw(st.sampled_from(["new", "new", "new", "split", "repeat", "restored", "again"]))
        if how == "split" and kind != "snapshot" and len(rows) > 1:
            sent += [File(source, day, f"_{number}a", rows[:1]), File(source, day, f"_{number}b", rows[1:])]
        elif how == "repeat" and before:
            old = draw(st.sampled_from(before))
            sent.append(File(source, old.day, f"_{number}", old.rows))
        elif how == "restored" and before:
            sent.append(File(source, day, f"_{number}", draw(st.sampled_from(before)).rows))
        elif how == "again" and before:
            old = draw(st.sampled_from(before))
            sent.append(File(source, old.day, old.name, rows))
        else:
            sent.append(File(source, day, f"_{number}", rows))
    cuts = sorted(draw(st.lists(st.integers(1, len(sent) - 1), max_size=3, unique=True)))
    parts = [sent[a:b] for a, b in zip([0, *cuts], [*cuts, len(sent)], strict=True)]
    return tuple((tuple(part), draw(st.sampled_from(KILLS))) for part in parts)


RETURNED: tuple[Night, ...] = (
    (tuple(File("cases", day, "", rows) for day, rows in enumerate([
        (("a", 0), ("b", 0)), (("b", 0),), (("a", -2), ("b", 0)), (("a", 0), ("b", 0)),
    ])), None),
)  # fmt: skip
"""Missing, spoilt, there again as it was: once it stayed out for good. Only of a snapshot can a case be missing."""


# ---- what must come of it


@dataclass
class Known:
    """The deliveries known so far, and the figures that follow from them."""

    kind: str
    drops: bool
    sent: list[tuple[File, int]] = field(default_factory=list)
    """Each with how often a file of its path came before."""
    arrived: list[File] = field(default_factory=list)
    seen: set[tuple[str, bytes]] = field(default_factory=set)

    def add(self, file: File) -> None:
        """A file that lies in the inbox when a refresh looks."""
        if (file.path, file.content) in self.seen:
            return
        self.seen.add((file.path, file.content))
        resent = sum(other.path == file.path for other in self.arrived)
        self.arrived.append(file)
        if not any((f.source, f.day, f.content) == (file.source, file.day, file.content) for f, _ in self.sent):
            self.sent.append((file, resent))

    def told(self, source: str) -> dict[str, list[int | None]]:
        """What the extracts said of each key, one after another: the number of a sound state, None where it was missing."""
        said: dict[str, list[int | None]] = {}
        for file, _ in sorted((one for one in self.sent if one[0].source == source), key=_in_the_world):
            rows = {key: 0 if state == -4 else state for key, state in file.rows}
            for key, state in rows.items():
                if state >= 0:
                    said.setdefault(key, []).append(state)
            for key in said.keys() - rows.keys() if self.kind == "snapshot" and source != "corrections" else ():
                said[key].append(None)
        return said

    def corrected(self, key: str, state: tuple[str, ...]) -> tuple[str, ...]:
        """A state of a case as people say that it is: what was ever called wrong is what was last called right."""
        told = list(state)
        for place, name in enumerate(FIELDS):
            said = [CORRECTION_STATES[number] for number in self.told("corrections").get(key, ()) if number is not None]
            mine = [(old, new) for field, old, new, *_ in said if field == name]
            if mine and told[place] in {old for old, _ in mine} | {new for _, new in mine}:
                told[place] = mine[-1][1]
        return tuple(told)

    @property
    def counting_day(self) -> date:
        return max((DAYS[file.day] for file, _ in self.sent if file.source == "cases"), default=date(2024, 1, 1))

    def figures(self) -> Counter[tuple[str, ...]]:
        """By metric, month and type (or channel): the numerator, where it is not 0."""
        counted: Counter[tuple[str, ...]] = Counter()
        until = str(self.counting_day)
        for key, said in self.told("cases").items():
            if self.drops and said[-1] is None:
                continue
            states = [self.corrected(key, CASE_STATES[one]) for one in said if one is not None]
            kind, _, _, _, reopened = states[-1]
            spells = _spells(states)
            counted["filed", spells[0][0][:7], kind] += spells[0][0] <= until
            counted["reopened", reopened[:7], kind] += bool(reopened) and reopened <= until
            for opened, closed in spells:
                counted["closed", closed[:7], kind] += bool(closed) and closed <= until
                for month in ("2024-01", "2024-02", "2024-03"):
                    if month <= until[:7]:
                        is_open = opened <= f"{month}-31" and opened <= until
                        counted["pending_end", month, kind] += is_open and not (closed and closed[:7] <= month)
        for said in self.told("registrations").values():
            received, channel, _, decision, decided, registered = [APPLICATION_STATES[s] for s in said if s is not None][-1]
            if decision == "register" and registered <= until:
                counted["same_day_registration_rate", registered[:7], channel] += decided == received
        return +counted


def _in_the_world(one: tuple[File, int]) -> tuple[int, int, str]:
    file, resent = one
    return file.day, resent, hashlib.sha256(file.content).hexdigest()


def _spells(states: list[tuple[str, ...]]) -> list[tuple[str, str]]:
    """Opened and closed: a case that was opened again has two, the first closed as was last said before."""
    _, filed, closed, _, reopened = states[-1]
    if not reopened:
        return [(filed, closed)]
    before = [c for _, _, c, _, r in states if c and (c < reopened or (c == reopened and not r))]
    return [(filed, before[-1] if before else reopened), (reopened, closed if closed >= reopened else "")]


# ---- what comes of it

CELLS = "select * exclude (from_refresh, to_refresh) from metrics.cells where {} order by all"
AS_OF = "{0} between from_refresh and coalesce(to_refresh, {0})"
FIGURES = """
    select metric, period_id, coalesce(channel, case_type), sum(numerator) from metrics.cells
    where to_refresh is null and metric in ('filed', 'closed', 'reopened', 'pending_end', 'same_day_registration_rate') and variant is null
    group by all having sum(numerator) > 0
"""


class Court:
    """The home of a tiny court."""

    def __init__(self, root: Path, catalogue: Catalogue) -> None:
        self.place, self.catalogue, self.night = Place(root / "tiny"), catalogue, 0
        self.place.make()

    def put(self, file: File) -> None:
        """Into the inbox, where nobody has touched it for years."""
        path = self.place.inbox / file.path
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(file.content)
        self.night += 1
        os.utime(path, (1.7e9 + self.night, 1.7e9 + self.night))

    def refresh(self, *groups: Iterable[File]) -> None:
        """One refresh, that looks into the inbox after each group of files."""
        self.night += 1
        now = datetime(2024, 6, 1, 2, tzinfo=ZoneInfo("Asia/Shanghai")) + timedelta(hours=self.night)
        with refreshing(self.place, self.catalogue, now, "tests") as work:
            for group in groups or [()]:
                for file in group:
                    self.put(file)
                assert work.land().refused == []
            if work.has_news:
                run_steps(work)

    def killed(self, how: str | None) -> None:
        """The refresh of this night, and what a death at that moment leaves: the state made by hand from before and after."""
        place, before = self.place, self.place.root.with_name("before")
        had = place.warehouse.exists()
        if how == "before the event":
            self.land()
            place.work.write_bytes(b"half a copy")
        elif how == "warehouse deleted":
            place.warehouse.unlink(missing_ok=True)
        elif how == "ledger torn":
            with (place.landing / "ledger.jsonl").open("ab") as ledger:
                ledger.write(b'{"seq": 7, "event": "deli')
        elif how is not None and had:
            last = self.refreshes()
            shutil.copyfile(place.warehouse, before)
            self.refresh()
            if self.refreshes() != last:  # nothing new: nothing to kill
                place.warehouse.replace(place.work)
                shutil.copyfile(before, place.warehouse)
                if how == "work file lost":
                    place.work.unlink()

    def land(self) -> None:
        self.night += 1
        now = datetime(2024, 6, 1, 2, tzinfo=ZoneInfo("Asia/Shanghai")) + timedelta(hours=self.night)
        with refreshing(self.place, self.catalogue, now, "tests") as work:
            work.land()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with snapshot(self.place.warehouse) as snap:
            return [tuple(row) for row in snap.rows(query)]

    def refreshes(self) -> list[int]:
        return [row[0] for row in self.rows("select refresh_no from published.refreshes order by 1")]

    def cells(self, refresh: int) -> list[tuple[Any, ...]]:
        """As they stood at a refresh."""
        return self.rows(CELLS.format(AS_OF.format(refresh)))

    def figures(self) -> Counter[tuple[str, ...]]:
        return Counter({tuple(row[:3]): int(row[3]) for row in self.rows(FIGURES)})

    def hold_what_always_holds(self) -> None:
        """Rows are conserved; a key stands once in a delivery; no version is known before its delivery was taken."""
        accounts = self.rows("select rows_delivered, rows_accepted, rows_quarantined, rows_duplicate from published.deliveries")
        assert all(delivered == sum(parts) for delivered, *parts in accounts)
        for history, key in (("case_history", "case_key"), ("registration_history", "application_key")):
            assert self.rows(f"select {key} from model.{history} group by {key}, delivery_no having count(*) > 1") == []
            early = f"select 1 from model.{history} as h join model.deliveries as d using (delivery_no) where h.known_from < d.taken_in"
            assert self.rows(early) == []


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """`profile(kind, on_missing)`: what the tiny court counts by."""

    def write(kind: str, missing: str) -> Catalogue:
        folder = tmp_path_factory.mktemp("profile") / "tiny"
        files = {"profile.yml": PROFILE, "contracts/cases.yml": CASES, "contracts/registrations.yml": APPLICATIONS,
                 "contracts/corrections.yml": CORRECTIONS}  # fmt: skip
        files |= {f"codes/{name}.csv": text for name, text in CODES.items()}
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text.replace("KIND", kind).replace("MISSING", missing), "utf-8")
        return read_catalogue(folder)

    return write


def hold_causes(court: Court, earlier: int, later: int) -> None:
    """Every figure that changed between two refreshes has causes, of a kind that is known, that add up to the change."""
    calendars = court.catalogue.profile.settings.calendars
    chronicle = read_chronicle(Ledger(court.place.landing).events())
    with snapshot(court.place.warehouse, refresh_id(earlier)) as old, snapshot(court.place.warehouse, refresh_id(later)) as new:
        for question in (Question(), Question("filed", kind="year", by=("case_type",))):
            for one in compare(court.place, chronicle, Reader(old, calendars), Reader(new, calendars), question):
                assert one.adds_up, (one.name, one.period.id, one.counted_before, one.counted_after, one.causes)
                assert not one.is_counted or one.causes or (one.numerator, one.denominator) == (0, 0)
                assert {cause.kind for cause in one.causes} <= {*KINDS_OF_CHANGE, "time", "withheld", "shown_again"}
                assert not any(c.kind == "linked" for c in one.causes), "there are no links here"


def live(root: Path, catalogue: Catalogue, history: tuple[Night, ...], known: Known) -> None:
    """The nights, one after another, and all that must hold after each and at the end."""
    court = Court(root / "nights", catalogue)
    shown: dict[int, list[tuple[Any, ...]]] = {}
    groups: list[list[File]] = []
    fresh: dict[int, int] = {}
    for files, kill in history:
        landed = list({file.path: file for file in files}.values())  # of two contents of one path the last is seen
        for file in landed:
            court.put(file)
        for file in sorted(landed, key=lambda file: file.path):
            known.add(file)
        groups.append(landed)
        court.killed(kill)
        court.refresh()
        for refresh in court.refreshes():
            if refresh not in shown:
                shown[refresh], fresh[refresh] = court.cells(refresh), len(groups)
            assert court.cells(refresh) == shown[refresh], f"what was published as {refresh} has changed"
        assert court.figures() == known.figures(), (files, kill)
        court.hold_what_always_holds()
    is_thorough = "CASELOAD_HISTORIES" in os.environ
    for later in list(shown)[1:] if is_thorough else sorted(shown)[1:][-1:]:
        hold_causes(court, min(shown), later)
        if is_thorough and later - 1 in shown and later - 1 != min(shown):
            hold_causes(court, later - 1, later)
    with locked(court.place):
        assert rebuild(court.place, "tests", lambda text: None).differences == ()
    assert [court.cells(refresh) for refresh in shown] == list(shown.values())
    anew = fresh if is_thorough else dict(list(fresh.items())[-1:])  # the others were replayed alike
    for refresh, nights_ago in anew.items():
        if nights_ago == 1 and history[0][1] is None:
            continue  # what was published in the first night was counted in a fresh home
        once = Court(root / f"fresh{refresh}", catalogue)
        once.refresh(*groups[:nights_ago])
        assert once.cells(1) == shown[refresh], f"a fresh home gives other figures than {refresh}"
    shuffled = [file for group in groups for file in group]
    if len({file.path for file in shuffled}) == len(shuffled):  # a file sent again must come after what it puts right
        random.Random(len(shuffled)).shuffle(shuffled)
        other = Court(root / "shuffled", catalogue)
        for part in (shuffled[: len(shuffled) // 2], shuffled[len(shuffled) // 2 :]):
            other.refresh(part)
        assert other.cells(other.refreshes()[-1]) == shown[max(shown)], "the order of arrival shows"


@pytest.mark.parametrize("how", KINDS)
def test_incremental_replayed_and_fresh_give_the_same_cells_of_every_refresh(profile, tmp_path_factory, how):
    kind, missing = KINDS[how]
    catalogue = profile(kind, missing)

    @settings(max_examples=RUNS, deadline=None, derandomize="CASELOAD_HISTORIES" not in os.environ, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @generated(nights(kind))
    def hold(history):
        root = tmp_path_factory.mktemp("history")
        live(root, catalogue, history, Known(kind, missing == "drop"))
        shutil.rmtree(root)

    (example(RETURNED)(hold) if kind == "snapshot" else hold)()
