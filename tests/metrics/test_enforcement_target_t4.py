"""enforcement_target_t4 (近三年执行案件整体执结率 ≥ 80 %): closed, 终本 in, of filed, three years together (section 6)."""

from warehouse.reading.figures import Reader

# The drawings keep their form.
# fmt: off


def test_three_years_together_say_whether_the_target_is_met_but_not_whether_that_is_shown(given, bench):
    # filed in 2014-2016: a-e; closed in them: a, b and z, which was filed before: 3 / 5, one short of 80 %
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner
        a        | 执        | 2014-01-01    | 2014-03-01 | zhongben
        b        | 执        | 2015-01-04    | 2016-12-31 | fully_enforced
        c        | 执恢      | 2015-01-04    |            |
        d        | 执        | 2016-12-31    |            |
        e        | 执        | 2016-01-04    |            |
        z        | 执        | 2013-12-31    | 2014-01-01 | zhongben
        y        | 执保      | 2014-01-04    | 2014-01-09 | preserved
    """)
    bench.reckon("2016-12-31", "2012-01-01")
    reader = Reader(bench.count(["enforcement_target_t4"]), bench.catalogue.profile.settings.calendars)
    figure = reader.ask("enforcement_target_t4", first="2014", last="2016")[0].as_json()
    assert (figure["numerator"], figure["denominator"], figure["value"]) == (3, 5, 0.6)
    assert (figure["target"], figure["target_met"], figure["short_by"]) == (0.8, False, 1)
    assert (figure["target_shown"], figure["lower"], figure["upper"]) == (None, None, None)


def test_more_closed_than_filed_meets_it(given, bench):
    given("model.cases", """
        case_key | type_code | registered_on | closed_on  | closing_manner
        a        | 执        | 2014-01-01    | 2016-03-01 | zhongben
        b        | 执        | 2015-01-04    | 2016-12-31 | fully_enforced
        c        | 执        | 2016-01-04    |            |
    """)
    bench.reckon("2016-12-31", "2012-01-01")
    reader = Reader(bench.count(["enforcement_target_t4"]), bench.catalogue.profile.settings.calendars)
    figure = reader.ask("enforcement_target_t4", first="2016", last="2016")[0].as_json()
    assert (figure["value"], figure["target_met"], figure["short_by"]) == (2.0, True, 0)
