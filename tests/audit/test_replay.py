"""The warehouse anew from the ledger: the same figures for every refresh, each by the definitions of its day."""

import shutil

import pytest

from warehouse.catalogue.bundle import read_catalogue
from warehouse.intake.ledger import Ledger
from warehouse.refresh.replay import rebuild
from warehouse.store.swap import locked


def figures(home):
    """What each publication shows, refresh by refresh."""
    with home.reader() as reader:
        known = [refresh.id for refresh in reader.snapshot.all_refreshes]
    shown = {}
    for name in known:
        with home.reader(name) as reader:
            asked = [("filed", ("family",)), ("closed", ("bench",)), ("pending_end", ()), ("closing_rate_cn", ("family",)),
                     ("same_day_registration_rate", ("channel",)), ("enforcement_backlog.pool", ()), ("zhongben_pool", ())]  # fmt: skip
            shown[name] = [f.as_json() for metric, by in asked for f in reader.ask(metric, kind="quarter", by=by)]
            shown[name] += [vars(gate) for gate in reader.snapshot.gates]
            shown[name] += [vars(reader.snapshot.refresh)]
    return shown


def anew(home):
    with locked(home.place):
        return rebuild(home.place, "tests", lambda text: None)


def test_a_deleted_warehouse_is_replayed_to_the_same_figures_of_every_refresh_and_a_refresh_goes_on_from_it(home):
    before, cells = figures(home), home.cells()
    home.place.warehouse.unlink()
    assert anew(home).refreshes == 2
    assert figures(home) == before
    assert home.cells() == cells
    assert home.faults(full=True) == []  # replayed once more, without a difference
    assert home.refresh(night=5) is None
    assert home.faults() == []
    assert sorted(path.name for path in home.place.root.iterdir() if path.name.startswith(("work", "replay"))) == []


def test_without_raw_and_staged_files_the_replay_makes_them_again(home):
    before = figures(home)
    for folder in (home.place.raw, home.place.staged):
        shutil.rmtree(folder)
    home.place.warehouse.unlink()
    assert anew(home).refreshes == 2
    assert figures(home) == before


def test_a_replay_over_a_standing_warehouse_names_no_difference_and_a_changed_one_is_put_right(home):
    import duckdb

    cells = home.cells()
    assert anew(home).differences == ()
    with duckdb.connect(str(home.place.warehouse)) as connection:
        connection.execute("delete from metrics.cells where metric = 'closed' and period_id = '2015-02'")
    found = anew(home)
    assert found.differences and all("only in the replayed one closed" in line for line in found.differences)
    assert home.cells() == cells


def test_without_a_publication_there_is_nothing_to_replay(home):
    shutil.rmtree(home.place.root)
    home.place.make()
    assert anew(home).refreshes == 0


# --- definitions that changed between refreshes


@pytest.fixture
def profile(home, tmp_path):
    """A copy of the profile's folder, outside the project."""
    folder = tmp_path / "elsewhere" / "court"
    shutil.copytree(home.catalogue.profile.folder, folder)
    return folder


def late(home, name, *rows):
    """One more delivery, of a day after all others."""
    file = home.place.inbox / f"cases/cases_{name}.csv"
    file.write_text("\n".join(["案号,立案日期,结案日期,结案方式", *rows, ""]), "utf-8")


def test_each_refresh_is_replayed_by_the_code_lists_and_the_limits_of_its_day_which_are_kept(home, profile, change):
    # seven rows are closed before they were registered: more than five are too many
    late(home, "2016-11-29", *(f"（2016）浙0683民初{9000 + n}号,2016-10-11,2016-10-0{n},判决" for n in range(1, 8)))
    assert home.refresh(night=2) == "r000003"
    change(profile / "profile.yml", "set_aside: {share: 0.005, rows: 5}", "set_aside: {share: 0.005, rows: 7}")
    change(profile / "codes/case_types.csv", ",criminal,", ",relief,")
    assert home.refresh(night=3, catalogue=read_catalogue(profile)) == "r000004"
    late(home, "2016-11-30", "（2016）浙0683民初9101号,2016-10-11,,")
    assert home.refresh(night=4) == "r000005"  # by the shipped lists and limits again

    before, cells = figures(home), home.cells()
    filed = {name: [f for f in shown if f.get("metric") == "filed" and "status" in f] for name, shown in before.items()}
    withheld, published = {"withheld"}, {"published"}
    assert [{f["status"] for f in found} for found in filed.values()] == [published, published, withheld, published, withheld]
    criminal = "select sum(numerator) from metrics.cells where metric = 'filed' and family = 'criminal' and "
    known = [home.rows(f"{criminal} {n} between from_refresh and coalesce(to_refresh, {n})")[0][0] for n in (2, 3, 4, 5)]
    assert known[0] == known[1] == known[3] > 0 and known[2] is None
    bundles = [e["bundle"] for e in Ledger(home.place.landing).events() if e["event"] == "refresh"]
    assert bundles[0] == bundles[1] == bundles[2] == bundles[4] != bundles[3]
    assert all((home.place.landing / "blobs" / name).exists() for name in bundles)

    home.place.warehouse.unlink()
    assert anew(home).refreshes == 5
    assert figures(home) == before and home.cells() == cells
