"""Mutated files by the thousand: never an error of another kind than a refusal, never a lost row, never a wrong place.

`CASELOAD_FUZZ_RUNS` files are tried (800 by default, `make fuzz` tries 100,000), from `CASELOAD_FUZZ_SEED` on. A file
that fails is kept under `CASELOAD_FUZZ_KEEP`, if that is a folder.
"""

from __future__ import annotations

import csv
import dataclasses
import gzip
import io
import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
import zstandard

from warehouse.catalogue.contract import Contract
from warehouse.intake.read import read_file
from warehouse.intake.refused import FileRefused, Limits
from warehouse.intake.stage import Stager

RUNS = int(os.environ.get("CASELOAD_FUZZ_RUNS", "800"))
SEED = int(os.environ.get("CASELOAD_FUZZ_SEED", "20161031"))
LIMITS = Limits(chunk_bytes=4096, record_bytes=1 << 16, bomb_bytes=1 << 22, unpacked_bytes=1 << 24, columns=500)
HEADERS = ["案号", "立案日期", "结案日期", "金额"]
WIDTHS = [{"header": name, "start": 1 + 12 * at, "width": 12} for at, name in enumerate(HEADERS)]
ROWS = [
    [f"（2016）甲民初{n}号", f"2016-03-{1 + n % 28:02}", f"2016-04-{1 + n % 28:02}" if n % 3 else "", f"{n * 7}.50"]
    for n in range(1, 25)
]
TOKENS = [
    b"\0", b'"', b"'", b",", b";", b"\t", b"|", b"\n", b"\r", b"\r\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff", b"\x80", b"\xd0",
    b"\xe5", b"\xed\xa0\x80", b"=", b"\\", b"<", b"&", b"]]>", b"<!DOCTYPE x>", b"{", b"}", b"[", b"]", b"null", b"1e999",
    b"\\ud800", b"9" * 400, b"," * 600, "合计".encode(), "合计".encode("gb18030"), "　".encode(), b"0000-00-00",
]  # fmt: skip


def text(rows: list[list[str]]) -> str:
    return "\n".join(",".join(row) for row in [HEADERS, *rows]) + "\n"


def quoted(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
        [HEADERS, *([*row[:3], f"a\n{row[3]}"] for row in rows)]
    )
    return out.getvalue()


def workbook(rows: list[list[str]]) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("案件")
    for at, row in enumerate([HEADERS, *rows]):
        sheet.write_row(at, 0, row)
    book.close()
    return buffer.getvalue()


def parquet(rows: list[list[str]]) -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame(rows, schema=HEADERS, orient="row").write_parquet(buffer)
    return buffer.getvalue()


def xml(rows: list[list[str]]) -> bytes:
    cases = ("<案件>" + "".join(f"<{k}>{v}</{k}>" for k, v in zip(HEADERS, row, strict=True)) + "</案件>" for row in rows)
    return ("<?xml version='1.0' encoding='UTF-8'?>\n<全部>\n" + "\n".join(cases) + "\n</全部>\n").encode()


