"""The numbers of the pages are those of the command line."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

TILES = ("filed", "closed", "closing_rate_cn", "same_day_registration_rate", "enforcement_backlog")
BALANCE = ("pending_start", "filed", "reopened", "closed", "pending_end")
MONTH = "2016-09"


def numbers(asked, name: str, *words: str) -> list[str]:
    return [str(one["value"]) for one in asked("figures", name, "--format", "json", *words)]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_tile_shows_the_figure_of_the_command_line(pages, asked, lang):
    page = pages.page(f"/{lang}/?period={MONTH}")
    for name in TILES:
        wanted = numbers(asked, name, "--from", MONTH, "--to", MONTH, "--period", "month")
        assert page.values("data-metric", name)[:1] == wanted, name


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_parts_of_the_backlog_and_the_whole_balance_are_those_of_the_command_line(pages, asked, lang):
    page = pages.page(f"/{lang}/?period={MONTH}")
    for part in ("pending", "pool"):
        wanted = numbers(asked, f"enforcement_backlog.{part}", "--from", MONTH, "--to", MONTH, "--period", "month")
        assert page.values("data-variant", part)[:1] == wanted
    for name in BALANCE:
        shown = page.values("data-metric", name)
        assert numbers(asked, name, "--from", MONTH, "--to", MONTH, "--period", "month")[0] in shown
        assert numbers(asked, name)[0] in shown, f"{name} of all data"
    assert ("holds", "成立")[lang == "zh"] in page.words


def test_a_year_and_a_family_can_be_asked_for(pages, asked):
    page = pages.page("/en/?period=2015&family=civil")
    wanted = numbers(asked, "closed", "--from", "2015", "--to", "2015", "--period", "year", "--where", "family=civil")
    assert page.values("data-metric", "closed")[:1] == wanted
    assert page.values("data-metric", "same_day_registration_rate") == [], "it is not counted by family"


def test_an_earlier_publication_shows_what_was_known_then(pages, asked):
    for refresh in ("r000001", "r000002"):
        page = pages.page(f"/en/?period=2016-10&as_of={refresh}")
        wanted = asked("figures", "same_day_registration_rate", "--from", "2016-10", "--to", "2016-10", "--format", "json",
                       "--period", "month", "--as-of", refresh)  # fmt: skip
        shown = page.values("data-metric", "same_day_registration_rate")
        assert shown[:1] == ([str(wanted[0]["value"])] if wanted[0]["value"] is not None else [])
        assert refresh in page.words


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", ["--period", "month"]),
        ("?kind=year&by=family", ["--period", "year", "--by", "family"]),
        ("?kind=quarter&from=2015-Q1&to=2015-Q4&family=civil",
         ["--period", "quarter", "--from", "2015-Q1", "--to", "2015-Q4", "--where", "family=civil"]),
        ("?kind=range&as_of=r000001", ["--period", "range", "--as-of", "r000001"]),
    ],
)  # fmt: skip
def test_a_download_holds_the_rows_of_the_command_line(pages, asked, query, words):
    answer = pages.client.get(f"/zh/figures/filed.csv{query}")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text == asked("figures", "filed", "--format", "csv", *words, text=True)
    book = pages.client.get(f"/zh/figures/filed.xlsx{query}")
    assert book.headers["content-disposition"] == 'attachment; filename="filed.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).worksheets[0]
    held = [["" if value is None else str(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    assert held == list(csv.reader(io.StringIO(answer.text)))


def test_the_table_beside_a_chart_holds_every_month(pages, asked):
    page = pages.page("/en/figures/within_lawful_limit_rate")
    shown = [attrs["value"] for tag, attrs in page.tags if tag == "data"]
    wanted = asked("figures", "within_lawful_limit_rate", "--period", "month", "--format", "json")
    assert shown == [str(one["value"]) for one in wanted if one["value"] is not None]
    assert any(tag == "svg" and attrs.get("role") == "img" and attrs["aria-label"] for tag, attrs in page.tags)


def test_an_explanation_names_every_row_with_file_and_line(pages, asked):
    told = asked("explain", "filed/2015", "--json", "--rows", "100000")
    first, second = pages.page("/en/explain/filed/2015@r000002"), pages.page("/en/explain/filed/2015@r000002?page=2")
    for number, page in enumerate((first, second)):
        for row in told["rows"][50 * number : 50 * number + 50]:
            assert row["case_number"] in page.words and row["file"] in page.words
            assert f"line {row['line']}" in page.words
    pages.page("/en/explain/filed/2015@r000002?page=900", 404)


def test_what_changed_adds_up(pages):
    home = pages.page("/en/")
    assert "What changed since r000001" in home.words
    page = pages.page("/en/changes/r000001..r000002")
    assert "The causes add up to the change" in page.words and "do not add up" not in page.words
    pages.page("/en/changes/r000002..r000001", 404)


def test_of_few_cases_the_counts_stand_and_no_rate(pages, asked):
    told = asked("figures", "within_lawful_limit_rate", "--period", "month", "--by", "family", "--format", "json")
    few = [one for one in told if one["denominator"] and one["denominator"] < 20]
    page = pages.page("/en/figures/within_lawful_limit_rate?by=family")
    assert few and f"{few[0]['numerator']} of {few[0]['denominator']}" in page.words


def test_nobody_is_ranked(pages):
    pages.page("/en/figures/closing_rate_cn?by=bench", 404)
    pages.page("/en/figures/within_lawful_limit_rate?judge=J001", 404)
    rows = pages.page("/en/benches").words
    codes = [one["dims"]["bench"] for one in pages_by_bench(pages)]
    places = [rows.index(f"\n{code}") if f"\n{code}" in rows else rows.index(code) for code in sorted(set(codes))]
    assert "%" not in rows.partition("Workload of benches")[2].partition("Permanent address")[0] and places


def pages_by_bench(pages) -> list[dict]:
    with pages.court.reader() as reader:
        return [one.as_json() for one in reader.ask("filed", by=("bench",)) if one.dims]
