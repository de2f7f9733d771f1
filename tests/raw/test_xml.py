"""The reader of XML: each record with its place, its fields exactly, nothing that entities make."""

import gzip
import random
from xml.etree import ElementTree

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.catalogue.contract import FileFormat
from warehouse.intake.readers.rows import Wanted
from warehouse.intake.readers.xml_rows import read_format
from warehouse.intake.refused import FileRefused, Limits
from warehouse.intake.unpack import Content

A_AND_B = Wanted(("a", "b"))
ONE = "<c><a>1</a><b>2</b></c>"
NIL = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def take(folder, data, wanted=A_AND_B, limits=None, **more):
    """Rows (record, line, values…) and the result of reading `data`."""
    blob, into = folder / "blob", folder / "rows.parquet"
    blob.write_bytes(data.encode() if isinstance(data, str) else data)
    into.unlink(missing_ok=True)
    found = read_format(Content(blob, limits), FileFormat.model_validate(more), wanted, into)
    rows = pl.read_parquet(into).rows()
    assert found.rows == len(rows) + len(found.torn)
    return rows, found


@pytest.fixture
def look(tmp_path):
    return lambda data, *args, **named: take(tmp_path, data, *args, **named)


# --- values and places


@pytest.mark.parametrize(
    "record",
    [
        '<c a="1" b="2"/>',
        '<c a="1"><b>2</b></c>',
        ONE,
        "<c>\n <b>2</b>\n <a>1</a>\n</c>",
        '<x:c xmlns:x="urn:x"><x:a>1</x:a><b>2</b></x:c>',
    ],
)
def test_fields_are_attributes_and_elements(look, record):
    rows, found = look(f"<r>\n{record}\n</r>")
    assert rows == [(1, 2, "1", "2")]
    assert (found.places, found.torn, found.extra_columns) == ("record {record}", (), ())


@pytest.mark.parametrize(
    ("element", "text"),
    [
        ("<a>001</a>", "001"), ("<a> x\n </a>", " x\n "), ("<a/>", ""), ("<a></a>", ""), ("<a>&lt;&amp;&#x6CD5;</a>", "<&法"),
        ("<a>x<![CDATA[<y>&amp;]]>z</a>", "x<y>&amp;z"), ("<a>x<!-- y -->z</a>", "xz"), ('<a xsi:nil="true"/>', None), ('<a xsi:nil="0">1</a>', "1"),
        ('<a xml:space="preserve"> </a>', " "), ("<a>1\r\n2</a>", "1\n2"), ("<a>" + "x" * 200_000 + "</a>", "x" * 200_000),
    ],
)  # fmt: skip
def test_the_text_of_an_element_is_exact(look, element, text):
    assert look(f"<r {NIL}><c>{element}<b>2</b></c></r>") == look(f"<r {NIL}><c><b>2</b>{element}</c></r>")
    assert look(f"<r {NIL}><c>{element}<b>2</b></c></r>")[0] == [(1, 1, text, "2")]


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("<c><a>1</a><a>1</a><b/></c>", "the field [a] twice"),
        ('<c a="1"><a>1</a><b/></c>', "the field [a] twice"),
        ("<c><a>1</a><b><x>1</x></b></c>", "a nested value in [b]"),
        ("<c><a>1</a><b/>2</c>", "text outside its fields"),
        ("<c>1</c>", "text outside its fields"),
        ("<c><a>1</a></c>", "no field [b]"),
        ('<c><a xsi:nil="true">1</a><b/></c>', "a value in [a] that is said to be nil"),
    ],
)
def test_a_record_whose_cells_cannot_be_known_is_torn(look, record, reason):
    rows, found = look(f"<r {NIL}>{ONE}\n{record}\n{ONE}</r>")
    assert rows == [(1, 1, "1", "2"), (3, 3, "1", "2")]
    assert [(t.record, t.line, t.text, t.reason) for t in found.torn] == [(2, 2, record, reason)]


@pytest.mark.parametrize(
    "record", ['<c a=">" b="/>"/>', '<c\n a="1"></c >', "<c/>", "<c><x/></c>", "<c>/></c>", "<c><!-- /></c> --></c>"]
)
@pytest.mark.parametrize("chunk_bytes", [1, 5, 1 << 20])
def test_the_text_of_a_torn_record_is_that_of_the_file(look, record, chunk_bytes):
    _, found = look(f"<r>{ONE}{record}{ONE}</r>", Wanted(("a", "b"), ("z",)), Limits(chunk_bytes=chunk_bytes))
    assert [t.text for t in found.torn] == ([record] if 'b="' not in record else [])


