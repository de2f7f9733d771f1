"""An evidence bundle: one figure, its definitions and queries, its rows with their lines, and proofs up to the ledger.

Belongs here: what goes into the archive, and in which form. Does not belong here: whether it holds (verify.py, which goes into
the archive too), and who asks.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from warehouse.audit.evidence.verify import FORM, SEAL, records, standing, verify
from warehouse.audit.explain import explain, parts_of
from warehouse.audit.heads import does_not_extend, read_head, size_of
from warehouse.catalogue.contract import Contract
from warehouse.intake.chronicle import Delivery, read_chronicle
from warehouse.intake.ledger import Event, Ledger
from warehouse.intake.merkle import consistency_proof, joint_proof, leaf_hash, merkle_head
from warehouse.intake.read import read_delivery, wanted_of
from warehouse.intake.readers.rows import Read
from warehouse.intake.tombstones import ERASED
from warehouse.intake.unpack import Content
from warehouse.reading.figure import Asked
from warehouse.reading.figures import Reader
from warehouse.refresh.bundles import catalogue_of
from warehouse.store.place import Place

Row = dict[str, Any]
EVERY = 1 << 40
EPOCH = (1980, 1, 1, 0, 0, 0)
"""Of every member: the archive of the same evidence is the same, byte for byte."""
NAMED = """\
{figure_id} = {value}
{synthetic}
这份证据包说明该数字由哪些案件、哪些文件的哪些行得出，并可由不信任本系统的人自行核验。
This bundle shows the cases and the lines of the delivered files that the figure was counted from; anyone can check it.

    python3 -I {name}                            (the verifier inside)
    python3 -I verify.py {name} --head {head}

Take verify.py from where you trust it: its sha256 is {verifier}.
Get the head otherwise than with this bundle: from a printed page, a mail, an export of that day.

figure.json      the figure: definition, queries as run, rules, refresh
rows.jsonl       the counted rows, each with the file and line it stands on and its fields as delivered; beside it the
                 lines that its counting depends on: events, results, linked cases, corrections
