"""The reader of XLS workbooks: each cell right, or its row set aside with a reason, or the file refused."""

import datetime
import gzip
import io
import random
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.catalogue.contract import FileFormat
from warehouse.intake.readers.rows import Read, Wanted
from warehouse.intake.readers.xls import read_format
from warehouse.intake.refused import FileRefused, Limits
from warehouse.intake.unpack import Content

FORMULA, RECALCULATED, WINDOW, INTERFACE, FILEPASS = 0x0006, 0x01C1, 0x003D, 0x00E1, 0x002F
STREAM = 512
"""Where xlwt's workbook stream begins in the file; it is in one piece."""
Look = Callable[..., tuple[list[tuple], Read]]


def take(folder: Path, data: bytes, required=("a", "b"), key="a", limits=None, sheet=None, header_rows=1):
    """Rows (line, values…) and the result of reading `data`."""
    blob, into = folder / "blob", folder / "rows.parquet"
    blob.write_bytes(data)
    wanted = Wanted(tuple(required), (), key if key in required else None, header_rows)
    found = read_format(Content(blob, limits), FileFormat(sheet=sheet), wanted, into)
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


def written(fill: Callable[[xlwt.Workbook], object]) -> bytes:
    book, out = xlwt.Workbook(), io.BytesIO()
    fill(book)
    book.save(out)
    return out.getvalue()


def put(book: xlwt.Workbook, *rows, name="Sheet1", styles: dict | None = None) -> xlwt.Worksheet:
    sheet = book.add_sheet(name, cell_overwrite_ok=True)
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            style = xlwt.easyxf(num_format_str=(styles or {}).get((at, column), "General"))
            sheet.write(at, column, value, style)
    return sheet


def table(*rows, **named) -> bytes:
    return written(lambda book: put(book, *rows, **named))


def records(data: bytes, code: int) -> Iterator[int]:
    """Where the records of one kind hold their data."""
    at = STREAM
    while at + 4 <= len(data):
        found, size = struct.unpack_from("<HH", data, at)
        if found == code:
            yield at + 4
        at += 4 + size


def patched(data: bytes, at: int, *parts: bytes) -> bytes:
    whole = b"".join(parts)
    return data[:at] + whole + data[at + len(whole) :]


def recoded(data: bytes, old: int, new: int) -> bytes:
    """The workbook with the first record of a kind made one of another."""
    return patched(data, next(records(data, old)) - 4, struct.pack("<H", new))


def renamed(data: bytes, name: str) -> bytes:
    """The container with its stream under another name."""
    at = data.index("Workbook".encode("utf-16-le"))
    return patched(data, at, name.encode("utf-16-le").ljust(64, b"\0"), struct.pack("<H", 2 * len(name) + 2))


# --- cells


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (" 001 ", "General", " 001 "), ("=1+1", "General", "=1+1"), ("007", "General", "007"), (1234.5, "0.00", "1234.5"),
        (42436, "General", "42436"), (42436, "yyyy-mm-dd", "2016-03-07"), (42436.4375, "yyyy/m/d h:mm", "2016-03-07T10:30:00"),
        (0.4375, "h:mm", "10:30:00"), (1.5, "[h]:mm:ss", "36:00:00"), (42436, 'yyyy"年"m"月"d"日"', "2016-03-07"), (1, "m/d/yy", "1900-01-01"),
        (59, "yyyy-mm-dd", "1900-02-28"), (61, "yyyy-mm-dd", "1900-03-01"), (0.1 + 0.2, "General", "0.3"), (1e-7, "General", "0.0000001"),
        (True, "General", "TRUE"), (False, "General", "FALSE"), ("甲\n乙😀", "General", "甲\n乙😀"), ("_x0041_", "General", "_x0041_"),
        (datetime.date(2016, 3, 7), "yyyy-mm-dd", "2016-03-07"), (None, "General", ""), (-12.25, '0.0 "days"', "-12.25"),
    ],
)  # fmt: skip
def test_a_stored_value_becomes_this_text(look, value, code, text):
    rows, found = look(table(["a", "b"], ["k", value], styles={(1, 1): code}))
    assert rows == [(2, "k", text)]
    assert (found.encoding, found.places, found.epoch, found.torn) == ("utf-8", "Sheet1!A{line}", 1900, ())


