"""Patterns that may be signs of gaming: `warehouse/patterns/<id>.yml` says what one shows, `sql/patterns/<id>.sql` finds it."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.documents import Document, load_beside
from warehouse.catalogue.query import HOUSE


class Pattern(Document):
    """One pattern, in neutral words: what is shown, among how many, what may lie behind it, and what is measured.

    `shows_zh` and `shows_en` may name a parameter, as `$days`.
    """

    id: str
    name_zh: str
    name_en: str
    shows_zh: str
    shows_en: str
    among_zh: str
    among_en: str
    may_be_zh: str
    may_be_en: str
    measure_zh: str
    measure_en: str
    parameters: dict[str, int] = Field(default_factory=dict)
    needs: tuple[str, ...] = ()
    """Sources, or code lists as `codes.statutory_limits`, without which it cannot be looked for."""

    def applies(self, catalogue: Catalogue) -> bool:
        """Whether the profile has what it needs."""
        return set(self.needs) <= catalogue.fed


def read_patterns(house: Path = HOUSE) -> dict[str, Pattern]:
    """All patterns by id.

    Raises:
        DefinitionError: with file, line and mend.
    """
    return load_beside(house / "warehouse/patterns", house / "sql/patterns", Pattern, "finds the pattern")
