"""Bad files beside good ones: each is named with its place and its remedy, the good ones go through, nothing needs clean-up."""

import json
import random
import shutil
import threading
import time

import pytest

from warehouse.intake import land

HEADER = "案号,立案日期,结案日期,结案方式\n"


def row(number, filed="2016-10-10"):
    return f"（2016）浙0683民初{number}号,{filed},,\n"


BAD = {
    "cases/cases_2016-11-01.csv": ("案号,立案日期,结案日期\n（2016）浙0683民初9001号,2016-10-10,\n",
                                   ["line 1", "the header lacks [结案方式]", "export them again"]),
    "cases/cases_2016-11-02.csv": (b"", ["line 1", "the file is empty", "again"]),
    "cases/cases_2016-11-03.csv": (random.Random(1).randbytes(5000), ["line ", "xport it"]),
    "cases/cases_2016-11-04.csv": ("案号\n", ["line 1", "the header lacks [立案日期]"]),
    "cases/undated.csv": (HEADER + row(9005), ["its name gives no extract date [undated.csv]", "Rename it"]),
    "registrations/registrations_2016-11-01.csv": (b"PK\x03\x04" + random.Random(2).randbytes(300),
                                                   ["the ZIP archive or XLSX workbook is broken", "again"]),
    "cases/cases_2016-11-06.csv.gz": (b"\x1f\x8b\x08\x00torn", ["the gzip archive", "again"]),
}  # fmt: skip
"""What stands in the inbox, and what is said of it."""
MENDED = {
    "cases/cases_2016-11-01.csv": HEADER + row(9001), "cases/cases_2016-11-02.csv": HEADER + row(9002),
    "cases/cases_2016-11-03.csv": HEADER + row(9003), "cases/cases_2016-11-04.csv": HEADER + row(9004),
}  # fmt: skip


@pytest.fixture
def with_bad_ones(copy_of, one_night, files):
    """A home with a publication, good new files, bad ones, and a folder that no contract names."""
    home = copy_of(one_night)
    home.deliver(files)
    for name, (content, _) in BAD.items():
        home.put(name, content)
    home.put("nobody_knows/x.csv", "a,b\n1,2\n")
    return home


def refused(caseload, home):
    return {one["file"]: one["reason"] for one in json.loads(caseload(home, "status", "--json").out)["refused"]}


def test_bad_files_are_named_with_place_and_remedy_and_the_good_ones_go_through(
    caseload, with_bad_ones, undisturbed, one_night, refreshed
):
    home = with_bad_ones
    done = caseload(home, "refresh")
    assert done.code == 0
    for name, (_, said) in BAD.items():
        (line,) = [line for line in done.out.splitlines() if line.startswith("  refused: ") and name.split("/")[1] in line]
        assert all(text in line for text in said), line
    (folder,) = [line for line in done.out.splitlines() if "nobody_knows" in line]
    assert (
        "Its sources are [cases, clock_events, corrections, enforcement_results, registrations]. Move the files into one of those folders, or add a contract"
        in folder
    )
    assert home.cells() == undisturbed.cells() != one_night.cells()

    # they stay where they are: named again, in no way in the way
    told = caseload(home, "status")
    assert told.code == 0
    assert set(refused(caseload, home)) == {name.split("/")[1] for name in BAD} | {"nobody_knows"}
    again = caseload(home, "refresh")
    assert again.code == 0 and "nothing new: the last publication stands" in again.err
    assert all(name.split("/")[1] in again.all for name in BAD)
    assert len(json.loads(caseload(home, "refreshes", "--json").out)) == 2
    assert caseload(home, "verify").code == 0

    # mended where they lie: taken, and no longer named
    for name in set(BAD) - set(MENDED):
        (home.place.inbox / name).unlink()
    shutil.rmtree(home.place.inbox / "nobody_knows")
    for name, content in MENDED.items():
        home.put(name, content)
    mended = caseload(home, "refresh")
    assert mended.code == 0
    published = json.loads(caseload(home, "refreshes", "--json").out)
    assert [one["counting_day"] for one in published] == ["2014-12-31", "2016-01-31", "2016-11-04"]
    with_mended = undisturbed.copy(home.place.root / "with_mended")
    for name, content in MENDED.items():
        with_mended.put(name, content)
    assert home.cells() == refreshed(with_mended).cells()
    assert refused(caseload, home) == {}
    assert "refused" not in mended.out
    assert (caseload(home, "status").code, caseload(home, "verify", "--full").code) == (0, 0)


