"""From a figure to the rows it was counted from: definition, SQL as run, rules, and each row with file, line and hash.

Everything comes from the bundle and the knowledge of the figure's own refresh, so an old figure is explained as of then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from warehouse.audit.beside import Catalogues, events_beside, lines_beside
from warehouse.audit.making import making, parameters
from warehouse.catalogue.bundle import Catalogue
from warehouse.catalogue.metric import Metric
from warehouse.catalogue.query import HOUSE, Query, read_query
from warehouse.intake.chronicle import Chronicle, read_chronicle
from warehouse.intake.ledger import Ledger
from warehouse.intake.quarantine import place_of
from warehouse.intake.read import read_delivery, rows_as_delivered
from warehouse.quality.rule import read_rules
from warehouse.reading.figure import Asked, Figure
from warehouse.reading.figures import BY, Reader
from warehouse.refresh.bundles import catalogue_of
from warehouse.store.duck import named_rows
from warehouse.store.knowledge import model_as_of
from warehouse.store.place import Place

Row = dict[str, Any]


def explain(
    place: Place, reader: Reader, asked: Asked, rows: int, skip: int = 0, catalogues: Catalogues = catalogue_of
) -> dict[str, Any]:  # fmt: skip
    """The figure and all that stands behind it; at most `rows` of the counted rows, `rows_total` says how many there are.

    `skip` leaves out so many of the first: the rows stand in a fixed order, so that they can be read by the page.

    A figure that is not published has no rows: its reason says why.
    """
    figure = reader.answer(asked)[0]
    snapshot = reader.snapshot
    with catalogues(place, snapshot.refresh.bundle) as catalogue:
        shown: list[Row] = []
        beside: list[Row] = []
        total = 0
        parts = parts_of(catalogue, asked)
        queries = {one.name: members_in(catalogue, one.metric, "audit/flow_counted", "audit/stock_counted") for one, _ in parts}
        rows_of = _own("members")
        if figure.status == "published":
            with knowledge(reader, catalogue) as connection:
                for one, part in parts:
                    counted = _Counted(connection, queries[one.name], _values(catalogue, reader, one, figure), part)
                    shown += counted.page(rows - len(shown), max(0, skip - total))
                    total += counted.count()
                keys = list(dict.fromkeys(row["case_key"] for row in shown))
                beside = lines_beside(connection, catalogue, [one.metric for one, _ in parts], keys, snapshot.refresh.number)
        _add_lines(place, shown, beside, catalogues)
        _add_corrections(reader, shown)
        return {
            **figure.as_json(),
            "definition": {**snapshot.definitions[asked.metric.id]},
            "sql": {name: rows_of.over(counted=query).text for name, query in queries.items()},
            "rules": _rules(reader, catalogue, asked.metric),
            "rows_total": total,
            "rows": shown,
        }


def parts_of(catalogue: Catalogue, asked: Asked) -> list[tuple[Asked, str | None]]:
    """The readings whose members make up the figure, with the part that their rows are shown under.

    Its own (their rows say their part themselves); of a ratio its parts; of a scope also what it adds.
    """
    found: list[tuple[Asked, str | None]] = []
    for name in asked.metric.parts_of(asked.variant) or (asked.name,):
        metric, variant = catalogue.metrics[name.partition(".")[0]], name.partition(".")[2] or None
        one = replace(asked, metric=metric, variant=variant)
        adds = one.reading.adds if one.reading else ""
        is_ratio = asked.metric.kind == "ratio"
        found.append((one, name if is_ratio else metric.id if adds else None))
        if adds:
            found.append((replace(one, metric=catalogue.metrics[adds], variant=None), name if is_ratio else adds))
    return found


def members_in(catalogue: Catalogue, metric: Metric, flow: str, stock: str) -> Query:
    """The members by the query of the figure's day, inside a query of the program's own: that of flows, or of stocks."""
    outer = read_query(HOUSE / "sql", stock if metric.kind == "stock" else flow)
    return outer.over(members=read_query(catalogue.house / "sql", metric.members))


@contextmanager
def knowledge(reader: Reader, catalogue: Catalogue) -> Iterator[Any]:
    """A connection whose model is that of the figure's refresh: the published one, or made again for an earlier one."""
    snapshot = reader.snapshot
    snapshot.connection.execute("set threads = 2")
    if snapshot.refresh.number == snapshot.all_refreshes[-1].number:
        yield snapshot.connection
        return
    refresh = snapshot.refresh
    how = making(catalogue, refresh.counting_day, parameters(catalogue, refresh))
    connection = model_as_of(snapshot.connection, refresh.number, how)
    try:
        yield connection
    finally:
        connection.close()


@dataclass(frozen=True)
class _Counted:
    """The members of one reading that a figure counts, in their order: how many there are, and some of them."""

    connection: Any
    query: Query
    values: Row
    part: str | None

    def count(self) -> int:
        """How many there are."""
        whole = _own("member_count").over(counted=self.query)
        return int(self.connection.execute(whole.text, whole.bind(self.values)).fetchone()[0])

    def page(self, most: int, skip: int) -> list[Row]:
        """At most so many of them, the first left out; their rows are looked for last, for these alone."""
        if most <= 0:
            return []
        whole = _own("members").over(counted=_own("member_page").over(counted=self.query))
        rows = named_rows(self.connection.execute(whole.text, whole.bind({**self.values, "most": most, "skip": skip})))
        for row in rows:
            row["counted_on"] = str(row["counted_on"])
            row["part"] = self.part or row["part"]
        return rows


