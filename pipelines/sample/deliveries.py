"""What the made-up court sends: its docket as the delta files of two sources, labelled synthetic in their names.

Each file tells, of every case or application that something happened to in its period, the state on its last day;
the first one also tells the opening stock. What happened is drawn in `docket`, what was told wrongly in `corrections`.
"""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pipelines.sample import applications, benches, docket, kinds, numbering
from pipelines.sample.applications import Applications
from pipelines.sample.cases import Cases, of_kind
from pipelines.sample.corrections import Story, Telling, tell
from pipelines.sample.periods import PERIODS, RESENT, Period, period_of
from pipelines.sample.workdays import day, year_of

_SOURCES = ("cases", "registrations")
_ROWS_AT_ONCE = 100_000
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


class _CaseFiles:
    """The case files: columns of the whole docket, cut and shown period by period."""

    def __init__(self, cases: Cases, numbers: numbering.Numbers, origins: pl.Series, story: Story) -> None:
        self.cases, self.numbers, self.origins, self.story = cases, numbers, origins, story
        self.filed_in, self.closed_in = period_of(cases.registered), period_of(cases.closed)

    def _told(self, rows: NDArray[Any], place: int) -> Telling:
        """What this file says of these rows: the truth, or the mistake until it was put right."""
        wrong = self.story.put_right[rows] > place
        told = {}
        for field in fields(Telling):
            before, true = (getattr(side, field.name)[rows] for side in (self.story.before, self.story.true))
            told[field.name] = np.where(wrong, before, true)
        return Telling(**told)

    def frame(self, place: int) -> pl.DataFrame:
        """One row per case that was filed, closed or corrected in the period, by registered date and number."""
        mine = (self.filed_in == place) | (self.closed_in == place)
        rows = np.flatnonzero(mine | ((self.story.put_right == place) & (place > 0)))
        shown, numbers = self._told(rows, place).registered, self.numbers
        rows = rows[np.lexsort((numbers.serial[rows], numbers.chars[rows], numbers.year[rows], shown))]
        told, cases, until = self._told(rows, place), self.cases.rows(rows), day(PERIODS[place].last)
        closed, claim = told.closed <= until, of_kind(cases, *_CLAIMS)
        at = pl.Series(rows.astype(np.uint32))
        return pl.DataFrame(
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

    def frame(self, place: int) -> pl.DataFrame:
        """One row per application received, decided, completed, registered or corrected in the period."""
        mine = np.logical_or.reduce([step == place for step in self.steps])
        rows = np.flatnonzero(mine | ((self.sent.put_right == place) & (place > 0)))
        rows = rows[np.lexsort((self.sent.serial[rows], self.sent.received[rows]))]
        sent = Applications(**{field.name: getattr(self.sent, field.name)[rows] for field in fields(Applications)})
        until = day(PERIODS[place].last)
        channel = np.where(sent.put_right > place, sent.first_channel, sent.channel)
        number = self.numbers.written.gather(pl.Series(np.maximum(sent.case, 0).astype(np.uint32)))
        serial = pl.DataFrame({"year": year_of(sent.received), "serial": sent.serial})
        return pl.DataFrame(
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


def _files(cases: int, seed: int) -> Iterator[tuple[str, int, str]]:
    """Source, place in PERIODS and name of every file, in the order in which they were sent."""
    for place, period in enumerate(PERIODS):
        for source in _SOURCES:
            stem = f"{source}_synthetic-{cases}-{seed}_{period.last}"
            yield source, place, f"{stem}.csv"
            if source == "cases" and period.last == RESENT:
                yield source, place, f"{stem}_resent.csv"


def _put(path: Path, frame: pl.DataFrame, period: Period) -> None:
    """Writes the file under another name and renames it, so that nobody meets half of it."""
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        for start in range(0, max(len(frame), 1), _ROWS_AT_ONCE):
            text = frame.slice(start, _ROWS_AT_ONCE).write_csv(
                include_header=start == 0, line_terminator=period.newline, float_precision=2
            )
            file.write(text.encode(period.encoding if start == 0 else period.encoding.removesuffix("-sig")))
    part.replace(path)


def write(directory: Path, *, cases: int = docket.FILED, seed: int = 683) -> list[Path]:
    """Writes the synthetic docket as `directory`/cases/*.csv and `directory`/registrations/*.csv.

    `cases` counted cases are newly filed from 2012-01-01 to 2016-10-31 and round(cases × 52921 / 54456) closed; opening
    stock, void numbers, classes outside the totals come on top. The same `cases` and `seed` give the same bytes.
    A file that already exists under its final name is left alone. Returns the files written now, in the order sent.
    Dates are ISO, amounts yuan with two decimals. Raises ValueError below 500 cases, OSError if it cannot write.
    """
    docket.check_size(cases)
    missing = [file for file in _files(cases, seed) if not (directory / file[0] / file[2]).exists()]
    if not missing:
        return []
    rng = np.random.default_rng([seed, cases])
    drawn = docket.draw(rng, cases)
    numbers = numbering.number(rng, drawn)
    case_files = _CaseFiles(drawn, numbers, numbering.origins(rng, drawn, numbers), tell(rng, drawn, numbers))
    registration_files = _RegistrationFiles(applications.apply(rng, drawn), numbers)
    written = []
    for source, place, name in missing:
        path = directory / source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        _put(path, (case_files if source == "cases" else registration_files).frame(place), PERIODS[place])
        written.append(path)
    return written
