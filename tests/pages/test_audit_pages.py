"""The pages of auditors: lists, one's own questions, the ledger, evidence; each look on record, and nothing asked unseen."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path
from urllib.parse import urlencode

import openpyxl
import pytest

from warehouse.audit.evidence.verify import verify
from warehouse.intake.access import access_log
from warehouse.intake.ledger import Ledger
from warehouse.refresh.replay import rebuild
from warehouse.store.place import Place
from warehouse.store.swap import locked

COUNT = "select count(*) as cases from published.cases"


def accesses(site):
    return access_log(site.home / "shengzhou/landing").events()


def cells(page):
    """What stands in the cells of the tables of a page, in order."""
    return [re.sub(r"<[^>]*>", "", one).strip() for one in re.findall(r"<td[^>]*>(.*?)</td>", page.text, re.DOTALL)]


# --- lists


def test_a_list_holds_the_rows_of_the_command_and_is_put_on_record(pages, asked):
    page = pages.page("/en/audit/closings_on_last_days?param.days=2")
    told = asked("audit", "closings_on_last_days", "--param", "days=2", "--json")
    first = [str(value) for value in told["rows"][0].values()]
    assert [one.replace(",", "") for one in cells(page)][: len(first)] == first
    assert f"Rows: {len(told['rows'])}" in page.words
    entry = [one for one in accesses(pages) if one["what"] == "closings_on_last_days" and one.get("through")][-1]
    assert (entry["event"], entry["parameters"], entry["refresh_id"]) == (
        "audit",
        {"days": "2", "since": "2012-01-01"},
        "r000002",
    )


def test_a_list_is_asked_again_for_each_look_and_never_kept(pages):
    before = len(accesses(pages))
    for _ in range(2):
        pages.page("/zh/audit/near_limit")
    assert len(accesses(pages)) == before + 2


def test_a_wrong_parameter_is_told_beside_the_form_and_nothing_is_asked(pages):
    before = len(accesses(pages))
    page = pages.page("/en/audit/near_limit?param.days=soon")
    assert "a whole number is wanted" in page.words and 'value="soon"' in page.text
    assert len(accesses(pages)) == before


def test_the_workbook_of_a_list_holds_all_of_its_rows(pages, asked):
    answer = pages.client.get("/zh/audit/long_pending.xlsx?param.months=12")
    assert answer.headers["content-disposition"] == 'attachment; filename="long_pending.xlsx"'
    sheet, about = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets
    told = asked("audit", "long_pending", "--param", "months=12", "--json")
    assert sheet.max_row == len(told["rows"]) + 1 > 1 and sheet.title == "synthetic"
    assert "r000002" in [row[1].value for row in about.iter_rows()]


# --- a question of one's own


def test_a_question_is_answered_with_an_address_under_which_it_is_asked_again(pages, asked):
    (told,) = asked("sql", COUNT, "--json")["rows"]
    page = pages.page("/en/sql?" + urlencode({"statement": COUNT}))
    assert cells(page)[0] == str(told[0]) != "0"
    address = re.search(r"/en/sql/(Q\d{6})", page.text)[1]
    assert int(address[1:]) == accesses(pages)[-1]["seq"]
    again = pages.page(f"/zh/sql/{address}")
    assert cells(again)[0] == str(told[0]) and COUNT in again.words
    assert accesses(pages)[-1]["what"] == COUNT


@pytest.mark.parametrize("statement", ["drop table published.cases", "select * from read_csv('/etc/passwd')",
                                       "select * from model.cases", "select no_such from published.cases"])  # fmt: skip
def test_what_is_refused_says_why_in_one_line_and_is_on_record(pages, statement):
    page = pages.page("/en/sql?" + urlencode({"statement": statement}))
    assert "The statement is refused." in page.words and not cells(page)
    assert accesses(pages)[-1]["what"] == statement


def test_a_link_of_another_site_asks_nothing_before_a_person_presses_the_button(pages):
    before, address = len(accesses(pages)), "/en/sql?" + urlencode({"statement": COUNT})
    answer = pages.client.get(address, headers={"sec-fetch-site": "cross-site"})
    assert "A page elsewhere led here" in answer.text and COUNT in answer.text and "<td>" not in answer.text
    assert len(accesses(pages)) == before


def test_nothing_of_a_statement_or_an_answer_becomes_markup(pages):
    statement = "select '<img src=x onerror=alert(1)>' as \"<b>x</b>\", '</textarea><script>' as y"
    text = pages.page("/en/sql?" + urlencode({"statement": statement})).text
    assert "<img" not in text and "<script" not in text and "<b>" not in text and "&lt;img src=x" in text
    assert text.count("</textarea>") == 1


def test_a_statement_of_several_lines_is_asked_as_it_is(pages):
    pages.page("/en/sql?" + urlencode({"statement": "select family,\n    count(*)\nfrom published.cases\ngroup by family"}))
    assert "\n    count(*)\n" in accesses(pages)[-1]["what"]


# --- the ledger


def test_an_event_without_an_hour_is_shown_as_well(open_site, one_night, tmp_path):
    """A rebuild is noted with what it made, and no hour: it follows from the ledger itself."""
    home = Path(shutil.copytree(one_night, tmp_path / "home"))
    place = Place(home / "shengzhou")
    with locked(place):
        rebuild(place, "tests", lambda told: None)
    site = open_site(home)
    events = site.court.events()
    assert (events[-1]["event"], "at" in events[-1]) == ("rebuilt", False)
    assert "–" in site.page("/en/ledger").words
    for number in range(1, len(events) + 1):
        site.page(f"/zh/ledger/{number}")


def test_the_ledger_shows_every_event_and_the_head(pages):
    ledger = Ledger(pages.home / "shengzhou/landing")
    size, seen = len(ledger.events()), set()
    for number in range(1, -(-size // 50) + 1):
        page = pages.page(f"/en/ledger?page={number}")
        seen |= {int(one) for one in re.findall(r'href="/en/ledger/(\d+)"', page.text)}
        assert f"{size}:{ledger.head()}" in page.words
    assert seen == set(range(1, size + 1))


def test_an_event_is_shown_with_its_line_and_the_proof_of_the_command(pages, asked):
    line = (pages.home / "shengzhou/landing/ledger.jsonl").read_text("utf-8").splitlines()[6]
    page, told = pages.page("/en/ledger/7"), asked("ledger", "prove", "7", "--json")
    assert line in page.words and json.loads(line)["file"] in page.words
    assert all(one in page.words for one in (told["leaf"], told["head"], *told["path"])) and told["path"]


# --- evidence


def test_the_page_of_a_figure_gives_its_evidence_which_is_on_record(pages, two_nights):
    page = pages.page("/zh/explain/closed/2016-05")
    (address,) = [one for one in page.links if one.endswith(".zip")]
    answer = pages.client.get(address)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="closed_2016-05_r000002.zip"'
    assert verify(answer.content)[0].startswith("closed/2016-05@r000002 = ")
    entry = accesses(pages)[-1]
    assert (entry["event"], entry["what"], entry["through"]) == ("bundle", "closed/2016-05@r000002", "pages")


def test_the_evidence_of_an_earlier_publication_is_of_that_one(pages):
    assert verify(pages.client.get("/en/evidence/closed/2016-05@r000001.zip").content)[0].startswith("closed/2016-05@r000001 =")


def test_where_the_access_log_does_not_hold_nothing_is_shown(open_site, one_night, tmp_path):
    site = open_site(Path(shutil.copytree(one_night, tmp_path / "home")))
    site.page("/en/audit/near_limit")
    log = site.home / "shengzhou/landing/access.jsonl"
    log.write_text(log.read_text("utf-8").replace("near_limit", "far_limits"), "utf-8")
    for path in ("audit/near_limit", "sql?" + urlencode({"statement": COUNT}), "evidence/closed/2016-05.zip"):
        answer = site.client.get(f"/en/{path}")
        assert answer.status_code >= 400 and "<td" not in answer.text and "Traceback" not in answer.text
