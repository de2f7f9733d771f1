"""What a query gives as a table of Polars."""

from datetime import date
from decimal import Decimal

import polars as pl

from warehouse.catalogue.query import Query
from warehouse.store.duck import DuckStore

TEXT = """select $n as number, 'x' as word, date '2016-03-01' as day, cast(null as varchar) as none,
    cast(12.5 as decimal(18, 2)) as amount"""


def test_a_query_gives_a_table_with_its_types_also_after_a_result_that_nobody_read(tmp_path):
    store = DuckStore.open(tmp_path / "x.duckdb", tmp_path)
    store.connection.execute("select unnest([1, 2, 3])").fetchone()
    found = store.frame(Query("tests", TEXT), {"n": 7, "unused": 1})
    store.close()
    assert found.rows() == [(7, "x", date(2016, 3, 1), None, Decimal("12.50"))]
    assert found.schema["amount"] == pl.Decimal(18, 2) and found.schema["none"] == pl.String
