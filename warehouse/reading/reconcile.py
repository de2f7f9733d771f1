"""Published totals beside ours: the same, another with the reason, or not comparable with the reason.

受理 of an unknown reading is told under both readings (dictionary, D1.2). Where a total is another, the calendars and scopes
that would give it exactly are looked for, so that a difference of definition is not taken for one of counting.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from warehouse.catalogue.calendars import Period, month_end, month_number, month_start
from warehouse.catalogue.metric import not_counted
from warehouse.reading.figure import Figure
from warehouse.reading.figures import Reader

READINGS = {"unknown": ("flow", "stock"), "flow": ("flow",), "stock": ("stock",), "n/a": (None,)}
"""By what the total says of its reading: those under which it is compared."""
ACCEPTED = {"flow": "accepted_r2", "stock": "accepted_r1"}
GOOD = ("same", "reached")


@dataclass(frozen=True)
class Beside:
    """A total beside one of our figures."""

    reading: str | None
    figure: Figure | None
    difference: Fraction | None
    verdict: str
    """`same`, `different`; of a floor `reached`, `missed`; or `not_comparable`."""
    reason: str | None = None
    given_by: tuple[str, ...] = ()
    """Our figures in another calendar or scope that are exactly the total."""

    def as_json(self) -> dict[str, Any]:
        """The figure, the difference, the verdict and what explains it."""
        figure = self.figure
        return {
            "reading": self.reading, "figure_id": figure.figure_id if figure else None,
            "ours": figure.value if figure else None,
            "difference": None if self.difference is None else _plain(self.difference), "verdict": self.verdict,
            "reason": self.reason, "given_by": list(self.given_by),
        }  # fmt: skip


@dataclass(frozen=True)
class Reconciled:
    """One published total, under each reading, and counted by the profile's other calendars."""

    row: Mapping[str, str]
    besides: tuple[Beside, ...]
    by_calendar: tuple[Beside, ...] = ()

    @property
    def best(self) -> Beside:
        """The reading that agrees, where one does; else the first."""
        return next((one for one in self.besides if one.verdict in GOOD), self.besides[0])

    def as_json(self) -> dict[str, Any]:
        """The total with its source, the verdict, each reading and calendar."""
        row = self.row
        return {
            "id": row["id"], "metric": row["metric"], "family": row.get("family") or None, "first_day": row["first_day"],
            "last_day": row["last_day"], "reading": row["reading"], "comparison": row["comparison"],
            "published": float(row["published"]), "unit": row["unit"], "verdict": self.best.verdict, "reason": self.best.reason,
            "under": self.best.reading, "readings": [one.as_json() for one in self.besides],
            "by_calendar": [one.as_json() for one in self.by_calendar], "source": row["source"], "note": row.get("note", ""),
        }  # fmt: skip


@dataclass(frozen=True)
class Gap:
    """受理 less 结案, as published and as ours under one reading: the growth of the stock, or the stock that is left."""

    ids: tuple[str, str]
    reading: str
    published: int
    published_rate: Fraction
    difference: int | None
    rate: Figure
    stock: int | None
    """What the difference is by our stocks: its growth (flow), or what is left (stock)."""

    def as_json(self) -> dict[str, Any]:
        """Published and ours, and what each means."""
        means = "growth_of_stock" if self.reading == "flow" else "closing_stock"
        return {
            "ids": list(self.ids), "reading": self.reading, "means": means,
            "published": self.published, "ours": self.difference,
            "by_stocks": self.stock, "rate_metric": self.rate.name, "published_rate": float(self.published_rate),
            "our_rate": self.rate.value, "verdict": "same" if self.published == self.difference else "different",
        }  # fmt: skip


def reconcile(reader: Reader, totals: Sequence[Mapping[str, str]]) -> list[Reconciled]:
    """The published totals of a profile (`Profile.control_totals`), each beside ours."""
    if not totals:
        return []
    applicable = dict(reader.snapshot.rows("select control_total_id, is_applicable from model.control_totals"))
    return [_reconciled(reader, row, bool(applicable.get(row["id"]))) for row in totals]


def gaps(reader: Reader, found: Sequence[Reconciled]) -> list[Gap]:
    """What lies between 受理 of an unknown reading and 结案 of the same span, under both readings."""
    closed = {(r.row["first_day"], r.row["last_day"], r.row.get("family", "")): r for r in found if r.row["metric"] == "closed"}
    made = []
    for one in found:
        other = closed.get((one.row["first_day"], one.row["last_day"], one.row.get("family", "")))
        if one.row["reading"] != "unknown" or other is None or one.best.figure is None:
            continue
        published = int(Fraction(one.row["published"]) - Fraction(other.row["published"]))
        rate = Fraction(other.row["published"]) / Fraction(one.row["published"])
        for reading in READINGS["unknown"]:
            made.append(_gap(reader, (one.row, other.row), reading or "", published, rate))
    return made


