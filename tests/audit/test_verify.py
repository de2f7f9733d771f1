"""Verify: whatever was changed behind the ledger's back is found and named."""

import hashlib
import json
import shutil
import threading
import time

import duckdb
import pytest

from warehouse.audit.heads import read_head
from warehouse.audit.verify import verify
from warehouse.intake.ledger import Ledger
from warehouse.intake.merkle import merkle_head
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
    # 57 files of which one is a repeat of the same bytes, and one bundle for both nights
    assert (found.faults, found.blobs, found.refreshes) == ((), 57, 2)
    assert (found.events, found.head) == (57 + 2, ledger.head())


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


@pytest.mark.parametrize("line", [0, 10, 58])
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


# --- every blob that the ledger names


def test_an_original_that_was_refused_is_missed_too(home):
    file = home.place.inbox / "cases/cases_2016-11-29.csv"
    file.write_text("案号\n（2016）浙0683民初1号\n", "utf-8")
    home.refresh(night=2)
    (refused,) = [event for event in Ledger(home.place.landing).events() if event["event"] == "refused"]
    name = hashlib.sha256(file.read_bytes()).hexdigest()
    assert refused["file"] == file.name and home.faults() == []
    (home.place.landing / "blobs" / name).unlink()
    assert home.faults() == [(name, "the ledger names this original, and it is missing")]


def test_the_bundle_of_an_abandoned_refresh_is_missed_too(home):
    ledger, name = Ledger(home.place.landing), hashlib.sha256(b"bundle").hexdigest()
    note = {**ledger.events()[-1], "refresh_id": "r000003", "bundle": name, "taken": []}
    ledger.add("refresh", **{key: value for key, value in note.items() if key not in ("seq", "event", "before")})
    ledger.add("abandoned", refresh_id="r000003", why="a test")
    assert home.faults() == [(name, "the ledger names this original, and it is missing")]
    (home.place.landing / "blobs" / name).write_bytes(b"bundle")
    assert home.faults() == []


def test_a_stored_file_that_no_event_names_must_be_what_its_name_says(home):
    folder = home.place.landing / "blobs"
    (folder / hashlib.sha256(b"stored before a crash").hexdigest()).write_bytes(b"stored before a crash")
    assert home.faults() == []
    (folder / ("0" * 64)).write_bytes(b"put there")
    assert home.faults() == [("0" * 64, "its bytes are not those that its name is the hash of")]


# --- a publication that does not follow


def test_the_publication_of_another_home_is_named_with_its_refreshes(home, two_nights, tmp_path, catalogue):
    other = type(home)(tmp_path / "other", catalogue)
    other.deliver(sorted(two_nights.place.inbox.glob("*/*"))[:8])
    other.refresh(night=9)
    shutil.copyfile(other.place.warehouse, home.place.warehouse)
    found = home.faults()
    assert found[0] == ("warehouse.duckdb", "its bytes are not those that r000002 published")
    assert {name for name, _ in found} == {"warehouse.duckdb"}
    assert any("r000001 does not follow from the ledger: its published_at is [2016-11-10T02:00:00+08:00], its event says "
               "[2016-11-01T02:00:00+08:00]" in what for _, what in found)  # fmt: skip


@pytest.mark.parametrize(("column", "value"), [
    ("published_at", "2016-11-01T02:00:01+08:00"), ("deliveries", "3"), ("delivery_nos", "[1]"), ("counting_day", "2016-10-30"),
    ("head", "ab" * 32), ("bundle", "cd" * 32),
])  # fmt: skip
def test_a_refresh_that_does_not_follow_from_its_event_is_named(home, column, value):
    with duckdb.connect(str(home.place.warehouse)) as connection:
        connection.execute(f"update published.refreshes set {column} = $v where refresh_no = 1", {"v": value})
    # entered on the ledger, so that the bytes are the ones that it names
    Ledger(home.place.landing).add("rebuilt", refresh_id="r000002", warehouse=sha256_of(home.place.warehouse))
    ((name, what),) = home.faults()
    assert name == "warehouse.duckdb"
    assert what.startswith(f"r000001 does not follow from the ledger: its {column} is [{value}], its event says [")


def test_a_refresh_too_many_and_one_too_few_are_named(home):
    with duckdb.connect(str(home.place.warehouse)) as connection:
        connection.execute("update published.refreshes set refresh_no = 7 where refresh_no = 1")
    Ledger(home.place.landing).add("rebuilt", refresh_id="r000002", warehouse=sha256_of(home.place.warehouse))
    assert home.faults() == [
        ("warehouse.duckdb", "r000007 does not follow from the ledger, which knows of no such publication"),
        ("warehouse.duckdb", "r000001 is not in it, and the ledger says that it was published"),
    ]


def test_a_log_beside_the_published_file_is_named(home):
    home.place.warehouse.with_name("warehouse.duckdb.wal").write_bytes(b"x")
    ((name, what),) = home.faults()
    assert name == "warehouse.duckdb.wal" and "readers would take what it holds" in what


