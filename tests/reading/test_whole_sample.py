"""The whole made-up docket of Shengzhou, counted a second time here: only csv, from the files as they were delivered."""

import csv
import json
import re
from collections import Counter
from itertools import groupby
from pathlib import Path

import openpyxl
import pytest

from pipelines.reports.quarantine import quarantine_rows
from pipelines.reports.screen import screen
from warehouse.audit.explain import explain
from warehouse.intake.chronicle import read_chronicle
from warehouse.intake.ledger import Ledger

FIRST, LAST = "2012-01-01", "2016-10-31"
MONTHS = [f"{year}-{month:02}" for year in range(2012, 2017) for month in range(1, 13)][:58]
NUMBER = re.compile(r"（(\d{4})）(?:浙0683|绍嵊)([\u4e00-\u9fff]+?)字?(?:第)?(\d+)号")
MANIFEST = Path(__file__).parents[2] / "pipelines/sample/manifest.csv"
FAMILIES = {
    "civil": "民初 商初 知初 民特 民督 民催 民再", "criminal": "刑初", "administrative": "行初 行审",
    "enforcement": "执 执民 执恢 执保 执异", "bankruptcy": "破 破申 民破", "compensation": "行赔初 法赔",
}  # fmt: skip
CASE = "案号 立案日期 适用程序 承办庭室 承办人 结案日期 结案方式 原案号 自诉 作废 申请标的金额 执行到位金额"
APPLICATION = "申请编号 收到日期 渠道 申请类别 首次处理 处理日期 补正通知日期 补正材料收到日期 立案日期 案号"
MISTYPED = {"执灰", "民处", "刑处", "行处", "商处", "知处"}
OUTSIDE = {"民诉前调", "民辖", "财保", "司惩", "司救执", "协外送", "认台"}
FIVE = {"民事一审", "行政一审", "刑事自诉", "国家赔偿", "首次执行"}


def delivered(folder: Path) -> list[list[str]]:
    """Every row of a source below its header as texts, file by file in the order of extract dates; whatever it is."""
    rows = []
    for path in sorted(folder.iterdir()):
        if path.suffix == ".xlsx":
            cells = openpyxl.load_workbook(path)["案件"].iter_rows(values_only=True)
            rows += [["" if v is None else str(v).removesuffix(" 00:00:00") for v in row] for row in cells if row[0] != "案号"]
        elif path.suffix == ".jsonl":
            rows += [[v or "" for v in json.loads(line).values()] for line in path.read_text("utf-8").splitlines()]
        else:
            content = path.read_bytes()
            text = content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "gb18030")
            rows += list(csv.reader(text.splitlines()))[1:]
    return rows


def whole(folder: Path, names: str) -> list[dict[str, str]]:
    """The rows with as many fields as the header has."""
    columns = names.split()
    return [dict(zip(columns, row, strict=True)) for row in delivered(folder) if len(row) == len(columns)]


class Recount:
    """Last state of each number, and what follows from it: what was told wrongly came right in a later file."""

    def __init__(self, inbox: Path) -> None:
        known = {chars: family for family, listed in FAMILIES.items() for chars in listed.split()}
        self.applications = {row["申请编号"]: row for row in whole(inbox / "registrations", APPLICATION) if row["申请编号"]}
        last = {}
        for row in whole(inbox / "cases", CASE):
            if found := NUMBER.fullmatch(row["案号"]):
                last[found.groups()] = row
        self.cases = [
            (known[chars], row["立案日期"], row["结案日期"])
            for (_, chars, _), row in last.items()
            if row["作废"] == "否" and chars in known
        ]
        unknown = {chars for _, chars, _ in last} - set(known) - OUTSIDE
        assert all(chars in MISTYPED or "子" in chars for chars in unknown), unknown

    def monthly(self) -> dict[str, Counter[tuple[str, str]]]:
        """Filed, closed and pending by month and family."""
        counted = {name: Counter() for name in ("filed", "closed", "pending_end")}
        for family, filed, closed in self.cases:
            counted["filed"][filed[:7], family] += FIRST <= filed <= LAST
            counted["closed"][closed[:7], family] += bool(closed) and FIRST <= closed <= LAST
            for month in MONTHS:
                counted["pending_end"][month, family] += filed[:7] <= month and (not closed or closed[:7] > month)
        return {name: +found for name, found in counted.items()}

    def same_day(self, since: str) -> tuple[int, int]:
        """Registered on the day of receipt without a notice to correct, of all registered, by day of receipt."""
        rows = [r for r in self.applications.values() if r["立案日期"] and r["收到日期"] >= since and r["申请类别"] in FIVE]
        rows = [r for r in rows if FIRST <= r["立案日期"] <= LAST]
        at_once = [
            r for r in rows if (r["首次处理"], r["处理日期"], r["补正通知日期"]) == ("登记立案", r["收到日期"], "")
        ]  # fmt: skip
        return len(at_once), len(rows)


