"""What Dagster loads: six groups, described assets, dependencies from the SQL, checks that block only the run."""

import re
from pathlib import Path

import dagster as dg
import pytest

from pipelines.definitions import build_definitions
from pipelines.settings import Settings
from warehouse.catalogue.query import HOUSE
from warehouse.quality.rule import read_rules

LAYERS = {"landing", "raw", "staged", "model", "metrics", "published"}
NOT_A_TABLE = {"landing/deliveries", "model/reference", "published/publication"}


@pytest.fixture(scope="module", params=["shengzhou", "fjc_ch12", "uk_crown_court"])
def definitions(request, tmp_path_factory):
    return build_definitions(Settings(tmp_path_factory.mktemp("home"), request.param, "en"))


@pytest.fixture
def specs(definitions):
    return {spec.key.to_user_string(): spec for spec in definitions.resolve_all_asset_specs()}


def test_the_definitions_load_and_open_nothing(tmp_path):
    definitions = build_definitions(Settings(tmp_path / "home", "shengzhou", "en"))
    dg.Definitions.validate_loadable(definitions)
    assert not (tmp_path / "home").exists()


def test_the_layers_are_the_groups(specs):
    assert {spec.group_name for spec in specs.values()} == LAYERS | {"quality"}
    assert all(spec.key.path[0] == spec.group_name for spec in specs.values())


def test_every_asset_is_described_and_every_table_shows_its_columns(specs):
    for name, spec in specs.items():
        assert spec.description and len(spec.description) > 20, name
        schema = spec.metadata.get("dagster/column_schema")
        assert (schema is None) == (name in NOT_A_TABLE), name
        if schema is not None:
            assert schema.columns and all(column.type for column in schema.columns), name
        if schema is not None and not name.startswith("raw/"):
            assert all(column.description for column in schema.columns), name


def read_by(path: Path) -> set[str]:
    """The tables that a query names after `from` and `join`, found by sight."""
    text = re.sub(r"--[^\n]*", "", path.read_text("utf-8"))
    return set(re.findall(r"\b(?:from|join)\s+((?:staged|model|metrics|quality|published)\.\w+)", text))


def asset_of(table: str, specs, feeds) -> set[str]:
    """The assets that make a table."""
    layer, name = table.split(".")
    if layer == "staged":
        return {f"staged/{source}" for source, fed in feeds.items() if fed == name.removeprefix("new_")}
    if layer == "model" and f"model/{name}" not in specs:
        return {"model/reference"}
    return {f"{layer}/{name}"}


OWN_TABLES = ("cases", "corrections", "registrations", "clock_events", "enforcement_results")
"""Sources of the profiles here that are staged as tables of their own name; the others are totals."""


def made_by(path: Path) -> set[str]:
    """The assets that a query makes: one of its name, or those of the metrics that share it."""
    texts = {yml.stem: yml.read_text("utf-8") for yml in (HOUSE / "warehouse/definitions").glob("*.yml")}
    shared = {f"metrics/{metric}" for metric, text in texts.items() if f"\nquery: {path.stem}\n" in text}
    return shared | {f"{path.parent.name}/{path.stem}"}


@pytest.mark.parametrize("layer", ["model", "metrics"])
def test_dependencies_are_those_that_the_sql_names(definitions, specs, layer):
    names = {name.split("/")[1] for name in specs if name.startswith("staged/")}
    feeds = {name: name if name in OWN_TABLES else "totals" for name in names}
    looked_at = 0
    for path in sorted((HOUSE / "sql" / layer).glob("*.sql")):
        wanted = set().union(*(asset_of(table, specs, feeds) for table in read_by(path) if table != f"{layer}.{path.stem}"))
        for name in made_by(path) & set(specs) - {"metrics/cells"}:
            assert {dep.asset_key.to_user_string() for dep in specs[name].deps} == wanted, name
            looked_at += 1
    # where nothing but totals is published, no metric is counted
    assert looked_at >= 4 or (layer == "metrics" and set(feeds.values()) == {"totals"})


def test_the_publication_comes_after_everything(specs):
    after: dict[str, set[str]] = {name: {dep.asset_key.to_user_string() for dep in spec.deps} for name, spec in specs.items()}
    reached, todo = set(), ["published/publication"]
    while todo:
        name = todo.pop()
        reached.add(name)
        todo += [dep for dep in after[name] if dep not in reached]
    assert reached == set(specs)


def test_each_rule_is_a_check_and_only_those_on_the_run_block(catalogue, tmp_path):
    definitions = build_definitions(Settings(tmp_path, "shengzhou", "en"))
    graph = definitions.resolve_asset_graph()
    checks = {key.name: graph.get_check_spec(key) for key in graph.asset_check_keys}
    rules = read_rules(catalogue)
    assert set(checks) == set(rules) and len(rules) >= 8
    assert {name for name, spec in checks.items() if spec.blocking} == {"CONSERVATION"}
    assert {rule.id for rule in rules.values() if rule.looks_at == "run"} == {"CONSERVATION"}
    assert all(spec.description for spec in checks.values())


def test_one_job_one_schedule_one_sensor(definitions):
    repository = definitions.get_repository_def()
    assert "nightly_refresh" in repository.job_names
    assert [schedule.name for schedule in repository.schedule_defs] == ["nightly"]
    assert [sensor.name for sensor in repository.sensor_defs if "default" not in sensor.name] == ["new_files"]
    job = definitions.resolve_job_def("nightly_refresh")
    assert job.executor_def.name == dg.in_process_executor.name


def test_the_module_that_dagster_loads_reads_its_settings_when_it_is_asked(monkeypatch, tmp_path):
    monkeypatch.chdir(HOUSE)
    monkeypatch.setenv("CASELOAD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CASELOAD_PROFILE", "fjc_ch12")
    from pipelines.definitions import defs

    loaded = defs() if callable(defs) else defs
    names = {spec.key.to_user_string() for spec in loaded.resolve_all_asset_specs()}
    assert "raw/cases" in names and "raw/registrations" not in names
    assert not (tmp_path / "home").exists()
