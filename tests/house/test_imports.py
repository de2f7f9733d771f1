"""Who may know whom: imports run down, never up, never sideways; a few libraries stand in one place alone.

Every `import` of every module counts, those inside functions too. The rooms and their order:

    pipelines   cli → answers, deciding, comparing → refresh → definitions, ops, web → reports, sample, automation, run_history, settings
    assets      landing, raw, staged, model, metrics, published → tables, checks → resources
    warehouse   audit → refresh → reading, quality → store, intake → catalogue, methods, recount
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from warehouse.catalogue.layers import LAYERS
from warehouse.catalogue.query import HOUSE

HOUSES = ("pipelines", "assets", "warehouse")
ROOMS = {
    "pipelines": [
        ["cli"], ["answers", "auditing", "chores", "deciding", "worklist"], ["comparing", "sources"], ["desk"], ["refresh"], ["definitions", "ops", "web"],
        ["reports", "sample", "automation", "run_history", "settings"],
    ],
    "assets": [list(LAYERS), ["tables", "checks"], ["resources"]],
    "warehouse": [
        ["audit"], ["refresh"], ["reading", "quality"], ["store", "intake"], ["catalogue", "methods", "recount"],
    ],
}  # fmt: skip
"""From top to bottom. A room may import from those below it and from itself."""
ONLY_IN = {
    # expectations.py is given the live connection: it needs DuckDB's errors, and its parser to find a query's parameters.
    "duckdb": ("warehouse/store/", "warehouse/intake/readers/", "warehouse/quality/expectations.py"),
    "duckdb_engine": ("warehouse/quality/expectations.py",),
    "great_expectations": ("warehouse/quality/expectations.py",),
    "sqlalchemy": ("warehouse/quality/expectations.py", "pipelines/run_history.py"),
    "dagster": (
        "assets/",
        "pipelines/definitions.py",
        "pipelines/automation.py",
        "pipelines/refresh.py",
        "pipelines/run_history.py",
    ),
    "sqlglot": ("warehouse/catalogue/query.py", "warehouse/catalogue/columns.py", "warehouse/store/"),
    "fastapi": ("pipelines/web/",),
    "starlette": ("pipelines/web/",),
    "jinja2": ("pipelines/web/",),
    "babel": ("pipelines/web/",),
    "uvicorn": ("pipelines/web/serve.py",),
    "vl_convert": ("pipelines/web/charts.py",),
    "xlsxwriter": ("pipelines/reports/", "pipelines/sample/forms.py"),
    "openpyxl": (),
    "xlrd": ("warehouse/intake/readers/",),
    "zstandard": ("warehouse/intake/unpack.py",),
    "adbc_driver_postgresql": ("warehouse/intake/postgres.py",),
    "nanoarrow": ("warehouse/intake/postgres.py", "warehouse/intake/postgres_types.py"),
}


@cache
def modules() -> dict[str, Path]:
    """Every module of ours by its name."""
    found = [path for house in HOUSES for path in (HOUSE / house).rglob("*.py") if "data" not in path.parts]
    return {".".join(path.relative_to(HOUSE).with_suffix("").parts).removesuffix(".__init__"): path for path in found}


@cache
def imports(module: str, at_once: bool = False) -> frozenset[tuple[str, str]]:
    """What a module imports, as (module, name taken from it or ""); `at_once`: only what importing it imports."""
    tree = ast.parse(modules()[module].read_text("utf-8"))
    return frozenset(pair for node in _nodes(tree, at_once) for pair in _imported(node, module))


def _nodes(tree: ast.AST, at_once: bool) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        yield node
        if not (at_once and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)):
            yield from _nodes(node, at_once)


def _imported(node: ast.AST, module: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Import):
        yield from ((alias.name, "") for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{module} imports by dots: name the module in full"
        for alias in node.names:
            whole = f"{node.module}.{alias.name}"
            yield (whole, "") if whole in modules() else (str(node.module), alias.name)


def ours(module: str, at_once: bool = False) -> set[str]:
    """The modules of ours that a module imports."""
    return {name for name, _ in imports(module, at_once) if name.partition(".")[0] in HOUSES}


def rank(module: str) -> tuple[int, int, str]:
    """Where a module stands: its house, its floor (higher is further down), its room. Packages stand at the top."""
    house, _, rest = module.partition(".")
    room = rest.partition(".")[0]
    floors = ROOMS[house]
    floor = next((n for n, rooms in enumerate(floors) if room in rooms), None)
    assert floor is not None or not room, f"{module} stands in a room without a floor: name it in ROOMS"
    return HOUSES.index(house), -1 if floor is None else floor, room


def may(importer: str, imported: str) -> bool:
    """Whether one module of ours may import another."""
    (house, floor, room), (other_house, other_floor, other_room) = rank(importer), rank(imported)
    if house != other_house:
        return house < other_house
    return room == other_room or floor < other_floor


def test_every_room_has_a_floor():
    assert len(modules()) > 60
    for module in modules():
        rank(module)


@pytest.mark.parametrize("module", sorted(modules()))
def test_imports_run_down(module):
    up = {(name, taken) for name, taken in imports(module) if name.partition(".")[0] in HOUSES and not may(module, name)}
    assert not up, f"{module} must not import {sorted(up)}"


def test_no_circle_is_closed_when_modules_are_loaded():
    graph = {module: ours(module, at_once=True) - {module} for module in modules()}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(f"a circle: {' → '.join(error.args[1])}")


@pytest.mark.parametrize("library", sorted(ONLY_IN))
def test_a_library_is_imported_only_in_its_place(library):
    found = {
        str(path.relative_to(HOUSE))
        for module, path in modules().items()
        if any(name.partition(".")[0] == library for name, _ in imports(module))
    }
    assert {path for path in found if not path.startswith(ONLY_IN[library])} == set()


def test_the_made_up_court_and_the_recount_share_no_code_with_what_they_prove():
    for module in modules():
        if module.startswith(("pipelines.sample", "warehouse.recount", "warehouse.methods")):
            room = ".".join(module.split(".")[:2])
            assert all(name.startswith(room) for name in ours(module)), f"{module} imports {sorted(ours(module))}"


def test_the_warehouse_reads_no_environment_variable():
    for module, path in modules().items():
        if module.startswith(("warehouse", "assets")):
            names = {node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)}
            assert not names & {"environ", "getenv", "environb"}, module


def test_a_package_holds_a_docstring_and_nothing_else():
    for module, path in modules().items():
        if path.name == "__init__.py":
            body = ast.parse(path.read_text("utf-8")).body
            assert len(body) == 1 and ast.get_docstring(ast.Module(body, [])), module


def test_sql_holds_only_queries():
    odd = [path for path in (HOUSE / "sql").rglob("*") if path.is_file() and path.suffix != ".sql"]
    assert odd == [], "sql/ is no package and holds no templates"


def test_the_command_line_and_the_definitions_load_nothing_heavy_before_they_must():
    asked = (
        ("pipelines.cli", {"dagster", "duckdb", "polars", "great_expectations", "pydantic", "numpy"}),
        ("pipelines.answers", {"dagster", "polars", "great_expectations", "sqlglot", "numpy"}),
        ("pipelines.deciding", {"dagster", "polars", "great_expectations", "sqlglot", "numpy"}),
        ("pipelines.chores", {"dagster", "polars", "great_expectations", "sqlglot", "numpy"}),
        ("pipelines.definitions", {"great_expectations", "pipelines.sample", "fastapi", "babel"}),
        ("pipelines.web.app", {"dagster", "great_expectations", "vl_convert", "altair"}),
    )
    for module, heavy in asked:
        code = f"import sys, {module}; print(*sorted(set(sys.modules) & {heavy!r}))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HOUSE)
        assert done.stdout.split() == [], f"importing {module} loads {done.stdout}"
