"""Audit queries: `warehouse/audits/<id>.yml` says what one asks, `sql/audit/library/<id>.sql` answers it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from string import Template
from typing import Any, Literal

from pydantic import Field

from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.documents import Document, load_beside
from warehouse.catalogue.query import HOUSE


class Parameter(Document):
    """What an auditor may set: `default` null must be given."""

    type: Literal["integer", "text", "day"]
    default: int | str | None = None
    meaning_zh: str
    meaning_en: str

    def read(self, name: str, text: str) -> int | str | date:
        """The value that a text means.

        Raises:
            ValueError: it is not of the type.
        """
        try:
            if self.type == "integer":
                return int(text)
            return date.fromisoformat(text) if self.type == "day" else text
        except ValueError:
            wanted = "a whole number" if self.type == "integer" else "a day as 2016-03-31"
            raise ValueError(f"--param {name}=[{text}]: {wanted} is wanted ({self.meaning_en})") from None


class Label(Document):
    """What a column shows."""

    zh: str
    en: str


class AuditQuery(Document):
    """One question of the library: what it lists, what may be set, what each column shows. It accuses nobody."""

    id: str
    name_zh: str
    name_en: str
    asks_zh: str
    asks_en: str
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    columns: dict[str, Label]
    needs: tuple[str, ...] = ()
    """Sources, or code lists as `codes.statutory_limits`, without which it cannot be asked."""

    def applies(self, catalogue: Catalogue) -> bool:
        """Whether the profile has what it needs."""
        return set(self.needs) <= catalogue.fed

    def asks(self, lang: str, values: Mapping[str, Any] | None = None) -> str:
        """What it lists, with these values of its parameters, or its defaults; an ellipsis for one without."""
        told = {name: "…" if one.default is None else one.default for name, one in self.parameters.items()}
        text = self.asks_zh if lang == "zh" else self.asks_en
        return Template(text.strip()).substitute({**told, **(values or {})})

    def values(self, given: Mapping[str, str]) -> dict[str, Any]:
        """The parameters as given, else by default.

        Raises:
            ValueError: one is unknown, missing or not of its type.
        """
        if unknown := sorted(given.keys() - self.parameters.keys()):
            known = ", ".join(self.parameters) or "none"
            raise ValueError(f"{self.id} has no parameter [{unknown[0]}]. It has: {known}")
        found: dict[str, Any] = {}
        for name, parameter in self.parameters.items():
            if name in given:
                found[name] = parameter.read(name, given[name])
            elif parameter.default is None:
                raise ValueError(f"{self.id} needs --param {name}=… ({parameter.meaning_en})")
            else:
                found[name] = parameter.read(name, str(parameter.default))
        return found


def read_audit_queries(house: Path = HOUSE) -> dict[str, AuditQuery]:
    """The library by id.

    Raises:
        DefinitionError: with file, line and mend.
    """
    return load_beside(house / "warehouse/audits", house / "sql/audit/library", AuditQuery, "answers it")
