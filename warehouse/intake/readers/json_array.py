"""Which array of a JSON document holds the rows: the one that the contract names, or the only one there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from warehouse.intake.readers.json_document import Document, Value
from warehouse.intake.refused import HeaderRefused, shown


def records(document: Document, path: str | None) -> Iterator[Value]:
    """The elements of the array that holds the rows; what stands around it is read too, so that nothing broken is missed.

    `path` is such as `data/cases`; without one the document is the array, or holds exactly one array of objects.

    Raises:
        FileRefused: there is no such array or more than one, or the document is broken.
    """
    if path:
        yield from _at(document, path.split("/"), "")
    elif document.peek() == "[":
        yield from _elements(document)
    elif document.peek() == "{":
        yield from _search(document)
    else:
        raise document.broken("neither an array nor an object")
    document.finish()


def _elements(document: Document) -> Iterator[Value]:
    for _ in document.elements():
        yield document.value()


def _at(document: Document, path: Sequence[str], above: str) -> Iterator[Value]:
    if not path:
        if document.peek() != "[":
            raise _elsewhere(f"[{above}] is no array", "The contract says that the rows stand there")
        yield from _elements(document)
        return
    if document.peek() != "{":
        raise _elsewhere(f"{f'[{above}]' if above else 'the file'} is no object", f"The contract looks for [{path[0]}] in it")
    met: list[str] = []
    here = f"{above}/{path[0]}".removeprefix("/")
    for name in document.members():
        met.append(name)
        if name != path[0]:
            document.skip()
        elif met.count(name) > 1:
            raise _elsewhere(f"[{here}] stands in it twice", "Which of them holds the rows cannot be known")
        else:
            yield from _at(document, path[1:], here)
    if path[0] not in met:
        raise _elsewhere(f"it has no [{here}]", f"The names there are {' '.join(map(shown, met[:40])) or 'none'}")


def _search(document: Document) -> Iterator[Value]:
    """The elements of the only array of objects, in the object here or in an object in it; an empty one where all are."""
    filled: list[str] = []
    empty: list[str] = []
    for name in document.members():
        if document.peek() == "{":
            for inner in document.members():
                yield from _candidate(document, f"{name}/{inner}", filled, empty)
        else:
            yield from _candidate(document, name, filled, empty)
    if len(filled or empty) != 1:
        arrays = " ".join(map(shown, (filled or empty)[:40]))
        raise _elsewhere(
            f"it holds {len(filled or empty) or 'no'} arrays {'of objects ' * bool(filled)}to read",
            f"They are {arrays}" if arrays else "No array of objects was found in it, or in an object in it",
        )


def _candidate(document: Document, path: str, filled: list[str], empty: list[str]) -> Iterator[Value]:
    if document.peek() != "[":
        document.skip()
        return
    is_rows, first = False, None
    for _ in document.elements():
        value = document.value()
        if first is None:
            first, is_rows = value, isinstance(value.value, dict) and not filled
            if isinstance(value.value, dict):
                filled.append(path)
        if is_rows:
            yield value
    if first is None:
        empty.append(path)


def _elsewhere(what: str, why: str) -> HeaderRefused:
    return HeaderRefused(
        what, why, "Name the path to the array with `records` in the contract, as `data/cases`", place="line 1"
    )
