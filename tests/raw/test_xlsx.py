"""The reader of XLSX workbooks: each cell right, or its row set aside with a reason, or the file refused."""

import datetime
import gzip
import io
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.worksheet.formula import ArrayFormula

from warehouse.catalogue.contract import FileFormat
from warehouse.intake.readers.cell_text import number_text, shape_of, value_text
from warehouse.intake.readers.rows import Read, Wanted
from warehouse.intake.readers.xlsx import read_format
from warehouse.intake.refused import FileRefused, Limits
from warehouse.intake.unpack import Content

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>'
Look = Callable[..., tuple[list[tuple], Read]]


def take(folder: Path, data: bytes, required=("a", "b"), optional=(), key="a", limits=None, sheet=None, header_rows=1):
    """Rows (line, values…) and the result of reading `data`."""
    blob, into = folder / "blob", folder / "rows.parquet"
    blob.write_bytes(data)
    wanted = Wanted(tuple(required), tuple(optional), key if key in required else None, header_rows)
    found = read_format(Content(blob, limits), FileFormat().model_copy(update={"sheet": sheet}), wanted, into)
    rows = pl.read_parquet(into).rows()
    assert len(rows) + len(found.torn) == found.rows
    return [row[1:] for row in rows], found


@pytest.fixture
def look(tmp_path: Path) -> Look:
    return lambda data, *args, **named: take(tmp_path, data, *args, **named)


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[..., FileRefused]:
    def refuse(data: bytes, *args, **named) -> FileRefused:
        with pytest.raises(FileRefused) as caught:
            take(tmp_path, data, *args, **named)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["blob"]  # nothing written, nothing left behind
        assert "\n" not in str(caught.value)
        return caught.value

    return refuse


def written(fill: Callable, **options) -> bytes:
    """A workbook as xlsxwriter writes it; `fill` is given the workbook and its first sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": datetime.datetime(2016, 3, 7)})  # else no two are alike
    fill(book, book.add_worksheet())
    book.close()
    return out.getvalue()


def table(*rows, sheet: str | None = None) -> bytes:
    return written(lambda _, one: [one.write_row(at, 0, row) for at, row in enumerate(rows)])


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bare(rows: str, after="", workbook="", parts: dict[str, str | bytes] | None = None, **sheets: str) -> bytes:
    """A workbook of plain XML: the rows of Sheet1 and what stands after them; other sheets by name, in their order."""
    named = {"Sheet1": f"<sheetData>{rows}</sheetData>{after}", **sheets}
    ids = "".join(f'<sheet name="{escape(n)}" sheetId="{i}" r:id="r{i}"/>' for i, n in enumerate(named, 1))
    relations = "".join(
        f'<Relationship Id="r{i}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{i}.xml"/>' for i, _ in enumerate(named, 1)
    )
    held: dict[str, str | bytes] = {
        "_rels/.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="o" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{workbook}<sheets>{ids}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELS}">{relations}<Relationship Id="s" Type="{OFFICE}/styles" Target="/xl/styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="[h]:mm"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="22"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="21"/>'
        '<xf numFmtId="164"/><xf numFmtId="31"/></cellXfs></styleSheet>',
        **{
            f"xl/worksheets/sheet{i}.xml": f'<worksheet xmlns="{MAIN}">{x}</worksheet>' for i, x in enumerate(named.values(), 1)
        },
        **(parts or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in held.items():
            archive.writestr(name, part)
    return out.getvalue()


def doctored(data: bytes, part: str, change: Callable[[str], str | bytes]) -> bytes:
    """The workbook with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name).decode()) if name == part else old.read(name))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"

# --- numbers and days


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234.5, "1234.5"), (42436.0, "42436"), (0.1 + 0.2, "0.3"), (-0.0, "0"), (-12.5, "-12.5"), (1e-7, "0.0000001"),
        (999_999_999_999_999, "999999999999999"), (1e21, "1000000000000000000000"), (2 / 3, "0.666666666666667"),
        (4567.89 * 100, "456789"), (110101.0199, "110101.0199"),
    ],
)  # fmt: skip
def test_a_number_is_written_with_fifteen_digits_and_no_exponent(value, text):
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("serial", "shape", "epoch", "text"),
    [
        (1, "date", 1900, "1900-01-01"),
        (59, "date", 1900, "1900-02-28"),
        (61, "date", 1900, "1900-03-01"),
        (42436, "date", 1900, "2016-03-07"),
        (2_958_465, "date", 1900, "9999-12-31"),
        (0, "date", 1904, "1904-01-01"),
        (60, "date", 1904, "1904-03-01"),
        (40974, "date", 1904, "2016-03-07"),
        (2_957_003, "date", 1904, "9999-12-31"),
        (42436.4375, "date", 1900, "2016-03-07T10:30:00"),
        (42436.43767361111, "date", 1900, "2016-03-07T10:30:15"),
        (42436 + 37815.25 / 86400, "date", 1900, "2016-03-07T10:30:15.250"),
        (42436 + 86399.99995 / 86400, "date", 1900, "2016-03-08"),  # less than a tenth of a millisecond: as Excel
        (42436 + 86399.9995 / 86400, "date", 1900, "2016-03-07T23:59:59.999"),
        (42436 + 86399.9999 / 86400 - 1e-9, "date", 1900, "2016-03-07T23:59:59.999"),
        (42436 - 1e-11, "date", 1900, "2016-03-07"),
        (0.4375, "time", 1900, "10:30:00"),
        (0, "time", 1900, "00:00:00"),
        (42436.4375, "time", 1900, "2016-03-07T10:30:00"),
        (1.5, "elapsed", 1900, "36:00:00"),
    ],
)
def test_a_day_number_is_the_day_of_the_workbooks_calendar(serial, shape, epoch, text):
    assert value_text(float(serial), shape, epoch) == (text, "")


