"""What changed between two publications: by hand for each kind of cause, and adding up for whole dockets."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

import pytest

from warehouse.audit.changed import Changed, Question
from warehouse.audit.compare import compare
from warehouse.catalogue.bundle import read_catalogue
from warehouse.intake.chronicle import read_chronicle
from warehouse.intake.ledger import Ledger
from warehouse.quality.expectations import Outcome

HEADER = "案号,立案日期,适用程序,承办庭室,承办人,结案日期,结案方式,原案号,自诉,作废,申请标的金额,执行到位金额\n"
MAY = [
    "（2016）浙0683民初1号,2016-03-02,普通程序,民一庭,J1,,,,,,,",
    "（2016）浙0683民初2号,2016-04-05,普通程序,民一庭,J1,2016-04-20,判决,,,,,",
    "（2016）浙0683民初3号,2016-04-10,普通程序,民一庭,J1,2016-04-01,判决,,,,,",  # closed before it was filed
    "（2016）浙0683执1号,2016-02-01,,执行局,J2,2016-03-01,终结本次执行程序,,,,100.00,0.00",
]
JUNE = [
    "（2016）浙0683民初1号,2016-03-02,普通程序,民一庭,J1,2016-06-10,判决,,,,,",  # completed
    "（2016）浙0683民初2号,2016-04-05,普通程序,民一庭,J1,2016-05-02,判决,,,,,",  # corrected
    "（2016）浙0683民初3号,2016-04-10,普通程序,民一庭,J1,2016-05-30,判决,,,,,",  # came right
    "（2016）浙0683民初4号,2016-03-15,普通程序,民一庭,J1,,,,,,,",  # late
    "（2016）浙0683民初5号,2016-06-01,普通程序,民一庭,J1,,,,,,,",  # new
    "（2016）浙0683执恢1号,2016-06-05,,执行局,J2,,,（2016）浙0683执1号,,,100.00,",  # takes 执1号 out of the pool
]

Causes = list[tuple[str, str, int, int]]
"""Kind, what, numerator, denominator."""


def deliver(home: Any, day: str, rows: list[str]) -> None:
    folder = home.place.inbox / "cases"
    folder.mkdir(exist_ok=True)
    (folder / f"cases_{day}.csv").write_text(HEADER + "\n".join(rows) + "\n", "utf-8")


def changes(home: Any, earlier: str, later: str, **asked: Any) -> dict[str, Changed]:
    with home.reader(earlier) as old, home.reader(later) as new:
        chronicle = read_chronicle(Ledger(home.place.landing).events())
        found = compare(home.place, chronicle, old, new, Question(**asked))
    return {f"{one.name}/{one.period.id}" + "".join(f"/{k}={v}" for k, v in one.dims.items()): one for one in found}


def causes(one: Changed) -> Causes:
    return [(c.kind, c.what, c.numerator, c.denominator) for c in one.causes]


@pytest.fixture(scope="module")
def may(new_home: Callable[[], Any]) -> Any:
    """The first night. To be copied, not changed."""
    home = new_home()
    deliver(home, "2016-05-31", MAY)
    home.refresh()
    return home


@pytest.fixture(scope="module")
def found(may: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Changed]:
    home = may.copy(tmp_path_factory.mktemp("june"))
    deliver(home, "2016-06-30", JUNE)
    home.refresh(night=1)
    return changes(home, "r000001", "r000002")


# Worked out by hand from the two files above. Until 31 May: filed in March 民初1, in April 民初2 (民初3 is set aside).
@pytest.mark.parametrize(
    ("figure", "before", "after", "expected"),
    [
        ("filed/2016-03", 1, 2, [("late", "", 1, 0)]),
        ("filed/2016-04", 1, 2, [("released", "DQ16", 1, 0)]),
        ("filed/2016-06", None, 2, [("new", "", 2, 0)]),
        ("closed/2016-04", 1, 0, [("corrected", "closed_on", -1, 0)]),
        ("closed/2016-05", 0, 2, [("corrected", "closed_on", 1, 0), ("released", "DQ16", 1, 0)]),
        ("closed/2016-06", None, 1, [("completed", "closed_on, closing_manner", 1, 0)]),
        # 民初1 alone was pending; 民初2 still is at the end of April, 民初3 and 民初4 have come
        ("pending_end/2016-04", 1, 4, [("corrected", "closed_on", 1, 0), ("late", "", 1, 0), ("released", "DQ16", 1, 0)]),
        # carried to the end of June 民初1, then it is closed; 民初4, 民初5 and 执恢1 are pending
        ("pending_end/2016-06", None, 3, [("time", "counted to 2016-06-30 instead of 2016-05-31", 1, 0),
                                         ("completed", "closed_on, closing_manner", -1, 0), ("late", "", 1, 0), ("new", "", 2, 0)]),
        ("zhongben_pool/2016-06", None, 0, [("time", "counted to 2016-06-30 instead of 2016-05-31", 1, 0), ("linked", "", -1, 0)]),
        # closed / (pending at the start + filed): 0 / 1 before, (2) / (4 + 0) after
        ("closing_rate_cn/2016-05", 0, 2, [
            ("corrected", "closed: closed_on", 1, 0), ("released", "closed: DQ16", 1, 0),
            ("corrected", "pending_start: closed_on", 0, 1), ("late", "pending_start", 0, 1),
            ("released", "pending_start: DQ16", 0, 1)]),
    ],
)  # fmt: skip
def test_each_kind_of_cause_by_hand(found, figure, before, after, expected):
    one = found[figure]
    assert (one.before.numerator, one.after.numerator) == (before, after)
    assert causes(one) == expected and one.adds_up


def test_figures_that_did_not_change_are_left_out(found):
    assert "filed/2016-02" not in found and "zhongben_pool/2016-05" not in found


def test_a_cause_names_file_line_and_what_was_changed(found):
    (cause,) = found["closed/2016-04"].causes
    assert (cause.delivery.file, cause.refresh_no) == ("cases_2016-06-30.csv", 2)
    ((change, numerator, _),) = cause.changes
    assert (change.number, change.line, numerator) == ("（2016）浙0683民初2号", 3, -1)
    assert change.fields == (("closed_on", "2016-04-20", "2016-05-02"),)
    linked = found["zhongben_pool/2016-06"].causes[1].changes[0][0]
    assert (linked.number, linked.because_of) == ("（2016）浙0683执1号", ("浙0683-2016-执恢-1",))


def test_several_publications_are_told_delivery_by_delivery(new_home):
    home = new_home()
    for night, closed in enumerate(["", "2016-05-02", "2016-05-30", "2016-04-30"]):
        manner = "判决" if closed else ""
        deliver(home, f"2016-06-0{1 + night}", [f"（2016）浙0683民初1号,2016-04-05,普通程序,民一庭,J1,{closed},{manner},,,,,"])
        home.refresh(night)
    through = changes(home, "r000001", "r000004", name="closed")
    assert [(c.kind, c.refresh_no, c.numerator) for c in through["closed/2016-04"].causes] == [("corrected", 4, 1)]
    assert "closed/2016-05" not in through  # in and out again
    there = changes(home, "r000001", "r000003", name="closed", kind="year")["closed/2016"]
    assert [(c.kind, c.refresh_no, c.numerator) for c in there.causes] == [("completed", 2, 1)]


def test_a_number_that_was_corrected_beforehand_is_told_by_what_its_deliveries_say(new_home):
    """民初7 is 民初8 in truth; every extract goes on calling it 民初7. It comes, is completed, and is corrected."""
    home = new_home()
    (home.place.inbox / "corrections").mkdir()
    (home.place.inbox / "corrections/corrections_2016-05-31.csv").write_text(
        "案号,更正字段,原值,新值,更正人,更正理由,更正日期\n"
        "（2016）浙0683民初7号,案号,（2016）浙0683民初7号,（2016）浙0683民初8号,王,立案号误录,2016-05-30\n", "utf-8",
    )  # fmt: skip
    other = "（2016）浙0683民初1号,2016-05-05,普通程序,民一庭,J1,,,,,,,"
    for night, closed in enumerate([None, ",", "2016-06-02,判决", "2016-05-30,判决"]):
        mine = [] if closed is None else [f"（2016）浙0683民初7号,2016-05-05,普通程序,民一庭,J1,{closed},,,,,"]
        deliver(home, f"2016-06-1{night}", [other, *mine])
        home.refresh(night)
    came = changes(home, "r000001", "r000002", name="filed")["filed/2016-05"]
    completed = changes(home, "r000002", "r000003", name="closed")["closed/2016-06"]
    corrected = changes(home, "r000003", "r000004", name="closed")["closed/2016-05"]
    told = [(c.kind, c.what, c.numerator, change.number, change.line)
            for one in (came, completed, corrected) for c in one.causes for change, _, _ in c.changes]  # fmt: skip
    assert told == [("late", "", 1, "（2016）浙0683民初8号", 3), ("completed", "closed_on, closing_manner", 1, "（2016）浙0683民初8号", 3),
                    ("corrected", "closed_on", 1, "（2016）浙0683民初8号", 3)]  # fmt: skip
    assert came.adds_up and completed.adds_up and corrected.adds_up


def test_other_code_lists_and_other_definitions_are_causes_of_their_own(home, catalogue, tmp_path, change, monkeypatch):
    """The same rows, by a profile that calls 执保 no case, and by a query that takes 当场 to mean at the counter.

    As if both engines had been changed alike: a query changed alone is withheld (tests/recount/test_refreshes.py).
    """
    monkeypatch.setattr("warehouse.refresh.count.count_again", lambda work: Outcome("RECOUNT", True, 0, 0, None))
    house = tmp_path / "house"
    for name in ("sql", "warehouse/tables", "warehouse/definitions", "warehouse/rules", "warehouse/scopes"):
        shutil.copytree(catalogue.house / name, house / name)
    shutil.copytree(catalogue.profile.folder, house / "profile")
    types = house / "profile/codes/case_types.csv"
    header, *lines = types.read_text("utf-8").splitlines()
    was = next(line for line in lines if line.startswith("执保,"))
    cells = was.split(",")
    cells[header.split(",").index("counts_as_code")] = "not_a_case"
    change(types, was, ",".join(cells))
    rate = house / "sql/metrics/same_day_registration_rate.sql"
    change(
        rate, "and decisions.correction_notice_on is null", "and decisions.correction_notice_on is null and channel = 'counter'"
    )
    preserved = home.rows(
        "select count(*) from model.cases where type_code = '执保' and year(registered_on) = 2014 and is_counted"
    )
    elsewhere = home.rows(
        "select count(*) from model.registration_decisions where year(registered_on) = 2016 and first_decision = 'register' "
        "and decided_on = received_on and correction_notice_on is null and channel is distinct from 'counter'"
    )
    change(house / "warehouse/definitions/disposal_filing_ratio_cn.yml", '"closed / filed"', '"closed / (filed + closed)"')
    (closed,) = home.rows("select count(*) from model.case_spells where year(closed_on) = 2013")[0]
    home.refresh(2, read_catalogue(house / "profile", house))
    found = changes(home, "r000002", "r000003", kind="year")
    assert causes(found["filed/2014"]) == [("code_list", "profile/codes/case_types.csv", -preserved[0][0], 0)]
    assert causes(found["same_day_registration_rate/2016"]) == [
        ("definition", "sql/metrics/same_day_registration_rate.sql", -elsewhere[0][0], 0)
    ]
    ratio = found["disposal_filing_ratio_cn/2013"]
    assert causes(ratio)[0] == ("definition", "warehouse/definitions/disposal_filing_ratio_cn.yml", 0, closed) and closed > 0
    assert preserved[0][0] > 0 and elsewhere[0][0] > 0 and all(one.adds_up for one in found.values())


@pytest.mark.parametrize("asked", [
    {"name": "filed.without_resumed"}, {"name": "closing_rate_cn.with_mediation", "kind": "year"},
    {"name": "pending_end.with_mediation", "by": ("family",)}, {"name": "closed", "calendar": "dec_nov_year", "kind": "half"},
    {"name": "clearance_rate_cepej.without_preservation", "calendar": "dec_nov_year", "kind": "year"},
])  # fmt: skip
def test_the_causes_of_a_scope_and_of_each_calendar_add_up_when_it_is_asked_for(two_nights, asked):
    found = changes(two_nights, "r000001", "r000002", **asked)
    assert found and all(one.adds_up for one in found.values())
    assert any(one.causes for one in found.values())
    assert {one.name for one in found.values()} == {asked["name"]}


def test_a_scope_is_told_when_it_is_asked_for_and_only_then(two_nights):
    found = changes(two_nights, "r000001", "r000002", kind="range")
    names = {one.name for one in found.values()}
    assert {"filed", "mediations_filed", "closing_rate_cn.with_reopened"} <= names and "filed.without_resumed" not in names


@pytest.mark.parametrize("asked", [{}, {"kind": "year", "by": ("family", "procedure")}, {"calendar": "stat20_month"},
                                   {"kind": "range", "where": {"family": "civil"}}])  # fmt: skip
def test_the_causes_of_every_figure_of_a_docket_add_up(two_nights, asked):
    found = changes(two_nights, "r000001", "r000002", **asked)
    assert found and all(one.adds_up for one in found.values())
    assert all(sum(n for _, n, _ in c.changes) == c.numerator for one in found.values() for c in one.causes if c.changes)


def test_a_withheld_figure_gives_no_number_away(may, tmp_path):
    home = may.copy(tmp_path)
    # ten of eleven rows closed before they were filed: the figures of the source wait
    spoilt = [f"（2016）浙0683民初{n}号,2016-04-10,普通程序,民一庭,J1,2016-04-01,判决,,,,," for n in range(11, 21)]
    deliver(home, "2016-06-30", [*spoilt, MAY[0]])
    home.refresh(night=1)
    one = changes(home, "r000001", "r000002", name="filed")["filed/2016-03"]
    assert (one.after.status, one.is_counted, one.after.numerator) == ("withheld", False, None)
    assert [(c.kind, c.numerator) for c in one.causes] == [("withheld", 0)] and one.causes[0].what


def test_more_days_in_the_span_of_a_ratio_are_time_that_went_on_and_no_other_definition(may: Any, tmp_path: Any) -> None:
    # pending at the end × days / closed, of the span from the first day of the data: 31 more days on 1 July than on 31 May
    home = may.copy(tmp_path)
    deliver(home, "2016-06-30", JUNE)
    home.refresh(night=1)
    found = changes(home, "r000001", "r000002", name="disposition_time_cepej", kind="range")
    kinds = {kind: what for one in found.values() for kind, what, *_ in causes(one)}
    assert "definition" not in kinds and all(one.adds_up for one in found.values())
    assert kinds["time"].endswith("counted to 2016-06-30 instead of 2016-05-31")
