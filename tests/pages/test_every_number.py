"""Every number of every page is the figure of its address: that of the reader, and for some of the command line itself."""

from __future__ import annotations

import random
from collections.abc import Iterator
from urllib.parse import unquote, urlencode

import pytest

from tests.pages.conftest import Page, Site
from warehouse.catalogue.metric import RATES
from warehouse.reading.figures import Reader
from warehouse.reading.trend import PEOPLE

PAGES = ("", "caseload", "timeliness", "enforcement", "registration", "benches", "bulletin", "about", "definitions/filed",
         "definitions/same_day_registration_rate")  # fmt: skip
"""Of `reconciliation` nothing is compared here: the docket is of another size than the published totals."""
FILTERED = ("", "caseload", "timeliness", "enforcement", "registration", "benches", "bulletin")
"""Pages that take a period."""
PERIODS = ("2016-10", "2016-09", "2015-02", "2015", "2012", "2016-Q2", "2014-H1", "2012-01..2016-10")
COMBINATIONS = 300


def hold(site: Site, page: Page) -> int:
    """Each number that leads to an explanation is that figure's value; how many there are."""
    for refresh in {figure.partition("@")[2] for figure, _ in page.numbers}:
        with site.court.reader(refresh) as reader:
            for figure_id, shown in page.numbers:
                if figure_id.endswith(f"@{refresh}"):
                    (figure,) = reader.answer(reader.parse(figure_id))
                    assert (figure.figure_id, str(figure.as_json()["value"])) == (figure_id, shown)
    return len(page.numbers)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("path", PAGES)
def test_the_numbers_of_a_page_are_those_of_their_explanations(pages, lang, path):
    assert hold(pages, pages.page(f"/{lang}/{path}")) > 3


def asked_of_figures(reader: Reader, chance: random.Random) -> Iterator[tuple[str, str, dict[str, str], dict[str, object]]]:
    """Questions to the page of a figure: metric, address, and the same as the reader is asked."""
    metrics = [one for one in reader.snapshot.metrics.values() if reader.snapshot.applies(one)]
    while True:
        metric = chance.choice(metrics)
        name = chance.choice([metric.id, *(f"{metric.id}.{variant}" for variant in metric.variants)])
        free = [one for one in metric.dimensions if metric.kind not in RATES or one not in PEOPLE]
        kind = chance.choice(["month", "quarter", "half", "year", "range"])
        by = chance.choice(["", *free])
        given: dict[str, str] = {"kind": kind, "by": by, "calendar": chance.choice(["", *reader.calendars])}
        if chance.random() < 0.5:
            given |= {"from": chance.choice(["2014", "2015"]), "to": chance.choice(["2015", "2016-10", "2016"])}
        where = {}
        if free and chance.random() < 0.5:
            dimension = chance.choice(free)
            values = [one.dims[dimension] for one in reader.ask(name, by=(dimension,)) if one.dims]
            where = {dimension: chance.choice(values)} if values else {}
        as_of = chance.choice(["", "r000001", "r000002"])
        address = urlencode({key: value for key, value in {**given, **where, "as_of": as_of}.items() if value})
        yield name, address, where, {**given, "as_of": as_of}


def test_three_hundred_filtered_views_show_the_figures_of_their_address(pages):
    chance, numbers, empty = random.Random(683), 0, 0
    with pages.court.reader() as reader:
        questions = asked_of_figures(reader, chance)
        chosen = [next(questions) for _ in range(COMBINATIONS)]
    for name, address, where, given in chosen:
        page = pages.page(f"/{chance.choice(['en', 'zh'])}/figures/{name}?{address}")
        with pages.court.reader(str(given["as_of"]) or None) as reader:
            wanted = reader.ask(name, first=given.get("from"), last=given.get("to"), kind=given["kind"], where=where,
                                calendar=given["calendar"] or None, by=(given["by"],) if given["by"] else ())  # fmt: skip
        shown = [
            (one.figure_id, str(one.as_json()["value"]))
            for one in wanted
            if one.status == "published" and one.value is not None
        ]
        few = {
            one.figure_id for one in wanted if one.metric.kind in RATES and one.denominator is not None and one.denominator < 20
        }
        assert [one for one in page.numbers if one[0] not in few] == [one for one in shown if one[0] not in few], (
            name,
            address,
        )
        numbers, empty = numbers + len(page.numbers), empty + (not page.numbers)
    assert numbers > 5000 and empty < COMBINATIONS / 5


@pytest.mark.parametrize("path", FILTERED)
def test_the_pages_of_a_period_show_the_figures_of_that_period(pages, path):
    for period in PERIODS:
        page = pages.page(f"/en/{path}?period={period}")
        assert hold(pages, page) > 3
        assert sum(f"/{period}" in figure or f":{period}" in figure for figure, _ in page.numbers) > 2, (path, period)


FILTERS = ({"family": "civil"}, {"case_type": "民初"}, {"procedure": "ordinary"}, {"bench": "M1"}, {"family": "enforcement"},
           {"calendar": "stat20_month"}, {"calendar": "stat20_month", "family": "criminal", "as_of": "r000001"})  # fmt: skip


@pytest.mark.parametrize("path", FILTERED)
def test_what_a_page_is_filtered_by_is_in_each_of_its_figures_and_in_its_form(pages, path):
    for given in FILTERS:
        # registration is counted of applications, which have no family; the bulletin knows no bench
        where = {
            key: value
            for key, value in given.items()
            if key not in ("calendar", "as_of") and (path, key) != ("bulletin", "bench")
        }
        page = pages.page(f"/en/{path}?period=2016-09&{urlencode(given)}")
        found = hold(pages, page)
        assert found > 3 or (path == "registration" and where), (path, given)
        for figure, _ in page.numbers:
            metric, period, *dims = figure.partition("@")[0].split("/")
            held = dict(unquote(pair).split("=") for part in dims for pair in part.split(","))
            assert held.items() >= where.items(), (path, figure)
            assert period.startswith("stat20_month:") == ("calendar" in given), (path, figure)
            if "bench" in where:
                assert not metric.endswith(("rate", "rate_cn", "share", "cepej", "ncsc")), "a rate of one bench would rank it"
        chosen = {attrs["value"] for tag, attrs in page.tags if tag == "option" and "selected" in attrs}
        offered = {
            key: value for key, value in given.items() if (path, key) not in (("bulletin", "bench"), ("benches", "bench"))
        }
        assert found == 0 or {*offered.values()} <= chosen, path
    pages.page(f"/en/{path}?calendar=moon", 404)


def test_twenty_of_these_views_are_those_of_the_command_line(pages, asked):
    chance = random.Random(53)
    with pages.court.reader() as reader:
        questions = asked_of_figures(reader, chance)
        chosen = [next(questions) for _ in range(20)]
    for name, address, where, given in chosen:
        words = ["--period", given["kind"], *(("--by", given["by"]) if given["by"] else ())]
        words += [word for key in ("from", "to", "calendar") if given.get(key) for word in (f"--{key}", given[key])]
        words += [word for pair in where.items() for word in ("--where", "=".join(pair))]
        words += ["--as-of", given["as_of"]] if given["as_of"] else []
        told = asked("figures", name, "--format", "json", *words)
        answer = pages.client.get(f"/en/figures/{name}.csv?{address}")
        assert answer.status_code == 200 and len(answer.text.splitlines()) == len(told) + 1
        shown = dict(pages.page(f"/en/figures/{name}?{address}").numbers)
        assert shown == {one["figure_id"]: str(one["value"]) for one in told if one["figure_id"] in shown}
