"""One case told: what was delivered of it, what people corrected, its application, its clocks, what enforcement brought.

As known at a refresh. Belongs here: putting the rows together. Does not belong here: how a clock is said (clock_words).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl

from warehouse.audit.clock_words import sentences
from warehouse.audit.explain import knowledge
from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.documents import nearest
from warehouse.catalogue.law import law_zh
from warehouse.catalogue.query import HOUSE, read_query
from warehouse.intake.case_number import take_apart
from warehouse.intake.stage import numbering_of
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import Unknown
from warehouse.refresh.bundles import catalogue_of
from warehouse.store.duck import named_rows
from warehouse.store.place import Place

Row = dict[str, Any]
TOLD = ("delivery_no", "extract_on", "file", "sha256", "line", "record", "known_from", "presence")
"""Of a version: what says where it comes from. The rest is what it says of the case."""


def tell_case(place: Place, reader: Reader, name: str) -> Row:
    """A case by its key or number, with all that was known of it at the reader's refresh.

    Keys: `case`, `versions` (each with what it changed), `corrections`, `applications`, `clock_events`, `results`, `clocks`
    (each with `sentence_zh` and `sentence_en`), `refresh_id`, `head`, `is_synthetic`. Dates are ISO 8601, amounts yuan.

    Raises:
        Unknown: there is no such case.
    """
    refresh = reader.snapshot.refresh
    with catalogue_of(place, refresh.bundle) as catalogue, knowledge(reader, catalogue) as connection:
        case = named_case(connection, catalogue, name)
        key = {"case_key": case["case_key"], "refresh_no": refresh.number}
        events = _ask(connection, "clock_events_of", key)
        names = {row["code"]: (row["name_zh"], row["name_en"]) for row in catalogue.profile.code_rows("clock_reasons")}
        clocks = _ask(connection, "clocks_of", key)
        chinese = law_zh(catalogue.profile.code_rows("statutory_limits"))
        for clock in clocks:
            told = clock | {"article_zh": chinese.get(clock["article"] or "")}
            clock["sentence_zh"], clock["sentence_en"] = sentences(told, events, names, refresh.counting_day)
        found = {
            "case": case,
            "versions": _changes(_ask(connection, "versions_of", key)),
            "corrections": _ask(connection, "corrections_of", {"keys": [case["case_key"]], "refresh_no": refresh.number}),
            "applications": _ask(connection, "applications_of", key),
            "clock_events": events,
            "clocks": clocks,
            "results": _ask(connection, "results_of", key),
            "refresh_id": refresh.id,
            "head": refresh.head,
            "is_synthetic": refresh.is_synthetic,
        }
    answer: Row = plain(found)
    return answer


def named_case(connection: Any, catalogue: Catalogue, name: str) -> Row:
    """The case that is called so: by its key, by its number as delivered, or by its number written in another way.

    Raises:
        Unknown: there is none, or there are several.
    """
    wanted = [name]
    if catalogue.profile.settings.case_numbers == "chinese":
        wanted += [key for key in take_apart(pl.Series([name]), numbering_of(catalogue.profile))["case_key"].to_list() if key]
    for one in wanted:
        found = _ask(connection, "cases_named", {"wanted": one})
        if len(found) > 1:
            keys = ", ".join(row["case_key"] for row in found)
            raise Unknown(f"[{name}] is the number of several cases: {keys}. Name one of these keys")
        if found:
            return found[0]
    near = [key for (key,) in connection.execute("select case_key from model.cases order by case_key limit 20000").fetchall()]
    raise Unknown(f"there is no case [{name}]. {nearest(name, near)}")


def _changes(versions: list[Row]) -> list[Row]:
    """Each version with what it says otherwise than the one before it by extract date."""
    told: list[Row] = []
    before: Row = {}
    for version in versions:
        says = {column: value for column, value in version.items() if column not in TOLD}
        is_there = version["presence"] != "absent"
        changed = {column: {"from": before.get(column), "to": value} for column, value in says.items()
                   if is_there and value != before.get(column)}  # fmt: skip
        told.append({column: version[column] for column in TOLD} | {"changed": changed})
        before = says if is_there else before
    return told


def _ask(connection: Any, name: str, values: Row) -> list[Row]:
    query = read_query(HOUSE / "sql", f"audit/{name}")
    return named_rows(connection.execute(query.text, query.bind(values)))


def plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, Decimal):
        return float(value)
    return str(value) if isinstance(value, date | datetime) else value
