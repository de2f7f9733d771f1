"""What the made-up court sends: its docket as the delta files of two sources, labelled synthetic in their names.

Each file tells, of every case or application that something happened to in its period, the state on its last day;
the first one also tells the opening stock. What happened is drawn in `docket`, what was told wrongly in `corrections`,
what is spoilt in `dirt`; how a file is written down belongs to `forms`.
"""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.sample import applications, benches, dirt, docket, forms, kinds, numbering, oddities
from pipelines.sample.application_slips import APPLICATION_SLIPS, ApplicationRows
from pipelines.sample.applications import Applications
from pipelines.sample.case_slips import CASE_SLIPS, CaseRows
from pipelines.sample.cases import Cases, of_kind
from pipelines.sample.corrections import Story, Telling, tell
from pipelines.sample.dirt import Plan
from pipelines.sample.periods import JSON_LINES, PERIODS, RESENT, WORKBOOK, period_of
from pipelines.sample.workdays import day, year_of

_SOURCES = ("cases", "registrations")
_LARGEST_WORKBOOK = 700_000  # cases; its month has nearly 20,000 rows then, and no court sends a larger workbook
_CLAIMS = (kinds.FIRST_ENFORCEMENT, kinds.RESUMED, "preservation", "objection")


def _texts(names: list[str | None], codes: NDArray[Any]) -> pl.Series:
    """The names that the codes stand for."""
    return pl.Series(names, dtype=pl.String).gather(pl.Series(codes.astype(np.uint32)))


def _known(days: NDArray[Any], until: int) -> pl.Series:
    """Days up to `until` as dates, null for what had not happened by then."""
    frame = pl.DataFrame({"day": days.astype(np.int32)})
    return frame.select(pl.when(pl.col("day") <= until).then(pl.col("day")).cast(pl.Date)).to_series()


def _where(mask: NDArray[Any], values: pl.Series) -> pl.Series:
    """The values where the mask holds, null elsewhere."""
    return pl.select(pl.when(pl.Series(mask)).then(values)).to_series()


