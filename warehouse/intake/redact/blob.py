"""One stored file without one person: redacted by each contract that reads it, and proven against its rows before.

Belongs here: which module redacts which format, packing, and the proof. Does not belong here: which files there are.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path

import polars as pl

from warehouse.catalogue.contract import Contract
from warehouse.intake.chronicle import Delivery
from warehouse.intake.read import read_file, wanted_of
from warehouse.intake.readers.rows import PLACES, Read, Torn
from warehouse.intake.redact.aliases import Aliases, KeyColumn, key_columns, keys_of, plain_keys
from warehouse.intake.redact.bytes_of import script_of
from warehouse.intake.redact.json_text import unescaped
from warehouse.intake.redact.redaction import Redaction, emptied_headers
from warehouse.intake.redact.xml_text import meant
from warehouse.intake.refused import FileRefused, shown
from warehouse.intake.unpack import Content, others_in, packed_again

MODULES = {
    "csv": "delimited", "json_lines": "json_text", "json": "json_text", "xml": "xml_text", "fixed_width": "fixed_width",
    "xlsx": "xlsx", "parquet": "parquet",
}  # fmt: skip
ASK = "Ask the court for a redacted file, and deliver that"
SEARCHED = ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "big5")
"""In which encodings a file is looked through that no contract reads."""


@dataclass
class Redacted:
    """A file afterwards: its bytes, and by source the records that were the person's, with their physical lines."""

    data: bytes
    rows: dict[str, list[int]] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    """Headers of which cells were changed or emptied."""


def redacted(path: Path, readers: Sequence[tuple[Delivery, Contract]], aliases: Aliases, folder: Path) -> Redacted | None:
    """The file at `path` without the person; nothing where they do not occur in it. `folder` is for files on the way.

    `readers` are the contracts by which it was or will be taken, each with a delivery of it.

    Raises:
        FileRefused: it cannot be redacted so that every other row stays as it is; nothing is changed.
    """
    kept = frozenset(header for _, contract in readers for header in headers_of(contract))
    made, current = Redacted(b""), path
    name = readers[0][0].file
    try:
        for number, (_, contract) in enumerate(readers):
            step = folder / f"{number}"
            data = _by(current, contract, aliases, kept, made, folder)
            if data is not None:
                step.write_bytes(data)
                current = step
        if current is path:
            return None
        for _, contract in readers:
            _prove(path, current, contract, aliases, made, folder)
    except FileRefused as refused:
        refused.name = name
        raise
    return replace(made, data=current.read_bytes(), columns=tuple(dict.fromkeys(made.columns)))


def headers_of(contract: Contract) -> list[str]:
    """Every header that a contract reads."""
    change = contract.database.change_column if contract.database else None
    also = [name for column in contract.columns.values() for name in column.also]
    return [*contract.required_headers, *contract.optional_headers, *also, *([change] if change else [])]


def _by(path: Path, contract: Contract, aliases: Aliases, kept: frozenset[str], made: Redacted, folder: Path) -> bytes | None:
    """The packed bytes after redaction by one contract; nothing where nothing changes."""
    content = Content(path, member=contract.file.member)
    raw = folder / "raw.parquet"
    found = read_file(path, path.name, contract, raw)
    frame = pl.read_parquet(raw)
    theirs = set(frame.filter(_theirs(frame, contract, aliases))["record"])
    redaction = Redaction(aliases, contract, kept, theirs, starts_of(frame, found.torn))
    _require_known(content, aliases)
    if found.format not in MODULES:
        if theirs or any(aliases.stand_in(torn.text) for torn in found.torn):
            raise FileRefused("the person stands in an old binary workbook (XLS)", "Files of that format cannot be redacted "
                              "without a change to their other rows", ASK)  # fmt: skip
        return None
    if not theirs and not _occurs(content, found, aliases):
        return None
    module = import_module(f"warehouse.intake.redact.{MODULES[found.format]}")
    before = b"".join(content.blocks())
    after: bytes = module.redact(content, found, wanted_of(contract), redaction)
    rows = sorted({*redaction.done, *redaction.records})
    if rows:
        made.rows[contract.source] = sorted({*made.rows.get(contract.source, ()), *rows})
        lines = {record: line for line, record, _ in redaction.starts}
        made.places += [found.places.format(line=lines[record], record=record) for record in rows if record in lines]
        made.columns += (*found.extra_columns, *redaction.keys, *redaction.emptied)
    return packed_again(content, after) if after != before else None


def _occurs(content: Content, found: Read, aliases: Aliases) -> bool:
    """Whether a key can be seen anywhere in a text, its escapes and references undone; of other formats: perhaps."""
    if found.format in ("xlsx", "parquet"):
        return True
    text = script_of(content, found.encoding).text
    undone = unescaped(text) if "json" in found.format else meant(text) if found.format == "xml" else text
    return aliases.stand_in(text) or aliases.stand_in(undone)


