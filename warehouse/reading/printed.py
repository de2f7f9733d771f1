"""What other courts printed, and what our formulas make of the numbers printed beside it (`warehouse/printed_elsewhere.csv`).

A rate is reproduced where it is the same to the digit, rounded half up. From inputs that were rounded themselves only a range
follows: it must reach what was printed. A rate of whole counts that is another is printed wrongly, since nothing else lies
between the counts and it; a stock that is another says that something was revised or moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

from warehouse.catalogue.documents import DefinitionError, nearest
from warehouse.catalogue.lists import read_rows
from warehouse.catalogue.metric import Metric, named_in, parse_formula
from warehouse.catalogue.query import HOUSE
from warehouse.reading.figures import divides, evaluate

BALANCE = "pending_start + filed + reopened - closed"
"""未结 of the short form (dictionary, section 9), where a stock was printed beside its flows."""
VERDICTS = {
    "same": ("reproduced to the digit", "与印出数一致"),
    "within_rounding": ("within the rounding of what it was made from", "在所用数据的舍入误差之内"),
    "print_error": ("PRINTED WRONGLY: the counts beside it give another rate", "印刷有误：由同处件数得出另一比率"),
    "does_not_balance": ("the counts beside it give another number", "同处件数相加得另一数"),
}


@dataclass(frozen=True)
class Printed:
    """One printed number, and ours from the inputs printed with it."""

    row: Mapping[str, str]
    formula: str
    lowest: Fraction
    highest: Fraction
    """In the unit of the print; both the same where the inputs are whole counts."""

    @property
    def printed(self) -> Decimal:
        """As printed, with its digits."""
        return Decimal(self.row["printed"])

    @property
    def ours(self) -> Decimal:
        """Ours from the inputs as they stand, rounded half up to the digits of the print."""
        middle = (self.lowest + self.highest) / 2
        exact = Decimal(middle.numerator) / Decimal(middle.denominator)
        return exact.quantize(Decimal(1).scaleb(_exponent(self.printed)), ROUND_HALF_UP)

    @property
    def verdict(self) -> str:
        """One of `VERDICTS`."""
        if self.lowest == self.highest:
            if self.ours == self.printed:
                return "same"
            return "print_error" if divides(self.formula) else "does_not_balance"
        half = half_unit(self.row["printed"])
        if self.lowest <= Fraction(self.printed) + half and Fraction(self.printed) - half <= self.highest:
            return "within_rounding"
        return "print_error" if divides(self.formula) else "does_not_balance"

    def as_json(self) -> dict[str, Any]:
        """The print, its inputs, ours and the verdict."""
        row = self.row
        return {
            "id": row["id"], "court": row["court"], "first_day": row["first_day"] or None, "last_day": row["last_day"] or None,
            "metric": row["metric"], "formula": self.formula, "inputs": dict(p.split("=") for p in row["inputs"].split()),
            "printed": row["printed"], "ours": str(self.ours), "difference": str(self.printed - self.ours), "unit": row["unit"],
            "verdict": self.verdict, "source": row["source"], "note": row["note"],
        }  # fmt: skip


def read_printed(metrics: Mapping[str, Metric], path: Path = HOUSE / "warehouse/printed_elsewhere.csv") -> list[Printed]:
    """Every printed number of other courts, with ours.

    Raises:
        DefinitionError: a row names no metric and no formula, or lacks an input.
    """
    return [_printed(row, metrics, f"{path.parent.name}/{path.name}:{number}") for number, row in enumerate(read_rows(path), 2)]


def _printed(row: Mapping[str, str], metrics: Mapping[str, Metric], place: str) -> Printed:
    metric = metrics.get(row["metric"])
    formula = row["formula"] or (BALANCE if row["metric"] == "pending_end" else metric.formula if metric else "")
    if not formula:
        raise DefinitionError(
            f"{place}: there is no metric [{row['metric']}] and no formula. {nearest(row['metric'], list(metrics))}"
        )
    inputs = _inputs(row)
    lacking = set(named_in(formula)) - set(inputs)
    if lacking:
        raise DefinitionError(f"{place}: the formula [{formula}] needs {', '.join(sorted(lacking))}. Add it to the inputs")
    # A formula of ours rises or falls with each input, so that its ends lie where each input is at one of its own.
    corners = product(*[[(name, end) for end in _ends(text, row["rounded"] == "yes")] for name, text in _texts(row).items()])
    scale = 100 if row["unit"] == "percent" else 1
    found = [scale * Fraction(evaluate(parse_formula(formula), _inputs(row, dict(corner)))) for corner in corners]
    return Printed(row, formula, min(found), max(found))


def _ends(text: str, is_rounded: bool) -> set[Fraction]:
    """Between what an input lies: itself, or where it was rounded half a unit of its last digit on either side."""
    half = half_unit(text) if is_rounded else Fraction(0)
    return {Fraction(text) - half, Fraction(text) + half}


def _texts(row: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, _, text in (part.partition("=") for part in row["inputs"].split())}


def _inputs(row: Mapping[str, str], numbers: Mapping[str, Fraction] | None = None) -> dict[str, Fraction]:
    """What the formula is given: 受理 printed as one number is taken apart into stock and filed; reopened is 0 where unsaid."""
    found = dict(numbers or {name: Fraction(text) for name, text in _texts(row).items()})
    if "accepted" in found:
        stock = found.setdefault("pending_start", Fraction(0))
        found["filed"] = found["accepted"] - stock
    return {"reopened": Fraction(0), "days": Fraction(365), **found}


def half_unit(text: str) -> Fraction:
    """Half a unit of the last digit of a number as printed: by so much it may have been rounded."""
    return Fraction(1, 2) * Fraction(10) ** _exponent(Decimal(text))


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
