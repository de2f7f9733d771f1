"""Pages that answer one question each: what they show is what the command line says."""

from __future__ import annotations

import io
import json
import re
import shutil
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from pipelines.cli import main
from pipelines.web.charts import STYLE

SVG = "{http://www.w3.org/2000/svg}"


def text_of(page) -> str:
    return re.sub(r"\s+", " ", page.words)


@pytest.mark.parametrize("query", ["", "?family=civil", "?from=2014&to=2015&family=criminal", "?as_of=r000001"])
def test_how_long_cases_last_is_what_the_command_says(pages, asked, query):
    words = {"": [], "?family=civil": ["--where", "family=civil"], "?as_of=r000001": ["--as-of", "r000001"]}.get(
        query, ["--from", "2014", "--to", "2015", "--where", "family=criminal"])  # fmt: skip
    told = asked("survival", "--json", *words)
    page = pages.page(f"/en/lasting{query}")
    shown = [attrs["value"] for tag, attrs in page.tags if tag == "data"]
    wanted = [told["value"], *told["open_at"].values(), *told["quantiles"].values()]
    assert shown == [str(one) for one in wanted if one is not None] and len(shown) > 5
    assert f"{told['cases']:,}: {told['closed']:,} closed" in text_of(page)
    assert sum(tag == "svg" for tag, _ in page.tags) == 1


def test_a_span_without_cases_says_why_there_is_no_curve(pages):
    assert "svg" not in {tag for tag, _ in pages.page("/en/lasting?from=2030&to=2031").tags}
    pages.page("/en/lasting?judge=J001", 404)  # how long the cases of one judge last is not shown


def test_the_reconciliation_names_every_total_with_its_verdict(pages, asked):
    told = asked("reconcile", "--json")
    page = pages.page("/en/reconciliation")
    for total in told["totals"]:
        assert total["id"] in page.words
        assert f"{total['published']:,.10g}" in page.words or f"{total['published']:.0%}" in page.words
    odd = [one for one in told["printed_elsewhere"] if one["verdict"] not in ("same", "within_rounding")]
    assert odd and all(one["id"] in page.words for one in odd)
    assert f"{len(told['printed_elsewhere'])} numbers that other courts printed" in page.words


@pytest.fixture(scope="module")
def spoilt(two_nights, night, tmp_path_factory):
    """The home a night later, with rows that close before they were registered (DQ16) and one without a number (DQ01)."""
    home = Path(shutil.copytree(two_nights, tmp_path_factory.mktemp("spoilt") / "home"))
    rows = "".join(f"（2016）浙0683民撤{n}号,2016-10-22,2016-10-21,判决\n" for n in range(1, 56)) + ",2016-10-22,,\n"
    (home / "shengzhou/inbox/cases/cases_2016-11-02.csv").write_text("案号,立案日期,结案日期,结案方式\n" + rows, "utf-8")
    assert night(home, 2)
    return home


def test_the_findings_are_those_of_the_worklist_by_status_and_rule(spoilt, open_site, capsys):
    def asked(*words):
        capsys.readouterr()
        main([*words, "--json", "--home", str(spoilt), "--profile", "shengzhou"])
        return json.loads(capsys.readouterr().out)

    site, told = open_site(spoilt), asked("findings", "list")
    page = site.page("/en/findings")
    assert len(told["findings"]) == 56 and "What it found: 56" in page.words
    listed = re.findall(r"F\d{6}", page.words) + re.findall(r"F\d{6}", site.page("/en/findings?page=2").words)
    assert listed == [one["id"] for one in told["findings"]]
    some = asked("findings", "list", "--rule", "DQ16")["findings"]
    assert len(some) == 55 and "What it found: 55" in site.page("/en/findings?param.rule=DQ16").words
    assert "What it found: 0" in site.page("/en/findings?param.status=rectified").words
    months = asked("findings", "history")
    assert months and all(one["month"] in page.words for one in months)
    site.page("/en/findings?param.status=lost", 404)
    site.page("/en/findings?page=900", 404)


def test_the_limits_are_those_of_the_profile_with_their_articles(pages, catalogue):
    limits = catalogue.profile.code_rows("statutory_limits")
    applications = catalogue.profile.code_rows("registration_limits")
    for lang, end in (("en", ""), ("zh", "_zh")):
        words = pages.page(f"/{lang}/limits").words
        assert limits and all(row["limit_id"] in words for row in limits)
        assert all(row[f"article{end}"] in words for row in [*limits, *applications])
        assert all(row[f"extension{end}"] in words for row in limits)
    assert not re.search(r"\barts?\. |president", words)


