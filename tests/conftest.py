"""`given` and `expect`: small tables drawn as text, in and out, on the SQL and the steps that run in production.

Here: how a drawing becomes a table, and what `expect` computes. Not here: what is expected, which stands in each test.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from warehouse.catalogue.bundle import Catalogue, find_profile, read_catalogue
from warehouse.catalogue.calendars import lead_of, parse_period
from warehouse.catalogue.metric import DIMENSIONS, Metric
from warehouse.catalogue.query import read_query
from warehouse.intake import land
from warehouse.intake.case_number import take_apart
from warehouse.intake.stage import numbering_of
from warehouse.reading.figures import Reader
from warehouse.reading.snapshot import Refresh, Snapshot
from warehouse.refresh.count import count_metrics, keep_cells, make_table
from warehouse.refresh.order import model_tables
from warehouse.refresh.publish import _keep_definitions
from warehouse.refresh.reference import case_type_rows, closing_manner_rows, list_rows
from warehouse.refresh.work import Refreshing
from warehouse.store.duck import DuckStore
from warehouse.store.place import Place

Row = dict[str, Any]

SOUND: dict[str, Row] = {
    "model.cases": {"court_code": "浙0683", "is_counted": "true"},
    "model.case_history": {"court_code": "浙0683", "type_code": "民初", "known_from": "1", "presence": "seen"},
    "model.correction_history": {"known_from": "1"},
    "model.case_spells": {"opened_as": "filed"},
    "model.registration_decisions": {"court_code": "浙0683", "population": "civil_first", "channel": "counter"},
    "model.case_clocks": {"limit_id": "ENF-1", "is_last": "true"},
    "model.deliveries": {"source": "cases", "feeds": "cases", "kind": "delta", "taken_in": "1", "is_synthetic": "false",
                         "rows_duplicate": "0", "rows_untyped": "0"},
    "staged.cases": {"court_code": "浙0683", "type_code": "民初", "procedure": "ordinary", "registered_on": "2016-03-01",
                     "is_duplicate": "false"},
    "staged.registrations": {
        "application_key": "SQ{row}", "court_code": "浙0683", "received_on": "2016-03-01", "channel": "counter",
        "population": "civil_first", "first_decision": "register", "decided_on": "2016-03-01",
        "registered_on": "2016-03-01", "case_number": "（2016）浙0683民初1号", "is_duplicate": "false"},
    "model.clock_events": {"event_key": "SX{row}"},
    "model.enforcement_results": {"result_key": "JG{row}", "court_code": "浙0683"},
    "staged.clock_events": {"event_key": "SX{row}", "court_code": "浙0683", "kind": "deduction", "reason": "appraisal",
                            "from_on": "2016-03-02", "is_duplicate": "false"},
    "staged.enforcement_results": {"result_key": "JG{row}", "court_code": "浙0683", "result_on": "2016-03-01",
                                   "outcome": "compulsory", "is_duplicate": "false"},
    "staged.case_events": {"event_on": "2016-03-01", "is_duplicate": "false"},
    "staged.totals": {
        "measure": "filed", "measure_kind": "flow", "period": "2016-03", "period_kind": "month", "first_day": "2016-03-01",
        "last_day": "2016-03-31", "dims": "", "unit": "cases", "is_duplicate": "false"},
    "model.control_totals": {"is_applicable": "true"},
    "metrics.new_cells": {"calendar_id": "cal_month", "court": "浙0683", "family": "civil"},
    "metrics.cells": {"calendar_id": "cal_month", "court": "浙0683", "family": "civil", "from_refresh": "1"},
}  # fmt: skip
"""What columns hold that a drawing leaves out; the others are null. `{row}` is the number of the row, from 1."""


SPELLS_OF_CASES = """
    update model.case_spells as spells set spell_no = spells.rowid, court_code = cases.court_code, family = cases.family,
        counts_as = cases.counts_as, type_code = cases.type_code, procedure = cases.procedure, bench_code = cases.bench_code,
        judge_code = cases.judge_code, is_private_prosecution = cases.is_private_prosecution
    from model.cases as cases where spells.case_key = cases.case_key"""
"""What drawn spells have of their cases, as in production."""


def read_drawing(text: str) -> tuple[list[str], list[Row]]:
    """Header and rows of a table drawn as text: `a | b`, a row a line, an empty cell for null."""
    header, *rows = [[cell.strip() or None for cell in line.split("|")] for line in text.splitlines() if line.strip()]
    names = [str(name) for name in header]
    return names, [dict(zip(names, row, strict=True)) for row in rows]


def draw(names: list[str], rows: list[Row]) -> str:
    """Rows drawn as text, in order, so that two tables differ line by line."""
    cells = [names, *sorted([_shown(row.get(name)) for name in names] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = (" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in cells)
    return "\n".join(line.rstrip() for line in lines)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else f"{value:.4f}" if isinstance(value, float) else str(value)


class Bench:
    """A warehouse in memory, and a refresh at work on it: every query of ours runs as in production."""

    def __init__(self, catalogue: Catalogue, order: list[str], folder: Path) -> None:
        self.work = Refreshing(Place(folder), catalogue, datetime(2017, 1, 1), "tests", number=1)
        self.work._store = self.store = DuckStore.open(Path(":memory:"), folder)
        self.order, self.drawn = order, set[str]()
        for name, table in catalogue.tables.items():
            if table.kept in ("append", "files"):
                self.store.ensure(name, table)
            if name.startswith("staged."):
                self.store.ensure(name.replace(".", ".new_"), table)
        profile = catalogue.profile
        self.store.load("model.case_types", catalogue.tables["model.case_types"], case_type_rows(profile))
        self.store.load("model.closing_manners", catalogue.tables["model.closing_manners"], closing_manner_rows(profile))
        for name, table in catalogue.tables.items():
            if name.startswith("model.") and name not in (*order, "model.case_types", "model.closing_manners"):
                self.store.ensure(name, table)  # lists, and what a profile may not deliver, are empty unless drawn

    @property
    def catalogue(self) -> Catalogue:
        """Of the profile at work, with `data_from` as last set."""
        return self.work.catalogue

    def put(self, name: str, text: str, **same: Any) -> None:
        """Draws rows into a table; `same` are columns with one value for all of them."""
        table = self.catalogue.tables.get(name) or self.catalogue.tables[name.replace(".new_", ".")]
        names, rows = read_drawing(text)
        assert set(names) <= set(table.columns), f"{name} has no column {set(names) - set(table.columns)}"
        whole = [self._whole(name, row | same, number) for number, row in enumerate(rows, 1)]
        self.store.append(name, table, [tuple(row.get(column) for column in table.columns) for row in whole])
        self.drawn.add(name)

    def _whole(self, name: str, drawn: Row, number: int) -> Row:
        """The row with what `SOUND` and the profile's code lists know of the columns that were not drawn."""
        sound = {k: v.format(row=number) for k, v in SOUND.get(name.replace(".new_", "."), {}).items()}
        if name in ("staged.cases", "staged.new_cases") and "case_key" not in drawn:
            sound |= self._numbered(drawn.get("case_number", f"（2016）浙0683民初{number}号"))
        elif name == "model.cases":
            sound |= self._classified(drawn)
        return {"delivery_no": "1", "record": number, "line": number + 1, **sound, **drawn}

    def _numbered(self, case_number: str | None) -> Row:
        parts = take_apart(pl.Series([case_number], dtype=pl.String), numbering_of(self.catalogue.profile))
        return parts.row(0, named=True)

    def _classified(self, row: Row) -> Row:
        profile = self.catalogue.profile
        types = {code: (family, counts_as) for code, _, _, family, counts_as, *_ in case_type_rows(profile)}
        wanted = row.get("counts_as", "civil_first")
        code = row.get("type_code") or next((c for c, (_, counts_as) in types.items() if counts_as == wanted), None)
        family, counts_as = types.get(code, (None, None))
        effects = {(manner, kind): effect for manner, kind, effect, _ in closing_manner_rows(profile)}
        effect = effects.get((row.get("closing_manner"), counts_as))
        return {"family": family, "counts_as": counts_as, "type_code": code, "closing_effect": effect}

    def reckon(self, counting_day: str, data_from: str, wanted: Iterable[str] | None = None) -> None:
        """Days and periods up to the counting day, and each table of the model that was not drawn from its own query.

        `wanted` are tables or readings of metrics: then only what they are made of is made.
        """
        profile, until = self.catalogue.profile, date.fromisoformat(counting_day)
        settings = profile.settings.model_copy(update={"data_from": date.fromisoformat(data_from)})
        profile = replace(profile, settings=settings)
        self.work.catalogue = replace(self.catalogue, profile=profile)
        self.work.__dict__["counting_day"] = until
        for name, rows in list_rows(profile, until).items():
            if name not in self.drawn:
                self.store.load(name, self.catalogue.tables[name], rows)
        needed = set(self.order) if wanted is None else self._read_by(wanted)
        for name in self.order:
            if name in needed and name not in self.drawn:
                make_table(self.work, name)
            elif name == "model.case_spells" and name in self.drawn:
                self.store.connection.execute(SPELLS_OF_CASES)

    def _read_by(self, wanted: Iterable[str]) -> set[str]:
        """The tables of the model that stand behind tables or readings of metrics, themselves included."""
        sql, metrics = self.catalogue.house / "sql", self.catalogue.metrics
        found, waiting = set[str](), list(wanted)
        while waiting:
            name = waiting.pop()
            metric = metrics.get(name.partition(".")[0])
            if metric and metric.kind == "ratio":
                waiting += metric.parts
            elif name not in found:
                found.add(name)
                waiting += metric.added if metric else ()
                path = metric.members if metric else name.replace(".", "/")
                if (sql / f"{path}.sql").is_file() and name not in self.drawn:
                    waiting += read_query(sql, path).tables
        return found

    def rows(self, name: str, columns: list[str]) -> list[Row]:
        """These columns of a table."""
        found = self.store.connection.execute(f"select {', '.join(columns)} from {name}").fetchall()
        return [dict(zip(columns, row, strict=True)) for row in found]

    def count(self, names: list[str]) -> Snapshot:
        """Cells of these metrics (and of the parts of ratios) as the refresh makes them, open for reading."""
        if "metrics.cells" not in self.drawn:
            self._make_cells([self.catalogue.metrics[name.partition(".")[0]] for name in names])
        _keep_definitions(self.work)
        settings = self.catalogue.profile.settings
        now = Refresh(self.work.number, "", 0, self.work.counting_day, settings.data_from, "", "", False)
        return Snapshot(self.store.connection, now, [now])

    def _make_cells(self, metrics: list[Metric]) -> None:
        for name in ("metrics.cells", "metrics.new_cells"):
            self.store.load(name, self.catalogue.tables[name], [])
        parts = [self.catalogue.metrics[part] for metric in metrics if metric.kind == "ratio" for part in metric.parts]
        parts += [self.catalogue.metrics[name] for metric in metrics + parts for name in metric.added]
        count_metrics(self.work, {m.id: m for m in metrics + parts if m.kind != "ratio"}.values())
        keep_cells(self.work)

    def figures(self, names: list[str], rows: list[Row], calendar: str) -> list[Row]:
        """The figures of the metrics and periods drawn, by the dimensions drawn; a zero only where one is drawn."""
        asked = list(dict.fromkeys(row["metric"] for row in rows))
        snapshot, by = self.count(asked), tuple(name for name in names if name in DIMENSIONS)
        reader, keys = Reader(snapshot, self.catalogue.profile.settings.calendars), ["metric", "period", *by]
        drawn = [[row[key] for key in keys] for row in rows]
        found: list[Row] = []
        for name in asked:
            lead = lead_of(self.catalogue.profile.settings.calendars[calendar])
            periods = tuple(parse_period(text, lead) for text in dict.fromkeys(p for m, p, *_ in drawn if m == name))
            for figure in reader.answer(reader.asked(*snapshot.metric(name), calendar, periods, by, {})):
                row = {"metric": name, "period": figure.period.id, "value": figure.value, "reason": figure.reason,
                       "numerator": figure.numerator, "denominator": figure.denominator, **figure.dims}  # fmt: skip
                if figure.numerator or figure.denominator or [row[key] for key in keys] in drawn:
                    found.append(row)
        return found


