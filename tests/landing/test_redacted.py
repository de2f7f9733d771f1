"""One person out of one file: each format, plain and packed; every other row, byte and place stays."""

import gzip
import io
import json
import zipfile
from datetime import date

import polars as pl
import pytest
import xlsxwriter
import zstandard

from warehouse.catalogue.contract import FileFormat, FixedColumn
from warehouse.intake.chronicle import Delivery
from warehouse.intake.read import read_file
from warehouse.intake.redact.aliases import Aliases, of_key, of_number
from warehouse.intake.redact.blob import redacted
from warehouse.intake.refused import FileRefused
from warehouse.intake.stage import numbering_of
from warehouse.intake.unpack import Content

HEADER = ["案号", "立案日期", "结案日期", "结案方式", "当事人", "备注", "原案号"]
THEIRS = ["（2016）浙0683民初901号", "2016-03-01", "2016-04-01", "判决", "张三丰", "身份证33068319900101", ""]
MENTIONS = ["（2016）浙0683民初902号", "2016-03-02", "", "", "李四", "见(2016)浙０６８３民初 ９０１ 号一案", ""]
REFERS = ["（2016）浙0683民初903号", "2016-03-02", "", "", "王五", "", "（2016）浙0683民初901号"]
LONGER = ["（2016）浙0683民初9011号", "2016-03-03", "", "", "张三", "", "（2015）浙0683民初901号"]
ROWS = [THEIRS, MENTIONS, REFERS, LONGER]
WORDS = ("张三丰", "33068319900101", "（2016）浙0683民初901号", "９０１")
OTHERS = ("李四", "王五", "张三", "9011号", "（2015）浙0683民初901号")
ALIAS = "（2016）浙0683民初99000001号"
AFTER = [
    [ALIAS, "2016-03-01", "2016-04-01", "判决", ""],
    ["（2016）浙0683民初902号", "2016-03-02", "", "", ""],
    ["（2016）浙0683民初903号", "2016-03-02", "", "", ALIAS],
    ["（2016）浙0683民初9011号", "2016-03-03", "", "", "（2015）浙0683民初901号"],
]
COLUMNS = [HEADER[at] for at in (0, 1, 2, 3, 6)]


@pytest.fixture
def aliases(catalogue):
    numbering = numbering_of(catalogue.profile)
    key = "浙0683-2016-民初-901"
    return Aliases((of_number(key, "new", ("浙0683", 2016, "民初", 901), numbering, 99_000_001),), numbering)


@pytest.fixture
def erase(catalogue, aliases, tmp_path):
    """`erase(bytes, **file)`: the bytes afterwards and what was found, by a contract whose `file` says so."""

    def run(data, whose=aliases, columns=None, **form):
        contract = catalogue.profile.contracts["cases"]
        update = {"file": FileFormat(**form)} | ({"columns": columns(contract.columns)} if columns else {})
        contract = contract.model_copy(update=update)
        path = tmp_path / "blob"
        path.write_bytes(data)
        day = date(2016, 5, 1)
        delivery = Delivery(1, "cases", "cases/f", "f", "0" * 64, day, 0, day, {}, None, None)
        folder = tmp_path / "steps"
        folder.mkdir(exist_ok=True)
        found = redacted(path, [(delivery, contract)], whose, folder)
        if found is None:
            return None, [], None
        (tmp_path / "after").write_bytes(found.data)
        report = read_file(tmp_path / "after", "f", contract, tmp_path / "rows.parquet")
        rows = pl.read_parquet(tmp_path / "rows.parquet").select(*COLUMNS).fill_null("").rows()
        assert read_file(path, "f", contract, tmp_path / "before.parquet").rows == report.rows
        return found, [list(row) for row in rows], report

    return run


def delimited(separator=",", end="\n", quote=False):
    rows = [[f'"{cell}"' if quote else cell for cell in row] for row in [HEADER, *ROWS]]
    return "".join(separator.join(row) + end for row in rows)


