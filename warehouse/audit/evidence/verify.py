"""Verifier of an evidence bundle of Court Caseload. One file, the standard library of Python 3.8 or later alone, no network.

Usage: python3 verify.py EVIDENCE.zip [--head SIZE:HEX]
`--head` is a head of the ledger that you got otherwise than with the bundle: printed, mailed, from an export; of the same day
or, where the bundle was made with it, of an earlier one. Without it the bundle is held against itself alone, and whoever made
all of it up, ledger included, passes.
Exit: 0 where all holds; 1 with the file and what does not hold; 2 for wrong usage.

What is checked, in this order: every byte of the archive; that each event is in the ledger of this head (RFC 9162, 2.1.3);
that the refresh counted by these definitions, and the queries shown are theirs; that each line stands at its number in the
file that its delivery event names; that its fields are those shown; that rows are counted once, in their span; that they
add up to the figure. What no list of rows can show is that none is missing: the figure itself says how many there are.
"""

from __future__ import annotations

import argparse
import ast
import csv
import hashlib
import io
import json
import re
import sys
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

FORM = 1
SEAL = b"sha256:"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
Cell = Any
"""The text of a cell of a workbook, and its kind."""
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Fault(Exception):
    """What does not hold, as `file: what`."""


def need(holds: object, name: str, what: str) -> None:
    """Raise a Fault where something does not hold."""
    if not holds:
        raise Fault(f"{name}: {what}")


def sha256(content: bytes) -> str:
    """In hex."""
    return hashlib.sha256(content).hexdigest()


# --- the archive


def opened(data: bytes) -> dict[str, bytes]:
    """The members of the archive by name, once every byte of it is accounted for."""
    at = data.rfind(SEAL)
    need(at > 0 and len(data) - at == len(SEAL) + 64, "the archive", "it carries no seal at its end")
    need(sha256(data[:at]).encode() == data[at + len(SEAL) :], "the archive", "its bytes are not those that were sealed")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        need(len(names) == len(set(names)), "the archive", "it holds a name twice")
        members = {name: archive.read(name) for name in names}
    told = read_json(members, "manifest.json")
    need(told.get("form") == FORM, "manifest.json", f"its form is {told.get('form')}, and this verifier knows {FORM}")
    listed = told["files"]
    for name in sorted({*members, *listed} - {"manifest.json"}):
        need(name in listed, name, "the manifest does not list it")
        need(name in members, name, "it is missing")
        need(sha256(members[name]) == listed[name], name, "its bytes are not those of the manifest")
    return members


def read_json(members: Mapping[str, bytes], name: str) -> Any:
    """One member as JSON."""
    need(name in members, name, "it is missing")
    try:
        return json.loads(members[name].decode("utf-8"))
    except ValueError as error:
        raise Fault(f"{name}: it is no JSON ({error})") from None


# --- trees (RFC 9162, section 2.1)


