"""Bad files, by name: what becomes of each. Either a file is refused with the reason, or every row of it is accounted for.

Each goes through reading and typing by one contract: `n` is the key, `day` a date, `amount` a number.
"""

from __future__ import annotations

import bz2
import dataclasses
import gzip
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
import zstandard

from warehouse.catalogue.contract import Contract
from warehouse.intake.quarantine import place_of
from warehouse.intake.read import read_file
from warehouse.intake.refused import FileRefused, Limits
from warehouse.intake.stage import Stager

SMALL = Limits(record_bytes=1 << 20, bomb_bytes=8 << 20, unpacked_bytes=64 << 20)
"""Limits that tests reach quickly; the real ones are larger."""
GOOD = "n,day,amount\n1,2016-03-07,10.00\n2,2016-03-08,20.00\n"


@dataclasses.dataclass
class Verdict:
    """Refused (then nothing else), or the rows accepted and those set aside as (place, code, reason)."""

    refused: str | None
    accepted: list[tuple[Any, ...]]
    aside: list[tuple[str, str, str]]


@pytest.fixture
def verdict(tmp_path: Path, catalogue: Any) -> Callable[..., Verdict]:
    def judge(data: bytes, **form: Any) -> Verdict:
        columns = {
            "case_number": {"header": "n", "required": True},
            "registered_on": {"header": "day", "type": "date", "required": True},
            "amount_applied": {"header": "amount", "type": "decimal"},
        }
        contract = Contract.model_validate({
            "source": "cases", "feeds": "cases", "title_zh": "x", "title_en": "x", "kind": "snapshot", "file": form,
            "key": {"column": "case_number"}, "columns": columns,
        })  # fmt: skip
        profile = dataclasses.replace(
            catalogue.profile, settings=catalogue.profile.settings.model_copy(update={"case_numbers": "none"})
        )
        (tmp_path / "blob").write_bytes(data)
        try:
            found = read_file(tmp_path / "blob", "cases.dat", contract, tmp_path / "raw.parquet", SMALL)
        except FileRefused as refused:
            assert sorted(path.name for path in tmp_path.iterdir()) == ["blob"]  # nothing is left behind
            assert "\n" not in str(refused) and str(refused).startswith("cases.dat") and str(refused).endswith(".")
            return Verdict(str(refused), [], [])
        stager = Stager(contract, profile, catalogue.tables["staged.cases"])
        staged = stager.stage(tmp_path / "raw.parquet", tmp_path / "staged.parquet", 1, {}, found)
        rows = pl.read_parquet(tmp_path / "staged.parquet").sort("record")
        kept = rows.filter(~pl.col("is_duplicate")).select(
            "case_number", pl.col("registered_on").cast(pl.String), "amount_applied"
        )
        aside = [(t.record, t.line, t.code, t.reason) for t in found.torn]
        aside += [(s.record, s.line, s.reason_code, s.message) for s in staged.set_aside]
        records = {record for record, *_ in aside}
        assert found.rows == kept.height + staged.duplicates + len(records), "a row was lost, or counted twice"
        return Verdict(None, [(n, day, None if a is None else str(a)) for n, day, a in kept.rows()],
                       [(place_of(found.places, line, record), code, why) for record, line, code, why in sorted(aside)])  # fmt: skip

    return judge


