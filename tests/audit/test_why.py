"""Why a case is in a figure, or is not: the same cases as among the rows that explain it, and each "not" with its reason."""

import json
import random

import pytest

from pipelines.cli import main
from warehouse.audit.why import why

FIGURES = (
    "filed/2016-03", "filed/2015/family=civil", "closed/2016", "pending_end/2015-06", "pending_start/2016", "closing_rate_cn/2016",
    "filed.without_resumed/2016/family=enforcement", "filed.with_mediation/2016-05", "same_day_registration_rate/2016",
    "enforcement_backlog/2016-09", "within_lawful_limit_rate/2015", "overdue_pending/2016-10",
)  # fmt: skip


@pytest.mark.parametrize("figure", FIGURES)
def test_a_case_is_counted_where_it_is_among_the_rows_of_the_figure_and_nowhere_else(two_nights, figure):
    with two_nights.reader() as reader:
        asked = reader.parse(figure)
        inside = {row["case_key"] for row in two_nights.explain(figure)["rows"]}
        keys = {key for (key,) in two_nights.rows("select case_key from model.cases")}
        chance = random.Random(683)
        some = [*chance.sample(sorted(inside & keys), min(8, len(inside & keys))), *chance.sample(sorted(keys - inside), 8)]
        told = {key: why(two_nights.place, reader, asked, key) for key in some}
    assert {key: one["is_counted"] for key, one in told.items()} == {key: key in inside for key in some}
    for one in told.values():
        assert one["is_counted"] or one["reasons"] or all(member["lacks"] for member in one["memberships"])


@pytest.fixture
def said(two_nights, capsys):
    """What `explain FIGURE --case KEY` says, as JSON."""

    def ask(figure, key, *words):
        assert main(["explain", figure, "--case", key, "--json", *words, "--home", str(two_nights.place.root.parent)]) == 0
        return json.loads(capsys.readouterr().out)

    return ask


def one_of(home, condition):
    return home.rows(
        f"select case_key, registered_on, closed_on, family from model.cases where {condition} order by 1 limit 1"
    )[0]


def test_the_day_and_the_family_are_named_where_they_do_not_meet_the_question(two_nights, said):
    key, day, _, _ = one_of(
        two_nights, "is_counted and family = 'civil' and registered_on between '2015-01-01' and '2015-12-31'"
    )
    told = said("filed/2016/family=criminal", key)
    (member,) = told["memberships"]
    assert not told["is_counted"] and [english for english, _ in member["lacks"]] == [
        f"it counts on {day}, outside 2016-01-01 to 2016-10-31", "its family is civil, not criminal",
    ]  # fmt: skip
    assert said(f"filed/{str(day)[:7]}/family=civil", key)["is_counted"]


def test_a_stock_names_the_day_on_which_the_case_came_in_or_had_left(two_nights, said):
    key, came, left, _ = one_of(two_nights, "is_counted and reopened_on is null and registered_on >= '2015-02-01' "
                                            "and closed_on between '2015-04-01' and '2015-12-31'")  # fmt: skip
    early, late = said("pending_end/2014-12", key), said("pending_end/2016-01", key)
    assert early["memberships"][0]["lacks"][0][0] == f"it came in on {came}, after 2014-12-31"
    assert late["memberships"][0]["lacks"][0][0] == f"it was out by {left}, not after 2016-01-31"


def test_a_record_that_is_no_case_says_so_and_a_reading_names_what_it_leaves_out(two_nights, said):
    key, *_ = one_of(two_nights, "family = 'not_a_case'")
    told = said("closed/2016", key)
    assert not told["is_counted"] and told["memberships"] == [] and "no case of the statistics" in told["reasons"][0][0]
    key, day, *_ = one_of(two_nights, "is_counted and counts_as = 'enforcement_resumed'")
    (member,) = said(f"filed.without_resumed/{str(day)[:7]}", key)["memberships"]
    assert member["lacks"][0][0] == "the reading leaves out enforcement_resumed"


def test_it_is_told_as_of_a_publication_in_both_languages_and_an_unknown_case_is_refused(two_nights, said, capsys):
    key, day, *_ = one_of(two_nights, "is_counted and registered_on >= '2016-01-01'")
    home = ["--home", str(two_nights.place.root.parent)]
    assert main(["explain", "filed/2016", "--case", key, "--as-of", "r000001", *home]) == 2
    assert f"there is no case [{key}]" in capsys.readouterr().err
    assert main(["explain", f"filed/{str(day)[:7]}", "--case", key, "--lang", "zh", *home]) == 0
    assert "计入" in capsys.readouterr().out
