"""Evidence bundles: checked by their own verifier in an empty place, and refused after any change, also a well-made one."""

import base64
import gzip
import hashlib
import io
import json
import random
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from warehouse.audit.evidence import verify as verifier
from warehouse.audit.evidence.build import NothingToProve, _sealed, evidence
from warehouse.audit.evidence.verify import Fault, verify
from warehouse.audit.sampled import sampled
from warehouse.intake.ledger import Ledger
from warehouse.refresh.erase import erase

FIGURES = [
    "filed/2016-10", "closed/2015-Q2/family=civil", "pending_end/2016-10", "pending_start/2015-03", "closing_rate_cn/2014",
    "enforcement_backlog/2016-10", "same_day_registration_rate/2016-05", "mean_days_closed/2014/family=civil",
    "closed/stat20_month:2016-02", "filed.with_mediation/2014", "closed/2014@r000001", "realisation_rate/2015",
]  # fmt: skip


def made(home, figure_id, held=None):
    with home.reader(figure_id.partition("@")[2] or None) as reader:
        return evidence(home.place, reader, reader.parse(figure_id), "evidence.zip", held)


@pytest.fixture(scope="module")
def bundle(two_nights):
    """That of one headline figure."""
    return made(two_nights, "closed/2016-05")


def run_alone(folder, data, *words):
    """The verifier inside of the bundle, in an empty folder and environment, isolated from everything that is installed."""
    path = folder / "evidence.zip"
    path.write_bytes(data)
    command = [sys.executable, "-I", "-S", str(path), *words]
    done = subprocess.run(command, capture_output=True, cwd=folder, env={}, timeout=60, check=False)
    assert done.stderr == b""
    return done.returncode, done.stdout.decode("utf-8")


# --- what holds


@pytest.mark.parametrize("figure_id", FIGURES)
def test_the_bundle_of_a_figure_is_checked_by_its_own_verifier_where_nothing_is_installed(two_nights, tmp_path, figure_id):
    found = made(two_nights, figure_id)
    code, said = run_alone(tmp_path, found.data, "--head", found.head)
    told = two_nights.explain(figure_id, rows=0)
    assert (code, tuple(said.splitlines())) == (0, found.lines)
    assert said.startswith(f"{told['figure_id']} = {told['value']}\nSYNTHETIC DATA")
    assert f"{told['rows_total']} rows add up to it; {told['rows_total']} were read again" in said


def test_the_archive_holds_the_lines_that_are_needed_and_no_other(two_nights, bundle):
    rows = two_nights.explain("closed/2016-05")["rows"]
    with zipfile.ZipFile(io.BytesIO(bundle.data)) as archive:
        names = archive.namelist()
        assert not [name for name in names if name.startswith("files/")]
        held = {name: json.loads(archive.read(name))["lines"] for name in names if name.startswith("lines/")}
    for row in rows:  # no field of these files holds a line break, so a row is a line; the header is line 1
        assert set(held[f"lines/{row['sha256']}.json"]) == {
            "1", *(str(one["line"]) for one in rows if one["sha256"] == row["sha256"])
        }  # fmt: skip
        assert row["case_number"] in held[f"lines/{row['sha256']}.json"][str(row["line"])]


def test_lines_beside_a_row_are_in_the_archive_and_proven_as_its_own_is(two_nights):
    """A stay in the 终本 pool ends by a result, or by the registration of another case."""
    exits = made(two_nights, "zhongben_pool_exits/2012-01..2016-10")
    rows = [json.loads(line) for line in members_of(exits.data)["rows.jsonl"].decode().splitlines()]
    beside = [line for row in rows for line in row["beside"]]
    assert {line["kind"] for line in beside} >= {"enforcement_result", "case_of_chain"}
    assert f"holds: so were {len(beside)} lines beside them, on which their counting depends" in exits.lines

    def other_outcome(told):
        line = next(line for row in told for line in row["beside"] if line["kind"] == "enforcement_result")
        line["raw"]["结果"] = "全部执行完毕了"

    def other_day(told):
        number = max(told["lines"], key=int)
        told["lines"][number] = told["lines"][number].replace("201", "202")

    with pytest.raises(Fault, match=r"rows.jsonl, row \d+, line \d+ beside it: .* does not say"):
        verify(forged(exits.data, rows=of_rows(other_outcome)))
    for blob in {line["sha256"] for line in beside}:
        with pytest.raises(Fault, match="its lines are not those of"):
            verify(forged(exits.data, **{f"lines/{blob}": as_json(other_day)}))


