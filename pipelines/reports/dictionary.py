"""The dictionaries of docs/: metrics, rules and tables as pages, made from the definitions that the program counts by.

`python -m pipelines.reports.dictionary [FOLDER]` writes them (default: docs/ of this checkout), and a test holds that they
are up to date. Belongs here: from definitions to Markdown. Does not belong here: what a definition says (warehouse/).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from warehouse.catalogue.bundle import PROFILES, read_catalogue
from warehouse.catalogue.columns import Lineage, columns_of, read_lineage
from warehouse.catalogue.documents import load
from warehouse.catalogue.metric import Metric, Target, not_counted, read_metrics
from warehouse.catalogue.profile import Profile, Settings
from warehouse.catalogue.query import HOUSE
from warehouse.catalogue.table import Table, read_tables
from warehouse.quality.rule import SOURCES, Rule, not_asked

COMMAND = "python -m pipelines.reports.dictionary"
NOTE = f"<!-- Made by `{COMMAND}` from the definitions. Change those, not this page. -->"

METRICS = """\
# The metrics (指标)

Each is defined once, in `warehouse/definitions/`, with its query in `sql/metrics/`. `caseload metrics` prints the same text.

- A **flow** is counted on a day: one member a thing, and a span of months is the sum of its months.
- A **stock** is held at a moment: at the end of the last day of the span (`pending_start`: before its first day). Stocks are
  never summed over periods.
- A **share** has a numerator and a denominator of the same members, and carries its two-sided 95 % Wilson interval.
- A **mean** is one sum over members divided by another, as days or amounts: it may exceed 1 and carries no interval.
- A **ratio** is a formula over other metrics of the same span and scope, divided last. It has no query of its own.

A variant is another reading of the same members, written `metric.variant`. `without_resumed`, `without_preservation` and
`with_mediation` are scopes: the same narrowing or widening of each metric that has them (`warehouse/scopes/`), printed on the
figure, and in a ratio on each of its parts. Where a metric is not in force yet, the figure is
`undefined` with the reason `not_in_force`; where a profile has no such cases, it is `not_applicable`."""

QUALITY = """\
# The rules (规则)

A rule is a query that returns the rows that break it (`sql/rules/`), and what that means (`warehouse/rules/`). Great
Expectations asks every rule at every refresh. `caseload quality` shows the verdicts with the number of rows looked at, since a
rule that looked at nothing holds as well.

- A rule on a **row** looks at the rows of the new deliveries. Where it blocks, the row is set aside: the case keeps its last
  accepted version. Where it warns, the row is counted and the finding is kept.
- A rule on a **set** looks at cells, totals, or cases as they stand. Where it blocks, the figures that it names are withheld in
  the court, family or type of cases, and span in which it is broken; all others are shown.
- A rule on the **run** stops the publication, and the last one stands.
- Up to its **tolerance** a rule that blocks only warns: one on rows while no larger share of the rows breaks it, one on a set
  of each breach that is no further off.

Some things are decided without a query. `TORN` sets a record aside that does not fit its header, `TYPE` a row with a value that
cannot be typed, `EVENT` all events of a case of which one cannot be read or placed. `SET_ASIDE` withholds all figures of a
court and source where the rows set aside and not rectified since exceed both the share and the number in the profile
(`set_aside`, default 0.5 % and 5 rows). Rows of no court, or of one that is none of the profile, are held against all rows
of the source. A broken ledger stops the publication.