def zipped(**entries: bytes | str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def locked_zip() -> bytes:
    """A ZIP archive whose entry says that it is encrypted."""
    data = bytearray(zipped(**{"cases.csv": GOOD}))
    data[6] |= 1  # general purpose bit 0 of the local header
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        info = tarfile.TarInfo("cases.csv")
        info.size = len(GOOD)
        archive.addfile(info, io.BytesIO(GOOD.encode()))
    return buffer.getvalue()


def workbook(*rows: list[Any], **sheets: list[list[Any]]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    for name, table in ({"Sheet1": list(rows)} | sheets).items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(table):
            sheet.write_row(at, 0, row)
    book.close()
    return buffer.getvalue()


HEAD = ["n", "day", "amount"]
UTF16_LONE = "n,day,amount\n".encode("utf-16") + b"\x00\xd8" + ",2016-03-07,1\n".encode("utf-16-le")
BILLION = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>'
    "<cases><case><n>&lol2;</n><day>2016-03-07</day></case></cases>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    "<cases><case><n>&x;</n><day>2016-03-07</day></case></cases>"
)
OLE_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 1000

REFUSED: dict[str, tuple[bytes | Callable[[], bytes], dict[str, Any], list[str]]] = {
    "an empty file": (b"", {}, ["line 1", "the file is empty", "Export it again"]),
    "blank lines only": (b"\n\n  \n", {}, ["line 1", "only blank lines"]),
    "a byte order mark and nothing else": ("\ufeff".encode(), {}, ["line 1", "only blank lines"]),
    "random bytes": (bytes(range(256)) * 20, {}, ["line "]),
    "an image": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", {}, ["line "]),
    "a PDF": (b"%PDF-1.7\n1 0 obj\n", {}, ["a PDF document"]),
    "an SQLite database": (b"SQLite format 3\0" + b"\0" * 100, {}, ["an SQLite database"]),
    "a RAR archive": (b"Rar!\x1a\x07\x01\0" + b"x" * 50, {}, ["a RAR archive"]),
    "a 7-Zip archive": (b"7z\xbc\xaf\x27\x1c" + b"x" * 50, {}, ["a 7-Zip archive"]),
    "an XZ archive": (lzma.compress(GOOD.encode()), {}, ["an XZ archive"]),
    "a bzip2 archive": (bz2.compress(GOOD.encode()), {}, ["line "]),
    "a tar archive": (tar, {}, ["NUL"]),
    "a cut-off gzip": (gzip.compress(GOOD.encode() * 50)[:-20], {}, ["the gzip archive ends too early", "cut off"]),
    "a broken gzip": (gzip.compress(GOOD.encode())[:12] + b"\xff\xfe\xfd" + gzip.compress(GOOD.encode())[15:], {}, ["the gzip archive"]),
    "a cut-off Zstandard archive": (zstandard.compress(GOOD.encode() * 500)[:-10], {}, ["the Zstandard archive ends too early"]),
    "a gzip inside a gzip": (gzip.compress(gzip.compress(GOOD.encode())), {}, ["a gzip archive inside an archive"]),
    "a gzip bomb": (lambda: gzip.compress(b"n,day,amount\n" + b"1,2016-03-07,1\n" * 4_000_000), {}, ["is too large", "300"]),
    "a ZIP bomb": (lambda: zipped(**{"cases.csv": b"n,day\n" + b"1,2016-03-07\n" * 3_000_000}), {}, ["is too large"]),
    "carriage returns, then line feeds": (lambda: b"n,day,amount\r" + b"1,2016-03-07,1\r" * 500 + b"2,2016-03-08,2\n3,2016-03-09,3\n", {}, ["line 502", "Which of them ends a row"]),
    "a header whose line end is lost": (b"n,day,amount1,2016-03-07,1\n2,2016-03-08,2\n3,2016-03-09,3\n", {}, []),
    "no row that fits the header": (b"n,day,amount\n1,2016-03-07,1,2\n2,2016-03-08,2,3\n", {}, ["line 1", "none of its 2 rows fits the header"]),
    "a ZIP that says it is huge": (lambda: zipped(**{"cases.csv": b"\n" * (65 << 20)}), {}, ["is too large"]),
    "a ZIP whose path leads out": (lambda: zipped(**{"../../cases.csv": GOOD}), {}, ["[../../cases.csv]", "leads out"]),
    "a ZIP with an absolute path": (lambda: zipped(**{"/etc/cases.csv": GOOD}), {}, ["leads out"]),
    "a ZIP with a Windows path": (lambda: zipped(**{"C:\\cases.csv": GOOD}), {}, ["leads out"]),
    "a ZIP of two files": (lambda: zipped(**{"a.csv": GOOD, "b.csv": GOOD}), {}, ["2 files to read", "[a.csv] [b.csv]", "`member`"]),
    "an empty ZIP": (zipped, {}, ["0 files to read"]),
    "a ZIP without the member": (lambda: zipped(**{"a.csv": GOOD}), {"member": "cases.*"}, ["0 files to read", "[a.csv]"]),
    "a ZIP with a password": (locked_zip, {}, ["locked with a password"]),
    "a cut-off ZIP": (lambda: zipped(**{"a.csv": GOOD * 50})[:-30], {}, ["the ZIP archive or XLSX workbook is broken"]),
    "another header": (b"n,date,amount\n1,2016-03-07,1\n", {}, ["line 1", "lacks [day]", "names [n] [date] [amount]", "not in the contract: [date]"]),
    "no header": (b"1,2016-03-07,1\n2,2016-03-08,1\n", {}, ["line 1", "lacks [n] [day]"]),
    "a header named twice": (b"n,day,n\n1,2016-03-07,2\n", {}, ["line 1", "names [n] more than once"]),
    "another separator than the contract's": (b"n;day;amount\n1;2016-03-07;1\n", {"separator": ","}, ["lacks [n] [day]", "could be [;]"]),
    "data above the header": (b"1,2016-03-07,1\nn,day,amount\n2,2016-03-07,1\n", {}, ["line 1", "looks like a row of data"]),
    "10,001 columns": (",".join(f"c{n}" for n in range(10_001)).encode(), {}, ["[10001] columns"]),
    "a quote never closed": (b'n,day,amount\n1,"2016-03-07,1\n2,2016-03-08,1\n', {}, ["line 2", "never closed"]),
    "a field of 100 MB": (lambda: b"n,day,amount\n1,2016-03-07," + b"9" * 100_000_000, {}, ["longer than [1048576] bytes"]),
    "NUL bytes in text": (b"n,day,amount\n1\0,2016-03-07,1\n", {}, ["line 2", "NUL"]),
    "UTF-16 without a mark": ("n,day,amount\n1,2016-03-07,1\n".encode("utf-16-le"), {"encodings": ["utf-8"]}, ["NUL", "UTF-16"]),
    "half a character in UTF-16": (UTF16_LONE, {}, ["utf-16"]),
    "half a character in UTF-8": (b"n,day,amount\n\xed\xa0\x80,2016-03-07,1\n", {"encodings": ["utf-8"]}, ["line 2", "utf-8 fails at byte offset [13]"]),
    "encodings mixed in one file": ("n,day,amount\n甲,2016-03-07,1\n".encode() + "乙,2016-03-07,1\n".encode("gb18030"), {"encodings": ["utf-8", "gb18030"]}, ["line 3", "not in any of the encodings"]),
    "Latin letters in no declared encoding": ("n,day,amount\né,2016-03-07,1\n".encode("latin-1"), {"encodings": ["utf-8"]}, ["line 2", "not in any"]),
    "UTF-8 delivered where Latin-1 is declared": ("n,day,amount\né,2016-03-07,1\n".encode(), {"encodings": ["latin-1"]}, ["can be read as [iso8859-1] and as [utf-8]"]),
    "UTF-8 delivered where GB18030 is declared": ("n,day,amount\n院内,2016-03-07,1\n".encode(), {"encodings": ["gb18030"]}, ["fails at byte offset [13], line [2]", "a line in UTF-8"]),
    "GB18030 so short that it may be UTF-8": ("n,day,amount\n院,2016-03-07,1\n".encode("gb18030"), {"encodings": ["utf-8", "gb18030"]}, ["as [utf-8] and as [gb18030]"]),
    "Big5 or GB18030, and no header tells": ("n,day,amount\n法院,2016-03-07,1\n".encode("big5"), {"encodings": ["gb18030", "big5"]}, ["as [gb18030] and as [big5]"]),
    "an encoding that nothing proves": ("n,day,amount\né,2016-03-07,1\n".encode("cp1252"), {}, ["its encoding cannot be told"]),
    "XML where delimited text is declared": (b"<cases><case><n>1</n></case></cases>", {"format": "csv"}, ["lacks [n] [day]"]),
    "a workbook where delimited text is declared": (lambda: workbook(HEAD, ["1", "2016-03-07", 1]), {"format": "csv"}, ["it is an XLSX workbook", "expects delimited text"]),
    "Parquet where JSON lines are declared": (b"PAR1xxxxPAR1", {"format": "json_lines"}, ["a Parquet file"]),
    "a workbook with a password": (OLE_LOCKED, {}, ["password"]),
    "an old document that is no workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 3000, {}, []),
    "a workbook with two sheets that fit": (lambda: workbook(HEAD, ["1", "2016-03-07", 1], other=[HEAD, ["2", "2016-03-07", 1]]), {}, ["sheet", "Sheet1", "other"]),
    "a workbook without the sheet": (lambda: workbook(HEAD, ["1", "2016-03-07", 1]), {"sheet": "案件"}, ["案件", "Sheet1"]),
    "a workbook with another header": (lambda: workbook(["n", "date"], ["1", "2016-03-07"]), {}, ["lacks [day]"]),
    "an empty workbook": (workbook, {}, []),
    "a cut-off workbook": (lambda: workbook(HEAD, ["1", "2016-03-07", 1])[:-200], {}, ["broken"]),
    "a broken Parquet file": (b"PAR1" + b"\x15\x04" * 100 + b"PAR1", {}, []),
    "JSON cut off": (b'[{"n": "1", "day": "2016-03-07"}, {"n": "2", "da', {}, []),
    "JSON with another header": (b'{"n": "1", "date": "2016-03-07"}\n', {}, ["lack [day]"]),
    "JSON without an array": (b'{\n "n": 1,\n "day": {"x": 1}\n}', {"format": "json"}, []),
    "XML with an entity bomb": (BILLION.encode(), {}, ["DOCTYPE"]),
    "XML with an outside entity": (OUTSIDE.encode(), {}, ["DOCTYPE"]),
    "XML cut off": (b"<cases><case><n>1</n><day>2016-03-07</day></case><case><n>2", {}, []),
    "XML that is not well-formed": (b"<cases><case><n>1</day></n></case></cases>", {}, []),
}  # fmt: skip
"""Name → bytes, what the contract says of its files, and words that the refusal holds."""

Row = tuple[Any, ...]
TAKEN: dict[str, tuple[bytes | Callable[[], bytes], dict[str, Any], list[Row], list[tuple[str, str, str]]]] = {
    "a header alone": (b"n,day,amount\n", {}, [], []),
    "no line feed at the end": (GOOD.rstrip().encode(), {}, [("1", "2016-03-07", "10.00"), ("2", "2016-03-08", "20.00")], []),
    "lines ended by a carriage return": (GOOD.replace("\n", "\r").encode(), {}, [("1", "2016-03-07", "10.00"), ("2", "2016-03-08", "20.00")], []),
    "lines ended by carriage return and line feed": (GOOD.replace("\n", "\r\n").encode(), {}, [("1", "2016-03-07", "10.00"), ("2", "2016-03-08", "20.00")], []),
    "5,000 columns": (lambda: ("n,day," + ",".join(f"c{n}" for n in range(4998)) + "\n1,2016-03-07," + ",".join("x" * 4998) + "\n").encode(), {}, [("1", "2016-03-07", None)], []),
    "titles above, a total below": ("某某法院案件表\n统计期间,2016\n\nn,day,amount\n1,2016-03-07,10\n合计,,10\n".encode(), {}, [("1", "2016-03-07", "10.00")],
        [("line 1", "NO_CASE", "title"), ("line 2", "NO_CASE", "title"), ("line 6", "NO_CASE", "a total")]),
    "a header again at each page": (b"n,day,amount\n1,2016-03-07,10\nn,day,amount\n2,2016-03-08,\n", {}, [("1", "2016-03-07", "10.00"), ("2", "2016-03-08", None)], [("line 3", "NO_CASE", "the header again")]),
    "rows of separators": (b"n,day,amount\n,,\n1,2016-03-07,10\n,,\n", {}, [("1", "2016-03-07", "10.00")], [("line 2", "NO_CASE", "a blank row"), ("line 4", "NO_CASE", "a blank row")]),
    "a case whose key begins like a total": ("n,day,amount\n合计-1,2016-03-07,10\n".encode(), {}, [("合计-1", "2016-03-07", "10.00")], []),
    "a torn row among good ones": (b"n,day,amount\n1,2016-03-07,1,234\n2,2016-03-08,20\n3,2016-03-09\n", {}, [("2", "2016-03-08", "20.00")],
        [("line 2", "TORN", "[4] fields where the header has [3]"), ("line 4", "TORN", "[2] fields")]),
    "a line break without quotes in the last field": (b"n,day,amount\n1,2016-03-07,1\n2,2016-03-08,2\nand more\n3,2016-03-09,3\n", {}, [("1", "2016-03-07", "1.00"), ("3", "2016-03-09", "3.00")],
        [("line 3", "TORN", "may go on there"), ("line 4", "TORN", "[1] fields")]),
    "the same beside quotes": (b'n,day,amount\n"1",2016-03-07,1\n2,2016-03-08,2\nand more\n3,2016-03-09,3\n', {}, [("1", "2016-03-07", "1.00"), ("3", "2016-03-09", "3.00")],
        [("line 3", "TORN", "may go on there"), ("line 4", "TORN", "[1] fields")]),
    "a character after the closing quote": (b'n,day,amount\n"1"x,2016-03-07,1\n2,2016-03-08,20\n', {}, [("2", "2016-03-08", "20.00")], [("line 2", "TORN", "after the closing quote")]),
    "a line break inside quotes": (b'n,day,amount\n"1\n1",2016-03-07,1\n2,0000-00-00,2\n', {}, [("1\n1", "2016-03-07", "1.00")], [("line 4", "TYPE", "[0000-00-00] is no date")]),
    "days that never were": (b"n,day,amount\n1,0000-00-00,\n2,1900-01-00,\n3,2016-02-30,\n4,20166-03-07,\n5,2016-13-01,\n6,2016-03-07,1\n", {}, [("6", "2016-03-07", "1.00")],
        [(f"line {n}", "TYPE", "is no date") for n in range(2, 7)]),
    "numbers that are none": (b"n,day,amount\n1,2016-03-07,12 yuan\n2,2016-03-07,1e5\n3,2016-03-07,NaN\n4,2016-03-07,\"1,5\"\n5,2016-03-07,5\n", {}, [("5", "2016-03-07", "5.00")],
        [(f"line {n}", "TYPE", "is no amount") for n in range(2, 6)]),
    "characters that nobody sees, at an end and within": ("n,day,amount\n\u200b1\ufeff,2016-03-07,1\n2\u200b2,2016-03-08,2\n3,2016-03-09,3\n".encode(), {"encodings": ["utf-8"]},
        [("1", "2016-03-07", "1.00"), ("3", "2016-03-09", "3.00")], [("line 3", "TYPE", "nobody sees")]),
    "a character that an earlier reader gave up": ("n,day,amount\n\ufffd1,2016-03-07,1\n3,2016-03-09,3\n".encode(), {"encodings": ["utf-8"]}, [("3", "2016-03-09", "3.00")], [("line 2", "TYPE", "lost one")]),
    "a formula in a text file": (b"n,day,amount\n\"=cmd|'/C calc'!A0\",2016-03-07,1\n", {}, [("=cmd|'/C calc'!A0", "2016-03-07", "1.00")], []),
    "a file cut off within its last field, where the contract says that each line ends": (b"n,day,amount\n1,2016-03-07,1\n2,2016-03-08,2", {"closed": True}, [("1", "2016-03-07", "1.00")], [("line 3", "TORN", "cut off")]),
    "a fixed-width file cut off": (b"12016-03-0710.00\n22016-03-0820", {"closed": True, "format": "fixed_width", "widths": [{"header": "n", "start": 1, "width": 1}, {"header": "day", "start": 2, "width": 10}, {"header": "amount", "start": 12, "width": 5}]},
        [("1", "2016-03-07", "10.00")], [("line 2", "TORN", "cut off")]),
    "a spreadsheet's sign for text": (b'n,day,amount\n="007",2016-03-07,1\n', {}, [("007", "2016-03-07", "1.00")], []),
    "the same row twice": (b"n,day,amount\n1,2016-03-07,1\n1,2016-03-07,1\n", {}, [("1", "2016-03-07", "1.00")], []),
    "semicolons that the contract does not mention": (b"n;day;amount\n1;2016-03-07;1\n", {}, [("1", "2016-03-07", "1.00")], []),
    "a tab-separated file in UTF-16": ("n\tday\tamount\n甲\t2016-03-07\t1\n".encode("utf-16"), {}, [("甲", "2016-03-07", "1.00")], []),
    "a ZIP with rubbish of a Mac beside the file": (lambda: zipped(**{"cases.csv": GOOD, "__MACOSX/._cases.csv": b"\0", ".DS_Store": b"\0"}), {}, [("1", "2016-03-07", "10.00"), ("2", "2016-03-08", "20.00")], []),
    "JSON lines with one broken line": (b'{"n": "1", "day": "2016-03-07"}\n{"n": "2", "day\n{"n": "3", "day": "2016-03-09", "amount": 5}\n', {}, [("1", "2016-03-07", None), ("3", "2016-03-09", "5.00")], [("line 2", "TORN", "")]),
    "JSON lines with half a character": (b'{"n": "\\ud800", "day": "2016-03-07"}\n{"n": "2", "day": "2016-03-08"}\n', {}, [("2", "2016-03-08", None)], [("line 1", "TORN", "half")]),
    "JSON lines with a name twice": (b'{"n": "1", "n": "2", "day": "2016-03-07"}\n{"n": "2", "day": "2016-03-08"}\n', {}, [("2", "2016-03-08", None)], [("line 1", "TORN", "")]),
    "JSON lines without a required field": (b'{"n": "1", "day": "2016-03-07"}\n{"n": "2"}\n', {}, [("1", "2016-03-07", None)], [("line 2", "TORN", "no field [day]")]),
    "a formula without a value in a workbook": (lambda: formula_without_value(), {}, [("2", "2016-03-08", "2.00")], [("Sheet1!A2", "TORN", "formula")]),
    "an error in a workbook": (lambda: workbook_with_error(), {}, [("2", "2016-03-08", "2.00")], [("Sheet1!A2", "TORN", "#N/A")]),
    "a number of 18 digits in a workbook": (lambda: workbook(HEAD, [123456789012345678, "2016-03-07", 1], ["2", "2016-03-08", 2]), {}, [("2", "2016-03-08", "2.00")], [("Sheet1!A2", "TORN", "")]),
}  # fmt: skip
"""Name → bytes, what the contract says, the rows accepted, and those set aside (place, code, words of the reason)."""


def formula_without_value() -> bytes:
    return by_program("=1+1")


def workbook_with_error() -> bytes:
    return by_program("#N/A")


def by_program(value: str) -> bytes:
    """A workbook whose C2 holds a formula without a stored value, or an error; written by no spreadsheet."""
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "Sheet1"
    for row in (HEAD, ["1", "2016-03-07", value], ["2", "2016-03-08", 2]):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def made(data: bytes | Callable[[], bytes]) -> bytes:
    return data if isinstance(data, bytes) else data()


def test_there_are_at_least_sixty_of_them():
    assert len(REFUSED) + len(TAKEN) >= 60


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_believed_is_refused_with_its_reason(verdict, name):
    data, form, words = REFUSED[name]
    found = verdict(made(data), **form)
    assert found.refused is not None, found
    assert all(word in found.refused for word in words), found.refused


@pytest.mark.parametrize("name", TAKEN)
def test_every_row_of_a_bad_file_is_right_or_set_aside_with_its_place(verdict, name):
    data, form, accepted, aside = TAKEN[name]
    found = verdict(made(data), **form)
    assert found.refused is None, found.refused
    assert found.accepted == accepted
    assert [(place, code) for place, code, _ in found.aside] == [(place, code) for place, code, _ in aside]
    assert all(words in said for (_, _, said), (_, _, words) in zip(found.aside, aside, strict=True)), found.aside


def test_a_table_of_the_same_rows_is_the_same_in_every_form(verdict):
    rows = [("1", "2016-03-07", "10.00"), ("2", "2016-03-08", "20.00")]
    objects = [dict(zip(HEAD, row, strict=True)) for row in rows]
    parquet = io.BytesIO()
    pl.DataFrame(objects).write_parquet(parquet)
    xml = "".join("<case>" + "".join(f"<{k}>{v}</{k}>" for k, v in one.items()) + "</case>" for one in objects)
    forms: dict[str, tuple[bytes, dict[str, Any]]] = {
        "csv": (GOOD.encode(), {}), "tsv": (GOOD.replace(",", "\t").encode(), {}), "pipes": (GOOD.replace(",", "|").encode(), {}),
        "xlsx": (workbook(HEAD, *map(list, rows)), {}), "jsonl": ("\n".join(map(json.dumps, objects)).encode(), {}),
        "json": (json.dumps(objects).encode(), {}), "nested json": (json.dumps({"data": {"cases": objects}}).encode(), {"records": "data/cases"}),
        "parquet": (parquet.getvalue(), {}), "xml": (f"<cases>{xml}</cases>".encode(), {}),
        "fixed": (b"12016-03-0710.00\n22016-03-0820.00\n", {"format": "fixed_width", "widths": [
            {"header": "n", "start": 1, "width": 1}, {"header": "day", "start": 2, "width": 10}, {"header": "amount", "start": 12, "width": 5}]}),
    }  # fmt: skip
    for name, (data, form) in forms.items():
        for pack in (bytes, gzip.compress, zstandard.compress, lambda plain: zipped(one=plain)):
            found = verdict(pack(data), **form)
            assert (found.refused, found.accepted, found.aside) == (None, rows, []), (name, found)
