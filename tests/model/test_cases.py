"""model.cases: one case, its latest version as known at the refresh; who counts is said here and nowhere else."""

# The drawings keep their form.
# fmt: off

import pytest
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st


def test_the_latest_extract_stands_whatever_the_order_of_arrival(deliver, refresh, expect):
    deliver("2016-03-31", "case_key | closed_on \n a | 2016-03-10")
    refresh()
    deliver("2016-01-31", "case_key | closed_on \n a |")
    refresh()
    expect("model.cases", "case_key | closed_on | delivery_no \n a | 2016-03-10 | 1")


def test_what_a_later_refresh_learned_is_not_known_at_an_earlier_one(deliver, refresh, expect):
    deliver("2016-01-31", "case_key | closed_on \n a |")
    refresh()
    deliver("2016-02-29", "case_key | closed_on \n a | 2016-02-10 \n b |")
    refresh()
    expect("model.cases", "case_key | closed_on \n a |", refresh=1)
    expect("model.cases", "case_key | closed_on \n a | 2016-02-10 \n b |", refresh=2)


@pytest.mark.parametrize(("on_missing", "is_counted"), [("keep", "true"), ("drop", "false")])
def test_a_case_that_a_snapshot_no_longer_names_keeps_its_last_version_and_counts_as_the_contract_says(
    bench, deliver, refresh, expect, on_missing, is_counted
):
    contracts = bench.catalogue.profile.contracts
    before = contracts["cases"]
    contracts["cases"] = before.model_copy(update={"on_missing": on_missing})
    try:
        deliver("2016-01-31", "case_key | procedure \n a | ordinary \n b | ordinary", kind="snapshot")
        deliver("2016-02-29", "case_key | procedure \n b | ordinary", kind="snapshot")
        refresh()
        expect("model.cases", f"""
            case_key | procedure | delivery_no | is_counted
            a        | ordinary  | 1           | {is_counted}
            b        | ordinary  | 1           | true
        """)
    finally:
        contracts["cases"] = before


def test_a_dropped_case_that_comes_back_counts_again(bench, deliver, refresh, expect):
    contracts = bench.catalogue.profile.contracts
    before = contracts["cases"]
    contracts["cases"] = before.model_copy(update={"on_missing": "drop"})
    try:
        for day, keys in (("2016-01-31", "ab"), ("2016-02-29", "b"), ("2016-03-31", "ab")):
            deliver(day, "case_key | procedure\n" + "\n".join(f"{k} | ordinary" for k in keys), kind="snapshot")
        refresh()
        expect("model.cases", "case_key | is_counted \n a | true \n b | true")
    finally:
        contracts["cases"] = before


@pytest.mark.parametrize(("type_code", "is_void", "is_counted"), [
    ("民初", "", True), ("民初", "false", True), ("民初", "true", False), ("执保", "", True), ("执异", "", True),
    ("行审", "", True), ("民辖", "", False), ("财保", "", False), ("协外送", "", False), ("司惩", "", False),
    ("司救执", "", False), ("诉前调", "", False), ("诉前调书", "", False), ("", "", True),
])  # fmt: skip
def test_void_numbers_and_the_six_classes_that_are_no_cases_do_not_count(
    deliver, refresh, expect, type_code, is_void, is_counted
):
    deliver("2016-01-31", f"case_key | type_code | is_void\n a | {type_code} | {is_void}")
    refresh()
    expect("model.cases", f"case_key | is_counted\n a | {str(is_counted).lower()}")


@pytest.mark.parametrize(("type_code", "is_void", "is_mediation"), [
    ("诉前调", "", True), ("诉前调书", "false", True), ("诉前调", "true", False), ("民初", "", False), ("财保", "", False),
])  # fmt: skip
def test_a_record_of_mediation_before_filing_that_is_not_void_is_marked(
    deliver, refresh, expect, type_code, is_void, is_mediation
):
    deliver("2016-01-31", f"case_key | type_code | is_void\n a | {type_code} | {is_void}")
    refresh()
    expect("model.cases", f"case_key | is_counted | is_mediation\n a | {str(type_code == '民初').lower()} | {str(is_mediation).lower()}")


def test_family_class_and_effect_come_from_the_code_lists(deliver, refresh, expect):
    deliver("2016-01-31", """
        case_key | type_code | closing_manner
        a        | 执恢      | zhongben
        b        | 民初      | deemed_withdrawal
        c        | 民初      | zhongben
        d        |           | judgment
    """)
    refresh()
    # 终本 closes no civil case: it has no effect there
    expect("model.cases", """
        case_key | family      | counts_as           | closing_effect
        a        | enforcement | enforcement_resumed | zhongben
        b        | civil       | civil_first         | withdrawal
        c        | civil       | civil_first         |
        d        | none        | none                |
    """)


# --- properties

VALUES = ("ordinary", "simplified", "fast_track")
DELIVERY = st.tuples(
    st.integers(1, 5),  # the day of the extract
    st.integers(0, 1),  # its place among those of the day
    st.dictionaries(st.sampled_from("abc"), st.sampled_from(VALUES), min_size=1),
)


def states(new_dock, refreshes):
    """Latest state of each case after these refreshes; each a list of (number of the delivery, delivery)."""
    dock = new_dock()
    for taken in refreshes:
        for number, (day, rank, rows) in taken:
            drawing = "case_key | procedure\n" + "\n".join(f"{key} | {value}" for key, value in rows.items())
            dock.deliver(f"2016-01-{day:02}", drawing, rank=rank, sha256=f"{number:03}")
        dock.refresh()
    dock.bench.reckon("2016-12-31", "2012-01-01")
    found = dock.bench.rows("model.cases", ["case_key", "procedure"])
    dock.bench.store.abandon()
    return {row["case_key"]: row["procedure"] for row in found}


@settings(max_examples=8, deadline=None)
@generated(st.lists(DELIVERY, min_size=1, max_size=5), st.data())
def test_the_latest_state_depends_neither_on_the_order_of_arrival_nor_on_the_refreshes_between(new_dock, sent, data):
    numbered = list(enumerate(sent))
    expected = {}
    for _, (_, _, rows) in sorted(numbered, key=lambda one: (one[1][0], one[1][1], one[0])):
        expected |= rows
    arrived = data.draw(st.permutations(numbered))
    assert states(new_dock, [arrived]) == expected
    assert states(new_dock, [[one] for one in arrived]) == expected
    cut = data.draw(st.integers(0, len(arrived)))
    assert states(new_dock, [arrived[:cut], arrived[cut:]]) == expected
