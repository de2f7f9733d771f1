"""staged.totals: rows of published tables become numbers with period and dimensions, or are set aside whole."""

# The drawings keep their form.
# fmt: off

import dataclasses
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from pydantic import ValidationError

from warehouse.catalogue.totals import PeriodRule, TotalsContract
from warehouse.intake.spans import span_of, years_before
from warehouse.intake.totals import TotalsStager

BASE = {"source": "t", "feeds": "totals", "title_zh": "数", "title_en": "Totals", "kind": "snapshot", "file": {"format": "csv"}}
TEXAS = {
    "period": {"year": "Year", "month": "Month"}, "dimensions": {"kind_of_area": "Geography", "area": "Name"},
    "measures": {"filed": {"header": "tot", "type": "integer", "unit": "cases", "kind": "flow"},
                 "mean_amount": {"header": "mean", "type": "decimal", "unit": "USD", "nulls": ["", "NA"]}},
}  # fmt: skip
SERIES = {
    "period": {"label": "年份"}, "dimensions": {"definition": "口径"},
    "long": {"measure": "指标", "value": "数值", "unit": "单位", "note": "来源"},
    "measures": {"received": {"word": "收案", "type": "integer", "kind": "flow"}, "share": {"word": "占比", "type": "decimal"}},
}  # fmt: skip


def contract(**parts):
    return TotalsContract.model_validate(BASE | parts).with_columns()


@pytest.fixture
def stage(catalogue, tmp_path):
    """`stage(drawing, data_until=None, **parts of the contract)`: the typed numbers and the report; empty cells are empty."""

    def type_rows(drawing, data_until=None, placeholders=None, **parts):
        stager = TotalsStager(contract(**parts), catalogue.profile, catalogue.tables["staged.totals"])
        header, *lines = [[cell.strip() for cell in x.split("|")] for x in drawing.splitlines() if x.strip()]
        rows = [{"record": n, "line": n + 1, **dict(zip(header, line, strict=True))} for n, line in enumerate(lines, 1)]
        wanted = (*stager.contract.required_headers, *stager.contract.optional_headers)
        schema = {"record": pl.Int64, "line": pl.Int64, **dict.fromkeys(wanted, pl.String)}
        pl.DataFrame(rows, schema=schema).write_parquet(tmp_path / "raw.parquet")
        stager = dataclasses.replace(stager, data_until=data_until)
        report = stager.stage(tmp_path / "raw.parquet", tmp_path / "staged.parquet", 7, placeholders or {})
        frame = pl.read_parquet(tmp_path / "staged.parquet").sort("record", "total_key")
        assert frame.columns == list(catalogue.tables["staged.totals"].columns)
        return frame, report

    return type_rows


# --- a wide table


def test_one_source_row_gives_each_of_its_measures(stage):
    frame, report = stage("""
        Name   | Geography | Year | Month | tot | mean
        Dallas | County    | 2021 | 3     | 40  | 1454.075
    """, **TEXAS)
    assert frame.select("total_key", "row_key", "measure", "measure_kind", "period", "first_day", "last_day", "value", "unit",
                        "delivery_no", "record", "line").rows() == [
        ("t/filed/2021-03/area=Dallas,kind_of_area=County", "t/2021-03/area=Dallas,kind_of_area=County", "filed", "flow",
         "2021-03", date(2021, 3, 1), date(2021, 3, 31), Decimal("40"), "cases", 7, 1, 2),
        ("t/mean_amount/2021-03/area=Dallas,kind_of_area=County", "t/2021-03/area=Dallas,kind_of_area=County", "mean_amount",
         "statistic", "2021-03", date(2021, 3, 1), date(2021, 3, 31), Decimal("1454.075"), "USD", 7, 1, 2),
    ]  # fmt: skip
    assert (report.rows, report.duplicates, report.set_aside) == (1, 0, ())


def test_a_row_without_year_and_month_is_a_total_of_no_period_and_one_without_a_number_a_total_without_a_value(stage):
    frame, report = stage("""
        Name   | Geography | Year | Month | tot | mean
        Dallas | County    |      |       | 14  | NA
               | County    | 2021 | 12    |     |
    """, **TEXAS)
    assert frame.select("total_key", "period_kind", "first_day", "value").rows() == [
        ("t/filed/none/area=Dallas,kind_of_area=County", "none", None, Decimal(14)),
        ("t/mean_amount/none/area=Dallas,kind_of_area=County", "none", None, None),
        ("t/filed/2021-12/area=none,kind_of_area=County", "month", date(2021, 12, 1), None),
        ("t/mean_amount/2021-12/area=none,kind_of_area=County", "month", date(2021, 12, 1), None),
    ]  # fmt: skip
    assert report.rows == 2 and not report.set_aside


