"""Published totals as lines for a person: which there are, what they say, how they changed, and the latest of each measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from pipelines.reports.words import columns
from warehouse.catalogue.contract import Contract
from warehouse.catalogue.totals import TotalsContract

if TYPE_CHECKING:  # the answers that need it load it
    from warehouse.reading.snapshot import Snapshot
    from warehouse.reading.totals import Known, Total

PERIODS = 3
ROWS = 8
DECIMALS = 4
"""What the screen shows of a measure: its last periods, so many places at most, so many decimals."""
HEAD = ["published total", "", "unit", "", "", "last periods"]


def measure_lines(known: Sequence[Known]) -> list[str]:
    """Which measures there are."""
    if not known:
        return ["no totals are published in this profile"]
    rows = [["source", "measure", "kind", "unit", "totals", "from", "to", "by"]]
    rows += [[k.source, k.measure, k.kind, k.unit or "", f"{k.totals:,}", k.first_period or "", k.last_period or "",
              ", ".join(k.dimensions)] for k in known]  # fmt: skip
    return columns(rows, frozenset({4}))


def total_lines(found: Sequence[Total], history: bool) -> list[str]:
    """Totals with their places; versions with what they changed."""
    if not found:
        return ["no such total is published"]
    if not history:
        rows = [["total", "value", "unit", "extract", "place"]]
        rows += [[t.total_id, number(t.value), t.unit or "", str(t.extract_on), _place(t)] for t in found]
        return columns(rows, frozenset({1}))
    rows = [["total", "change", "before", "value", "unit", "extract", "place"]]
    for t in found:
        before = "" if t.change == "new" else number(t.value_before)
        value = "" if t.change == "gone" else number(t.value)
        rows.append([t.total_id, t.change, before, value, t.unit or "", str(t.extract_on), _place(t)])
    return columns(rows, frozenset({2, 3}))


def published_lines(snap: Snapshot, contracts: Mapping[str, Contract]) -> list[str]:
    """The latest totals of each measure, of the breakdown that its contract shows; none where no source publishes any."""
    from warehouse.reading.totals import ask_totals, known_measures

    rows: list[list[str]] = []
    for one in known_measures(snap):
        contract = contracts.get(one.source)
        shown = contract.shown if isinstance(contract, TotalsContract) else {}
        found = [t for t in ask_totals(snap, one.measure, source=one.source, where=shown) if t.last_day is not None]
        rows += _latest(found, shown)
    return [f"  {line}" for line in columns([HEAD, *rows], frozenset({3, 4, 5}))] if rows else []


def _latest(found: Sequence[Total], shown: Mapping[str, str]) -> list[list[str]]:
    """The rows of one measure: each place of its last period, with the periods before; where there are many, how many."""
    latest = max((t.last_day for t in found if t.last_day), default=None)
    by_place: dict[str, list[Total]] = {}
    for total in sorted(found, key=lambda t: str(t.last_day)):
        by_place.setdefault(", ".join(v for k, v in total.dims.items() if k not in shown), []).append(total)
    current = {place: totals[-PERIODS:] for place, totals in by_place.items() if totals[-1].last_day == latest}
    if len(current) > ROWS:
        last = next(iter(current.values()))[-1]
        return [[f"{last.source} {last.measure}", f"{len(current):,} totals in {last.period}", last.unit or "", "", "", ""]]
    return [
        [f"{totals[-1].source} {totals[-1].measure}", place, totals[-1].unit or "",
         *[""] * (PERIODS - len(totals)), *(f"{t.period}: {number(t.value, DECIMALS)}" for t in totals)]
        for place, totals in sorted(current.items())
    ]  # fmt: skip


def number(value: Decimal | None, decimals: int = 20) -> str:
    """A number as it was published, without the zeros at its end; a dash where none was."""
    if value is None:
        return "–"
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _place(total: Total) -> str:
    return total.file if total.line is None else f"{total.file}:{total.line}"
