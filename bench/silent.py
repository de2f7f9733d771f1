"""How often readers are silently wrong: small tables whose truth is known, spoilt in known ways, read by us and by others.

Usage: python bench/silent.py [--seeds 6] [--show KIND] [--keep FOLDER]
Here: the tables, what spoils them (`KINDS`), the readers, and how a delivered row is judged. The truth of a cell is what the
table was made from, never what a reader says. Each row is right, flagged (set aside, an error of its own, left as untyped
text), in a refused file, lost without a word, or wrong without a word; a total or a title that comes as a row is wrong. Ends
with 1 where ours lost a row or is wrong.
"""

from __future__ import annotations

import argparse
import atexit
import csv
import dataclasses
import functools
import gzip
import random
import re
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

COLUMNS = ("key", "filed", "party", "amount", "closed")
KINDS_OF_CELL = {"key": "text", "filed": "date", "party": "text", "amount": "number", "closed": "date"}
LAYOUTS = (
    ("key", "filed", "party", "amount", "closed"),
    ("key", "party", "filed", "closed", "amount"),
    ("filed", "key", "closed", "amount", "party"),
)
CHINESE = {"key": "案件", "filed": "立案日", "party": "人名", "amount": "金", "closed": "完成日"}
"""Characters that UTF-8, GB18030 and Big5 all have, as those of the names below."""
ASCII = {"key": "case", "filed": "filed", "party": "party", "amount": "amount", "closed": "closed"}
CHARACTERS = "王李林金高明文光山水大中公司有限天地人和"
SIZES = (12, 30, 240)
MARK = re.compile(r"C\d{6}|Q[A-Z]{4}")
"""Tells which row a text comes from: each row's key and party hold one that no other row has."""
BAD = object()
"""The truth of a cell for which no value is right: 2016-02-30."""


@dataclasses.dataclass
class Table:
    """A table with its truth, and how it is to be written. A kind of spoiling changes the second, or both."""

    luck: random.Random
    names: dict[str, str]
    layout: tuple[str, ...]
    truth: list[dict[str, Any]]
    cells: list[dict[str, str]]
    copies: Counter[int] = dataclasses.field(default_factory=Counter)
    lines: dict[int, str | bytes] = dataclasses.field(default_factory=dict)
    header: str | bytes | None = None
    above: list[str] = dataclasses.field(default_factory=list)
    after: dict[int, list[str | bytes]] = dataclasses.field(default_factory=dict)
    end: str = "\n"
    ends: dict[int, str] = dataclasses.field(default_factory=dict)
    separator: str = ","
    encoding: str = "utf-8"
    told: str | None = None
    """The encoding that every reader is told, ours by its contract; None: they are told nothing, ours utf-8 and gb18030."""
    spoil: Callable[[bytes], bytes] | None = None
    file: str = "cases.csv"

    def line(self, row: int) -> str:
        """One row as it is properly written."""
        return joined([self.cells[row][column] for column in self.layout], self.separator)

    def text(self, row: int) -> list[str]:
        """The cells of a row in the order of the file."""
        return [self.cells[row][column] for column in self.layout]

    def put(self, row: int, cells: Sequence[str]) -> None:
        """Write a row as these cells, without any quotes."""
        self.lines[row] = self.separator.join(cells)

    def pick(self, most: int = 3) -> list[int]:
        """Some rows: often the first or the last, whose neighbours are not rows."""
        last = len(self.truth) - 1
        some = {self.luck.choice([0, last, self.luck.randint(0, last)])}
        some.update(self.luck.sample(range(last), self.luck.randrange(most)))
        for row in some:  # what is spoilt by hand bears no quotes of its own
            plain(self, row)
        return sorted(some)

    def say(self, row: int, column: str, written: str, truth: Any) -> None:
        """Write a cell in another way, with what it means."""
        self.cells[row][column] = written
        self.truth[row][column] = truth

    def data(self) -> bytes:
        """The bytes of the file."""
        lines: list[str | bytes] = [*self.above, self.header if self.header is not None else self.head()]
        ends = [self.end] * len(lines)
        for row in range(len(self.truth)):
            lines += [self.lines.get(row, self.line(row)), *self.after.get(row, [])]
            ends += [self.ends.get(row, self.end), *[self.end] * len(self.after.get(row, []))]
        found = b"".join(
            (line if isinstance(line, bytes) else line.encode(self.encoding)) + end.encode(self.encoding)
            for line, end in zip(lines, ends, strict=True)
        )
        return self.spoil(found) if self.spoil else found

    def head(self, names: Sequence[str] = ()) -> str:
        """The header line."""
        return self.separator.join(names or [self.names[column] for column in self.layout])


def joined(cells: Sequence[str], separator: str = ",") -> str:
    """Cells as one line, quoted where they must be."""
    return separator.join(
        '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in (separator, '"', "\n", "\r")) else cell
        for cell in cells
    )


def plain(table: Table, row: int) -> None:
    """A party without any sign that needs quotes."""
    party = re.sub(r'[,"\n ]', "", table.cells[row]["party"])
    table.say(row, "party", party, party)


def table_of(seed: int, kind: str) -> Table:
    """A sound table: about half of them hold separators, quotes and line breaks in some properly quoted fields."""
    luck = random.Random(f"{seed} {kind}")
    truth: list[dict[str, Any]] = []
    has_quotes = luck.random() < 0.5
    numbers = luck.sample(range(100_000, 1_000_000), SIZES[seed % 3])
    for number in numbers:
        letters, rest = "Q", number
        for _ in range(4):
            letters, rest = letters + chr(65 + rest % 26), rest // 26
        party = "".join(luck.choices(CHARACTERS, k=luck.randint(2, 5)))
        party = f"{party}{letters}{rest}" if has_quotes else f"{party}{letters}"
        if has_quotes and luck.random() < 0.2:
            party = luck.choice([f"{party}, {party[:2]}", f'{party} "{party[0]}"', f"{party}\n{party[1]}"])
        filed = date(2016, 1, 13) + timedelta(luck.randrange(300))
        closed = filed + timedelta(luck.randrange(1, 90)) if luck.random() < 0.7 else None
        amount = Decimal(luck.randrange(100_001, 9_999_999)) / 100 if luck.random() < 0.9 else None
        truth.append({"key": f"C{number}", "filed": filed, "party": party, "amount": amount, "closed": closed})
    marks = Counter(mark for row in truth for mark in set(MARK.findall(row["party"])))
    for row in truth:  # letters that two rows share tell nothing: those rows go by their keys alone
        if any(marks[mark] > 1 for mark in MARK.findall(row["party"])):
            row["party"] = MARK.sub("Q", row["party"])
    cells = [{name: written(value) for name, value in row.items()} for row in truth]
    return Table(luck, CHINESE, luck.choice(LAYOUTS), truth, cells)