@pytest.mark.parametrize(
    ("serial", "shape", "epoch"),
    [
        (60, "date", 1900), (60.5, "date", 1900), (60 - 1e-11, "date", 1900), (0, "date", 1900), (0.4375, "date", 1900),
        (-1, "date", 1900), (-1, "date", 1904), (-0.5, "time", 1900), (2_958_466, "date", 1900), (2_958_466 - 1e-10, "date", 1900),
        (2_957_004, "date", 1904), (1e300, "elapsed", 1900), (float("inf"), "date", 1900), (float("nan"), "number", 1900),
        (1e15, "number", 1900), (-1e15, "number", 1900), (110101199003071234, "number", 1900),
    ],
)  # fmt: skip
def test_a_day_that_does_not_exist_or_lost_digits_are_said(serial, shape, epoch):
    text, fault = value_text(float(serial), shape, epoch)
    assert fault and "-" not in text.removeprefix("-")


@pytest.mark.parametrize(
    ("shape", "codes"),
    [
        ("date", ["yyyy-mm-dd", 'yyyy"年"m"月"d"日";@', "[$-804]aaaa", "e/m/d", "e-m-d", "[$-F800]dddd, mmmm dd, yyyy", "mmm", 'm"月"d"日"',
                  "yyyy-mm-dd hh:mm:ss.000", "[DBNum1][$-804]yyyy年m月", "dd.mm.yyyy", "YYYY/MM/DD"]),
        ("time", ["h:mm", "mm:ss.0", "h:mm AM/PM", '上午/下午h"时"mm"分"', "hh:mm:ss;@"]),
        ("elapsed", ["[h]:mm", "[hh]:mm:ss", "[m]", "[ss].00"]),
        ("number", ["General", "GENERAL", "0.00E+00", "0.0 \"days\"", '#,##0.00_);[Red]\\(#,##0.00\\)', "@", "# ?/?", "0.0kg", 'General"元"',
                    '#,##0.00\\ [$€-407]', '"Day" 0', "[Blue]0;[Red]-0;yyyy", "0%"]),
    ],
)  # fmt: skip
def test_a_format_says_what_a_number_is(shape, codes):
    assert {code: shape_of(164, code) for code in codes} == dict.fromkeys(codes, shape)


def test_built_in_formats_have_no_code_chinese_ones_among_them():
    found = {number: shape_of(number, None) for number in (0, 1, 14, 20, 22, 27, 31, 32, 36, 45, 46, 49, 50, 57, 58, 59, 163)}
    dates, times = dict.fromkeys((14, 22, 27, 31, 36, 50, 57, 58), "date"), dict.fromkeys((20, 32, 45), "time")
    assert found == dict.fromkeys((0, 1, 49, 59, 163), "number") | dates | times | {46: "elapsed"}


# --- cells


def test_cells_of_all_kinds_come_as_text(look):
    def fill(book, sheet):
        day, moment, clock = (book.add_format({"num_format": code}) for code in ("yyyy-mm-dd", "yyyy/m/d h:mm", "h:mm"))
        values = [
            ("text", " 001 ", None), ("empty", "", None), ("formula like", "=1+1", None), ("number", 1234.5, None),
            ("text number", "007", None), ("day", 42436, day), ("moment", 42436.4375, moment), ("clock", 0.4375, clock),
            ("bare day", 42436, None), ("yes", True, None), ("no", False, None), ("lines", "甲\n乙", None),
            ("control", "x\x08y\r", None), ("escape", "_x0008_", None), ("emoji", "😀", None),
        ]  # fmt: skip
        sheet.write_row(0, 0, ["a", "b"])
        for row, (name, value, form) in enumerate(values, 1):
            sheet.write_string(row, 0, name)
            put = (
                sheet.write_string
                if isinstance(value, str)
                else sheet.write_boolean
                if isinstance(value, bool)
                else sheet.write_number
            )
            put(row, 1, value, form)

    rows, found = look(written(fill))
    assert {name: value for _, name, value in rows} == {
        "text": " 001 ", "empty": "", "formula like": "=1+1", "number": "1234.5", "text number": "007", "day": "2016-03-07",
        "moment": "2016-03-07T10:30:00", "clock": "10:30:00", "bare day": "42436", "yes": "TRUE", "no": "FALSE",
        "lines": "甲\n乙", "control": "x\x08y\r", "escape": "_x0008_", "emoji": "😀",
    }  # fmt: skip
    assert (found.encoding, found.places, found.epoch, found.torn) == ("utf-8", "Sheet1!A{line}", 1900, ())