lines/, files/   those lines, with a proof that they stand in the delivered file at their number; or the whole file
sources.json     the deliveries, and how their files are written
ledger.json      the events of the ledger that the figure follows from, with a proof up to the head
definitions.zip  the definitions, queries and rules by which the refresh counted
"""


class NothingToProve(ValueError):
    """A figure that is not published has no rows."""


@dataclass(frozen=True)
class Evidence:
    """A bundle that was made and verified: its bytes, what the verifier says, and the head that it goes up to."""

    figure_id: str
    data: bytes
    lines: tuple[str, ...]
    head: str
    rows: int

    @property
    def sha256(self) -> str:
        """Of the archive."""
        return hashlib.sha256(self.data).hexdigest()


def evidence(place: Place, reader: Reader, asked: Asked, name: str, held: str | None = None) -> Evidence:
    """The bundle of one figure; `name` is that of the file it will be, `held` a head of an earlier day that somebody has.

    Raises:
        NothingToProve: the figure is not published.
        ValueError: `held` is no head, or none of which the ledger of today is an extension.
        Fault: what was put together does not hold, as where landing or ledger were tampered with.
    """
    with catalogue_of(place, reader.snapshot.refresh.bundle):  # its steps ask for it again, and find it open
        return _evidence(place, reader, asked, name, held)


def _evidence(place: Place, reader: Reader, asked: Asked, name: str, held: str | None) -> Evidence:
    found = explain(place, reader, asked, EVERY)
    if found["status"] != "published":
        raise NothingToProve(f"[{found['figure_id']}] is {found['status']} ({found['reason']}): it has no rows to prove. "
                             "`caseload explain` shows its definition and its rules")  # fmt: skip
    rows = found.pop("rows")
    ledger = Ledger(place.landing).read().lines
    extends = _extension(held, ledger) if held else {}
    events = [json.loads(line) for line in ledger]
    lines = [*rows, *(line for row in rows for line in row["beside"])]
    sources, content = _sources(place, lines, events)
    shown = [one["event"] for one in sources] + _also(events, reader.snapshot.refresh.id)
    figure = {**found, **_arithmetic(place, reader, asked)}
    head = f"{len(ledger)}:{merkle_head(ledger)}"
    members = {
        "figure.json": _json(figure),
        "rows.jsonl": b"".join(_line(row) + b"\n" for row in rows),
        "sources.json": _json(sources),
        "ledger.json": _json({"head": head, "extends": extends, **_shown(shown, ledger, "events", "utf-8")}),
        "definitions.zip": (place.landing / "blobs" / reader.snapshot.refresh.bundle).read_bytes(),
        **content,
    }
    own = Path(__file__).parent
    verifier = (own / "verify.py").read_bytes()
    members |= {"verify.py": verifier, "__main__.py": b"import sys\n\nfrom verify import main\n\nsys.exit(main())\n"}
    members["README.txt"] = NAMED.format(
        figure_id=found["figure_id"], value=found["value"], name=name, head=head, verifier=hashlib.sha256(verifier).hexdigest(),
        synthetic="合成数据，非法院记录 SYNTHETIC DATA, not the court's records\n" if found["is_synthetic"] else "",
    ).encode()  # fmt: skip
    data = _sealed(members)
    return Evidence(found["figure_id"], data, tuple(verify(data, next(iter(extends), head))), head, len(rows))


def _extension(held: str, ledger: Sequence[bytes]) -> dict[str, list[str]]:
    """The proof that the ledger extends an earlier head, by that head as SIZE:HEX; none for the one of today."""
    head = read_head(held)
    size = size_of(head, ledger)
    if size is None:
        raise ValueError(f"--head [{held}] is of another ledger: {does_not_extend(head, ledger)}")
    if not 0 < size < len(ledger):
        return {}
    proof = consistency_proof(size, [leaf_hash(line) for line in ledger])
    return {f"{size}:{head.root}": [one.hex() for one in proof]}


def _also(events: Sequence[Event], refresh_id: str) -> list[int]:
    """The events that a figure follows from beside its deliveries: its refresh, and erasures, which change stored bytes."""
    refreshes = [e["seq"] for e in events if e["event"] == "refresh" and e["refresh_id"] == refresh_id]
    return [*refreshes[-1:], *(e["seq"] for e in events if e["event"] == ERASED)]


def _arithmetic(place: Place, reader: Reader, asked: Asked) -> dict[str, Any]:
    """How the rows make up the figure: its formula and days, and in which file of the definitions each query stands."""
    figure = reader.answer(asked)[0]
    with catalogue_of(place, reader.snapshot.refresh.bundle) as catalogue:
        files = {one.name: f"sql/metrics/{one.metric.members.rpartition('/')[2]}.sql" for one, _ in parts_of(catalogue, asked)}
    is_ratio = asked.metric.kind == "ratio"
    return {
        "sql_files": files, "days": figure.days, "formula": asked.metric.formula_of(asked.variant) if is_ratio else None,
        "parts": list(asked.metric.parts_of(asked.variant)),
    }  # fmt: skip


# --- files and their lines


@dataclass
class _File:
    """One delivery whose rows are counted, with what it takes to read its rows again."""

    delivery: Delivery
    event: Event
    contract: Contract
    read: Read
    path: Path
    rows: list[Row]
    has_tree: bool
    """Whether the ledger holds the root of the tree over its lines."""

    @cached_property
    def content(self) -> Content:
        """The stored bytes."""
        return Content(self.path, None, self.contract.file.member)

    @cached_property
    def written(self) -> dict[str, Any] | None:
        """How its rows are written, for the verifier; None where that does not read such files."""
        form, kind = self.contract.file, self.read.format
        told = {"header_line": 0, "columns": [], "separator": ",", "quote": '"', "escape": "", "sheet": None}
        if self.content.packing or form.header_rows > 1 or kind not in ("csv", "json_lines", "xlsx"):
            return None
        if kind == "json_lines":
            return told if self.read.places == "line {line}" else None
        if kind == "xlsx":
            return told | self._sheet()
        from warehouse.intake.readers.delimited import layout

        plan = layout(self.content, form, wanted_of(self.contract), self.read.encoding)
        if plan.record != "\n":
            return None
        marks = {"separator": plan.marks.separator, "quote": plan.marks.quote, "escape": plan.marks.escape}
        return told | marks | {"header_line": plan.header.line, "columns": plan.header.names}

    def _sheet(self) -> dict[str, Any]:
        from warehouse.intake.readers.sheets import searched, sheet_of
        from warehouse.intake.readers.xlsx import sheets_of
        from warehouse.intake.readers.xlsx_book import read_book
        from warehouse.intake.readers.xlsx_parts import opened

        with opened(self.content) as package:
            sheets = sheets_of(package, read_book(package))
            sheet = sheet_of(sheets, self.contract.file.sheet, wanted_of(self.contract), self.content.limits)
            header = searched(sheet, wanted_of(self.contract), self.content.limits).result()
        return {"header_line": header.line, "columns": header.names, "sheet": sheet.name}

    @cached_property
    def lines(self) -> list[bytes]:
        """As the tree of its event has them."""
        return self.path.read_bytes().split(b"\n")

    def needed(self) -> list[int]:
        """The lines, from 1, that header and rows stand on. ValueError where they cannot be told."""
        written = self.written
        if written is None or not self.has_tree:
            raise ValueError("the file has no lines to prove")
        wanted = [row["line"] for row in self.rows] + ([written["header_line"]] if written["header_line"] else [])
        if self.read.format == "json_lines":
            return wanted
        found: list[int] = []
        for line in wanted:
            reader = records(self._text_from(line), written)
            next(reader)
            found += range(line, line + reader.line_num)
        return found

    def _text_from(self, line: int) -> Iterator[str]:
        for at in range(line - 1, len(self.lines)):  # a slice for each row would copy the rest of the file each time
            yield self.lines[at].decode(self.read.encoding) + "\n"

    def told(self, form: str, is_read: bool) -> dict[str, Any]:
        """Its entry in sources.json."""
        also = {wanted: other for other, wanted in self.contract.other_headers.items()}
        return {
            "delivery_no": self.delivery.delivery_no, "event": self.event["seq"], "source": self.delivery.source,
            "file": self.delivery.file, "blob": self.delivery.blob, "as": form, "is_read": is_read,
            "format": self.read.format, "encoding": self.read.encoding, "epoch": self.read.epoch, "headers": also,
            **(self.written or {"header_line": 0, "columns": [], "sheet": None}),
        }  # fmt: skip


def _sources(place: Place, rows: Sequence[Row], events: Sequence[Event]) -> tuple[list[Row], dict[str, bytes]]:
    """The deliveries for sources.json, and the members of the archive that hold their lines, or all of their bytes.

    Lines alone where each can be proven and read again; else the file, which is of no use to others than the auditor.
    """
    told, content = [], {}
    wanted: dict[str, set[int]] = defaultdict(set)
    files = list(_files(place, rows, events))
    for file in files:
        try:
            wanted[file.delivery.blob] |= set(file.needed())
        except (ValueError, csv.Error, StopIteration, IndexError):
            wanted[file.delivery.blob].add(-1)
    for file in files:
        blob = file.delivery.blob
        if -1 in wanted[blob]:
            told.append(file.told("file", is_read=file.written is not None))
            content[f"files/{blob}"] = file.path.read_bytes()
        else:
            told.append(file.told("lines", is_read=True))
            content[f"lines/{blob}.json"] = _json(_shown(sorted(wanted[blob]), file.lines, "lines", file.read.encoding))
    return told, content


def _files(place: Place, rows: Sequence[Row], events: Sequence[Event]) -> Iterator[_File]:
    chronicle, noted = read_chronicle(events), dict(enumerate(events))
    said = {event["delivery_no"]: event for event in events if event["event"] == "delivery"}
    rows_of: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        rows_of[row["delivery_no"]].append(row)
    bundles: dict[str, list[int]] = defaultdict(list)
    for number in sorted(rows_of):
        bundles[chronicle.taken[number][0].bundle].append(number)
    for bundle, numbers in bundles.items():
        with catalogue_of(place, bundle) as then:
            for number in numbers:
                delivery = chronicle.deliveries[number]
                contract = then.profile.contracts[delivery.source]
                read = read_delivery(place.landing, place.raw, delivery, contract)
                path = place.landing / "blobs" / delivery.blob
                has_tree = bool(standing(said[number], noted)[1])
                yield _File(delivery, said[number], contract, read, path, rows_of[number], has_tree)


# --- the archive


def _shown(numbers: Sequence[int], entries: Sequence[bytes], name: str, encoding: str) -> dict[str, Any]:
    """Some entries, by their number from 1, with the hashes that lead to the root over all."""
    chosen = sorted(set(numbers))
    proof = joint_proof([number - 1 for number in chosen], [leaf_hash(entry) for entry in entries])
    return {name: {str(number): entries[number - 1].decode(encoding) for number in chosen},
            "hashes": [one.hex() for one in proof]}  # fmt: skip


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str).encode()


def _line(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False, default=str).encode()


def _sealed(members: Mapping[str, bytes]) -> bytes:
    """The archive: its manifest names the sha256 of each member, and its comment that of every byte before it."""
    listed = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(members.items())}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in sorted({**members, "manifest.json": _json({"form": FORM, "files": listed})}.items()):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
        archive.comment = SEAL + b"0" * 64
    unsealed = made.getvalue()[: -len(archive.comment)]
    return unsealed + SEAL + hashlib.sha256(unsealed).hexdigest().encode()
