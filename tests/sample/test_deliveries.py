"""The synthetic docket counted again from its files, in plain Python: only rows that count, and the generator's own door.

What is spoilt in the files is told apart in `conftest` and counted in `test_dirt`.
"""

import re
from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.sample.deliveries import write

FIRST, LAST, LAW = "2012-01-01", "2016-10-31", "2015-05-01"
OUTSIDE = {"民诉前调", "民辖", "财保", "司惩", "司救执", "协外送", "认台"}
FAMILY = {
    "civil": "民初 商初 知初",
    "criminal": "刑初",
    "administrative": "行初 行审",
    "enforcement": "执 执民 执恢 执保 执异",
}
ENFORCED = {"执", "执民", "执恢", "执保", "执异"}
NEEDS_APPLICATION = {"民初": "民事一审", "商初": "民事一审", "知初": "民事一审", "行初": "行政一审", "执": "首次执行"}
NEEDS_APPLICATION |= {"执民": "首次执行", "行赔初": "国家赔偿", "法赔": "国家赔偿"}
OLD = re.compile(r"（(?P<year>\d{4})）绍嵊(?P<chars>[\u4e00-\u9fff]+)字第(?P<serial>[1-9]\d*)号")
NEW = re.compile(r"（(?P<year>\d{4})）浙0683(?P<chars>[\u4e00-\u9fff]+)(?P<serial>[1-9]\d*)号")
CASE_COLUMNS = "案号,立案日期,适用程序,承办庭室,承办人,结案日期,结案方式,原案号,自诉,作废,申请标的金额,执行到位金额"
EVENT_COLUMNS = "事项编号,案号,事项,原因,起始日期,截止日期,批准日期,原程序,延长月数,延长天数,作废"
RESULT_COLUMNS = "结果编号,案号,日期,结果,申请标的金额,到位金额,发现财产,作废"
REGISTRATION_COLUMNS = "申请编号,收到日期,渠道,申请类别,首次处理,处理日期,补正通知日期,补正材料收到日期,立案日期,案号"
COLUMNS = {"cases": CASE_COLUMNS, "registrations": REGISTRATION_COLUMNS}
COLUMNS |= {"clock_events": EVENT_COLUMNS, "enforcement_results": RESULT_COLUMNS}

Row = dict[str, str]


def extract_date(stem: str) -> str:
    return stem.rpartition("_")[2] if not stem.endswith("_resent") else extract_date(stem.removesuffix("_resent"))


def parts(number: str) -> tuple[int, str, int]:
    found = OLD.fullmatch(number) or NEW.fullmatch(number)
    assert found, number
    return int(found["year"]), found["chars"], int(found["serial"])


def chars(row: Row) -> str:
    return parts(row["案号"])[1]


def in_span(day: str) -> bool:
    return FIRST <= day <= LAST


def same_day(rows: list[Row]) -> float:
    good = [r for r in rows if r["首次处理"] == "登记立案" and r["处理日期"] == r["收到日期"] and not r["补正通知日期"]]
    return len(good) / len(rows)


def counted(sent) -> list[Row]:
    return [row for row in sent.cases.values() if row["作废"] == "否" and chars(row) not in OUTSIDE]


def totals(sent) -> tuple[int, int, int, int]:
    filed = sum(in_span(row["立案日期"]) for row in counted(sent))
    closed = sum(in_span(row["结案日期"]) for row in counted(sent))
    stock = sum(row["立案日期"] < FIRST for row in counted(sent))
    return filed, closed, stock, sum(not row["结案日期"] for row in counted(sent))


def test_the_files_add_up_to_the_published_totals(sent) -> None:
    filed, closed, stock, pending = totals(sent)
    assert (filed, closed, stock, pending) == (54456, 52921, 2214, 3749)
    assert stock + filed - closed == pending
    assert any(row["立案日期"] < FIRST and row["结案日期"] for row in counted(sent))


@pytest.mark.parametrize("cases", [500, 501, 777, 5000])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_totals_and_rates_hold_at_any_size_and_seed(send, tmp_path: Path, cases: int, seed: int) -> None:
    sent = send(tmp_path, cases=cases, seed=seed)
    stock, closed = round(cases * 2214 / 54456), round(cases * 52921 / 54456)
    assert totals(sent) == (cases, closed, stock, stock + cases - closed)
    assert_same_day_rates(sent)


