"""Text of a file and back: the same encoding, mark and bytes for all that was not changed."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from warehouse.intake.refused import FileRefused
from warehouse.intake.unpack import Content

MARKS = {
    codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF32_LE: "utf-32-le", codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be",
}  # fmt: skip
"""The longer ones first where one begins as another does."""


@dataclass(frozen=True)
class Script:
    """A text, its encoding, and the byte order mark that stood before it."""

    text: str
    encoding: str
    mark: bytes
    data: bytes

    def written(self, text: str) -> bytes:
        """The bytes of the text after changes. Lines that were not changed keep their bytes.

        Raises:
            FileRefused: the encoding has no character for what stands there now.
        """
        try:
            if self.text.encode(self.encoding) == self.data:
                return self.mark + text.encode(self.encoding)
            return self.mark + self._by_line(text)
        except UnicodeEncodeError as error:
            raise FileRefused("it cannot be written again in its encoding", str(error), "Ask the court for a redacted file") \
                from None  # fmt: skip

    def _by_line(self, text: str) -> bytes:
        """Some encodings write one character in two ways: then the bytes of whole lines are kept."""
        old, lines, new = self.text.split("\n"), self.data.split(b"\n"), text.split("\n")
        if not len(old) == len(lines) == len(new):
            raise FileRefused("it cannot be written again byte for byte", f"Its encoding [{self.encoding}] writes characters "
                              "in several ways", "Ask the court for a redacted file")  # fmt: skip
        pairs = zip(old, lines, new, strict=True)
        return b"\n".join(data if was == now else now.encode(self.encoding) for was, data, now in pairs)


def script_of(content: Content, encoding: str) -> Script:
    """The unpacked text of a file in the encoding that reading found."""
    data = b"".join(content.blocks())
    mark, told = next(((mark, name) for mark, name in MARKS.items() if data.startswith(mark)), (b"", encoding))
    name = told if mark and encoding.startswith(told[:6]) else encoding
    data = data.removeprefix(mark)
    return Script(data.decode(name), name, mark, data)
