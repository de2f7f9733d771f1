"""Erasure: a person is gone from all that is kept, and every count, place and proof is as it was."""

import gzip
import json
import os
import shutil

import pytest

from pipelines.cli import main
from warehouse.intake.chronicle import read_chronicle
from warehouse.intake.ledger import Ledger
from warehouse.reading.snapshot import snapshot
from warehouse.refresh import erase as erasing
from warehouse.refresh.erase import NotErased, erase
from warehouse.refresh.person import NotThere

HEADER = "案号,立案日期,结案日期,结案方式,当事人,备注,原案号\n"
KEY = "（2016）浙0683民初9901号"
SECOND = "（2016）浙0683民初9902号"
FIRST_FILE = HEADER + (
    "（2016）浙0683民初9901号,2016-10-10,,,张三丰,身份证33068319900101,\n"
    "（2016）浙0683民初9902号,2016-10-11,,,李莫愁,见（2016）浙0683民初9901号案,\n"
    "（2016）浙0683民初9903号,2016-10-12,,,王重阳,,（2016）浙0683民初9901号\n"
    "（2016）浙0683民初9904号,2016-13-12,,,赵志敬,,\n"
    "（2016）浙0683民初9901号,张三丰\n"
)
LATER_FILE = HEADER + "（2016）浙0683民初9901号,2016-10-10,2016-10-20,判决,张三丰,再审,\n"
APPLIED = (
    "申请编号,收到日期,渠道,申请类别,首次处理,处理日期,立案日期,案号,申请人\n"
    "SQ99019901,2016-10-09,窗口,民事一审,登记立案,2016-10-10,2016-10-10,（2016）浙0683民初9901号,张三丰\n"
)
WORDS = ("张三丰", "33068319900101", "浙0683民初9901号", "浙0683-2016-民初-9901", "SQ99019901")
ALIAS = "浙0683-2016-民初-99000001"
FIGURES = "select * from metrics.cells order by all"


def put(home, name, content):
    path = home.place.inbox / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (1.46e9, 1.46e9))


@pytest.fixture(scope="module")
def first_night(new_home):
    """The person in a file of GB18030 and an application. To be copied, not changed."""
    home = new_home()
    put(home, "cases/cases_2016-11-01.csv", FIRST_FILE.encode("gb18030"))
    put(home, "registrations/registrations_2016-11-01.csv", APPLIED.encode())
    home.refresh(night=0)
    return home


@pytest.fixture(scope="module")
def with_person(first_night, tmp_path_factory):
    """A second night, with the person in a packed file. To be copied, not changed."""
    home = first_night.copy(tmp_path_factory.mktemp("with_person"))
    put(home, "cases/cases_2016-11-02.csv.gz", gzip.compress(LATER_FILE.encode()))
    home.refresh(night=1)
    return home


@pytest.fixture(scope="module")
def erased(with_person, tmp_path_factory):
    """The same after the erasure, and what it said. To be copied, not changed."""
    home = with_person.copy(tmp_path_factory.mktemp("erased"))
    return home, run(home)


@pytest.fixture
def home(with_person, tmp_path):
    return with_person.copy(tmp_path)


def run(home, key=KEY, why="order 7 of the court", **more):
    return erase(home.place, home.catalogue, key, more.pop("source", None), "clerk", why, "tests", lambda text: None, **more)


def found_in(home, words=WORDS, inbox=False):
    """Where one of the words stands, in any encoding, plain or packed, Parquet and DuckDB among the rest."""
    import duckdb
    import polars as pl

    found = set()
    for path in home.place.root.rglob("*"):
        name = path.relative_to(home.place.root)
        if not path.is_file() or (name.parts[0] == "inbox" and not inbox):
            continue
        data = path.read_bytes()
        data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
        if path.suffix == ".parquet":  # its bytes are packed: what they happen to spell is not what they say
            data = repr(pl.read_parquet(path).rows()).encode()
        if path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as connection:
                tables = connection.execute(
                    "select table_schema || '.' || table_name from information_schema.tables"
                ).fetchall()
                data += repr([connection.execute(f"select * from {table}").fetchall() for (table,) in tables]).encode()
        for word in words:
            if any(word.encode(e) in data for e in ("utf-8", "gb18030", "utf-16-le", "unicode_escape")):
                found.add((str(name), word))
    return found


