"""After a crash at each point of a publication: ledger and warehouse agree again, nothing is lost or counted twice.

The states are made by hand from a home before the second publication and one after it.
"""

import shutil

import pytest

from warehouse.reading.snapshot import NothingPublished
from warehouse.store.swap import NotPublished


@pytest.fixture
def cut_short(copy_of, one_night, both_nights):
    """The second refresh is on the ledger, its work file is whole, the first publication still stands: before the swap."""
    home = copy_of(both_nights)
    home.place.warehouse.replace(home.place.work)
    shutil.copyfile(one_night.place.warehouse, home.place.warehouse)
    return home


def test_readers_see_the_publication_before_until_the_swap(cut_short, one_night):
    assert cut_short.refreshes() == ["r000001"]
    assert cut_short.figures() == one_night.figures()
    assert cut_short.faults() == [("warehouse.duckdb", "its bytes are not those that r000002 published")]


def test_between_event_and_swap_the_next_refresh_finishes_the_publication(cut_short, both_nights):
    assert cut_short.refresh(night=2) is None
    assert cut_short.told[0].split() == ["finished", "the", "publication", "of", "r000002,", "which", "was", "cut", "short"]
    assert cut_short.refreshes() == ["r000001", "r000002"]
    assert cut_short.figures() == both_nights.figures()
    assert (cut_short.faults(), cut_short.leftovers()) == ([], [])
    assert cut_short.events() == both_nights.events()


def test_with_the_work_file_gone_the_refresh_is_abandoned_and_its_id_is_not_used_again(cut_short, both_nights):
    cut_short.place.work.unlink()
    assert cut_short.refresh(night=2) == "r000003"
    assert cut_short.told[0].split() == ["abandoned", "r000002,", "which", "was", "cut", "short"]
    assert cut_short.refreshes() == ["r000001", "r000003"]
    assert [e["refresh_id"] for e in cut_short.events() if e["event"] == "abandoned"] == ["r000002"]
    assert set(cut_short.taken().values()) == {"r000001", "r000003"}
    assert cut_short.figures() == both_nights.figures()
    assert (cut_short.faults(), cut_short.leftovers()) == ([], [])


def test_a_work_file_that_is_not_the_one_of_the_event_is_no_publication(cut_short, both_nights):
    content = bytearray(cut_short.place.work.read_bytes())
    content[5000] ^= 1
    cut_short.place.work.write_bytes(bytes(content))
    assert cut_short.refresh(night=2) == "r000003"
    assert cut_short.figures() == both_nights.figures()
    assert cut_short.faults() == []


def test_the_first_publication_of_all_cut_short_is_finished(copy_of, one_night):
    home = copy_of(one_night)
    home.place.warehouse.replace(home.place.work)
    with pytest.raises(NothingPublished):
        home.refreshes()
    assert home.refresh(night=1) is None
    assert (home.refreshes(), home.figures(), home.faults()) == (["r000001"], one_night.figures(), [])


def test_the_first_publication_of_all_with_its_work_file_gone_is_counted_again(copy_of, one_night):
    home = copy_of(one_night)
    home.place.warehouse.unlink()
    home.refresh(night=1)
    assert len(home.refreshes()) == 1
    assert (home.figures(), home.faults(), home.leftovers()) == (one_night.figures(), [], [])


def test_an_event_that_a_crash_left_unsealed_is_sealed_by_the_next_refresh(cut_short, one_night, both_nights):
    # written whole, but the file beside the ledger still speaks of the lines before it
    path = cut_short.place.landing / "ledger.jsonl"
    lines = path.read_bytes().splitlines()
    from warehouse.intake.merkle import merkle_head

    (cut_short.place.landing / "ledger.head").write_text(f"{len(lines) - 1} {merkle_head(lines[:-1])}\n", "ascii")
    assert cut_short.refresh(night=2) is None
    assert cut_short.faults() == []
    assert cut_short.figures() == both_nights.figures()


