"""Looking at files of unknown layout: what is decided, what is asked, and that nothing doubtful is taken for granted."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
import xlwt

from warehouse.catalogue.contract import Contract
from warehouse.catalogue.documents import DefinitionError, load
from warehouse.catalogue.query import HOUSE
from warehouse.catalogue.table import read_tables
from warehouse.intake.draft import draft
from warehouse.intake.guesses.dates import as_date
from warehouse.intake.guesses.headers import WORDS, meaning, near_meaning
from warehouse.intake.guesses.names import pattern_of
from warehouse.intake.guesses.numbers import as_number
from warehouse.intake.guesses.people import looks_like_people
from warehouse.intake.guesses.words import as_case_number, as_code, as_flag, counted
from warehouse.intake.infer import Findings, infer
from warehouse.intake.refused import FileRefused
from warehouse.intake.yaml_text import scalar, value

Look = Callable[..., Findings]


@pytest.fixture(scope="module")
def staged():
    return read_tables(HOUSE / "warehouse/tables")


@pytest.fixture
def look(tmp_path: Path, staged) -> Look:
    def seen(data: bytes | str, name: str = "cases_2016-10-31.csv", source: str | None = None, encoding: str = "utf-8"):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode(encoding))
        return infer(path, staged, source)

    return seen


def loaded(found: Findings, folder: Path) -> Contract:
    path = folder / f"{found.source}.yml"
    path.write_text(draft(found), "utf-8")
    return load(path, Contract)


def columns(found: Findings) -> dict[str, tuple]:
    return {name: (one.header, one.guess.type, one.guess.options) for name, one in found.columns.columns.items()}


def asked(found: Findings, key: str) -> str:
    return " ".join(found.table.questions.get(key, ()))


# --- values: dates


@pytest.mark.parametrize(("texts", "formats"), [
    (["2016-03-07", "2016-12-31"], None),
    (["7.3.2016", "17.12.2016"], ["%d.%m.%Y"]),
    (["2016/3/7"], ["%Y/%m/%d"]),
    (["20160307"], ["%Y%m%d"]),
    (["2016年3月7日"], ["%Y年%m月%d日"]),
    (["25/03/2016", "05/06/2016"], ["%d/%m/%Y"]),
    (["03/25/2016", "05/06/2016"], ["%m/%d/%Y"]),
    (["7 Mar 2016"], ["%d %b %Y"]),
    (["42436", "42437"], ["excel"]),
    (["2016-03-07", "2016-03-08", "9.3.2016"], ["%Y-%m-%d", "%d.%m.%Y"]),
    (["07.03.2016 14:05"], ["%d.%m.%Y %H:%M"]),
])  # fmt: skip
def test_dates_are_read_by_the_formats_that_fit_them_all(texts, formats):
    found = as_date(counted(texts), "csv")
    assert (found.type, found.fits, found.options.get("formats")) == ("date", 1.0, formats)


def test_a_day_and_month_that_could_be_either_is_a_question_and_left_empty():
    found = as_date(counted(["03/04/2016", "05/06/2016"]), "csv")
    assert found.options == {"formats": None}
    assert found.questions[0].startswith('[03/04/2016] is 2016-04-03 by "%d/%m/%Y", but 2016-03-04 by "%m/%d/%Y"')


def test_both_orders_in_one_column_are_a_question_too():
    found = as_date(counted(["25/03/2016", "03/25/2016", "05/06/2016"]), "csv")
    assert found.options == {"formats": None} and "which is meant" in found.questions[0]


def test_dates_of_a_workbook_need_no_format():
    assert as_date(counted(["2016-03-07", "2016-03-08T10:00:00"]), "xlsx").options == {}


def test_a_time_without_a_zone_is_a_question_and_one_in_utc_is_none():
    assert "zone" in as_date(counted(["2016-03-07 23:30:00"]), "csv").questions[0]
    found = as_date(counted(["2016-03-07T23:30:00Z"]), "csv")
    assert found.options == {"formats": ["%Y-%m-%dT%H:%M:%SZ"], "zone": "UTC"} and found.questions == ()


def test_words_for_none_are_named_and_not_counted_as_misfits():
    found = as_date(counted(["2016-03-07", "NA", "0000-00-00", ""]), "csv")
    assert (found.fits, found.options, found.questions) == (1.0, {"nulls": ["", "0000-00-00", "NA"]}, ())


def test_a_placeholder_that_is_a_day_is_asked_for():
    assert "[9999-12-31]" in as_date(counted(["2016-03-07", "9999-12-31"]), "csv").questions[0]
    days = [f"2016-{month:02}-{day:02}" for month in range(1, 7) for day in range(1, 16)] + ["2018-09-30"] * 20
    assert as_date(counted(days), "csv").questions[0].startswith("[2018-09-30] stands in 20 of 110 rows")


def test_few_misfits_are_asked_for_and_many_make_it_no_date():
    found = as_date(counted([f"2016-03-{day:02}" for day in range(1, 20)] + ["soon"]), "csv")
    assert found.fits == 0.95 and "1 of 20 values do not fit: [soon]" in found.questions[0]
    assert as_date(counted(["2016-03-07", "soon"]), "csv") is None
    assert as_date(counted(["TRUE", "FALSE"]), "csv") is None and as_date(counted(["12", "24"]), "csv") is None


def test_a_year_of_two_digits_is_a_question():
    assert "two digits" in " ".join(as_date(counted(["25.03.16"]), "csv").questions)


# --- values: numbers, flags, codes, case numbers


@pytest.mark.parametrize(("texts", "options"), [
    (["12", "1234.5"], {}),
    (["1.234,56", "7,5"], {"decimal": ",", "thousands": "."}),
    (["1,234.56", "7.5"], {"thousands": ","}),
    (["1 234,56", "7,5"], {"decimal": ",", "thousands": " "}),
    (["12万", "3.5万"], {"units": {"万": 10_000}}),
    (["１２．５"], {"full_width": True}),
    (["12,50 zł", "3,00 zł"], {"units": {"zł": 1}, "decimal": ","}),
    (["12.5", "NA"], {"nulls": ["", "NA"]}),
])  # fmt: skip
def test_numbers_are_read_by_the_marks_that_fit_them_all(texts, options):
    found = as_number(counted(texts))
    assert (found.fits, found.options, found.questions) == (1.0, options, ())


def test_marks_that_could_be_either_are_a_question_and_left_empty():
    found = as_number(counted(["1,230", "4,560"]))
    assert found.options == {"decimal": None, "thousands": None}
    assert found.questions[0].startswith('[1,230] is 1230.00 with decimal mark ".", but 1.23 with ","')


def test_an_unknown_unit_is_a_question_and_left_empty():
    found = as_number(counted(["12 qm", "3 qm"]))
    assert found.options == {"units": {"qm": None}} and "[qm]" in found.questions[0]


def test_words_are_no_numbers():
    assert as_number(counted(["12", "twelve"])) is None and as_number(counted([])) is None


@pytest.mark.parametrize(("texts", "words", "questions"), [
    (["是", "否", "否"], {"否": False, "是": True}, 0),
    (["Ja", "Nein"], {"Ja": True, "Nein": False}, 0),
    (["0", "1"], {"0": False, "1": True}, 0),
    (["否"], {"否": False, "是": True}, 1),
    (["nein"], {"ja": True, "nein": False}, 1),
    (["no"], {"no": False}, 1),
    (["x", "o"], {"o": None, "x": None}, 1),
])  # fmt: skip
def test_flags_are_two_words_of_which_the_usual_pairs_are_known(texts, words, questions):
    found = as_flag(counted(texts))
    assert (found.options["words"], len(found.questions)) == (words, questions)


def test_three_words_are_no_flag():
    assert as_flag(counted(["a", "b", "c"])) is None


def test_codes_are_few_words_and_name_their_list():
    assert as_code(counted(["判决", "调解", "-"]), "closing_words").options == {"codes": "closing_words", "nulls": ["", "-"]}
    assert as_code(counted([str(n) + "a" for n in range(61)]), "closing_words") is None


def test_chinese_case_numbers_are_known_in_both_forms():
    found = as_case_number(counted(["（2016）浙0683民初1号", "（2014）绍嵊民初字第1号", "旧1号"]))
    assert found.type == "case_number" and "1 numbers are of neither form: [旧1号]" in found.questions[0]
    assert as_case_number(counted(["1/24", "2/24"])) is None


@pytest.mark.parametrize(("header", "texts", "is_one"), [
    ("Kläger", ["x"], True), ("被申请人", ["x"], True), ("PESEL", ["1"], True),
    ("col", ["Anna Nowak", "Jan Kowalski", "Ewa Lis"], True), ("col", ["王伟", "李娜", "张敏"], True),
    ("col", ["330683198001011234", "33068319800101123X", "330683198001011235"], True),
    ("col", ["Urteil", "Vergleich", "Rücknahme"], False), ("承办庭室", ["民一庭", "民二庭", "执行局"], False),
    ("col", ["J001", "J002", "J003"], False),
])  # fmt: skip
def test_columns_of_persons_are_told_by_header_or_by_values(header, texts, is_one):
    assert bool(looks_like_people(header, counted(texts))) is is_one


# --- headers and names


@pytest.mark.parametrize(("header", "feeds", "column"), [
    ("案号", "cases", "case_number"), ("立案 日期", "cases", "registered_on"), ("Date_Filed", "cases", "registered_on"),
    ("date d’introduction", "cases", "registered_on"), ("Data de distribuição", "cases", "registered_on"),
    ("EINGANGSDATUM", "cases", "registered_on"), ("收到日期", "registrations", "received_on"), ("收到日期", "cases", None),
    ("", "cases", None),
])  # fmt: skip
def test_headers_mean_columns_by_known_words(header, feeds, column):
    assert meaning(header, feeds) == column


def test_near_words_are_near_and_no_more():
    assert near_meaning("Eingangsdatums", "cases") == ("registered_on", "eingangsdatum")
    assert near_meaning("Bemerkung", "cases") is None


def test_every_known_word_is_of_a_column_that_there_is(staged):
    for line in WORDS.read_text("utf-8").splitlines()[1:]:
        feeds, column, word = line.split(",")
        assert word and (feeds == "person" or column in staged[f"staged.{feeds}"].columns), line


@pytest.mark.parametrize(("name", "pattern", "days"), [
    ("cases_2016-10-31.csv", r"cases_(?P<extract_on>\d{4}-\d{2}-\d{2})\.csv", 1),
    ("收案20161031.xlsx", r"收案(?P<extract_on>\d{8})\.xlsx", 1),
    ("2016-01-01_2016-10-31.csv.gz", r"\d{4}-\d{2}-\d{2}_\d{4}-\d{2}-\d{2}\.csv(?:\.gz)?", 2),
    ("cases (1).csv", r"cases \(1\)\.csv", 0),
    ("cases_20169999.csv", r"cases_\d+\.csv", 0),
    ("export_77965fef.csv", r"export_[0-9a-f]+\.csv", 0),
])  # fmt: skip
def test_a_name_gives_a_pattern_with_its_day(name, pattern, days):
    assert pattern_of(name) == (pattern, days)


# --- layout


def test_separator_titles_totals_and_a_signature_are_told(look):
    found = look(
        "Sąd Rejonowy w Przykładzie;;;\nSprawy 2016;;;\nSygnatura;Data wpływu;Data zakończenia;Sposób zakończenia\n"
        + "".join(f"I C {n}/16;{n}.3.2016;{n}.4.2016;wyrok\n" for n in range(1, 13))
        + "Razem;12;;\n\nSporządził: J. K.;;;\n",
        encoding="cp1250",
    )
    assert found.table.file == {"format": "csv", "encodings": ["cp1250"], "separator": ";", "no_case": ["Razem", "Sporządził"]}
    assert len(found.table.layout.rows) == 12 and found.table.layout.titles == ("Sąd Rejonowy w Przykładzie", "Sprawy 2016")
    assert columns(found)["closed_on"] == ("Data zakończenia", "date", {"formats": ["%d.%m.%Y"]})


def test_two_title_rows_in_gb18030_are_left_out_and_the_known_total_needs_no_word(look, tmp_path):
    text = "某某法院收结案表,,,\n制表日期：2016年3月31日,,,\n案号,收案日期,结案日期,结案方式\n"
    text += "".join(f"（2016）浙0683民初{n}号,2016/3/{n},2016/4/{n},判决\n" for n in range(1, 9)) + "合计,8,,\n"
    found = look(text, encoding="gb18030")
    assert found.table.file == {"format": "csv", "encodings": ["gb18030"], "separator": ","}
    assert found.table.layout.line == 3 and len(found.table.layout.rows) == 8
    assert "proven by [案号]" in found.table.notes["encodings"][0] and found.is_chinese
    contract = loaded(found, tmp_path)
    assert contract.columns["registered_on"].formats == ("%Y/%m/%d",) and contract.key.column == "case_number"


def test_two_header_rows_are_joined(look):
    rows = "".join(f"（2016）浙0683民初{n}号,2016-03-0{n},2016-04-0{n},判决\n" for n in range(1, 5))
    found = look("案号,立案,结案,\n,日期,日期,方式\n" + rows)
    assert found.table.file["header_rows"] == 2
    assert {name: one.header for name, one in found.columns.columns.items()} == {
        "case_number": "案号", "registered_on": "立案/日期", "closed_on": "结案/日期", "closing_manner": "结案/方式"}  # fmt: skip


def test_a_separator_too_much_in_the_rows_alone_is_told(look):
    rows = "".join(f"A{n}|2016-03-0{n}|2016-04-0{n}|\n" for n in range(1, 5))
    assert look("case number|date filed|date closed\n" + rows).table.file["trailing_separator"] is True
    assert "trailing_separator" not in look("case number|date filed|date closed|\n" + rows).table.file


def test_pending_cases_at_the_end_are_no_notes(look):
    rows = "".join(f"A{n},2016-03-0{n},2016-04-0{n},won,civil\n" for n in range(1, 5)) + "A5,2016-03-09,,,\nA6,2016-03-09,,,\n"
    found = look("case number,date filed,date closed,outcome,case type\n" + rows)
    assert "no_case" not in found.table.file and len(found.table.layout.rows) == 6


def test_rows_with_more_cells_than_the_header_are_asked_for(look):
    found = look("case number,date filed\nA1,2016-03-01\nA2,2016-03-02,x\n")
    assert "1 rows have more cells" in asked(found, "format")


# --- encodings


def test_utf8_with_characters_of_three_bytes_is_proven(look):
    found = look("案号,立案日期\n（2016）浙0683民初1号,2016-03-01\n")
    assert found.table.file["encodings"] == ["utf-8"] and not found.table.questions.get("encodings")


def test_ascii_is_said_to_be_only_that(look):
    found = look("case number,date filed\nA1,2016-03-01\n")
    assert found.table.file["encodings"] == ["utf-8"] and "only ASCII" in found.table.notes["encodings"][0]


@pytest.mark.parametrize("mark", ["utf-16", "utf-16-le"])
def test_utf16_is_told_with_and_without_its_mark(look, mark):
    found = look("案号,立案日期\n（2016）浙0683民初1号,2016-03-01\n" + "a,2016-03-02\n" * 40, encoding=mark)
    assert found.table.file["encodings"] == [mark]


def test_a_header_that_is_a_known_word_proves_its_encoding(look):
    found = look("Geschäftszeichen;Eingang\n1 C 1/16;07.03.2016\n", encoding="cp1252")
    assert found.table.file["encodings"] == ["cp1252"] and "proven by [Geschäftszeichen]" in found.table.notes["encodings"][0]
    assert "cp1250 and cp1252 read this file alike" in asked(found, "encodings")


def test_where_several_encodings_fit_and_nothing_proves_one_a_value_in_each_is_shown(look):
    found = look("case number,date filed,note\nA1,2016-03-01,Łódź\nA2,2016-03-02,Żary\n", encoding="cp1250")
    question = asked(found, "encodings")
    assert "Which of these is right?" in question and "cp1250 [Łódź]" in question and "cp1252 [£ódŸ]" in question
    assert found.table.file["encodings"] in (["cp1250"], None)


def test_big5_is_told_from_gb18030_by_its_words_or_asked(look):
    found = look("案號,日期\n民事一號,2016-03-01\n臺北地方法院判決書,2016-03-02\n", encoding="big5")
    assert found.table.file["encodings"] == ["big5"] or "big5 [案號]" in asked(found, "encodings")


# --- other formats


NAMES = ("Case No.", "Date filed", "Date closed", "Outcome")
ROWS = [
    (f"X-{n}", dt.date(2016, 1, n), dt.date(2016, 2, n) if n % 3 else None, "settled" if n % 3 else None) for n in range(1, 10)
]


def workbook(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        notes, data = book.add_worksheet("Notes"), book.add_worksheet("Data")
        notes.write(0, 0, "read me")
        data.write(0, 0, "Register of cases")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for at, name in enumerate(NAMES):
            data.write(1, at, name)
        for line, row in enumerate(ROWS, 2):
            for at, cell in enumerate(row):
                if cell is not None:
                    data.write(line, at, cell) if isinstance(cell, str) else data.write_datetime(line, at, cell, day)


def old_workbook(path: Path) -> None:
    book = xlwt.Workbook()
    data, day = book.add_sheet("Data"), xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for line, row in enumerate([NAMES, *ROWS]):
        for at, cell in enumerate(row):
            if cell is not None:
                data.write(line, at, cell, day) if isinstance(cell, dt.date) else data.write(line, at, cell)
    book.save(str(path))


def lines(path: Path) -> None:
    path.write_text("".join(json.dumps(dict(zip(NAMES, row, strict=True)), default=str) + "\n" for row in ROWS), "utf-8")


def array(path: Path) -> None:
    path.write_text(json.dumps({"data": [dict(zip(NAMES, row, strict=True)) for row in ROWS]}, default=str), "utf-8")


def xml(path: Path) -> None:
    fields = [name.replace(" ", "").replace(".", "") for name in NAMES]
    rows = ["".join(f"<{name}>{cell or ''}</{name}>" for name, cell in zip(fields, row, strict=True)) for row in ROWS]
    path.write_text(f"<cases>{''.join(f'<case>{row}</case>' for row in rows)}</cases>", "utf-8")


def parquet(path: Path) -> None:
    pl.DataFrame(ROWS, schema=list(NAMES), orient="row").write_parquet(path)


@pytest.mark.parametrize(("write", "name", "form"), [
    (workbook, "cases_2016-03-31.xlsx", "xlsx"), (old_workbook, "cases_2016-03-31.xls", "xls"), (lines, "cases_2016-03-31.jsonl", "json_lines"),
    (array, "cases_2016-03-31.json", "json"), (xml, "cases_2016-03-31.xml", "xml"), (parquet, "cases_2016-03-31.parquet", "parquet"),
])  # fmt: skip
def test_every_format_that_is_told_by_itself_gives_the_same_columns(write, name, form, tmp_path, staged):
    write(tmp_path / name)
    found = infer(tmp_path / name, staged)
    assert found.table.file["format"] == form and len(found.table.layout.rows) == 9
    assert {column: (one.guess.type, one.required) for column, one in found.columns.columns.items()} == {
        "case_number": ("text", True), "registered_on": ("date", True), "closed_on": ("date", True), "closing_manner": ("code", True)}  # fmt: skip
    assert all("formats" not in one.guess.options for one in found.columns.columns.values())


def test_a_packed_file_is_looked_into(look):
    found = look(gzip.compress(b"case number,date filed\nA1,2016-03-01\n"), name="cases_2016-03-31.csv.gz")
    assert found.table.file["format"] == "csv" and found.names.endswith(r"\.csv(?:\.gz)?")


@pytest.mark.parametrize(("data", "said"), [
    (b"", "the file is empty"), (b"%PDF-1.4\n", "a PDF document"), (b"\x1f\x8b\x08\x00", "ends too early"),
    (b"hello\nworld\n", "no separator and no header row"), (bytes(range(256)) * 4, "not in any of the encodings"),
    (b"1,2\n3,4\n", "no separator and no header row"),
])  # fmt: skip
def test_what_cannot_be_looked_at_is_refused_by_name(look, data, said):
    with pytest.raises(FileRefused) as caught:
        look(data)
    assert str(caught.value).startswith("cases_2016-10-31.csv") and said in str(caught.value) and "\n" not in str(caught.value)


# --- the whole


def test_registrations_are_told_by_their_headers(look):
    found = look(
        "申请编号,收到日期,首次处理,处理日期,立案日期,案号\nSQ1,2016-03-01,登记立案,2016-03-01,2016-03-01,（2016）浙0683民初1号\n"
    )
    assert (found.feeds, found.source, found.key) == ("registrations", "registrations", "application_key")


def test_what_no_header_says_is_left_empty_and_asked_for(look, tmp_path):
    found = look("alpha,beta\nA1,2016-03-01\nA2,2016-03-02\n")
    text = draft(found)
    assert "\nfeeds:\n" in text and "key: {column: }" in text and "It might be one of [alpha] [beta]" in text
    with pytest.raises(DefinitionError, match="feeds"):
        loaded(found, tmp_path)


def test_a_header_whose_values_are_no_such_is_not_taken(look):
    found = look("case number,date filed,closed\nA1,2016-03-01,TRUE\nA2,2016-03-02,FALSE\n")
    assert "closed_on" not in found.columns.columns
    assert "[closed] is called like closed_on, but its values are no such: [TRUE] [FALSE]" in found.columns.unread


def test_a_key_that_repeats_or_is_empty_is_asked_for(look):
    found = look("case number,date filed\nA1,2016-03-01\nA1,2016-03-02\n,2016-03-03\n")
    questions = " ".join(found.columns.columns["case_number"].questions)
    assert "2 rows share their key with another, as [A1]" in questions and "1 rows have no key" in questions


def test_values_of_persons_are_never_shown(look):
    found = look(
        "case number,date filed,plaintiff,承办人\nA1,2016-03-01,Anna Nowak,王伟\nA2,2016-03-02,Jan Lis,李娜\nA3,2016-03-02,Ewa Lis,张敏\n"
    )
    text = draft(found)
    assert all(name not in text for name in ("Nowak", "Lis", "王伟", "李娜"))
    assert (
        "[plaintiff] is left out" in text
        and "would be judge_code" in text
        and "judge_code:" not in text.replace("be judge_code", "")
    )


def test_examples_are_few_and_short(look):
    found = look("case number,date filed,note\n" + "".join(f"A{n},2016-03-0{n},{'long ' * 20}{n}\n" for n in range(1, 6)))
    assert "[long long long long long long …]" in draft(found) and "A4" not in draft(found)


def test_only_the_first_rows_are_looked_at_and_the_last(look):
    rows = "".join(f"A{n},2016-03-01\n" for n in range(12_000)) + "Note: x,\n"
    layout = look("case number,date filed\n" + rows).table.layout
    assert not layout.is_whole and len(layout.rows) == 10_019 and layout.rows[-1][0] == "A11999"


@pytest.mark.parametrize(
    "text",
    [
        "a b",
        "yes",
        "立案/日期",
        "a: b",
        "- x",
        "#x",
        "",
        " x",
        "1.5",
        "2016-03-01",
        'a"b',
        r"\d+",
        "it's \\d",
        "null",
        "案号",
        "é",
    ],
)
def test_a_text_comes_back_from_yaml_as_it_is(text):
    import yaml

    assert yaml.safe_load(f"{{{scalar(text)}: {value([text])}}}") == {text: [text]}
