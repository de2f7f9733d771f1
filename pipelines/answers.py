"""Commands that ask: status, figures, explain and the like. Each prints its answer and gives the exit code of interface.md.

Only JSON goes to standard output where JSON is asked for; progress and notes go to standard error.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.desk import Desk, note, note_synthetic, print_json, where_of
from pipelines.reports.proofs import ledger_sizes
from pipelines.reports.words import breaks_in, columns, compared_cells, said, say, shown, withheld_lines
from warehouse.reading.figure import Asked
from warehouse.reading.figures import Reader, headline
from warehouse.reading.snapshot import Snapshot, Unknown, snapshot

if TYPE_CHECKING:
    from warehouse.catalogue.metric import Metric
    from warehouse.reading.change import Against


def answer_status(options: argparse.Namespace) -> int:
    """The operator's question: did last night run, and may it be believed?"""
    from pipelines.reports.status import status_lines, status_of

    desk = Desk(options)
    status = status_of(desk.place, desk.profile)
    if options.history:
        status["history"] = _refreshes(desk)
    if options.json:
        print_json(status)
    else:
        print("\n".join(status_lines(status, desk.lang)))
    return 0 if status["is_fresh"] else 1


def answer_refreshes(options: argparse.Namespace) -> int:
    """The publications, oldest first."""
    desk = Desk(options)
    found = _refreshes(desk)
    if options.json:
        print_json(found)
    else:
        rows = [["id", "published", "deliveries", "counted to", "head"]]
        rows += [[r["id"], r["published_at"], str(r["deliveries"]), r["counting_day"], r["head"][:16]] for r in found]
        print("\n".join(columns(rows)))
    return 0


def _refreshes(desk: Desk) -> list[dict[str, Any]]:
    if not desk.place.warehouse.exists():
        return []
    sizes = ledger_sizes(desk.place)
    with snapshot(desk.place.warehouse) as snap:
        return [
            {"id": r.id, "published_at": r.published_at, "deliveries": r.deliveries, "counting_day": str(r.counting_day),
             "head": r.head, "ledger_size": sizes.get(r.id), "bundle": r.bundle, "is_synthetic": r.is_synthetic}
            for r in snap.all_refreshes
        ]  # fmt: skip


def answer_ledger(options: argparse.Namespace) -> int:
    """The head of the ledger, or a proof with it; 1 where it does not extend an old head."""
    from pipelines.reports.proofs import asked

    found, lines = asked(Desk(options).place, options.action, options.which)
    if options.json:
        print_json(found)
    else:
        print("\n".join(lines))
    return 0 if found.get("extends", True) else 1


def answer_figures(options: argparse.Namespace) -> int:
    """Published figures in the asked form."""
    desk = Desk(options)
    where = where_of(options, "Ask for one value at a time, or by it: --by {}")
    by = tuple(name for name in options.by.split(",") if name)
    with desk.reader(options.as_of) as reader:
        names = [options.metric] if options.metric else headline(reader.snapshot)
        how = {"first": options.first, "last": options.last, "kind": options.period, "calendar": options.calendar}
        rows = [
            row for name in names for row in _figures(reader, reader.question(name, by=by, where=where, **how), options.compare)
        ]
        _print_figures(rows, options, desk, reader.snapshot)
    return 0


def _figures(reader: Reader, asked: Asked, against: Against | None) -> list[dict[str, Any]]:
    """The figures as JSON, with what they are compared with where that is asked."""
    if against is None:
        return [figure.as_json() for figure in reader.answer(asked)]
    from warehouse.reading.change import changes

    return [{**one.figure.as_json(), "compared": one.as_json()} for one in changes(reader, asked, against)]


