"""Table contracts: `warehouse/tables/<layer>/<table>.yml`, what each column means and what makes a row unique."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import model_validator

from warehouse.catalogue.documents import Document, load


class Column(Document):
    """One column: its SQL type, what it means, its unit, and who may see it."""

    type: str
    meaning: str
    meaning_zh: str = ""
    """Of a published column, as people who ask about it read it; a test holds that none lacks it."""
    unit: str | None = None
    privacy: Literal["public", "restricted"] = "public"

    def means(self, lang: str) -> str:
        """What it means, in Chinese where that is asked and said."""
        return (self.meaning_zh if lang == "zh" else "") or self.meaning


class Table(Document):
    """One table: grain in words, key in columns, and whether it is made anew, added to, kept as spans, a view, or files."""

    grain: str
    grain_zh: str = ""
    key: tuple[str, ...]
    kept: Literal["replace", "append", "spans", "files", "view"]
    columns: dict[str, Column]
    joins: Literal["as_estimated", "as_written"] = "as_estimated"
    """Whether DuckDB may turn joins around by its estimates, or builds on what stands on their right side."""

    def row(self, lang: str) -> str:
        """What one row is, in Chinese where that is asked and said."""
        return (self.grain_zh if lang == "zh" else "") or self.grain

    @model_validator(mode="after")
    def _key_is_of_columns(self) -> Table:
        unknown = [name for name in self.key if name not in self.columns]
        if unknown:
            raise ValueError(f"the key names columns that the table lacks: [{', '.join(unknown)}]")
        return self


def read_tables(folder: Path) -> dict[str, Table]:
    """All contracts below `folder` as `layer.table`.

    Raises:
        DefinitionError: one of them does not hold together.
    """
    return {f"{path.parent.name}.{path.stem}": load(path, Table) for path in sorted(folder.glob("*/*.yml"))}