def written(value: Any) -> str:
    """A sound cell."""
    return "" if value is None else f"{value:.2f}" if isinstance(value, Decimal) else str(value)


# --- what spoils a table: each is given a sound one

Spoil = Callable[[Table], None]
KINDS: dict[str, Spoil] = {"nothing": lambda table: None}


def kind(name: str) -> Callable[[Spoil], Spoil]:
    def keep(spoil: Spoil) -> Spoil:
        if KINDS.setdefault(name, spoil) is not spoil:
            raise ValueError(f"there are two kinds called [{name}]")
        return spoil

    return keep


def of_rows(name: str) -> Callable[[Callable[[Table, int], None]], Spoil]:
    """A kind that spoils some rows, each by itself."""

    def keep(spoil: Callable[[Table, int], None]) -> Spoil:
        def each(table: Table) -> None:
            for row in table.pick():
                spoil(table, row)

        return kind(name)(each)

    return keep


def filled(table: Table, row: int, *columns: str) -> None:
    """Give the row a value in columns that may be empty."""
    for column in columns:
        if table.truth[row][column] is None:
            value = table.truth[row]["filed"] + timedelta(9) if column == "closed" else Decimal(row * 700 + 1234) / 100
            table.say(row, column, written(value), value)


# fields and separators


@of_rows("a separator in a field without quotes")
def _(table: Table, row: int) -> None:
    table.say(row, "party", table.cells[row]["party"] + ",公司", table.cells[row]["party"] + ",公司")
    table.put(row, table.text(row))


@of_rows("a separator without quotes, and the last field missing")
def _(table: Table, row: int) -> None:
    table.layout = LAYOUTS[1]  # with the party last, the row would be that of a party without 公司
    filled(table, row, "amount", "closed")
    table.say(row, "party", table.cells[row]["party"] + ",公司", table.cells[row]["party"] + ",公司")
    table.lines[row] = ",".join(table.text(row)).rsplit(",", 1)[0]


@of_rows("the last field is missing")
def _(table: Table, row: int) -> None:
    filled(table, row, "amount", "closed")
    table.put(row, table.text(row)[:-1])


@of_rows("the last two fields are missing")
def _(table: Table, row: int) -> None:
    filled(table, row, "amount", "closed")
    table.put(row, table.text(row)[:-2])


@of_rows("a field in the middle is missing")
def _(table: Table, row: int) -> None:
    filled(table, row, "amount", "closed")
    cells = table.text(row)
    del cells[2]
    table.put(row, cells)


@of_rows("an empty field at the end is left out")
def _(table: Table, row: int) -> None:
    last = table.layout[-1]
    if last != "party":
        table.say(row, last, "", None)
        table.put(row, table.text(row)[:-1])


@of_rows("an empty field too much at the end of some rows")
def _(table: Table, row: int) -> None:
    table.put(row, [*table.text(row), ""])


@of_rows("a filled field too much at the end of some rows")
def _(table: Table, row: int) -> None:
    table.put(row, [*table.text(row), "9"])


@of_rows("a field too much in the middle")
def _(table: Table, row: int) -> None:
    cells = table.text(row)
    table.put(row, [*cells[:1], "99", *cells[1:]])


@of_rows("shifted to the left: the first field is missing, one too much at the end")
def _(table: Table, row: int) -> None:
    filled(table, row, "amount", "closed")
    table.put(row, [*table.text(row)[1:], table.luck.choice(["1", "2016-09-09", "已结"])])


@of_rows("shifted to the left, and hardly anything filled")
def _(table: Table, row: int) -> None:
    table.say(row, "amount", "", None)
    table.say(row, "closed", "", None)
    table.put(row, [*table.text(row)[1:], ""])


@of_rows("shifted to the right: an empty field before the first, the last one missing")
def _(table: Table, row: int) -> None:
    filled(table, row, "amount", "closed")
    table.put(row, ["", *table.text(row)[:-1]])


@of_rows("amount and closing date have changed places")
def _(table: Table, row: int) -> None:
    filled(table, row, "amount", "closed")
    cells = table.text(row)
    a, b = table.layout.index("amount"), table.layout.index("closed")
    cells[a], cells[b] = cells[b], cells[a]
    table.put(row, cells)


@kind("a separator too much at the end of every row, not of the header")
def _(table: Table) -> None:
    for row in range(len(table.truth)):
        table.lines[row] = table.line(row) + ","


@kind("a separator too much at the end of every line")
def _(table: Table) -> None:
    table.header = table.head() + ","
    for row in range(len(table.truth)):
        table.lines[row] = table.line(row) + ","


def broken(table: Table, row: int) -> None:
    """The row with a line break within its party, and no quotes."""
    filled(table, row, "amount", "closed")
    line, party = ",".join(table.text(row)), table.cells[row]["party"]
    table.say(row, "party", f"{party[:2]}\n{party[2:]}", f"{party[:2]}\n{party[2:]}")
    table.lines[row] = line.replace(party, table.cells[row]["party"])


@of_rows("a row on two lines, without quotes")
def _(table: Table, row: int) -> None:
    table.layout = LAYOUTS[0]
    broken(table, row)


@of_rows("a row on two lines, without quotes, in its last field")
def _(table: Table, row: int) -> None:
    table.layout = LAYOUTS[2]
    broken(table, row)


@of_rows("a row on two lines, broken at a separator")
def _(table: Table, row: int) -> None:
    cells = table.text(row)
    table.lines[row] = f"{','.join(cells[:2])},\n{','.join(cells[2:])}"


