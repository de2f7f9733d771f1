"""Source contracts: `contracts/<source>.yml` of a profile, what a court delivers and what each column means.

Belongs here: the promise and its validation. Does not belong here: reading files by it (warehouse.intake).
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, StrictInt, WithJsonSchema, field_validator, model_validator

from warehouse.catalogue.database import DatabaseSource
from warehouse.catalogue.documents import Document, fault, nearest
from warehouse.catalogue.events import DAY, KIND, Events, faults_of
from warehouse.catalogue.lists import read_rows
from warehouse.catalogue.table import Table

READER = "2"
"""Raised when reading or staging changes what it makes of the same bytes: raw and staged files are then made anew."""

ADDED_TO = ("clock_events", "enforcement_results")
"""What is told row by row: a row stands until one with its key comes."""

Kind = Literal["snapshot", "delta", "append"]
Format = Literal["csv", "xlsx", "xls", "json_lines", "json", "parquet", "xml", "fixed_width"]
FORMATS: tuple[Format, ...] = ("csv", "xlsx", "xls", "json_lines", "json", "parquet", "xml", "fixed_width")
Formats = Annotated[
    tuple[Format, ...],
    BeforeValidator(lambda found: (found,) if isinstance(found, str) else found),
    WithJsonSchema({"anyOf": [{"enum": list(FORMATS)}, {"type": "array", "items": {"enum": list(FORMATS)}}]}),
]
"""One, or a list."""
ColumnType = Literal["text", "code", "date", "decimal", "integer", "flag", "case_number"]
Privacy = Literal["public", "internal", "restricted"]


class FixedColumn(Document):
    """One column of a fixed-width file: its name, the place of its first character (from 1), and how many there are."""

    header: str
    start: int = Field(ge=1)
    width: int = Field(ge=1)


class FileFormat(Document):
    """How the files of a source are written. What is left out is told from the file itself, or refused where it cannot be."""

    format: Formats = FORMATS[:-1]
    """One, or those that may come. A fixed-width file cannot be told from others: it must be named."""
    encodings: tuple[str, ...] = ()
    """Tried in this order."""
    names: str = ".*"
    """A pattern for the whole file name; its groups `extract_on` (a date) and `sample` (a label) are read from it."""
    member: str | None = None
    """A pattern for the name of the one file to read in a ZIP archive that holds several."""
    separator: str | None = Field(default=None, min_length=1, max_length=1)
    quote: str = Field(default='"', max_length=1)
    """Nothing (""): the file has no quotes."""
    escape: str = Field(default="", max_length=1)
    """The character before a quote, a separator or itself that is meant as such; nothing: a quote is doubled."""
    record: str | None = Field(default=None, min_length=1, max_length=1)
    """What ends a record, where it is no line end."""
    trailing_separator: bool = False
    """Whether each row ends with a separator too much."""
    closed: bool = False
    """Of text: whether the last line ends with a line end too. One that does not was then cut off, and is torn."""
    header_rows: int = Field(default=1, ge=1, le=5)
    """Where several: the names are joined by `/`, a group's name goes on to the right."""
    no_case: tuple[str, ...] = ()
    """Words with which a row begins that is no case, as a note or a signature. 合计 and the like are known."""
    sheet: str | StrictInt | None = None
    """Of a workbook: its name, or its place from 1. Left out: the only one that has the required columns."""
    records: str | None = None
    """Of JSON: the path to the array, as `data/cases`. Of XML: the name of the element that is a record."""
    widths: tuple[FixedColumn, ...] = ()
    widths_in: Literal["characters", "bytes"] = "characters"

    @field_validator("names", "member")
    @classmethod
    def _is_a_pattern(cls, value: str | None) -> str | None:
        try:
            re.compile(value or "")
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
        for name in value[:-1]:
            if codecs.lookup(name).name in ("iso8859-1", "latin-1"):
                raise ValueError(f"[{name}] fits every file: what stands after it would never be tried. Put it last")
        return value

    @model_validator(mode="after")
    def _has_what_its_format_needs(self) -> FileFormat:
        if not self.format:
            raise ValueError("[format] names none. Name one, or leave it out")
        if "fixed_width" in self.format and not self.widths:
            raise ValueError("[fixed_width] needs `widths: [{header: …, start: 1, width: 8}]`")
        if self.widths and self.format != ("fixed_width",):
            raise ValueError("[widths] are only for `format: fixed_width`")
        return self