def test_what_openpyxl_writes_is_read_too(look):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["a", "b"])
    sheet.append([CellRichText("甲", TextBlock(InlineFont(b=True), " 乙")), datetime.date(2016, 3, 7)])
    sheet.append(["x", datetime.datetime(2016, 3, 7, 10, 30)])
    sheet.append(["y", datetime.time(10, 30)])
    sheet["A5"], sheet["B5"] = "=not a formula", "quoted"
    sheet["A5"].data_type, sheet["A5"].quotePrefix = "s", True
    assert look(saved(book))[0] == [
        (2, "甲 乙", "2016-03-07"), (3, "x", "2016-03-07T10:30:00"), (4, "y", "10:30:00"), (5, "=not a formula", "quoted"),
    ]  # fmt: skip


def test_a_workbook_that_counts_from_1904_says_so_and_its_dates_are_right(look):
    def fill(book, sheet):
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write_datetime(1, 0, datetime.datetime(2016, 3, 7), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_number(1, 1, 40974)

    rows, found = look(written(fill, date_1904=True))
    assert rows == [(2, "2016-03-07", "40974")] and found.epoch == 1904


def test_reading_aids_beside_shared_and_inline_strings_are_left_out(look):
    aid = '<r><t>東京</t></r><r><rPr/><t xml:space="preserve"> 都</t></r><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/>'
    relations = (
        f'<Relationships xmlns="{RELS}"><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="t" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    parts = {"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si>{aid}</si></sst>', "xl/_rels/workbook.xml.rels": relations}
    row = f'<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="inlineStr"><is>{aid}</is></c></row>'
    assert look(bare(HEAD + row, parts=parts))[0] == [(2, "東京 都", "東京 都")]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<c><v>1E3</v></c>", "1000"),
        ("<c><v> 42436.0 </v></c>", "42436"),
        ("<c><v>1.10000000000000003</v></c>", "1.1"),
        ('<c s="1"><v>42436</v></c>', "2016-03-07"),
        ('<c s="2"><v>0.4375</v></c>', "10:30:00"),
        ('<c s="3"><v>1.5</v></c>', "36:00:00"),
        ('<c s="4"><v>42436</v></c>', "2016-03-07"),
        ('<c s="0"/>', ""),
        ('<c t="d"><v>2016-03-07T00:00:00</v></c>', "2016-03-07"),
        ('<c t="d"><v>2016-03-07T10:30:00.5</v></c>', "2016-03-07T10:30:00.5"),
        ('<c t="d"><v>10:30:00</v></c>', "10:30:00"),
        ('<c t="b"><v>true</v></c>', "TRUE"),
        ('<c t="str"><v>_x0041__x005F_x0041_</v></c>', "A_x0041_"),
        ('<c t="str"><v>_xD83D__xDE00_</v></c>', "😀"),
        ('<c t="str"><f>"x"</f><v></v></c>', ""),
        ('<c t="str"><f>A1&amp;""</f><v>x</v></c>', "x"),
        ("<c><f>1+1</f><v>2</v></c>", "2"),
        ('<c t="b"><f>1=1</f><v>1</v></c>', "TRUE"),
        ('<c t="inlineStr"><is><t>x<![CDATA[<&]]>y</t></is></c>', "x<&y"),
    ],
)
def test_a_stored_value_becomes_this_text(look, cell, text):
    row = f'<row r="2"><c r="A2" t="str"><v>k</v></c>{cell}</row>'
    assert look(bare(HEAD + row)) == ([(2, "k", text)], Read("utf-8", 1, 0, (), (), (), "Sheet1!A{line}"))


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ('<c t="e"><v>#REF!</v></c>', "error #REF! in B2"),
        ('<c t="e"><f>1/0</f><v>#DIV/0!</v></c>', "error #DIV/0! in B2"),
        ("<c><f>SUM(C1:C9)</f></c>", "formula without a stored value in B2"),
        ("<c><f>SUM(C1:C9)</f><v/></c>", "formula without a stored value in B2"),
        ('<c t="str"><f>C1</f></c>', "formula without a stored value in B2"),
        ('<c><f t="shared" si="0"/></c>', "formula without a stored value in B2"),
        ("<c><v>110101199003071234</v></c>", "a number of more than 15 digits, of which the last may be lost, in B2"),
        ('<c s="1"><v>60</v></c>', "the day number [60], 1900-02-29, a day that never was, in B2"),
        ('<c s="1"><v>0</v></c>', "the day number [0], which is no day, in B2"),
        ('<c s="1"><v>-3</v></c>', "the day number [-3], before the calendar begins, in B2"),
        ('<c s="1"><v>2958466</v></c>', "the day number [2958466], after 9999-12-31, in B2"),
        ('<c s="9"><v>1</v></c>', "a number in a format that the workbook does not hold in B2"),
        ('<c s="-1"><v>1</v></c>', "a number in a format that the workbook does not hold in B2"),
        ("<c><v>1_0</v></c>", "a number that is none in B2"),
        ("<c><v>１２</v></c>", "a number that is none in B2"),
        ("<c><v>1e999</v></c>", "a number that is none in B2"),
        ("<c><v>nan</v></c>", "a number that is none in B2"),
        ('<c t="s"><v>7</v></c>', "a text that the workbook does not hold in B2"),
        ('<c t="s"><v>-1</v></c>', "a text that the workbook does not hold in B2"),
        ('<c t="s"><v></v></c>', "a value of the kind [s] that is empty in B2"),
        ('<c t="d"><v>2016-02-30</v></c>', "the date [2016-02-30], which is none, in B2"),
        ('<c t="d"><v>2016-03-07T10:30:00Z</v></c>', "the date [2016-03-07T10:30:00Z], which is none, in B2"),
        ('<c t="b"><v>2</v></c>', "a value of the unknown kind [b] in B2"),
        ('<c t="x"><v>2</v></c>', "a value of the unknown kind [x] in B2"),
        ("<c><v>1</v><is><t>x</t></is></c>", "a text where none belongs in B2"),
        ('<c t="str"><v>_xD83D_</v></c>', "a character that is half of one (a lone surrogate)"),
    ],
)
def test_a_cell_that_cannot_be_right_tears_its_row_only_where_it_is_wanted(look, cell, reason):
    data = bare(f'{HEAD}<row r="2"><c r="A2" t="str"><v>k</v></c>{cell}</row><row r="3"><c t="str"><v>l</v></c></row>')
    rows, found = look(data)
    assert rows == [(3, "l", "")]
    assert [(torn.line, torn.reason, torn.code) for torn in found.torn] == [(2, reason, "TORN")]
    if "surrogate" not in reason:
        assert look(data, required=("a",))[0] == [(2, "k"), (3, "l")]


