"""Rows set aside: above both limits the figures of their source wait, and come back when the rows are put right."""

import csv
import hashlib
import io
import json

import pytest

HEADER = "案号,立案日期,结案日期,结案方式\n"
WITHHELD = {"filed", "closed", "reopened", "pending_start", "pending_end", "closing_rate_cn", "disposal_filing_ratio_cn",
            "enforcement_backlog", "enforcement_closed", "enforcement_closed_without_amount", "enforcement_completion_rate",
            "enforcement_filed", "enforcement_overdue", "enforcement_petitions_closed", "enforcement_petitions_received",
            "enforcement_resumed", "enforcement_target_t1", "enforcement_target_t2", "enforcement_target_t3",
            "enforcement_target_t4", "first_enforcement_zhongben_share", "realisation_rate", "zhongben_pool",
            "zhongben_pool_age", "zhongben_pool_entries", "zhongben_pool_exits", "zhongben_property_found",
            "zhongben_recheck_due", "closed_without_limit", "due_soon", "long_pending_12m", "long_pending_18m",
            "long_pending_24m", "long_pending_36m", "long_pending_of_load_12m", "long_pending_share_12m", "mean_days_closed",
            "overdue_pending", "pending_age_buckets", "within_base_limit_rate", "within_lawful_limit_rate",
            "accepted_r1", "accepted_r2", "case_turnover_cepej", "clearance_rate_cepej", "clearance_rate_ncsc",
            "disposition_time_cepej", "mediation_rate", "mediation_withdrawal_rate", "pending_inactive", "placed_inactive",
            "reactivated", "simplified_share", "small_claims_share", "withdrawal_rate", "mediations_filed", "mediations_closed",
            "mediations_pending_start", "mediations_pending_end"}  # fmt: skip
FILED = 407
"""Cases of the docket that were filed until January 2016."""
FAMILY = ("--by", "family", "--period", "year")


def wrong(rows):
    """Rows that close before they were registered (DQ16)."""
    return HEADER + "".join(f"（2016）浙0683民撤{n}号,2016-02-02,2016-02-01,判决\n" for n in range(1, rows + 1))


def right(rows, blanks=0):
    """The same rows put right; blank lines change the bytes and nothing else."""
    text = "".join(f"（2016）浙0683民撤{n}号,2016-02-02,2016-02-03,判决\n" for n in range(1, rows + 1))
    return HEADER + text + "\n" * blanks


@pytest.fixture
def home(copy_of, undisturbed):
    return copy_of(undisturbed)


@pytest.fixture(scope="module")
def twenty_wrong(undisturbed, refreshed, tmp_path_factory):
    """A night with twenty wrong rows. To be copied, not changed."""
    home = undisturbed.copy(tmp_path_factory.mktemp("twenty_wrong") / "home")
    home.put("cases/cases_2016-02-05.csv", wrong(20))
    return refreshed(home)


@pytest.fixture
def withheld(copy_of, twenty_wrong):
    return copy_of(twenty_wrong)


def test_above_both_limits_the_figures_of_the_source_wait_until_a_later_delivery_puts_the_rows_right(
    caseload, ask, home, refreshed
):
    assert (caseload(home, "quality").code, ask(home, "filed")[0]["value"]) == (0, FILED)
    home.put("cases/cases_2016-02-05.csv", wrong(20))
    done = caseload(home, "refresh")
    assert done.code == 0
    reason = "SET_ASIDE: 20 of "
    assert f"withheld: filed: {reason}" in done.out

    for metric in ("filed", "pending_end", "closing_rate_cn", "enforcement_backlog.pool"):
        for figure in ask(home, metric, *FAMILY):
            assert (figure["status"], figure["reason"][: len(reason)]) == ("withheld", reason)
            assert {figure[key] for key in ("value", "numerator", "denominator", "lower", "upper")} == {None}
    assert ask(home, "same_day_registration_rate")[0]["status"] == "published"
    assert [f["status"] for f in ask(home, "filed", "--as-of", "r000001")] == ["published"]

    told = caseload(home, "quality", "--json")
    verdicts = {one["id"]: one for one in json.loads(told.out)}
    assert (told.code, verdicts["DQ16"]["holds"], verdicts["DQ16"]["failing"]) == (1, False, 20)
    status = json.loads(caseload(home, "status", "--json").out)
    assert {one["metric"] for one in status["withheld"]} == WITHHELD and status["is_fresh"]
    aside = json.loads(caseload(home, "quarantine", "list", "--json").out)
    assert [(one["file"], one["line"], one["reason_code"]) for one in aside] == [
        ("cases_2016-02-05.csv", line, "DQ16") for line in range(2, 22)
    ]
    assert aside[0]["fields"]["案号"] == "（2016）浙0683民撤1号"

    home.put("cases/cases_2016-02-12.csv", right(20))
    refreshed(home)
    assert [(f["status"], f["value"]) for f in ask(home, "filed")] == [("published", FILED + 20)]
    assert json.loads(caseload(home, "status", "--json").out)["withheld"] == []
    assert caseload(home, "quality").code == 0


def test_some_rows_put_right_leave_the_others_open(ask, withheld, refreshed):
    withheld.put("cases/cases_2016-02-12.csv", right(10))
    refreshed(withheld)
    assert ask(withheld, "filed")[0]["reason"].startswith("SET_ASIDE: 10 of ")
    withheld.put("cases/cases_2016-02-19.csv", right(16))
    refreshed(withheld)
    assert [(f["status"], f["value"]) for f in ask(withheld, "filed")] == [("published", FILED + 16)]


