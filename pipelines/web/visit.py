"""One request: what it asks for, in which language, of which publication; and what stands around every page.

Belongs here: what pages share. Does not belong here: what one page shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from pipelines.web.address import View
from pipelines.web.charts import standing_alone
from pipelines.web.court import Court
from pipelines.web.words import N_, Words
from warehouse.catalogue.calendars import lead_of, parse_period
from warehouse.catalogue.metric import RATES
from warehouse.reading.figure import Figure
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import Unknown
from warehouse.reading.trend import PEOPLE, Trend, trend

MENU = (("", N_("Overview")), ("caseload", N_("Caseload")), ("timeliness", N_("Timeliness")),
        ("enforcement", N_("Enforcement")), ("registration", N_("Registration")), ("benches", N_("Benches")),
        ("bulletin", N_("Bulletin")),
        ("definitions", N_("Definitions")), ("quality", N_("Quality")), ("audit", N_("Audit")),
        ("about", N_("About these data")))  # fmt: skip

FILTERS = ("court", "family", "case_type", "procedure", "bench")
"""By what pages of several figures can be filtered: what cases are, and the bench that has them."""
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

    def chart_file(self, chart: str, title: str, rows: str, below: Iterable[str]) -> bytes:
        """A chart as a file that stands alone: whose it is, of which publication, how many rows, and what else stands below."""
        words, refresh, profile = self.words, self.reader.snapshot.refresh, self.court.profile
        court = profile.name_zh if words.lang == "zh" else profile.name_en
        where = f", {words.dims(self.view.where)}" if self.view.where else ""
        made_up = [words.gettext(N_("Synthetic data")) + ": " + words.gettext(N_("made up, not the court's records"))]
        notes = [
            *(made_up if refresh.is_synthetic else []),
            f"{court}{where} · {refresh.id}, {words.day(refresh.counting_day)} · {rows}",
            f"{words.gettext(N_('Head of the ledger'))} {refresh.head}", *below,
        ]  # fmt: skip
        return standing_alone(chart, title, notes).encode()

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
    def calendar(self) -> str:
        """That of the address, else the profile's first. Raises Unknown where there is no such calendar."""
        chosen = self.view.calendar or self.reader.default_calendar
        if chosen not in self.reader.calendars:
            raise Unknown(f"there is no calendar [{chosen}]. There are: {', '.join(self.reader.calendars)}")
        return chosen

    @cached_property
    def where(self) -> dict[str, str]:
        """What the address filters by, on pages of several figures: what cases are, and the bench that has them."""
        return {key: value for key, value in self.view.where.items() if key in FILTERS and key not in self.unseen}

    @property
    def unseen(self) -> tuple[str, ...]:
        """What a page does not tell apart: the public bulletin knows no bench."""
        return ("bench",) if self.view.path == "bulletin" else ()

    def takes(self, name: str) -> bool:
        """Whether a figure is counted by what is filtered; a rate is not shown of one bench: nobody is ranked."""
        metric = self.reader.snapshot.metrics[name.partition(".")[0]]
        is_of_people = metric.kind in RATES and any(one in PEOPLE for one in self.where)
        return not is_of_people and all(one in metric.dimensions for one in self.where)

    def filters(self, *without: str) -> dict[str, Any]:
        """What the form of such a page offers: values by dimension where there are several, calendars, publications."""
        reader, words = self.reader, self.words
        found: dict[str, list[str]] = {}
        known = reader.snapshot.metrics["filed"].dimensions if self.has("filed") else ()
        for one in (name for name in FILTERS if name in known and name not in without):
            values = [figure.dims[one] for figure in reader.ask("filed", by=(one,)) if figure.dims]
            if len(values) > 1:
                found[one] = values
        return {
            "values": found, "where": self.where, "calendar": self.view.calendar,
            "calendars": {key: words.of((one.name_en, one.name_zh)) for key, one in reader.calendars.items()},
            "refreshes": reader.snapshot.all_refreshes[::-1],
        }  # fmt: skip

    @cached_property
    def last_month(self) -> str:
        """The last month that holds data."""
        reader = self.reader
        _, last = reader.span(self.calendar, None, None)
        return reader.periods(self.calendar, last, last, "month")[0].id

    @cached_property
    def last_year(self) -> str:
        """The last year that holds data, whole or not."""
        reader = self.reader
        first, last = reader.data_months(self.calendar)
        return reader.periods(self.calendar, first, last, "year")[-1].id

    def span(self, period: str) -> dict[str, Any]:
        """What asks for one period by its id, of what the address filters by. Raises PeriodError."""
        kind = parse_period(period, lead_of(self.reader.calendars[self.calendar])).kind
        return {"first": period, "last": period, "kind": kind, "calendar": self.calendar, "where": self.where}

    def period_choices(self, chosen: str) -> list[tuple[str, str]]:
        """What may be chosen, in words: months, newest first, then years."""
        reader = self.reader
        first, last = reader.data_months(self.calendar)
        kinds = [reader.periods(self.calendar, first, last, kind)[::-1] for kind in ("month", "year")]
        found = [(one.id, self.words.period(one)) for kind in kinds for one in kind]
        return found if any(one == chosen for one, _ in found) else [(chosen, chosen), *found]
