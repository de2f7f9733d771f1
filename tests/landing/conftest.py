"""An inbox and its landing: `put` delivers a file, `look` lets landing take what is new."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from warehouse.intake.land import Landed, land
from warehouse.intake.ledger import Ledger


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An empty inbox with a folder for cases."""
    (tmp_path / "inbox/cases").mkdir(parents=True)
    return tmp_path / "inbox"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """The ledger beside it."""
    return Ledger(tmp_path / "landing")


@pytest.fixture
def put(inbox: Path) -> Callable[..., Path]:
    """`put("cases/cases_2016-01-31.csv", text)` writes a file that nobody has touched since 2016."""

    def write(name: str, text: str = "案号,立案日期\n") -> Path:
        path = inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        os.utime(path, (1.46e9, 1.46e9))
        return path

    return write


@pytest.fixture
def look(inbox: Path, ledger: Ledger, catalogue: Any) -> Callable[[], Landed]:
    """Takes what is new in the inbox."""
    return lambda: land(inbox, ledger.folder, catalogue.profile, ledger, datetime(2016, 11, 1, 2, 0))