def test_a_formula_of_openpyxl_has_no_stored_value_and_is_never_an_empty_cell(look):
    book = openpyxl.Workbook()
    for row in (["a", "b"], ["x", "=1+1"], ["y", 5], ["合计", "=SUM(B2:B3)"]):
        book.active.append(row)
    book.active["C2"] = ArrayFormula("C2:C3", "=B2:B3")
    book.active["C1"] = "c"
    rows, found = look(saved(book))
    assert rows == [(3, "y", "5")]
    assert [(t.line, t.text, t.reason, t.code) for t in found.torn] == [
        (2, "x\t=1+1\t=B2:B3", "formula without a stored value in B2", "TORN"),
        (4, "合计\t=SUM(B2:B3)", "a total", "NO_CASE"),
    ]
    rows, found = look(saved(book), required=("a", "c"))
    assert rows == []
    assert found.torn[1].reason == "C3 is filled by the formula in C2, which has no stored value"


def test_a_stored_value_that_the_workbook_itself_calls_out_of_date_is_not_taken(look):
    """xlsxwriter stores 0 for every formula, and asks to be calculated when it is opened."""
    data = written(
        lambda _, sheet: [
            sheet.write_row(0, 0, ["a", "b"]),
            sheet.write_row(1, 0, ["x", "=1+1"]),
            sheet.write_row(2, 0, ["y", 2]),
        ]
    )
    rows, found = look(data)
    assert rows == [(3, "y", "2")]
    assert found.torn[0].reason == "a formula whose stored value is out of date, as the workbook itself says, in B2"
    calculated = doctored(data, "xl/workbook.xml", lambda part: part.replace(' fullCalcOnLoad="1"', ""))
    assert look(calculated)[0] == [(2, "x", "0"), (3, "y", "2")]
    halfway = doctored(
        data,
        "xl/workbook.xml",
        lambda part: part.replace("fullCalcOnLoad", "calcCompleted").replace('Completed="1"', 'Completed="0"'),
    )
    assert look(halfway)[0] == [(3, "y", "2")]


