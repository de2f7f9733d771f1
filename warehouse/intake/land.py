"""Landing: bytes of the inbox into the store of originals, by their sha256, each with its event in the ledger.

Belongs here: which files are new, and when they were extracted. Does not belong here: what stands in them.
"""

from __future__ import annotations

import csv
import hashlib
import os
import re
import stat
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from warehouse.catalogue.contract import Contract
from warehouse.catalogue.profile import Profile
from warehouse.intake.ledger import Event, Ledger
from warehouse.intake.lines import LinesOf, LineTree
from warehouse.intake.refused import FileRefused
from warehouse.intake.tombstones import tombstones

SETTLE_SECONDS = 0.5
"""A file touched less than this ago is looked at a second time after it."""
WORKLIST = "worklist"
"""The folder of the inbox for worklists that come back: no source, see refresh/worklists.py."""
ORDER_FILE = "deliveries.csv"


@dataclass(frozen=True)
class Refused:
    """A file that could not be taken, in one line `file: what. why. remedy`."""

    source: str
    file: str
    reason: str
    is_waiting: bool = False
    """Still being written: not at fault, looked at again by the next refresh."""
    is_pulled: bool = False
    """No file, but a database that could not be asked."""


@dataclass
class Landed:
    """What a look into the inbox gave: ledger events of new deliveries, and files that were not taken."""

    deliveries: list[Event] = field(default_factory=list)
    repeats: list[Event] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


@dataclass(frozen=True)
class _Declared:
    """The line of a `deliveries.csv` that speaks of one file."""

    rank: int
    extract_on: date | None
    data_until: date | None
    placeholders: dict[str, str]


@dataclass
class _Past:
    """The deliveries of the ledger, to be found by their path or their bytes: every file of the inbox asks, every night."""

    by_path: dict[tuple[str, str], list[Event]] = field(default_factory=dict)
    by_bytes: dict[str, list[Event]] = field(default_factory=dict)
    last: int = 0
    """The greatest delivery number."""

    def add(self, event: Event) -> Event:
        """One more; returned as it came."""
        self.by_path.setdefault((event["source"], event["path"]), []).append(event)
        self.by_bytes.setdefault(event["sha256"], []).append(event)
        self.last = max(self.last, event["delivery_no"])
        return event


def land(inbox: Path, landing: Path, profile: Profile, ledger: Ledger, now: datetime) -> Landed:
    """Stores every new file of the inbox and writes its `delivery` event, one for each table. The inbox is left untouched.

    A path that was seen with the same bytes is no event; other paths with an equal (source, extract date, sha256) are
    repeats. Files that cannot be dated, and folders that no contract names, are refused, each by name.
    """
    landed, past = Landed(), _Past()
    events = ledger.events()
    gone = frozenset(tombstones(events))
    for event in events:
        if event["event"] == "delivery":
            past.add(event)
    for source, path in _candidates(inbox, profile, landed):
        try:
            found = _take(source, path, landing, profile, past, now, inbox, gone)
        except FileRefused as error:
            error.name = path.name
            landed.refused.append(Refused(source, path.name, str(error)))
            continue
        except BlockingIOError:
            landed.refused.append(
                Refused(source, path.name, f"{path.name}: it changed while it was read. Somebody is still writing it. "
                        "The next refresh looks again", is_waiting=True)
            )  # fmt: skip
            continue
        for event in found:
            added = past.add(ledger.add("delivery", **event))
            (landed.repeats if event["repeats"] else landed.deliveries).append(added)
    return landed


