"""Deliveries taken one refresh after another: `deliver` puts rows into staged, `refresh` takes them into history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from warehouse.intake.chronicle import Delivery, Taken
from warehouse.refresh.count import make_table
from warehouse.refresh.reference import delivery_rows


class Dock:
    """What was delivered to a bench, and the refreshes that took it."""

    def __init__(self, bench: Any) -> None:
        self.bench = bench
        self.known: list[tuple[Delivery, int, Taken]] = []
        self.kinds: dict[str, str] = {}
        self.sources: dict[str, str] = {}
        bench.work.number = 0

    def deliver(
        self, extract_on: str, drawing: str, *, feeds: str = "cases", kind: str = "delta", rank: int = 0,
        sha256: str | None = None, aside: tuple[str, ...] = (), repeats: int | None = None, source: str = "",
    ) -> int:  # fmt: skip
        """Puts a delivery before the next refresh; its number. `aside` are the keys of rows that a rule sets aside.

        Of totals there may be several sources.
        """
        number, day = len(self.known) + 1, date.fromisoformat(extract_on)
        sha256, source = sha256 or f"{number:064}", source or feeds
        delivery = Delivery(number, source, "", f"{feeds}_{extract_on}.csv", sha256, day, rank, day, {}, None, repeats)
        self.known.append((delivery, self.bench.work.number + 1, Taken(number, "", 0, 0, 0)))
        self.kinds[source], self.sources[source] = kind, feeds
        if repeats is None:
            self.bench.put(f"staged.{feeds}", drawing, delivery_no=number)
        for key in aside:
            where = {"cases": "case_key", "registrations": "application_key", "totals": "total_key"}[feeds]
            kept = "row_key" if feeds == "totals" else where
            self.bench.store.connection.execute(
                f"insert into quality.set_aside by name select {number} as delivery_no, record, {kept} as case_key "
                f"from staged.{feeds} where delivery_no = {number} and {where} = '{key}'"
            )
        return number

    def refresh(self, only: str | None = None) -> int:
        """Takes what was delivered into history, as the next refresh; its number. `only` cases, registrations or totals."""
        bench, profile = self.bench, self.bench.catalogue.profile
        bench.work.number += 1
        bench.work.__dict__["counting_day"] = date(2016, 12, 31)
        contracts = {name: c.model_copy(update={"kind": self.kinds.get(name, c.kind)}) for name, c in profile.contracts.items()}
        for source in {one for one, feeds in self.sources.items() if feeds == "totals"}:
            contracts[source] = contracts["cases"].model_copy(update={"feeds": "totals", "kind": self.kinds[source]})
        rows = delivery_rows(replace(profile, contracts=contracts), self.known)
        bench.store.load("model.deliveries", bench.catalogue.tables["model.deliveries"], rows)
        taken = [delivery.delivery_no for delivery, number, _ in self.known if number == bench.work.number]
        made = {"cases": ["model.case_history"], "registrations": ["model.registration_history"],
                "totals": ["model.total_history", "published.totals"]}  # fmt: skip
        for feeds in [only] if only else made:
            bench.store.connection.execute(
                f"create or replace table staged.new_{feeds} as select * from staged.{feeds} "
                "where not is_duplicate and list_contains($taken, delivery_no)", {"taken": taken},
            )  # fmt: skip
            for name in made[feeds]:
                make_table(bench.work, name)
                bench.drawn.add(name)
        return int(bench.work.number)


@pytest.fixture
def dock(bench: Any) -> Dock:
    """An empty dock."""
    return Dock(bench)


@pytest.fixture
def deliver(dock: Dock) -> Callable[..., int]:
    """`deliver(extract_on, drawing, kind="snapshot", aside=("b",))` puts a delivery before the next refresh.

    Rows of `staged.cases` (or of `feeds="registrations"`, `feeds="totals"`); deliveries are numbered as they come.
    """
    return dock.deliver


@pytest.fixture
def refresh(dock: Dock) -> Callable[[], int]:
    """`refresh()` takes what was delivered since the one before; refreshes are numbered from 1."""
    return dock.refresh


@pytest.fixture(scope="session")
def new_dock(new_bench: Callable[[], Any]) -> Callable[[], Dock]:
    """Makes empty docks: for tests that need many."""
    return lambda: Dock(new_bench())
