"""The commands that set figures beside others: bridge, figures --compare, reconcile; JSON, words in both languages, exit codes."""

from __future__ import annotations

import csv
import io

import pytest

BRIDGE = ("bridge", "closing_rate_cn/2014", "disposal_filing_ratio_cn/2014")


def test_a_bridge_as_json_adds_up_by_its_own_numbers(caseload, published):
    said = caseload(*BRIDGE, "--json", home=published)
    found = said.json
    assert (said.code, found["kind"], found["adds_up"], found["numerator"]["terms"]) == (0, "rate", True, [])
    (term,) = found["denominator"]["terms"]
    assert (term["metric"], term["times"]) == ("pending_start", -1) and term["amount"] == -term["count"] < 0
    assert found["denominator"]["from"] + term["amount"] == found["denominator"]["to"]
    (step,) = found["steps"]
    assert step["part"] == "denominator" and step["change"] == found["change"]
    assert found["from"]["value"] + step["change_value"] == pytest.approx(found["to"]["value"], abs=1e-12)


@pytest.mark.parametrize(("lang", "words"), [
    ("en", ["Closing rate", "below the line: ", "Pending at the start", "points", "the terms add up exactly"]),
    ("zh", ["结案率", "分母: ", "旧存", "个百分点", "各项相加等于差额"]),
])  # fmt: skip
def test_a_bridge_in_words(caseload, published, lang, words):
    said = caseload(*BRIDGE, "--lang", lang, home=published)
    assert said.code == 0 and all(word in said.out for word in words)
    assert "synthetic data" in said.err


@pytest.mark.parametrize(("figures", "why"), [
    (("filed/2014", "closed/2014"), "have no term in common"),
    (("filed/2014@r000001", "filed.without_resumed/2014@r000002"), "are of two publications"),
    (("filed/2014", "filled/2014"), "there is no metric [filled]"),
])  # fmt: skip
def test_figures_that_are_not_bridged_are_refused_in_one_line(caseload, published, figures, why):
    said = caseload("bridge", *figures, home=published)
    assert said.code == 2 and said.out == "" and why in said.err and said.err.count("\n") == 1


def test_figures_beside_those_of_a_year_before_in_each_form(caseload, published):
    asked = ("figures", "filed", "--period", "year", "--from", "2015", "--compare", "year")
    rows = caseload(*asked, "--format", "json", home=published).json
    assert [row["compared"]["figure_id"].partition("@")[0] for row in rows] == ["filed/2014", "filed/2015-01..2015-10"]
    assert [row["compared"]["is_cut"] for row in rows] == [False, True]
    assert all(row["value"] - row["compared"]["value"] == row["compared"]["change"] for row in rows)
    table = caseload(*asked, home=published).out
    assert "against year" in table and "filed/2015-01..2015-10" in table
    sheet = list(csv.DictReader(io.StringIO(caseload(*asked, "--format", "csv", home=published).out)))
    assert [int(row["compared_change"]) for row in sheet] == [row["compared"]["change"] for row in rows]
    plain = caseload(*asked[:-2], "--format", "csv", home=published).out
    assert "compared" not in plain


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "the series breaks between them: 2015-05-01"), ("zh", "数列在其间中断: 2015-05-01")]
)
def test_across_a_break_the_reason_stands_where_a_number_would_be(caseload, published, lang, words):
    asked = ("figures", "same_day_registration_rate.any_date", "--period", "year", "--from", "2015", "--to", "2015")
    said = caseload(*asked, "--compare", "year", "--lang", lang, home=published)
    assert words in said.out and "2015-05-01" in said.err
    (row,) = caseload(*asked, "--format", "json", home=published).json
    assert [one["day"] for one in row["breaks"]] == ["2015-05-01"] and "compared" not in row


def test_a_sample_of_another_size_is_reconciled_with_nothing_but_the_prints_of_others_are(caseload, published):
    said = caseload("reconcile", "--json", home=published)
    assert said.code == 0
    assert {one["verdict"] for one in said.json["totals"]} == {"not_comparable"}
    assert {one["id"]: one["reason"] for one in said.json["totals"]} == {
        **dict.fromkeys(("CT001", "CT002", "CT003"), "another_sample"), "CT006": "not_counted",
        **dict.fromkeys(("CT004", "CT005", "CT007", "CT008", "CT009", "CT010"), "beyond_data")}  # fmt: skip
    errors = [one["id"] for one in said.json["printed_elsewhere"] if one["verdict"] == "print_error"]
    assert errors == ["CT095"] and said.json["gaps"] == []
    assert all(one["source"] for one in (*said.json["totals"], *said.json["printed_elsewhere"]))


@pytest.mark.parametrize(("lang", "words"), [
    ("en", ["not comparable: the data are a made-up docket", "no source tells which judges", "PRINTED WRONGLY"]),
    ("zh", ["不可比: 数据为另一规模的合成样本", "没有来源告知法官在岗天数", "印刷有误"]),
])  # fmt: skip
def test_a_reconciliation_in_words(caseload, published, lang, words):
    said = caseload("reconcile", "--lang", lang, home=published)
    assert all(word in said.out for word in words)
