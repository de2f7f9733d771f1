"""One request: what it asks for, in which language, of which publication; and what stands around every page.

Belongs here: what pages share. Does not belong here: what one page shows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from pipelines.web.address import View
from pipelines.web.court import Court
from pipelines.web.words import N_, Words
from warehouse.catalogue.calendars import lead_of, parse_period
from warehouse.reading.figure import Figure
from warehouse.reading.figures import Reader
from warehouse.reading.trend import Trend, trend

MENU = (("", N_("Overview")), ("caseload", N_("Caseload")), ("timeliness", N_("Timeliness")),
        ("enforcement", N_("Enforcement")), ("registration", N_("Registration")), ("benches", N_("Benches")),
        ("bulletin", N_("Bulletin")),
        ("definitions", N_("Definitions")), ("quality", N_("Quality")), ("audit", N_("Audit")),
        ("about", N_("About these data")))  # fmt: skip

BELOW = {"audit": ("ledger", "sql"), "quality": ("findings",), "definitions": ("limits", "reconciliation"),
         "timeliness": ("lasting",)}  # fmt: skip
"""Pages that stand under one of the menu."""


@dataclass(frozen=True)
class Visit:
    """One request. `read` is None where nothing can be read: then there is only a page that says so."""

    court: Court
    view: View
    words: Words
    read: Reader | None
    is_sent_from_elsewhere: bool = False
    """Whether a page of another site led here, as a link in a mail does."""

    @property
    def reader(self) -> Reader:
        """The figures of the one publication that this request sees."""
        assert self.read is not None, "a page that reads figures was asked without a publication"  # noqa: S101
        return self.read

    def frame(self) -> dict[str, Any]:
        """What every template is given."""
        refresh = self.read.snapshot.refresh if self.read else None
        profile = self.court.profile
        other = "en" if self.view.lang == "zh" else "zh"
        pinned = self.view.href(as_of=refresh.id) if refresh else self.view.href()
        return {
            "lang": self.view.lang, "view": self.view, "words": self.words, "refresh": refresh,
            "court": profile.name_zh if self.view.lang == "zh" else profile.name_en, "profile": profile.id,
            "menu": [(self.view.to(path), name, self._is_under(path)) for path, name in MENU],
            "other": (other, self.view.href(lang=other)), "pinned": pinned, "run": self.run, "explain": self.explain,
            "is_latest": self.read is None or refresh == self.read.snapshot.all_refreshes[-1],
        }  # fmt: skip

    def _is_under(self, path: str) -> bool:
        first = self.view.path.partition("/")[0]
        return first == path or first in BELOW.get(path, ())

    def trend(self, name: str, where: Mapping[str, str] | None = None) -> Trend:
        """The months of a figure with their normal range: the same for every period that is looked at."""
        asked = dict(where or {})
        found: Trend = self.reader.once(
            ("trend", name, *sorted(asked.items())), lambda: trend(self.reader, name, where=asked)[0]
        )
        return found

    @cached_property
    def run(self) -> dict[str, Any]:
        """What `caseload status` says of the last run."""
        found: dict[str, Any] = json.loads(self.court.state().run)
        return found

    def explain(self, figure: Mapping[str, Any] | Figure) -> str:
        """Where a figure is explained: the address of that very publication."""
        figure_id = figure.figure_id if isinstance(figure, Figure) else figure["figure_id"]
        return f"/{self.view.lang}/explain/{quote(figure_id, safe='/:=,.@~')}"

    def has(self, name: str) -> bool:
        """Whether the publication knows a metric or a reading of it, and the profile has such cases."""
        snap = self.reader.snapshot
        metric_id, _, variant = name.partition(".")
        metric = snap.metrics.get(metric_id)
        return metric is not None and snap.applies(metric) and (not variant or variant in metric.variants)

    def figures(self, name: str, **filters: Any) -> str:
        """Where the months of a figure stand."""
        return self.view.to(f"figures/{name}", **filters)

    def period_of(self, figure: Figure) -> str:
        """The period of a figure in words."""
        return self.words.period(figure.period)

    @cached_property
    def last_month(self) -> str:
        """The last month that holds data: of the calendar that the profile counts by."""
        reader = self.reader
        _, last = reader.span(reader.default_calendar, None, None)
        return reader.periods(reader.default_calendar, last, last, "month")[0].id

    @cached_property
    def last_year(self) -> str:
        """The last year that holds data, whole or not: of the calendar that the profile counts by."""
        reader = self.reader
        first, last = reader.data_months(reader.default_calendar)
        return reader.periods(reader.default_calendar, first, last, "year")[-1].id

    def span(self, period: str) -> dict[str, Any]:
        """What asks for one period by its id. Raises PeriodError."""
        reader = self.reader
        return {
            "first": period,
            "last": period,
            "kind": parse_period(period, lead_of(reader.calendars[reader.default_calendar])).kind,
        }

    def period_choices(self, chosen: str) -> list[tuple[str, str]]:
        """What may be chosen, in words: months, newest first, then years."""
        reader = self.reader
        first, last = reader.data_months(reader.default_calendar)
        kinds = [reader.periods(reader.default_calendar, first, last, kind)[::-1] for kind in ("month", "year")]
        found = [(one.id, self.words.period(one)) for kind in kinds for one in kind]
        return found if any(one == chosen for one, _ in found) else [(chosen, chosen), *found]
