"""Case numbers (案号): the form of 法〔2015〕137号, the form before it, and what is neither (dictionary, section 5)."""

import polars as pl
import pytest

from warehouse.intake.case_number import take_apart
from warehouse.intake.stage import numbering_of


@pytest.fixture(scope="module")
def parts(catalogue):
    """The parts of one number as Shengzhou reads it."""
    numbering = numbering_of(catalogue.profile)
    return lambda number: take_apart(pl.Series([number], dtype=pl.String), numbering).row(0, named=True)


# as written | court | year | form | characters | special | serial | type code
NUMBERS = """
    （2016）浙0683民初1234号        | 浙0683 | 2016 | new | 民初     |    | 1234     | 民初
    （2019）浙0683刑初524号         | 浙0683 | 2019 | new | 刑初     |    | 524      | 刑初
    （2021）浙0683民初2001号        | 浙0683 | 2021 | new | 民初     |    | 2001     | 民初
    (2016)浙0683执恢7号             | 浙0683 | 2016 | new | 执恢     |    | 7        | 执恢
    [2017]浙0683执3号               | 浙0683 | 2017 | new | 执       |    | 3        | 执
    〔2018〕浙06行终12号            | 浙06   | 2018 | new | 行终     |    | 12       | 行终
    （2016）最高法民申1号           | 最高法 | 2016 | new | 民申     |    | 1        | 民申
    （2017）浙民终456号             | 浙     | 2017 | new | 民终     |    | 456      | 民终
    （2019）浙0683知民初7号         | 浙0683 | 2019 | new | 民初     | 知 | 7        | 民初
    （2016）浙0683民初88号之一      | 浙0683 | 2016 | new | 民初     |    | 88       | 民初
    （2016）浙0683执123号之十二     | 浙0683 | 2016 | new | 执       |    | 123      | 执
    （2017）浙0683民诉前调55号      | 浙0683 | 2017 | new | 民诉前调 |    | 55       | 诉前调
    （2018）浙0683诉前调确9号       | 浙0683 | 2018 | new | 诉前调确 |    | 9        | 诉前调确
    （２０１６）浙０６８３民初１２号 | 浙0683 | 2016 | new | 民初     |    | 12       | 民初
    （2016） 浙0683 民初 1234 号    | 浙0683 | 2016 | new | 民初     |    | 1234     | 民初
    （2016）浙0683刑核12345678号    | 浙0683 | 2016 | new | 刑核     |    | 12345678 | 刑核
    （2016）浙0683破申2号           | 浙0683 | 2016 | new | 破申     |    | 2        | 破申
    （2016）浙0683民辖终2号         | 浙0683 | 2016 | new | 民辖终   |    | 2        | 民辖终
    （2014）绍嵊民初字第123号       | 浙0683 | 2014 | old | 民初     |    | 123      | 民初
    （2013）绍嵊商初字第383号       | 浙0683 | 2013 | old | 商初     |    | 383      | 民初
    （2013）杭下商初字第383号       | 杭下   | 2013 | old | 商初     |    | 383      | 民初
    （2012）绍嵊执民字第45号        | 浙0683 | 2012 | old | 执民     |    | 45       | 执
    （2015）绍嵊刑自字第2号         | 浙0683 | 2015 | old | 刑自     |    | 2        | 刑初
    （2014）绍嵊非诉行审字第8号     | 浙0683 | 2014 | old | 非诉行审 |    | 8        | 行审
    （2011）绍嵊执恢字第9-1号       | 浙0683 | 2011 | old | 执恢     |    | 9        | 执恢
    〔2009〕绍嵊民初字第６号        | 浙0683 | 2009 | old | 民初     |    | 6        | 民初
    （2015）浙民终字第12号          | 浙     | 2015 | old | 民终     |    | 12       | 民终
    （2014）绍嵊民督字6号           | 浙0683 | 2014 | old | 民督     |    | 6        | 民督
    （2014）绍嵊商仲字第6号         | 浙0683 | 2014 | old | 商仲     |    | 6        |
    （2016）浙0683民杂1号           | 浙0683 | 2016 | new | 民杂     |    | 1        |
"""


@pytest.mark.parametrize("line", [line.strip() for line in NUMBERS.splitlines() if line.strip()])
def test_a_number_is_taken_apart(parts, line):
    written, court, year, form, characters, special, serial, type_code = (cell.strip() for cell in line.split("|"))
    assert parts(written) == {
        "case_key": f"{court}-{year}-{special}{characters}-{serial}",
        "case_number": f"（{year}）{court}{special}{characters}{serial}号" if form == "new"
        else f"（{year}）{'绍嵊' if court == '浙0683' else court}{characters}字第{serial}号",
        "court_code": court, "number_year": int(year), "number_form": form, "type_characters": characters,
        "special_code": special or None, "serial": int(serial), "type_code": type_code or None,
    }  # fmt: skip


@pytest.mark.parametrize("written", [
    "2016浙0683民初1234号", "（16）浙0683民初1234号", "（2016）0683民初1234号", "（2016）浙0683民初1234",
    "（2016）浙0683民初号", "（2016）浙0683民初123456789号", "（2016）浙06831民初1号", "（2116）浙0683民初1号",
    "（2014）绍嵊民初第123号", "（2014）绍嵊字第123号", "合计", "", "（2016）浙0683民初1234号 张三", None,
])  # fmt: skip
def test_what_fits_neither_form_has_no_parts_and_no_key(parts, written):
    assert set(parts(written).values()) == {None}


def test_characters_as_written_are_series_of_their_own_though_their_type_is_one(parts):
    civil, commercial = parts("（2014）绍嵊民初字第1号"), parts("（2014）绍嵊商初字第1号")
    assert civil["type_code"] == commercial["type_code"] == "民初"
    assert civil["case_key"] != commercial["case_key"]


def test_one_number_written_in_different_ways_is_one_case(parts):
    ways = ["（2016）浙0683民初12号", "(2016)浙0683民初12号", "〔2016〕浙0683民初12号", "［2016］浙0683民初１２号",
            "（2016）浙0683民初0012号", "（2016）浙0683民初12号之一", "（2016）\u3000浙0683民初12号"]  # fmt: skip
    assert {parts(way)["case_key"] for way in ways} == {"浙0683-2016-民初-12"}
    assert {parts(way)["case_number"] for way in ways} == {"（2016）浙0683民初12号"}


def test_the_specialised_trial_code_makes_another_series(parts):
    assert parts("（2019）浙0683知民初7号")["case_key"] != parts("（2019）浙0683民初7号")["case_key"]


def test_odd_and_plain_numbers_of_one_file_keep_their_places(catalogue):
    numbers = pl.Series(["（2016）浙0683民初1号", "（２０１６）浙0683民初２号", None, "x", "（2014）绍嵊民初字第5号"])
    keys = take_apart(numbers, numbering_of(catalogue.profile))["case_key"].to_list()
    assert keys == ["浙0683-2016-民初-1", "浙0683-2016-民初-2", None, None, "浙0683-2014-民初-5"]
