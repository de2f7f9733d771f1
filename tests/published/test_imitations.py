"""Traps of real deliveries that may not be published again, imitated with a few made-up rows each, from the inbox to figures.

Three courts, none of which exists: a Brazilian one (columns that change their names, times in UTC, impossible years), a
Chinese one (two encodings, brackets, placeholders, dates within phrases), and counters that are captured twice a day (empty
and partial files). What is expected was counted by hand.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from warehouse.catalogue.bundle import read_catalogue
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import snapshot
from warehouse.refresh.begin import refreshing
from warehouse.refresh.run import run_steps
from warehouse.store.place import Place

PROFILE = """\
    id: imitation
    name_zh: 仿
    name_en: Imitation
    time_zone: {zone}
    case_numbers: {numbers}
    data_from: 2018-01-01
    earliest_date: 1900-01-01
    calendars:
      cal_month: {{name_zh: 自然月, name_en: calendar month}}
    sample: {{}}
    not_applicable: [reopened, same_day_registration_rate, enforcement_backlog, zhongben_pool]
    """
MANNERS = "code,counts_as,effect,valid_from\njudgment,civil_first,judgment,\narchived,civil_first,judgment,\n"

BRAZIL = r"""
    source: cases
    feeds: cases
    title_zh: 案件
    title_en: Cases
    kind: snapshot
    file: {format: csv, names: 'vara_(?P<extract_on>\d{4}-\d{2}-\d{2})\w*\.csv(\.gz)?'}
    key: {column: case_number}
    columns:
      case_number: {header: number, also: [numero], required: true}
      type_code: {header: class, also: [classe], required: true}
      registered_on: {header: filed, also: [ajuizado], type: date, required: true, formats: ["%Y-%m-%dT%H:%M:%S%.fZ"], zone: UTC}
      closed_on: {header: archived, also: [baixa], type: date, formats: ["%Y-%m-%dT%H:%M:%S%.fZ"], zone: UTC}
    constants: {court_code: PA}
    """
BRAZIL_CODES = {
    "courts": "code,name_zh,name_en,old_abbreviation\nPA,庭,Ponta Alta,\n",
    "case_types": "code,name_zh,name_en,family_code,counts_as_code\n7,民事,Civil claim,civil,civil_first\n",
    "closing_manners": MANNERS,
    "motions": "word,code\n22,archived\n",
}
LAST_MOTION = '  closing_manner: {header: motion, type: code, codes: motions, nulls: ["", "581"]}\n    constants:'

CHINA = r"""
    source: cases
    feeds: cases
    title_zh: 案件
    title_en: Cases
    kind: delta
    file: {names: 'anjian_(?P<extract_on>\d{4}-\d{2}-\d{2})\w*\.csv'}
    key: {column: case_number}
    columns:
      case_number: {header: 案号, type: case_number, required: true}
      bench_code: {header: 承办庭室}
      registered_on: {header: 立案语句, type: date, required: true, formats: ["于%Y年%m月%d日立案", "%Y年%m月%d日受理"]}
      closed_on: {header: 结案日期, type: date, required: true}
    """
CHINA_CODES = {
    "courts": "code,name_zh,name_en,old_abbreviation\n沪0199,上海某法院,A court of Shanghai,\n",
    "case_types": "code,name_zh,name_en,family_code,counts_as_code\n民初,民事一审,Civil claim,civil,civil_first\n",
    "closing_manners": MANNERS,
}

COUNTERS = r"""
    source: counters
    feeds: totals
    title_zh: 未结
    title_en: Pending
    kind: snapshot
    file: {format: json_lines, names: 'capture_(?P<extract_on>\d{4}-\d{2}-\d{2})\w*\.jsonl'}
    period: {day: captured_at, formats: ["%Y-%m-%dT%H:%M:%S%z"]}
    measures:
      pending_civil: {header: civil, type: integer, unit: cases, kind: stock}
      pending_criminal: {header: criminal, type: integer, unit: cases, kind: stock}
      pending_total: {header: total, type: integer, unit: cases, kind: stock}
    """


class Court:
    """A court of one source and its data."""

    def __init__(self, folder: Path, contract: str, zone: str, numbers: str, codes: dict[str, str]) -> None:
        self.profile, self.place = folder / "court", Place(folder / "home" / "imitation")
        contract = dedent(contract)
        self.source = contract.split("source: ")[1].split()[0]
        files = {"profile.yml": dedent(PROFILE.format(zone=zone, numbers=numbers)), f"contracts/{self.source}.yml": contract}
        files |= {f"codes/{name}.csv": text for name, text in codes.items()}
        for name, text in files.items():
            path = self.profile / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        self.place.make()
        self.nights = 0

    def put(self, name: str, content: str | bytes) -> None:
        """A file of the inbox that nobody has touched for years."""
        path = self.place.inbox / self.source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        os.utime(path, (1.7e9, 1.7e9))

    def refresh(self) -> list[str]:
        """One night; the reasons of what was refused."""
        self.nights += 1
        now = datetime(2026, 1, self.nights, 2).astimezone()
        with refreshing(self.place, read_catalogue(self.profile), now, "tests") as work:
            work.land()
            if work.has_news:
                for source in work.catalogue.profile.contracts:
                    work.read(source)
                if not work.gives_up_empty():
                    run_steps(work)
            return [one.reason for one in work.landed.refused]

    def deliver(self, name: str, content: str | bytes) -> None:
        """A file that is taken, and published."""
        self.put(name, content)
        assert self.refresh() == []

    def ask(self, query: str, as_of: str | None = None) -> list[tuple[Any, ...]]:
        """Rows of the published warehouse."""
        with snapshot(self.place.warehouse, as_of) as snap:
            return [tuple(row) for row in snap.rows(query)]

    def accounts(self) -> list[tuple[Any, ...]]:
        """Delivered, accepted, set aside and duplicate rows of each delivery. None is ever lost."""
        found = self.ask("select rows_delivered, rows_accepted, rows_quarantined, rows_duplicate "
                         "from published.deliveries order by delivery_no")  # fmt: skip
        assert all(delivered == sum(parts) for delivered, *parts in found)
        return found

    def aside(self) -> list[tuple[Any, ...]]:
        """Line, cause and column of each row set aside, of the latest delivery."""
        return self.ask("select line, reason_code, column_name from quality.set_aside "
                        "where delivery_no = (select max(delivery_no) from quality.set_aside) order by all")  # fmt: skip

    def cases(self) -> list[tuple[Any, ...]]:
        """Number, day of filing and of closing of each case."""
        return self.ask("select case_number, cast(registered_on as varchar), cast(closed_on as varchar) "
                        "from model.cases order by 1")  # fmt: skip

    def by_month(self, metric: str) -> dict[str, int]:
        """Its figures as published now, those that are not 0."""
        found = self.ask(f"select period_id, sum(numerator) from metrics.cells where metric = '{metric}' "
                         "and calendar_id = 'cal_month' and to_refresh is null group by 1 having sum(numerator) > 0")  # fmt: skip
        return {period: int(value) for period, value in found}

    def versions(self) -> list[tuple[Any, ...]]:
        """Number, delivery and presence of each version of each case."""
        return self.ask("select coalesce(case_number, case_key), delivery_no, presence from model.case_history order by all")


@pytest.fixture
def brazil(tmp_path: Path) -> Callable[..., Court]:
    """`brazil()`: a court three hours behind UTC; `brazil("file: …", "file: …")` with a line of its contract replaced."""
    return lambda old="", new="": Court(tmp_path, BRAZIL.replace(old, new) if old else BRAZIL, "America/Sao_Paulo", "none",
                                        BRAZIL_CODES)  # fmt: skip


@pytest.fixture
def china(tmp_path: Path) -> Callable[..., Court]:
    """`china()`, or with another name of its folder, and a line of its contract replaced."""
    return lambda old="", new="", folder="": Court(tmp_path / folder, CHINA.replace(old, new) if old else CHINA,
                                                   "Asia/Shanghai", "chinese", CHINA_CODES)  # fmt: skip


@pytest.fixture
def counters(tmp_path: Path) -> Court:
    """Published totals, five and a half hours ahead of UTC."""
    return Court(tmp_path, COUNTERS, "Asia/Kolkata", "none", {})


# ---- a Brazilian court: names of columns, the mark, duplicates

PORTUGUESE = """\
numero,ajuizado,classe,baixa
0001-24,2024-02-10T15:00:00.000Z,7,
0002-24,2024-02-12T15:00:00.000Z,7,2024-03-01T15:00:00.000Z
0003-24,2024-03-04T15:00:00.000Z,7,
"""
ENGLISH = PORTUGUESE.replace("numero,ajuizado,classe,baixa", "number,filed,class,archived")
WIDER = "court,subject," + ENGLISH.replace("\n000", '\nTPA,"Debt, small",000')


def test_renamed_and_added_columns_make_no_new_version_no_new_table_and_no_new_figure(brazil: Callable[..., Court]) -> None:
    court = brazil()
    court.deliver("vara_2024-03-10.csv", PORTUGUESE)
    tables = "select table_schema, table_name from information_schema.tables order by all"
    before = court.ask(tables)
    court.deliver("vara_2024-03-11.csv.gz", gzip.compress(ENGLISH.encode("utf-8-sig"), mtime=0))
    court.deliver("vara_2024-03-12.csv", WIDER)
    assert court.accounts() == [(3, 3, 0, 0)] * 3
    assert court.versions() == [("0001-24", 1, "seen"), ("0002-24", 1, "seen"), ("0003-24", 1, "seen")]
    # but for the ages of the pending, which go on with the day
    moved = court.ask("select distinct metric from metrics.cells where from_refresh > 1 or to_refresh is not null")
    assert moved == [("pending_age_buckets",)]
    assert court.ask(tables) == before
    assert court.by_month("filed") == {"2024-02": 2, "2024-03": 1} and court.by_month("closed") == {"2024-03": 1}


def test_a_column_that_a_later_delivery_adds_makes_versions_of_those_cases_alone_that_it_says_something_of(
    brazil: Callable[..., Court],
) -> None:
    court = brazil()
    court.deliver("vara_2024-03-10.csv", "numero,ajuizado,classe\n" + "".join(
        line.rsplit(",", 1)[0] + "\n" for line in PORTUGUESE.splitlines()[1:]
    ))  # fmt: skip
    assert court.by_month("pending_end") == {"2024-02": 2, "2024-03": 3}
    court.deliver("vara_2024-03-12.csv", ENGLISH)
    assert court.versions() == [("0001-24", 1, "seen"), ("0002-24", 1, "seen"), ("0002-24", 2, "seen"), ("0003-24", 1, "seen")]
    assert court.by_month("pending_end") == {"2024-02": 2, "2024-03": 2}


def test_two_deliveries_of_one_day_that_say_the_same_are_one_version_by_their_declared_order(
    brazil: Callable[..., Court],
) -> None:
    court = brazil()
    files = {"vara_2024-03-10_a.csv": PORTUGUESE, "vara_2024-03-10_b.csv": ENGLISH, "vara_2024-03-10_c.csv": WIDER}
    lines = "".join(f"{name},{order},,,\n" for order, name in enumerate(files, 1))
    court.put("deliveries.csv", "file,order,extract_on,data_until,placeholders\n" + lines)
    for name, text in files.items():
        court.deliver(name, text)
    assert court.versions() == [("0001-24", 1, "seen"), ("0002-24", 1, "seen"), ("0003-24", 1, "seen")]


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_byte_order_mark_does_not_stick_to_the_name_of_the_first_column(brazil: Callable[..., Court], quote: str) -> None:
    court = brazil()
    court.deliver("vara_2024-03-10.csv", b"\xef\xbb\xbf" + PORTUGUESE.replace("numero", f"{quote}numero{quote}").encode())
    assert [number for number, _, _ in court.cases()] == ["0001-24", "0002-24", "0003-24"]


def test_rows_that_stand_twice_are_counted_once_also_where_only_an_unread_column_differs(brazil: Callable[..., Court]) -> None:
    court = brazil()
    court.deliver("vara_2024-03-10.csv", WIDER
                  + 'TPA,"Debt, small",0001-24,2024-02-10T15:00:00.000Z,7,\n'
                  + 'TPA,"Tenancy, other",0001-24,2024-02-10T15:00:00.000Z,7,\n')  # fmt: skip
    assert court.accounts() == [(5, 3, 0, 2)]
    assert court.by_month("filed") == {"2024-02": 2, "2024-03": 1}


def test_rows_that_contradict_each_other_are_both_set_aside_and_the_case_stays_as_it_was_last_known(
    brazil: Callable[..., Court],
) -> None:
    court = brazil()
    court.deliver("vara_2024-03-10.csv", PORTUGUESE)
    twin = "0001-24,2024-03-05T15:00:00.000Z,7,\n0004-24,2024-03-06T15:00:00.000Z,7,\n0004-24,2024-03-07T15:00:00.000Z,7,\n"
    court.deliver("vara_2024-03-11.csv", PORTUGUESE + twin)
    assert court.accounts()[1] == (6, 2, 4, 0)
    assert court.aside() == [(line, "DQ29", "case_key") for line in (2, 5, 6, 7)]
    assert [row[:2] for row in court.cases()] == [
        ("0001-24", "2024-02-10"),
        ("0002-24", "2024-02-12"),
        ("0003-24", "2024-03-04"),
    ]
    court.deliver("vara_2024-03-12.csv", PORTUGUESE + "0004-24,2024-03-07T15:00:00.000Z,7,\n")
    assert court.by_month("filed") == {"2024-02": 2, "2024-03": 2}
    rectified = court.ask("select record, by_delivery_no from quality.rectified order by 1")
    assert rectified == [(1, 3), (4, 3), (5, 3), (6, 3)]


# ---- a Brazilian court: times and years


def test_a_time_in_utc_gives_the_day_by_the_clock_of_the_court(brazil: Callable[..., Court]) -> None:
    court = brazil()
    court.deliver("vara_2024-03-10.csv", """\
