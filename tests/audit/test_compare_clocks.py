"""What a late deduction, a withdrawn extension or a result of enforcement changes between two publications, by hand."""

from __future__ import annotations

import pytest

from tests.audit.test_compare import causes, changes, deliver

CASES = [
    "（2016）浙0683民初1号,2016-03-01,简易程序,民一庭,J1,2016-06-20,判决,,,,,",  # 3 months end on 1 June: too late
    "（2016）浙0683民初2号,2016-03-01,简易程序,民一庭,J1,2016-07-05,判决,,,,,",  # in time only as long as its extension stands
    "（2016）浙0683执1号,2016-02-01,,执行局,J2,2016-03-01,终结本次执行程序,,,,100.00,0.00",
    # count nowhere; but without them April and May would be empty, which withholds the figures (DQ42)
    "（2016）浙0683诉前调1号,2016-04-11,,民一庭,J1,,,,,,,",
    "（2016）浙0683诉前调2号,2016-05-11,,民一庭,J1,,,,,,,",
]
EVENTS = "事项编号,案号,事项,原因,起始日期,截止日期,批准日期,原程序,延长月数,延长天数,作废\n"
RESULTS = "结果编号,案号,日期,结果,申请标的金额,到位金额,发现财产,作废\n"


def put(home, source: str, day: str, text: str) -> None:
    folder = home.place.inbox / source
    folder.mkdir(exist_ok=True)
    (folder / f"{source}_{day}.csv").write_text(text, "utf-8")


@pytest.fixture(scope="module")
def found(new_home):
    home = new_home()
    deliver(home, "2016-07-31", CASES)
    put(home, "clock_events", "2016-07-31", EVENTS + "SX2,（2016）浙0683民初2号,延长审限,院长批准,,,2016-05-20,,2,,\n")
    home.refresh()
    # 20 days of appraisal move 1 June to 21 June, a Tuesday; the extension of 民初2 is told to be a mistake
    put(home, "clock_events", "2016-08-01", EVENTS + "SX1,（2016）浙0683民初1号,扣除审限,鉴定,2016-04-01,2016-04-20,,,,,否\n"
        "SX2,（2016）浙0683民初2号,延长审限,院长批准,,,2016-05-20,,2,,是\n")  # fmt: skip
    put(home, "enforcement_results", "2016-08-01", RESULTS + "JG1,（2016）浙0683执1号,2016-05-10,债权清偿,100.00,,,\n")
    home.refresh(night=1)
    return changes(home, "r000001", "r000002", kind="month")


@pytest.mark.parametrize(
    ("figure", "before", "after", "expected"),
    [
        ("within_lawful_limit_rate/2016-06", 0, 1, [("clock_event", "appraisal", 1, 0)]),
        ("within_base_limit_rate/2016-06", 0, 1, [("clock_event", "appraisal", 1, 0)]),
        ("within_lawful_limit_rate/2016-07", 1, 0, [("clock_event", "president", -1, 0)]),
        # satisfied on 10 May: out of the pool since May
        ("zhongben_pool/2016-05", 1, 0, [("result", "satisfied", -1, 0)]),
        ("zhongben_pool_exits/2016-05", 0, 1, [("result", "satisfied", 1, 0)]),
    ],
)  # fmt: skip
def test_each_is_named_as_the_cause(found, figure, before, after, expected):
    one = found[figure]
    assert (one.before.numerator, one.after.numerator) == (before, after)
    assert causes(one) == expected and one.adds_up


def test_nothing_else_changed_and_all_adds_up(found):
    assert all(one.adds_up for one in found.values())
    assert not [name for name in found if name.startswith(("filed", "closed/", "pending_end"))]


def test_the_cause_names_the_file_and_the_line(found):
    (cause,) = found["within_lawful_limit_rate/2016-07"].causes
    assert cause.delivery.file == "clock_events_2016-08-01.csv"
    assert cause.changes[0][0].line == 3