def leaf(entry: bytes) -> bytes:
    """The hash of an entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(size: int, known: Mapping[int, bytes], hashes: Iterable[bytes]) -> str | None:
    """The root of a tree of `size` entries, of which some are `known` (index: entry); `hashes` are subtrees without any.

    From left to right, each subtree without a known entry takes the next hash. None where the hashes do not fit.
    """
    wanted, given = sorted(known), iter(hashes)

    def over(first: int, count: int, mine: list[int]) -> bytes:
        if not mine:
            return next(given)
        if count == 1:
            return leaf(known[first])
        cut = 1 << ((count - 1).bit_length() - 1)
        left = over(first, cut, [at for at in mine if at < first + cut])
        return node(left, over(first + cut, count - cut, [at for at in mine if at >= first + cut]))

    if not wanted or wanted[0] < 0 or wanted[-1] >= size:
        return None
    try:
        found = over(0, size, wanted)
    except StopIteration:
        return None
    return None if next(given, None) is not None else found.hex()


def extends(old_size: int, old_root: str, size: int, digest: str, hashes: list[bytes]) -> bool:
    """Whether a tree extends an older one (2.1.4.2)."""
    if not 0 < old_size < size or not hashes:
        return False
    first, *rest = [bytes.fromhex(old_root), *hashes] if old_size & (old_size - 1) == 0 else hashes
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = first
    for other in rest:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node(other, old), node(other, new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = node(new, other)
        at, last = at >> 1, last >> 1
    return last == 0 and old.hex() == old_root and new.hex() == digest


def events_of(members: Mapping[str, bytes], head: str | None) -> tuple[dict[int, Any], str]:
    """The events that the bundle shows, by their number, each proven to be in the ledger of its head."""
    told = read_json(members, "ledger.json")
    lines = {int(number): text.encode("utf-8") for number, text in told["events"].items()}
    hashes = [bytes.fromhex(one) for one in told["hashes"]]
    size, digest = told["head"].split(":")
    found = root(int(size), {number - 1: line for number, line in lines.items()}, hashes)
    need(found == digest, "ledger.json", f"its events are not in the ledger of the head {told['head']}")
    if head is not None and head not in (told["head"], digest):
        hashes = told["extends"].get(head)
        need(hashes is not None, "ledger.json", f"its head is {told['head']}, and nothing shows that it extends your {head}. "
             "Ask for a bundle that was made with that head")  # fmt: skip
        old, root_then = head.split(":")
        does = extends(int(old), root_then, int(size), digest, [bytes.fromhex(one) for one in hashes])
        need(does, "ledger.json", f"the ledger of {told['head']} does not extend the one of {head}")
    events = {number: json.loads(line) for number, line in lines.items()}
    for number, event in events.items():
        need(event["seq"] == number, "ledger.json", f"event {event['seq']} stands as {number}")
    return events, told["head"]


# --- definitions


def check_definitions(members: Mapping[str, bytes], figure: Mapping[str, Any], events: Mapping[int, Any]) -> Any:
    """Whether the refresh of the figure counted by these definitions, and the queries shown are among them."""
    refresh = [one for one in events.values() if one["event"] == "refresh" and one["refresh_id"] == figure["refresh_id"]]
    need(len(refresh) == 1, "ledger.json", f"it does not show the refresh {figure['refresh_id']}")
    content = members.get("definitions.zip", b"")
    need(refresh[0]["bundle"] == sha256(content), "definitions.zip", f"{figure['refresh_id']} counted by others")
    need(refresh[0]["before"] == figure["head"], "figure.json", "its head is not the one that its refresh built on")
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        files = {name: bundle.read(name).decode("utf-8") for name in bundle.namelist() if name.endswith((".sql", ".yml"))}
    for name, text in figure["sql"].items():
        path = figure["sql_files"].get(name, "")
        need(path in files, "figure.json", f"the query of {name} is none of the definitions")
        need(files[path].strip() in text, "figure.json", f"the query shown for {name} is not {path} of the definitions")
    path = f"warehouse/definitions/{figure['metric']}.yml"
    need(path in files, "figure.json", f"the definitions do not hold {path}")
    if figure["variant"] is None:
        text = unquoted(files[path])
        for key in ("formula", "name_zh", "name_en", "definition_zh", "definition_en"):
            said = figure["definition"].get(key) or ""
            need(squeezed(said) in text, "figure.json", f"its {key} is not that of {path}")
    return refresh[0]


def squeezed(text: str) -> str:
    """Without white space, as YAML may wrap it."""
    return "".join(text.split())


def unquoted(text: str) -> str:
    """A YAML file without white space and with doubled or escaped quotes as one."""
    return squeezed(text).replace("''", "'").replace('\\"', '"')


# --- rows in files


def records(lines: Iterable[str], told: Mapping[str, Any]) -> Any:
    """The records of delimited text by the marks of its source, as a reader of csv."""
    marks: dict[str, Any] = {"delimiter": told["separator"], "escapechar": told["escape"] or None}
    marks.update({"quotechar": told["quote"]} if told["quote"] else {"quoting": csv.QUOTE_NONE})
    return csv.reader(lines, strict=True, doublequote=not told["escape"], **marks)


class Source:
    """One delivery: its event, and its bytes as far as the bundle holds them."""

    def __init__(self, members: Mapping[str, bytes], told: Mapping[str, Any], events: Mapping[int, Any]) -> None:
        """Prove what is there."""
        self.told, self.file, self.blob = told, told["file"], told["blob"]
        event = events.get(told["event"], {})
        is_it = event.get("event") == "delivery" and event.get("delivery_no") == told["delivery_no"]
        need(is_it, "sources.json", f"event {told['event']} is not the delivery {told['delivery_no']}")
        need(event["file"] == self.file, "sources.json", f"{self.file} was delivered as {event['file']}")
        blob, self.tree = standing(event, events)
        need(self.blob == blob, "sources.json", f"{self.file} has other bytes in the ledger")
        self.sheets: dict[str, dict[int, dict[int, Cell]]] = {}
        if told["as"] == "lines":
            self.lines = self._proven(read_json(members, f"lines/{self.blob}.json"))
        else:
            self.content = members.get(f"files/{self.blob}", b"")
            need(sha256(self.content) == self.blob, f"files/{self.blob}", f"it is not what was delivered as {self.file}")
            if told["is_read"] and told["format"] != "xlsx":
                text = self.content.decode(told["encoding"])
                self.lines = dict(enumerate(text.lstrip("\ufeff").split("\n"), 1))
        if told["is_read"] and told["header_line"]:
            self._check_header()

    def _proven(self, told: Mapping[str, Any]) -> dict[int, str]:
        """The lines by their number, each proven to stand there in the delivered file."""
        name = f"lines/{self.blob}.json"
        lines = {int(number): text for number, text in told["lines"].items()}
        known = {number - 1: text.encode(self.told["encoding"]) for number, text in lines.items()}
        found = root(self.tree["count"], known, [bytes.fromhex(one) for one in told["hashes"]])
        need(found == self.tree["root"], name, f"its lines are not those of {self.file}")
        return lines

    def _check_header(self) -> None:
        """Whether the columns are headed as they are called."""
        line, headers = self.told["header_line"], self.told["headers"]
        if self.told["format"] == "xlsx":
            found = {at: cell[0] for at, cell in self.cells(self.told["sheet"], line).items()}
        else:
            found = dict(enumerate(self.split(line)))
        for at, column in enumerate(self.told["columns"]):
            said = (found.get(at) or "").strip("\ufeff")
            need(
                squeezed(said) in (squeezed(column), squeezed(headers.get(column, column))),
                "sources.json",
                f"column {at + 1} of {self.file} is headed [{said}], not [{column}]",
            )

    def fields(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of the row that stands on the line of `row`, by name."""
        if self.told["format"] == "json_lines":
            held = json.loads(self.lines[row["line"]].lstrip("\ufeff"), parse_int=str, parse_float=str)
            return {name: str(value).lower() if isinstance(value, bool) else value for name, value in held.items()}
        if self.told["format"] == "xlsx":
            cells = self.cells(self.told["sheet"], row["line"])
            return {column: cells.get(at) for at, column in enumerate(self.told["columns"])}
        return dict(zip(self.told["columns"], self.split(row["line"])))  # noqa: B905 - runs on Python 3.8

    def split(self, line: int) -> list[str]:
        """The cells of the record that begins on a line."""
        return next(records(self._from(line), self.told))

    def _from(self, line: int) -> Iterator[str]:
        while line in self.lines:
            yield self.lines[line] + "\n"
            line += 1

    def cells(self, sheet: str, line: int) -> dict[int, Cell]:
        """The cells of a row of a sheet."""
        if sheet not in self.sheets:
            self.sheets[sheet] = sheet_rows(self.content, sheet)
        return self.sheets[sheet].get(line, {})


