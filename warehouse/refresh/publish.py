"""The last step: what people see, then checkpoint, close, event, swap."""

from __future__ import annotations

import json
from typing import Any

from warehouse.catalogue.query import read_query
from warehouse.intake.access import head_now
from warehouse.intake.chronicle import refresh_id
from warehouse.refresh.count import make_table
from warehouse.refresh.openlineage import note_lineage
from warehouse.refresh.revision import guard_closed_years
from warehouse.refresh.work import Refreshing
from warehouse.store.form import SCHEMA_VERSION
from warehouse.store.swap import NotPublished, seal_work, swap


def make_published(work: Refreshing) -> None:
    """The tables of the published layer that are not cells: definitions, deliveries, verdicts, lineage, this refresh.

    Raises:
        NotPublished: a closed year moves further than the profile allows, and nobody accepts it.
    """
    guard_closed_years(work)  # before the head is taken: what a person accepts stands on the ledger before it
    make_table(work, "published.deliveries")
    make_table(work, "published.verdicts")
    _keep_definitions(work)
    store, tables = work.store, work.catalogue.tables
    store.load("published.lineage", tables["published.lineage"], _lineage(work))
    store.append("published.refreshes", tables["published.refreshes"], [_refresh_row(work)])
    store.drop("metrics.new_cells")


def check_blocking(work: Refreshing) -> list[str]:
    """Why this must not be published: rows that do not add up, a rule on the run that could not be asked, a broken ledger."""
    query = read_query(work.catalogue.house / "sql", "quality/blocking")
    broken = [f"{rule}: {what}" for rule, what in work.store.rows(query, work.parameters())]
    return broken + [f"LEDGER: {fault}" for fault in work.ledger.faults()]


def publish(work: Refreshing) -> str:
    """Closes, seals, notes and swaps; the refresh id.

    Raises:
        NotPublished: conservation or the ledger is broken, or nothing waits for publication. The last one stands.
    """
    broken = check_blocking(work)
    if broken:
        raise NotPublished(
            f"nothing is published, {len(broken)} things do not hold: {'; '.join(broken[:3])}. "
            "The last publication stands. See `caseload verify`"
        )
    note = work.note()
    work.close()
    sealed = seal_work(work.place)
    if work.replayed is None:
        seen = head_now(work.place.landing)
        work.ledger.add("refresh", **note, **({"access": seen} if seen else {}), warehouse=sealed)
        swap(work.place)
        note_lineage(work.place, work.catalogue.tables, work.program)
    work.published = refresh_id(work.number)
    return work.published


def _keep_definitions(work: Refreshing) -> None:
    """Each metric as it is defined now, beside what it was: a definition ends when anything in it changes."""
    store, number = work.store, work.number
    before = work.parameters()["refresh_before"]
    current = dict(
        store.connection.execute("select metric, definition from published.definitions where to_refresh is null").fetchall()
    )
    rows = []
    scope, scope_zh = work.catalogue.profile.settings.scope, work.catalogue.profile.settings.scope_zh
    ended = [name for name in current if name not in work.catalogue.metrics]  # removed: it has no figure from now on
    for metric in work.catalogue.metrics.values():
        own = {"applies": work.catalogue.applies(metric), "parts": list(metric.parts)}
        dumped = metric.model_dump(mode="json")
        if scope:
            own |= {"scope": scope, "scope_zh": scope_zh}
            for variant in (one for one in dumped["variants"].values() if one["of_scope"]):
                variant["scope"] = f"{scope}; {variant['name_en']}"
                variant["scope_zh"] = f"{scope_zh}；{variant['name_zh']}" if scope_zh else ""
        text = json.dumps({**dumped, **own}, ensure_ascii=False)
        if current.get(metric.id) != text:
            ended.append(metric.id)
            rows.append((metric.id, text, metric.version, number, None))
    store.connection.execute(
        "update published.definitions set to_refresh = $before where list_contains($ended, metric) and to_refresh is null",
        {"before": before, "ended": ended},
    )
    store.append("published.definitions", work.catalogue.tables["published.definitions"], rows)


def _lineage(work: Refreshing) -> list[tuple[str, str]]:
    edges = set()
    for layer in ("model", "metrics", "published"):
        for name, query in work.catalogue.queries(layer).items():
            edges |= {(f"{layer}.{name}", table) for table in query.tables if "." in table}
    # Of a query that several metrics share each of them is made.
    edges |= {(f"metrics.{m.id}", m.members.replace("/", ".")) for m in work.catalogue.metrics.values() if m.query}
    return sorted(edges)


def _refresh_row(work: Refreshing) -> tuple[Any, ...]:
    return (
        work.number, work.now.isoformat(timespec="seconds"), len(work.taking), work.taken_numbers(), work.counting_day,
        work.catalogue.profile.settings.data_from, _head_before(work), work.bundle, work.is_synthetic, SCHEMA_VERSION,
        work.program,
    )  # fmt: skip


def _head_before(work: Refreshing) -> str:
    """The head on which this refresh builds; in a replay that of its event."""
    if work.replayed is None:
        return work.ledger.head()
    return next(str(e["before"]) for e in work.ledger.events() if e.get("refresh_id") == refresh_id(work.number))