@pytest.fixture(scope="module")
def home(new_home, sample):
    """The whole docket, delivered and refreshed in one night."""
    made = new_home()
    made.deliver(sample(54456))
    assert made.refresh() == "r000001"
    return made


@pytest.fixture(scope="module")
def recount(home):
    return Recount(home.place.inbox)


@pytest.fixture
def ask(home):
    def figures(name, **how):
        with home.reader() as reader:
            return reader.ask(name, **how)

    return figures


def test_54456_were_filed_and_52921_closed_and_3749_are_pending(ask, recount):
    span = {"first": "2012-01", "last": "2016-10"}
    assert [ask(name, **span)[0].value for name in ("filed", "closed", "pending_end")] == [54456, 52921, 3749]
    assert sum(FIRST <= filed <= LAST for _, filed, _ in recount.cases) == 54456
    assert sum(FIRST <= closed <= LAST for _, _, closed in recount.cases if closed) == 52921
    assert sum(not closed for _, _, closed in recount.cases) == 3749
    assert ask("pending_start", **span)[0].value == sum(filed < FIRST for _, filed, _ in recount.cases) == 2214
    assert ask("reopened", **span)[0].value == 0


@pytest.mark.parametrize("metric", ["filed", "closed", "pending_end"])
def test_every_month_and_family_is_that_of_the_recount(ask, recount, metric):
    found = ask(metric, first="2012-01", last="2016-10", kind="month", by=("family",))
    counted = recount.monthly()[metric]
    families = {figure.dims["family"] for figure in found}
    assert families >= {"civil", "criminal", "administrative", "enforcement"}
    assert len(found) == 58 * len(families)
    assert {(f.period.id, f.dims["family"]): f.value for f in found if f.value} == dict(counted)


def test_the_months_balance_in_every_family(ask):
    names = ("pending_start", "filed", "reopened", "closed", "pending_end")
    rows = [ask(name, kind="month", by=("family",)) for name in names]
    for start, filed, reopened, closed, end in zip(*rows, strict=True):
        assert start.dims == end.dims and start.period == end.period
        assert start.value + filed.value + reopened.value - closed.value == end.value
    ordered = sorted(zip(rows[0], rows[4], strict=True), key=lambda pair: (pair[0].dims["family"], pair[0].period.id))
    for _, group in groupby(ordered, key=lambda pair: pair[0].dims["family"]):
        pairs = list(group)
        assert [start.value for start, _ in pairs[1:]] == [end.value for _, end in pairs[:-1]]


def test_the_closing_rate_is_made_of_the_recounted_cases(ask, recount):
    (figure,) = ask("closing_rate_cn", first="2014", last="2014", kind="year")
    open_before = sum(filed < "2014" and (not closed or closed >= "2014") for _, filed, closed in recount.cases)
    filed = sum(filed[:4] == "2014" for _, filed, _ in recount.cases)
    closed = sum(closed[:4] == "2014" for _, _, closed in recount.cases)
    assert (figure.numerator, figure.denominator) == (closed, open_before + filed)


def test_the_same_day_rate_is_that_of_the_recount(ask, recount):
    (since,) = ask("same_day_registration_rate", first="2015-05", last="2016-10")
    assert (since.numerator, since.denominator) == recount.same_day("2015-05-01")
    assert 0.955 <= since.value <= 0.97
    (any_date,) = ask("same_day_registration_rate.any_date")
    assert (any_date.numerator, any_date.denominator) == recount.same_day("")
    assert [f.reason for f in ask("same_day_registration_rate", last="2015-04")] == ["not_in_force"]
    assert ask("same_day_registration_rate.any_date", last="2015-04")[0].value < 0.9


def test_the_screen_compares_the_published_totals_with_difference_0(home):
    lines = [line.split() for line in screen(home.catalogue, home.place, [], "en")]
    span = "2012-01..2016-10"
    assert ["CT001", "filed", span, "54,456", "54,456", "0"] in lines
    assert ["CT002", "closed", span, "52,921", "52,921", "0"] in lines
    (floor,) = [line for line in lines if line[:1] == ["CT003"]]
    assert floor[1:5] == ["same_day_registration_rate", "2015-05..2016-10", "at", "least"] and floor[-1] == "reached"
    broken = home.rows("select rule_id from quality.verdicts where not holds and looks_at <> 'row'")
    assert (broken, home.rows("select * from quality.gates")) == ([], [])
    assert home.rows("select count(*) from model.control_totals where is_applicable") == [(3,)]


