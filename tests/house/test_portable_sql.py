"""The SQL of model and metrics stays in what DuckDB and Spark share, so that it can move without being rewritten."""

import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from warehouse.catalogue.query import HOUSE, Query

FILES = sorted(path for layer in ("model", "metrics") for path in (HOUSE / "sql" / layer).glob("*.sql"))
OURS_ALONE = re.compile(
    r"::|\bunnest\(|\blist_|\barg_max\(|\bqualify\b|\bgroup by all\b|\bexclude\b|quantile_cont|percentile_cont", re.I
)
"""What DuckDB understands and Spark does not, or what comes out broken in translation (measured, see docs/decisions)."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_query_names_nothing_that_only_one_engine_knows(path: Path):
    bare = re.sub(r"--[^\n]*", "", path.read_text("utf-8"))
    assert not OURS_ALONE.findall(bare)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_query_translates_to_spark_and_keeps_its_parameters_and_columns(path: Path):
    text = path.read_text("utf-8")
    there = sqlglot.transpile(text, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    assert len(there) == 1
    again = sqlglot.parse_one(there[0], read="spark")
    assert {p.name for p in again.find_all(exp.Placeholder, exp.Parameter)} == Query("q", text).parameters
    assert again.named_selects == sqlglot.parse_one(text, read="duckdb").named_selects