def rows_of(home, query):
    with snapshot(home.place.warehouse) as snap:
        return snap.rows(query)


def test_nothing_in_the_home_names_the_person_any_more(with_person, erased):
    home, found = erased
    assert found_in(with_person) >= {("warehouse.duckdb", WORDS[3])}
    assert found_in(home) == set()
    assert found.rows == 4  # two rows of the first file (one torn), one of the later one, the application
    assert set(found.aliases) == {ALIAS, "erased-1"}


def test_every_count_of_every_refresh_is_what_it_was(with_person, erased):
    home, _ = erased
    assert rows_of(home, FIGURES) == rows_of(with_person, FIGURES)
    query = (
        "select delivery_no, sha256, world_rank, rows_delivered, rows_duplicate, rows_untyped from model.deliveries order by 1"
    )
    assert rows_of(home, query) == rows_of(with_person, query)
    aside = "select set_aside_in, delivery_no, record, line, reason_code, column_name from quality.set_aside order by all"
    assert rows_of(home, aside) == rows_of(with_person, aside)
    with home.reader() as reader, with_person.reader() as before:
        for as_of in ("filed", "closed"):
            assert [f.value for f in reader.ask(as_of)] == [f.value for f in before.ask(as_of)]


def test_verify_in_full_holds(erased):
    home, _ = erased
    assert home.faults(full=True) == []


def test_the_history_of_the_case_keeps_its_shape_under_the_alias(with_person, erased):
    home, _ = erased
    query = (
        "select registered_on, closed_on, delivery_no, known_from from model.case_history where case_key = '{}' order by all"
    )
    was = rows_of(with_person, query.format("浙0683-2016-民初-9901"))
    assert len(was) == 2 and rows_of(home, query.format(ALIAS)) == was
    assert rows_of(home, "select origin_case_key from model.cases where case_key = '浙0683-2016-民初-9903'") == [(ALIAS,)]
    linked = rows_of(home, f"select application_key from model.registration_decisions where case_key = '{ALIAS}'")
    assert linked == [("erased-1",)]


def test_the_ledger_names_both_hashes_and_never_the_person(with_person, erased):
    home, found = erased
    event = Ledger(home.place.landing).events()[-1]
    assert (event["event"], event["who"], event["why"]) == ("erased", "clerk", "order 7 of the court")
    assert {b["sha256"] for b in event["blobs"]} == {one.sha256 for one in found.files} and len(event["blobs"]) == 3
    for blob in event["blobs"]:
        assert not (home.place.landing / "blobs" / blob["sha256"]).exists()
        assert (home.place.landing / "blobs" / blob["redacted"]).stat().st_mode & 0o777 == 0o400
    assert not any(word in json.dumps(event, ensure_ascii=False) for word in (*WORDS, "9901"))
    before = read_chronicle(Ledger(with_person.place.landing).events()).deliveries
    after = read_chronicle(Ledger(home.place.landing).events()).deliveries
    assert {n: d.world_order for n, d in after.items()} == {n: d.world_order for n, d in before.items()}


def test_explain_counts_the_erased_row_and_says_when(erased, capsys):
    home, _ = erased
    explained = home.explain("filed/2016-10")
    assert explained["rows_total"] == explained["value"]
    (row,) = [r for r in explained["rows"] if r["erased_on"]]
    assert (row["case_key"], row["raw"], row["place"]) == (ALIAS, None, "line 2")
    assert row["case_number"] == "（2016）浙0683民初99000001号"
    day = Ledger(home.place.landing).events()[-1]["at"][:10]
    assert row["erased_on"] == day
    assert (home.place.landing / "blobs" / row["sha256"]).exists()
    assert main(["explain", "filed/2016-10", "--rows", "200", "--home", str(home.place.root.parent)]) == 0
    assert f"erased on {day}" in capsys.readouterr().out


