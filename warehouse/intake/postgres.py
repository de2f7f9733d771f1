"""One query on a PostgreSQL server, read only: its rows as frames, batch by batch, and every failure as a refusal.

Belongs here: the connection, what becomes of the database's types, its messages without the password. Does not belong
here: the file that the rows go into, and from where a later pull goes on (warehouse.intake.pull).
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import polars as pl

from warehouse.intake.refused import FileRefused, shown

if TYPE_CHECKING:
    from adbc_driver_manager.dbapi import Cursor

_SIGN = r"[^:/?#@&=%\s]|%(?!00)[0-9A-Fa-f]{2}"
_HOST = rf"(?:\[[0-9A-Fa-f:.]+\]|(?:{_SIGN})*)(?::[0-9]+)?"
_PAIR = rf"\w+=(?:[:/]|{_SIGN})*"
ADDRESS = re.compile(
    rf"postgres(?:ql)?://(?:(?:{_SIGN})*(?::(?P<password>(?:[:&=]|{_SIGN})*))?@)?{_HOST}(?:,{_HOST})*"
    rf"(?:/(?:{_SIGN})*)?(?:\?(?P<options>{_PAIR}(?:&{_PAIR})*))?"
)
"""What libpq reads in one way alone. It shows parts of any other in its errors, of the password too."""
LEAD_IN = re.compile(r".*?(?:to connect: |prepare query: |begin COPY: |\[PGRES_\w+\]: |execute query '.*': )", re.DOTALL)
"""What the driver puts before a message of the server."""


@dataclass(frozen=True)
class PullLimits:
    """What keeps a pull bounded. Memory grows by six to eight times `batch_bytes`, however many rows there are."""

    connect_seconds: int = 10
    statement_seconds: int = 3600
    batch_bytes: int = 16 << 20


@dataclass(frozen=True)
class Query:
    """A query, the name of its file, and the variable of the server that it is for: for messages."""

    text: str
    name: str
    variable: str


@dataclass(frozen=True)
class Result:
    """The columns of a result, and its rows as frames of just these; the frames can be taken once."""

    schema: dict[str, pl.DataType]
    frames: Iterator[pl.DataFrame]


def address(variable: str, environment: Mapping[str, str]) -> str:
    """The URI that stands in the environment variable.

    Raises:
        FileRefused: the variable is not set, or libpq could misread what it holds. Nothing of it is shown.
    """
    uri = environment.get(variable, "").strip()
    form = "postgresql://user:password@host:5432/database"
    if not uri:
        raise FileRefused(
            f"there is no server to ask: the environment variable [{variable}] is not set",
            "The address and its password stand in no file",
            f"Set it to an address such as {form}",
        )
    if not ADDRESS.fullmatch(uri):
        raise FileRefused(
            f"there is no server to ask: the environment variable [{variable}] holds no PostgreSQL address",
            f"It must read {form}",
            "Mend it; special characters of a password are written as %40 (@), %2F (/), %3A (:), %23 (#), %3F (?), %25 (%)",
        )
    return uri


@contextmanager
def asked(uri: str, query: Query, since: str | None, limits: PullLimits) -> Iterator[Result]:
    """The result of one query, in one transaction that can only read; `since` is what the query reads as `caseload.since`.

    Raises:
        FileRefused: also while the frames are taken: whatever the server, the network or the driver has to say.
    """
    import nanoarrow  # type: ignore[import-untyped]
    from adbc_driver_manager import Error
    from adbc_driver_postgresql import StatementOptions, dbapi

    from warehouse.intake.postgres_types import columns, frame

    def batches(stream: Any) -> Iterator[Any]:
        try:
            yield from stream
        except RuntimeError as error:  # a private class of nanoarrow, and of every error of the stream
            raise _stopped(error, uri, query, limits) from None

    is_connected = False
    try:
        with dbapi.connect(_with_options(uri, limits)) as connection, connection.cursor() as cursor:
            is_connected = True
            _confine(cursor, since, limits)
            cursor.adbc_statement.set_options(**{StatementOptions.BATCH_SIZE_HINT_BYTES.value: str(limits.batch_bytes)})
            cursor.execute(query.text)
            stream = nanoarrow.c_array_stream(cursor.fetch_arrow())
            found = columns(stream.get_schema(), query.name)
            yield Result({column.name: column.dtype for column in found}, (frame(batch, found) for batch in batches(stream)))
    except Error as error:
        if is_connected:
            raise _stopped(error, uri, query, limits) from None
        raise FileRefused(
            "the database cannot be reached",
            f"It says {_said(error, uri)}",
            f"Look whether the server runs, and whether [{query.variable}] holds its address, user and password",
        ) from None


def _with_options(uri: str, limits: PullLimits) -> str:
    """The address with what it does not say itself; the encoding always, for libpq would hand on the server's own."""
    given = {pair.partition("=")[0] for pair in uri.partition("?")[2].split("&")}
    ours = {"connect_timeout": str(limits.connect_seconds), "application_name": "court-caseload",
            "keepalives_idle": "30", "keepalives_interval": "10", "keepalives_count": "3"}  # fmt: skip
    added = [f"{key}={value}" for key, value in ours.items() if key not in given]
    return uri + ("&" if "?" in uri else "?") + "&".join([*added, "client_encoding=UTF8"])


