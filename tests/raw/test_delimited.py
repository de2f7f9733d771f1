"""The reader of delimited text: each record with its exact line, none lost, none repaired."""

import csv
import gzip
import io
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from warehouse.intake.readers.delimited import Dialect, Read, read
from warehouse.intake.refused import FileRefused, Limits

CHINESE = Dialect(encodings=("utf-8", "gb18030"))
Look = Callable[..., tuple[list[tuple], Read]]


def take(folder: Path, data: bytes, required=("a", "b"), optional=(), dialect=CHINESE, limits=None):
    """Rows (record, line, values…) and the result of reading `data`."""
    blob, into = folder / "blob", folder / "rows.parquet"
    blob.write_bytes(data)
    found = read(blob, name="cases.csv", dialect=dialect, required=required, optional=optional, into=into, limits=limits)
    return pl.read_parquet(into).rows(), found


@pytest.fixture
def look(tmp_path: Path) -> Look:
    return lambda data, *args, **named: take(tmp_path, data, *args, **named)


@pytest.fixture
def refusal(tmp_path: Path) -> Callable[..., FileRefused]:
    def refuse(data: bytes, *args, **named) -> FileRefused:
        with pytest.raises(FileRefused) as caught:
            take(tmp_path, data, *args, **named)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["blob"]  # nothing written, nothing left behind
        text = str(caught.value)
        assert text.startswith(("cases.csv: ", "cases.csv, ")) and text.endswith(".") and "\n" not in text
        return caught.value

    return refuse


# --- what is read


def test_rows_come_as_text_with_record_and_line(look):
    rows, found = look("a,b\n001,甲\n 2 , NA\n".encode())
    assert rows == [(1, 2, "001", "甲"), (2, 3, " 2 ", " NA")]
    assert found == Read("utf-8", 2, 0, (), (), ())


def test_columns_are_typed_and_ordered_as_asked_for(tmp_path):
    take(tmp_path, b"x,b,a\n1,2,3\n", required=("a",), optional=("c", "b"))
    frame = pl.read_parquet(tmp_path / "rows.parquet")
    assert frame.schema == {"record": pl.Int64, "line": pl.Int64, "a": pl.String, "c": pl.String, "b": pl.String}
    assert frame.rows() == [(1, 2, "3", None, "2")]


def test_extra_columns_are_named_and_missing_optional_ones_are_null(look):
    rows, found = look(b'x,a,b,,y\n1,2,3,4,5\n1,"2",3,4,5\n', optional=("c",))
    assert rows == [(1, 2, "2", "3", None), (2, 3, "2", "3", None)]
    assert (found.extra_columns, found.missing_columns) == (("x", "", "y"), ("c",))


def test_an_empty_field_is_the_empty_string(look):
    rows, _ = look(b'a,b\n,\n"",x\n')
    assert rows == [(1, 2, "", ""), (2, 3, "", "x")]


def test_a_header_without_records_gives_no_rows(look):
    rows, found = look(b"a,b")
    assert rows == [] and found.rows == 0


def test_a_quoted_line_break_counts_as_a_physical_line(look):
    rows, found = look(b'a,b\n1,"x\ny\n\nz"\n2,"say ""no"""\n3,w\n')
    assert rows == [(1, 2, "1", "x\ny\n\nz"), (2, 6, "2", 'say "no"'), (3, 7, "3", "w")]
    assert (found.rows, found.blank) == (3, 0)


def test_a_quoted_header_may_break_lines_too(look):
    rows, found = look(b'"a","b","two\nlines"\n1,2,3\n')
    assert rows == [(1, 3, "1", "2")]
    assert found.extra_columns == ("two\nlines",)


def test_a_byte_order_mark_is_dropped_only_at_the_start(look):
    data = "\ufeffa,b\n\ufeff1,\ufeff2\n".encode()
    rows, _ = look(data, limits=Limits(chunk_bytes=10))
    assert rows == [(1, 2, "\ufeff1", "\ufeff2")]
    assert look(b'\xef\xbb\xbf"a","b"\n1,2\n')[0] == [(1, 2, "1", "2")]