def test_a_file_that_is_still_being_written_waits_is_named_and_is_taken_when_it_is_whole(
    caseload, copy_of, one_night, until, monkeypatch
):
    monkeypatch.setattr(land, "SETTLE_SECONDS", 0.5)  # as it is outside of tests
    home = copy_of(one_night)
    home.deliver(until("2016"))
    path, stop = home.put("cases/cases_2015-12-30.csv", HEADER), threading.Event()

    def write_on():
        with path.open("a", encoding="utf-8") as file:
            for number in range(9000, 12_000):
                if stop.is_set():
                    break
                file.write(f"（2015）绍嵊民初字第{number}号,2015-12-28,,\n")
                file.flush()
                time.sleep(0.02)

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        time.sleep(0.1)
        done = caseload(home, "refresh")
    finally:
        stop.set()
        writer.join()
    assert done.code == 0
    assert (
        "cases_2015-12-30.csv: it changed while it was read. Somebody is still writing it. The next refresh looks again"
        in done.out
    )
    filed = sum_filed(home)
    (one,) = json.loads(caseload(home, "status", "--json").out)["refused"]
    assert (one["file"], one["is_waiting"]) == ("cases_2015-12-30.csv", True)
    written = path.read_text("utf-8").count("字第")
    # more cases of 2015 than the profile lets a closed year move by
    assert caseload(home, "refresh", "--accept-revision").code == 0
    assert sum_filed(home) == filed + written
    assert refused(caseload, home) == {}


def sum_filed(home):
    from warehouse.reading.snapshot import snapshot

    with snapshot(home.place.warehouse) as snap:
        return int(snap.rows("select sum(numerator) from metrics.cells where metric = 'filed' and calendar_id = 'cal_month' "
                             "and to_refresh is null")[0][0])  # fmt: skip


def test_only_bad_files_leave_the_last_publication_as_it_is(caseload, copy_of, one_night):
    home = copy_of(one_night)
    before = home.place.warehouse.read_bytes()
    home.put("cases/cases_2016-11-02.csv", b"")
    home.put("cases/undated.csv", HEADER)
    done = caseload(home, "refresh")
    assert done.code == 0
    assert "cases_2016-11-02.csv, line 1: the file is empty" in done.out and "undated.csv: its name gives" in done.out
    assert home.place.warehouse.read_bytes() == before
    assert (caseload(home, "status").code, caseload(home, "verify").code) == (0, 0)
    assert not home.place.work.exists()


def test_only_bad_files_on_a_new_home_publish_nothing_and_say_what_to_do(caseload, empty, refreshed):
    empty.put("cases/cases_2016-11-02.csv", b"")
    empty.put("cases/cases_2016-11-03.csv", "甲,乙\n1,2\n")
    done = caseload(empty, "refresh")
    assert done.code == 0
    assert (
        "cases_2016-11-02.csv, line 1: the file is empty" in done.out
        and "cases_2016-11-03.csv, line 1: the header lacks" in done.out
    )
    assert "nothing is published yet. Put files into the inbox and run `caseload refresh`" in done.out
    assert not empty.place.warehouse.exists()
    told = caseload(empty, "status")
    assert told.code == 1 and "the file is empty" in told.out
    empty.put("cases/cases_2016-11-02.csv", HEADER + row(9002))
    assert sum_filed(refreshed(empty)) == 1


def test_an_empty_inbox_is_no_fault(caseload, empty):
    done = caseload(empty, "refresh")
    assert (done.code, "nothing is published yet" in done.out) == (0, True)
    assert caseload(empty, "status").code == 1


def test_a_file_with_its_header_alone_is_a_delivery_of_no_rows(caseload, copy_of, one_night, refreshed):
    home = copy_of(one_night)
    filed = sum_filed(home)
    home.put("cases/cases_2015-01-31.csv", HEADER)
    assert sum_filed(refreshed(home)) == filed
    # nothing happened in January, and that is known now
    assert json.loads(caseload(home, "status", "--json").out)["counting_day"] == "2015-01-31"
