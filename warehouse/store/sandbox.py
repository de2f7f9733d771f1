"""One read-only statement of a stranger on the schema `published`, in a process of its own with bounds.

Belongs here: what a statement may hold, and the process that runs it. Does not belong here: who asks, and the record of it
(pipelines, warehouse.intake.access). The statement is parsed by DuckDB itself and walked as a tree: one SELECT, tables of
`published` and its own subqueries, functions of a list (sql_functions.txt). Then it runs on a connection without access to
files, extensions and settings, in a process without rights to write a byte, with bounds on memory, time and rows.
"""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

SCHEMA = "published"
FUNCTIONS = Path(__file__).with_name("sql_functions.txt")
TABLE_FUNCTIONS = ("range", "generate_series", "unnest")
SOURCES = {
    "SHOW_REF": "DESCRIBE, SHOW and SUMMARIZE are not answered here: `caseload sql --tables` shows tables and columns",
    "RECURSIVE_CTE_NODE": "WITH RECURSIVE is not allowed: a statement may not loop",
    "PIVOT": "PIVOT is not allowed: group by, and case inside sum",
}
START = 15
"""Seconds that a busy machine may take to start the process, and DuckDB to heed that it is interrupted."""
SYSTEM = ("duckdb_", "pg_", "pragma_", "sqlite_", "information_schema")


class Refused(ValueError):
    """A statement that is not run, or was stopped; the message says why and what to do."""


@dataclass(frozen=True)
class Bounds:
    """What one statement may take: seconds of the clock, megabytes of DuckDB, rows and megabytes of its answer."""

    seconds: float = 10
    memory: int = 512
    rows: int = 1000
    answer: int = 32


