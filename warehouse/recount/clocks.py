"""Statutory clocks a second time: docs/clocks.md read rule by rule, for all spells at once (dictionary, section 4).

Each step is taken for every spell that is still in it: the first change of procedure of all spells, then the second; the
first run of deducted days, then the next. Numbers in comments are those of the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from warehouse.recount.calendar_days import WorkingDays, add
from warehouse.recount.docket import Docket
from warehouse.recount.flows import Spells
from warehouse.recount.latest import accepted, latest
from warehouse.recount.law import NONE, Law
from warehouse.recount.runs import Runs, merged, starts
from warehouse.recount.tally import NEVER, Numbers, days_of, number_of

EVENT = (
    "event_key", "case_key", "kind", "reason", "from_on", "to_on", "approved_on", "former_procedure", "extended_months",
    "extended_days", "is_void", "delivery_no", "record", "place",
)  # fmt: skip
NO_EVENT = {
    name: pl.Date if name.endswith("_on") else pl.Int64 if name in ("extended_months", "extended_days", "delivery_no", "record")
    else pl.Int32 if name == "place" else pl.Boolean if name == "is_void" else pl.String
    for name in EVENT
}  # fmt: skip
"""The columns of events where no source tells of any."""
TURNS = ("procedure_change", "restart")
STOPS = ("deduction", "suspension")


@dataclass(frozen=True)
class Spans:
    """A row for each limit that governs a spell, over the days on which it does; `lawful_due` is NEVER where none is known."""

    of: Numbers
    governs_from: Numbers
    governs_until: Numbers
    base_due: Numbers
    lawful_due: Numbers
    is_last: Numbers


@dataclass(frozen=True)
class _Clocks:
    """Clocks of spells: from which day until before which, under which proceeding, from which day zero."""

    of: Numbers
    begins: Numbers
    ends: Numbers
    proceeding: Numbers
    day_zero: Numbers
    is_first: Numbers

    def at(self, rows: Numbers) -> _Clocks:
        """Some of them."""
        return _Clocks(*(values[rows] for values in vars(self).values()))


def events_of(docket: Docket, spells: Spells) -> pl.DataFrame:
    """What happened to clocks, as last told: a row an event and spell of its case that the law of the family knows (2)."""
    reasons = pl.DataFrame(
        [(row["kind"], row["reason"], row["family"]) for row in docket.lists.clock_reasons],
        schema={"kind": pl.String, "reason": pl.String, "known_in": pl.String}, orient="row",
    )  # fmt: skip
    told = accepted(docket, "clock_events").select(EVENT) if "clock_events" in docket.rows else pl.LazyFrame(schema=NO_EVENT)
    rows = latest(told, "event_key").filter(~pl.col("is_void").fill_null(False))
    subjects = spells.frame.select("case_key", "family", "opened_on").with_row_index("spell")
    subjects = subjects.filter(pl.col("opened_on") <= docket.counting_day).drop("opened_on")
    joined = rows.drop("is_void", "delivery_no", "record", "place").join(subjects.lazy(), on="case_key")
    known = joined.join(reasons.lazy(), on=["kind", "reason"])
    return known.filter(pl.col("known_in").is_null() | (pl.col("known_in") == pl.col("family"))).drop("known_in").collect()


class Reckoning:
    """The clocks of all spells of a docket."""

    def __init__(self, docket: Docket, spells: Spells, events: pl.DataFrame, decisions: pl.DataFrame | None) -> None:
        self.spells, self.law = spells, Law(docket.lists)
        self.counting_day = number_of(docket.counting_day)
        self.count = len(spells.opened)
        self.opened = spells.opened.astype(np.int64)
        self.closed = spells.closed.astype(np.int64)
        self.until = np.where(self.closed < NEVER, self.closed, self.counting_day)
        self.events = events.with_columns(spell=pl.col("spell").cast(pl.Int64))
        asked = [self.opened, self.until, *(days_of(events[name]) for name in ("from_on", "to_on", "approved_on"))]
        self.working = WorkingDays(docket.lists.holidays, np.concatenate([days.astype(np.int64) for days in asked]))
        self._circumstances()
        self._kinds()
        self._notices_and_stops()
        self._extensions()
        self.received = _received(decisions, spells)
        self.is_by_notice = np.zeros(self.count, dtype=bool)
        """Spells whose clock runs from the end of a public notice; known once there are spans."""

    # ---- what is asked of events

    def _circumstances(self) -> None:
        told = self.events.filter(kind="circumstance").group_by("spell").agg(pl.col("reason").unique())
        sets = [frozenset(listed) for listed in told["reason"].to_list()]
        self.circumstances: Sequence[frozenset[str]] = [frozenset(), *sorted(set(sets), key=sorted)]
        numbers = {one: at for at, one in enumerate(self.circumstances)}
        self.circumstances_of = np.zeros(self.count, dtype=np.int64)
        self.circumstances_of[told["spell"].to_numpy()] = [numbers[one] for one in sets]
        is_detained = np.array(["detained" in one for one in self.circumstances], dtype=bool)
        # 10: the last day of a detained defendant does not move
        self.is_held = is_detained[self.circumstances_of] & self.spells.where(pl.col("family") == "criminal")

    def _kinds(self) -> None:
        """What tells a proceeding apart from the procedure: numbers of kinds of cases, and of procedures."""
        names = ["counts_as", "type_code", "is_private_prosecution"]
        frame = self.spells.frame.select(*names).with_columns(pl.col("is_private_prosecution").fill_null(False))
        frame = frame.with_columns(circumstances=pl.Series(self.circumstances_of))
        table = frame.unique().with_row_index("number")
        joined = frame.join(table, on=frame.columns, how="left", nulls_equal=True, maintain_order="left")
        self.kind_of = joined["number"].to_numpy().astype(np.int64)
        self.kinds = table.sort("number").drop("number").to_dicts()
        changes = self.events.filter(kind="procedure_change")
        procedures = pl.concat([self.spells.frame["procedure"], changes["reason"], changes["former_procedure"]])
        self.procedures: list[str | None] = [None, *procedures.drop_nulls().unique().sort()]
        self.number_of_procedure = {name: at for at, name in enumerate(self.procedures)}
        self._known: dict[int, int] = {}

    def proceedings(self, of: Numbers, procedures: Numbers) -> Numbers:
        """4: the proceeding of each spell under a procedure."""
        pairs, back = np.unique(self.kind_of[of] * len(self.procedures) + procedures, return_inverse=True)
        for pair in pairs.tolist():
            if pair not in self._known:
                kind = self.kinds[pair // len(self.procedures)]
                own = {name: kind[name] for name in ("counts_as", "type_code", "is_private_prosecution")}
                procedure = self.procedures[pair % len(self.procedures)]
                self._known[pair] = self.law.proceeding(own, procedure, self.circumstances[kind["circumstances"]])
        return np.array([self._known[pair] for pair in pairs.tolist()], dtype=np.int64)[back.reshape(-1)]

    def numbers_of(self, procedures: pl.Series) -> Numbers:
        """Procedures as numbers."""
        known = {name: at for name, at in self.number_of_procedure.items() if name is not None}
        return procedures.replace_strict(known, default=0, return_dtype=pl.Int64).fill_null(0).to_numpy()

    def _notices_and_stops(self) -> None:
        """9: runs of deducted days, with and without public notices, and where the last notice of a spell ends."""
        stops = self.events.filter(pl.col("kind").is_in(STOPS))
        of = stops["spell"].to_numpy()
        first, to = days_of(stops["from_on"]).astype(np.int64), days_of(stops["to_on"]).astype(np.int64)
        last = np.minimum(to, self.until[of])
        touches = (first <= last) & (last > self.opened[of])
        is_notice = ((stops["kind"] == "deduction") & (stops["reason"] == "public_notice")).to_numpy()
        self.stops = merged(of[touches], first[touches], last[touches], self.count)
        others = touches & ~is_notice
        self.stops_but_notices = merged(of[others], first[others], last[others], self.count)
        self.notice_end = np.full(self.count, -1, dtype=np.int64)
        notices = touches & is_notice
        np.maximum.at(self.notice_end, of[notices], np.where(to < NEVER, to, self.until[of])[notices])

    def _extensions(self) -> None:
        told = self.events.filter(kind="extension").sort("spell", "approved_on", "event_key")
        of, approved = told["spell"].to_numpy(), days_of(told["approved_on"]).astype(np.int64)
        counts = (approved >= self.opened[of]) & (approved <= self.until[of])
        self.ext_approved = approved[counts]
        self.ext_months = told["extended_months"].fill_null(0).to_numpy().astype(np.int64)[counts]
        self.ext_days = told["extended_days"].fill_null(0).to_numpy().astype(np.int64)[counts]
        self.ext_start = starts(of[counts], self.count)

    # ---- one due date

    def day_zero(self, clocks: _Clocks, limits: Numbers) -> Numbers:
        """5: the clock's day zero, or the receipt, or the end of the last public notice."""
        of, found = clocks.of, clocks.day_zero
        is_filed = ~self.spells.is_reopening[of]
        by_receipt = self.law.is_received[limits] & clocks.is_first & is_filed & (self.received[of] < NEVER)
        found = np.where(by_receipt, self.received[of], found)
        return np.where(self.law.is_notice[limits] & (self.notice_end[of] >= 0), self.notice_end[of], found)

    def off_holidays(self, of: Numbers, limits: Numbers, due: Numbers) -> Numbers:
        """10: the next working day, but where the limit says no and for detained defendants."""
        return np.where(self.law.moves[limits] & ~self.is_held[of], self.working.next(due), due)

    def moved(self, of: Numbers, limits: Numbers, zero: Numbers, due: Numbers) -> Numbers:
        """9 and 10: a due date after deductions and off holidays. A run that finds the clock run out ends the walk."""
        given = np.zeros(len(of), dtype=np.int64)
        by_notice = self.law.is_notice[limits]
        for runs, mine in ((self.stops, ~by_notice), (self.stops_but_notices, by_notice)):
            active, place = np.flatnonzero(mine & (runs.counts(of) > 0)), 0
            while len(active):
                self._walk(runs, place, active, of, limits, zero, due, given)
                place += 1
                active = active[(given[active] >= 0) & (place < runs.counts(of[active]))]
            given = np.where(given < 0, -1 - given, given)
        return self.off_holidays(of, limits, due + given)

    def _walk(
        self, runs: Runs, place: int, active: Numbers, of: Numbers, limits: Numbers, zero: Numbers, due: Numbers, given: Numbers
    ) -> None:
        """One run of each spell: its days are given, or the walk of the spell ends, which is noted as -1 - given."""
        at = runs.start[of[active]] + place
        first, last = np.maximum(runs.first[at], zero[active] + 1), runs.last[at]
        there = last >= first
        stands = self.off_holidays(of[active], limits[active], due[active] + given[active])
        too_late = there & (first > stands)
        counts = there & ~too_late
        given[active[counts]] += (last - first + 1)[counts]
        given[active[too_late]] = -1 - given[active[too_late]]

    def due(self, clocks: _Clocks, limits: Numbers) -> tuple[Numbers, Numbers]:
        """7 to 11: base and lawful due date of each clock under a limit; NEVER where there is none."""
        zero, of = self.day_zero(clocks, limits), clocks.of
        has = (limits != NONE) & self.law.has_base[limits]
        base = self.moved(of, limits, zero, add(zero, self.law.months[limits], self.law.days[limits]))
        lawful = self._extended(clocks, limits, zero)
        return np.where(has, base, NEVER), np.where(has, lawful, NEVER)

    def _extended(self, clocks: _Clocks, limits: Numbers, zero: Numbers) -> Numbers:
        """8 and 11: the lawful due date with the extensions that were granted before it ran out, one after another."""
        of = clocks.of
        months, days = self.law.hard(limits, self.circumstances, self.circumstances_of[of])
        due = self._lawful(of, limits, zero, months, days)
        at, end = self.ext_start[of].copy(), self.ext_start[of + 1]
        active = np.flatnonzero(at < end)
        while len(active):
            approved = self.ext_approved[at[active]]
            begins = clocks.begins[active]
            is_before = (approved < begins) | ((approved == begins) & ~clocks.is_first[active])
            is_over = ~is_before & ((approved > clocks.ends[active]) | (approved > due[active]))
            granted = active[~is_before & ~is_over]
            months[granted] += self.ext_months[at[granted]]
            days[granted] += self.ext_days[at[granted]]
            due[granted] = self._lawful(of[granted], limits[granted], zero[granted], months[granted], days[granted])
            at[active] += 1
            active = active[~is_over & (at[active] < end[active])]
        return due

    def _lawful(self, of: Numbers, limits: Numbers, zero: Numbers, months: Numbers, days: Numbers) -> Numbers:
        due = add(zero, months, days)
        longest = add(zero, self.law.longest_months[limits], self.law.longest_days[limits])
        due = np.where(self.law.has_longest[limits], np.minimum(due, longest), due)
        return self.moved(of, limits, zero, due)

    # ---- clocks and spans

    def clocks(self) -> _Clocks:
        """3 and 5: the clocks of all spells, those that govern no day left out."""
        of = np.flatnonzero(self.opened <= self.counting_day)
        standing = _Clocks(of, self.opened[of], np.full(len(of), NEVER, dtype=np.int64), self.first_procedures()[of],
                           self.opened[of], np.ones(len(of), dtype=bool))  # fmt: skip
        turns = self.events.filter(pl.col("kind").is_in(TURNS)).sort("spell", "from_on", "event_key")
        turn_of, day = turns["spell"].to_numpy(), days_of(turns["from_on"]).astype(np.int64)
        inside = (day > self.opened[turn_of]) & (day <= self.until[turn_of])
        turn_of, day = turn_of[inside], day[inside]
        to = self.numbers_of(turns["reason"])[inside]
        is_restart = (turns["kind"] == "restart").to_numpy()[inside]
        start, whole = starts(turn_of, self.count), []
        state = {name: values.copy() for name, values in vars(standing).items()}
        is_void = np.zeros(len(of), dtype=bool)
        active, place = np.flatnonzero(start[of + 1] > start[of]), 0
        while len(active):
            at = start[of[active]] + place
            before = _Clocks(*(values[active] for values in state.values()))
            counts, after = self._turned(before, day[at], to[at], is_restart[at], is_void, active)
            ended = active[counts]
            whole.append(
                _Clocks(*(values[ended] for values in {**state, "ends": _put(state["ends"], ended, day[at][counts])}.values()))
            )
            for name in ("begins", "proceeding", "day_zero", "is_first"):
                state[name][ended] = getattr(after, name)[counts]
            place += 1
            active = active[start[of[active] + 1] > start[of[active]] + place]
        whole.append(_Clocks(*state.values()))
        found = _Clocks(*(np.concatenate(parts) for parts in zip(*(vars(one).values() for one in whole), strict=True)))
        found = found.at(np.flatnonzero(found.ends > found.begins))
        return _Clocks(found.of, found.begins, found.ends, self.proceedings(found.of, found.proceeding), found.day_zero,
                       found.is_first)  # fmt: skip

    def first_procedures(self) -> Numbers:
        """3: the procedure before the first change after the opening, also one after the end, else the case's own."""
        own = self.numbers_of(self.spells.frame["procedure"])
        changes = self.events.filter(kind="procedure_change").sort("spell", "from_on", "event_key")
        of = changes["spell"].to_numpy()
        later = days_of(changes["from_on"]) > self.opened[of]
        of, former = of[later], self.numbers_of(changes["former_procedure"])[later]
        first = np.unique(of, return_index=True)[1]
        told = former[first] > 0
        own = own.copy()
        own[of[first][told]] = former[first][told]
        return own

    def _turned(
        self, before: _Clocks, day: Numbers, to: Numbers, is_restart: Numbers, is_void: Numbers, active: Numbers
    ) -> tuple[Numbers, _Clocks]:
        """5: which changes and restarts count, and the clocks that they begin. Here a clock's proceeding is its procedure."""
        of, opened = before.of, self.opened[before.of]
        leads_to = self.law.on(self.proceedings(of, to), opened, day)
        stands = self.law.on(self.proceedings(of, before.proceeding), opened, day)
        in_time = ~is_restart & self.law.is_in_time[leads_to]
        asked = np.flatnonzero(in_time & ~is_void[active])
        if len(asked):
            mine = before.at(asked)
            mine = _Clocks(mine.of, mine.begins, day[asked], mine.proceeding, mine.day_zero, mine.is_first)
            _, lawful = self.due(mine, stands[asked])
            is_void[active[asked]] |= day[asked] > lawful
        counts = ~(in_time & is_void[active])
        anew = is_restart | self.law.restarts[leads_to]
        zero = np.where(anew, day, self.day_zero(before, stands))
        procedure = np.where(is_restart, before.proceeding, to)
        return counts, _Clocks(of, day, before.ends, procedure, zero, np.zeros(len(of), dtype=bool))

    def spans(self) -> Spans:
        """6 and 12: clocks cut where the law changes, with their due dates."""
        clocks = self.clocks()
        opened = self.opened[clocks.of]
        limits, begun = self.law.on(clocks.proceeding, opened, clocks.begins), clocks.begins.copy()
        pieces: list[tuple[Numbers, Numbers, Numbers, Numbers]] = []
        new_days = self.law.new_days()
        for day in sorted({day for days in new_days.values() for day in days}):
            changing = np.isin(clocks.proceeding, [proceeding for proceeding, days in new_days.items() if day in days])
            at = np.flatnonzero(changing & (day > clocks.begins) & (day < clocks.ends))
            then = self.law.on(clocks.proceeding[at], opened[at], np.full(len(at), day))
            at, then = at[then != limits[at]], then[then != limits[at]]
            pieces.append((at, begun[at], np.full(len(at), day), limits[at]))
            begun[at], limits[at] = day, then
        pieces.append((np.arange(len(clocks.of)), begun, clocks.ends, limits))
        of_clock, governs_from, governs_until, limit = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
        there = governs_from <= self.until[clocks.of[of_clock]]
        of_clock, governs_from, governs_until, limit = (v[there] for v in (of_clock, governs_from, governs_until, limit))
        base, lawful = self.due(clocks.at(of_clock), limit)
        of = clocks.of[of_clock]
        self.is_by_notice[of[self.law.is_notice[limit]]] = True
        latest_from = np.full(self.count, -NEVER, dtype=np.int64)
        np.maximum.at(latest_from, of, governs_from)
        return Spans(of, governs_from, governs_until, base, lawful, governs_from == latest_from[of])


def _put(values: Numbers, at: Numbers, new: Numbers) -> Numbers:
    copied = values.copy()
    copied[at] = new
    return copied


def _received(decisions: pl.DataFrame | None, spells: Spells) -> Numbers:
    """The day on which the application that became each case was received, NEVER where nobody knows."""
    if decisions is None:
        return np.full(len(spells.opened), NEVER, dtype=np.int64)
    told = decisions.filter(pl.col("case_key").is_not_null()).group_by("case_key").agg(pl.col("received_on").min())
    found = spells.frame.select("case_key").join(told, on="case_key", how="left", maintain_order="left")
    return days_of(found["received_on"])
