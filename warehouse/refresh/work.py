"""One refresh at work: the lock, the plan, the work file, and the steps that the layers' assets call one after another.

Belongs here: the order of things and what passes from one step to the next. Does not belong here: how a step does its
part (intake, store, quality), nor what runs it (assets, replay).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import polars as pl

from warehouse.catalogue.bundle import Catalogue, pack
from warehouse.catalogue.contract import Contract
from warehouse.catalogue.together import host_of, partners_of
from warehouse.intake.chronicle import ACCEPT_SHRINK, SHRINK, Chronicle, Delivery, Taken, read_chronicle, refresh_id
from warehouse.intake.events import events_file, waiting_with
from warehouse.intake.land import Landed, Refused, land, store_bytes
from warehouse.intake.ledger import Ledger
from warehouse.intake.quarantine import SetAside
from warehouse.intake.read import read_delivery, rows_as_delivered
from warehouse.intake.readers.rows import Read
from warehouse.intake.refused import FileRefused
from warehouse.intake.stage import Staged
from warehouse.quality.rule import Rule, read_rules
from warehouse.refresh.bundles import catalogue_of
from warehouse.refresh.last_run import LastRun
from warehouse.refresh.reference import counting_day, delivery_rows
from warehouse.refresh.shrink import KEY_OF, Acceptance, Shrunk, shrunk
from warehouse.refresh.staging import stage_delivery, staged_file, stager_of
from warehouse.refresh.worklists import take_worklists
from warehouse.store.duck import DuckStore
from warehouse.store.place import Place
from warehouse.store.swap import clear_work, copy_for_work

MANY = 20
"""Files after which reading says how far it got: years of them may come in one go."""
FEEDS = ("cases", "registrations", "case_events", "corrections", "clock_events", "enforcement_results", "totals")

Tell = Callable[[str], None]


@dataclass
class Refreshing:
    """State of one refresh. Made by `begin.refreshing`, which holds the lock as long as it lives."""

    place: Place
    catalogue: Catalogue
    now: datetime
    program: str
    tell: Tell = field(default=lambda text: None)
    number: int = 0
    """Of this refresh; only a publication uses it up."""
    landed: Landed = field(default_factory=Landed)
    published: str | None = None
    """The refresh id, once published."""
    environment: Mapping[str, str] | None = None
    """Where the addresses of databases stand; without it none is asked, as in a dry run or a replay."""
    accepts: Acceptance | None = None
    """What a person lets pass."""
    has_landed: bool = False
    """Whether this run looked into the inbox: a run of parts alone says nothing of how the last whole one went."""
    expects_publication: bool = False
    """Set when something new was found, taken back when all of it was refused."""
    replayed: tuple[Delivery, ...] | None = None
    """In a replay: exactly the deliveries that the refresh took."""
    replayed_bundle: str | None = None
    _chronicle: tuple[int, Chronicle] | None = None
    """With the size of the ledger that it was read from: the ledger only grows."""
    _store: DuckStore | None = None
    _reads: dict[int, Read] = field(default_factory=dict)
    _staged: dict[int, Staged] = field(default_factory=dict)

    @cached_property
    def ledger(self) -> Ledger:
        """The profile's ledger; one object, which checks what stands there once and then only what it adds."""
        return Ledger(self.place.landing)

    @cached_property
    def bundle(self) -> str:
        """The sha256 of what this refresh counts by, stored in landing; in a replay that of its day."""
        return self.replayed_bundle or store_bytes(pack(self.catalogue), self.place.landing)

    @cached_property
    def rules(self) -> dict[str, Rule]:
        """The rules that this refresh asks, read once."""
        return read_rules(self.catalogue)

    def chronicle(self) -> Chronicle:
        """The ledger as it stands now; in a replay, as it stood then. Read again when it has grown: every query asks for it."""
        path = self.ledger.path
        size = path.stat().st_size if path.exists() else 0
        if self._chronicle is None or self._chronicle[0] != size:
            chronicle = read_chronicle(self.ledger.events())
            if self.replayed is not None:
                chronicle.publications = [p for p in chronicle.publications if p.number < self.number]
            self._chronicle = (size, chronicle)
        return self._chronicle[1]

    # ---- landing

    def land(self) -> Landed:
        """Takes in what is new in the inbox. In a replay nothing is."""
        self.has_landed = True
        if self.replayed is None:
            failed = self._pull()
            failed += take_worklists(self.place, self.ledger, self.now)
            self.landed = land(self.place.inbox, self.place.landing, self.catalogue.profile, self.ledger, self.now)
            self.landed.refused += failed
            self.landed.refused += self._still_refused()
            self._accept()
            self.number = self.chronicle().next_number
            self._forget()
        return self.landed

    def _accept(self) -> None:
        """Notes on the ledger which snapshots a person takes: those refused for what they lack, and those that wait."""
        if self.accepts is None or self.accepts.source is None:
            return
        said, chronicle = self.accepts, self.chronicle()
        numbers = {d.delivery_no for d in chronicle.waiting(self._contract_versions())} | set(chronicle.refusals)
        mine = [n for n, d in chronicle.deliveries.items() if d.source == said.source and n not in chronicle.taken]
        mine = [n for n in mine if n in numbers and (n not in chronicle.refusals or chronicle.has_shrunk(n))]
        if not mine:
            self.tell(f"accepted   nothing: no snapshot of {said.source} waits")
            return
        at = self.now.isoformat(timespec="seconds")
        self.ledger.add("decision", at=at, decision=ACCEPT_SHRINK, who=said.who, why=said.why, deliveries=mine)

    def _pull(self) -> list[Refused]:
        """What databases give, into the inbox."""
        has_database = any(contract.database for contract in self.catalogue.profile.contracts.values())
        if self.environment is None or not has_database:
            return []
        from warehouse.intake.pulls import pull_all  # the driver takes time to load, and few courts need it

        place = self.place
        return pull_all(self.catalogue.profile, place.inbox, place.landing, self.ledger, self.now, self.environment)

    def _still_refused(self) -> list[Refused]:
        """Files that an earlier refresh refused and that still stand in the inbox as they were: named again each time."""
        chronicle = self.chronicle()
        waiting = {d.delivery_no for d in chronicle.waiting(self._contract_versions())}
        newest = {(d.source, d.path): d.delivery_no for d in chronicle.deliveries.values()}
        return [
            Refused(event["source"], event["file"], event["reason"])
            for number, event in chronicle.refusals.items()
            if number not in chronicle.taken
            and number not in waiting
            and newest[event["source"], event["path"]] == number
            and (self.place.inbox / event["path"]).exists()
        ]

    def _contract_versions(self) -> dict[str, str]:
        return {source: contract.version for source, contract in self.catalogue.profile.contracts.items()}

    def _forget(self) -> None:
        for name in ("waiting", "bundle"):
            self.__dict__.pop(name, None)

    @cached_property
    def waiting(self) -> list[Delivery]:
        """Deliveries that this refresh may take: no earlier one took them, nor refused them under the same contract."""
        if self.replayed is not None:
            return list(self.replayed)
        return self.chronicle().waiting(self._contract_versions())

    @property
    def has_news(self) -> bool:
        """Whether there is anything to publish: rows that nobody counted, or another way to count them.

        A repeat brings no rows; a file that was refused brings none either.
        """
        self.expects_publication = self._has_rows or self._is_recounted
        return self.expects_publication

    def gives_up_empty(self) -> bool:
        """After reading: whether every new file was refused and nothing is left to publish. Then nothing is."""
        is_empty = self.replayed is None and not self._has_rows and not self._is_recounted
        self.expects_publication = self.expects_publication and not is_empty
        return is_empty

    @property
    def _has_rows(self) -> bool:
        return any(delivery.repeats is None for delivery in self.waiting)

    @property
    def _is_recounted(self) -> bool:
        last = self.chronicle().last
        return last is not None and last.bundle != self.bundle

    @property
    def _counts_anew(self) -> bool:
        """Whether this refresh counts by other definitions than the last one; of what only looks at one, it does not."""
        is_one = self.replayed is None or self.replayed_bundle is not None
        return is_one and self._is_recounted

    @property
    def _is_revision(self) -> bool:
        """Whether a person lets closed years move in this refresh."""
        if self.replayed is not None:
            return self.number in self.chronicle().revised
        return self.accepts is not None and self.accepts.revision

    # ---- raw and staged

    def read(self, source: str) -> dict[int, Read]:
        """Reads every waiting delivery of a source. A bad file is refused, on the ledger, and stops nothing else."""
        contract = self.catalogue.profile.contracts[source]
        mine = [d for d in self.waiting if d.source == source]
        for at, delivery in enumerate(mine, 1):
            if at % MANY == 0:
                self.tell(f"raw        {source}: file {at} of {len(mine)}")
            try:
                found = read_delivery(self.place.landing, self.place.raw, delivery, contract)
                if self.replayed is None:
                    _require_rows(found, contract)
                self._reads[delivery.delivery_no] = found
                self._read_beside(delivery)
            except FileRefused as error:
                self._refuse(delivery, error, contract.version)
        return {d.delivery_no: self._reads[d.delivery_no] for d in self.waiting if d.source == source}

    def _read_beside(self, delivery: Delivery) -> None:
        """Reads the tables of the same file without which this one cannot be staged."""
        for partner in partners_of(self.catalogue.profile.contracts, delivery.source):
            try:
                read_delivery(self.place.landing, self.place.raw, delivery, partner)
            except FileRefused as error:
                what = f"its table {partner.source}, which this one needs, cannot be read: {error.what}"
                raise FileRefused(what, error.why, error.remedy, error.place) from None

    def _refuse(self, delivery: Delivery, error: FileRefused, version: str) -> None:
        profile = self.catalogue.profile
        is_one_of_several = len(profile.tables_of(host_of(profile.contracts[delivery.source]))) > 1
        error.name = f"{delivery.file} ({delivery.source})" if is_one_of_several else delivery.file
        self.landed.refused.append(Refused(delivery.source, delivery.file, str(error)))
        self.waiting.remove(delivery)
        at = self.now.isoformat(timespec="seconds")
        what = {"source": delivery.source, "file": delivery.file, "path": delivery.path, "reason": str(error)}
        what |= {"guard": SHRINK} if isinstance(error, Shrunk) else {}
        self.ledger.add("refused", delivery_no=delivery.delivery_no, at=at, **what, contract=version)

    def stage(self, source: str) -> dict[int, Staged]:
        """Types every row that was read of a source."""
        self._need_reads(source)
        mine = [d for d in self.waiting if d.source == source]
        for delivery in mine:
            if delivery.repeats is None:
                found = self._reads[delivery.delivery_no]
                self._staged[delivery.delivery_no] = stage_delivery(
                    self.place, stager_of(self.catalogue, source), delivery, found
                )
        self._guard(source)
        return {d.delivery_no: self._staged[d.delivery_no] for d in mine if d.delivery_no in self._staged}

    def _guard(self, source: str) -> None:
        """Refuses snapshots that lack too much of the one before. What a refresh of the past took is not asked again."""
        if self.replayed is not None:
            return
        contract, accepted = self.catalogue.profile.contracts[source], self.chronicle().accepted
        known = [d for d, _, _ in self._known_before() if d.source == source and d.repeats is None]
        new = [d for d in self.waiting if d.source == source and d.repeats is None]
        found = shrunk(contract, known, new, self._keys_of)
        for delivery in new:
            if delivery.delivery_no in found and delivery.delivery_no not in accepted:
                del self._staged[delivery.delivery_no]
                self._refuse(delivery, found[delivery.delivery_no], contract.version)

    def _keys_of(self, delivery: Delivery) -> pl.Series:
        """The keys of a delivery's rows, each once; of one that waits, those of rows that could not be typed as well."""
        taken = self.chronicle().taken.get(delivery.delivery_no)
        file = self._old_file(delivery, taken[1]) if taken else self._file(delivery)
        column = KEY_OF[self.catalogue.profile.contracts[delivery.source].feeds]
        keys = pl.scan_parquet(file).select(pl.col(column).alias("key")).unique().collect()["key"]
        staged = self._staged.get(delivery.delivery_no)
        aside = [one.case_key for one in (staged.set_aside if staged else ()) if one.case_key]
        return pl.concat([keys, pl.Series("key", aside, pl.String)]).unique()

    def _need_reads(self, source: str) -> None:
        if any(d.delivery_no not in self._reads for d in self.waiting if d.source == source):
            self.read(source)

    # ---- the work file

    @property
    def store(self) -> DuckStore:
        """The work file, copied from the published one when it is first needed, with the staged rows in sight."""
        if self._store is None:
            needed = sum((self.place.landing / "blobs" / d.blob).stat().st_size for d in self.waiting) * 4
            copy_for_work(self.place, needed)
            self._store = DuckStore.open(self.place.work, self.place.root / "scratch")
            for name, table in self.catalogue.tables.items():
                if table.kept in ("append", "spans"):
                    self._store.ensure(name, table)
            self._show_staged(self._store)
        return self._store

    @property
    def has_work_file(self) -> bool:
        """Whether anything was worked on that is not published."""
        return self._store is not None

    def _show_staged(self, store: DuckStore) -> None:
        for source in self.catalogue.profile.contracts:
            if any(d.delivery_no not in self._staged for d in self.waiting if d.source == source and not d.repeats):
                self.stage(source)
        for feeds in FEEDS:
            table = self.catalogue.tables.get(f"staged.{feeds}")
            if table is None:  # a replay by definitions of a day that knew of no such table
                continue
            new, old = self._new_files(feeds), self._old_files(feeds)
            if feeds == "case_events":
                new, old = [*new, *self._new_events()], [*old, *self._old_events()]
            store.show_files(f"staged.{feeds}", table, [*old, *new])
            store.show_files(f"staged.new_{feeds}", table, new, only_first=True)

    def _new_files(self, feeds: str) -> list[Path]:
        sources = self._feeding(feeds)
        return [self._file(d) for d in self.waiting if d.source in sources and d.repeats is None]

    def _old_files(self, feeds: str) -> list[Path]:
        sources = self._feeding(feeds)
        known = [(d, taken) for d, _, taken in self._known_before() if d.source in sources and d.repeats is None]
        return [self._old_file(delivery, taken) for delivery, taken in known]

    def _feeding(self, feeds: str) -> list[str]:
        return [source for source, contract in self.catalogue.profile.contracts.items() if contract.feeds == feeds]

    def staged_files(self, feeds: str) -> list[Path]:
        """The typed rows of every delivery that counts in this refresh and feeds one table, a file each."""
        return [*self._old_files(feeds), *self._new_files(feeds)]

    @property
    def _of_events(self) -> list[str]:
        """The sources whose rows are events and cases in one."""
        return [s for s, c in self.catalogue.profile.contracts.items() if c.feeds == "cases" and c.events is not None]

    def _new_events(self) -> list[Path]:
        mine = [d for d in self.waiting if d.source in self._of_events and d.repeats is None]
        return [events_file(self._file(delivery)) for delivery in mine]

    def _old_events(self) -> Iterator[Path]:
        """Of deliveries taken before; those taken by a contract that knew of no events have none."""
        for delivery, _, taken in self._known_before():
            if delivery.source in self._of_events and delivery.repeats is None:
                path = events_file(self._old_file(delivery, taken))
                if not path.exists():
                    self._restage(delivery)
                if path.exists():
                    yield path

    def waiting_events(self, found: list[SetAside]) -> list[SetAside]:
        """The other events of cases, made of events, of which a rule set one aside."""
        waiting: list[SetAside] = []
        for delivery in self.waiting:
            mine = [one for one in found if one.delivery_no == delivery.delivery_no]
            if mine and delivery.source in self._of_events:
                waiting += waiting_with(self._file(delivery), mine, partial(self.raw_fields, delivery.delivery_no))
        return waiting

    def _file(self, delivery: Delivery) -> Path:
        return staged_file(self.place, delivery, self.catalogue.profile.contracts[delivery.source].version)

    def _old_file(self, delivery: Delivery, taken: Taken) -> Path:
        """The staged file of a delivery taken before; made again, by the contract of its day, where it was deleted."""
        path = staged_file(self.place, delivery, taken.contract)
        if not path.exists():
            self._restage(delivery)
        return path

    def _restage(self, delivery: Delivery) -> None:
        publication, _ = self.chronicle().taken[delivery.delivery_no]
        with catalogue_of(self.place, publication.bundle) as catalogue:
            stager = stager_of(catalogue, delivery.source)
            found = read_delivery(self.place.landing, self.place.raw, delivery, stager.contract)
            stage_delivery(self.place, stager, delivery, found)

    def _known_before(self) -> Iterator[tuple[Delivery, int, Taken]]:
        chronicle = self.chronicle()
        for number, (publication, taken) in chronicle.taken.items():
            yield chronicle.deliveries[number], publication.number, taken

    @cached_property
    def taking(self) -> list[Taken]:
        """What this refresh notes of each delivery that it takes."""
        taking = []
        for delivery in self.waiting:
            contract = self.catalogue.profile.contracts[delivery.source]
            found = self._reads.get(delivery.delivery_no) or read_delivery(
                self.place.landing, self.place.raw, delivery, contract
            )
            staged = self._staged.get(delivery.delivery_no)
            if staged is None:  # a repeat: every row of it was counted before
                taking.append(Taken(delivery.delivery_no, contract.version, found.rows, found.rows, 0, found.places))
            else:
                untyped = found.rows - staged.rows
                noted = (contract.version, found.rows, staged.duplicates, untyped, found.places)
                taking.append(Taken(delivery.delivery_no, *noted))
        return taking

    def known(self) -> list[tuple[Delivery, int, Taken]]:
        """Every delivery that counts in this refresh, with the refresh that took it and what was noted."""
        deliveries = self.chronicle().deliveries
        now = [(deliveries[taken.delivery_no], self.number, taken) for taken in self.taking]
        return [*self._known_before(), *now]

    @cached_property
    def counting_day(self) -> date:
        """The last day counted."""
        return counting_day(self.catalogue.profile, [delivery for delivery, _, _ in self.known()])

    @property
    def is_synthetic(self) -> bool:
        """Whether made-up rows are among what is counted."""
        return any(delivery.sample is not None for delivery, _, _ in self.known())

    def parameters(self) -> dict[str, Any]:
        """What every query may ask for."""
        profile = self.catalogue.profile
        case_contract = profile.contracts.get(profile.settings.case_source or "")
        last = self.chronicle().last
        return {
            "data_from": profile.settings.data_from,
            "earliest_date": profile.settings.earliest_date,
            "counting_day": self.counting_day,
            "refresh_no": self.number,
            "refresh_before": last.number if last else 0,
            "counted_before": last.counting_day if last else None,
            "may_move": self._counts_anew or self._is_revision,
            "stocks": [metric.id for metric in self.catalogue.metrics.values() if metric.kind == "stock"],
            "drops_missing": case_contract is not None and case_contract.on_missing == "drop",
            "has_chinese_numbers": profile.settings.case_numbers == "chinese",
            "courts": [row["code"] for row in profile.code_rows("courts")],
        }

    def untyped_rows(self) -> list[SetAside]:
        """Rows that were set aside before any rule was asked: torn ones, and ones that could not be typed."""
        found: list[SetAside] = []
        for delivery in self.waiting:
            if delivery.repeats is None:
                for torn in self._reads[delivery.delivery_no].torn:
                    found.append(
                        SetAside(delivery.delivery_no, torn.record, torn.line, delivery.source, torn.code, torn.reason,
                                 fields={"": torn.text})
                    )  # fmt: skip
                found += self._staged[delivery.delivery_no].set_aside
        return found

    def raw_fields(self, delivery_no: int, records: list[int]) -> dict[int, dict[str, Any]]:
        """The contracted fields of some rows of a waiting delivery, as delivered, by record."""
        delivery = self.chronicle().deliveries[delivery_no]
        return rows_as_delivered(self.place.raw, delivery, self.catalogue.profile.contracts[delivery.source], records)

    def note(self) -> dict[str, Any]:
        """The fields of this refresh's event, but for the hash of the warehouse."""
        return {
            "refresh_id": refresh_id(self.number),
            "at": self.now.isoformat(timespec="seconds"),
            "taken": [taken.__dict__ for taken in self.taking],
            "bundle": self.bundle,
            "counting_day": str(self.counting_day),
        }

    def delivery_rows(self) -> list[tuple[Any, ...]]:
        """Rows of model.deliveries."""
        return delivery_rows(self.catalogue.profile, self.known())

    def taken_numbers(self) -> str:
        """The numbers of the deliveries taken, as JSON."""
        return json.dumps([taken.delivery_no for taken in self.taking])

    def ended(self, at: str) -> LastRun:
        """How this run went, once its steps are over: failed where there was something to publish and it was not."""
        failed = self.expects_publication and self.published is None
        why = "the run ended before its publication. Run `caseload refresh`" if failed else None
        return LastRun(at, "failed" if failed else "done", self.published, why, tuple(self.landed.refused))

    def close(self) -> None:
        """Closes the finished work file, everything in it."""
        self.store.close()
        self._store = None

    def let_go(self) -> None:
        """Closes what is open; an unpublished work file is taken away."""
        if self._store is not None:
            self._store.abandon()
            self._store = None
        clear_work(self.place)


def _require_rows(found: Read, contract: Contract) -> None:
    """Refuse a snapshot without a row: it would say that every case is gone, and a failed export says just that."""
    if contract.kind == "snapshot" and found.rows == sum(torn.code == "NO_CASE" for torn in found.torn):
        raise FileRefused("the snapshot has a header and no rows", "It would say that nothing is left of all that was known",
                          "Look at the export, and deliver it again", place=found.places.format(line=1, record=0))  # fmt: skip