def test_a_byte_order_mark_in_gb18030_is_dropped(look):
    rows, found = look("\ufeffa,b\n甲,乙\n".encode("gb18030"))
    assert rows == [(1, 2, "甲", "乙")]
    assert found.encoding == "gb18030"


def test_carriage_return_and_line_feed_count_once(look):
    rows, _ = look(b'a,b\r\n1,2\r\n3,"x\r\ny"\r\n5,6\r\n')
    assert rows == [(1, 2, "1", "2"), (2, 3, "3", "x\r\ny"), (3, 5, "5", "6")]


@pytest.mark.parametrize("quoted", [b"", b'"q",r\n'])
def test_a_lone_carriage_return_is_a_character_of_its_field(look, quoted):
    rows, _ = look(b"a,b\n1\r,\r2\n3,4\r\r\n" + quoted)
    assert rows[:2] == [(1, 2, "1\r", "\r2"), (2, 3, "3", "4\r")]


def test_a_lone_carriage_return_survives_beside_the_mark_that_hides_it(look):
    rows, _ = look('a,b\n"x,",\ue000r\r\ue000e\r!\n'.encode())
    assert rows == [(1, 2, "x,", "\ue000r\r\ue000e\r!")]


@pytest.mark.parametrize("data", [b"a,b\n1,2", b'a,b\n1,"2"', b"a,b\r\n1,2\r"])
def test_the_last_line_may_lack_its_end(look, data):
    assert look(data)[0] == [(1, 2, "1", "2")]


def test_gb2312_and_gbk_are_read_as_gb18030(look):
    data = "a,b\n㐀,€\n".encode("gb18030")  # the first is in GB18030 alone
    for name in ("gb2312", "GBK", "gb18030"):
        rows, found = look(data, dialect=Dialect(encodings=(name,)))
        assert rows == [(1, 2, "㐀", "€")] and found.encoding == "gb18030"


def test_a_separator_inside_a_gb18030_character_separates_nothing(look):
    data = "a|b\n瓅|1\n".encode("gb18030")
    assert data.count(b"|") == 3  # the second byte of 瓅 is 0x7C
    assert look(data, dialect=Dialect("|", encodings=("gb18030",)))[0] == [(1, 2, "瓅", "1")]


def test_the_next_encoding_is_tried_from_the_start_when_one_fails_late(look):
    data = b"a,b\n" + b"1,2\n" * 100 + "3,判\n".encode("gb18030")
    rows, found = look(data, limits=Limits(chunk_bytes=16))
    assert found.encoding == "gb18030" and found.rows == 101
    assert rows[0] == (1, 2, "1", "2") and rows[-1] == (101, 102, "3", "判")


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "latin-1", "big5"])
def test_other_encodings_go_by_pythons_names(look, name):
    text = "é" if name == "latin-1" else "上"  # 上 is 4E 0A in UTF-16: no line break
    rows, _ = look(f"a,b\r\n1,{text}\r\n2,x\r\n".encode(name), dialect=Dialect(encodings=("utf-8", name)))
    assert rows == [(1, 2, "1", text), (2, 3, "2", "x")]


def test_gzip_is_known_by_its_first_bytes_even_in_several_members(look):
    rows, _ = look(gzip.compress(b"a,b\n1,2\n3") + gzip.compress(b",4\n"))
    assert rows == [(1, 2, "1", "2"), (2, 3, "3", "4")]


@pytest.mark.parametrize(("quoted", "last"), [(b"", 7), (b'"9",9\n', 8)])
def test_torn_records_are_kept_with_line_and_text_and_still_count(look, quoted, last):
    rows, found = look(b"a,b\n1,2\nshort\n\n1,2,long \xe7\x94\xb2\r\n3,4\n" + quoted + b"5,6,")
    assert [row[:2] for row in rows] == [(1, 2), (4, 6), *([(5, 7)] if quoted else [])]
    assert [(torn.record, torn.line, torn.text) for torn in found.torn] == [
        (2, 3, "short"),
        (3, 5, "1,2,long 甲"),
        (last - 2, last, "5,6,"),
    ]
    assert found.torn[0].reason == "[1] fields where the header has [2]"
    assert (found.rows, found.blank) == (last - 2, 1)


