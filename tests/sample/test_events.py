"""What stops the clocks of the synthetic docket and what its enforcement brings, counted from the files in plain Python."""

import csv
import importlib.util
import re
import sys
from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

LAST = "2016-10-31"
HERE = Path(__file__).parent
STOPS = {"扣除审限", "中止"}
REALISED = {"强制执行", "自动履行", "和解履行"}
ZHONGBEN = "终结本次执行程序"
KEYS = {"clock_events": re.compile(r"SX20\d\d-\d{6}"), "enforcement_results": re.compile(r"JG20\d\d-\d{6}")}


def fen(text: str) -> int:
    return round(float(text or 0) * 100)


def chars(number: str) -> str:
    return re.sub(r"（\d+）(绍嵊|浙0683)|(字第)?\d+号", "", number)


def until(sent, number: str) -> str:
    return sent.cases[number]["结案日期"] or LAST


@pytest.fixture(scope="module")
def by_case(sent):
    """The events of each case that are not void."""
    found = defaultdict(list)
    for row in sent.events.values():
        if row["作废"] == "否":
            found[row["案号"]].append(row)
    return found


@pytest.fixture(scope="module")
def results_of(sent):
    found = defaultdict(list)
    for row in sent.results.values():
        if row["作废"] == "否":
            found[row["案号"]].append(row)
    return found


@pytest.mark.parametrize("source", ["clock_events", "enforcement_results"])
def test_a_key_stands_once_in_a_file_and_bears_the_year(sent, source):
    for file in sent.files[source]:
        keys = Counter(row[0] for row, kind in zip(file.told, file.kinds, strict=True) if not kind)
        assert set(keys.values()) == {1} and all(KEYS[source].fullmatch(key) for key in keys)
    day = "起始日期" if source == "clock_events" else "日期"
    rows = sent.events if source == "clock_events" else sent.results
    assert all(key[2:6] == row[day][:4] for key, row in rows.items())
    assert all(row["案号"] in sent.cases for row in rows.values())


def test_an_event_comes_again_only_when_it_ends_or_is_void_or_was_spoilt(sent):
    told, spoilt, again = {}, set(), Counter()
    for file in sent.files["clock_events"]:
        for row in file.rows:
            before = told.get(row["事项编号"], row)
            changed = tuple(name for name in row if row[name] != before[name])
            again[changed] += row["事项编号"] in told
            told[row["事项编号"]] = row
        spoilt |= {row[0] for _, row in file.spoilt}
    assert again[()] <= len(spoilt) + 1 and set(again) <= {(), ("截止日期",), ("作废",), ("截止日期", "作废")}
    assert again["截止日期",] > 300 and 5 < again["作废",] < 60


def test_events_stand_in_the_file_of_their_period_unless_their_case_is_unknown_in_it(sent):
    ends = sorted(file.until for file in sent.files["clock_events"])
    late = Counter()
    for source, day in (("clock_events", "起始日期"), ("enforcement_results", "日期")):
        seen = set()
        for file in sent.files[source]:
            for row in file.rows:
                if row[next(iter(row))] not in seen:
                    late[next(end for end in ends if end >= row[day]) != file.until] += 1
                assert row[day] <= file.until and row.get("截止日期", "") <= file.until
                seen.add(row[next(iter(row))])
    assert 0 < late[True] < 0.01 * late[False]


def test_events_lie_within_the_life_of_their_case(sent):
    for row in sent.events.values():
        case = sent.cases[row["案号"]]
        start, end = row["起始日期"], row["截止日期"]
        first = case["立案日期"] if row["事项"] in {"适用情形", "延长审限"} else f"{case['立案日期']}~"
        assert first <= start <= until(sent, row["案号"]) and case["作废"] == "否"
        assert not end or start <= end <= until(sent, row["案号"])
        assert not end or row["事项"] in STOPS
        if row["事项"] == "中止" and case["结案日期"]:
            assert end < case["结案日期"]
        assert row["批准日期"] in {"", start} and (row["事项"] != "延长审限" or row["批准日期"])


def test_only_extensions_extend_and_only_changes_name_a_procedure(sent):
    for row in sent.events.values():
        extends = int(row["延长月数"] or 0) + int(row["延长天数"] or 0) > 0
        assert extends == (row["事项"] == "延长审限") == (row["原因"][2:] == "批准" or row["原因"][-2:] == "批准")
        assert bool(row["原程序"]) == (row["事项"] == "程序转换")
        assert (row["事项"] == "中止") <= (row["原因"] == "中止")
        assert bool(row["延长月数"]) == bool(row["延长天数"]) == extends


def test_changes_lead_to_the_procedure_at_the_end(sent, by_case):
    steps = Counter()
    for number, rows in by_case.items():
        changes = sorted((row for row in rows if row["事项"] == "程序转换"), key=lambda row: row["起始日期"])
        for before, after in pairwise(changes):
            assert before["原因"] == f"转{after['原程序']}" and before["起始日期"] < after["起始日期"]
        if changes:
            assert changes[-1]["原因"] == f"转{sent.cases[number]['适用程序']}" != f"转{changes[-1]['原程序']}"
            steps[chars(number)[0], changes[0]["原程序"], changes[-1]["原因"], len(changes)] += 1
    assert steps["民", "简易程序", "转普通程序", 1] > 500 and steps["刑", "简易程序", "转普通程序", 1] > 100
    assert steps["民", "小额诉讼程序", "转简易程序", 1] > 100 and steps["民", "小额诉讼程序", "转普通程序", 2] > 5


