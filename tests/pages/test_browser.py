"""A real browser on the real command: no error on its console, and nothing asked of another host."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here: install it (apt-get install chromium)")


@pytest.fixture(scope="module")
def served(two_nights: Path) -> Iterator[str]:
    """The address at which `caseload serve` serves the two publications."""
    command = [
        sys.executable,
        "-c",
        "from pipelines.cli import main; main()",
        "serve",
        "--port",
        "0",
        "--home",
        str(two_nights),
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        told = process.stderr.readline()
        found = re.match(r"(http://127\.0\.0\.1:\d+)/", told)
        assert found, told
        yield found[1]
        process.terminate()
        process.wait(20)


def look(address: str, folder: Path) -> tuple[str, list[str], set[str]]:
    """The document as the browser has it, what its console said, and what the page asked for.

    A browser asks its maker for updates by itself; those requests have no page as their initiator.
    """
    log, profile = folder / "net.json", folder / "profile"
    done = subprocess.run(
        [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
         "--disable-extensions", f"--user-data-dir={profile}", f"--log-net-log={log}", "--enable-logging=stderr", "--v=0",
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--timeout=30000", "--dump-dom", address],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if ":CONSOLE" in line]
    kept = json.loads(log.read_text("utf-8"))
    kinds = {number: name for name, number in kept["constants"]["logEventTypes"].items()}
    asked = [one["params"] for one in kept["events"]
             if kinds[one["type"]] == "URL_REQUEST_START_JOB" and "url" in one.get("params", {})]  # fmt: skip
    own = re.match(r"http://[^/]+", address)
    assert own
    return done.stdout, said, {one["url"] for one in asked if own[0] in (one["url"][: len(own[0])], one.get("initiator"))}


@pytest.mark.parametrize("path", ["/zh/", "/en/figures/filed"])
def test_a_page_has_no_error_and_asks_nobody_else(served, tmp_path, path):
    text, said, asked = look(f"{served}{path}", tmp_path)
    assert "<main" in text and said == []
    assert f"{served}{path}" in asked and any("/static/style.css" in url for url in asked), "the log has what was asked"
    assert {url for url in asked if not url.startswith(f"{served}/")} == set()
