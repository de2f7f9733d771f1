"""The synthetic docket read from its files in plain Python: what each row is, by the dictionary's words alone.

Nothing here asks the generator what it spoilt: a row is judged by what stands in it.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from pipelines.sample.deliveries import write


def words(text: str) -> list[str]:
    return text.split()


LAW = "2015-05-01"
CASES = words("案号 立案日期 适用程序 承办庭室 承办人 结案日期 结案方式 原案号 自诉 作废 申请标的金额 执行到位金额")
APPLICATIONS = words("申请编号 收到日期 渠道 申请类别 首次处理 处理日期 补正通知日期 补正材料收到日期 立案日期 案号")
EVENTS = words("事项编号 案号 事项 原因 起始日期 截止日期 批准日期 原程序 延长月数 延长天数 作废")
RESULTS = words("结果编号 案号 日期 结果 申请标的金额 到位金额 发现财产 作废")
COLUMNS = {"cases": CASES, "registrations": APPLICATIONS, "clock_events": EVENTS, "enforcement_results": RESULTS}
OLD_CHARS = words("民初 商初 知初 民特 民督 民催 民再 刑初 行初 行审 行赔初 执民 执 执恢 执保 执异 民破 民诉前调 民辖")
NEW_CHARS = words("民初 民特 民督 民催 民再 刑初 行初 行审 行赔初 法赔 执 执恢 执保 执异 民破 破 破申 民诉前调 民辖")
NEW_CHARS += words("财保 司惩 司救执 协外送 认台")
PROCEDURES = words("普通程序 简易程序 小额诉讼程序 速裁程序")
TRIED = words("判决 调解 准许撤诉 按撤诉处理 驳回起诉 移送管辖 终结诉讼 不予受理 其他")
ENFORCED = words("执行完毕 终结本次执行程序 终结执行 销案 不予执行 驳回申请 和解并履行完毕")
MANNERS = {
    "民初": TRIED, "商初": TRIED, "知初": TRIED,
    "刑初": words("判决 准许撤回起诉 终止审理 退回检察院 移送管辖 调解 撤诉 驳回起诉"),
    "行初": words("判决 撤诉 驳回起诉 调解 移送 终结"),
    "执": ENFORCED, "执民": ENFORCED, "执恢": ENFORCED,
}  # fmt: skip
OTHER_MANNERS = words(
    "撤回申请 支付令发出 除权判决 准予执行 不准予执行 赔偿决定 保全完毕 部分保全 无标的物可实施保全 支持 驳回 撤回 宣告破产终结"
)
OTHER_MANNERS += words(
    "和解 裁定受理 不予受理 调解成功 调解不成 指定管辖 裁定保全 决定拘留 决定罚款 决定救助 不予救助 送达完毕 未能送达 裁定认可"
)
KNOWN_MANNERS = {word for listed in MANNERS.values() for word in listed} | set(OTHER_MANNERS)
KNOWN = {
    "渠道": words("窗口 网上 邮寄 其他"),
    "申请类别": words("民事一审 行政一审 刑事自诉 国家赔偿 首次执行"),
    "首次处理": words("登记立案 不予立案 退回诉状 通知补正"),
}
REASONS = words("公告 鉴定 精神病鉴定 管辖异议 管辖争议 审计评估清理 中止 和解 调解 延期审理 暂缓执行 拍卖变卖 院长批准")
REASONS += words("上级法院批准 高级法院批准 转普通程序 转简易程序 补充侦查 改变管辖 被告人在押 可能判处三年以上 明显违法")
REASONS += words("涉外 涉港澳台 非诉行政行为")
KNOWN_EVENTS = {"事项": words("扣除审限 中止 延长审限 程序转换 重新计算 适用情形"), "原因": REASONS}
KNOWN_RESULTS = words(
    "强制执行 自动履行 和解履行 财产查控 终本审查合格 终本审查不合格 信访受理 信访办结 债权清偿 终结执行 移送破产"
)
# The two patterns of the dictionary, section 5.
PROVINCES = "京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川黔云藏陕甘青宁新军兵"
NEW = re.compile(
    rf"^[（(〔\[]\s*(?P<year>(?:19|20)\d{{2}})\s*[）)〕\]]\s*(?P<court>最高法|[{PROVINCES}]\d{{0,4}})\s*(?P<special>知)?"
    r"\s*(?P<chars>[\u4e00-\u9fff]{1,4}?)\s*(?P<serial>\d{1,8})\s*号(?:之(?P<sub>[一二三四五六七八九十\d]+))?$"
)
OLD = re.compile(
    r"^[（(〔\[]\s*(?P<year>(?:19|20)\d{2})\s*[）)〕\]]\s*(?P<court>[\u4e00-\u9fff]{1,4}?)\s*"
    r"(?P<chars>(?:刑|民|商|知|行|执|立|保|破|赔|监|督|催|特|非)[\u4e00-\u9fff]{0,4}?)\s*字\s*第?\s*(?P<serial>\d{1,6})\s*"
    r"(?:[-－—](?P<sub>\d+))?\s*号$"
)
NO_CASE = {"total_row", "blank_row", "repeated_header"}
DUPLICATE = {"duplicate_adjacent", "duplicate_apart"}

Row = dict[str, str]


def is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text) and date.fromisoformat(text))
    except ValueError:
        return False


def faults_of_days(row: Row, until: str, columns: list[str]) -> Iterator[str]:
    """Dates that are none, that lie ahead of the extract, or too far back."""
    for column in columns:
        day = row[column]
        kind = {"立案日期": "registered", "结案日期": "closed", "收到日期": "received"}.get(column, column)
        if day and not is_day(day):
            yield "date_untypable"
        elif day in {"1900-01-01", "9999-12-31"}:
            yield "date_placeholder"
        elif day and day < "1990-01-01":
            yield f"{kind}_too_early"
        elif day > until:
            yield f"{kind}_in_future"


def key_of(number: str) -> tuple[str, str, str] | None:
    """Year, characters and serial of a number of this court with characters that it uses, in whichever form."""
    found = NEW.match(number) or OLD.match(number)
    own = found and found["court"] in {"绍嵊", "浙0683"} and found["chars"] in OLD_CHARS + NEW_CHARS
    return (found["year"], found["chars"], found["serial"]) if found and own else None


def faults_of_number(number: str, registered: str) -> Iterator[str]:
    new, old = NEW.match(number), OLD.match(number)
    found = new or old
    if not number:
        yield "number_missing"
    elif not found:
        yield "number_unreadable"
    elif found["court"] != ("浙0683" if new else "绍嵊"):
        yield "other_court"
    elif found["chars"] not in OLD_CHARS + NEW_CHARS:
        yield "type_unknown"
    elif is_day(registered) and new and registered < "2016-01-01":
        yield "new_form_too_early"
    elif is_day(registered) and not new and registered >= "2016-01-01":
        yield "old_form_too_late"


def faults_of_case(row: Row, until: str) -> list[str]:
    """All that is wrong with a row of a case file."""
    registered, closed, manner = row["立案日期"], row["结案日期"], row["结案方式"]
    faults = [*faults_of_number(row["案号"], registered), *faults_of_days(row, until, ["立案日期", "结案日期"])]
    key = key_of(row["案号"])
    chars = key[1] if key else ""
    faults += ["registered_missing"] * (not registered)
    faults += ["manner_missing"] * bool(closed and not manner) + ["closing_date_missing"] * bool(manner and not closed)
    faults += ["word_unknown"] * bool(manner and manner not in KNOWN_MANNERS)
    faults += ["word_unknown"] * bool(row["适用程序"] and row["适用程序"] not in PROCEDURES)
    if manner in KNOWN_MANNERS and manner not in MANNERS.get(chars, KNOWN_MANNERS):
        faults.append("manner_of_other_family")
    if chars == "行初" and manner == "调解" and is_day(closed) and closed < LAW:
        faults.append("mediation_too_early")
    if is_day(closed) and is_day(registered) and closed < registered:
        faults.append("closed_before_registered")
    for amount in (row["申请标的金额"], row["执行到位金额"]):
        if amount and not re.fullmatch(r"\d+\.\d\d", amount):
            faults.append("amount_with_commas" if "," in amount else "amount_untypable")
    return faults


def faults_of_application(row: Row, until: str) -> list[str]:
    """All that is wrong with a row of a registration file."""
    received, decided, noticed, registered = (row[name] for name in ("收到日期", "处理日期", "补正通知日期", "立案日期"))
    faults = ["key_missing"] * (not row["申请编号"])
    faults += faults_of_days(row, until, ["收到日期", "处理日期", "补正通知日期", "补正材料收到日期", "立案日期"])
    faults += ["word_unknown" for name, words in KNOWN.items() if row[name] and row[name] not in words]
    faults += ["received_missing"] * (not received and registered >= LAW)
    if is_day(received) and is_day(registered) and received > registered:
        faults.append("received_after_registered")
    if noticed and is_day(received) and is_day(decided) and not received <= noticed <= decided:
        faults.append("notice_outside")
    faults += ["registered_without_date"] * (row["首次处理"] == "登记立案" and not registered)
    faults += ["refused_with_date"] * (row["首次处理"] == "不予立案" and bool(registered))
    return faults


def faults_of_event(row: Row, registered: dict[str, str]) -> list[str]:
    """All that is wrong with a row of a clock file, whose cases were registered on these days."""
    start, end = row["起始日期"], row["截止日期"]
    faults = ["key_missing"] * (not row["事项编号"])
    faults += ["date_untypable" for day in (start, end, row["批准日期"]) if day and not is_day(day)]
    faults += ["word_unknown" for name, words in KNOWN_EVENTS.items() if row[name] not in words]
    faults += ["interval_backwards"] * bool(end and is_day(start) and end < start)
    return faults + ["interval_outside"] * bool(end and is_day(start) and start <= end < registered[row["案号"]])


def faults_of_result(row: Row) -> list[str]:
    """All that is wrong with a row of a file of enforcement results."""
    faults = ["key_missing"] * (not row["结果编号"]) + ["date_untypable"] * (not is_day(row["日期"]))
    return faults + ["word_unknown"] * (row["结果"] not in KNOWN_RESULTS)


@dataclass
class File:
    """One file: its rows below the header as texts, what each is ("" for a row that counts), and those that count."""

    path: Path
    source: str
    until: str
    told: list[list[str]]
    registered: dict[str, str]
    kinds: list[str] = field(default_factory=list)
    faults: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        seen: set[tuple[str, ...]] = set()
        before: tuple[str, ...] = ()
        for texts in self.told:
            faults = self._faults(texts)
            row = tuple(texts)
            if row in seen and not faults:
                faults = ["duplicate_adjacent" if row == before else "duplicate_apart"]
            self.faults.append(faults)
            seen.add(row)
            before = row
        keys = Counter(row[0] for row, faults in zip(self.told, self.faults, strict=True) if not faults)
        for row, faults in zip(self.told, self.faults, strict=True):
            if not faults and keys[row[0]] > 1:
                faults.append("two_rows_one_number")
        self.kinds = [faults[0] if faults else "" for faults in self.faults]

    def _faults(self, texts: list[str]) -> list[str]:
        columns = COLUMNS[self.source]
        if texts == columns:
            return ["repeated_header"]
        if not any(texts):
            return ["blank_row"]
        if texts[0] == "合计":
            return ["total_row"]
        if len(texts) != len(columns):
            return ["row_torn"]
        row = dict(zip(columns, texts, strict=True))
        if self.source in {"cases", "registrations"}:
            return (faults_of_case if self.source == "cases" else faults_of_application)(row, self.until)
        return faults_of_result(row) if self.source == "enforcement_results" else faults_of_event(row, self.registered)

    @property
    def rows(self) -> list[Row]:
        """The rows that count, in their order."""
        kept = [row for row, kind in zip(self.told, self.kinds, strict=True) if not kind]
        return [dict(zip(COLUMNS[self.source], row, strict=True)) for row in kept]

    @property
    def spoilt(self) -> list[tuple[str, list[str]]]:
        """Kind and texts of the rows that a court has to put right."""
        pairs = zip(self.kinds, self.told, strict=True)
        return [(kind, row) for kind, row in pairs if kind and kind not in NO_CASE | DUPLICATE]

    def key(self, row: list[str]) -> object:
        """What the row is about, None if it does not tell."""
        return key_of(row[0]) if self.source == "cases" else row[0] or None


def _shown(value: object) -> str:
    """A cell of the workbook as a file of separated values would tell it."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return f"{value:.2f}" if isinstance(value, int | float) else str(value or "")


