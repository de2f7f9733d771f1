"""A contract in YAML from what was seen in one file: with each doubt as a question above the line that answers it.

Belongs here: the text. Does not belong here: looking at the file (`infer`). A key whose answer must not be guessed is left
empty, so that the draft does not load before it is filled in; every other question stands by a value that can be kept.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from warehouse.intake.guesses.mapping import IN_NUMBERS, KEYS, NEEDED, Drafted
from warehouse.intake.infer import Findings
from warehouse.intake.refused import shown
from warehouse.intake.yaml_text import comment, scalar, value

TITLES = {"cases": ("案件", "Cases"), "registrations": ("立案申请", "Applications to register")}
FILE_KEYS = ("format", "encodings", "separator", "quote", "sheet", "header_rows", "trailing_separator", "names", "no_case")
LISTS = {
    "court_code": ("courts", "code,name_zh,name_en,old_abbreviation", "{word},,,"),
    "type_code": ("case_types", "code,name_zh,name_en,family_code,counts_as_code", "{word},,,,"),
}
"""Lists that hold the delivered words themselves as codes."""
MOST_WORDS = 100
HOW = """\
Lines with `# ?` are questions: answer each in the line below it, then take the question out. What is left empty must be \
filled in: until then the contract does not load."""
FEEDS = """\
no header is known: do the rows tell of cases, or of applications to register (registrations)? The columns below are those \
of cases"""
NEAR = "the headers fit cases and applications to register (registrations) nearly alike: which is it?"
KIND = """\
does each file hold everything there is (snapshot), what changed since the one before (delta), or only what is new (append)?"""
ON_MISSING = "of a snapshot: is a case that a later file lacks still counted (keep), or no longer (drop)?"
EXTRACT_DATE = """\
{why}: is a file's day the one on which it was first seen (received), or do you list the files with their days in \
deliveries.csv (deliveries)?"""
COURT = """\
court_code: {found}. If all rows are of one court, write its code of codes/courts.csv here; else name the column above and \
take this out"""
LIST = "{what} Put these lines into codes/{name}.csv, without the `# `, and fill them in; other files may hold more words"


def draft(findings: Findings) -> str:
    """The contract as text, ending with a line end. `# ?` begins a question."""
    parts = (_head(findings), _source(findings), _file(findings), _key(findings), _columns(findings), _constants(findings),
             _not_read(findings), _lists(findings))  # fmt: skip
    return "\n".join(line for part in parts for line in part) + "\n"


def _head(findings: Findings) -> Iterator[str]:
    layout = findings.table.layout
    rows = f"{len(layout.rows):,} rows looked at, {'all there are' if layout.is_whole else 'of more'}"
    yield from comment(f"A draft, told from {findings.name}: {rows}.")
    yield from comment(HOW)


def _source(findings: Findings) -> Iterator[str]:
    feeds = findings.columns.feeds
    zh, en = TITLES[feeds]
    yield f"source: {scalar(findings.source)}"
    if findings.feeds is None:
        yield from _ask(FEEDS)
    elif findings.is_near:
        yield from _ask(NEAR)
    yield f"feeds: {findings.feeds or ''}".rstrip()
    yield f"title_zh: {zh}"
    yield f"title_en: {en}"
    yield from _ask(KIND)
    yield "kind: snapshot"
    yield from _ask(ON_MISSING)
    yield "on_missing: keep"
    if findings.days_in_name != 1:
        why = "the name holds no day of the extract" if not findings.days_in_name else "the name holds several days"
        yield from _ask(EXTRACT_DATE.format(why=why))
    yield f"extract_date: {'file_name' if findings.days_in_name == 1 else 'received'}"


def _file(findings: Findings) -> Iterator[str]:
    table = findings.table
    keys = {**table.file, "names": findings.names}
    yield "file:"
    for key in FILE_KEYS:
        for note in table.notes.get(key, ()):
            yield from comment(note, "  ")
        for question in table.questions.get(key, ()):
            yield from _ask(question, "  ")
        if key in keys:
            yield f"  {key}: {value(keys[key])}".rstrip()


def _key(findings: Findings) -> Iterator[str]:
    if findings.key is None:
        column = KEYS[findings.columns.feeds]
        told = findings.columns.missing.get(column, "")
        yield from _ask(f"which column tells one row from another? It must be {column}, below: {told}")
    yield f"key: {{column: {findings.key or ''}}}".replace(": }", ": }")


def _columns(findings: Findings) -> Iterator[str]:
    found = findings.columns
    yield "columns:" if found.columns else "columns: {}"
    order = [*NEEDED[found.feeds], *found.columns]
    for column in dict.fromkeys(order):
        if column in found.columns:
            yield from _column(found.columns[column])
        elif column in found.missing and column != "court_code":
            yield from _ask(f"{column}: {found.missing[column]}. Add `{column}: {{header: ...}}`, or do without it", "  ")


def _column(drafted: Drafted) -> Iterator[str]:
    yield from comment(f"{shown(drafted.header)} {drafted.seen}", "  ")
    for question in drafted.questions:
        yield from _ask(f"{drafted.column}: {question}", "  ")
    keys: dict[str, Any] = {"header": drafted.header}
    if drafted.guess.type != "text":
        keys["type"] = drafted.guess.type
    if drafted.required:
        keys["required"] = True
    yield f"  {drafted.column}: {value(keys | drafted.guess.options)}"


def _constants(findings: Findings) -> Iterator[str]:
    if "court_code" in findings.columns.missing:
        yield from _ask(COURT.format(found=findings.columns.missing["court_code"]))
        yield "constants: {court_code: }"


def _not_read(findings: Findings) -> Iterator[str]:
    for line in findings.columns.persons:
        yield from _ask(f"{line} (a column that is read for those who may see it carries `privacy: restricted`)")
    if findings.columns.unread:
        yield "# Not read, since no column of ours is known to mean it:"
        for line in findings.columns.unread:
            yield from comment(f"  {line}")


def _lists(findings: Findings) -> Iterator[str]:
    """Code lists, ready to be pasted into files of the profile once their codes are filled in."""
    if findings.is_chinese:
        yield from comment("The numbers are Chinese ones: write `case_numbers: chinese` in profile.yml.")
    for drafted in findings.columns.columns.values():
        if drafted.guess.type == "code":
            head, row = "word,code,name_zh,name_en", "{word},,,"
            yield from _list(
                str(drafted.guess.options["codes"]), head, row, drafted.words, f"what does each word of {drafted.column} mean?"
            )
        elif drafted.column in LISTS and not (findings.is_chinese and drafted.column in IN_NUMBERS):
            yield from _list(*LISTS[drafted.column], drafted.words, f"what is each {drafted.column}?")


def _list(name: str, head: str, row: str, words: Sequence[str], question: str) -> Iterator[str]:
    yield "#"
    yield from _ask(LIST.format(what=question, name=name))
    yield f"# {head}"
    for word in words[:MOST_WORDS]:
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator="").writerow([" ".join(word.split())])
        yield f"# {row.format(word=buffer.getvalue())}"
    if len(words) > MOST_WORDS:
        yield f"# ... and {len(words) - MOST_WORDS} more"


def _ask(text: str, indent: str = "") -> Iterator[str]:
    begins_with_a_name = re.match(r"[a-z]+[_\d]|[a-z]+:", text)
    yield from comment(f"? {text if begins_with_a_name else text[:1].upper() + text[1:]}", indent)
