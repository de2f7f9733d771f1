"""Rows as SVG: sparklines drawn here, charts by Vega. Colours are variables of the style sheet, so that they follow it.

Belongs here: shapes. Does not belong here: titles, sources, tables beside them (templates), nor what is normal (trend).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from warehouse.methods.survival import Curve
from warehouse.reading.trend import Trend

WIDE, HIGH, EDGE = 148, 34, 3
"""A sparkline in its own units."""


@dataclass(frozen=True)
class Spark:
    """Months as a line: `runs` are pieces without a hole, `band` is top and height of the normal range."""

    runs: tuple[str, ...]
    band: tuple[float, float] | None
    target: float | None
    last: tuple[float, float] | None
    breaks: tuple[float, ...]


def spark(trend: Trend, months: int, until: int) -> Spark:
    """The last so many months up to one; what lies before the data has no place."""
    points = [p for p in trend.points if until - months < p.figure.period.first <= until]
    values = [p.figure.value for p in points]
    bands = [p.band for p in points]
    last_band = bands[-1] if bands else None
    metric = trend.figure.metric
    target = metric.target.value if metric.target and trend.figure.variant is None else None
    seen = [v for v in (*values, *((last_band.lower, last_band.upper) if last_band else ()), target) if v is not None]
    if not seen:
        return Spark((), None, None, None, ())
    low, high = min(seen), max(seen)

    def x(place: int) -> float:
        return round(EDGE + (WIDE - 2 * EDGE) * (place + months - len(points)) / max(1, months - 1), 1)

    def y(value: float) -> float:
        return round(float(HIGH - EDGE - (HIGH - 2 * EDGE) * (value - low) / ((high - low) or 1)), 1)

    runs: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{x(place)},{y(value)}")
    band = (y(last_band.upper), round(y(last_band.lower) - y(last_band.upper), 1)) if last_band else None
    last = (x(len(values) - 1), y(values[-1])) if values and values[-1] is not None else None
    broken = tuple(x(n) for n, p in enumerate(points) if n and p.figure.period.id in trend.breaks)
    return Spark(tuple(" ".join(run) for run in runs if run), band, y(target) if target is not None else None, last, broken)


def months_chart(trend: Trend, label: str) -> str:
    """The months of a figure with their normal range, as an SVG of its own; `label` names it to who does not see it."""
    rows, marks = [], []
    begins = next((n for n, p in enumerate(trend.points) if p.figure.value is not None), 0)
    signalled = {p.figure.period.id for p in trend.points if any(
        one.first <= p.figure.period.id <= one.last for one in trend.fired)}  # fmt: skip
    for point in trend.points[begins:]:
        one, band = point.figure, point.band
        year, month = divmod(one.period.first, 12)
        rows.append({"month": f"{year}-{month + 1:02}-01", "value": one.value, "lower": band.lower if band else None,
                     "upper": band.upper if band else None, "centre": band.centre if band else None,
                     "is_part": one.is_partial, "is_signal": one.period.id in signalled})  # fmt: skip
        if one.period.id in trend.breaks:
            marks.append({"month": f"{year}-{month + 1:02}-01"})
    return draw(_months_spec(rows, marks, trend), label)


def _months_spec(rows: Sequence[dict[str, Any]], marks: Sequence[dict[str, Any]], trend: Trend) -> dict[str, Any]:
    is_share = trend.figure.metric.unit == "share"
    is_count = trend.figure.metric.kind in ("flow", "stock")
    shape = ".0%" if is_share else ",d" if is_count else ",.1f"
    axis = {"title": None, "format": shape, "tickCount": 5}
    years = {"title": None, "format": "%Y", "tickCount": {"interval": "year", "step": 1}}
    month = {"field": "month", "type": "temporal", "axis": years}
    value = {"field": "value", "type": "quantitative", "axis": axis, "scale": {"zero": trend.figure.metric.kind == "flow"}}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "area", "color": "var(--band)", "opacity": 1, "interpolate": "linear"},
         "encoding": {"x": month, "y": {**value, "field": "lower"}, "y2": {"field": "upper"}}},
        {"mark": {"type": "line", "color": "var(--soft)", "strokeWidth": 1, "strokeDash": [1, 3]},
         "encoding": {"x": month, "y": {**value, "field": "centre"}}},
        {"mark": {"type": "line", "color": "var(--line)", "strokeWidth": 1.6},
         "encoding": {"x": month, "y": value}},
        {"transform": [{"filter": "datum.is_signal && datum.value != null"}],
         "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 34, "color": "var(--signal)", "opacity": 1},
         "encoding": {"x": month, "y": value}},
        {"transform": [{"filter": "datum.is_part && datum.value != null"}],
         "mark": {"type": "point", "shape": "circle", "filled": False, "size": 40, "color": "var(--line)", "opacity": 1},
         "encoding": {"x": month, "y": value}},
    ]  # fmt: skip
    target = trend.figure.metric.target
    if target and trend.figure.variant is None:
        layers.append({"data": {"values": [{"value": target.value}]}, "encoding": {"y": value},
                       "mark": {"type": "rule", "color": "var(--ink)", "strokeDash": [6, 3], "strokeWidth": 1}})  # fmt: skip
    if marks:
        layers.append({"data": {"values": list(marks)}, "encoding": {"x": month},
                       "mark": {"type": "rule", "color": "var(--ink)", "strokeWidth": 1}})  # fmt: skip
    return {"width": 660, "height": 190, "data": {"values": list(rows)}, "layer": layers}


def survival_chart(curve: Curve, label: str) -> str:
    """The share of cases still open by days, as steps, with its 95 % interval and a line at one half."""
    rows: list[dict[str, Any]] = [{"days": 0, "open": 1.0, "lower": 1.0, "upper": 1.0}]
    for step in _thinned(curve.steps):
        wide = 1.96 * (step.error or 0)
        rows.append({"days": step.days, "open": step.survival, "lower": max(0.0, step.survival - wide),
                     "upper": min(1.0, step.survival + wide)})  # fmt: skip
    days = {"field": "days", "type": "quantitative", "axis": {"title": None, "format": ",d", "tickCount": 8}}
    share = {"field": "open", "type": "quantitative", "axis": {"title": None, "format": ".0%", "tickCount": 5},
             "scale": {"domain": [0, 1]}}  # fmt: skip
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "area", "color": "var(--band)", "opacity": 1, "interpolate": "step-after"},
         "encoding": {"x": days, "y": {**share, "field": "lower"}, "y2": {"field": "upper"}}},
        {"mark": {"type": "line", "color": "var(--line)", "strokeWidth": 1.6, "interpolate": "step-after"},
         "encoding": {"x": days, "y": share}},
        {"data": {"values": [{"open": 0.5}]}, "encoding": {"y": share},
         "mark": {"type": "rule", "color": "var(--ink)", "strokeDash": [6, 3], "strokeWidth": 1}},
    ]  # fmt: skip
    return draw({"width": 660, "height": 220, "data": {"values": rows}, "layer": layers}, label)


def _thinned(steps: Sequence[Any]) -> list[Any]:
    """At most some 300 steps, the last among them: more cannot be told apart on a page."""
    every = -(-len(steps) // 300) or 1
    return [step for at, step in enumerate(steps) if at % every == 0 or at == len(steps) - 1]


STYLE = Path(__file__).parent / "static/style.css"
LETTERS = "'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', 'Segoe UI', Arial, sans-serif"
MARGIN, LINE_HIGH = 16, 18


def standing_alone(svg: str, title: str, notes: Sequence[str]) -> str:
    """A chart as a file of its own: on white, with its title above and where it comes from below."""
    from markupsafe import escape

    size = re.search(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"', svg) or re.search(
        r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg
    )
    wide, high = (float(size[1]), float(size[2])) if size else (720.0, 240.0)
    colours = _colours()
    svg = re.sub(r"var\((--[a-z-]+)\)", lambda found: colours[found[1]], svg)
    inner = re.sub(r"^<svg ", f'<svg x="{MARGIN}" y="{MARGIN + 2 * LINE_HIGH}" ', svg)
    inner = re.sub(r'font-family="inherit"|font-family: ?inherit', f'font-family="{LETTERS}"', inner)
    below = MARGIN + 2 * LINE_HIGH + high + LINE_HIGH
    whole_high = below + LINE_HIGH * len(notes) + MARGIN
    lines = "".join(
        f'<text x="{MARGIN}" y="{below + LINE_HIGH * at:.0f}" font-size="11" fill="{colours["--soft"]}">{escape(note)}</text>'
        for at, note in enumerate(notes)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide + 2 * MARGIN:.0f}" height="{whole_high:.0f}" '
        f'font-family="{LETTERS}"><title>{escape(title)}</title><rect width="100%" height="100%" fill="#ffffff"/>'
        f'<text x="{MARGIN}" y="{MARGIN + LINE_HIGH}" font-size="14" font-weight="bold" fill="{colours["--ink"]}">'
        f"{escape(title)}</text>"
        f"{inner}{lines}</svg>"
    )


@cache
def _colours() -> dict[str, str]:
    """Those of the style sheet by day: a chart that stands alone has none, and is printed on white."""
    first = STYLE.read_text("utf-8").partition("}")[0]
    return dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]+)", first))


def as_png(svg: str) -> bytes:
    """A chart that stands alone as a picture, twice as fine as its own units."""
    import vl_convert

    made: bytes = vl_convert.svg_to_png(svg, scale=2)
    return made


def draw(spec: dict[str, Any], label: str) -> str:
    """A specification of Vega-Lite as SVG to be put into a page; colours and letters are the page's."""
    import vl_convert  # 0.1 s, and some seconds more when the first chart is drawn: see `warm`
    from markupsafe import escape

    ink = "var(--soft)"
    config = {
        "font": "inherit", "background": None, "view": {"stroke": None},
        "axis": {"labelColor": ink, "domainColor": "var(--rule)", "tickColor": "var(--rule)", "gridColor": "var(--rule)",
                 "labelFontSize": 11, "labelFont": "inherit"},
        "axisX": {"grid": False}, "axisY": {"domain": False, "ticks": False},
    }  # fmt: skip
    whole = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "config": config, **spec}
    svg = vl_convert.vegalite_to_svg(whole)
    svg = re.sub(r'<rect width="\d+" height="\d+" fill="(?:white|none)"/>', "", svg, count=1)
    svg = re.sub(r' (?:aria-[\w-]+|role)="[^"]*"', "", svg)
    return re.sub(r"^<svg ", f'<svg role="img" aria-label="{escape(label)}" ', svg.replace(' version="1.1"', ""))


def warm() -> None:
    """Draws a first chart: that one alone takes seconds, and nobody should wait for it."""
    draw({"data": {"values": [{"a": 0}]}, "mark": "point", "encoding": {"x": {"field": "a", "type": "quantitative"}}}, "")
