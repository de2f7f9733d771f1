"""Copy, extend, check, swap: how one publication replaces the one before, so that readers never wait and a crash at any
point leaves yesterday's figures whole.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.store.place import Place

SPARE = 64 << 20


class AnotherRefreshRuns(Exception):
    """The lock of this profile is held by another process."""


class NotPublished(Exception):
    """The refresh cannot be published; the last publication stands. The message says why and what to do."""


@contextmanager
def locked(place: Place) -> Iterator[None]:
    """Holds the profile's lock. A killed process cannot leave it stuck: the kernel frees it.

    Raises:
        AnotherRefreshRuns: somebody else holds it.
    """
    place.make()
    with place.lock.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherRefreshRuns("another refresh of this profile is running. Wait for it to end") from None
        yield


def copy_for_work(place: Place, needed: int) -> None:
    """Leftovers of a crash away, the published file copied for work; `needed` is how much the new files may add, in bytes.

    Raises:
        NotPublished: the disk is too full for it.
    """
    clear_work(place)
    size = place.warehouse.stat().st_size if place.warehouse.exists() else 0
    free = shutil.disk_usage(place.root).free
    if free < size * 2 + needed + SPARE:
        raise NotPublished(
            f"the disk has {free >> 20} MB free, the refresh may need {(size * 2 + needed + SPARE) >> 20} MB. "
            "Free some space and run it again"
        )
    if place.warehouse.exists():
        shutil.copyfile(place.warehouse, place.work)


def clear_work(place: Place) -> None:
    """Takes the work file and what DuckDB left beside it away."""
    for name in (place.work.name, f"{place.work.name}.wal"):
        (place.root / name).unlink(missing_ok=True)
    shutil.rmtree(place.root / "scratch", ignore_errors=True)


def clear_sides(place: Place) -> None:
    """Takes away what replays and previews left that did not end: their links and copies would keep what is erased."""
    for left in (*place.root.glob("replay-*"), *place.root.glob("preview-*")):
        if not Path(f"/proc/{left.name.partition('-')[2]}").exists():
            shutil.rmtree(left, ignore_errors=True)


def seal_work(place: Place) -> str:
    """The closed work file on disk for good; its sha256.

    Raises:
        NotPublished: a `.wal` was left: a swap would lose committed rows without a word.
    """
    if Path(f"{place.work}.wal").exists():
        raise NotPublished("DuckDB left a write-ahead log beside the closed work file. Run the refresh again")
    with place.work.open("rb+") as file:
        os.fsync(file.fileno())
    return sha256_of(place.work)


def swap(place: Place) -> None:
    """The work file becomes the published one, in one step."""
    place.work.replace(place.warehouse)
    folder = os.open(place.root, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def sha256_of(path: Path) -> str:
    """The file's hash in hex; of nothing where there is no file."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
