"""The files of clock events and of enforcement results: each tells what began, ended or was declared void in its period.

What happened is drawn in `clock_events` and `results`. What hangs on a case whose row is spoilt in the case file waits
until that row comes right: nobody can enter it for a case that is not known. Files of cases belong to `docket_files`.
"""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.sample import dirt
from pipelines.sample.cases import Cases
from pipelines.sample.clock_events import ClockEvents
from pipelines.sample.clock_kinds import KINDS, PROCEDURES, REASONS
from pipelines.sample.clock_slips import CLOCK_SLIPS, ClockRows
from pipelines.sample.columns import known, tells, texts, where
from pipelines.sample.dirt import Plan
from pipelines.sample.numbering import Numbers
from pipelines.sample.periods import NO_PERIOD, PERIODS, period_of
from pipelines.sample.result_parts import OUTCOMES
from pipelines.sample.result_slips import RESULT_SLIPS, ResultRows
from pipelines.sample.results import Results
from pipelines.sample.workdays import day, year_of


def _keys(letters: str, days: NDArray[Any], serial: NDArray[Any]) -> pl.Series:
    """Keys such as SX2014-000123."""
    parts = pl.DataFrame({"year": year_of(days), "serial": serial})
    number = pl.col("serial").cast(pl.String).str.zfill(6)
    return parts.select(pl.format(f"{letters}{{}}-{{}}", "year", number)).to_series()


def _when_told(spoilt: Plan, case: NDArray[Any], place: NDArray[Any]) -> NDArray[np.int8]:
    """The file that tells what happened in the period at `place`: that one, or the one in which its case comes right."""
    size = int(case.max(initial=0)) + 1
    hidden, until = np.full(size, NO_PERIOD), np.zeros(size, dtype=np.int64)
    mine = (spoilt.again >= 0) & (spoilt.row < size)
    hidden[spoilt.row[mine]], until[spoilt.row[mine]] = spoilt.place[mine], spoilt.again[mine]
    waits = (place >= hidden[case]) & (place < until[case])
    return np.where(waits, until[case], place).astype(np.int8)


class ClockFiles:
    """The files of clock events: all events, cut and shown period by period."""

    def __init__(self, events: ClockEvents, cases: Cases, numbers: Numbers, spoilt: Plan) -> None:
        self.events, self.cases, self.numbers = events, cases, numbers
        self.begun, self.ended = (_when_told(spoilt, events.case, period_of(days)) for days in (events.start, events.end))

    def soil(self, rng: np.random.Generator, size: int, odd: NDArray[Any]) -> Plan:
        """What of these files is spoilt: first tellings only, and nothing that is odd anyway or declared void."""
        able = self.events.void_in == NO_PERIOD
        able[odd] = False
        told = tells([self.begun], able)

        def look_up(row: NDArray[Any], place: NDArray[Any]) -> ClockRows:
            events = self.events.rows(row)
            return ClockRows(row, place, events, self.cases.registered[events.case])

        return dirt.plan(rng, "clock_events", CLOCK_SLIPS, told, look_up, size)

    def frame(self, place: int, again: NDArray[Any]) -> tuple[NDArray[Any], pl.DataFrame]:
        """One row per event that began, ended or was declared void in the period or comes `again`, and where they stand."""
        mine = (self.begun == place) | (self.ended == place) | (self.events.void_in == place)
        mine[again] = True
        rows = np.flatnonzero(mine)
        rows = rows[np.lexsort((self.events.serial[rows], self.events.start[rows]))]
        events, until = self.events.rows(rows), day(PERIODS[place].last)
        extends = (events.months > 0) | (events.days > 0)
        return rows, pl.DataFrame(
            {
                "事项编号": _keys("SX", events.start, events.serial),
                "案号": self.numbers.written.gather(pl.Series(events.case.astype(np.uint32))),
                "事项": texts(list(KINDS), events.kind),
                "原因": texts(list(REASONS), events.reason),
                "起始日期": known(events.start, until),
                "截止日期": known(events.end, until),
                "批准日期": known(events.approved, until),
                "原程序": where(events.former >= 0, texts(list(PROCEDURES), np.maximum(events.former, 0))),
                "延长月数": where(extends, pl.Series(events.months)),
                "延长天数": where(extends, pl.Series(events.days)),
                "作废": texts(["否", "是"], events.void_in <= place),
            }
        )


class ResultFiles:
    """The files of enforcement results: all results, cut and shown period by period."""

    def __init__(self, results: Results, cases: Cases, numbers: Numbers, spoilt: Plan) -> None:
        self.results, self.cases, self.numbers = results, cases, numbers
        self.told = _when_told(spoilt, results.case, period_of(results.on))

    def soil(self, rng: np.random.Generator, size: int, odd: NDArray[Any]) -> Plan:
        """What of these files is spoilt: nothing that is odd anyway or declared void."""
        able = self.results.void_in == NO_PERIOD
        able[odd] = False
        told = tells([self.told], able)
        return dirt.plan(rng, "enforcement_results", RESULT_SLIPS, told, lambda row, place: ResultRows(row, place), size)

    def frame(self, place: int, again: NDArray[Any]) -> tuple[NDArray[Any], pl.DataFrame]:
        """One row per result of the period, declared void in it, or that comes `again`, and where they stand."""
        mine = (self.told == place) | (self.results.void_in == place)
        mine[again] = True
        rows = np.flatnonzero(mine)
        rows = rows[np.lexsort((self.results.serial[rows], self.results.on[rows]))]
        results = self.results.rows(rows)
        return rows, pl.DataFrame(
            {
                "结果编号": _keys("JG", results.on, results.serial),
                "案号": self.numbers.written.gather(pl.Series(results.case.astype(np.uint32))),
                "日期": known(results.on, day(PERIODS[place].last)),
                "结果": texts(list(OUTCOMES), results.outcome),
                "申请标的金额": where(results.has_amounts, pl.Series(results.applied / 100)),
                "到位金额": where(results.has_amounts, pl.Series(results.realised / 100)),
                "发现财产": where(results.found >= 0, texts(["否", "是"], np.maximum(results.found, 0))),
                "作废": texts(["否", "是"], results.void_in <= place),
            }
        )