# --- rows and columns


def test_titles_totals_and_blank_rows_are_no_cases_merged_or_not(look):
    def fill(book, sheet):
        sheet.merge_range("A1:C1", "某某法院收案登记表")
        sheet.merge_range("A2:B2", "2016年3月")
        sheet.write_row(3, 0, ["a", "b", "c"])
        sheet.write_row(4, 0, ["1", "x", 2])
        sheet.write_row(6, 0, ["2", "y", 3])
        sheet.merge_range("A8:B8", "合计")
        sheet.write_formula("C8", "=SUM(C5:C7)")
        sheet.merge_range("A9:C10", "合计：2件")

    rows, found = look(written(fill), required=("a", "b", "c"), key="b")
    assert rows == [(5, "1", "x", "2"), (7, "2", "y", "3")]
    assert [(t.record, t.line, t.reason, t.code) for t in found.torn] == [
        (-2, 1, "a title, above the header", "NO_CASE"), (-1, 2, "a title, above the header", "NO_CASE"),
        (3, 8, "a total", "NO_CASE"), (4, 9, "a total", "NO_CASE"),
    ]  # fmt: skip


def test_merged_data_cells_tear_the_rows_that_have_no_value_of_their_own(look):
    def fill(book, sheet):
        sheet.write_row(0, 0, ["a", "b", "c"])
        for row in range(1, 6):
            sheet.write_row(row, 0, [f"n{row}", "", f"c{row}"])
        sheet.merge_range("B2:B4", "第一庭")
        sheet.write("B5", "第二庭")
        sheet.merge_range("B6:C6", "第三庭")

    rows, found = look(written(fill), required=("a", "b", "c"))
    assert rows == [(2, "n1", "第一庭", "c1"), (5, "n4", "第二庭", "c4")]
    assert [(torn.line, torn.reason) for torn in found.torn] == [
        (3, "B3 is merged with B2"), (4, "B4 is merged with B2"), (6, "C6 is merged with B6"),
    ]  # fmt: skip
    assert len(look(written(fill), required=("a", "c"))[0]) == 4  # b is not wanted; C6 still is


def test_a_value_hidden_under_merged_cells_is_not_taken(look):
    rows = f'{HEAD}<row r="2"><c><v>1</v></c><c><v>2</v></c></row><row r="3"><c><v>3</v></c><c><v>4</v></c></row>'
    found = look(bare(rows, '<mergeCells><mergeCell ref="B2:B3"/><mergeCell ref="A2"/></mergeCells>'))
    assert found[0] == [(2, "1", "2")] and found[1].torn[0].text == "3\t4"


def test_the_merged_cells_may_stand_in_a_part_of_utf_16_or_between_blocks(look):
    rows = HEAD + "".join(f'<row><c t="str"><v>n{n}</v></c><c t="str"><v>{n}</v></c></row>' for n in range(2, 3001))
    merged = '<mergeCells><mergeCell ref="B2999:B3000"/></mergeCells>'
    names = f'xmlns="{MAIN}"'
    begins = len(f"<worksheet {names}><sheetData>{rows}</sheetData>")
    for pad in range(-begins % 65_536 - 30, -begins % 65_536 + 3):
        sheet = f"<worksheet {names}>{' ' * pad}<sheetData>{rows}</sheetData>{merged}</worksheet>"
        torn = look(bare("", parts={SHEET: sheet}))[1].torn
        assert [one.reason for one in torn] == ["B3000 is merged with B2999"]
    wide = ('<?xml version="1.0" encoding="UTF-16"?>' + sheet).encode("utf-16")
    assert look(bare("", parts={SHEET: wide}))[1].torn == torn
    other = re.sub(r"<(/?)([a-zA-Z])", r"<\1x:\2", sheet).replace("xmlns=", "xmlns:x=")
    assert look(bare("", parts={SHEET: other}))[1].torn == torn


def test_two_header_rows_with_merged_groups_give_joined_names(look):
    def fill(book, sheet):
        sheet.merge_range("A1:D1", "登记表")
        sheet.merge_range("A2:A3", "案号")
        sheet.merge_range("B2:C2", "当事人")
        sheet.merge_range("D2:D3", "承办人")
        sheet.write_row("B3", ["原告", "被告"])
        sheet.write_row(3, 0, ["1", "甲", "乙", "丙"])

    wanted = ("案号", "当事人/原告", "当事人/被告", "承办人")
    rows, found = look(written(fill), wanted, key="案号", header_rows=2)
    assert rows == [(4, "1", "甲", "乙", "丙")] and len(found.torn) == 1


