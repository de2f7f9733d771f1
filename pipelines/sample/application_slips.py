"""What clerks get wrong in rows of applications, after the dictionary's sections 3 and 12: one wrong thing a row.

A row without its key, or torn, cannot be told from which application it comes and stays open. What happens to rows of
cases does not belong here.
"""

from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.sample.applications import DECISIONS, Applications
from pipelines.sample.periods import LASTS
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
from pipelines.sample.workdays import REGISTRATION_LAW

_MISTYPED = {
    "渠道": ("窗囗", "网上立案厅", "邮奇"),
    "申请类别": ("民事1审", "首次执形", "行政一宙"),
    "首次处理": ("登记立按", "通知补证", "同意"),
}
_MARGIN = 5  # days between a true date and the extract, so that a later one is not in the future


@dataclass(frozen=True)
class ApplicationRows:
    """Rows of registration files: the application's row, the file's place, and the application itself."""

    row: NDArray[Any]
    place: NDArray[Any]
    sent: Applications

    def known(self, days: NDArray[Any], margin: int = 0) -> NDArray[np.bool_]:
        """Whose day had come, so many days ago, when the file was written."""
        return np.asarray(days + margin <= LASTS[self.place])

    def decided(self, word: str, margin: int = 0) -> NDArray[np.bool_]:
        """Which stand in their file with this decision."""
        return np.asarray((self.sent.decision == DECISIONS.index(word)) & self.known(self.sent.decided, margin))


def _received_after(row: Row, luck: Random) -> Rows:
    return changed(row, {"收到日期": shifted(row["立案日期"], luck.randint(1, _MARGIN))})


def _noticed_outside(row: Row, luck: Random) -> Rows:
    """Corrections asked for before anything came, or after the decision."""
    early, late = shifted(row["收到日期"], -luck.randint(1, 6)), shifted(row["处理日期"], luck.randint(1, _MARGIN))
    return changed(row, {"补正通知日期": luck.choice((early, late))})


def _no_day(row: Row, luck: Random) -> Rows:
    column = luck.choice([name for name in ("收到日期", "处理日期", "立案日期") if row[name]])
    return changed(row, {column: no_day(row[column], luck)})


def _unknown_word(row: Row, luck: Random) -> Rows:
    column = luck.choice([name for name in _MISTYPED if row[name]])
    return changed(row, {column: luck.choice(_MISTYPED[column])})


def _torn(row: Row, luck: Random) -> Rows:
    """A field lost, two channels where one belongs, or the end of the row cut off."""
    return [luck.choice((without(row, "补正通知日期"), twice_in(row, "渠道", "邮寄"), list(row.values())[:6]))]


APPLICATION_SLIPS = (
    # The rare come first, while their few rows are free.
    Slip("notice_outside", 5, lambda s: s.decided("通知补正", _MARGIN), _noticed_outside),
    Slip("refused_with_date", 4, lambda s: s.decided("不予立案"),
         lambda row, luck: changed(row, {"立案日期": row["处理日期"]})),
    Slip("received_missing", 5, lambda s: s.decided("登记立案") & (s.sent.registered >= REGISTRATION_LAW),
         lambda row, luck: changed(row, {"收到日期": ""})),
    Slip("key_missing", 5, anywhere, lambda row, luck: changed(row, {"申请编号": ""})),
    Slip("row_torn", 6, anywhere, _torn, is_torn=True),
    Slip("received_after_registered", 6, lambda s: s.decided("登记立案", _MARGIN), _received_after),
    Slip("registered_without_date", 6, lambda s: s.decided("登记立案"),
         lambda row, luck: changed(row, {"立案日期": ""})),
    Slip("registered_in_future", 5, lambda s: s.decided("登记立案"),
         lambda row, luck: changed(row, {"立案日期": next_year(row["立案日期"])})),
    Slip("received_too_early", 5, anywhere,
         lambda row, luck: changed(row, {"收到日期": a_century_early(row["收到日期"])})),
    Slip("date_untypable", 8, anywhere, _no_day),
    Slip("word_unknown", 6, anywhere, _unknown_word),
    *DUPLICATES,
)  # fmt: skip
