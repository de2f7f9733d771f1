"""Text of a file in pieces of any length: for formats whose lines mean nothing, as JSON and XML written without line breaks.

`warehouse.intake.text.chunks` bounds a line; here nothing is bounded but the piece, and the reader bounds its records.
"""

from __future__ import annotations

from collections.abc import Iterator

from warehouse.intake.refused import Undecodable
from warehouse.intake.text import BOM, blocks, decoded
from warehouse.intake.unpack import Content


def pieces(content: Content, encoding: str) -> Iterator[str]:
    """A file's text, strictly decoded, in the order of the file; a byte order mark at the start is dropped.

    Raises Undecodable where the bytes do not fit the encoding or hold a NUL, FileRefused where the file cannot be read.
    """
    if encoding != "utf-8" and content.head.startswith(BOM):  # its blocks may be shorter than the mark
        raise Undecodable(encoding, 1, 0, "0xef, the byte order mark of utf-8")
    line, begun = 1, False
    for text in decoded(blocks(content), encoding):
        if (nul := text.find("\0")) >= 0:
            raise Undecodable(encoding, line + text.count("\n", 0, nul), None, "0x00")
        line += text.count("\n")
        if text:
            yield text if begun else text.removeprefix("\ufeff")
            begun = True
