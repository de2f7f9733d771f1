"""From a figure back to the lines of the files it was counted from."""

import hashlib
import shutil
from contextlib import ExitStack
from datetime import date, timedelta
from functools import cache

import pytest

from warehouse.audit.evidence.build import evidence
from warehouse.catalogue.bundle import find_profile, read_catalogue
from warehouse.catalogue.query import HOUSE
from warehouse.reading.snapshot import Unknown
from warehouse.refresh.bundles import catalogue_of

ROW = {"case_key", "case_number", "part", "counted_on", "numerator", "denominator", "delivery_no", "file", "sha256", "place",
       "line", "raw"}  # fmt: skip
"""The keys of interface.md."""

FLOWS = ["filed/2014", "filed/2012-01..2016-10", "closed/2015-Q2/family=civil", "closed/2016-H1/closing_manner=mediation",
         "filed/stat20_month:2016-02", "closed/stat20_month:2013/family=enforcement", "reopened/2014", "filed/2016"]  # fmt: skip


@pytest.fixture(scope="module")
def explained(two_nights):
    """`explained(figure_id)`: all rows of a figure of the two nights. To be read, not changed."""
    return cache(two_nights.explain)


def keys(found):
    return [(row["case_key"], row["part"], row["counted_on"]) for row in found["rows"]]


@pytest.mark.parametrize("figure_id", FLOWS)
def test_the_rows_of_a_flow_are_as_many_as_its_value_each_once_and_in_its_span(explained, figure_id):
    found = explained(figure_id)
    assert found["rows_total"] == found["value"] == len(found["rows"]) == len(set(keys(found)))
    assert all(found["period"]["first_day"] <= row["counted_on"] <= found["period"]["last_day"] for row in found["rows"])
    assert found["value"] > 0 or figure_id == "reopened/2014"


@pytest.mark.parametrize("figure_id", [*FLOWS[:4], "pending_end/2016-10", "same_day_registration_rate/2016-05"])
def test_each_row_stands_in_that_line_of_the_stored_file_of_that_hash(two_nights, explained, line_of, figure_id):
    found = explained(figure_id)
    assert found["rows"]
    for row in found["rows"]:
        assert row.keys() >= ROW
        blob = two_nights.place.landing / "blobs" / row["sha256"]
        assert hashlib.sha256(blob.read_bytes()).hexdigest() == row["sha256"]
        line = line_of(two_nights, row)
        assert row["case_number"] in line
        assert row["place"] == f"line {row['line']}"
        assert all(value in line.replace('""', '"') for value in row["raw"].values() if value is not None)


def test_the_raw_fields_are_the_contracted_ones_as_delivered(two_nights, line_of):
    (row,) = two_nights.explain("filed/2016-10", rows=1)["rows"]
    assert sorted(value or "" for value in row["raw"].values()) == sorted(line_of(two_nights, row).strip("\r").split(","))
    assert set(row["raw"]) == {
        "案号", "立案日期", "适用程序", "承办庭室", "承办人", "结案日期", "结案方式", "原案号", "自诉", "作废", "申请标的金额",
        "执行到位金额",
    }  # fmt: skip


def test_a_closed_case_is_explained_by_the_latest_line_that_tells_of_it(two_nights, line_of):
    for row in two_nights.explain("closed/2016-05")["rows"]:
        assert row["counted_on"] in line_of(two_nights, row)
        assert row["counted_on"][:7] == "2016-05"


@pytest.mark.parametrize("figure_id", ["pending_end/2014", "pending_end/2016-10/family=civil", "pending_start/2015-03",
                                       "pending_start/2012", "zhongben_pool/2016-10", "enforcement_backlog/2016-10",
                                       "pending_end/stat20_month:2014-06"])  # fmt: skip
def test_the_rows_of_a_stock_are_those_that_were_in_it_on_its_day(two_nights, figure_id):
    found = two_nights.explain(figure_id)
    assert found["rows_total"] == found["value"] == len(set(keys(found))) > 0
    assert all(row["counted_on"] <= found["period"]["last_day"] for row in found["rows"])