def test_five_rows_withhold_nothing_and_are_not_counted(caseload, ask, home, refreshed):
    home.put("cases/cases_2016-02-05.csv", wrong(5))
    refreshed(home)
    assert [(f["status"], f["value"]) for f in ask(home, "filed")] == [("published", FILED)]
    assert caseload(home, "quality").code == 1
    assert len(json.loads(caseload(home, "quarantine", "show", "--json").out)) == 5


@pytest.mark.parametrize("is_greater", [True, False])
def test_a_file_put_right_under_its_own_name_brings_the_figures_back_whatever_its_hash(ask, withheld, refreshed, is_greater):
    def digest(text):
        return hashlib.sha256(text.encode()).hexdigest()

    wanted = (right(20, n) for n in range(200))
    mended = next(text for text in wanted if (digest(text) > digest(wrong(20))) is is_greater)
    assert ask(withheld, "filed")[0]["status"] == "withheld"
    withheld.put("cases/cases_2016-02-05.csv", mended)
    refreshed(withheld)
    assert [(f["status"], f["value"]) for f in ask(withheld, "filed")] == [("published", FILED + 20)]


def test_a_bad_update_of_a_good_case_leaves_its_last_good_version_standing(ask, home, refreshed):
    home.put("cases/cases_2016-02-04.csv", right(3))
    refreshed(home)
    closed = ask(home, "closed", "--from", "2016-02")[0]["value"]
    home.put("cases/cases_2016-02-05.csv", wrong(3))
    refreshed(home)
    assert [f["value"] for f in ask(home, "closed", "--from", "2016-02")] == [closed]
    assert ask(home, "filed")[0]["value"] == FILED + 3


def test_a_case_open_again_withholds_its_type_from_its_closing_on_and_its_neighbours_stand(caseload, ask, home, refreshed):
    """A criminal case that was closed in January is open in a later file, which gives no day of reopening (DQ40)."""
    row = "（2016）浙0683刑初9001号,2016-01-05,{}\n"
    home.put("cases/cases_2016-02-04.csv", HEADER + row.format("2016-01-20,判决"))
    refreshed(home)
    asked = ("--from", "2015-12", "--to", "2016-01", "--period", "month")
    before = {
        metric: ask(home, metric, *asked, "--by", "family")
        for metric in ("closed", "pending_end", "filed", "enforcement_backlog")
    }
    home.put("cases/cases_2016-02-05.csv", HEADER + row.format(","))
    refreshed(home)
    for metric in before:
        then = {(one["period"]["first_day"][:7], one["dims"]["family"]): one["value"] for one in before[metric]}
        now = {
            (one["period"]["first_day"][:7], one["dims"]["family"]): one for one in ask(home, metric, *asked, "--by", "family")
        }
        gone = {at for at, one in now.items() if one["status"] == "withheld"}
        assert gone == ({("2016-01", "criminal")} if metric in ("closed", "pending_end") else set())
        assert {at: one["value"] for at, one in now.items() if at not in gone} == {
            at: n for at, n in then.items() if at not in gone
        }
    assert {one["reason"][:5] for one in ask(home, "closed", *asked) if one["status"] == "withheld"} == {"DQ40:"}
    types = {one["dims"]["case_type"]: one["status"] for one in ask(home, "closed", *asked, "--by", "case_type")
             if one["period"]["first_day"][:7] == "2016-01"}  # fmt: skip
    assert [name for name, status in types.items() if status == "withheld"] == ["刑初"] and len(types) > 3
    told = json.loads(caseload(home, "sql", "select distinct case_type, is_withheld from published.counts where metric = 'pending_end' "
                               "and calendar_id = 'cal_month' and period_id = '2016-01'", "--json").out)["rows"]  # fmt: skip
    assert {case_type for case_type, is_withheld in told if is_withheld} == {"刑初"} and len(told) > 3


def test_a_withheld_figure_has_no_number_and_its_reason_in_every_form_and_its_neighbours_stand(caseload, withheld):
    told = "SET_ASIDE: 20 of "
    numbers = ("numerator", "denominator", "value", "lower", "upper")
    for metric, family in (("filed", "civil"), ("closing_rate_cn", "criminal")):
        asked = (metric, "--period", "year", "--from", "2015", "--to", "2015", "--by", "family")
        (row,) = [one for one in json.loads(caseload(withheld, "figures", *asked, "--format", "json").out)
                  if one["dims"]["family"] == family]  # fmt: skip
        assert row["status"] == "withheld" and row["reason"].startswith(told) and {row[key] for key in numbers} == {None}
        rows = list(csv.DictReader(io.StringIO(caseload(withheld, "figures", *asked, "--format", "csv").out)))
        (row,) = [one for one in rows if one["family"] == family]
        assert row["status"] == "withheld" and row["reason"].startswith(told) and {row[key] for key in numbers} == {""}
        table = caseload(withheld, "figures", *asked).out
        assert f"withheld: {told}" in table
        found = json.loads(caseload(withheld, "explain", f"{metric}/2015/family={family}", "--json").out)
        assert (found["status"], found["value"], found["rows"]) == ("withheld", None, [])
        assert caseload(withheld, "audit", "bundle", f"{metric}/2015/family={family}").code == 2
    beside = ("same_day_registration_rate", "--period", "year", "--from", "2015", "--to", "2015")
    (row,) = csv.DictReader(io.StringIO(caseload(withheld, "figures", *beside, "--format", "csv").out))
    assert row["status"] == "published" and int(row["denominator"]) > 0
