"""Source contracts: `contracts/<source>.yml` of a profile, what a court delivers and what each column means.

Belongs here: the promise and its validation. Does not belong here: reading files by it (warehouse.intake).
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from warehouse.catalogue.documents import Document, fault, load, nearest
from warehouse.catalogue.table import Table

READER = "1"
"""Raised when reading or staging changes what it makes of the same bytes: raw and staged files are then made anew."""

Kind = Literal["snapshot", "delta", "append"]
ColumnType = Literal["text", "code", "date", "decimal", "integer", "flag", "case_number"]


class FileFormat(Document):
    """How the files of a source are written."""

    format: Literal["csv"]
    separator: str = Field(default=",", min_length=1, max_length=1)
    quote: str = Field(default='"', min_length=1, max_length=1)
    encodings: tuple[str, ...] = ("utf-8",)
    names: str = r".*\.csv(?:\.gz)?"
    """A pattern for the whole file name; its groups `extract_on` (a date) and `sample` (a label) are read from it."""

    @field_validator("names")
    @classmethod
    def _is_a_pattern(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"this is no pattern ({error})") from None
        return value

    @field_validator("encodings")
    @classmethod
    def _are_known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        import codecs

        for name in value:
            try:
                codecs.lookup(name)
            except LookupError:
                raise ValueError(f"[{name}] is no encoding that is known") from None
        return value


class SourceColumn(Document):
    """One column of ours and how it is made from a delivered one."""

    header: str
    type: ColumnType = "text"
    required: bool = False
    """Whether the header must stand in every file (a value may still be empty; rules judge that)."""
    formats: tuple[str, ...] = ("%Y-%m-%d",)
    """For dates, in the order in which they are tried."""
    codes: str | None = None
    """For codes: the profile's list `codes/<name>.csv` with columns `word` and `code`."""
    words: dict[str, bool] = Field(default_factory=dict)
    """For flags: which words mean true and which false."""
    nulls: tuple[str, ...] = ("",)
    """What stands for "none"; a delivery may add placeholders of its own."""
    strip_prefix: str | None = None

    @model_validator(mode="after")
    def _has_what_its_type_needs(self) -> SourceColumn:
        if self.type == "code" and self.codes is None:
            raise ValueError("a column of type code needs `codes: <list>`")
        if self.type == "flag" and not self.words:
            raise ValueError("a column of type flag needs `words: {yes: true, no: false}` in the source's own words")
        return self


class KeyRule(Document):
    """Which column makes a row's key; which of several rows of one key stands."""

    column: str
    stands: Literal["none", "without_prefix"] = "none"
    """`none`: rows of one key that differ within a delivery are all set aside. `without_prefix`: the row whose key
    came without the column's `strip_prefix` stands, the others count as duplicates."""


class Contract(Document):
    """One source of one profile."""

    source: str
    feeds: Literal["cases", "registrations"]
    title_zh: str
    title_en: str
    kind: Kind
    on_missing: Literal["keep", "drop"] = "keep"
    extract_date: Literal["file_name", "deliveries", "received"] = "file_name"
    file: FileFormat
    key: KeyRule
    columns: dict[str, SourceColumn]
    constants: dict[str, str] = Field(default_factory=dict)
    version: str = ""
    """Made from the contract and the code lists it names when it is loaded."""

    @property
    def required_headers(self) -> tuple[str, ...]:
        """Headers that every file must carry."""
        return tuple(dict.fromkeys(c.header for c in self.columns.values() if c.required))

    @property
    def optional_headers(self) -> tuple[str, ...]:
        """Headers that a file may lack."""
        must = set(self.required_headers)
        return tuple(dict.fromkeys(c.header for c in self.columns.values() if c.header not in must))


def read_contract(path: Path, tables: dict[str, Table], codes: dict[str, Path]) -> Contract:
    """The contract of one source, checked against the staged table that it feeds and the profile's code lists.

    Raises:
        DefinitionError: with file, line and mend.
    """
    contract = load(path, Contract)
    if contract.source != path.stem:
        raise fault(path, "source:", f"the source is [{contract.source}] in a file named [{path.stem}]", "Make them equal")
    staged = tables[f"staged.{contract.feeds}"]
    for name, column in contract.columns.items():
        if name not in staged.columns:
            known = nearest(name, list(staged.columns))
            raise fault(path, f"{name}:", f"staged.{contract.feeds} has no column [{name}]", known)
        if column.codes is not None and column.codes not in codes:
            raise fault(
                path,
                column.codes,
                f"there is no code list [codes/{column.codes}.csv]",
                nearest(column.codes, list(codes)),
            )
    for name in contract.constants:
        if name not in staged.columns:
            raise fault(
                path, f"{name}:", f"staged.{contract.feeds} has no column [{name}]", nearest(name, list(staged.columns))
            )
    if contract.key.column not in contract.columns:
        raise fault(
            path,
            "key:",
            f"the key is made of [{contract.key.column}], which is no column of the contract",
            "Name one of its columns",
        )
    return contract.model_copy(update={"version": _version(path, contract, codes)})


def _version(path: Path, contract: Contract, codes: dict[str, Path]) -> str:
    """Twelve digits that change when the contract, a code list it may use, or the reader changes."""
    digest = hashlib.sha256(READER.encode() + path.read_bytes())
    named = {c.codes for c in contract.columns.values() if c.codes}
    if any(c.type == "case_number" for c in contract.columns.values()):
        named |= {"courts", "type_characters", "case_types"}
    for name in sorted(named & codes.keys()):
        digest.update(name.encode() + codes[name].read_bytes())
    return digest.hexdigest()[:12]