def workbook(shared=True):
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into, {"constant_memory": not shared})
    sheet = book.add_worksheet("案件")
    sheet.write_string(0, 0, "二〇一六年五月案件")
    for at, row in enumerate([HEADER, *ROWS], 1):
        for column, cell in enumerate(row):
            if cell:
                sheet.write_string(at, column, cell)
    book.close()
    return into.getvalue()


def fixed(encoding="utf-8"):
    widths = [40, 10, 10, 6, 12, 60, 40]
    if encoding == "gb18030":
        return b"".join(b"".join(cell.encode(encoding).ljust(w) for cell, w in zip(row, widths, strict=True)) + b"\n"
                        for row in ROWS), widths  # fmt: skip
    return "".join("".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + "\n" for row in ROWS).encode(), widths


def fixed_columns(widths, names=HEADER):
    starts = [1 + sum(widths[:at]) for at in range(len(widths))]
    return tuple(FixedColumn(header=n, start=s, width=w) for n, s, w in zip(names, starts, widths, strict=True) if n in names)


def xml(rows=ROWS):
    def one(row):
        cells = zip(HEADER, row, strict=True)
        return "<案件>" + "".join(f"<{n}>{c}</{n}>" for n, c in cells if n != "当事人") + (
            f"<当事人 证件='33068319900101'><姓名>{row[4]}</姓名>\n</当事人></案件>" if row is THEIRS else
            f"<当事人><姓名>{row[4]}</姓名></当事人></案件>")  # fmt: skip

    return "<?xml version='1.0' encoding='utf-8'?>\n<表>\n" + "\n".join(map(one, rows)) + "\n</表>\n"


def parquet():
    frame = pl.DataFrame([dict(zip(HEADER, row, strict=True)) for row in ROWS])
    frame = frame.with_columns(
        pl.col("立案日期").str.to_date(), 电话=pl.Series([13800000000, 1, 2, 3]), 人=pl.Series([["张三丰"], [], [], []])
    )
    into = io.BytesIO()
    frame.write_parquet(into)
    return into.getvalue()


def document(rows=ROWS):
    made = [dict(zip(HEADER, row, strict=True)) for row in rows]
    made[0]["当事人"] = {"原告": ["张三丰"], "电话": 1}
    return {"title": "（2016）浙0683民初901号等", "data": {"cases": made}}


def opened(data):
    path_free = io.BytesIO(data)
    if data.startswith(b"\x1f\x8b"):
        return gzip.decompress(data)
    if data.startswith(b"\x28\xb5\x2f\xfd"):
        return zstandard.ZstdDecompressor().decompress(data, max_output_size=1 << 24)
    if data.startswith(b"PK"):
        archive = zipfile.ZipFile(path_free)
        return b"\n".join(archive.read(name) for name in archive.namelist())
    if data.startswith(b"PAR1"):
        return data + repr(pl.read_parquet(path_free).rows()).encode()
    return data


