"""The made-up docket read from its files and counted in plain Python, by the words of the dictionary: nothing of the project."""

import csv
import json
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl

FIRST, LAST = "2012-01-01", "2016-10-31"
MONTHS = [f"{year}-{month:02}" for year in range(2012, 2017) for month in range(1, 13)][:58]
NUMBER = re.compile(r"（(\d{4})）(?:浙0683|绍嵊)([\u4e00-\u9fff]+?)字?(?:第)?(\d+)号")
FAMILIES = {
    "civil": "民初 商初 知初 民特 民督 民催 民再", "criminal": "刑初", "administrative": "行初 行审",
    "enforcement": "执 执民 执恢 执保 执异", "bankruptcy": "破 破申 民破", "compensation": "行赔初 法赔",
}  # fmt: skip
CASE = "案号 立案日期 适用程序 承办庭室 承办人 结案日期 结案方式 原案号 自诉 作废 申请标的金额 执行到位金额"
EVENT = "事项编号 案号 事项 原因 起始日期 截止日期 批准日期 原程序 延长月数 延长天数 作废"
RESULT = "结果编号 案号 日期 结果 申请标的金额 到位金额 发现财产 作废"
APPLICATION = "申请编号 收到日期 渠道 申请类别 首次处理 处理日期 补正通知日期 补正材料收到日期 立案日期 案号"
MISTYPED = {"执灰", "民处", "刑处", "行处", "商处", "知处"}
OUTSIDE = {"民诉前调", "民辖", "财保", "司惩", "司救执", "协外送", "认台"}
FIVE = {"民事一审", "行政一审", "刑事自诉", "国家赔偿", "首次执行"}
FIRST_ENFORCEMENT, RESUMED = {"执", "执民"}, {"执恢"}
ENFORCED = {"执行完毕", "全部执行完毕", "和解并履行完毕"}
ZHONGBEN = "终结本次执行程序"
REALISED = {"强制执行", "自动履行", "和解履行"}
AGES = {30: "0-30", 90: "31-90", 180: "91-180", 365: "181-365", 540: "366-540", 1095: "541-1095", 10**6: "over-1095"}
"""The last day of each age, and what it is called."""


def delivered(folder: Path) -> list[list[str]]:
    """Every row of a source below its header as texts, file by file in the order of extract dates; whatever it is."""
    rows = []
    for path in sorted(folder.iterdir()):
        if path.suffix == ".xlsx":
            cells = openpyxl.load_workbook(path)["案件"].iter_rows(values_only=True)
            rows += [["" if v is None else str(v).removesuffix(" 00:00:00") for v in row] for row in cells if row[0] != "案号"]
        elif path.suffix == ".jsonl":
            rows += [[v or "" for v in json.loads(line).values()] for line in path.read_text("utf-8").splitlines()]
        else:
            content = path.read_bytes()
            text = content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "gb18030")
            rows += list(csv.reader(text.splitlines()))[1:]
    return rows


def whole(folder: Path, names: str) -> list[dict[str, str]]:
    """The rows with as many fields as the header has."""
    columns = names.split()
    return [dict(zip(columns, row, strict=True)) for row in delivered(folder) if len(row) == len(columns)]


class Recount:
    """Last state of each number, and what follows from it: what was told wrongly came right in a later file."""

    def __init__(self, inbox: Path) -> None:
        known = {chars: family for family, listed in FAMILIES.items() for chars in listed.split()}
        self.applications = {row["申请编号"]: row for row in whole(inbox / "registrations", APPLICATION) if row["申请编号"]}
        last = {}
        for row in whole(inbox / "cases", CASE):
            if found := NUMBER.fullmatch(row["案号"]):
                last[found.groups()] = row
        self.rows = [(chars, row) for (_, chars, _), row in last.items() if row["作废"] == "否" and chars in known]
        self.cases = [(known[chars], row["立案日期"], row["结案日期"]) for chars, row in self.rows]
        self.results = {row["结果编号"]: row for row in whole(inbox / "enforcement_results", RESULT)}
        unknown = {chars for _, chars, _ in last} - set(known) - OUTSIDE
        assert all(chars in MISTYPED or "子" in chars for chars in unknown), unknown

    def monthly(self) -> dict[str, Counter[tuple[str, str]]]:
        """Filed, closed and pending by month and family."""
        counted = {name: Counter() for name in ("filed", "closed", "pending_end")}
        for family, filed, closed in self.cases:
            counted["filed"][filed[:7], family] += FIRST <= filed <= LAST
            counted["closed"][closed[:7], family] += bool(closed) and FIRST <= closed <= LAST
            for month in MONTHS:
                counted["pending_end"][month, family] += filed[:7] <= month and (not closed or closed[:7] > month)
        return {name: +found for name, found in counted.items()}

    def same_day(self, since: str) -> tuple[int, int]:
        """Registered on the day of receipt without a notice to correct, of all registered, by day of receipt."""
        rows = [r for r in self.applications.values() if r["立案日期"] and r["收到日期"] >= since and r["申请类别"] in FIVE]
        rows = [r for r in rows if FIRST <= r["立案日期"] <= LAST]
        at_once = [
            r for r in rows if (r["首次处理"], r["处理日期"], r["补正通知日期"]) == ("登记立案", r["收到日期"], "")
        ]  # fmt: skip
        return len(at_once), len(rows)

    def corrections(self) -> tuple[int, int]:
        """Applications with a notice to correct, of all that were decided on, by day of the first decision."""
        rows = [r for r in self.applications.values() if r["申请类别"] in FIVE and FIRST <= r["处理日期"] <= LAST]
        noticed = [r for r in rows if r["补正通知日期"] or r["首次处理"] == "通知补正"]
        return len(noticed), len(rows)

    def enforcement(self, *kinds: str) -> list[dict[str, str]]:
        """The enforcement cases of these kinds that were closed while the data run."""
        return [row for chars, row in self.rows if chars in kinds and FIRST <= row["结案日期"] <= LAST]

    def realised(self) -> tuple[int, int]:
        """Fen realised and applied for, over the enforcement cases closed with an amount applied for."""
        paid: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
        for row in self.results.values():
            if row["结果"] in REALISED and row["到位金额"] and row["作废"] != "是":
                paid[row["案号"]].append((row["日期"], Decimal(row["到位金额"])))
        realised = applied = Decimal(0)
        for row in self.enforcement(*FIRST_ENFORCEMENT, *RESUMED):
            if row["申请标的金额"] and Decimal(row["申请标的金额"]) > 0:
                told = [amount for day, amount in paid[row["案号"]] if row["立案日期"] <= day <= row["结案日期"]]
                realised += sum(told) if told else Decimal(row["执行到位金额"] or 0)
                applied += Decimal(row["申请标的金额"])
        return int(realised * 100), int(applied * 100)

    def ages(self) -> Counter[str]:
        """Pending cases on the last day by days since registration."""
        last = date.fromisoformat(LAST)
        days = [(last - date.fromisoformat(filed)).days for _, filed, closed in self.cases if not closed]
        return Counter(AGES[sorted(AGES)[bisect_left(sorted(AGES), age)]] for age in days)
