"""The reader of JSON lines and JSON arrays: each object with its place, its values as they are written."""

import gzip
import json
import random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.catalogue.contract import FileFormat
from warehouse.intake.readers.json_rows import read_format
from warehouse.intake.readers.rows import Wanted
from warehouse.intake.refused import FileRefused, Limits
from warehouse.intake.unpack import Content

A_AND_B = Wanted(("a", "b"))
ONE = '{"a": "1", "b": "2"}'


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


def torn(found):
    return [(t.record, t.line, t.text, t.reason) for t in found.torn]


# --- values


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ('"001"', "001"), ('" x "', " x "), ('""', ""), ("1", "1"), ("1.10", "1.10"), ("1E5", "1E5"), ("-0", "-0"),
        ("12345678901234567890123", "12345678901234567890123"), ("0.10000000000000000555", "0.10000000000000000555"),
        ("true", "true"), ("false", "false"), ("null", None), (r'"\u6cd5\n\t\"\\\/"', '法\n\t"\\/'), (r'"\ud842\udfb7"', "𠮷"),
        ('"NaN"', "NaN"), ("1" * 5000, "1" * 5000),
    ],
)  # fmt: skip
def test_a_value_is_taken_as_it_is_written(look, written, text):
    for data in (f'{{"a": {written}, "b": 1}}\n{ONE}\n', f'[{{"a": {written}, "b": 1}}]'):
        assert look(data)[0][0] == (1, 1, text, "1")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('{"a": {"x": 1}, "b": 2}', "a nested value in [a]"),
        ('{"a": 1, "b": []}', "a nested value in [b]"),
        ('{"a": 1, "b": 2, "a": 1}', "the name [a] twice"),
        ('{"a": 1}', "no field [b]"),
        (r'{"a": "x\u0000", "b": 2}', "a NUL character in [a]"),
        (r'{"a": "\ud800", "b": 2}', "a character that is half of one (a lone surrogate)"),
        (r'{"a": 1, "b": 2, "\udfff": 3}', "a name with half a character (a lone surrogate)"),
        ("[1, 2]", "an array instead of an object"),
        ('"x"', "a value instead of an object"),
        ("null", "null instead of an object"),
    ],
)
def test_an_object_whose_cells_cannot_be_known_is_torn(look, row, reason):
    for data, lines in ((f"{ONE}\n{row}\n{ONE}\n", (1, 2, 3)), (f"[{ONE},\n{row},\n{ONE}]", (1, 2, 3))):
        rows, found = look(data)
        assert rows == [(1, lines[0], "1", "2"), (3, lines[2], "1", "2")]
        assert torn(found) == [(2, lines[1], row, reason)]
        assert json.dumps([*found.extra_columns], ensure_ascii=False).encode()  # the report can be written


@pytest.mark.parametrize(
    "row",
    ['{"a": NaN, "b": 1}', '{"a": -Infinity, "b": 1}', '{"a": 01, "b": 1}', '{"a": 1,}', "{'a': 1}", '{"a": "', "{", "x", '{"a": 1} x',
     '{"a": "\t", "b": 1}', "\ufeff" + ONE, '{"a":' * 100_000, "[" * 100_000],
)  # fmt: skip
def test_a_broken_line_is_torn_and_the_others_go_on(look, row):
    rows, found = look(f"{ONE}\n{row}\n\n{ONE}\n")
    assert rows == [(1, 1, "1", "2"), (3, 4, "1", "2")]
    assert [(t.record, t.line, t.text) for t in found.torn] == [(2, 2, row[:10_000])]
    assert found.blank == 1


def test_a_broken_first_line_does_not_make_it_another_format(look):
    rows, found = look(f'{{"a": "x"y}}\n{ONE}\n')
    assert rows == [(2, 2, "1", "2")] and [t.line for t in found.torn] == [1]
    assert found.torn[0].reason == "broken JSON: Expecting ',' delimiter at character [10]"


def test_a_file_cut_off_in_its_last_line_loses_no_row_silently(look):
    rows, found = look(f'{ONE}\n{{"a": "1", "b')
    assert rows == [(1, 1, "1", "2")] and [t.text for t in found.torn] == ['{"a": "1", "b']


def test_nested_values_that_nobody_wants_tear_nothing(look):
    rows, found = look('{"a": 1, "b": 2, "parties": [{"name": "x"}]}\n')
    assert rows == [(1, 1, "1", "2")] and found.extra_columns == ("parties",)


def test_missing_and_other_names_are_told(look):
    rows, found = look('{"x": 1, "y": 2}\n', Wanted(("a",), ("z",), also={"x": "a"}))
    assert rows == [(1, 1, "1", None)]
    assert (found.extra_columns, found.missing_columns) == (("y",), ("z",))


