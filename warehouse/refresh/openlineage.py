"""An OpenLineage event for each publication, for catalogues that collect them: which files went in, which tables came out.

Belongs here: what an event says, and its file. Does not belong here: what proves it, which is the ledger it is made from. A
file that is missing, as after a crash, is made with the next publication. Form: OpenLineage 2-0-2, RunEvent.
"""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from warehouse.catalogue.table import Table
from warehouse.intake.ledger import Event, Ledger
from warehouse.store.place import Place

SPEC = "https://openlineage.io/spec"
PRODUCER = "urn:court-caseload"
NAMESPACE = "court-caseload"


def note_lineage(place: Place, tables: Mapping[str, Table], program: str) -> None:
    """Writes the event of each publication of the ledger that has no file yet. A full disk is no reason not to publish."""
    with contextlib.suppress(OSError):
        events = Ledger(place.landing).events()
        for event in events:
            target = place.openlineage / f"{event.get('refresh_id')}.json"
            if event["event"] == "refresh" and not target.exists():
                place.openlineage.mkdir(exist_ok=True)
                _write(target, run_event(place.root.name, event, events, tables, program))


def run_event(
    profile: str, refresh: Event, events: Sequence[Event], tables: Mapping[str, Table], program: str
) -> dict[str, Any]:  # fmt: skip
    """The RunEvent of a `refresh` event: deliveries as inputs by their sha256, published tables as outputs by their columns."""
    said = {one["delivery_no"]: one for one in events if one["event"] == "delivery"}
    run_id = uuid.uuid5(uuid.NAMESPACE_URL, f"{PRODUCER}:{profile}:{refresh['refresh_id']}:{refresh['before']}")
    own = {name: refresh[name] for name in ("refresh_id", "bundle", "counting_day", "warehouse")}
    return {
        "eventType": "COMPLETE", "eventTime": refresh["at"], "producer": f"{PRODUCER}:{program}",
        "schemaURL": f"{SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent",
        "run": {"runId": str(run_id), "facets": {"courtCaseload": {**_facet("urn:court-caseload:refresh", program), **own,
                                                                 "head": f"{refresh['seq'] - 1}:{refresh['before']}"}}},
        "job": {"namespace": NAMESPACE, "name": f"{profile}.refresh", "facets": {}},
        "inputs": [_input(profile, said[one["delivery_no"]], program) for one in refresh["taken"]],
        "outputs": list(_outputs(profile, tables, program)),
    }  # fmt: skip


def _input(profile: str, delivery: Event, program: str) -> dict[str, Any]:
    version = _facet(f"{SPEC}/facets/1-0-1/DatasetVersionDatasetFacet.json", program) | {"datasetVersion": delivery["sha256"]}
    return {"namespace": "file", "name": f"{profile}/inbox/{delivery['path']}", "facets": {"version": version}}


def _outputs(profile: str, tables: Mapping[str, Table], program: str) -> Iterator[dict[str, Any]]:
    for name, table in sorted(tables.items()):
        if name.startswith("published."):
            fields = [{"name": key, "type": one.type, "description": one.meaning} for key, one in table.columns.items()]
            schema = _facet(f"{SPEC}/facets/1-1-1/SchemaDatasetFacet.json", program) | {"fields": fields}
            yield {"namespace": "duckdb", "name": f"{profile}/warehouse.duckdb/{name}", "facets": {"schema": schema}}


def _facet(schema: str, program: str) -> dict[str, Any]:
    return {"_producer": f"{PRODUCER}:{program}", "_schemaURL": schema}


def _write(target: Path, event: dict[str, Any]) -> None:
    part = target.with_suffix(".part")
    part.write_text(json.dumps(event, ensure_ascii=False, indent=1), "utf-8")
    part.replace(target)
