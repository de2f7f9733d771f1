"""How a refresh begins: the lock, what a crash left behind, a warehouse that was deleted; and how its end is noted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from warehouse.catalogue.bundle import Catalogue
from warehouse.refresh.last_run import LastRun, read_last_run, write_last_run
from warehouse.refresh.recovery import recover
from warehouse.refresh.replay import rebuild
from warehouse.refresh.shrink import Acceptance
from warehouse.refresh.work import Refreshing, Tell
from warehouse.store.form import is_outdated
from warehouse.store.place import Place
from warehouse.store.swap import locked

OUTDATED = "rebuilding warehouse.duckdb from the ledger: an earlier version of this program wrote it in another form"


@contextmanager
def refreshing(
    place: Place,
    catalogue: Catalogue,
    now: datetime,
    program: str,
    tell: Tell | None = None,
    environment: Mapping[str, str] | None = None,
    accepts: Acceptance | None = None,
) -> Iterator[Refreshing]:
    """A refresh that holds the lock of its profile; what a crash left behind is settled first.

    `environment` holds the addresses of databases; without it none is asked. `accepts` takes snapshots that lack much.

    Raises:
        AnotherRefreshRuns: the lock is held.
        NotPublished: the published warehouse is not the one that the ledger names.
    """
    with locked(place):
        at = now.isoformat(timespec="seconds")
        before = read_last_run(place)
        write_last_run(place, LastRun(at, "running"))
        work = Refreshing(place, catalogue, now, program, tell or (lambda text: None), environment=environment,
                          accepts=accepts)  # fmt: skip
        try:
            recover(place, work.tell)
            if work.chronicle().last is not None and not place.warehouse.exists():
                work.tell("rebuilding warehouse.duckdb, which is missing, from the ledger")
                rebuild(place, program, work.tell)
            elif is_outdated(place.warehouse):
                work.tell(OUTDATED)
                rebuild(place, program, work.tell)
            work.number = work.chronicle().next_number
            yield work
        except BaseException as error:
            write_last_run(place, LastRun(at, "failed", None, str(error), tuple(work.landed.refused)))
            raise
        else:
            write_last_run(place, work.ended(at) if work.has_landed or before is None else before)
        finally:
            work.let_go()


def bring_up_to_date(place: Place, program: str, tell: Tell) -> None:
    """Rebuilds a published file of an older form; nothing where there is none, or it is of today's.

    Raises:
        AnotherRefreshRuns: the lock is held.
    """
    if is_outdated(place.warehouse):
        tell(OUTDATED)
        with locked(place):
            recover(place, tell)
            rebuild(place, program, tell)