def _candidates(inbox: Path, profile: Profile, landed: Landed) -> Iterator[tuple[str, Path]]:
    """Source and path of each file to look at, in order of source and name; what nobody knows goes to `landed`."""
    for folder in sorted(inbox.iterdir()) if inbox.is_dir() else []:
        if folder.name.startswith(".") or folder.name == WORKLIST:
            continue
        mine = profile.contracts.get(folder.name)
        if mine is not None and mine.delivered_with is not None and folder.is_dir():
            landed.refused.append(
                Refused(folder.name, folder.name, f"{folder.name}: this source has no folder of its own. Its rows come in the "
                        f"files of [{mine.delivered_with}]. Move the files into that folder")
            )  # fmt: skip
            continue
        if mine is None or not folder.is_dir():
            known = ", ".join(sorted(source for source, contract in profile.contracts.items() if not contract.delivered_with))
            landed.refused.append(
                Refused(folder.name, folder.name, f"{folder.name}: no source of the profile {profile.id} has this name. "
                        f"Its sources are [{known}]. Move the files into one of those folders, or add a contract")
            )  # fmt: skip
            continue
        for path in sorted(folder.iterdir()):
            if is_for_intake(path.name):
                yield folder.name, path


def is_for_intake(name: str) -> bool:
    """Whether a file of the inbox is one to take in: not hidden, not still being written, not the order of the others."""
    return not (name.startswith(".") or name.endswith(".part") or name == ORDER_FILE)


def _take(
    source: str,
    path: Path,
    landing: Path,
    profile: Profile,
    past: _Past,
    now: datetime,
    inbox: Path,
    gone: Collection[str] = (),
) -> list[dict[str, Any]]:
    """The fields of the file's events, one for each of its tables, its bytes stored once; none where it was seen before.

    Of bytes that are `gone`, since a person was erased from them, nothing is stored: what stands in their place is delivered.

    Raises:
        FileRefused: it is no plain file, or its extract date cannot be told.
        BlockingIOError: it changed between two looks.
    """
    if path.is_symlink() or not path.is_file():
        raise FileRefused("it is no plain file", "links and folders are not followed out of the inbox",
                          "Put the file itself there")  # fmt: skip
    before = _look(path)
    relative = str(path.relative_to(inbox))
    contract, tables = profile.contracts[source], profile.tables_of(source)
    declared = _declared(path, [name for table in tables for name in profile.contracts[table].columns])
    seen = {table: past.by_path.get((table, relative), []) for table in tables}
    if any(seen.values()):
        sha256 = _sha256(path)
        seen = {table: [event for event in events if event["sha256"] == sha256] for table, events in seen.items()}
        tables = tuple(table for table in tables if declared is not None or not seen[table])
        if not tables:
            return []
    named = re.fullmatch(contract.file.names, path.name)
    told = _told(_extract_date(path, contract, declared, named, now), declared, named)
    tables = tuple(table for table in tables if not (seen[table] and _same(seen[table][-1], told)))
    if not tables:
        return []
    sha256, lines = _store(path, landing / "blobs", gone)
    if _look(path) != before:
        raise BlockingIOError(path.name)
    twins = [event for event in past.by_bytes.get(sha256, []) if _same(event, told) and not event["repeats"]]
    return [
        {
            "delivery_no": number,
            "at": now.isoformat(timespec="seconds"),
            "source": table,
            "path": relative,
            "file": path.name,
            "sha256": sha256,
            "bytes": path.stat().st_size,
            "lines": lines,
            **told,
            "sample": named.groupdict().get("sample") if named else None,
            "repeats": next((event["delivery_no"] for event in twins if event["source"] == table), None),
        }
        for number, table in enumerate(tables, past.last + 1)
    ]


def _told(extract_on: date, declared: _Declared | None, named: re.Match[str] | None) -> dict[str, Any]:
    """What name, contract and `deliveries.csv` say of a file, as it stands in its event."""
    return {
        "extract_on": str(extract_on),
        "rank": declared.rank if declared else int((named.groupdict().get("rank") if named else None) or 0),
        "data_until": str(declared.data_until if declared and declared.data_until else extract_on),
        "placeholders": declared.placeholders if declared else {},
    }


def _same(event: Event, told: dict[str, Any]) -> bool:
    """Whether the same was said of the file then. A mended line in `deliveries.csv` makes equal bytes a new delivery."""
    return all(event[key] == value for key, value in told.items())


