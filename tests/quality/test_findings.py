"""The life of a finding over four nights, worked out by hand; what people answer; worklists that go out and come back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from pipelines.cli import main
from warehouse.audit.verify import verify
from warehouse.catalogue.bundle import find_profile, read_catalogue
from warehouse.intake.ledger import Ledger
from warehouse.intake.responses import Response, checked
from warehouse.reading.quality_history import history
from warehouse.reading.snapshot import snapshot
from warehouse.reading.touches import bounds
from warehouse.refresh.begin import refreshing
from warehouse.refresh.replay import rebuild
from warehouse.refresh.run import run_steps
from warehouse.store.place import Place
from warehouse.store.swap import locked

CASES = "案号,立案日期,适用程序,承办庭室,承办人,结案日期,结案方式,原案号,自诉,作废,申请标的金额,执行到位金额"
EVENTS = "事项编号,案号,事项,原因,起始日期,截止日期,批准日期,原程序,延长月数,延长天数,作废"
NIGHTS = (
    {
        "cases/cases_2016-06-30.csv": (
            CASES,
            "（2015）浙0683民初1号,2016-03-01,普通程序,民一庭,J1,,,,,,,",  # DQ20: a year too early, which only warns
            "（2016）浙0683民初1号,2016-03-05,普通程序,民一庭,J1,2016-03-01,判决,,,,,",  # DQ16: closed before it was filed
            "（2016）浙0683执1号,2016-02-01,,执行局,J2,,,,,,100.00,400.00",  # DQ14: four times what was applied for
            "（2016）浙0683民初2号,2016-03-07,普通程序,民二庭,J3,2016-06-01,判决,,,,,",
            # no cases, and counted nowhere: but without them April and May would be empty, which withholds figures (DQ42)
            "（2016）浙0683诉前调1号,2016-04-11,,民一庭,J1,,,,,,,",
            "（2016）浙0683诉前调2号,2016-05-11,,民一庭,J1,,,,,,,",
        ),
        # DQ22: the appraisal still goes on, and 民初2 is closed
        "clock_events/clock_events_2016-06-30.csv": (
            EVENTS, "SX1,（2016）浙0683民初2号,扣除审限,鉴定,2016-04-01,,,,,,",
        ),
    },
    # an older extract comes late and has the amount right: what is newer still says 400
    {"cases/cases_2016-05-31.csv": (CASES, "（2016）浙0683执1号,2016-02-01,,执行局,J2,,,,,,100.00,50.00")},
    {
        "cases/cases_2016-07-02.csv": (
            CASES,
            "（2015）浙0683民初1号,2016-03-01,普通程序,民一庭,J1,2016-07-01,判决,,,,,",  # still the wrong year
            "（2016）浙0683民初1号,2016-03-01,普通程序,民一庭,J1,2016-03-05,判决,,,,,",  # put right
            "（2016）浙0683执1号,2016-02-01,,执行局,J2,,,,,,100.00,200.00",  # put right
        ),
        "clock_events/clock_events_2016-07-02.csv": (
            EVENTS, "SX1,（2016）浙0683民初2号,扣除审限,鉴定,2016-04-01,2016-04-20,,,,,",
        ),
    },
    {"cases/cases_2016-07-03.csv": (CASES, "（2016）浙0683民初1号,2016-03-01,普通程序,民一庭,J1,2016-02-05,判决,,,,,")},  # wrong again
)  # fmt: skip
FIRST_NIGHT = datetime(2016, 7, 1, 2, tzinfo=ZoneInfo("Asia/Shanghai"))
# rule: what it is about, and from which refresh to which it stood, with the one that opened it
LIVES = {
    "DQ14": ("浙0683-2016-执-1", [(1, 2, 1)]),
    "DQ16": ("浙0683-2016-民初-1", [(1, 2, 1), (4, None, 4)]),
    "DQ20": ("浙0683-2015-民初-1", [(1, None, 1)]),
    "DQ22": ("（2016）浙0683民初2号", [(1, 2, 1)]),
}


def deliver(place: Place, files: dict[str, tuple[str, ...]]) -> None:
    for name, lines in files.items():
        path = place.inbox / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(lines) + "\n", "utf-8")


def refresh(place: Place, night: int) -> None:
    now = FIRST_NIGHT + timedelta(days=night)
    with refreshing(place, read_catalogue(find_profile("shengzhou")), now, "tests") as work:
        work.land()
        if work.has_news:
            run_steps(work)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Four nights of one court; answers are added to it, no delivery."""
    place = Place(tmp_path_factory.mktemp("findings") / "shengzhou")
    place.make()
    for night, files in enumerate(NIGHTS):
        deliver(place, files)
        refresh(place, night)
    return place