# --- beside a refresh at work


def test_an_event_whose_seal_and_swap_come_a_moment_later_is_no_fault(home, catalogue):
    before = home.place.warehouse.read_bytes()
    seal = (home.place.landing / "ledger.head").read_bytes()
    ledger = Ledger(home.place.landing)
    after = before + b"\0" * 8
    ledger.add("rebuilt", refresh_id="r000002", warehouse=hashlib.sha256(after).hexdigest())
    newer = (home.place.landing / "ledger.head").read_bytes()
    (home.place.landing / "ledger.head").write_bytes(seal)

    def go_on():
        time.sleep(0.4)
        (home.place.landing / "ledger.head").write_bytes(newer)
        time.sleep(0.4)
        home.place.work.write_bytes(after)
        home.place.work.replace(home.place.warehouse)

    other = threading.Thread(target=go_on)
    other.start()
    found = verify(home.place, "tests", False, lambda text: None, still=10)
    other.join()
    assert found.faults == ()


def test_verifying_again_and_again_beside_a_refresh_gives_no_fault(home):
    rows = "".join(f"（2016）浙0683民初{9000 + n}号,2016-10-11,,\n" for n in range(50))
    for day in range(1, 28):
        (home.place.inbox / f"cases/cases_2016-11-{day:02}.csv").write_text(
            f"案号,立案日期,结案日期,结案方式\n{rows}（2016）浙0683民初{9100 + day}号,2016-10-11,,\n", "utf-8"
        )
    other = threading.Thread(target=lambda: home.refresh(night=30))
    other.start()
    found = []
    while other.is_alive():
        found.append(verify(home.place, "tests", False, lambda text: None))
    other.join()
    assert len(found) > 3 and [one.faults for one in found if one.faults] == []
    assert verify(home.place, "tests", False, lambda text: None).refreshes == 3


# --- an outsider with an old head


def rewrite(home, note):
    """The whole ledger anew with another event in it, chained and sealed as if it had always been so."""
    path = home.place.landing / "ledger.jsonl"
    events = [json.loads(line) for line in path.read_bytes().splitlines()]
    events[1]["file"] = note
    path.unlink()
    (home.place.landing / "ledger.head").unlink()
    ledger = Ledger(home.place.landing)
    for event in events:
        ledger.add(event["event"], **{k: v for k, v in event.items() if k not in ("seq", "event", "before")})


def with_head(home, text):
    return [fault.what for fault in verify(home.place, "tests", False, lambda text: None, [read_head(text)], still=0).faults]


def test_a_history_written_anew_in_full_is_found_by_an_old_head_alone(home):
    lines = (home.place.landing / "ledger.jsonl").read_bytes().splitlines()
    heads = {size: merkle_head(lines[:size]) for size in (1, 20, len(lines))}
    for size, root in heads.items():
        assert with_head(home, f"{size}:{root}") == with_head(home, root) == []
    rewrite(home, "another.csv")
    # each refresh names the head that it was built on, so the publication has to be forged with it
    assert all(what.split(": ")[1].startswith("its head is") for _, what in home.faults())
    for table in range(2):
        event = [e for e in Ledger(home.place.landing).events() if e["event"] == "refresh"][table]
        with duckdb.connect(str(home.place.warehouse)) as connection:
            connection.execute("update published.refreshes set head = $h where refresh_no = $n",
                               {"h": event["before"], "n": table + 1})  # fmt: skip
    Ledger(home.place.landing).add("rebuilt", refresh_id="r000002", warehouse=sha256_of(home.place.warehouse))
    assert home.faults() == []
    assert with_head(home, f"1:{heads[1]}") == []  # what is before the change holds
    for size in (20, len(lines)):
        (what,) = with_head(home, f"{size}:{heads[size]}")
        assert what == (f"ledger.jsonl: it does not extend the head {size}:{heads[size]}: something in its first {size} events "
                        "is not as it was then")  # fmt: skip
        (what,) = with_head(home, heads[size])
        assert "no first part of its 60 events has it" in what


def test_a_head_of_more_events_than_stand_there_is_not_extended(home):
    (what,) = with_head(home, f"900:{'ab' * 32}")
    assert what.endswith("59 events stand there, some were taken away")


def test_the_head_of_each_publication_is_extended(two_nights):
    with two_nights.reader() as reader:
        heads = [refresh.head for refresh in reader.snapshot.all_refreshes]
    found = verify(two_nights.place, "tests", False, lambda text: None, [read_head(head) for head in heads])
    assert len(heads) == 2 and found.faults == ()


@pytest.mark.parametrize("text", ["", "5", "5:", "5:abc", "x:" + "ab" * 32, "ab" * 31, "-1:" + "ab" * 32])
def test_what_is_no_head_is_refused(text):
    with pytest.raises(ValueError, match="is no head of a ledger"):
        read_head(text)