@pytest.mark.parametrize("pair", [("accepted_r2", "accepted_r1"), ("closing_rate_cn", "disposal_filing_ratio_cn")])
def test_the_bridges_of_the_caseload_add_up_as_on_the_command_line(pages, asked, pair):
    left, right = (f"{name}/2016-09" for name in pair)
    told = asked("bridge", left, right, "--json")
    assert told["adds_up"]
    page = pages.page("/en/caseload?period=2016-09")
    assert f"caseload bridge {told['from']['figure_id']} {told['to']['figure_id']}" in page.words
    assert "DO NOT ADD UP" not in page.words
    for step in told["steps"] or told["numerator"]["terms"]:
        assert step["name_en"] in page.words and f"{abs(step['amount']):,}" in page.words


def test_the_public_bulletin_is_of_a_year_and_names_no_bench_and_no_judge(pages):
    page = pages.page("/zh/bulletin")
    assert "2016年" in page.words and "公报" in page.words
    with pages.court.reader() as reader:
        benches = {one.dims["bench"] for one in reader.ask("filed", by=("bench",)) if one.dims}
        judges = {one.dims["judge"] for one in reader.ask("filed", by=("judge",)) if one.dims}
    assert judges and not {*judges} & {*re.findall(r"\w+", page.words)}
    assert not [one for one in benches - {"none"} if re.search(rf"\b{re.escape(one)}\b", page.words)]


def test_the_reading_of_the_closing_rate_can_be_chosen_on_the_first_page(pages, asked):
    (own,), (other,) = (asked("figures", name, "--period", "month", "--from", "2016-09", "--to", "2016-09", "--format", "json")
                        for name in ("closing_rate_cn", "closing_rate_cn.without_resumed"))  # fmt: skip
    assert own["value"] != other["value"]
    page = pages.page("/en/?period=2016-09&reading=without_resumed")
    assert page.values("data-metric", "closing_rate_cn.without_resumed")[:1] == [str(other["value"])]
    assert not page.values("data-metric", "closing_rate_cn")
    assert "reading=without_resumed" in next(one for one in page.links if one.startswith("/zh/"))
    pages.page("/en/?reading=of_mine", 404)


def test_what_hangs_on_a_definition_stands_on_the_page_about_the_data(pages, asked):
    page = pages.page("/en/about")
    (told,) = asked("figures", "filed.with_mediation", "--format", "json")
    assert (told["figure_id"], str(told["value"])) in page.numbers


def test_a_chart_is_a_file_that_says_where_it_comes_from(pages, asked):
    answer = pages.client.get("/zh/figures/filed.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-disposition"] == 'attachment; filename="filed.svg"'
    drawn = ElementTree.fromstring(answer.content)
    said = " ".join(one.text or "" for one in drawn.iter(f"{SVG}text"))
    months = asked("figures", "filed", "--period", "month", "--format", "json")
    assert "合成数据" in said and "r000002" in said and months[0]["head"] in said
    assert f"{len(months)}行，校验合计{sum(one['value'] for one in months):,}" in said
    assert "var(--" not in answer.text and "inherit" not in answer.text
    assert re.search(r"--line: (#[0-9a-f]{6})", STYLE.read_text("utf-8"))[1] in answer.text
    picture = pages.client.get("/en/figures/filed.png")
    assert picture.headers["content-type"] == "image/png" and picture.content.startswith(b"\x89PNG")
    assert pages.client.get("/en/figures/filed.svg?by=family").status_code == 404  # there is no such chart on the page


def test_the_curve_is_a_file_too(pages):
    answer = pages.client.get("/zh/lasting.svg?family=civil")
    assert answer.headers["content-disposition"] == 'attachment; filename="lasting.svg"'
    said = " ".join(one.text or "" for one in ElementTree.fromstring(answer.content).iter(f"{SVG}text"))
    assert "合成数据" in said and "民事" in said and "r000002" in said and "var(--" not in answer.text
    assert pages.client.get("/en/lasting.png").content.startswith(b"\x89PNG")
    assert pages.client.get("/en/lasting.svg?from=2030").status_code == 404


def test_a_workbook_says_what_a_copy_of_it_can_be_held_against(pages, asked):
    answer = pages.client.get("/en/figures/same_day_registration_rate.xlsx?kind=year")
    told = asked("figures", "same_day_registration_rate", "--period", "year", "--format", "json")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    facts = dict(book["source"].iter_rows(values_only=True))
    shown = [one for one in told if one["status"] == "published"]
    assert (facts["refresh_id"], facts["head"], facts["rows"]) == ("r000002", told[0]["head"], len(told))
    assert facts["control total, numerator"] == sum(one["numerator"] for one in shown)
    assert facts["control total, denominator"] == sum(one["denominator"] for one in shown)
    page = pages.page("/en/figures/same_day_registration_rate?kind=year")
    assert f"control total {facts['control total, numerator']:,} / {facts['control total, denominator']:,}" in page.words
