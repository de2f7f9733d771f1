"""A withheld figure that a person releases: shown for one publication, with the name and the reason, and no other with it."""

import pytest

from warehouse.intake.ledger import Ledger

FILED = 407
"""Cases of the docket that were filed until January 2016, as in test_withheld.py."""


def wrong(rows):
    """Rows that close before they were registered (DQ16): too many of them withhold all figures of cases."""
    return "案号,立案日期,结案日期,结案方式\n" + "".join(
        f"（2016）浙0683民撤{n}号,2016-02-02,2016-02-01,判决\n" for n in range(1, rows + 1)
    )


@pytest.fixture
def home(caseload, copy_of, undisturbed):
    home = copy_of(undisturbed)
    home.put("cases/cases_2016-02-05.csv", wrong(20))
    assert caseload(home, "refresh").code == 0
    return home


def test_a_released_figure_is_shown_for_one_publication_with_who_and_why_and_no_other_with_it(caseload, ask, home):
    (before,) = ask(home, "closing_rate_cn", "--as-of", "r000001")
    (filed,), (rate,) = ask(home, "filed"), ask(home, "closing_rate_cn")
    assert (filed["status"], rate["status"]) == ("withheld", "withheld")
    for words, complaint in (
        (("filed/2016-10",), "a release needs its reason"),
        (("filed/2016-10@r000001", "--why", "W"), "is of an earlier publication"),
        (("same_day_registration_rate/2016-01", "--why", "W"), "is not withheld"),
        (("fielded/2016-10", "--why", "W"), "there is no metric [fielded]"),
    ):
        told = caseload(home, "release", *words)
        assert told.code == 2 and complaint in told.err and told.err.count("\n") == 1

    assert caseload(home, "release", filed["figure_id"], "--why", "the rows are of one bench").code == 0
    (shown,) = ask(home, "filed")
    assert (shown["status"], shown["value"]) == ("published", FILED)  # the rows set aside are not counted
    assert shown["reason"].startswith("released by ") and ": the rows are of one bench (SET_ASIDE: 20 of " in shown["reason"]
    assert {one["status"] for one in ask(home, "filed", "--by", "family")} == {"withheld"}
    assert ask(home, "closing_rate_cn")[0]["status"] == "withheld"

    assert caseload(home, "release", rate["figure_id"], "--why", "asked for by the president").code == 0
    (rate,), (closed,) = ask(home, "closing_rate_cn"), ask(home, "closed")
    assert (rate["status"], rate["value"], closed["status"]) == ("published", before["value"], "withheld")
    assert caseload(home, "verify").code == 0
    event = Ledger(home.place.landing).events()[-1]
    assert (event["decision"], event["figure"], event["why"]) == (
        "release_figure", rate["figure_id"], "asked for by the president",
    )  # fmt: skip

    home.put("cases/cases_2016-02-06.csv", wrong(21))
    assert caseload(home, "refresh").code == 0
    assert ask(home, "filed")[0]["status"] == "withheld"
    assert ask(home, "filed", "--as-of", "r000002")[0]["status"] == "published"