def test_a_case_whose_number_was_corrected_is_proven_by_its_line_and_that_of_the_correction(home):
    row = home.explain("closed/2016-05")["rows"][0]
    old, new = row["case_number"], row["case_number"].replace("号", "0099号")
    (home.place.inbox / "corrections").mkdir(exist_ok=True)
    (home.place.inbox / "corrections/corrections_2016-11-01.csv").write_text(
        f"案号,更正字段,原值,新值,更正人,更正理由,更正日期\n{old},案号,{old},{new},王,立案号误录,2016-11-01\n", "utf-8"
    )
    home.refresh(night=2)
    found = made(home, "closed/2016-05")
    rows = [json.loads(line) for line in members_of(found.data)["rows.jsonl"].decode().splitlines()]
    (mine,) = [one for one in rows if one["case_number"] == new]
    assert mine["raw"]["案号"] == old and [line["raw"]["新值"] for line in mine["beside"]] == [new]

    def without(told):
        (case,) = [one for one in told if one["case_number"] == new]
        case["beside"] = []

    with pytest.raises(Fault, match="its case number is not on its line"):
        verify(forged(found.data, rows=of_rows(without)))


def test_the_verifier_inside_is_the_one_of_the_program_and_its_hash_stands_in_the_readme(bundle):
    own = Path(verifier.__file__).read_bytes()
    with zipfile.ZipFile(io.BytesIO(bundle.data)) as archive:
        assert archive.read("verify.py") == own
        readme = archive.read("README.txt").decode()
    assert hashlib.sha256(own).hexdigest() in readme and bundle.head in readme and "SYNTHETIC DATA" in readme