@pytest.mark.parametrize(
    ("value", "code", "reason"),
    [
        (60, "yyyy-mm-dd", "the day number [60], 1900-02-29, a day that never was, in B2"),
        (0, "yyyy-mm-dd", "the day number [0], which is no day, in B2"),
        (-3, "yyyy-mm-dd", "the day number [-3], before the calendar begins, in B2"),
        (2_958_466, "yyyy-mm-dd", "the day number [2958466], after 9999-12-31, in B2"),
        (110101199003071234, "0", "a number of more than 15 digits, of which the last may be lost, in B2"),
        (xlwt.Formula("1+1"), "General", "formula without a stored value in B2"),
    ],
)
def test_a_cell_that_cannot_be_right_tears_its_row_only_where_it_is_wanted(look, value, code, reason):
    data = table(["a", "b"], ["k", value], ["l", 1], styles={(1, 1): code})
    rows, found = look(data)
    assert rows == [(3, "l", "1")]
    assert [(torn.line, torn.reason, torn.code) for torn in found.torn] == [(2, reason, "TORN")]
    assert look(data, required=("a",))[0] == [(2, "k"), (3, "l")]


def test_an_error_tears_its_row(look):
    def fill(book):
        put(book, ["a", "b"], ["k"]).row(1).set_cell_error(1, "#REF!")

    assert look(written(fill))[1].torn[0].reason == "error #REF! in B2"


def test_a_workbook_that_counts_from_1904_says_so_and_its_dates_are_right(look):
    def fill(book):
        book.dates_1904 = True
        put(book, ["a", "b"], [40974, 0], [40974, 1], styles={(1, 0): "yyyy-mm-dd", (1, 1): "yyyy-mm-dd"})

    rows, found = look(written(fill))
    assert rows == [(2, "2016-03-07", "1904-01-01"), (3, "40974", "1")] and found.epoch == 1904


# --- formulas


def formula(result: bytes, flags=0, chain=0) -> bytes:
    """A workbook with a formula in B2 whose record says this."""
    data = table(["a", "b"], ["k", xlwt.Formula("1+1")])
    return patched(data, next(records(data, FORMULA)) + 6, result, struct.pack("<HI", flags, chain))


@pytest.mark.parametrize(
    ("result", "text"),
    [(struct.pack("<d", 2.0), "2"), (b"\x01\0\x01\0\0\0\xff\xff", "TRUE"), (b"\x01\0\0\0\0\0\xff\xff", "FALSE")],
)
def test_a_formula_gives_its_stored_value(look, result, text):
    assert look(formula(result))[0] == [(2, "k", text)]
    assert look(formula(result, flags=1))[0] == [(2, "k", text)]  # always calculated, as TODAY(): the day it was saved


@pytest.mark.parametrize(
    ("code", "error"),
    [(0, "#NULL!"), (7, "#DIV/0!"), (15, "#VALUE!"), (23, "#REF!"), (29, "#NAME?"), (36, "#NUM!"), (42, "#N/A"), (99, "[99]")],
)
def test_an_error_of_a_formula_tears_its_row(look, code, error):
    assert look(formula(bytes([2, 0, code, 0, 0, 0, 255, 255])))[1].torn[0].reason == f"error {error} in B2"


def test_a_formula_marked_to_be_calculated_on_load_has_no_value_of_its_own(look):
    found = look(formula(struct.pack("<d", 0), flags=2))[1]
    assert [(torn.reason, torn.text) for torn in found.torn] == [("formula without a stored value in B2", "k\t0")]