@pytest.fixture(scope="session", autouse=True)
def nobody_is_writing() -> None:
    """Files of tests are whole when they are put down: landing need not wait to see whether they still change.

    In this process alone; commands run in processes of their own wait as ever.
    """
    land.SETTLE_SECONDS = 0.0


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """What the court of Shengzhou counts by."""
    return read_catalogue(find_profile("shengzhou"))


@pytest.fixture(scope="session")
def new_bench(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Bench]:
    """Makes empty warehouses: for tests that need many."""
    order = model_tables(catalogue)
    return lambda: Bench(catalogue, order, tmp_path_factory.mktemp("bench"))


@pytest.fixture
def bench(new_bench: Callable[[], Bench]) -> Iterator[Bench]:
    """An empty warehouse in memory."""
    made = new_bench()
    yield made
    made.store.abandon()


@pytest.fixture
def given(bench: Bench) -> Callable[..., None]:
    """`given(table, drawing)` puts rows into a table of the model or of staged, with the types of its contract.

    Columns that are not drawn are null, but for those of `SOUND` above: the court is 浙0683, cases of the model are
    counted. In `model.cases` type_code, counts_as and family follow from each other (none drawn: 民初) and closing_effect
    from closing_manner. In staged cases without a case_key, the parts of the case number follow from it (（2016）浙0683民初1号
    in the first row, and so on).
    """
    return bench.put