def test_a_delivery_may_have_its_own_word_for_none(stage):
    frame, _ = stage("Name|Geography|Year|Month|tot|mean\n a | b | 2021 | 3 | 4 | 0", placeholders={"mean_amount": "0"}, **TEXAS)
    assert frame["value"].to_list() == [Decimal(4), None]


@pytest.mark.parametrize(("text", "value"), [
    ("48260.0", "48260"), ("48260.000", "48260"), ("-3420.0", "-3420"), ("0", "0"), ("99999999999999999", "99999999999999999"),
])  # fmt: skip
def test_a_whole_number_may_have_decimals_that_are_zeros(stage, text, value):
    frame, _ = stage(f"Name|Geography|Year|Month|tot|mean\n a | b | 2021 | 3 | {text} | 1", **TEXAS)
    assert frame["value"].to_list()[0] == Decimal(value)


@pytest.mark.parametrize("text", ["0.11125844811361109", "0.00123456789012345678", "-0.5", "16", "123456.7"])
def test_a_share_keeps_every_decimal_that_was_written(stage, text):
    frame, _ = stage(f"Name|Geography|Year|Month|tot|mean\n a | b | 2021 | 3 | 1 | {text}", **TEXAS)
    assert frame["value"].to_list()[1] == Decimal(text)


@pytest.mark.parametrize(("row", "column", "message"), [
    ("a | b | 2021 | 3 | 48260.5 | 1", "filed", "filed [48260.5] is no whole number"),
    ("a | b | 2021 | 3 | many | 1", "filed", "filed [many] is no whole number"),
    ("a | b | 2021 | 3 | 1E3 | 1", "filed", "filed [1E3] is no whole number"),
    ("a | b | 2021 | 3 | 1,000 | 1", "filed", "filed [1,000] is no whole number"),
    ("a | b | 2021 | 3 | 1 | 0.123456789012345678901", "mean_amount",
     "mean_amount [0.123456789012345678901] is no number with at most 20 decimals"),
    ("a | b | 2021 | 13 | 1 | 1", "period", "period [2021 13] is no period as year and month should say it"),
    ("a | b | 21 | 3 | 1 | 1", "period", "period [21 3] is no period as year and month should say it"),
])  # fmt: skip
def test_what_cannot_be_typed_sets_its_whole_row_aside_with_its_place(stage, row, column, message):
    frame, report = stage(f"""
        Name | Geography | Year | Month | tot | mean
        a    | b         | 2021 | 2     | 1   | 1
        {row}
    """, **TEXAS)
    (aside,) = report.set_aside
    assert (aside.record, aside.line, aside.reason_code, aside.column_name, aside.message) == (2, 3, "TYPE", column, message)
    assert aside.case_key == (None if column == "period" else "t/2021-03/area=a,kind_of_area=b")
    assert aside.fields["Name"] == "a" and aside.fields["Month"] == row.split("|")[3].strip()
    assert frame["record"].unique().to_list() == [1] and report.rows == 1


def test_groups_and_decimal_commas_are_read_where_the_contract_names_them(stage):
    measures = {"filed": {"header": "tot", "type": "integer", "thousands": ","},
                "mean_amount": {"header": "mean", "type": "decimal", "decimal": ",", "thousands": "."}}  # fmt: skip
    frame, report = stage("Name|Geography|Year|Month|tot|mean\n a | b | 2021 | 3 | 1,454.0 | 1.454,0755",
                          **TEXAS | {"measures": measures})  # fmt: skip
    assert not report.set_aside
    assert frame["value"].to_list() == [Decimal(1454), Decimal("1454.0755")]


def test_equal_rows_are_duplicates_and_rows_that_differ_are_left_to_the_rule(stage):
    frame, report = stage("""
        Name | Geography | Year | Month | tot | mean
        a    | b         | 2021 | 3     | 1   | 1
        a    | b         | 2021 | 3     | 1.0 | 1
        a    | b         | 2021 | 3     | 2   | 1
        c    | b         | 2021 | 3     | 1   | 1
    """, **TEXAS)
    assert (report.rows, report.duplicates) == (4, 1)
    assert frame.filter(pl.col("is_duplicate"))["record"].to_list() == [2, 2]