def test_an_empty_text_is_a_formulas_value_where_a_program_calculated_it(look):
    empty = formula(b"\x03\0\0\0\0\0\xff\xff")
    assert look(empty)[1].torn[0].text == "k\t="
    assert look(recoded(empty, WINDOW, RECALCULATED))[0] == [(2, "k", "")]
    assert look(formula(b"\x03\0\0\0\0\0\xff\xff", chain=0xFC000001))[0] == [(2, "k", "")]


def test_a_total_of_formulas_is_a_total(look):
    rows, found = look(table(["a", "b"], ["1", 2], ["合计", xlwt.Formula("SUM(B2:B2)")]))
    assert rows == [(2, "1", "2")] and [(torn.reason, torn.code) for torn in found.torn] == [("a total", "NO_CASE")]


# --- rows and sheets


def test_titles_and_totals_merged_or_not_are_no_cases(look):
    def fill(book):
        sheet = put(book, ["登记表"], [], ["a", "b", "c"], ["1", "x", "2"], [], ["2", "y", "3"])
        sheet.write_merge(0, 0, 0, 2, "登记表")
        sheet.write_merge(6, 7, 0, 1, "合计：2件")
        sheet.write(6, 2, 5)

    rows, found = look(written(fill), required=("a", "b", "c"), key="b")
    assert rows == [(4, "1", "x", "2"), (6, "2", "y", "3")]
    assert [(torn.line, torn.reason) for torn in found.torn] == [(1, "a title, above the header"), (7, "a total")]


def test_merged_data_cells_tear_the_rows_that_have_no_value_of_their_own(look):
    def fill(book):
        sheet = put(book, ["a", "b", "c"], *([f"n{row}", None, f"c{row}"] for row in range(1, 6)))
        sheet.write_merge(1, 3, 1, 1, "第一庭")
        sheet.write(4, 1, "第二庭")
        sheet.write_merge(5, 5, 1, 2, "第三庭")

    rows, found = look(written(fill), required=("a", "b", "c"))
    assert rows == [(2, "n1", "第一庭", "c1"), (5, "n4", "第二庭", "c4")]
    assert [(torn.line, torn.reason) for torn in found.torn] == [
        (3, "B3 is merged with B2"), (4, "B4 is merged with B2"), (6, "C6 is merged with B6"),
    ]  # fmt: skip
    assert len(look(written(fill), required=("a",))[0]) == 5


def test_two_header_rows_with_merged_groups_give_joined_names(look):
    def fill(book):
        sheet = put(book, [], [None, "原告", "被告"], ["1", "甲", "乙", "丙"])
        sheet.write_merge(0, 1, 0, 0, "案号")
        sheet.write_merge(0, 0, 1, 2, "当事人")
        sheet.write_merge(0, 1, 3, 3, "承办人")

    wanted = ("案号", "当事人/原告", "当事人/被告", "承办人")
    assert look(written(fill), wanted, key="案号", header_rows=2)[0] == [(3, "1", "甲", "乙", "丙")]


def test_hidden_rows_and_sheets_are_data_all_the_same(look):
    def fill(book):
        put(book, ["k", "v"], name="Cover")
        sheet = put(book, ["a", "b"], ["1", "x"], ["2", "y"], name="Cases 2016")
        sheet.row(1).hidden, sheet.visibility = True, 2

    rows, found = look(written(fill))
    assert rows == [(2, "1", "x"), (3, "2", "y")] and found.places == "'Cases 2016'!A{line}"


def two(first, second) -> bytes:
    return written(lambda book: [put(book, *first, name="One"), put(book, *second, name="Two")])


CASES, OTHER = [["a", "b"], ["1", "x"]], [["a", "c"], ["3", "z"]]


@pytest.mark.parametrize(("sheet", "value"), [("Two", "2"), (2, "2"), (1, "1")])
def test_a_sheet_is_named_or_given_by_its_place(look, sheet, value):
    assert look(two(CASES, [["a", "b"], ["2", "y"]]), sheet=sheet)[0][0][1] == value


