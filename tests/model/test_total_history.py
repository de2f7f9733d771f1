"""model.total_history and published.totals: what a source published, what it said before, which totals are gone."""

# The drawings keep their form.
# fmt: off

import pytest


@pytest.fixture
def publish(deliver):
    """`publish(day, drawing)` delivers a snapshot of published totals."""

    def put(extract_on, drawing, **more):
        return deliver(extract_on, drawing, **{"feeds": "totals", "kind": "snapshot", **more})

    return put


def test_a_version_is_kept_only_where_what_is_published_changes(publish, refresh, expect):
    publish("2016-01-31", "total_key | value \n a | 10 \n b | 7")
    refresh()
    publish("2016-02-29", "total_key | value \n a | 12 \n b | 7")
    refresh()
    expect("model.total_history", """
        total_key | delivery_no | known_from | presence | value
        a         | 1           | 1          | seen     | 10.00000000000000000000
        a         | 2           | 2          | seen     | 12.00000000000000000000
        b         | 1           | 1          | seen     | 7.00000000000000000000
    """)
    expect("published.totals", """
        total_key | delivery_no | value
        a         | 2           | 12.00000000000000000000
        b         | 1           | 7.00000000000000000000
    """)


@pytest.mark.parametrize(("column", "before", "after"), [
    ("value", "1", "1.00000000000000000001"), ("value", "", "0"), ("value", "0", ""), ("unit", "cases", "cases, rounded"),
    ("note", "", "press release"),
])  # fmt: skip
def test_a_change_of_number_unit_or_note_is_a_version(publish, refresh, expect, column, before, after):
    for day, value in (("2016-01-31", before), ("2016-02-29", after)):
        publish(day, f"total_key | {column}\n a | {value}")
    refresh()
    expect("model.total_history", "total_key | delivery_no\n a | 1\n a | 2")


def test_a_total_without_a_value_is_published_and_not_gone(publish, refresh, expect):
    publish("2016-01-31", "total_key | value \n a | 10 \n b |")
    publish("2016-02-29", "total_key | value \n a |    \n b |")
    refresh()
    expect("model.total_history", """
        total_key | delivery_no | presence | value
        a         | 1           | seen     | 10.00000000000000000000
        a         | 2           | seen     |
        b         | 1           | seen     |
    """)
    expect("published.totals", "total_key | value \n a | \n b |")


def test_a_total_that_a_snapshot_no_longer_names_is_gone_and_may_return(publish, refresh, expect):
    publish("2016-01-31", "total_key | measure | value \n a | filed | 10 \n b | closed | 7")
    publish("2016-02-29", "total_key | measure | value \n a | filed | 10")
    refresh()
    expect("published.totals", "total_key | delivery_no \n a | 1")
    publish("2016-03-31", "total_key | measure | value \n a | filed | 10 \n b | closed | 7")
    refresh()
    expect("model.total_history", """
        total_key | delivery_no | known_from | presence | measure | value
        a         | 1           | 1          | seen     | filed   | 10.00000000000000000000
        b         | 1           | 1          | seen     | closed  | 7.00000000000000000000
        b         | 2           | 1          | absent   | closed  |
        b         | 3           | 2          | returned | closed  | 7.00000000000000000000
    """)
    expect("published.totals", "total_key | delivery_no \n a | 1 \n b | 3")


def test_what_only_says_the_news_is_silent_about_nothing(publish, refresh, expect):
    publish("2016-01-31", "total_key | value \n a | 10 \n b | 7", kind="delta")
    publish("2016-02-29", "total_key | value \n a | 11", kind="delta")
    refresh()
    expect("published.totals", "total_key | delivery_no \n a | 2 \n b | 1")


def test_one_source_is_not_silent_about_the_totals_of_another(publish, refresh, expect):
    publish("2016-01-31", "total_key | value \n x/a | 10", source="x")
    publish("2016-02-29", "total_key | value \n y/a | 10", source="y")
    refresh()
    publish("2016-03-31", "total_key | value \n y/b | 10", source="y")
    refresh()
    expect("model.total_history", """
        total_key | source | delivery_no | presence
        x/a       | x      | 1           | seen
        y/a       | y      | 2           | seen
        y/a       | y      | 3           | absent
        y/b       | y      | 3           | seen
    """)
    expect("published.totals", "total_key | source \n x/a | x \n y/b | y")


def test_two_extracts_of_one_day_stand_in_the_order_that_is_declared(publish, refresh, expect):
    publish("2016-01-31", "total_key | value \n a | 12", rank=2)
    publish("2016-01-31", "total_key | value \n a | 10", rank=1)
    refresh()
    expect("published.totals", "total_key | delivery_no \n a | 1")


def test_a_late_older_extract_makes_the_versions_after_it_anew(publish, refresh, expect):
    # known so far: the same number at the end of January and of March; then February turns up, and it differs
    publish("2016-01-31", "total_key | value \n a | 10 \n b | 7")
    publish("2016-03-31", "total_key | value \n a | 10 \n b | 7")
    refresh()
    publish("2016-02-29", "total_key | value \n a | 12")
    refresh()
    expect("model.total_history", """
        total_key | delivery_no | known_from | presence | value
        a         | 1           | 1          | seen     | 10.00000000000000000000
        a         | 3           | 2          | seen     | 12.00000000000000000000
        a         | 2           | 2          | seen     | 10.00000000000000000000
        b         | 1           | 1          | seen     | 7.00000000000000000000
        b         | 3           | 2          | absent   |
        b         | 2           | 2          | returned | 7.00000000000000000000
    """)
    expect("published.totals", "total_key | delivery_no \n a | 2 \n b | 2")


def test_a_row_that_was_set_aside_is_no_silence_and_the_number_before_stands(publish, refresh, expect):
    publish("2016-01-31", "total_key | row_key | value \n a | r | 10 \n b | r | 7")
    publish("2016-02-29", "total_key | row_key | value \n a | r | 99", aside=("a",))
    refresh()
    # both stand in the row that was set aside; what was said before stands
    expect("model.total_history", "total_key | delivery_no | presence \n a | 1 | seen \n b | 1 | seen")


def test_a_repeat_and_the_duplicate_rows_of_a_file_make_no_version(publish, refresh, expect):
    publish("2016-01-31", "total_key | is_duplicate | value \n a | false | 10 \n a | true | 10")
    publish("2016-01-31", "", repeats=1)
    refresh()
    expect("model.total_history", "total_key | delivery_no | record \n a | 1 | 1")


def test_a_total_is_published_again_also_where_its_first_row_after_the_absence_was_set_aside(publish, refresh, expect):
    for day, row, aside in (("01-31", "a | 10 | a", ()), ("02-29", "b | 7 | b", ()), ("03-31", "a | 11 | a", ("a",)),
                            ("04-30", "a | 10 | a", ())):  # fmt: skip
        publish(f"2016-{day}", f"total_key | value | row_key\n {row}", aside=aside)
    refresh()
    expect("published.totals", "total_key | delivery_no \n a | 4")
