"""The header of a delimited file against the columns that a contract wants."""

from collections.abc import Sequence
from difflib import get_close_matches

from warehouse.intake.text import FileRefused, shown


def require_columns(found: list[str], line: int, separator: str, required: Sequence[str], optional: Sequence[str]) -> None:
    """Refuse a header, found on physical line `line`, that lacks a required column or names a wanted one twice."""
    place = f"line {line}"
    if doubled := [column for column in (*required, *optional) if found.count(column) > 1]:
        why = "Which of them holds the values cannot be known"
        what = f"the header names {_listed(doubled)} more than once"
        raise FileRefused(what, why, "Rename or drop the others at the source", place)
    if missing := [column for column in required if column not in found]:
        near = {name: get_close_matches(name, found, 3, 0.5) for name in missing}
        hints = "".join(f"; nearest to {shown(name)}: {_listed(names)}" for name, names in near.items() if names)
        why = f"The header on line [{line}] names {_listed(found)}{hints}{_likely_cause(found, separator)}"
        what = f"the header lacks {_listed(missing)}"
        raise FileRefused(what, why, "Map the columns in the contract, or export them again", place)


def _likely_cause(found: list[str], separator: str) -> str:
    held = "".join(found)
    if "\r" in held:
        return "; its lines seem to end with a carriage return alone, which separates no lines here"
    likely = [mark for mark in ",;\t|" if mark != separator and held.count(mark) >= len(found)]
    return f"; the separator {shown(separator)} may be wrong, it could be {_listed(likely)}" if likely else ""


def _listed(names: Sequence[str], most: int = 40) -> str:
    return " ".join(map(shown, names[:most])) + (f" and {len(names) - most} more" if len(names) > most else "")