def test_a_case_closed_on_the_last_day_is_not_pending_at_its_end_and_one_closed_on_the_first_was_at_its_start(two_nights):
    end = {row["raw"]["结案日期"] for row in two_nights.explain("pending_end/2015-12")["rows"]}
    assert all(day is None or day == "" or day > "2015-12-31" for day in end)
    start = two_nights.explain("pending_start/2015-12")["rows"]
    assert {row["raw"]["结案日期"] >= "2015-12-01" for row in start if row["raw"]["结案日期"]} == {True}


def test_the_backlog_shows_both_its_parts(two_nights):
    found = two_nights.explain("enforcement_backlog/2016-10")
    parts = {part: [row for row in found["rows"] if row["part"] == part] for part in ("pending", "pool")}
    for part, rows in parts.items():
        variant = two_nights.explain(f"enforcement_backlog.{part}/2016-10")
        assert variant["value"] == variant["rows_total"] == len(rows) > 0
        assert {row["case_key"] for row in variant["rows"]} == {row["case_key"] for row in rows}
    assert found["value"] == len(parts["pending"]) + len(parts["pool"])


@pytest.mark.parametrize(("figure_id", "above", "below"), [
    ("closing_rate_cn/2014", ["closed"], ["pending_start", "filed"]),
    ("closing_rate_cn/2016-H2/family=civil", ["closed"], ["pending_start", "filed"]),
    ("disposal_filing_ratio_cn/2015-Q1", ["closed"], ["filed"]),
])  # fmt: skip
def test_a_ratio_shows_the_rows_of_its_parts(two_nights, figure_id, above, below):
    found = two_nights.explain(figure_id)
    counted = {part: sum(row["part"] == part for row in found["rows"]) for part in (*above, *below)}
    assert sum(counted[part] for part in above) == found["numerator"]
    assert sum(counted[part] for part in below) == found["denominator"]
    assert found["rows_total"] == sum(counted.values()) and set(found["sql"]) == set(counted)
    assert found["value"] == found["numerator"] / found["denominator"]


def test_the_rows_of_a_share_carry_its_numerator_and_its_denominator(two_nights):
    found = two_nights.explain("same_day_registration_rate/2015-05..2016-10")
    assert sum(row["numerator"] for row in found["rows"]) == found["numerator"]
    assert sum(row["denominator"] for row in found["rows"]) == found["denominator"] == found["rows_total"]
    for row in found["rows"]:
        raw = row["raw"]
        at_once = raw["首次处理"] == "登记立案" and raw["处理日期"] == raw["收到日期"] and not raw["补正通知日期"]
        assert row["numerator"] == at_once and raw["收到日期"] >= "2015-05-01"


def test_definition_sql_and_rules_stand_beside_the_rows(two_nights):
    found = two_nights.explain("filed/2014", rows=3)
    assert found["definition"]["name_zh"] == "新收" and found["definition"]["version"] == found["definition_version"]
    assert "model.case_spells" in found["sql"]["filed"]
    holds = {rule["id"]: rule["holds"] for rule in found["rules"]}
    assert {"DQ01", "DQ16", "DQ33", "CONSERVATION"} <= set(holds) and set(holds.values()) == {True}
    assert "DQ17" not in holds  # of applications
    assert (len(found["rows"]), found["rows_total"]) == (3, found["value"])


def test_a_figure_that_is_not_published_has_no_rows_and_says_why(two_nights):
    found = two_nights.explain("filed/2020")
    assert (found["status"], found["reason"], found["rows_total"], found["rows"]) == ("undefined", "beyond_data", 0, [])
    assert two_nights.explain("same_day_registration_rate/2014")["reason"] == "not_in_force"


# --- an earlier refresh


EARLIER = ["filed/2014", "closed/2013/family=enforcement", "pending_end/2014-12", "closing_rate_cn/2014",
           "enforcement_backlog/2014-12", "same_day_registration_rate.any_date/2014"]  # fmt: skip


@pytest.mark.parametrize("figure_id", EARLIER)
def test_a_figure_of_the_first_night_is_explained_by_what_was_known_then(two_nights, explained, line_of, figure_id):
    found = explained(f"{figure_id}@r000001")
    value = {"ratio": (found["numerator"] or 0) + (found["denominator"] or 0), "share": found["denominator"]}
    assert found["refresh_id"] == "r000001"
    assert found["rows_total"] == value.get(found["kind"], found["value"]) > 0
    assert all(row["file"].split("_")[-1][:4] < "2015" for row in found["rows"])
    assert all(row["case_number"] in line_of(two_nights, row) for row in found["rows"])


