"""A case's clock as sentences, with article and arithmetic, in Chinese and English.

Belongs here: how the figures of model.case_clocks are said. Does not belong here: what they are (sql/model/case_clocks.sql).
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]
Names = Mapping[str, tuple[str, str]]
"""Code of a reason to its Chinese and English name."""


def added(day: date, months: int, days: int) -> date:
    """So many months later, the last day of that month where there is none of the number (TL-R2), then the days."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1])) + timedelta(days)


def sentences(clock: Row, events: Sequence[Row], names: Names, counting_day: date) -> tuple[str, str]:
    """One span of a clock, in Chinese and English: limit and article, day zero, deductions, extensions, due dates, verdict.

    `article_zh` of the clock is its article in Chinese, where the profile has it.
    """
    if clock["limit_id"] is None:
        return (
            "没有已知的审限（程序不明，或法律未定）。",
            "No limit is known: the procedure is not told, or no text sets one.",
        )
    zh_article, en_article = clock.get("article_zh") or clock["article"], clock["article"]
    if not clock["is_verified"]:
        zh_article, en_article = f"{zh_article}（未核对法律原文）", f"{en_article} [unverified]"
    head = [
        f"{clock['limit_id']} · {clock['name_zh']} · {zh_article}", f"{clock['limit_id']} · {clock['name_en']} · {en_article}"
    ]  # fmt: skip
    if clock["base_due_on"] is None:
        return f"{head[0]}：没有以日月计算的审限。", f"{head[1]}: no limit in months or days."
    parts = [_base(clock), _deducted(clock, events, names), _lawful(clock, events, names), _verdict(clock, counting_day)]
    zh, en = zip(*[part for part in parts if part], strict=True)
    return f"{head[0]}：{''.join(zh)}", f"{head[1]}: {' '.join(en)}"


def _span(months: int | None, days: int | None) -> tuple[str, str]:
    """Months and days in words."""
    zh = (f"{months}个月" if months else "") + (f"{days}日" if days else "")
    en = [f"{n} {word}{'s' if n != 1 else ''}" for n, word in ((months, "month"), (days, "day")) if n]
    return zh or "0日", " ".join(en) or "0 days"


def _due(clock: Row, ends: date, deducted: int, due: date) -> tuple[str, str]:
    """The way from the end of the limit to the due date: deductions, then off holidays."""
    zh, en, after = f"{ends}", f"{ends}", ends + timedelta(deducted)
    if deducted:
        zh, en = f"{zh}，加扣除{deducted}日为{after}", f"{en}, plus {deducted} days deducted {after}"
    if due != after:
        zh, en = f"{zh}，非工作日，顺延至{due}", f"{en}, no working day, moved to {due}"
    return zh, en


def _base(clock: Row) -> tuple[str, str]:
    zh, en = _span(clock["base_months"], clock["base_days"])
    since = "立案", "registration"
    if clock["day_zero"] != clock["opened_on"]:
        since = {"received": ("收到", "receipt"), "notice": ("公告期满", "the end of the notice")}.get(
            clock["runs_from"], ("重新计算", "the clock's new beginning")
        )
    ends = added(clock["day_zero"], clock["base_months"] or 0, clock["base_days"] or 0)
    due_zh, due_en = _due(clock, ends, clock["base_deducted_days"], clock["base_due_on"])
    return (f"自{since[0]}次日（{clock['day_zero']}为第0日）起{zh}至{due_zh}。",
            f"{en} from the day after {since[1]} ({clock['day_zero']} is day 0) end on {due_en}.")  # fmt: skip


def _deducted(clock: Row, events: Sequence[Row], names: Names) -> tuple[str, str] | None:
    if not clock["deducted_days"]:
        return None
    last = clock["closed_on"]
    mine = [e for e in events if e["kind"] in ("deduction", "suspension")
            and (e["to_on"] is None or e["to_on"] > clock["day_zero"]) and (last is None or e["from_on"] <= last)]  # fmt: skip
    told = [(f"{names[e['reason']][0]}{e['from_on']}至{e['to_on'] or '今'}",
             f"{names[e['reason']][1]} {e['from_on']} to {e['to_on'] or 'now'}") for e in mine]  # fmt: skip
    return f"扣除：{'；'.join(zh for zh, _ in told)}。", f"Deducted: {'; '.join(en for _, en in told)}."