@pytest.fixture
def ask(place: Place, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """`ask("list", "--rule", "DQ16")`: exit code, printed text, complaint."""

    def call(*words: str) -> tuple[int, str, str]:
        code = main(["findings", *words, "--home", str(place.root.parent)])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


@pytest.fixture
def of_rule(ask: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """`of_rule("DQ16")`: the one finding of a rule."""

    def one(rule: str, *words: str) -> dict[str, Any]:
        _, out, _ = ask("list", "--json", "--status", "all", "--rule", rule, *words)
        (found,) = json.loads(out)["findings"]
        return dict(found)

    return one


def spans(place: Place) -> dict[str, tuple[str, list[tuple[Any, ...]]]]:
    found: dict[str, tuple[str, list[tuple[Any, ...]]]] = {}
    with snapshot(place.warehouse) as snap:
        rows = snap.rows(
            "select rule_id, coalesce(case_key, split_part(subject, ' ', 1)), from_refresh, to_refresh, opened_in "
            "from quality.findings order by rule_id, from_refresh"
        )
    for rule, subject, *span in rows:
        found.setdefault(rule, (subject, []))[1].append(tuple(span))
    return found


def test_a_finding_stands_from_the_refresh_that_saw_it_to_the_one_before_it_came_right(place: Place) -> None:
    found = spans(place)
    assert {rule: found[rule] for rule in LIVES} == LIVES


def test_a_finding_that_comes_back_has_its_old_number_and_no_two_share_one(place: Place) -> None:
    with snapshot(place.warehouse) as snap:
        numbers = snap.rows("select count(distinct finding_no), count(distinct rule_id || subject) from quality.findings")
        assert snap.rows("select count(distinct finding_no) from quality.findings where rule_id = 'DQ16'") == [(1,)]
    assert numbers[0][0] == numbers[0][1]


def test_what_is_not_mended_names_the_line_that_brought_it_in_however_often_it_is_sent(of_rule: Callable[..., Any]) -> None:
    found = of_rule("DQ20")
    assert (found["file"], found["line"], found["status"]) == ("cases_2016-06-30.csv", 2, "open")
    assert (found["opened_on"], found["age_days"]) == ("2016-07-01", 3)  # the fourth night is of 4 July
    assert (found["case_number"], found["bench"]) == ("（2015）浙0683民初1号", "民一庭")


@pytest.mark.parametrize(
    ("as_of", "status", "ended_on", "days", "sent"),
    [("r000001", "open", None, 0, 1), ("r000002", "open", None, 1, 1), ("r000003", "rectified", "2016-07-03", 2, 1),
     ("r000004", "open", None, 0, 2)],
)  # fmt: skip
def test_as_of_each_publication_a_finding_is_what_it_was_then(of_rule, as_of, status, ended_on, days, sent):
    found = of_rule("DQ16", "--as-of", as_of)
    assert (found["status"], found["ended_on"], found["age_days"]) == (status, ended_on, days)
    assert found["times_delivered"] == sent


def test_a_replay_gives_the_same_findings(place: Place, tmp_path: Path) -> None:
    before = spans(place)
    with locked(place):
        assert rebuild(place, "tests", lambda text: None).differences == ()
    assert spans(place) == before


# --- answers


def test_an_acceptance_holds_until_its_day_and_stands_on_the_ledger(place, ask, of_rule):
    number, until = of_rule("DQ20")["id"], str(date.today() + timedelta(days=30))
    assert ask("accept", number, "--why", "旧案号如此", "--until", until) == (0, "1 accepted, on the ledger\n", "")
    assert of_rule("DQ20")["status"] == "accepted"
    assert of_rule("DQ20", "--as-of", "r000004")["status"] == "open"  # what was published then does not change
    event = Ledger(place.landing).events()[-1]
    assert (event["decision"], event["responses"][0]["finding"], event["responses"][0]["until"]) == ("findings", number, until)
    assert not verify(place, "tests", False, lambda text: None, still=0.02).faults


def test_what_was_mended_is_completed_once_it_is_confirmed(ask, of_rule):
    assert of_rule("DQ14")["status"] == "rectified"
    assert ask("confirm", of_rule("DQ14")["id"])[0] == 0
    assert of_rule("DQ14")["status"] == "completed"


def test_what_was_confirmed_before_it_came_back_is_open_all_the_same(ask, of_rule):
    assert ask("confirm", of_rule("DQ16")["id"])[0] == 0
    assert of_rule("DQ16")["status"] == "open"


DAY = date(2016, 7, 4)


@pytest.mark.parametrize(
    ("one", "complaint"),
    [
        (Response(9, "confirmed", "x"), "there is no finding [F000009]"),
        (Response(1, "accepted", "x", "", date(2016, 8, 1)), "F000001 is accepted without a reason"),
        (Response(1, "accepted", "x", "so"), "F000001 is accepted without a last day"),
        (Response(1, "accepted", "x", "so", DAY), "not within a year after 2016-07-04"),
        (Response(1, "accepted", "x", "so", date(2017, 7, 5)), "not within a year after 2016-07-04"),
        (Response(1, "taken", ""), "nobody stands for the answer"),
    ],
)
def test_an_answer_that_cannot_be_taken_says_why(one, complaint):
    with pytest.raises(ValueError, match=r"F00000|nobody") as refused:
        checked(one, {1: ()}, DAY)
    assert complaint in str(refused.value)


@pytest.mark.parametrize("until", [DAY + timedelta(days=1), date(2017, 7, 4)])
def test_an_acceptance_runs_for_a_day_to_a_year(until):
    one = Response(1, "accepted", "x", "so", until)
    assert checked(one, {1: ()}, DAY) is one


# --- what they touch


@pytest.mark.parametrize(
    ("numerator", "denominator", "may_come", "may_go", "is_share", "expected"),
    [
        (97, 100, 0, 0, True, (0.97, 0.97)),
        (97, 100, 3, 0, False, (97 / 103, 100 / 100)),  # three come into the denominator alone, or into the numerator alone
        (97, 100, 3, 3, False, (94 / 103, 100 / 97)),  # or three of those counted leave them
        (97, 100, 3, 3, True, (94 / 103, 1.0)),
        (0, 1, 1, 1, False, (0.0, 1.0)),
    ],
)
def test_a_rate_moves_between_what_all_rows_in_and_all_rows_out_would_make(
    numerator, denominator, may_come, may_go, is_share, expected
):
    assert bounds(numerator, denominator, may_come, may_go, is_share) == pytest.approx(expected)


def test_a_finding_says_which_figures_it_touches_and_how_far_the_closing_rate_could_move(ask):
    _, out, _ = ask("list", "--json", "--rule", "DQ16")
    (touched,) = json.loads(out)["touches"]
    assert (touched["court"], touched["family"], touched["cases"]) == ("浙0683", "civil", 1)
    assert {"filed", "closed", "pending_end", "closing_rate_cn"} <= set(touched["figures"])
    assert "same_day_registration_rate" not in touched["figures"]  # it is counted from applications
    most = touched["most"]
    # three civil cases were filed in 2016 and all are closed; one of them might be otherwise: (3-1)/(3+1) to (3+1)/(3-1)
    assert (most["metric"], most["period"]) == ("closing_rate_cn", "2016")
    assert [most[key] for key in ("value", "lower", "upper", "at_most")] == pytest.approx([1.0, 0.5, 2.0, 1.0])


def test_what_no_figure_depends_on_touches_none(ask):
    _, out, _ = ask("list", "--json", "--rule", "DQ22", "--status", "all")
    assert json.loads(out)["touches"] == []  # it stands no longer


# --- the history of quality


def test_each_stay_on_the_worklist_counts_with_its_days(place):
    # all four nights are of July: DQ16 twice, DQ14, DQ20, DQ22 once each; mended on the third night, two days after the first
    with snapshot(place.warehouse) as snap:
        months = {one.key: one for one in history(snap, "rule")}
        by_file = {one.key: one.opened for one in history(snap, "file") if one.key}
    told = {rule: (one.month, one.opened, one.ended, one.standing, one.days_to_mend) for rule, one in months.items()}
    assert {rule: told[rule] for rule in LIVES} == {
        "DQ14": ("2016-07", 1, 1, 0, 2), "DQ16": ("2016-07", 2, 1, 1, 2), "DQ20": ("2016-07", 1, 0, 1, None),
        "DQ22": ("2016-07", 1, 1, 0, 2),
    }  # fmt: skip
    assert by_file["cases_2016-06-30.csv"] >= 3 and by_file["cases_2016-07-03.csv"] == 1


def test_the_history_is_told_on_the_screen_and_as_json(ask):
    code, out, _ = ask("history", "--by", "rule", "--lang", "en")
    assert code == 0 and out.splitlines()[0].split() == [
        "rule",
        "month",
        "found",
        "came",
        "right",
        "standing",
        "median",
        "days",
    ]
    _, out, _ = ask("history", "--json")
    (month,) = json.loads(out)
    assert (month["month"], month["key"]) == ("2016-07", None)


# --- worklists


def filled(path: Path, target: Path, *answers: tuple[str, str, str, Any, str]) -> None:
    """The workbook as a clerk sends it back: number, answer, reason, day, name; unknown numbers in rows of their own."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    rows = {sheet.cell(row, 1).value: row for row in range(2, sheet.max_row + 1)}
    for number, answer, why, until, who in answers:
        row = rows.get(number) or sheet.max_row + 1
        for header, value in zip(
            ("编号", "答复", "理由", "有效期至", "答复人"), (number, answer, why, until, who), strict=True
        ):
            sheet.cell(row, headers.index(header) + 1).value = value
    book.save(target)


def test_a_worklist_goes_out_by_bench_and_comes_back_by_name(place, ask, of_rule, tmp_path):
    assert ask("export", "--status", "all", "--output", str(tmp_path), "--lang", "zh")[0] == 0
    written = {path.name for path in tmp_path.iterdir()}
    assert {f"worklist_r000004_浙0683_{bench}.xlsx" for bench in ("民一庭", "民二庭", "执行局")} <= written
    number, back = of_rule("DQ16")["id"], tmp_path / "back.xlsx"
    filled(
        tmp_path / "worklist_r000004_浙0683_民一庭.xlsx", back,
        (number, "已更正", "", None, "书记员甲"), ("F000999", "登记", "", None, "书记员甲"),
        (of_rule("DQ20")["id"], "接受", "", date.today() + timedelta(days=9), "书记员甲"),
    )  # fmt: skip
    code, out, _ = ask("import", str(back))
    assert code == 1
    assert (
        "there is no finding [F000999]" in out
        and "is accepted without a reason" in out
        and "1 answers taken, 2 rows not" in out
    )
    assert [(one["answer"], one["who"]) for one in of_rule("DQ16")["answers"]][-1] == ("mended", "书记员甲")
    assert "0 answers taken" in ask("import", str(back))[1]  # once is enough
    assert not [path for path in (place.landing / "blobs").iterdir() if path.read_bytes() == back.read_bytes()]


def test_a_worklist_in_the_inbox_is_taken_at_the_next_refresh(place, ask, of_rule, tmp_path):
    assert ask("export", "--status", "all", "--bench", "民二庭", "--output", str(tmp_path), "--lang", "zh")[0] == 0
    folder = place.inbox / "worklist"
    folder.mkdir()
    filled(
        tmp_path / "worklist_r000004_浙0683_民二庭.xlsx",
        folder / "民二庭.xlsx",
        (of_rule("DQ22")["id"], "办结", "", None, "乙"),
    )
    (folder / "其他.xlsx").write_bytes(b"no workbook")
    with refreshing(place, read_catalogue(find_profile("shengzhou")), FIRST_NIGHT + timedelta(days=9), "tests") as work:
        landed = work.land()
        assert not work.has_news
    assert [one.file for one in landed.refused] == ["其他.xlsx"]
    assert of_rule("DQ22")["status"] == "completed"


def test_text_that_a_spreadsheet_would_run_goes_out_as_text(place, tmp_path):
    from pipelines.reports.worklist import write_worklist
    from warehouse.reading.findings import findings

    with snapshot(place.warehouse) as snap:
        one, *_ = findings(snap, {}, {}, {})
        odd = type(one)(**{**one.__dict__, "value": "=1+1", "message": "@SUM(A1)"})
        write_worklist([odd], {}, snap.refresh, "zh", tmp_path / "odd.xlsx")
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "odd.xlsx").worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value in ("=1+1", "@SUM(A1)")} == {"s"}


def test_a_wrong_question_is_answered_in_one_line(ask, tmp_path):
    (tmp_path / "a.csv").write_text("编号\n", "utf-8")
    for words in (("accept",), ("accept", "7"), ("accept", "F000001", "--until", "soon"), ("import",), ("list", "F000001"),
                  ("import", str(tmp_path / "none.xlsx")), ("import", str(tmp_path / "a.csv")),
                  ("export", "--output", str(tmp_path / "none"))):  # fmt: skip
        code, _, complaint = ask(*words)
        assert code == 2 and complaint.count("\n") == 1 and complaint.startswith("caseload: ")
