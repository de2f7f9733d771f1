"""Why a case is in a figure or not: its memberships by the figure's own query, and what of the question each does not meet.

The query of the members says on which days and under which dimensions a case counts; the question says which days and
dimensions the figure takes. A case that is a member at no time is no matter of the metric, and its state says why.
"""

from __future__ import annotations

from typing import Any

from warehouse.audit.case import named_case, plain
from warehouse.audit.explain import knowledge, member_values, members_in, parts_of
from warehouse.catalogue.bundle import Catalogue
from warehouse.reading.figure import Asked, Figure
from warehouse.reading.figures import Reader
from warehouse.refresh.bundles import catalogue_of
from warehouse.store.duck import named_rows
from warehouse.store.place import Place

Row = dict[str, Any]
Pair = tuple[str, str]
NEVER: dict[str, Pair] = {
    "is_void": ("its number was given and withdrawn", "该案号已作废"),
    "is_counted": ("it is no case of the statistics: of a type that is not counted, or gone from the last extract",
                   "不计入统计：该类型不计案件，或末次数据中已消失"),
    "never": ("the metric counts it at no time: see its definition and what it leaves out",
              "该指标在任何时间均不计该案：见定义与排除项"),
}  # fmt: skip
"""Why a case is a member at no time, English and Chinese."""


def why(place: Place, reader: Reader, asked: Asked, name: str) -> Row:
    """Whether a case is counted in a figure, and why not.

    Keys: the figure's own, `case`, `is_counted`, `memberships` (each with `part`, `in_from`, `in_until`, dimensions, and
    `lacks`: what of the question it does not meet, English and Chinese, empty where it is counted), `reasons` (where it is a
    member at no time), `set_aside` (what was ever set aside of it, with place and message).

    Raises:
        Unknown: there is no such case.
    """
    figure, snapshot = reader.answer(asked)[0], reader.snapshot
    with catalogue_of(place, snapshot.refresh.bundle) as catalogue, knowledge(reader, catalogue) as connection:
        case = named_case(connection, catalogue, name)
        found = [
            one
            for reading, part in parts_of(catalogue, asked)
            for one in _memberships(connection, catalogue, reader, reading, figure, case["case_key"], part)
        ]
    aside = snapshot.ask("audit/set_aside_of_case", {"case_key": case["case_key"]})
    return {
        **figure.as_json(), "case": plain(case),
        "is_counted": figure.status == "published" and any(not one["lacks"] for one in found),
        "memberships": found, "reasons": [] if found else [_never(case)], "set_aside": aside,
    }  # fmt: skip


def _memberships(
    connection: Any, catalogue: Catalogue, reader: Reader, asked: Asked, figure: Figure, case_key: str, part: str | None
) -> list[Row]:
    query = members_in(catalogue, asked.metric, "audit/flow_memberships", "audit/stock_memberships")
    values = {**member_values(catalogue, reader, asked, figure), "case_key": case_key}
    rows = named_rows(connection.execute(query.text, query.bind(values)))
    return [
        {**plain(row), "part": part or row["part"],
         "lacks": [*_of_days(row, values, asked.metric.kind == "stock"), *_of_dimensions(row, asked)]}
        for row in rows
    ]  # fmt: skip


def _of_days(row: Row, days: Row, is_stock: bool) -> list[Pair]:
    """What of the days is not met: those of a flow, or the day on which a stock is taken."""
    first, last, day = days["first_day"], days["last_day"], days["day"]
    since, until = row["in_from"], row["in_until"]
    if not is_stock:
        outside = (f"it counts on {since}, outside {first} to {last}", f"计于 {since}，不在 {first} 至 {last} 之内")
        return [] if first <= since <= last else [outside]
    if since > day:
        return [(f"it came in on {since}, after {day}", f"{since} 进入，晚于 {day}")]
    if until is not None and until <= day:
        return [(f"it was out by {until}, not after {day}", f"至 {until} 已离开，不晚于 {day}")]
    return []


def _of_dimensions(row: Row, asked: Asked) -> list[Pair]:
    lacks = [
        (f"its {name} is {row.get(name) or 'none'}, not {wanted}", f"其 {name} 为 {row.get(name) or '空'}，非 {wanted}")
        for name, wanted in asked.where.items()
        if name in row and row[name] != wanted
    ]
    if row["counts_as"] in asked.leaves_out:
        lacks.append((f"the reading leaves out {row['counts_as']}", f"该口径不含 {row['counts_as']}"))
    return lacks


def _never(case: Row) -> Pair:
    if case.get("is_void"):
        return NEVER["is_void"]
    return NEVER["never"] if case.get("is_counted", True) else NEVER["is_counted"]
