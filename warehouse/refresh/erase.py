"""Erasure: a person's rows in the stored originals are redacted, and everything derived is made anew, equal cell for cell.

Nothing is changed before all of it is proven: the files are redacted aside and read again, the ledger is replayed on them
and compared with the warehouse that stands. Then come the redacted files, the event with their tombstones, the deletions.
A crash before the event leaves things as they were; one after it is finished at the next start (recovery.py, erased.py).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.query import HOUSE, read_query
from warehouse.intake.chronicle import Chronicle, read_chronicle
from warehouse.intake.ledger import Ledger
from warehouse.intake.lines import lines_of
from warehouse.intake.redact.aliases import Aliases
from warehouse.intake.redact.blob import Redacted, redacted, seen_in
from warehouse.intake.refused import FileRefused
from warehouse.intake.tombstones import ERASED
from warehouse.intake.unpack import Content
from warehouse.refresh.erased import TRIAL, clear_erased
from warehouse.refresh.person import files_of, not_there, person_of
from warehouse.refresh.recovery import recover
from warehouse.refresh.replay import differences, rebuild, replayed
from warehouse.store.duck import compare_files
from warehouse.store.place import Place
from warehouse.store.swap import NotPublished, locked, seal_work, sha256_of, swap

Tell = Callable[[str], None]


class NotErased(NotPublished):
    """The person cannot be erased; nothing was changed. The message says why and what to do."""


@dataclass(frozen=True)
class ErasedFile:
    """One stored file: its name and sources, its sha256, and what is redacted in it."""

    file: str
    sha256: str
    found: Redacted

    @property
    def redacted(self) -> str:
        """The sha256 of what stands in its place."""
        return hashlib.sha256(self.found.data).hexdigest()


@dataclass(frozen=True)
class Erasure:
    """What is erased, or would be. Files of the inbox are for the operator to remove; what else is left is named too."""

    files: tuple[ErasedFile, ...]
    aliases: tuple[str, ...]
    related: tuple[str, ...] = ()
    inbox: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    ledger_lines: tuple[int, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows, in all files."""
        return sum(len(rows) for one in self.files for rows in one.found.rows.values())


def erase(
    place: Place, catalogue: Catalogue, key: str, source: str | None, who: str, why: str, program: str, tell: Tell,
    is_preview: bool = False,
) -> Erasure:  # fmt: skip
    """Erases the person of one case number, case key or application key; what was done, or with `is_preview` would be.

    Raises:
        AnotherRefreshRuns: the lock is held.
        NotThere: no stored file holds the key.
        NotErased: it cannot be done so that all else stays; nothing was changed.
        ValueError: there is no such source, or the reason names the person.
    """
    if source is not None and source not in catalogue.profile.contracts:
        known = ", ".join(sorted(catalogue.profile.contracts))
        raise ValueError(f"there is no source [{source}] in the profile {catalogue.profile.id}. Its sources are [{known}]")
    with locked(place):
        _make_ready(place, program, tell, is_preview)
        chronicle = read_chronicle(Ledger(place.landing).events())
        files = files_of(place, catalogue, chronicle)
        person = person_of(catalogue, files, key, source, _aliases_before(place))
        if person.aliases.stand_in(why) or key.strip() in why:
            raise ValueError("the reason names the person, and the ledger is never erased. Give another one with --why")
        with tempfile.TemporaryDirectory(prefix=TRIAL, dir=place.root) as folder:
            found = _redact(place, files.readable, person.aliases, Path(folder))
        if not found:
            raise not_there(key, files, person.aliases.numbering is not None)
        erasure = _told(place, chronicle, found, person.aliases, person.related, [d.file for d in files.unreadable])
        if not is_preview:
            at = datetime.now(ZoneInfo(catalogue.profile.settings.time_zone)).isoformat(timespec="seconds")
            _carry_out(place, erasure, person.aliases, {"at": at, "who": who, "why": why}, program, tell)
        return erasure


def _make_ready(place: Place, program: str, tell: Tell, is_preview: bool) -> None:
    """Whatever a crash left is settled; a warehouse that is missing is made anew, to be compared with."""
    recover(place, tell)
    if not is_preview and not place.warehouse.exists():
        rebuild(place, program, tell)


def _aliases_before(place: Place) -> list[str]:
    return [alias for event in Ledger(place.landing).events() if event["event"] == ERASED for alias in event["aliases"]]


def _redact(place: Place, readable: dict[str, Any], aliases: Aliases, folder: Path) -> list[ErasedFile]:
    found = []
    for sha256, tables in readable.items():
        try:
            readers = [(table.delivery, table.contract) for table in tables]
            made = redacted(place.landing / "blobs" / sha256, readers, aliases, folder)
        except FileRefused as refused:
            raise NotErased(f"nothing is erased. {str(refused).rstrip('.')}") from refused
        if made is not None:
            found.append(ErasedFile(tables[0].delivery.path, sha256, made))
    return found


