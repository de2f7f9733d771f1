"""Cases made of events: rows that say what happened, day by day, into one typed row a case.

Belongs here: filed, closed and how, from events; which cases wait because an event of theirs cannot be read. Does not belong
here: typing a row (warehouse.intake.stage), what a contract may say of events (warehouse.catalogue.events).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from warehouse.catalogue.contract import Contract
from warehouse.catalogue.events import DAY, KIND, Events
from warehouse.catalogue.profile import Profile
from warehouse.catalogue.table import Table
from warehouse.intake.case_number import PARTS
from warehouse.intake.quarantine import SetAside
from warehouse.intake.readers.rows import Read
from warehouse.intake.stage import TYPES, Staged, Stager

CODE = "EVENT"
"""Why a row is set aside that may be sound by itself: its case cannot be made of all its events."""
BETWEEN_FIELDS = re.compile(r"[\"'\t,;|<>{}\[\]\n]")
KEY = "case_key"

Fields = Callable[[list[int]], Mapping[int, dict[str, Any]]]
Blame = dict[str, int]
"""Cases that cannot be made, by key, with the line of an event that is at fault."""


def made_of(events: pl.DataFrame, rule: Events) -> pl.DataFrame:
    """When cases were filed and closed, and (where kinds of events close them) how. Grain: one case.

    `record` is the row that decides: the event that closed the case, or else its latest one. Of events of one day the one
    further down in the file is later; no event of the day of closing opens the case again.
    """
    kind = pl.col(KIND)
    closes = rule.closes if isinstance(rule.closes, dict) else {}
    every = pl.lit(value=True)
    is_end = every if rule.closes == "last" else kind.is_in(list(closes)).fill_null(value=False)
    reopens = ~is_end if rule.reopens is None else kind.is_in(list(rule.reopens)).fill_null(value=False)
    is_filing = every if rule.filed == "first" else kind.is_in(list(rule.filed)).fill_null(value=False)
    told = events.select(KEY, DAY, KIND, "record", is_end=is_end, reopens=reopens, is_filing=is_filing)
    ends = pl.col("is_end")
    found = told.sort(DAY, "record").group_by(KEY).agg(
        filed=pl.col(DAY).filter("is_filing").first(), again=pl.col(DAY).filter("reopens").last(),
        ended=pl.col(DAY).filter(ends).last(), end=pl.col("record").filter(ends).last(), how=kind.filter(ends).last(),
        latest=pl.col("record").last(),
    )  # fmt: skip
    is_closed = pl.col("ended").is_not_null() & ~(pl.col("again") > pl.col("ended")).fill_null(value=False)
    days = {"registered_on": pl.col("filed"), "closed_on": pl.when(is_closed).then("ended")}
    if closes:
        manner = pl.col("how").replace_strict(closes, default=None, return_dtype=pl.String)
        days["closing_manner"] = pl.when(is_closed).then(manner)
    return found.select(KEY, **days, record=pl.when(is_closed).then("end").otherwise("latest"))


def events_file(staged: Path) -> Path:
    """Where the events stand of a delivery whose rows are events and cases in one, beside its cases."""
    return staged.with_name(f"{staged.stem}_events.parquet")


def waiting_with(staged: Path, found: Sequence[SetAside], fields: Fields) -> list[SetAside]:
    """The other events of cases that a rule set aside: a case waits with all of them.

    `staged` is the file of the delivery's cases, `fields` gives rows as delivered by their records.
    """
    blame = {one.case_key: one for one in found if one.case_key is not None}
    events = pl.read_parquet(events_file(staged)).filter(
        pl.col(KEY).is_in(list(blame)) & ~pl.col("is_duplicate") & ~pl.col("record").is_in([one.record for one in found])
    )
    delivered = fields(events["record"].to_list()) if events.height else {}
    return [
        SetAside(
            row["delivery_no"], row["record"], row["line"], blame[row[KEY]].source, CODE,
            f"the case [{row[KEY]}] is set aside, see line {blame[row[KEY]].line}", row[KEY], row["court_code"],
            fields=delivered[row["record"]],
        )
        for row in events.sort("record").iter_rows(named=True)
    ]  # fmt: skip


@dataclass(frozen=True)
class EventStager(Stager):
    """Types a file in which each row is an event and carries the other columns of its case too."""

    events: Table
    """The contract of staged.case_events; `table` is that of staged.cases."""

    def stage(self, raw: Path, into: Path, delivery_no: int, placeholders: dict[str, str], found: Read | None = None) -> Staged:
        """One row a case into `into`, one row an event into `events_file(into)`. What is counted are events.

        Columns of a case that its events do not make are those of the event that decides. Where an event cannot be typed or
        placed, all events of its case are set aside: a case is made of all of them, or waits.
        """
        part = _Part(self.contract, self.profile, self._filled, raw, placeholders, found)
        rows, aside, blame = part.events(into, delivery_no)
        kept = rows.filter(~pl.col(KEY).is_in(list(blame)))
        days = made_of(kept.filter(~pl.col("is_duplicate")), _rule(self.contract))
        cases = kept.drop(*days.drop(KEY, "record").columns, strict=False).join(days, on=(KEY, "record")).sort("record")
        _write(kept, self.events, events_file(into))
        _write(cases, self.table, into)
        return Staged(kept.height, int(kept["is_duplicate"].sum()), tuple(aside))

    @property
    def _filled(self) -> Table:
        """Both tables in one, without columns that no row of the file can fill: two million events then take 0.4 GB less."""
        mine = {*self.events.columns, *self.contract.columns, *self.contract.constants}
        if self.profile.settings.case_numbers == "chinese":
            mine |= {*PARTS, "origin_case_key"}
        columns = self.table.columns | {name: self.events.columns[name] for name in (DAY, KIND)}
        return self.table.model_copy(update={"columns": {name: spec for name, spec in columns.items() if name in mine}})


@dataclass(frozen=True)
class TablesStager(Stager):
    """Types one of two tables of a file, cases and the events that they are made of: neither is staged without the other."""

    partner: Contract
    cases: Table
    events: Table

    def stage_beside(
        self, raw: Path, into: Path, delivery_no: int, placeholders: dict[str, str], found: Read, beside: Path, read: Read
    ) -> Staged:
        """As `stage`; `beside` and `read` are the partner's rows as text, and what reading them found."""
        ours = (self.contract, raw, found)
        theirs = (self.partner, beside, read)
        (of_cases, cases_raw, cases_read), (of_events, events_raw, events_read) = (
            (theirs, ours) if self.contract.feeds == "case_events" else (ours, theirs)
        )
        part = _Part(of_cases, self.profile, self.cases, cases_raw, placeholders, cases_read)
        cases, cases_aside = part.typed(into, delivery_no)
        told = _Part(of_events, self.profile, self.events, events_raw, placeholders, events_read)
        events, aside, blame = told.events(into, delivery_no, cases.select(KEY).unique())
        kept = events.filter(~pl.col(KEY).is_in(list(blame)))
        if self.contract.feeds == "case_events":
            courts = cases.select(KEY, court=pl.col("court_code")).unique(KEY, keep="first")
            kept = kept.join(courts, on=KEY, how="left").with_columns(court_code=pl.coalesce("court_code", "court"))
            _write(kept.sort("record"), self.events, into)
            return Staged(kept.height, int(kept["is_duplicate"].sum()), tuple(aside))
        waiting = cases.filter(pl.col(KEY).is_in(list(blame)))
        cases_aside += part.waiting(waiting, blame, f" of the table {of_events.source}")
        days = made_of(kept.filter(~pl.col("is_duplicate")), _rule(of_events)).drop("record")
        whole = cases.filter(~pl.col("record").is_in(waiting["record"].implode())).drop(days.drop(KEY).columns)
        made = whole.join(days, on=KEY, how="left").sort("record")
        _write(made, self.cases, into)
        return Staged(made.height, int(made["is_duplicate"].sum()), tuple(cases_aside))


