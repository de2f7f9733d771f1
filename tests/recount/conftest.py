"""A bench on which both engines count: rows put into staged, taken by refreshes, and what either makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from warehouse.catalogue.query import read_query
from warehouse.intake.chronicle import Delivery, Taken
from warehouse.quality.agree import Agreement, agree
from warehouse.recount.docket import Docket
from warehouse.recount.every import recount
from warehouse.refresh.agreement import lists_of
from warehouse.refresh.count import count_metrics, keep_cells, make_table
from warehouse.refresh.reference import delivery_rows, list_rows

Row = dict[str, Any]
FEEDS = ("cases", "registrations", "clock_events", "enforcement_results", "corrections")
HISTORY = {
    "cases": "model.case_history", "registrations": "model.registration_history",
    "clock_events": "model.clock_event_history", "enforcement_results": "model.enforcement_result_history",
    "corrections": "model.correction_history",
}  # fmt: skip
NUMBERED = {"delivery_no", "record", "line", "is_duplicate"}


@dataclass
class Sent:
    """One delivery: what it feeds, its place in the world, the refresh that takes it, its rows, and keys set aside."""

    feeds: str
    extract_on: date
    rows: list[Row]
    kind: str = "delta"
    rank: int = 0
    refresh: int = 1
    aside: frozenset[str] = field(default_factory=frozenset)


class Engines:
    """Deliveries on a bench, and the cells of both engines."""

    def __init__(self, bench: Any) -> None:
        self.bench = bench

    def take(
        self, sent: list[Sent], counting_day: date, data_from: date = date(2012, 1, 1), drops_missing: bool = False
    ) -> None:
        """Takes deliveries into the model, refresh by refresh, as in production."""
        bench, profile = self.bench, self.bench.catalogue.profile
        settings = profile.settings.model_copy(update={"data_from": data_from})
        kinds = {one.feeds: one.kind for one in sent}
        contracts = {
            name: contract.model_copy(
                update={"kind": kinds.get(name, contract.kind), "on_missing": "drop" if drops_missing else "keep"}
            )
            for name, contract in profile.contracts.items()
        }
        profile = replace(profile, settings=settings, contracts=contracts)
        bench.work.catalogue = replace(bench.catalogue, profile=profile)
        bench.work.__dict__["counting_day"] = counting_day
        self._empty()
        known: list[tuple[Delivery, int, Taken]] = []
        for number, one in enumerate(sent, 1):
            delivery = Delivery(
                number,
                one.feeds,
                "",
                f"{number}.csv",
                f"{number:064}",
                one.extract_on,
                one.rank,
                one.extract_on,
                {},
                None,
                None,
            )
            known.append((delivery, one.refresh, Taken(number, "", 0, 0, 0)))
            self._stage(number, one)
        for name, rows in list_rows(profile, counting_day).items():
            bench.store.load(name, bench.catalogue.tables[name], rows)
        for number in sorted({one.refresh for one in sent}):
            bench.work.number = number
            self._refresh([k for k in known if k[1] <= number], number)
        self.known = known

    def _empty(self) -> None:
        """As if nothing had ever been delivered: to make a bench takes longer than what is counted on it."""
        store, tables = self.bench.store, self.bench.catalogue.tables
        for name in ("quality.set_aside", *HISTORY.values(), *(f"staged.{feeds}" for feeds in FEEDS)):
            store.ensure(name, tables[name])
            store.connection.execute(f"delete from {name}")

    def _stage(self, number: int, one: Sent) -> None:
        store, table = self.bench.store, self.bench.catalogue.tables[f"staged.{one.feeds}"]
        whole = [
            {"court_code": "浙0683", "is_duplicate": False, **row, "delivery_no": number, "record": record, "line": record + 1}
            for record, row in enumerate(one.rows, 1)
        ]
        assert not {name for row in whole for name in row} - set(table.columns)
        store.append(f"staged.{one.feeds}", table, [tuple(row.get(column) for column in table.columns) for row in whole])
        key = {"cases": "case_key", "registrations": "application_key"}.get(one.feeds, "record")
        aside = [row for row in whole if row[key] in one.aside]
        table = self.bench.catalogue.tables["quality.set_aside"]
        rows = [
            tuple(
                {"delivery_no": number, "record": row["record"], "case_key": row[key], "source": one.feeds}.get(column)
                for column in table.columns
            )
            for row in aside
        ]
        store.append("quality.set_aside", table, rows)

    def _refresh(self, known: list[tuple[Delivery, int, Taken]], number: int) -> None:
        bench = self.bench
        rows = delivery_rows(bench.catalogue.profile, known)
        bench.store.load("model.deliveries", bench.catalogue.tables["model.deliveries"], rows)
        taken = [delivery.delivery_no for delivery, refresh, _ in known if refresh == number]
        for feeds in FEEDS:
            bench.store.connection.execute(
                f"create or replace table staged.new_{feeds} as select * from staged.{feeds} "
                "where not is_duplicate and list_contains($taken, delivery_no)", {"taken": taken},
            )  # fmt: skip
        for name in bench.order if number == max(refresh for _, refresh, _ in known) else HISTORY.values():
            make_table(bench.work, name)

    def docket(self) -> Docket:
        """What the second engine is given."""
        bench, profile = self.bench, self.bench.catalogue.profile
        query = read_query(bench.catalogue.house / "sql", "quality/set_aside_keys")
        staged = {feeds: self.frame(f"select * from staged.{feeds}") for feeds in FEEDS}
        deliveries = pl.DataFrame(
            [
                (d.delivery_no, d.source, profile.contracts[d.source].kind == "snapshot", d.extract_on, d.rank, d.resent, d.sha256)
                for d, _, _ in self.known
            ],
            schema={"delivery_no": pl.Int64, "feeds": pl.String, "is_snapshot": pl.Boolean, "extract_on": pl.Date,
                    "rank": pl.Int64, "resent": pl.Int64, "sha256": pl.String}, orient="row",
        )  # fmt: skip
        return Docket(
            rows={feeds: frame.lazy() for feeds, frame in staged.items()},
            deliveries=deliveries,
            set_aside=bench.store.frame(query, {}),
            lists=lists_of(bench.work),
            data_from=profile.settings.data_from,
            counting_day=bench.work.counting_day,
            calendars={"cal_month": 31, "stat20_month": 20},
            drops_missing=bench.work.parameters()["drops_missing"],
        )

    def frame(self, sql: str) -> pl.DataFrame:
        """What a query gives."""
        from warehouse.catalogue.query import Query

        return self.bench.store.frame(Query("tests", sql), {})

    def counted(self, metrics: list[str] | None = None) -> pl.DataFrame:
        """The cells of the SQL, as they stand."""
        bench, stored = self.bench, self.bench.catalogue.stored_metrics
        for name in ("metrics.cells", "metrics.new_cells"):
            bench.store.load(name, bench.catalogue.tables[name], [])
        count_metrics(bench.work, [stored[metric] for metric in metrics or stored])
        keep_cells(bench.work)
        return self.frame("select * exclude (from_refresh, to_refresh) from metrics.cells where to_refresh is null")

    def agreement(self, docket: Docket | None = None) -> Agreement:
        """Whether the engines agree, on every metric of the profile."""
        return agree(self.counted(), recount(docket or self.docket()), list(self.bench.catalogue.stored_metrics))


@pytest.fixture(scope="session")
def new_engines(new_bench: Callable[[], Any]) -> Callable[[], Engines]:
    """Makes benches with both engines."""
    return lambda: Engines(new_bench())


@pytest.fixture(scope="module")
def engines(new_engines: Callable[[], Engines]) -> Iterator[Engines]:
    """A bench with both engines, shared by the tests of a module: each takes deliveries of its own."""
    made = new_engines()
    yield made
    made.bench.store.abandon()


def told(frame: pl.DataFrame, *columns: str) -> list[Mapping[str, Any]]:
    """These columns, in order."""
    return frame.select(columns).sort(columns).to_dicts()
