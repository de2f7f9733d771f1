"""What the made-up court deals with: kinds of cases, how they are numbered, tried, closed, and on which bench.

Plain tables belong here, nothing is drawn. Shares and durations are synthetic; words and dates of validity follow the
domain dictionary, sections 5 and 6. Dates are ISO; an empty one means no bound; both bounds are inclusive.
"""

from typing import NamedTuple


class Kind(NamedTuple):
    """One kind of case: its share of `cases`, growth a year, and the factor of its filings from 2015-05-01 on."""

    share: float
    growth: float = 1.05
    step: float = 1.12


class Spelling(NamedTuple):
    """The characters of a case number, valid for registered dates from `first` to `last`."""

    kind: str
    chars: str
    weight: float
    first: str
    last: str


class Track(NamedTuple):
    """A procedure (or none) that cases registered from `first` on may take, with median days and log-normal spread."""

    kind: str
    procedure: str | None
    weight: float
    median: float
    spread: float
    first: str = ""


class Word(NamedTuple):
    """A closing manner, valid for closing dates from `first` to `last`, for cases open at least `min_days` days."""

    kind: str
    word: str
    weight: float
    first: str = ""
    last: str = ""
    min_days: int = 0


class Bench(NamedTuple):
    """A bench that takes cases of a kind."""

    kind: str
    bench: str
    weight: float


RESUMED = "resumed_enforcement"  # its number follows from 终本 closings, not from a share
FIRST_ENFORCEMENT = "first_enforcement"
ZHONGBEN = "终结本次执行程序"

COUNTED = {
    FIRST_ENFORCEMENT: Kind(0.262, 1.06, 1.06),
    "civil_first": Kind(0.552, 1.04, 1.15),
    "civil_special": Kind(0.013),
    "payment_order": Kind(0.006),
    "public_notice": Kind(0.0015),
    "civil_retrial": Kind(0.0008),
    "criminal_first": Kind(0.058, 1.03, 1.0),
    "private_prosecution": Kind(0.0025, 1.03, 1.25),
    "administrative_first": Kind(0.009, 1.08, 1.7),
    "administrative_review": Kind(0.016, 1.06, 1.0),
    "administrative_compensation": Kind(0.0003),
    "judicial_compensation": Kind(0.0001),
    "preservation": Kind(0.030, 1.12, 1.1),
    "objection": Kind(0.006, 1.10, 1.1),
    "bankruptcy": Kind(0.0012, 1.15),
    "bankruptcy_application": Kind(0.0002),
}
EXCLUDED = {
    "mediation": Kind(0.027, 1.10),
    "jurisdiction": Kind(0.004),
    "preservation_review": Kind(0.004),
    "sanction": Kind(0.003),
    "relief": Kind(0.001),
    "foreign_service": Kind(0.0003),
    "taiwan_recognition": Kind(0.0001),
}
ALL = (*COUNTED, RESUMED, *EXCLUDED)