class SourceColumn(Document):
    """One column of ours and how it is made from a delivered one."""

    header: str
    also: tuple[str, ...] = ()
    """Other names under which the same column was delivered."""
    type: ColumnType = "text"
    required: bool = False
    """Whether the header must stand in every file (a value may still be empty; rules judge that)."""
    formats: tuple[str, ...] = ("%Y-%m-%d",)
    """For dates, in the order in which they are tried; `excel` is a day number of a spreadsheet."""
    zone: str | None = None
    """For dates given as times: the time zone they are written in; the day is that of the profile's zone."""
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = ""
    """For numbers: what stands between groups of three digits."""
    units: dict[str, int] = Field(default_factory=dict)
    """For numbers: words after them that multiply, as 万: 10000."""
    full_width: bool = False
    """Whether full-width digits and signs (１２３) stand for the usual ones."""
    codes: str | None = None
    """For codes: the profile's list `codes/<name>.csv` with columns `word` and `code`."""
    words: dict[str, bool] = Field(default_factory=dict)
    """For flags: which words mean true and which false."""
    nulls: tuple[str, ...] = ("",)
    """What stands for "none"; a delivery may add placeholders of its own."""
    strip_prefix: str | None = None
    privacy: Privacy = "internal"
    """Who may see it: everyone, the court, or by role alone."""

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                ZoneInfo(value)
            except (KeyError, ValueError, OSError):
                raise ValueError("this is no time zone of the tz database (as UTC)") from None
        return value

    @model_validator(mode="after")
    def _has_what_its_type_needs(self) -> SourceColumn:
        if self.type == "code" and self.codes is None:
            raise ValueError("a column of type code needs `codes: <list>`")
        if self.type == "flag" and not self.words:
            raise ValueError("a column of type flag needs `words: {yes: true, no: false}` in the source's own words")
        if self.decimal == self.thousands:
            raise ValueError("`decimal` and `thousands` are the same character: 1,234 could be read in two ways")
        return self


class KeyRule(Document):
    """Which column makes a row's key; which of several rows of one key stands."""

    column: str
    stands: Literal["none", "without_prefix"] = "none"
    """`none`: rows of one key that differ within a delivery are all set aside. `without_prefix`: the row whose key
    came without the column's `strip_prefix` stands, the others count as duplicates."""


class Shrink(Document):
    """How many keys of the snapshot before may be missing in a snapshot, until a person accepts it: a share and a number."""

    share: float = Field(default=0.2, ge=0, le=1)
    rows: int = Field(default=5, ge=0)


class Contract(Document):
    """One source of one profile."""

    source: str
    feeds: Literal["cases", "registrations", "case_events", "corrections", "clock_events", "enforcement_results", "totals"]
    title_zh: str
    title_en: str
    kind: Kind
    on_missing: Literal["keep", "drop"] = "keep"
    shrink: Shrink = Shrink()
    """A snapshot in which more than both vanished is refused."""
    extract_date: Literal["file_name", "deliveries", "received"] = "file_name"
    file: FileFormat = FileFormat()
    database: DatabaseSource | None = None
    """Where the rows are pulled from, instead of being delivered as files."""
    key: KeyRule
    columns: dict[str, SourceColumn]
    constants: dict[str, str] = Field(default_factory=dict)
    query: str = ""
    """Of a database: the text of the query, from the file that the contract names."""
    delivered_with: str | None = None
    """The source whose files hold this table too: it has no folder of its own in the inbox."""
    events: Events | None = None
    """Where each row is an event: how events make up a case."""
    version: str = ""
    """Made from the contract and the code lists it names when it is loaded."""

    @property
    def required_headers(self) -> tuple[str, ...]:
        """Headers that every file must carry."""
        return tuple(dict.fromkeys(c.header for c in self.columns.values() if c.required))

    @property
    def key_header(self) -> str:
        """The header of the key column; empty for totals, which have none."""
        return self.columns[self.key.column].header

    @property
    def other_headers(self) -> dict[str, str]:
        """Other names of columns, each with the name that the contract uses."""
        return {name: column.header for column in self.columns.values() for name in column.also}

    @property
    def fills(self) -> tuple[str, ...]:
        """The columns that it fills, as `cases.closed_on`, those that events make among them."""
        made = {"case_events": "cases"}.get(self.feeds, self.feeds)
        own = [f"{self.feeds}.{name}" for name in (*self.columns, *self.constants)]
        return (*own, *(f"{made}.{name}" for name in (self.events.made if self.events else ())))

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
    from warehouse.catalogue.totals import contract_of  # it knows this module

    contract = _with_query(path, contract_of(path))
    if contract.source != path.stem:
        raise fault(path, "source:", f"the source is [{contract.source}] in a file named [{path.stem}]", "Make them equal")
    if contract.feeds == "totals":  # dimensions and measures are the contract's own: there are no columns of ours to name
        return contract.model_copy(update={"version": _version(path, contract, codes)})
    staged = _columns_to_fill(contract, tables)
    for name, column in contract.columns.items():
        if name not in staged:
            known = nearest(name, list(staged))
            raise fault(path, f"{name}:", f"staged.{contract.feeds} has no column [{name}]", known)
        if column.codes is not None and column.codes not in codes:
            raise fault(
                path,
                column.codes,
                f"there is no code list [codes/{column.codes}.csv]",
                nearest(column.codes, list(codes)),
            )
    for name in contract.constants:
        if name not in staged:
            raise fault(path, f"{name}:", f"staged.{contract.feeds} has no column [{name}]", nearest(name, list(staged)))
    if contract.key.column not in contract.columns:
        raise fault(
            path,
            "key:",
            f"the key is made of [{contract.key.column}], which is no column of the contract",
            "Name one of its columns",
        )
    if contract.feeds == "corrections" and contract.kind != "append":
        why = "each of them stands until a later one of its field comes"
        raise fault(path, "kind:", f"corrections cannot be a [{contract.kind}]: {why}", "Say `kind: append`")
    if contract.feeds in ADDED_TO and contract.kind == "snapshot":
        why = "a row stands until one with its key comes, or one that is void"
        raise fault(path, "kind:", f"{contract.feeds} cannot be a [snapshot]: {why}", "Say `kind: delta`")
    _check_tables_of_events(path, contract, codes)
    return contract.model_copy(update={"version": _version(path, contract, codes)})