def test_hidden_rows_and_columns_and_filtered_ones_are_data_all_the_same(look):
    def fill(book, sheet):
        for row, values in enumerate((["a", "b"], ["1", "x"], ["2", "y"])):
            sheet.write_row(row, 0, values)
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
        sheet.autofilter("A1:B3")

    assert look(written(fill))[0] == [(2, "1", "x"), (3, "2", "y")]


@pytest.mark.parametrize("dimension", ["A1", "A1:A2", "C5:D9", "A1:XFD1048576"])
def test_a_wrong_dimension_loses_nothing(look, dimension):
    data = table(["a", "b"], ["1", "x"], ["2", "y"])
    lying = doctored(data, SHEET, lambda part: re.sub(r'<dimension ref="[^"]*"', f'<dimension ref="{dimension}"', part))
    assert lying != data
    assert look(lying)[0] == [(2, "1", "x"), (3, "2", "y")]


def test_places_that_are_left_out_count_on_and_gaps_stay(look):
    cell = '<c t="str"><v>{}</v></c>'.format
    rows = f'<row>{cell("x")}<c r="C1" t="str"><v>a</v></c>{cell("b")}</row><row r="7"><c r="C7"><v>1</v></c>{cell(2)}</row><row>{cell(9)}</row>'
    assert look(bare(rows))[0] == [(7, "1", "2"), (8, "", "")]


def test_values_beyond_the_header_tear_the_row_and_blank_ones_do_not(look):
    rows, found = look(table(["a", "b"], ["1", "x", " "], ["2", "y", "z"]))
    assert rows == [(2, "1", "x")] and "column [3]" in found.torn[0].reason


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="3"/><row r="2"/>', '<row r="2"/><row r="2"/>', '<row r="0"/>', '<row r="x"/>', '<row r="1048577"/>', '<row r="-5"/>',
        '<row r="2"><c r="B2"/><c r="A2"/></row>', '<row r="2"><c r="A2"/><c r="A2"/></row>', '<row r="2"><c r="A3"/></row>',
        '<row r="2"><c r="XFE2"/></row>', '<row r="2"><c r="2"/></row>', '<row r="2"><c r="A12"/></row>', '<row r="2"><c><c/></c></row>',
        '<row r="2"><row r="3"/></row>', '<row r="2"><c><v>1</v><v>2</v></c></row>', "<v>1</v>", "<c><v>1</v></c>",
        '<row r="2"><c><f t="array" ref="?:?"/></c></row>',
    ],
)  # fmt: skip
def test_rows_and_cells_out_of_order_are_refused(refusal, rows):
    assert "is broken" in refusal(bare(HEAD + rows)).what


@pytest.mark.parametrize("reference", ["", "B2:", "B2:B", "ZZZ1:ZZZ2", "B2:B3:B4"])
def test_merged_cells_that_are_none_are_refused(refusal, reference):
    assert "joins the cells" in refusal(bare(HEAD, f'<mergeCells><mergeCell ref="{reference}"/></mergeCells>')).why


def test_merged_cells_over_each_other_without_end_are_refused(refusal):
    merged = "".join(f'<mergeCell ref="C2:D{n}"/>' for n in range(3, 16_500))
    assert "lie over each other" in refusal(bare(f'{HEAD}<row r="3"/>', f"<mergeCells>{merged}</mergeCells>")).what


# --- sheets


def several(**sheets) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    return saved(book)


CASES, OTHER = [["a", "b"], ["1", "x"]], [["k", "v"], ["3", "z"]]


def test_the_only_sheet_with_the_columns_is_read_hidden_or_not(look):
    data = several(Cover=[], Notes=OTHER, Cases_2016=[["title"], *CASES])
    rows, found = look(data)
    assert rows == [(3, "1", "x")] and found.places == "'Cases 2016'!A{line}"
    hidden = doctored(
        data, "xl/workbook.xml", lambda part: re.sub(r'(name="Cases 2016".*?state=")visible', r"\1veryHidden", part)
    )
    assert hidden != data and "veryHidden" in zipfile.ZipFile(io.BytesIO(hidden)).read("xl/workbook.xml").decode()
    assert look(hidden)[0] == rows


@pytest.mark.parametrize(("sheet", "value"), [("Two", "2"), (2, "2"), (1, "1"), ("One", "1")])
def test_a_sheet_is_named_or_given_by_its_place(look, sheet, value):
    data = several(One=CASES, Two=[["a", "b"], ["2", "y"]])
    assert look(data, sheet=sheet)[0][0][1] == value


@pytest.mark.parametrize("sheet", ["Three", "one", 0, 3, -1, True, "1"])
def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(refusal, sheet):
    assert "[One] [Two]" in refusal(several(One=CASES, Two=CASES), sheet=sheet).why


def test_two_sheets_with_the_columns_are_refused_by_name(refusal):
    refused = refusal(several(One=CASES, Two=OTHER, Three=CASES))
    assert (refused.what, refused.why) == ("2 sheets have the required columns", "They are [One] [Three]")
    assert refused.remedy == "Name one with `sheet` in the contract"