def test_totals_are_no_cases(look):
    _, found = look('[{"a": "合计", "b": 12}, {"a": "1", "b": 12}]', Wanted(("a", "b"), key="a"))
    assert [(t.record, t.code, t.reason) for t in found.torn] == [(1, "NO_CASE", "a total")]


# --- where the rows stand


@pytest.mark.parametrize(
    ("data", "records"),
    [
        (f"[{ONE}]", None), (f"[\n{ONE}\n]\n", None), (f'{{"cases": [{ONE}]}}', None), (f'{{"n": 1, "data": {{"cases": [{ONE}]}}}}', None),
        (f'{{"data": {{"x": [], "cases": [{ONE}], "y": ["z"]}}}}', None), (f'{{"d": [{{"a": 0, "b": 0}}], "e": {{"f": {{"g": [{ONE}]}}}}}}', "e/f/g"),
        (f'{{\n"m": {{"k": [1, {{}}]}},\n"cases": [{ONE}]}}', "cases"),
    ],
)  # fmt: skip
def test_the_array_of_the_rows_is_found(look, data, records):
    rows, found = look(data, records=records)
    assert [row[2:] for row in rows] == [("1", "2")]
    assert found.places == "record {record}"


@pytest.mark.parametrize(
    ("data", "records", "what"),
    [
        (f'{{"x": [{ONE}], "y": [{ONE}]}}', None, "it holds 2 arrays of objects to read"),
        (f'{{"x": [{ONE}], "x": [{ONE}]}}', None, "it holds 2 arrays of objects to read"),
        ('{"x": [], "y": []}', None, "it holds 2 arrays to read"),
        ('{"x": 1, "y": {"z": {"w": [{}]}}}', None, "it holds no arrays to read"),
        (f'{{"x": [{ONE}]}}', "y", "it has no [y]"),
        (f'{{"x": {{"y": [{ONE}], "y": [{ONE}]}}}}', "x/y", "[x/y] stands in it twice"),
        ('{"x": null}', "x", "[x] is no array"),
        (f"[{ONE}]", "x", "the file is no object"),
        ('[{"x": 1}]', None, "its rows lack [a] [b]"),
        ("7", None, "the JSON is broken on line [1]"),
    ],
)
def test_an_array_that_cannot_be_told_is_refused(look, data, records, what):
    with pytest.raises(FileRefused) as caught:
        look(data, format="json", records=records)
    assert caught.value.what == what


@pytest.mark.parametrize("data", ["[]", '{"cases": []}', '{"cases": [], "note": "none this month"}'])
def test_an_empty_array_gives_no_rows(look, data):
    assert look(data)[1].rows == 0


def test_one_object_on_one_line_is_a_row_where_it_has_the_columns(look):
    rows, found = look('{"a": 1, "b": 2, "parties": [{"name": "x"}]}')
    assert rows == [(1, 1, "1", "2")] and found.places == "line {line}"


def test_an_array_is_not_read_as_lines(look):
    with pytest.raises(FileRefused, match="it is a JSON array"):
        look(f"[\n{ONE}\n]", format="json_lines")


def test_lines_are_not_read_as_one_document(look):
    with pytest.raises(FileRefused, match=r"more after the end of the JSON, on line \[2\]. It looks like JSON lines"):
        look(f'{{"x": [{ONE}]}}\n{ONE}', format="json")


# --- what is refused


@pytest.mark.parametrize(
    ("data", "what", "line"),
    [
        (f"[{ONE},\n{ONE}", "ends too early", 2),
        (f"[{ONE},\n", "ends too early", 2),
        (f'[{ONE},\n{{"a": "1', "ends too early", 2),
        (f'{{"x": [{ONE}]', "ends too early", 1),
        (f"[{ONE},\n{ONE[:-1]},\n{ONE}]", "is broken", 3),
        (f"[{ONE}\n{ONE}]", "is broken", 2),
        (f"[{ONE},]", "is broken", 1),
        (f'[{ONE},\n{{"a": NaN}}]', "is broken", 2),
        (f'[{ONE},\n{{"a": tru}}]', "is broken", 2),
        (f"[{ONE}]\n]", "more after the end", 2),
        (f"[{ONE}, " + "[" * 100_000, "is broken", 1),
        ("[" + '{"a":' * 100_000, "is broken", 1),
        (f'{{"x": {{y: 1}}, "z": [{ONE}]}}', "is broken", 1),
    ],
)
@pytest.mark.parametrize("chunk_bytes", [7, 1 << 20])
def test_a_broken_document_is_refused_with_its_line(look, data, what, line, chunk_bytes):
    with pytest.raises(FileRefused) as caught:
        look(data, format="json", limits=Limits(chunk_bytes=chunk_bytes))
    assert what in caught.value.what and caught.value.place == f"line {line}"