@dataclass(frozen=True)
class _Part:
    """One table of one delivery, to be typed."""

    contract: Contract
    profile: Profile
    table: Table
    raw: Path
    placeholders: dict[str, str]
    found: Read | None

    def typed(self, into: Path, delivery_no: int) -> tuple[pl.DataFrame, list[SetAside]]:
        """Its rows by the plain stager, and those that cannot be typed."""
        rows = into.with_name(f".{into.stem}.{self.contract.source}.rows")
        try:
            done = Stager(self.contract, self.profile, self.table).stage(
                self.raw, rows, delivery_no, self.placeholders, self.found
            )
            return pl.read_parquet(rows), list(done.set_aside)
        finally:
            rows.unlink(missing_ok=True)

    def events(
        self, into: Path, delivery_no: int, known: pl.DataFrame | None = None
    ) -> tuple[pl.DataFrame, list[SetAside], Blame]:
        """Its rows that are whole events; all that are set aside; the cases that wait. `known`: keys of the table of cases."""
        rows, aside = self.typed(into, delivery_no)
        aside += self._unplaced(rows)
        blame = {one.case_key: one.line for one in reversed(aside) if one.case_key is not None} | self._torn(rows)
        gone = [one.record for one in aside]
        rows = rows.filter(~pl.col("record").is_in(gone))
        aside += self.waiting(rows.filter(pl.col(KEY).is_in(list(blame))), blame)
        if known is not None:
            orphans = rows.filter(~pl.col(KEY).is_in(list(blame))).join(known, on=KEY, how="anti")
            aside += self._aside(orphans, "no row of the table of cases that can be read has the key [{key}]", {})
            rows = rows.join(orphans, on="record", how="anti")
        return rows, aside, blame

    def _unplaced(self, rows: pl.DataFrame) -> list[SetAside]:
        """Events without a case, a day, or (where the contract has it) a kind."""
        wanted = {KEY: "belongs to no case", DAY: "has no place in its case"}
        if KIND in self.contract.columns:
            wanted[KIND] = "may have closed its case or not"
        found: list[SetAside] = []
        for name, why in wanted.items():
            column = self.contract.key.column if name == KEY else name
            lacking = rows.filter(pl.col(name).is_null())
            found += self._aside(lacking, f"{column} is missing: an event without it {why}", {}, column)
        return found

    def waiting(self, rows: pl.DataFrame, blame: Blame, where: str = "") -> list[SetAside]:
        """Rows of cases that wait, each with the line that is to blame."""
        why = f"the event on line {{line}}{where} of the case [{{key}}] cannot be read: all of it waits"
        return self._aside(rows, why, blame)

    def _aside(self, rows: pl.DataFrame, why: str, blame: Blame, column: str | None = None) -> list[SetAside]:
        if rows.is_empty():
            return []
        raw = pl.scan_parquet(self.raw).filter(pl.col("record").is_in(rows["record"].implode())).collect()
        fields = {row.pop("record"): {k: v for k, v in row.items() if k != "line"} for row in raw.to_dicts()}
        return [
            SetAside(
                row["delivery_no"], row["record"], row["line"], self.contract.source, CODE,
                why.format(key=row[KEY], line=blame.get(row[KEY])), row[KEY], row["court_code"], column,
                fields=fields[row["record"]],
            )
            for row in rows.sort("record").iter_rows(named=True)
        ]  # fmt: skip

    def _torn(self, rows: pl.DataFrame) -> Blame:
        """Cases whose key stands in a record that could not be split: that record was one of their events."""
        words = dict(_words(self.found))
        if not words:
            return {}
        header = self.contract.key_header
        named = pl.scan_parquet(self.raw).select("record", word=pl.col(header).str.strip_chars())
        named = named.filter(pl.col("word").is_in(list(words)))
        found = rows.select("record", KEY).join(named.collect(), on="record").filter(pl.col(KEY).is_not_null())
        return {key: words[word] for key, word in found.select(KEY, "word").iter_rows()}


def _words(found: Read | None) -> Iterator[tuple[str, int]]:
    """Each field that may be read in a torn record, with the record's line."""
    for torn in found.torn if found else ():
        if torn.code == "TORN":
            for word in BETWEEN_FIELDS.split(torn.text):
                if plain := word.strip(" :\u3000"):
                    yield plain, torn.line


def _rule(contract: Contract) -> Events:
    if contract.events is None:
        raise ValueError(f"the contract of {contract.source} says nothing of events")
    return contract.events


def _write(rows: pl.DataFrame, table: Table, into: Path) -> None:
    """The columns of a table, those that the rows lack empty; whole or not at all."""
    part = into.with_name(f".{into.name}.part")
    lacking = {name: TYPES[spec.type] for name, spec in table.columns.items() if name not in rows.columns}
    whole = rows.with_columns(pl.lit(None, dtype=kind).alias(name) for name, kind in lacking.items())
    whole.select(list(table.columns)).write_parquet(part, compression="zstd", compression_level=1)
    part.replace(into)
