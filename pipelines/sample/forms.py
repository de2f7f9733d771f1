"""The forms in which files are sent: separated values, one workbook, JSON Lines; the same bytes at every run.

A file is a frame of true rows, and what stands in it instead of some of them (`Edits`). What that is belongs to `dirt`.
"""

import codecs
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO

import numpy as np
import polars as pl

from pipelines.sample.dirt import Edits, fields_at
from pipelines.sample.periods import Period

_ROWS_AT_ONCE = 100_000
_REAL_DATES = ("立案日期",)  # the other dates of the workbook are text
_FIRST_REAL_DATE, _LAST_REAL_DATE = date(1990, 1, 1), date(2100, 1, 1)  # a workbook's older and later days are text
_TITLE = "嵊州市人民法院案件明细表（合成数据 synthetic）"
_ABOUT = (
    "合成数据 synthetic",
    "由程序生成，不对应任何真实案件、当事人或法官。",
    "Made by a program: no row is a real case, party or judge.",
)


def put(path: Path, frame: pl.DataFrame, edits: Edits, period: Period) -> None:
    """Writes the file in the form that its name asks for, under another name first, so that nobody meets half of it."""
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        if path.suffix == ".xlsx":
            _put_workbook(file, frame, edits, period)
        elif path.suffix == ".jsonl":
            _put_json_lines(file, frame, edits)
        else:
            _put_separated(file, frame, edits, period)
    part.replace(path)


def _replaced(body: bytes, lines: dict[int, bytes]) -> bytes:
    """The text with other lines instead of some; a line ends with a line feed and `lines` are counted from 0.

    Bytes, since a file has millions of lines and few of them change: in all our encodings only a line feed has its byte.
    """
    if not lines:
        return body
    ends = np.append(-1, np.flatnonzero(np.frombuffer(body, np.uint8) == ord("\n")))
    parts, kept = [], 0
    for line in sorted(lines):
        parts += [body[kept : ends[line] + 1], lines[line]]
        kept = ends[line + 1] + 1
    return b"".join([*parts, body[kept:]])


def _separated(row: list[str]) -> str:
    """A row of a CSV file; a text with a comma in quotes, so that only too few or too many fields tear a row."""
    return ",".join(f'"{text}"' if "," in text else text for text in row)


def _put_separated(file: IO[bytes], frame: pl.DataFrame, edits: Edits, period: Period) -> None:
    """Comma-separated values in the encoding and with the line ends of the period."""
    newline, encoding = period.newline, period.encoding.removesuffix("-sig")
    if encoding != period.encoding:
        file.write(codecs.BOM_UTF8)
    for start in range(0, max(len(frame), 1), _ROWS_AT_ONCE):
        text = frame.slice(start, _ROWS_AT_ONCE).write_csv(
            include_header=start == 0, line_terminator=newline, float_precision=2
        )
        lines = {
            position - start + (start == 0): "".join(_separated(row) + newline for row in rows).encode(encoding)
            for position, rows in edits.items()
            if start <= position < start + _ROWS_AT_ONCE
        }
        file.write(_replaced(text.encode(encoding), lines))


def _put_json_lines(file: IO[bytes], frame: pl.DataFrame, edits: Edits) -> None:
    """An object a line in UTF-8, its values texts, null where empty."""

    def line(row: list[str]) -> str:
        values = {name: text or None for name, text in zip(frame.columns, row, strict=True)}
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))

    lines = {position: "".join(f"{line(row)}\n" for row in rows).encode() for position, rows in edits.items()}
    file.write(_replaced(frame.cast(pl.String).write_ndjson().encode(), lines))


def _rows(frame: pl.DataFrame, edits: Edits) -> Iterator[list[str]]:
    """Every row of the workbook as texts."""
    for position, row in fields_at(frame, range(len(frame))).items():
        yield from edits.get(position, [row])


def _cell(name: str, kind: pl.DataType, text: str) -> date | float | str:
    """A text as the workbook keeps it: amounts as numbers, some dates as dates, all else and what is neither as text."""
    try:
        if kind == pl.Float64:
            return float(text)
        if name in _REAL_DATES and _FIRST_REAL_DATE <= date.fromisoformat(text) < _LAST_REAL_DATE:
            return date.fromisoformat(text)
    except ValueError:
        pass
    return text


def _put_workbook(file: IO[bytes], frame: pl.DataFrame, edits: Edits, period: Period) -> None:
    """A workbook as court systems print it: title, period, header, rows on one sheet; what it is on the second."""
    import xlsxwriter  # here alone: nothing else needs it

    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": _TITLE, "created": datetime.fromisoformat(period.last)})
    days, money = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "0.00"})
    sheet, about = book.add_worksheet("案件"), book.add_worksheet("说明")
    sheet.merge_range(0, 0, 0, len(frame.columns) - 1, _TITLE, book.add_format({"bold": True, "align": "center"}))
    sheet.write_string(1, 0, f"统计期间：{period.first} 至 {period.last}")
    sheet.write_row(2, 0, frame.columns)
    schema = tuple(frame.schema.items())
    for line, row in enumerate(_rows(frame, edits), 3):
        for column, ((name, kind), text) in enumerate(zip(schema, row, strict=True)):
            value = _cell(name, kind, text) if text else ""
            if isinstance(value, date):
                sheet.write_datetime(line, column, value, days)
            elif isinstance(value, float):
                sheet.write_number(line, column, value, money)
            elif value:
                sheet.write_string(line, column, value)
    about.write_column(0, 0, _ABOUT)
    book.close()
