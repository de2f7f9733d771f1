"""`caseload totals`, and every other command in a profile that has published totals alone: nothing fails, nothing is counted."""

import contextlib
import io
import shutil

import pytest

from pipelines.cli import main

PROFILE = """\
id: county
name_zh: 县
name_en: County
time_zone: Europe/Vienna
data_from: 2021-01-01
earliest_date: 2021-01-01
calendars:
  cal_month: {name_zh: 自然月, name_en: calendar month}
sample: {deliveries: deliveries}
"""
CONTRACT = """\
source: filings
feeds: totals
title_zh: 立案数
title_en: Filings
kind: snapshot
file: {format: csv, separator: ",", encodings: [utf-8], names: 'filings_(?P<extract_on>[0-9-]{10})\\.csv'}
period: {year: year, month: month}
dimensions: {area: place}
measures:
  filed: {header: filed, type: integer, unit: cases, kind: flow}
  mean_amount: {header: mean, type: decimal, unit: EUR}
"""
JANUARY = "place,year,month,filed,mean\nNord,2021,1,40,10.125\nSüd,2021,1,7,\nSüd,,,2,\n"
FEBRUARY = "place,year,month,filed,mean\nNord,2021,1,43.0,10.125\nNord,2021,2,5,9.5\nSüd,,,2,\n"
KEYS = {
    "total_id", "source", "measure", "kind", "period", "dims", "value", "unit", "note", "presence", "change", "value_before",
    "delivery_before", "extract_on", "delivery_no", "file", "sha256", "place", "line", "known_from", "refresh_id",
}  # fmt: skip


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    """Profile, home and screens: January and February were taken, a refresh each. To be read, not changed."""
    folder, home, screens = tmp_path_factory.mktemp("profile") / "county", tmp_path_factory.mktemp("home"), []
    (folder / "contracts").mkdir(parents=True)
    (folder / "profile.yml").write_text(PROFILE, "utf-8")
    (folder / "contracts/filings.yml").write_text(CONTRACT, "utf-8")
    inbox = home / "county/inbox/filings"
    inbox.mkdir(parents=True)
    for day, text in (("2021-02-01", JANUARY), ("2021-03-01", FEBRUARY)):
        (inbox / f"filings_{day}.csv").write_text(text, "utf-8")
        screens.append(io.StringIO())
        with contextlib.redirect_stdout(screens[-1]):
            assert main(["refresh", "--profile", str(folder), "--home", str(home)]) == 0
    return folder, home, [screen.getvalue() for screen in screens]


@pytest.fixture
def county(taken, caseload):
    """`county(command, …)`: a command in that home."""
    folder, home, _ = taken
    return lambda *words: caseload(*words, "--profile", str(folder), home=home)


@pytest.fixture
def changing(taken, caseload, tmp_path):
    """The same in a copy of the home, and the inbox there."""
    folder, home, _ = taken
    copy = shutil.copytree(home, tmp_path / "home")
    return (lambda *words: caseload(*words, "--profile", str(folder), home=copy)), copy / "county/inbox/filings"


def test_a_refresh_ends_with_rows_and_the_latest_totals_of_each_measure(taken):
    *_, (_, screen) = taken
    lines = [" ".join(line.split()) for line in screen.splitlines()]
    assert "filings 2 6 6 0 0" in lines and "rules: 1 of 1 on sets hold, 0 figures withheld" in lines
    assert "filings filed Nord cases 2021-01: 43 2021-02: 5" in lines
    assert "filings mean_amount Nord EUR 2021-01: 10.125 2021-02: 9.5" in lines
    assert "next: caseload totals --profile county" in screen and "Filed" not in screen


def test_without_a_measure_it_lists_which_there_are(county):
    said = county("totals")
    assert said.code == 0
    assert " ".join(said.out.splitlines()[1].split()) == "filings filed flow cases 3 2021-01 2021-02 area"
    assert county("totals", "--json").json[1] == {
        "source": "filings", "measure": "mean_amount", "kind": "statistic", "unit": "EUR", "dimensions": ["area"], "totals": 3,
        "first_period": "2021-01", "last_period": "2021-02",
    }  # fmt: skip


def test_totals_come_with_their_place_as_json(county):
    found = county("totals", "filed", "--json").json
    assert all(one.keys() == KEYS for one in found)
    # Süd, January is gone: the second snapshot does not name it
    assert [(one["total_id"], one["value"], one["place"], one["file"]) for one in found] == [
        ("filings/filed/2021-01/area=Nord@r000002", 43, "line 2", "filings_2021-03-01.csv"),
        ("filings/filed/2021-02/area=Nord@r000002", 5, "line 3", "filings_2021-03-01.csv"),
        ("filings/filed/none/area=Süd@r000002", 2, "line 4", "filings_2021-02-01.csv"),
    ]
    assert found[0]["period"] == {"id": "2021-01", "kind": "month", "first_day": "2021-01-01", "last_day": "2021-01-31"}
    assert (found[0]["change"], found[0]["value_before"], found[0]["delivery_before"]) == ("restated", 40, 1)
    assert found[2]["period"] == {"id": "none", "kind": "none", "first_day": None, "last_day": None}


def test_as_of_a_refresh_it_is_what_was_known_then(county):
    found = county("totals", "filed", "--as-of", "r000001", "--json").json
    assert [(one["total_id"], one["value"]) for one in found] == [
        ("filings/filed/2021-01/area=Nord@r000001", 40), ("filings/filed/2021-01/area=Süd@r000001", 7),
        ("filings/filed/none/area=Süd@r000001", 2),
    ]  # fmt: skip