def test_every_delivered_row_is_accepted_or_a_duplicate(home):
    rows = home.rows("select sum(rows_delivered), sum(rows_accepted), sum(rows_quarantined), sum(rows_duplicate), "
                     "count(*) filter (rows_delivered = rows_duplicate) from published.deliveries")  # fmt: skip
    in_files = len(delivered(home.place.inbox / "cases")) + len(delivered(home.place.inbox / "registrations"))
    ((total, accepted, quarantined, duplicates, resent),) = rows
    assert total == in_files == accepted + quarantined + duplicates
    # by the manifest, with the file that came twice counted as duplicates
    assert (quarantined, resent) == (sum(int(line["rows"]) for line in manifest() if line["dictionary"] not in NO_ROWS), 1)


NO_ROWS = {"DUPLICATE", "DQ02", "DQ14", "DQ20"}
"""Words of the manifest for what is no row set aside: rows said twice, and warnings."""
ALSO = {"DQ12": {"DQ11"}, "DQ07": {"DQ08"}}
"""A closing of 9999-12-31 is in the future too; a number of the new form before 2016 has a type code not yet valid."""


def manifest() -> list[dict[str, str]]:
    with MANIFEST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_quarantine_shows_the_dirt_of_the_manifest_all_of_it_and_nothing_else(home):
    with home.reader() as reader:
        found = quarantine_rows(
            reader.snapshot, None, None, None, read_chronicle(Ledger(home.place.landing).events()).deliveries
        )
    rows: dict[tuple[int, int], list[dict[str, object]]] = {}
    for one in found:
        rows.setdefault((one["delivery_no"], one["record"]), []).append(one)
    shown: Counter[tuple[object, ...]] = Counter()
    for reasons in rows.values():
        codes = {str(one["reason_code"]) for one in reasons}
        (code,) = codes - {also for main in codes for also in ALSO.get(main, ())}
        (status,) = {one["status"] for one in reasons}
        shown[reasons[0]["source"], code, status] += 1
    told: Counter[tuple[object, ...]] = Counter()
    for line in manifest():
        if line["dictionary"] not in NO_ROWS:
            status = "no_case" if line["dictionary"] == "NO_CASE" else "open" if line["open_at_end"] == "yes" else "rectified"
            told[line["source"], line["dictionary"], status] += int(line["rows"])
    assert shown == told


def test_duplicates_and_warnings_are_those_of_the_manifest(home):
    told = Counter()
    for line in manifest():
        told[line["source"], line["dictionary"]] += int(line["rows"])
    twice = home.rows("select source, sum(rows_duplicate) filter (rows_delivered <> rows_duplicate) from published.deliveries "
                      "group by source")  # fmt: skip
    assert {source: int(count) for source, count in twice} == {s: told[s, "DUPLICATE"] for s in ("cases", "registrations")}
    warned = dict(home.rows("select rule_id, count(distinct item) from quality.failures group by rule_id"))
    assert warned == {"DQ20": told["cases", "DQ20"], "DQ02": told["registrations", "DQ02"]}


def test_a_row_of_the_workbook_and_one_of_the_json_lines_lead_back_to_their_places(home):
    with home.reader() as reader:
        filed = explain(home.place, reader, reader.parse("filed/2016-02"), 100_000)
        same_day = explain(home.place, reader, reader.parse("same_day_registration_rate/2016-06"), 100_000)
    places = {(Path(row["file"]).suffix, row["place"].rstrip("0123456789")) for row in filed["rows"]}
    assert (".xlsx", "案件!A") in places and filed["rows_total"] == filed["value"]
    assert (".jsonl", "line ") in {(Path(row["file"]).suffix, row["place"].rstrip("0123456789")) for row in same_day["rows"]}
    row = next(row for row in filed["rows"] if row["place"].startswith("案件"))
    (sheet,) = home.place.inbox.glob("cases/*.xlsx")
    assert openpyxl.load_workbook(sheet)["案件"][row["place"].removeprefix("案件!")].value == row["raw"]["案号"]


def test_a_sample_of_another_size_is_held_to_no_published_total(new_home, sample):
    small = new_home()
    small.deliver(sample(500))
    small.refresh()
    assert small.rows("select count(*), count(*) filter (is_applicable) from model.control_totals") == [(3, 0)]
    assert small.rows("select failing from quality.verdicts where rule_id in ('DQ36', 'DQ36U')") == [(0,), (0,)]
    assert small.rows("select count(*) from quality.gates") == [(0,)]
    lines = screen(small.catalogue, small.place, [], "en")
    assert not any("CT00" in line or "published total" in line for line in lines)
    assert any("SYNTHETIC" in line for line in lines)
