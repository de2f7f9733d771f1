"""Figures as CSV and as a workbook. Cells that a spreadsheet would run as a formula are written as text."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import Any

FIXED = (
    "figure_id", "metric", "variant", "kind", "unit", "calendar", "period_kind", "first_day", "last_day", "is_partial",
    "numerator", "denominator", "value", "lower", "upper", "target", "target_met", "target_shown", "short_by",
    "need_in_a_row", "status", "reason", "scope", "definition_version", "is_synthetic", "refresh_id", "head",
)  # fmt: skip
COMPARED = ("against", "figure_id", "own_period", "numerator", "denominator", "value", "change", "growth", "reason")
"""What stands in columns of figures that were compared, as `compared_value`."""


def flat(figures: list[dict[str, Any]]) -> tuple[list[str], list[list[Any]]]:
    """Header and rows: the period's and the dimensions' keys as columns of their own."""
    dims = list(dict.fromkeys(key for figure in figures for key in figure["dims"]))
    compared = [f"compared_{name}" for name in COMPARED] if any("compared" in figure for figure in figures) else []
    header = [*FIXED[:5], *dims, *FIXED[5:], *compared]
    rows = []
    for figure in figures:
        period = figure["period"]
        values = {**figure, **period, "period_kind": period["kind"], "kind": figure["kind"], **figure["dims"]}
        values |= {f"compared_{name}": figure["compared"][name] for name in COMPARED if "compared" in figure}
        rows.append([values.get(name) for name in header])
    return header, rows


def csv_text(figures: list[dict[str, Any]]) -> str:
    """The figures as CSV with a header."""
    header, rows = flat(figures)
    buffer = io.StringIO()
    # Python 3.11 leaves a lone carriage return unquoted, and readers take it for the end of the row.
    odd = any(isinstance(value, str) and "\r" in value for row in rows for value in row)
    writer = csv.writer(buffer, lineterminator="\n", quoting=csv.QUOTE_ALL if odd else csv.QUOTE_MINIMAL)
    writer.writerow(header)
    writer.writerows([[_safe(value) for value in row] for row in rows])
    return buffer.getvalue()


def new_workbook(target: Path) -> Any:
    """An empty workbook: text is never read as a formula, and the same cells make the same bytes at any time."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(target), {"strings_to_formulas": False, "strings_to_urls": False})
    # The day that the members of the archive carry already: the second of writing would stand there otherwise.
    book.set_properties({"created": datetime(1980, 1, 1)})
    return book


def write_workbook(figures: list[dict[str, Any]], target: Path) -> None:
    """The figures as an XLSX file."""
    header, rows = flat(figures)
    book = new_workbook(target)
    sheet = book.add_worksheet("synthetic" if any(f["is_synthetic"] for f in figures) else "figures")
    sheet.write_row(0, 0, header)
    for number, row in enumerate(rows, 1):
        sheet.write_row(number, 0, ["" if value is None else value for value in row])
    _say_source(book.add_worksheet("source"), figures)
    book.close()


def _say_source(sheet: Any, figures: list[dict[str, Any]]) -> None:
    """Publication, head of the ledger, how many rows there are and what they add up to: what a copy can be held against."""
    shown = [one for one in figures if one["status"] == "published"]
    below = [one["denominator"] for one in shown if one["denominator"] is not None]
    facts = {
        "refresh_id": ", ".join(sorted({one["refresh_id"] for one in figures})),
        "head": ", ".join(sorted({one["head"] for one in figures})),
        "is_synthetic": any(one["is_synthetic"] for one in figures), "rows": len(figures),
        "control total, numerator": sum(one["numerator"] or 0 for one in shown),
        "control total, denominator": sum(below) if below else "",
    }  # fmt: skip
    for number, pair in enumerate(facts.items()):
        sheet.write_row(number, 0, pair)


def _safe(value: Any) -> Any:
    """Text that a spreadsheet would run when it opens the CSV gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value
