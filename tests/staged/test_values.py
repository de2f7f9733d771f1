"""Dates and numbers in the forms that a contract names; whatever else is no date and no number."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.catalogue.contract import SourceColumn
from warehouse.intake.values import dates, number, numbers, odd_numbers


def days(texts, *formats, zone="Asia/Shanghai", kind="csv", epoch=1900, **column):
    spec = SourceColumn(header="x", type="date", formats=formats or ("%Y-%m-%d",), **column)
    return (
        pl.DataFrame({"x": texts}, schema={"x": pl.String})
        .select(dates(pl.col("x"), spec, zone, kind, epoch).alias("x"))["x"]
        .to_list()
    )


MARCH = dt.date(2016, 3, 7)


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        ("%Y-%m-%d", ["2016-03-07", "2016-3-7"], ["20166-03-07", "+20166-03-07", "16-03-07", "216-03-07", "2016-03-07x", "-2016-03-07"]),
        ("%Y年%m月%d日", ["2016年3月7日", "2016年03月07日"], ["2016年3月", "2016年13月7日", "16年3月7日"]),
        ("%Y/%m/%d", ["2016/3/7"], ["20166/3/7", "2016/3", "2016/30/7"]),
        ("%Y%m%d", ["20160307"], ["2016037", "2016307", "201603071", "160307"]),
        ("%d/%m/%Y", ["7/3/2016", "07/03/2016"], ["7/3/16", "3/31/2016", "7/3/20166"]),
        ("%m/%d/%Y", ["3/7/2016", "03/07/2016"], ["13/7/2016"]),
        ("%d.%m.%Y", ["7.3.2016"], ["7.3.16", "7.3"]),
        ("%Y-%m-%d %H:%M:%S", ["2016-03-07 23:59:59"], ["2016-03-07", "2016-03-07 24:00:00"]),
    ],
)  # fmt: skip
def test_a_date_is_written_as_the_contract_says_or_is_none(form, right, wrong):
    assert days(right, form) == [MARCH] * len(right)
    assert days(wrong, form) == [None] * len(wrong)


@pytest.mark.parametrize("text", ["0000-00-00", "2016-02-30", "2015-02-29", "1900-01-00", "0016-03-07", "99999-01-01", ""])
def test_a_day_that_is_not_in_the_calendar_is_no_date(text):
    assert days([text]) == [None]


def test_the_order_of_the_formats_decides_where_two_fit():
    assert days(["7/3/2016", "7/30/2016"], "%d/%m/%Y", "%m/%d/%Y") == [MARCH, dt.date(2016, 7, 30)]


def test_full_width_digits_are_digits_only_where_the_contract_says_so():
    assert days(["２０１６－０３－０７", "２０１６年３月７日"], "%Y-%m-%d", "%Y年%m月%d日", full_width=True) == [MARCH, MARCH]
    assert days(["２０１６－０３－０７"]) == [None]


@pytest.mark.parametrize(
    ("serial", "epoch", "day"),
    [
        # Excel shows these days for these numbers; 60 is its 1900-02-29, which never was.
        ("1", 1900, dt.date(1900, 1, 1)), ("59", 1900, dt.date(1900, 2, 28)), ("60", 1900, None), ("0", 1900, None),
        ("61", 1900, dt.date(1900, 3, 1)), ("42436", 1900, MARCH), ("42436.75", 1900, MARCH),
        ("2958465", 1900, dt.date(9999, 12, 31)), ("2958466", 1900, None), ("-1", 1900, None), ("4.2e4", 1900, None),
        ("40974", 1904, MARCH), ("0", 1904, dt.date(1904, 1, 1)), ("20160307", 1900, None),
    ],
)  # fmt: skip
def test_a_day_number_of_a_spreadsheet_counts_from_its_epoch(serial, epoch, day):
    assert days([serial], "excel", epoch=epoch) == [day]


def test_what_was_a_date_in_the_file_needs_no_format():
    assert days(["2016-03-07", "2016-03-07T10:30:00", "7/3/2016"], "%d/%m/%Y", kind="xlsx") == [MARCH] * 3
    assert days(["2016-03-07"], "%d/%m/%Y") == [None]
    assert days(["2016-07-03"], "%Y-%d-%m", kind="xlsx") == [MARCH]


def test_a_time_in_another_zone_may_be_another_day():
    # 23:30 in Greenwich is 07:30 of the next day in Shanghai, and 20:30 of the same day in São Paulo.
    form, text = "%Y-%m-%dT%H:%M:%S%.fZ", ["2016-03-06T23:30:00.000Z"]
    assert days(text, form) == [dt.date(2016, 3, 6)]  # no zone said: the day as written
    spec = SourceColumn(header="x", type="date", formats=(form,), zone="UTC")
    frame = pl.DataFrame({"x": text})
    assert frame.select(dates(pl.col("x"), spec, "Asia/Shanghai"))["x"].to_list() == [MARCH]
    assert frame.select(dates(pl.col("x"), spec, "America/Sao_Paulo"))["x"].to_list() == [dt.date(2016, 3, 6)]
    assert days(["2016-03-07T01:00:00+0900"], "%Y-%m-%dT%H:%M:%S%z") == [
        MARCH
    ]  # 16:00 on the 6th in Greenwich: 00:00 in Shanghai


def column(kind="decimal", **more):
    return SourceColumn(header="x", type=kind, **more)


@pytest.mark.parametrize(
    ("text", "spec", "value"),
    [
        ("1234.5", column(), "1234.50"), ("1,234.5", column(), None), ("1,234.5", column(thousands=","), "1234.50"),
        ("1,23,4.5", column(thousands=","), None), ("1234,567.5", column(thousands=","), None), ("12,345", column(thousands=","), "12345"),
        ("1.234,5", column(decimal=",", thousands="."), "1234.50"), ("1.234", column(decimal=",", thousands="."), "1234"),
        ("1.234", column(decimal=","), None), ("1,5", column(decimal=","), "1.50"), ("1 234,5", column(decimal=",", thousands=" "), "1234.50"),
        ("１２３", column(), None), ("１２３．５", column(full_width=True), "123.50"), ("１，２３４", column(full_width=True, thousands=","), "1234"),
        ("12.5万", column(), None), ("12.5万", column(units={"万": 10000}), "125000"), ("1.2亿", column(units={"万": 10000, "亿": 10**8}), "120000000"),
        ("12.34567万", column(units={"万": 10000}), "123456.70"), ("1.2345678万", column(units={"万": 10000}), None), ("12.5 万", column(units={"万": 10000}), "125000"),
        ("12.5万元", column(units={"万": 10000, "万元": 10000, "元": 1}), "125000"), ("万", column(units={"万": 10000}), None),
        ("48260.000", column(), "48260"), ("1.005", column(), None), ("1e3", column(), None), ("+1", column(), None), ("--1", column(), None),
        ("-1", column(), "-1"), ("1.", column(), None), (".5", column(), None), ("NaN", column(), None), ("9" * 20, column(), None),
        ("2008.0", column("integer"), None), ("1,234", column("integer", thousands=","), "1234"), ("1.5万", column("integer", units={"万": 10000}), "15000"),
        ("1.00005万", column("integer", units={"万": 10000}), None),
    ],
)  # fmt: skip
def test_a_number_is_written_as_the_contract_says_or_is_none(text, spec, value):
    frame = pl.DataFrame({"x": [text]})
    plain = frame.select(numbers(pl.col("x"), spec))["x"]
    found = plain[0] if plain[0] is not None else odd_numbers(frame["x"], spec)[0]
    assert (None if found is None else Decimal(found)) == (None if value is None else Decimal(value))


@given(value=st.decimals(-(10**12), 10**12, places=2), thousands=st.sampled_from(["", ",", ".", " ", "'"]), comma=st.booleans())
def test_what_is_written_with_groups_is_read_back(value, thousands, comma):
    decimal = "," if comma else "."
    if decimal == thousands:
        return
    whole, _, part = f"{value:,.2f}".partition(".")
    text = whole.replace(",", thousands) + decimal + part
    assert number(text, column(decimal=decimal, thousands=thousands)) == value