number,filed,class,archived
evening,2024-03-01T02:59:59.999Z,7,2024-03-02T02:00:00.000Z
midnight,2024-03-01T03:00:00.000Z,7,
new year,2024-01-01T01:00:00.000Z,7,
summer,2019-01-15T02:30:00.000Z,7,
winter,2018-07-15T02:30:00.000Z,7,
""")  # fmt: skip
    assert court.cases() == [
        ("evening", "2024-02-29", "2024-03-01"), ("midnight", "2024-03-01", None), ("new year", "2023-12-31", None),
        ("summer", "2019-01-15", None), ("winter", "2018-07-14", None),
    ]  # fmt: skip
    assert court.by_month("filed") == {"2018-07": 1, "2019-01": 1, "2023-12": 1, "2024-02": 1, "2024-03": 1}


def test_a_time_with_its_offset_gives_the_day_by_the_clock_of_the_court(tmp_path: Path) -> None:
    contract = BRAZIL.replace("%.fZ", "%z").replace(", zone: UTC", "")
    court = Court(tmp_path, contract, "Asia/Kolkata", "none", BRAZIL_CODES)
    court.deliver("vara_2024-03-10.csv", """\
number,filed,class,archived
before,2024-02-29T18:29:59+00:00,7,
after,2024-02-29T18:30:00+00:00,7,
there,2024-02-29T23:59:59+05:30,7,
""")  # fmt: skip
    assert court.cases() == [("after", "2024-03-01", None), ("before", "2024-02-29", None), ("there", "2024-02-29", None)]
    assert court.by_month("filed") == {"2024-02": 2, "2024-03": 1}


def test_years_that_cannot_be_are_set_aside_each_by_its_cause_and_none_is_counted(brazil: Callable[..., Court]) -> None:
    court = brazil()
    court.deliver("vara_2024-03-10.csv", PORTUGUESE + """\