def read(path: Path, registered: dict[str, str]) -> File:
    """A file of any form; `registered`: the days on which cases were registered."""
    source, until = path.parent.name, re.search(r"_(\d{4}-\d\d-\d\d)", path.name)[1]
    if path.suffix == ".xlsx":
        rows = [list(map(_shown, row)) for row in openpyxl.load_workbook(path)["案件"].iter_rows(values_only=True)][2:]
    elif path.suffix == ".jsonl":
        records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        rows = [COLUMNS[source], *([text or "" for text in record.values()] for record in records)]
        assert all(list(record) == COLUMNS[source] for record in records)
    else:
        text = path.read_bytes().decode("gb18030" if until < "2016" else "utf-8-sig")
        rows = list(csv.reader(text.splitlines()))
    assert rows[0] == COLUMNS[source]
    return File(path, source, until, rows[1:], registered)


class Sent:
    """All files of one docket, and the last row that counts of each key in the order of the extract dates."""

    def __init__(self, directory: Path, **wanted: int) -> None:
        self.directory, self.written = directory, write(directory, **wanted)
        self.files, registered = {}, {}
        for source in COLUMNS:
            self.files[source] = [read(path, registered) for path in sorted((directory / source).iterdir())]
            if source == "cases":
                registered = {row["案号"]: row["立案日期"] for file in self.files[source] for row in file.rows}
        self.case_files = {file.path.stem: file.rows for file in self.files["cases"]}
        self.registration_files = {file.path.stem: file.rows for file in self.files["registrations"]}
        self.cases = {row["案号"]: row for rows in self.case_files.values() for row in rows}
        self.applications = {row["申请编号"]: row for rows in self.registration_files.values() for row in rows}
        self.events = {row["事项编号"]: row for file in self.files["clock_events"] for row in file.rows}
        self.results = {row["结果编号"]: row for file in self.files["enforcement_results"] for row in file.rows}

    def once(self, source: str) -> list[File]:
        """The files of a source without the one that came twice."""
        return [file for file in self.files[source] if "resent" not in file.path.name]


@pytest.fixture(scope="session")
def send():
    """Writes a docket of any size and reads it."""
    return Sent


@pytest.fixture(scope="session")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sent:
    """The whole docket."""
    return Sent(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Sent:
    """A docket that is too small for dirt."""
    return Sent(tmp_path_factory.mktemp("small"), cases=2000, seed=11)
