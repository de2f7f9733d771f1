"""Headers onto our columns: by known words, near words, and whether the values can be what the column holds.

Belongs here: one table of ours and one delivered table. Does not belong here: how the contract is written (`draft`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from warehouse.catalogue.contract import ColumnType
from warehouse.catalogue.table import Table as Staged
from warehouse.intake.guesses.dates import as_date
from warehouse.intake.guesses.headers import meaning, near_meaning
from warehouse.intake.guesses.layout import Layout
from warehouse.intake.guesses.numbers import as_number
from warehouse.intake.guesses.people import looks_like_people
from warehouse.intake.guesses.words import Guess, as_case_number, as_code, as_flag, counted, some
from warehouse.intake.refused import shown

KEYS = {"cases": "case_number", "registrations": "application_key"}
"""The column that makes a row's key."""
NEEDED = {
    "cases": ("case_number", "court_code", "type_code", "registered_on", "closed_on", "closing_manner"),
    "registrations": ("application_key", "court_code", "population", "received_on", "first_decision", "decided_on",
                      "registered_on", "case_number"),
}  # fmt: skip
"""Columns without which figures are missing: required where they are found, asked for where they are not."""
IN_NUMBERS = ("court_code", "type_code")
"""What a Chinese case number says itself."""
LISTS = {"procedure": "procedures", "closing_manner": "closing_words", "channel": "channels", "population": "populations",
         "first_decision": "first_decisions"}  # fmt: skip
"""Columns that hold codes of ours, each with the list that translates a source's words."""

EMPTY: dict[str, ColumnType] = {"DATE": "date", "DECIMAL(18,2)": "decimal", "BIGINT": "integer", "INTEGER": "integer"}
"""The types of columns of which no value was seen; text for all others."""


@dataclass(frozen=True)
class Drafted:
    """One column of ours, the header that seems to hold it, how its values are read, and what is asked about it."""

    column: str
    header: str
    guess: Guess
    required: bool
    seen: str
    questions: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass
class Mapped:
    """All columns that were found, the questions about those that were not, and what is not read, each with the reason."""

    feeds: str
    columns: dict[str, Drafted] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)


def mapped(layout: Layout, feeds: str, staged: Staged, file_format: str) -> Mapped:
    """The headers of a table onto the columns of `staged.<feeds>`: exact words first, then near ones."""
    found = Mapped(feeds)
    values = {at: counted(layout.values(at)) for at in range(len(layout.names))}
    taken, notes = set[int](), dict[int, str]()
    for near in (False, True):
        for at, header in enumerate(layout.names):
            column, how = _meant(header, feeds, near)
            if at in taken or column is None or not header:
                continue
            if layout.names.count(header) > 1:
                notes[at] = "stands more than once in the header: rename the others at the source"
            elif column in found.columns:
                notes[at] = f"may mean {column} too, which is taken from {shown(found.columns[column].header)}"
            elif person := looks_like_people(header, values[at]) if column in ("judge_code", "bench_code") else "":
                found.persons.append(
                    f"[{header}] would be {column}, but {person}. Only codes may be read: is there a column of codes?"
                )
                taken.add(at)
            elif guess := _guessed(column, staged, values[at], file_format):
                how = " ".join(filter(None, (how, _about_unit(column, staged))))
                found.columns[column] = _drafted(column, header, guess, how, values[at], layout, feeds)
                taken.add(at)
            else:
                notes[at] = f"is called like {column}, but its values are no such: {some(values[at])}"
    _sort_out(found, layout, values, taken, notes)
    _ask_for_missing(found, layout, values, file_format)
    return found


def _meant(header: str, feeds: str, near: bool) -> tuple[str | None, str]:
    """The column that a header means, and how far that is from certain."""
    if not near:
        return meaning(header, feeds), ""
    found = near_meaning(header, feeds)
    return (found[0], f"the header is nearly the known word [{found[1]}]: is this {found[0]}?") if found else (None, "")