@pytest.fixture
def expect(bench: Bench) -> Callable[..., None]:
    """`expect(what, drawing)` computes and compares, whatever the order of rows.

    `figures`: metric[.variant] | period | value (or numerator | denominator, reason), by the dimensions that are drawn:
    of the periods drawn every figure must stand there, zeros may. Rates show four decimals.
    A table, as `model.cases`: made by its query from what was given; the columns drawn are compared.
    What was given is never made: figures of given `metrics.cells` are read from them.
    Data run from `data_from` to `counting_day`; `refresh` is the one whose knowledge counts.
    """

    def compare(
        what: str, text: str, *, counting_day: str = "2016-12-31", data_from: str = "2012-01-01",
        calendar: str = "cal_month", refresh: int | None = None,
    ) -> None:  # fmt: skip
        __tracebackhide__ = True
        names, expected = read_drawing(text)
        bench.work.number = refresh or bench.work.number
        bench.reckon(counting_day, data_from, [row["metric"] for row in expected] if what == "figures" else [what])
        found = bench.figures(names, expected, calendar) if what == "figures" else bench.rows(what, names)
        wanted, computed = draw(names, expected), draw(names, found)
        if wanted != computed:
            lines = difflib.ndiff(wanted.splitlines(), computed.splitlines())
            pytest.fail(f"{what}, - expected, + computed:\n" + "\n".join(x for x in lines if x[0] != "?"))

    return compare
