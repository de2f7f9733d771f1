"""How long cases last: the curve of Kaplan and Meier, pending cases among them, with its table."""

from __future__ import annotations

from typing import Any

from pipelines.reports.survived import CAVEATS
from pipelines.web.charts import as_png, survival_chart
from pipelines.web.visit import Visit
from pipelines.web.words import N_
from warehouse.reading.scope import DIMENSIONS, scope
from warehouse.reading.snapshot import Unknown
from warehouse.reading.survival import MARKS, SHARES, survival


def show(visit: Visit, rest: str) -> tuple[str, dict[str, Any]]:
    """The cases registered in a span (`from`, `to`), of a family or type: what `caseload survival` answers.

    Raises:
        Unknown: there is nothing below this page, or no such dimension or span.
        PeriodError: a period cannot be asked for.
    """
    from warehouse.audit.explain import knowledge

    if rest:
        raise Unknown(f"there is no page [{rest}]")
    view, reader = visit.view, visit.reader
    with (
        visit.court.catalogue_of(visit.court.place, reader.snapshot.refresh.bundle) as catalogue,
        knowledge(reader, catalogue) as held,
    ):
        found = survival(scope(reader, held, dict(view.where)), view.first or None, view.last or None)
    told, curve = found.as_json(), found.curve
    title = _title(visit, told)
    return "lasting.html", {
        "found": found, "told": told, "title": title, "chart": survival_chart(curve, title) if curve else None,
        "marks": [(days, curve.open_at(days)) for days in MARKS if curve.knows(days)] if curve else [],
        "shares": [(share, curve.quantile(share)) for share in SHARES] if curve else [], "caveats": CAVEATS,
        "choices": {one: _values(visit, one) for one in DIMENSIONS if one in ("family", "case_type", "procedure")},
        "refreshes": reader.snapshot.all_refreshes[::-1], "command": _command(visit),
        "files": {kind: view.href(path=f"lasting.{kind.lower()}", as_of=reader.snapshot.refresh.id) for kind in ("SVG", "PNG")},
    }  # fmt: skip


def svg(visit: Visit, name: str, file: str) -> bytes:
    """The curve as a file that stands alone, with its title and source.

    Raises:
        Unknown: there is no curve.
    """
    _, values = show(visit, "")
    if values["chart"] is None:
        raise Unknown("there is no curve to draw: " + visit.words.reason(values["told"]["reason"], values["told"]["status"]))
    told = values["told"]
    rows = f"{told['first_day']} – {told['last_day']} · {told['cases']:,}"
    return visit.chart_file(values["chart"], values["title"], rows, [visit.words.of(one) for one in CAVEATS])


def png(visit: Visit, name: str, file: str) -> bytes:
    """The same as a picture."""
    return as_png(svg(visit, name, file).decode())


def _title(visit: Visit, told: dict[str, Any]) -> str:
    words = visit.words
    if told["status"] != "published":
        return words.gettext(N_("How long cases last"))
    if told["value"] is None:
        return words.gettext(N_("More than half of the cases have not been seen to close"))
    return words.gettext(N_("Half of the cases close within %(days)s days")) % {"days": words.count(told["value"])}


def _command(visit: Visit) -> str:
    """The same question on the command line."""
    view = visit.view
    words = ["caseload survival", *(f"--{key} {value}" for key, value in (("from", view.first), ("to", view.last)) if value)]
    words += [f"--where {key}={value}" for key, value in sorted(view.where.items())]
    return " ".join([*words, f"--as-of {visit.reader.snapshot.refresh.id}"])


def _values(visit: Visit, dimension: str) -> list[str]:
    if not visit.has("filed") or dimension not in visit.reader.snapshot.metrics["filed"].dimensions:
        return []
    return [one.dims[dimension] for one in visit.reader.ask("filed", by=(dimension,)) if one.dims]
