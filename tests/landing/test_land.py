"""Landing: which files of the inbox are new, when they were extracted, and what is refused, each by its name."""

import gzip
import hashlib
import os
import time

import pytest

from warehouse.intake import land


def taken(landed):
    return [(event["path"], event["extract_on"]) for event in landed.deliveries]


def refused(landed):
    return {one.file: one.reason for one in landed.refused}


def test_a_new_file_is_stored_by_its_hash_and_dated_by_its_name(put, look, ledger):
    path = put("cases/cases_synthetic-2000-1_2016-01-31.csv", "甲")
    landed = look()
    sha256 = hashlib.sha256("甲".encode()).hexdigest()
    assert (ledger.folder / "blobs" / sha256).read_bytes() == "甲".encode()
    event = {k: v for k, v in landed.deliveries[0].items() if k not in ("seq", "before", "at")}
    assert event == {
        "event": "delivery", "delivery_no": 1, "source": "cases", "path": "cases/cases_synthetic-2000-1_2016-01-31.csv",
        "file": path.name, "sha256": sha256, "bytes": 3, "extract_on": "2016-01-31", "rank": 0,
        "lines": {"count": 1, "root": hashlib.sha256(b"\0" + "甲".encode()).hexdigest()},
        "data_until": "2016-01-31", "placeholders": {}, "sample": "2000-1", "repeats": None,
    }  # fmt: skip
    assert path.read_bytes() == "甲".encode()
    assert not refused(landed) and not ledger.faults()


def test_the_stored_bytes_are_those_of_the_file_even_of_an_archive(put, look, ledger):
    content = gzip.compress(b"a,b\n")
    path = put("cases/cases_2016-01-31.csv.gz")
    path.write_bytes(content)
    os.utime(path, (1.46e9, 1.46e9))
    sha256 = look().deliveries[0]["sha256"]
    assert (ledger.folder / "blobs" / sha256).read_bytes() == content


def test_a_path_seen_with_the_same_bytes_is_no_event(put, look, ledger):
    put("cases/cases_2016-01-31.csv")
    look()
    put("cases/cases_2016-01-31.csv")
    landed = look()
    assert not landed.deliveries and not landed.repeats and len(ledger.events()) == 1


def test_other_bytes_under_the_same_name_are_a_new_delivery(put, look):
    put("cases/cases_2016-01-31.csv", "a")
    look()
    put("cases/cases_2016-01-31.csv", "b")
    assert taken(look()) == [("cases/cases_2016-01-31.csv", "2016-01-31")]


def test_equal_bytes_under_another_name_of_the_same_day_are_a_repeat(put, look):
    put("cases/cases_2016-01-31.csv", "a")
    first = look()
    put("cases/cases_2016-01-31_resent.csv", "a")
    put("cases/cases_2016-01-31_resent-again.csv", "a")
    landed = look()
    assert first.deliveries[0]["repeats"] is None and not landed.deliveries
    assert [(e["delivery_no"], e["repeats"]) for e in landed.repeats] == [(2, 1), (3, 1)]


def test_equal_bytes_of_a_later_extract_are_no_repeat_they_say_that_nothing_changed(put, look):
    put("cases/cases_2016-01-31.csv", "a")
    put("cases/cases_2016-02-29.csv", "a")
    assert taken(look()) == [("cases/cases_2016-01-31.csv", "2016-01-31"), ("cases/cases_2016-02-29.csv", "2016-02-29")]


def test_equal_bytes_of_another_source_are_no_repeat(put, look):
    put("cases/cases_2016-01-31.csv", "a")
    put("registrations/registrations_2016-01-31.csv", "a")
    assert [event["source"] for event in look().deliveries] == ["cases", "registrations"]


def test_files_half_written_hidden_or_of_order_are_passed_over(put, look):
    put("cases/cases_2016-01-31.csv.part")
    put("cases/.cases_2016-01-31.csv.swp")
    put(".cache/cases_2016-01-31.csv")
    put("cases/deliveries.csv", "file,order\n")
    landed = look()
    assert not landed.deliveries and not landed.refused


def test_a_folder_that_no_contract_names_is_refused_by_name_and_the_others_are_taken(put, look):
    put("case/cases_2016-01-31.csv")
    put("cases/cases_2016-01-31.csv")
    put("notes.txt")
    landed = look()
    assert taken(landed) == [("cases/cases_2016-01-31.csv", "2016-01-31")]
    assert set(refused(landed)) == {"case", "notes.txt"}
    assert "no source of the profile shengzhou has this name" in refused(landed)["case"]
    assert "[cases, clock_events, corrections, enforcement_results, registrations]" in refused(landed)["case"]