@of_rows("two rows on one line")
def _(table: Table, row: int) -> None:
    if row + 1 < len(table.truth):
        plain(table, row + 1)
        table.ends[row] = ""


@of_rows("two rows on one line, with a separator between them")
def _(table: Table, row: int) -> None:
    if row + 1 < len(table.truth):
        plain(table, row + 1)
        table.ends[row] = ","


# quotes


def with_party(table: Table, row: int, text: str) -> None:
    """The row with its party written as this, as it stands."""
    table.put(row, [text if column == "party" else table.cells[row][column] for column in table.layout])


@of_rows("a stray quote within a field")
def _(table: Table, row: int) -> None:
    party = table.cells[row]["party"]
    table.say(row, "party", f'{party[:2]}"{party[2:]}', f'{party[:2]}"{party[2:]}')
    with_party(table, row, table.cells[row]["party"])


@of_rows("a stray quote at the end of a field")
def _(table: Table, row: int) -> None:
    table.say(row, "party", table.cells[row]["party"] + '"', table.cells[row]["party"] + '"')
    with_party(table, row, table.cells[row]["party"])


@kind("a quote that opens and is never closed")
def _(table: Table) -> None:
    for row in range(len(table.truth)):
        plain(table, row)
    row = table.pick(1)[0]
    with_party(table, row, '"' + table.cells[row]["party"])


@kind("a quote that opens in one row and closes in a later one")
def _(table: Table) -> None:
    row = table.luck.randrange(len(table.truth) - 4)
    later = row + table.luck.choice([1, 1, 2, 3])
    for at in range(row, later + 1):
        plain(table, at)
    with_party(table, row, '"' + table.cells[row]["party"])
    with_party(table, later, table.cells[later]["party"] + '"')


@kind("a quote that opens in one row, another that opens in a later one")
def _(table: Table) -> None:
    row = table.luck.randrange(len(table.truth) - 4)
    for at in (row, row + 1, row + 2, row + 3):
        plain(table, at)
    for at in (row, row + 3):
        with_party(table, at, '"' + table.cells[at]["party"])


@of_rows("a quoted field with characters after its closing quote")
def _(table: Table, row: int) -> None:
    party = table.cells[row]["party"]
    table.say(row, "party", f'"{party[:2]}"{party[2:]}', f'"{party[:2]}"{party[2:]}')
    with_party(table, row, table.cells[row]["party"])


@of_rows("quotes within quotes that are not doubled")
def _(table: Table, row: int) -> None:
    party = table.cells[row]["party"]
    table.say(row, "party", f'{party[:1]}"{party[1:]}"公司', f'{party[:1]}"{party[1:]}"公司')
    with_party(table, row, f'"{table.cells[row]["party"]}"')


@of_rows("quotes within quotes behind backslashes")
def _(table: Table, row: int) -> None:
    party = table.cells[row]["party"]
    table.say(row, "party", f'{party[:1]}"{party[1:]}"公司', f'{party[:1]}"{party[1:]}"公司')
    with_party(table, row, '"' + table.cells[row]["party"].replace('"', '\\"') + '"')


@of_rows("a blank before an opening quote")
def _(table: Table, row: int) -> None:
    party = table.cells[row]["party"]
    table.say(row, "party", f"{party},公司", f"{party},公司")
    with_party(table, row, f' "{party},公司"')


@of_rows("fields in apostrophes, with a separator in one")
def _(table: Table, row: int) -> None:
    party = table.cells[row]["party"]
    table.say(row, "party", f"{party},公司", f"{party},公司")
    with_party(table, row, f"'{party},公司'")


# rows that are no cases


def total(table: Table, word: str) -> str:
    """A line with a word in its first cell and the sum."""
    cells = ["9876543.21" if column == "amount" else "" for column in table.layout]
    cells[0] = word
    return ",".join(cells)


for word in ("合计", "总计：", "小 计", "Total", "共12件", "本院合计", "平均", "制表人：王明", "审核"):

    @kind(f"a row that begins with {word}")
    def _(table: Table, word: str = word) -> None:
        table.after[table.luck.choice([len(table.truth) - 1, 3])] = [total(table, word)]


@kind("a total without a word")
def _(table: Table) -> None:
    table.after[len(table.truth) - 1] = [total(table, "")]


@kind("a title above the header")
def _(table: Table) -> None:
    table.above = ["案件金人名", ""]


@kind("a title above the header, as wide as the table")
def _(table: Table) -> None:
    table.above = ["案件金人名" + "," * 4, "2016," + "," * 3]


@kind("the header again, between the rows")
def _(table: Table) -> None:
    for row in table.pick():
        table.after[row] = [table.head()]


@kind("a title and the header again, between the rows")
def _(table: Table) -> None:
    table.after[table.pick()[0]] = ["案件金人名" + "," * 4, table.head()]


@kind("another header between the rows, with its columns in another order")
def _(table: Table) -> None:
    table.after[4] = [table.head([table.names[column] for column in reversed(table.layout)])]
    for row in range(5, len(table.truth)):
        plain(table, row)
        filled(table, row, "amount", "closed")
        table.put(row, table.text(row)[::-1])


@kind("blank lines between the rows")
def _(table: Table) -> None:
    for row in table.pick():
        table.after[row] = ["", "   "]


@kind("rows of separators alone")
def _(table: Table) -> None:
    for row in table.pick():
        table.after[row] = [",,,,", " , ,　,,"]


@kind("a message of the database as the last line")
def _(table: Table) -> None:
    table.after[len(table.truth) - 1] = ["ORA-01555: snapshot too old", "", "12 rows selected."]


@kind("a line of dashes below the header")
def _(table: Table) -> None:
    table.header = f"{table.head()}\n---,---,---,---,---"


# the header


@kind("a wanted column stands twice in the header")
def _(table: Table) -> None:
    table.header = table.head() + "," + table.names["amount"]
    for row in range(len(table.truth)):
        table.lines[row] = table.line(row) + ",1.00"


@kind("a required column is missing")
def _(table: Table) -> None:
    table.layout = tuple(column for column in table.layout if column != "filed")


