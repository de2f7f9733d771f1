"""What was done to a ledger is told in one sentence, with the line: byte by byte, line by line."""

import hashlib
import json
import random

import pytest

from warehouse.intake.ledger import Ledger
from warehouse.intake.tampering import Evidence


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A ledger of seven events: its lines with their ends, and its seal."""
    ledger = Ledger(tmp_path_factory.mktemp("ledger"))
    for number in range(1, 8):
        ledger.add("delivery", delivery_no=number, file=f"{number}.csv", note="甲", sha256=f"{number}" * 64)
    assert ledger.faults() == []
    return ledger.path.read_bytes().splitlines(keepends=True), (ledger.folder / "ledger.head").read_bytes()


def fault(lines, seal):
    return Evidence(b"".join(lines), seal).fault()


def with_byte(content, at, byte):
    return content[:at] + bytes([byte]) + content[at + 1 :]


def forged(lines, number, **fields):
    """An event that follows from the lines before it, made with nothing of ours."""
    event = {"seq": number, "event": "delivery", **fields, "before": head_of(lines)}
    return json.dumps(event, ensure_ascii=False).encode() + b"\n"


def head_of(lines):
    """MTH of RFC 9162, section 2.1.1, over lines without their ends."""
    if not lines:
        return hashlib.sha256().hexdigest()

    def mth(entries):
        if len(entries) == 1:
            return hashlib.sha256(b"\x00" + entries[0]).digest()
        k = 1
        while k * 2 < len(entries):
            k *= 2
        return hashlib.sha256(b"\x01" + mth(entries[:k]) + mth(entries[k:])).digest()

    return mth([line.removesuffix(b"\n") for line in lines]).hex()


@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize("how", ["one bit", "a line end", "any byte"])
def test_whatever_byte_of_a_line_is_changed_the_line_is_named(written, number, how):
    lines, seal = written
    line, chance = lines[number - 1], random.Random(number)
    for at in range(len(line)):
        byte = {"one bit": line[at] ^ 1 << chance.randrange(8), "a line end": 10, "any byte": chance.randrange(256)}[how]
        if byte != line[at]:
            said = fault([*lines[: number - 1], with_byte(line, at, byte), *lines[number:]], seal)
            assert said and said.startswith(f"ledger.jsonl:{number}: "), (at, bytes([byte]), said)


def test_whatever_byte_of_the_seal_is_changed_the_seal_is_named_and_not_the_ledger(written):
    lines, seal = written
    for at in range(len(seal)):
        for bit in range(8):
            said = fault(lines, with_byte(seal, at, seal[at] ^ 1 << bit))
            assert said and said.startswith("ledger.head: the file was changed"), (at, bit, said)


@pytest.mark.parametrize("number", range(1, 8))
def test_two_lines_that_run_together_are_told(written, number):
    lines, seal = written
    for byte in (0, 9, 32, 44, 125, 255):
        said = fault([*lines[: number - 1], lines[number - 1][:-1] + bytes([byte]), *lines[number:]], seal)
        between = "behind it" if number == 7 else f"between the events {number} and {number + 1}"
        assert said == f"ledger.jsonl:{number}: the line end {between} was changed"


@pytest.mark.parametrize("number", range(1, 8))
def test_a_copied_line_that_was_inserted_is_named(written, number):
    lines, seal = written
    for copied in lines:
        if copied is not lines[number - 1]:  # before itself, it cannot be told from itself
            said = fault([*lines[: number - 1], copied, *lines[number - 1 :]], seal)
            assert said == f"ledger.jsonl:{number}: the line was inserted"
    said = fault([*lines[:number], lines[number - 1], *lines[number:]], seal)
    assert said == f"ledger.jsonl:{number + 1}: the line was inserted"


@pytest.mark.parametrize("number", range(1, 8))
def test_an_inserted_line_that_follows_from_those_before_it_is_named_all_the_same(written, number):
    lines, seal = written
    false = forged(lines[: number - 1], number, file="false.csv")
    assert fault([*lines[: number - 1], false, *lines[number - 1 :]], seal) == f"ledger.jsonl:{number}: the line was inserted"


def test_several_inserted_lines_are_named(written):
    lines, seal = written
    one = forged(lines[:2], 3, file="a.csv")
    two = forged([*lines[:2], one], 4, file="b.csv")
    said = "ledger.jsonl:3: the lines up to 4 were inserted"
    assert fault([*lines[:2], one, two, *lines[2:]], seal) == said
    assert fault([*lines[:2], b"{}\n", b"nothing\n", *lines[2:]], seal) == said


@pytest.mark.parametrize("number", range(1, 7))
def test_a_deleted_line_is_named_by_the_number_of_its_event(written, number):
    lines, seal = written
    said = fault([*lines[: number - 1], *lines[number:]], seal)
    assert said == f"ledger.jsonl:{number}: event {number} is missing"


def test_several_deleted_lines_are_named(written):
    lines, seal = written
    assert fault([lines[0], *lines[4:]], seal) == "ledger.jsonl:2: the events 2 to 4 are missing"
    assert fault([lines[0], lines[2], lines[3], lines[5]], seal) == "ledger.jsonl:2: the events 2, 5, 7 are missing"


def test_reordered_lines_are_named(written):
    lines, seal = written
    for one in range(7):
        for other in range(one + 1, 7):
            moved = list(lines)
            moved[one], moved[other] = moved[other], moved[one]
            assert fault(moved, seal) == (f"ledger.jsonl:{one + 1}: the lines {one + 1}, {other + 1} were reordered: "
                                          f"they hold the events {other + 1}, {one + 1}")  # fmt: skip
    said = fault([lines[1], lines[2], lines[0], *lines[3:]], seal)
    assert said == "ledger.jsonl:1: the lines 1, 2, 3 were reordered: they hold the events 2, 3, 1"


@pytest.mark.parametrize("left", range(7))
def test_an_end_cut_off_is_named_with_how_many_are_missing(written, left):
    lines, seal = written
    gone = f"the last {7 - left} of 7 events {'is' if left == 6 else 'are'} missing"
    assert fault(lines[:left], seal) == f"ledger.jsonl: the end was cut off: {gone}"
    assert fault([*lines[:left], lines[left][:40]], seal) == f"ledger.jsonl: the end was cut off: {gone}"


def test_a_line_added_by_another_hand_is_named(written):
    lines, seal = written
    assert (
        fault([*lines, forged(lines, 8)], seal) == "ledger.jsonl:8: events stand behind those that ledger.head was made of (7)"
    )
    assert fault([*lines, lines[2]], seal) == "ledger.jsonl:8: the line was inserted"


def test_a_line_in_the_place_of_another_is_named(written):
    lines, seal = written
    assert fault([*lines[:3], lines[1], *lines[4:]], seal).startswith("ledger.jsonl:4: the line was changed or put there")
    other = forged(lines[:3], 4, file="other.csv")
    assert fault([*lines[:3], other, *lines[4:]], seal) == (
        "ledger.jsonl:4: the line was changed: it is not the one that event 5 followed"
    )


def test_a_ledger_written_anew_from_some_line_on_is_found_by_the_seal_beside_it(written):
    lines, seal = written
    for first in range(1, 8):
        anew = list(lines[: first - 1])
        for number in range(first, 8):
            anew.append(forged(anew, number, file="other.csv"))
        assert (
            fault(anew, seal)
            == "ledger.jsonl:7: the line was changed since ledger.head was made, or all lines were written anew"
        )
        assert fault(anew, f"7 {head_of(anew)}\n".encode()) is None  # that, a head kept elsewhere alone can tell
