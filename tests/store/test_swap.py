"""Lock, copy, seal, swap: one writer at a time, whole files or none, readers never wait."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import namedtuple

import pytest

from warehouse.reading.snapshot import snapshot
from warehouse.store.swap import SPARE, AnotherRefreshRuns, NotPublished, copy_for_work, locked, seal_work, sha256_of, swap

HOLDER = """
import sys, time
from pathlib import Path
from warehouse.store.place import Place
from warehouse.store.swap import locked
with locked(Place(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def held(copy_of, one_night):
    """A home whose lock another process holds, and that process."""
    home = copy_of(one_night)
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(home.place.root)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield home, process
    process.kill()
    process.wait()
    process.stdout.close()


def caseload(home, *words):
    command = os.path.join(os.path.dirname(sys.executable), "caseload")  # noqa: PTH118, PTH120
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CASELOAD_")}
    return subprocess.run([command, *words, "--home", str(home.place.root.parent)], capture_output=True, text=True,
                          env=environment, timeout=60, check=False)  # fmt: skip


def test_while_one_process_holds_the_lock_another_refresh_ends_with_3_and_changes_nothing(held):
    home, _ = held
    before = sha256_of(home.place.warehouse), home.events(), (home.place.root / "last_run.json").read_bytes()
    done = caseload(home, "refresh")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == "caseload: another refresh of this profile is running. Wait for it to end.\n"
    assert caseload(home, "rebuild").returncode == 3
    assert (sha256_of(home.place.warehouse), home.events(), (home.place.root / "last_run.json").read_bytes()) == before


def test_readers_do_not_wait_for_the_lock(held):
    home, _ = held
    assert home.refreshes() == ["r000001"]
    assert caseload(home, "figures", "filed").returncode == 0


def test_a_killed_process_cannot_leave_the_lock_stuck(held):
    home, process = held
    with pytest.raises(AnotherRefreshRuns), locked(home.place):
        pass
    process.send_signal(signal.SIGKILL)
    process.wait()
    with locked(home.place):
        pass


def test_the_lock_of_one_profile_does_not_hold_another(held, tmp_path):
    from warehouse.store.place import Place

    with locked(Place(held[0].place.root.parent / "fjc_ch12")):
        pass


def test_a_reader_of_the_old_publication_reads_on_while_the_new_one_takes_its_place(copy_of, one_night, both_nights):
    home = copy_of(one_night)
    with snapshot(home.place.warehouse) as snap:
        before = snap.rows("select count(*) from metrics.cells")
        shutil.copyfile(both_nights.place.warehouse, home.place.work)
        swap(home.place)
        assert snap.rows("select count(*) from metrics.cells") == before
    assert home.refreshes() == ["r000001", "r000002"]


def test_a_log_beside_the_closed_work_file_stops_the_publication(copy_of, one_night):
    home = copy_of(one_night)
    shutil.copyfile(home.place.warehouse, home.place.work)
    assert seal_work(home.place) == sha256_of(home.place.warehouse)
    (home.place.root / "work.duckdb.wal").touch()
    with pytest.raises(NotPublished, match="write-ahead log"):
        seal_work(home.place)


def test_a_publication_leaves_no_log_and_nothing_of_its_work(both_nights):
    assert both_nights.leftovers() == []
    assert not list(both_nights.place.root.rglob("*.part"))
    assert both_nights.place.landing.stat().st_mode & 0o777 == 0o700


def test_a_full_disk_is_said_before_anything_is_written(copy_of, one_night, files, monkeypatch):
    home = copy_of(one_night)
    home.deliver(files)
    usage = namedtuple("usage", "total used free")
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda path: usage(1 << 40, 1 << 40, 10 << 20))
        with pytest.raises(NotPublished) as caught:
            home.refresh(night=1)
    needed = home.place.warehouse.stat().st_size * 2 + SPARE
    assert str(caught.value).startswith("the disk has 10 MB free, the refresh may need ")
    assert int(str(caught.value).split(" may need ")[1].split()[0]) >= needed >> 20
    assert str(caught.value).endswith("Free some space and run it again")
    assert (home.leftovers(), home.refreshes()) == ([], ["r000001"])
    assert home.refresh(night=2) == "r000002"


def test_the_copy_is_made_over_what_a_crash_left(copy_of, one_night):
    home = copy_of(one_night)
    for name in ("work.duckdb", "work.duckdb.wal"):
        (home.place.root / name).write_bytes(b"left behind")
    (home.place.root / "scratch").mkdir()
    copy_for_work(home.place, 0)
    assert home.place.work.read_bytes() == home.place.warehouse.read_bytes()
    assert home.leftovers() == ["work.duckdb"]


def test_a_moved_home_works(copy_of, one_night, both_nights, files, tmp_path):
    home = copy_of(one_night)
    moved = type(home)(tmp_path / "moved", home.catalogue)
    shutil.rmtree(moved.place.root)
    home.place.root.rename(moved.place.root)
    moved.deliver(files)
    start = time.monotonic()
    assert moved.refresh(night=1) == "r000002"
    assert moved.figures() == both_nights.figures() and time.monotonic() - start < 60