def answer_reconcile(options: argparse.Namespace) -> int:
    """Published totals beside ours, and what other courts printed by our formulas; 1 where a total is another."""
    from pipelines.reports.reconciled import reconciled_json, reconciled_lines
    from warehouse.catalogue.lists import read_rows
    from warehouse.reading.printed import read_printed
    from warehouse.reading.reconcile import gaps, reconcile

    desk = Desk(options)
    own = desk.settings.profile_folder / "control_totals.csv"
    with desk.reader() as reader:
        found = reconcile(reader, read_rows(own) if own.is_file() else [])
        between, elsewhere = gaps(reader, found), read_printed(reader.snapshot.metrics)
        if options.json:
            print_json(reconciled_json(reader, found, between, elsewhere))
        else:
            print("\n".join(reconciled_lines(found, between, elsewhere, desk.lang)))
            note_synthetic(reader.snapshot.refresh)
    return 1 if any(one.best.verdict in ("different", "missed") for one in found) else 0


def answer_totals(options: argparse.Namespace) -> int:
    """Published totals; without a measure, which there are."""
    from pipelines.reports.totals import measure_lines, total_lines
    from warehouse.reading.totals import ask_totals, known_measures

    desk = Desk(options)
    where = where_of(options, "Ask for one value at a time")
    with desk.reader(options.as_of) as reader:
        if options.measure is None:
            if where or options.first or options.last or options.history or options.source:
                raise Unknown("--source, --where, --from, --to and --history need a measure. `caseload totals` lists them")
            known = known_measures(reader.snapshot)
            if options.json:
                print_json([one.as_json() for one in known])
            else:
                print("\n".join(measure_lines(known)))
            return 0
        found = ask_totals(reader.snapshot, options.measure, source=options.source, where=where, first=options.first,
                           last=options.last, history=options.history)  # fmt: skip
    if options.json:
        print_json([one.as_json() for one in found])
    else:
        print("\n".join(total_lines(found, options.history)))
    return 0


def _print_figures(rows: list[dict[str, Any]], options: argparse.Namespace, desk: Desk, snap: Snapshot) -> None:
    if options.format == "json":
        print_json(rows)
        return
    from pipelines.reports.tables import csv_text, write_workbook

    if options.format == "csv":
        print(csv_text(rows), end="")
    elif options.format == "xlsx":
        target = Path(options.output or "figures.xlsx")
        write_workbook(rows, target)
        note(f"wrote {target}")
    else:
        header = ["figure", "value", "numerator", "denominator", "status"]
        lines = [
            [
                r["figure_id"],
                shown(r, desk.lang),
                _number(r["numerator"]),
                _number(r["denominator"]),
                r["reason"] or r["status"],
            ]
            for r in rows
        ]
        if options.compare:
            header += [f"against {options.compare}", "was", "change"]
            lines = [[*line, *compared_cells(row, desk.lang)] for line, row in zip(lines, rows, strict=True)]
        print("\n".join(columns([header, *lines], frozenset({1, 2, 3, 6, 7}))))
        for mark in breaks_in(rows, desk.lang):
            note(mark)
        note_synthetic(snap.refresh)


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def answer_explain(options: argparse.Namespace) -> int:
    """From a figure to its rows; or all that is known of a case."""
    desk = Desk(options)
    name, _, refresh = options.figure.partition("@")
    with desk.reader(refresh or options.as_of) as reader:
        found, lines = _told(desk, reader, name, options)
    if options.json:
        print_json(found)
    else:
        print("\n".join(lines))
    return 0


