"""The reader of fixed-width text: each column at its place, in characters or in bytes."""

import gzip
import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.catalogue.contract import FileFormat
from warehouse.intake.readers.fixed_width import read_format
from warehouse.intake.readers.rows import Wanted
from warehouse.intake.refused import FileRefused
from warehouse.intake.unpack import Content

NO_AND_COURT = (("no", 1, 4), ("court", 5, 6))


def form(widths=NO_AND_COURT, **more) -> FileFormat:
    columns = [{"header": header, "start": start, "width": width} for header, start, width in widths]
    return FileFormat.model_validate({"format": "fixed_width", "widths": columns, **more})


@pytest.fixture
def look(tmp_path):
    def take(data, wanted=None, **more):
        blob, into = tmp_path / "blob", tmp_path / "rows.parquet"
        blob.write_bytes(data)
        into.unlink(missing_ok=True)
        found = read_format(Content(blob), form(**more), wanted or Wanted(("no", "court")), into)
        rows = pl.read_parquet(into).rows()
        assert found.rows == len(rows) + len(found.torn)
        return rows, found

    return take


def test_each_column_stands_at_its_place_without_its_padding(look):
    rows, found = look(b"0012 court\n  13x   y  \n")
    assert rows == [(1, 1, "0012", "court"), (2, 2, "13", "x   y")]
    assert (found.places, found.blank, found.torn) == ("line {line}", 0, ())


def test_a_last_field_whose_blanks_an_editor_took_away_is_whole(look):
    assert look(b"0012x\n0013xy    \r\n")[0] == [(1, 1, "0012", "x"), (2, 2, "0013", "xy")]


def test_blank_lines_are_counted_and_keep_their_line(look):
    rows, found = look(b"\n  \n0012x\n\n0013y\n")
    assert rows == [(1, 3, "0012", "x"), (2, 5, "0013", "y")]
    assert (found.blank, found.rows) == (3, 2)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"0013", "[4] characters where its last column begins at [5]"),
        (b"0013xxxxxx7", "more than the [10] characters of its columns"),
        (b"0013\tx", "a tab, so that its columns do not line up"),
    ],
)
def test_a_line_that_does_not_fit_the_layout_is_torn(look, line, reason):
    rows, found = look(b"0012x\n" + line + b"\n0014y\n")
    assert rows == [(1, 1, "0012", "x"), (3, 3, "0014", "y")]
    assert [(torn.record, torn.line, torn.text, torn.reason) for torn in found.torn] == [(2, 2, line.decode(), reason)]


def test_blanks_beyond_the_layout_are_padding(look):
    assert look(b"0012xxxxxx     \n")[0] == [(1, 1, "0012", "xxxxxx")]


def test_columns_may_be_counted_in_bytes_of_the_files_encoding(look):
    data = "0012沪01法\n0013京02\u3000\n".encode("gb18030")
    rows, found = look(data, encodings=["gb18030"], widths_in="bytes")
    assert rows == [(1, 1, "0012", "沪01法"), (2, 2, "0013", "京02")]
    assert found.encoding == "gb18030"


def test_columns_counted_in_characters_take_one_place_each(look):
    assert look("沪民初一法院\n".encode(), encodings=["utf-8"])[0] == [(1, 1, "沪民初一", "法院")]


def test_a_character_cut_in_half_tears_the_line(look):
    data = "0012沪\n001沪法院\n".encode("gb18030")  # the second 沪 lies on bytes 4 and 5
    rows, found = look(data, encodings=["gb18030"], widths_in="bytes")
    assert rows == [(1, 1, "0012", "沪")]
    assert [(torn.line, torn.reason) for torn in found.torn] == [(2, "a character cut in half in [no]")]


def test_halves_that_would_make_other_characters_are_cut_in_half_too(look):
    data = "0000中华人民共\nx中华人民\n".encode("gb18030")  # cut at odd bytes these four give three other characters
    widths = (("no", 1, 2), ("court", 3, 12))
    _, found = look(data, encodings=["gb18030"], widths=widths, widths_in="bytes")
    assert [torn.line for torn in found.torn] == [2]


def test_totals_are_no_cases(look):
    wanted = Wanted(("no", "court"), key="no")
    rows, found = look("0012法院\n合计  1\n合计\n".encode(), wanted, encodings=["utf-8"])
    assert rows == [(1, 1, "0012", "法院")]
    assert [(torn.line, torn.code) for torn in found.torn] == [(2, "NO_CASE"), (3, "NO_CASE")]


