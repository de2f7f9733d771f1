"""The months of one figure: a chart and its table, filters, the same rows as CSV."""

from __future__ import annotations

from typing import Any

from pipelines.web.charts import as_png, months_chart
from pipelines.web.pages.judging import Judged, judge
from pipelines.web.visit import Visit
from pipelines.web.words import N_
from warehouse.catalogue.metric import RATES
from warehouse.reading.figure import Figure
from warehouse.reading.snapshot import Unknown
from warehouse.reading.trend import PEOPLE, Trend, trend

MOST_COLUMNS = 14
"""More values of a dimension than these stand below each other."""


def figures(visit: Visit, name: str) -> list[Figure]:
    """What the address asks for: the rows of the table, and of the CSV.

    Raises:
        Unknown: metric, dimension or calendar is not there, or a rate is asked by bench or judge.
        PeriodError: a period cannot be asked for.
    """
    view, reader = visit.view, visit.reader
    by = tuple(part for part in view.by.split(",") if part)
    metric, _ = reader.snapshot.metric(name)
    if metric.kind in RATES and any(one in PEOPLE for one in (*by, *view.where)):
        raise Unknown(f"{metric.id} is a rate, and is not shown by bench or judge: nobody is ranked here")
    return reader.ask(name, first=view.first or None, last=view.last or None, kind=view.kind or "month",
                      calendar=view.calendar or None, by=by, where=dict(view.where))  # fmt: skip


def show(visit: Visit, rest: str) -> tuple[str, dict[str, Any]]:
    """One metric, or one reading of it; without a name there is no such page."""
    view, reader, words = visit.view, visit.reader, visit.words
    metric, variant = reader.snapshot.metric(rest)
    found = figures(visit, rest)
    by = tuple(part for part in view.by.split(",") if part)
    title, chart = _chart(visit, rest, found)
    calendars = {key: words.of((c.name_en, c.name_zh)) for key, c in reader.calendars.items()}
    kinds = ("CSV", "XLSX", "SVG", "PNG") if chart else ("CSV", "XLSX")
    files = {kind: view.href(path=f"{view.path}.{kind.lower()}", as_of=reader.snapshot.refresh.id) for kind in kinds}
    return "figure.html", {
        "metric": metric, "variant": variant, "name": rest, "rows": [one.as_json() | {"_": one} for one in found], "by": by,
        "wide": _wide(found, by), "chart": chart, "title": title, "files": files, "control": control_of(visit, found),
        "calendars": calendars, "choices": _choices(visit, rest), "first": found[0] if found else None,
        "refreshes": reader.snapshot.all_refreshes[::-1], "command": _command(visit, rest),
        "breaks": _breaks(visit, rest, found), "is_open_to_people": metric.kind not in RATES, "people": PEOPLE,
    }  # fmt: skip


def _chart(visit: Visit, name: str, found: list[Figure]) -> tuple[str, str | None]:
    """The title and the chart of months that are not divided; no chart where there are none, or none with a value."""
    view = visit.view
    if view.by or (view.kind or "month") != "month" or len(found) < 2:
        return "", None
    one = trend(visit.reader, name, first=view.first or None, last=view.last or None, calendar=view.calendar or None,
                where=dict(view.where))[0]  # fmt: skip
    title = title_of(visit, one)
    return title, months_chart(one, title) if any(point.figure.value is not None for point in one.points) else None


def control_of(visit: Visit, found: list[Figure]) -> str:
    """What whoever holds a file of these rows can count again: how many there are, and what they add up to."""
    words = visit.words
    shown = [one for one in found if one.status == "published"]
    above, below = sum(one.numerator or 0 for one in shown), [one.denominator for one in shown if one.denominator is not None]
    total = words.count(above) + (f" / {words.count(sum(below))}" if below else "")
    return words.gettext(N_("%(rows)s rows, control total %(total)s")) % {"rows": words.count(len(found)), "total": total}


def svg(visit: Visit, name: str, file: str) -> bytes:
    """The chart of the page as a file that stands alone, with its title, its source and its control total.

    Raises:
        Unknown: these figures have no chart.
    """
    del file
    found = figures(visit, name)
    title, chart = _chart(visit, name, found)
    if chart is None:
        raise Unknown(f"[{name}] has no chart here. Ask for its months, not divided")
    metric, _ = visit.reader.snapshot.metric(name)
    source = metric.source_zh if visit.words.lang == "zh" and metric.source_zh else metric.source
    return visit.chart_file(chart, title, control_of(visit, found), [source])


