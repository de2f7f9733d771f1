"""What auditors asked, as people read it: the library and its lists, answers to statements, stored originals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.reports.tables import new_workbook
from pipelines.reports.words import SYNTHETIC, columns, say
from warehouse.audit.library import Listed
from warehouse.catalogue.audit_query import AuditQuery
from warehouse.catalogue.table import Table
from warehouse.intake.access import question_address
from warehouse.intake.ledger import Event
from warehouse.reading.snapshot import Refresh
from warehouse.store.sandbox import SCHEMA, Answer

EXCEL_ROWS = 1_048_575
"""Rows below the header that a sheet can hold."""


def library_lines(library: Sequence[AuditQuery], lang: str) -> list[str]:
    """Each query with what it asks and what may be set."""
    lines = []
    for one in library:
        lines += [f"{one.id}: {_name(one, lang)}", f"  {one.asks(lang)}"]
        for name, parameter in one.parameters.items():
            default = "" if parameter.default in (None, "") else f" = {parameter.default}"
            meaning = parameter.meaning_zh if lang == "zh" else parameter.meaning_en
            lines.append(f"  --param {name}{default}: {meaning}")
    return lines


def listed_lines(found: Listed, lang: str, most: int) -> list[str]:
    """The heading, the first `most` rows, and how many there are."""
    labels = [label.zh if lang == "zh" else label.en for label in found.query.columns.values()]
    head = f"{_name(found.query, lang)} · {found.refresh_id}" + _asked(found.values)
    table = [labels, *([_text(value) for value in row] for row in found.rows[:most])]
    count = say((f"{len(found.rows):,} rows", f"共 {len(found.rows):,} 行"), lang)
    more = say((f", {most} shown (--rows)", f"，显示 {most} 行（--rows）"), lang) if len(found.rows) > most else ""
    return [head, *columns(table, numbers_in(found.rows, len(labels))), count + more]


def write_listed(found: Listed, refresh: Refresh, lang: str, target: Path) -> None:
    """The rows as a workbook, never cut: a sheet of rows, and one that says what was asked, of which publication.

    Raises:
        ValueError: there are more rows than a sheet can hold.
    """
    if len(found.rows) > EXCEL_ROWS:
        raise ValueError(f"{len(found.rows):,} rows are more than a sheet can hold. Narrow the question with --param")
    book = new_workbook(target)
    sheet = book.add_worksheet("synthetic" if refresh.is_synthetic else say(("cases", "清单"), lang))
    bold = book.add_format({"bold": True, "text_wrap": True})
    labels = [label.zh if lang == "zh" else label.en for label in found.query.columns.values()]
    sheet.write_row(0, 0, labels, bold)
    for number, row in enumerate(found.rows, 1):
        sheet.write_row(number, 0, [value if isinstance(value, int) else _text(value) for value in row])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(found.rows), max(len(labels) - 1, 0))
    about = book.add_worksheet(say(("about", "说明"), lang))
    asks = found.query.asks(lang, found.values)
    told = [("query", "清单", f"{found.query.id}: {_name(found.query, lang)}"), ("asks", "内容", asks),
            ("asked with", "参数", _asked(found.values).removeprefix(" · ")), ("publication", "发布", refresh.id),
            ("ledger head", "账本头", refresh.head), ("rows", "行数", len(found.rows))]  # fmt: skip
    for number, (english, chinese, value) in enumerate(told):
        about.write_row(number, 0, [say((english, chinese), lang), value])
    if refresh.is_synthetic:
        about.write(len(told), 0, say(SYNTHETIC, lang))
    book.close()


def answer_lines(found: Answer) -> list[str]:
    """The answer to a statement, in columns."""
    table = [list(found.columns), *([_text(value) for value in row] for row in found.rows)]
    return columns(table, numbers_in(found.rows, len(found.columns)))


def published_lines(tables: Mapping[str, Table], lang: str) -> list[str]:
    """The tables that can be asked, with their grain and columns."""
    lines = [say((f"tables of `{SCHEMA}`", f"`{SCHEMA}` 中的表"), lang)]
    for name, table in sorted(tables.items()):
        if name.startswith(f"{SCHEMA}."):
            lines += ["", f"{name}: {table.row(lang)}"]
            lines += columns(
                [[f"  {key}", column.type, column.means(lang)] for key, column in table.columns.items()], frozenset()
            )
    return lines


def questions_lines(asked: Sequence[Event]) -> list[str]:
    """The statements that were asked, each with its address."""
    lines = []
    for one in asked:
        title = f"{one['title']}: " if one.get("title") else ""
        lines.append(f"{question_address(one)} {one['at']} {one['who']}: {title}{' '.join(one['what'].split())}")
    return lines or ["nothing was asked yet"]


def original_lines(rows: Sequence[Mapping[str, Any]], lang: str) -> list[str]:
    """The stored originals, in the order in which they came."""
    named = (("sha256", "sha256"), ("event", "事件"), ("source", "来源"), ("file", "文件"), ("at", "时间"))
    heads = [say(pair, lang) for pair in named]
    table = [heads, *([_text(row[key]) for key in ("sha256", "event", "source", "file", "at")] for row in rows)]
    return columns(table, frozenset())


def _name(query: AuditQuery, lang: str) -> str:
    return query.name_zh if lang == "zh" else query.name_en


def _asked(values: Mapping[str, Any]) -> str:
    return "".join(f" · {name}={value}" for name, value in values.items())


def _text(value: Any) -> str:
    return "–" if value is None else f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def numbers_in(rows: Sequence[Sequence[Any]], width: int) -> frozenset[int]:
    """The columns that hold numbers, which stand at the right."""
    first = rows[0] if rows else ()
    return frozenset(at for at in range(width) if at < len(first) and isinstance(first[at], int | float))