def _told(
    place: Place,
    chronicle: Chronicle,
    found: Sequence[ErasedFile],
    aliases: Aliases,
    related: Sequence[str],
    unread: Sequence[str],
) -> Erasure:
    """The erasure with all that it cannot reach: the inbox is never changed, the ledger never either."""
    gone = {one.sha256 for one in found}
    gone |= {d.sha256 for d in chronicle.deliveries.values() if d.blob in gone}
    known = {d.sha256 for d in chronicle.deliveries.values()}
    inbox, waiting = [], []
    for path in sorted(p for p in place.inbox.rglob("*") if p.is_file()):
        name, sha256 = str(path.relative_to(place.inbox)), sha256_of(path)
        if sha256 in gone:
            inbox.append(name)
        elif sha256 not in known and _holds(path, aliases):
            waiting.append(name)
    lines = Ledger(place.landing).path.read_text("utf-8").splitlines()
    return Erasure(
        tuple(found), tuple(one.alias for one in aliases.every), tuple(related), tuple(inbox), tuple(waiting),
        tuple(dict.fromkeys(unread)), tuple(n for n, line in enumerate(lines, 1) if aliases.stand_in(line)),
    )  # fmt: skip


def _holds(path: Path, aliases: Aliases) -> bool:
    try:
        return seen_in(b"".join(Content(path).blocks()), aliases)
    except FileRefused:
        return seen_in(path.read_bytes(), aliases)


# --- carrying it out


def _carry_out(place: Place, erasure: Erasure, aliases: Aliases, said: dict[str, str], program: str, tell: Tell) -> None:
    """Proves, puts in place, notes, deletes: in this order."""
    chronicle = read_chronicle(Ledger(place.landing).events())
    last = chronicle.last
    blobs = [
        {"sha256": one.sha256, "redacted": one.redacted, "rows": one.found.rows, "lines": lines_of([one.found.data])}
        for one in erasure.files
    ]
    note = {**said, "aliases": list(erasure.aliases), "blobs": blobs, "refresh_id": last.id if last else None}
    with _proven(place, erasure, note, program, tell) as warehouse:
        _forget_words(place, aliases)
        for one in erasure.files:
            _put(place, one)
        if warehouse is not None:
            warehouse.replace(place.work)
    sealed = seal_work(place) if last else None
    Ledger(place.landing).add(ERASED, **note, warehouse=sealed)
    finish(place)


def finish(place: Place) -> None:
    """After the event: the new warehouse is published, what held the person is deleted."""
    if place.work.exists():
        swap(place)
    clear_erased(place, Ledger(place.landing).events())


@contextmanager
def _proven(place: Place, erasure: Erasure, note: dict[str, Any], program: str, tell: Tell) -> Iterator[Path | None]:
    """The warehouse as it comes out of the redacted files; equal to the one that stands, or nothing is done.

    Raises:
        NotErased: a cell, a delivery or a row set aside would differ.
    """
    if note["refresh_id"] is None:
        yield None
        return
    with replayed(place, program, tell, partial(_beside, erasure, note)) as side:
        rows = read_query(HOUSE / "sql", "audit/rows_that_differ")
        found = (*differences(place.warehouse, side.warehouse), *compare_files(place.warehouse, side.warehouse, rows))
        if found:
            raise NotErased(
                f"nothing is erased: figures would change with it, [{len(found)}] differ, the first [{found[0]}]. "
                "Run `caseload verify --full`, and `caseload rebuild` if it names the same"
            )
        yield side.warehouse


def _beside(erasure: Erasure, note: dict[str, Any], place: Place, side: Place) -> None:
    """Lays the trial out: a copy of the ledger with the event, the redacted files among links to all others."""
    side.landing.mkdir(mode=0o700)
    blobs = side.landing / "blobs"
    gone = {one.sha256 for one in erasure.files}
    for folder in (blobs, side.raw, side.staged):
        folder.mkdir()
    for path in (place.landing / "blobs").iterdir():
        if path.name not in gone:
            (blobs / path.name).symlink_to(path)
    for one in erasure.files:
        (blobs / one.redacted).unlink(missing_ok=True)
        (blobs / one.redacted).write_bytes(one.found.data)
    for name in ("ledger.jsonl", "ledger.head"):
        shutil.copyfile(place.landing / name, side.landing / name)
    before = read_chronicle(Ledger(place.landing).events())
    Ledger(side.landing).add(ERASED, **note, warehouse=None)
    touched = tuple(f"{d.delivery_no:06}_" for d in before.deliveries.values() if d.blob in gone)
    for old, new in ((place.raw, side.raw), (place.staged, side.staged)):
        for path in old.iterdir() if old.exists() else ():
            if not path.name.startswith((*touched, *gone)):
                (new / path.name).symlink_to(path)


def _put(place: Place, one: ErasedFile) -> None:
    """A redacted file among the blobs, on disk for good."""
    blob = place.landing / "blobs" / one.redacted
    if blob.exists():
        return
    part = blob.with_name(f".{blob.name}.part")
    part.unlink(missing_ok=True)
    with part.open("wb") as file:
        file.write(one.found.data)
        file.flush()
        os.fsync(file.fileno())
    part.chmod(stat.S_IRUSR)
    part.replace(blob)
    folder = os.open(blob.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _forget_words(place: Place, aliases: Aliases) -> None:
    """What the last run said may name the person: it is no evidence, and is written with the alias."""
    path = place.root / "last_run.json"
    if path.exists():
        text = path.read_text("utf-8")
        if aliases.stand_in(text):
            part = path.with_name(f".{path.name}.part")
            part.write_text(aliases.in_text(text), "utf-8")
            part.replace(path)
