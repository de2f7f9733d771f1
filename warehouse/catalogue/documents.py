"""YAML files with places: load one into a typed model, and say file, line and mend where it does not fit.

Belongs here: reading, validating, wording. Does not belong here: what a contract, definition or rule means.
"""

from __future__ import annotations

import difflib
import re
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

T = TypeVar("T", bound="Document")
Place = tuple[str | int, ...]
DAY = "tag:yaml.org,2002:timestamp"
"""What YAML calls a value that looks like a day."""


class DefinitionError(Exception):
    """A contract, definition, rule or profile that cannot be used; one line a fault: `file:line: what. why. mend`."""


class Document(BaseModel):
    """A part of a YAML file. Unknown keys are errors: a misspelt key would otherwise be a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def load(path: Path, model: type[T]) -> T:
    """One YAML file as `model`.

    Raises:
        DefinitionError: no such file, no YAML, a key twice, or a value that does not fit, each with file, line and mend.
    """
    data, lines = _read(path)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = [_fault(path, lines, dict(one), model) for one in error.errors()]
        raise DefinitionError("\n".join(sorted(set(faults)))) from None


def load_beside(folder: Path, queries: Path, model: type[T], does: str) -> dict[str, T]:
    """Every `<id>.yml` of a folder by its id, each with its query `<id>.sql` in `queries`; none where there is no such folder.

    `does` ends the sentence "there is no query that …".

    Raises:
        DefinitionError: one does not load, has another id than its name, or lacks its query, with file, line and mend.
    """
    found = {}
    for path in sorted(folder.glob("*.yml")):
        one = load(path, model)
        name = getattr(one, "id", None)
        if name != path.stem:
            raise fault(path, "id:", f"the id is [{name}] in a file named [{path.stem}]", "Make them equal")
        query = queries / f"{path.stem}.sql"
        if not query.is_file():
            where = query.relative_to(folder.parents[1])
            raise fault(path, "id:", f"there is no query that {does}", f"Add {where}")
        found[path.stem] = one
    return found


def fault(path: Path, key: str, what: str, mend: str) -> DefinitionError:
    """An error found after loading (a reference between files), at the line where `key` first stands."""
    text = path.read_text("utf-8").splitlines() if path.is_file() else []
    line = next((n for n, row in enumerate(text, 1) if key in row), 1)
    return DefinitionError(f"{path.parent.name}/{path.name}:{line}: {what}. {mend}")


def nearest(word: str, known: list[str]) -> str:
    """`Nearest: a, b` or the whole list where nothing is near."""
    near = difflib.get_close_matches(word, known, n=3, cutoff=0.5)
    return f"Nearest: {', '.join(near)}" if near else f"Known: {', '.join(sorted(known))}"


def _read(path: Path) -> tuple[Any, dict[Place, int]]:
    name = f"{path.parent.name}/{path.name}"
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise DefinitionError(f"{name}:1: the file cannot be read ({error.strerror}). Put it there") from None
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or "it is no YAML"
        raise DefinitionError(f"{name}:{line}: this is no YAML ({problem}). Mend the line") from None
    if node is None:
        raise DefinitionError(f"{name}:1: the file is empty. Fill it in, or take it away")
    lines: dict[Place, int] = {}
    _walk(node, (), lines, name)
    return yaml.load(text, Loader=yaml.CSafeLoader), lines


def _walk(node: yaml.Node, at: Place, lines: dict[Place, int], name: str) -> None:
    lines.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*at, key.value)
            if here in lines:
                raise DefinitionError(
                    f"{name}:{key.start_mark.line + 1}: the key [{key.value}] stands twice, first in line "
                    f"{lines[here]}. Keep one of them"
                )
            lines[here] = key.start_mark.line + 1
            _walk(value, here, lines, name)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            _walk(value, (*at, number), lines, name)
    elif node.tag == DAY and not _is_day(node.value):
        raise DefinitionError(f"{name}:{node.start_mark.line + 1}: [{node.value}] is no day. Mend the value")


def _is_day(text: str) -> bool:
    """Whether what looks like a day is one: YAML itself stops at 2015-02-30 without saying where."""
    year, month, day = re.split(r"[-Tt\s]", text)[:3]
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _fault(path: Path, lines: dict[Place, int], error: dict[str, Any], model: type[Document]) -> str:
    at: Place = tuple(error["loc"])
    while at and at not in lines:
        at = at[:-1]
    key = ".".join(str(part) for part in error["loc"])
    where = f"{path.parent.name}/{path.name}:{lines.get(at, 1)}"
    if error["type"] == "missing":
        return f"{where}: the key [{key}] is missing. Add it"
    if error["type"] == "extra_forbidden":
        known = _keys(model, error["loc"][:-1])
        return f"{where}: there is no key [{key}]. {nearest(str(error['loc'][-1]), known)}"
    if error["type"] == "value_error":
        reason = str(error["ctx"]["error"])
        word = re.search(r"\[(.+?)\]", reason)
        if not error["loc"] and word:  # the check of a whole document names the word at fault in brackets
            rows = path.read_text("utf-8").splitlines()
            line = next((n for n, row in enumerate(rows, 1) if word[1] in row), 1)
            where = f"{path.parent.name}/{path.name}:{line}"
        return f"{where}: {f'{key}: ' if key else ''}{reason}. Mend the value"
    value = error.get("input")
    shown = str(value)[:60] if not isinstance(value, dict | list) else type(value).__name__
    return f"{where}: {key} is [{shown}]: {error['msg']}. Mend the value"


def _keys(model: type[BaseModel], at: Place) -> list[str]:
    """The keys that the part of `model` at `at` knows; the whole model's where the part has no fixed keys."""
    for step in at:
        field = model.model_fields.get(str(step))
        inner = [a for a in _arguments(field.annotation) if isinstance(a, type) and issubclass(a, BaseModel)] if field else []
        model = inner[0] if inner else model
    return list(model.model_fields)


def _arguments(annotation: Any) -> list[Any]:
    parts = getattr(annotation, "__args__", ())
    return [annotation, *(leaf for part in parts for leaf in _arguments(part))]