def test_other_names_and_columns_that_nobody_wants_are_told(look):
    wanted = Wanted(("number",), ("judge",), also={"no": "number"})
    rows, found = look(b"0012x\n", wanted)
    assert rows == [(1, 1, "0012", None)]
    assert (found.extra_columns, found.missing_columns) == (("court",), ("judge",))


def test_a_packed_file_is_read(look):
    assert look(gzip.compress(b"0012x\n"))[0] == [(1, 1, "0012", "x")]


@pytest.mark.parametrize(
    ("data", "more", "what"),
    [
        (b"", {}, "the file is empty"),
        (b"\n \n", {}, "the file holds only blank lines"),
        (b"0012x\n", {"wanted": Wanted(("no", "judge"))}, "the contract's widths lack [judge]"),
        (b"0012x\n", {"widths": (*NO_AND_COURT, ("no", 9, 2))}, "the contract's widths name [no] more than once"),
        (b"0012x\n", {"encodings": ["iso2022_jp"], "widths_in": "bytes"}, "its columns are counted in bytes of [iso2022_jp]"),
        (b"0012\xff\n", {"encodings": ["utf-8"]}, "the text is not in any of the encodings [utf-8]"),
        ("0012法院\n".encode("gb18030"), {}, "its encoding cannot be told"),
    ],
)
def test_what_cannot_be_read_is_refused(look, data, more, what):
    with pytest.raises(FileRefused) as caught:
        look(data, **more)
    assert caught.value.what == what


def test_a_chinese_name_in_the_contract_proves_nothing_of_the_files_encoding(look):
    with pytest.raises(FileRefused, match="its encoding cannot be told"):
        look("0012法院\n".encode("gb18030"), Wanted(("案号",)), widths=(("案号", 1, 8),))


FIELD = st.text(st.sampled_from("ab1 ,\"'法院瓅é"), max_size=5).map(lambda text: text.strip())


@settings(max_examples=200, deadline=None)
@given(
    table=st.lists(st.tuples(FIELD, FIELD, FIELD), min_size=1, max_size=8),
    ends=st.sampled_from(["\n", "\r\n"]),
    unit=st.sampled_from(["characters", "bytes"]),
)
def test_any_table_comes_back(tmp_path_factory, table, ends, unit):
    width = 24

    def padded(field: str) -> str:
        return field + " " * (width - (len(field.encode("gb18030")) if unit == "bytes" else len(field)))

    folder = tmp_path_factory.getbasetemp() / "fixed"
    folder.mkdir(exist_ok=True)
    blob, into = folder / "blob", folder / "rows.parquet"
    # The word proves the encoding: bytes of a short text may fit several.
    blob.write_bytes("".join("".join(map(padded, row)) + ends for row in table).encode("gb18030"))
    widths = tuple((name, at * width + 1, width) for at, name in enumerate("abc"))
    try:
        found = read_format(Content(blob), form(widths, encodings=["gb18030"], widths_in=unit), Wanted(("a", "b", "c")), into)
    except FileRefused as refused:  # few letters may be UTF-8 as well, or Big5 where few are common ones, or nothing at all
        is_rare = bool(set("瓅é") & set("".join(map("".join, table)))) and "in rare characters only" in refused.what
        assert is_rare or "can be read as" in refused.what or "blank lines" in refused.what
        return
    expected = [(line, row) for line, row in enumerate(table, 1) if any(row)]
    assert pl.read_parquet(into).rows() == [(record, line, *row) for record, (line, row) in enumerate(expected, 1)]
    assert (found.rows, found.blank) == (len(expected), len(table) - len(expected))


def test_broken_files_are_refused_or_their_rows_conserved(look):
    whole = "0012沪01法\n0013京02\n\n0014x\n".encode("gb18030") * 3
    for seed in range(150):
        chance = random.Random(seed)
        data = bytearray(whole)
        for _ in range(chance.choice([1, 2, 5])):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            _, found = look(bytes(data[: chance.randrange(1, len(data) + 1)]), encodings=["gb18030"], widths_in="bytes")
        except FileRefused:
            continue
        assert found.rows <= 20
