"""The quarantine as a workbench: causes, statuses, and rows read again after a code list was mended."""

import json
import shutil

import pytest

from warehouse.catalogue.bundle import PROFILES

HEADER = "案号,立案日期,结案日期,结案方式\n"
UNKNOWN_WORD = (
    HEADER + "（2016）浙0683民初9001号,2016-02-02,2016-02-03,速裁\n（2016）浙0683民初9002号,2016-02-02,2016-02-03,判决\n"
)
"""速裁 is in no code list yet; the second row is sound."""
TALKS = HEADER + "".join(f"（2015）绍嵊民诉前调字第{month}号,2015-{month:02}-05,,\n" for month in range(1, 13))
"""Mediations before filing, which count nowhere: a year without any row would withhold the figures (DQ42)."""


@pytest.fixture
def profile(tmp_path):
    folder = tmp_path / "court"
    shutil.copytree(PROFILES / "shengzhou", folder)
    return folder


@pytest.fixture
def home(copy_of, one_night):
    return copy_of(one_night)


@pytest.fixture
def rows(caseload, profile):
    def ask(home, *words):
        return json.loads(caseload(home, "quarantine", "list", "--json", "--profile", str(profile), *words).out)

    return ask


def filed(caseload, home, profile):
    return json.loads(caseload(home, "figures", "filed", "--format", "json", "--profile", str(profile)).out)[0]["value"]


def test_a_release_reads_the_rows_again_after_the_code_list_was_mended(caseload, home, profile, rows, refreshed):
    by_it = ("--profile", str(profile))
    home.put("cases/cases_2016-01-31.csv", TALKS + "（2016）浙0683诉前调1号,2016-01-05,,\n")
    home.put("cases/cases_2016-02-05.csv", UNKNOWN_WORD)
    refreshed(home)  # the profile is still the shipped one
    before = filed(caseload, home, profile)
    (row,) = rows(home)
    assert (row["status"], row["place"], row["column_name"], row["value"]) == ("open", "line 2", "closing_manner", "速裁")

    too_early = caseload(home, "quarantine", "release", *by_it)
    assert too_early.code == 0 and "neither contract, code lists nor rules have changed" in too_early.out
    words = profile / "codes/closing_words.csv"
    judgment = next(line for line in words.read_text("utf-8").splitlines() if line.startswith("判决,"))
    words.write_text(words.read_text("utf-8").rstrip("\n") + "\n" + judgment.replace("判决", "速裁", 1) + "\n", "utf-8")

    done = caseload(home, "quarantine", "release", "--why", "速裁 is a judgment", *by_it)
    assert done.code == 0 and "released   cases_2016-02-05.csv is read again" in done.err
    (row,) = rows(home)
    assert (row["status"], row["rectified_in"]) == ("sent_again", 3)
    assert rows(home, "--status", "open") == []
    assert [r["status"] for r in rows(home, "--as-of", "r000002")] == ["open"]
    assert filed(caseload, home, profile) == before + 1
    explained = json.loads(caseload(home, "explain", "filed/2016-02", "--json", "--rows", "9", *by_it).out)
    assert {(r["case_key"], r["place"]) for r in explained["rows"]} == {
        ("浙0683-2016-民初-9001", "line 2"), ("浙0683-2016-民初-9002", "line 3"),
    }  # fmt: skip

    events = [json.loads(line) for line in (home.place.landing / "ledger.jsonl").read_text("utf-8").splitlines()]
    (decision,) = [event for event in events if event["event"] == "decision"]
    (again,) = [event for event in events if event["event"] == "delivery" and event.get("released")]
    assert decision["decision"] == "release" and decision["why"] == "速裁 is a judgment" and decision["who"]
    assert decision["deliveries"] == [again["released"]]
    assert caseload(home, "verify", "--full", *by_it).code == 0
    assert "there is nothing to release" in caseload(home, "quarantine", "release", *by_it).out


def test_rows_are_grouped_by_cause_and_each_says_what_is_to_be_done(caseload, home, refreshed):
    home.put("cases/cases_2016-02-05.csv", UNKNOWN_WORD + "合计,,,\n,,,\n（2016）浙0683民初9003号,2016-02-03,2016-02-02,判决\n")
    refreshed(home)
    lines = caseload(home, "quarantine", "list").out.splitlines()
    causes = [line.split() for line in lines[1 : lines.index("")]]
    assert causes == [
        ["cases", "DQ16", "closed_on", "1", "1", "–", "–", "–"],
        ["cases", "NO_CASE", "2", "–", "–", "–", "2"],
        ["cases", "TYPE", "closing_manner", "1", "1", "–", "–", "–"],
    ]
    (total,) = [line for line in lines if "a total" in line]
    assert total == "cases_2016-02-05.csv, line 4: a total (NO_CASE). Nothing is to be done"


def test_a_case_that_comes_right_in_a_later_delivery_is_marked(home, refreshed, rows):
    home.put("cases/cases_2016-02-05.csv", UNKNOWN_WORD)
    refreshed(home)
    home.put("cases/cases_2016-02-06.csv", UNKNOWN_WORD.replace("速裁", "判决"))
    refreshed(home)
    (row,) = rows(home)
    assert (row["status"], row["rectified_in"]) == ("rectified", 3)