def test_another_size_keeps_the_proportions(sent, small) -> None:
    assert totals(small) == (2000, 1944, 81, 137)
    for kinds in FAMILY.values():
        shares = [sum(chars(row) in kinds.split() for row in counted(s)) / len(counted(s)) for s in (sent, small)]
        assert shares[0] == pytest.approx(shares[1], abs=0.015)


def test_families_have_plausible_shares(sent) -> None:
    filed = Counter(chars(row) for row in counted(sent) if in_span(row["立案日期"]))
    share = {name: sum(filed[kind] for kind in kinds.split()) / 54456 for name, kinds in FAMILY.items()}
    assert share["civil"] == pytest.approx(0.55, abs=0.02)
    assert share["criminal"] == pytest.approx(0.06, abs=0.01)
    assert share["administrative"] == pytest.approx(0.025, abs=0.005)
    assert share["enforcement"] == pytest.approx(0.335, abs=0.02)
    assert filed["执恢"] / 54456 == pytest.approx(0.04, abs=0.005)
    assert filed["执保"] / 54456 == pytest.approx(0.03, abs=0.005)
    outside = sum(chars(row) in OUTSIDE for row in sent.cases.values())
    assert outside / 54456 == pytest.approx(0.04, abs=0.005)
    assert {chars(row) for row in sent.cases.values()} >= OUTSIDE | {"商初", "知初", "民破", "破", "破申", "行赔初"}


def test_filings_grow_step_up_with_the_law_and_dip_at_spring_festival(sent) -> None:
    by_year = Counter(row["立案日期"][:4] for row in counted(sent) if in_span(row["立案日期"]))
    assert by_year["2012"] < by_year["2013"] < by_year["2014"] < by_year["2015"]
    by_month = Counter(row["立案日期"][:7] for row in counted(sent))
    before = sum(by_month[f"2014-{month:02d}"] for month in range(5, 13))
    assert sum(by_month[f"2015-{month:02d}"] for month in range(5, 13)) > 1.1 * before
    for month in ("2012-01", "2013-02", "2014-02", "2015-02", "2016-02"):
        assert by_month[month] < 0.75 * sum(by_month.values()) / 58 / 0.95
    closed = Counter(row["结案日期"][:7] for row in counted(sent) if row["结案日期"])
    for year in range(2012, 2016):
        assert closed[f"{year}-12"] == max(closed[f"{year}-{month:02d}"] for month in range(1, 13))


def test_every_state_in_every_file_is_possible(sent, small) -> None:
    late: set[str] = set()
    for source in (sent, small):
        for file in source.files["cases"]:
            rows, told = file.rows, Counter(map(tuple, file.told))
            assert len({row["案号"] for row in rows}) == len(rows)
            days = [row["立案日期"] for row in rows if told[tuple(row.values())] == 1]
            assert days == sorted(days)
            late.update(row["案号"] for row in rows if parts(row["案号"])[0] != int(row["立案日期"][:4]))
            for row in rows:
                assert row["立案日期"] <= file.until and row["结案日期"] <= file.until
                assert bool(row["结案日期"]) == bool(row["结案方式"])
                assert not row["结案日期"] or FIRST <= row["结案日期"] >= row["立案日期"]
                assert row["作废"] == "否" or not row["结案日期"]
                assert bool(row["适用程序"]) == (chars(row) in {"民初", "商初", "知初", "刑初", "行初"})
                assert bool(row["申请标的金额"]) == (chars(row) in ENFORCED)
                assert bool(row["执行到位金额"]) == (chars(row) in ENFORCED and bool(row["结案日期"]))
                assert row["适用程序"] != "小额诉讼程序" or row["立案日期"] >= "2013-01-01"
    assert len(late) == 12  # numbers given out late on purpose, see test_dirt


def test_closing_manners_respect_their_dates(sent) -> None:
    for row in sent.cases.values():
        word, day = row["结案方式"], row["结案日期"]
        assert word != "和解并履行完毕" or day < "2015-01-01"
        assert word not in {"销案"} or day >= "2015-01-01"
        assert (chars(row), word) != ("行初", "调解") or day >= LAW


def test_nothing_is_reopened(sent) -> None:
    closed: set[str] = set()
    for rows in sent.case_files.values():
        now = {row["案号"] for row in rows if row["结案日期"]}
        assert not closed & ({row["案号"] for row in rows} - now)
        closed |= now


