"""The case files and registration files: what each tells of every case or application that something happened to.

What happened is drawn in `docket` and `applications`, what was told wrongly in `corrections`. Which files there are
belongs to `deliveries`, the files of clock events and enforcement results to `event_files`.
"""

from dataclasses import fields
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.sample import applications, benches, dirt, kinds, numbering
from pipelines.sample.application_slips import APPLICATION_SLIPS, ApplicationRows
from pipelines.sample.applications import Applications
from pipelines.sample.case_slips import CASE_SLIPS, CaseRows
from pipelines.sample.cases import Cases, of_kind
from pipelines.sample.columns import known, tells, texts, where
from pipelines.sample.corrections import Story, Telling
from pipelines.sample.dirt import Plan
from pipelines.sample.periods import PERIODS, period_of
from pipelines.sample.workdays import day, year_of

_CLAIMS = (kinds.FIRST_ENFORCEMENT, kinds.RESUMED, "preservation", "objection")


class CaseFiles:
    """The case files: columns of the whole docket, cut and shown period by period."""

    def __init__(self, cases: Cases, numbers: numbering.Numbers, origins: pl.Series, story: Story) -> None:
        self.cases, self.numbers, self.origins, self.story = cases, numbers, origins, story
        self.filed_in, self.closed_in = period_of(cases.registered), period_of(cases.closed)

    def soil(self, rng: np.random.Generator, size: int, odd: NDArray[Any]) -> Plan:
        """What of these files is spoilt: nothing that is odd or was told wrongly anyway."""
        able = self.story.put_right == 0
        able[odd] = False
        told = tells([self.filed_in, self.closed_in], able)
        return dirt.plan(rng, "cases", CASE_SLIPS, told, lambda row, place: CaseRows(row, place, self.cases.rows(row)), size)

    def _told(self, rows: NDArray[Any], place: int) -> Telling:
        """What this file says of these rows: the truth, or the mistake until it was put right."""
        wrong = self.story.put_right[rows] > place
        told = {}
        for field in fields(Telling):
            before, true = (getattr(side, field.name)[rows] for side in (self.story.before, self.story.true))
            told[field.name] = np.where(wrong, before, true)
        return Telling(**told)

    def frame(self, place: int, again: NDArray[Any]) -> tuple[NDArray[Any], pl.DataFrame]:
        """One row per case that was filed, closed or corrected in the period or comes `again`, and where they stand.

        By registered date and number.
        """
        mine = (self.filed_in == place) | (self.closed_in == place)
        mine[again] = True
        rows = np.flatnonzero(mine | ((self.story.put_right == place) & (place > 0)))
        shown, numbers = self._told(rows, place).registered, self.numbers
        rows = rows[np.lexsort((numbers.serial[rows], numbers.chars[rows], numbers.year[rows], shown))]
        told, cases, until = self._told(rows, place), self.cases.rows(rows), day(PERIODS[place].last)
        closed, claim = told.closed <= until, of_kind(cases, *_CLAIMS)
        at = pl.Series(rows.astype(np.uint32))
        return rows, pl.DataFrame(
            {
                "案号": numbers.written.gather(at),
                "立案日期": known(told.registered, until),
                "适用程序": texts([track.procedure for track in kinds.TRACKS], told.track),
                "承办庭室": texts(list(benches.BENCHES), told.bench),
                "承办人": texts(list(benches.JUDGES), told.judge),
                "结案日期": known(told.closed, until),
                "结案方式": where(closed, texts([word.word for word in kinds.WORDS], cases.word)),
                "原案号": self.origins.gather(at),
                "自诉": texts(["否", "是"], of_kind(cases, "private_prosecution")),
                "作废": texts(["否", "是"], cases.void),
                "申请标的金额": where(claim, pl.Series(told.applied / 100)),
                "执行到位金额": where(claim & closed, pl.Series(cases.realised / 100)),
            }
        )


class RegistrationFiles:
    """The registration files: all applications, cut and shown period by period."""

    def __init__(self, sent: Applications, numbers: numbering.Numbers) -> None:
        self.sent, self.numbers = sent, numbers
        self.steps = [period_of(days) for days in (sent.received, sent.decided, sent.supplied, sent.registered)]

    def soil(self, rng: np.random.Generator, size: int) -> Plan:
        """What of these files is spoilt: nothing that was told wrongly anyway."""
        told = tells(self.steps, self.sent.put_right == 0)
        return dirt.plan(
            rng, "registrations", APPLICATION_SLIPS, told, lambda row, place: ApplicationRows(row, place, self._of(row)), size
        )

    def _of(self, rows: NDArray[Any]) -> Applications:
        """These applications."""
        return Applications(**{field.name: getattr(self.sent, field.name)[rows] for field in fields(Applications)})

    def frame(self, place: int, again: NDArray[Any]) -> tuple[NDArray[Any], pl.DataFrame]:
        """One row per application received, decided, completed, registered or corrected in the period or that comes
        `again`, and where they stand."""
        mine = np.logical_or.reduce([step == place for step in self.steps])
        mine[again] = True
        rows = np.flatnonzero(mine | ((self.sent.put_right == place) & (place > 0)))
        rows = rows[np.lexsort((self.sent.serial[rows], self.sent.received[rows]))]
        sent = self._of(rows)
        until = day(PERIODS[place].last)
        channel = np.where(sent.put_right > place, sent.first_channel, sent.channel)
        number = self.numbers.written.gather(pl.Series(np.maximum(sent.case, 0).astype(np.uint32)))
        serial = pl.DataFrame({"year": year_of(sent.received), "serial": sent.serial})
        return rows, pl.DataFrame(
            {
                "申请编号": serial.select(
                    pl.format("SQ{}{}", "year", pl.col("serial").cast(pl.String).str.zfill(6))
                ).to_series(),
                "收到日期": known(sent.received, until),
                "渠道": texts(list(applications.CHANNELS), channel),
                "申请类别": texts(list(applications.CATEGORIES), sent.category),
                "首次处理": where(sent.decided <= until, texts(list(applications.DECISIONS), sent.decision)),
                "处理日期": known(sent.decided, until),
                "补正通知日期": known(sent.noticed, until),
                "补正材料收到日期": known(sent.supplied, until),
                "立案日期": known(sent.registered, until),
                "案号": where(sent.registered <= until, number),
            }
        )
