"""Late extracts before early ones: whatever the order in which the same files arrive, the same figures come out."""

import random

import pytest

CELLS = """
    select metric, variant, calendar_id, period_id, court, family, counts_as, case_type, procedure, bench, judge, population,
        channel, closing_manner, part, numerator, denominator
    from metrics.cells where to_refresh is null order by all
"""
CASES = """
    select cases.* exclude (delivery_no, record), deliveries.sha256
    from model.cases inner join model.deliveries using (delivery_no) order by all
"""


def day_of(file):
    return file.stem.split("_")[-1]


def years(files, *wanted):
    return [file for file in files if day_of(file)[:4] in wanted]


def one_by_one_backwards(files):
    late = [file for file in files if "_2016-" in file.name]
    return [
        late[::-1][: len(late) // 2],
        late[::-1][len(late) // 2 :],
        years(files, "2015"),
        years(files, "2012", "2013", "2014"),
    ]


def sources_apart(files):
    last = ("cases", "enforcement_results")
    return [[f for f in files if f.parent.name not in last], [f for f in files if f.parent.name in last]]


def shuffled(files):
    mixed = list(files)
    random.Random(7).shuffle(mixed)
    return [mixed[::3], mixed[1::3], mixed[2::3]]


def each_twice(files):
    return [years(files, "2013", "2016"), files]


@pytest.fixture(scope="module")
def files(sample):
    """Of a docket of 500 cases, until March 2016: seven files of each source."""
    return [file for file in sample(500) if day_of(file) < "2016-04"]


@pytest.fixture(scope="module")
def in_order(new_home, files):
    """All files of a docket in one night."""
    home = new_home()
    home.deliver(files)
    home.refresh()
    return home.rows(CELLS), home.rows(CASES)


@pytest.mark.parametrize("order", [one_by_one_backwards, sources_apart, shuffled, each_twice])
def test_the_same_files_give_the_same_cells_in_any_order(new_home, files, in_order, order):
    home = new_home()
    for night, arriving in enumerate(order(files)):
        home.deliver(arriving)
        assert home.refresh(night) == f"r{night + 1:06}"
    cells, cases = home.rows(CELLS), home.rows(CASES)
    assert len(cells) > 5000
    assert set(cells) ^ set(in_order[0]) == set()
    assert cells == in_order[0]
    assert cases == in_order[1]


def test_figures_do_not_move_when_nothing_but_a_repeat_arrives(new_home, files, tmp_path):
    home = new_home()
    home.deliver(file for file in files if day_of(file) < "2014")
    home.refresh()
    folder = tmp_path / "cases"
    folder.mkdir()
    old = next(file for file in files if file.parent.name == "cases")
    again = folder / old.name.replace(".csv", "_again.csv")
    again.write_bytes(old.read_bytes())
    home.deliver([again])
    assert home.refresh(night=1) is None
