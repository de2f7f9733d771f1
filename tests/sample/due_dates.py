"""Due dates of 300 cases of the synthetic docket, worked out by rules that a hand can check, a line each.

Shares nothing with the code that it proves: only the files as delivered, the calendar of the State Council, and the law
as the dictionary's section 4 tells it. A case is taken only if its clock met one simple thing. Run as a script it writes
`due_dates.csv` anew: python tests/sample/due_dates.py
"""

import calendar
import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
HOLIDAYS = HERE.parents[1] / "warehouse/profiles/shengzhou/codes/holidays.csv"
COLUMNS = "case_number,pattern,registered_on,days_deducted,due_on_before_holidays,lawful_due_on,closed_on,is_within"
WANTED, EACH_LATE, EACH_MOVED = 300, 3, 3
NEW_LAW, NEW_EXTENSION, NEW_ADMINISTRATIVE = date(2013, 1, 1), date(2015, 2, 4), date(2015, 5, 1)
STOPS = ("扣除审限", "中止")
ORDINARY, SIMPLIFIED = "普通程序", "简易程序"

Row = dict[str, str]


class Sum(NamedTuple):
    """How a due date is reckoned: from a day, so many months and days; words for it; whether it moves off holidays."""

    words: str
    start: date
    months: int
    days: int
    deducted: int = 0
    moves: bool = True


class Case(NamedTuple):
    """A closed case, its number's characters, its events but circumstances, and the reasons of these."""

    number: str
    chars: str
    procedure: str
    is_private: bool
    registered: date
    closed: date
    events: list[Row]
    circumstances: set[str]

    def only(self, *kinds: str) -> bool:
        """Whether its events are of just these kinds, in this order."""
        return tuple(row["事项"] for row in self.events) == kinds

    @property
    def civil(self) -> bool:
        return self.chars in {"民初", "商初", "知初"} and not self.circumstances

    @property
    def criminal(self) -> bool:
        return self.chars == "刑初" and not self.is_private

    @property
    def enforcement(self) -> bool:
        return self.chars in {"执", "执民", "执恢"}


def day(text: str) -> date:
    return date.fromisoformat(text)


def add(start: date, months: int, days: int = 0) -> date:
    """The same day-number so many months later, or the last day of that month; then the days."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last)) + timedelta(days)


def read_holidays() -> dict[date, str]:
    with HOLIDAYS.open(encoding="utf-8", newline="") as file:
        return {day(row["day"]): row["is"] for row in csv.DictReader(file)}


def next_working_day(due: date, holidays: dict[date, str]) -> date:
    while holidays.get(due, "off" if due.weekday() >= 5 else "working") == "off":
        due += timedelta(1)
    return due


def stopped(case: Case, months: int) -> int:
    """Days of the case's deductions, overlaps once; 0 if any begins after the due date, lies outside or leaves a gap."""
    spans = sorted((day(row["起始日期"]), day(row["截止日期"] or "9999-12-31")) for row in case.events if row["事项"] in STOPS)
    first, last = spans[0]
    for start, end in spans[1:]:
        if start > last:
            return 0
        last = max(last, end)
    fits = case.registered < first <= add(case.registered, months) and last <= case.closed
    return (last - first).days + 1 if fits else 0


def _criminal(case: Case, procedure: str, *circumstances: str) -> bool:
    """A public prosecution since 2013 under just these circumstances."""
    fits = case.criminal and case.procedure == procedure and case.circumstances == set(circumstances)
    return fits and case.registered >= NEW_LAW


def _free(case: Case, procedure: str) -> bool:
    return case.criminal and case.procedure == procedure and not case.circumstances


def _free_private(case: Case, procedure: str) -> bool:
    fits = case.chars == "刑初" and case.is_private and case.procedure == procedure and not case.circumstances
    return fits and case.registered >= NEW_LAW


def _administrative(case: Case, is_new: bool) -> bool:
    return case.chars == "行初" and case.procedure == ORDINARY and is_new == (case.registered >= NEW_ADMINISTRATIVE)