OBJECTS = [dict(zip(HEADERS, row, strict=True)) for row in ROWS]
BASES: dict[str, tuple[bytes, dict[str, Any]]] = {
    "csv": (text(ROWS).encode(), {"format": "csv", "encodings": ["utf-8", "gb18030"]}),
    "csv in gb18030": (text(ROWS).encode("gb18030"), {"format": "csv", "encodings": ["utf-8", "gb18030"]}),
    "csv in utf-16": (text(ROWS).encode("utf-16"), {"encodings": ["utf-16"], "format": "csv"}),
    "csv, quoted": (quoted(ROWS).encode(), {"format": "csv"}),
    "anything": (text(ROWS).encode(), {}),
    "csv.gz": (gzip.compress(text(ROWS).encode(), mtime=0), {}),
    "csv.zst": (zstandard.compress(text(ROWS).encode()), {}),
    "json lines": ("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in OBJECTS).encode(), {"format": "json_lines"}),
    "json": (json.dumps(OBJECTS, indent=1).encode(), {"format": "json"}),
    "xml": (xml(ROWS), {"format": "xml"}),
    "fixed width": ("".join("".join(f"{cell:12}" for cell in row) + "\n" for row in ROWS).encode(), {"format": "fixed_width", "widths": WIDTHS}),
    "xlsx": (workbook(ROWS), {"format": "xlsx"}),
    "parquet": (parquet(ROWS), {"format": "parquet"}),
}  # fmt: skip


def mutated(data: bytes, luck: random.Random) -> bytes:
    """The bytes with one to four things done to them."""
    found = bytearray(data)
    for _ in range(luck.choice([1, 1, 1, 2, 4])):
        at, size = luck.randrange(len(found) + 1), luck.choice([1, 1, 2, 5, 40, 400])
        what = luck.randrange(7)
        if what == 0 and found:
            found[min(at, len(found) - 1)] ^= 1 << luck.randrange(8)
        elif what == 1:
            found[at:at] = luck.choice(TOKENS)
        elif what == 2:
            del found[at : at + size]
        elif what == 3:
            found[at:at] = found[at : at + size]
        elif what == 4:
            del found[at:]
        elif what == 5:
            found[at : at + size] = luck.randbytes(size)
        else:
            lines = found.split(b"\n")
            luck.shuffle(lines)
            found = bytearray(b"\n".join(lines))
    return bytes(found)


@pytest.fixture(scope="module")
def take(catalogue: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes, dict[str, Any]], Any]:
    """Reads and types bytes; what was found and the raw rows, or None where they are refused. Checks what always holds."""
    folder = tmp_path_factory.mktemp("fuzz")
    settings = catalogue.profile.settings.model_copy(update={"case_numbers": "none"})
    profile = dataclasses.replace(catalogue.profile, settings=settings)
    kinds = ["text", "date", "date", "decimal"]
    columns = dict(zip(["case_number", "registered_on", "closed_on", "amount_applied"], (
        {"header": header, "type": kind, "required": header != "金额"} for header, kind in zip(HEADERS, kinds, strict=True)
    ), strict=True))  # fmt: skip

    def judge(data: bytes, form: dict[str, Any]) -> Any:
        contract = Contract.model_validate({
            "source": "cases", "feeds": "cases", "title_zh": "x", "title_en": "x", "kind": "snapshot", "file": form,
            "key": {"column": "case_number"}, "columns": columns,
        })  # fmt: skip
        for path in folder.iterdir():
            path.unlink()
        (folder / "blob").write_bytes(data)
        try:
            found = read_file(folder / "blob", "cases.dat", contract, folder / "raw.parquet", LIMITS)
        except FileRefused as refused:
            assert [path.name for path in folder.iterdir()] == ["blob"]
            assert "\n" not in str(refused) and len(str(refused)) < 8000
            return None
        raw = pl.read_parquet(folder / "raw.parquet")
        records = [*raw["record"], *(torn.record for torn in found.torn)]
        assert len(records) == len(set(records)) == found.rows
        stager = Stager(contract, profile, catalogue.tables["staged.cases"])
        staged = stager.stage(folder / "raw.parquet", folder / "staged.parquet", 1, {}, found)
        aside = {one.record for one in staged.set_aside}
        typed = pl.read_parquet(folder / "staged.parquet")
        assert sorted([*typed["record"], *aside]) == sorted(raw["record"])
        return found, raw

    return judge


def check_lines(found: Any, raw: pl.DataFrame, data: bytes) -> None:
    """By a plain look at the text: every line is accounted for, and each row is what stands on its line."""
    lines = data.decode(found.encoding).removeprefix("\ufeff").split("\n")
    filled = [line for line in lines if line.strip()]
    assert found.rows + 1 == len(filled), "a line was lost, or made up"
    rows = ["".join(line.split()).replace("\ufeff", "").split(",") for line in filled]
    names = next(row for row in rows if all(name in row for name in HEADERS[:3]))
    for row in raw.iter_rows(named=True):
        cells = lines[row["line"] - 1].removesuffix("\r").split(",")
        for name in HEADERS:
            if name in names:
                assert row[name] == cells[names.index(name)], (row, cells)
    for torn in found.torn:
        assert lines[torn.line - 1].removesuffix("\r")[:10_000] == torn.text.removesuffix("\r")


def runs_of(base: str) -> int:
    """How many of all runs are of this kind: a Parquet file takes a process of its own, so they are fewer."""
    shares = {name: 1 if name == "parquet" else 5 for name in BASES}
    return max(1, -(-RUNS * shares[base] // sum(shares.values())))


def test_all_runs_are_run():
    assert sum(runs_of(base) for base in BASES) >= RUNS


@pytest.mark.parametrize("base", BASES)
def test_no_mutation_makes_a_file_lose_a_row_or_end_in_an_error(take, base):
    data, form = BASES[base]
    taken = 0
    for run in range(runs_of(base)):
        luck = random.Random(f"{SEED} {base} {run}")
        changed = mutated(data, luck)
        try:
            result = take(changed, form)
            if result is not None:
                taken += 1
                if (
                    base.startswith("csv")
                    and not {b'"', b"\r"} & {bytes([byte]) for byte in changed}
                    and base in ("csv", "csv in gb18030")
                ):
                    check_lines(*result, changed)
        except BaseException:
            keep = os.environ.get("CASELOAD_FUZZ_KEEP")
            if keep:
                (Path(keep) / f"{base.replace(' ', '_')}_{run}").write_bytes(changed)
            print(f"{base}, run {run}, seed {SEED}")
            raise
    assert base in ("csv.gz", "csv.zst", "xlsx", "parquet", "csv in utf-16") or taken, "all were refused: nothing was tried"
