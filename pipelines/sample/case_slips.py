"""What clerks get wrong in rows of cases, after the dictionary's sections 5, 6 and 12: one wrong thing a row.

Numbers that lose their court, year, characters or serial cannot be told from which case they come, and neither can torn
rows: these stay open for ever, so they are few. What happens to applications does not belong here.
"""

import re
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.cases import Cases, of_kind
from pipelines.sample.periods import FIRST_OF_2016, LASTS
from pipelines.sample.slips import (
    DUPLICATES,
    Row,
    Rows,
    Slip,
    a_century_early,
    anywhere,
    changed,
    next_year,
    no_day,
    shifted,
    twice_in,
    without,
)
from pipelines.sample.workdays import REGISTRATION_LAW, day

_NEIGHBOURS = (("绍诸", "浙0681"), ("绍虞", "浙0604"), ("绍新", "浙0624"))
_MISTYPED_CHARACTERS = {"初": "处", "恢": "灰"}
_FOREIGN_WORDS = {
    "民": ("终结本次执行程序", "退回检察院", "准予执行"),
    "刑": ("按撤诉处理", "执行完毕", "除权判决"),
    "执": ("判决", "调解", "准许撤诉"),
}
_MISTYPED_WORDS = ("判绝", "调节", "准许撤拆", "己结案", "撤诉？")
_MISTYPED_PROCEDURES = ("简易程叙", "普通程续", "简意")
_AMOUNTS_IN_WORDS = ("壹万元", "叁万伍仟元整", "约五万", "12000元/年", "见判决书")
_MONEY = ("first_enforcement", "resumed_enforcement", "preservation")
_SAME_CHARACTERS = ("criminal_first", "civil_special", "resumed_enforcement", "preservation")  # in both forms
_BUT_ONE_FILE = day("2016-03-31")  # a file with quotes is read slowly: one is enough


@dataclass(frozen=True)
class CaseRows:
    """Rows of case files: the case's row in the docket, the file's place, and the case itself."""

    row: NDArray[Any]
    place: NDArray[Any]
    cases: Cases

    def of(self, *names: str) -> NDArray[np.bool_]:
        """Which are of one of these kinds."""
        return of_kind(self.cases, *names)

    @property
    def closed(self) -> NDArray[np.bool_]:
        """Which stand in their file as closed."""
        return np.asarray(self.cases.closed <= LASTS[self.place])

    @property
    def old(self) -> NDArray[np.bool_]:
        """Which were registered before 2016, under a number of the old form."""
        return np.asarray(self.cases.registered < FIRST_OF_2016)


def _closed_civil(shown: CaseRows) -> NDArray[np.bool_]:
    """Closed civil cases: no manner of theirs depends on the date."""
    return shown.closed & shown.of("civil_first")


def _unreadable(row: Row, luck: Random) -> Rows:
    """No mark at the end, no brackets, a letter O for a nought, 子 for 字, a year of five or of two figures."""
    number = row["案号"]
    old = number.replace("字第", "子第")
    options = (
        number.removesuffix("号"),
        number.replace("（", "").replace("）", ""),
        number.replace("（20", "（2O"),
        old if old != number else number.replace("浙0683", "浙O683"),
        number.replace("）", f"{number[4]}）"),
        number.replace("（20", "（"),
    )
    return changed(row, {"案号": luck.choice(options)})


def _mistyped_characters(row: Row, luck: Random) -> Rows:
    number = row["案号"]
    for right, wrong in _MISTYPED_CHARACTERS.items():
        number = number.replace(right, wrong)
    return changed(row, {"案号": number})


def _of_another_court(row: Row, luck: Random) -> Rows:
    old, new = luck.choice(_NEIGHBOURS)
    return changed(row, {"案号": row["案号"].replace("绍嵊", old).replace("浙0683", new)})


def _in_the_new_form(row: Row, luck: Random) -> Rows:
    return changed(row, {"案号": row["案号"].replace("绍嵊", "浙0683").replace("字第", "")})


def _in_the_old_form(row: Row, luck: Random) -> Rows:
    return changed(row, {"案号": re.sub(r"(\d+)号$", r"字第\1号", row["案号"].replace("浙0683", "绍嵊"))})


def _registered_in_the_future(row: Row, luck: Random) -> Rows:
    """November or December of the same year, which no file but the last comes near."""
    month, of_month = luck.choice((11, 12)), min(int(row["立案日期"][8:]), 30)
    return changed(row, {"立案日期": f"{row['立案日期'][:4]}-{month}-{of_month:02}"})