def _lawful(clock: Row, events: Sequence[Row], names: Names) -> tuple[str, str] | None:
    """What differs between the base and the lawful limit: the statute's second figure, and extensions."""
    is_hard = clock["hard_months"] is not None or clock["hard_days"] is not None
    is_hard = is_hard and (clock["hard_when"] is None or clock["hard_holds"])
    months, days = (clock["hard_months"], clock["hard_days"]) if is_hard else (clock["base_months"], clock["base_days"])
    granted = _extensions(clock, events, names)
    if not is_hard and granted is None:
        return None
    ends = added(clock["day_zero"], (months or 0) + clock["extended_months"], (days or 0) + clock["extended_days"])
    cap = None
    if clock["longest_months"] is not None or clock["longest_days"] is not None:
        cap = added(clock["day_zero"], clock["longest_months"] or 0, clock["longest_days"] or 0)
    zh, en = ("", "")
    if is_hard:
        words = _span(months, days)
        zh, en = f"法定至迟{words[0]}。", f"The statute allows {words[1]} without approval. "
    if granted:
        zh, en = zh + granted[0], en + granted[1]
    if cap is not None and cap < ends:
        words, ends = _span(clock["longest_months"], clock["longest_days"]), cap
        zh, en = f"{zh}累计不超过{words[0]}。", f"{en}{words[1]} in all at the most. "
    due_zh, due_en = _due(clock, ends, clock["deducted_days"], clock["lawful_due_on"])
    return f"{zh}法定审限至{due_zh}。", f"{en}The lawful limit ends on {due_en}."


def _extensions(clock: Row, events: Sequence[Row], names: Names) -> tuple[str, str] | None:
    mine = sorted((e for e in events if e["kind"] == "extension" and clock["day_zero"] <= e["approved_on"]
                   <= (clock["closed_on"] or e["approved_on"])), key=lambda e: (e["approved_on"], e["event_key"]))  # fmt: skip
    if not mine:
        return None
    zh, en = "", ""
    for at, event in enumerate(mine):
        words, name = _span(event["extended_months"], event["extended_days"]), names[event["reason"]]
        is_late = at >= len(mine) - clock["late_extensions"]
        worth = ("届满后批准，不计入", "after expiry: it does not count") if is_late else ("届满前批准", "in time")
        zh += f"延长{words[0]}（{event['approved_on']}{name[0]}，{worth[0]}）。"
        en += f"Extended by {words[1]} ({event['approved_on']} {name[1]}, {worth[1]}). "
    return zh, en


def _verdict(clock: Row, counting_day: date) -> tuple[str, str]:
    if not clock["is_last"]:
        return (
            f"适用至{clock['governs_until'] - timedelta(1)}。",
            f"It governed until {clock['governs_until'] - timedelta(1)}.",
        )
    if clock["closed_on"] is None:
        days = (counting_day - clock["lawful_due_on"]).days
        if days > 0:
            return f"未结，至{counting_day}已超审限{days}日。", f"Pending, {days} days over the limit on {counting_day}."
        return f"未结，至{counting_day}距届满{-days}日。", f"Pending, {-days} days left on {counting_day}."
    if clock["is_within_base"]:
        return f"{clock['closed_on']}结案，在正常审限内。", f"Closed on {clock['closed_on']}, within the base limit."
    if clock["is_within_lawful"]:
        return f"{clock['closed_on']}结案，在法定审限内。", f"Closed on {clock['closed_on']}, within the lawful limit."
    days = (clock["closed_on"] - clock["lawful_due_on"]).days
    return f"{clock['closed_on']}结案，超审限{days}日。", f"Closed on {clock['closed_on']}, {days} days over the limit."
