"""A database as a source: the part `database:` of a contract, which server, which query, and from where a later pull goes on.

Belongs here: the promise and its validation. Does not belong here: connecting and pulling (warehouse.intake.pull).
"""

from __future__ import annotations

import re
from typing import Literal

from pydantic import field_validator, model_validator

from warehouse.catalogue.documents import Document


class DatabaseSource(Document):
    """Where the rows of a source are asked for.

    Without `change_column` each pull is a full extract. With it a pull asks only for what changed: the query reads the
    greatest change value pulled so far as `current_setting('caseload.since')`, a text, and casts it to the type of that
    column (a `timestamptz` to nothing else, or its offset is lost):

        select case_number, closed_on, updated_at
        from court.cases
        where updated_at >= current_setting('caseload.since')::timestamptz - interval '1 hour'

    `>=` and not `>`, since a row of the same instant may be committed after the pull; and back by more than the longest
    transaction takes, since `now()` is when that began. Rows pulled again are harmless: equal rows make no new version.
    A row that was deleted is not seen by its change value; only a full extract tells that it is missing.
    """

    kind: Literal["postgresql"]
    connection: str
    """The name of the environment variable that holds `postgresql://user:password@host:5432/database`."""
    query: str
    """A file beside the contract with one select."""
    change_column: str | None = None
    """The column of the result that grows with every change of a row: a timestamp, a date or a whole number."""
    change_from: str | None = None
    """From where the first pull goes on, such as `1900-01-01`."""

    @field_validator("connection")
    @classmethod
    def _is_the_name_of_a_variable(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Z][A-Z0-9_]*", value):  # the value is not shown: it may be the password itself
            raise ValueError(
                "this is no name of an environment variable (capital letters, digits and _), and an address with its "
                "password must not stand in a file; put that into a variable such as CASELOAD_DB and name the variable here"
            )
        return value

    @field_validator("query")
    @classmethod
    def _is_a_file_beside_the_contract(cls, value: str) -> str:
        if not re.fullmatch(r"\w[\w.-]*\.sql", value):
            raise ValueError(f"[{value}] is no name of a file beside the contract, such as cases.sql")
        return value

    @model_validator(mode="after")
    def _has_a_beginning_where_it_goes_on(self) -> DatabaseSource:
        if self.change_column and not self.change_from:
            raise ValueError(f"the change_column [{self.change_column}] needs a change_from, where the first pull begins")
        if self.change_from and not self.change_column:
            raise ValueError(f"the change_from [{self.change_from}] needs a change_column, by which later pulls go on")
        return self
