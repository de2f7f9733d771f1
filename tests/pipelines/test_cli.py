"""The command line of interface.md: exit codes, JSON, one line for an error."""

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from warehouse.intake.ledger import Ledger


def one_line(said, code):
    """An error: nothing on standard output, `caseload: WHAT. WHY. REMEDY` on standard error."""
    assert said.code == code
    assert said.out == ""
    assert re.fullmatch(r"caseload: [^\n]+\n", said.err), said.err
    return said.err


# --- what is built


def test_a_refresh_shows_its_layers_and_ends_with_one_screen(caseload, deliveries, empty):
    import shutil

    shutil.copytree(deliveries, empty / "shengzhou/inbox")
    said = caseload("refresh", home=empty)
    assert said.code == 0
    layers = [line.split()[0] for line in said.err.splitlines()]
    assert set(layers) >= {"landing", "raw", "staged", "model", "metrics", "published", "quality"}
    assert layers[0] == "landing" and layers[-1] == "published"
    for text in ("SYNTHETIC DATA", "rules: 21 of 21 on sets hold", "0 figures withheld", "= accepted", "Filed", "Enforcement backlog",
                 "beside the target of 95%", "next: caseload figures"):  # fmt: skip
        assert text in said.out
    assert "CT001" not in said.out  # published totals are not those of a sample of this size


def test_refreshing_again_is_no_new_publication(caseload, home):
    before = caseload("refreshes", "--json", home=home).json
    ledger = (home / "shengzhou/landing/ledger.jsonl").read_bytes()
    said = caseload("refresh", home=home)
    assert said.code == 0 and "nothing new: the last publication stands" in said.err and "r000001" in said.out
    assert caseload("refreshes", "--json", home=home).json == before
    assert (home / "shengzhou/landing/ledger.jsonl").read_bytes() == ledger


def test_status_tells_the_verdict_what_is_withheld_what_was_refused_and_when_it_runs_next(caseload, published):
    said = caseload("status", "--json", home=published)
    assert said.code == 0
    assert (
        said.json["verdict"] == "fresh" and said.json["refresh_id"] == "r000001" and said.json["counting_day"] == "2016-10-31"
    )
    assert said.json["withheld"] == said.json["refused"] == []
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT02:00\+08:00", said.json["next_run"])
    history = caseload("status", "--json", "--history", home=published).json["history"]
    assert [one["id"] for one in history] == ["r000001"]
    assert caseload("status", home=published).out.startswith("shengzhou: fresh\n")


def test_status_is_1_before_the_first_refresh_and_when_the_last_one_is_too_old(caseload, empty, home):
    said = caseload("status", home=empty)
    assert said.code == 1 and "nothing is published yet" in said.out and "never ran" in said.out
    path = home / "shengzhou/last_run.json"
    run = json.loads(path.read_text())
    path.write_text(json.dumps({**run, "at": "2016-11-01T02:00:00+08:00"}))
    said = caseload("status", "--json", home=home)
    assert (said.code, said.json["verdict"], said.json["is_fresh"]) == (1, "stale", False)
    path.write_text(json.dumps({**run, "state": "running"}))
    assert caseload("status", "--json", home=home).json["verdict"] == "cut short"


def test_refreshes_names_id_time_deliveries_and_head(caseload, published):
    (one,) = caseload("refreshes", "--json", home=published).json
    assert (one["id"], one["deliveries"], one["is_synthetic"]) == ("r000001", 57, True)
    event = Ledger(published / "shengzhou/landing").events()[-1]
    assert (one["published_at"], one["bundle"], one["head"]) == (event["at"], event["bundle"], event["before"])
    assert "r000001" in caseload("refreshes", home=published).out


def test_refreshes_of_an_empty_home_are_none(caseload, empty):
    said = caseload("refreshes", "--json", home=empty)
    assert (said.code, said.json) == (0, [])


