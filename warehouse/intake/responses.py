"""What people answer to findings: decisions on the ledger, one by one or from a worklist that came back.

Belongs here: what an answer is, how a returned worklist is read, how both stand on the ledger. Does not belong here: what
becomes of a finding by its answers (reading/findings.py).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from warehouse.catalogue.contract import FileFormat
from warehouse.intake.ledger import Event
from warehouse.intake.refused import FileRefused, Limits
from warehouse.intake.unpack import Content

DECISION = "findings"
ANSWERS = {"taken": "登记", "mended": "已更正", "confirmed": "办结", "accepted": "接受"}
"""Somebody sees to it; the source is put right; it is done with; it stays as it is, with a reason and up to a day."""
HEADERS = {"finding": "编号", "answer": "答复", "why": "理由", "until": "有效期至", "who": "答复人"}
"""The columns of a worklist that are read, in both languages; the others are for the clerk."""
NUMBER = re.compile(r"F(\d{1,12})")


@dataclass(frozen=True)
class Response:
    """One answer of one person to one finding. `line` is its row in the worklist that it stood in."""

    finding_no: int
    answer: str
    who: str
    why: str = ""
    until: date | None = None
    line: int | None = None
    at: str = ""

    def as_noted(self) -> dict[str, Any]:
        """As it stands in a ledger event; what is not said is left out."""
        said = {"finding": finding_id(self.finding_no), "answer": self.answer, "who": self.who, "why": self.why,
                "until": str(self.until) if self.until else None, "line": self.line}  # fmt: skip
        return {key: value for key, value in said.items() if value not in (None, "")}


@dataclass(frozen=True)
class BadRow:
    """A row of a worklist that cannot be taken: where it stands, and why."""

    line: int
    reason: str


def finding_id(number: int) -> str:
    """F000123 for 123."""
    return f"F{number:06}"


def finding_no(text: str) -> int:
    """123 for F000123.

    Raises:
        ValueError: it is no finding's number.
    """
    found = NUMBER.fullmatch(text.strip().upper())
    if found is None:
        raise ValueError(f"[{text}] is no number of a finding, as F000123. See `caseload findings list`")
    return int(found[1])


def responses(events: Iterable[Event], before: str | None = None) -> dict[int, list[Response]]:
    """The answers on the ledger by finding, in their order; only those before the refresh `before`, if one is given."""
    found: dict[int, list[Response]] = {}
    for event in events:
        if event["event"] == "refresh" and event["refresh_id"] == before:
            break
        if event["event"] == "decision" and event["decision"] == DECISION:
            for said in event["responses"]:
                one = Response(finding_no(said["finding"]), said["answer"], said["who"], said.get("why", ""),
                               _day(said.get("until")), said.get("line"), event["at"])  # fmt: skip
                found.setdefault(one.finding_no, []).append(one)
    return found


def read_worklist(path: Path, known: Mapping[int, Sequence[Response]], day: date) -> tuple[list[Response], list[BadRow]]:
    """The answers that a worklist carries, and the rows that cannot be taken. Rows without an answer say nothing.

    `known` has every finding by its number, with the answers it has: one that was given already is not given again.

    Raises:
        FileRefused: the file is no workbook, or has no sheet with the columns of a worklist.
    """
    rows, bad = _rows(path)
    taken = []
    for row in rows:
        filled = {name: (row[header] or "").strip() for name, header in HEADERS.items()}
        if filled["answer"]:
            try:
                one = _response(filled, known, day, row["line"])
            except ValueError as error:
                bad.append(BadRow(row["line"], str(error)))
                continue
            if one is not None:
                taken.append(one)
    return taken, bad


def checked(one: Response, known: Mapping[int, Sequence[Response]], day: date) -> Response:
    """The response, if it can be taken.

    Raises:
        ValueError: there is no such finding, or it is accepted without a reason, a last day, or for longer than a year.
    """
    name = finding_id(one.finding_no)
    if one.finding_no not in known:
        raise ValueError(f"there is no finding [{name}]. See `caseload findings list --status all`")
    if one.answer == "accepted":
        if not one.why:
            raise ValueError(f"{name} is accepted without a reason. Say why it stays as it is")
        if one.until is None:
            raise ValueError(f"{name} is accepted without a last day. Say until when: nothing is accepted for good")
        if not day < one.until <= date(day.year + 1, day.month, min(day.day, 28)):
            raise ValueError(
                f"{name} is accepted until [{one.until}], which is not within a year after {day}. Say a day that is"
            )
    if not one.who:
        raise ValueError(f"{name}: nobody stands for the answer. Say who answers")
    return one


def _response(filled: Mapping[str, str], known: Mapping[int, Sequence[Response]], day: date, line: int) -> Response | None:
    words = {word: answer for answer, chinese in ANSWERS.items() for word in (answer, chinese)}
    answer = words.get(filled["answer"].lower())
    if answer is None:
        raise ValueError(f"the answer [{filled['answer']}] is none of [{', '.join(ANSWERS.values())}]")
    try:
        until = _day(filled["until"])
    except ValueError:
        raise ValueError(f"[{filled['until']}] is no day, as 2017-03-31") from None
    one = checked(Response(finding_no(filled["finding"]), answer, filled["who"], filled["why"], until, line), known, day)
    last = known[one.finding_no][-1] if known[one.finding_no] else None
    said = (one.answer, one.who, one.why, one.until)
    return None if last and said == (last.answer, last.who, last.why, last.until) else one


def _rows(path: Path) -> tuple[list[dict[str, Any]], list[BadRow]]:
    import polars as pl  # it takes time to load, and whoever lists findings comes by here

    from warehouse.intake.readers.rows import Wanted
    from warehouse.intake.readers.xlsx import read_format

    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "rows.parquet"
        try:
            wanted = Wanted(tuple(HEADERS.values()), also=HEADERS)
            read = read_format(Content(path, Limits()), FileFormat(format=("xlsx",)), wanted, into)
        except FileRefused as refused:
            refused.name = path.name
            raise
        torn = [BadRow(one.line, one.reason) for one in read.torn if one.code != "NO_CASE"]
        return pl.read_parquet(into).to_dicts(), torn


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None