def test_where_no_sheet_fits_the_nearest_is_refused(refusal):
    refused = refusal(several(One=OTHER, Two=[["a", "c"], ["1", "x"]], Three=[]))
    assert refused.what == "the header lacks [b]" and refused.place == "sheet [Two], line 1"
    assert refusal(several(Two=[["a", "c"]])).place == "sheet [Two], line 1"


def test_a_workbook_without_a_value_is_refused(refusal):
    assert refusal(several(One=[], Two=[])).what == "the workbook is empty"
    assert refusal(several(One=[]), sheet=1).what == "the file holds only blank lines"


def test_chart_sheets_and_macro_sheets_are_no_sheets(look):
    def fill(book, sheet):
        chart = book.add_chartsheet("Chart").set_chart
        first = book.add_worksheet("Cases")
        first.write_row(0, 0, ["a", "b"])
        first.write_row(1, 0, ["1", "x"])
        line = book.add_chart({"type": "line"})
        line.add_series({"values": "=Cases!$A$1:$A$2"})
        chart(line)

    assert look(written(fill), sheet=2)[0] == [(2, "1", "x")]  # Sheet1, Chart, Cases
    macro = doctored(
        several(One=CASES, Two=CASES),
        "xl/_rels/workbook.xml.rels",
        lambda part: part.replace('/worksheet"', '/xlMacrosheet"', 1),
    )
    assert look(macro)[1].rows == 1


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("Sheet1", "Sheet1!A3"), ("案件表", "案件表!A3"), ("It's", "'It''s'!A3"), ("2016年", "'2016年'!A3"), ("a b", "'a b'!A3"),
        ("A1", "'A1'!A3"), ("x{line}{0}", "'x{line}{0}'!A3"), ("a-b", "'a-b'!A3"),
    ],
)  # fmt: skip
def test_a_place_is_written_as_a_formula_writes_it(look, name, places):
    workbook = doctored(bare(HEAD), "xl/workbook.xml", lambda part: part.replace('"Sheet1"', f'"{name}"'))
    found = look(workbook)[1]
    assert found.places.format(line=3) == places


# --- containers


def test_a_packed_workbook_is_read_too(look):
    data, out = table(["a", "b"], ["1", "x"]), io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("cases.xlsx", data)
    for packed in (gzip.compress(data), out.getvalue()):
        assert look(packed)[0] == [(2, "1", "x")]


def test_the_strict_form_of_the_format_and_a_workbook_elsewhere_are_read(look):
    data = bare(f'{HEAD}<row><c s="1"><v>42436</v></c><c t="d"><v>2016-03-07</v></c></row>')
    for part in zipfile.ZipFile(io.BytesIO(data)).namelist():
        data = doctored(
            data,
            part,
            lambda text: text.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
                OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships"
            ),
        )
    assert look(data)[0] == [(2, "2016-03-07", "2016-03-07")]


@pytest.mark.parametrize("part", [SHEET, "docProps/app.xml", "xl/sharedStrings.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_part(refusal, part, encoding):
    head = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY lol "lol">]>'
    data = table(["a", "b"], ["1", "x"])
    changed = doctored(data, part, lambda text: (head + re.sub(r"^<\?xml.*?\?>", "", text)).encode(encoding))
    assert "DOCTYPE" in refusal(changed).what


def test_xml_in_another_encoding_is_refused(refusal):
    sheet = f'<?xml version="1.0" encoding="iso-8859-1"?><worksheet xmlns="{MAIN}"/>'
    assert "is in [iso-8859-1]" in refusal(bare("", parts={SHEET: sheet})).what


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/x", "C:\\x", "xl/../../x"])
def test_names_that_lead_out_are_refused(refusal, name):
    assert "leads out" in refusal(bare(HEAD, parts={name: "x"})).why


def test_a_part_that_is_there_twice_is_refused(refusal):
    assert "twice" in refusal(bare(HEAD, parts={SHEET.upper(): "x"})).what


def test_a_workbook_that_unpacks_to_too_much_is_refused(refusal):
    data = bare(HEAD, parts={"xl/media/x.bin": bytes(300_000)})
    assert "unpacks to" in refusal(data, limits=Limits(bomb_bytes=100_000, bomb_ratio=10)).what
    assert "unpacks to" in refusal(data, limits=Limits(unpacked_bytes=100_000)).what


def test_a_part_that_is_larger_than_it_says_is_refused(refusal, look):
    """The sizes are looked at before anything is unpacked; what lies about them is not unpacked beyond them."""
    data = bytearray(bare(HEAD + f"<row><c><v>1</v></c></row>{' ' * 100_000}"))
    look(bytes(data))
    at = data.index(b"PK\x01\x02")
    while data[at + 46 : at + 46 + len(SHEET)] != SHEET.encode():
        at = data.index(b"PK\x01\x02", at + 1)
    data[at + 24 : at + 28] = (500).to_bytes(4, "little")
    (Path(refusal.__closure__[0].cell_contents) / "rows.parquet").unlink()
    assert "is broken" in refusal(bytes(data)).what


@pytest.mark.parametrize("row", ['<row r="2"><c t="str"><v>' + "x" * 5000 + "</v></c></row>", f'<row x="{"x" * 200_000}"/>'])
def test_a_row_without_end_is_refused(refusal, row):
    assert "longer than [1000]" in refusal(bare(HEAD + row), limits=Limits(record_bytes=1000)).why


@pytest.mark.parametrize("part", ["xl/_rels/workbook.xml.rels", SHEET, "xl/styles.xml", "_rels/.rels"])
def test_a_missing_part_is_refused(refusal, part):
    data, out = bare(HEAD), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
    assert f"[{part}]" in refusal(out.getvalue()).what


def test_a_sheet_that_lies_outside_the_workbook_is_not_fetched(refusal):
    outside = doctored(
        bare(HEAD), "xl/_rels/workbook.xml.rels", lambda part: part.replace('sheet1.xml"', 'sheet1.xml" TargetMode="External"')
    )
    assert refusal(outside).why == "The sheet [Sheet1] has no part"


def test_a_locked_entry_is_refused(refusal):
    data = bytearray(bare(HEAD))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(data)).what == "the workbook is locked with a password"


