"""Files that cannot be read as a whole, how that is said, and what keeps the reading of the others bounded."""

from __future__ import annotations

from dataclasses import dataclass


class FileRefused(Exception):
    """A file that cannot be read as a whole.

    `what`, `why` and `remedy` are a clause each, without a full stop; `place` is such as `line 1`; `name`, set by the
    reader, is that of the delivered file. As text it is one line: `NAME, PLACE: WHAT. WHY. REMEDY.`
    """

    def __init__(self, what: str, why: str, remedy: str, place: str | None = None) -> None:
        """Keep the four parts; the reader adds the name."""
        super().__init__(what, why, remedy, place)
        self.what, self.why, self.remedy, self.place = what, why, remedy, place
        self.name: str | None = None

    def __str__(self) -> str:
        """One line for a person."""
        at = f", {self.place}" if self.place else ""
        return f"{self.name or 'file'}{at}: {self.what}. {self.why}. {self.remedy}."


class HeaderRefused(FileRefused):
    """The file can be read, but its columns are not those of the contract: another encoding may show others.

    `fits` is how many of the contract's columns were found.
    """

    fits = 0


@dataclass(frozen=True)
class Limits:
    """What keeps memory and time bounded: sizes in bytes (of text, in UTF-8), `torn_records` in records of one file.

    A packed file is refused above `unpacked_bytes`, and above `bomb_bytes` where it unpacks to more than `bomb_ratio`
    times its size. `cells` bounds a spreadsheet, `columns` any header.
    """

    chunk_bytes: int = 16 << 20
    unpacked_bytes: int = 20 << 30
    bomb_bytes: int = 1 << 30
    bomb_ratio: int = 300
    record_bytes: int = 16 << 20
    torn_records: int = 100_000
    columns: int = 10_000
    header_within: int = 50


class Undecodable(Exception):
    """The text does not fit one encoding; `offset` counts unpacked bytes from 0 and is None where a NUL was met."""

    def __init__(self, encoding: str, line: int, offset: int | None, found: str) -> None:
        """`found` is the byte, such as `0xff`, or what the decoder says."""
        super().__init__(encoding, line, offset, found)
        self.encoding, self.line, self.offset, self.found = encoding, line, offset, found


def shown(value: str, most: int = 60) -> str:
    """A value for a message: in brackets, on one line, at most `most` characters."""
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in value[: most + 1])
    return f"[{plain[:most]}…]" if len(plain) > most else f"[{plain}]"