def test_what_lies_deeper_is_named_by_its_path_and_may_repeat(look):
    record = '<c><a>1</a><p><n k="x">甲</n></p><q><n>乙</n><n>丙</n></q></c>'
    rows, found = look(f"<r>{record}</r>", Wanted(("a", "p/n"), ("p/n/k",)))
    assert rows == [(1, 1, "1", "甲", "x")]
    assert found.extra_columns == ("q/n",)


def test_the_contract_names_the_element_wherever_it_stands(look):
    data = f"<r><head><n>3</n></head><s><t>{ONE}</t><t>{ONE}</t></s>text</r>"
    assert look(data, records="c")[0] == [(1, 1, "1", "2"), (2, 1, "1", "2")]


def test_other_names_totals_and_missing_ones_are_told(look):
    rows, found = look("<r><c><x>1</x></c><c><x>合计</x></c></r>", Wanted(("a",), ("z",), key="a", also={"x": "a"}))
    assert rows == [(1, 1, "1", None)]
    assert [t.code for t in found.torn] == ["NO_CASE"] and found.missing_columns == ("z",)


def test_a_root_without_elements_gives_no_rows(look):
    assert look("<r/>")[1].rows == 0 and look("<r>\n</r>", records="c")[1].rows == 0


# --- encodings


@pytest.mark.parametrize(
    ("named", "encoding"),
    [("", "utf-8"), ("", "utf-8-sig"), ("UTF-8", "utf-8"), ("GB2312", "gb18030"), ("gbk", "gb18030"), ("UTF-16", "utf-16"), ("big5", "big5"),
     ("iso-8859-1", "latin-1"), ("utf-16", "utf-16")],
)  # fmt: skip
def test_the_encoding_is_the_one_that_the_declaration_names(look, named, encoding):
    text = "é" if encoding == "latin-1" else "上"
    says = f' encoding="{named}"' if named else ""
    data = f'<?xml version="1.0"{says}?><r><c><a>{text}</a><b/></c></r>'.encode(encoding)
    assert look(data)[0] == [(1, 1, text, "")]


def test_the_contract_decides_where_it_does_not_have_the_one_that_is_named(look):
    data = '<?xml version="1.0" encoding="x-unknown"?><r><c><案号>上海</案号></c></r>'.encode("gb18030")
    assert look(data, Wanted(("案号",)), encodings=["utf-8", "gb18030"])[0] == [(1, 1, "上海")]


def test_a_header_proves_an_encoding_that_nothing_names(look):
    assert look("<r><c><案号>上海</案号></c></r>".encode("gb18030"), Wanted(("案号",)))[0] == [(1, 1, "上海")]


# --- what is refused

LAUGHS = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><r><c><a>&b;</a><b/></c></r>'
OUTSIDE = '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r><c><a>&a;</a><b/></c></r>'


@pytest.mark.parametrize(
    ("data", "what", "line"),
    [
        (LAUGHS, "the XML has a document type (DOCTYPE)", 1),
        (OUTSIDE, "the XML has a document type (DOCTYPE)", 1),
        ('<?xml version="1.0"?>\n<!DOCTYPE html>\n<html/>', "the XML has a document type (DOCTYPE)", 2),
        ("<r>" + "<c>" * 100_000, "elements are nested deeper than [200]", 1),
        (f"<r>\n{ONE}\n<c><a>1", "the XML ends too early, on line [3]", 3),
        (f"<r>\n{ONE}\n", "the XML ends too early, on line [3]", 3),
        (f"<r>\n{ONE}\n<c><a>1</b></c></r>", "the XML is not well-formed on line [3]", 3),
        (f"<r>{ONE}<c><a>&none;</a></c></r>", "the XML is not well-formed on line [1]", 1),
        (f"<r>{ONE}<c a=1/></r>", "the XML is not well-formed on line [1]", 1),
        (f"<r>{ONE}<c><a>&#0;</a></c></r>", "the XML is not well-formed on line [1]", 1),
        (f"<r>{ONE}<c><a>&#xD800;</a></c></r>", "the XML is not well-formed on line [1]", 1),
        (f"<r>{ONE}</r>\n{ONE}", "the XML is not well-formed on line [2]", 2),
        (f"<r>{ONE}<n:c/></r>", "the XML is not well-formed on line [1]", 1),
        (f"<r>{ONE}\n<d/></r>", "the root holds elements of different names, [c] and [d]", 2),
        (f"<r>{ONE}text</r>", "there is text between the records, [text]", 1),
        ("<r><c><x>1</x></c></r>", "its rows lack [a] [b]", 1),
        ("", "the file is empty", 1),
        ("hello", "the XML is not well-formed on line [1]", 1),
        ('<?xml version="1.0" encoding="UTF-16"?><r/>', "the text is not in any of the encodings [utf-16]", 1),
        (
            '<?xml version="1.0" encoding="unicode_escape"?><r/>',
            "the XML names an encoding that is not known, [unicode_escape]",
            1,
        ),
        ('<?xml version="1.0" encoding="idna"?><r/>', "the XML names an encoding that is not known, [idna]", 1),
        (
            '<?xml version="1.0" encoding="utf-8"?><r>上</r>'.encode("gb18030"),
            "the text is not in any of the encodings [utf-8]",
            1,
        ),
    ],
)
@pytest.mark.parametrize("chunk_bytes", [999, 1 << 20])
def test_what_is_not_to_be_trusted_is_refused(look, data, what, line, chunk_bytes):
    with pytest.raises(FileRefused) as caught:
        look(data, limits=Limits(chunk_bytes=chunk_bytes))
    assert (caught.value.what, caught.value.place) == (what, f"line {line}")