@dataclass(frozen=True)
class Answer:
    """Columns, their types, and rows as JSON knows them; `has_more`: there are more rows than were asked for."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    has_more: bool


def ask(warehouse: Path, statement: str, bounds: Bounds) -> Answer:
    """Runs a statement on a published file.

    Raises:
        Refused: it is no single SELECT on `published`, DuckDB does not take it, or it went past a bound.
    """
    told = json.dumps({"warehouse": str(warehouse), "statement": statement, "bounds": asdict(bounds)})
    try:
        ended = subprocess.run(
            [sys.executable, "-I", "-X", "utf8", str(Path(__file__))], input=told.encode(), capture_output=True,
            timeout=bounds.seconds + START, check=False, cwd="/", env={},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Refused(_too_long(bounds)) from None
    if ended.returncode == -signal.SIGXCPU:
        raise Refused(_too_long(bounds))
    if ended.returncode or not ended.stdout:
        raise Refused(f"it went past {bounds.memory} MB of memory, or is nested too deeply, and was stopped. Ask for less")
    found = json.loads(ended.stdout)
    if "refused" in found:
        raise Refused(found["refused"])
    return Answer(tuple(found["columns"]), tuple(found["types"]), tuple(map(tuple, found["rows"])), found["has_more"])


def _too_long(bounds: Bounds) -> str:
    return f"it ran longer than {bounds.seconds:g} s and was stopped. Ask for less, or for a shorter span"


# --- what a statement may hold


def check(connection: duckdb.DuckDBPyConnection, statement: str) -> None:
    """Whether it is one SELECT on `published` and nothing else.

    Raises:
        Refused: it is not, with what stands in the way.
    """
    parsed = connection.extract_statements(statement)
    if len(parsed) != 1:
        raise Refused(f"there are {len(parsed)} statements, and one is answered. Ask one SELECT")
    if parsed[0].type != duckdb.StatementType.SELECT:
        raise Refused(f"it is a statement of the kind {parsed[0].type.name}, and only SELECT is answered")
    told = connection.execute("select json_serialize_sql(?)", [statement]).fetchone()
    tree = json.loads(told[0]) if told else {"error": True}
    if tree["error"]:
        raise Refused("it cannot be told what it reads. Write it as one plain SELECT")
    own = {name.lower() for node in _nodes(tree) for name in _own_names(node)}
    if clash := sorted(name for name in own if name.startswith(SYSTEM)):
        raise Refused(f"[{clash[0]}] is the name of something of the system. Name the subquery otherwise")
    functions = _allowed_functions()
    for node in _nodes(tree):
        _check_node(node, own, functions)


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def _own_names(node: dict[str, Any]) -> Iterator[str]:
    """The names of its common table expressions."""
    if isinstance(held := node.get("cte_map"), dict):
        yield from (one["key"] for one in held["map"])


def _check_node(node: dict[str, Any], own: set[str], functions: frozenset[str]) -> None:
    kind = node.get("type")
    if isinstance(kind, str) and kind in SOURCES:
        raise Refused(SOURCES[kind])
    if kind == "BASE_TABLE":
        _check_table(node, own)
    elif kind == "TABLE_FUNCTION":
        name = node["function"]["function_name"].lower()
        if name not in TABLE_FUNCTIONS:
            raise Refused(f"the table function [{name}] is not allowed. Tables of `published` are read by name")
    elif "function_name" in node:
        name = node["function_name"].lower()
        if node.get("schema") or node.get("catalog") or (name not in functions and name not in TABLE_FUNCTIONS):
            raise Refused(f"the function [{name}] is not on the list of allowed ones (docs/audit.md)")


def _check_table(node: dict[str, Any], own: set[str]) -> None:
    path = [part.lower() for part in (node["catalog_name"], node["schema_name"], node["table_name"]) if part]
    if node.get("at_clause"):
        raise Refused("AT is not answered here: `caseload figures --as-of` asks for an earlier day")
    if path == [SCHEMA, path[-1]] or (len(path) == 1 and path[0] in own):
        return
    raise Refused(f"it reads [{'.'.join(path)}]. Only tables of `{SCHEMA}` can be asked: `caseload sql --tables` shows them")


def _allowed_functions() -> frozenset[str]:
    return frozenset(line for line in FUNCTIONS.read_text("ascii").split() if not line.startswith("#"))


# --- the process


def _bind_hands(bounds: Bounds) -> None:
    """No file may grow by a byte, no core be left, no time or memory beyond the bounds be taken."""
    address_space = (bounds.memory << 20) + (3 << 30)  # DuckDB reserves more than it uses
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    seconds = int(bounds.seconds) + START
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def connected(warehouse: Path, bounds: Bounds) -> duckdb.DuckDBPyConnection:
    """A connection that can neither leave the file, nor write one to gain memory, nor change how it is bound."""
    connection = duckdb.connect(str(warehouse), read_only=True, config={
        "threads": 1, "memory_limit": f"{bounds.memory}MB", "autoload_known_extensions": "false",
        "autoinstall_known_extensions": "false", "allow_community_extensions": "false", "python_enable_replacements": "false",
    })  # fmt: skip
    # one after the other: without access to files the folder cannot be taken away, and what is locked cannot be set
    for setting in ("temp_directory = ''", "enable_external_access = false", "lock_configuration = true"):
        connection.execute(f"set {setting}")
    return connection


def _answered(told: dict[str, Any]) -> dict[str, Any]:
    bounds = Bounds(**told["bounds"])
    _bind_hands(bounds)
    try:
        connection = connected(Path(told["warehouse"]), bounds)
        clock = threading.Timer(bounds.seconds, connection.interrupt)
        clock.daemon = True
        clock.start()
        check(connection, told["statement"])
        asked = connection.execute(told["statement"])
        columns = asked.description or []
        rows = asked.fetchmany(bounds.rows + 1)
    except Refused as refused:
        return {"refused": str(refused)}
    except duckdb.InterruptException:
        return {"refused": _too_long(bounds)}
    except duckdb.OutOfMemoryException:
        return {"refused": f"it needs more than {bounds.memory} MB of memory. Ask for less, or for a shorter span"}
    except duckdb.Error as error:
        return {"refused": "; ".join(line.strip() for line in str(error).splitlines() if line.strip() and "^" not in line)}
    return {
        "columns": [column[0] for column in columns], "types": [str(column[1]) for column in columns],
        "rows": rows[: bounds.rows], "has_more": len(rows) > bounds.rows,
    }  # fmt: skip


def _main() -> None:
    told = json.loads(sys.stdin.buffer.read())
    answer = json.dumps(_answered(told), ensure_ascii=False, default=str).encode()
    most = told["bounds"]["answer"]
    if len(answer) > most << 20:
        answer = json.dumps({"refused": f"its answer is larger than {most} MB. Ask for fewer rows or columns"}).encode()
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    _main()