DETAINED, GRAVE, ACT = "被告人在押", "可能判处三年以上", "非诉行政行为"
ON_TIME = "not moved off holidays"
Fits = Callable[[Case], bool]
# Cases without events: words, which, months and days from registration.
PLAIN: tuple[tuple[str, Fits, int, int], ...] = (
    ("simplified civil, no events", lambda c: c.civil and c.procedure == SIMPLIFIED, 3, 0),
    ("small claims, no events, as simplified", lambda c: c.civil and c.procedure == "小额诉讼程序", 3, 0),
    ("civil fast-track, no events, as simplified", lambda c: c.civil and c.procedure == "速裁程序", 3, 0),
    ("ordinary civil, no events", lambda c: c.civil and c.procedure == ORDINARY, 6, 0),
    (f"criminal ordinary since 2013, detained, {ON_TIME}", lambda c: _criminal(c, ORDINARY, DETAINED), 3, 0),
    ("criminal ordinary since 2013, not detained", lambda c: _criminal(c, ORDINARY), 3, 0),
    ("criminal ordinary within 2012, not detained", lambda c: _free(c, ORDINARY) and c.closed < NEW_LAW, 1, 15),
    ("criminal simplified, not detained, at most three years", lambda c: _free(c, SIMPLIFIED), 0, 20),
    ("criminal simplified, over three years", lambda c: _criminal(c, SIMPLIFIED, GRAVE), 1, 15),
    (f"criminal simplified, over three years, detained, {ON_TIME}", lambda c: _criminal(c, SIMPLIFIED, GRAVE, DETAINED), 1, 15),
    ("private prosecution since 2013, ordinary, not detained", lambda c: _free_private(c, ORDINARY), 6, 0),
    ("private prosecution since 2013, simplified, not detained", lambda c: _free_private(c, SIMPLIFIED), 0, 20),
    ("administrative, filed before 2015-05-01", lambda c: _administrative(c, False), 3, 0),
    ("administrative, filed since 2015-05-01", lambda c: _administrative(c, True), 6, 0),
    ("non-litigated review", lambda c: c.chars == "行审" and not c.circumstances, 0, 7),
    ("non-litigated review, plainly unlawful", lambda c: c.chars == "行审" and bool(c.circumstances), 0, 30),
    ("enforcement objection, receipt unknown", lambda c: c.chars == "执异", 0, 15),
    ("payment order", lambda c: c.chars == "民督", 0, 15),
    ("special procedure, no notice", lambda c: c.chars == "民特", 0, 30),
    ("enforcement, no events", lambda c: c.enforcement and not c.circumstances, 6, 0),
    ("enforcement of a non-litigated act", lambda c: c.enforcement and c.circumstances == {ACT}, 3, 0),
)
# Cases that were stopped: words, procedure (empty: enforcement), kinds and first reason of the events, months.
STOPPED = (
    ("simplified civil, one deduction", SIMPLIFIED, ("扣除审限",), "", 3),
    ("ordinary civil, public notice deducted", ORDINARY, ("扣除审限",), "公告", 6),
    ("ordinary civil, suspended", ORDINARY, ("中止",), "", 6),
    ("simplified civil, two overlapping deductions", SIMPLIFIED, ("扣除审限", "扣除审限"), "", 3),
    ("ordinary civil, two overlapping deductions", ORDINARY, ("扣除审限", "扣除审限"), "", 6),
    ("enforcement, auction deducted", "", ("扣除审限",), "拍卖变卖", 6),
)
# Cases that were extended: words, procedure, months without the extension, first day of registration.
EXTENDED = (
    ("ordinary civil", ORDINARY, 6, date(2012, 1, 1)),
    ("simplified civil since 2015-02-04", SIMPLIFIED, 3, NEW_EXTENSION),
    ("enforcement", "", 6, date(2012, 1, 1)),
)
AFTER_ANY_HOLIDAY = 12  # days


def _tried(case: Case, procedure: str) -> bool:
    """Civil under this procedure, or enforcement where there is none."""
    return case.civil and case.procedure == procedure if procedure else case.enforcement and not case.circumstances


def plain(case: Case) -> Sum | None:
    """Registration and the limit, nothing else."""
    for words, fits, months, days in PLAIN:
        if case.only() and fits(case):
            return Sum(words, case.registered, months, days, 0, not words.endswith(ON_TIME))
    return None


def with_days_deducted(case: Case) -> Sum | None:
    """Registration, the limit and the days deducted."""
    for words, procedure, kinds, reason, months in STOPPED:
        if case.only(*kinds) and _tried(case, procedure) and reason in ("", case.events[0]["原因"]):
            deducted = stopped(case, months)
            return Sum(words, case.registered, months, 0, deducted) if deducted else None
    return None


def extended(case: Case) -> Sum | None:
    """Registration, the limit, and one extension: approved before the limit was over, or for nothing."""
    for words, procedure, months, since in EXTENDED:
        if case.only("延长审限") and _tried(case, procedure) and case.registered >= since:
            on, more = day(case.events[0]["批准日期"]), int(case.events[0]["延长月数"])
            if case.registered <= on <= add(case.registered, months):
                return Sum(f"{words}, extended in time by {more}", case.registered, months + more, 0)
            if on > add(case.registered, months, AFTER_ANY_HOLIDAY):
                return Sum(f"{words}, extended too late, which counts for nothing", case.registered, months, 0)
    return None