def _told(desk: Desk, reader: Reader, name: str, options: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    """A case, or a figure, as JSON and as lines."""
    if name.startswith("case:"):
        from pipelines.reports.case import case_lines
        from warehouse.audit.case import tell_case

        case = tell_case(desk.place, reader, name.removeprefix("case:"))
        return case, case_lines(case, desk.lang)
    if options.case:
        from pipelines.reports.explained import why_lines
        from warehouse.audit.why import why

        told = why(desk.place, reader, reader.parse(options.figure), options.case)
        return told, why_lines(told, desk.lang)
    from pipelines.reports.explained import explained_lines
    from warehouse.audit.explain import explain

    found = explain(desk.place, reader, reader.parse(options.figure), max(0, options.rows))
    return found, explained_lines(found, desk.lang)


def answer_sources(options: argparse.Namespace) -> int:
    """The contracts of the profile; a dry run of one file; a draft for an unknown one."""
    if options.action == "check":
        return _check(options)
    if options.action == "infer":
        from pipelines.sources import infer

        return infer(Desk(options), options)
    from warehouse.catalogue.bundle import read_catalogue

    desk = Desk(options)
    contracts = read_catalogue(desk.settings.profile_folder).profile.contracts
    if options.json:
        print_json([contract.model_dump(mode="json") for contract in contracts.values()])
        return 0
    for contract in contracts.values():
        title = contract.title_zh if desk.lang == "zh" else contract.title_en
        print(f"{contract.source}: {title} ({contract.kind}, version {contract.version})")
        folder = contract.delivered_with or contract.source
        print(f"  files {contracts[folder].file.names} in {desk.place.inbox / folder}")
        rows = [[f"  {name}", column.header, column.type, "must" if column.required else "may"]
                for name, column in contract.columns.items()]  # fmt: skip
        print("\n".join(columns(rows)))
    return 0


def _check(options: argparse.Namespace) -> int:
    """What a refresh would make of a file; 1 where it would not pass."""
    from pipelines.reports.checked import checked_json, checked_lines
    from pipelines.settings import program_version
    from warehouse.catalogue.bundle import read_catalogue
    from warehouse.refresh.check import check

    if not options.file or not options.source:
        raise Unknown("a check needs a file and its source: `caseload sources check FILE --source S`")
    file = Path(options.file)
    if not file.is_file():
        raise Unknown(f"there is no file [{file}]")
    catalogue = read_catalogue(Desk(options).settings.profile_folder)
    found = check(catalogue, options.source, file, program_version())
    if options.json:
        print_json(checked_json(found, file.name))
    else:
        print("\n".join(checked_lines(found, file.name)))
    return 0 if found.passes else 1


def answer_quarantine(options: argparse.Namespace) -> int:
    """Rows set aside: their causes, then each with place and reason."""
    from pipelines.reports.quarantine import quarantine_lines, quarantine_rows

    desk = Desk(options)
    with desk.reader(options.as_of) as reader:
        found = quarantine_rows(reader.snapshot, options.source, options.reason, options.status, desk.deliveries())
    if options.json:
        print_json(found)
    else:
        print("\n".join(quarantine_lines(found, with_fields=options.action == "show")))
    return 0


def answer_quality(options: argparse.Namespace) -> int:
    """The rules and their verdicts on a refresh, named as they were then; 1 where one does not hold."""
    from warehouse.quality.rule import read_rules
    from warehouse.refresh.bundles import catalogue_of

    desk = Desk(options)
    with desk.reader(options.as_of) as reader:
        verdicts = reader.snapshot.ask("published/verdicts", {})
        gates, lacking = reader.snapshot.gates, reader.snapshot.not_recounted
        with catalogue_of(desk.place, reader.snapshot.refresh.bundle) as catalogue:
            rules = read_rules(catalogue)
    answer = [
        {"id": v["rule_id"], "severity": v["severity"], "looks_at": v["looks_at"], "rows_looked_at": v["rows_looked_at"],
         "failing": v["failing"], "holds": v["holds"],
         "name_zh": rules[v["rule_id"]].name_zh if v["rule_id"] in rules else None,
         "name_en": rules[v["rule_id"]].name_en if v["rule_id"] in rules else None,
         "withholds": sorted({g.metric for g in gates if g.reason.startswith(f"{v['rule_id']}:")}),
         **({"not_recounted": lacking} if v["rule_id"] == "RECOUNT" else {})}
        for v in sorted(verdicts, key=lambda v: v["rule_id"])
    ]  # fmt: skip
    if options.json:
        print_json(answer)
    else:
        name = "name_zh" if desk.lang == "zh" else "name_en"
        rows = [["rule", "severity", "rows looked at", "failing", "verdict", ""]]
        rows += [[a["id"], a["severity"], f"{a['rows_looked_at']:,}", f"{a['failing']:,}",
                  "holds" if a["holds"] else "broken", a[name] or ""] for a in answer]  # fmt: skip
        print("\n".join(columns(rows, frozenset({2, 3}))))
        if lacking:
            print(f"not recounted: {', '.join(lacking)}")
        for line in withheld_lines((g.metric, g.reason) for g in gates):
            print(line)
    return 0 if all(a["holds"] for a in answer) and not gates else 1


def answer_metrics(options: argparse.Namespace) -> int:
    """The dictionary of metrics."""
    from warehouse.catalogue.bundle import read_catalogue
    from warehouse.catalogue.metric import unknown_metric

    desk = Desk(options)
    catalogue = read_catalogue(desk.settings.profile_folder)
    chosen = list(catalogue.metrics.values())
    if options.id:
        wanted = options.id.partition(".")[0]
        if wanted not in catalogue.metrics:
            raise Unknown(unknown_metric(wanted, list(catalogue.metrics)))
        chosen = [catalogue.metrics[wanted]]
    if options.json:
        print_json([{**m.model_dump(mode="json"), "applies": catalogue.applies(m)} for m in chosen])
        return 0
    for m in chosen:
        name, text = (m.name_zh, m.definition_zh) if desk.lang == "zh" else (m.name_en, m.definition_en)
        if not options.id:
            print(f"{m.id:28} {name}")
            continue
        print(f"{m.id} · {m.name_zh} · {m.name_en}  [{m.kind}]\n  {text}")
        print("\n".join(f"  {say(label, desk.lang)}{told}" for label, told in _facts(m, desk.lang)))
        for name, variant in m.variants.items():
            told = (variant.name_zh, variant.note_zh) if desk.lang == "zh" else (variant.name_en, variant.note_en)
            print(f"  {m.id}.{name}: {'. '.join(filter(None, told))}{f' [{variant.formula}]' if variant.formula else ''}")
    if not options.id:
        print("\n".join(_uncounted(desk.lang)))
    return 0


def _facts(m: Metric, lang: str) -> list[tuple[tuple[str, str], str]]:
    """What is told of a definition, line by line, each with its label in both languages."""
    return [
        (("formula: ", "公式："), m.formula),
        (("population: ", "统计对象："), said(m, "population", lang)),
        (("date rule: ", "按哪一天："), said(m, "date_rule", lang)),
        (("scope: ", "统计口径："), said(m, "scope", lang)),
        (("not counted: ", "不计入："), said(m, "exclusions", lang)),
        (("dimensions: ", "维度："), ", ".join(m.dimensions)),
        (("variants: ", "其他口径："), ", ".join(m.variants) or say(("none", "无"), lang)),
        (("source: ", "依据："), said(m, "source", lang)),
    ]


def _uncounted(lang: str) -> list[str]:
    """What no cells are counted for: how it is asked, or why it is not."""
    from warehouse.catalogue.metric import not_counted

    is_zh = lang == "zh"
    lines = ["", "另行提供的指标" if is_zh else "asked otherwise"]
    elsewhere = {name: one for name, one in not_counted().items() if one.asked_with}
    lines += [f"{name:28} {one.name_zh if is_zh else one.name_en}: {one.asked_with}" for name, one in elsewhere.items()]
    lines += ["", "不统计的指标" if is_zh else "not counted"]
    for name, one in not_counted().items():
        if name not in elsewhere:
            told = (one.name_zh, one.reason_zh) if is_zh else (one.name_en, one.reason_en)
            lines.append(f"{name:28} {': '.join(told)}")
    return lines
