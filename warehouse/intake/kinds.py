"""What a file is: told from its first bytes, held against what the contract says may come."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from warehouse.catalogue.contract import Format
from warehouse.intake.refused import FileRefused
from warehouse.intake.unpack import OLE, PARQUET, ZIP, Content, is_workbook

MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
TAG = re.compile(r"<(?:\?xml|!DOCTYPE|!--|[A-Za-z_:\u4e00-\u9fff])")
WORDS = {
    "csv": "delimited text", "xlsx": "an XLSX workbook", "xls": "an XLS workbook", "json_lines": "JSON lines",
    "json": "JSON", "parquet": "a Parquet file", "xml": "XML", "fixed_width": "fixed-width text",
}  # fmt: skip


def kind_of(content: Content, may: Sequence[Format]) -> Format:
    """The format of the content: the only one that may come where it is a text, else what the first bytes say.

    Raises:
        FileRefused: it is of a format that may not come, or its container cannot be opened.
    """
    told = told_by(content)
    if told in may:
        return told
    texts = [kind for kind in may if kind not in ("xlsx", "xls", "parquet")]
    if len(may) == 1 and texts and told not in ("xlsx", "xls", "parquet"):
        return may[0]
    if told == "csv" and "fixed_width" in may:
        return "fixed_width"
    if told == "json" and "json_lines" in may:  # one broken first line does not make it an array
        return "json_lines"
    if told in ("json", "json_lines", "xml") and "csv" in may:
        return "csv"
    if told in ("xlsx", "xls", "parquet") and texts == list(may) and told != "xlsx":
        return may[0]  # the text reader says what it is
    raise FileRefused(
        f"it is {WORDS[told]}", f"The contract expects {' or '.join(WORDS[kind] for kind in may)}",
        "Export it in that format, or name this one in the contract", place="line 1",
    )  # fmt: skip


def told_by(content: Content) -> Format:
    """The format that the first bytes tell; delimited text where they tell nothing."""
    head = content.head
    if head.startswith(ZIP) and (not content.packing or _is_packed_workbook(content)):
        return "xlsx"
    if head.startswith(OLE):
        return "xls"
    if head.startswith(PARQUET):
        return "parquet"
    text = _text(head).lstrip()
    if TAG.match(text):
        return "xml"
    if re.match(r"\[\s*(?:[{\]]|\Z)", text):
        return "json"
    if re.match(r"\{\s*(?:[\"}]|\Z)", text):
        return "json_lines" if _is_one(text) else "json"
    return "csv"


def _is_packed_workbook(content: Content) -> bool:
    with content.as_file() as path:
        return is_workbook(path)


def _text(head: bytes) -> str:
    if head.startswith(MARKS[1:]):
        return head.decode("utf-16", "ignore")
    return head.removeprefix(MARKS[0]).decode("latin-1")


def _is_one(text: str) -> bool:
    """Whether the first line is an object of its own, or is too long to tell."""
    line, ended, _ = text.partition("\n")
    if not ended:
        return True
    try:
        json.loads(line)
    except ValueError:
        return line.rstrip().endswith("}")
    return True