def png(visit: Visit, name: str, file: str) -> bytes:
    """The same as a picture."""
    return as_png(svg(visit, name, file).decode())


def title_of(visit: Visit, found: Trend) -> str:
    """What a chart of months shows, in a sentence."""
    return _title(visit, found, _judged_last(found))


def _judged_last(found: Any) -> tuple[Figure, Judged] | None:
    """The last month that the chart has a range for."""
    for point in reversed(found.points):
        one = judge(found, point.figure.period)
        if one and one.word != "none":
            return point.figure, one
    return None


def _title(visit: Visit, found: Any, judged: tuple[Figure, Judged] | None) -> str:
    """What the chart shows, in a sentence."""
    words, name = visit.words, visit.words.name(found.figure.metric, found.figure.variant)
    if judged is None:
        return words.gettext("%(name)s by month") % {"name": name}
    figure, one = judged
    texts = {
        "usual": N_("%(name)s is as usual in %(month)s: %(value)s, normal range %(lower)s to %(upper)s"),
        "high": N_("%(name)s gives a signal in %(month)s, high: %(value)s, normal range %(lower)s to %(upper)s"),
        "low": N_("%(name)s gives a signal in %(month)s, low: %(value)s, normal range %(lower)s to %(upper)s"),
    }
    told = figure.as_json()
    rule = f" ({words.rule(one.rule)})" if one.rule else ""
    return words.gettext(texts[one.word]) % {
        "name": name, "month": visit.period_of(figure), "value": words.shown(told), "lower": limit(visit, told, one.lower),
        "upper": limit(visit, told, one.upper),
    } + rule  # fmt: skip


def limit(visit: Visit, told: dict[str, Any], value: float | None) -> str:
    """A limit in the unit of its figure; of counts a whole number."""
    if value is None:
        return "–"
    if told["unit"] == "share":
        return visit.words.rate(value)
    return visit.words.count(round(value)) if told["denominator"] is None else visit.words.count(round(value, 1))


def _wide(found: list[Figure], by: tuple[str, ...]) -> dict[str, Any] | None:
    """The rows as periods by values, where one dimension has few of them."""
    if len(by) != 1:
        return None
    values = list(dict.fromkeys(one.dims[by[0]] for one in found))
    if len(values) > MOST_COLUMNS:
        return None
    rows: dict[str, dict[str, Figure]] = {}
    for one in found:
        rows.setdefault(one.period.id, {})[one.dims[by[0]]] = one
    return {"values": values, "rows": list(rows.values()), "dimension": by[0]}


def _choices(visit: Visit, name: str) -> dict[str, list[str]]:
    """The values that each dimension of the metric takes in the data; of many none, they are asked by address."""
    metric, _ = visit.reader.snapshot.metric(name)
    found: dict[str, list[str]] = {}
    for dimension in metric.dimensions:
        if not (metric.kind in RATES and dimension in PEOPLE):
            values = list(dict.fromkeys(one.dims[dimension] for one in visit.reader.ask(name, by=(dimension,)) if one.dims))
            found[dimension] = values if len(values) <= 40 else []
    return found


def _breaks(visit: Visit, name: str, found: list[Figure]) -> tuple[Any, ...]:
    """The breaks of the series inside what is shown."""
    if not found:
        return ()
    asked = visit.reader.question(name, calendar=visit.view.calendar or None)
    return visit.reader.breaks_of(asked, found[0].first_day, found[-1].last_day)


def _command(visit: Visit, name: str) -> str:
    """The same question on the command line."""
    view = visit.view
    words = ["caseload figures", name, "--period", view.kind or "month"]
    words += ["--from", view.first] if view.first else []
    words += ["--to", view.last] if view.last else []
    words += ["--calendar", view.calendar] if view.calendar else []
    words += ["--by", view.by] if view.by else []
    words += [word for key, value in sorted(view.where.items()) for word in ("--where", f"{key}={value}")]
    return " ".join([*words, "--as-of", visit.reader.snapshot.refresh.id])
