"""staged.registrations: one application to register, typed; its key is the court's own."""

# The drawings keep their form.
# fmt: off

import datetime as dt

HEADERS = "申请编号 | 收到日期 | 渠道 | 申请类别 | 首次处理 | 处理日期 | 补正通知日期 | 立案日期 | 案号"


def test_an_application_is_typed_with_the_court_of_the_contract(stage):
    typed = stage(f"""
        {HEADERS}
        SQ2016000001 | 2016-03-01 | 网上 | 民事一审 | 登记立案 | 2016-03-01 | | 2016-03-01 | （2016）浙0683民初1号
        SQ2016000002 | 2016-03-02 | 窗口 | 首次执行 | 通知补正 | 2016-03-02 | 2016-03-02 | |
    """, source="registrations")
    assert typed.rows("application_key", "court_code", "channel", "population", "first_decision", "case_key") == [
        ("SQ2016000001", "浙0683", "online", "civil_first", "register", "浙0683-2016-民初-1"),
        ("SQ2016000002", "浙0683", "counter", "first_enforcement", "correct", None),
    ]
    assert typed.rows("received_on", "correction_notice_on", "registered_on") == [
        (dt.date(2016, 3, 1), None, dt.date(2016, 3, 1)), (dt.date(2016, 3, 2), dt.date(2016, 3, 2), None),
    ]  # fmt: skip


def test_a_population_of_no_code_list_is_set_aside_with_the_key_of_the_application(stage):
    typed = stage(f"""
        {HEADERS}
        SQ2016000001 | 2016-03-01 | 窗口 | 民事二审 | 登记立案 | 2016-03-01 | | 2016-03-01 | （2016）浙0683民终1号
    """, source="registrations")
    assert typed.aside == [(1, "population", "population [民事二审] is not in the code list [populations]")]
    assert typed.report.set_aside[0].case_key == "SQ2016000001"


def test_equal_applications_are_duplicates_and_different_ones_of_one_key_are_not(stage):
    same = "SQ1 | 2016-03-01 | 窗口 | 民事一审 | 登记立案 | 2016-03-01 | | 2016-03-01 | （2016）浙0683民初1号"
    typed = stage(f"{HEADERS}\n{same}\n{same}\n{same.replace('窗口', '网上')}", source="registrations")
    assert typed.rows("is_duplicate") == [(False,), (True,), (False,)]


def test_a_row_without_a_key_is_set_aside_and_not_lost(stage):
    typed = stage("""
        申请编号      | 收到日期   | 申请类别 | 首次处理 | 处理日期   | 立案日期   | 案号
        SQ2016000001  | 2016-03-01 | 民事一审 | 登记立案 | 2016-03-01 | 2016-03-01 | （2016）浙0683民初1号
                      | 2016-03-02 | 民事一审 | 登记立案 | 2016-03-02 | 2016-03-02 | （2016）浙0683民初2号
    """, source="registrations")  # fmt: skip
    assert [row[0] for row in typed.rows("application_key")] == ["SQ2016000001"]
    assert typed.aside == [(2, "application_key", "application_key is missing: the row has no key")]
