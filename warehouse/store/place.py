"""Where the data of one profile live below the home. Every path is made here, so that a copied home works."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """`HOME/P`, the folder of one profile's data."""

    root: Path

    @property
    def inbox(self) -> Path:
        """Files to take in, by source; left untouched."""
        return self.root / "inbox"

    @property
    def landing(self) -> Path:
        """Originals and ledger; restricted."""
        return self.root / "landing"

    @property
    def raw(self) -> Path:
        """Rows as text, one Parquet file per blob and contract version."""
        return self.root / "raw"

    @property
    def staged(self) -> Path:
        """Typed rows, one Parquet file per delivery and contract version; can be rebuilt, like raw."""
        return self.root / "staged"

    @property
    def warehouse(self) -> Path:
        """The published warehouse."""
        return self.root / "warehouse.duckdb"

    @property
    def work(self) -> Path:
        """The copy that a refresh extends."""
        return self.root / "work.duckdb"

    @property
    def lock(self) -> Path:
        """Held while a refresh runs; freed by the kernel when its process ends, however it ends."""
        return self.root / "refresh.lock"

    @property
    def openlineage(self) -> Path:
        """An OpenLineage event for each publication, made from the ledger."""
        return self.root / "openlineage"

    @property
    def dagster(self) -> Path:
        """The run history."""
        return self.root / "dagster"

    def make(self) -> None:
        """The folders; landing for its owner alone."""
        self.root.mkdir(parents=True, exist_ok=True)
        self.inbox.mkdir(exist_ok=True)
        for folder in (self.landing, self.landing / "blobs"):
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)
