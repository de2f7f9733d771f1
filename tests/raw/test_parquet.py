"""The reader of Parquet: values as exact text, and no file that ends the process."""

import base64
import dataclasses
import gzip
import io
import pickle
import random
import struct
import subprocess
import sys
import zlib
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.catalogue.contract import FileFormat
from warehouse.intake.readers.parquet import read_format
from warehouse.intake.readers.parquet_apart import read
from warehouse.intake.readers.parquet_text import as_text
from warehouse.intake.readers.rows import Wanted
from warehouse.intake.refused import FileRefused, Limits
from warehouse.intake.unpack import Content

# Written by PyArrow 26.0.1 with INT96 times, as Spark and Hive do: 2016-03-07 10:30, 9999-12-31, 0001-01-01, null.
INT96 = (
    "eNoLcAwyFGUQNRE10RHlADLYRNlkGBgYmICYg5ERSCaCiCQQkQwiUoBqQkRDMBQzszNMmPQ/QYmBIb9elQEGdP4FwtlBLlIMoiySNqYMEmzFyR"
    "mpuYmiLAyiPKpMEozZqgw+IINE2UC8EgYxDkkZSR01BhlRHklVNgZJoApRoKBYlFiUGoenDNBmBlEmBhugMjZJNQYOoE6QWjao2hKw2iqxKrUk"
    "hFpNoEomNqBKsSuMYhxqHECKQUOhILGosDS1RDe5oEA3sagov1yhLLWoODM/T8HITM9Az1BSB+gskMt2AnEAMKgAufUp4g=="
)
# Four rows written by Polars 2.1 without compression, then byte 42 set to 5: reading it asks for 2 EB and aborts.
ABORTS = (
    "eNp9Us1O20AQXq/dyFI5cMisYskHCxULRATO8hO7AgmToLbCAjuqVHE0dRxCaVzZKdBrhXruoU/RB+hr9CV4gj5BZ9YGcYGRPd/OzrfffNJuHI"
    "56YMASLEXQAsaYjr/n9TQESekGGLSh3YUXsIiMFmOcWC+5/orBgrXNWotWR0uBCVOUonSHrslQcB/2IzBJkEQoeIN6g0aD9/rmY31T4/od6tzr"
    "T5X+Tw0/95a7vzVm2WIIOwK5uLrl9RK4tfvWKItiDga6W+bobJlFNrUMqqYoY9lW1/2j2U+5F/84tJn7S7efmy9+6CCY+M6F6ZoIbTLSWQhHo5"
    "MPr6uP5+PPaedO26DYeRdiHFLyr7C+SZpabR2FYRUOFCbhWoz962vax0OThqfO+5QOKEUXSPKLB9Gad1ADRvwe+0G9Tur+ICHqpK7ffMI0rMha"
    "RO2BYp6qPErUkMMJ8gmTeviwkd5Q/hJqKSunSbjHOsdxcZmWlbPy5dv8vJitOlfjspoWM0eu99Y9Z+Xs6/Qyc/p54MmzbDPPM9nPc19mvS3Z91"
    "MvSGWwnecy76fjLJCrVhcvjO7sL76dGB/of+DafxI="
)


def unpacked(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text))


def written(frame: pl.DataFrame, **how) -> bytes:
    out = io.BytesIO()
    frame.write_parquet(out, **how)
    return out.getvalue()


@pytest.fixture
def look(tmp_path):
    def take(data, required=("a",), **wanted):
        blob, into = tmp_path / "blob", tmp_path / "rows.parquet"
        blob.write_bytes(data if isinstance(data, bytes) else written(data))
        into.unlink(missing_ok=True)
        found = read_format(Content(blob), FileFormat(), Wanted(tuple(required), **wanted), into)
        rows = pl.read_parquet(into).rows()
        assert found.rows == len(rows) + len(found.torn)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["blob", "rows.parquet"]
        return rows, found

    return take


# --- values


