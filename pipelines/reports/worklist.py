"""Findings for the person who sees to them: on the screen, and as a workbook that is filled in and sent back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipelines.reports.tables import new_workbook
from pipelines.reports.words import SYNTHETIC, columns, say
from warehouse.intake.responses import ANSWERS, HEADERS
from warehouse.quality.rule import Rule
from warehouse.reading.findings import STATUSES, Finding, Shares
from warehouse.reading.quality_history import Month
from warehouse.reading.snapshot import Refresh
from warehouse.reading.touches import Moved, Touched

WORDS = {"open": ("open", "待处理"), "accepted": ("accepted", "已接受"), "rectified": ("rectified", "已整改"),
         "completed": ("completed", "已办结")}  # fmt: skip
MEND = ("Mend the row at the source and deliver it again", "请更正该行后重新报送")
BARE = {
    "TORN": (("a row that does not fit its header", "行与表头不符"), MEND),
    "TYPE": (("a value that cannot be read", "值无法识别"), MEND),
    "EVENT": (("an event that cannot be placed", "事项无法归位"), MEND),
    "KEY": (("a row without a key", "缺少标识"), MEND),
}
"""What is found without a rule: name and remedy, English and Chinese."""
SHOWN = (
    ("rule", "规则"), ("name", "规则名称"), ("severity", "严重程度"), ("court", "法院"), ("bench", "庭室"),
    ("case", "案号或标识"), ("column", "字段"), ("value", "报送值"), ("problem", "问题"), ("remedy", "处理建议"),
    ("file", "文件"), ("place", "位置"), ("opened on", "发现日期"), ("days", "天数"), ("answered", "已有答复"),
)  # fmt: skip
"""The columns of the workbook that the clerk reads."""


MOST_TOUCHED = 5
"""So many scopes are named on the screen; `--json` has all of them."""


def worklist_lines(
    shares: Shares, of_all: Sequence[Finding], chosen: Sequence[Finding], touched: Sequence[Touched],
    rules: Mapping[str, Rule], lang: str,
) -> list[str]:  # fmt: skip
    """The three shares, the findings by rule, the rates that could move farthest, then each finding with what to do."""
    if not of_all:
        return [say(("nothing was ever found", "未发现问题"), lang)]
    lines = [_shares_line(shares, lang), "", *_by_rule(of_all, rules, lang)]
    moved = [_touched_line(one, one.most, lang) for one in touched if one.most][:MOST_TOUCHED]
    lines += ["", *moved] if moved else []
    lines += [""] if chosen else []
    for one in chosen:
        owner = " ".join(part for part in (one.court, one.bench) if part)
        where = f" · {one.file}, {one.place}" if one.file else ""
        age = say((f"{one.age_days} days", f"{one.age_days} 天"), lang)
        about = one.case_number or one.subject
        about = "" if about in one.message else f"{about}: "
        said = f" · {_answered(one, lang)}" if one.answers else ""
        lines.append(f"{one.id} {one.rule_id} {owner} · {about}{one.message}{where} · {age}{said}. {_remedy(one, rules, lang)}")
    return lines


def history_lines(months: Sequence[Month], by: str | None, lang: str) -> list[str]:
    """The months, with what each is told apart by."""
    if not months:
        return [say(("nothing was ever found", "未发现问题"), lang)]
    heads = (
        ("month", "月份"),
        ("found", "新发现"),
        ("came right", "已整改"),
        ("standing", "月末未结"),
        ("median days", "整改天数中位数"),
    )
    table = [[*([by] if by else []), *(say(pair, lang) for pair in heads)]]
    for one in months:
        days = "–" if one.days_to_mend is None else f"{one.days_to_mend:g}"
        mine = [one.key or "–"] if by else []
        table.append([*mine, one.month, f"{one.opened:,}", f"{one.ended:,}", f"{one.standing:,}", days])
    first = 2 if by else 1
    return columns(table, frozenset(range(first, first + 4)))


def write_worklist(found: Sequence[Finding], rules: Mapping[str, Rule], refresh: Refresh, lang: str, target: Path) -> None:
    """A workbook with a row a finding: what is wrong and where, and four columns to fill in. Text is never a formula."""
    book = new_workbook(target)
    sheet = book.add_worksheet("synthetic" if refresh.is_synthetic else say(("worklist", "清单"), lang))
    bold, day = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    to_fill = book.add_format({"bold": True, "bg_color": "#fff2cc"})
    asked = list(HEADERS) if lang == "en" else list(HEADERS.values())
    sheet.write_row(0, 0, [asked[0], *(say(pair, lang) for pair in SHOWN)], bold)
    sheet.write_row(0, 1 + len(SHOWN), asked[1:], to_fill)
    for number, one in enumerate(found, 1):
        cells: list[Any] = [
            one.id, one.rule_id, _name(one, rules, lang), one.severity, one.court, one.bench,
            one.case_number or one.subject, one.column, one.value, one.message, _remedy(one, rules, lang),
            one.file, one.place, str(one.opened_on), one.age_days, _answered(one, lang),
        ]  # fmt: skip
        sheet.write_row(number, 0, ["" if value is None else value for value in cells])
    first = 1 + len(SHOWN)
    words = list(ANSWERS) if lang == "en" else list(ANSWERS.values())
    sheet.data_validation(1, first, len(found), first, {"validate": "list", "source": words})
    sheet.set_column(first + 2, first + 2, 12, day)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(found), first + 3)
    sheet.set_column(2, 2, 30)
    sheet.set_column(6, 6, 26)
    sheet.set_column(9, 10, 44)
    _explain(book.add_worksheet(say(("about", "说明"), lang)), len(found), refresh, lang)
    book.close()


def _explain(sheet: Any, rows: int, refresh: Refresh, lang: str) -> None:
    told = [
        ("publication", "发布", refresh.id), ("ledger head", "账本头", refresh.head), ("findings", "问题数", rows),
        ("taken", "登记", say(("somebody sees to it", "已有人处理"), lang)),
        ("mended", "已更正",
         say(("the source is put right; the next delivery will show it", "源系统已更正，待下次报送"), lang)),
        ("confirmed", "办结", say(("it is done with", "处理完毕"), lang)),
        ("accepted", "接受", say(("it stays as it is: say why, and until which day, within a year; name nobody",
                                "维持现状：请填理由与有效期（一年以内），勿写姓名"), lang)),
    ]  # fmt: skip
    for number, (english, chinese, value) in enumerate(told):
        sheet.write_row(number, 0, [say((english, chinese), lang), value])
    if refresh.is_synthetic:
        sheet.write(len(told), 0, say(SYNTHETIC, lang))


def _touched_line(one: Touched, most: Moved, lang: str) -> str:
    figure = " ".join(part for part in (most.metric, most.period, one.court, one.family) if part)
    told = (
        f"{one.rule_id}: {one.cases:,} of {len(one.figures)} figures; {figure} {most.value:.2%} could move by at most "
        f"{100 * most.at_most:.2f} points ({most.lower:.2%} – {most.upper:.2%})",
        f"{one.rule_id}：{one.cases:,} 件，涉及 {len(one.figures)} 项指标；{figure} {most.value:.2%} 最多变动 "
        f"{100 * most.at_most:.2f} 个百分点（{most.lower:.2%}–{most.upper:.2%}）",
    )
    return say(told, lang)


def _shares_line(shares: Shares, lang: str) -> str:
    told = [
        (shares.registered, ("registered", "登记")), (shares.rectified, ("rectified", "整改")),
        (shares.completed, ("completed", "办结")),
    ]  # fmt: skip
    each = [f"{say(pair, lang)} {number:,} ({number / shares.found:.1%})" for number, pair in told]
    return say((f"{shares.found:,} found", f"共发现 {shares.found:,}"), lang) + " · " + " · ".join(each)


def _by_rule(found: Sequence[Finding], rules: Mapping[str, Rule], lang: str) -> list[str]:
    table = [
        [
            say(("rule", "规则"), lang),
            *(say(WORDS[status], lang) for status in STATUSES),
            say(("oldest open", "最久"), lang),
            "",
        ]
    ]
    for rule_id in sorted({one.rule_id for one in found}):
        mine = [one for one in found if one.rule_id == rule_id]
        counted = [sum(one.status == status for one in mine) for status in STATUSES]
        days = max((one.age_days for one in mine if one.status == "open"), default=None)
        age = "–" if days is None else say((f"{days} days", f"{days} 天"), lang)
        table.append([rule_id, *(f"{n:,}" if n else "–" for n in counted), age, _name(mine[0], rules, lang)])
    return columns(table, frozenset(range(1, 2 + len(STATUSES))))


def _name(one: Finding, rules: Mapping[str, Rule], lang: str) -> str:
    rule = rules.get(one.rule_id)
    if rule is not None:
        return rule.name_zh if lang == "zh" else rule.name_en
    return say(BARE[one.rule_id][0], lang) if one.rule_id in BARE else ""


def _remedy(one: Finding, rules: Mapping[str, Rule], lang: str) -> str:
    rule = rules.get(one.rule_id)
    if rule is not None:
        return rule.remedy_zh if lang == "zh" else rule.remedy_en
    return say(BARE[one.rule_id][1], lang) if one.rule_id in BARE else ""


def _answered(one: Finding, lang: str) -> str:
    if not one.answers:
        return ""
    last = one.answers[-1]
    parts = [say((last.answer, ANSWERS[last.answer]), lang), last.who, last.why, f"≤ {last.until}" if last.until else ""]
    return ", ".join(part for part in parts if part)
