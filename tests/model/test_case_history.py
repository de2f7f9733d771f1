"""model.case_history: one version of one case in the order of its extracts; nothing is ever taken out of it."""

# The drawings keep their form.
# fmt: off

import pytest


def test_a_version_is_kept_only_where_the_content_changes(deliver, refresh, expect):
    deliver("2016-01-31", """
        case_key | registered_on | closed_on
        a        | 2016-01-05    |
        b        | 2016-01-08    |
    """)
    refresh()
    deliver("2016-02-29", """
        case_key | registered_on | closed_on
        a        | 2016-01-05    | 2016-02-10
        b        | 2016-01-08    |
    """)
    refresh()
    expect("model.case_history", """
        case_key | delivery_no | known_from | presence | closed_on
        a        | 1           | 1          | seen     |
        b        | 1           | 1          | seen     |
        a        | 2           | 2          | seen     | 2016-02-10
    """)


@pytest.mark.parametrize(("column", "before", "after"), [
    ("court_code", "浙0683", "浙06"), ("procedure", "ordinary", "simplified"), ("bench_code", "", "一庭"),
    ("judge_code", "J01", ""), ("registered_on", "2016-01-05", "2016-01-06"), ("closing_manner", "judgment", "mediation"),
    ("origin_case_key", "", "x"), ("is_private_prosecution", "", "false"), ("transferred_in", "false", "true"),
    ("is_void", "false", "true"), ("amount_applied", "100.00", "100.01"), ("amount_realised", "", "0.00"),
    ("reopened_on", "", "2016-02-02"), ("type_code", "民初", "刑初"), ("special_code", "", "知"),
])  # fmt: skip
def test_a_change_of_any_column_is_a_version(deliver, refresh, expect, column, before, after):
    for day, value in (("2016-01-31", before), ("2016-02-29", after)):
        deliver(day, f"case_key | {column}\n a | {value}")
    refresh()
    expect("model.case_history", "case_key | delivery_no\n a | 1\n a | 2")


def test_a_value_that_moves_to_the_next_column_is_a_version(deliver, refresh, expect):
    deliver("2016-01-31", """
        case_key | bench_code | judge_code
        a        | J01        |
    """)
    deliver("2016-02-29", """
        case_key | bench_code | judge_code
        a        |            | J01
    """)
    refresh()
    expect("model.case_history", """
        case_key | delivery_no | bench_code | judge_code
        a        | 1           | J01        |
        a        | 2           |            | J01
    """)


def test_a_late_older_extract_makes_the_versions_after_it_anew(deliver, refresh, expect):
    # known so far: the same content at the end of January and of March; then February turns up, and it differs
    deliver("2016-01-31", "case_key | procedure \n a | ordinary")
    deliver("2016-03-31", "case_key | procedure \n a | ordinary")
    refresh()
    deliver("2016-02-29", "case_key | procedure \n a | simplified")
    refresh()
    expect("model.case_history", """
        case_key | delivery_no | known_from | procedure
        a        | 1           | 1          | ordinary
        a        | 3           | 2          | simplified
        a        | 2           | 2          | ordinary
    """)
    expect("model.cases", """
        case_key | procedure | delivery_no
        a        | ordinary  | 2
    """)


def test_a_late_older_extract_that_is_the_oldest_of_all_changes_no_present(deliver, refresh, expect):
    deliver("2016-03-31", "case_key | procedure \n a | ordinary")
    refresh()
    deliver("2016-01-31", "case_key | procedure \n a | simplified")
    refresh()
    expect("model.case_history", """
        case_key | delivery_no | known_from | procedure
        a        | 2           | 2          | simplified
        a        | 1           | 1          | ordinary
    """)
    expect("model.cases", "case_key | procedure | delivery_no \n a | ordinary | 1")


def test_a_late_extract_leaves_keys_that_it_does_not_name_alone(deliver, refresh, expect):
    deliver("2016-01-31", "case_key | procedure \n a | ordinary \n b | ordinary")
    deliver("2016-03-31", "case_key | procedure \n a | ordinary \n b | ordinary")
    refresh()
    deliver("2016-02-29", "case_key | procedure \n a | ordinary")
    refresh()
    expect("model.case_history", """
        case_key | delivery_no | known_from
        a        | 1           | 1
        b        | 1           | 1
    """)


def test_of_two_extracts_of_one_day_the_declared_order_decides_then_the_hash(deliver, refresh, expect):
    deliver("2016-01-31", "case_key | procedure \n a | ordinary   \n b | ordinary", rank=2, sha256="a")
    deliver("2016-01-31", "case_key | procedure \n a | simplified \n b | simplified", rank=1, sha256="c")
    deliver("2016-01-31", "case_key | procedure \n b | fast_track", rank=2, sha256="b")
    refresh()
    expect("model.cases", """
        case_key | procedure
        a        | ordinary
        b        | fast_track
    """)


def test_a_repeated_file_makes_no_version(deliver, refresh, expect):
    deliver("2016-01-31", "case_key | procedure \n a | ordinary", sha256="a")
    deliver("2016-02-29", "case_key | procedure \n a | simplified", sha256="b")
    refresh()
    deliver("2016-01-31", "", repeats=1, sha256="a")
    refresh()
    expect("model.case_history", """
        case_key | delivery_no | known_from
        a        | 1           | 1
        a        | 2           | 1
    """)
    expect("model.cases", "case_key | procedure \n a | simplified")


def test_a_duplicate_within_a_file_makes_no_version(deliver, refresh, expect):
    deliver("2016-01-31", """
        case_key | procedure  | is_duplicate
        a        | ordinary   | false
        a        | ordinary   | true
    """)
    refresh()
    expect("model.case_history", "case_key | record \n a | 1")


