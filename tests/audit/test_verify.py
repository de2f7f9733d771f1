"""Verify: whatever was changed behind the ledger's back is found and named."""

import shutil

import duckdb
import pytest

from warehouse.audit.verify import verify
from warehouse.intake.ledger import Ledger
from warehouse.store.swap import sha256_of


def flip(path, at):
    """Another bit in one byte of a file."""
    path.chmod(0o600)
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(bytes(content))


def blobs(home):
    """Hashes of the delivered files and of the bundles, as the ledger names them."""
    events = Ledger(home.place.landing).events()
    return [e["sha256"] for e in events if e["event"] == "delivery"], [e["bundle"] for e in events if e["event"] == "refresh"]


def test_what_nobody_touched_holds(two_nights):
    found = verify(two_nights.place, "tests", False, lambda text: None)
    ledger = Ledger(two_nights.place.landing)
    # 29 files of which one is a repeat of the same bytes, and one bundle for both nights
    assert (found.faults, found.blobs, found.refreshes) == ((), 29, 2)
    assert (found.events, found.head) == (29 + 2, ledger.head())


@pytest.mark.parametrize("at", [0, 100, -1])
def test_a_flipped_bit_in_an_original_names_it(home, at):
    name = blobs(home)[0][3]
    flip(home.place.landing / "blobs" / name, at)
    assert home.faults() == [(name, "its bytes are not those that its name is the hash of")]


def test_a_flipped_bit_in_a_bundle_names_it(home):
    name = blobs(home)[1][0]
    flip(home.place.landing / "blobs" / name, 500)
    assert home.faults() == [(name, "its bytes are not those that its name is the hash of")]


def test_missing_originals_are_named_one_by_one(home):
    names = sorted(blobs(home)[0][:2])
    for name in names:
        (home.place.landing / "blobs" / name).unlink()
    assert home.faults() == [(name, "the ledger names this original, and it is missing") for name in names]


def test_an_original_in_the_place_of_another_is_named(home):
    first, second = blobs(home)[0][:2]
    folder = home.place.landing / "blobs"
    shutil.copyfile(folder / first, folder / f"{second}.new")
    (folder / f"{second}.new").replace(folder / second)
    assert [name for name, _ in home.faults()] == [second]


@pytest.mark.parametrize("line", [0, 10, 30])
def test_a_flipped_bit_in_the_ledger_is_found(home, line):
    path = home.place.landing / "ledger.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    flip(path, sum(map(len, lines[:line])) + len(lines[line]) // 2)
    found = home.faults()
    assert found and {name for name, _ in found} == {"ledger.jsonl"}


def test_a_cut_ledger_and_a_missing_one_are_found(home):
    path = home.place.landing / "ledger.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    assert [name for name, _ in home.faults()] == ["ledger.jsonl"]
    path.unlink()
    assert [name for name, _ in home.faults()] == ["ledger.jsonl"]


def test_beside_a_broken_ledger_broken_originals_are_still_named(home):
    name = blobs(home)[0][0]
    flip(home.place.landing / "blobs" / name, 7)
    flip(home.place.landing / "ledger.jsonl", 20)
    assert {found for found, _ in home.faults()} == {"ledger.jsonl", name}


@pytest.mark.parametrize("at", [100, 300_000, -5000])
def test_a_flipped_bit_in_the_warehouse_is_found(home, at):
    flip(home.place.warehouse, at)
    assert home.faults() == [("warehouse.duckdb", "its bytes are not those that r000002 published")]


def test_a_missing_warehouse_is_found(home):
    home.place.warehouse.unlink()
    assert home.faults() == [("warehouse.duckdb", "it is missing; the ledger says that r000002 published it")]


def test_a_warehouse_without_a_ledger_is_found(home):
    shutil.rmtree(home.place.landing)
    home.place.make()
    assert home.faults() == [("warehouse.duckdb", "the ledger knows of no publication")]


def test_everything_counted_again_gives_the_same_cells(two_nights):
    assert two_nights.faults(full=True) == []


def test_a_changed_figure_that_was_entered_on_the_ledger_is_found_by_counting_again(home):
    with duckdb.connect(str(home.place.warehouse)) as connection:
        connection.execute(
            "update metrics.cells set numerator = numerator + 1 where metric = 'filed' and "
            "period_id = '2014-03' and calendar_id = 'cal_month' and to_refresh is null and case_type = '民初'"
        )
        changed = connection.execute("select count(*) from metrics.cells where metric = 'filed' and period_id = '2014-03' and "
                                     "calendar_id = 'cal_month' and to_refresh is null and case_type = '民初'").fetchone()  # fmt: skip
    Ledger(home.place.landing).add("rebuilt", refresh_id="r000002", warehouse=sha256_of(home.place.warehouse))
    assert home.faults() == []
    found = home.faults(full=True)
    assert len(found) == 2 * changed[0] > 0
    assert all(name == "warehouse.duckdb" and "filed" in what and "2014-03" in what for name, what in found)
    assert not (home.place.root / "replay").exists()
