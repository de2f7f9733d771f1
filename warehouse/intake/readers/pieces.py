"""Text of a file in pieces of any length: for formats whose lines mean nothing, as JSON and XML written without line breaks.

`warehouse.intake.text.chunks` bounds a line; here nothing is bounded but the piece, and the reader bounds its records.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from warehouse.intake.text import BOM, Undecodable, blocks
from warehouse.intake.unpack import Content


def pieces(content: Content, encoding: str) -> Iterator[str]:
    """A file's text, strictly decoded, in the order of the file; a byte order mark at the start is dropped.

    Raises Undecodable where the bytes do not fit the encoding or hold a NUL, FileRefused where the file cannot be read.
    """
    if encoding != "utf-8" and content.head.startswith(BOM):
        raise Undecodable(encoding, 1, 0, "0xef, the byte order mark of utf-8")
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    source, fed, line = blocks(content), 0, 1
    begun = final = False
    while not final:
        block = next(source, b"")
        final, fed = not block, fed + len(block)
        try:
            text = decoder.decode(block, final)
        except UnicodeDecodeError as error:
            at = error.start
            line += error.object[:at].decode(error.encoding, "ignore").count("\n")
            found = f"0x{error.object[at]:02x}"
            raise Undecodable(encoding, line, fed - len(error.object) + at, found) from error
        except UnicodeError as error:  # utf-16 without its byte order mark
            raise Undecodable(encoding, line, fed - len(block), str(error)) from error
        if (nul := text.find("\0")) >= 0:
            raise Undecodable(encoding, line + text.count("\n", 0, nul), None, "0x00")
        line += text.count("\n")
        if text:
            yield text if begun else text.removeprefix("\ufeff")
            begun = True