def test_numbers_have_the_old_form_to_2015_and_the_new_form_since(sent) -> None:
    for number, row in sent.cases.items():
        form = OLD if row["立案日期"] < "2016-01-01" else NEW
        assert form.fullmatch(number)
    new = {chars(row) for row in sent.cases.values() if row["立案日期"] >= "2016-01-01"}
    assert not new & {"商初", "知初", "执民"}
    bankruptcies = [row for row in sent.cases.values() if chars(row) in {"民破", "破", "破申"}]
    assert all((chars(row) == "民破") == (row["立案日期"] < "2016-08-01") for row in bankruptcies)


def test_serials_run_from_one_without_gaps_in_the_order_of_registration(sent) -> None:
    series = defaultdict(list)
    for number, row in sent.cases.items():
        year, kind, serial = parts(number)
        series[year, kind].append((serial, row["立案日期"]))
    for (year, _), members in series.items():
        members.sort()
        assert [day for _, day in members] == sorted(day for _, day in members)
        assert len({serial for serial, _ in members}) == len(members)
        if year >= 2012:
            assert [serial for serial, _ in members] == list(range(1, len(members) + 1))


def test_resumptions_name_a_zhongben_closing_that_no_open_resumption_holds(sent) -> None:
    free_on: dict[str, str] = {}
    unknown = []
    resumed = sorted((row for row in sent.cases.values() if chars(row) == "执恢"), key=lambda row: row["立案日期"])
    assert all((chars(row) == "执恢") == bool(row["原案号"]) for row in sent.cases.values())
    for row in resumed:
        origin = sent.cases.get(row["原案号"])
        if origin is None:
            unknown.append(row)
            assert parts(row["原案号"])[0] in {2010, 2011} and row["立案日期"] < "2013-01-01"
            continue
        rested = date.fromisoformat(origin["结案日期"]) + timedelta(days=30)
        assert chars(origin) in {"执", "执民", "执恢"} and origin["结案方式"] == "终结本次执行程序"
        assert rested.isoformat() <= row["立案日期"]
        assert free_on.get(row["原案号"], "") <= row["立案日期"]
        free_on[row["原案号"]] = row["结案日期"] or "9999"
    assert 0 < len(unknown) < 0.05 * len(resumed)
    assert any(parts(row["原案号"])[1] == "执恢" for row in resumed)


def test_zhongben_becomes_more_common_with_2015(sent) -> None:
    first = [row for row in counted(sent) if chars(row) in {"执", "执民"} and row["结案日期"]]
    for rows, low, high in (
        ([r for r in first if r["结案日期"] < "2015"], 0.1, 0.22),
        ([r for r in first if r["结案日期"] >= "2015"], 0.25, 0.30),
    ):
        assert low < sum(r["结案方式"] == "终结本次执行程序" for r in rows) / len(rows) < high


def assert_same_day_rates(sent) -> None:
    registered = [row for row in sent.applications.values() if row["立案日期"]]
    since = [row for row in registered if row["立案日期"] >= LAW and row["收到日期"] >= LAW]
    assert 0.955 <= same_day(since) <= 0.97
    assert same_day([row for row in registered if row["立案日期"] < LAW]) < 0.9


def test_the_same_day_share_is_above_its_floor_since_the_law_and_below_90_percent_before(sent) -> None:
    assert_same_day_rates(sent)
    assert any(row["收到日期"] < LAW <= row["立案日期"] for row in sent.applications.values())


def test_every_case_that_needs_an_application_has_exactly_one(sent) -> None:
    wanted = {}
    for row in counted(sent):
        private = "刑事自诉" if row["自诉"] == "是" else None
        category = NEEDS_APPLICATION.get(chars(row), private)
        if category and in_span(row["立案日期"]):
            wanted[row["案号"]] = (row["立案日期"], category)
    found = {r["案号"]: (r["立案日期"], r["申请类别"]) for r in sent.applications.values() if r["案号"]}
    assert found == wanted
    assert len(found) == sum(bool(row["立案日期"]) for row in sent.applications.values())
    assert {category for _, category in wanted.values()} == {"民事一审", "行政一审", "刑事自诉", "国家赔偿", "首次执行"}
    refused = sum(row["首次处理"] in {"不予立案", "退回诉状"} for row in sent.applications.values())
    assert 0.02 < refused / len(found) < 0.04


