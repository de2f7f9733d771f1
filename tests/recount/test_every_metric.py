"""Which metrics have a second implementation: the list is held here, so that a new metric is not thought to agree."""

import ast
import sys
from random import Random

import pytest

from tests.recount.random_dockets import COUNTING_DAY, DATA_FROM, draw
from warehouse.catalogue.query import HOUSE
from warehouse.quality.agree import not_recounted
from warehouse.recount.every import RECOUNTED, recount

NOT_RECOUNTED: set[str] = set()
"""Metrics that the SQL alone counts. Adding one here is a decision: `caseload quality` names it on every publication."""
MAY_IMPORT = {"numpy", "polars"} | sys.stdlib_module_names


def test_every_metric_that_has_cells_is_counted_twice_or_named_here(catalogue):
    stored = {metric.id for metric in catalogue.metrics.values() if metric.kind != "ratio"}
    assert set(not_recounted(stored)) == NOT_RECOUNTED
    assert stored >= RECOUNTED, "the second engine counts what is no metric"


def test_every_reading_of_them_is_counted(engines, catalogue):
    engines.take(draw(Random(683), 60, "delta"), COUNTING_DAY, DATA_FROM)
    cells = recount(engines.docket()).select("metric", "variant").unique()
    found = {metric + (f".{variant}" if variant else "") for metric, variant in cells.rows()}
    stored = [metric for metric in catalogue.metrics.values() if metric.kind != "ratio"]
    assert found == {m.id for m in stored} | {f"{m.id}.{name}" for m in stored for name in m.counted_variants}


@pytest.mark.parametrize("path", sorted((HOUSE / "warehouse/recount").glob("*.py")), ids=lambda path: path.stem)
def test_it_imports_nothing_but_numbers_tables_and_itself_and_reads_no_sql(path):
    text = path.read_text("utf-8")
    for node in ast.walk(ast.parse(text)):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
        assert all(name.startswith("warehouse.recount") or name.partition(".")[0] in MAY_IMPORT for name in names), names
    assert ".sql" not in text and "SQLContext" not in text
