"""The ledger: only ever added to; whatever is done to it afterwards is found and named."""

import hashlib
import json

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from warehouse.intake.ledger import LedgerBroken, merkle_head


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


@generated(st.lists(st.binary(max_size=8), max_size=40))
def test_the_head_is_the_merkle_tree_hash_of_the_rfc(entries):
    assert merkle_head(entries) == tree_head(entries).hex()


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


@pytest.mark.parametrize("line", [1, 3, 5])
def test_one_flipped_byte_is_found_behind_the_line_that_it_changed(five, line):
    def change(lines):
        lines[line - 1] = lines[line - 1].replace(f"{line}.csv".encode(), f"{line}.csW".encode())
        return lines

    rewrite(five, change)
    faults = five.faults()
    if line < 5:
        assert f"ledger.jsonl:{line + 1}: the lines before it are not those that it followed" in faults
    assert "ledger.jsonl: the events up to line 5 are not those that ledger.head was made of" in faults


@settings(deadline=None, max_examples=30)
@generated(data=st.data())
def test_any_changed_byte_is_found(tmp_path_factory, data):
    from warehouse.intake.ledger import Ledger

    ledger = Ledger(tmp_path_factory.mktemp("ledger"))
    for number in range(4):
        ledger.add("delivery", file=f"{number}.csv")
    content = bytearray(ledger.path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    ledger.path.write_bytes(bytes(content))
    assert ledger.faults()


def test_an_inserted_line_is_named(five):
    rewrite(five, lambda lines: [*lines[:2], lines[1], *lines[2:]])
    assert "ledger.jsonl:3: the line is not event number 3" in five.faults()


def test_a_deleted_line_is_named(five):
    rewrite(five, lambda lines: [*lines[:2], *lines[3:]])
    assert "ledger.jsonl:3: the line is not event number 3" in five.faults()
    assert any("the end was cut off" in fault for fault in five.faults())


def test_reordered_lines_are_named(five):
    rewrite(five, lambda lines: [lines[0], lines[2], lines[1], *lines[3:]])
    assert five.faults()[:2] == [
        "ledger.jsonl:2: the line is not event number 2", "ledger.jsonl:3: the line is not event number 3",
    ]  # fmt: skip


@pytest.mark.parametrize("left", [0, 1, 4])
def test_an_end_cut_off_is_named(five, left):
    rewrite(five, lambda lines: lines[:left])
    assert five.faults() == [f"ledger.jsonl: {left} events stand there, ledger.head was made of 5: the end was cut off"]


def test_a_line_added_by_another_hand_is_named(five):
    forged = {"seq": 6, "event": "delivery", "before": five.head()}
    rewrite(five, lambda lines: [*lines, json.dumps(forged).encode() + b"\n"])
    assert five.faults() == ["ledger.jsonl:6: events stand behind those that ledger.head was made of (5)"]


def test_a_ledger_written_anew_from_its_first_line_on_is_found_by_the_head_beside_it(five, tmp_path):
    from warehouse.intake.ledger import Ledger

    other = Ledger(tmp_path / "other")
    for number in range(1, 6):
        other.add("delivery", file=f"{number}.csv", note="乙")
    five.path.write_bytes(other.path.read_bytes())
    assert five.faults() == ["ledger.jsonl: the events up to line 5 are not those that ledger.head was made of"]


def test_a_missing_ledger_beside_its_head_is_named(five):
    five.path.unlink()
    assert five.faults() == ["ledger.jsonl: the file is missing"]


def test_a_missing_head_is_named(five):
    (five.folder / "ledger.head").unlink()
    assert five.faults() == ["ledger.jsonl:1: events stand behind those that ledger.head was made of (0)"]


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