def test_a_torn_record_of_several_lines_is_given_as_it_stands(look):
    rows, found = look(b'a,b\n1,"x\ny",""\n2,3\n')
    assert rows == [(2, 4, "2", "3")]
    assert [(torn.line, torn.text) for torn in found.torn] == [(2, '1,"x\ny",""')]


def test_a_character_after_a_closing_quote_tears_the_record(look):
    rows, found = look(b'a,b\n1,"x\ny"z,3\n"4",5\n')
    assert rows == [(2, 4, "4", "5")]
    torn = found.torn[0]
    assert (torn.record, torn.line, torn.text) == (1, 2, '1,"x\ny"z,3')
    assert torn.reason == "a character after the closing quote, on line [3]"


def test_the_text_of_a_torn_record_is_cut_at_ten_thousand_characters(look):
    _, found = look(b"a,b\n" + b"x" * 20_000 + b"\n")
    assert found.torn[0].text == "x" * 10_000


def test_a_quote_inside_an_unquoted_field_is_a_character(look):
    assert look(b'a,b\n5" pipe, "x"\n')[0] == [(1, 2, '5" pipe', ' "x"')]


def test_without_a_quote_mark_quotes_are_characters(look):
    assert look(b'a,b\n"1,2"\n', dialect=Dialect(quote=""))[0] == [(1, 2, '"1', '2"')]


@pytest.mark.parametrize("quoted", ["", '"9",9\n'])
def test_blank_lines_are_counted_apart_and_keep_their_line(look, quoted):
    rows, found = look(f"\n  \na,b\n\n1,2\r\n\r\n \u3000\t\n3,4\n{quoted}\n".encode())
    assert [row[:2] for row in rows][:2] == [(1, 5), (2, 8)]
    assert (found.blank, found.rows, found.torn) == (6, 3 if quoted else 2, ())


@pytest.mark.parametrize("quoted", [b"", b'"9"\n'])
def test_a_file_of_one_column_has_blank_lines_too(look, quoted):
    rows, found = look(b"a\n1\n\n \n  2\n" + quoted, required=("a",))
    assert rows[:2] == [(1, 2, "1"), (2, 5, "  2")]
    assert found.blank == 2


@pytest.mark.parametrize("quoted", [b"", b'"9"\t9\n'])
def test_tabs_alone_are_a_row_of_empty_fields_where_tabs_separate(look, quoted):
    rows, found = look(b"a\tb\n\t\n1\t2\n" + quoted, dialect=Dialect("\t"))
    assert rows[:2] == [(1, 2, "", ""), (2, 3, "1", "2")]
    assert found.blank == 0


def test_comments_nulls_and_other_line_separators_are_plain_values(look):
    data = "a,b\n#1,null\nNULL,x\u2028y\x0bz\x85\x1c\n".encode()
    assert look(data)[0] == [(1, 2, "#1", "null"), (2, 3, "NULL", "x\u2028y\x0bz\x85\x1c")]


def test_places_stay_exact_across_chunks_with_and_without_quotes(look):
    lines = [f'{n},"x\n{n}"\n' if n % 7 == 0 else f"{n},{'y' * (n % 5)}\n" for n in range(1, 200)]
    rows, found = look("".join(["a,b\n", *lines]).encode(), limits=Limits(chunk_bytes=32))
    assert found.rows == 199
    assert rows[13] == (14, 16, "14", "x\n14")  # line 1 is the header, record 7 took two lines
    assert rows[14] == (15, 18, "15", "")
    assert [row[0] for row in rows] == list(range(1, 200))


# --- what is refused