def test_a_value_that_would_end_a_part_of_the_key_is_encoded(stage):
    frame, _ = stage("Name|Geography|Year|Month|tot|mean\n A,B=C/D@E%2C | b | 2021 | 3 | 1 | 1", **TEXAS)
    assert frame["dims"][0] == "area=A%2CB%3DC%2FD%40E%252C,kind_of_area=b"


def test_a_file_without_rows_gives_no_totals(stage):
    frame, report = stage("Name|Geography|Year|Month|tot|mean", **TEXAS)
    assert frame.height == report.rows == 0


def test_where_no_column_says_the_period_it_is_the_one_in_which_the_data_end(stage):
    measures = {"open": {"header": "latest", "type": "integer"},
                "open_year_ago": {"header": "before", "type": "integer", "measure": "open", "years_before": 1}}  # fmt: skip
    frame, _ = stage("court|latest|before\n Leeds | 12.0 | 9.0", date(2025, 12, 31), period={"data_until": "quarter"},
                     dimensions={"court": "court"}, measures=measures)  # fmt: skip
    assert frame.select("total_key", "row_key", "value").rows() == [
        ("t/open/2024-Q4/court=Leeds", "t/2025-Q4/court=Leeds", Decimal(9)),
        ("t/open/2025-Q4/court=Leeds", "t/2025-Q4/court=Leeds", Decimal(12)),
    ]


def test_a_constant_is_a_dimension_and_there_may_be_none(stage):
    one = {"open": {"header": "open", "type": "integer"}}
    frame, _ = stage("q|open\n 2016-03-31 | 5", period={"quarter_end": "q"}, measures=one, constants={"area": "England"})
    assert frame["total_key"].to_list() == ["t/open/2016-Q1/area=England"]
    frame, _ = stage("q|open\n 2016-03-31 | 5", period={"quarter_end": "q"}, measures=one)
    assert frame["total_key"].to_list() == ["t/open/2016-Q1"]


# --- a long table


def test_a_long_table_names_the_measure_the_unit_and_where_it_was_published_in_columns(stage):
    frame, report = stage("""
        指标 | 年份   | 口径     | 数值     | 单位          | 来源
        收案 | 2023H1 | 全部案件 | 1696     | 万 (rounded)  | press
        占比 | 2023   | 全部案件 | 0.955    |               |
        收案 | 2023   | 全部案件 |          | 件            | press
    """, **SERIES)
    assert not report.set_aside and report.rows == 3
    assert frame.select("total_key", "measure_kind", "value", "unit", "note").rows() == [
        ("t/received/2023-H1/definition=全部案件", "flow", Decimal(1696), "万 (rounded)", "press"),
        ("t/share/2023/definition=全部案件", "statistic", Decimal("0.955"), None, None),
        ("t/received/2023/definition=全部案件", "flow", None, "件", "press"),
    ]


def test_a_measure_that_the_contract_does_not_name_and_a_number_of_another_type_are_set_aside(stage):
    frame, report = stage("""
        指标 | 年份   | 口径     | 数值     | 单位 | 来源
        收案 | 2022   | 全部案件 | 0.5      | 件   |
        受理 | 2022   | 全部案件 | 17       | 件   |
             | 2022   | 全部案件 | 17       | 件   |
        占比 | 2022上 | 全部案件 | 0.5      |      |
    """, **SERIES)
    assert [one.message for one in report.set_aside] == [
        "received [0.5] is no whole number", "measure [受理] is none of [收案, 占比]", "measure [None] is none of [收案, 占比]",
        "period [2022上] is no period as label should say it",
    ]  # fmt: skip
    assert frame.height == report.rows == 0


# --- periods