To add a rule ([with the whole files](adding.md#a-rule)):

1. Say what it means in `warehouse/rules/OWN01.yml`, or in `rules/OWN01.yml` of one court's profile.
2. Say which rows break it: `sql/rules/OWN01.sql`, a query beside the profile's file, or there a line `broken_where`.
3. Draw in `tests/quality/test_rules.py` a docket that breaks it and nothing else, and one that just does not.
4. `caseload refresh` asks it, `caseload quality` tells the verdict, `caseload findings list` who has to mend what.
5. `python -m pipelines.reports.dictionary` puts it on this page."""

TABLES = """\
# The tables (数据表)

What each column means, from `warehouse/tables/<layer>/<table>.yml`. A refresh stops where a table comes out with other columns
or types, and tests hold every key unique.

- **made anew**: at every refresh, from its query in `sql/`, or by a step where it has none.
- **added to**: rows stay as they are, new ones join them.
- **spans closed and opened**: each row carries the refreshes over which it held; a new value closes its span, opens another.
- **a view**: asked anew whenever it is read.
- **files**: one Parquet file for each delivery, outside `warehouse.duckdb`, shown to SQL as a view while a refresh runs.

A column marked *restricted* never reaches the layer `published`. *Made of* names the columns that a value is made of, one step
back, parsed from the query; [data_dictionary.md](data_dictionary.md) leads from headers to metrics. The layers stand in
[architecture.md](architecture.md)."""

PUBLISHED = """\
# The data dictionary (数据字典)

What people ask of the published file by `caseload sql`, in both languages, and where each column and each metric comes from.
Both are parsed from the queries, the contracts and the definitions, so they are what runs.

- **made of**: the columns that its value is made of, one step back. The steps before stand in [tables.md](tables.md).
- **reads**: the columns that the query of a metric reads, for its values or its conditions.
- **headers**: the columns of the court's files (profile `shengzhou`) on which a metric depends, through every step: of its
  values, and of the rows that are counted. Corrections by hand may change any of them and are left out."""

KEPT = {"replace": "made anew", "append": "added to", "spans": "spans closed and opened", "view": "a view", "files": "files"}
TEXTS = (
    ("统计对象 · population", "population"), ("按哪一天 · counted on", "date_rule"), ("不计入 · not counted", "exclusions"),
    ("统计口径 · scope", "scope"),
)  # fmt: skip
MOST = 8
"""Columns named one by one."""
NEEDS = {
    "chinese_case_numbers": "Chinese case numbers", "control_totals": "control totals", "totals": "published totals",
    "snapshots": "snapshots of cases",
}  # fmt: skip


def pages(house: Path = HOUSE) -> dict[str, str]:
    """Every page by its path below docs/.

    Raises:
        DefinitionError: a definition does not hold together.
    """
    metrics = read_metrics(house / "warehouse/definitions", house / "sql")
    rules = [load(path, Rule) for path in sorted((house / "warehouse/rules").glob("*.yml"))]
    profiles = [load(path, Settings) for path in sorted(PROFILES.glob("*/profile.yml"))]
    return {
        "metrics/README.md": metrics_page(metrics, house),
        **{f"metrics/{one.id}.md": metric_page(one, profiles, rules, read_lineage(house), house) for one in metrics.values()},
        "quality.md": quality_page(rules, metrics, house),
        "tables.md": tables_page(read_tables(house / "warehouse/tables"), read_lineage(house)),
        "data_dictionary.md": published_page(read_lineage(house), metrics, house),
    }


def metrics_page(metrics: Mapping[str, Metric], house: Path = HOUSE) -> str:
    """All metrics in both languages, each leading to its page; and those that are asked otherwise, or not counted."""
    found = [
        ("id", "名称", "name", "kind", "unit"),
        *[(f"[`{m.id}`]({m.id}.md)", m.name_zh, m.name_en, m.kind, m.unit) for m in metrics.values()],
    ]
    refused = [("id", "名称", "name", "原因", "reason", "source")]
    elsewhere = [("id", "名称", "name", "asked with", "说明", "how", "source")]
    for name, one in not_counted(house).items():
        said = (one.reason_zh, one.reason_en, one.source)
        if one.asked_with:
            elsewhere.append((f"`{name}`", one.name_zh, one.name_en, f"`{one.asked_with}`", *said))
        else:
            refused.append((f"`{name}`", one.name_zh, one.name_en, *said))
    others = f"## Asked otherwise (另行提供)\n\nSee [statistics](../statistics.md).\n\n{_table(elsewhere)}"
    return _page(METRICS, _table(found), others, f"## Not counted (不统计)\n\n{_table(refused)}")


def metric_page(
    metric: Metric, profiles: Sequence[Settings], rules: Sequence[Rule], lineage: Lineage, house: Path = HOUSE
) -> str:  # fmt: skip
    """One metric in both languages: what it counts, by which formula and source, from which columns."""
    refusing = [f"`{profile.id}`" for profile in profiles if metric.id in profile.not_applicable]
    rows = [
        ("名称 · name", f"{metric.name_zh} · {metric.name_en}"),
        ("kind, unit", f"{metric.kind}, {metric.unit}"),
        ("formula", f"`{metric.formula}`" if metric.kind == "ratio" else metric.formula),
        ("formula id", f"`{metric.formula_id}`" if metric.formula_id else ""),
        *[(name, _both(metric, key)) for name, key in TEXTS],
        ("by", ", ".join(f"`{name}`" for name in metric.dimensions)),
        ("needs", ", ".join(f"`{name}`" for name in metric.needs)),
        ("uses, where delivered", ", ".join(f"`{name}`" for name in metric.uses)),
        ("in force", f"since {metric.in_force_from}" if metric.in_force_from else ""),
        ("target", f"at least {metric.target.value:.0%}. {_both(metric.target, 'source')}" if metric.target else ""),
        *[(f"`{metric.id}.{name}`", _variant(metric, name)) for name in metric.variants],
        ("not applicable in", ", ".join(refusing)),
        ("依据 · source", _both(metric, "source")),
        ("query", "none" if metric.kind == "ratio" else f"`sql/{metric.members}.sql`"),
        ("made of", ", ".join(f"[`{part}`]({part}.md)" for part in metric.parts)),
        ("[rules · 规则](../quality.md)", ", ".join(f"`{one.id}`" for one in rules if _guards(one, metric))),
        ("列 · columns of the files", _headers(metric, lineage, house)),
    ]
    told = _table([("", ""), *[row for row in rows if row[1]]])
    title = f"# `{metric.id}` {metric.name_zh}\n"
    return _page(title, metric.definition_zh, metric.definition_en, told, "[All metrics](README.md)")


def _both(of: Metric | Target, key: str) -> str:
    """A text in both languages, the Chinese first."""
    return " · ".join(text for text in (getattr(of, f"{key}_zh"), getattr(of, key)) if text)


def _variant(metric: Metric, name: str) -> str:
    variant = metric.variants[name]
    notes = " ".join(note for note in (variant.note_zh, variant.note_en) if note)
    formula = f" Formula `{variant.formula_id}`." if variant.formula_id else ""
    formula += f" `{variant.formula}`." if variant.formula else ""
    official = "" if variant.official else " Not official."
    return f"{variant.name_zh} · {variant.name_en}.{f' {notes}' if notes else ''}{formula}{official}"


def quality_page(rules: Iterable[Rule], metrics: Mapping[str, Metric], house: Path = HOUSE) -> str:
    """All rules, of whatever profile, in one table, and those of the dictionary that are not asked in another."""
    rows = [("id", "名称", "name", "severity", "looks at", "broken by", "withholds", "处理", "remedy")]
    rows += [
        (f"`{rule.id}`", rule.name_zh, rule.name_en, rule.severity, _looks_at(rule), rule.condition,
         withheld_by(rule, metrics), rule.remedy_zh, rule.remedy_en)
        for rule in rules
    ]  # fmt: skip
    refused = [("id", "名称", "name", "原因", "reason")]
    refused += [(f"`{name}`", one.name_zh, one.name_en, one.reason_zh, one.reason_en) for name, one in not_asked(house).items()]
    return _page(QUALITY, _table(rows), f"## Not asked (不适用)\n\n{_table(refused)}")


def _looks_at(rule: Rule) -> str:
    needs = [NEEDS.get(need) or f"`{need}`" for need in rule.applies_to]
    only = f"; only with {' and '.join(needs)}" if needs else ""
    return f"{rule.looks_at}: `{rule.table}`{only}"


def withheld_by(rule: Rule, metrics: Mapping[str, Metric]) -> str:
    """What a broken rule keeps from being counted or shown, in words."""
    if rule.severity != "blocks":
        return "nothing"
    if rule.looks_at != "set":
        return {"row": "the row", "run": "the publication"}[rule.looks_at]
    if "*" in rule.figures:
        return "all figures"
    sources = [f"all that is counted from `{name}`" for name in rule.figures if name in SOURCES]
    named = [m.id for m in metrics.values() if m.id in rule.figures or _is_made_of(m, rule.figures)]
    return ", ".join([*sources, *(f"`{name}`" for name in named)])


def _is_made_of(metric: Metric, figures: Iterable[str]) -> bool:
    return metric.kind == "ratio" and bool(set(metric.parts) & set(figures))


def tables_page(tables: Mapping[str, Table], lineage: Lineage) -> str:
    """All tables by layer: grain, key, columns, and what each column is made of."""
    found = [("table", "grain", "kept")]
    found += [(f"[`{name}`](#{name.replace('.', '')})", table.grain, KEPT[table.kept]) for name, table in tables.items()]
    return _page(TABLES, _table(found), *[_section(name, table, lineage) for name, table in tables.items()])


def _section(name: str, table: Table, lineage: Lineage) -> str:
    has_lineage = any((name, column) in lineage.made_from for column in table.columns)
    rows = [("column", "type", "meaning", *(["made of"] if has_lineage else []))]
    for column, spec in table.columns.items():
        unit = f" ({spec.unit})" if spec.unit else ""
        restricted = " *restricted*" if spec.privacy == "restricted" else ""
        made = [_made_of(lineage, name, column)] if has_lineage else []
        rows.append((f"`{column}`", spec.type, f"{spec.meaning}{unit}{restricted}", *made))
    key = ", ".join(f"`{column}`" for column in table.key)
    return f"## {name}\n\nGrain: {table.grain}. Key: {key}. Kept: {KEPT[table.kept]}.\n\n{_table(rows)}"


def published_page(lineage: Lineage, metrics: Mapping[str, Metric], house: Path = HOUSE) -> str:
    """The published tables in both languages with what they are made of, and the metrics with the headers behind them."""
    tables = {name: one for name, one in lineage.tables.items() if name.startswith("published.")}
    sections = []
    for name, table in tables.items():
        rows = [("column", "type", "meaning", "含义", "made of")]
        for column, spec in table.columns.items():
            unit = f" ({spec.unit})" if spec.unit else ""
            made = _made_of(lineage, name, column)
            rows.append((f"`{column}`", spec.type, spec.meaning + unit, spec.meaning_zh, made))
        sections.append(f"## {name}\n\n{table.grain}\n\n{table.grain_zh}\n\n{_table(rows)}")
    counted = [("metric", "名称", "reads", "headers")]
    for metric in metrics.values():
        read = columns_of(metric, lineage, house / "sql")
        reads = ", ".join(f"`{table.partition('.')[2]}.{column}`" for table, column in sorted(read))
        made = reads or "of " + ", ".join(f"`{part}`" for part in metric.parts)
        counted.append((f"[`{metric.id}`](metrics/{metric.id}.md)", metric.name_zh, made, _headers(metric, lineage, house)))
    return _page(PUBLISHED, *sections, f"## From headers to metrics\n\n{_table(counted)}")


def _guards(rule: Rule, metric: Metric) -> bool:
    """Whether a broken rule says something of a metric: of its rows, of itself, its parts or sources, or of all."""
    sources = {*metric.needs, *metric.uses}
    if rule.looks_at == "row":
        return any(rule.table.endswith(f"_{source}") for source in sources if "." not in source)
    return bool({"*", metric.id, *metric.parts, *sources} & set(rule.figures))


def _headers(metric: Metric, lineage: Lineage, house: Path) -> str:
    """The columns of the reference court's files behind a metric; nothing of a ratio, which is made of others."""
    headers: dict[str, list[str]] = {}
    for source, header, _ in lineage.headers(_profile(), columns_of(metric, lineage, house / "sql")):
        if source != "corrections":
            headers.setdefault(source, []).append(header)
    return "; ".join(f"{source}: {'、'.join(names)}" for source, names in headers.items())


@cache
def _profile() -> Profile:
    return read_catalogue(PROFILES / "shengzhou").profile


def _made_of(lineage: Lineage, table: str, column: str) -> str:
    """The columns one step back, shortened where they are many."""
    found = sorted(lineage.made_from.get((table, column), ()))
    shown = ", ".join(f"`{one}.{name}`" for one, name in found[:MOST])
    return shown + (f" and {len(found) - MOST} more" if len(found) > MOST else "")


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a Markdown table, the first as its head; what would end a cell is escaped."""
    cells = [[" ".join(cell.split()).replace("|", "\\|").replace("<", "&lt;") for cell in row] for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join([lines[0], f"|{' --- |' * len(rows[0])}", *lines[1:]])


def _page(intro: str, *parts: str) -> str:
    title, _, text = intro.partition("\n")
    return "\n\n".join(part for part in (title, NOTE, text.strip(), *parts) if part) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes the pages into the folder named, docs/ of this checkout by default."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    folder = Path(words[0]) if words else HOUSE / "docs"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
        print(f"wrote {folder / name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
