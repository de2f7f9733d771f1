"""A publication of an older form is rebuilt from the ledger before it is read or extended, and its figures stay."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from warehouse.catalogue.bundle import Catalogue, read_catalogue
from warehouse.refresh.begin import OUTDATED, bring_up_to_date
from warehouse.store.form import is_outdated

LATER = (
    "sql/model/case_versions.sql", "sql/model/correction_history.sql", "sql/model/corrections.sql", "sql/rules/CORRECTIONS.sql",
    "warehouse/rules/CORRECTIONS.yml", "warehouse/tables/model/case_versions.yml", "warehouse/tables/model/corrections.yml",
    "warehouse/tables/model/correction_history.yml", "warehouse/tables/staged/corrections.yml",
    "profile/contracts/corrections.yml",
)  # fmt: skip
"""What the first form did not have."""


@pytest.fixture(scope="module")
def older(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The definitions before corrections by hand: cases were read from history itself."""
    house = tmp_path_factory.mktemp("older")
    for name in ("sql", "warehouse/tables", "warehouse/definitions", "warehouse/rules", "warehouse/scopes"):
        shutil.copytree(catalogue.house / name, house / name)
    shutil.copytree(catalogue.profile.folder, house / "profile")
    for name in LATER:
        (house / name).unlink()
    for name in ("model/cases", "model/case_spells"):
        path = house / f"sql/{name}.sql"
        path.write_text(path.read_text("utf-8").replace("model.case_versions", "model.case_history"), "utf-8")
    path = house / "sql/rules/CONSERVATION.sql"
    text = path.read_text("utf-8")
    path.write_text(re.sub(r"    union all\n    select\n        corrections.*?new_corrections as corrections\n", "", text, flags=re.S),
                    "utf-8")  # fmt: skip
    return read_catalogue(house / "profile", house)


@pytest.fixture(scope="module")
def published(new_home: Any, older: Catalogue, two_nights: Any) -> Any:
    """A home that an earlier version published, twice. To be copied, not changed."""
    home = new_home()
    home.catalogue = older
    files = sorted(two_nights.place.inbox.glob("*/*"))
    with pytest.MonkeyPatch.context() as patched:
        for module in ("warehouse.store.form", "warehouse.refresh.publish"):
            patched.setattr(f"{module}.SCHEMA_VERSION", 1)
        home.deliver(file for file in files if file.stem.split("_")[-1] < "2013")
        home.refresh()
        home.deliver(file for file in files if file.stem.split("_")[-1] < "2014")
        home.refresh(night=1)
    assert "correction_history" not in str(home.rows("show all tables"))
    return home


@pytest.fixture
def old_home(published: Any, tmp_path: Path) -> Any:
    return published.copy(tmp_path)


def test_it_is_rebuilt_before_it_is_read_and_its_figures_stay(old_home):
    before, told = old_home.cells(), []
    assert is_outdated(old_home.place.warehouse)
    bring_up_to_date(old_home.place, "tests", told.append)
    assert told == [OUTDATED, "replaying r000001", "replaying r000002"]
    assert not is_outdated(old_home.place.warehouse) and old_home.cells() == before
    assert old_home.rows("select count(*) from model.correction_history") == [(0,)]
    assert old_home.faults(full=True) == []
    bring_up_to_date(old_home.place, "tests", told.append)
    assert len(told) == 3  # once


def test_columns_that_came_to_a_table_are_read_as_all_and_added_by_the_next_refresh(new_home, catalogue, two_nights, tmp_path):
    """Gates knew no family and no type: no reason to replay years of nights."""
    house = tmp_path / "house"
    for name in ("sql", "warehouse/tables", "warehouse/definitions", "warehouse/rules", "warehouse/scopes"):
        shutil.copytree(catalogue.house / name, house / name)
    for table, columns in (("gates", ("family", "case_type")), ("recount_differences", ("family",))):
        path = house / f"warehouse/tables/quality/{table}.yml"
        lines = [line for line in path.read_text("utf-8").splitlines() if line.partition(":")[0].strip() not in columns]
        path.write_text(re.sub(r", (family|case_type)(?=[,\]])", "", "\n".join(lines)) + "\n", "utf-8")
    for name in ("rules/RECOUNT", "published/counts"):
        path = house / f"sql/{name}.sql"
        text = re.sub(r"            and \(last_gates\.(family|case_type).*\n", "", path.read_text("utf-8"))
        text = text.replace(",\n    found.family\n", "\n").replace(", coalesce(' ' || found.family, '')", "")
        path.write_text(text.replace(",\n        gates.family,\n        gates.case_type\n", "\n"), "utf-8")
    home = new_home()
    home.catalogue = read_catalogue(catalogue.profile.folder, house)
    home.deliver(file for file in sorted(two_nights.place.inbox.glob("*/*")) if file.stem.split("_")[-1] < "2013")
    rows = "".join(
        f"（2012）绍嵊民初字第{9000 + n}号,2012-11-22,2012-11-21,判决\n" for n in range(1, 21)
    )  # closed before they were filed
    (home.place.inbox / "cases/cases_2012-12-31_b.csv").write_text("案号,立案日期,结案日期,结案方式\n" + rows, "utf-8")
    home.refresh()
    assert "family" not in str(home.rows("describe quality.gates")) and not is_outdated(home.place.warehouse)
    with home.reader() as reader:
        assert {(gate.reason[:9], gate.family) for gate in reader.snapshot.gates} == {
            ("SET_ASIDE", None)}  # fmt: skip
        assert {one.status for one in reader.ask("closed", by=("family",))} == {"withheld"}
    home.catalogue = catalogue
    (home.place.inbox / "cases/cases_2013-01-02.csv").write_text(
        "案号,立案日期,结案日期,结案方式\n" + rows.replace("2012-11-21", "2012-11-23"), "utf-8"
    )
    assert home.refresh(night=1) == "r000002"
    assert "family" in str(home.rows("describe quality.gates")) and "family" in str(
        home.rows("describe quality.recount_differences")
    )
    with home.reader() as reader:
        assert {(one.status, one.reason) for one in reader.ask("closed", by=("family",))} == {("published", None)}
    assert home.faults(full=True) == []


def test_a_refresh_rebuilds_it_first_and_goes_on(old_home, catalogue, two_nights):
    before = old_home.cells()
    old_home.catalogue = catalogue
    old_home.deliver(file for file in sorted(two_nights.place.inbox.glob("*/*")) if file.stem.split("_")[-1] < "2015")
    assert old_home.refresh(night=2) == "r000003"
    assert old_home.rows("select count(*) from model.case_versions") == old_home.rows("select count(*) from model.case_history")
    ended = {(*row[:-1], None) if row[-1] == 2 else row for row in old_home.cells()}
    assert {row for row in before} <= ended | set(old_home.cells())
    assert old_home.faults(full=True) == []
