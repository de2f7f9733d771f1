"""Where columns come from: as the queries say it, and as figures show it when a column of the files is changed."""

import csv
import io
import re

import pytest

from pipelines.sample.deliveries import write
from warehouse.catalogue.columns import columns_of, read_lineage


@pytest.fixture(scope="module")
def lineage(catalogue):
    return read_lineage(catalogue.house)


@pytest.fixture(scope="module")
def headers(catalogue, lineage):
    """`headers("filed")`: source and header of each column behind a metric that is no ratio."""

    def find(name):
        read = columns_of(catalogue.metrics[name], lineage, catalogue.house / "sql")
        return {(source, header) for source, header, _ in lineage.headers(catalogue.profile, read)}

    return find


@pytest.mark.parametrize(("made", "made_from"), [
    (("published.counts", "first_day"), {("model.periods", "start_on")}),
    (("model.cases", "family"), {("model.case_types", "family")}),
    # read in the query by eye: not void, not dropped, of a class that counts
    (("model.cases", "is_counted"), {("model.case_versions", "is_void"), ("model.case_versions", "presence"),
                                     ("model.case_types", "counts_as"), ("model.deliveries", "world_rank")}),
    (("model.case_history", "closed_on"), {("staged.cases", "closed_on")}),
])  # fmt: skip
def test_a_column_is_made_of_the_columns_of_its_query(lineage, made, made_from):
    assert set(lineage.made_from[made]) == made_from


def test_every_column_of_a_table_with_a_query_is_followed(lineage):
    # but those that the step puts beside which keeps the table: since and until when a row held, which publication brought it
    beside = {"from_refresh", "to_refresh", "refresh_no", "definition_version"}
    tables = {table for table, _ in lineage.made_from}
    assert len(tables) > 30
    for table in tables:
        lacking = {column for column in lineage.tables[table].columns if (table, column) not in lineage.made_from}
        assert lacking <= beside, table


def test_the_headers_behind_a_metric_are_those_that_its_definition_speaks_of(headers):
    assert headers("same_day_registration_rate") == {("registrations", name) for name in (
        "申请编号", "收到日期", "渠道", "申请类别", "首次处理", "处理日期", "补正通知日期", "立案日期", "案号")}  # fmt: skip
    assert {("cases", "立案日期"), ("cases", "作废")} <= headers("filed")
    assert {("cases", "结案方式"), ("enforcement_results", "结果")} <= headers("zhongben_pool")
    assert {("cases", "自诉"), ("clock_events", "起始日期")} <= headers("within_lawful_limit_rate")
    assert not {header for _, header in headers("closed")} & {"自诉", "申请标的金额", "执行到位金额", "收到日期"}


CHANGED = {"自诉": {"是": "否", "否": "是"}, "申请标的金额": {}, "执行到位金额": {}, "承办人": {}}


def changed(content):
    """A file of cases with other private prosecutions, judges, and amounts a hundred times as high."""
    text = content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "gb18030")
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        row["自诉"] = CHANGED["自诉"].get(row["自诉"], row["自诉"])
        row["承办人"] = f"J9{row['承办人'][-2:]}" if row["承办人"] else ""
        for name in ("申请标的金额", "执行到位金额"):
            row[name] = f"{float(row[name]) * 100:.2f}" if row[name] else ""
    made = io.StringIO()
    writer = csv.DictWriter(made, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue().encode()


def test_a_column_that_is_not_behind_a_metric_changes_no_figure_of_it(catalogue, headers, new_home, two_nights, tmp_path):
    write(tmp_path, cases=500, seed=683)
    for path in (tmp_path / "cases").glob("*.csv"):
        path.write_bytes(changed(path.read_bytes()))
    other = new_home()
    other.deliver(sorted(tmp_path.glob("*/*")))
    other.refresh(night=1)
    query = ("select metric, variant, calendar_id, period_id, family, sum(numerator), sum(denominator) from metrics.cells "
             "where to_refresh is null group by all order by all")  # fmt: skip
    here, there = two_nights.rows(query), other.rows(query)
    moved = {row[0] for row in set(here) ^ set(there)}
    behind = {metric.id for metric in catalogue.stored_metrics.values()
              if headers(metric.id) & {("cases", name) for name in CHANGED if name != "承办人"}}  # fmt: skip
    assert moved and moved <= behind
    assert {"realisation_rate", "within_base_limit_rate"} <= moved


def test_every_published_column_is_told_in_both_languages(lineage):
    for name, table in lineage.tables.items():
        if name.startswith("published."):
            assert re.search(r"[\u4e00-\u9fff]", table.row("zh")) and table.row("en") == table.grain
            for key, column in table.columns.items():
                assert re.search(r"[\u4e00-\u9fff]|ISO|JSON|r0000", column.means("zh")), f"{name}.{key}"
                assert re.search("[A-Za-z]{3}", column.means("en")), f"{name}.{key}"