def test_figures_without_a_metric_are_the_headline_ones_from_the_first_day_to_the_last(caseload, published):
    found = caseload("figures", "--format", "json", home=published).json
    assert [(f["metric"], f["period"]["kind"], f["period"]["first_day"], f["period"]["last_day"]) for f in found] == [
        (name, "range", "2012-01-01", "2016-10-31") for name in (
            "filed", "closed", "pending_end", "closing_rate_cn", "same_day_registration_rate", "enforcement_backlog")
    ]  # fmt: skip
    assert (found[0]["value"], found[1]["value"], found[0]["is_synthetic"]) == (500, round(500 * 52921 / 54456), True)
    table = caseload("figures", home=published)
    assert table.code == 0 and "filed/2012-01..2016-10@r000001" in table.out and "synthetic data" in table.err


def test_figures_take_every_option_of_the_interface(caseload, published):
    words = ("figures", "filed", "--from", "2014-03", "--to", "2014-04", "--period", "month", "--calendar", "stat20_month",
             "--by", "family,bench", "--where", "family=civil", "--where", "court=浙0683", "--as-of", "r000001", "--format", "json")  # fmt: skip
    found = caseload(*words, home=published).json
    assert {f["period"]["first_day"] for f in found} == {"2014-02-21", "2014-03-21"}
    assert {tuple(f["dims"]) for f in found} == {("court", "family", "bench")}
    assert {f["dims"]["family"] for f in found} == {"civil"}
    assert all(re.fullmatch(r"filed/stat20_month:2014-0[34]/court=%E6%B5%990683,family=civil,bench=\w+@r000001", f["figure_id"])
               for f in found)  # fmt: skip
    for f in found[:3]:
        assert caseload("explain", f["figure_id"], "--json", home=published).json["rows_total"] == f["value"]