a,0001-08-01T13:00:00.000Z,7,
b,20166-08-01T13:00:00.000Z,7,
c,1721-02-09T18:00:00.000Z,7,
d,2202-02-26T15:00:00.000Z,7,
e,2024-03-11T03:00:00.000Z,7,
f,,7,
g,2024-03-09T13:00:00.000Z,7,2024-03-08T13:00:00.000Z
""")  # fmt: skip
    assert court.aside() == [
        (5, "TYPE", "registered_on"), (6, "TYPE", "registered_on"), (7, "DQ12", "registered_on"),
        (8, "DQ11", "registered_on"), (9, "DQ11", "registered_on"), (10, "DQ01", "registered_on"), (11, "DQ16", "closed_on"),
    ]  # fmt: skip
    assert court.accounts() == [(10, 3, 7, 0)]
    assert court.ask("select count(*), min(registered_on) >= '2024-01-01' from published.cases") == [(3, True)]


def test_a_last_motion_that_closes_nothing_is_never_counted_as_a_closing(brazil: Callable[..., Court]) -> None:
    court = brazil("constants:", LAST_MOTION)
    court.deliver("vara_2024-03-10.csv", PORTUGUESE.replace("2024-03-01T15:00:00.000Z", ""))
    court.deliver("vara_2024-03-12.csv", """\
