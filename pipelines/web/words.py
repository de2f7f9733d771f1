"""Words and numbers in a language: messages from the catalogues, and how counts, rates, days and values are written.

The messages of templates and modules are English; `texts/<language>/web.po` holds what each is called. Both are whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_datetime
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from pipelines.reports.explained import BESIDE
from pipelines.reports.noted import found_zh, reason_zh
from pipelines.reports.trends import LEFT_OUT, RULES
from pipelines.reports.words import REASONS
from pipelines.reports.worklist import BARE
from warehouse.catalogue.calendars import Period
from warehouse.catalogue.metric import Metric
from warehouse.quality.rule import Rule

FOLDER = Path(__file__).parent / "texts"
LOCALES = {"zh": "zh_Hans_CN", "en": "en_GB"}
FEW = 20
"""Of fewer cases the counts stand in place of a rate."""


def N_(text: str) -> str:
    """Marks a message that is looked up later."""
    return text


FAMILIES = {
    "civil": N_("Civil"), "criminal": N_("Criminal"), "administrative": N_("Administrative"),
    "enforcement": N_("Enforcement"), "compensation": N_("State compensation"), "bankruptcy": N_("Bankruptcy"),
    "jurisdiction": N_("Jurisdiction"), "preservation": N_("Preservation"), "relief": N_("Judicial relief"),
    "sanction": N_("Sanctions"), "assistance": N_("Judicial assistance"), "not_a_case": N_("No case"),
}  # fmt: skip
DIMENSIONS = {
    "court": N_("Court"), "family": N_("Family of cases"), "counts_as": N_("Counts as"), "case_type": N_("Type of case"),
    "procedure": N_("Procedure"), "bench": N_("Bench"), "judge": N_("Judge"), "population": N_("Population"),
    "channel": N_("Channel"), "closing_manner": N_("Closing manner"), "part": N_("Part"),
}  # fmt: skip
KINDS = {"month": N_("Months"), "quarter": N_("Quarters"), "half": N_("Half-years"), "year": N_("Years"),
         "range": N_("Whole span")}  # fmt: skip
UNITS = {"cases": N_("cases"), "share": N_("share"), "days": N_("days"), "chains": N_("chains of cases"),
         "petitions": N_("petitions"), "rows": N_("rows"), "files": N_("files")}  # fmt: skip
STATUSES = {"withheld": N_("withheld"), "suppressed": N_("suppressed"), "undefined": N_("undefined"),
            "not_applicable": N_("not applicable")}  # fmt: skip
SEVERITIES = {"blocks": N_("blocks"), "warns": N_("warns"), "informs": N_("informs")}
PARTS = {"pending": N_("pending"), "pool": N_("终本 pool")}
METRIC_KINDS = {"flow": N_("flow"), "stock": N_("stock"), "share": N_("share"), "mean": N_("mean"), "ratio": N_("ratio")}


@cache
def catalogue(lang: str) -> Catalog:
    """The messages of a language."""
    with (FOLDER / lang / "web.po").open("rb") as file:
        return read_po(file, locale=LOCALES[lang])


class Words:
    """One language, with the names of a profile's codes. What it lacks is a fault of ours and raises KeyError."""

    def __init__(
        self, lang: str, labels: Mapping[str, Mapping[str, tuple[str, str]]], rules: Callable[[], Mapping[str, Rule]] = dict
    ) -> None:
        self.lang, self.labels, self.locale, self.rules = lang, labels, LOCALES[lang], rules

    def gettext(self, text: str) -> str:
        """A message in this language."""
        found = catalogue(self.lang).get(text)
        if found is None or not found.string:
            raise KeyError(f"texts/{self.lang}/web.po has no message [{text}]")
        return str(found.string if isinstance(found.string, str) else found.string[0])

    def ngettext(self, one: str, many: str, number: int) -> str:
        """A message that depends on a number."""
        found = catalogue(self.lang).get(one)
        texts = found.string if found is not None else None
        if not texts or isinstance(texts, str) or not all(texts):
            raise KeyError(f"texts/{self.lang}/web.po has no messages [{one}]")
        return str(texts[0 if number == 1 or len(texts) == 1 else 1])

    def of(self, pair: tuple[str, str]) -> str:
        """The English or the Chinese of a pair."""
        return pair[1] if self.lang == "zh" else pair[0]

    # --- numbers and days

    def count(self, number: float | None, signed: bool = False) -> str:
        """A count with its thousands apart; an en dash for none."""
        if number is None:
            return "–"
        text = str(format_decimal(abs(number) if signed else number, format="#,##0.##", locale=self.locale))
        return f"{'+' if number > 0 else '−' if number < 0 else '±'}{text}" if signed else text.replace("-", "−")

    def rate(self, number: float, digits: int = 1) -> str:
        """A share as a percentage."""
        return str(format_percent(number, format=f"#,##0.{'0' * digits}%", locale=self.locale))

    def day(self, value: date | str) -> str:
        """A day in words."""
        found = date.fromisoformat(value[:10]) if isinstance(value, str) else value
        return str(format_date(found, format="long", locale=self.locale))

    def moment(self, text: str) -> str:
        """A day and time of the court's own clock, as it was noted."""
        found = datetime.fromisoformat(text).replace(tzinfo=None)
        pattern = "yyyy年M月d日 HH:mm" if self.lang == "zh" else "d MMM yyyy, HH:mm"
        return str(format_datetime(found, format=pattern, locale=self.locale))

    def month(self, number: int) -> str:
        """A month counted as year × 12 + month − 1."""
        pattern = "yyyy年M月" if self.lang == "zh" else "MMM yyyy"
        return str(format_date(date(number // 12, number % 12 + 1, 1), format=pattern, locale=self.locale))

    def period(self, period: Period) -> str:
        """A period in words."""
        year, month = divmod(period.first + period.lead, 12)
        if period.kind == "month":
            return self.month(period.first + period.lead)
        if period.kind in ("quarter", "half"):
            part, letter = (month // 3 + 1, "Q") if period.kind == "quarter" else (month // 6 + 1, "H")
            halves = ("上半年", "下半年")
            zh = f"{year}年第{part}季度" if letter == "Q" else f"{year}年{halves[part - 1]}"
            return zh if self.lang == "zh" else f"{letter}{part} {year}"
        if period.kind == "year":
            return f"{year}年" if self.lang == "zh" else str(year)
        joint = "至" if self.lang == "zh" else " – "
        return f"{self.month(period.first)}{joint}{self.month(period.last)}"

    # --- names

    def name(self, metric: Metric, variant: str | None = None) -> str:
        """What a metric, or a reading of it, is called."""
        told = metric.variants[variant] if variant else metric
        return told.name_zh if self.lang == "zh" else told.name_en

    def dimension(self, key: str) -> str:
        """What a dimension is called."""
        return self.gettext(DIMENSIONS[key])

    def value(self, dimension: str, code: str) -> str:
        """What a value of a dimension is called; where no list names it, the code as delivered."""
        if code == "none":
            return self.gettext(N_("not stated"))
        if dimension in ("family", "counts_as") and code in FAMILIES:
            return self.gettext(FAMILIES[code])
        if dimension == "part":
            return self.gettext(PARTS[code]) if code in PARTS else self._ages(code)
        known = self.labels.get(dimension, {})
        if dimension == "case_type" and code in known:
            return code if self.lang == "zh" else f"{code} {known[code][0]}"
        return self.of(known[code]) if code in known else code

    def kind(self, key: str) -> str:
        """What a kind of period is called."""
        return self.gettext(KINDS[key])

    def severity(self, key: str) -> str:
        """What a broken rule does."""
        return self.gettext(SEVERITIES[key])

    def metric_kind(self, key: str) -> str:
        """What a kind of metric is called."""
        return self.gettext(METRIC_KINDS[key])

    def unit(self, key: str) -> str:
        """In what is counted."""
        return self.gettext(UNITS[key])

    def _ages(self, code: str) -> str:
        text = code.replace("over-", "> ").replace("-", "–")
        return self.gettext(N_("%(ages)s days")) % {"ages": text} if code[-1:].isdigit() else code

    def dims(self, dims: Mapping[str, str]) -> str:
        """Values of dimensions in words."""
        colon, comma = ("：", "，") if self.lang == "zh" else (": ", ", ")
        return comma.join(f"{self.dimension(key)}{colon}{self.value(key, code)}" for key, code in dims.items())

    def place(self, text: str) -> str:
        """Where in a file a row stands."""
        kind, _, number = text.partition(" ")
        if kind == "line":
            return self.gettext(N_("line %(n)s")) % {"n": number}
        return self.gettext(N_("record %(n)s")) % {"n": number} if kind == "record" else text

    def beside(self, kind: str) -> str:
        """What a line beside a counted row tells of."""
        return self.of(BESIDE[kind])

    def reason(self, reason: str | None, status: str = "") -> str:
        """Why there is no number, in words."""
        return "".join(self.why(reason, status))

    def why(self, reason: str | None, status: str = "") -> tuple[str, str]:
        """Why there is no number: in this language, and then what of a rule's own reason is only known in English."""
        known = {**REASONS, **LEFT_OUT}
        if reason in known:
            return self.of(known[reason]), ""
        if reason and self.lang == "zh":
            return reason_zh(reason, self.rules())
        return reason or (self.gettext(STATUSES[status]) if status in STATUSES else status), ""

    def found(self, rule_id: str, message: str) -> tuple[str, str]:
        """What a rule found: in this language, and then what is only known in English."""
        if self.lang != "zh":
            return message, ""
        if rule_id in BARE:
            return f"{BARE[rule_id][0][1]}：", message
        told = found_zh(rule_id, message, self.rules())
        return (told, "") if told else ("", message)

    def rule(self, name: str) -> str:
        """What a rule of control charts says."""
        return self.of(RULES[name])

    # --- figures

    def shown(self, figure: Mapping[str, Any], digits: int = 1) -> str:
        """The number of a figure, or the reason in its place; of a rate over few cases its counts."""
        if figure["status"] != "published" or figure["value"] is None:
            told = self.reason(figure["reason"], figure["status"])
            held = figure["status"] in ("withheld", "suppressed")
            return f"{self.gettext(STATUSES[figure['status']])}: {told}" if held else told
        return self.number(figure["value"], figure, digits)

    def number(self, value: float, figure: Mapping[str, Any], digits: int = 1) -> str:
        """A number in the unit of a figure."""
        if figure["unit"] == "share":
            if self.is_few(figure):
                return self.counts(figure)
            return self.rate(value, digits)
        if figure["denominator"] is None:
            return self.count(value)
        return str(format_decimal(value, format="#,##0.00", locale=self.locale)).replace("-", "−")

    def is_few(self, figure: Mapping[str, Any]) -> bool:
        """Whether a rate is over so few cases that its counts say more."""
        return figure["unit"] == "share" and figure["denominator"] is not None and figure["denominator"] < FEW

    def counts(self, figure: Mapping[str, Any]) -> str:
        """Numerator and denominator of a rate."""
        told = {"part": self.count(figure["numerator"]), "whole": self.count(figure["denominator"])}
        if figure["kind"] != "share":  # the one is no part of the other
            return f"{told['part']} / {told['whole']}"
        return self.gettext(N_("%(part)s of %(whole)s")) % told
