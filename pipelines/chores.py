"""Commands that do something: refresh, erase, verify, rebuild, doctor, sample, serve.

Each gives the exit code of interface.md.
"""

from __future__ import annotations

import argparse
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.desk import Desk, note, print_json
from pipelines.reports.quarantine import quarantine_rows
from pipelines.reports.words import columns
from pipelines.settings import program_version
from warehouse.store.swap import NotPublished

if TYPE_CHECKING:  # Polars takes time to load, and every command comes by here
    from warehouse.catalogue.bundle import Catalogue
    from warehouse.refresh.shrink import Acceptance


def answer_refresh(options: argparse.Namespace) -> int:
    """Runs the nightly job once."""
    from pipelines.refresh import put_sample, run_refresh
    from pipelines.reports.screen import screen
    from warehouse.catalogue.bundle import read_catalogue

    desk = Desk(options)
    catalogue = read_catalogue(desk.settings.profile_folder)
    desk.place.make()
    if options.sample:
        put_sample(catalogue, desk.place, note)
    if options.preview:
        from pipelines.comparing import preview

        return preview(desk, catalogue, _acceptance(options, catalogue))
    outcome = run_refresh(desk.settings, catalogue, note, options.debug, _acceptance(options, catalogue))
    if outcome.failure:
        raise NotPublished(outcome.failure)
    if outcome.published is None:
        note("nothing new: the last publication stands")
    if desk.place.warehouse.exists():
        for line in screen(catalogue, desk.place, outcome.refused, desk.lang):
            print(line)
    else:
        for refused in outcome.refused:
            print(f"  refused: {refused.reason}")
        print("nothing is published yet. Put files into the inbox and run `caseload refresh`")
    return 0


def _acceptance(options: argparse.Namespace, catalogue: Catalogue) -> Acceptance | None:
    """What is let pass, by whom: snapshots of a source that lack much, closed years that move far.

    Raises:
        ValueError: no snapshots come from that source.
    """
    from warehouse.catalogue.documents import nearest
    from warehouse.refresh.shrink import Acceptance

    source = options.accept_shrink
    known = [name for name, contract in catalogue.profile.contracts.items() if contract.kind == "snapshot"]
    if source is None and not options.accept_revision:
        return None
    if source is not None and source not in known:
        raise ValueError(f"no source [{source}] delivers snapshots. {nearest(source, known) if known else 'None does'}")
    return Acceptance(getuser(), options.why or "looked at and found right", source, options.accept_revision)


def answer_release_rows(options: argparse.Namespace) -> int:
    """Reads deliveries with open rows again, by the contract as it is now, and publishes."""
    from pipelines.refresh import run_refresh
    from pipelines.reports.screen import screen
    from warehouse.catalogue.bundle import read_catalogue
    from warehouse.refresh.release import release

    desk = Desk(options)
    catalogue = read_catalogue(desk.settings.profile_folder)
    desk.place.make()
    with desk.reader() as reader:
        found = quarantine_rows(reader.snapshot, options.source, options.reason, "open", desk.deliveries())
    if not found:
        print("no row that is set aside is open: there is nothing to release")
        return 0
    released = release(desk.place, catalogue, {row["delivery_no"] for row in found}, getuser(), options.why)
    if not released:
        print(f"{_many(len(found), 'open row')}, and neither contract, code lists nor rules have changed since. "
              "Mend one of them, or the rows at their source")  # fmt: skip
        return 0
    for event in released:
        note(f"released   {event['file']} is read again")
    outcome = run_refresh(desk.settings, catalogue, note, debug=options.debug)
    if outcome.failure:
        raise NotPublished(outcome.failure)
    for line in screen(catalogue, desk.place, outcome.refused, desk.lang):
        print(line)
    return 0


def answer_release(options: argparse.Namespace) -> int:
    """Shows a withheld figure of the last publication all the same, with who says so and why."""

    from warehouse.intake.ledger import Ledger
    from warehouse.intake.released import DECISION
    from warehouse.store.swap import locked

    desk = Desk(options)
    if not options.why:
        raise ValueError("a release needs its reason, for the record: --why")
    with desk.reader() as reader:
        last = reader.snapshot.refresh.id
        asked = options.figure.partition("@")[2]
        if asked not in ("", last):
            raise ValueError(f"[{options.figure}] is of an earlier publication. A release is for the last one, {last}")
        (figure,) = reader.answer(reader.parse(options.figure))
    if figure.status != "withheld":
        raise ValueError(f"{figure.figure_id} is not withheld, it is {figure.status}. There is nothing to release")
    at = desk.now().isoformat(timespec="seconds")
    with locked(desk.place):
        Ledger(desk.place.landing).add("decision", at=at, decision=DECISION, who=getuser(), why=options.why,
                                       figure=figure.figure_id, withheld=figure.reason)  # fmt: skip
    with desk.reader() as reader:
        (figure,) = reader.answer(reader.parse(options.figure))
    print(f"{figure.figure_id}: {figure.value}, {figure.reason}")
    return 0