def test_what_was_pending_on_the_first_night_is_closed_in_the_lines_of_the_second(explained):
    then, now = explained("pending_end/2014-12@r000001"), explained("pending_end/2014-12@r000002")
    assert all(not row["raw"]["结案日期"] for row in then["rows"])
    assert any(row["raw"]["结案日期"] for row in now["rows"])


@pytest.fixture(scope="module")
def by_other_lists(two_nights, change, tmp_path_factory):
    """A third night, by a code list in which criminal cases are called relief."""
    folder = tmp_path_factory.mktemp("other_lists") / "profile"
    shutil.copytree(two_nights.catalogue.profile.folder, folder)
    change(folder / "codes/case_types.csv", ",criminal,", ",relief,")
    home = two_nights.copy(tmp_path_factory.mktemp("three_nights"))
    assert home.refresh(night=2, catalogue=read_catalogue(folder)) == "r000003"
    return home


@pytest.mark.parametrize("figure_id", ["filed/2014/family=criminal", "closed/2013/family=criminal",
                                       "filed/2014/family=civil"])  # fmt: skip
def test_a_figure_of_then_is_explained_by_the_code_lists_of_then(by_other_lists, figure_id):
    found = by_other_lists.explain(f"{figure_id}@r000001")
    assert found["rows_total"] == found["value"] > 0


# --- scopes and calendars


@pytest.mark.parametrize("figure_id", [
    "filed.without_resumed/2014", "closed.without_preservation/2016-H1", "filed.with_mediation/2014", "filed/dec_nov_year:2015",
    "closed.with_mediation/2014", "pending_start.without_resumed/dec_nov_year:2016",
])  # fmt: skip
def test_a_reading_of_a_scope_and_of_a_calendar_is_explained_by_as_many_rows_as_it_counts(two_nights, figure_id):
    found = two_nights.explain(figure_id)
    assert found["rows_total"] == found["value"] == len(set(keys(found))) > 0
    out = {"without_resumed": "执恢", "without_preservation": "执保"}.get(found["variant"], "-")
    assert not any(f"{out}-" in row["case_key"] for row in found["rows"])
    if found["variant"] == "with_mediation":
        parts = {row["part"]: "诉前调" in row["case_key"] for row in found["rows"]}
        assert parts == {found["metric"]: False, f"mediations_{found['metric']}": True}


def test_a_ratio_in_a_scope_shows_the_rows_of_its_parts_in_it(two_nights):
    found = two_nights.explain("closing_rate_cn.with_mediation/2014")
    sums = {part: sum(row["part"] == part for row in found["rows"]) for part in {row["part"] for row in found["rows"]}}
    assert sums["closed.with_mediation"] == found["numerator"]
    assert sums["pending_start.with_mediation"] + sums["filed.with_mediation"] == found["denominator"]


# --- the definitions that it is explained by


def test_definitions_that_are_open_are_given_to_whoever_asks_meanwhile_and_are_gone_afterwards(two_nights):
    with two_nights.reader() as reader:
        bundle = reader.snapshot.refresh.bundle
    with catalogue_of(two_nights.place, bundle) as outer, catalogue_of(two_nights.place, bundle) as inner:
        assert inner is outer and (outer.house / "sql/metrics/filed.sql").is_file()
    assert not outer.house.exists()
    with catalogue_of(two_nights.place, bundle) as later:
        assert later is not outer and later.profile.id == outer.profile.id