def _gap(
    reader: Reader, rows: tuple[Mapping[str, str], Mapping[str, str]], reading: str, published: int, rate: Fraction
) -> Gap:
    def ours(name: str) -> int | None:
        return _figure(reader, name, rows[0]).numerator

    accepted, closed, opening, left = (ours(n) for n in (ACCEPTED[reading], "closed", "pending_start", "pending_end"))
    difference = accepted - closed if accepted is not None and closed is not None else None
    stock = None if left is None or opening is None else left - (opening if reading == "flow" else 0)
    own_rate = _figure(reader, "disposal_filing_ratio_cn" if reading == "flow" else "closing_rate_cn", rows[0])
    return Gap((rows[0]["id"], rows[1]["id"]), reading, published, rate, difference, own_rate, stock)


# --- one total


def _reconciled(reader: Reader, row: Mapping[str, str], is_applicable: bool) -> Reconciled:
    reason = _not_comparable(reader, row, is_applicable)
    readings = READINGS[row["reading"]]
    if reason:
        return Reconciled(row, tuple(Beside(reading, None, None, "not_comparable", reason) for reading in readings))
    besides = tuple(_beside(reader, row, reading) for reading in readings)
    others = [name for name, first in reader.months_of.items() if name == first != reader.default_calendar]
    by_calendar = [_beside(reader, row, reading, calendar) for calendar in others for reading in readings]
    return Reconciled(row, besides, tuple(by_calendar) if row["comparison"] == "exact" else ())


def _not_comparable(reader: Reader, row: Mapping[str, str], is_applicable: bool) -> str | None:
    refresh = reader.snapshot.refresh
    if row["metric"] in not_counted():
        return "not_counted"
    first, last = date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"])
    if first < refresh.data_from or last > refresh.counting_day:
        return "beyond_data"
    months = reader.calendars[reader.default_calendar]
    if month_start(month_number(first, months), months) != first or month_end(month_number(last, months), months) != last:
        return "inside_a_month"
    return None if is_applicable else "another_sample"


def _beside(reader: Reader, row: Mapping[str, str], reading: str | None, calendar: str | None = None) -> Beside:
    figure = _figure(reader, ACCEPTED[reading] if reading else row["metric"], row, calendar)
    if figure.status != "published" or figure.numerator is None:
        return Beside(reading, figure, None, "not_comparable", figure.reason or figure.status)
    published = Fraction(row["published"])
    ours = Fraction(figure.numerator, figure.denominator or 1)
    if row["comparison"] == "floor":
        return Beside(reading, figure, ours - published, "reached" if ours >= published else "missed")
    cut = "cut_by_the_data" if figure.is_partial else None
    if ours == published:
        return Beside(reading, figure, Fraction(0), "same", cut)
    if calendar is not None:
        return Beside(reading, figure, ours - published, "different", cut or "other_days")
    given_by = tuple(_given_by(reader, figure, row))
    reason = cut or _reason(reader, row, reading, ours - published, given_by)
    return Beside(reading, figure, ours - published, "different", reason, given_by)


def _reason(reader: Reader, row: Mapping[str, str], reading: str | None, difference: Fraction, given_by: Sequence[str]) -> str:
    """What a difference is: the opening stock that a reading holds, another calendar or scope; or not explained."""
    if reading == "stock" and _figure(reader, "pending_start", row).numerator == difference:
        return "opening_stock"
    return "given_by_another" if given_by else "unexplained"


def _given_by(reader: Reader, figure: Figure, row: Mapping[str, str]) -> Iterator[str]:
    """The figures of other calendars and scopes that are exactly the total."""
    scopes = [None, *(name for name, variant in figure.metric.variants.items() if variant.of_scope)]
    for calendar, first in reader.months_of.items():
        for scope in scopes if calendar == first else ():
            name = f"{figure.metric.id}.{scope}" if scope else figure.metric.id
            one = _figure(reader, name, row, calendar)
            if one.numerator is not None and Fraction(one.numerator, one.denominator or 1) == Fraction(row["published"]):
                yield one.figure_id


def _figure(reader: Reader, name: str, row: Mapping[str, str], calendar: str | None = None) -> Figure:
    """Ours over the months of a total, by one of the calendars."""
    first, last = (int(day[:4]) * 12 + int(day[5:7]) - 1 for day in (row["first_day"], row["last_day"]))
    where = {"family": row["family"]} if row.get("family") else {}
    asked = reader.asked(*reader.snapshot.metric(name), calendar or reader.default_calendar,
                         (Period("range", first, last),), (), where)  # fmt: skip
    return reader.answer(asked)[0]


def _plain(number: Fraction) -> int | float:
    return int(number) if number.denominator == 1 else float(number)