def test_a_sheet_that_cannot_be_told_is_refused(refusal):
    assert "[One] [Two]" in refusal(two(CASES, CASES), sheet=3).why
    assert refusal(two(CASES, CASES)).what == "2 sheets have the required columns"
    assert refusal(two([], OTHER)).place == "sheet [Two], line 1"
    assert refusal(two([], [])).what == "the workbook is empty"


def test_the_last_row_of_the_format_is_read(look):
    def fill(book):
        put(book, ["a", "b"]).write(65_535, 0, "last")

    assert look(written(fill))[0] == [(65_536, "last", "")]


# --- what is refused


def test_a_workbook_with_a_password_is_refused_in_plain_words(refusal):
    data = table(["a", "b"], ["1", "x"])
    for locked in (recoded(data, INTERFACE, FILEPASS), renamed(data, "EncryptedPackage")):
        assert refusal(locked).what == "the workbook is locked with a password"


@pytest.mark.parametrize("stream", ["WordDocument", "__properties_version1.0", "!_Tables"])
def test_another_document_of_the_same_container_is_no_workbook(refusal, stream):
    assert "it is no workbook" in refusal(renamed(table(["a", "b"]), stream)).what


def test_a_workbook_that_is_too_large_is_refused(refusal):
    assert "[5632] bytes" in refusal(table(["a", "b"]), limits=Limits(bomb_bytes=5000)).what


def test_what_is_no_container_at_all_is_refused(refusal):
    for data in (
        b"",
        b"x",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"a,b\n1,2\n" * 100,
    ):
        assert refusal(data).what == "the XLS workbook is broken"


def test_a_workbook_cut_anywhere_is_refused_or_whole(tmp_path):
    data = table(["a", "b"], *([f"n{n}", n * 1.5] for n in range(60)))
    good, refused = take(tmp_path, data)[0], 0
    for end in range(0, len(data), 61):
        try:
            assert take(tmp_path, data[:end])[0] == good
        except FileRefused:
            refused += 1
    assert refused > 100


def test_whatever_breaks_the_bytes_every_row_is_counted_or_the_file_refused(tmp_path):
    """XLS has no checksums: a changed value cannot be told from a true one."""
    data = table(["a", "b"], *([f"n{n}", n * 1.5] for n in range(60)))
    chance, refused = random.Random(20160307), 0
    for _ in range(150):
        broken = bytearray(data)
        match chance.randrange(3):
            case 0:
                broken[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            case 1:
                del broken[(at := chance.randrange(len(data))) : at + chance.randrange(1, 600)]
            case _:
                for _ in range(20):
                    broken[chance.randrange(len(data))] = chance.randrange(256)
        try:
            take(tmp_path, bytes(broken))
        except FileRefused:
            refused += 1
    assert refused > 50


def test_a_packed_workbook_is_read_too(look):
    assert look(gzip.compress(table(["a", "b"], ["1", "x"])))[0] == [(2, "1", "x")]


# --- what holds always

TEXT = st.text(
    st.one_of(st.sampled_from([*"ab01 \t\n='", "案", "é", "😀", "\u3000"]), st.characters(exclude_categories=["Cs"])),
    max_size=12,
)


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.lists(TEXT, min_size=2, max_size=2), max_size=8), above=st.integers(0, 3), left=st.integers(0, 3))
def test_any_table_of_texts_comes_back_equal_with_its_places(tmp_path_factory, rows, above, left):
    lines = [*[[]] * above, *([*[None] * left, *row] for row in [["a", "b"], *rows])]
    back, found = take(tmp_path_factory.mktemp("property"), table(*lines), key=None)
    filled = [(above + 2 + at, *row) for at, row in enumerate(rows) if any(text.strip() for text in row)]
    assert back == filled and found.torn == ()
