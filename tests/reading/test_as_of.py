"""As of an earlier refresh: exactly what was published then, whatever came, was corrected or was redefined since."""

import shutil

import pytest

from warehouse.catalogue.bundle import read_catalogue
from warehouse.reading.snapshot import NothingPublished, Unknown, snapshot

ASKED = [
    ("filed", "month", ("family", "bench")), ("closed", "month", ("family", "closing_manner")),
    ("pending_start", "quarter", ("family",)), ("pending_end", "month", ("judge",)), ("closing_rate_cn", "year", ("family",)),
    ("disposal_filing_ratio_cn", "half", ()), ("same_day_registration_rate", "month", ("channel", "population")),
    ("same_day_registration_rate.any_date", "month", ()), ("enforcement_backlog.pool", "month", ("case_type",)),
    ("zhongben_pool", "range", ()),
]  # fmt: skip


def published(reader):
    """Every figure asked, as JSON, in both calendars."""
    return [
        figure.as_json()
        for calendar in ("cal_month", "stat20_month")
        for name, kind, by in ASKED
        for figure in reader.ask(name, kind=kind, by=by, calendar=calendar)
    ]


@pytest.fixture(scope="module")
def nights(new_home, sample):
    """Half of a docket's deliveries on the night of 1 November, the others four nights later; what the first one showed."""
    home, files = new_home(), sample(500)
    # Two of the earliest year and some of the last are late, so the second night changes the past.
    early = [file for n, file in enumerate(files) if n % 2]
    home.deliver(early)
    assert home.refresh() == "r000001"
    with home.reader() as reader:
        then = published(reader)
    home.deliver(files)
    assert home.refresh(night=4) == "r000002"
    return home, then


def test_the_second_refresh_changed_the_past(nights):
    home, then = nights
    with home.reader() as reader:
        now = published(reader)
    assert {figure["refresh_id"] for figure in now} == {"r000002"}
    bare = [{k: v for k, v in f.items() if k not in ("figure_id", "refresh_id", "head")} for f in then]
    assert [f for f in bare if f["value"]] and any(
        {k: v for k, v in f.items() if k not in ("figure_id", "refresh_id", "head")} not in bare for f in now
    )


@pytest.mark.parametrize("as_of", ["r000001", "2016-11-01", "2016-11-04"])
def test_an_earlier_refresh_is_shown_exactly_as_it_was_published(nights, as_of):
    home, then = nights
    with home.reader(as_of) as reader:
        assert published(reader) == then


@pytest.mark.parametrize("as_of", [None, "r000002", "2016-11-05", "2020-01-01"])
def test_a_day_names_the_refresh_that_was_the_latest_on_it(nights, as_of):
    with nights[0].reader(as_of) as reader:
        assert reader.snapshot.refresh.id == "r000002"


def test_an_id_of_then_is_answered_the_same_then_and_now(nights):
    home, then = nights
    with home.reader("r000001") as reader:
        for figure in then[:: len(then) // 40]:
            (again,) = reader.answer(reader.parse(figure["figure_id"]))
            assert again.as_json() == figure


@pytest.mark.parametrize(("as_of", "said"), [
    ("r000003", "there is no publication [r000003]. Nearest: r00000"), ("r3", "[r3] is neither a refresh (r000012) nor a day"),
    ("2016-10-31", "nothing was published by [2016-10-31]. The first publication is of 2016-11-01"), ("", "is neither"),
])  # fmt: skip
def test_a_refresh_that_never_was_is_refused_with_the_nearest(nights, as_of, said):
    with pytest.raises(Unknown) as caught, nights[0].reader(as_of):
        pass
    assert said in str(caught.value)


def test_without_a_publication_there_is_nothing_to_read(new_home):
    with pytest.raises(NothingPublished, match="Put files into the inbox"), snapshot(new_home().place.warehouse):
        pass


# --- definitions that change


@pytest.fixture
def redefined(nights, tmp_path, catalogue, new_home):
    """`redefined(edit)`: the home of two nights, refreshed once more by a profile that `edit` changed; its reader's home."""

    def refresh(edit):
        home, folder = new_home(), tmp_path / "profile"
        shutil.rmtree(home.place.root)
        shutil.copytree(nights[0].place.root, home.place.root)
        shutil.copytree(catalogue.profile.folder, folder)
        edit(folder)
        assert home.refresh(night=6, catalogue=read_catalogue(folder)) == "r000003"
        return home

    return refresh


def change(file, old, new):
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_another_code_list_changes_the_figures_of_now_and_none_of_then(redefined, nights):
    home = redefined(lambda folder: change(folder / "codes/case_types.csv", ",criminal,", ",relief,"))
    with home.reader() as reader:
        assert [f.value for f in reader.ask("filed", where={"family": "criminal"})] == [0]
    with home.reader("r000001") as reader:
        assert published(reader) == nights[1]


def test_data_that_begin_later_change_the_figures_of_now_and_none_of_then(redefined, nights):
    home = redefined(lambda folder: change(folder / "profile.yml", "data_from: 2012-01-01", "data_from: 2014-01-01"))
    with home.reader() as reader:
        assert [f.status for f in reader.ask("filed", first="2013", last="2014", kind="year")] == ["undefined", "published"]
    with home.reader("r000001") as reader:
        assert published(reader) == nights[1]


def test_a_metric_that_no_longer_applies_applied_then(redefined, nights):
    home = redefined(lambda folder: change(folder / "profile.yml", "case_source:", "not_applicable: [filed]\ncase_source:"))
    with home.reader() as reader:
        assert [f.status for f in reader.ask("filed")] == ["not_applicable"]
    with home.reader("r000001") as reader:
        assert published(reader) == nights[1]
