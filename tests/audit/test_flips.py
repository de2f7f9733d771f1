"""200 random byte flips over everything that verify covers, in a home made by three refreshes: all found, the right thing named."""

import random

import pytest

from warehouse.audit.verify import verify
from warehouse.catalogue.bundle import read_catalogue
from warehouse.intake.ledger import Ledger
from warehouse.refresh.release import release

FLIPS = {"blob": 60, "ledger.jsonl": 70, "ledger.head": 20, "warehouse.duckdb": 50}


@pytest.fixture(scope="module")
def three_nights(two_nights, tmp_path_factory):
    """Two nights, then a refused file, a decision to read a delivery again by a changed profile, and a third publication."""
    import shutil

    folder = tmp_path_factory.mktemp("three_nights")
    home = two_nights.copy(folder)
    profile = folder / "court"
    shutil.copytree(home.catalogue.profile.folder, profile)
    codes = profile / "codes/case_types.csv"
    codes.write_text(codes.read_text("utf-8").replace(",criminal,", ",relief,"), "utf-8")
    (home.place.inbox / "cases/cases_2016-11-29.csv").write_text("案号\n（2016）浙0683民初1号\n", "utf-8")
    catalogue = read_catalogue(profile)
    assert release(home.place, catalogue, {3}, "an auditor", "the code list was mended")
    assert home.refresh(night=2, catalogue=catalogue) == "r000003"
    kinds = [event["event"] for event in Ledger(home.place.landing).events()]
    assert {"delivery", "decision", "refused", "refresh"} <= set(kinds) and kinds.count("refresh") == 3
    return home


def faults(home):
    return [(f.name, f.what) for f in verify(home.place, "tests", False, lambda text: None, still=0).faults]


def expected(path, content, at):
    """File, and how the fault begins, of a flip at a place."""
    if path.name == "ledger.jsonl":
        return path.name, f"ledger.jsonl:{content[:at].count(10) + 1}: "
    if path.name == "ledger.head":
        return path.name, "ledger.head: the file was changed"
    if path.name == "warehouse.duckdb":
        return path.name, "its bytes are not those that r000003 published"
    return path.name, "its bytes are not those that its name is the hash of"


@pytest.mark.parametrize("kind", FLIPS)
def test_every_flipped_byte_is_found_and_the_right_thing_is_named(three_nights, kind):
    place, chance = three_nights.place, random.Random(kind)
    assert sum(FLIPS.values()) == 200 and faults(three_nights) == []
    blobs = sorted(path for path in (place.landing / "blobs").iterdir() if path.stat().st_size)
    others = {path.name: path for path in (place.landing / "ledger.jsonl", place.landing / "ledger.head", place.warehouse)}
    flipped = list(blobs) if kind == "blob" else []
    flipped += [chance.choice(blobs) if kind == "blob" else others[kind] for _ in range(FLIPS[kind] - len(flipped))]
    for path in flipped:
        path.chmod(0o600)
        content = path.read_bytes()
        at, byte = chance.randrange(len(content)), chance.randrange(1, 256)
        path.write_bytes(content[:at] + bytes([content[at] ^ byte]) + content[at + 1 :])
        found = faults(three_nights)
        path.write_bytes(content)
        name, begins = expected(path, content, at)
        assert len(found) == 1 and found[0][0] == name and found[0][1].startswith(begins), (path.name, at, byte, found)
    assert faults(three_nights) == []