@pytest.mark.parametrize("data", ["", "\ufeff", "\n \n"])
def test_a_file_of_nothing_is_refused(look, data):
    with pytest.raises(FileRefused, match="nothing but blank lines"):
        look(data)


@pytest.mark.parametrize(
    "data", [f'[{ONE}, {{"a": "{"x" * 5000}"}}]', f'[{ONE}, {{"a": "{"x" * 50}", {ONE * 300}', f'{ONE}\n{{"{"x" * 5000}']
)
def test_a_record_beyond_the_limit_is_refused(look, data):
    with pytest.raises(FileRefused) as caught:
        look(data, limits=Limits(record_bytes=1000, chunk_bytes=64))
    assert "longer than [1000] bytes" in caught.value.what or "is broken" in caught.value.what


def test_a_long_document_on_one_line_and_a_long_value_in_pieces_are_read(look):
    long = "法" * 1_000_000
    data = json.dumps([{"案号": str(n), "b": long} for n in range(5)], ensure_ascii=False)
    rows, _ = look(data, Wanted(("案号", "b")), Limits(record_bytes=4 << 20, chunk_bytes=4096))
    assert [row[2] for row in rows] == ["0", "1", "2", "3", "4"] and rows[4][3] == long


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030", "big5"])
def test_encodings_are_those_of_the_contract(look, encoding):
    data = '[{"案號": "上\\u4e0a", "b": "判"}]\n'.encode(encoding)
    rows, _ = look(data, Wanted(("案號", "b")), encodings=["utf-8" if "utf-8" in encoding else encoding])
    assert rows == [(1, 1, "上上", "判")]


@pytest.mark.parametrize("data", [b'[{"a": "\xff", "b": 1}]', b'{"a": "\xff", "b": 1}\n', b'[{"a": "\x00", "b": 1}]'])
def test_bytes_that_are_no_text_are_refused(look, data):
    with pytest.raises(FileRefused):
        look(data, encodings=["utf-8"])


def test_a_packed_file_is_read(look):
    assert look(gzip.compress(f"{ONE}\n{ONE}\n".encode()))[1].rows == 2
    assert look(gzip.compress(f"[{ONE}]".encode()))[1].rows == 1


# --- what holds always

VALUE = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
)


def text_of(value) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value)


@settings(max_examples=200, deadline=None)
@given(
    table=st.lists(st.tuples(VALUE, VALUE), min_size=1, max_size=8),
    shape=st.sampled_from(["lines", "array", "indented", "inside"]),
    is_ascii=st.booleans(),
    encoding=st.sampled_from(["utf-8-sig", "utf-16"]),
    chunk_bytes=st.sampled_from([1, 7, 1 << 20]),
)
def test_what_json_writes_is_read_back(tmp_path_factory, table, shape, is_ascii, encoding, chunk_bytes):
    objects = [{"a": a, "b": b, "more": [1, {}]} for a, b in table]
    if shape == "lines":
        data = "".join(json.dumps(one, ensure_ascii=is_ascii) + "\n" for one in objects)
    else:
        whole = {"n": "]", "data": {"cases": objects}} if shape == "inside" else objects
        data = json.dumps(whole, ensure_ascii=is_ascii, indent=1 if shape == "indented" else None)
    folder = tmp_path_factory.getbasetemp() / "json"
    folder.mkdir(exist_ok=True)
    rows, found = take(folder, data.encode(encoding), limits=Limits(chunk_bytes=chunk_bytes),
                       encodings=["utf-8" if encoding == "utf-8-sig" else encoding])  # fmt: skip
    step = {"lines": 1, "array": 0, "inside": 0, "indented": 8}[shape]
    first = 2 if shape == "indented" else 1
    assert rows == [(n + 1, first + n * step, text_of(a), text_of(b)) for n, (a, b) in enumerate(table)]
    assert found.torn == () and found.extra_columns == ("more",)


@pytest.mark.parametrize("shape", ["lines", "array"])
def test_broken_files_are_refused_or_their_rows_conserved(look, shape):
    objects = [{"a": f"00{n}", "b": [None, True, 1.5, "法"][n % 4]} for n in range(8)]
    text = "\n".join(map(json.dumps, objects)) if shape == "lines" else json.dumps({"n": 1, "cases": objects}, indent=1)
    outcomes = []
    for seed in range(150):
        chance = random.Random(seed)
        data = bytearray(text.encode())
        for _ in range(chance.choice([1, 1, 2, 5])):
            data[chance.randrange(len(data))] = chance.choice([*b'{}[]",:\\\n0ae-', chance.randrange(256)])
        data = data[: chance.choice([len(data), len(data), chance.randrange(len(data))])]
        try:
            outcomes.append(look(bytes(data))[1].rows)
        except FileRefused as refused:
            assert "\n" not in str(refused)
    assert 8 in outcomes
