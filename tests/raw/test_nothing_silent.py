"""Nothing silently wrong: every row of a spoilt file is right, set aside, or in a file that is refused with its reason.

The files and their truth are those of bench/silent.py, made by what spoils them and never by our reader.
"""

from __future__ import annotations

import importlib.util
import sys
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

BENCH = Path(__file__).parents[2] / "bench" / "silent.py"
SEEDS = 3


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_silent", BENCH)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


silent = load()


@pytest.mark.parametrize("kind", silent.KINDS)
def test_no_row_of_a_spoilt_file_is_lost_or_wrong_without_a_word(kind, tmp_path):
    for seed in range(SEEDS):
        table = silent.spoilt(kind, seed)
        verdict = silent.tried("ours", table, tmp_path)
        assert not verdict.is_silent, (seed, dict(verdict.counts), verdict.wrongs[:3])
        assert verdict.counts.total() >= len(table.truth)  # each row is counted, and so is what was made up


@pytest.mark.parametrize("reader", silent.READERS)
def test_every_reader_gives_a_sound_file_as_it_is(reader, tmp_path):
    for seed in range(SEEDS):
        verdict = silent.tried(reader, silent.spoilt("nothing", seed), tmp_path)
        assert verdict.counts["right"] == verdict.counts.total() == silent.SIZES[seed]


@pytest.mark.parametrize("reader", [name for name in silent.READERS if name != "ours"])
def test_the_measure_can_fail(reader, tmp_path):
    """Each of the other readers is silently wrong where it is known to be."""
    kinds = ["text that was once read as Latin-1", "a quote that opens in one row and closes in a later one"]
    found = [silent.tried(reader, silent.spoilt(kind, seed), tmp_path) for kind in kinds for seed in range(SEEDS)]
    assert any(verdict.is_silent for verdict in found)


def sound() -> tuple[Any, list[tuple[Any, ...]]]:
    table = silent.table_of(0, "nothing")
    rows = [tuple(values[column] for column in silent.COLUMNS) for values in table.truth]
    return table, rows


def test_a_row_that_is_left_out_is_lost():
    table, rows = sound()
    assert silent.judge(table, silent.Found(rows[1:])).counts == {"right": 11, "lost": 1}


def test_a_row_that_is_left_out_with_a_word_is_flagged():
    table, rows = sound()
    assert +silent.judge(table, silent.Found(rows[1:], [f"line 2: {rows[0][0]}"])).counts == {"right": 11, "flagged": 1}


def test_a_row_that_comes_twice_and_a_total_are_made_up():
    table, rows = sound()
    total = ("合计", None, None, Decimal(1), None)
    assert +silent.judge(table, silent.Found([*rows, rows[0], total])).counts == {"right": 12, "wrong": 2}


def test_a_value_that_differs_is_wrong_and_one_left_as_its_text_is_flagged():
    table, rows = sound()
    key, filed, party, _, closed = rows[0]
    table.say(0, "amount", "1.234,50", Decimal("1234.50"))
    given = {Decimal("1.23"): "wrong", None: "wrong", "1.234,50": "flagged", "1.234": "wrong", 1234.5: "right"}
    for value, verdict in given.items():
        found = silent.Found([(key, filed, party, value, closed), *rows[1:]])
        assert +silent.judge(table, found).counts == {verdict: 1, "right": 11} if verdict != "right" else {"right": 12}