@kind("an optional column is missing")
def _(table: Table) -> None:
    table.layout = tuple(column for column in table.layout if column != "amount")
    for row in range(len(table.truth)):
        table.say(row, "amount", "", None)


@kind("the columns stand in another order")
def _(table: Table) -> None:
    table.layout = tuple(table.luck.sample(table.layout, len(table.layout)))


@kind("two names have changed places in the header")
def _(table: Table) -> None:
    names = {"amount": "closed", "closed": "amount"}
    table.header = table.head([table.names[names.get(column, column)] for column in table.layout])
    for row in range(len(table.truth)):
        filled(table, row, "amount", "closed")


@kind("a column that nobody knows")
def _(table: Table) -> None:
    table.header = "NO," + table.head()
    for row in range(len(table.truth)):
        table.lines[row] = f"{row}," + table.line(row)


@kind("the header has a name too much")
def _(table: Table) -> None:
    table.header = table.head() + ",more"


@kind("the header has a name too few")
def _(table: Table) -> None:
    table.layout = tuple(column for column in table.layout if column != "amount")
    table.header = table.head()
    table.layout = (table.layout[0], "amount", *table.layout[1:])
    for row in range(len(table.truth)):
        filled(table, row, "amount")


@kind("there is no header")
def _(table: Table) -> None:
    table.header = b""
    table.spoil = lambda data: data.removeprefix(b"\n")


@kind("the header ends with a carriage return alone")
def _(table: Table) -> None:
    plain(table, 0)
    table.header = table.head() + "\r" + table.line(0)
    table.lines[0], table.ends[0] = b"", ""


@kind("the header and the first row on one line")
def _(table: Table) -> None:
    plain(table, 0)
    table.header = table.head() + table.line(0)
    table.lines[0], table.ends[0] = b"", ""


@kind("the header and the first row on one line, with a separator between them")
def _(table: Table) -> None:
    plain(table, 0)
    table.header = table.head() + "," + table.line(0)
    table.lines[0], table.ends[0] = b"", ""


@kind("blanks around the names of the header")
def _(table: Table) -> None:
    table.header = table.head([f" {table.names[column]} " for column in table.layout])


# encodings


@kind("GB18030, and nothing is told")
def _(table: Table) -> None:
    table.encoding = "gb18030"


def wrongly_told(name: str, encoding: str, told: str) -> None:
    for names, header in ((CHINESE, "Chinese"), (ASCII, "ASCII")):

        @kind(f"{name}, {header} header")
        def _(table: Table, names: dict[str, str] = names) -> None:
            table.names, table.encoding, table.told = names, encoding, told


wrongly_told("GB18030, told as UTF-8", "gb18030", "utf-8")
wrongly_told("UTF-8, told as Latin-1", "utf-8", "latin-1")
wrongly_told("UTF-8, told as GB18030", "utf-8", "gb18030")
wrongly_told("Big5, told as GB18030", "big5", "gb18030")
wrongly_told("GB18030, told as Big5", "gb18030", "big5")


@kind("GB18030 with an ASCII header, and nothing is told")
def _(table: Table) -> None:
    table.names, table.encoding = ASCII, "gb18030"


@of_rows("some rows in GB18030, the others in UTF-8")
def _(table: Table, row: int) -> None:
    table.lines[row] = table.line(row).encode("gb18030")


@of_rows("some rows in UTF-8, the others in GB18030")
def _(table: Table, row: int) -> None:
    table.encoding, table.lines[row] = "gb18030", table.line(row).encode()


@kind("a second file in GB18030 behind one in UTF-8")
def _(table: Table) -> None:
    half = len(table.truth) // 2
    for row in range(half, len(table.truth)):
        table.lines[row] = table.line(row).encode("gb18030")


@of_rows("text that was once read as Latin-1")
def _(table: Table, row: int) -> None:
    table.cells[row]["party"] = table.cells[row]["party"].encode().decode("latin-1")


@of_rows("text with characters that an earlier reader gave up")
def _(table: Table, row: int) -> None:
    table.cells[row]["party"] = "\ufffd" * 2 + table.cells[row]["party"][1:]


@of_rows("a byte that no character has")
def _(table: Table, row: int) -> None:
    table.lines[row] = table.line(row).encode().replace(b"Q", b"\xffQ")


@of_rows("half a character at the end of a field")
def _(table: Table, row: int) -> None:
    table.lines[row] = table.line(row).encode().replace(table.cells[row]["party"].encode(), "王大".encode()[:-1])


@of_rows("a NUL byte in a field")
def _(table: Table, row: int) -> None:
    table.lines[row] = table.line(row).replace("Q", "\0Q")


@kind("NUL bytes at the end of the file")
def _(table: Table) -> None:
    table.spoil = lambda data: data + b"\0" * 512


@kind("a byte order mark at the start")
def _(table: Table) -> None:
    table.encoding = "utf-8"
    table.spoil = lambda data: b"\xef\xbb\xbf" + data


@kind("a byte order mark and the header in the middle")
def _(table: Table) -> None:
    table.after[table.pick()[0]] = ["\ufeff" + table.head()]


@of_rows("a byte order mark before a row")
def _(table: Table, row: int) -> None:
    table.lines[row] = "\ufeff" + table.line(row)


@of_rows("a space of no width in a key")
def _(table: Table, row: int) -> None:
    table.cells[row]["key"] = table.cells[row]["key"] + table.luck.choice(["\u200b", "\u2060", "\u200e"])


@kind("UTF-16 with its byte order mark")
def _(table: Table) -> None:
    table.spoil = lambda data: data.decode().encode("utf-16")


@kind("UTF-16 without a byte order mark")
def _(table: Table) -> None:
    table.spoil = lambda data: data.decode().encode("utf-16-le")


# line ends


@of_rows("a carriage return in a field without quotes")
def _(table: Table, row: int) -> None:
    party = table.cells[row]["party"]
    table.say(row, "party", f"{party[:2]}\r{party[2:]}", f"{party[:2]}\r{party[2:]}")
    with_party(table, row, table.cells[row]["party"])


