"""The worklist: findings with their life, answers to them, workbooks that go out and come back; and beside it
patterns and drift, which nobody has to mend."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import date
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.desk import Desk, note, note_synthetic, print_json

if TYPE_CHECKING:
    from warehouse.intake.responses import Response
    from warehouse.quality.rule import Rule
    from warehouse.reading.findings import Finding
    from warehouse.reading.snapshot import Refresh


def answer_findings(options: argparse.Namespace) -> int:
    """The worklist, and what people answer to it."""
    desk = Desk(options)
    action = {"list": _list, "history": _history, "accept": _answer, "confirm": _answer, "export": _export, "import": _import}[
        options.action
    ]
    if options.what and options.action in ("list", "history", "export"):
        raise ValueError(
            f"`findings {options.action}` takes no [{' '.join(options.what)}]. Choose with --rule, --court, --bench"
        )
    return action(desk)


def answer_patterns(options: argparse.Namespace) -> int:
    """Patterns that may be signs of gaming, in neutral words."""
    from pipelines.reports.patterns import patterns_lines
    from warehouse.audit.patterns import patterns
    from warehouse.refresh.bundles import catalogue_of

    desk = Desk(options)
    with desk.reader(options.as_of) as reader, catalogue_of(desk.place, reader.snapshot.refresh.bundle) as catalogue:
        found = patterns(reader, catalogue, tuple(options.id))
        if options.json:
            print_json([one.as_json() for one in found])
        else:
            print("\n".join(patterns_lines(found, desk.lang, with_cases=bool(options.id))))
            note_synthetic(reader.snapshot.refresh)
    return 0


def answer_drift(options: argparse.Namespace) -> int:
    """Alarms of drift, and the case numbers that are missing."""
    from pipelines.reports.drift import drift_lines, measure_lines
    from warehouse.audit.drift import alarms, drift, serials
    from warehouse.catalogue.drift import read_measures
    from warehouse.refresh.bundles import catalogue_of

    desk = Desk(options)
    with desk.reader(options.as_of) as reader, catalogue_of(desk.place, reader.snapshot.refresh.bundle) as catalogue:
        found = drift(reader.snapshot, options.source)
        missing = serials(reader, catalogue) if options.source is None else []
        shown = found if options.all else alarms(found)
        if options.json:
            print_json({"refresh_id": reader.snapshot.refresh.id, "measured": [one.as_json() for one in shown],
                        "serials": [one.as_json() for one in missing]})  # fmt: skip
        else:
            said = measure_lines(list(read_measures().values()), found, desk.lang) if options.all else []
            print("\n".join([*said, *drift_lines(alarms(found), missing, desk.lang)]))
            note_synthetic(reader.snapshot.refresh)
    return 0


def _list(desk: Desk) -> int:
    from pipelines.reports.worklist import worklist_lines
    from warehouse.reading.findings import shares_of
    from warehouse.reading.touches import touches

    found, rules, refresh = _known(desk)
    chosen, shares = _chosen(desk, found), shares_of(found)
    with desk.reader(desk.options.as_of) as reader:
        touched = touches(reader, chosen, {rule.id: rule.figures for rule in rules.values()})
    if desk.options.json:
        print_json({"refresh_id": refresh.id, "shares": shares.as_json(), "touches": [one.as_json() for one in touched],
                    "findings": [one.as_json() for one in chosen]})  # fmt: skip
    else:
        print("\n".join(worklist_lines(shares, _chosen(desk, found, "all"), chosen, touched, rules, desk.lang)))
        note_synthetic(refresh)
    return 0


def _history(desk: Desk) -> int:
    """By month what was found and what came right."""
    from pipelines.reports.worklist import history_lines
    from warehouse.reading.quality_history import history

    with desk.reader(desk.options.as_of) as reader:
        months = history(reader.snapshot, desk.options.by)
        if desk.options.json:
            print_json([one.as_json() for one in months])
        else:
            print("\n".join(history_lines(months, desk.options.by, desk.lang)))
            note_synthetic(reader.snapshot.refresh)
    return 0


def _answer(desk: Desk) -> int:
    """One answer to one or more findings, given here."""
    from warehouse.intake.responses import Response, checked, finding_no

    options = desk.options
    if not options.what:
        raise ValueError(f"`findings {options.action}` needs the findings, as F000123. See `caseload findings list`")
    answer = "accepted" if options.action == "accept" else "confirmed"
    try:
        until = date.fromisoformat(options.until) if options.until else None
    except ValueError:
        raise ValueError(f"--until [{options.until}] is no day, as 2017-03-31") from None
    known = {one.number: one.answers for one in _known(desk)[0]}
    day = desk.now().date()
    said = [Response(finding_no(name), answer, getuser(), options.why or "", until) for name in dict.fromkeys(options.what)]
    _note(desk, [checked(one, known, day) for one in said])
    print(f"{len(said)} {answer}, on the ledger")
    return 0


def _export(desk: Desk) -> int:
    """A workbook for each bench; findings without one go to the court."""
    from pipelines.reports.worklist import write_worklist

    found, rules, refresh = _known(desk)
    folder = Path(desk.options.output)
    if not folder.is_dir():
        raise ValueError(f"--output [{folder}] is no folder. Make it, or name another")
    owners: dict[tuple[str, str], list[Finding]] = {}
    for one in _chosen(desk, found):
        owners.setdefault((one.court or "", one.bench or ""), []).append(one)
    for (court, bench), mine in sorted(owners.items()):
        name = "_".join(part for part in ("worklist", refresh.id, court, bench) if part).replace("/", "-")
        target = folder / f"{name}.xlsx"
        write_worklist(mine, rules, refresh, desk.lang, target)
        note(f"written    {target} ({len(mine)})")
    if not owners:
        print("no finding is on the worklist: there is nothing to export")
    return 0


def _import(desk: Desk) -> int:
    """The answers of worklists that came back; 1 where a row cannot be taken."""
    from warehouse.intake.ledger import Ledger
    from warehouse.intake.refused import FileRefused
    from warehouse.refresh.worklists import take_worklist
    from warehouse.store.swap import locked

    if not desk.options.what:
        raise ValueError("`findings import` needs the workbooks that came back. `caseload findings export` makes them")
    numbers, is_whole = [one.number for one in _known(desk)[0]], True
    for name in desk.options.what:
        path = Path(name)
        if not path.is_file():
            raise ValueError(f"there is no file [{path}]. Name a workbook that `caseload findings export` made")
        try:
            with locked(desk.place):
                taken, bad = take_worklist(Ledger(desk.place.landing), path, numbers, desk.now(), getuser())
        except FileRefused as refused:
            raise ValueError(str(refused)) from None
        for row in bad:
            print(f"{path.name}, line {row.line}: {row.reason}. Mend the row and import the file again")
        print(f"{path.name}: {len(taken)} answers taken" + (f", {len(bad)} rows not" if bad else ""))
        is_whole = is_whole and not bad
    return 0 if is_whole else 1


def _note(desk: Desk, said: Sequence[Response]) -> None:
    from warehouse.intake.ledger import Ledger
    from warehouse.intake.responses import DECISION
    from warehouse.store.swap import locked

    at, answers = desk.now().isoformat(timespec="seconds"), [one.as_noted() for one in said]
    with locked(desk.place):
        Ledger(desk.place.landing).add("decision", at=at, decision=DECISION, who=getuser(), responses=answers)


def _known(desk: Desk) -> tuple[list[Finding], Mapping[str, Rule], Refresh]:
    """Every finding as known at the publication asked for, with the rules of its day."""
    from warehouse.audit.worklist import worklist

    with desk.reader(desk.options.as_of) as reader:
        return *worklist(desk.place, reader, desk.options.as_of is not None), reader.snapshot.refresh


def _chosen(desk: Desk, found: Sequence[Finding], status: str | None = None) -> list[Finding]:
    options: Any = desk.options
    wanted = status or options.status
    return [
        one for one in found
        if wanted in ("all", one.status)
        and options.rule in (None, one.rule_id) and options.court in (None, one.court) and options.bench in (None, one.bench)
    ]  # fmt: skip