@pytest.fixture
def torn_by(copy_of, one_night):
    """`torn_by(bytes)`: a home whose ledger ends with them, in no whole line."""

    def tear(torn):
        home = copy_of(one_night)
        with (home.place.landing / "ledger.jsonl").open("ab") as ledger:
            ledger.write(torn)
        assert home.faults() != []
        return home

    return tear


@pytest.mark.parametrize("torn", [b"{", b"\x00" * 40])
def test_a_torn_last_line_of_the_ledger_is_cut_off(torn_by, one_night, torn):
    home = torn_by(torn)
    assert home.refresh(night=1) is None
    assert (home.events(), home.figures(), home.faults()) == (one_night.events(), one_night.figures(), [])


def test_a_torn_last_line_of_the_ledger_is_cut_off_and_the_refresh_goes_through(torn_by, both_nights, files):
    home = torn_by(b'{"seq": 32, "event": "deli')
    home.deliver(files)
    assert home.refresh(night=1) == "r000002"
    assert (home.figures(), home.faults()) == (both_nights.figures(), [])


def test_deliveries_that_landed_before_a_crash_are_taken_by_the_next_refresh(copy_of, one_night, both_nights, files):
    from datetime import datetime

    from warehouse.intake.land import land
    from warehouse.intake.ledger import Ledger

    home = copy_of(one_night)
    home.deliver(files)
    land(home.place.inbox, home.place.landing, home.catalogue.profile, Ledger(home.place.landing), datetime(2016, 11, 2, 2))
    (home.place.root / "work.duckdb").write_bytes(b"half a copy")
    (home.place.root / "work.duckdb.wal").write_bytes(b"its log")
    assert home.refresh(night=2) == "r000002"
    assert (home.figures(), home.faults(), home.leftovers()) == (both_nights.figures(), [], [])


def test_half_a_raw_file_half_a_staged_one_and_half_an_original_are_made_again(copy_of, one_night, both_nights, files):
    home = copy_of(one_night)
    for old in (*both_nights.place.raw.glob("*.parquet"), *both_nights.place.staged.glob("*.parquet")):
        new = home.place.root / old.relative_to(both_nights.place.root)
        if not new.exists():
            new.write_bytes(old.read_bytes()[:100])  # its report was not written yet
    for event in both_nights.events():
        if event["event"] == "delivery" and not (home.place.landing / "blobs" / event["sha256"]).exists():
            (home.place.landing / "blobs" / f".{event['sha256']}.part").write_bytes(b"half")
    home.deliver(files)
    assert home.refresh(night=1) == "r000002"
    assert (home.figures(), home.faults()) == (both_nights.figures(), [])


# --- a warehouse that somebody changed or took away


def test_a_warehouse_changed_from_outside_stops_the_refresh_with_the_remedy(copy_of, both_nights):
    home = copy_of(both_nights)
    with home.place.warehouse.open("ab") as file:
        file.write(b"\0")
    with pytest.raises(NotPublished, match=r"warehouse\.duckdb is not what r000002 published.*Run `caseload rebuild`"):
        home.refresh(night=2)
    assert home.events() == both_nights.events()


def test_a_deleted_warehouse_is_never_built_upon_as_if_nothing_had_been_before(copy_of, both_nights):
    """The refresh counts again what was there, or refuses and names the remedy; it never publishes the new rows alone."""
    home = copy_of(both_nights)
    home.place.warehouse.unlink()
    late = home.place.inbox / "cases/cases_2016-11-30.csv"
    late.write_text("案号,立案日期,结案日期,结案方式\n（2016）浙0683民初9001号,2016-10-11,,\n", "utf-8")
    try:
        home.refresh(night=2)
    except NotPublished as refused:
        assert "rebuild" in str(refused)
        assert not home.place.warehouse.exists()
    else:
        assert home.refreshes() == ["r000001", "r000002", "r000003"]
        assert home.faults() == []
        lost = set(both_nights.figures()) - set(home.figures())
        # the new case is counted; a deduction that has no end yet runs to the new counting day and moves a due date
        changed = {"filed", "pending_start", "pending_end", "pending_age_buckets", "due_soon"}
        assert {cell[0] for cell in lost} <= changed and len(lost) < 20