def _look(path: Path) -> tuple[int, int, int]:
    """Size, time and identity of the file; one that was touched a moment ago is given time to change."""
    seen = path.stat()
    if 0 <= time.time() - seen.st_mtime < SETTLE_SECONDS:
        time.sleep(SETTLE_SECONDS)
        if path.stat().st_mtime_ns != seen.st_mtime_ns or path.stat().st_size != seen.st_size:
            raise BlockingIOError(path.name)
    return seen.st_size, seen.st_mtime_ns, seen.st_ino


def _extract_date(
    path: Path, contract: Contract, declared: _Declared | None, named: re.Match[str] | None, now: datetime
) -> date:
    """The day of the extract as the contract tells it; never the file's modification time."""
    if declared and declared.extract_on:
        return declared.extract_on
    if contract.extract_date == "received":
        return now.date()
    if contract.extract_date == "deliveries":
        why = f"its line in {ORDER_FILE} has no extract_on" if declared else f"no line of {ORDER_FILE} names it"
        raise FileRefused("it has no extract date", why, f"Give it in {ORDER_FILE} beside it")
    text = named.groupdict().get("extract_on") if named else None
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise FileRefused(
            f"its name gives no extract date [{text or path.name}]",
            f"the contract of {contract.source} expects names like {contract.file.names}",
            f"Rename it, or name its extract date in {ORDER_FILE}",
        ) from None


def _declared(path: Path, columns: Collection[str]) -> _Declared | None:
    """What the `deliveries.csv` beside the file says of it; `columns` are those of all its tables.

    Raises:
        FileRefused: the line cannot be used.
    """
    order = path.parent / ORDER_FILE
    if not order.is_file():
        return None
    try:
        with order.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileRefused(f"the {ORDER_FILE} beside it cannot be read", str(error), "Save it as UTF-8 text") from None
    for line, row in enumerate(rows, 2):
        if row.get("file") == path.name:
            try:
                return _declaration(row, columns)
            except ValueError as error:
                raise FileRefused(f"its line {ORDER_FILE}:{line} cannot be used", str(error), "Mend the line",
                                  f"{ORDER_FILE}:{line}") from None  # fmt: skip
    return None


def _declaration(row: dict[str, str], columns: Collection[str]) -> _Declared:
    def day(key: str) -> date | None:
        return date.fromisoformat(row[key]) if row.get(key) else None

    pairs = [pair.split("=", 1) for pair in (row.get("placeholders") or "").split(";") if pair]
    if any(len(pair) != 2 for pair in pairs):
        raise ValueError(f"placeholders [{row['placeholders']}] are not of the form column=value;column=value")
    unknown = [name for name, *_ in pairs if name not in columns]
    if unknown:
        raise ValueError(f"placeholders name [{', '.join(unknown)}], the contract's columns are "
                         f"[{', '.join(columns)}]")  # fmt: skip
    return _Declared(int(row.get("order") or 0), day("extract_on"), day("data_until"), {k: v for k, v in pairs})


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _store(path: Path, blobs: Path, gone: Collection[str] = ()) -> tuple[str, LinesOf | None]:
    """The file's bytes under their hash, complete or not at all; the hash, and its lines. Read once, hashed as they go."""
    blobs.mkdir(parents=True, exist_ok=True)
    part = blobs / f".{path.name}.part"
    part.unlink(missing_ok=True)  # left by a crash it is read-only, and could not be written again
    digest, lines = hashlib.sha256(), LineTree()
    with path.open("rb") as source, part.open("wb") as target:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
            lines.feed(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    blob = blobs / digest.hexdigest()
    if blob.exists() or blob.name in gone:
        part.unlink()
    else:
        part.chmod(stat.S_IRUSR)
        part.replace(blob)
    return blob.name, lines.told()


def store_bytes(content: bytes, landing: Path) -> str:
    """Bytes of our own making (a bundle) into the store; their sha256."""
    sha256 = hashlib.sha256(content).hexdigest()
    blob = landing / "blobs" / sha256
    if not blob.exists():
        blob.parent.mkdir(parents=True, exist_ok=True)
        part = blob.with_name(f".{blob.name}.part")
        part.unlink(missing_ok=True)
        part.write_bytes(content)
        part.chmod(stat.S_IRUSR)
        part.replace(blob)
    return sha256
