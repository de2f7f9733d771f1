"""What is spoilt in the synthetic docket, counted from its files by an own reading, and that all of it comes right."""

import csv
import json
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from pipelines.sample import dirt
from pipelines.sample.deliveries import write

HOUSE = Path(__file__).parents[2]
FIRST, LAST = "2012-01-01", "2016-10-31"
OUTSIDE = {"民诉前调", "民辖", "财保", "司惩", "司救执", "协外送", "认台"}
WARNINGS = {"number_of_last_year", "realised_over_three_times", "deduction_left_open", "amount_negative"}
OPEN = {"number_missing", "number_unreadable", "type_unknown", "other_court", "row_torn", "key_missing"}
SOURCES = ("cases", "registrations", "clock_events", "enforcement_results")


@pytest.fixture(scope="module")
def manifest():
    with (HOUSE / "pipelines/sample/manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counted(sent):
    """How many rows of each kind and source the files hold, titles as the workbook shows them."""
    found = Counter((kind, source) for source in SOURCES for file in sent.once(source) for kind in file.kinds if kind)
    for path in sent.written:
        if path.suffix == ".xlsx":
            rows = list(openpyxl.load_workbook(path)["案件"].iter_rows(values_only=True))
            found["title_row", "cases"] += next(n for n, row in enumerate(rows) if row[0] == "案号")
    for row in sent.cases.values():
        late = row["案号"][1:5] != row["立案日期"][:4]
        over = float(row["执行到位金额"] or 0) > 3 * float(row["申请标的金额"] or 0)
        found["number_of_last_year", "cases"] += late
        found["realised_over_three_times", "cases"] += over
    for row in sent.events.values():
        is_open = row["事项"] == "扣除审限" and not row["截止日期"] and sent.cases[row["案号"]]["结案日期"]
        found["deduction_left_open", "clock_events"] += bool(is_open)
    for row in sent.results.values():
        found["amount_negative", "enforcement_results"] += row["到位金额"].startswith("-")
    return {pair: count for pair, count in found.items() if count}


def last_told(sent, source):
    """The last row about each case or application, whether it counts or not."""
    last = {}
    for file in sent.once(source):
        for row, kind in zip(file.told, file.kinds, strict=True):
            if kind not in {"total_row", "blank_row", "repeated_header"} and file.key(row) and kind != "row_torn":
                last[file.key(row)] = (row, kind)
    return last


def test_the_manifest_says_how_many_of_each_kind_there_are(sent, manifest):
    assert counted(sent) == {(line["kind"], line["source"]): int(line["rows"]) for line in manifest}
    assert ",".join(manifest[0]) == "kind,source,rows,dictionary,open_at_end,meaning_en,meaning_zh"
    assert all(all(line.values()) and line["open_at_end"] in {"yes", "no"} for line in manifest)
    assert {line["kind"] for line in manifest if line["open_at_end"] == "yes"} == OPEN | WARNINGS


def test_a_spoilt_row_has_one_thing_wrong(sent):
    for source in SOURCES:
        for file in sent.files[source]:
            assert [faults for faults in file.faults if len(faults) > 1] == []


def test_the_totals_hold_at_the_end_when_the_last_row_that_counts_wins(sent):
    counts = [row for row in sent.cases.values() if row["作废"] == "否" and not any(chars in row["案号"] for chars in OUTSIDE)]
    assert sum(FIRST <= row["立案日期"] <= LAST for row in counts) == 54456
    assert sum(FIRST <= row["结案日期"] <= LAST for row in counts) == 52921


def test_the_last_row_about_anything_is_right(sent):
    for source in SOURCES:
        assert {kind for _, kind in last_told(sent, source).values()} <= {"", "duplicate_adjacent", "duplicate_apart"}
    assert not [kind for source in SOURCES for kind, _ in sent.once(source)[-1].spoilt]


def test_every_spoilt_row_comes_right_within_three_files(sent):
    after = Counter()
    for source in SOURCES:
        files = sent.once(source)
        right = [{file.key(list(row.values())) for row in file.rows} for file in files]
        for place, file in enumerate(files):
            for kind, row in file.spoilt:
                if kind not in OPEN:
                    after[next(n for n in range(1, 4) if file.key(row) in right[place + n])] += 1
    assert after[1] > after[2] > 5 and after[3] > 5


def test_what_hides_its_case_is_followed_by_a_right_row_too(sent):
    """The case whose row lost its number stands nowhere else in that file, and right in one of the next three."""
    looks = {"cases": (1, 3, 4, 8, 9), "registrations": (1, 2, 3), "clock_events": (1, 2, 3, 4)}
    for source, columns in looks.items():
        files, last = sent.once(source), last_told(sent, source)
        for place, file in enumerate(files):
            here = {file.key(row) for row in file.told}
            later = {other.key(row) for other in files[place + 1 : place + 4] for row in other.told}
            for kind, row in file.spoilt:
                if kind in OPEN - {"row_torn"}:
                    alike = (key for key, (true, _) in last.items() if all(true[n] == row[n] for n in columns))
                    assert any(key in later and key not in here for key in alike), (kind, row)
                elif kind == "row_torn":
                    assert file.key(row) in later


def test_some_first_rows_and_some_later_rows_of_cases_are_spoilt(sent):
    known, firsts, updates = set(), 0, 0
    for file in sent.once("cases"):
        spoilt = {file.key(row) for kind, row in file.spoilt if kind not in OPEN}
        firsts += len(spoilt - known)
        updates += len(spoilt & known)
        known |= {file.key(list(row.values())) for row in file.rows}
    assert firsts > 40 and updates > 15


def test_no_figure_of_a_source_is_in_doubt_at_any_file(sent):
    for source in SOURCES:
        delivered, waiting, for_ever = 0, Counter(), 0
        for file in sent.once(source):
            delivered += len(file.told)
            assert len(file.spoilt) <= max(5, 0.005 * len(file.told))
            for row in file.rows:
                waiting.pop(file.key(list(row.values())), None)
            for kind, row in file.spoilt:
                for_ever += kind in OPEN
                waiting[file.key(row)] += kind not in OPEN
            assert for_ever + waiting.total() < 0.004 * delivered
        assert not +waiting and (for_ever > 0) == (source != "enforcement_results")
    assert sum(kind in OPEN for source in SOURCES for file in sent.once(source) for kind, _ in file.spoilt) < 60


def test_no_number_becomes_that_of_another_case(sent):
    keys = {file.key(list(row.values())) for file in sent.once("cases") for row in file.rows}
    for file in sent.once("cases"):
        for kind, row in file.spoilt:
            if kind in OPEN - {"row_torn"}:
                assert row[0] not in sent.cases and file.key(row) not in keys
            elif kind not in OPEN:
                assert file.key(row) in keys


def test_two_rows_under_one_number_are_of_the_same_case_and_differ(sent):
    for file in sent.once("cases"):
        rows = Counter(row[0] for kind, row in file.spoilt if kind == "two_rows_one_number")
        assert set(rows.values()) <= {2}


def test_truth_does_not_depend_on_dirt(sent, send, tmp_path, monkeypatch):
    monkeypatch.setattr(dirt, "_SMALLEST", 10**9)
    clean = send(tmp_path)
    assert clean.applications == sent.applications
    ends = [number for number, row in clean.events.items() if row != sent.events[number]]
    assert len(ends) == 18 and clean.events.keys() == sent.events.keys()
    assert all(clean.events[number] | {"截止日期": ""} == sent.events[number] for number in ends)
    assert clean.cases.keys() == sent.cases.keys()
    changed = Counter(
        tuple(name for name in row if row[name] != sent.cases[number][name]) for number, row in clean.cases.items()
    )  # fmt: skip
    del changed[()]
    assert changed.pop(("执行到位金额",)) == 24
    assert {name for names in changed for name in names} == {"立案日期", "结案日期"} and changed.total() == 12
    assert not any(kind for source in SOURCES for file in clean.files[source] for kind in file.kinds)


def test_warnings_are_true_at_every_telling(sent):
    late = [row for row in sent.cases.values() if row["案号"][1:5] != row["立案日期"][:4]]
    assert {row["立案日期"][5:7] for row in late} == {"01"} and all(row["立案日期"][8:] <= "06" for row in late)
    assert {row["立案日期"][:4] for row in late} == {"2013", "2014", "2015"}
    assert all("民诉前调" in row["案号"] and row["立案日期"] <= row["结案日期"] for row in late)
    over = [row for row in sent.cases.values() if float(row["执行到位金额"] or 0) > 3 * float(row["申请标的金额"] or 0)]
    assert {row["结案方式"] for row in over} == {"执行完毕"}


def test_the_workbook_is_as_court_systems_print_it(sent):
    (path,) = (path for path in sent.written if path.suffix == ".xlsx")
    assert path.name == "cases_synthetic-54456-683_2016-02-29.xlsx"
    book = openpyxl.load_workbook(path)
    sheet, about = book["案件"], book["说明"]
    assert book.sheetnames == ["案件", "说明"] and "合成数据" in about["A1"].value and "synthetic" in about["A1"].value
    assert sheet["A1"].value == "嵊州市人民法院案件明细表（合成数据 synthetic）"
    assert [str(cells) for cells in sheet.merged_cells.ranges] == ["A1:L1"]
    assert sheet["A2"].value == "统计期间：2016-02-01 至 2016-02-29"
    rows = list(sheet.iter_rows(min_row=3))
    header, *told, total = rows
    assert [cell.value for cell in header][:3] == ["案号", "立案日期", "适用程序"]
    assert total[0].value == "合计"
    for column in (10, 11):
        amounts = [row[column].value for row in told if isinstance(row[column].value, int | float)]
        assert amounts and total[column].value >= round(sum(amounts), 2)
    assert all(row[0].data_type in "sn" and (row[0].value or "（").startswith(("（", "2")) for row in told)
    assert sum(row[1].is_date for row in told) > 0.99 * len(told) and not any(row[5].is_date for row in told)
    assert any(row[5].value and row[5].data_type == "s" for row in told)


def test_the_lines_of_json_hold_texts_and_nulls(sent):
    (path,) = (path for path in sent.written if path.suffix == ".jsonl")
    assert path.name == "registrations_synthetic-54456-683_2016-06-30.jsonl"
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    values = {type(value) for record in records for value in record.values()}
    assert values == {str, type(None)} and not any("" in record.values() for record in records)
    assert "窗口" in path.read_text("utf-8")


def test_a_small_docket_is_clean_and_all_of_separated_values(small):
    assert {path.suffix for path in small.written} == {".csv"} and counted(small) == {}


def test_dirt_grows_with_the_docket(send, tmp_path, manifest):
    found = counted(send(tmp_path, cases=10000))
    for line in manifest:
        rows, scale = int(line["rows"]), 10000 / 54456
        wanted = rows if line["dictionary"] == "NO_CASE" else round(rows * scale)
        if line["kind"] == "two_rows_one_number":
            wanted = 2 * round(rows / 2 * scale)
        assert found.get((line["kind"], line["source"]), 0) == wanted, line["kind"]


def test_a_court_too_large_for_a_workbook_sends_separated_values(tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.sample.deliveries._LARGEST_WORKBOOK", 5999)
    names = [path.name for path in write(tmp_path, cases=6000)]
    assert "cases_synthetic-6000-683_2016-02-29.csv" in names and not [name for name in names if name.endswith("xlsx")]


def test_dirt_is_the_same_at_every_run_and_whichever_files_are_missing(sent, tmp_path):
    again = write(tmp_path / "again")
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in sent.written]
    kept = {path for path in again if path.suffix == ".csv"}
    for path in set(again) - kept:
        path.unlink()
    anew = write(tmp_path / "again")
    old = {path.name: path.read_bytes() for path in sent.written}
    assert len(anew) == 2 and all(path.read_bytes() == old[path.name] for path in anew)