def test_every_kind_of_value_becomes_exact_text(look):
    when = datetime(2016, 3, 7, 10, 30)
    columns = {
        "text": (pl.Series(["001", "", None]), ["001", "", None]),
        "big": (pl.Series([2**64 - 1, 0, None], dtype=pl.UInt64), ["18446744073709551615", "0", None]),
        "small": (pl.Series([-128, 7, None], dtype=pl.Int8), ["-128", "7", None]),
        "money": (pl.Series([Decimal("1.10"), Decimal("-0.05"), None], dtype=pl.Decimal(18, 2)), ["1.10", "-0.05", None]),
        "rate": (pl.Series([0.1, 1e22, None]), ["0.1", "1" + "0" * 22, None]),
        "rate32": (pl.Series([0.1, 5e-7, None], dtype=pl.Float32), ["0.1", "0.0000005", None]),
        "whole": (pl.Series([3.0, -0.0, None]), ["3", "-0", None]),
        "flag": (pl.Series([True, False, None]), ["true", "false", None]),
        "day": (pl.Series([date(2016, 3, 7), date(1, 1, 1), None]), ["2016-03-07", "0001-01-01", None]),
        "last": (pl.Series([date(9999, 12, 31), date(1969, 12, 31), None]), ["9999-12-31", "1969-12-31", None]),
        "ms": (pl.Series([when, datetime(9999, 12, 31, 23, 59, 59), None], dtype=pl.Datetime("ms")), ["2016-03-07T10:30:00", "9999-12-31T23:59:59", None]),
        "us": (pl.Series([when, when + timedelta(microseconds=5), None]), ["2016-03-07T10:30:00", "2016-03-07T10:30:00.000005", None]),
        "ns": (pl.Series([1, -1, None]).cast(pl.Datetime("ns")), ["1970-01-01T00:00:00.000000001", "1969-12-31T23:59:59.999999999", None]),
        "zoned": (pl.Series([when, when, None]).dt.replace_time_zone("Asia/Shanghai"), ["2016-03-07T02:30:00+00:00"] * 2 + [None]),
        "clock": (pl.Series([time(10, 30), time(23, 59, 59, 5), None]), ["10:30:00", "23:59:59.000005", None]),
        "word": (pl.Series(["x", "y", None], dtype=pl.Categorical), ["x", "y", None]),
        "choice": (pl.Series(["x", "y", None], dtype=pl.Enum(["y", "x"])), ["x", "y", None]),
        "none": (pl.Series([None, None, None]), [None, None, None]),
    }  # fmt: skip
    rows, found = look(pl.DataFrame({name: values for name, (values, _) in columns.items()}), columns)
    assert found.torn == () and found.places == "record {record}"
    assert [row[:2] for row in rows] == [(1, 1), (2, 2), (3, 3)]
    assert {name: [row[at + 2] for row in rows] for at, name in enumerate(columns)} == {
        n: texts for n, (_, texts) in columns.items()
    }


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (pl.Series([float("nan")]), "a number that is none (NaN or infinite) in [b]"),
        (pl.Series([float("-inf")], dtype=pl.Float32), "a number that is none (NaN or infinite) in [b]"),
        (pl.Series([2932897], dtype=pl.Int32).cast(pl.Date), "a date outside the years 1 to 9999 in [b]"),
        (pl.Series([-(2**31)], dtype=pl.Int32).cast(pl.Date), "a date outside the years 1 to 9999 in [b]"),
        (pl.Series([253402300800000]).cast(pl.Datetime("ms")), "a time outside the years 1 to 9999 in [b]"),
        (pl.Series([2**63 - 1]).cast(pl.Datetime("us", "Asia/Shanghai")), "a time outside the years 1 to 9999 in [b]"),
        (pl.Series(["x\0"]), "a NUL character in [b]"),
    ],
)
def test_a_value_that_has_no_text_tears_its_row(look, bad, reason):
    good = bad.clear().extend_constant(None, 1)
    rows, found = look(pl.DataFrame({"a": ["x", "y", "z"], "b": pl.concat([good, bad, good])}), ("a", "b"))
    assert rows == [(1, 1, "x", None), (3, 3, "z", None)]
    assert [(t.record, t.line, t.reason) for t in found.torn] == [(2, 2, reason)]


def test_times_of_spark_beyond_2262_are_not_made_another_day(look):
    rows, found = look(unpacked(INT96), ("k", "t"))
    assert [row[3] for row in rows] == ["2016-03-07T10:30:00", "9999-12-31T00:00:00", "0001-01-01T00:00:00", None]
    assert found.torn == ()