def test_a_row_set_aside_is_erased_too(erased, capsys):
    home, _ = erased
    assert main(["quarantine", "list", "--json", "--home", str(home.place.root.parent)]) == 0
    rows = {r["line"]: r for r in json.loads(capsys.readouterr().out) if r["file"] == "cases_2016-11-01.csv"}
    assert (rows[6]["reason_code"], rows[6]["fields"], bool(rows[6]["erased_on"])) == ("TORN", None, True)
    assert (rows[5]["reason_code"], rows[5]["erased_on"]) == ("TYPE", None)
    assert rows[5]["fields"]["案号"] == "（2016）浙0683民初9904号"


def test_files_of_the_inbox_are_named_and_not_taken_again(erased, tmp_path):
    home = erased[0].copy(tmp_path)
    assert set(erased[1].inbox) == {
        "cases/cases_2016-11-01.csv", "cases/cases_2016-11-02.csv.gz", "registrations/registrations_2016-11-01.csv",
    }  # fmt: skip
    assert found_in(home, inbox=True) != set()
    assert home.refresh(night=4) is None
    assert found_in(home) == set()


def test_the_same_bytes_under_a_new_path_bring_nobody_back(erased, tmp_path):
    home = erased[0].copy(tmp_path)
    put(home, "cases/cases_2016-11-01_again.csv", FIRST_FILE.encode("gb18030"))  # a repeat: the same extract date
    put(home, "cases/cases_2016-11-05.csv", FIRST_FILE.encode("gb18030"))  # a later extract: an old state was restored
    assert home.refresh(night=5) == "r000003"
    assert found_in(home) == set()
    assert home.faults(full=True) == []
    versions = rows_of(home, f"select delivery_no, closed_on from model.case_history where case_key = '{ALIAS}' order by 1")
    assert len(versions) == 3 and versions[-1][1] is None
    assert home.explain("filed/2016-10")["value"] == erased[0].explain("filed/2016-10")["value"]


def test_two_persons_of_one_file(erased, tmp_path):
    home = erased[0].copy(tmp_path)
    found = run(home, SECOND, "order 8")
    assert found.aliases == ("浙0683-2016-民初-99000002",)
    assert found_in(home, (*WORDS, "李莫愁", "民初9902号")) == set()
    assert found_in(home, ("王重阳",)) == {(p, "王重阳") for p, _ in found_in(home, ("王重阳",))} != set()
    assert home.faults(full=True) == []
    rows = {r["case_key"]: r["erased_on"] for r in home.explain("filed/2016-10")["rows"]}
    assert rows[ALIAS] and rows["浙0683-2016-民初-99000002"] and not rows["浙0683-2016-民初-9903"]


def test_an_application_key_leads_to_its_case_as_the_case_does_to_it(home):
    assert set(run(home, "SQ99019901", is_preview=True).aliases) == {ALIAS, "erased-1"}


def test_a_preview_changes_nothing(home):
    before = {p: p.read_bytes() for p in home.place.landing.rglob("*") if p.is_file()}
    found = run(home, "(2016)浙0683民初9901号", is_preview=True)
    assert [one.found.places for one in found.files if one.file == "cases/cases_2016-11-01.csv"] == [["line 2", "line 6"]]
    assert {p: p.read_bytes() for p in home.place.landing.rglob("*") if p.is_file()} == before
    assert found.related == ("（2016）浙0683民初9903号",)


def test_a_key_that_is_nowhere_changes_nothing_and_names_the_nearest(home, capsys):
    events = Ledger(home.place.landing).events()
    with pytest.raises(NotThere, match=r"no stored file holds .*Nearest: "):
        run(home, "（2016）浙0683民初98765号")
    at = ["--home", str(home.place.root.parent)]
    assert main(["erase", "（2016）浙0683民初98765号", "--why", "x", *at]) == 2
    assert main(["erase", KEY, *at]) == 2  # without a reason
    assert main(["erase", KEY, "--why", f"{KEY} asked for it", *at]) == 2
    assert main(["erase", KEY, "--why", "x", "--source", "case", *at]) == 2
    assert capsys.readouterr().err.count("caseload: ") == 4
    assert Ledger(home.place.landing).events() == events


