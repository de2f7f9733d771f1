"""The ledger: only ever added to; whatever is done to it afterwards is found and named."""

import hashlib
import os

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from warehouse.intake.ledger import Ledger, LedgerBroken


def tree_head(entries):
    """MTH of RFC 9162, section 2.1.1, as it is written there."""
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return hashlib.sha256(b"\x01" + tree_head(entries[:k]) + tree_head(entries[k:])).digest()


@pytest.fixture
def five(ledger):
    """A ledger of five events."""
    for number in range(1, 6):
        ledger.add("delivery", file=f"{number}.csv", note="甲")
    assert ledger.faults() == []
    return ledger


def rewrite(ledger, change):
    lines = ledger.path.read_bytes().splitlines(keepends=True)
    ledger.path.write_bytes(b"".join(change(lines)))


def test_each_event_carries_its_number_and_the_head_of_all_before_it(five):
    lines = five.path.read_bytes().splitlines()
    assert [event["seq"] for event in five.events()] == [1, 2, 3, 4, 5]
    for number, event in enumerate(five.events()):
        assert event["before"] == tree_head(lines[:number]).hex()
    assert five.head() == tree_head(lines).hex()


@settings(deadline=None, max_examples=30)
@generated(data=st.data())
def test_any_changed_byte_is_found(tmp_path_factory, data):
    ledger = Ledger(tmp_path_factory.mktemp("ledger"))
    for number in range(4):
        ledger.add("delivery", file=f"{number}.csv")
    content = bytearray(ledger.path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    ledger.path.write_bytes(bytes(content))
    assert ledger.faults()


def test_a_missing_ledger_beside_its_head_is_named(five):
    five.path.unlink()
    assert five.faults() == ["ledger.jsonl: the file is missing"]


def test_a_missing_head_is_named(five):
    (five.folder / "ledger.head").unlink()
    assert five.faults() == ["ledger.head: the file is missing"]
    five.mend()
    assert five.faults() == ["ledger.head: the file is missing"]


def test_a_last_line_torn_by_a_crash_is_named_and_mended(five):
    with five.path.open("ab") as file:
        file.write(b'{"seq": 6, "event": "deli')
    assert five.faults() == ["ledger.jsonl: the last line does not end"]
    assert len(five.events()) == 5
    five.mend()
    assert five.faults() == [] and len(five.events()) == 5


def test_a_whole_line_that_a_crash_left_unsealed_is_sealed_by_mending(five):
    seal = (five.folder / "ledger.head").read_bytes()
    five.add("refresh", refresh_id="r000001")
    (five.folder / "ledger.head").write_bytes(seal)
    assert five.faults() == ["ledger.jsonl:6: events stand behind those that ledger.head was made of (5)"]
    five.mend()
    assert five.faults() == [] and five.events()[-1]["refresh_id"] == "r000001"


def test_mending_seals_nothing_that_was_tampered_with(five):
    rewrite(five, lambda lines: [*lines[:4], lines[4].replace(b"5.csv", b"6.csv")])
    before = five.faults()
    five.mend()
    assert five.faults() == before != []


@pytest.mark.parametrize("change", [
    lambda lines: [*lines[:4], lines[4].replace(b"5.csv", b"6.csv")],
    lambda lines: lines[:3],
    lambda lines: [lines[0].replace(b"1.csv", b"6.csv"), *lines[1:]],
], ids=["the last line changed", "the end cut off", "the first line changed"])  # fmt: skip
def test_nothing_is_added_to_a_ledger_that_does_not_follow_from_itself(five, change):
    rewrite(five, change)
    content = five.path.read_bytes()
    with pytest.raises(LedgerBroken, match=r"ledger\.jsonl"):
        five.add("delivery", file="7.csv")
    assert five.path.read_bytes() == content and five.faults()


def test_nothing_is_added_either_by_an_object_that_sees_the_ledger_for_the_first_time(five):
    rewrite(five, lambda lines: [lines[0].replace(b"1.csv", b"6.csv"), *lines[1:]])
    with pytest.raises(LedgerBroken, match=r"ledger\.jsonl:1: "):
        Ledger(five.folder).add("delivery", file="7.csv")


def test_a_change_between_two_events_is_seen_at_once_even_where_size_and_time_stay(five):
    stat = five.path.stat()
    rewrite(five, lambda lines: [lines[0].replace(b"1.csv", b"6.csv"), *lines[1:]])
    os.utime(five.path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    with pytest.raises(LedgerBroken, match=r"ledger\.jsonl:1: "):
        five.add("delivery", file="7.csv")


def test_two_objects_may_add_by_turns(five):
    other = Ledger(five.folder)
    for number in range(6, 12):
        (five if number % 3 else other).add("delivery", file=f"{number}.csv")
    assert [event["seq"] for event in five.events()] == list(range(1, 12))
    lines = five.path.read_bytes().splitlines()
    assert [event["before"] for event in five.events()] == [tree_head(lines[:n]).hex() for n in range(11)]
    assert (five.folder / "ledger.head").read_text() == f"11 {tree_head(lines).hex()}\n"


@pytest.mark.parametrize("at", ["line", "seal"])
def test_after_a_crash_inside_one_addition_the_next_one_goes_on(five, at, monkeypatch):
    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync" if at == "line" else "pathlib.Path.replace", killed)
        with pytest.raises(KeyboardInterrupt):
            five.add("delivery", file="6.csv")
    assert five.faults() == ["ledger.jsonl:6: events stand behind those that ledger.head was made of (5)"]
    five.add("delivery", file="7.csv")
    assert five.faults() == [] and [event["file"] for event in five.events()][5:] == ["6.csv", "7.csv"]


def test_a_last_line_whose_end_was_changed_is_not_taken_for_a_torn_one(five):
    content = five.path.read_bytes()
    five.path.write_bytes(content[:-1] + b"\x0b")
    five.mend()
    assert five.path.read_bytes() == content[:-1] + b"\x0b"
    assert five.faults() == ["ledger.jsonl:5: the line end behind it was changed"]


def test_a_seal_that_cannot_be_read_is_not_written_anew(ledger):
    ledger.add("delivery", file="1.csv")
    (ledger.folder / "ledger.head").write_bytes(b"1 \xff\n")
    ledger.mend()
    assert (ledger.folder / "ledger.head").read_bytes() == b"1 \xff\n"
    assert ledger.faults()[0].startswith("ledger.head: the file was changed")


def test_adding_reads_the_ledger_once_however_much_is_added(five, monkeypatch):
    hashed = []
    real = hashlib.sha256
    monkeypatch.setattr("warehouse.intake.merkle.hashlib.sha256", lambda data=b"": hashed.append(len(data)) or real(data))
    counts = []
    for number in range(200):
        five.add("delivery", file=f"{number}.csv")
        counts.append(len(hashed))
        hashed.clear()
    assert max(counts) <= 3 * 8  # a leaf, and at most log2(205) nodes for each head