def test_a_column_that_is_no_text_is_refused_only_where_it_is_wanted(look):
    for values in (pl.Series([b"x"]), pl.Series([["x"]]), pl.Series([{"x": 1}]), pl.Series([timedelta(days=1)])):
        frame = pl.DataFrame({"a": ["1"], "b": values})
        assert look(frame)[0] == [(1, 1, "1")]
        with pytest.raises(FileRefused, match=r"the column \[b\] is of the type"):
            look(frame, ("a", "b"))


def test_names_are_looked_for_as_in_a_header(look):
    frame = pl.DataFrame({"x": ["1"], "y": ["2"], " no ": ["3"]})
    rows, found = look(frame, ("a", "no"), optional=("z",), also={"x": "a"})
    assert rows == [(1, 1, "1", "3", None)]
    assert (found.extra_columns, found.missing_columns) == (("y",), ("z",))
    with pytest.raises(FileRefused, match=r"the header lacks \[yy\]. .*nearest to \[yy\]: \[y\]"):
        look(frame, ("yy",))
    with pytest.raises(FileRefused, match=r"the header names \[y\] more than once"):
        look(frame, ("y",), also={"x": "y"})


def test_totals_and_blank_rows_are_no_cases(look):
    frame = pl.DataFrame({"a": ["1", "合计", None, None], "b": [1, 2, None, 3]})
    rows, found = look(frame, ("a", "b"), key="a")
    assert rows == [(1, 1, "1", "1"), (4, 4, None, "3")]
    assert [(t.record, t.code, t.reason) for t in found.torn] == [(2, "NO_CASE", "a total"), (3, "NO_CASE", "a blank row")]


def test_places_go_on_from_slice_to_slice(look):
    count = 250_001
    rows, found = look(pl.DataFrame({"a": pl.int_range(count, eager=True)}))
    assert found.rows == count and rows[100_000] == (100_001, 100_001, "100000") and rows[-1] == (count, count, str(count - 1))


def test_a_file_without_rows_and_a_packed_one_are_read(look):
    assert look(pl.DataFrame({"a": []}, schema={"a": pl.String}))[1].rows == 0
    assert look(gzip.compress(written(pl.DataFrame({"a": ["1"]}))))[0] == [(1, 1, "1")]


# --- what is broken


def test_a_file_that_ends_the_process_is_refused(look):
    with pytest.raises(FileRefused, match=r"ended with signal \[6\], \[memory allocation of"):
        look(unpacked(ABORTS), ("a", "i"))


@pytest.mark.parametrize(
    "data", [b"", b"PAR1", b"PAR1" * 3, b"PAR1" + b"x" * 100, b"PAR1" + struct.pack("<I", 2**31) + b"PAR1"]
)
def test_what_is_no_parquet_is_refused(look, data):
    with pytest.raises(FileRefused, match="the Parquet file is broken"):
        look(data)


def test_a_file_cut_off_is_refused(look):
    data = written(pl.DataFrame({"a": ["1", "2"]}))
    with pytest.raises(FileRefused, match="the Parquet file is broken"):
        look(data[:-9])


def test_what_stood_at_the_target_stays_when_a_file_is_refused(tmp_path):
    (tmp_path / "blob").write_bytes(b"PAR1")
    (tmp_path / "rows.parquet").write_bytes(b"before")
    with pytest.raises(FileRefused):
        read_format(Content(tmp_path / "blob"), FileFormat(), Wanted(("a",)), tmp_path / "rows.parquet")
    assert sorted((path.name, path.read_bytes()) for path in tmp_path.iterdir()) == [
        ("blob", b"PAR1"),
        ("rows.parquet", b"before"),
    ]


FUZZ = """
import pickle, sys
from pathlib import Path
import polars as pl
from warehouse.intake.readers.parquet_apart import read
from warehouse.intake.refused import FileRefused
folder, files, wanted, limits = pickle.load(sys.stdin.buffer)
outcomes = []
for data in files:
    (folder / "blob").write_bytes(data)
    try:
        found = read(folder / "blob", wanted, folder / "rows.parquet", limits)
        assert found.rows == pl.read_parquet(folder / "rows.parquet").height + len(found.torn)
        outcomes.append(found.rows)
    except FileRefused:
        outcomes.append(None)
sys.stdout.buffer.write(pickle.dumps(outcomes))
"""