def _confine(cursor: Cursor, since: str | None, limits: PullLimits) -> None:
    """Lets the transaction only read and end in time, and sets `caseload.since`.

    A parameter `$1` would do for that too, but then the driver holds the whole result (measured: 1,000,000 rows of 12
    columns take 630 MB more, and 65 MB in batches, by COPY, which knows no parameters).
    """
    cursor.execute("set transaction read only")
    values = pl.DataFrame({"0": ["statement_timeout"], "1": [str(limits.statement_seconds * 1000)]})
    pl.DataFrame(cursor.execute("select set_config($1, $2, true)", values).fetch_arrow())
    if since is not None:
        values = pl.DataFrame({"0": ["caseload.since"], "1": [since]})
        pl.DataFrame(cursor.execute("select set_config($1, $2, true)", values).fetch_arrow())


def _stopped(error: Exception, uri: str, query: Query, limits: PullLimits) -> FileRefused:
    """The refusal of a query that the server did not take, or did not bring to its end."""
    state = getattr(error, "sqlstate", None) or ""  # errors in the middle of a result carry an errno instead
    remedy = "Run the query by hand as the same user, and mend what the database says"
    if state == "57014" or getattr(error, "code", None) == errno.ECANCELED:
        remedy = f"Make the query narrower, or allow it more than [{limits.statement_seconds}] seconds"
    elif state == "42501":
        remedy = f"Let the user of [{query.variable}] select from it"
    elif state == "25006":
        remedy = "A pull only reads: make the query one select"
    elif state.startswith("42"):
        remedy = "Mend the query"
    return FileRefused(f"the query [{query.name}] came to no result", f"The database says {_said(error, uri)}", remedy)


def _said(error: Exception, uri: str) -> str:
    """The server's own words in one line and in brackets, without severity, query, hint, detail and password."""
    lines = [line for line in LEAD_IN.sub("", str(error), count=1).splitlines() if line.strip()]
    told = next((line for line in lines if ":  " in line), lines[0] if lines else "nothing")  # severity and two blanks
    return shown(_without_secrets(told.partition(":  ")[2].strip() or told.strip(), uri), 200)


def _without_secrets(text: str, uri: str) -> str:
    """The text without the address and its passwords, neither as they are written there nor as they are meant."""
    found = ADDRESS.fullmatch(uri)
    groups = found.groupdict("") if found else {}
    raw = {uri, groups.get("password", ""), *re.findall(r"pass\w*=([^&]*)", groups.get("options", ""))}
    for secret in sorted(raw | {unquote(word) for word in raw}, key=len, reverse=True):
        text = text.replace(secret, "***") if secret else text
    return text
