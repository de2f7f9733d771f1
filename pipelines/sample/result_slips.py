"""What clerks get wrong in rows of enforcement results: one wrong thing a row. Payments taken back are true (`results`)."""

from dataclasses import dataclass
from random import Random
from typing import Any

from numpy.typing import NDArray

from pipelines.sample.slips import Row, Rows, Slip, anywhere, changed, no_day, repeated

_MISTYPED = ("强制直行", "自动屡行", "财产查空", "终本审査合格")


@dataclass(frozen=True)
class ResultRows:
    """Rows of result files: the result's row and the file's place."""

    row: NDArray[Any]
    place: NDArray[Any]


def _unknown_word(row: Row, luck: Random) -> Rows:
    return changed(row, {"结果": luck.choice(_MISTYPED)})


RESULT_SLIPS = (
    Slip("date_untypable", 4, anywhere, lambda row, luck: changed(row, {"日期": no_day(row["日期"], luck)})),
    Slip("word_unknown", 3, anywhere, _unknown_word),
    Slip("duplicate_adjacent", 5, anywhere, repeated, comes_again=False),
    Slip("duplicate_apart", 3, anywhere, repeated, comes_again=False, is_apart=True),
)  # fmt: skip