def test_macros_and_links_to_other_workbooks_do_not_matter(look):
    link = f'<Relationships xmlns="{RELS}"><Relationship Id="x" Type="{OFFICE}/externalLink" Target="file:///x" TargetMode="External"/></Relationships>'
    data = bare(
        HEAD + "<row><c><v>1</v></c></row>", parts={"xl/vbaProject.bin": b"\0", "xl/externalLinks/_rels/l.xml.rels": link}
    )
    assert look(data)[0] == [(2, "1", "")]


def test_whatever_breaks_the_bytes_the_file_is_refused_or_every_row_is_there(tmp_path):
    data = table(["a", "b"], *([f"n{n}", n * 1.5] for n in range(60)))
    good, chance, refused = take(tmp_path, data)[0], random.Random(20160307), 0
    for _ in range(150):
        broken = bytearray(data)
        match chance.randrange(4):
            case 0:
                del broken[chance.randrange(len(data)) :]
            case 1:
                broken[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            case 2:
                del broken[(at := chance.randrange(len(data))) : at + chance.randrange(1, 600)]
            case _:
                for _ in range(20):
                    broken[chance.randrange(len(data))] = chance.randrange(256)
        try:
            assert take(tmp_path, bytes(broken))[0] == good  # checksums: what can be read is what was written
        except FileRefused:
            refused += 1
    assert refused > 100


def test_a_sheet_of_broken_xml_is_refused_or_every_row_is_there(tmp_path):
    """As above, but behind the checksums."""
    row = '<row r="{0}"><c r="A{0}" t="str"><v>n{0}</v></c><c r="B{0}" s="1"><v>{0}</v></c></row>'.format
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{HEAD}{"".join(map(row, range(2, 60)))}</sheetData></worksheet>'.encode()
    chance = random.Random(7)
    for _ in range(150):
        broken = bytearray(sheet)
        broken[chance.randrange(len(sheet))] ^= 1 << chance.randrange(8)
        try:
            _, found = take(tmp_path, bare("", parts={SHEET: bytes(broken)}))
            assert found.rows <= 59
        except FileRefused:
            pass


# --- what holds always

TEXT = st.text(
    st.one_of(st.sampled_from([*"_x00AD8F05 \t\n\r=#'\"<&>", "\x08", "案", "😀", "\ufeff", "\u3000", "\ufffe"]), st.characters(exclude_categories=["Cs"])),
    max_size=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=8), above=st.integers(0, 3), left=st.integers(0, 3))
def test_any_table_of_texts_comes_back_equal_with_its_places(tmp_path_factory, rows, above, left):
    def fill(_, sheet):
        for at, row in enumerate([["a", "b"], *rows], above):
            for column, text in enumerate(row, left):
                sheet.write_string(at, column, text)

    folder = tmp_path_factory.mktemp("property")
    data = written(fill)
    if any(
        c in "\ufffe\uffff" for row in rows for text in row for c in text
    ):  # no characters of XML, yet xlsxwriter writes them
        try:
            take(folder, data, key=None)
        except FileRefused:
            return
    back, found = take(folder, data, key=None)
    filled = [(above + 2 + at, *row) for at, row in enumerate(rows) if any(text.strip() for text in row)]
    assert back == filled and found.torn == ()