@pytest.mark.parametrize("data", [b"", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_refused(refusal, data):
    refused = refusal(data)
    assert refused.what == "the file is empty" and refused.place == "line 1"


@pytest.mark.parametrize("data", [b"\n\r\n  \n", b"\xef\xbb\xbf"])
def test_a_file_of_blank_lines_is_refused(refusal, data):
    assert refusal(data).what == "the file holds only blank lines"


def test_undecodable_text_is_refused_with_offset_and_line_for_each_encoding(refusal):
    refused = refusal(b"a,b\n1,2\n3,\xff\n")
    assert refused.what == "the text is not in any of the encodings [utf-8, gb18030]"
    assert refused.why == (
        "utf-8 fails at byte offset [10], line [3], on [0xff]; gb18030 fails at byte offset [10], line [3], on [0xff]"
    )
    assert refused.place == "line 3"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_offset_of_an_undecodable_byte_is_exact_across_chunks(refusal, encoding):
    good = "a,b\n" + "甲,乙\n" * 50
    data = good.encode(encoding) + "丙".encode(encoding)[:1]  # cut in a character
    refused = refusal(data, dialect=Dialect(encodings=(encoding,)), limits=Limits(chunk_bytes=7))
    assert f"byte offset [{len(good.encode(encoding))}], line [52]" in refused.why


def test_text_with_the_mark_of_utf_8_is_not_read_as_another_encoding(refusal, look):
    data = "\ufeffa,b\n甲乙,丙丁\n".encode()
    assert "byte order mark of utf-8" in refusal(data, dialect=Dialect(encodings=("gb18030",))).why
    assert look(data, dialect=Dialect(encodings=("gb18030", "utf-8")))[1].encoding == "utf-8"


@pytest.mark.parametrize("data", [b"a,b\n1,\x002\n", "a,b\n1,2\n".encode("utf-16-le")])
def test_nul_bytes_are_refused(refusal, data):
    refused = refusal(data)
    assert "holds a NUL byte on line" in refused.what and "UTF-16" in refused.remedy


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04....", "XLSX workbook is broken"),
        (b"PAR1....", "Parquet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..", "XLS"),
        (gzip.compress(gzip.compress(b"a,b\n", mtime=0), mtime=0), "gzip archive inside"),
    ],
)
def test_a_binary_file_is_refused_by_its_kind(refusal, data, kind):
    assert kind in refusal(data).what


def test_a_truncated_gzip_is_refused(refusal):
    packed = gzip.compress(b"a,b\n" + b"1,2\n" * 1000)
    assert "ends too early" in refusal(packed[:-12]).what
    assert "ends too early" in refusal(packed[:15]).what


def test_a_broken_gzip_is_refused(refusal):
    packed = bytearray(gzip.compress(b"a,b\n1,2\n"))
    packed[-6] ^= 1  # in the checksum
    assert "gzip archive is broken" in refusal(bytes(packed)).what
    assert "gzip archive is broken" in refusal(gzip.compress(b"a,b\n1,2\n") + b"rubbish").what


def test_a_gzip_that_unpacks_beyond_the_limit_is_refused(refusal):
    bomb = gzip.compress(b"a,b\n" + b"1,2\n" * 100_000)
    refused = refusal(bomb, limits=Limits(unpacked_bytes=100_000, chunk_bytes=10_000))
    assert "too large" in refused.what and "[100000]" in refused.why


def test_a_missing_column_is_refused_with_what_was_found_and_the_nearest(refusal):
    refused = refusal(b"case_no,court\n1,2\n", required=("case_number", "court"))
    assert refused.what == "the header lacks [case_number]"
    assert "names [case_no] [court]; nearest to [case_number]: [case_no]" in refused.why
    assert refused.place == "line 1"


def test_a_missing_column_hints_at_a_wrong_separator_or_lost_line_ends(refusal):
    assert "could be [;]" in refusal(b"a;b\n1;2\n").why
    assert "carriage return alone" in refusal(b"a,b\r1,2\r").why


def test_a_wanted_column_named_twice_is_refused_another_is_not(refusal, look):
    assert refusal(b"a,b, a\n1,2,3\n").what == "the header names [a] more than once"
    assert look(b"x,a,b,x\n1,2,3,4\n")[0] == [(1, 2, "2", "3")]


