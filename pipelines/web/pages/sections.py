"""The pages of key work: the figures of one subject, each with its counts, a year before, its months and its definition."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from pipelines.reports.bridged import ORDER
from pipelines.web.charts import months_chart
from pipelines.web.pages.figure import title_of
from pipelines.web.pages.line import line_of
from pipelines.web.visit import Visit
from pipelines.web.words import N_
from warehouse.audit.bridge import Bridge, bridge, in_days
from warehouse.reading.snapshot import Unknown


@dataclass(frozen=True)
class Section:
    """A page: its title, what it answers, its groups of figures, and the years of one figure below each other."""

    title: str
    about: str
    groups: tuple[tuple[str, tuple[str, ...]], ...]
    years: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    """Dimensions by which the first group stands below."""
    opens_with: str = "month"
    """What is shown where the address names no period: the last month, or the last year."""
    chart: str = ""
    """The figure whose months are drawn, with their normal range."""
    bridges: tuple[tuple[str, str], ...] = ()
    """Pairs of figures that people confuse, with what lies between them."""


SECTIONS = {
    "caseload": Section(
        N_("Caseload and clearance"), N_("How many cases came, how many went, how many are left."),
        ((N_("Flow and stock"), ("pending_start", "filed", "reopened", "closed", "pending_end")),
         (N_("Two readings of 受理"), ("accepted_r1", "accepted_r2")),
         (N_("Clearance"), ("closing_rate_cn", "disposal_filing_ratio_cn", "clearance_rate_ncsc", "clearance_rate_cepej",
                            "disposition_time_cepej")),
         (N_("How cases end"), ("mediation_withdrawal_rate", "mediation_rate", "withdrawal_rate", "simplified_share"))),
        ("filed", "closed", "pending_end", "closing_rate_cn"), ("family", "procedure"),
        bridges=(("accepted_r2", "accepted_r1"), ("closing_rate_cn", "disposal_filing_ratio_cn"),
                 ("clearance_rate_ncsc", "clearance_rate_cepej")),
    ),
    "timeliness": Section(
        N_("Timeliness"), N_("How long cases take, measured against the limits of the law."),
        ((N_("Closed in time"), ("within_lawful_limit_rate", "within_base_limit_rate", "mean_days_closed")),
         (N_("Pending and the limit"), ("overdue_pending", "due_soon", "due_soon.in_10_days")),
         (N_("Long pending"), ("long_pending_12m", "long_pending_18m", "long_pending_24m", "long_pending_36m",
                               "long_pending_share_12m"))),
        ("within_lawful_limit_rate", "overdue_pending", "long_pending_12m"), ("family",),
    ),
    "enforcement": Section(
        N_("Enforcement"), N_("The backlog of enforcement in its parts, and what comes of it."),
        ((N_("Backlog"), ("enforcement_backlog", "enforcement_backlog.pending", "enforcement_backlog.pool")),
         (N_("Flow"), ("enforcement_filed", "enforcement_closed", "enforcement_resumed", "enforcement_overdue")),
         (N_("终本 pool"), ("zhongben_pool", "zhongben_pool_entries", "zhongben_pool_exits", "zhongben_recheck_due",
                          "first_enforcement_zhongben_share")),
         (N_("What comes of it"), ("enforcement_completion_rate", "realisation_rate", "enforcement_target_t1",
                                  "enforcement_target_t2", "enforcement_target_t3", "enforcement_target_t4"))),
        ("enforcement_backlog.pending", "enforcement_backlog.pool", "enforcement_filed", "enforcement_closed"),
    ),
    "registration": Section(
        N_("Registration"),
        N_("Applications to register, before and after registration by right came into force on 1 May 2015."),
        ((N_("Since 1 May 2015"), ("same_day_registration_rate", "registration_within_limit", "registration_correction_rate",
                                   "registration_refusal_rate")),
         (N_("Readings of the same-day rate"), ("same_day_registration_rate.all_received",
                                              "same_day_registration_rate.offline_only",
                                              "same_day_registration_rate.excluding_enforcement",
                                              "same_day_registration_rate.cohort",
                                              "same_day_registration_rate.working_days")),
         (N_("Counted alike before and after"), ("same_day_registration_rate.any_date",))),
        ("same_day_registration_rate", "same_day_registration_rate.any_date", "registration_within_limit"),
        ("population", "channel"), chart="same_day_registration_rate",
    ),
    "bulletin": Section(
        N_("Public bulletin"), N_("The work of the court in a year, in counts and rates, for everybody."),
        ((N_("Cases"), ("filed", "closed", "pending_end", "closing_rate_cn")),
         (N_("Registration"), ("same_day_registration_rate", "registration_within_limit")),
         (N_("In time"), ("within_lawful_limit_rate", "mean_days_closed")),
         (N_("How cases end"), ("mediation_withdrawal_rate", "simplified_share")),
         (N_("Enforcement"), ("enforcement_filed", "enforcement_closed", "enforcement_completion_rate", "realisation_rate",
                              "enforcement_backlog"))),
        ("filed", "closed", "closing_rate_cn", "same_day_registration_rate"), ("family",), opens_with="year",
    ),
}  # fmt: skip


def show(visit: Visit, rest: str) -> tuple[str, dict[str, Any]]:
    """The figures of one subject in one period, by default the last month of the data.

    Raises:
        Unknown: there is nothing below this page, or the profile has no such figures.
    """
    if rest:
        raise Unknown(f"there is no page [{rest}]")
    section = SECTIONS[visit.view.path]
    period = visit.view.period or (visit.last_month if section.opens_with == "month" else visit.last_year)
    reader = visit.reader
    span = visit.span(period)
    groups = [
        (title, [line_of(visit, name, span) for name in names if visit.has(name) and visit.takes(name)])
        for title, names in section.groups
    ]
    groups = [(title, lines) for title, lines in groups if lines]
    asked = reader.question(groups[0][1][0].name, **span).periods[0] if groups else None
    splits = [(one, _split(visit, section, one, period)) for one in section.by] if groups else []
    is_whole = groups and not visit.where and visit.calendar == reader.default_calendar
    before_after = _before_and_after(visit) if visit.view.path == "registration" and is_whole else []
    return "section.html", {
        "section": section, "groups": groups, "period": asked, "period_id": period,
        "periods": visit.period_choices(period), "years": _years(visit, section),
        "filters": visit.filters(*visit.unseen), "where": visit.where,
        "splits": [(one, rows) for one, rows in splits if rows and rows["rows"]], "before_after": before_after,
        "bridges": _bridges(visit, section, period), "order": ORDER, "chart": _drawn(visit, section.chart),
    }  # fmt: skip


def _drawn(visit: Visit, name: str) -> dict[str, Any] | None:
    """The months of a figure as a chart, whatever period is looked at; none where it cannot be filtered so, or has no value."""
    if not name or not visit.has(name) or not visit.takes(name):
        return None
    found = visit.trend(name)
    if all(point.figure.value is None for point in found.points):
        return None
    title = title_of(visit, found)
    return {"title": title, "svg": months_chart(found, title), "metric": found.figure.metric, "href": visit.figures(name)}


def _bridges(visit: Visit, section: Section, period: str) -> list[Bridge]:
    """What lies between two figures of the period, where both have a number."""
    reader, found = visit.reader, []
    for pair in section.bridges:
        if all(visit.has(name) and visit.takes(name) for name in pair):
            left, right = (reader.question(name, **visit.span(period)) for name in pair)
            if all(reader.answer(one)[0].status == "published" for one in (left, right)):
                found.append(bridge(reader, left, right, partial(in_days, visit.court.place, reader)))
    return found


def _years(visit: Visit, section: Section) -> dict[str, Any]:
    """A few figures by year, years as rows."""
    names = [name for name in section.years if visit.has(name) and visit.takes(name)]
    columns = {name: visit.reader.ask(name, kind="year", calendar=visit.calendar, where=visit.where) for name in names}
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    return {"names": names, "metrics": [column[0] for column in columns.values()], "rows": rows}


def _split(visit: Visit, section: Section, dimension: str, period: str) -> dict[str, Any] | None:
    """The first group by one dimension, values in the order of their names, never of a number."""
    snap = visit.reader.snapshot
    names = [name for name in section.groups[0][1] if visit.has(name) and visit.takes(name)
             and dimension in snap.metrics[name.partition(".")[0]].dimensions]  # fmt: skip
    if not names:
        return None
    columns = {name: {one.dims[dimension]: one for one in visit.reader.ask(name, **visit.span(period), by=(dimension,))
                      if one.dims} for name in names}  # fmt: skip
    values = sorted({value for column in columns.values() for value in column})
    return {"names": names, "heads": [next(iter(column.values())) for column in columns.values() if column],
            "rows": [(value, [column.get(value) for column in columns.values()]) for value in values]}  # fmt: skip


def _before_and_after(visit: Visit) -> list[dict[str, Any]]:
    """The rate counted alike on all dates: twelve months before 1 May 2015, and the twelve from then on, by population."""
    name, found = "same_day_registration_rate.any_date", []
    spans = (("2014-05", "2015-04"), ("2015-05", "2016-04"))
    if not visit.has(name):
        return []
    for where in (
        {},
        *({"population": one.dims["population"]} for one in visit.reader.ask(name, by=("population",)) if one.dims),
    ):
        sides = [visit.reader.ask(name, first=first, last=last, where=where)[0] for first, last in spans]
        found.append({"where": where, "sides": [(side, side.as_json()) for side in sides]})
    return found
