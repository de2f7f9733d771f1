"""The OpenLineage event of a publication: what the specification wants of it, and the files and tables that it names."""

import json
import re
import uuid
from datetime import datetime

from warehouse.intake.ledger import Ledger


def event_of(home, name):
    return json.loads((home.place.root / f"openlineage/{name}.json").read_text("utf-8"))


def test_each_publication_leaves_an_event_with_what_the_specification_requires(two_nights):
    # required by the JSON schema of OpenLineage 2-0-2: eventTime, producer, schemaURL, run.runId (a UUID), job.namespace,
    # job.name; of a dataset namespace and name; of a facet _producer and _schemaURL
    seen = set()
    for name in ("r000001", "r000002"):
        event = event_of(two_nights, name)
        assert event["eventType"] == "COMPLETE" and datetime.fromisoformat(event["eventTime"]).tzinfo
        assert event["schemaURL"].endswith("/2-0-2/OpenLineage.json#/$defs/RunEvent")
        assert re.match(r"[a-z]+:", event["producer"]) and event["job"]["namespace"] and event["job"]["name"]
        seen.add(uuid.UUID(event["run"]["runId"]))
        datasets = [*event["inputs"], *event["outputs"]]
        facets = [facet for one in (*datasets, event["run"]) for facet in one["facets"].values()]
        assert facets and all(one["namespace"] and one["name"] for one in datasets)
        assert all(facet["_producer"] and facet["_schemaURL"] for facet in facets)
    assert len(seen) == 2


def test_inputs_are_the_deliveries_taken_and_outputs_the_published_tables(two_nights, catalogue):
    for at, name in enumerate(("r000001", "r000002")):
        event = event_of(two_nights, name)
        ledger = Ledger(two_nights.place.landing).events()
        refresh = [one for one in ledger if one["event"] == "refresh"][at]
        taken = {one["delivery_no"] for one in refresh["taken"]}
        assert {one["facets"]["version"]["datasetVersion"] for one in event["inputs"]} == {
            one["sha256"] for one in ledger if one["event"] == "delivery" and one["delivery_no"] in taken
        }  # fmt: skip
        outputs = {one["name"].rpartition("/")[2]: one["facets"]["schema"]["fields"] for one in event["outputs"]}
        assert set(outputs) == {table for table in catalogue.tables if table.startswith("published.")}
        assert [one["name"] for one in outputs["published.cases"]] == list(catalogue.tables["published.cases"].columns)
        assert event["run"]["facets"]["courtCaseload"]["head"] == f"{refresh['seq'] - 1}:{refresh['before']}"


def test_an_event_that_a_crash_left_out_is_made_with_the_next_publication(two_nights, tmp_path):
    home = two_nights.copy(tmp_path)
    kept = event_of(home, "r000001")
    for file in (home.place.root / "openlineage").iterdir():
        file.unlink()
    (home.place.inbox / "cases/cases_2016-12-01.csv").write_text("案号,立案日期,适用程序,承办庭室,承办人,结案日期,结案方式,原案号,自诉,"
                                                                 "作废,申请标的金额,执行到位金额\n", "utf-8")  # fmt: skip
    home.refresh(night=30)
    assert event_of(home, "r000001") == kept
    assert {file.name for file in (home.place.root / "openlineage").iterdir()} >= {"r000001.json", "r000002.json"}