def says(data):
    """All that can be read in bytes of any encoding here, escapes undone."""
    data = opened(data)
    texts = [data.decode(e, "ignore") for e in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")]
    return "\n".join([*texts, texts[0].encode("latin-1", "backslashreplace").decode("unicode_escape", "ignore")])


FORMS = {
    "csv": lambda: (delimited().encode(), {}),
    "csv quoted, carriage returns, mark": lambda: (b"\xef\xbb\xbf" + delimited(end="\r\n", quote=True).encode(), {}),
    "csv gb18030": lambda: (delimited().encode("gb18030"), {"encodings": ("gb18030",)}),
    "csv utf-16": lambda: (delimited("\t").encode("utf-16"), {"encodings": ("utf-16",), "separator": "\t"}),
    "csv utf-16 big end": lambda: (b"\xfe\xff" + delimited().encode("utf-16-be"), {"encodings": ("utf-16",)}),
    "csv by another record end": lambda: (delimited(end="~").encode(), {"record": "~"}),
    "csv in carriage returns": lambda: (delimited(end="\r").encode(), {}),
    "csv with a separator too much": lambda: (delimited(";", ";\n").encode(), {"separator": ";", "trailing_separator": True}),
    "xlsx": lambda: (workbook(), {}),
    "xlsx, texts in the cells": lambda: (workbook(shared=False), {}),
    "json lines": lambda: ("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in document()["data"]["cases"]).encode(), {}),
    "json lines, escaped": lambda: ("".join(json.dumps(r) + "\n" for r in document()["data"]["cases"]).encode(), {}),
    "json": lambda: (json.dumps(document(), ensure_ascii=False, indent=2).encode(), {"format": "json", "records": "data/cases"}),
    "xml": lambda: (xml().encode(), {"records": "案件"}),
    "xml gb18030": lambda: (xml().replace("utf-8", "gb18030").encode("gb18030"), {"records": "案件"}),
    "parquet": lambda: (parquet(), {}),
    "fixed width": lambda: (fixed()[0], {"format": "fixed_width", "widths": fixed_columns(fixed()[1])}),
    "fixed width in bytes": lambda: (fixed("gb18030")[0], {
        "format": "fixed_width", "widths": fixed_columns(fixed()[1]), "widths_in": "bytes", "encodings": ("gb18030",)}),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_the_person_leaves_and_every_other_row_stays(erase, name):
    data, form = FORMS[name]()
    found, rows, report = erase(data, **form)
    assert rows == AFTER
    assert found.rows == {"cases": [1]}
    text = says(found.data)
    assert [word for word in WORDS if word in text] == []
    assert [word for word in OTHERS if word not in text] == []
    assert report.torn == () or {torn.code for torn in report.torn} == {"NO_CASE"}


PACKED = {
    "gz": gzip.compress,
    "zst": lambda data: zstandard.ZstdCompressor().compress(data),
    "zip": lambda data: zipped({"cases.csv": data}),
}


def zipped(files):
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return into.getvalue()


@pytest.mark.parametrize("name", ["csv gb18030", "json lines", "xml"])
@pytest.mark.parametrize("packing", PACKED)
def test_a_packed_file_stays_packed(erase, tmp_path, name, packing):
    data, form = FORMS[name]()
    found, rows, _ = erase(PACKED[packing](data), **form)
    assert rows == AFTER
    assert [word for word in WORDS if word in says(found.data)] == []
    (tmp_path / "packed").write_bytes(found.data)
    assert Content(tmp_path / "packed").packing == {"gz": "gzip", "zst": "zstd", "zip": "zip"}[packing]


def test_all_bytes_but_the_persons_cells_stay(erase):
    """By hand: what the lines of a file are afterwards."""
    text = (
        '案号,立案日期,结案日期,结案方式,当事人,备注\r\n'
        '（2016）浙0683民初902号,2016-03-02,,,"李""四","a\r\nb"\r\n'
        "\r\n"
        '"(2016)浙0683民初00901号之一", 2016-03-01,,,"张三丰","住\r\n址, ""x"""\r\n'
        "合计,2,,,,\r\n"
    )  # fmt: skip
    found, _, _ = erase(text.encode("gb18030"), encodings=("gb18030",))
    assert found.data.decode("gb18030") == text.replace(
        '"(2016)浙0683民初00901号之一", 2016-03-01,,,"张三丰","住\r\n址, ""x"""',
        '"(2016)浙0683民初99000001号之一", 2016-03-01,,,"[erased]","[erased]\r\n"',
    )
    assert found.places == ["line 5"]


def test_a_torn_row_of_the_person_says_nothing_any_more_and_is_torn_as_before(erase):
    text = delimited() + "（2016）浙0683民初901号,2016-03-01,张三丰,33068319900101\n（2016）浙0683民初905号,钱七\n"
    found, rows, report = erase(text.encode())
    assert rows == AFTER
    assert [(t.line, t.reason, t.text) for t in report.torn] == [
        (6, "[4] fields where the header has [7]", f"{ALIAS},0000-00-00,某某某,00000000000000"),
        (7, "[2] fields where the header has [7]", "（2016）浙0683民初905号,钱七"),
    ]
    assert found.rows == {"cases": [1, 5]}
    assert not any(word in says(found.data) for word in WORDS)


def test_a_broken_object_of_the_person_is_broken_in_the_same_place(erase):
    lines = [json.dumps(row, ensure_ascii=False) for row in document()["data"]["cases"]]
    broken = '{"案号": "（2016）浙0683民初901号", "当事人": "张三丰", "电话": 13900, oops 张三丰}'
    found, rows, report = erase("\n".join([*lines, broken]).encode())
    assert rows == AFTER
    (torn,) = report.torn
    assert torn.line == 5 and torn.reason.startswith("broken JSON")
    assert not any(word in says(found.data) for word in (*WORDS, "13900"))


def test_a_title_that_names_the_person_stays_a_title(erase):
    found, rows, report = erase(("（2016）浙0683民初901号 张三丰\n" + delimited()).encode())
    assert rows == AFTER and [t.code for t in report.torn] == ["NO_CASE"]
    assert not any(word in says(found.data) for word in WORDS)


def test_a_file_without_the_person_is_left_alone(erase):
    text = ",".join(HEADER) + "\n" + ",".join(LONGER) + "\n"
    assert erase(text.encode())[0] is None


def test_restricted_text_by_which_nothing_is_counted_is_emptied_and_what_is_counted_stays(erase):
    def restricted(columns):
        return columns | {
            "bench_code": columns["bench_code"].model_copy(update={"privacy": "restricted"}),
            "procedure": columns["procedure"].model_copy(update={"privacy": "restricted"}),
        }

    text = "案号,立案日期,结案日期,结案方式,承办庭室,承办人\n（2016）浙0683民初901号,2016-03-01,,,民一庭,J007\n"
    found, _, _ = erase(text.encode(), columns=restricted)
    # bench and judge are dimensions of figures: emptied they would move cases from one cell to another
    assert found.data.decode().splitlines()[1] == f"{ALIAS},2016-03-01,,,民一庭,J007"


def test_a_zip_in_which_the_person_also_stands_in_a_file_that_nobody_reads_is_refused(erase):
    data = zipped({"cases.csv": delimited().encode(), "readme.txt": "张三丰（2016）浙0683民初901号".encode("gb18030")})
    with pytest.raises(FileRefused, match=r"also holds \[readme.txt\], in which the person stands.*Ask the court"):
        erase(data, member=r"cases\.csv")


def test_an_alias_that_does_not_fit_its_field_is_refused(erase):
    widths = [19, 10, 10, 6, 12, 60, 40]
    lines = ["".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) + "\n" for row in ROWS]
    with pytest.raises(FileRefused, match="is longer than its field"):
        erase("".join(lines).encode(), format="fixed_width", widths=fixed_columns(widths))


def test_a_workbook_with_notes_on_its_cells_is_refused(erase):
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into)
    sheet = book.add_worksheet()
    for at, row in enumerate([HEADER, *ROWS]):
        sheet.write_row(at, 0, row)
    sheet.write_comment("E2", "张三丰的电话")
    book.close()
    with pytest.raises(FileRefused, match="copies of cells or notes on them"):
        erase(into.getvalue())


def test_keys_that_are_no_numbers_are_found_whole_alone(catalogue):
    aliases = Aliases((of_key("case", "EV-2016-77", "erased-1", "TX"),), None)
    assert aliases.in_text("see TXEV-2016-77, not EV-2016-771 nor AEV-2016-77") == (
        "see TXerased-1, not EV-2016-771 nor AEV-2016-77"
    )
    assert aliases.in_key(" TXEV-2016-77 ", "case", "TX") == " TXerased-1 "
    short = Aliases((of_key("case", "77", "999999", None),), None)
    assert (short.in_text("on 2016-07-77 77"), short.in_key("77", "case")) == ("on 2016-07-77 77", "999999")
