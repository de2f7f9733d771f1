"""Findings with a life: opened, seen again, rectified, completed, or accepted for a while; and who sees to them.

What stood at which refresh is in quality.findings, what people answered on the ledger. Both are joined here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from warehouse.intake.chronicle import Delivery, refresh_id
from warehouse.intake.quarantine import place_of
from warehouse.intake.responses import Response, finding_id
from warehouse.reading.snapshot import Snapshot

Status = Literal["open", "accepted", "rectified", "completed"]
STATUSES: tuple[Status, ...] = ("open", "accepted", "rectified", "completed")
"""It stands and somebody has to see to it; it stands, and a person said why it may, until a day; it stands no longer;
that, and a person has said that it is done with."""


@dataclass(frozen=True)
class Finding:
    """One finding over its life, as known at one publication.

    `age_days` runs from the publication that opened it to the one that ended it, or to the one asked for. `bench` is that of
    the case, where it is known; then the bench sees to it, else the court.
    """

    number: int
    rule_id: str
    severity: str
    looks_at: str
    source: str | None
    feeds: str | None
    subject: str
    case_number: str | None
    court: str | None
    family: str | None
    bench: str | None
    column: str | None
    value: str | None
    message: str
    delivery_no: int | None
    file: str | None
    place: str | None
    line: int | None
    times_delivered: int
    opened_in: int
    opened_on: date
    ended_in: int | None
    ended_on: date | None
    age_days: int
    status: Status
    answers: tuple[Response, ...]

    @property
    def id(self) -> str:
        """F000123."""
        return finding_id(self.number)

    @property
    def is_registered(self) -> bool:
        """登记: somebody answered, or it was put right."""
        return bool(self.answers) or self.ended_in is not None

    def as_json(self) -> dict[str, Any]:
        """For `--json`, and for whoever reads it."""
        said = {key: value for key, value in self.__dict__.items() if key not in ("number", "opened_in", "ended_in", "answers")}
        return {
            "id": self.id, **said, "opened_in": refresh_id(self.opened_in),
            "ended_in": refresh_id(self.ended_in) if self.ended_in else None,
            "answers": [{"answer": one.answer, "who": one.who, "why": one.why, "until": one.until, "at": one.at}
                        for one in self.answers],
        }  # fmt: skip


@dataclass(frozen=True)
class Shares:
    """The three shares that should reach 100 %, over all findings that were ever opened: 登记率, 整改率, 办结率.

    Registered: somebody answered, or it was put right. Rectified: it stands no longer. Completed: that was confirmed, or what
    stands is accepted and the day of that has not passed. Without findings a share is None.
    """

    found: int
    registered: int
    rectified: int
    completed: int

    def as_json(self) -> dict[str, Any]:
        """Counts and shares."""
        shares = {f"{name}_share": getattr(self, name) / self.found if self.found else None
                  for name in ("registered", "rectified", "completed")}  # fmt: skip
        return {**self.__dict__, **shares}


def findings(
    snap: Snapshot, answers: Mapping[int, Sequence[Response]], deliveries: Mapping[int, Delivery], benches: Mapping[str, str]
) -> list[Finding]:
    """Every finding that was ever opened, as known at the snapshot, in the order of their numbers.

    `deliveries` are those of the ledger: of an erased person no value is shown. `benches` has the header of the column that
    names the bench, by source, for rows whose case is not known otherwise.
    """
    times = {refresh.number: datetime.fromisoformat(refresh.published_at) for refresh in snap.all_refreshes}
    today = times[snap.refresh.number].date()
    return [_finding(row, tuple(answers.get(row["finding_no"], ())), times, today, deliveries, benches)
            for row in snap.ask("published/findings", {})]  # fmt: skip


def shares_of(found: Iterable[Finding]) -> Shares:
    """How far the work on findings has come."""
    each = list(found)
    rectified = sum(one.ended_in is not None for one in each)
    completed = sum(one.status in ("completed", "accepted") for one in each)
    return Shares(len(each), sum(one.is_registered for one in each), rectified, completed)


def _finding(
    row: Mapping[str, Any], answers: tuple[Response, ...], times: Mapping[int, datetime], today: date,
    deliveries: Mapping[int, Delivery], benches: Mapping[str, str],
) -> Finding:  # fmt: skip
    fields = json.loads(row["fields"]) if row["fields"] else {}
    delivery = deliveries.get(row["delivery_no"] or 0)
    is_erased = delivery is not None and row["record"] in delivery.erased
    opened, ended = times[row["opened_in"]].date(), times[row["ended_in"]].date() if row["ended_in"] else None
    bench = row["bench_code"] or fields.get(benches.get(row["source"] or "", "")) or None
    return Finding(
        number=row["finding_no"], rule_id=row["rule_id"], severity=row["severity"], looks_at=row["looks_at"],
        source=row["source"], feeds=row["feeds"], subject=row["subject"], case_number=row["case_number"],
        court=row["court_code"], family=row["family"], bench=bench, column=row["column_name"],
        value=None if is_erased else row["value"], message=row["message"], delivery_no=row["delivery_no"], file=row["file"],
        place=place_of(row["places"], row["line"], row["record"]) if row["file"] else None, line=row["line"],
        times_delivered=row["times_delivered"], opened_in=row["opened_in"], opened_on=opened, ended_in=row["ended_in"],
        ended_on=ended, age_days=((ended or today) - opened).days,
        status=_status(row["ended_in"] is not None, times[row["opened_in"]], answers, today), answers=answers,
    )  # fmt: skip


def _status(has_ended: bool, opened: datetime, answers: Sequence[Response], today: date) -> Status:
    """The last word counts; of a finding that came back, what was confirmed before says nothing."""
    if has_ended:
        is_confirmed = any(one.answer == "confirmed" and datetime.fromisoformat(one.at) >= opened for one in answers)
        return "completed" if is_confirmed else "rectified"
    said = [one for one in answers if one.answer != "confirmed"]
    last = said[-1] if said else None
    is_accepted = last is not None and last.answer == "accepted" and last.until is not None and last.until >= today
    return "accepted" if is_accepted else "open"
