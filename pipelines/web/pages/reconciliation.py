"""Published totals beside ours: the same, or another with the reason; and what other courts printed, by our formulas."""

from __future__ import annotations

from typing import Any

from pipelines.reports.reconciled import MEANS, READING, SAID, WHY
from pipelines.web.visit import Visit
from warehouse.catalogue.lists import read_rows
from warehouse.catalogue.metric import not_counted
from warehouse.reading.printed import VERDICTS, read_printed
from warehouse.reading.reconcile import Beside, gaps, reconcile
from warehouse.reading.snapshot import Unknown

AGREES = ("same", "within_rounding")


def show(visit: Visit, rest: str) -> tuple[str, dict[str, Any]]:
    """What `caseload reconcile` answers.

    Raises:
        Unknown: there is nothing below this page.
    """
    if rest:
        raise Unknown(f"there is no page [{rest}]")
    reader, own = visit.reader, visit.court.settings.profile_folder / "control_totals.csv"
    found = reconcile(reader, read_rows(own) if own.is_file() else [])
    elsewhere = read_printed(reader.snapshot.metrics)
    return "reconciliation.html", {
        "totals": [(one.row, [(beside, _why(visit, beside, one.row["metric"]), beside in one.by_calendar)
                              for beside in (*one.besides, *one.by_calendar)]) for one in found],
        "gaps": [(one, visit.words.of(MEANS[one.reading])) for one in gaps(reader, found)],
        "metrics": reader.snapshot.metrics, "said": SAID, "readings": READING,
        "verdicts": [(words, sum(one.verdict == verdict for one in elsewhere)) for verdict, words in VERDICTS.items()],
        "odd": [(one, VERDICTS[one.verdict]) for one in elsewhere if one.verdict not in AGREES],
        "printed": len(elsewhere),
    }  # fmt: skip


def _why(visit: Visit, beside: Beside, metric: str) -> str:
    """What explains a difference, or why nothing is compared."""
    reason, words = beside.reason or "", visit.words
    if reason == "not_counted":
        refused = not_counted()[metric]
        return refused.reason_zh if words.lang == "zh" else refused.reason_en
    told = words.of(WHY[reason]) if reason in WHY else reason
    return told + (f" ({', '.join(name.partition('@')[0] for name in beside.given_by)})" if beside.given_by else "")