def test_a_file_without_the_element_of_the_contract_is_refused(look):
    with pytest.raises(FileRefused, match=r"it has no element \[case\]. Its elements are \[c\] \[a\] \[b\]"):
        look(f"<r>{ONE}</r>", records="case")


LONG_RECORDS = [f'<c a="{"x" * 9000}" b=""/>', f"<c><a>{'x' * 9000}</a><b/></c>", f"<c><a>1</a><b/>{'<x/>' * 3000}</c>"]
LONG_TOKENS = [f"<!--{'x' * 9000}-->", f"<c><a><![CDATA[{'x' * 9000}", "<" + "c" * 9000]


@pytest.mark.parametrize(
    ("inside", "chunk_bytes"),
    [*((one, size) for one in LONG_RECORDS for size in (100, 1 << 20)), *((one, 100) for one in LONG_TOKENS)],
)
def test_what_is_longer_than_a_record_may_be_is_refused(look, inside, chunk_bytes):
    with pytest.raises(FileRefused, match=r"longer than \[1000\] bytes"):
        look(f"<r>{ONE}{inside}", limits=Limits(record_bytes=1000, chunk_bytes=chunk_bytes))


def test_a_long_file_on_one_line_is_read_in_pieces(look):
    rows, found = look("<r>" + ONE * 20_000 + "</r>", limits=Limits(record_bytes=1000, chunk_bytes=777))
    assert found.rows == 20_000 and rows[-1] == (20_000, 1, "1", "2")


def test_a_packed_file_is_read(look):
    assert look(gzip.compress(f"<r>{ONE}</r>".encode()))[0] == [(1, 1, "1", "2")]


# --- what holds always

# ElementTree does not escape a carriage return in text, and XML makes a line feed of it.
CELL = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]) | st.sampled_from("\n\t <&>\"']"), max_size=8)


@settings(max_examples=200, deadline=None)
@given(
    table=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=8),
    encoding=st.sampled_from(["utf-8", "utf-16", "gb18030", "ascii"]),
    chunk_bytes=st.sampled_from([1, 7, 1 << 20]),
    is_indented=st.booleans(),
)
def test_what_elementtree_writes_is_read_back(tmp_path_factory, table, encoding, chunk_bytes, is_indented):
    root = ElementTree.Element("cases")
    for a, b, d in table:
        record = ElementTree.SubElement(root, "case", {"d": d})
        ElementTree.SubElement(record, "a").text = a
        ElementTree.SubElement(record, "b").text = b
    if is_indented:
        ElementTree.indent(root)
    folder = tmp_path_factory.getbasetemp() / "xml"
    folder.mkdir(exist_ok=True)
    data = ElementTree.tostring(root, encoding, xml_declaration=True)
    rows, found = take(folder, data, Wanted(("a", "b", "d")), Limits(chunk_bytes=chunk_bytes))
    # An attribute's line break is written as a reference, so that only text and indents break lines.
    line, lines = (3 if is_indented else 2), []
    for a, b, _ in table:
        lines.append(line)
        line += a.count("\n") + b.count("\n") + 4 * is_indented
    assert [(row[0], *row[2:]) for row in rows] == [(n, *row) for n, row in enumerate(table, 1)]
    assert found.torn == () and [row[1] for row in rows] == lines


def test_broken_files_are_refused_or_their_rows_conserved(look):
    text = "<r>\n" + "".join(f'<c k="{n}"><a>00{n}</a><b>法&amp;<![CDATA[<]]></b></c>\n' for n in range(8)) + "</r>"
    outcomes = []
    for seed in range(150):
        chance = random.Random(seed)
        data = bytearray(text.encode())
        for _ in range(chance.choice([1, 1, 2, 5])):
            data[chance.randrange(len(data))] = chance.choice([*b"<>/&;\"'=ac0 ", chance.randrange(256)])
        data = data[: chance.choice([len(data), len(data), len(data), chance.randrange(len(data))])]
        try:
            outcomes.append(look(bytes(data))[1].rows)
        except FileRefused as refused:
            assert "\n" not in str(refused)
    assert 8 in outcomes
