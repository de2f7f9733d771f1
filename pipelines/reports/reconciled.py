"""Published totals beside ours, and what other courts printed, as JSON and as lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pipelines.reports.words import REASONS, columns, say, shown
from warehouse.catalogue.metric import not_counted
from warehouse.reading.figures import Reader
from warehouse.reading.printed import VERDICTS, Printed
from warehouse.reading.reconcile import Beside, Gap, Reconciled

SAID = {
    "same": ("same", "一致"), "different": ("different", "不一致"),
    "reached": ("reached", "达到"), "missed": ("missed", "未达到"), "not_comparable": ("not comparable", "不可比"),
}  # fmt: skip
WHY = {
    "opening_stock": ("the opening stock, which this reading holds", "差额即旧存，本口径含旧存"),
    "given_by_another": ("another calendar or scope gives it exactly", "另一日历或口径恰得此数"),
    "unexplained": ("neither reading, calendar nor scope explains it", "口径、日历、范围均不能解释"),
    "cut_by_the_data": ("cut by the ends of the data", "受数据起止日截断"),
    "other_days": ("other days", "所含日期不同"),
    "another_sample": ("the data are a made-up docket of another size", "数据为另一规模的合成样本"),
    "inside_a_month": ("its span ends inside a month, and figures are kept by month", "期间止于月中"),
    **REASONS,
}
READING = {"flow": ("受理 = 新收", "受理 = 新收"), "stock": ("受理 = 旧存 + 新收", "受理 = 旧存 + 新收"), None: ("", "")}
MEANS = {
    "flow": ("受理 − 结案 is the growth of the stock", "受理 − 结案 = 存案的增加"),
    "stock": ("受理 − 结案 is the stock that is left", "受理 − 结案 = 期末未结"),
}


def reconciled_json(
    reader: Reader, found: Sequence[Reconciled], between: Sequence[Gap], elsewhere: Sequence[Printed]
) -> dict[str, Any]:
    """One object: `totals`, `gaps`, `printed_elsewhere`."""
    refresh = reader.snapshot.refresh
    return {
        "refresh_id": refresh.id, "is_synthetic": refresh.is_synthetic, "totals": [one.as_json() for one in found],
        "gaps": [one.as_json() for one in between], "printed_elsewhere": [one.as_json() for one in elsewhere],
    }  # fmt: skip


def reconciled_lines(found: Sequence[Reconciled], between: Sequence[Gap], elsewhere: Sequence[Printed], lang: str) -> list[str]:
    """Three tables: totals of this court, what lies between 受理 and 结案, and what was printed elsewhere, in short."""
    rows = [["id", "metric", "span", "published", "ours", "difference", "", ""]]
    rows += [line for one in found for line in _total(one, lang)]
    lines = columns(rows, frozenset({3, 4, 5})) if found else []
    for gap in between:
        lines += ["", f"{' − '.join(gap.ids)}: {say(MEANS[gap.reading], lang)}", f"  {_gap(gap, lang)}"]
    counted = Counter(one.verdict for one in elsewhere)
    told = "; ".join(f"{counted[verdict]} {say(words, lang)}" for verdict, words in VERDICTS.items() if counted[verdict])
    title = say(("printed elsewhere, by our formulas from the counts beside it", "他院公布数，由同处件数按本定义计算"), lang)
    lines += ["", f"{title}: {told}"]
    odd = [[f"  {p.row['id']}", p.row["court"], p.row["metric"], p.row["printed"], str(p.ours), say(VERDICTS[p.verdict], lang)]
           for p in elsewhere if p.verdict not in ("same", "within_rounding")]  # fmt: skip
    return [*lines, *columns([["", "court", "metric", "printed", "ours", ""], *odd], frozenset({3, 4}))]


def _total(one: Reconciled, lang: str) -> list[list[str]]:
    row = one.row
    name = row["metric"] + (f" {row['family']}" if row.get("family") else "")
    lines: list[list[str]] = []
    for beside in (*one.besides, *one.by_calendar):
        calendar = f"{beside.figure.calendar} " if beside in one.by_calendar and beside.figure else ""
        begin = [row["id"], name, f"{row['first_day'][:7]}..{row['last_day'][:7]}", _published(row)] if not lines else [""] * 4
        lines.append(
            [
                *begin,
                *_ours(beside, row),
                f"{calendar}{say(READING[beside.reading], lang)}",
                _verdict(beside, row["metric"], lang),
            ]
        )
    return lines


def _published(row: Any) -> str:
    return f"≥ {float(row['published']):.0%}" if row["comparison"] == "floor" else f"{float(row['published']):,.10g}"


def _ours(beside: Beside, row: Any) -> list[str]:
    if beside.figure is None or beside.difference is None:
        return ["", ""]
    if row["comparison"] == "floor":
        return [shown(beside.figure.as_json(), "en"), ""]
    return [f"{beside.figure.value:,}", f"{float(beside.difference):+,.10g}" if beside.difference else "0"]


def _verdict(beside: Beside, metric: str, lang: str) -> str:
    reason = beside.reason or ""
    why = say(WHY[reason], lang) if reason in WHY else reason
    if reason == "not_counted":
        refused = not_counted()[metric]
        why = refused.reason_zh if lang == "zh" else refused.reason_en
    by = f" ({', '.join(name.partition('@')[0] for name in beside.given_by)})" if beside.given_by else ""
    return say(SAID[beside.verdict], lang) + (f": {why}{by}" if why else "")


def _gap(gap: Gap, lang: str) -> str:
    name = gap.rate.metric.name_zh if lang == "zh" else gap.rate.metric.name_en
    rate = f"{gap.rate.value:.2%}" if gap.rate.value is not None else "–"
    verdict = SAID["same" if gap.published == gap.difference else "different"]
    ours = "–" if gap.difference is None else f"{gap.difference:,}"
    published, own = say(("published", "公布"), lang), say(("ours", "本系统"), lang)
    return (f"{published} {gap.published:,}, {own} {ours} ({say(verdict, lang)}); "
            f"{name}: {published} {float(gap.published_rate):.2%}, {own} {rate}")  # fmt: skip