@pytest.mark.parametrize("chunk_bytes", [8, 1 << 20])
def test_a_quote_never_closed_is_refused_with_the_line_it_was_opened_on(refusal, chunk_bytes):
    data = b'a,b\n"1\n1",2\n"x ""y"" ","open\n3,4\n5,6\n'
    refused = refusal(data, limits=Limits(chunk_bytes=chunk_bytes))
    assert refused.what == "the quote opened on line [4] is never closed"
    assert refused.place == "line 4" and "[6]" in refused.why


def test_a_quoted_header_that_csv_cannot_split_is_refused(refusal):
    assert refusal(b'"a"x,b\n1,2\n').what == "the header on line [1] cannot be read"


@pytest.mark.parametrize("data", [b"a,b\n1," + b"x" * 2000 + b"\n", b'a,b\n1,"' + b"x\n" * 1000 + b'"\n'])
@pytest.mark.parametrize("chunk_bytes", [64, 1 << 20])
def test_a_record_beyond_the_limit_is_refused(refusal, data, chunk_bytes):
    refused = refusal(data, limits=Limits(record_bytes=1000, chunk_bytes=chunk_bytes))
    assert "the record on line [2] is longer than [1000] bytes" in refused.what


def test_a_field_of_a_megabyte_is_no_refusal(look):
    assert look(b'a,b\n1,"' + b"x\n" * 500_000 + b'"\n')[0] == [(1, 2, "1", "x\n" * 500_000)]


def test_more_torn_records_than_can_be_kept_refuse_the_file(refusal):
    refused = refusal(b"a,b\n" + b"1,2,3\n" * 20, limits=Limits(torn_records=10))
    assert "more than [10] records do not fit the header" in refused.what and "line [2]" in refused.why


def test_what_stood_at_the_target_stays_when_a_file_is_refused(tmp_path):
    take(tmp_path, b"a,b\n1,2\n")
    with pytest.raises(FileRefused):
        take(tmp_path, b'a,b\n1,2\n"')
    assert pl.read_parquet(tmp_path / "rows.parquet").rows() == [(1, 2, "1", "2")]


@pytest.mark.parametrize("wrong", [{"separator": "||"}, {"separator": ""}, {"separator": "，"}, {"quote": ","}])
def test_a_dialect_of_impossible_marks_is_an_error(wrong):
    with pytest.raises(ValueError, match="separator"):
        Dialect(**wrong)


@pytest.mark.parametrize("encodings", [("klingon",), ("zlib",)])
def test_a_dialect_of_unknown_encodings_is_an_error(encodings):
    with pytest.raises(ValueError, match="encoding"):
        Dialect(encodings=encodings)


def test_a_wanted_column_called_as_one_of_ours_is_an_error(look):
    with pytest.raises(ValueError, match="line"):
        look(b"a,line\n1,2\n", required=("line",))


# --- what holds always

ALPHABET = st.sampled_from([*"ab1 ,;|\t\"'\n\r#", "\r\n", "法", "院", "瓅", "é", "\u3000", "\ufeff", "\ue000", "\u2028"])
FIELD = st.lists(ALPHABET, max_size=6).map("".join)