def answer_erase(options: argparse.Namespace) -> int:
    """Erases a person from the stored originals and everything made of them."""
    from pipelines.reports.erasure import erasure_json, erasure_lines
    from warehouse.catalogue.bundle import read_catalogue
    from warehouse.refresh.erase import erase

    desk = Desk(options)
    catalogue = read_catalogue(desk.settings.profile_folder)
    if not options.preview and not options.why:
        raise ValueError("an erasure needs its reason, for the record: --why. `--preview` shows what it would change")
    found = erase(desk.place, catalogue, options.key, options.source, getuser(), options.why or "", program_version(), note,
                  options.preview)  # fmt: skip
    if options.json:
        print_json(erasure_json(found, options.preview))
    else:
        print("\n".join(erasure_lines(found, options.preview)))
    return 0


def answer_verify(options: argparse.Namespace) -> int:
    """Whether anything was changed; 1 names what does not hold."""
    from warehouse.audit.heads import read_head
    from warehouse.audit.verify import verify

    desk, heads = Desk(options), [read_head(text) for text in options.head]
    if not 0 <= options.figures <= 100_000:
        raise ValueError(f"--figures [{options.figures}] is not from 0 to 100000")
    found = verify(desk.place, program_version(), options.full, note, heads, figures=options.figures, seed=options.seed)
    if options.json:
        print_json({"holds": not found.faults, "events": found.events, "blobs": found.blobs, "refreshes": found.refreshes,
                    "head": found.head, "figures": found.figures, "rows": found.rows,
                    "faults": [fault.__dict__ for fault in found.faults]})  # fmt: skip
    else:
        for fault in found.faults:
            print(fault.what if fault.what.startswith(f"{fault.name}:") else f"{fault.name}: {fault.what}")
        print(f"{found.events} events, {found.blobs} stored originals, {_many(found.refreshes, 'publication')}: "
              f"{'all hold' if not found.faults else f'{len(found.faults)} do not hold'}")  # fmt: skip
        if found.figures:
            print(f"{_many(found.figures, 'figure')} drawn, {_many(found.rows, 'row')} read again in the lines of their files")
        print(f"head {found.events}:{found.head}" if found.head else "the ledger has no head that could be believed")
    return 1 if found.faults else 0


def answer_rebuild(options: argparse.Namespace) -> int:
    """The warehouse anew from the ledger; 1 names the cells that came out differently."""
    from warehouse.refresh.replay import rebuild
    from warehouse.store.swap import locked

    desk = Desk(options)
    with locked(desk.place):
        found = rebuild(desk.place, program_version(), note)
    for difference in found.differences:
        print(difference)
    print(f"{_many(found.refreshes, 'refresh', 'es')} replayed, {len(found.differences) or 'no'} cells differ")
    return 1 if found.differences else 0


def _many(count: int, noun: str, plural: str = "s") -> str:
    return f"{count} {noun}{'' if count == 1 else plural}"


def answer_doctor(options: argparse.Namespace) -> int:
    """The set-up, each fault with its remedy."""
    from pipelines.ops.doctor import examine

    desk = Desk(options)
    found = examine(desk.place, desk.settings)
    print(
        "\n".join(
            columns([["well" if one.is_well else "ILL ", one.what, one.remedy if not one.is_well else ""] for one in found])
        )
    )
    return 0 if all(one.is_well for one in found) else 1


def answer_sample(options: argparse.Namespace) -> int:
    """Synthetic deliveries into a folder."""
    from pipelines.sample.deliveries import write

    written = write(Path(options.dir), cases=options.cases, seed=options.seed)
    print(f"{len(written)} synthetic files written to {options.dir}")
    return 0


def answer_serve(options: argparse.Namespace) -> int:
    """Serves the dashboard until it is stopped."""
    from pipelines.web.serve import serve

    desk = Desk(options)
    desk.bring_up_to_date()
    serve(desk.settings, options.host, options.port, note)
    return 0
