"""The lists of the law on limits against each other: a proceeding and its limits, circumstances, one row for one question.

Belongs here: what no single row shows. Does not belong here: what a column holds (lists), or what a limit does (sql/model/).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

from warehouse.catalogue.documents import DefinitionError, nearest
from warehouse.catalogue.lists import read_rows

Row = dict[str, str]
QUESTION = ("counts_as", "type_code", "procedure", "is_private_prosecution", "circumstance")
"""What tells the proceeding of a case."""


def check_law(codes: Mapping[str, Path]) -> None:
    """The lists on limits of a profile, by name; each has passed `lists` on its own, and may be missing.

    Raises:
        DefinitionError: with file, line and mend.
    """
    rows = {name: read_rows(path) for name, path in codes.items()}
    circumstances = {r["code"] for r in rows.get("clock_reasons", []) if "circumstance" in r["kinds"].split("|")}
    proceedings, limits = rows.get("proceedings", []), rows.get("statutory_limits", [])
    _known("statutory_limits", limits, "hard_when", circumstances, "no circumstance of codes/clock_reasons.csv")
    _known("proceedings", proceedings, "circumstance", circumstances, "no circumstance of codes/clock_reasons.csv")
    types, registration = rows.get("case_types", []), rows.get("registration_limits", [])
    counted = {r["counts_as_code"] for r in types}
    _known("proceedings", proceedings, "counts_as", counted, "no counts_as_code of codes/case_types.csv")
    for name, listed in (("proceedings", proceedings), ("registration_limits", registration)):
        _known(name, listed, "type_code", {r["code"] for r in types}, "no code of codes/case_types.csv")
    populations = {r["code"] for r in rows.get("populations", [])}
    _known("registration_limits", registration, "population", populations, "no code of codes/populations.csv")
    procedures = {r["code"] for r in rows.get("procedures", [])}
    _known("proceedings", proceedings, "procedure", procedures, "no code of codes/procedures.csv")
    with_limit = {r["proceeding"] for r in limits}
    _known("proceedings", proceedings, "proceeding", with_limit, "no proceeding of codes/statutory_limits.csv")
    _once("proceedings", proceedings, lambda r: tuple(r[name] for name in QUESTION), "asks what")
    _once("registration_limits", registration, lambda r: (r["population"], r["type_code"]), "limits what")
    _once("holidays", rows.get("holidays", []), lambda r: r["day"], "names the day that")
    _in_turn(limits)


def law_zh(rows: Iterable[Row]) -> dict[str, str]:
    """What limits say in English of their article and of extensions, to the Chinese that the same rows have for it.

    What is published holds the English, so that pages say an older publication in Chinese as well.
    """
    return {
        row[key]: row[f"{key}_zh"] for row in rows for key in ("article", "extension") if row.get(key) and row.get(f"{key}_zh")
    }


def _lines(rows: Iterable[Row]) -> Iterator[tuple[int, Row]]:
    return enumerate(rows, 2)


def _known(name: str, rows: Iterable[Row], column: str, known: Collection[str], what: str) -> None:
    """Every value of a column stands in another list."""
    for line, row in _lines(rows):
        if (value := row[column]) and value not in known:
            raise DefinitionError(f"codes/{name}.csv:{line}: {column} [{value}] is {what}. {nearest(value, sorted(known))}")


def _once(name: str, rows: Iterable[Row], key: Callable[[Row], object], does: str) -> None:
    """No two rows answer one question."""
    seen: dict[object, int] = {}
    for line, row in _lines(rows):
        if (first := seen.setdefault(key(row), line)) != line:
            raise DefinitionError(f"codes/{name}.csv:{line}: the row {does} line {first} does. Keep one of them")


def _in_turn(limits: Iterable[Row]) -> None:
    """The rows of one proceeding follow each other in time: on no day two of them are in force."""
    ordered = sorted(_lines(limits), key=lambda pair: (pair[1]["proceeding"], pair[1]["effective_from"], pair[0]))
    before: tuple[int, Row] | None = None
    for line, row in ordered:
        if row["effective_to"] and row["effective_to"] < row["effective_from"]:
            raise DefinitionError(
                f"codes/statutory_limits.csv:{line}: effective_to [{row['effective_to']}] is before effective_from. Mend one"
            )
        if before and before[1]["proceeding"] == row["proceeding"]:
            until = before[1]["effective_to"]
            if not until or until >= row["effective_from"]:
                raise DefinitionError(
                    f"codes/statutory_limits.csv:{line}: {row['proceeding']} is under line {before[0]} too on "
                    f"{row['effective_from']}. End that one before this one begins"
                )
        before = line, row
