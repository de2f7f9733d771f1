"""`caseload sources check`: the verdict on one file before it is delivered, and nothing kept of it."""

import json

import pytest

HEADER = "案号,立案日期,结案日期,结案方式,当事人\n"
SOUND = "（2016）浙0683民初{}号,2016-10-10,2016-10-12,判决,x\n"


@pytest.fixture
def check(caseload, empty, tmp_path):
    def call(text, name="cases_2016-11-05.csv", *words):
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        said = caseload(empty, "sources", "check", str(file), "--source", "cases", *words)
        assert not empty.place.warehouse.exists() and not list(empty.place.inbox.iterdir())
        return said

    return call


def test_the_verdict_counts_each_row_once_and_names_what_is_wrong(check):
    text = HEADER + SOUND.format(1) + SOUND.format(1) + SOUND.format(2).replace("判决", "速裁") + "合计,,,,\n"
    text += SOUND.format(3).replace("2016-10-12", "2016-10-09") + "\n"
    said = check(text, "cases_2016-11-05.csv", "--json")
    found = json.loads(said.out)
    assert said.code == 0 and found["passes"] and found["refused"] is None
    # six rows below the header and a blank line: one stands, one repeats it, one is a total, two are wrong
    counts = [found[f"rows_{name}"] for name in ("delivered", "accepted", "quarantined", "duplicate")]
    assert counts == [5, 1, 3, 1]
    assert [(row["place"], row["reason_code"], row["column_name"]) for row in found["quarantine"]] == [
        ("line 4", "TYPE", "closing_manner"), ("line 5", "NO_CASE", None), ("line 6", "DQ16", "closed_on"),
    ]  # fmt: skip
    assert found["extra_columns"] == ["当事人"] and "承办人" in found["missing_columns"]
    assert (found["format"], found["encoding"], found["extract_on"]) == ("csv", "utf-8", "2016-11-05")


def test_a_file_for_which_figures_would_wait_does_not_pass(check):
    said = check(HEADER + "".join(SOUND.format(n).replace("2016-10-12", "2016-10-09") for n in range(1, 7)))
    assert said.code == 1
    assert said.out.splitlines()[-1] == "verdict: it would be taken, and so many rows set aside that figures would be withheld"


@pytest.mark.parametrize(
    ("text", "name", "why"),
    [
        ("案号,立案时间,结案日期,结案方式\n", "cases_2016-11-05.csv", "the header lacks [立案日期]"),
        (HEADER, "unnamed.csv", "its name gives no extract date [unnamed.csv]"),
        (b"\x1f\x8b\x08\x00torn", "cases_2016-11-05.csv.gz", "the gzip archive"),
        ("", "cases_2016-11-05.csv", "the file is empty"),
    ],
)
def test_a_file_that_would_be_refused_does_not_pass_and_says_why(check, text, name, why):
    said = check(text, name)
    assert said.code == 1 and said.out.startswith(name) and why in said.out
    assert said.out.splitlines()[-1] == "verdict: it would be refused"
    found = json.loads(check(text, name, "--json").out)
    assert not found["passes"] and why in found["refused"]


def test_a_wrong_question_is_wrong_usage(caseload, empty, tmp_path):
    (tmp_path / "cases_2016-11-05.csv").write_text(HEADER)
    assert caseload(empty, "sources", "check", str(tmp_path / "cases_2016-11-05.csv"), "--source", "case").code == 2
    assert caseload(empty, "sources", "check", str(tmp_path / "no_such_file.csv"), "--source", "cases").code == 2
    assert caseload(empty, "sources", "check").code == 2