def _with_query(path: Path, contract: Contract) -> Contract:
    """The contract with its query, and with names for the files that are pulled."""
    if contract.database is None:
        return contract
    query = path.with_name(contract.database.query)
    if not query.is_file():
        raise fault(path, "query:", f"there is no query [{query.name}] beside the contract", "Write it there")
    names = rf"{re.escape(contract.source)}_(?P<extract_on>\d{{4}}-\d{{2}}-\d{{2}})(?:_(?P<rank>\d{{6}}))?\.parquet"
    file = contract.file.model_copy(update={"names": names, "format": ("parquet",)})
    return contract.model_copy(update={"query": query.read_text("utf-8-sig"), "file": file})


def _columns_to_fill(contract: Contract, tables: dict[str, Table]) -> tuple[str, ...]:
    """The columns that a contract may fill: those of its staged table, and of an event where events make its cases."""
    more = (DAY, KIND) if contract.events else ()
    return tuple(dict.fromkeys((*tables[f"staged.{contract.feeds}"].columns, *more)))


def _check_tables_of_events(path: Path, contract: Contract, codes: dict[str, Path]) -> None:
    """What a contract says of events, and of the file that it comes in, against the rest of it.

    Raises:
        DefinitionError: with file, line and mend.
    """
    if contract.delivered_with is not None:
        for part, key in ((contract, "extract_date"), (contract.file, "names")):
            if key in part.model_fields_set:
                raise fault(path, f"{key}:", f"the files are those of [{contract.delivered_with}], and so is their [{key}]",
                            "Take it out of this contract")  # fmt: skip
    if contract.feeds == "case_events" and (contract.events is None or contract.delivered_with is None):
        raise fault(path, "feeds:", "events of cases need `events` and `delivered_with: <the source of the cases>`",
                    "Add them, or feed cases with one table that holds both")  # fmt: skip
    if contract.events is None:
        return
    if contract.feeds == "registrations":
        raise fault(path, "events:", "only cases are made of events", "Take the key out")
    if contract.kind != "snapshot":
        raise fault(path, "kind:", f"a file of events cannot be a [{contract.kind}]: a case is made of all its events, and "
                    "events of an earlier file are not added to it",
                    "Deliver all events each time, as `kind: snapshot`")  # fmt: skip
    kind = contract.columns.get(KIND)
    words = [row.get("code", "") for row in read_rows(codes[kind.codes])] if kind and kind.codes else None
    listed = read_rows(codes["closing_manners"]) if "closing_manners" in codes else []
    manners = [row.get("code", "") for row in listed]
    columns = {name: column.type for name, column in contract.columns.items()}
    for word, what, mend in faults_of(contract.events, columns, list(contract.constants), words, manners):
        raise fault(path, word, what, mend)


def _version(path: Path, contract: Contract, codes: dict[str, Path]) -> str:
    """Twelve digits that change when the contract, a code list it may use, or the reader changes."""
    digest = hashlib.sha256(READER.encode() + path.read_bytes() + contract.query.encode())
    named = {c.codes for c in contract.columns.values() if c.codes}
    if any(c.type == "case_number" for c in contract.columns.values()):
        named |= {"courts", "type_characters", "case_types"}
    for name in sorted(named & codes.keys()):
        digest.update(name.encode() + codes[name].read_bytes())
    return digest.hexdigest()[:12]
