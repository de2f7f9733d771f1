"""The commands that a person decides by: what they print, in which form, when they refuse."""

import pytest

ASKED = {
    "trend": ("trend", "same_day_registration_rate", "--where", "population=civil_first"),
    "survival": ("survival", "--from", "2015", "--where", "family=civil"),
    "forecast": ("forecast", "--months", "3"),
    "plan": ("plan", "--by", "2017-06"),
}


@pytest.mark.parametrize("name", ASKED)
def test_a_command_answers_in_both_languages_and_says_that_data_are_made_up(caseload, published, name):
    english, chinese = (caseload(*ASKED[name], "--lang", lang, home=published) for lang in ("en", "zh"))
    for said in (english, chinese):
        assert (said.code, said.err) == (0, "synthetic data: made up, not the court's records\n")
    assert len(english.out.splitlines()) == len(chinese.out.splitlines()) > 3
    assert english.out != chinese.out and any("\u4e00" <= char <= "\u9fff" for char in chinese.out)


@pytest.mark.parametrize("name", ASKED)
def test_json_is_alone_on_standard_output_and_names_its_source(caseload, published, name):
    said = caseload(*ASKED[name], "--json", home=published)
    (found,) = said.json if name == "trend" else [said.json]
    assert (said.code, said.err, found["is_synthetic"], found["refresh_id"]) == (0, "", True, "r000001")
    assert len(found["head"]) == 64 and found["scope"]


def test_the_answers_agree_with_the_figures(caseload, published):
    def figures(*words):
        return [one["value"] for one in caseload("figures", *words, "--format", "json", home=published).json]

    ahead = caseload("forecast", "--json", home=published).json
    assert ahead["recent"]["incoming"] == figures("filed", "--from", "2015-11", "--period", "month")
    assert ahead["recent"]["closed"] == figures("closed", "--from", "2015-11", "--period", "month")
    assert ahead["recent"]["pending"] == figures("pending_end", "--from", "2015-11", "--period", "month")
    assert caseload("plan", "--closings", "9", "--json", home=published).json["pending"] == figures("pending_end")[0]
    assert caseload("survival", "--json", home=published).json["cases"] == figures("filed")[0]
    (trend,) = caseload("trend", "closed", "--json", home=published).json
    assert [point["value"] for point in trend["points"]] == figures("closed", "--period", "month")


@pytest.mark.parametrize(("words", "said"), [
    (("trend", "filled"), "there is no metric [filled]"),
    (("trend", "closing_rate_cn", "--by", "judge"), "is a rate, and has no chart by [judge]"),
    (("trend", "filed", "--break", "soon"), "[soon] is no period"),
    (("survival", "--where", "bench=M1"), "not made by [bench]"),
    (("survival", "--where", "family"), "is not of the form dimension=value"),
    (("forecast", "--months", "60"), "looks 1 to 12 months ahead"),
    (("plan",), "Give one: `--closings N` or `--by YYYY-MM`"),
    (("plan", "--by", "2016-01"), "is not one of the 60 months to plan for"),
])  # fmt: skip
def test_what_cannot_be_asked_is_refused_with_its_reason(caseload, published, words, said):
    done = caseload(*words, home=published)
    assert (done.code, done.out) == (2, "") and said in done.err and done.err.startswith("caseload: ")


def test_without_a_publication_nothing_is_estimated(caseload, empty):
    for words in ASKED.values():
        assert caseload(*words, home=empty).code == 1


def test_what_is_asked_otherwise_is_said_with_its_command(caseload, published):
    for command in ("figures", "metrics"):
        done = caseload(command, "km_median_days", home=published)
        assert done.code == 2 and "Ask `caseload survival`" in done.err
    for lang, title in (("en", "asked otherwise"), ("zh", "另行提供的指标")):
        listed = caseload("metrics", "--lang", lang, home=published).out
        assert title in listed and "caseload trend closed" in listed
