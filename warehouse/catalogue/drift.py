"""Measures of drift: `warehouse/drift/<id>.yml` says what and within which limits, `sql/drift/<id>.sql` how.

Belongs here: the definitions. Does not belong here: the arithmetic of limits (warehouse.methods.drift), nor when they are asked
(warehouse.refresh.drift).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import Field

from warehouse.catalogue.contract import Contract
from warehouse.catalogue.documents import Document, load_beside
from warehouse.catalogue.query import HOUSE, Query, fields_of
from warehouse.catalogue.table import Table
from warehouse.catalogue.totals import TotalsContract

PLACES = ("case_key", "case_number", "application_key", "event_key", "result_key", "total_key", "row_key")
"""Text columns that are keys: they are looked at for being there, not for what they say."""


class Measure(Document):
    """One measure: what it says of a delivery, its unit, how it is judged, and what a person does about an alarm."""

    id: str
    name_zh: str
    name_en: str
    measures_zh: str
    measures_en: str
    unit: str
    kind: Literal["count", "share", "level"]
    """`count` (rows, days), `share` (0 to 1 of n) or `level` (mean of n)."""
    needs: int = Field(ge=1)
    """Deliveries of history before anything is judged."""
    limit: float = Field(default=3.0, gt=0)
    """How many standard deviations away is an alarm."""
    floor: float = Field(default=1.0, gt=0)
    """The least standard deviation that is believed, on the scale of the chart: 1 is that of chance in counts and shares."""
    rows: int = Field(default=1, ge=1)
    """A share or mean of fewer rows than these, and of less than half as many as usual, is history alone."""
    reason: str
    """Why these limits."""
    one_sided: bool = False
    """Whether only too much is an alarm."""
    zero_filled: bool = False
    """Of shares of codes, as `column=code`: a code that a delivery lacks has the share 0 in it."""
    limits_en: str = ""
    """What it does not see."""
    remedy_zh: str
    remedy_en: str


def read_measures(house: Path = HOUSE) -> dict[str, Measure]:
    """All measures by id; none in a bundle of before there were any.

    Raises:
        DefinitionError: with file, line and mend.
    """
    return load_beside(house / "warehouse/drift", house / "sql/drift", Measure, "measures it")


def delivered_fields(contracts: Mapping[str, Contract], tables: Mapping[str, Table]) -> Query | None:
    """What stands in the contracted columns of the new rows: codes as they are, anything else as `*`, nothing as null.

    Grain: one delivery, column and value, with `rows`. None where no contract has columns.
    """
    asked: dict[tuple[str, str], str] = {}
    for contract in contracts.values():
        table = f"staged.new_{contract.feeds}"
        if isinstance(contract, TotalsContract):
            asked |= {(table, name): f"regexp_extract(dims, '(^|,){name}=([^,]*)', 2)" for name in contract.dimensions}
            continue
        held = tables[f"staged.{contract.feeds}"].columns  # what a case is made of (event_on) is in no table of cases
        for name, column in contract.columns.items():
            if name not in held:
                continue
            is_code = column.type in ("code", "flag") or (column.type == "text" and name not in PLACES)
            asked[table, name] = f"cast({name} as varchar)" if is_code else f"case when {name} is not null then '*' end"
        if any(column.type == "case_number" and name == "case_number" for name, column in contract.columns.items()):
            asked |= {(table, name): name for name in ("court_code", "type_characters") if contract.feeds == "cases"}
    return fields_of(asked) if asked else None