number,filed,class,archived,motion
0001-24,2024-02-10T15:00:00.000Z,7,2024-03-11T15:00:00.000Z,22
0002-24,2024-02-12T15:00:00.000Z,7,2024-03-01T15:00:00.000Z,581
0003-24,2024-03-04T15:00:00.000Z,7,2024-03-05T15:00:00.000Z,99
""")  # fmt: skip
    assert court.aside() == [(3, "DQ03", "closing_manner"), (4, "TYPE", "closing_manner")]
    assert court.by_month("closed") == {"2024-03": 1}
    assert court.cases() == [("0001-24", "2024-02-10", "2024-03-11"), ("0002-24", "2024-02-12", None),
                             ("0003-24", "2024-03-04", None)]  # fmt: skip


# ---- a Chinese court

HEAD = "案号,承办庭室,立案语句,结案日期,检索词\r\n"
DOCUMENTS = (
    HEAD
    + "（2019）沪0199民初1号,民一庭,于2019年2月20日立案,2019-03-14,甲\r\n"
    + "（2019）沪0199民初2号,𠮷㐱庭,2019年11月4日受理,,甲\r\n"
    + "（2019）沪0199民初3号,民一庭,于2019年11月11日立案,2019-12-02,乙\r\n"
    + "（2019）沪0199民初1号,民一庭,于2019年2月20日立案,2019-03-14,丙\r\n"
    + ",民二庭,于2019年5月5日立案,,乙\r\n"
)


def test_gb18030_and_utf8_twins_give_the_same_cases_rows_set_aside_and_figures(china: Callable[..., Court]) -> None:
    found: list[Any] = []
    for encoding, file in (("utf-8", "{"), ("gb18030", "{"), ("gb18030", "{encodings: [utf-8, gb18030], ")):
        court = china("file: {", f"file: {file}", f"{len(found)}")
        court.deliver("anjian_2019-12-31.csv", DOCUMENTS.encode(encoding))
        cells = court.ask("select * from metrics.cells order by all")
        found.append((court.accounts(), court.cases(), court.aside(), court.ask("from model.cases order by all"), cells))
        assert court.ask("select bench_code from model.cases where serial = 2") == [("𠮷㐱庭",)]
    assert found[0] == found[1] == found[2]
    assert found[0][0] == [(5, 3, 1, 1)] and found[0][2] == [(6, "DQ01", "case_number")]


def test_a_date_is_read_out_of_a_phrase_that_the_contract_knows_and_of_no_other(china: Callable[..., Court]) -> None:
    court = china()
    court.deliver("anjian_2019-12-31.csv", DOCUMENTS
                  + "（2019）沪0199民初4号,民一庭,于2019年1月7日向某仲裁委申请后立案,,乙\r\n"
                  + "（2019）沪0199民初5号,民一庭,于2019年2月30日立案,,乙\r\n")  # fmt: skip
    assert [row[1] for row in court.cases()] == ["2019-02-20", "2019-11-04", "2019-11-11"]
    assert court.by_month("filed") == {"2019-02": 1, "2019-11": 2}
    assert court.aside()[1:] == [(7, "TYPE", "registered_on"), (8, "TYPE", "registered_on")]


@pytest.mark.parametrize("declared", ["nowhere", "contract", "deliveries.csv"])
def test_a_word_for_no_date_sets_its_row_aside_until_somebody_declares_it(china: Callable[..., Court], declared: str) -> None:
    nulls = ', nulls: ["", undefined]' if declared == "contract" else ""
    court = china("结案日期, type: date", f"结案日期, type: date{nulls}")
    if declared == "deliveries.csv":
        court.put("deliveries.csv", "file,order,extract_on,data_until,placeholders\n"
                                    "anjian_2019-12-31.csv,,,,closed_on=undefined\n")  # fmt: skip
    court.deliver("anjian_2019-12-31.csv", HEAD + "（2019）沪0199民初1号,,于2019年2月20日立案,undefined,甲\r\n"
                                                  "（2019）沪0199民初2号,,于2019年3月1日立案,,甲\r\n")  # fmt: skip
    if declared == "nowhere":
        assert court.aside() == [(2, "TYPE", "closed_on")] and court.accounts() == [(2, 1, 1, 0)]
        assert court.by_month("filed") == {"2019-03": 1}
    else:
        assert court.aside() == [] and court.accounts() == [(2, 2, 0, 0)]
        assert court.by_month("filed") == {"2019-02": 1, "2019-03": 1}
        assert court.by_month("pending_end")["2019-12"] == 2


def test_a_number_in_half_and_in_full_width_brackets_is_one_case(china: Callable[..., Court]) -> None:
    court = china()
    row = "{},民一庭,于2019年2月20日立案,2019-03-14,甲\r\n"
    ways = ["（2019）沪0199民初7号", "(2019)沪0199民初7号", "〔2019〕沪0199民初7号", "（２０１９） 沪0199民初 7号"]
    court.deliver("anjian_2019-12-30.csv", HEAD + "".join(row.format(way) for way in ways))
    court.deliver("anjian_2019-12-31.csv", HEAD + row.format(ways[1]))
    assert court.accounts() == [(4, 1, 0, 3), (1, 1, 0, 0)]
    assert court.versions() == [("（2019）沪0199民初7号", 1, "seen")]
    assert court.by_month("closed") == {"2019-03": 1}


def test_rows_without_a_number_or_with_words_in_its_place_are_set_aside_and_none_swallows_another(
    china: Callable[..., Court],
) -> None:
    court = china()
    court.deliver("anjian_2019-12-31.csv", HEAD
                  + ",民一庭,于2019年2月20日立案,,甲\r\n,民一庭,于2019年2月20日立案,,甲\r\n"
                  + "民 事 判 决 书,民一庭,于2019年2月21日立案,,甲\r\n沪0199民初8号,民一庭,于2019年2月21日立案,,甲\r\n"
                  + "（2019）沪0199民初9号,民一庭,于2019年2月22日立案,,甲\r\n")  # fmt: skip
    assert court.aside() == [(2, "DQ01", "case_number"), (3, "DQ01", "case_number"), (4, "DQ06", "case_number"),
                             (5, "DQ06", "case_number")]  # fmt: skip
    assert court.accounts() == [(5, 1, 4, 0)] and court.by_month("filed") == {"2019-02": 1}


# ---- empty and partial deliveries


def test_empty_deliveries_are_refused_and_the_last_publication_stands(brazil: Callable[..., Court]) -> None:
    court = brazil()
    court.deliver("vara_2024-03-10.csv", PORTUGUESE)
    for number, content in enumerate([b"", b"\n", b"\r\n\r\n", b"\xef\xbb\xbf\n"]):
        court.put(f"vara_2024-03-11_{number}.csv", content)
    assert len(court.refresh()) == 4
    assert court.ask("select count(*) from published.refreshes") == [(1,)]
    assert court.ask("select file from model.deliveries") == [("vara_2024-03-10.csv",)]
    assert court.by_month("pending_end") == {"2024-02": 2, "2024-03": 2}


def test_an_empty_file_beside_a_good_one_stops_nothing(brazil: Callable[..., Court]) -> None:
    court = brazil()
    court.put("vara_2024-03-10.csv", b"\n")
    court.put("vara_2024-03-11.csv", PORTUGUESE)
    (reason,) = court.refresh()
    assert "blank lines" in reason or "nothing" in reason
    assert court.accounts() == [(3, 3, 0, 0)] and court.by_month("filed") == {"2024-02": 2, "2024-03": 1}


def test_a_snapshot_that_lost_half_of_its_rows_takes_no_case_away_where_missing_ones_are_kept(
    brazil: Callable[..., Court],
) -> None:
    court = brazil()
    court.deliver("vara_2024-03-10.csv", PORTUGUESE + "0004-24,2024-03-05T15:00:00.000Z,7,\n")
    whole = [court.cases(), *(court.by_month(metric) for metric in ("filed", "closed", "pending_end"))]
    court.deliver("vara_2024-03-11.csv", "".join(PORTUGUESE.splitlines(keepends=True)[:3]))
    assert court.accounts() == [(4, 4, 0, 0), (2, 2, 0, 0)]
    assert [court.cases(), *(court.by_month(metric) for metric in ("filed", "closed", "pending_end"))] == whole
    assert ("0004-24", 2, "absent") in court.versions()
    court.deliver("vara_2024-03-12.csv", PORTUGUESE + "0004-24,2024-03-05T15:00:00.000Z,7,\n")
    assert [court.cases(), *(court.by_month(metric) for metric in ("filed", "closed", "pending_end"))] == whole


# ---- counters


def capture(at: str, civil: str, criminal: str, total: str) -> str:
    """One line, numbers as text, as they were captured."""
    return f'{{"commit": "c{at}", "captured_at": "{at}+00:00", "civil": "{civil}", "criminal": "{criminal}", "total": "{total}"}}\n'


def counted(court: Court, measure: str = "pending_total", as_of: str | None = None) -> list[tuple[Any, ...]]:
    """Period and number of each total."""
    found = court.ask(f"select period, value from published.totals where measure = '{measure}' order by 1", as_of)
    return [(period, None if value is None else int(value)) for period, value in found]


def test_a_capture_without_numbers_is_no_number_and_not_zero(counters: Court) -> None:
    counters.deliver("capture_2021-08-02.jsonl", capture("2021-08-01T06:00:00", "3", "7", "10")
                     + capture("2021-08-02T06:00:00", "", "", ""))  # fmt: skip
    assert counters.accounts() == [(2, 2, 0, 0)]
    assert counted(counters) == [("2021-08-01", 10), ("2021-08-02", None)]


def test_a_capture_whose_numbers_stand_in_one_text_is_set_aside_and_nothing_is_cut_out_of_it(counters: Court) -> None:
    counters.deliver("capture_2021-08-02.jsonl", capture("2021-08-01T06:00:00", "3", "7", "10")
                     + capture("2021-08-02T06:00:00", "4\\n8\\n12\\n", "8", "12"))  # fmt: skip
    assert counters.accounts() == [(2, 1, 1, 0)]
    assert counted(counters, "pending_civil") == [("2021-08-01", 3)]


def test_an_empty_capture_is_refused_and_the_totals_before_it_stand(counters: Court) -> None:
    counters.deliver("capture_2021-08-01.jsonl", capture("2021-08-01T06:00:00", "3", "7", "10"))
    counters.put("capture_2021-08-02.jsonl", b"\n")
    (reason,) = counters.refresh()
    assert "blank lines" in reason
    assert counted(counters) == [("2021-08-01", 10)]


def test_a_partial_capture_restates_a_total_and_the_next_one_brings_it_back_with_every_version_kept(counters: Court) -> None:
    """Its sums hold, so no sum tells it. A guard against such a fall is not built yet: it is kept, and can be asked for."""
    for night, numbers in enumerate([("30", "70", "100"), ("26", "61", "87"), ("31", "70", "101")], 1):
        counters.deliver(f"capture_2021-08-0{night}.jsonl", capture("2021-08-01T06:00:00", *numbers))
    assert counted(counters) == [("2021-08-01", 101)]
    history = counters.ask("select delivery_no, known_from, value from model.total_history "
                           "where measure = 'pending_total' order by 1")  # fmt: skip
    assert [(no, known, int(value)) for no, known, value in history] == [(1, 1, 100), (2, 2, 87), (3, 3, 101)]


# --- what these courts brought to light


def test_a_row_that_cannot_be_typed_takes_its_contradicting_twin_with_it(brazil):
    court = brazil()
    rows = "a,7,2020-10-28T12:00:00.000Z,\na,7,0018-10-28T12:00:00.000Z,\nb,7,2020-10-28T12:00:00.000Z,\n"
    court.deliver("vara_2024-01-31.csv", f"number,class,filed,archived\n{rows}")
    assert court.accounts() == [(3, 1, 2, 0)]
    causes = "select record, reason_code from quality.set_aside order by record"
    assert court.ask(causes) == [(1, "DQ29"), (2, "TYPE")]
    # the same fault again the next night does not put the row of the first one right
    court.deliver("vara_2024-02-29.csv", f"number,class,filed,archived\n{rows}")
    assert court.ask("select count(*) from quality.rectified") == [(0,)]


def test_where_no_closing_is_delivered_nothing_is_said_of_closings(brazil):
    court = brazil()
    contract = court.profile / "contracts/cases.yml"
    kept = [line for line in contract.read_text("utf-8").splitlines() if "closed_on" not in line]
    contract.write_text("\n".join(kept) + "\n", "utf-8")
    court.deliver("vara_2024-01-31.csv", "number,class,filed\na,7,2020-10-28T12:00:00.000Z\nb,7,2021-10-28T12:00:00.000Z\n")
    with snapshot(court.place.warehouse) as snap:
        reader = Reader(snap, read_catalogue(court.profile).profile.settings.calendars)
        found = {name: reader.ask(name)[0] for name in ("filed", "closed", "pending_end", "closing_rate_cn")}
    assert {name: figure.status for name, figure in found.items()} == {
        "filed": "published", "closed": "not_applicable", "pending_end": "not_applicable", "closing_rate_cn": "not_applicable",
    }  # fmt: skip
    assert found["filed"].value == 2 and court.ask("select count(*) from quality.gates") == [(0,)]


def test_a_snapshot_without_a_row_is_refused_and_takes_no_case_away(brazil):
    court = brazil()
    court.deliver("vara_2024-01-31.csv", "number,class,filed,archived\na,7,2020-10-28T12:00:00.000Z,\n")
    court.put("vara_2024-02-29.csv", "number,class,filed,archived\n")
    (refused,) = court.refresh()
    assert "vara_2024-02-29.csv" in refused and "the snapshot has a header and no rows" in refused
    assert court.ask("select count(*) from model.cases") == [(1,)]


def test_the_day_of_a_counter_is_that_of_the_court(counters):
    # 18:30 in Greenwich is midnight in India: the next day
    counters.deliver(
        "capture_2021-08-01.jsonl", '{"captured_at": "2021-07-31T18:30:00+0000", "civil": 1, "criminal": 1, "total": 2}\n'
    )
    assert counters.ask("select distinct cast(last_day as varchar) from published.totals") == [("2021-08-01",)]