def test_a_file_of_the_inbox_that_was_not_taken_yet_is_named(home):
    put(home, "cases/cases_2016-11-09.csv", LATER_FILE.encode("gb18030"))
    assert run(home, is_preview=True).waiting == ("cases/cases_2016-11-09.csv",)


def test_an_original_that_comes_back_is_a_fault_by_its_name(with_person, erased, tmp_path):
    home = erased[0].copy(tmp_path)
    name = Ledger(home.place.landing).events()[-1]["blobs"][0]["sha256"]
    shutil.copyfile(with_person.place.landing / "blobs" / name, home.place.landing / "blobs" / name)
    ((found, what),) = home.faults()
    assert found == name and "a person was erased from this original" in what
    home.refresh(night=4)
    assert home.faults() == []


def test_a_redacted_file_that_is_missing_or_changed_is_a_fault(erased, tmp_path):
    home = erased[0].copy(tmp_path)
    name = Ledger(home.place.landing).events()[-1]["blobs"][0]["redacted"]
    blob = home.place.landing / "blobs" / name
    data = blob.read_bytes()
    blob.unlink()
    assert home.faults() == [(name, "the ledger names this original, and it is missing")]
    blob.write_bytes(data + b"x")
    assert home.faults() == [(name, "its bytes are not those that its name is the hash of")]


# --- a crash at each point


class Killed(BaseException):
    """As if the process had ended here."""


@pytest.fixture
def begun(first_night, tmp_path):
    """Of one night, for an erasure that does not come to its end."""
    return first_night.copy(tmp_path)


def killed(home, monkeypatch, name, after=0, module=erasing):
    """The erasure, ended when a function is called for the `after`-th time more."""
    calls, real = [], getattr(module, name)

    def call(*arguments, **more):
        calls.append(1)
        if len(calls) > after:
            raise Killed
        return real(*arguments, **more)

    monkeypatch.setattr(module, name, call)
    with pytest.raises(Killed):
        run(home)
    monkeypatch.undo()


@pytest.mark.parametrize(("name", "after"), [("_redact", 0), ("_proven", 0), ("_put", 0), ("_put", 1), ("seal_work", 0)])
def test_a_crash_before_the_event_leaves_things_as_they_were(begun, first_night, monkeypatch, name, after):
    killed(begun, monkeypatch, name, after)
    assert Ledger(begun.place.landing).events() == Ledger(first_night.place.landing).events()
    assert begun.refresh(night=4) is None
    assert rows_of(begun, FIGURES) == rows_of(first_night, FIGURES) and begun.faults() == []
    if name == "seal_work":  # the last of these points: what it leaves is in no later erasure's way
        assert run(begun).rows == 3 and found_in(begun) == set() and begun.faults() == []


@pytest.mark.parametrize("point", ["finish", "swap", "clear_erased"])
def test_a_crash_after_the_event_is_finished_at_the_next_start(begun, first_night, monkeypatch, point):
    killed(begun, monkeypatch, point)
    assert Ledger(begun.place.landing).events()[-1]["event"] == "erased"
    assert begun.refresh(night=4) is None
    assert found_in(begun) == set() and begun.faults(full=True) == []
    assert rows_of(begun, FIGURES) == rows_of(first_night, FIGURES)


def test_a_crash_after_the_event_with_the_work_file_lost_makes_the_warehouse_anew(begun, first_night, monkeypatch):
    killed(begun, monkeypatch, "finish")
    begun.place.work.unlink()
    assert begun.refresh(night=4) is None
    assert found_in(begun) == set() and begun.faults() == []
    assert rows_of(begun, FIGURES) == rows_of(first_night, FIGURES)


def test_figures_that_would_change_stop_the_erasure(begun, monkeypatch):
    monkeypatch.setattr(erasing, "differences", lambda *_: ("only in the replayed one filed 2016-10",))
    before = {p.name for p in (begun.place.landing / "blobs").iterdir()}
    with pytest.raises(NotErased, match="figures would change with it"):
        run(begun)
    assert {p.name for p in (begun.place.landing / "blobs").iterdir()} == before and begun.faults() == []