def test_links_and_folders_are_not_followed_out_of_the_inbox(inbox, put, look, tmp_path):
    (tmp_path / "secret").write_text("a,b\n")
    (inbox / "cases/cases_2016-01-31.csv").symlink_to(tmp_path / "secret")
    (inbox / "cases/cases_2016-02-29.csv").symlink_to(tmp_path / "nothing")
    (inbox / "cases/cases_2016-03-31.csv").mkdir()
    os.mkfifo(inbox / "cases/cases_2016-04-30.csv")
    landed = look()
    assert not landed.deliveries
    assert set(refused(landed)) == {f"cases_2016-{day}.csv" for day in ("01-31", "02-29", "03-31", "04-30")}
    assert all("it is no plain file" in reason for reason in refused(landed).values())


@pytest.mark.parametrize("name", ["cases.csv", "cases_2016-02-30.csv", "cases_20160131.csv", "cases_2016-01-31.txt"])
def test_a_name_without_a_date_is_refused_with_what_to_do(put, look, name):
    put(f"cases/{name}")
    put("cases/cases_2016-03-31.csv")
    landed = look()
    assert taken(landed) == [("cases/cases_2016-03-31.csv", "2016-03-31")]
    reason = refused(landed)[name]
    assert reason.startswith(f"{name}: its name gives no extract date [") and "deliveries.csv" in reason


def test_deliveries_csv_dates_orders_and_explains_the_files_beside_it(put, look):
    put(
        "cases/deliveries.csv",
        """file,order,extract_on,data_until,placeholders
cases_2016-01-31.csv,2,,2016-01-29,closed_on=9999-12-31;bench_code=-
odd name.csv,1,2016-01-31,,
""",
    )
    put("cases/cases_2016-01-31.csv", "a")
    put("cases/odd name.csv", "b")
    found = {e["file"]: (e["extract_on"], e["rank"], e["data_until"], e["placeholders"]) for e in look().deliveries}
    assert found == {
        "cases_2016-01-31.csv":
            ("2016-01-31", 2, "2016-01-29", {"closed_on": "9999-12-31", "bench_code": "-"}),
        "odd name.csv": ("2016-01-31", 1, "2016-01-31", {}),
    }  # fmt: skip


@pytest.mark.parametrize("line", [
    "cases_2016-01-31.csv,first,,,", "cases_2016-01-31.csv,1,31.1.2016,,", "cases_2016-01-31.csv,1,,,closed_on",
])  # fmt: skip
def test_a_line_of_deliveries_csv_that_cannot_be_used_refuses_its_file_alone(put, look, line):
    put("cases/deliveries.csv", f"file,order,extract_on,data_until,placeholders\n{line}\n")
    put("cases/cases_2016-01-31.csv")
    put("cases/cases_2016-02-29.csv", "b")
    landed = look()
    assert taken(landed) == [("cases/cases_2016-02-29.csv", "2016-02-29")]
    reason = refused(landed)["cases_2016-01-31.csv"]
    assert "deliveries.csv:2" in reason and "cannot be used" in reason and reason.endswith("Mend the line.")


def test_a_deliveries_csv_that_is_no_utf_8_refuses_the_files_beside_it_and_stops_no_other_source(inbox, put, look):
    put("cases/cases_2016-01-31.csv")
    put("registrations/registrations_2016-01-31.csv")
    (inbox / "cases/deliveries.csv").write_bytes("file,order,说明\ncases_2016-01-31.csv,1,补报\n".encode("gb18030"))
    landed = look()
    assert [event["source"] for event in landed.deliveries] == ["registrations"]
    assert "deliveries.csv" in refused(landed)["cases_2016-01-31.csv"]


def test_a_file_that_grows_while_it_is_looked_at_waits_for_the_next_refresh(put, look, monkeypatch):
    monkeypatch.setattr(land, "SETTLE_SECONDS", 0.5)  # as it is outside of tests
    path = put("cases/cases_2016-01-31.csv", "a")
    os.utime(path)
    monkeypatch.setattr(time, "sleep", lambda _: path.write_text("ab"))
    landed = look()
    assert not landed.deliveries and [one.is_waiting for one in landed.refused] == [True]
    monkeypatch.undo()
    os.utime(path, (1.46e9, 1.46e9))
    assert taken(look()) == [("cases/cases_2016-01-31.csv", "2016-01-31")]


def test_deliveries_are_numbered_in_the_order_of_sources_and_names(put, look):
    put("registrations/registrations_2016-01-31.csv", "r")
    put("cases/cases_2016-02-29.csv", "b")
    put("cases/cases_2016-01-31.csv", "a")
    look()
    put("cases/cases_2015-12-31.csv", "c")
    assert [(e["delivery_no"], e["file"]) for e in look().deliveries] == [(4, "cases_2015-12-31.csv")]