def test_long_cases_meet_more_events_than_short_ones(sent, by_case):
    met = defaultdict(list)
    for number, case in sent.cases.items():
        if chars(number) in {"民初", "商初"} and case["结案日期"] and case["适用程序"] == "简易程序" and case["作废"] == "否":
            lasted = (date.fromisoformat(case["结案日期"]) - date.fromisoformat(case["立案日期"])).days
            met[lasted > 100].append(bool({row["事项"] for row in by_case[number]} & (STOPS | {"延长审限"})))
    assert sum(met[False]) / len(met[False]) < 0.1 and sum(met[True]) / len(met[True]) > 0.8
    counted = [number for number, case in sent.cases.items() if case["作废"] == "否"]
    assert 0.2 < sum(bool(by_case[number]) for number in counted) / len(counted) < 0.32


def test_there_is_something_of_every_reason(sent):
    found = Counter(row["原因"] for row in sent.events.values())
    assert len(found) == 25 and min(found.values()) > 10 and found["被告人在押"] > 1500
    pending = [row for row in sent.events.values() if row["事项"] in STOPS and not sent.cases[row["案号"]]["结案日期"]]
    assert sum(not row["截止日期"] for row in pending) > 30 < sum(bool(row["截止日期"]) for row in pending)


def test_what_was_realised_adds_up_to_the_amount_of_the_case(sent, small, results_of):
    for source in (sent, small):
        sums, claims = Counter(), defaultdict(set)
        for row in source.results.values():
            if row["结果"] in REALISED:
                assert row["作废"] == "否"
                sums[row["案号"]] += fen(row["到位金额"])
                claims[row["案号"]].add(row["申请标的金额"])
                case = source.cases[row["案号"]]
                assert case["立案日期"] <= row["日期"] <= case["结案日期"]
            else:
                assert not row["申请标的金额"] and not row["到位金额"]
        for number, case in source.cases.items():
            if chars(number) in {"执", "执民", "执恢"}:
                assert sums.pop(number, 0) == fen(case["执行到位金额"])
                assert claims.get(number, {case["申请标的金额"]}) == {case["申请标的金额"]}
        assert not +sums
    done = [n for n, case in sent.cases.items() if case["结案方式"] in {"执行完毕", "和解并履行完毕"}]
    assert all(any(row["结果"] in REALISED for row in results_of[number]) for number in done)


def test_zhongben_closings_are_audited_looked_at_again_and_some_end(sent, results_of):
    closed = {number: case["结案日期"] for number, case in sent.cases.items() if case["结案方式"] == ZHONGBEN}
    audits, looked, ends = Counter(), 0, Counter()
    resumed = {case["原案号"] for case in sent.cases.values()}
    for number, rows in results_of.items():
        for row in rows:
            after = number in closed and row["日期"] > closed[number]
            assert after or row["结果"] not in {"终本审查合格", "终本审查不合格", "债权清偿", "终结执行", "移送破产"}
            assert (row["结果"] == "财产查控") == bool(row["发现财产"])
            if row["结果"] in {"债权清偿", "终结执行", "移送破产"}:
                ends[row["结果"]] += 1
                assert number not in resumed
                assert all(other["日期"] < row["日期"] for other in rows if other["发现财产"])
        audits.update(row["结果"] for row in rows if row["结果"].startswith("终本审查"))
        looked += number in closed and any(row["发现财产"] and row["日期"] > closed[number] for row in rows)
    assert 0.45 < audits.total() / len(closed) < 0.55 and 0.91 < audits["终本审查合格"] / audits.total() < 0.95
    assert 0.6 < looked / len(closed) < 0.85 and len(ends) == 3 and 30 < ends.total() < 150


def test_property_is_found_before_most_resumptions(sent, results_of):
    found = []
    for case in sent.cases.values():
        if case["原案号"] in sent.cases:
            end, begun = sent.cases[case["原案号"]]["结案日期"], case["立案日期"]
            looks = [row for row in results_of[case["原案号"]] if row["发现财产"] == "是"]
            found.append(any(end < row["日期"] < begun for row in looks))
    assert 0.4 < sum(found) / len(found) < 0.9


def test_petitions_are_mostly_closed(sent):
    found = Counter(row["结果"] for row in sent.results.values())
    assert 200 < found["信访受理"] < 500 and 0.88 < found["信访办结"] / found["信访受理"] < 0.96


def test_a_docket_of_500_cases_has_events_and_results_too(send, tmp_path):
    sent = send(tmp_path, cases=500, seed=19)  # its last clock file holds no row
    assert len(sent.written) == 57 and len(sent.events) > 60 and len(sent.results) > 200
    assert not [kind for files in sent.files.values() for file in files for kind in file.kinds if kind]
    assert all(len(file.told) == len(file.rows) for files in sent.files.values() for file in files)


def test_the_due_dates_written_down_are_those_that_the_files_give(sent, monkeypatch):
    spec = importlib.util.spec_from_file_location("due_dates", HERE / "due_dates.py")
    by_hand = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "due_dates", by_hand)
    spec.loader.exec_module(by_hand)
    with (HERE / "due_dates.csv").open(encoding="utf-8", newline="") as file:
        written = list(csv.DictReader(file))
    assert written == by_hand.due_dates(sent.cases, sent.events)
    assert len(written) == len({row["case_number"] for row in written}) == 300
    for row in written:
        case = sent.cases[row["case_number"]]
        assert (case["立案日期"], case["结案日期"]) == (row["registered_on"], row["closed_on"])
        assert (row["closed_on"] <= row["lawful_due_on"]) == (row["is_within"] == "true")
