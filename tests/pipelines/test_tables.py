"""Figures as CSV and as a workbook: the same as the JSON, and nothing that a spreadsheet would run."""

import csv
import io
import zipfile
from datetime import datetime
from xml.etree import ElementTree

import pytest

from pipelines.reports.tables import csv_text, write_workbook
from warehouse.refresh.begin import refreshing
from warehouse.refresh.run import run_steps
from warehouse.store.place import Place

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", '=cmd|"/c calc"!A0', "\t=1+1", "\r=1+1"]


def read_sheet(path):
    """The rows of the only sheet as text, without a library; the number of formulas; the sheet's name."""
    with zipfile.ZipFile(path) as book:
        strings = ["".join(si.itertext()) for si in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        name = ElementTree.fromstring(book.read("xl/workbook.xml")).find(f".//{SHEET}sheet").get("name")
    rows = []
    for row in sheet.iter(f"{SHEET}row"):
        cells = {}
        for cell in row:
            value = cell.findtext(f"{SHEET}v")
            letters = "".join(c for c in cell.get("r") if c.isalpha())
            cells[letters] = strings[int(value)] if cell.get("t") == "s" and value is not None else value
        rows.append(cells)
    return rows, len(list(sheet.iter(f"{SHEET}f"))), name


@pytest.fixture
def asked(caseload, published):
    """The same question in another form."""

    def ask(form, *more):
        return caseload("figures", "filed", "--period", "year", "--by", "family", "--format", form, *more, home=published)

    return ask


def test_csv_holds_what_json_holds(asked):
    figures, rows = asked("json").json, list(csv.DictReader(io.StringIO(asked("csv").out)))
    assert [(r["figure_id"], r["family"], int(r["value"]), r["first_day"], r["status"], r["is_synthetic"]) for r in rows] == [
        (f["figure_id"], f["dims"]["family"], f["value"], f["period"]["first_day"], f["status"], "True") for f in figures
    ]


def test_a_workbook_holds_what_json_holds_and_says_that_it_is_synthetic(asked, tmp_path):
    target = tmp_path / "out.xlsx"
    said = asked("xlsx", "--output", str(target))
    assert (said.code, said.out) == (0, "") and f"wrote {target}" in said.err
    rows, formulas, name = read_sheet(target)
    header = {title: letters for letters, title in rows[0].items()}
    figures = asked("json").json
    assert [(row[header["figure_id"]], float(row[header["value"]])) for row in rows[1:]] == [
        (f["figure_id"], f["value"]) for f in figures
    ]
    assert {row[header["head"]] for row in rows[1:]} == {figures[0]["head"]}
    assert (formulas, name) == (0, "synthetic")


def test_a_workbook_goes_to_the_current_folder_where_no_name_is_given(asked, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert asked("xlsx").code == 0
    assert (tmp_path / "figures.xlsx").is_file()


def figure(value):
    period = {"calendar": "cal_month", "kind": "year", "first_day": "2016-01-01", "last_day": "2016-12-31", "is_partial": False}
    return {"figure_id": "filed/2016/bench=x@r000001", "metric": "filed", "variant": None, "kind": "flow", "unit": "cases",
            "period": period, "dims": {"bench": value}, "numerator": -3, "value": -3, "is_synthetic": False, "status": "published",
            "denominator": None, "refresh_id": "r000001", "head": "0" * 64}  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_looks_like_a_formula_is_text_in_csv(text):
    (row,) = csv.DictReader(io.StringIO(csv_text([figure(text)]), newline=""))
    assert row["bench"] == f"'{text}"
    assert row["value"] == "-3"  # a number stays one


@pytest.mark.parametrize("text", [*FORMULAS[:5], "http://example.org", "{=1+1}"])
def test_text_that_looks_like_a_formula_is_text_in_a_workbook(text, tmp_path):
    write_workbook([figure(text)], tmp_path / "x.xlsx")
    rows, formulas, name = read_sheet(tmp_path / "x.xlsx")
    assert text in rows[1].values() and (formulas, name) == (0, "figures")
    with zipfile.ZipFile(tmp_path / "x.xlsx") as book:
        assert b"hyperlink" not in book.read("xl/worksheets/sheet1.xml")


def test_the_same_figures_make_the_same_workbook_at_any_time(tmp_path):
    write_workbook([figure("a")], tmp_path / "one.xlsx")
    with zipfile.ZipFile(tmp_path / "one.xlsx") as book:
        assert b">1980-01-01T00:00:00Z</dcterms:created>" in book.read("docProps/core.xml")
        assert {entry.date_time[0] for entry in book.infolist()} == {1980}


def test_a_bench_named_like_a_formula_comes_through_the_command_line_as_text(caseload, empty, catalogue):
    folder = empty / "shengzhou/inbox/cases"
    folder.mkdir(parents=True)
    (folder / "cases_2016-03-31.csv").write_text(
        "案号,立案日期,承办庭室,结案日期,结案方式\n（2016）浙0683民初1号,2016-03-02,=1+1,,\n", "utf-8"
    )
    with refreshing(Place(empty / "shengzhou"), catalogue, datetime(2016, 4, 1, 2).astimezone(), "tests") as work:
        work.land()
        run_steps(work)
    (row,) = csv.DictReader(io.StringIO(caseload("figures", "filed", "--by", "bench", "--format", "csv", home=empty).out))
    assert (row["bench"], row["value"]) == ("'=1+1", "1")
    (one,) = caseload("figures", "filed", "--by", "bench", "--format", "json", home=empty).json
    assert one["dims"] == {"bench": "=1+1"} and "bench=%3D1%2B1" in one["figure_id"]
    assert caseload("explain", one["figure_id"], "--json", home=empty).json["rows_total"] == 1
    assert one["is_synthetic"] is False