def test_a_row_set_aside_makes_no_version_and_the_one_before_stands(deliver, refresh, expect):
    deliver("2016-01-31", "case_key | procedure \n a | ordinary")
    refresh()
    deliver("2016-02-29", "case_key | procedure \n a | simplified", aside=("a",))
    refresh()
    expect("model.case_history", "case_key | delivery_no | procedure \n a | 1 | ordinary")
    expect("model.cases", "case_key | procedure \n a | ordinary")


def test_a_case_that_a_snapshot_no_longer_names_is_absent_and_one_that_comes_back_returned(deliver, refresh, expect):
    deliver("2016-01-31", "case_key | procedure \n a | ordinary \n b | ordinary", kind="snapshot")
    refresh()
    deliver("2016-02-29", "case_key | procedure \n b | ordinary", kind="snapshot")
    refresh()
    deliver("2016-03-31", "case_key | procedure \n a | ordinary \n b | ordinary", kind="snapshot")
    refresh()
    expect("model.case_history", """
        case_key | delivery_no | known_from | presence | procedure
        a        | 1           | 1          | seen     | ordinary
        b        | 1           | 1          | seen     | ordinary
        a        | 2           | 2          | absent   |
        a        | 3           | 3          | returned | ordinary
    """)


def test_a_case_that_stays_away_is_absent_once(deliver, refresh, expect):
    deliver("2016-01-31", "case_key | procedure \n a | ordinary \n b | ordinary", kind="snapshot")
    for day in ("2016-02-29", "2016-03-31"):
        deliver(day, "case_key | procedure \n b | ordinary", kind="snapshot")
    refresh()
    expect("model.case_history", """
        case_key | delivery_no | presence
        a        | 1           | seen
        b        | 1           | seen
        a        | 2           | absent
    """)


def test_a_row_of_a_snapshot_that_was_set_aside_is_no_silence(deliver, refresh, expect):
    deliver("2016-01-31", "case_key | procedure \n a | ordinary", kind="snapshot")
    refresh()
    deliver("2016-02-29", "case_key | procedure \n a | simplified", kind="snapshot", aside=("a",))
    refresh()
    expect("model.case_history", "case_key | delivery_no | presence \n a | 1 | seen")


@pytest.mark.parametrize("nights", [1, 4])
def test_a_case_returns_also_where_its_first_row_after_the_absence_was_set_aside(deliver, refresh, expect, nights):
    for day, row, aside in (("01-31", "a | ordinary", ()), ("02-29", "b | ordinary", ()), ("03-31", "a | simplified", ("a",)),
                            ("04-30", "a | ordinary", ())):  # fmt: skip
        deliver(f"2016-{day}", f"case_key | procedure \n {row}", kind="snapshot", aside=aside)
        if nights == 4:
            refresh()
    if nights == 1:
        refresh()
    expect("model.case_history", """
        case_key | delivery_no | presence
        a        | 1           | seen
        a        | 2           | absent
        b        | 2           | seen
        b        | 3           | absent
        a        | 4           | returned
    """)


@pytest.mark.parametrize("nights", [1, 2])
def test_a_case_of_which_no_row_was_ever_accepted_cannot_be_absent(deliver, refresh, expect, nights):
    deliver("2016-01-31", "case_key | procedure \n a | ordinary \n b | ordinary", kind="snapshot", aside=("a",))
    if nights == 2:
        refresh()
    deliver("2016-02-29", "case_key | procedure \n b | ordinary", kind="snapshot")
    refresh()
    expect("model.case_history", "case_key | delivery_no | presence \n b | 1 | seen")


def test_a_late_snapshot_in_which_the_case_was_missing_shows_that_it_returned(deliver, refresh, expect):
    deliver("2016-01-31", "case_key | procedure \n a | ordinary \n b | ordinary", kind="snapshot")
    deliver("2016-03-31", "case_key | procedure \n a | ordinary \n b | ordinary", kind="snapshot")
    refresh()
    deliver("2016-02-29", "case_key | procedure \n b | ordinary", kind="snapshot")
    refresh()
    expect("model.case_history", """
        case_key | delivery_no | known_from | presence
        a        | 1           | 1          | seen
        b        | 1           | 1          | seen
        a        | 3           | 2          | absent
        a        | 2           | 2          | returned
    """)


def test_a_delta_is_silent_about_nothing(deliver, refresh, expect):
    deliver("2016-01-31", "case_key | procedure \n a | ordinary")
    deliver("2016-02-29", "case_key | procedure \n b | ordinary")
    refresh()
    expect("model.case_history", "case_key | presence \n a | seen \n b | seen")


def test_each_version_says_where_it_stands(deliver, refresh, expect):
    deliver("2016-01-31", "case_key | line \n a | 2 \n b | 3")
    deliver("2016-02-29", "case_key | line | procedure \n b | 7 | simplified")
    refresh()
    expect("model.case_history", """
        case_key | delivery_no | record | line
        a        | 1           | 1      | 2
        b        | 1           | 2      | 3
        b        | 2           | 1      | 7
    """)


def test_applications_have_a_history_of_the_same_kind(deliver, refresh, expect):
    deliver("2016-01-31", "application_key | channel \n a | counter \n b | online", feeds="registrations")
    deliver("2016-03-31", "application_key | channel \n a | counter", feeds="registrations")
    refresh()
    deliver("2016-02-29", "application_key | channel \n a | post", feeds="registrations")
    refresh()
    expect("model.registration_history", """
        application_key | delivery_no | known_from | channel
        a               | 1           | 1          | counter
        b               | 1           | 1          | online
        a               | 3           | 2          | post
        a               | 2           | 2          | counter
    """)