def test_history_tells_every_version_and_what_it_did(county):
    found = county("totals", "filed", "--history", "--where", "area=Süd", "--json").json
    assert [(one["change"], one["value_before"], one["value"], one["extract_on"]) for one in found] == [
        ("new", None, 7, "2021-02-01"), ("gone", 7, None, "2021-03-01"), ("new", None, 2, "2021-02-01"),
    ]  # fmt: skip
    said = county("totals", "filed", "--history", "--from", "2021-01", "--to", "2021-01", "--where", "area=Nord").out
    assert [line.split()[1:4] for line in said.splitlines()[1:]] == [["new", "40", "cases"], ["restated", "40", "43"]]


@pytest.mark.parametrize(("words", "error"), [
    (["totals", "fled"], "there is no measure [fled]. Nearest: filed"),
    (["totals", "filed", "--where", "aera=Nord"], "filed is not published by [aera]. Nearest: area"),
    (["totals", "filed", "--where", "area"], "--where [area] is not of the form dimension=value"),
    (["totals", "filed", "--where", "area=a", "--where", "area=b"], "--where names [area] twice"),
    (["totals", "filed", "--source", "filing"], "[filed] is no measure of [filing]. Nearest: filings"),
    (["totals", "filed", "--from", "2021-13"], "[2021-13] is no period"),
    (["totals", "--history"], "need a measure"),
    (["totals", "--as-of", "r000009"], "there is no publication [r000009]"),
])  # fmt: skip
def test_wrong_usage_names_what_is_near(county, words, error):
    said = county(*words)
    assert said.code == 2 and said.out == ""
    assert said.err.startswith("caseload: ") and error in said.err and len(said.err.splitlines()) == 1


def test_a_value_that_no_total_has_gives_none(county):
    said = county("totals", "filed", "--where", "area=West")
    assert (said.code, said.out) == (0, "no such total is published\n")
    assert county("totals", "filed", "--where", "area=West", "--json").json == []


# --- the other commands


@pytest.mark.parametrize("words", [
    ["status"], ["status", "--json", "--history"], ["refreshes"], ["figures"], ["figures", "filed", "--by", "court"],
    ["figures", "closing_rate_cn", "--period", "month", "--format", "csv"], ["figures", "--as-of", "r000001"],
    ["explain", "filed/2021-01"], ["explain", "closing_rate_cn/2021-01", "--json"], ["sources", "list"],
    ["sources", "list", "--json"], ["quarantine", "list"], ["quality"], ["metrics"], ["verify"], ["verify", "--full"],
    ["rebuild"], ["doctor"], ["refresh"],
])  # fmt: skip
def test_every_command_does_its_work(county, changing, words):
    said = (changing[0] if words[0] in ("rebuild", "refresh") else county)(*words)
    assert said.code == 0, said.err
    if words[0] in ("figures", "explain") and "--json" not in words:
        assert "not_applicable" in said.out or "not applicable" in said.out
    if words[0] == "rebuild":
        assert "no cells differ" in said.out


def test_metrics_are_not_applicable(county):
    for one in county("figures", "--format", "json").json:
        assert (one["status"], one["value"], one["numerator"]) == ("not_applicable", None, None)


def test_a_profile_of_cases_has_no_totals_and_says_so(caseload, published):
    said = caseload("totals", home=published)
    assert (said.code, said.out) == (0, "no totals are published in this profile\n")
    said = caseload("totals", "filed", home=published)
    assert said.code == 2 and "this profile has no published totals" in said.err


# --- rows that cannot be believed


def test_rows_that_cannot_be_typed_or_contradict_each_other_are_set_aside_and_rows_are_conserved(changing):
    county, inbox = changing
    rows = ["place,year,month,filed,mean", "Nord,2021,1,many,1", "Nord,2021,2,6,9", "Süd,2021,2,1,", "Süd,2021,2,2,",
            "Süd,2021,3,3,", "Süd,2021,3,3.0,"]  # fmt: skip
    text = "\n".join(rows) + "\n"
    (inbox / "filings_2021-04-01.csv").write_text(text, "utf-8")
    said = county("refresh")
    assert said.code == 0
    assert " ".join(said.out.split()).count("filings 3 12 8 3 1") == 1
    reasons = {(one["line"], one["reason_code"], one["column_name"]) for one in county("quarantine", "list", "--json").json}
    assert reasons >= {(2, "TYPE", "filed"), (4, "TOTALS1", "filed"), (5, "TOTALS1", "filed")}
    found = {one["total_id"].split("@")[0]: one["value"] for one in county("totals", "filed", "--json").json}
    assert found == {
        "filings/filed/2021-01/area=Nord": 43,  # set aside: what was said before stands
        "filings/filed/2021-02/area=Nord": 6,
        "filings/filed/2021-03/area=Süd": 3,
    }


def test_a_file_without_a_contracted_column_is_refused_by_name(changing):
    county, inbox = changing
    (inbox / "filings_2021-04-01.csv").write_text("place,year,month,filed\nNord,2021,1,1\n", "utf-8")
    said = county("refresh")
    assert said.code == 0 and "refused: filings_2021-04-01.csv, line 1: the header lacks [mean]" in said.out
