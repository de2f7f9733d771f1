"""staged.cases: one source row, typed by its contract; what cannot be typed is set aside with its reason."""

# The drawings keep their form.
# fmt: off

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

ROW = {"案号": "（2016）浙0683民初1号", "立案日期": "2016-03-01", "结案日期": "", "结案方式": ""}


def drawn(*rows, **columns):
    """Sound rows drawn as text, each with other values in some columns."""
    whole = [ROW | columns | row for row in rows or ({},)]
    names = list(dict.fromkeys(name for row in whole for name in row))
    return "\n".join([" | ".join(names), *(" | ".join(row.get(n, "") for n in names) for row in whole)])


def test_each_column_gets_its_type_and_each_row_its_place(stage):
    typed = stage("""
        案号                  | 立案日期   | 适用程序 | 承办庭室 | 结案方式 | 原案号                | 自诉 | 作废 | 申请标的金额
        （2016）浙0683执恢7号 | 2016-03-01 |          | 执行局   | 执行完毕 | （2014）绍嵊执字第3号 | 否   | 否   | 1234.5
        （2016）浙0683民初1号 | 2016-03-02 | 简易程序 |          |          |                       |      | 是   |
    """)
    assert typed.rows("delivery_no", "record", "line", "case_key", "procedure", "registered_on", "closing_manner") == [
        (7, 1, 2, "浙0683-2016-执恢-7", None, dt.date(2016, 3, 1), "fully_enforced"),
        (7, 2, 3, "浙0683-2016-民初-1", "simplified", dt.date(2016, 3, 2), None),
    ]
    assert typed.rows("origin_case_key", "is_private_prosecution", "is_void", "amount_applied", "bench_code") == [
        ("浙0683-2014-执-3", False, False, Decimal("1234.50"), "执行局"),
        (None, None, True, None, None),
    ]
    assert typed.report.rows == 2 and not typed.report.set_aside


def test_the_columns_and_types_are_those_of_the_table(stage, catalogue):
    kinds = {"BIGINT": pl.Int64, "INTEGER": pl.Int32, "VARCHAR": pl.String, "DATE": pl.Date, "BOOLEAN": pl.Boolean}
    table = catalogue.tables["staged.cases"]
    promised = {name: kinds.get(column.type, pl.Decimal(18, 2)) for name, column in table.columns.items()}
    assert dict(stage(drawn()).frame.schema) == promised


@pytest.mark.parametrize("value", ["2016-02-30", "2016/03/01", "20160301", "1.3.2016", "42430", "2016-13-01", "三月一日"])
def test_a_value_that_is_no_date_sets_its_row_aside_with_the_value(stage, value):
    typed = stage(drawn({}, {"案号": "（2016）浙0683民初2号", "结案日期": value}))
    assert typed.rows("record") == [(1,)]
    assert typed.aside == [(2, "closed_on", f"closed_on [{value}] is no date of the form %Y-%m-%d")]
    one = typed.report.set_aside[0]
    assert (one.delivery_no, one.line, one.source, one.reason_code) == (7, 3, "cases", "TYPE")
    assert (one.case_key, one.court_code, one.value) == ("浙0683-2016-民初-2", "浙0683", value)
    assert one.fields["结案日期"] == value and one.fields["案号"] == "（2016）浙0683民初2号"


@pytest.mark.parametrize(("value", "expected"), [
    ("0", "0.00"), ("12", "12.00"), ("12.3", "12.30"), ("-5.25", "-5.25"), ("9999999999999999.99", "9999999999999999.99"),
    (" 7.00 ", "7.00"), ("", None),
])  # fmt: skip
def test_an_amount_is_a_number_with_at_most_two_decimals(stage, value, expected):
    assert stage(drawn(申请标的金额=value)).rows("amount_applied") == [(expected and Decimal(expected),)]


@pytest.mark.parametrize("value", ["1,234.50", "12.345", "1e5", "12元", "12.", ".5", "NaN", "１２", "12345678901234567"])
def test_what_is_no_amount_is_set_aside(stage, value):
    typed = stage(drawn(申请标的金额=value))
    assert typed.rows("record") == []
    assert typed.aside == [(1, "amount_applied", f"amount_applied [{value}] is no amount with at most two decimals")]


def test_flags_and_codes_know_their_words_and_no_others(stage):
    typed = stage(drawn({"自诉": "是"}, {"自诉": "否"}, {"自诉": ""}, {"自诉": "Y"}, {"适用程序": "独任"}))
    assert typed.rows("is_private_prosecution") == [(True,), (False,), (None,)]
    assert typed.aside == [
        (4, "is_private_prosecution", "is_private_prosecution [Y] is none of [是, 否]"),
        (5, "procedure", "procedure [独任] is not in the code list [procedures]"),
    ]


def test_two_values_at_fault_are_two_reasons_of_one_row(stage):
    typed = stage(drawn(立案日期="x", 申请标的金额="y"))
    assert [(record, column) for record, column, _ in typed.aside] == [(1, "registered_on"), (1, "amount_applied")]
    assert typed.report.rows == 0


def test_a_number_that_fits_no_form_is_typed_and_left_to_the_rules(stage):
    typed = stage(drawn(案号="2016民初1"))
    assert typed.rows("case_key", "case_number", "number_form", "court_code") == [(None, "2016民初1", None, None)]


def test_blanks_around_a_value_are_no_part_of_it(stage):
    typed = stage(drawn(立案日期="\u3000 2016-03-01 ", 适用程序=" 普通程序\u3000", 承办庭室=" "))
    assert typed.rows("registered_on", "procedure", "bench_code") == [(dt.date(2016, 3, 1), "ordinary", None)]