@pytest.mark.parametrize(("rule", "words", "period", "days"), [
    ({"year": "y"}, ["2016"], "2016", ("2016-01-01", "2016-12-31")),
    ({"year": "y", "month": "m"}, ["2016", "02"], "2016-02", ("2016-02-01", "2016-02-29")),
    ({"year": "y", "month": "m"}, ["2016", "12"], "2016-12", ("2016-12-01", "2016-12-31")),
    ({"year": "y", "quarter": "q"}, ["2016", "Q3"], "2016-Q3", ("2016-07-01", "2016-09-30")),
    ({"year": "y", "half": "h"}, ["2016", "2"], "2016-H2", ("2016-07-01", "2016-12-31")),
    ({"quarter_end": "q"}, ["2016-06-30"], "2016-Q2", ("2016-04-01", "2016-06-30")),
    ({"month_end": "q"}, ["2016-02-29"], "2016-02", ("2016-02-01", "2016-02-29")),
    ({"year_end": "q"}, ["2016-12-31"], "2016", ("2016-01-01", "2016-12-31")),
    ({"day": "d", "formats": ["%d.%m.%Y"]}, ["31.03.2016"], "2016-03-31", ("2016-03-31", "2016-03-31")),
    ({"label": "p"}, ["2023H1"], "2023-H1", ("2023-01-01", "2023-06-30")),
    ({"label": "p"}, ["2023-Q4"], "2023-Q4", ("2023-10-01", "2023-12-31")),
    ({"label": "p"}, ["2023年"], "2023", ("2023-01-01", "2023-12-31")),
    ({"label": "p"}, ["2023-11"], "2023-11", ("2023-11-01", "2023-11-30")),
    ({"label": "p"}, ["2023-11-05"], "2023-11-05", ("2023-11-05", "2023-11-05")),
    ({"year": "y", "month": "m"}, ["2016", None], "none", (None, None)),
])  # fmt: skip
def test_a_period_is_read_from_its_words(rule, words, period, days):
    rule = PeriodRule.model_validate(rule)
    span = span_of(dict(zip(rule.headers, words, strict=True)), rule)
    assert (span.id, str(span.first_day), str(span.last_day)) == (period, str(days[0]), str(days[1]))


@pytest.mark.parametrize(("rule", "words"), [
    ({"year": "y"}, ["16"]), ({"year": "y", "month": "m"}, ["2016", "0"]), ({"year": "y", "quarter": "q"}, ["2016", "Q5"]),
    ({"quarter_end": "q"}, ["2016-06-29"]), ({"quarter_end": "q"}, ["2016-07-31"]), ({"day": "d"}, ["2016-02-30"]),
    ({"label": "p"}, ["2023H3"]), ({"label": "p"}, ["2023-13"]), ({"label": "p"}, ["all"]),
])  # fmt: skip
def test_words_that_say_no_period_that_there_is_are_not_guessed_at(rule, words):
    rule = PeriodRule.model_validate(rule)
    assert span_of(dict(zip(rule.headers, words, strict=True)), rule) is None


def test_the_29_february_a_year_before_is_the_28th():
    rule = PeriodRule.model_validate({"day": "d"})
    assert years_before(span_of({"day": "2016-02-29"}, rule), 1).id == "2015-02-28"


# --- contracts that do not hold together


@pytest.mark.parametrize(("parts", "what"), [
    ({"period": {"month": "Month"}}, "a period is said in one way"),
    ({"period": {"year": "Year", "label": "p"}}, "a period is said in one way"),
    ({"period": {"year": "Year", "data_until": "month"}}, "a period is said in one way"),
    ({"measures": {}}, "[measures] names none"),
    ({"measures": {"filed": {"type": "integer"}}}, "[filed] needs `header: …`, its column"),
    ({"measures": {"filed": {"header": "t", "word": "w", "type": "integer"}}}, "[filed] needs `header: …`"),
    ({"long": {"measure": "m", "value": "v"}}, "[filed] needs `word: …`, what stands for it in [m]"),
    ({"dimensions": {"Area": "Name"}}, "[Area] is no plain name"),
    ({"dimensions": {"value": "Name"}}, "[value] is called as something else of a total is"),
    ({"dimensions": {"filed": "Name"}}, "[filed] is called as something else of a total is"),
    ({"dimensions": {"period_year": "Name"}}, "[period_year] is called as something else of a total is"),
    ({"shown": {"aera": "Dallas"}}, "`shown` names [aera], which is no dimension"),
    ({"key": {"column": "x"}}, "[key] is for cases"),
    ({"on_missing": "keep"}, "[on_missing] is for cases"),
    ({"columns": {"x": {"header": "x"}}}, "[columns] is for cases"),
])  # fmt: skip
def test_a_contract_of_totals_that_does_not_hold_together_says_why(parts, what):
    with pytest.raises(ValidationError) as caught:
        contract(**TEXAS | parts)
    assert what in str(caught.value)