@of_rows("a carriage return at the end of a field")
def _(table: Table, row: int) -> None:
    with_party(table, row, table.cells[row]["party"] + "\r")


@of_rows("a row that ends with a carriage return alone")
def _(table: Table, row: int) -> None:
    table.ends[row] = "\r"


@kind("carriage returns for line ends")
def _(table: Table) -> None:
    for row in range(len(table.truth)):
        plain(table, row)
    table.end = "\r"


@kind("two kinds of line ends")
def _(table: Table) -> None:
    table.ends = dict.fromkeys(table.luck.sample(range(len(table.truth)), 5), "\r\n")


@kind("carriage returns first, line feeds later")
def _(table: Table) -> None:
    for row in range(len(table.truth)):
        plain(table, row)
    table.layout, table.end = LAYOUTS[table.luck.randrange(2)], "\r"
    table.ends = dict.fromkeys(range(len(table.truth) // 2, len(table.truth)), "\n")


@kind("two carriage returns before each line feed")
def _(table: Table) -> None:
    for row in range(len(table.truth)):
        plain(table, row)
    table.end = "\r\r\n"


@of_rows("signs that some take for line ends, in a field")
def _(table: Table, row: int) -> None:
    sign = table.luck.choice("\x0b\x0c\x1c\x1e\x85\u2028\u2029")
    party = table.cells[row]["party"]
    table.say(row, "party", f"{party[:2]}{sign}{party[2:]}", f"{party[:2]}{sign}{party[2:]}")


@kind("the end-of-file sign of DOS at the end")
def _(table: Table) -> None:
    table.spoil = lambda data: data + b"\x1a"


# cells: how some are written, and what they mean


def cell(name: str, column: str, text: Callable[[Any], str], means: Callable[[Any], Any] = lambda value: value) -> None:
    """A kind that writes some cells of one column in another way; `means` gives the truth from the first truth."""

    @of_rows(name)
    def _(table: Table, row: int) -> None:
        filled(table, row, "amount", "closed")
        value = table.truth[row][column]
        table.say(row, column, text(value), means(value))


def no_value(_: Any) -> Any:
    return BAD


def nothing(_: Any) -> None:
    return None


for impossible in ("2016-02-30", "0000-00-00", "20166-03-07", "2016-13-01", "2016-00-10", "2016-04-31 ", "1e5", "-"):
    cell(f"the date {impossible}", "filed", lambda _, text=impossible: text, no_value)
cell("the year in two digits", "filed", lambda day: day.strftime("%y-%m-%d"))
cell("day, month, year in some cells", "filed", lambda day: day.strftime("%d/%m/%Y"))
cell("month, day, year in some cells", "filed", lambda day: day.strftime("%m/%d/%Y"))
cell("dates without signs", "filed", lambda day: day.strftime("%Y%m%d"))
cell("dates with slashes", "filed", lambda day: f"{day.year}/{day.month}/{day.day}")
cell("dates with full stops", "filed", lambda day: day.strftime("%Y.%m.%d"))
cell("dates in Chinese", "filed", lambda day: f"{day.year}年{day.month}月{day.day}日")
cell("dates with a time", "filed", lambda day: f"{day} 00:00:00")
cell("days of a spreadsheet", "filed", lambda day: str((day - date(1899, 12, 30)).days))
cell("dates with more behind them", "filed", lambda day: f"{day}?")
cell("dates without leading zeros", "filed", lambda day: f"{day.year}-{day.month}-{day.day}")
for order in ("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%y"):

    @kind(f"all dates written as {order}")
    def _(table: Table, order: str = order) -> None:
        # Days up to the twelfth alone, as in a small file: nothing in it tells the order.
        for row, values in enumerate(table.truth):
            for column in ("filed", "closed"):
                if values[column]:
                    day = values[column].replace(day=1 + values[column].day % 12)
                    table.say(row, column, day.strftime(order), day)


cell("a decimal comma, quoted", "amount", lambda value: f"{value:.2f}".replace(".", ","))
cell("a decimal comma with full stops between thousands", "amount", lambda value: swapped(f"{value:,.2f}"))
cell("thousands, quoted", "amount", lambda value: f"{value:,.2f}")
cell("whole thousands with a comma, quoted", "amount", lambda value: f"{int(value):,}", lambda value: Decimal(int(value)))
cell("whole thousands with a full stop", "amount", lambda value: f"{int(value):,}".replace(",", "."), lambda v: Decimal(int(v)))
cell("thousands with blanks", "amount", lambda value: f"{value:,.2f}".replace(",", " "))
cell("12.5万", "amount", lambda _: "12.5万", lambda _: Decimal(125_000))
cell("with the unit 元", "amount", lambda value: f"{value}元")
cell("with a sign of money", "amount", lambda value: f"¥{value}")
cell("with a per cent sign", "amount", lambda _: "12.5%", lambda _: Decimal("0.125"))
cell("as 1.25E+05", "amount", lambda _: "1.25E+05", lambda _: Decimal(125_000))
cell("three decimals", "amount", lambda _: "1234.567", lambda _: Decimal("1234.567"))
cell("seventeen digits", "amount", lambda _: "123456789012345.67", lambda _: Decimal("123456789012345.67"))
cell("in brackets for less than nothing", "amount", lambda value: f"({value})", lambda value: -value)
cell("full-width digits", "amount", lambda value: "".join(chr(ord(c) + 0xFEE0) for c in f"{value:.2f}"))
cell("a sign of spreadsheets for errors", "amount", lambda _: "#REF!", no_value)
for none in ("NaN", "inf", "1_000", "0x1F", "--5", "1.2.3", "十二", "true"):
    cell(f"an amount of {none}", "amount", lambda _, text=none: text, no_value)
for none in ("NA", "null", "-", "N/A", "无", "\\N", "9999-12-31?"):
    cell(f"{none} for no amount", "amount", lambda _, text=none: text, nothing)
    cell(f"{none} for no date", "closed", lambda _, text=none: text, nothing)


@kind("thousands without quotes")
def _(table: Table) -> None:
    for row in table.pick():
        filled(table, row, "amount")
        table.say(row, "amount", f"{table.truth[row]['amount']:,.2f}", table.truth[row]["amount"])
        table.put(row, table.text(row))


def swapped(text: str) -> str:
    return text.translate(str.maketrans(",.", ".,"))


for name, key in {
    "keys with leading zeros": "00{}",
    "keys of twenty digits": "20160683000000{}",
    "keys with a sign of exponents": "1E{}",
    "keys that look like decimals": "{}.10",
    "keys with a plus": "+{}",
    "keys of full-width digits": "１{}",
}.items():

    @kind(name)
    def _(table: Table, key: str = key) -> None:
        for row, values in enumerate(table.truth):
            found = key.format(values["key"][1:])
            table.say(row, "key", found, found)


for word in ("NA", "null", "None", "nan", "N/A", "TRUE", "-", "1-2", "2016-03-07", "=1+1", "#N/A", "007"):
    cell(f"a key that is {word}", "key", lambda _, text=word: text, lambda _, text=word: text)


@kind("a spreadsheet's text sign around the keys")
def _(table: Table) -> None:
    for row in table.pick():
        table.put(row, [f'="{c}"' if column == "key" else c for column, c in zip(table.layout, table.text(row), strict=True)])
        table.cells[row]["key"] = f'="{table.cells[row]["key"]}"'


@of_rows("a row without its key")
def _(table: Table, row: int) -> None:
    table.say(row, "key", "", BAD)


@of_rows("a row without its first date")
def _(table: Table, row: int) -> None:
    table.say(row, "filed", "", BAD)


# the whole file


@kind("rows that stand twice")
def _(table: Table) -> None:
    for row in table.pick():
        table.after[row] = [table.line(row)]
        table.copies[row] += 1


@kind("the same file twice, one behind the other")
def _(table: Table) -> None:
    table.copies.update(range(len(table.truth)))
    table.spoil = lambda data: data + data


@kind("the same file twice, without a line end between them")
def _(table: Table) -> None:
    plain(table, len(table.truth) - 1)
    table.copies.update(range(len(table.truth)))
    table.spoil = lambda data: data.removesuffix(b"\n") + data


@kind("cut off in the last record, before its last field")
def _(table: Table) -> None:
    last = len(table.truth) - 1
    plain(table, last)
    filled(table, last, "amount", "closed")
    table.lines[last] = ",".join(table.text(last)[:3])[: -table.luck.randrange(3) or None]
    table.ends[last] = ""


@kind("cut off within the last field")
def _(table: Table) -> None:
    last = len(table.truth) - 1
    plain(table, last)
    filled(table, last, "amount", "closed")
    end = table.text(last)[-1]
    table.lines[last] = ",".join(table.text(last)).removesuffix(end) + end[: table.luck.randrange(len(end))]
    table.ends[last] = ""


@kind("cut off within the last field, lines end with CR LF")
def _(table: Table) -> None:
    KINDS["cut off within the last field"](table)
    table.end = "\r\n"


@kind("no line end after the last row")
def _(table: Table) -> None:
    table.ends[len(table.truth) - 1] = ""


@kind("cut off within a character")
def _(table: Table) -> None:
    last = len(table.truth) - 1
    plain(table, last)
    line = table.line(last).encode()
    table.lines[last], table.ends[last] = line[: line.index(table.cells[last]["party"][0].encode()) + 2], ""


def packed(table: Table, change: Callable[[bytes], bytes]) -> None:
    table.file, table.spoil = "cases.csv.gz", lambda data: change(gzip.compress(data, mtime=0))


@kind("gzip that is cut off")
def _(table: Table) -> None:
    packed(table, lambda data: data[: len(data) * 3 // 4])


@kind("gzip without its last eight bytes")
def _(table: Table) -> None:
    packed(table, lambda data: data[:-8])


@kind("gzip with another check sum")
def _(table: Table) -> None:
    packed(table, lambda data: data[:-8] + b"\1\2\3\4" + data[-4:])


@kind("gzip in two parts, one behind the other")
def _(table: Table) -> None:
    table.file = "cases.csv.gz"
    table.spoil = lambda data: gzip.compress(data[: len(data) // 2]) + gzip.compress(data[len(data) // 2 :])


@kind("a gap of a lost block, filled with zeros")
def _(table: Table) -> None:
    table.spoil = lambda data: data[:200] + b"\0" * 100 + data[300:]


@kind("semicolons for commas")
def _(table: Table) -> None:
    table.separator = ";"


@kind("tabs for commas")
def _(table: Table) -> None:
    table.separator = "\t"


@of_rows("some rows with semicolons")
def _(table: Table, row: int) -> None:
    table.lines[row] = ";".join(table.text(row))


# --- readers: rows as (key, filed, party, amount, closed), and the texts of what they flagged; an error refuses the file


@dataclasses.dataclass
class Found:
    """What a reader gave."""

    rows: list[tuple[Any, ...]]
    flagged: list[str] = dataclasses.field(default_factory=list)
    refused: str | None = None


Reader = Callable[[Path, Table], Found]


@functools.cache
def contract_of(names: tuple[str, ...], told: str | None) -> Any:
    """What a court declares: columns, ISO dates, amounts with a full stop, UTF-8 or GB18030, the separator, that lines end."""
    from warehouse.catalogue.contract import Contract

    key, filed, party, amount, closed = names
    return Contract.model_validate({
        "source": "cases", "feeds": "cases", "title_zh": "x", "title_en": "x", "kind": "snapshot",
        "file": {"format": "csv", "separator": ",", "encodings": [told] if told else ["utf-8", "gb18030"],
                 "closed": True, "no_case": ["制表"]},
        "key": {"column": "case_number"}, "constants": {"court_code": "x", "type_code": "x"},
        "columns": {
            "case_number": {"header": key, "required": True},
            "registered_on": {"header": filed, "type": "date", "required": True},
            "judge_code": {"header": party, "required": True},
            "amount_applied": {"header": amount, "type": "decimal"},
            "closed_on": {"header": closed, "type": "date"},
        },
    })  # fmt: skip


@functools.cache
def surroundings() -> tuple[Any, Any, str]:
    """A profile without a grammar of case numbers, the staged table, and the rule that a case has a key and a date."""
    import pipelines
    from warehouse.catalogue.bundle import find_profile, read_catalogue

    catalogue = read_catalogue(find_profile("shengzhou"))
    settings = catalogue.profile.settings.model_copy(update={"case_numbers": "none"})
    rule = Path(pipelines.__file__).parents[1] / "sql" / "rules" / "DQ01.sql"
    return dataclasses.replace(catalogue.profile, settings=settings), catalogue.tables["staged.cases"], rule.read_text("utf-8")


@functools.cache
def store() -> Any:
    """Where the rule is asked; one for all files, since opening one takes longer than a file."""
    import duckdb

    connection = duckdb.connect(config={"threads": 1})
    connection.execute("create schema staged")
    atexit.register(store.cache_clear)
    return connection


def ours(path: Path, table: Table) -> Found:
    """Reading, typing, and the one rule that every case has a key and a day of filing. No grammar of case numbers helps."""
    import polars as pl

    from warehouse.intake.read import read_file
    from warehouse.intake.stage import Stager

    contract = contract_of(tuple(table.names.values()), table.told)
    profile, staged_table, rule = surroundings()
    raw, into = path.with_name("raw.parquet"), path.with_name("staged.parquet")
    found = read_file(path, path.name, contract, raw)
    staged = Stager(contract, profile, staged_table).stage(raw, into, 1, {}, found)
    delivered = {row.pop("record"): " ".join(map(str, row.values())) for row in pl.read_parquet(raw).to_dicts()}
    rows = pl.read_parquet(into)
    connection = store()
    connection.execute(f"create or replace view staged.new_cases as from read_parquet('{into}')")
    aside = {row[1] for row in connection.execute(rule, {"has_chinese_numbers": False}).fetchall()}
    aside |= {one.record for one in staged.set_aside} | set(rows.filter("is_duplicate")["record"])
    kept = rows.filter(~pl.col("record").is_in(sorted(aside)))
    columns = ("case_number", "registered_on", "judge_code", "amount_applied", "closed_on")
    return Found(kept.select(columns).rows(), [*(torn.text for torn in found.torn), *(delivered[record] for record in aside)])


def duck(path: Path, table: Table, options: str, types: bool = False, cast: bool = False) -> Found:
    import duckdb

    names = [f'"{table.names[column]}"' for column in COLUMNS]
    if types:
        kinds = {"date": "DATE", "number": "DECIMAL(18,2)"}
        wanted = ", ".join(f"'{table.names[c]}': '{kinds[k]}'" for c, k in KINDS_OF_CELL.items() if k in kinds)
        options += f", types={{{wanted}}}"
    if table.told:
        options += f", encoding='{table.told}'"
    if cast:
        kinds = {"date": "date", "number": "decimal(18,2)", "text": "varchar"}
        names = [f"try_cast({name} as {kinds[KINDS_OF_CELL[c]]})" for c, name in zip(COLUMNS, names, strict=True)]
    with duckdb.connect() as connection:
        connection.execute("set autoinstall_known_extensions=false")
        return Found(connection.execute(f"select {', '.join(names)} from read_csv('{path}'{options})").fetchall())


def polars(path: Path, table: Table, **options: Any) -> Found:
    import polars as pl

    found = pl.read_csv(path, try_parse_dates=True, encoding=table.told or "utf8", **options)
    return Found(found.select([table.names[column] for column in COLUMNS]).rows())


def pandas(path: Path, table: Table, **options: Any) -> Found:
    import pandas as pd

    days = [table.names["filed"], table.names["closed"]]
    found = pd.read_csv(path, encoding=table.told, parse_dates=days, **options)
    return Found(list(found[[table.names[column] for column in COLUMNS]].itertuples(index=False, name=None)))


def by_hand(path: Path, table: Table) -> Found:
    """What is written in an hour: csv, float and date; an error ends it."""
    opened = gzip.open if path.suffix == ".gz" else open
    rows = []
    with opened(path, "rt", encoding=table.told or "utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key, filed, party, amount, closed = (row[table.names[column]] for column in COLUMNS)
            rows.append((key, date.fromisoformat(filed), party, float(amount) if amount else None,
                         date.fromisoformat(closed) if closed else None))  # fmt: skip
    return Found(rows)


READERS: dict[str, Reader] = {
    "ours": ours,
    "DuckDB": lambda path, table: duck(path, table, ""),
    "DuckDB, all_varchar, try_cast": lambda path, table: duck(
        path, table, ", all_varchar=true, header=true, delim=',', strict_mode=true", cast=True
    ),
    "DuckDB, types, ignore_errors": lambda path, table: duck(path, table, ", ignore_errors=true", types=True),
    "Polars": polars,
    "Polars, truncate, ignore_errors": lambda path, table: polars(
        path, table, truncate_ragged_lines=True, ignore_errors=True
    ),
    "pandas": pandas,
    "pandas, on_bad_lines=skip": lambda path, table: pandas(path, table, on_bad_lines="skip"),
    "csv.DictReader, float, date": by_hand,
}  # fmt: skip


# --- judging

RIGHT, FLAGGED, WRONG = "right", "flagged", "wrong"


def judged(found: Any, truth: Any, column: str, text: str) -> str:
    """One cell. A cell left as the text that stands in the file is flagged: the column's type says that it is none."""
    if isinstance(found, datetime) and found == found and found.time() == datetime.min.time():
        found = found.date()
    if isinstance(found, str):
        found = found.strip()
    if found is None or found != found or found == "":
        return RIGHT if truth is None or (truth is BAD and text == "") else WRONG
    if KINDS_OF_CELL[column] == "text":
        same = str(int(found)) if isinstance(found, float) and found.is_integer() else str(found)
        return RIGHT if truth is not BAD and same == truth else WRONG
    if truth is not BAD and truth is not None and same_value(found, truth):
        return RIGHT
    return FLAGGED if isinstance(found, str) and found == text.strip() else WRONG


def same_value(found: Any, truth: Any) -> bool:
    if isinstance(truth, Decimal):
        try:
            return not isinstance(found, bool) and Decimal(str(found)) == truth
        except InvalidOperation:
            return False
    return found == truth if isinstance(found, date) else str(found) == str(truth)


def marks_of(table: Table) -> dict[str, int]:
    """Which row a mark belongs to."""
    found: dict[str, int] = {}
    for row, (truth, cells) in enumerate(zip(table.truth, table.cells, strict=True)):
        for value in (truth["key"], truth["party"], cells["key"], cells["party"]):
            for mark in MARK.findall(value) if isinstance(value, str) else ():
                found[mark] = row
    return found


@dataclasses.dataclass
class Verdict:
    """One file by one reader: how many rows of each sort, and what was silently wrong."""

    counts: Counter[str]
    wrongs: list[str]
    refused: str | None = None

    @property
    def is_silent(self) -> bool:
        """Whether something was lost or wrong without a word."""
        return bool(self.counts["lost"] or self.counts[WRONG])


def judge(table: Table, found: Found) -> Verdict:
    """Every row of the truth, and every row that was made up."""
    if found.refused is not None:
        return Verdict(Counter(refused=len(table.truth) + table.copies.total()), [], found.refused)
    rows_of, keys = marks_of(table), {}
    for row, truth in enumerate(table.truth):
        keys.setdefault(str(truth["key"]), row)
    left = Counter({row: 1 + table.copies[row] for row in range(len(table.truth))})
    counts, wrongs = Counter[str](), []
    for values in found.rows:
        about = [rows_of[mark] for cell in values if isinstance(cell, str) for mark in MARK.findall(cell) if mark in rows_of]
        about += [keys[str(values[0])]] if str(values[0]) in keys else []
        row = next((row for row in about if left[row]), None)
        if row is None:
            counts[WRONG] += 1
            wrongs.append(f"made up: {values}")
            continue
        left[row] -= 1
        said = [
            judged(value, table.truth[row][column], column, table.cells[row][column])
            for column, value in zip(COLUMNS, values, strict=True)
        ]
        worst = max(said, key=[RIGHT, FLAGGED, WRONG].index)
        counts[worst] += 1
        if worst == WRONG:
            wrongs.append(f"{values} is {tuple(table.truth[row].values())}")
    for text in found.flagged:
        about = dict.fromkeys(rows_of[mark] for mark in MARK.findall(text) if mark in rows_of)
        for row in about:
            counts[FLAGGED] += bool(left[row])
            left[row] -= bool(left[row])
    counts["lost"] = left.total()
    wrongs += [f"lost: {tuple(table.truth[row].values())}" for row in left if left[row] > 0]
    return Verdict(counts, wrongs)


def tried(reader: str, table: Table, folder: Path) -> Verdict:
    """One file by one reader."""
    path = folder / table.file
    path.write_bytes(table.data())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = READERS[reader](path, table)
    except Exception as error:
        if reader == "ours" and type(error).__name__ not in ("FileRefused", "HeaderRefused"):
            raise
        found = Found([], refused=f"{type(error).__name__}: {error}")
    return judge(table, found)


def spoilt(kind: str, seed: int) -> Table:
    """The table of one kind and seed, spoilt."""
    table = table_of(seed, kind)
    KINDS[kind](table)
    return table


def trials(kinds: Sequence[str], seeds: int, readers: Sequence[str], folder: Path) -> Iterator[tuple[str, str, int, Verdict]]:
    """(kind, reader, seed, verdict)."""
    for name in kinds:
        for seed in range(seeds):
            for reader in readers:
                yield name, reader, seed, tried(reader, spoilt(name, seed), folder)


# --- the report


def report(found: Sequence[tuple[str, str, int, Verdict]]) -> None:
    """A table of readers, and where each of them is worst."""
    files = len({(name, seed) for name, _, seed, _ in found})
    print(f"{files} files of {len({name for name, *_ in found})} kinds\n")
    print("| reader | rows right | flagged | in refused files | lost | wrong | files refused | files silently wrong | kinds |")
    print("| --- " * 9 + "|")
    for reader in READERS:
        its = [(name, verdict) for name, who, _, verdict in found if who == reader]
        counts = sum((verdict.counts for _, verdict in its), Counter[str]())
        silent = [name for name, verdict in its if verdict.is_silent]
        cells = [counts[RIGHT], counts[FLAGGED], counts["refused"], counts["lost"], counts[WRONG],
                 sum(verdict.refused is not None for _, verdict in its), len(silent), len(set(silent))]  # fmt: skip
        print(f"| {reader} | " + " | ".join(f"{cell:,}" for cell in cells) + " |")
    print()
    for reader in READERS:
        bad = Counter[str]()
        for name, who, _, verdict in found:
            if who == reader and verdict.is_silent:
                bad[name] += verdict.counts["lost"] + verdict.counts[WRONG]
        print(f"{reader}: " + ("; ".join(f"{name} ({rows})" for name, rows in bad.most_common(8)) or "never silently wrong"))


def main(words: Sequence[str] | None = None) -> int:
    """Tries all, and judges."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, default=6)
    asked.add_argument("--show", help="one kind alone, with every wrong row")
    asked.add_argument("--keep", type=Path, help="a folder for the files on which ours is silently wrong")
    options = asked.parse_args(words)
    kinds = [options.show] if options.show else list(KINDS)
    with tempfile.TemporaryDirectory() as folder:
        found = list(trials(kinds, options.seeds, list(READERS), Path(folder)))
    report(found)
    bad = 0
    for name, reader, seed, verdict in found:
        if options.show and (verdict.is_silent or verdict.refused):
            print(f"\n{reader}, seed {seed}: {dict(verdict.counts)} {verdict.refused or ''}", *verdict.wrongs[:5], sep="\n  ")
        if reader == "ours" and verdict.is_silent:
            bad += 1
            print(f"\nours, {name}, seed {seed}: {dict(verdict.counts)}", *verdict.wrongs[:3], sep="\n  ")
            if options.keep:
                options.keep.mkdir(parents=True, exist_ok=True)
                (options.keep / f"{re.sub(r'[^0-9A-Za-z]+', '_', name)}_{seed}").write_bytes(spoilt(name, seed).data())
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
