"""Filters and their address: what a query asks for, checked, and the address that asks for it again.

An address holds all of a view: language, page, period, filters, publication. So a mailed link shows the same numbers later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlencode

from warehouse.catalogue.metric import DIMENSIONS
from warehouse.reading.snapshot import Unknown

LANGUAGES = ("en", "zh")
KINDS = ("month", "quarter", "half", "year", "range")
LONGEST = 200
"""No value of an address is longer; what is, is no value of ours."""
STATEMENT = "statement"
LONGEST_STATEMENT = 6000
GIVEN = "param."
"""Before the name of a parameter of an audit query."""


@dataclass(frozen=True)
class View:
    """What an address asks for. Empty texts are not asked."""

    lang: str
    path: str
    """Below the language, as `figures/filed`."""
    as_of: str = ""
    period: str = ""
    kind: str = ""
    first: str = ""
    last: str = ""
    calendar: str = ""
    by: str = ""
    reading: str = ""
    """On the first page: the reading of the closing rate."""
    where: Mapping[str, str] = field(default_factory=dict)
    page: int = 1
    given: Mapping[str, str] = field(default_factory=dict)
    """Parameters of an audit query."""
    statement: str = ""
    """Of the page for one's own questions."""

    def query(self) -> str:
        """The part behind the question mark, in a fixed order."""
        pairs = [("period", self.period), ("kind", self.kind), ("from", self.first), ("to", self.last),
                 ("calendar", self.calendar), ("by", self.by), ("reading", self.reading), *sorted(self.where.items()),
                 *((GIVEN + name, value) for name, value in sorted(self.given.items())), (STATEMENT, self.statement),
                 ("page", str(self.page) if self.page > 1 else ""), ("as_of", self.as_of)]  # fmt: skip
        return urlencode([(key, value) for key, value in pairs if value])

    def href(self, **changes: object) -> str:
        """The address of this view, or of one that differs from it."""
        one = replace(self, **changes)  # type: ignore[arg-type]
        path = quote(one.path, safe="/:=,.@~")
        return f"/{one.lang}/{path}" + (f"?{one.query()}" if one.query() else "")

    def to(self, path: str, **changes: object) -> str:
        """The address of another page of the same publication, without this page's filters."""
        return View(self.lang, path, as_of=self.as_of).href(**changes)


def view_of(lang: str, path: str, query: Mapping[str, str]) -> View:
    """What an address asks for.

    Raises:
        Unknown: a value cannot be one of ours.
    """
    for key, value in query.items():
        is_statement = key == STATEMENT
        is_printable = ("".join(value.split()) if is_statement else value).isprintable()
        if len(value) > (LONGEST_STATEMENT if is_statement else LONGEST) or not is_printable:
            raise Unknown(f"[{key[:20]}] holds what is no value. Choose one on the page")
    kind = query.get("kind", "")
    if kind and kind not in KINDS:
        raise Unknown(f"there is no kind of period [{kind}]. There are {', '.join(KINDS)}")
    page = query.get("page", "") or "1"
    if not (page.isascii() and page.isdecimal() and 1 <= int(page[:7]) < 100_000):
        raise Unknown(f"[{page}] is no page")
    where = {name: query[name] for name in DIMENSIONS if query.get(name)}
    known = {key: query.get(key, "") for key in ("as_of", "period", "calendar", "by", "reading")}
    given = {key.removeprefix(GIVEN): value for key, value in query.items() if key.startswith(GIVEN) and value}
    return View(lang, path, **known, kind=kind, first=query.get("from", ""), last=query.get("to", ""), where=where,
                page=int(page), given=given, statement=query.get(STATEMENT, "").strip())  # fmt: skip
