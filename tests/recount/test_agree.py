"""What differs between the engines is found and named: the metric, court and period, and no others."""

import polars as pl
import pytest

from warehouse.quality.agree import CELL, agree, not_recounted

SCHEMA = dict.fromkeys(CELL, pl.String) | {"numerator": pl.Int64, "denominator": pl.Int64}


def cells(*rows, **same):
    """Cells of cal_month in one court, `(metric, period, judge, numerator)` each."""
    whole = [
        {"metric": metric, "calendar_id": "cal_month", "period_id": period, "court": "A", "judge": judge, "numerator": number}
        | same
        for metric, period, judge, number in rows
    ]
    return pl.DataFrame([{name: row.get(name) for name in SCHEMA} for row in whole], schema=SCHEMA)


SOUND = cells(
    ("filed", "2016-01", "j1", 3), ("filed", "2016-01", "j2", 1), ("filed", "2016-02", "j1", 4), ("closed", "2016-01", "j1", 2)
)


def differing(other):
    found = agree(SOUND, other, ["filed", "closed"])
    return [tuple(row.values()) for row in found.differences.select("metric", "period_id", "court", "cells").to_dicts()]


def test_equal_cells_in_another_order_agree():
    found = agree(SOUND, SOUND.sort("numerator"), ["filed", "closed"])
    assert (found.cells, found.differences.height, found.not_recounted) == (8, 0, ())


@pytest.mark.parametrize(("other", "cells_that_differ"), [
    (cells(("filed", "2016-01", "j1", 4), ("filed", "2016-01", "j2", 1)), 1),  # another number
    (cells(("filed", "2016-01", "j1", 3)), 1),  # one of the SQL alone
    (cells(("filed", "2016-01", "j1", 3), ("filed", "2016-01", "j2", 1), ("filed", "2016-01", "j3", 1)), 1),  # one of the second alone
    (cells(("filed", "2016-01", "j1", 1), ("filed", "2016-01", "j2", 3)), 2),  # two that make up for each other
    (cells(("filed", "2016-01", "j1", 3), ("filed", "2016-01", "j2", 1), denominator=4), 2),  # denominators
])  # fmt: skip
def test_a_figure_differs_where_any_cell_of_it_does(other, cells_that_differ):
    rest = SOUND.filter(~((pl.col("metric") == "filed") & (pl.col("period_id") == "2016-01")))
    assert differing(pl.concat([other, rest])) == [("filed", "2016-01", "A", cells_that_differ)]


def test_numerators_and_denominators_of_both_sides_are_told():
    found = agree(SOUND, cells(("filed", "2016-01", "j1", 3), ("filed", "2016-02", "j1", 4)), ["filed"]).differences
    assert found.select("counted_numerator", "recounted_numerator", "counted_denominator").rows() == [(4, 3, None)]


def test_a_metric_without_a_second_implementation_is_named_and_never_compared():
    odd = cells(("something_new", "2016-01", "j1", 1))
    found = agree(pl.concat([SOUND, odd]), SOUND, ["filed", "closed", "something_new"])
    assert (found.cells, found.differences.height) == (8, 0)
    assert found.not_recounted == not_recounted(["filed", "something_new"]) == ("something_new",)