def converted(case: Case) -> Sum | None:
    """From simplified to ordinary: civil cases go on from registration, if in time; criminal ones begin anew."""
    if case.procedure != ORDINARY or not case.only("程序转换") or case.events[0]["原程序"] != SIMPLIFIED:
        return None
    on = day(case.events[0]["起始日期"])
    if case.civil and on <= add(case.registered, 3):
        return Sum("simplified civil, in time to ordinary", case.registered, 6, 0)
    if case.civil and on > add(case.registered, 3, AFTER_ANY_HOLIDAY):
        return Sum("simplified civil, too late to ordinary, stays simplified", case.registered, 3, 0)
    words = "criminal, simplified to ordinary, begins anew"
    return _anew(words, case, on) if case.criminal and case.registered >= NEW_LAW else None


def restarted(case: Case) -> Sum | None:
    """A criminal case that came back from investigation or from another court."""
    if case.criminal and case.procedure == ORDINARY and case.registered >= NEW_LAW and case.only("重新计算"):
        return _anew("criminal ordinary, begins anew", case, day(case.events[0]["起始日期"]))
    return None


def _anew(words: str, case: Case, on: date) -> Sum:
    """Three months from the day on which the clock began anew."""
    detained = DETAINED in case.circumstances
    return Sum(words + f", detained, {ON_TIME}" * detained, on, 3, 0, 0, not detained)


def closed_cases(cases: dict[str, Row], events: dict[str, Row]) -> Iterator[Case]:
    """Closed cases filed in the span, in the order of their registration and number, none with a void event."""
    mine: dict[str, list[Row]] = {}
    for _, row in sorted(events.items()):
        mine.setdefault(row["案号"], []).append(row)
    for number, row in sorted(cases.items(), key=lambda item: (item[1]["立案日期"], item[0])):
        own = mine.get(number, [])
        if row["结案日期"] and row["立案日期"] >= "2012-01-01" and not any(event["作废"] == "是" for event in own):
            chars = re.sub(r"（\d+）(绍嵊|浙0683)|(字第)?\d+号", "", number)
            rest = [event for event in own if event["事项"] != "适用情形"]
            circumstances = {event["原因"] for event in own if event["事项"] == "适用情形"}
            days = day(row["立案日期"]), day(row["结案日期"])
            yield Case(number, chars, row["适用程序"], row["自诉"] == "是", *days, rest, circumstances)


def reckon(case: Case, found: Sum, holidays: dict[date, str]) -> Row:
    """The line of a case: its sum spelled out, and the dates."""
    due = add(found.start, found.months, found.days) + timedelta(found.deducted)
    lawful = next_working_day(due, holidays) if found.moves else due
    units = ((found.months, "months"), (found.days, "days"), (found.deducted, "days deducted"))
    steps = " + ".join(f"{count} {unit}" for count, unit in units if count)
    values = (case.number, f"{found.words}: {found.start} + {steps}", case.registered, found.deducted, due, lawful, case.closed)
    return dict(zip(COLUMNS.split(","), (*map(str, values), "true" if case.closed <= lawful else "false"), strict=True))


def _evenly(rows: list[Row], count: int) -> list[Row]:
    """So many rows spread over the list."""
    return [rows[n * len(rows) // count] for n in range(count)] if len(rows) > count else rows


def _chosen(rows: list[Row], count: int) -> list[Row]:
    """Some that are late, some moved off holidays, the others from all."""
    late = _evenly([row for row in rows if row["is_within"] == "false"], EACH_LATE)
    moved = [row for row in rows if row["due_on_before_holidays"] != row["lawful_due_on"] and row not in late]
    picked = late + _evenly(moved, EACH_MOVED)
    picked += _evenly([row for row in rows if row not in picked], max(count - len(picked), 0))
    return picked[:count]


def due_dates(cases: dict[str, Row], events: dict[str, Row]) -> list[Row]:
    """300 lines, about as many for each pattern; rare patterns have all their cases."""
    holidays, fits = read_holidays(), defaultdict(list)
    for case in closed_cases(cases, events):
        found = plain(case) or with_days_deducted(case) or extended(case) or converted(case) or restarted(case)
        if found:
            fits[found.words].append(reckon(case, found, holidays))
    left, rows = WANTED, []
    ordered = sorted(fits.items(), key=lambda item: len(item[1]))
    for place, (_, found_rows) in enumerate(ordered):
        share = _chosen(found_rows, -(-left // (len(ordered) - place)))
        left -= len(share)
        rows += share
    return sorted(rows, key=lambda row: (row["pattern"].partition(": ")[0], row["registered_on"], row["case_number"]))


def main() -> None:
    """Writes the docket into a folder of its own, reckons, writes the table."""
    import importlib.util
    import sys
    import tempfile

    sys.path.insert(0, str(HERE.parents[1]))
    spec = importlib.util.spec_from_file_location("reading", HERE / "conftest.py")
    reading = sys.modules["reading"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reading)
    with tempfile.TemporaryDirectory() as folder:
        sent = reading.Sent(Path(folder))
    with (HERE / "due_dates.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS.split(","), lineterminator="\n")
        writer.writeheader()
        writer.writerows(due_dates(sent.cases, sent.events))


if __name__ == "__main__":
    main()
