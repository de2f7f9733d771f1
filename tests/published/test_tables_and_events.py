"""One file with several tables, and cases made of events: from the inbox to figures, in a court of five files of text.

The court delivers a ZIP with cases, their events, and applications to register; or events alone. Days are of March 2024.
"""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from collections.abc import Callable
from copy import copy
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from warehouse.audit.explain import explain
from warehouse.audit.verify import verify
from warehouse.catalogue.bundle import Catalogue, read_catalogue
from warehouse.catalogue.calendars import parse_period
from warehouse.catalogue.documents import DefinitionError
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import snapshot
from warehouse.refresh.begin import refreshing
from warehouse.refresh.run import run_steps
from warehouse.store.place import Place

COURT = {
    "profile.yml": """
        id: little
        name_zh: 小法院
        name_en: Little Court
        time_zone: Europe/Vienna
        data_from: 2024-01-01
        earliest_date: 2000-01-01
        calendars:
          cal_month: {name_zh: 自然月, name_en: calendar month}
        sample: {deliveries: deliveries}
        not_applicable: [reopened, enforcement_backlog, zhongben_pool]
        set_aside: {share: 1, rows: 5}
        """,
    "codes/courts.csv": "code,name_zh,name_en,old_abbreviation\nLC,小法院,Little Court,\n",
    "codes/case_types.csv": "code,name_zh,name_en,family_code,counts_as_code\nC,民事,Civil claim,civil,civil_first\n",
    "codes/closing_manners.csv": "code,counts_as,effect,valid_from\njudgment,civil_first,judgment,\n"
                                 "settlement,civil_first,mediation,\n",
    "codes/steps.csv": "word,code\nclaim,claim\nhearing,hearing\nUrteil,judged\nVergleich,settled\n",
}  # fmt: skip
CASES = r"""
    source: cases
    feeds: cases
    title_zh: 案件
    title_en: Cases
    kind: snapshot
    file: {format: csv, member: 'cases\.csv', names: '\w+_(?P<extract_on>\d{4}-\d{2}-\d{2})\.zip'}
    key: {column: case_number}
    columns:
      case_number: {header: number, required: true}
      type_code: {header: type, required: true}
      bench_code: {header: bench}
    constants: {court_code: LC}
    """
EVENTS = r"""
    source: events
    feeds: case_events
    delivered_with: cases
    title_zh: 事件
    title_en: Events
    kind: snapshot
    file: {format: csv, member: 'events\.csv'}
    key: {column: case_number}
    columns:
      case_number: {header: case, required: true}
      event_on: {header: day, type: date, required: true}
      event_kind: {header: step, type: code, codes: steps, required: true}
    events: {closes: {judged: judgment, settled: settlement}}
    """
REGISTRATIONS = r"""
    source: registrations
    feeds: registrations
    delivered_with: cases
    title_zh: 立案申请
    title_en: Applications to register
    kind: append
    file: {format: csv, member: 'applications\.csv'}
    key: {column: application_key}
    columns:
      application_key: {header: application, required: true}
      received_on: {header: received, type: date, required: true}
      decided_on: {header: registered, type: date, required: true}
      registered_on: {header: registered, type: date, required: true}
    constants: {court_code: LC, population: civil_first, channel: counter, first_decision: register}
    """
EVENTS_ALONE = r"""
    source: cases
    feeds: cases
    title_zh: 事件
    title_en: Events
    kind: snapshot
    file: {format: csv, names: '\w+_(?P<extract_on>\d{4}-\d{2}-\d{2})\.csv'}
    key: {column: case_number}
    columns:
      case_number: {header: case, required: true}
      type_code: {header: type, required: true}
      event_on: {header: day, type: date, required: true}
      event_kind: {header: step, type: code, codes: steps, required: true}
    constants: {court_code: LC}
    events: {filed: first, closes: {judged: judgment, settled: settlement}}
    """
THREE = {"cases": CASES, "events": EVENTS, "registrations": REGISTRATIONS}

CASE_ROWS = "number,type,bench\n1,C,a\n2,C,b\n3,C,a\n"
EVENT_ROWS = (
    "case,day,step\n1,2024-03-01,claim\n2,2024-03-02,claim\n1,2024-03-20,Urteil\n3,2024-03-05,claim\n1,2024-03-09,hearing\n"
)
APPLICATIONS = "application,received,registered\nx,2024-03-01,2024-03-01\ny,2024-03-02,2024-03-04\n"