def test_every_application_takes_its_steps_in_order(sent) -> None:
    for stem, rows in sent.registration_files.items():
        assert len({row["申请编号"] for row in rows}) == len(rows)
        for row in rows:
            received, decided, noticed = row["收到日期"], row["处理日期"], row["补正通知日期"]
            steps = [day for day in (received, noticed, row["补正材料收到日期"], row["立案日期"]) if day]
            assert steps == sorted(steps) and steps[-1] <= extract_date(stem)
            assert bool(row["首次处理"]) == bool(decided) and (not decided or received <= decided)
            assert row["首次处理"] != "登记立案" or decided == row["立案日期"]
            assert (row["首次处理"] == "通知补正") == bool(noticed) and noticed in {"", decided}
            assert row["首次处理"] not in {"不予立案", "退回诉状"} or not row["立案日期"]
            assert bool(row["立案日期"]) == bool(row["案号"])
    assert any(row["首次处理"] == "通知补正" and not row["立案日期"] for row in sent.applications.values())


def test_later_files_put_right_a_few_rows_of_earlier_ones(sent) -> None:
    told: dict[str, Row] = {}
    changed: Counter[str] = Counter()
    for rows in sent.case_files.values():
        for row in rows:
            before = told.get(row["案号"], row)
            for column in ("立案日期", "适用程序", "承办庭室", "申请标的金额"):
                changed[column] += before[column] != row[column]
            changed["结案日期"] += bool(before["结案日期"]) and before["结案日期"] != row["结案日期"]
            told[row["案号"]] = row
    assert min(changed.values()) > 5 and len(changed) == 5
    assert 0.003 < changed.total() / sum(map(len, sent.case_files.values())) < 0.005


def test_every_case_stands_in_the_file_of_each_thing_that_happened_to_it(sent) -> None:
    files = {file.until: file for file in sent.once("cases")}
    ends = sorted(files)
    held = {end: {file.key(row) for row in file.told} for end, file in files.items()}
    hidden: Counter[str] = Counter()
    for number, row in sent.cases.items():
        key = tuple(map(str, parts(number)))
        for end in {next(end for end in ends if end >= day) for day in (row["立案日期"], row["结案日期"]) if day}:
            hidden[end] += key not in held[end]
    for end, file in files.items():  # only rows that lost their number hide a case from its file
        assert hidden[end] == sum(kind != "row_torn" and not file.key(row) for kind, row in file.spoilt)


def test_the_form_of_the_files_is_that_of_their_year(sent) -> None:
    for path in sent.written:
        if path.suffix != ".csv":
            continue
        body, columns = path.read_bytes(), COLUMNS[path.parent.name]
        old = extract_date(path.stem) < "2016"
        assert (b'"' in body) == (path.name == "cases_synthetic-54456-683_2016-03-31.csv")
        assert body.startswith(b"\xef\xbb\xbf") != old and body.count(b"\r\n") == (body.count(b"\n") if old else 0)
        assert body.decode("gb18030" if old else "utf-8-sig").splitlines()[0] == columns
    names = [path.name for path in sent.written]
    assert len(names) == 57 and len({extract_date(path.stem) for path in sent.written}) == 14
    assert Counter(path.suffix for path in sent.written) == {".csv": 55, ".xlsx": 1, ".jsonl": 1}
    assert all("_synthetic-54456-683_" in name for name in names)


def test_one_file_is_delivered_twice(sent) -> None:
    folder = sent.directory / "cases"
    once, again = (folder / f"cases_synthetic-54456-683_2016-05-31{end}.csv" for end in ("", "_resent"))
    assert once.read_bytes() == again.read_bytes()
    bodies = Counter(path.read_bytes() for path in sent.written)
    assert sorted(bodies.values())[-2:] == [1, 2]


def test_the_same_wish_gives_the_same_bytes_and_another_seed_does_not(small, tmp_path: Path) -> None:
    again = write(tmp_path / "again", cases=2000, seed=11)
    other = write(tmp_path / "other", cases=2000, seed=12)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in small.written]
    assert all(a.read_bytes() != b.read_bytes() for a, b in zip(again, other, strict=True))


def test_what_is_there_stays_and_what_is_missing_is_added(small, tmp_path: Path) -> None:
    first = write(tmp_path, cases=2000, seed=11)
    assert write(tmp_path, cases=2000, seed=11) == []
    first[3].write_bytes(b"kept as it is")
    first[5].unlink()
    first[5].with_name(f"{first[5].name}.part").write_bytes(b"left by a crash")
    assert write(tmp_path, cases=2000, seed=11) == [first[5]]
    assert first[3].read_bytes() == b"kept as it is"
    assert first[5].read_bytes() == small.written[5].read_bytes()
    assert not list(tmp_path.rglob("*.part"))


def test_a_docket_that_is_too_small_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\[499\] cases is too small: .* Ask for at least 500"):
        write(tmp_path, cases=499)
    assert not list(tmp_path.iterdir())