def standing(event: Mapping[str, Any], events: Mapping[int, Any]) -> tuple[str, Any]:
    """The bytes that stand for those delivered, where persons were erased from them, and the tree over their lines."""
    stones = {blob["sha256"]: blob for one in events.values() if one["event"] == "erased" for blob in one["blobs"]}
    digest, lines = event["sha256"], event.get("lines")
    while digest in stones:
        digest, lines = stones[digest]["redacted"], stones[digest].get("lines")
    return digest, lines


def sheet_rows(content: bytes, name: str) -> dict[int, dict[int, Cell]]:
    """The cells of one sheet of a workbook: by row and column, each as (text, number)."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:

        def part(path: str) -> ElementTree.Element:
            return ElementTree.fromstring(book.read(path))

        def text(one: Any) -> str:
            return "".join(t.text or "" for t in one.iter(MAIN + "t"))

        shared = "xl/sharedStrings.xml"
        strings = [text(one) for one in part(shared).iter(MAIN + "si")] if shared in book.namelist() else []
        links = {one.get("Id"): one.get("Target", "") for one in part("xl/_rels/workbook.xml.rels")}
        sheets = {one.get("name"): one.get(LINK) for one in part("xl/workbook.xml").iter(MAIN + "sheet")}
        target = links[sheets[name]]
        sheet = part(target[1:] if target.startswith("/") else "xl/" + target)
        rows: dict[int, dict[int, Cell]] = {}
        for cell in sheet.iter(MAIN + "c"):
            letters, number = re.findall("[A-Z]+|[0-9]+", cell.get("r", ""))
            at = 0
            for letter in letters:
                at = at * 26 + ord(letter) - 64
            value, kind = cell.find(MAIN + "v"), cell.get("t", "n")
            held = text(cell) if value is None else value.text or ""
            rows.setdefault(int(number), {})[at - 1] = (strings[int(held)] if kind == "s" else held, kind)
    return rows


def is_shown(cell: Any, shown: str | None, epoch: int) -> bool:
    """Whether a field says what is shown of it: equal as text, or of a workbook the same number, day or truth."""
    if not isinstance(cell, tuple):
        return (cell or "") == (shown or "")
    text, kind = cell
    if (text or "") == (shown or "") or not shown:
        return (text or "") == (shown or "")
    if kind == "b":
        return shown.lower() in (("true", "1") if text == "1" else ("false", "0"))
    try:
        number = float(text)
    except ValueError:
        return False
    try:  # a workbook holds numbers in binary: 15 digits are what can be told of them
        if f"{number:.15g}" == f"{float(shown):.15g}":
            return True
    except ValueError:
        pass
    first = date(1904, 1, 1) if epoch == 1904 else date(1899, 12, 30)
    return shown.startswith(str(first + timedelta(days=int(number))))


def check_rows(members: Mapping[str, bytes], events: Mapping[int, Any]) -> tuple[list[Any], dict[str, int]]:
    """The rows, and how many lines, their own and those beside them, were `read` in their files, `erased`, `unread`."""
    sources = {one["delivery_no"]: Source(members, one, events) for one in read_json(members, "sources.json")}
    rows = [json.loads(line) for line in members.get("rows.jsonl", b"").decode("utf-8").splitlines()]
    told = {"read": 0, "erased": 0, "unread": 0, "beside": 0}
    for at, row in enumerate(rows, 1):
        name = f"rows.jsonl, row {at}"
        beside = row.get("beside", [])
        told[check_line(row, name, sources, [one["raw"] or {} for one in beside if one["kind"] == "correction"])] += 1
        for number, one in enumerate(beside, 1):
            check_line(one, f"{name}, line {number} beside it", sources, [])
            told["beside"] += 1
    return rows, told


def check_line(row: Mapping[str, Any], name: str, sources: Mapping[int, Source], corrections: list[Any]) -> str:
    """Whether a line of a file says what is shown of it, its case number among that or what corrected it, and what was done."""
    need(row["delivery_no"] in sources, name, "its delivery is not among the sources")
    source = sources[row["delivery_no"]]
    need((row["file"], row["sha256"]) == (source.file, source.blob), name, "its file is another")
    if row["erased_on"]:
        return "erased"
    if not source.told["is_read"]:
        return "unread"
    try:
        fields = source.fields(row)
    except (KeyError, StopIteration, ValueError, csv.Error, zipfile.BadZipFile, ElementTree.ParseError) as error:
        raise Fault(f"{name}: {row['file']}:{row['line']} cannot be read ({error})") from None
    for column, shown in row["raw"].items():
        cell = fields.get(column, fields.get(source.told["headers"].get(column)))
        need(
            is_shown(cell, shown, source.told["epoch"]),
            name,
            f"{row['file']}:{row['line']} does not say [{shown}] for {column}",
        )
    serial = re.findall("[0-9]+", unicodedata.normalize("NFKC", row["case_number"] or ""))
    said = " ".join(value for one in (row["raw"], *corrections) for value in one.values() if value)
    numbers = [one.lstrip("0") for one in re.findall("[0-9]+", unicodedata.normalize("NFKC", said))]
    need(not serial or serial[-1].lstrip("0") in numbers, name, "its case number is not on its line")
    return "read"


# --- the figure


def check_sum(figure: Mapping[str, Any], rows: list[Any]) -> None:
    """Whether the rows, each once and in its span, add up to the figure."""
    first, last = figure["period"]["first_day"], figure["period"]["last_day"]
    seen = set()
    for at, row in enumerate(rows, 1):
        key = (row["case_key"], row["counted_on"], row["part"])
        need(key not in seen, f"rows.jsonl, row {at}", "it is counted twice")
        seen.add(key)
        inside = row["counted_on"] <= last and (first <= row["counted_on"] or figure["kind"] in ("stock", "ratio"))
        need(inside, f"rows.jsonl, row {at}", f"it is counted on {row['counted_on']}, outside of {first} to {last}")
    if figure["kind"] == "ratio":
        names = figure["parts"]
        sums = {name: sum(row["numerator"] for row in rows if row["part"] == name) for name in names}
        found = worth(ast.parse(figure["formula"], mode="eval").body, sums, figure["days"])
        need(found == said_by(figure), "figure.json", f"its rows give {figure['formula']} = {found}, it says {figure['value']}")
        return
    above = sum(row["numerator"] for row in rows)
    need(above == figure["numerator"], "figure.json", f"its rows add up to {above}, its numerator is {figure['numerator']}")
    if figure["denominator"] is not None:
        below = sum(row["denominator"] for row in rows)
        need(
            below == figure["denominator"],
            "figure.json",
            f"its rows add up to {below} below the line, not {figure['denominator']}",
        )
    need(said_by(figure) is not None or figure["value"] is None, "figure.json", "its value is not that of its numbers")


def said_by(figure: Mapping[str, Any]) -> Fraction | None:
    """The value that numerator and denominator give, which must be the one that is said."""
    above, below = figure["numerator"], figure["denominator"]
    if above is None or below == 0:
        return None
    found = Fraction(above, 1 if below is None else below)
    return found if float(found) == float(figure["value"]) else None


def worth(tree: Any, sums: Mapping[str, int], days: int) -> Fraction | None:
    """The value of a formula of parts; None where it divides by zero."""
    if isinstance(tree, ast.BinOp):
        left, right = worth(tree.left, sums, days), worth(tree.right, sums, days)
        if left is None or right is None:
            return None
        if isinstance(tree.op, ast.Div):
            return left / right if right else None
        if isinstance(tree.op, ast.Mult):
            return left * right
        return left + right if isinstance(tree.op, ast.Add) else left - right
    if isinstance(tree, ast.Constant):
        return Fraction(str(tree.value))
    name = tree.id if isinstance(tree, ast.Name) else f"{tree.value.id}.{tree.attr}"
    return Fraction(days if name == "days" else sums[name])


def verify(data: bytes, head: str | None = None) -> list[str]:
    """The lines to print of a bundle that holds.

    Raises:
        Fault: what does not hold.
    """
    members = opened(data)
    figure = read_json(members, "figure.json")
    events, ledger = events_of(members, head)
    refresh = check_definitions(members, figure, events)
    rows, told = check_rows(members, events)
    need(len(rows) == figure["rows_total"], "rows.jsonl", f"it has {len(rows)} rows of {figure['rows_total']}")
    check_sum(figure, rows)
    lines = [
        f"{figure['figure_id']} = {figure['value']}",
        *(["SYNTHETIC DATA: made up, not the court's records"] if figure["is_synthetic"] else []),
        f"holds: {len(rows)} rows add up to it; {told['read']} were read again in the lines of their files",
        *([f"holds: so were {told['beside']} lines beside them, on which their counting depends"] if told["beside"] else []),
        f"holds: {len(events)} events are in the ledger of the head {ledger}",
        f"holds: {refresh['refresh_id']} of {refresh['at']} counted by these definitions ({refresh['bundle'][:12]})",
    ]
    if told["erased"]:
        lines.append(f"{told['erased']} rows are of persons who were erased since: nothing of them can be shown")
    if told["unread"]:
        lines.append(
            f"{told['unread']} rows stand in files whose form this verifier does not read: their files are whole and proven"
        )
    if head is None:
        lines.append("held against itself alone: compare the head with one that you got otherwise (--head SIZE:HEX)")
    return lines


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Verifies an evidence bundle.")
    parser.add_argument("bundle", nargs="?", default=sys.argv[0] if zipfile.is_zipfile(sys.argv[0]) else None)
    parser.add_argument("--head", help="SIZE:HEX of the ledger, got otherwise than with the bundle")
    options = parser.parse_args()
    if options.bundle is None:
        parser.error("name the bundle")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        data = Path(options.bundle).read_bytes()
    except OSError as error:
        parser.error(f"{options.bundle} cannot be read ({error})")
    try:
        lines, code = verify(data, options.head), 0
    except Fault as fault:
        lines, code = [f"DOES NOT HOLD: {fault}"], 1
    except Exception as error:  # whatever a made-up bundle brings about, it does not hold
        lines, code = [f"DOES NOT HOLD: it is not of the form that it claims ({type(error).__name__}: {error})"], 1
    sys.stdout.write("\n".join(lines) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