def dedented(text: str) -> str:
    """Lines without the indent of the first one."""
    lines = text.strip("\n").splitlines()
    indent = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[indent:] for line in lines) + "\n"


def archive(**members: str) -> bytes:
    """A ZIP of text files, byte for byte the same for the same content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, text in members.items():
            packed.writestr(zipfile.ZipInfo(f"{name}.csv", (2024, 3, 31, 0, 0, 0)), text)
    return buffer.getvalue()


WHOLE = archive(cases=CASE_ROWS, events=EVENT_ROWS, applications=APPLICATIONS)


class Court:
    """A court's profile and data; `refused` are the refusals of its last refresh."""

    def __init__(self, folder: Path, contracts: dict[str, str]) -> None:
        self.profile, self.place = folder / "court", Place(folder / "home" / "little")
        files = COURT | {f"contracts/{name}.yml": text for name, text in contracts.items()}
        for name, text in files.items():
            path = self.profile / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedented(text), "utf-8")
        self.place.make()
        self.refused: list[Any] = []

    @property
    def catalogue(self) -> Catalogue:
        """As its files say now."""
        return read_catalogue(self.profile)

    def put(self, name: str, content: bytes | str) -> Path:
        """A file of the inbox that nobody has touched for years."""
        path = self.place.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        os.utime(path, (1.7e9, 1.7e9))
        return path

    def copy(self, folder: Path) -> Court:
        """The same court elsewhere."""
        other = copy(self)
        other.profile, other.place = folder / "court", Place(folder / "home" / "little")
        for mine, its in ((self.profile, other.profile), (self.place.root, other.place.root)):
            shutil.copytree(mine, its)
        return other

    def refresh(self, night: int = 1) -> list[tuple[str, str, int | None]]:
        """One refresh; source, file and number of the delivery repeated, of each that landed."""
        with refreshing(self.place, self.catalogue, datetime(2024, 4, night, 2).astimezone(), "tests") as work:
            landed = work.land()
            if work.has_news:
                for source in work.catalogue.profile.contracts:
                    work.read(source)
                if not work.gives_up_empty():
                    run_steps(work)
            self.refused = [(one.source, one.reason) for one in work.landed.refused]
            return [(e["source"], e["file"], e["repeats"]) for e in [*landed.deliveries, *landed.repeats]]

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of the published warehouse."""
        with snapshot(self.place.warehouse) as snap:
            return snap.rows(query)

    def cases(self) -> list[tuple[Any, ...]]:
        """Key, filed, closed (days of March), manner, bench and line of each case."""
        rows = self.ask("select case_key, day(registered_on), day(closed_on), closing_manner, bench_code, line "
                        "from model.cases order by 1")  # fmt: skip
        return [tuple(row) for row in rows]

    def accounts(self) -> list[tuple[Any, ...]]:
        """Source, delivered, accepted, quarantined, duplicates of each delivery."""
        return self.ask("select source, rows_delivered, rows_accepted, rows_quarantined, rows_duplicate "
                        "from published.deliveries order by delivery_no")  # fmt: skip

    def aside(self) -> list[tuple[Any, ...]]:
        """Source, line, reason and message of each row set aside."""
        return self.ask("select source, line, reason_code, message from quality.set_aside order by all")

    def figure(self, metric: str) -> float | None:
        """Of March 2024."""
        with snapshot(self.place.warehouse) as snap:
            reader = Reader(snap, self.catalogue.profile.settings.calendars)
            (figure,) = reader.ask(metric, first="2024-03", last="2024-03")
            assert figure.status == "published"
            return figure.value

    def explained(self, metric: str, as_of: str | None = None) -> list[dict[str, Any]]:
        """The rows behind its figure of March 2024, as of a refresh."""
        with snapshot(self.place.warehouse, as_of) as snap:
            reader = Reader(snap, self.catalogue.profile.settings.calendars)
            asked = reader.asked(*snap.metric(metric), "cal_month", (parse_period("2024-03"),), (), {})
            rows: list[dict[str, Any]] = explain(self.place, reader, asked, 10)["rows"]
            return rows


@pytest.fixture
def court(tmp_path: Path) -> Callable[..., Court]:
    """`court({"cases": …})`: a court of these contracts, by default of three tables in one file."""
    return lambda contracts=THREE: Court(tmp_path, contracts)


@pytest.fixture(scope="module")
def march(tmp_path_factory: pytest.TempPathFactory) -> tuple[Court, list[tuple[str, str, int | None]]]:
    """A court that took a file of three tables, and what landed. To be copied, not changed."""
    court = Court(tmp_path_factory.mktemp("march"), THREE)
    court.put("cases/march_2024-03-31.zip", WHOLE)
    return court, court.refresh()


@pytest.fixture
def three(march: tuple[Court, Any], tmp_path: Path) -> Court:
    """A copy of it."""
    return march[0].copy(tmp_path)


# ---- several tables in one file


def test_a_file_of_three_tables_is_three_deliveries_of_the_same_bytes(march: tuple[Court, Any], three: Court) -> None:
    assert march[1] == [(source, "march_2024-03-31.zip", None) for source in ("cases", "events", "registrations")]
    assert three.accounts() == [("cases", 3, 3, 0, 0), ("events", 5, 5, 0, 0), ("registrations", 2, 2, 0, 0)]
    assert three.ask("select count(distinct sha256), count(distinct extract_on) from model.deliveries") == [(1, 1)]
    blobs = [path for path in (three.place.landing / "blobs").iterdir() if path.read_bytes() == WHOLE]
    assert len(blobs) == 1
    assert [three.figure(name) for name in ("filed", "closed", "pending_end", "same_day_registration_rate")] == [3, 1, 2, 0.5]
    assert three.refused == [] and three.refresh(2) == []


def test_a_row_leads_to_the_events_that_its_case_was_made_of(three: Court) -> None:
    (row,) = three.explained("closed")
    assert (row["line"], [(line["kind"], line["line"], line["raw"]["day"]) for line in row["beside"]]) == (
        2, [("case_event", 2, "2024-03-01"), ("case_event", 4, "2024-03-20"), ("case_event", 6, "2024-03-09")])  # fmt: skip
    assert {line["case_number"] for line in row["beside"]} == {"1"}


def test_cases_and_their_events_in_two_tables_are_joined_by_key(three: Court) -> None:
    assert three.cases() == [("1", 1, 20, "judgment", "a", 2), ("2", 2, None, None, "b", 3), ("3", 5, None, None, "a", 4)]
    told = three.ask("select case_key, day(event_on), event_kind, line from model.case_events order by line")
    assert told == [("1", 1, "claim", 2), ("2", 2, "claim", 3), ("1", 20, "judged", 4), ("3", 5, "claim", 5),
                    ("1", 9, "hearing", 6)]  # fmt: skip


def test_the_same_file_again_is_repeated_for_each_table_and_one_put_right_replaces_each(three: Court) -> None:
    three.put("cases/again_2024-03-31.zip", WHOLE)
    again = "again_2024-03-31.zip"
    assert three.refresh(2) == [("cases", again, 1), ("events", again, 2), ("registrations", again, 3)]
    right = archive(cases=CASE_ROWS, events=EVENT_ROWS.replace("2024-03-20", "2024-03-21"), applications=APPLICATIONS)
    three.put("cases/march_2024-03-31.zip", right)
    assert [source for source, *_ in three.refresh(3)] == ["cases", "events", "registrations"]
    assert three.cases()[0] == ("1", 1, 21, "judgment", "a", 2)
    sent = three.ask(
        "select source, was_sent_again from model.deliveries where delivery_no in (1, 2, 3, 7) order by delivery_no"
    )
    assert sent == [("cases", True), ("events", True), ("registrations", True), ("cases", False)]
    assert verify(three.place, "tests", full=True, tell=lambda text: None).faults == ()


def test_a_file_that_lacks_one_table_is_refused_for_it_alone_and_again_until_it_is_put_right(
    court: Callable[..., Court],
) -> None:
    three = court()
    three.put("cases/march_2024-03-31.zip", archive(cases=CASE_ROWS, events=EVENT_ROWS))
    three.refresh()
    ((source, reason),) = three.refused
    assert source == "registrations"
    assert reason.startswith("march_2024-03-31.zip (registrations): the archive holds 0 files to read. It holds [cases.csv] [")
    assert three.figure("filed") == 3
    three.refresh(2)
    assert three.refused == [("registrations", reason)]
    three.put("cases/march_2024-03-31.zip", WHOLE)
    three.refresh(3)
    assert three.refused == []
    assert three.figure("same_day_registration_rate") == 0.5


def test_cases_whose_events_cannot_be_read_are_refused_with_them(court: Callable[..., Court]) -> None:
    three = court()
    three.put(
        "cases/march_2024-03-31.zip", archive(cases=CASE_ROWS, events="case,day\n1,2024-03-01\n", applications=APPLICATIONS)
    )
    three.refresh()
    told = dict(three.refused)
    assert set(told) == {"cases", "events"}
    assert "(events), line 1: the header lacks [step]" in told["events"]
    assert "(cases), line 1: its table events, which this one needs, cannot be read: the header lacks [step]" in told["cases"]
    assert three.accounts() == [("registrations", 2, 2, 0, 0)]


def test_a_broken_event_sets_its_case_aside_in_both_tables_and_strangers_stand_alone(court: Callable[..., Court]) -> None:
    three = court()
    events = EVENT_ROWS.replace("2024-03-20", "2024-03-32") + "9,2024-03-01,claim\n"
    cases = CASE_ROWS + "4,C,a\n"
    three.put("cases/march_2024-03-31.zip", archive(cases=cases, events=events, applications=APPLICATIONS))
    three.refresh()
    assert three.cases() == [("2", 2, None, None, "b", 3), ("3", 5, None, None, "a", 4)]
    why = "the event on line 4{} of the case [1] cannot be read: all of it waits"
    assert three.aside() == [
        ("cases", 2, "EVENT", why.format(" of the table events")),
        ("cases", 5, "DQ01", "registered_on is missing"),
        ("events", 2, "EVENT", why.format("")),
        ("events", 4, "TYPE", "event_on [2024-03-32] is no date of the form %Y-%m-%d"),
        ("events", 6, "EVENT", why.format("")),
        ("events", 7, "EVENT", "no row of the table of cases that can be read has the key [9]"),
    ]
    assert three.accounts() == [("cases", 4, 2, 2, 0), ("events", 6, 2, 4, 0), ("registrations", 2, 2, 0, 0)]


def test_a_line_of_deliveries_csv_speaks_of_all_tables_and_may_name_columns_of_each(court: Callable[..., Court]) -> None:
    three = court()
    three.put("cases/deliveries.csv", "file,order,extract_on,data_until,placeholders\n"
              "march_2024-03-31.zip,1,2024-04-02,2024-03-31,event_on=9999-12-31;bench_code=a\n")  # fmt: skip
    events = EVENT_ROWS.replace("2024-03-09", "9999-12-31")
    three.put("cases/march_2024-03-31.zip", archive(cases=CASE_ROWS, events=events, applications=APPLICATIONS))
    three.refresh()
    assert three.cases() == [("2", 2, None, None, "b", 3), ("3", 5, None, None, None, 4)]
    assert ("events", 6, "EVENT", "event_on is missing: an event without it has no place in its case") in three.aside()
    until = three.ask("select distinct source, extract_on, data_until from model.deliveries order by 1")
    assert [(source, str(on), str(data)) for source, on, data in until] == [
        (source, "2024-04-02", "2024-03-31") for source in ("cases", "events", "registrations")
    ]


def test_the_folder_of_a_table_that_comes_with_others_is_refused_with_where_its_files_belong(
    court: Callable[..., Court],
) -> None:
    three = court()
    three.put("events/march_2024-03-31.zip", WHOLE)
    three.put("nobody/x.csv", "a")
    assert three.refresh() == []
    told = dict(three.refused)
    assert "Its rows come in the files of [cases]. Move the files into that folder" in told["events"]
    assert "Its sources are [cases]." in told["nobody"]


# ---- events alone

TOLD = """case,type,day,step
1,C,2024-03-01,claim
2,C,2024-03-02,claim
1,C,2024-03-20,Urteil
3,C,2024-03-05,claim
1,C,2024-03-09,hearing
3,C,2024-03-05,claim
"""


def test_events_alone_make_cases_and_lead_back_to_their_lines(court: Callable[..., Court]) -> None:
    alone = court({"cases": EVENTS_ALONE})
    alone.put("cases/steps_2024-03-31.csv", TOLD)
    alone.refresh()
    assert alone.accounts() == [("cases", 6, 5, 0, 1)]
    assert alone.cases() == [("1", 1, 20, "judgment", None, 4), ("2", 2, None, None, None, 3), ("3", 5, None, None, None, 5)]
    assert [(row["case_key"], row["place"], row["raw"]) for row in alone.explained("closed")] == [
        ("1", "line 4", {"case": "1", "type": "C", "day": "2024-03-20", "step": "Urteil"})
    ]


def test_a_later_snapshot_replaces_the_events_and_a_case_of_broken_ones_keeps_its_last_version(
    court: Callable[..., Court],
) -> None:
    alone = court({"cases": EVENTS_ALONE})
    alone.put("cases/steps_2024-03-30.csv", TOLD)
    alone.refresh()
    later = (
        "case,type,day,step\n1,C,2024-03-01,claim\n1,C,2024-03-22,Beschluss\n2,C,2024-03-02,claim\n2,C,2024-03-28,Vergleich\n"
    )
    alone.put("cases/steps_2024-03-31.csv", later)
    alone.refresh(2)
    assert alone.cases() == [
        ("1", 1, 20, "judgment", None, 4),
        ("2", 2, 28, "settlement", None, 5),
        ("3", 5, None, None, None, 5),
    ]
    assert [(line, reason) for _, line, reason, _ in alone.aside()] == [(2, "EVENT"), (3, "TYPE")]
    assert alone.accounts()[1] == ("cases", 4, 2, 2, 0)
    told = alone.ask("select case_key, delivery_no, count(*) from model.case_events group by all order by all")
    assert told == [("1", 1, 3), ("2", 2, 2), ("3", 1, 2)]
    assert [(row["case_key"], row["file"]) for row in alone.explained("closed")] == [
        ("1", "steps_2024-03-30.csv"), ("2", "steps_2024-03-31.csv")
    ]  # fmt: skip
    assert [row["case_key"] for row in alone.explained("closed", "r000001")] == ["1"]
    assert verify(alone.place, "tests", full=True, tell=lambda text: None).faults == ()


def test_a_case_that_a_rule_sets_aside_waits_with_all_its_events(court: Callable[..., Court]) -> None:
    alone = court({"cases": EVENTS_ALONE.replace("filed: first", "filed: [hearing]")})
    alone.put(
        "cases/steps_2024-03-31.csv",
        TOLD + "4,C,2024-03-01,Urteil\n4,C,2024-03-01,hearing\n5,C,1999-01-01,hearing\n5,C,2024-03-01,claim\n",
    )
    alone.refresh()
    assert [row[:3] for row in alone.cases()] == [("1", 9, 20), ("4", 1, 1)]
    waits = "the case [{}] is set aside, see line {}"
    assert alone.aside() == [
        ("cases", 3, "DQ01", "registered_on is missing"),
        ("cases", 5, "DQ01", "registered_on is missing"),
        ("cases", 10, "EVENT", waits.format(5, 11)),
        (
            "cases",
            11,
            "DQ12",
            "registered_on [1999-01-01] is before the earliest possible date, or a placeholder that nobody declared",
        ),
    ]
    assert alone.accounts() == [("cases", 10, 5, 4, 1)]
    assert alone.ask("select count(*) from quality.verdicts where not holds and rule_id = 'CONSERVATION'") == [(0,)]


def test_staged_files_that_were_deleted_are_made_again_with_their_events(court: Callable[..., Court]) -> None:
    alone = court({"cases": EVENTS_ALONE})
    alone.put("cases/steps_2024-03-30.csv", TOLD)
    alone.refresh()
    for path in alone.place.staged.glob("*_events.parquet"):
        path.unlink()
    alone.put("cases/steps_2024-03-31.csv", TOLD.replace("2024-03-20", "2024-03-21"))
    alone.refresh(2)
    shutil.rmtree(alone.place.staged)
    alone.put("cases/steps_2024-04-01.csv", "case,type,day,step\n2,C,2024-03-02,claim\n")
    alone.refresh(3)
    assert alone.ask("select case_key, count(*) from model.case_events group by all order by all") == [
        ("1", 3),
        ("2", 1),
        ("3", 2),
    ]


# ---- contracts that do not hold


@pytest.mark.parametrize(("name", "old", "new", "line", "said"), [
    ("cases", "kind: snapshot", "kind: delta", 5, "a file of events cannot be a [delta]"),
    ("cases", "      event_on: {header: day, type: date", "      event_on: {header: day, type: text", 8,
     "events need the column [event_on] of type date. Add it"),
    ("cases", "      event_kind: {header: step, type: code, codes: steps, required: true}\n", "", 13,
     "kinds of events are named, and no column [event_kind] says what happened"),
    ("cases", "type_code: {header: type", "registered_on: {header: type", 10, "[registered_on] is made of the events"),
    ("cases", "judged: judgment", "judgd: judgment", 14, "no event can be of the kind [judgd]. Nearest: judged"),
    ("cases", "judged: judgment", "judged: judgement", 14,
     "[judgement] is no code of codes/closing_manners.csv. Nearest: judgment"),
    ("cases", "closes: {judged: judgment, settled: settlement}", "closes: {}", 14, "[closes] names no kind"),
    ("cases", "filed: first,", "reopens: [judged],", 14, "[judged] closes a case and opens it again"),
    ("cases", "filed: first,", "filled: first,", 14, "there is no key [events.filled]. Nearest: filed"),
    ("cases", "feeds: cases", "feeds: registrations", 1, "staged.registrations has no column [type_code]"),
])  # fmt: skip
def test_what_does_not_hold_in_a_contract_of_events_is_named_with_its_line(
    court: Callable[..., Court], name: str, old: str, new: str, line: int, said: str
) -> None:
    assert old in EVENTS_ALONE
    with pytest.raises(DefinitionError) as caught:
        _ = court({name: EVENTS_ALONE.replace(old, new, 1)}).catalogue
    assert said in str(caught.value), caught.value
    if line > 1:
        assert str(caught.value).startswith(f"contracts/{name}.yml:{line}: "), caught.value


@pytest.mark.parametrize(("name", "old", "new", "line", "said"), [
    ("events", "delivered_with: cases", "delivered_with: case", 3, "there is no other contract [case]. Nearest: cases"),
    ("events", "delivered_with: cases", "delivered_with: events", 3, "there is no other contract [events]"),
    ("registrations", "delivered_with: cases", "delivered_with: events", 3,
     "[events] is itself delivered with [cases]. Name [cases]"),
    ("registrations", "member:", "names: 'x', member:", 7, "the files are those of [cases], and so is their [names]"),
    ("registrations", "kind: append", "kind: append\n    extract_date: received", 7, "and so is their [extract_date]"),
    ("events", "    delivered_with: cases\n", "", 2, "events of cases need `events` and `delivered_with"),
    ("cases", "kind: snapshot", "kind: delta", 5, "cases that are made of the events of [events] cannot be a [delta]"),
    ("cases", "bench_code:", "closed_on:", 11, "[closed_on] is made of the events of [events]"),
])  # fmt: skip
def test_what_does_not_hold_between_tables_of_one_file_is_named_with_its_line(
    court: Callable[..., Court], name: str, old: str, new: str, line: int, said: str
) -> None:
    assert old in THREE[name]
    with pytest.raises(DefinitionError) as caught:
        _ = court(THREE | {name: THREE[name].replace(old, new, 1)}).catalogue
    assert said in str(caught.value), caught.value
    assert str(caught.value).startswith(f"contracts/{name}.yml:{line}: "), caught.value


def test_a_contract_of_events_that_changes_is_news_for_its_cases_too(court: Callable[..., Court]) -> None:
    three = court()
    before = {name: contract.version for name, contract in three.catalogue.profile.contracts.items()}
    path = three.profile / "contracts/events.yml"
    path.write_text(path.read_text("utf-8").replace("judged: judgment, ", ""), "utf-8")
    after = {name: contract.version for name, contract in three.catalogue.profile.contracts.items()}
    assert {name for name in before if before[name] != after[name]} == {"cases", "events"}