_OLD, _NEW = ("", "2015-12-31"), ("2016-01-01", "")
SPELLINGS = (
    Spelling("civil_first", "民初", 68, *_OLD),
    Spelling("civil_first", "商初", 31, *_OLD),
    Spelling("civil_first", "知初", 1, *_OLD),
    Spelling("civil_first", "民初", 1, *_NEW),
    Spelling("civil_special", "民特", 1, "", ""),
    Spelling("payment_order", "民督", 1, "", ""),
    Spelling("public_notice", "民催", 1, "", ""),
    Spelling("civil_retrial", "民再", 1, "", ""),
    Spelling("criminal_first", "刑初", 1, "", ""),
    Spelling("private_prosecution", "刑初", 1, "", ""),
    Spelling("administrative_first", "行初", 1, "", ""),
    Spelling("administrative_review", "行审", 1, "", ""),
    Spelling("administrative_compensation", "行赔初", 1, "", ""),
    Spelling("judicial_compensation", "法赔", 1, *_NEW),
    Spelling("first_enforcement", "执民", 86, *_OLD),
    Spelling("first_enforcement", "执", 14, *_OLD),
    Spelling("first_enforcement", "执", 1, *_NEW),
    Spelling(RESUMED, "执恢", 1, "", ""),
    Spelling("preservation", "执保", 1, "", ""),
    Spelling("objection", "执异", 1, "", ""),
    Spelling("bankruptcy", "民破", 1, "", "2016-07-31"),
    Spelling("bankruptcy", "破", 1, "2016-08-01", ""),
    Spelling("bankruptcy_application", "破申", 1, "2016-08-01", ""),
    Spelling("mediation", "民诉前调", 1, "", ""),
    Spelling("jurisdiction", "民辖", 1, "", ""),
    Spelling("preservation_review", "财保", 1, *_NEW),
    Spelling("sanction", "司惩", 1, *_NEW),
    Spelling("relief", "司救执", 1, *_NEW),
    Spelling("foreign_service", "协外送", 1, *_NEW),
    Spelling("taiwan_recognition", "认台", 1, *_NEW),
)

TRACKS = (
    Track("civil_first", "普通程序", 24, 118, 0.50),
    Track("civil_first", "简易程序", 68, 50, 0.60),
    Track("civil_first", "小额诉讼程序", 9, 30, 0.50, "2013-01-01"),
    Track("civil_first", "速裁程序", 1, 12, 0.40, "2014-01-01"),
    Track("civil_special", None, 1, 20, 0.50),
    Track("payment_order", None, 1, 18, 0.40),
    Track("public_notice", None, 1, 95, 0.20),
    Track("civil_retrial", None, 1, 120, 0.50),
    Track("criminal_first", "普通程序", 50, 48, 0.50),
    Track("criminal_first", "简易程序", 48, 18, 0.40),
    Track("criminal_first", "速裁程序", 3, 7, 0.30, "2014-09-01"),
    Track("private_prosecution", "普通程序", 60, 80, 0.60),
    Track("private_prosecution", "简易程序", 40, 35, 0.50),
    Track("administrative_first", "普通程序", 95, 88, 0.45),
    Track("administrative_first", "简易程序", 9, 35, 0.40, "2015-05-01"),
    Track("administrative_review", None, 1, 24, 0.40),
    Track("administrative_compensation", None, 1, 85, 0.45),
    Track("judicial_compensation", None, 1, 50, 0.40),
    Track("first_enforcement", None, 1, 110, 0.65),
    Track(RESUMED, None, 1, 75, 0.70),
    Track("preservation", None, 1, 14, 0.60),
    Track("objection", None, 1, 20, 0.50),
    Track("bankruptcy", None, 1, 260, 0.60),
    Track("bankruptcy_application", None, 1, 25, 0.40),
    Track("mediation", None, 1, 17, 0.60),
    Track("jurisdiction", None, 1, 12, 0.50),
    Track("preservation_review", None, 1, 2, 0.60),
    Track("sanction", None, 1, 3, 0.60),
    Track("relief", None, 1, 40, 0.50),
    Track("foreign_service", None, 1, 45, 0.50),
    Track("taiwan_recognition", None, 1, 45, 0.50),
)

