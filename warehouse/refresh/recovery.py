"""After a crash: the published warehouse and the ledger are brought to agree, whatever moment it was."""

from __future__ import annotations

from collections.abc import Callable

from warehouse.intake.chronicle import read_chronicle, refresh_id
from warehouse.intake.ledger import Ledger
from warehouse.refresh.erased import clear_erased, is_before_erasure
from warehouse.store.place import Place
from warehouse.store.swap import NotPublished, clear_sides, clear_work, sha256_of, swap


def recover(place: Place, tell: Callable[[str], None]) -> None:
    """Finishes a swap that a crash cut short, or abandons the refresh whose work file is gone. For the lock's holder.

    Where the warehouse was deleted and no work file stands in for it, it is left to the replay.

    Raises:
        NotPublished: the ledger is broken, or the warehouse is neither the last publication nor the one before.
    """
    ledger = Ledger(place.landing)
    ledger.mend()
    if faults := ledger.faults():
        raise NotPublished(
            f"the ledger does not follow from itself: {faults[0]}. The last publication stands. See `caseload verify`"
        )
    clear_sides(place)
    clear_erased(place, ledger.events())
    last = read_chronicle(ledger.events()).last
    found = sha256_of(place.warehouse)
    if last is None or found == last.warehouse:
        clear_work(place)
        return
    if sha256_of(place.work) == last.warehouse:
        swap(place)
        tell(f"finished   the publication of {last.id}, which was cut short")
        clear_work(place)
        return
    if not found:
        return
    if is_before_erasure(ledger.events(), found):
        place.warehouse.unlink()
        tell("erased     the warehouse that still held an erased person; it is made anew")
        return
    before = read_chronicle([e for e in ledger.events() if e.get("refresh_id") != last.id]).last
    if before is None or found != before.warehouse:
        raise NotPublished(
            f"warehouse.duckdb is not what {last.id} published: it was changed from outside. "
            "Run `caseload rebuild`, which makes it anew from the ledger"
        )
    why = "stopped before its publication, its work file is gone"
    ledger.add("abandoned", refresh_id=refresh_id(last.number), why=why)
    tell(f"abandoned  {last.id}, which was cut short")
    clear_work(place)