def _placeholder(row: Row, luck: Random) -> Rows:
    """What systems fill in where a day is asked for and none is known."""
    if row["结案日期"] and luck.random() < 0.5:
        return changed(row, {"结案日期": "9999-12-31"})
    return changed(row, {"立案日期": "1900-01-01"})


def _foreign_word(row: Row, luck: Random) -> Rows:
    family = next((sign for sign in ("执", "刑") if sign in row["案号"]), "民")
    return changed(row, {"结案方式": luck.choice(_FOREIGN_WORDS[family])})


def _closed_too_early(row: Row, luck: Random) -> Rows:
    return changed(row, {"结案日期": shifted(row["立案日期"], -luck.randint(1, 20))})


def _told_twice(row: Row, luck: Random) -> Rows:
    """The row, and another under the same number that names another judge."""
    judge = f"J{int(row['承办人'][1:]) % 40 + 1:03}"
    rows = [*changed(row, {}), *changed(row, {"承办人": judge})]
    return rows if luck.random() < 0.5 else rows[::-1]


def _no_day(row: Row, luck: Random) -> Rows:
    column = "结案日期" if row["结案日期"] and luck.random() < 0.5 else "立案日期"
    return changed(row, {column: no_day(row[column], luck)})


def _unknown_word(row: Row, luck: Random) -> Rows:
    if row["结案方式"] and luck.random() < 0.6:
        return changed(row, {"结案方式": luck.choice(_MISTYPED_WORDS)})
    return changed(row, {"适用程序": luck.choice(_MISTYPED_PROCEDURES)})


def _torn(row: Row, luck: Random) -> Rows:
    """A field lost, two judges where one belongs, or the end of the row cut off."""
    return [luck.choice((without(row, "原案号"), twice_in(row, "承办人", "J040"), list(row.values())[:8]))]


CASE_SLIPS = (
    # The rare come first, while their few rows are free.
    Slip("mediation_too_early", 3, lambda s: s.closed & s.of("administrative_first") & (s.cases.closed < REGISTRATION_LAW),
         lambda row, luck: changed(row, {"结案方式": "调解"})),
    Slip("amount_with_commas", 2, lambda s: s.of(*_MONEY) & (LASTS[s.place] == _BUT_ONE_FILE),
         lambda row, luck: changed(row, {"申请标的金额": "1,2,3"})),
    Slip("old_form_too_late", 6, lambda s: ~s.old & s.of("civil_first", "criminal_first", "first_enforcement"),
         _in_the_old_form),
    Slip("registered_in_future", 5, lambda s: ~s.old & ~s.closed, _registered_in_the_future),
    Slip("number_missing", 5, anywhere, lambda row, luck: changed(row, {"案号": ""})),
    Slip("number_unreadable", 10, anywhere, _unreadable),
    Slip("type_unknown", 5, lambda s: s.of("civil_first", "criminal_first", "resumed_enforcement"), _mistyped_characters),
    Slip("other_court", 5, anywhere, _of_another_court),
    Slip("row_torn", 7, anywhere, _torn, is_torn=True),
    Slip("registered_missing", 8, anywhere, lambda row, luck: changed(row, {"立案日期": ""})),
    Slip("manner_missing", 10, lambda s: s.closed, lambda row, luck: changed(row, {"结案方式": ""})),
    Slip("closing_date_missing", 8, lambda s: s.closed, lambda row, luck: changed(row, {"结案日期": ""})),
    Slip("new_form_too_early", 6, lambda s: s.old & s.of(*_SAME_CHARACTERS), _in_the_new_form),
    Slip("closed_in_future", 8, _closed_civil, lambda row, luck: changed(row, {"结案日期": next_year(row["结案日期"])})),
    Slip("registered_too_early", 6, lambda s: s.old,
         lambda row, luck: changed(row, {"立案日期": a_century_early(row["立案日期"])})),
    Slip("date_placeholder", 6, lambda s: s.old & s.of("civil_first"), _placeholder),
    Slip("manner_of_other_family", 10, lambda s: s.closed & s.of("civil_first", "criminal_first", "first_enforcement"),
         _foreign_word),
    Slip("closed_before_registered", 10, _closed_civil, _closed_too_early),
    Slip("two_rows_one_number", 6, anywhere, _told_twice),
    Slip("date_untypable", 12, anywhere, _no_day),
    Slip("amount_untypable", 8, lambda s: s.of(*_MONEY),
         lambda row, luck: changed(row, {"申请标的金额": luck.choice(_AMOUNTS_IN_WORDS)})),
    Slip("word_unknown", 10, lambda s: s.of("civil_first", "criminal_first"), _unknown_word),
    *DUPLICATES,
)  # fmt: skip
