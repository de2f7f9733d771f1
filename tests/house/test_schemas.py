"""The JSON Schemas that editors complete by: up to date, true of every shipped file, and strict on a misspelt key."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from warehouse.catalogue.contract import Contract
from warehouse.catalogue.documents import DefinitionError, load
from warehouse.catalogue.query import HOUSE
from warehouse.catalogue.schemas import COMMAND, FOLDER, schemas

PROFILES = HOUSE / "warehouse/profiles"
CONTRACTS = sorted(PROFILES.glob("*/contracts/*.yml"))
FILES = {path: "totals" if "\nfeeds: totals\n" in path.read_text("utf-8") else "contract" for path in CONTRACTS}
FILES |= {path: "profile" for path in sorted(PROFILES.glob("*/profile.yml"))}
NAMES = [str(path.relative_to(PROFILES)) for path in FILES]


def read(path: Path) -> Any:
    """A YAML file as an editor sees it: days are texts."""
    return json.loads(json.dumps(yaml.safe_load(path.read_text("utf-8")), default=str))


def faults(kind: str, document: Any) -> list[str]:
    schema = json.loads((FOLDER / f"{kind}.schema.json").read_text("utf-8"))
    return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(document)]


@pytest.mark.parametrize("name", sorted(schemas()))
def test_a_schema_is_up_to_date_and_is_one(name):
    assert (FOLDER / name).read_text("utf-8") == schemas()[name], f"run `{COMMAND}`"
    jsonschema.Draft202012Validator.check_schema(json.loads(schemas()[name]))


@pytest.mark.parametrize(("path", "kind"), FILES.items(), ids=NAMES)
def test_every_shipped_file_fits_the_schema_that_its_first_line_names(path, kind):
    assert faults(kind, read(path)) == []
    head, _, place = path.read_text("utf-8").partition("\n")[0].partition("=")
    assert head == "# yaml-language-server: $schema"
    assert (path.parent / place).resolve() == (FOLDER / f"{kind}.schema.json").resolve()


@pytest.mark.parametrize(("path", "kind"), FILES.items(), ids=NAMES)
def test_a_misspelt_key_does_not_fit(path, kind):
    document = read(path)
    document["nmae_zh"] = "?"
    assert any("nmae_zh" in fault for fault in faults(kind, document))


@pytest.mark.parametrize(("change", "named"), [
    (lambda contract: contract["file"].update(seperator=","), "seperator"),
    (lambda contract: contract["columns"]["closed_on"].update(format=["%Y"]), "format"),
    (lambda contract: contract["columns"].update(closed_onn={"header": "x"}), "closed_onn"),
    (lambda contract: contract["constants"].update(court_cod="x"), "court_cod"),
    (lambda contract: contract.update(kind="snapshots"), "snapshots"),
    (lambda contract: contract["columns"]["closed_on"].update(type="day"), "day"),
    (lambda contract: contract.pop("key"), "key"),
    (lambda contract: contract.update(version="1"), "version"),
])  # fmt: skip
def test_what_a_contract_must_not_say_does_not_fit(change, named):
    document = read(PROFILES / "shengzhou/contracts/cases.yml") | {"constants": {}}
    assert faults("contract", document) == []
    change(document)
    assert any(named in fault for fault in faults("contract", document))


def test_an_editor_is_offered_the_columns_of_the_table_with_their_meanings():
    contract = json.loads(schemas()["contract.schema.json"])
    offered = {one["if"]["properties"]["feeds"]["const"]: one["then"]["properties"]["columns"]
               for one in contract["allOf"] if "not" in one["if"]["allOf"][0]}  # fmt: skip
    assert offered["cases"]["properties"]["registered_on"]["description"] == "立案日期, day 0 of every limit"
    assert "received_on" in offered["registrations"]["properties"] and "received_on" not in offered["cases"]["properties"]
    assert "delivery_no" not in offered["cases"]["properties"]


def test_a_contract_with_events_may_name_their_columns_and_one_without_must_not():
    document = read(PROFILES / "eu_infringement/contracts/cases.yml")
    assert "event_on" in document["columns"] and faults("contract", document) == []
    del document["events"]
    assert any("event_on" in fault for fault in faults("contract", document))


def test_what_a_key_means_is_told_by_the_text_below_it_in_the_model():
    parts = json.loads(schemas()["contract.schema.json"])["$defs"]
    assert parts["SourceColumn"]["properties"]["nulls"]["description"].startswith('What stands for "none"')
    assert parts["FileFormat"]["properties"]["no_case"]["description"].startswith("Words with which a row begins")


def test_schema_and_loader_refuse_the_same_key(tmp_path):
    text = (PROFILES / "shengzhou/contracts/cases.yml").read_text("utf-8").replace("separator:", "seperator:")
    (tmp_path / "cases.yml").write_text(text, "utf-8")
    assert faults("contract", yaml.safe_load(text))
    with pytest.raises(DefinitionError, match=r"there is no key \[file\.seperator\]"):
        load(tmp_path / "cases.yml", Contract)