@pytest.mark.parametrize(("words", "said"), [
    (("figures", "filled"), "there is no metric [filled]. Nearest: filed"),
    (("figures", "same_day_registration_rate.anydate"), "Nearest: any_date."),
    (("figures", "filed", "--by", "famly"), "filed is not counted by [famly]. Nearest: family."),
    (("figures", "filed", "--where", "family"), "--where [family] is not of the form dimension=value"),
    (("figures", "filed", "--from", "2016-03-15"), "is a day inside a base period. Figures are kept by month: ask for 2016-03."),
    (("figures", "filed", "--from", "2016-10", "--to", "2016-01"), "ends before it begins"),
    (("figures", "filed", "--calendar", "lunar"), "there is no calendar [lunar]"),
    (("figures", "filed", "--period", "week"), "invalid choice: 'week'"),
    (("figures", "filed", "--as-of", "r000009"), "there is no publication [r000009]"),
    (("figures", "filed", "--format", "yaml"), "invalid choice: 'yaml'"),
    (("explain", "filed"), "[filed] is no figure"),
    (("explain", "filed/2016-13"), "is no period"),
    (("explain", "filed/2016-03@r000009"), "there is no publication [r000009]"),
    (("metrics", "filled"), "there is no metric [filled]. Nearest: filed"),
    (("sample", "nowhere", "--cases", "10"), "500"),
    (("figures", "--lang", "fr"), "invalid choice: 'fr'"),
    (("explian", "filed/2016"), "invalid choice: 'explian'"),
    ((), "required"),
])  # fmt: skip
def test_wrong_usage_is_one_line_with_the_nearest_and_exit_2(caseload, published, words, said, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert said in one_line(caseload(*words, home=published if words else None), 2)


def test_before_the_first_publication_there_are_no_figures_and_the_exit_is_1(caseload, empty):
    for words in (("figures",), ("explain", "filed/2016"), ("quality",), ("quarantine", "list")):
        assert "nothing is published yet. Put files into the inbox" in one_line(caseload(*words, home=empty), 1)


def test_an_unknown_profile_is_named_with_those_there_are(caseload, empty):
    said = one_line(caseload("status", "--profile", "shengzou", home=empty), 2)
    assert "there is no profile [shengzou]: neither a shipped one (" in said and "fjc_ch12, shengzhou, " in said


def test_explain_prints_definition_sql_rules_and_rows(caseload, published):
    said = caseload("explain", "closed/2014/family=civil", "--rows", "2", "--json", home=published)
    found = said.json
    assert said.code == 0 and {"definition", "sql", "rules", "rows_total", "rows", "figure_id"} <= found.keys()
    assert (len(found["rows"]), found["rows_total"]) == (2, found["value"])
    text = caseload("explain", "closed/2014/family=civil", "--rows", "2", home=published).out
    row = found["rows"][0]
    assert f"{row['file']}:{row['line']}" in text and row["case_number"] in text and row["sha256"][:12] in text


def test_sources_list_shows_the_contracts(caseload, published):
    assert [one["source"] for one in caseload("sources", "list", "--json", home=published).json] == [
        "cases",
        "clock_events",
        "corrections",
        "enforcement_results",
        "registrations",
    ]
    assert "结案方式" in caseload("sources", "list", home=published).out


def test_nothing_set_aside_and_all_rules_holding_is_0(caseload, published):
    assert caseload("quarantine", "list", "--json", home=published).json == []
    assert "no row is set aside" in caseload("quarantine", "list", home=published).out
    said = caseload("quality", "--json", home=published)
    assert said.code == 0 and {one["holds"] for one in said.json} == {True}
    assert {"DQ01", "DQ16", "DQ33", "CONSERVATION"} <= {one["id"] for one in said.json}
    assert all(one["rows_looked_at"] > 0 for one in said.json if one["id"] in ("DQ01", "DQ17", "DQ33"))


def test_metrics_has_the_keys_of_the_interface_for_every_metric(caseload, published):
    found = caseload("metrics", "--json", home=published).json
    assert {"filed", "closed", "reopened", "pending_start", "pending_end", "closing_rate_cn", "disposal_filing_ratio_cn",
            "same_day_registration_rate", "enforcement_backlog", "zhongben_pool"} <= {one["id"] for one in found}  # fmt: skip
    for one in found:
        assert one.keys() >= {"id", "kind", "variants", "name_zh", "name_en", "definition_zh", "definition_en", "formula",
                              "unit", "dimensions", "source"}  # fmt: skip
        assert all(one[key] for key in ("name_zh", "name_en", "definition_zh", "definition_en", "formula", "source"))
    (rate,) = caseload("metrics", "same_day_registration_rate", "--json", home=published).json
    assert "any_date" in rate["variants"]
    assert "结案率" in caseload("metrics", "closing_rate_cn", "--lang", "zh", home=published).out


def test_verify_is_0_until_something_was_changed_and_then_1_with_its_name(caseload, home):
    said = caseload("verify", "--json", home=home)
    assert (said.code, said.json["holds"], said.json["faults"]) == (0, True, [])
    assert caseload("verify", "--full", home=home).code == 0
    blob = sorted((home / "shengzhou/landing/blobs").iterdir())[0]
    blob.chmod(0o600)
    blob.write_bytes(blob.read_bytes() + b"\n")
    said = caseload("verify", "--json", home=home)
    assert (said.code, [fault["name"] for fault in said.json["faults"]]) == (1, [blob.name])
    assert blob.name in caseload("verify", home=home).out


def test_an_old_head_is_held_against_the_ledger_with_its_size_and_without(caseload, home):
    (one,) = caseload("refreshes", "--json", home=home).json
    old = f"{one['ledger_size']}:{one['head']}"
    assert one["ledger_size"] == Ledger(home / "shengzhou/landing").events()[-1]["seq"] - 1
    said = caseload("verify", "--head", old, "--head", one["head"], home=home)
    assert said.code == 0 and said.out.splitlines()[-1].startswith("head 58:")
    other = f"{one['ledger_size'] - 1}:{one['head']}"
    said = caseload("verify", "--json", "--head", old, "--head", other, home=home)
    assert (said.code, said.json["holds"], [fault["name"] for fault in said.json["faults"]]) == (1, False, ["ledger.jsonl"])
    assert f"it does not extend the head {other}" in caseload("verify", "--head", other, home=home).out
    assert "[abc] is no head of a ledger. A head is SIZE:HEX or HEX" in one_line(
        caseload("verify", "--head", "abc", home=home), 2
    )


def test_the_head_covers_the_latest_publication(caseload, home):
    found = caseload("ledger", "head", "--json", home=home).json
    lines = (home / "shengzhou/landing/ledger.jsonl").read_bytes().splitlines()
    sealed = (home / "shengzhou/landing/ledger.head").read_text().split()
    assert [str(found["size"]), found["root"]] == sealed and found["size"] == len(lines) == 58
    assert (found["head"], found["refresh_id"]) == (":".join(sealed), "r000001")
    assert caseload("ledger", "head", home=home).out.splitlines() == [found["head"], "latest publication r000001"]
    assert f"ledger {found['head']}" in caseload("refresh", home=home).out


@pytest.mark.parametrize("seq", [1, 2, 33, 57, 58])
def test_the_proof_of_an_event_is_checked_without_the_ledger(caseload, published, seq):
    found = caseload("ledger", "prove", str(seq), "--json", home=published).json
    assert json.loads(found["line"])["seq"] == seq and (found["index"], found["size"]) == (seq - 1, 58)
    node = hashlib.sha256(b"\0" + found["line"].encode()).digest()
    assert node.hex() == found["leaf"]
    at, last = found["index"], found["size"] - 1
    for other in map(bytes.fromhex, found["path"]):  # RFC 9162, 2.1.3.2
        is_right = at % 2 == 1 or at == last
        node = hashlib.sha256(b"\1" + (other + node if is_right else node + other)).digest()
        while is_right and at % 2 == 0 and at:
            at, last = at // 2, last // 2
        at, last = at // 2, last // 2
    assert (node.hex(), last) == (found["root"], 0)
    text = caseload("ledger", "prove", str(seq), home=published).out
    assert text.count("\n  path  ") == len(found["path"]) and found["line"] in text and found["head"] in text


def test_a_ledger_extends_its_old_heads_and_no_other(caseload, published):
    (one,) = caseload("refreshes", "--json", home=published).json
    for old in (one["head"], f"{one['ledger_size']}:{one['head']}"):
        said = caseload("ledger", "consistent", old, "--json", home=published)
        assert (said.code, said.json["extends"], said.json["old_size"], said.json["size"]) == (0, True, 57, 58)
        assert caseload("ledger", "consistent", old, home=published).out.count("  path  ") == len(said.json["path"]) > 0
    said = caseload("ledger", "consistent", f"5:{one['head']}", "--json", home=published)
    assert (said.code, said.json["extends"], said.json["path"]) == (1, False, [])
    assert "something in its first 5 events is not as it was then" in said.json["why"]


def test_nothing_is_proven_with_a_ledger_that_does_not_follow_from_itself(caseload, home):
    path = home / "shengzhou/landing/ledger.jsonl"
    path.write_bytes(path.read_bytes().replace(b"delivery", b"Delivery", 1))
    for words in (("head",), ("prove", "3"), ("consistent", "ab" * 32)):
        assert "ledger.jsonl:1: the line was changed" in one_line(caseload("ledger", *words, home=home), 1)
    assert caseload("refreshes", "--json", home=home).json[0]["id"] == "r000001"  # figures are read without it


@pytest.mark.parametrize(("words", "said"), [
    (("prove",), "prove what? Name an event"), (("consistent",), "prove what?"), (("prove", "x"), "[x] is no number of an event"),
    (("prove", "59"), "there is no event [59]. The ledger has the events 1 to 58"), (("prove", "0"), "there is no event [0]"),
    (("consistent", "5"), "[5] is no head of a ledger"), (("append",), "invalid choice"), ((), "required"),
])  # fmt: skip
def test_a_wrong_question_to_the_ledger_is_one_line_and_exit_2(caseload, published, words, said):
    assert said in one_line(caseload("ledger", *words, home=published), 2)


def test_each_exported_figure_carries_the_head_of_its_publication(caseload, published):
    (one,) = caseload("refreshes", "--json", home=published).json
    figures = caseload("figures", "--format", "json", home=published).json
    assert {f["head"] for f in figures} == {one["head"]}
    rows = csv.DictReader(io.StringIO(caseload("figures", "--format", "csv", home=published).out))
    assert {row["head"] for row in rows} == {one["head"]}
    assert caseload("explain", "filed/2014", "--json", home=published).json["head"] == one["head"]


def test_rebuild_is_0_where_nothing_differs_and_1_where_a_cell_did(caseload, home):
    import duckdb

    figures = caseload("figures", "--format", "json", home=home).json
    (home / "shengzhou/warehouse.duckdb").unlink()
    said = caseload("rebuild", home=home)
    assert said.code == 0 and said.out.endswith("replayed, no cells differ\n")
    assert caseload("figures", "--format", "json", home=home).json == figures
    with duckdb.connect(str(home / "shengzhou/warehouse.duckdb")) as connection:
        connection.execute("update metrics.cells set numerator = 99 where metric = 'filed' and period_id = '2014-03'")
    said = caseload("rebuild", home=home)
    assert said.code == 1 and "filed" in said.out and "2014-03" in said.out
    assert caseload("verify", home=home).code == 0


def test_doctor_is_0_where_all_is_well_and_names_the_remedy_where_not(caseload, home):
    said = caseload("doctor", home=home)
    assert said.code == 0 and "ILL" not in said.out and "5 sources" in said.out
    (home / "shengzhou/landing").chmod(0o755)
    said = caseload("doctor", home=home)
    assert said.code == 1 and f"chmod 700 {home / 'shengzhou/landing'}" in said.out


def test_sample_writes_labelled_deliveries_by_source_and_leaves_what_is_there(caseload, tmp_path):
    said = caseload("sample", str(tmp_path / "s"), "--cases", "500", "--seed", "3")
    assert said.code == 0 and "57 synthetic files" in said.out
    assert {path.parent.name for path in (tmp_path / "s").glob("*/*")} == {
        "cases", "registrations", "clock_events", "enforcement_results",
    }  # fmt: skip
    assert all("synthetic-500-3" in path.name for path in (tmp_path / "s").glob("*/*"))
    assert "0 synthetic files" in caseload("sample", str(tmp_path / "s"), "--cases", "500", "--seed", "3").out


def test_the_language_of_words_is_chinese_where_asked(caseload, published):
    assert "合成数据" in caseload("status", "--lang", "zh", home=published).out
    told = ("  统计口径：登记立案的五类申请\n", "  scope: five populations of registration\n")
    for words in (("metrics", "same_day_registration_rate"), ("explain", "same_day_registration_rate.cohort/2016-09")):
        zh, en = (caseload(*words, "--lang", lang, home=published).out for lang in ("zh", "en"))
        assert [one in zh for one in told] == [True, False] and [one in en for one in told] == [False, True], words


# --- what is not built yet


@pytest.mark.parametrize("words", [
    "export site DIR", "export workbook DIR", "backup DIR", "restore DIR",
])  # fmt: skip
def test_a_command_that_is_not_built_exits_2_and_says_so(caseload, home, words):
    assert "not built yet" in one_line(caseload(*words.split(), home=home), 2)


# --- the installed command


def caseload_process(*words, **environment):
    command = Path(sys.executable).with_name("caseload")
    return subprocess.run([str(command), *words], capture_output=True, text=True, env=environment, timeout=60, check=False)


def test_the_installed_command_tells_its_version_and_answers_without_a_terminal(published):
    from importlib.metadata import version

    assert caseload_process("--version").stdout == f"caseload {version('court-caseload')}\n"
    done = caseload_process("figures", "filed", "--format", "json", CASELOAD_HOME=str(published))
    assert (done.returncode, json.loads(done.stdout)[0]["value"], done.stderr) == (0, 500, "")


def test_a_reader_that_has_enough_is_no_fault(published):
    command = Path(sys.executable).with_name("caseload")
    words = f"{command} figures filed --period month --by bench,judge --home {published} | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", words], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr.replace("synthetic data: made up, not the court's records\n", "")) == (0, "")


def test_debug_shows_the_traceback(published):
    done = caseload_process("figures", "filled", "--debug", CASELOAD_HOME=str(published))
    assert done.returncode != 0 and "Traceback" in done.stderr


def test_a_metric_that_is_not_counted_is_refused_with_its_reason(caseload, published):
    for words in (("figures", "appeal_rate"), ("metrics", "appeal_rate")):
        done = caseload(*words, home=published)
        assert done.code == 2
        assert "appeal_rate (上诉率) is not counted: no source tells of appeals" in done.err
    assert "closed_per_judge" in caseload("metrics", home=published).out