_TO_2014, _FROM_2015 = ("", "2014-12-31"), ("2015-01-01", "")
WORDS = (
    Word("civil_first", "判决", 33),
    Word("civil_first", "调解", 30),
    Word("civil_first", "准许撤诉", 25),
    Word("civil_first", "按撤诉处理", 6),
    Word("civil_first", "驳回起诉", 3),
    Word("civil_first", "移送管辖", 2),
    Word("civil_first", "终结诉讼", 1),
    Word("civil_special", "判决", 70),
    Word("civil_special", "撤回申请", 20),
    Word("civil_special", "终结", 10),
    Word("payment_order", "支付令发出", 70),
    Word("payment_order", "终结", 18),
    Word("payment_order", "撤回申请", 12),
    Word("public_notice", "除权判决", 75),
    Word("public_notice", "终结", 15),
    Word("public_notice", "撤回申请", 10),
    Word("civil_retrial", "判决", 60),
    Word("civil_retrial", "调解", 25),
    Word("civil_retrial", "准许撤诉", 15),
    Word("criminal_first", "判决", 96),
    Word("criminal_first", "准许撤回起诉", 2.5),
    Word("criminal_first", "终止审理", 0.8),
    Word("criminal_first", "移送管辖", 0.7),
    Word("private_prosecution", "判决", 30),
    Word("private_prosecution", "调解", 25),
    Word("private_prosecution", "撤诉", 35),
    Word("private_prosecution", "驳回起诉", 10),
    Word("administrative_first", "判决", 46),
    Word("administrative_first", "撤诉", 40),
    Word("administrative_first", "驳回起诉", 11),
    Word("administrative_first", "移送", 3),
    Word("administrative_first", "调解", 6, "2015-05-01"),
    Word("administrative_review", "准予执行", 88),
    Word("administrative_review", "不准予执行", 6),
    Word("administrative_review", "撤回申请", 6),
    Word("administrative_compensation", "判决", 60),
    Word("administrative_compensation", "撤诉", 30),
    Word("administrative_compensation", "驳回起诉", 10),
    Word("judicial_compensation", "赔偿决定", 60),
    Word("judicial_compensation", "撤回申请", 40),
    Word("first_enforcement", "执行完毕", 46, *_TO_2014),
    Word("first_enforcement", "和解并履行完毕", 14, *_TO_2014),
    Word("first_enforcement", "终结执行", 16, *_TO_2014),
    Word("first_enforcement", "不予执行", 1, *_TO_2014),
    Word("first_enforcement", ZHONGBEN, 26, *_TO_2014, 75),
    Word("first_enforcement", "执行完毕", 40, *_FROM_2015),
    Word("first_enforcement", "终结执行", 13, *_FROM_2015),
    Word("first_enforcement", "销案", 1.5, *_FROM_2015),
    Word("first_enforcement", "不予执行", 0.8, *_FROM_2015),
    Word("first_enforcement", "驳回申请", 0.7, *_FROM_2015),
    Word("first_enforcement", ZHONGBEN, 35, *_FROM_2015, 75),
    Word(RESUMED, "执行完毕", 45),
    Word(RESUMED, "终结执行", 20),
    Word(RESUMED, ZHONGBEN, 35),
    Word("preservation", "保全完毕", 70),
    Word("preservation", "部分保全", 18),
    Word("preservation", "无标的物可实施保全", 12),
    Word("objection", "支持", 20),
    Word("objection", "驳回", 65),
    Word("objection", "撤回", 15),
    Word("bankruptcy", "宣告破产终结", 70),
    Word("bankruptcy", "终结", 20),
    Word("bankruptcy", "和解", 10),
    Word("bankruptcy_application", "裁定受理", 75),
    Word("bankruptcy_application", "不予受理", 15),
    Word("bankruptcy_application", "驳回申请", 10),
    Word("mediation", "调解成功", 62),
    Word("mediation", "调解不成", 38),
    Word("jurisdiction", "移送管辖", 60),
    Word("jurisdiction", "指定管辖", 40),
    Word("preservation_review", "裁定保全", 90),
    Word("preservation_review", "驳回申请", 10),
    Word("sanction", "决定拘留", 70),
    Word("sanction", "决定罚款", 30),
    Word("relief", "决定救助", 80),
    Word("relief", "不予救助", 20),
    Word("foreign_service", "送达完毕", 80),
    Word("foreign_service", "未能送达", 20),
    Word("taiwan_recognition", "裁定认可", 80),
    Word("taiwan_recognition", "撤回申请", 20),
)