def starts_of(frame: pl.DataFrame, torn: Iterable[Torn]) -> list[tuple[int, int, str]]:
    """Line, record and kind of each record, in the order of lines."""
    rows = [(line, record, "row") for record, line in frame.select("record", "line").iter_rows()]
    return sorted([*rows, *((one.line, one.record, one.code) for one in torn)])


def _theirs(frame: pl.DataFrame, contract: Contract, aliases: Aliases) -> pl.Series:
    """Which rows of a file are the person's."""
    found = pl.Series([False]).new_from_index(0, frame.height)
    for column in key_columns(contract, aliases.numbering is not None):
        if column.is_own:
            keys = [one for alias in aliases.every if alias.kind == column.kind for one in (alias.key, alias.alias)]
            found = found | column_keys(frame[column.headers[0]], column, aliases).is_in(keys).fill_null(value=False)
    return found


def column_keys(values: pl.Series, column: KeyColumn, aliases: Aliases) -> pl.Series:
    """The keys in a key column; of Chinese numbers only those that may be the person's are taken apart."""
    if column.kind != "case" or aliases.numbering is None:
        return plain_keys(values, column.prefix)
    serials = "|".join(part for one in aliases.every if one.serial for part in (one.key.rpartition("-")[2], one.serial))
    may = values.str.contains(rf"(?:{serials or '$.'})|[^\x21-\x7e\p{{Han}}（）〔〕]").fill_null(value=False)
    keys = pl.Series([None], dtype=pl.String).new_from_index(0, len(values))
    return keys.scatter(may.arg_true(), keys_of(values.filter(may), aliases.numbering)) if may.any() else keys


def _require_known(content: Content, aliases: Aliases) -> None:
    """Refuse an archive in which the person also stands in a file that nobody reads."""
    for name, data in others_in(content).items():
        if seen_in(data, aliases):
            raise FileRefused(f"the archive also holds {shown(name)}, in which the person stands", "No contract reads it", ASK)


def seen_in(data: bytes, aliases: Aliases) -> bool:
    """Whether a key can be seen in bytes of an encoding that nobody knows."""
    for encoding in SEARCHED:
        codecs.lookup(encoding)
        if aliases.stand_in(data.decode(encoding, "ignore")):
            return True
    return False


def _prove(old: Path, new: Path, contract: Contract, aliases: Aliases, made: Redacted, folder: Path) -> None:
    """Requires that both files read alike but for what was to change.

    Raises:
        FileRefused: they do not.
    """
    before, after = folder / "before.parquet", folder / "after.parquet"
    try:
        was, now = (read_file(path, path.name, contract, into) for path, into in ((old, before), (new, after)))
    except FileRefused as refused:
        raise FileRefused("it cannot be read any more once it is redacted", refused.what, ASK) from refused
    expected = _expected(pl.read_parquet(before), contract, aliases, set(made.rows.get(contract.source, ())))
    if not expected.equals(pl.read_parquet(after)) or not _alike(was, now):
        raise FileRefused("other rows would change with those of the person", "It was redacted for a trial and read again", ASK)


def _expected(frame: pl.DataFrame, contract: Contract, aliases: Aliases, theirs: set[int]) -> pl.DataFrame:
    """The rows as they must be read afterwards."""
    keys = {column.headers[0]: column for column in key_columns(contract, aliases.numbering is not None)}
    emptied = set(emptied_headers(contract))
    is_theirs = frame["record"].is_in(list(theirs))
    for name in frame.columns:
        if name in PLACES:
            continue
        values = frame[name]
        if name in keys:
            mine = column_keys(values, keys[name], aliases).is_in([one.key for one in aliases.every]).fill_null(value=False)
            at = (mine | _seen(values, aliases)).arg_true()
            told = [aliases.in_key(values[i], keys[name].kind, keys[name].prefix) for i in at]
        elif name in emptied:
            at = (is_theirs & values.is_not_null()).arg_true()
            told = [""] * len(at)
        else:
            at = _seen(values, aliases).arg_true()
            told = [aliases.in_text(values[i]) for i in at]
        if len(at):
            frame = frame.with_columns(values.scatter(at, pl.Series(told, dtype=pl.String)))
    return frame


def _seen(values: pl.Series, aliases: Aliases) -> pl.Series:
    unique = values.unique()
    return values.is_in([v for v in unique if v and aliases.stand_in(v)])


def _alike(was: Read, now: Read) -> bool:
    """Whether as much was found, in the same places, for the same reasons."""
    bare = [replace(one, torn=(), extra_columns=(), missing_columns=()) for one in (was, now)]
    torn = [[(t.record, t.line, t.code, _reason(t)) for t in one.torn] for one in (was, now)]
    return bare[0] == bare[1] and torn[0] == torn[1] and was.missing_columns == now.missing_columns


def _reason(torn: Torn) -> str:
    return torn.reason.partition("[")[0]
