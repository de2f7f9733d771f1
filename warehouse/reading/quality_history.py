"""The history of quality: by month what was found, what came right, what still stood, and how long mending took.

A finding that comes back counts anew: each unbroken stay on the worklist is one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from warehouse.catalogue.documents import nearest
from warehouse.reading.snapshot import Snapshot, Unknown

BY = {"rule": "rule_id", "source": "source", "court": "court_code", "file": "file"}
"""What the history can be told apart by; `file` is the delivery that brought a finding in."""


@dataclass(frozen=True)
class Month:
    """One month (of publication) of one rule, source, court or file; `key` is None for all together, or where it has none.

    `days_to_mend` is the median of those that came right in the month, in days between the two publications.
    """

    month: str
    key: str | None
    opened: int
    ended: int
    standing: int
    days_to_mend: float | None

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return dict(self.__dict__)


@dataclass(frozen=True)
class _Stay:
    key: str | None
    opened: date
    ended: date | None


def history(snap: Snapshot, by: str | None = None) -> list[Month]:
    """The months from the first publication to the one asked for; of a key those in which it had anything.

    Raises:
        Unknown: it cannot be told apart by that.
    """
    if by is not None and by not in BY:
        raise Unknown(f"the history cannot be told by [{by}]. {nearest(by, list(BY))}")
    days = {refresh.number: date.fromisoformat(refresh.published_at[:10]) for refresh in snap.all_refreshes}
    stays = [
        _Stay(row[BY[by]] if by else None, days[row["opened_in"]], days[row["ended_in"]] if row["ended_in"] else None)
        for row in snap.ask("published/finding_lives", {})
    ]
    months = sorted({str(day)[:7] for number, day in days.items() if number <= snap.refresh.number})
    keys = sorted({stay.key for stay in stays}, key=lambda key: (key is None, key or ""))
    found = [_month(month, key, [stay for stay in stays if stay.key == key]) for key in keys for month in months]
    return [one for one in found if by is None or one.opened or one.ended or one.standing]


def _month(month: str, key: str | None, stays: Iterable[_Stay]) -> Month:
    """Of the publications of one month."""
    mine = list(stays)
    opened = [stay for stay in mine if _month_of(stay.opened) == month]
    mended = [(stay.ended - stay.opened).days for stay in mine if stay.ended is not None and _month_of(stay.ended) == month]
    standing = [
        stay for stay in mine if _month_of(stay.opened) <= month and (stay.ended is None or _month_of(stay.ended) > month)
    ]
    return Month(month, key, len(opened), len(mended), len(standing), median(mended) if mended else None)


def _month_of(day: date) -> str:
    return str(day)[:7]