def test_the_verifier_asks_for_nothing_but_the_standard_library():
    import ast

    tree = ast.parse(Path(verifier.__file__).read_text("utf-8"))
    named = {alias.name.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {(node.module or "").partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert named and named <= set(sys.stdlib_module_names) and not named & {"socket", "urllib", "http", "subprocess", "ctypes"}


def test_the_same_evidence_is_the_same_archive(two_nights, bundle):
    assert made(two_nights, "closed/2016-05").data == bundle.data


def test_a_head_of_an_earlier_day_is_led_up_to_today(two_nights, tmp_path):
    lines = Ledger(two_nights.place.landing).read().lines
    for size in (1, 7, 32, len(lines) - 1):
        head = f"{size}:{json.loads(lines[size])['before']}"
        found = made(two_nights, "closed/2016-05", head)
        assert run_alone(tmp_path, found.data, "--head", head)[0] == 0
        other = f"{size}:{'0' * 64}"
        code, said = run_alone(tmp_path, found.data, "--head", other)
        assert (code, said.count("\n")) == (1, 1) and "nothing shows that it extends" in said


def test_a_head_of_another_ledger_is_refused(two_nights):
    with pytest.raises(ValueError, match="is of another ledger"):
        made(two_nights, "closed/2016-05", f"3:{'ab' * 32}")


def test_a_figure_that_is_not_published_has_nothing_to_prove(two_nights):
    with pytest.raises(NothingToProve, match="beyond_data"):
        made(two_nights, "filed/2020")


# --- rows of every form


@pytest.fixture(scope="module")
def many_forms(new_home, two_nights):
    """Rows of the sample delivered in six forms, six a file: a workbook with days and numbers, JSON lines, delimited text."""
    home = new_home()
    content = next((two_nights.place.inbox / "cases").glob("*2014-12-31.csv")).read_bytes()
    header, *rows = content.decode("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "gb18030").splitlines()
    kinds = ("workbook", "json", "gb", "crlf", "quoted", "packed")
    parts = {name: rows[at * 6 : at * 6 + 6] for at, name in enumerate(kinds)}
    book = openpyxl.Workbook()
    for line in ["某院案件", header, *parts["workbook"]]:
        book.active.append([typed(text) for text in line.split(",")])
    written = io.BytesIO()
    book.save(written)
    columns = header.split(",")
    texts = {
        "cases_2014-12-01.xlsx": written.getvalue(),
        "cases_2014-12-02.jsonl": "\n".join(
            json.dumps(dict(zip(columns, row.split(","), strict=True)), ensure_ascii=False) for row in parts["json"]
        ).encode(),
        "cases_2014-12-03.csv": "\n".join([header, *parts["gb"]]).encode("gb18030"),
        "cases_2014-12-04.csv": "\r\n".join([header, *parts["crlf"], ""]).encode(),
        "cases_2014-12-05.csv": "\n".join(
            [header, *(f'"{row.split(",")[0]}",' + row.partition(",")[2] for row in parts["quoted"])]
        ).encode("utf-8-sig"),
        "cases_2014-12-06.csv.gz": gzip.compress("\n".join([header, *parts["packed"]]).encode(), mtime=0),
    }  # fmt: skip
    (home.place.inbox / "cases").mkdir()
    for name, content in texts.items():
        (home.place.inbox / "cases" / name).write_bytes(content)
    home.refresh()
    return home


def typed(text):
    """A cell as a spreadsheet program keeps it."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return date.fromisoformat(text)
    return float(text) if re.fullmatch(r"\d+\.\d\d", text) else text


def test_rows_of_text_and_workbooks_are_read_again_and_packed_files_are_shown_whole(many_forms, tmp_path):
    told = many_forms.explain("filed/2013-06..2014-02")
    kinds = {row["file"].partition(".")[2] for row in told["rows"]}
    assert {"xlsx", "jsonl", "csv", "csv.gz"} <= kinds
    packed = sum(row["file"].endswith(".gz") for row in told["rows"])
    found = made(many_forms, "filed/2013-06..2014-02")
    code, said = run_alone(tmp_path, found.data)
    assert code == 0 and f"{told['rows_total'] - packed} were read again" in said
    assert f"{packed} rows stand in files whose form this verifier does not read" in said
    with zipfile.ZipFile(io.BytesIO(found.data)) as archive:
        whole = [name for name in archive.namelist() if name.startswith("files/")]
    assert len(whole) == 2  # the workbook and the packed file


def test_rows_of_an_erased_person_are_counted_and_not_shown(two_nights, tmp_path, tmp_path_factory):
    home = two_nights.copy(tmp_path_factory.mktemp("erased"))
    row = home.explain("closed/2016-05")["rows"][0]
    erase(home.place, home.catalogue, row["case_key"], None, "clerk", "an order", "tests", lambda text: None)
    found = made(home, "closed/2016-05")
    code, said = run_alone(tmp_path, found.data, "--head", found.head)
    assert code == 0 and "1 rows are of persons who were erased since" in said
    assert row["case_number"].encode() not in b"".join(members_of(found.data).values())


# --- what does not hold


def members_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def forged(data, **changes):
    """The archive with members changed, and everything that is not of the ledger made to fit: manifest and seal are right."""
    members = {name: content for name, content in members_of(data).items() if name != "manifest.json"}
    for name, change in changes.items():
        real = next(one for one in members if one.startswith(name.replace("__", ".").replace("_", "/")) or one.startswith(name))
        members[real] = change(members[real])
    return _sealed(members)


def as_json(change):
    def changed(content):
        told = json.loads(content)
        return json.dumps(change(told) or told, ensure_ascii=False).encode()

    return changed


def of_rows(change):
    def changed(content):
        rows = [json.loads(line) for line in content.decode().splitlines()]
        return "\n".join(json.dumps(row, ensure_ascii=False) for row in change(rows) or rows).encode()

    return changed


def put(key, value):
    return as_json(lambda told: told.update({key: value}))


def first_line(told):
    number = max(told["lines"], key=int)
    told["lines"][number] = told["lines"][number].replace("2016-05", "2016-04")


def moved(told):
    numbers = sorted(told["lines"], key=int)
    told["lines"][str(int(numbers[-1]) + 1)] = told["lines"].pop(numbers[-1])


def one_event(told):
    number = next(iter(told["events"]))
    told["events"][number] = told["events"][number].replace('"bytes": ', '"bytes": 1')


def other_definitions(content):
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"spells.closed_on", b"spells.filed_on"))
    return made.getvalue()


FORGERIES = {
    "another value": ({"figure": put("value", 999)}, "its value is not that of its numbers"),
    "another numerator and value": (
        {"figure": as_json(lambda f: f.update(value=f["value"] + 1, numerator=f["numerator"] + 1))}, "its rows add up to"),
    "another refresh": ({"figure": put("refresh_id", "r000009")}, "does not show the refresh"),
    "another head": ({"figure": put("head", "0" * 64)}, "its head is not the one"),
    "another definition": (
        {"figure": as_json(lambda f: f["definition"].update(name_en="Closed at last"))}, "its name_en is not that of"),
    "another query": ({"figure": as_json(lambda f: f["sql"].update(closed=f["sql"]["closed"].replace("closed_on", "filed_on")))},
                      "is not sql/metrics/closed.sql of the definitions"),
    "a row too few": ({"rows": of_rows(lambda rows: rows[:-1])}, "rows of"),
    "a row too few, said so": (
        {"rows": of_rows(lambda rows: rows[:-1]), "figure": as_json(lambda f: f.update(rows_total=f["rows_total"] - 1))},
        "its rows add up to"),
    "a row twice": (
        {"rows": of_rows(lambda rows: [*rows, rows[0]]), "figure": as_json(lambda f: f.update(
            rows_total=f["rows_total"] + 1, numerator=f["numerator"] + 1, value=f["value"] + 1))}, "it is counted twice"),
    "a row of another day": ({"rows": of_rows(lambda rows: rows[0].update(counted_on="2016-06-01"))}, "outside of"),
    "other fields": ({"rows": of_rows(lambda rows: rows[0]["raw"].update(承办人="J999"))}, "does not say [J999]"),
    "another line": ({"rows": of_rows(lambda rows: rows[0].update(line=rows[1]["line"]))}, "does not say"),
    "another file": ({"rows": of_rows(lambda rows: rows[0].update(file="cases_2016.csv"))}, "its file is another"),
    "a line that was changed": ({"lines": as_json(first_line)}, "its lines are not those of"),
    "a line at another number": ({"lines": as_json(moved)}, "its lines are not those of"),
    "a hash of the tree too few": ({"lines": as_json(lambda t: t.update(hashes=t["hashes"][1:]))}, "its lines are not those of"),
    "an event that was changed": ({"ledger": as_json(one_event)}, "its events are not in the ledger"),
    "a head of one's own": ({"ledger": put("head", f"9:{'0' * 64}")}, "its events are not in the ledger"),
    "other definitions": ({"definitions": other_definitions}, "counted by others"),
    "columns that changed places": (
        {"sources": as_json(lambda s: s[0].update(columns=s[0]["columns"][1:2] + s[0]["columns"][:1] + s[0]["columns"][2:]))},
        "is headed"),
    "a source of another delivery": ({"sources": as_json(lambda s: s[0].update(event=1))}, "is not the delivery"),
    "another original": ({"sources": as_json(lambda s: s[0].update(blob="0" * 64))}, "has other bytes in the ledger"),
}  # fmt: skip


@pytest.mark.parametrize("what", FORGERIES)
def test_a_well_made_change_is_refused_and_named(bundle, what):
    changes, why = FORGERIES[what]
    with pytest.raises(Fault) as fault:
        verify(forged(bundle.data, **changes))
    assert why in str(fault.value) and "\n" not in str(fault.value)


def test_what_is_not_changed_still_holds_after_the_same_handling(bundle):
    assert tuple(verify(forged(bundle.data), bundle.head)) == bundle.lines


def test_made_up_from_the_ledger_on_it_holds_only_against_itself(bundle, tmp_path):
    # a new ledger with one event changed, proven up to a head of its own: nothing but a head kept elsewhere can tell
    def own(told):
        one_event(told)
        lines = {int(number) - 1: verifier.leaf(text.encode()) for number, text in told["events"].items()}
        from warehouse.intake.merkle import joint_root

        size = int(told["head"].split(":")[0])
        told["head"] = f"{size}:{joint_root(lines, size, [bytes.fromhex(one) for one in told['hashes']]).hex()}"

    data = forged(bundle.data, ledger=as_json(own))
    assert "held against itself alone" in "\n".join(verify(data))
    with pytest.raises(Fault, match="nothing shows that it extends"):
        verify(data, bundle.head)


@pytest.mark.parametrize("name", ["figure.json", "rows.jsonl", "sources.json", "ledger.json", "definitions.zip", "verify.py",
                                  "__main__.py", "README.txt"])  # fmt: skip
def test_a_member_that_is_missing_or_too_much_is_named(bundle, name):
    members = members_of(bundle.data)
    manifest = json.loads(members.pop("manifest.json"))

    def packed(held):
        data = _sealed(held)
        with zipfile.ZipFile(io.BytesIO(data)) as archive, io.BytesIO() as made:
            with zipfile.ZipFile(made, "w") as new:
                for one in archive.namelist():
                    new.writestr(one, json.dumps(manifest) if one == "manifest.json" else archive.read(one))
                new.comment = verifier.SEAL + b"0" * 64
            start = made.getvalue()[:-71]
            return start + verifier.SEAL + hashlib.sha256(start).hexdigest().encode()

    with pytest.raises(Fault, match=rf"{name}: it is missing"):
        verify(packed({one: content for one, content in members.items() if one != name}))
    with pytest.raises(Fault, match=r"extra\.txt: the manifest does not list it"):
        verify(packed({**members, "extra.txt": b"more"}))
    with pytest.raises(Fault, match=rf"{name}: its bytes are not those of the manifest"):
        verify(packed({**members, name: members[name] + b" "}))


def test_a_flipped_bit_anywhere_is_found(bundle):
    chance = random.Random(683)
    for _ in range(200):
        data = bytearray(bundle.data)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        with pytest.raises(Fault):
            verify(bytes(data))


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"nothing of the kind" * 100, base64.b64decode("UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==")]
)
def test_what_is_no_bundle_is_refused_in_one_line(tmp_path, data):
    path = tmp_path / "not.zip"
    path.write_bytes(data)
    command = [sys.executable, "-I", "-S", verifier.__file__, str(path)]
    done = subprocess.run(command, capture_output=True, env={}, timeout=60, check=False, text=True)
    assert (done.returncode, done.stderr) == (1, "") and done.stdout.startswith("DOES NOT HOLD: the archive")


def test_tampering_with_the_store_shows_before_the_bundle_is_handed_out(two_nights, tmp_path_factory):
    home = two_nights.copy(tmp_path_factory.mktemp("tampered"))
    row = home.explain("closed/2016-05")["rows"][0]
    blob = home.place.landing / "blobs" / row["sha256"]
    content = blob.read_bytes()
    blob.chmod(0o600)
    blob.write_bytes(content.replace(row["case_number"].encode(), row["case_number"].replace("2", "3", 1).encode()))
    with pytest.raises(Fault, match=r"its lines are not those of|does not say"):
        made(home, "closed/2016-05")


# --- the command


def test_the_command_writes_the_bundle_and_puts_it_on_record(two_nights, tmp_path, monkeypatch, capsys):
    from pipelines.cli import main

    root = tmp_path / "home"
    shutil.copytree(two_nights.place.root, root / "shengzhou")
    monkeypatch.setenv("CASELOAD_HOME", str(root))
    monkeypatch.chdir(tmp_path)
    assert main(["audit", "bundle", "closed/2016-05", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    data = (tmp_path / said["file"]).read_bytes()
    assert (said["bytes"], said["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert said["file"] == "evidence_closed_2016-05_r000002.zip"
    assert verify(data, said["head"]) == said["verified"]
    entry = Ledger(root / "shengzhou/landing", "access").events()[-1]
    assert (entry["event"], entry["what"], entry["sha256"]) == ("bundle", said["figure_id"], said["sha256"])
    assert main(["audit", "bundle", "filed/2020"]) == 2
    assert main(["audit", "bundle", "filed/2014", "--output", "evidence.txt"]) == 2
    assert main(["audit", "bundle"]) == 2
    said = capsys.readouterr()
    assert "nothing" not in said.out and said.err.count("\n") == 3


# --- many at once


def test_figures_drawn_at_random_are_taken_back_to_their_lines(two_nights):
    found = sampled(two_nights.place, 12, 683)
    assert (found.figures, found.faults) == (12, ()) and found.rows > 12
    assert sampled(two_nights.place, 12, 683) == found
    assert sampled(two_nights.place, 12, 684).rows != found.rows


def test_a_line_that_was_changed_is_found_by_the_figures_that_it_was_counted_in(two_nights, tmp_path_factory):
    home = two_nights.copy(tmp_path_factory.mktemp("sampled"))
    for blob in (home.place.landing / "blobs").iterdir():
        content = blob.read_bytes()
        if b"2016-05" in content and not content.startswith(b"PK"):
            blob.chmod(0o600)
            blob.write_bytes(content.replace(b"2016-05", b"2016-06"))
    found = sampled(home.place, 12, 683)
    assert found.faults and all("@r000002" in name for name, _ in found.faults)


def test_the_command_draws_figures(two_nights, tmp_path, monkeypatch, capsys):
    from pipelines.cli import main

    monkeypatch.setenv("CASELOAD_HOME", str(two_nights.place.root.parent))
    assert main(["verify", "--figures", "3", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["holds"] and said["figures"] == 3 and said["rows"] > 3
    assert main(["verify", "--figures", "-1"]) == 2
