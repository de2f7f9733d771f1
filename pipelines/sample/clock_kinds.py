"""What a clerk knows of the clocks of cases: how long they usually last, what stops them, who lengthens them.

Plain tables belong here, nothing is drawn and no due date is reckoned. A usual length is a rule of thumb in days; shares
and lengths are synthetic, words follow the domain dictionary, section 4.
"""

from typing import NamedTuple

KINDS = ("扣除审限", "中止", "延长审限", "程序转换", "重新计算", "适用情形")
DEDUCTION, SUSPENSION, EXTENSION, CHANGE, RESTART, CIRCUMSTANCE = range(len(KINDS))
REASONS = (
    *("公告", "鉴定", "精神病鉴定", "管辖异议", "管辖争议", "审计评估清理", "中止", "和解", "调解", "延期审理"),
    *("暂缓执行", "拍卖变卖", "院长批准", "上级法院批准", "高级法院批准", "转普通程序", "转简易程序", "补充侦查", "改变管辖"),
    *("被告人在押", "可能判处三年以上", "明显违法", "涉外", "涉港澳台", "非诉行政行为"),
)
REASON = {word: place for place, word in enumerate(REASONS)}
PROCEDURES = ("普通程序", "简易程序", "小额诉讼程序", "速裁程序")
ORDINARY, SIMPLIFIED, SMALL_CLAIMS, FAST_TRACK = range(len(PROCEDURES))


class Habit(NamedTuple):
    """What becomes of cases of a kind and procedure, registered from `first` to `last`, that outlast their usual `days`.

    So large a share is explained by time deducted, so large a share lengthened `by` somebody (and a second time by
    `again`); the rest is explained by nothing. `early`: the share of those just within their length that meet a deduction.
    """

    kind: str
    procedure: str | None
    days: int
    deducted: float
    early: float = 0.02
    lengthened: float = 0.0
    by: str = ""
    months: int = 0
    more_days: int = 0
    again: str = ""
    again_months: int = 0
    first: str = ""
    last: str = ""


class Cause(NamedTuple):
    """A reason for a deduction in cases of a habit's kind and procedure: how likely, and how many days it usually takes."""

    group: str
    reason: str
    weight: float
    shortest: int
    longest: int


_PRESIDENT, _HIGHER, _HIGH = "院长批准", "上级法院批准", "高级法院批准"
_SIMPLE = ("简易程序", "小额诉讼程序", "速裁程序")
HABITS = (
    Habit("civil_first", "普通程序", 181, 0.59, 0.16, 0.33, _PRESIDENT, 6, 0, _HIGHER, 3),
    *(Habit("civil_first", name, 90, 0.90, 0.03, last="2014-11-29") for name in _SIMPLE),
    *(Habit("civil_first", name, 90, 0.57, 0.03, 0.35, _PRESIDENT, 3, first="2014-11-30") for name in _SIMPLE),
    Habit("civil_special", None, 30, 0.62, 0.03, 0.28, _PRESIDENT, 0, 30),
    Habit("payment_order", None, 15, 0.0, 0.0),
    Habit("civil_retrial", None, 181, 0.60, 0.10, 0.30, _PRESIDENT, 6, 0, _HIGHER, 3),
    Habit("criminal_first", "普通程序", 45, 0.50, 0.06, 0.38, _HIGH, 1, last="2012-11-15"),
    Habit("criminal_first", "普通程序", 90, 0.55, 0.06, 0.33, _HIGHER, 3, first="2012-11-16"),
    Habit("criminal_first", "简易程序", 20, 0.88, 0.02),
    Habit("private_prosecution", "普通程序", 181, 0.60, 0.05, 0.30, _PRESIDENT, 3, last="2012-06-30"),
    Habit("private_prosecution", "普通程序", 181, 0.85, 0.05, first="2012-07-01"),
    Habit("private_prosecution", "简易程序", 181, 0.85, 0.05),
    Habit("administrative_first", "普通程序", 90, 0.58, 0.08, 0.34, _HIGH, 3, last="2015-04-30"),
    Habit("administrative_first", "普通程序", 181, 0.58, 0.08, 0.34, _HIGH, 3, first="2015-05-01"),
    Habit("administrative_first", "简易程序", 45, 0.85, 0.05),
    Habit("administrative_review", None, 7, 0.70, 0.0),
    Habit("first_enforcement", None, 181, 0.48, 0.04, 0.44, _PRESIDENT, 3, 0, _HIGH, 3),
    Habit("resumed_enforcement", None, 181, 0.48, 0.04, 0.44, _PRESIDENT, 3, 0, _HIGH, 3),
    Habit("objection", None, 15, 0.55, 0.0),
)
GROUPS = {
    "civil_special": "civil_special",
    "civil_retrial": "civil_ordinary",
    "criminal_first": "criminal",
    "private_prosecution": "criminal",
    "administrative_first": "administrative",
    "administrative_review": "review",
    "first_enforcement": "enforcement",
    "resumed_enforcement": "enforcement",
    "objection": "objection",
}
CAUSES = (
    Cause("civil_ordinary", "公告", 42, 60, 95),
    Cause("civil_ordinary", "鉴定", 28, 20, 75),
    Cause("civil_ordinary", "管辖异议", 10, 15, 50),
    Cause("civil_ordinary", "管辖争议", 0.6, 20, 60),
    Cause("civil_ordinary", "和解", 9, 10, 45),
    Cause("civil_ordinary", "中止", 7, 30, 150),
    Cause("civil_ordinary", "审计评估清理", 3, 30, 80),
    Cause("civil_simplified", "和解", 44, 7, 30),
    Cause("civil_simplified", "鉴定", 26, 15, 50),
    Cause("civil_simplified", "管辖异议", 17, 10, 35),
    Cause("civil_simplified", "延期审理", 6, 7, 30),
    Cause("civil_simplified", "中止", 7, 15, 60),
    Cause("civil_special", "公告", 72, 30, 90),
    Cause("civil_special", "鉴定", 28, 10, 40),
    Cause("criminal", "延期审理", 74, 7, 30),
    Cause("criminal", "精神病鉴定", 16, 20, 50),
    Cause("criminal", "中止", 10, 20, 90),
    Cause("administrative", "调解", 42, 10, 50),
    Cause("administrative", "中止", 26, 20, 80),
    Cause("administrative", "鉴定", 14, 20, 60),
    Cause("administrative", "公告", 10, 60, 75),
    Cause("administrative", "管辖异议", 8, 10, 30),
    Cause("review", "调解", 68, 7, 25),
    Cause("review", "中止", 32, 7, 30),
    Cause("enforcement", "拍卖变卖", 42, 40, 110),
    Cause("enforcement", "审计评估清理", 22, 25, 70),
    Cause("enforcement", "暂缓执行", 22, 30, 90),
    Cause("enforcement", "中止", 14, 30, 120),
    Cause("objection", "中止", 1, 7, 30),
)
