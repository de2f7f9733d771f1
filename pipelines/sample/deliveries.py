"""What the made-up court sends: its docket as the delta files of four sources, labelled synthetic in their names.

Each file tells, of every case, application, clock event or result that something happened to in its period, the state on
its last day; the first one also tells the opening stock. What stands in the files belongs to `docket_files` and
`event_files`; how a file is written down belongs to `forms`.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from pipelines.sample import applications, clock_events, dirt, docket, forms, numbering, oddities, results
from pipelines.sample.corrections import tell
from pipelines.sample.dirt import Plan
from pipelines.sample.docket_files import CaseFiles, RegistrationFiles
from pipelines.sample.event_files import ClockFiles, ResultFiles
from pipelines.sample.periods import JSON_LINES, PERIODS, RESENT, WORKBOOK

_SOURCES = ("cases", "registrations", "clock_events", "enforcement_results")
_LARGEST_WORKBOOK = 700_000  # cases; its month has nearly 20,000 rows then, and no court sends a larger workbook
Files = CaseFiles | RegistrationFiles | ClockFiles | ResultFiles


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


def _court(cases: int, seed: int) -> dict[str, tuple[Files, Plan]]:
    """Everything the court has to tell, by source, and what of it is spoilt."""
    rng = np.random.default_rng([seed, cases])
    drawn = docket.draw(rng, cases)
    numbers = numbering.number(rng, drawn)
    origins = numbering.origins(rng, drawn, numbers)
    story = tell(rng, drawn, numbers)
    registrations = RegistrationFiles(applications.apply(rng, drawn), numbers)
    apart = np.random.default_rng([seed, cases, 1])  # of its own: what is true does not depend on what is spoilt
    drawn, story, late = oddities.number_late(drawn, numbers, story, dirt.scaled(oddities.LATE_NUMBERS, cases))
    drawn, over = oddities.pay_over(apart, drawn, story, dirt.scaled(oddities.PAID_OVER, cases))
    files = CaseFiles(drawn, numbers, origins, story)
    spoilt = files.soil(apart, cases, np.concatenate([late, over]))
    # The younger sources draw apart from the older ones, whose files stay what they were.
    clock, brought, soiled = (np.random.default_rng([seed, cases, stream]) for stream in (2, 3, 4))
    able = ~drawn.void & (story.put_right == 0)
    events, left_open = clock_events.happen(clock, drawn, numbers, able, dirt.scaled(clock_events.NEVER_CLOSED, cases))
    clocks = ClockFiles(events, drawn, numbers, spoilt)
    found, taken_back = results.bring(brought, drawn, dirt.scaled(results.TAKEN_BACK, cases))
    enforced = ResultFiles(found, drawn, numbers, spoilt)
    return {
        "cases": (files, spoilt),
        "registrations": (registrations, registrations.soil(apart, cases)),
        "clock_events": (clocks, clocks.soil(soiled, cases, left_open)),
        "enforcement_results": (enforced, enforced.soil(soiled, cases, taken_back)),
    }


def write(directory: Path, *, cases: int = docket.FILED, seed: int = 683) -> list[Path]:
    """Writes the synthetic docket into a folder of `directory` for each source: CSV, one XLSX, one JSON Lines.

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
