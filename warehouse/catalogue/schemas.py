"""JSON Schemas of `contracts/<source>.yml` and `profile.yml`, made from the models that load them, for editors to complete by.

`python -m warehouse.catalogue.schemas [FOLDER]` writes them (default: `schemas/` beside this module), and a test holds that
they are up to date. What a key means is the docstring below it in the model. Does not belong here: what a file must hold.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from warehouse.catalogue.contract import Contract
from warehouse.catalogue.events import DAY, KIND
from warehouse.catalogue.profile import Settings
from warehouse.catalogue.query import HOUSE
from warehouse.catalogue.table import Table, read_tables
from warehouse.catalogue.totals import TotalsContract

COMMAND = "python -m warehouse.catalogue.schemas"
FOLDER = Path(__file__).parent / "schemas"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
MADE = ("version", "query")
"""Fields that are made when a file is loaded: nobody writes them."""
OF_CASES = ("key", "columns", "on_missing", "events")
"""Keys that a contract of totals must not have."""
PLACES = ("delivery_no", "record", "line", "is_duplicate")
"""Columns of a staged table that staging fills."""


def schemas(house: Path = HOUSE) -> dict[str, str]:
    """Every schema by its file name, as text.

    Raises:
        DefinitionError: the tables that the names of columns come from do not hold together.
    """
    contract, profile, totals = _schema(Contract), _schema(Settings), _schema(TotalsContract)
    contract["properties"]["feeds"]["enum"].remove("totals")  # such a contract has a schema of its own
    for key in OF_CASES:
        totals["properties"].pop(key)
    contract["allOf"] = _columns_by_table(contract["properties"]["feeds"], read_tables(house / "warehouse/tables"))
    found = {"contract.schema.json": contract, "profile.schema.json": profile, "totals.schema.json": totals}
    return {name: json.dumps(schema, ensure_ascii=False, indent=2) + "\n" for name, schema in found.items()}


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of one kind of file. Titles, which only repeat the names of keys, are taken out."""
    schema = model.model_json_schema()
    parts = {part.__name__: part for part in _parts(model)}
    for name, part in [(model.__name__, schema), *schema.get("$defs", {}).items()]:
        told = _docstrings(parts[name])
        for key, value in part.get("properties", {}).items():
            value.pop("title", None)
            if key in told:
                value["description"] = told[key]
        part.pop("title", None)
    for key in MADE:
        schema["properties"].pop(key, None)
    return {"$schema": DRAFT, **schema}


def _parts(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and all models that its fields hold."""
    yield model
    for field in model.model_fields.values():
        for leaf in _leaves(field.annotation):
            if isinstance(leaf, type) and issubclass(leaf, BaseModel):
                yield from _parts(leaf)


def _leaves(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _leaves(part)


def _docstrings(model: type[BaseModel]) -> dict[str, str]:
    """The text below each field of a model. Read here: pydantic would do so at every start of the program, for 17 ms."""
    above = model.__base__
    inherited = above is not None and issubclass(above, BaseModel) and above.__module__.startswith("warehouse.")
    found: dict[str, str] = _docstrings(above) if inherited and above is not None else {}
    body = ast.parse(inspect.getsource(model)).body[0]
    if isinstance(body, ast.ClassDef):
        for field, told in zip(body.body, body.body[1:], strict=False):
            match field, told:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    found[name] = " ".join(text.split())
    return found


def _columns_by_table(feeds: Mapping[str, Any], tables: Mapping[str, Table]) -> list[dict[str, Any]]:
    """Which columns a contract may name, by the table that it feeds, each with its meaning; those of an event where it has
    `events`, too.
    """
    conditions = []
    of_events = {name: _meanings(tables["staged.case_events"])[name] for name in (DAY, KIND)}
    for name in feeds.get("enum", [feeds.get("const")]):
        table = tables.get(f"staged.{name}")
        for has_events in (False, True) if table else ():
            named = {"properties": _meanings(table) | (of_events if has_events else {}), "additionalProperties": False}
            events = {"required": ["events"]} if has_events else {"not": {"required": ["events"]}}
            conditions.append({
                "if": {"properties": {"feeds": {"const": name}}, "required": ["feeds"], "allOf": [events]},
                "then": {"properties": {"columns": named, "constants": named}},
            })  # fmt: skip
    return conditions


def _meanings(table: Table | None) -> dict[str, dict[str, str]]:
    """The columns of a staged table that a contract can fill, each with what it means."""
    columns = table.columns if table else {}
    return {name: {"description": column.meaning} for name, column in columns.items() if name not in PLACES}


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the schemas into the folder named, the one beside this module by default."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    folder = Path(words[0]) if words else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, "utf-8")
        sys.stdout.write(f"wrote {folder / name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