def _tells(periods: list[NDArray[Any]], able: NDArray[np.bool_]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Every pair of an able row and a file but the last that tells it."""
    rows, places = [], []
    for number, period in enumerate(periods):
        new = able & (period < len(PERIODS) - 1)
        for before in periods[:number]:
            new &= before != period
        rows.append(np.flatnonzero(new))
        places.append(period[rows[-1]])
    return np.concatenate(rows), np.concatenate(places)


class _CaseFiles:
    """The case files: columns of the whole docket, cut and shown period by period."""

    def __init__(self, cases: Cases, numbers: numbering.Numbers, origins: pl.Series, story: Story) -> None:
        self.cases, self.numbers, self.origins, self.story = cases, numbers, origins, story
        self.filed_in, self.closed_in = period_of(cases.registered), period_of(cases.closed)

    def soil(self, rng: np.random.Generator, size: int, odd: NDArray[Any]) -> Plan:
        """What of these files is spoilt: nothing that is odd or was told wrongly anyway."""
        able = self.story.put_right == 0
        able[odd] = False
        told = _tells([self.filed_in, self.closed_in], able)
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
                "立案日期": _known(told.registered, until),
                "适用程序": _texts([track.procedure for track in kinds.TRACKS], told.track),
                "承办庭室": _texts(list(benches.BENCHES), told.bench),
                "承办人": _texts(list(benches.JUDGES), told.judge),
                "结案日期": _known(told.closed, until),
                "结案方式": _where(closed, _texts([word.word for word in kinds.WORDS], cases.word)),
                "原案号": self.origins.gather(at),
                "自诉": _texts(["否", "是"], of_kind(cases, "private_prosecution")),
                "作废": _texts(["否", "是"], cases.void),
                "申请标的金额": _where(claim, pl.Series(told.applied / 100)),
                "执行到位金额": _where(claim & closed, pl.Series(cases.realised / 100)),
            }
        )


class _RegistrationFiles:
    """The registration files: all applications, cut and shown period by period."""

    def __init__(self, sent: Applications, numbers: numbering.Numbers) -> None:
        self.sent, self.numbers = sent, numbers
        self.steps = [period_of(days) for days in (sent.received, sent.decided, sent.supplied, sent.registered)]

    def soil(self, rng: np.random.Generator, size: int) -> Plan:
        """What of these files is spoilt: nothing that was told wrongly anyway."""
        told = _tells(self.steps, self.sent.put_right == 0)
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
                "收到日期": _known(sent.received, until),
                "渠道": _texts(list(applications.CHANNELS), channel),
                "申请类别": _texts(list(applications.CATEGORIES), sent.category),
                "首次处理": _where(sent.decided <= until, _texts(list(applications.DECISIONS), sent.decision)),
                "处理日期": _known(sent.decided, until),
                "补正通知日期": _known(sent.noticed, until),
                "补正材料收到日期": _known(sent.supplied, until),
                "立案日期": _known(sent.registered, until),
                "案号": _where(sent.registered <= until, number),
            }
        )


def _suffix(source: str, last: str, cases: int) -> str:
    """How the file of this source and period is sent."""
    if (source, last) == WORKBOOK and dirt.is_dirty(cases) and cases <= _LARGEST_WORKBOOK:
        return "xlsx"
    return "jsonl" if (source, last) == JSON_LINES and dirt.is_dirty(cases) else "csv"


def _files(cases: int, seed: int) -> Iterator[tuple[str, int, str]]:
    """Source, place in PERIODS and name of every file, in the order in which they were sent."""
    for place, period in enumerate(PERIODS):
        for source in _SOURCES:
            stem = f"{source}_synthetic-{cases}-{seed}_{period.last}"
            yield source, place, f"{stem}.{_suffix(source, period.last, cases)}"
            if source == "cases" and period.last == RESENT:
                yield source, place, f"{stem}_resent.csv"


def _court(cases: int, seed: int) -> dict[str, tuple[_CaseFiles | _RegistrationFiles, Plan]]:
    """Everything the court has to tell, by source, and what of it is spoilt."""
    rng = np.random.default_rng([seed, cases])
    drawn = docket.draw(rng, cases)
    numbers = numbering.number(rng, drawn)
    origins = numbering.origins(rng, drawn, numbers)
    story = tell(rng, drawn, numbers)
    registrations = _RegistrationFiles(applications.apply(rng, drawn), numbers)
    apart = np.random.default_rng([seed, cases, 1])  # of its own: what is true does not depend on what is spoilt
    drawn, story, late = oddities.number_late(drawn, numbers, story, dirt.scaled(oddities.LATE_NUMBERS, cases))
    drawn, over = oddities.pay_over(apart, drawn, story, dirt.scaled(oddities.PAID_OVER, cases))
    files = _CaseFiles(drawn, numbers, origins, story)
    return {
        "cases": (files, files.soil(apart, cases, np.concatenate([late, over]))),
        "registrations": (registrations, registrations.soil(apart, cases)),
    }


def write(directory: Path, *, cases: int = docket.FILED, seed: int = 683) -> list[Path]:
    """Writes the synthetic docket into `directory`/cases and `directory`/registrations: CSV, one XLSX, one JSON Lines.

    `cases` counted cases are newly filed from 2012-01-01 to 2016-10-31 and round(cases × 52921 / 54456) closed; opening
    stock, void numbers, classes outside the totals come on top. The same `cases` and `seed` give the same bytes.
    From 5,000 cases on some rows are spoilt, each put right by a later file, and some rows are no case; a smaller docket
    is clean and all CSV. A file that already exists under its final name is left alone. Returns the files written now,
    in the order sent. Dates are ISO, amounts yuan with two decimals. Raises ValueError below 500 cases, OSError if it
    cannot write.
    """
    docket.check_size(cases)
    missing = [file for file in _files(cases, seed) if not (directory / file[0] / file[2]).exists()]
    court = _court(cases, seed) if missing else {}
    written = []
    for source, place, name in missing:
        path = directory / source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        files, plan = court[source]
        rows, frame = files.frame(place, plan.sent_again(place))
        forms.put(path, frame, plan.edits(place, rows, frame), PERIODS[place])
        written.append(path)
    return written