@pytest.mark.parametrize("how", [{"compression": "zstd"}, {"compression": "uncompressed", "row_group_size": 50}])
def test_broken_files_are_refused_or_their_rows_conserved(tmp_path, how):
    frame = pl.DataFrame({"a": [f"（2016）沪01民初{n}号" for n in range(200)], "d": [date(2016, 3, 7)] * 200, "f": [n / 7 for n in range(200)],
                          "t": [datetime(2016, 3, 7, 10, 30)] * 200, "b": [n % 3 == 0 for n in range(200)]})  # fmt: skip
    whole, files = written(frame, **how), []
    foot = len(whole) - 8 - struct.unpack("<I", whole[-8:-4])[0]
    for seed in range(150):
        chance, data = random.Random(seed), bytearray(whole)
        for _ in range(chance.choice([1, 1, 2, 5])):
            data[chance.choice([chance.randrange(4, foot), chance.randrange(foot, len(data))])] = chance.randrange(256)
        files.append(bytes(data if chance.random() < 0.9 else data[: chance.randrange(len(data))]))
    wanted = Wanted(("a",), ("d", "f", "t", "b"), key="a")
    # All in one process apart, which is quicker; that one file can end it is shown above.
    given = pickle.dumps((tmp_path, files, wanted, dataclasses.replace(Limits(), torn_records=1000)))
    done = subprocess.run([sys.executable, "-c", FUZZ], input=given, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    outcomes = pickle.loads(done.stdout)
    assert len(outcomes) == 150 and set(outcomes) == {None, 200}


# --- what holds always

COLUMNS = {
    pl.String: (st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), str),
    pl.Int64: (st.integers(-(2**63), 2**63 - 1), str),
    pl.Boolean: (st.booleans(), lambda value: str(value).lower()),
    pl.Date: (st.dates(), date.isoformat),
    pl.Datetime("us", "UTC"): (st.datetimes(timezones=st.just(UTC)), lambda value: value.isoformat()),
    pl.Decimal(20, 3): (st.decimals(-(10**15), 10**15, places=3), lambda value: format(value, "f")),
}


@settings(max_examples=30, deadline=None)  # each reads in a process of its own
@given(data=st.data(), how=st.sampled_from([{}, {"compression": "uncompressed", "row_group_size": 2}]))
def test_what_polars_writes_is_read_back(tmp_path_factory, data, how):
    height = data.draw(st.integers(1, 6))
    drawn = {
        kind: data.draw(st.lists(st.none() | values, min_size=height, max_size=height)) for kind, (values, _) in COLUMNS.items()
    }
    frame = pl.DataFrame([pl.Series(f"c{at}", values, dtype=kind) for at, (kind, values) in enumerate(drawn.items())])
    folder = tmp_path_factory.getbasetemp() / "parquet"
    folder.mkdir(exist_ok=True)
    (folder / "blob").write_bytes(written(frame, **how))
    found = read(folder / "blob", Wanted(tuple(frame.columns)), folder / "rows.parquet", Limits())
    texts = [[None if value is None else COLUMNS[kind][1](value) for value in values] for kind, values in drawn.items()]
    expected = [(n, n, *row) for n, row in enumerate(zip(*texts, strict=True), 1)]
    rows = pl.read_parquet(folder / "rows.parquet").rows()
    assert [[_short(value) for value in row] for row in rows] == [[_short(value) for value in row] for row in expected]
    assert found.torn == () and found.rows == height


def _short(value):
    """Python writes six digits of a second or none, the reader three, six or none."""
    return (
        value.replace("000+00:00", "+00:00")
        if isinstance(value, str) and value.endswith("000+00:00") and "." in value
        else value
    )


@settings(max_examples=300, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5))
def test_a_float_is_the_shortest_text_that_means_it(values):
    for text, value in zip(as_text(pl.Series(values, dtype=pl.Float64)).values, values, strict=True):
        assert float(text) == value and "e" not in text.lower() and not text.endswith(".0")
        assert Decimal(text) == Decimal(repr(value))