def _guessed(column: str, staged: Staged, counts: Counter[str], file_format: str) -> Guess | None:
    """How values are read as a column of ours; None where they cannot be that."""
    kind = staged.columns[column].type if column in staged.columns else "VARCHAR"
    if not counts:
        asked = ("it is empty in all rows looked at: nothing of its form can be told",)
        if kind == "BOOLEAN":
            return None
        if column in LISTS:
            return Guess("code", 1.0, {"codes": LISTS[column]}, asked)
        return Guess(EMPTY.get(kind, "text"), 1.0, {}, asked)
    if kind == "DATE":
        return as_date(counts, file_format)
    if kind == "BOOLEAN":
        return as_flag(counts)
    if kind in ("BIGINT", "INTEGER") or kind.startswith("DECIMAL"):
        return as_number(counts, "decimal" if kind.startswith("DECIMAL") else "integer")
    if column.endswith("case_number"):
        return as_case_number(counts) or Guess("text", 1.0)
    return as_code(counts, LISTS[column]) if column in LISTS else Guess("text", 1.0)


def _drafted(column: str, header: str, guess: Guess, how: str, counts: Counter[str], layout: Layout, feeds: str) -> Drafted:
    filled, total = counts.total(), len(layout.rows)
    fits = f", {guess.fits:.1%} fit" if guess.fits < 1 else ""
    seen = f"{filled} of {total} rows filled{fits}, {len(counts)} different: {some(counts)}"
    questions = [*([how] if how else []), *guess.questions]
    if column == KEYS[feeds]:
        questions += _about_key(counts, filled, total)
    words = tuple(sorted(counts)) if guess.type == "code" or column in IN_NUMBERS else ()
    words = tuple(word for word in words if word not in guess.options.get("nulls", ()))
    return Drafted(column, header, guess, column in NEEDED[feeds], seen, tuple(questions), words)


def _about_unit(column: str, staged: Staged) -> str:
    """What must be asked of a number, as no file says it."""
    unit = staged.columns[column].unit if column in staged.columns else None
    return f"it is meant to be in {unit}. Is it? Else say so in the profile's `note`, or leave it out" if unit else ""


def _about_key(counts: Counter[str], filled: int, total: int) -> Iterator[str]:
    """What is wrong with a key that should be there in every row, and another one in each."""
    if filled < total:
        yield f"{total - filled} rows have no key: they would be set aside. Is this the column that tells cases apart?"
    if again := [text for text, n in counts.items() if n > 1]:
        rows = sum(counts[text] for text in again)
        yield (
            f"{rows} rows share their key with another, as {some(again)}. Is one row a case, and this its key? Where a row "
            "is an event of a case, see `events`"
        )


def _sort_out(
    found: Mapped, layout: Layout, values: Mapping[int, Counter[str]], taken: set[int], notes: Mapping[int, str]
) -> None:
    """What is not read: persons without their values, all others with what was seen."""
    for at, header in enumerate(layout.names):
        if at in taken or not (header or values[at]):
            continue
        if person := looks_like_people(header, values[at]):
            found.persons.append(f"{shown(header)} is left out: {person}. No figure needs it. Leave it so?")
        else:
            found.unread.append(f"{shown(header)} {notes.get(at) or some(values[at]) or 'is empty'}")


def _ask_for_missing(found: Mapped, layout: Layout, values: Mapping[int, Counter[str]], file_format: str) -> None:
    """A question for each needed column that no header names, with the headers that might."""
    numbers = found.columns.get("case_number")
    is_chinese = numbers is not None and numbers.guess.type == "case_number"
    used = {drafted.header for drafted in found.columns.values()}
    free = {name: values[at] for at, name in enumerate(layout.names)
            if name and name not in used and not looks_like_people(name, values[at])}  # fmt: skip
    for column in NEEDED[found.feeds]:
        if column in found.columns or (is_chinese and found.feeds == "cases" and column in IN_NUMBERS):
            continue
        if column == KEYS[found.feeds]:
            may = [name for name, counts in free.items() if counts.total() == len(counts) == len(layout.rows) > 0]
        elif column.endswith("_on"):
            may = [name for name, counts in free.items() if as_date(counts, file_format)]
        else:
            may = [name for name, counts in free.items() if 0 < len(counts) <= 60]
        found.missing[column] = f"no header names it. It might be one of {some(may, 5)}" if may else "no header names it"
