"""Rows from a Parquet file, read in a process of its own.

A single wrong byte in a Parquet file can end the process that reads it: measured with Polars 2.1, one of about 3,000 files
with one to five bytes changed asked for 2 EB of memory, which no exception tells of. So the process here never opens the
file: another one does (parquet_apart.py), with bounded memory, and leaves plain rows of text or a refusal.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from pathlib import Path

from warehouse.catalogue.contract import FileFormat
from warehouse.intake.readers.rows import Read, Wanted
from warehouse.intake.refused import FileRefused, shown
from warehouse.intake.unpack import Content

APART = "warehouse.intake.readers.parquet_apart"
SECONDS = 3600
"""A million rows of 12 columns take two."""


def read_format(content: Content, form: FileFormat, wanted: Wanted, into: Path) -> Read:
    """The contracted columns of a Parquet file as text, into one Parquet file of ours.

    Grain: one row of the file, which stands at its number. Whole numbers and decimals are exact, floats the shortest text
    that means them, dates and times ISO, times with a zone in UTC. A row with a value that has no such text is torn.

    Raises:
        FileRefused: it is broken, lacks a required column, or a contracted one is of a type that is no text.
    """
    with content.as_file() as path, tempfile.TemporaryDirectory(prefix=".parquet-", dir=into.parent) as folder:
        target = Path(folder) / "rows.parquet"
        found = _apart(path.resolve(), wanted, target.resolve(), content)
        target.replace(into)
    return found


def _apart(path: Path, wanted: Wanted, target: Path, content: Content) -> Read:
    # The child finds modules where this process does, wherever it was started.
    command = [sys.executable, "-P", "-c", f"import sys; sys.path[:] = {sys.path!r}; from {APART} import main; main()"]
    given = pickle.dumps((path, wanted, target, content.limits))
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as late:
        raise broken(f"Reading it was not done after [{SECONDS}] seconds") from late
    if done.returncode < 0:  # ended by a signal: the file made it crash
        said = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
        raise broken(f"Reading it ended with signal [{-done.returncode}]{f', {shown(said[0])}' if said else ''}")
    if done.returncode:
        raise RuntimeError(f"{APART} failed: {done.stderr.decode('utf-8', 'replace')}")
    outcome: Read | FileRefused = pickle.loads(done.stdout)
    if isinstance(outcome, FileRefused):
        raise outcome
    return outcome


def broken(why: str) -> FileRefused:
    """The refusal of a file that cannot be read."""
    return FileRefused("the Parquet file is broken", why, "Export and deliver it again")
