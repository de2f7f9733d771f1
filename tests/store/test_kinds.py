"""A table that was a view under the bundle of another day, and the other way round; joins as a contract has them."""

import pytest

from warehouse.catalogue.query import Query
from warehouse.catalogue.table import Table
from warehouse.store.duck import DuckStore


@pytest.fixture
def store(tmp_path):
    made = DuckStore.open(tmp_path / "warehouse.duckdb", tmp_path / "scratch")
    yield made
    made.abandon()


def contract(**more):
    return Table(grain="one number", key=("n",), columns={"n": {"type": "INTEGER", "meaning": "a number"}}, **more)


def test_what_was_a_table_becomes_a_view_and_a_table_again(store):
    one, two = (
        Query("model/one", "-- grain: one number\nselect 1 as n"),
        Query("model/two", "-- grain: one number\nselect 2 as n"),
    )
    for kept, query, expected in (("replace", one, 1), ("view", two, 2), ("view", one, 1), ("replace", two, 2)):
        assert store.make("model.numbers", contract(kept=kept), query, {}) == 1
        assert store.connection.execute("select n from model.numbers").fetchall() == [(expected,)]


def test_joins_stay_as_written_while_a_table_that_says_so_is_made_and_no_longer(store):
    asked = Query(
        "model/asked", "-- grain: one number\nselect cast(length(current_setting('disabled_optimizers')) as integer) as n"
    )
    for joins, is_set in (("as_written", True), ("as_estimated", False)):
        store.make("model.numbers", contract(kept="replace", joins=joins), asked, {})
        ((length,),) = store.connection.execute("select n from model.numbers").fetchall()
        assert (length > 0) is is_set
