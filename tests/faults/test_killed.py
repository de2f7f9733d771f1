"""Killed, process group and all, at any moment: readers see the old figures or the new ones, and the next refresh goes through."""

import os
import random
import signal
import subprocess
import time

KILLS = int(os.environ.get("KILLS", "2"))
"""Of each of two publications."""


def run(home, kill_after=None):
    """One `caseload refresh` in a process group of its own: whether it was killed, and how long it took."""
    began = time.monotonic()
    process = subprocess.Popen([home.command, "refresh"], env=home.environment, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True, start_new_session=True)  # fmt: skip
    try:
        told, _ = process.communicate(timeout=kill_after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return True, kill_after
    assert "Traceback" not in told and process.returncode == 0, told
    return False, time.monotonic() - began


def test_a_refresh_killed_at_any_moment_is_made_good_by_the_next_one(caseload, new_home, files, until, one_night, undisturbed):
    seed = int(os.environ.get("KILL_SEED", time.time_ns() % 100_000))
    print(f"KILL_SEED={seed}")
    moments, kills = random.Random(seed), 0
    home, old = new_home(), None
    for delivered, new in ((until("2015"), one_night.cells()), (files, undisturbed.cells())):
        home.deliver(delivered)
        took = 6.0
        for _ in range(KILLS):
            was_killed, _ = run(home, moments.uniform(0.3, took))
            kills += was_killed
            seen = home.cells() if home.place.warehouse.exists() else None
            assert seen in (old, new), f"seed {seed}: neither the old figures nor the new ones"
        run(home)
        assert home.cells() == new, f"seed {seed}"
        assert not list(home.place.root.glob("*.wal")) and not home.place.work.exists()
        assert (caseload(home, "status").code, caseload(home, "verify").code) == (0, 0)
        old = new
    assert kills >= KILLS, f"seed {seed}: most refreshes were over before they could be killed"
    assert caseload(home, "verify", "--full").code == 0