def test_a_placeholder_stands_for_none_only_where_the_delivery_declares_it(stage):
    rows = drawn(结案日期="9999-12-31", 承办庭室="-")
    assert stage(rows).rows("closed_on", "bench_code") == [(dt.date(9999, 12, 31), "-")]
    declared = stage(rows, placeholders={"closed_on": "9999-12-31"})
    assert declared.rows("closed_on", "bench_code") == [(None, "-")]


def test_of_equal_rows_of_one_key_all_but_the_first_are_duplicates(stage):
    other = {"承办庭室": "一庭"}
    typed = stage(drawn({}, {"案号": "（2016）浙0683民初2号"}, {}, other, {"案号": "(2016)浙0683民初1号"}, other))
    # row 5 writes the number of row 1 in another way; rows 4 and 6 are equal, and differ from row 1: a rule judges that
    assert typed.rows("record", "is_duplicate") == [
        (1, False), (2, False), (3, True), (4, False), (5, True), (6, True),
    ]  # fmt: skip
    assert (typed.report.rows, typed.report.duplicates) == (6, 3)


def test_rows_without_a_key_are_never_duplicates(stage):
    typed = stage(drawn({"案号": ""}, {"案号": ""}, {"案号": "合计"}, {"案号": "合计"}))
    assert typed.rows("is_duplicate") == [(False,)] * 4


def test_a_file_without_rows_gives_a_file_without_rows(stage):
    typed = stage("案号 | 立案日期 | 结案日期 | 结案方式")
    assert typed.report.rows == 0 and typed.frame.height == 0


# --- other contracts

TWINS = {
    "case_number": {"header": "CASEKEY", "strip_prefix": "BK", "required": True},
    "registered_on": {"header": "start", "type": "date", "formats": ["%Y-%m-%d", "%m/%d/%Y"]},
    "number_year": {"header": "year", "type": "integer"},
}


def test_where_a_key_comes_with_and_without_its_prefix_the_row_without_stands(stage):
    key = {"column": "case_number", "stands": "without_prefix"}
    typed = stage("""
        CASEKEY | start      | year
        BK1     | 2008-01-02 | 2008
        1       | 2008-01-03 | 2008
        BK2     | 2008-01-04 | 2008
        3       | 2008-01-05 | 2008
    """, columns=TWINS, key=key)
    assert typed.rows("case_key", "registered_on", "is_duplicate") == [
        ("1", dt.date(2008, 1, 2), True), ("1", dt.date(2008, 1, 3), False), ("2", dt.date(2008, 1, 4), False),
        ("3", dt.date(2008, 1, 5), False),
    ]  # fmt: skip
    assert typed.report.duplicates == 1


def test_without_such_a_rule_twins_that_differ_are_left_to_the_rules(stage):
    typed = stage("CASEKEY | start | year \n BK1 | 2008-01-02 | \n 1 | 2008-01-03 | ", columns=TWINS)
    assert typed.rows("case_key", "is_duplicate") == [("1", False), ("1", False)]


def test_formats_are_tried_in_order_and_whole_numbers_are_whole(stage):
    typed = stage("""
        CASEKEY | start      | year
        1       | 2008-01-02 | 2008
        2       | 01/31/2008 | -1
        3       | 31/01/2008 | 2008
        4       |            | 2008.0
        5       |            | 1e3
    """, columns=TWINS)
    assert typed.rows("case_key", "registered_on", "number_year") == [
        ("1", dt.date(2008, 1, 2), 2008), ("2", dt.date(2008, 1, 31), -1),
    ]  # fmt: skip
    assert typed.aside == [
        (3, "registered_on", "registered_on [31/01/2008] is no date of the form %Y-%m-%d, %m/%d/%Y"),
        (4, "number_year", "number_year [2008.0] is no whole number"),
        (5, "number_year", "number_year [1e3] is no whole number"),
    ]


# --- properties

FIELD = {
    "案号": st.sampled_from(["（2016）浙0683民初1号", "（2016）浙0683民初2号", "(2016)浙0683民初1号", "合计", ""]),
    "立案日期": st.sampled_from(["2016-03-01", "2016-03-02", "2016-02-30", ""]),
    "结案日期": st.sampled_from(["2016-04-01", "0", ""]),
    "结案方式": st.sampled_from(["判决", "和解", ""]),
    "作废": st.sampled_from(["是", "否", "x"]),
    "申请标的金额": st.sampled_from(["1.00", "1", "1,0", ""]),
}


@settings(max_examples=40, deadline=None)
@generated(rows=st.lists(st.fixed_dictionaries(FIELD), max_size=8))
def test_every_row_is_staged_or_set_aside_and_none_is_both(stager, tmp_path_factory, rows):
    folder, one = tmp_path_factory.mktemp("staged"), stager()
    places = [{"record": n, "line": n + 1, **row} for n, row in enumerate(rows, 1)]
    wanted = (*one.contract.required_headers, *one.contract.optional_headers)
    schema = {"record": pl.Int64, "line": pl.Int64, **dict.fromkeys(wanted, pl.String)}
    pl.DataFrame(places, schema=schema).write_parquet(folder / "raw.parquet")
    report = one.stage(folder / "raw.parquet", folder / "staged.parquet", 1, {})
    staged = pl.read_parquet(folder / "staged.parquet")
    aside = {found.record for found in report.set_aside}
    assert sorted([*staged["record"], *aside]) == list(range(1, len(rows) + 1))
    assert report.rows == staged.height and report.duplicates == staged["is_duplicate"].sum()
    # what stands says each content of a key once
    kept = staged.filter(~pl.col("is_duplicate") & pl.col("case_key").is_not_null())
    content = kept.drop("record", "line", "is_duplicate")
    assert content.unique().height == content.height