@pytest.fixture(scope="module")
def without_a_metric(two_nights, tmp_path_factory):
    """The home of two nights after a third, whose definitions hold the first target of enforcement no more. To be read, not changed."""
    house = tmp_path_factory.mktemp("house")
    for folder in ("sql", "warehouse"):
        shutil.copytree(HOUSE / folder, house / folder, ignore=shutil.ignore_patterns("data", "__pycache__"))
    (house / "warehouse/definitions/enforcement_target_t1.yml").unlink()
    home = two_nights.copy(tmp_path_factory.mktemp("without"))
    (home.place.inbox / "cases/cases_2016-11-30.csv").write_text(
        "案号,立案日期,结案日期,结案方式\n（2016）浙0683民初99001号,2016-10-31,,\n", "utf-8"
    )
    home.refresh(night=30, catalogue=read_catalogue(find_profile("shengzhou"), house))
    return home


def test_a_figure_of_a_metric_that_was_removed_is_explained_from_the_publication_that_holds_it(two_nights, without_a_metric):
    with pytest.raises(Unknown, match="enforcement_target_t1"):
        without_a_metric.explain("enforcement_target_t1/2015")
    figure_id = "enforcement_target_t1/2015@r000002"
    before, after = two_nights.explain(figure_id), without_a_metric.explain(figure_id)
    assert after == before and after["rows_total"] == after["denominator"] > 0
    with without_a_metric.reader("r000002") as reader:
        made = evidence(without_a_metric.place, reader, reader.parse(figure_id), "evidence.zip")
    assert made.figure_id == figure_id and made.rows == after["rows_total"]


# --- the lines beside that of a row

COMPUTED = {
    "due_soon", "enforcement_overdue", "overdue_pending", "long_pending_12m", "long_pending_18m", "long_pending_24m",
    "long_pending_36m", "pending_age_buckets", "zhongben_pool_age", "zhongben_recheck_due",
}  # fmt: skip
"""Stocks that are entered on a day that no line says: a limit or an age after one that a line does say."""


def dates_on(row):
    """The days that stand on the line of a row and on those beside it."""
    return {value for raw in (row["raw"], *(line["raw"] for line in row["beside"])) for value in raw.values() if value}


def test_the_day_that_a_row_is_counted_on_stands_on_its_line_or_on_one_beside_it(two_nights):
    with two_nights.reader() as reader:
        metrics = [one.id for one in reader.snapshot.metrics.values() if reader.snapshot.applies(one) and one.kind != "ratio"]
        bundles = {one.bundle for one in reader.snapshot.all_refreshes}
    beside = 0
    with ExitStack() as opened:  # once for all of them
        for bundle in bundles:
            opened.enter_context(catalogue_of(two_nights.place, bundle))
        for metric in sorted({*metrics} - COMPUTED):
            for row in two_nights.explain(f"{metric}/2012-01..2016-10")["rows"]:
                day = row["counted_on"]
                if metric == "reactivated" and day not in dates_on(row):  # the day after the last one of the suspension
                    day = str(date.fromisoformat(day) - timedelta(days=1))
                assert day in dates_on(row), (metric, row)
                beside += day not in row["raw"].values()
    assert beside > 20  # what only a line beside says: a suspension, a result, the case that resumed it


def test_each_line_beside_a_row_stands_in_the_stored_file_and_names_its_case(two_nights, line_of):
    kinds = set()
    for metric in ("zhongben_pool_exits", "placed_inactive", "enforcement_target_t2"):
        for row in two_nights.explain(f"{metric}/2012-01..2016-10")["rows"]:
            for line in row["beside"]:
                kinds.add(line["kind"])
                text = line_of(two_nights, line)
                assert line["case_number"] in text
                assert all(value in text for value in line["raw"].values() if value)
                assert line["kind"] in ("case_of_chain", "result_of_chain") or line["case_number"] == row["case_number"]
    assert kinds == {"clock_event", "enforcement_result", "case_of_chain", "result_of_chain"}


def test_a_row_of_a_metric_that_reads_cases_alone_needs_no_line_beside_it(two_nights):
    assert not any(row["beside"] for row in two_nights.explain("filed/2014")["rows"])


def test_the_lines_beside_a_row_are_those_known_at_the_refresh_of_the_figure(two_nights):
    figure = "zhongben_pool/2014-12"
    then, now = two_nights.explain(f"{figure}@r000001"), two_nights.explain(figure)
    assert then["rows"] and {line["delivery_no"] for row in then["rows"] for line in row["beside"]} < {
        line["delivery_no"] for row in now["rows"] for line in row["beside"]
    }
