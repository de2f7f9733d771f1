"""The application: which address is answered by which page, what every answer carries, and what is said when it cannot be.

Belongs here: routes, headers, errors. Does not belong here: what a page shows (pages), how it is drawn (templates).
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException

from pipelines.reports.tables import csv_text, write_workbook
from pipelines.web.address import LANGUAGES, View, view_of
from pipelines.web.court import Court
from pipelines.web.pages import (
    about,
    audit,
    benches,
    changes,
    definitions,
    explained,
    figure,
    findings,
    home,
    lasting,
    ledger,
    limits,
    quality,
    reconciliation,
    sections,
    sql,
)
from pipelines.web.visit import Visit
from pipelines.web.words import Words
from warehouse.catalogue.calendars import PeriodError
from warehouse.reading.snapshot import NothingPublished, Unknown

HERE = Path(__file__).parent
STATIC = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
HEADERS = {
    # Nothing from elsewhere, no script at all, no frame: a page is a page.
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
                               "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}  # fmt: skip
PAGES: Mapping[str, Callable[[Visit, str], tuple[str, dict[str, Any]]]] = {
    "": home.show, "figures": figure.show, "explain": explained.show, "definitions": definitions.show,
    "quality": quality.show, "changes": changes.show, "about": about.show, "benches": benches.show,
    "audit": audit.show, "ledger": ledger.show, "sql": sql.show, "findings": findings.show, "lasting": lasting.show,
    "limits": limits.show, "reconciliation": reconciliation.show,
    **dict.fromkeys(sections.SECTIONS, sections.show),
}  # fmt: skip
"""By the first word of the path below the language: what answers the rest, as template and its values."""
RECORDED = ("audit", "sql")
"""Pages of which each look is put on the access log: they are made anew whenever they are asked for."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@cache
def templates(lang: str) -> Environment:
    """The templates of a language; a name that is not given is a fault."""
    made = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"])  # fmt: skip
    words = Words(lang, {})
    made.install_gettext_callables(words.gettext, words.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals["style"] = f"/static/style.css?v={hashlib.sha256((HERE / 'static/style.css').read_bytes()).hexdigest()[:12]}"
    return made


def is_loopback(host: str) -> bool:
    """Whether a name or an address is this machine's own loopback."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def build(court: Court) -> FastAPI:
    """The application for one profile. Only GET and HEAD are answered, and only under a name of the loopback."""
    app = FastAPI(title="Court Caseload", docs_url=None, redoc_url=None, openapi_url=None)

    @app.middleware("http")
    async def guarded(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        # A page of another site could have its own name point here and read what we answer.
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
        if request.method not in ("GET", "HEAD"):
            answer: Response = PlainTextResponse("Only GET and HEAD are answered.", 405, {"Allow": "GET, HEAD"})
        elif not is_loopback(host):
            answer = PlainTextResponse("This name is not one of this machine's loopback. Use http://127.0.0.1.", 421)
        else:
            answer = await call_next(request)
        answer.headers.update(HEADERS)
        answer.headers.setdefault("Cache-Control", "no-cache")
        return answer

    @app.exception_handler(HTTPException)
    def failed(request: Request, error: HTTPException) -> Response:
        lang = _language(request, court)
        status, text = _told(court, View(lang, ""), error.status_code, None)
        return HTMLResponse(text, status)

    @app.exception_handler(Exception)
    def broke(request: Request, error: Exception) -> Response:
        # The log of the server has the traceback; the middleware above is left out here.
        _, text = _told(court, View(_language(request, court), ""), 500, None)
        return HTMLResponse(text, 500, HEADERS)

    @app.get("/")
    def start(request: Request) -> Response:
        return RedirectResponse(f"/{_language(request, court)}/", 307, {"Vary": "Accept-Language"})

    @app.get("/static/{name}")
    def static(name: str) -> Response:
        if name not in STATIC:
            raise HTTPException(404)
        kept = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response((HERE / "static" / name).read_bytes(), headers=kept, media_type=STATIC[name])

    @app.get("/{lang}")
    def bare(lang: str) -> Response:
        if lang not in LANGUAGES:
            raise HTTPException(404)
        return RedirectResponse(f"/{lang}/", 307)

    @app.get("/{lang}/{path:path}")
    def page(lang: str, path: str, request: Request) -> Response:
        if lang not in LANGUAGES:
            raise HTTPException(404)
        query = dict(request.query_params)
        if found := next((one for one in FILES if path.startswith(one[0]) and path.endswith(one[1])), None):
            return _file(court, lang, path, query, *found)
        is_sent = request.headers.get("sec-fetch-site") == "cross-site"
        if path.partition("/")[0] in RECORDED:
            status, text = _page(court, lang, path, query, is_sent)
        else:
            status, text = court.rendered(_asked(lang, path, query), lambda: _page(court, lang, path, query))
        return HTMLResponse(text, status)

    app.router.routes[:] = [_also_head(route) for route in app.router.routes]
    return app


def warm(court: Court) -> None:
    """Makes the first pages of both languages and reads the definitions: nobody waits for templates or a first explanation."""
    for lang in LANGUAGES:
        court.rendered(_asked(lang, "", {}), functools.partial(_page, court, lang, "", {}))
        for name in templates(lang).list_templates():
            templates(lang).get_template(name)
    with suppress(NothingPublished), court.reader() as reader:
        bundle = reader.snapshot.refresh.bundle
        with court.catalogue_of(court.place, bundle):
            pass


def _asked(lang: str, path: str, query: Mapping[str, str]) -> str:
    return f"/{lang}/{path}?" + "&".join(f"{key}={value}" for key, value in sorted(query.items()))


def _also_head(route: Any) -> Any:
    route.methods = {"GET", "HEAD"}
    return route


def _language(request: Request, court: Court) -> str:
    """That of the address, else the first that the reader's browser asks for, else that of the settings."""
    first = request.url.path.split("/")[1]
    if first in LANGUAGES:
        return first
    wanted = [part.strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")]
    return next((one for one in wanted if one in LANGUAGES), court.settings.lang)


def _page(court: Court, lang: str, path: str, query: Mapping[str, str], is_sent: bool = False) -> tuple[int, str]:
    """Status and text of a page; what is not there is told on a page too, in its language."""
    bare = View(lang, path)
    try:
        view = view_of(lang, path, query)
        first, _, rest = path.partition("/")
        if first not in PAGES:
            return _told(court, bare, 404, None)
        with court.reader(view.as_of or None) as reader:
            visit = Visit(court, view, Words(lang, court.labels, court.rules), reader, is_sent)
            template, values = PAGES[first](visit, rest)
            return 200, templates(lang).get_template(template).render(visit.frame() | values)
    except NothingPublished:
        return _told(court, bare, 200, None, is_empty=True)
    except (Unknown, PeriodError) as error:
        return _told(court, bare, 404, str(error))


def _told(court: Court, view: View, status: int, why: str | None, is_empty: bool = False) -> tuple[int, str]:
    """A page that says that there is nothing here, and where to go."""
    visit = Visit(court, view, Words(view.lang, court.labels, court.rules), None)
    values = {"is_fault": status >= 500, "why": why, "is_empty": is_empty}
    return status, templates(view.lang).get_template("told.html").render(visit.frame() | values)


def _csv(visit: Visit, name: str, file: str) -> bytes:
    """The rows of `caseload figures --format csv`."""
    return csv_text([one.as_json() for one in figure.figures(visit, name)]).encode()


def _xlsx(visit: Visit, name: str, file: str) -> bytes:
    """The same rows as a workbook."""
    found = [one.as_json() for one in figure.figures(visit, name)]
    with TemporaryDirectory() as folder:
        write_workbook(found, Path(folder) / file)
        return (Path(folder) / file).read_bytes()


def _workbook(visit: Visit, name: str, file: str) -> bytes:
    return audit.workbook(visit, name)


FILES: tuple[tuple[str, str, str, Callable[[Visit, str, str], bytes]], ...] = (
    ("figures/", ".csv", "text/csv; charset=utf-8", _csv), ("figures/", ".xlsx", XLSX, _xlsx),
    ("figures/", ".svg", "image/svg+xml", figure.svg), ("figures/", ".png", "image/png", figure.png),
    ("lasting", ".svg", "image/svg+xml", lasting.svg), ("lasting", ".png", "image/png", lasting.png),
    ("audit/", ".xlsx", XLSX, _workbook),
    ("evidence/", ".zip", "application/zip", explained.evidence_of),
)  # fmt: skip
"""Where files to be kept stand, how their addresses end, what they are, and what makes them."""


def _file(
    court: Court, lang: str, path: str, query: Mapping[str, str],
    folder: str, ending: str, kind: str, make: Callable[[Visit, str, str], bytes],
) -> Response:  # fmt: skip
    """A file to be kept; where there is none, a page that says why."""
    name = path.removeprefix(folder).removesuffix(ending)
    file = (re.sub(r"[^\w.=-]+", "_", name, flags=re.ASCII) or folder) + ending
    try:
        view = view_of(lang, folder + name, query)
        with court.reader(view.as_of or None) as reader:
            content = make(Visit(court, view, Words(lang, court.labels, court.rules), reader), name, file)
    except (Unknown, PeriodError, NothingPublished) as error:
        status, told = _told(court, View(lang, path), 404, str(error))
        return HTMLResponse(told, status)
    return Response(content, headers={"Content-Disposition": f'attachment; filename="{file}"'}, media_type=kind)