@st.composite
def tables(draw) -> tuple[list[list[str]], dict[str, str]]:
    """Rows that csv writes without ambiguity, and how it writes them."""
    width = draw(st.integers(1, 4))
    ends = draw(st.sampled_from(["\n", "\r\n"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    rows = draw(st.lists(st.lists(FIELD, min_size=width, max_size=width), max_size=8))
    if quoting == csv.QUOTE_MINIMAL:  # Python 3.11 leaves a carriage return unquoted, and at a line's end it is its end
        rows = [[*row[:-1], row[-1].rstrip("\r")] for row in rows]
        if width == 1:  # white space alone would be a blank line
            rows = [[field if field.strip() or not field else "x"] for (field,) in rows]
    return rows, {"lineterminator": ends, "quoting": quoting}


def written(rows: list[list[str]], **how) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, **how).writerows(rows)
    return out.getvalue()


def fits_utf_8(data: bytes) -> bool:
    try:
        return bool(data.decode("utf-8"))
    except UnicodeDecodeError:
        return False


@settings(max_examples=250, deadline=None)
@given(
    table=tables(),
    separator=st.sampled_from(",;|\t"),
    quote=st.sampled_from("\"'"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    is_packed=st.booleans(),
    chunk_bytes=st.sampled_from([1, 5, 13, 1 << 20]),
    torn=st.sets(st.integers(0, 7)),
)
def test_what_csv_writes_is_read_back_with_exact_lines(
    tmp_path_factory, table, separator, quote, encoding, is_packed, chunk_bytes, torn
):
    rows, how = table
    assume(len(rows) < 2 or not set(range(len(rows))) <= torn)  # a file none of whose rows fits its header is refused
    width = len(rows[0]) if rows else 2
    names = [f"列{place}" for place in range(width)]  # proves the encoding: rare characters alone may be Big5 as well
    how = {**how, "delimiter": separator, "quotechar": quote}
    pieces = [written([[*row, "x"] if n in torn else row], **how) for n, row in enumerate(rows)]
    text = written([names], **how)
    whole, broken = [], []
    for n, (row, piece) in enumerate(zip(rows, pieces, strict=True)):
        line = 1 + text.count("\n")
        (broken if n in torn else whole).append((n + 1, line, piece if n in torn else row))
        text += piece
    data = text.encode(encoding)
    # 院 in GB18030 is also a letter in UTF-8: what fits both is refused, which test_bad_files shows
    assume(encoding != "gb18030" or text.isascii() or not fits_utf_8(data))
    tried = (encoding,) if fits_utf_8(data) else ("utf-8", encoding)
    dialect = Dialect(separator, quote, tried)
    folder = tmp_path_factory.getbasetemp() / "property"
    folder.mkdir(exist_ok=True)
    limits = Limits(chunk_bytes=chunk_bytes)
    back, found = take(folder, gzip.compress(data) if is_packed else data, names, (), dialect, limits)
    assert back == [(record, line, *row) for record, line, row in whole]
    end = how["lineterminator"]
    assert [(t.record, t.line, t.text) for t in found.torn] == [(r, at, p.removesuffix(end)) for r, at, p in broken]
    assert (found.rows, found.blank) == (len(rows), 0) and len(back) + len(found.torn) == found.rows


LINES = st.lists(
    st.sampled_from(["", " ", ",", "1", "1,2", "1,2\r", "a\rb,\r", "1\r,\r2", "\ufeff,法", "1,2,3", "\u3000", "\r"])
)


@settings(max_examples=250, deadline=None)
@given(
    lines=LINES,
    width=st.sampled_from([1, 2]),
    ending=st.sampled_from(["\n", "\r\n", ""]),
    chunk_bytes=st.sampled_from([1, 4, 1 << 20]),
)
def test_text_without_quotes_reads_the_same_on_both_paths(tmp_path_factory, lines, width, ending, chunk_bytes):
    """A record with a quote at the end sends everything that is one chunk to csv; without it Polars reads it all."""
    folder = tmp_path_factory.getbasetemp() / "paths"
    folder.mkdir(exist_ok=True)
    names = ["a", "b"][:width]
    # two rows that fit, so that a file none of whose rows fits its header is not among them
    plain = "\n".join([",".join(names), ",".join(names), *lines]) + (ending or "\n")
    fast, by_polars = take(folder, plain.encode(), names, limits=Limits(chunk_bytes=chunk_bytes))
    last = ",".join(['"q"'] * width)
    slow, by_csv = take(folder, (plain + last).encode(), names)
    assert slow[:-1] == fast
    assert slow[-1] == (by_polars.rows + 1, plain.count("\n") + 1, *["q"] * width)
    assert (by_csv.torn, by_csv.blank, by_csv.rows) == (by_polars.torn, by_polars.blank, by_polars.rows + 1)