def _own(name: str) -> Query:
    return read_query(HOUSE / "sql", f"audit/{name}")


def _values(catalogue: Catalogue, reader: Reader, asked: Asked, figure: Figure) -> Row:
    return {**member_values(catalogue, reader, asked, figure), **{f"is_{d}": asked.where.get(d) for d in BY}}


def member_values(catalogue: Catalogue, reader: Reader, asked: Asked, figure: Figure) -> Row:
    """What the queries of the members ask for beside dimensions: of the day, the metric, its reading, and the figure's days."""
    metric = asked.metric
    return {
        **parameters(catalogue, reader.snapshot.refresh), **metric.parameters,
        **(asked.reading.parameters if asked.reading else {}), "leaves_out": asked.leaves_out,
        "metric": metric.id, "variant": asked.stored, **asked_days(reader, metric, figure),
    }  # fmt: skip


def asked_days(reader: Reader, metric: Metric, figure: Figure) -> dict[str, date]:
    """The days that the members are asked for: first and last of a flow, and the one of a stock, within the data."""
    refresh = reader.snapshot.refresh
    first, last = max(figure.first_day, refresh.data_from), min(figure.last_day, refresh.counting_day)
    day = first - timedelta(days=1) if metric.at == "start" else last
    return {"first_day": first, "last_day": last, "day": day}


def _add_lines(place: Place, rows: list[Row], beside: list[Row], catalogues: Catalogues) -> None:
    """Place and raw fields of each row, and the lines that it depends on beside its own, with theirs."""
    chronicle = read_chronicle(Ledger(place.landing).events())
    with ExitStack() as open_bundles:  # each is asked for by both steps
        for bundle in {chronicle.taken[row["delivery_no"]][0].bundle for row in rows}:
            open_bundles.enter_context(catalogues(place, bundle))
        beside = [*beside, *events_beside(place, chronicle, catalogues, rows)]
        _add_places(place, chronicle, [*rows, *beside], catalogues)
    of_member: dict[str, list[Row]] = defaultdict(list)
    for line in beside:
        of_member[line.pop("member_key")].append(line)
    for row in rows:
        row["beside"] = of_member[row["case_key"]]


def _add_places(place: Place, chronicle: Chronicle, rows: list[Row], catalogues: Catalogues) -> None:
    """File, place and raw fields of each row, read from the rows as text."""
    wanted: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        wanted[row["delivery_no"]].append(row["record"])
    by_bundle: dict[str, list[int]] = defaultdict(list)
    for number in wanted:
        by_bundle[chronicle.taken[number][0].bundle].append(number)
    raw: dict[tuple[int, int], Row] = {}
    places: dict[int, str] = {}
    for bundle, numbers in by_bundle.items():
        with catalogues(place, bundle) as then:
            for number in numbers:
                delivery = chronicle.deliveries[number]
                contract = then.profile.contracts[delivery.source]
                places[number] = read_delivery(place.landing, place.raw, delivery, contract).places
                fields = rows_as_delivered(place.raw, delivery, contract, wanted[number])
                raw |= {(number, record): found for record, found in fields.items()}
    for row in rows:
        delivery, record = chronicle.deliveries[row["delivery_no"]], row.pop("record")
        row["file"] = delivery.file
        row["place"] = place_of(places[row["delivery_no"]], row["line"], record)
        row["sha256"] = delivery.blob  # the bytes in which the line stands: redacted ones after an erasure
        row["erased_on"] = delivery.erased.get(record)
        row["raw"] = None if row["erased_on"] else raw[row["delivery_no"], record]


def _add_corrections(reader: Reader, rows: list[Row]) -> None:
    """What people corrected of each case by then, with file and line: the row as delivered says otherwise."""
    found = reader.snapshot.ask("audit/corrections_of", {"keys": [row["case_key"] for row in rows]})
    for row in rows:
        mine = [one for one in found if row["case_key"] in (one["case_key"], one["new_case_key"])]
        row["corrections"] = [{key: _plain(value) for key, value in one.items() if key != "new_case_key"} for one in mine]


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, date) else value


def _rules(reader: Reader, catalogue: Catalogue, metric: Metric) -> list[Row]:
    """The rules that guard the figure, with their verdicts at its refresh."""
    verdicts = dict(
        reader.snapshot.rows("select rule_id, holds from quality.verdicts where refresh_no = $n",
                             {"n": reader.snapshot.refresh.number})
    )  # fmt: skip
    parts = [metric, *(catalogue.metrics[part] for part in metric.parts)]
    guarded = {name for one in parts for name in (one.id, *one.added)}
    sources = {source for name in guarded for source in (*catalogue.metrics[name].needs, *catalogue.metrics[name].uses)}
    rules = []
    for rule in read_rules(catalogue).values():
        on_rows = rule.looks_at == "row" and any(f"_{source}" in rule.table for source in sources)
        if on_rows or guarded & set(rule.figures) or rule.looks_at == "run":
            rules.append({"id": rule.id, "name_zh": rule.name_zh, "name_en": rule.name_en, "severity": rule.severity,
                          "holds": verdicts.get(rule.id)})  # fmt: skip
    return rules
